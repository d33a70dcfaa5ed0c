// SPDX-License-Identifier: GPL-2.0
/*
 * How does an association let data pass? Its SAs, and the queue of packets that
 * wait for them.
 */
#include <linux/icmpv6.h>
#include <linux/jiffies.h>
#include <linux/skbuff.h>

#include "assoc.h"
#include "device.h"
#include "esp.h"
#include "net.h"
#include "rekey.h"
#include "sa.h"
#include "stats.h"

/**
 * hip_assoc_sa_create() - make an SA of an association
 * @assoc: association; its mutex is held; suite and locators are set
 * @spi: SPI, network byte order
 * @keys: keys of the SA; copied
 * @inbound: for what we receive
 *
 * Process context; sleeps.
 *
 * Return: as hip_sa_create().
 */
struct hip_sa *hip_assoc_sa_create(struct hip_assoc *assoc, __be32 spi,
				   const struct hip_keys *keys, bool inbound)
{
	const struct hip_sa_params p = {
		.inbound = inbound,
		.spi = spi,
		.esp_suite = assoc->esp_suite,
		.esn = assoc->esn,
		.enc_key = inbound ? keys->esp_enc_in : keys->esp_enc_out,
		.auth_key = inbound ? keys->esp_auth_in : keys->esp_auth_out,
		.outer_local = assoc->local_locator,
		.outer_peer = assoc->peer_locator,
		.assoc = assoc,
	};

	lockdep_assert_held(&assoc->mutex);

	return hip_sa_create(assoc->hn, &p);
}

/**
 * hip_assoc_install_in() - receive data from now on
 * @assoc: association; its mutex is held; keys, our SPI, suite and locators are
 *	set
 *
 * Process context.  The SAs of an earlier exchange go (RFC 7402, section 6.5).
 *
 * Return: 0, -EEXIST if the SPI was taken meanwhile, or an error of
 * hip_sa_create().
 */
int hip_assoc_install_in(struct hip_assoc *assoc)
{
	struct hip_sa *sa;
	int err;

	lockdep_assert_held(&assoc->mutex);

	hip_assoc_drop_sas(assoc);

	sa = hip_assoc_sa_create(assoc, assoc->spi_in, &assoc->keys, true);
	if (IS_ERR(sa))
		return PTR_ERR(sa);
	err = hip_sa_insert(assoc->hn, sa);
	if (err) {
		hip_sa_destroy(sa);
		return err;
	}
	rcu_assign_pointer(assoc->sa_in, sa);
	return 0;
}

/**
 * hip_assoc_install_out() - prepare to send data
 * @assoc: association; its mutex is held; keys, the peer's SPI, suite and
 *	locators are set; hip_assoc_install_in() succeeded
 *
 * Process context.  hip_assoc_start_data() lets it out.
 *
 * Return: 0, or an error of hip_sa_create().
 */
int hip_assoc_install_out(struct hip_assoc *assoc)
{
	struct hip_sa *sa;

	lockdep_assert_held(&assoc->mutex);

	sa = hip_assoc_sa_create(assoc, assoc->spi_out, &assoc->keys, false);
	if (IS_ERR(sa))
		return PTR_ERR(sa);

	WRITE_ONCE(assoc->last_rx, jiffies);
	WRITE_ONCE(assoc->last_tx, jiffies);
	assoc->sa_out_ready = sa;
	return 0;
}

/**
 * hip_assoc_start_data() - let waiting and future data out
 * @assoc: association; its mutex is held; does nothing without
 *	hip_assoc_install_out()
 *
 * Process context.  The data path may use the outbound SA from the moment at
 * which the queue is empty, so that nothing overtakes what waited.
 */
