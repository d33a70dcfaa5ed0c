// SPDX-License-Identifier: GPL-2.0
/*
 * How does an association end? CLOSE and CLOSE_ACK, RFC 7401 sections 6.14 and
 * 6.15.
 *
 * Data stops at once on either side; the keys stay, so that a lost CLOSE_ACK
 * can be sent again, until the association has been unused for so long that
 * nobody asks any more. A socket that sends meanwhile starts a new exchange.
 */
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/random.h>
#include <linux/string.h>

#include "assoc.h"
#include "auth.h"
#include "bex_policy.h"
#include "close.h"
#include "ctrl.h"
#include "identity.h"
#include "net.h"
#include "peer.h"
#include "stats.h"

/* RFC 7401 section 4.4.3: UAL + MSL in CLOSING, UAL + 2 MSL in CLOSED */
static unsigned int hip_close_remaining(const struct hip_assoc *assoc)
{
	const struct hip_config *config = &assoc->hn->config;
	u64 gone = jiffies_to_msecs(jiffies - assoc->closed);
	u64 life = READ_ONCE(config->msl);

	if (assoc->state == HIP_STATE_CLOSED)
		life *= 2;
	life += hip_peer_ual(assoc->hn, &assoc->key.peer);
	return gone < life ? min_t(u64, life - gone, INT_MAX) : 0;
}

/**
 * hip_close_rearm() - let the timer end CLOSED when it is time
 * @assoc: association in CLOSED without an I1 outstanding; its mutex is held
 *
 * Process context.
 */
void hip_close_rearm(struct hip_assoc *assoc)
{
	hip_assoc_arm(assoc, hip_close_remaining(assoc));
}

/* CLOSE or CLOSE_ACK: an echo, HIP_MAC, HIP_SIGNATURE. Sleeps. */
static int hip_close_build(struct hip_assoc *assoc, u8 *buf, size_t size,
			   u8 type, u16 echo_type, const void *echo,
			   size_t echo_len)
{
	struct hip_builder b;
	int err;

	hip_build_init(&b, buf, size, type, 0, &assoc->key.local,
		       &assoc->key.peer);
	hip_build_param(&b, echo_type, echo, echo_len);
	hip_auth_add_mac(&b, HIP_PARAM_HIP_MAC, assoc->rhash_suite,
			 &assoc->keys, NULL, 0);
	err = hip_auth_add_signature(assoc, &b);
	return err ?: hip_build_finish(&b);
}

/* Keeps the packet in retx. Sleeps; 0 or a negative errno */
static int hip_close_make(struct hip_assoc *assoc, u8 type, u16 echo_type,
			  const void *echo, size_t echo_len)
{
	u8 *buf = kmalloc(HIP_PACKET_MAX, GFP_KERNEL);
	int len, err;

	if (!buf) {
		HIP_INC_STATS(assoc->hn, CTRL_NOMEM);
		return -ENOMEM;
	}
	len = hip_close_build(assoc, buf, HIP_PACKET_MAX, type, echo_type,
			      echo, echo_len);
	err = len < 0 ? len : hip_assoc_store(assoc, buf, len);
	if (len >= 0 && err)
		HIP_INC_STATS(assoc->hn, CTRL_NOMEM);
	kfree(buf);
	return err;
}

static void hip_close_transmit(struct hip_assoc *assoc)
{
	struct in6_addr src = assoc->local_locator;
	struct hip_net *hn = assoc->hn;
	unsigned int wait;

	/* Without hipd there is no CLOSE; the next time-out tries again */
	if (!assoc->retx_len) {
		get_random_bytes(assoc->close_echo, HIP_CLOSE_ECHO_LEN);
		hip_close_make(assoc, HIP_PKT_CLOSE,
			       HIP_PARAM_ECHO_REQUEST_SIGNED,
			       assoc->close_echo, HIP_CLOSE_ECHO_LEN);
	}
	if (READ_ONCE(assoc->dead))
		return;
	if (assoc->retx_len) {
		assoc->close_sent = true;
		if (!hip_ctrl_send(hn, &src, &assoc->peer_locator,
				   assoc->retx, assoc->retx_len))
			HIP_INC_STATS(hn, CLOSE_TX);
	}

	assoc->tries++;
	wait = hip_policy_backoff(READ_ONCE(hn->config.i2_timeout),
				  assoc->tries);
	hip_assoc_arm(assoc, min(wait, hip_close_remaining(assoc)));
}

