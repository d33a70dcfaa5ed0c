// SPDX-License-Identifier: GPL-2.0
/*
 * What happens at insmod, at rmmod, and to a network namespace.
 *
 * hip_net is a pernet subsystem and not a pernet device.  Subsystems are set up
 * before the devices of a namespace and torn down after all of them, so the
 * data path finds a whole hip_net whenever there is a device that a packet can
 * come from or go to, hip0 included, and no packet arrives while hip_net is
 * dismantled.  A pernet device, registered later than the core's
 * default_device_ops, would be torn down while the other devices still receive.
 * hip0 itself is deleted by the core (rtnl_link_ops), with all other devices of
 * dying namespaces at once.  What must stop earlier stops in .pre_exit, which
 * is followed by a grace period: no new associations, and no upcall that a
 * worker, and with it the whole clean-up, would wait for.
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/workqueue.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>

#include "assoc.h"
#include "crypto.h"
#include "ctrl.h"
#include "device.h"
#include "esp.h"
#include "esp_crypto.h"
#include "identity.h"
#include "load.h"
#include "net.h"
#include "netlink.h"
#include "peer.h"
#include "r1.h"
#include "sa.h"
#include "stats.h"
#include "upcall.h"

unsigned int hip_net_id __read_mostly;

/* R1s, and with them the secrets behind their puzzles, are new each r1_lifetime
 * (RFC 7401, section 4.1.2).
 */
static void hip_net_r1_work(struct work_struct *work)
{
	struct hip_net *hn = container_of(to_delayed_work(work), struct hip_net,
					  r1_work);

	hip_r1_rotate(hn);
	hip_net_rearm(hn);
}

/**
 * hip_net_rearm() - r1_lifetime has changed
 * @hn: namespace
 *
 * Process context.  The next rotation comes after the new time.
 */
void hip_net_rearm(struct hip_net *hn)
{
	mod_delayed_work(hn->wq, &hn->r1_work,
			 msecs_to_jiffies(READ_ONCE(hn->config.r1_lifetime)));
}

static void hip_net_init_plain(struct hip_net *hn, struct net *net)
{
	hn->net = net;
	mutex_init(&hn->lock);
	/* 0 means "not known" to dumps */
	atomic_set(&hn->gen, 1);
	hip_config_defaults(hn);
	hip_load_net_init(hn);
	INIT_DELAYED_WORK(&hn->r1_work, hip_net_r1_work);
}

static int __net_init hip_net_init(struct net *net)
{
	struct hip_net *hn = hip_pernet(net);
	int err;

	hip_net_init_plain(hn, net);

	err = hip_stats_net_init(hn);
	if (err)
		return err;
	err = hip_ctrl_net_init(hn);
	if (err)
		goto err_stats;
	err = hip_upcall_net_init(hn);
	if (err)
		goto err_ctrl;
	/* Workers sleep while hipd works: more of them than strangers' I2s */
	hn->wq = alloc_workqueue("hip-%u", WQ_UNBOUND, WQ_MAX_ACTIVE,
				 net->ns.inum);
	if (!hn->wq) {
		err = -ENOMEM;
		goto err_upcall;
	}
	err = hip_peer_net_init(hn);
	if (err)
		goto err_wq;
	err = hip_sa_net_init(hn);
	if (err)
		goto err_peer;
	err = hip_identity_net_init(hn);
	if (err)
		goto err_sa;
	err = hip_assoc_net_init(hn);
	if (err)
		goto err_identity;

	hip_net_rearm(hn);
	return 0;

err_identity:
	hip_identity_net_exit(hn);
err_sa:
	hip_sa_net_exit(hn);
err_peer:
	hip_peer_net_exit(hn);
err_wq:
	destroy_workqueue(hn->wq);
err_upcall:
	hip_upcall_net_exit(hn);
err_ctrl:
	hip_ctrl_net_exit(hn);
err_stats:
	hip_stats_net_exit(hn);
	return err;
}

static void __net_exit hip_net_pre_exit(struct net *net)
{
	struct hip_net *hn = hip_pernet(net);

	WRITE_ONCE(hn->dying, true);
	hip_upcall_net_stop(hn);
}

static void __net_exit hip_net_exit(struct net *net)
{
	struct hip_net *hn = hip_pernet(net);

	cancel_delayed_work_sync(&hn->r1_work);
	hip_load_net_exit(hn);
	hip_assoc_net_exit(hn);
	hip_identity_net_exit(hn);
	hip_sa_net_exit(hn);
	hip_peer_net_exit(hn);
	destroy_workqueue(hn->wq);
	hip_upcall_net_exit(hn);
	hip_ctrl_net_exit(hn);
	hip_stats_net_exit(hn);
}

static struct pernet_operations hip_net_ops = {
	.init		= hip_net_init,
	.pre_exit	= hip_net_pre_exit,
	.exit		= hip_net_exit,
	.id		= &hip_net_id,
	.size		= sizeof(struct hip_net),
};

/* Each step may rely on those before it.  Packets come in when the namespaces
 * are there; users come last, so that nothing is asked of us before all works.
 */
static int __init hip_init(void)
{
	int err;

	err = hip_crypto_init();
	if (err)
		return err;
	err = hip_assoc_init();
	if (err)
		goto err_crypto;
	err = hip_sa_init();
	if (err)
		goto err_assoc;
	err = register_pernet_subsys(&hip_net_ops);
	if (err)
		goto err_sa;
	err = hip_upcall_init();
	if (err)
		goto err_pernet;
	err = hip_esp_init();
	if (err)
		goto err_upcall;
	err = hip_ctrl_init();
	if (err)
		goto err_esp;
	err = hip_device_init();
	if (err)
		goto err_ctrl;
	err = hip_netlink_init();
	if (err)
		goto err_device;
	return 0;

err_device:
	hip_device_exit();
err_ctrl:
	hip_ctrl_exit();
err_esp:
	hip_esp_exit();
err_upcall:
	hip_upcall_exit();
err_pernet:
	unregister_pernet_subsys(&hip_net_ops);
err_sa:
	hip_sa_exit();
err_assoc:
	rcu_barrier();
	hip_assoc_exit();
err_crypto:
	hip_esp_crypto_exit();
	hip_crypto_exit();
	return err;
}

/* The reverse: first nobody can ask for anything, then no packet comes out of
 * hip0 (which is deleted everywhere) or in from the network, then the
 * namespaces end their associations, and at last the callbacks that RCU still
 * has of us run.
 */
static void __exit hip_exit(void)
{
	hip_netlink_exit();
	hip_device_exit();
	hip_ctrl_exit();
	hip_esp_exit();
	hip_upcall_exit();
	unregister_pernet_subsys(&hip_net_ops);
	hip_sa_exit();
	/* freeing an R1, an identity or an association is a function of this
	 * module
	 */
	rcu_barrier();
	hip_assoc_exit();
	hip_esp_crypto_exit();
	hip_crypto_exit();
}

module_init(hip_init);
module_exit(hip_exit);

MODULE_DESCRIPTION("Host Identity Protocol v2 (HIPv2) with ESP BEET");
MODULE_AUTHOR("The hip project");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1.0");
MODULE_ALIAS_GENL_FAMILY("hip");
MODULE_SOFTDEP("pre: aes gcm ctr ghash cbc hmac sha1 sha256 sha512 authenc authencesn");