void hip_assoc_start_data(struct hip_assoc *assoc)
{
	struct hip_sa *sa = assoc->sa_out_ready;
	struct sk_buff_head *queue = &assoc->queue;
	/* A sender that fills the queue as fast as we empty it must not hold
	 * us here; rather let a few packets be reordered
	 */
	unsigned int budget = 4 * READ_ONCE(assoc->hn->config.queue_len) + 1;
	struct sk_buff *skb;

	lockdep_assert_held(&assoc->mutex);

	if (!sa)
		return;

	do {
		spin_lock_bh(&queue->lock);
		skb = __skb_dequeue(queue);
		if (assoc->sa_out_ready && (!skb || !--budget)) {
			rcu_assign_pointer(assoc->sa_out, sa);
			assoc->sa_out_ready = NULL;
		}
		spin_unlock_bh(&queue->lock);
		if (!skb)
			break;

		local_bh_disable();
		rcu_read_lock();
		hip_esp_output(sa, skb);
		rcu_read_unlock();
		local_bh_enable();
	} while (1);
}

/**
 * hip_assoc_drop_sas() - stop data both ways
 * @assoc: association; its mutex is held
 *
 * Process context.  RFC 7402, section 6.7.
 */
void hip_assoc_drop_sas(struct hip_assoc *assoc)
{
	struct hip_sa *in, *out, *ready;

	lockdep_assert_held(&assoc->mutex);

	hip_rekey_abort(assoc);
	hip_sa_destroy(assoc->sa_in_old);
	assoc->sa_in_old = NULL;
	WRITE_ONCE(assoc->rekeying, false);

	spin_lock_bh(&assoc->queue.lock);
	out = rcu_replace_pointer(assoc->sa_out, NULL,
				  lockdep_is_held(&assoc->mutex));
	spin_unlock_bh(&assoc->queue.lock);
	in = rcu_replace_pointer(assoc->sa_in, NULL,
				 lockdep_is_held(&assoc->mutex));
	ready = assoc->sa_out_ready;
	assoc->sa_out_ready = NULL;

	if (in)
		hip_sa_destroy(in);
	if (out)
		hip_sa_destroy(out);
	if (ready)
		hip_sa_destroy(ready);
}

/**
 * hip_assoc_output_pending() - keep a data packet until it can be sent
 * @assoc: association
 * @skb: whole inner packet; consumed if true is returned
 *
 * Any context, under RCU.  Called when hip_assoc::sa_out was not there a moment
 * ago.  Of a full queue the oldest packet goes: it is the one whose sender has
 * given up waiting first.
 *
 * Return: false if the association has ended: look for another one.
 */
bool hip_assoc_output_pending(struct hip_assoc *assoc, struct sk_buff *skb)
{
	struct hip_net *hn = assoc->hn;
	struct sk_buff *old = NULL;
	struct hip_sa *sa;
	u8 state;

	spin_lock_bh(&assoc->queue.lock);
	sa = rcu_dereference(assoc->sa_out);
	if (sa) {
		spin_unlock_bh(&assoc->queue.lock);
		hip_esp_output(sa, skb);
		return true;
	}
	if (assoc->queue_closed) {
		spin_unlock_bh(&assoc->queue.lock);
		return false;
	}
	if (skb_queue_len(&assoc->queue) >= READ_ONCE(hn->config.queue_len))
		old = __skb_dequeue(&assoc->queue);
	__skb_queue_tail(&assoc->queue, skb);
	/* Under the lock, so that either hip_assoc_fail() finds the packet in
	 * the queue, or we see that the exchange has failed
	 */
	state = READ_ONCE(assoc->state);
	spin_unlock_bh(&assoc->queue.lock);

	HIP_INC_STATS(hn, OUT_QUEUED);
	if (old) {
		HIP_INC_STATS(hn, OUT_QUEUE_FULL);
		kfree_skb(old);
	}
	if (state != HIP_STATE_I1_SENT && state != HIP_STATE_I2_SENT)
		hip_assoc_want(assoc, HIP_ASSOC_WANT_START);
	return true;
}

/**
 * hip_assoc_rekey_due() - the outbound SA has come to its soft limit
 * @assoc: association
 *
 * Any context, under RCU.  RFC 7402, section 6.8.
 */
void hip_assoc_rekey_due(struct hip_assoc *assoc)
{
	bool dh = READ_ONCE(assoc->hn->config.rekey_new_dh);

	hip_assoc_want(assoc, dh ? HIP_ASSOC_WANT_REKEY_DH :
				   HIP_ASSOC_WANT_REKEY);
}

