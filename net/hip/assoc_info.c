// SPDX-License-Identifier: GPL-2.0
/*
 * What does user space see of associations, and what may it ask of them? None of
 * this waits for an exchange that is under way.
 */
#include <linux/jiffies.h>
#include <linux/rhashtable.h>
#include <linux/skbuff.h>

#include "assoc.h"
#include "net.h"
#include "netlink.h"
#include "sa.h"

/**
 * hip_assoc_close() - the administrator wants an association to end
 * @assoc: association; the caller has a reference
 * @force: remove it without a word to the peer
 *
 * Process context; does not wait.  An exchange that is under way is given up.
 *
 * Return: 0, or -EALREADY if it is closing or closed and @force is not set.
 */
int hip_assoc_close(struct hip_assoc *assoc, bool force)
{
	u8 state = READ_ONCE(assoc->state);
	int err = 0;

	if (force) {
		hip_assoc_kill(assoc, HIP_REASON_ADMIN);
		return 0;
	}
	if (state == HIP_STATE_CLOSING || state == HIP_STATE_CLOSED)
		err = -EALREADY;

	/* Also then: an exchange may have begun in CLOSED */
	rcu_read_lock();
	hip_assoc_want(assoc, HIP_ASSOC_WANT_CLOSE);
	rcu_read_unlock();

	return err;
}

/**
 * hip_assoc_rekey() - the administrator wants new SAs
 * @assoc: association; the caller has a reference
 * @dh: with a new Diffie-Hellman key
 *
 * Process context; does not wait.
 *
 * Return: 0, or -ENOTCONN if it is not in ESTABLISHED.
 */
int hip_assoc_rekey(struct hip_assoc *assoc, bool dh)
{
	if (READ_ONCE(assoc->state) != HIP_STATE_ESTABLISHED)
		return -ENOTCONN;

	rcu_read_lock();
	hip_assoc_want(assoc, dh ? HIP_ASSOC_WANT_REKEY_DH :
				   HIP_ASSOC_WANT_REKEY);
	rcu_read_unlock();
	return 0;
}

/**
 * hip_assoc_get_info() - what there is to show of an association
 * @assoc: association; the caller has a reference
 * @info: filled in
 *
 * Process context; does not wait for an exchange that is under way.
 */
void hip_assoc_get_info(struct hip_assoc *assoc, struct hip_assoc_info *info)
{
	unsigned long rx, tx, now;
	struct hip_sa *sa;
	u64 since;

	memset(info, 0, sizeof(*info));
	info->local = assoc->key.local;
	info->peer = assoc->key.peer;

	spin_lock_bh(&assoc->lock);
	info->local_locator = assoc->local_locator;
	info->peer_locator = assoc->peer_locator;
	info->state = assoc->state;
	info->reason = assoc->reason;
	info->initiator = assoc->initiator;
	info->negotiated = assoc->have_keys;
	info->esn = assoc->esn;
	info->peer_anonymous = assoc->peer_anonymous;
	info->rhash_suite = assoc->rhash_suite;
	info->dh_group = assoc->dh_group;
	info->hip_cipher = assoc->hip_cipher;
	info->esp_suite = assoc->esp_suite;
	since = assoc->established ?: assoc->created;
	spin_unlock_bh(&assoc->lock);

	rcu_read_lock();
	sa = rcu_dereference(assoc->sa_in);
	if (sa) {
		info->have_in = true;
		hip_sa_get_info(sa, &info->in);
	}
	sa = rcu_dereference(assoc->sa_out);
	if (sa) {
		info->have_out = true;
		hip_sa_get_info(sa, &info->out);
	}
	rcu_read_unlock();

	rx = READ_ONCE(assoc->last_rx);
	tx = READ_ONCE(assoc->last_tx);
	now = jiffies;
	info->idle_ms = jiffies_to_msecs(min(now - rx, now - tx));
	info->age_ms = jiffies64_to_msecs(get_jiffies_64() - since);
	info->queued = skb_queue_len_lockless(&assoc->queue);
}

/**
 * hip_assoc_get_keys() - the keys of an association, for a packet analyser
 * @assoc: association; the caller has a reference
 * @keys: filled in; hip_keys_wipe(&@keys->keys) after use
 *
 * Process context; does not wait.  The caller has checked that whoever asks may
 * know (CAP_NET_ADMIN).
 *
 * Return: 0, or -ENOENT if there are no keys (yet, or any more).
 */
int hip_assoc_get_keys(struct hip_assoc *assoc, struct hip_assoc_keys *keys)
{
	int err = -ENOENT;

	memset(keys, 0, sizeof(*keys));

	spin_lock_bh(&assoc->lock);
	if (assoc->have_keys) {
		keys->esp_suite = assoc->esp_suite;
		keys->hip_cipher = assoc->hip_cipher;
		keys->rhash_suite = assoc->rhash_suite;
		keys->esn = assoc->esn;
		keys->spi_in = assoc->spi_in;
		keys->spi_out = assoc->spi_out;
		keys->local_locator = assoc->local_locator;
		keys->peer_locator = assoc->peer_locator;
		keys->keys = assoc->keys;
		err = 0;
	}
	spin_unlock_bh(&assoc->lock);

	return err;
}

/**
 * hip_assoc_iter_init() - start a walk over all associations
 * @hn: namespace
 * @it: the caller's; ends with hip_assoc_iter_exit()
 *
 * Process context.
 */
void hip_assoc_iter_init(struct hip_net *hn, struct hip_assoc_iter *it)
{
	it->interrupted = false;
	rhashtable_walk_enter(&hn->assocs, &it->rhti);
}

/**
 * hip_assoc_iter_next() - the next association of a walk
 * @it: walk
 *
 * Process context.  Nothing is locked between two calls: associations that come
 * or go meanwhile may be seen or not, and after a resize of the table, which
 * sets @it->interrupted, some are seen twice.
 *
 * Return: an association with a reference for the caller, or NULL at the end.
 */
struct hip_assoc *hip_assoc_iter_next(struct hip_assoc_iter *it)
{
	struct hip_assoc *assoc;

	rhashtable_walk_start(&it->rhti);
	do {
		assoc = rhashtable_walk_next(&it->rhti);
		if (IS_ERR(assoc))
			it->interrupted = true;
	} while (IS_ERR(assoc) ||
		 (assoc && !refcount_inc_not_zero(&assoc->refcnt)));
	rhashtable_walk_stop(&it->rhti);

	return assoc;
}

/**
 * hip_assoc_iter_exit() - end a walk
 * @it: walk
 *
 * Process context.
 */
void hip_assoc_iter_exit(struct hip_assoc_iter *it)
{
	rhashtable_walk_exit(&it->rhti);
}
