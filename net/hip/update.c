// SPDX-License-Identifier: GPL-2.0
/*
 * How does an UPDATE get to the peer, once? RFC 7401, sections 6.11 and 6.12.
 *
 * An UPDATE with a SEQ is repeated until it is acknowledged, and one is under
 * way at a time. Of those that come, each is processed once and acknowledged as
 * often as it comes. What an UPDATE is about is the business of rekey.c.
 */
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "assoc.h"
#include "auth.h"
#include "bex.h"
#include "bex_policy.h"
#include "close.h"
#include "ctrl.h"
#include "net.h"
#include "param.h"
#include "rekey.h"
#include "stats.h"
#include "update.h"

/* Between two answers to an UPDATE that comes again */
#define HIP_UPDATE_AGAIN_DELAY	msecs_to_jiffies(50)
#define HIP_UPDATE_OLD_DELAY	(5 * HZ)

/* Sending */

/* In TLV order. Sleeps; the length, or a negative errno */
static int hip_update_build(struct hip_assoc *assoc, u8 *buf, size_t size,
			    bool request, bool ack, u32 ack_id)
{
	struct hip_builder b;
	int err;

	hip_build_init(&b, buf, size, HIP_PKT_UPDATE, 0, &assoc->key.local,
		       &assoc->key.peer);
	if (request) {
		hip_rekey_build_info(&b, assoc);
		hip_build_seq(&b, assoc->update_id);
	}
	if (ack)
		hip_build_ack(&b, &ack_id, 1);
	if (request)
		hip_rekey_build_dh(&b, assoc);
	hip_auth_add_mac(&b, HIP_PARAM_HIP_MAC, assoc->rhash_suite,
			 &assoc->keys, NULL, 0);
	err = hip_auth_add_signature(assoc, &b);
	return err ?: hip_build_finish(&b);
}

/* Sleeps; the packet, kmalloc, or NULL */
static u8 *hip_update_make(struct hip_assoc *assoc, bool request, bool ack,
			   u32 ack_id, u16 *len)
{
	u8 *buf = kmalloc(HIP_PACKET_MAX, GFP_KERNEL);
	u8 *pkt = NULL;
	int ret;

	if (!buf) {
		HIP_INC_STATS(assoc->hn, CTRL_NOMEM);
		return NULL;
	}
	ret = hip_update_build(assoc, buf, HIP_PACKET_MAX, request, ack,
			       ack_id);
	if (ret >= 0 && !READ_ONCE(assoc->dead)) {
		pkt = kmemdup(buf, ret, GFP_KERNEL);
		if (!pkt)
			HIP_INC_STATS(assoc->hn, CTRL_NOMEM);
		*len = ret;
	}
	kfree(buf);
	return pkt;
}

static void hip_update_send(struct hip_assoc *assoc, const u8 *pkt, u16 len)
{
	struct in6_addr src = assoc->local_locator;

	if (!hip_ctrl_send(assoc->hn, &src, &assoc->peer_locator, pkt, len))
		HIP_INC_STATS(assoc->hn, UPDATE_TX);
}

/* RFC 7401, section 6.11: with exponential back-off */
static void hip_update_wait(struct hip_assoc *assoc)
{
	u32 timeout = READ_ONCE(assoc->hn->config.i2_timeout);

	assoc->tries++;
	hip_assoc_arm(assoc, hip_policy_backoff(timeout, assoc->tries));
}

static void hip_update_transmit(struct hip_assoc *assoc)
{
	u16 len;
	u8 *pkt;

	/* Without hipd there is no UPDATE; the next time-out tries again */
	if (!assoc->retx_len) {
		pkt = hip_update_make(assoc, true, assoc->rekey->answer,
				      assoc->peer_update_id, &len);
		if (pkt) {
			kfree(assoc->retx);
			assoc->retx = pkt;
			assoc->retx_len = len;
		}
	}
	if (READ_ONCE(assoc->dead))
		return;
	if (assoc->retx_len)
		hip_update_send(assoc, assoc->retx, assoc->retx_len);
	hip_update_wait(assoc);
}

static void hip_update_begin(struct hip_assoc *assoc)
{
	assoc->tries = 0;
	hip_assoc_store(assoc, NULL, 0);
	hip_update_transmit(assoc);
}

/* Nothing is under way: the timer looks for disuse again */
static void hip_update_end(struct hip_assoc *assoc)
{
	assoc->update_id++;
	assoc->tries = 0;
	hip_assoc_store(assoc, NULL, 0);
	hip_assoc_watch(assoc);
}

static void hip_update_forget_ack(struct hip_assoc *assoc)
{
	kfree(assoc->ack);
	assoc->ack = NULL;
}

/* An ACK alone, which nobody acknowledges: if it is lost, the peer's UPDATE comes
 * again
 */
