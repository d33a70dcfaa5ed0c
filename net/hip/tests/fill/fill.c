// SPDX-License-Identifier: GPL-2.0
/*
 * Many associations without as many exchanges, for tools/bench/scale.
 *
 * Part of a hip.ko that is built with HIP_FILL=y, and of no other.  Who writes a
 * number to /sys/module/hip/parameters/fill gets so many more associations in the
 * network namespace of the writer.  Each is what an exchange has left of one there
 * that is ESTABLISHED: as much memory, SAs, timer, state and role.  Only the HITs
 * of the peers and the SPIs are new, and there is nobody who answers to them.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/moduleparam.h>
#include <linux/nsproxy.h>
#include <linux/random.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "assoc.h"
#include "bex.h"
#include "ctrl.h"
#include "net.h"
#include "rekey.h"
#include "sa.h"

/* An association that an exchange has made, with a reference, or NULL */
static struct hip_assoc *hip_fill_model(struct hip_net *hn)
{
	struct hip_assoc_iter it;
	struct hip_assoc *assoc;

	hip_assoc_iter_init(hn, &it);
	while ((assoc = hip_assoc_iter_next(&it))) {
		if (READ_ONCE(assoc->state) == HIP_STATE_ESTABLISHED)
			break;
		hip_assoc_put(assoc);
	}
	hip_assoc_iter_exit(&it);
	return assoc;
}

/* What its exchange has agreed upon; of what is kept for a rekey, the length */
static struct hip_bex *hip_fill_bex(struct hip_assoc *model)
{
	struct hip_bex *bex = hip_bex_alloc(model, model->rhash_suite);

	if (!bex)
		return NULL;

	bex->offer.esn = model->esn;
	bex->dh_group = model->dh_group;
	bex->hip_cipher = model->hip_cipher;
	bex->esp_suite = model->esp_suite;
	bex->host_id.tlv = model->peer_host_id;
	bex->host_id.tlv_len = model->peer_host_id_len;
	bex->host_id.hi = model->peer_hi;
	bex->host_id.hi_len = model->peer_hi_len;
	bex->host_id.algorithm = model->peer_hi_alg;
	bex->dh.private_len = model->dh_state->private_len;
	bex->own_dh = &bex->dh;
	bex->peer_dh.pub = bex->pkt;
	bex->peer_dh.pub_len = model->dh_state->peer_len;
	bex->keymat = model->keymat;
	bex->keys = model->keys;
	return bex;
}

/* All peers are at one address, where a real one would not take an SPI twice */
static void hip_fill_other_spi(struct hip_assoc *assoc)
{
	spin_lock_bh(&assoc->lock);
	assoc->spi_out = hip_spi_alloc(assoc->hn);
	spin_unlock_bh(&assoc->lock);
}

/* The mutexes of both are held */
static int hip_fill_establish(struct hip_assoc *assoc,
			      const struct hip_assoc *model,
			      struct hip_bex *bex)
{
	int err;

	bex->spi_in = hip_spi_alloc(assoc->hn);
	bex->spi_out = hip_spi_alloc(assoc->hn);
	err = hip_bex_commit(assoc, bex, model->initiator);
	if (err)
		return err;
	if (model->r2) {
		assoc->r2 = kmemdup(model->r2, model->r2_len, GFP_KERNEL);
		if (!assoc->r2)
			return -ENOMEM;
		assoc->r2_len = model->r2_len;
	}
	hip_assoc_set_locators(assoc, &model->local_locator,
			       &model->peer_locator);
	err = hip_assoc_install_in(assoc);
	if (err)
		return err;
	while ((err = hip_assoc_install_out(assoc)) == -EEXIST)
		hip_fill_other_spi(assoc);
	if (!err)
		hip_bex_established(assoc);
	return err;
}

static int hip_fill_one(struct hip_assoc *model, struct hip_bex *bex)
{
	struct in6_addr peer = model->key.peer;
	struct hip_assoc *assoc;
	int err;

	/* The rest is the prefix and the suite */
	get_random_bytes(&peer.s6_addr[4], sizeof(peer) - 4);
	assoc = hip_assoc_find_or_create(model->hn, &model->key.local, &peer,
					 GFP_KERNEL);
	if (IS_ERR(assoc))
		return PTR_ERR(assoc);

	mutex_lock_nested(&assoc->mutex, SINGLE_DEPTH_NESTING);
	err = hip_fill_establish(assoc, model, bex);
	if (err)
		hip_assoc_kill(assoc, HIP_REASON_ADMIN);
	mutex_unlock(&assoc->mutex);
	hip_assoc_put(assoc);
	return err;
}

static int hip_fill(struct hip_assoc *model, unsigned int n)
{
	struct hip_bex *bex;
	int err = 0;

	lockdep_assert_held(&model->mutex);

	bex = hip_fill_bex(model);
	if (!bex)
		return -ENOMEM;
	for (; n && !err; n--) {
		err = hip_fill_one(model, bex);
		if (fatal_signal_pending(current))
			err = -EINTR;
		cond_resched();
	}
	hip_bex_free(bex);
	return err;
}

static int hip_fill_set(const char *val, const struct kernel_param *kp)
{
	struct hip_net *hn = hip_pernet(current->nsproxy->net_ns);
	struct hip_assoc *model;
	unsigned int n;
	int err;

	err = kstrtouint(val, 0, &n);
	if (err)
		return err;
	model = hip_fill_model(hn);
	if (!model)
		return -ENOTCONN;

	mutex_lock(&model->mutex);
	err = hip_fill(model, n);
	mutex_unlock(&model->mutex);
	hip_assoc_put(model);
	return err;
}

static const struct kernel_param_ops hip_fill_ops = {
	.set = hip_fill_set,
};

module_param_cb(fill, &hip_fill_ops, NULL, 0200);