/**
 * hip_close_begin() - close an association
 * @assoc: association in R2-SENT or ESTABLISHED; its mutex is held
 * @reason: HIP_REASON_LOCAL_CLOSED or HIP_REASON_EXPIRED
 *
 * Process context; sleeps until hipd has signed the CLOSE, but data stops
 * before that.  RFC 7401, section 4.4.3, Table 6.
 */
void hip_close_begin(struct hip_assoc *assoc, u8 reason)
{
	lockdep_assert_held(&assoc->mutex);

	assoc->closed = jiffies;
	assoc->tries = 0;
	assoc->close_sent = false;
	hip_assoc_store(assoc, NULL, 0);
	hip_assoc_drop_sas(assoc);
	hip_assoc_set_state(assoc, HIP_STATE_CLOSING, reason);
	hip_close_transmit(assoc);
}

/**
 * hip_close_start() - somebody wants an association to end
 * @assoc: association; its mutex is held
 *
 * Process context; sleeps until hipd has signed the CLOSE.
 *
 * Return: 0, or -EALREADY if it is closing or closed.
 */
int hip_close_start(struct hip_assoc *assoc)
{
	lockdep_assert_held(&assoc->mutex);

	switch ((enum hip_state)assoc->state) {
	case HIP_STATE_R2_SENT:
	case HIP_STATE_ESTABLISHED:
		hip_close_begin(assoc, HIP_REASON_LOCAL_CLOSED);
		return 0;
	case HIP_STATE_CLOSED:
		if (assoc->i1_outstanding) {
			assoc->i1_outstanding = false;
			hip_assoc_reject_queue(assoc, -EHOSTUNREACH);
			hip_close_rearm(assoc);
		}
		return -EALREADY;
	case HIP_STATE_CLOSING:
		return -EALREADY;
	default:
		/* There is nothing that the peer would have to close */
		hip_assoc_reject_queue(assoc, -EHOSTUNREACH);
		hip_assoc_kill(assoc, HIP_REASON_LOCAL_CLOSED);
		return 0;
	}
}

/**
 * hip_close_timeout() - no CLOSE_ACK came, or CLOSED is over
 * @assoc: association in CLOSING or CLOSED; its mutex is held
 *
 * Process context; may sleep in an upcall.  RFC 7401, section 4.4.3, Tables 7
 * and 8.
 */
void hip_close_timeout(struct hip_assoc *assoc)
{
	lockdep_assert_held(&assoc->mutex);

	if (!hip_close_remaining(assoc)) {
		HIP_INC_STATS(assoc->hn, ASSOC_CLOSED);
		hip_assoc_kill(assoc, assoc->reason);
	} else if (assoc->state == HIP_STATE_CLOSING) {
		HIP_INC_STATS(assoc->hn, RETRANS);
		hip_close_transmit(assoc);
	} else {
		hip_close_rearm(assoc);
	}
}

static void hip_close_ack_transmit(struct hip_assoc *assoc,
				   const struct hip_ctrl_packet *close)
{
	struct in6_addr src = close->dst;

	if (!hip_ctrl_send(assoc->hn, &src, &close->src, assoc->retx,
			   assoc->retx_len))
		HIP_INC_STATS(assoc->hn, CLOSE_ACK_TX);
}

/* HIP_MAC before the dear signature. Sleeps; 0 or a negative errno */
static int hip_close_authenticate(struct hip_assoc *assoc,
				  const struct hip_msg *msg)
{
	int err;

	err = hip_auth_check_mac(assoc, msg, HIP_PARAM_HIP_MAC,
				 assoc->rhash_suite, &assoc->keys, NULL, 0);
	if (err)
		return err;
	return hip_auth_check_peer_signature(assoc, msg);
}