static void hip_update_ack(struct hip_assoc *assoc, u32 id)
{
	if (assoc->ack_id != id)
		hip_update_forget_ack(assoc);
	if (!assoc->ack)
		assoc->ack = hip_update_make(assoc, false, true, id,
					     &assoc->ack_len);
	assoc->ack_id = id;
	if (assoc->ack && !READ_ONCE(assoc->dead))
		hip_update_send(assoc, assoc->ack, assoc->ack_len);
}

/**
 * hip_update_rekey() - begin a rekey
 * @assoc: association; its mutex is held
 * @dh: with a new Diffie-Hellman key
 *
 * Process context; sleeps in upcalls.  RFC 7402, section 6.8.
 *
 * Return: 0, -ENOTCONN in other states than ESTABLISHED, -EALREADY if a rekey
 * is under way, -ENOMEM, or an error of upcall.h.
 */
int hip_update_rekey(struct hip_assoc *assoc, bool dh)
{
	int err;

	lockdep_assert_held(&assoc->mutex);

	if (assoc->state != HIP_STATE_ESTABLISHED)
		return -ENOTCONN;
	if (assoc->rekey)
		return -EALREADY;

	err = hip_rekey_begin(assoc, dh);
	if (err == -ENOMEM)
		HIP_INC_STATS(assoc->hn, CTRL_NOMEM);
	if (err) {
		if (!READ_ONCE(assoc->dead))
			HIP_INC_STATS(assoc->hn, REKEY_FAILED);
		return err;
	}
	hip_update_begin(assoc);
	return 0;
}

/* Receiving */

/* RFC 7401, section 6.12.2 step 1 */
static bool hip_update_is_acked(const struct hip_assoc *assoc,
				const struct hip_msg *msg)
{
	unsigned int n;
	u32 id;

	if (!assoc->rekey || assoc->rekey->acked)
		return false;
	for (n = 0; hip_get_ack(msg, n, &id); n++)
		if (id == assoc->update_id)
			return true;
	return false;
}

/* In jiffies, also when @then is very long ago */
static bool hip_update_recent(unsigned long then, unsigned long delay)
{
	return jiffies - then < delay;
}

/* The peer may have several UPDATEs under way, of which we keep the last answer
 * only.  To make one of the others again takes a signature, so that a replay gets
 * few.
 */
static void hip_update_again_old(struct hip_assoc *assoc, u32 id)
{
	u16 len;
	u8 *pkt;

	if (hip_update_recent(assoc->answered_old, HIP_UPDATE_OLD_DELAY)) {
		HIP_INC_STATS(assoc->hn, UPDATE_RATE);
		return;
	}
	assoc->answered_old = jiffies;

	pkt = hip_update_make(assoc, false, true, id, &len);
	if (pkt && !READ_ONCE(assoc->dead))
		hip_update_send(assoc, pkt, len);
	kfree(pkt);
}

/* Our answer was lost, or could not be made at once; or this is a replay, which
 * must not cost much. RFC 7401, section 6.12.1 step 2
 */
static void hip_update_again(struct hip_assoc *assoc, u32 id)
{
	const struct hip_rekey *rekey = assoc->rekey;

	HIP_INC_STATS(assoc->hn, UPDATE_AGAIN);
	if (id != assoc->peer_update_id) {
		hip_update_again_old(assoc, id);
		return;
	}
	if (hip_update_recent(assoc->answered, HIP_UPDATE_AGAIN_DELAY)) {
		HIP_INC_STATS(assoc->hn, UPDATE_RATE);
		return;
	}
	assoc->answered = jiffies;

	if (!rekey || !rekey->answer)
		hip_update_ack(assoc, id);
	else if (assoc->retx_len)
		hip_update_send(assoc, assoc->retx, assoc->retx_len);
}

/* A new UPDATE of the peer; RFC 7401, section 6.12 */
static void hip_update_take(struct hip_assoc *assoc,
			    const struct hip_ctrl_packet *pkt, u32 id)
{
	const struct hip_msg *msg = &pkt->msg;
	bool ours = assoc->rekey;
	int err;

	/* What failed for want of memory or hipd is tried when it comes again */
	err = hip_rekey_received(assoc, msg);
	if (READ_ONCE(assoc->dead))
		return;
	if (err == -EINVAL)
		hip_notify_tx(assoc, &pkt->dst, &pkt->src,
			      HIP_NOTIFY_INVALID_SYNTAX, NULL, 0);
	if (err == -ENOMEM)
		HIP_INC_STATS(assoc->hn, CTRL_NOMEM);
	if (err)
		return;
	hip_update_window_mark(&assoc->peer_updates, id);
	assoc->peer_update_id = id;

	if (assoc->rekey && !ours)
		hip_update_begin(assoc);
	else
		hip_update_ack(assoc, id);
}