/**
 * hip_assoc_doubt() - somebody says that the peer has lost this association
 * @assoc: association
 *
 * Any context, under RCU.  RFC 7401, section 4.5.4.  It may be a forgery, so the
 * peer is asked, by an UPDATE for new SAs: one that has lost its state does not
 * answer, which ends the association, and the next data begins another.  Whoever
 * forges can bring about one UPDATE a minute, while the peer sends nothing.
 */
void hip_assoc_doubt(struct hip_assoc *assoc)
{
	unsigned long heard = READ_ONCE(assoc->last_rx);
	unsigned long asked = READ_ONCE(assoc->doubted);

	if (time_before(jiffies, heard + HIP_ASSOC_DOUBT_AFTER) ||
	    time_before(jiffies, asked + HIP_ASSOC_DOUBT_EVERY))
		return;
	if (cmpxchg(&assoc->doubted, asked, jiffies) == asked)
		hip_assoc_want(assoc, HIP_ASSOC_WANT_REKEY);
}

/**
 * hip_assoc_first_data() - an SA receives, so the peer has our R2, or UPDATE
 * @assoc: association
 *
 * Any context, under RCU.  RFC 7401, section 4.4.3, Table 5, and RFC 7402,
 * section 6.10 step 4.  Costs nothing at other times.
 */
void hip_assoc_first_data(struct hip_assoc *assoc)
{
	if (READ_ONCE(assoc->state) == HIP_STATE_R2_SENT ||
	    READ_ONCE(assoc->rekeying))
		hip_assoc_want(assoc, HIP_ASSOC_WANT_DATA);
}

/**
 * hip_assoc_reject_queue() - tell those who wait that they wait in vain
 * @assoc: association; its mutex is held
 * @err: -EACCES if the peer refused, -EHOSTUNREACH for all else
 *
 * Process context: the sockets must not be locked by their senders, see
 * hip_device_reject().
 */
void hip_assoc_reject_queue(struct hip_assoc *assoc, int err)
{
	u8 code = err == -EACCES ? ICMPV6_ADM_PROHIBITED : ICMPV6_ADDR_UNREACH;
	struct sk_buff_head rejected;
	struct sk_buff *skb;

	lockdep_assert_held(&assoc->mutex);

	__skb_queue_head_init(&rejected);
	spin_lock_bh(&assoc->queue.lock);
	skb_queue_splice_init(&assoc->queue, &rejected);
	spin_unlock_bh(&assoc->queue.lock);

	while ((skb = __skb_dequeue(&rejected))) {
		HIP_INC_STATS(assoc->hn, OUT_UNREACHABLE);
		hip_device_reject(assoc->hn, skb, code);
	}
}

/**
 * hip_assoc_restart_data() - look again at data that waits
 * @assoc: association that has lost what the data waited for; its mutex is held
 *
 * Process context.
 */
void hip_assoc_restart_data(struct hip_assoc *assoc)
{
	lockdep_assert_held(&assoc->mutex);

	if (!skb_queue_empty_lockless(&assoc->queue))
		hip_assoc_want(assoc, HIP_ASSOC_WANT_START);
}

/**
 * hip_assoc_close_queue() - no packet shall end with the association
 * @assoc: dead association; its mutex is held
 *
 * Process context.  Who ends an association knows of no packet that waits, or has
 * rejected it; what came since is for the next association with that peer. Only an
 * administrator ends it whatever waits.
 */
void hip_assoc_close_queue(struct hip_assoc *assoc)
{
	struct hip_net *hn = assoc->hn;
	struct sk_buff_head late;
	struct sk_buff *skb;

	lockdep_assert_held(&assoc->mutex);

	if (assoc->death_reason == HIP_REASON_ADMIN && !READ_ONCE(hn->dying))
		hip_assoc_reject_queue(assoc, -EHOSTUNREACH);

	__skb_queue_head_init(&late);
	spin_lock_bh(&assoc->queue.lock);
	assoc->queue_closed = true;
	skb_queue_splice_init(&assoc->queue, &late);
	spin_unlock_bh(&assoc->queue.lock);

	if (READ_ONCE(hn->dying))
		__skb_queue_purge(&late);
	while ((skb = __skb_dequeue(&late)))
		hip_device_resend(hn, skb);
}