static void hip_close_accept(struct hip_assoc *assoc,
			     struct hip_ctrl_packet *pkt, const u8 *hash)
{
	struct hip_param echo;

	if (assoc->state != HIP_STATE_CLOSED) {
		hip_assoc_disarm(assoc);
		hip_assoc_drop_sas(assoc);
		assoc->i1_outstanding = false;
		assoc->closed = jiffies;
		hip_assoc_set_state(assoc, HIP_STATE_CLOSED,
				    HIP_REASON_PEER_CLOSED);
	}
	hip_assoc_store(assoc, NULL, 0);

	if (hip_msg_first(&pkt->msg, HIP_PARAM_ECHO_REQUEST_SIGNED, &echo) &&
	    !hip_close_make(assoc, HIP_PKT_CLOSE_ACK,
			    HIP_PARAM_ECHO_RESPONSE_SIGNED, echo.data,
			    echo.len)) {
		memcpy(assoc->close_hash, hash, HIP_PACKET_HASH_LEN);
		hip_close_ack_transmit(assoc, pkt);
	}
	if (READ_ONCE(assoc->dead))
		return;
	if (!assoc->i1_outstanding)
		hip_close_rearm(assoc);
	/* What waited for an R2 needs a new exchange */
	hip_assoc_restart_data(assoc);
}

/**
 * hip_close_rx() - a CLOSE came
 * @assoc: association with its sender; its mutex is held
 * @pkt: the packet
 *
 * Process context on hip_net::wq; sleeps in upcalls.  RFC 7401, section 6.14.
 */
void hip_close_rx(struct hip_assoc *assoc, struct hip_ctrl_packet *pkt)
{
	struct hip_net *hn = assoc->hn;
	u8 hash[HIP_PACKET_HASH_LEN];
	bool duplicate;

	lockdep_assert_held(&assoc->mutex);

	if (hip_auth_hash(&pkt->msg, hash)) {
		HIP_INC_STATS(hn, CTRL_NOMEM);
		return;
	}
	duplicate = assoc->retx_len &&
		    !memcmp(hash, assoc->close_hash, sizeof(hash));
	switch (hip_policy_close(assoc->state, duplicate)) {
	case HIP_VERDICT_PROCESS:
		if (!hip_close_authenticate(assoc, &pkt->msg))
			hip_close_accept(assoc, pkt, hash);
		break;
	case HIP_VERDICT_DUPLICATE:
		hip_close_ack_transmit(assoc, pkt);
		break;
	default:
		HIP_INC_STATS(hn, CTRL_STATE);
		break;
	}
}

/**
 * hip_close_ack_rx() - a CLOSE_ACK came
 * @assoc: association with its sender; its mutex is held
 * @pkt: the packet
 *
 * Process context on hip_net::wq; sleeps in upcalls.  RFC 7401, section 6.15.
 */
void hip_close_ack_rx(struct hip_assoc *assoc, struct hip_ctrl_packet *pkt)
{
	struct hip_net *hn = assoc->hn;
	struct hip_param echo;

	lockdep_assert_held(&assoc->mutex);

	if (hip_policy_close_ack(assoc->state, assoc->close_sent) !=
	    HIP_VERDICT_PROCESS) {
		HIP_INC_STATS(hn, CTRL_STATE);
		return;
	}
	if (!hip_msg_first(&pkt->msg, HIP_PARAM_ECHO_RESPONSE_SIGNED, &echo) ||
	    echo.len != HIP_CLOSE_ECHO_LEN ||
	    memcmp(echo.data, assoc->close_echo, HIP_CLOSE_ECHO_LEN)) {
		HIP_INC_STATS(hn, ECHO_BAD);
		return;
	}
	if (hip_close_authenticate(assoc, &pkt->msg))
		return;

	HIP_INC_STATS(hn, ASSOC_CLOSED);
	hip_assoc_end(assoc);
}