/* The cheap half of RFC 7401, section 6.12: state, Update IDs and HIP_MAC */
static bool hip_update_check(struct hip_assoc *assoc,
			     const struct hip_msg *msg, bool has_seq,
			     enum hip_update_age age)
{
	struct hip_net *hn = assoc->hn;

	if (assoc->state != HIP_STATE_R2_SENT &&
	    assoc->state != HIP_STATE_ESTABLISHED) {
		HIP_INC_STATS(hn, CTRL_STATE);
		return false;
	}
	if (has_seq && age == HIP_UPDATE_OUTSIDE) {
		HIP_INC_STATS(hn, UPDATE_WINDOW);
		return false;
	}
	if (!has_seq && !hip_update_is_acked(assoc, msg)) {
		HIP_INC_STATS(hn, UPDATE_UNMATCHED);
		return false;
	}
	return !hip_auth_check_mac(assoc, msg, HIP_PARAM_HIP_MAC,
				   assoc->rhash_suite, &assoc->keys, NULL, 0);
}

/**
 * hip_update_rx() - an UPDATE came
 * @assoc: association with its sender; its mutex is held
 * @pkt: the packet
 *
 * Process context on hip_net::wq; sleeps in upcalls.  RFC 7401, sections 6.12
 * to 6.12.2.
 */
void hip_update_rx(struct hip_assoc *assoc, struct hip_ctrl_packet *pkt)
{
	enum hip_update_age age = HIP_UPDATE_NEW;
	const struct hip_msg *msg = &pkt->msg;
	bool has_seq;
	u32 id = 0;

	lockdep_assert_held(&assoc->mutex);

	has_seq = !hip_get_seq(msg, &id);
	if (has_seq)
		age = hip_update_window_look(&assoc->peer_updates, id);
	if (!hip_update_check(assoc, msg, has_seq, age))
		return;
	if (age == HIP_UPDATE_AGAIN) {
		hip_update_again(assoc, id);
		return;
	}
	if (hip_auth_check_peer_signature(assoc, msg) || READ_ONCE(assoc->dead))
		return;

	/* section 4.4.3, Table 5 */
	if (assoc->state == HIP_STATE_R2_SENT)
		hip_bex_established(assoc);
	if (hip_update_is_acked(assoc, msg))
		assoc->rekey->acked = true;
	if (has_seq)
		hip_update_take(assoc, pkt, id);
	if (!READ_ONCE(assoc->dead) && hip_rekey_finish(assoc))
		hip_update_end(assoc);
}

/**
 * hip_update_data() - data came in by an SA for the first time
 * @assoc: association; its mutex is held
 *
 * Process context.
 */
void hip_update_data(struct hip_assoc *assoc)
{
	if (hip_rekey_data(assoc))
		hip_update_end(assoc);
}

/**
 * hip_update_timeout() - our UPDATE got no answer in time
 * @assoc: association in ESTABLISHED with a rekey under way; its mutex is held
 *
 * Process context; may sleep in an upcall.  RFC 7401, section 6.11: who does not
 * acknowledge is gone.  RFC 7402, section 6.8 step 5: who acknowledges and says
 * no more is not waited for indefinitely, but nothing is repeated either.  That
 * our own hipd has not signed the UPDATE says nothing of the peer.
 */
void hip_update_timeout(struct hip_assoc *assoc)
{
	struct hip_net *hn = assoc->hn;

	lockdep_assert_held(&assoc->mutex);

	if (assoc->tries < READ_ONCE(hn->config.retries)) {
		if (assoc->rekey->acked) {
			hip_update_wait(assoc);
		} else {
			HIP_INC_STATS(hn, RETRANS);
			hip_update_transmit(assoc);
		}
		return;
	}
	HIP_INC_STATS(hn, REKEY_FAILED);
	if (assoc->rekey->acked || !assoc->retx_len) {
		hip_rekey_abort(assoc);
		hip_update_end(assoc);
	} else {
		hip_close_begin(assoc, HIP_REASON_NO_ANSWER);
	}
}

/**
 * hip_update_forget() - a new exchange begins, or the association ends
 * @assoc: association; its mutex is held
 *
 * Process context.  Update IDs start anew (RFC 7401, section 5.2.16).
 */
void hip_update_forget(struct hip_assoc *assoc)
{
	hip_rekey_abort(assoc);
	hip_update_forget_ack(assoc);
	assoc->update_id = 0;
	assoc->answered = jiffies - HIP_UPDATE_AGAIN_DELAY;
	assoc->answered_old = jiffies - HIP_UPDATE_OLD_DELAY;
	memset(&assoc->peer_updates, 0, sizeof(assoc->peer_updates));
}
