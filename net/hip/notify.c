// SPDX-License-Identifier: GPL-2.0
/*
 * What do we tell a peer whose packet we refuse, and what do we make of it when
 * we are told so? NOTIFY, RFC 7401 sections 5.2.19, 5.3.6 and 6.13.
 *
 * A NOTIFY is information and never changes a state by itself: even a signed
 * one may be a replay, for nothing in it is fresh. Unsigned, or of unknown
 * origin, it is a hint that names the reason if the exchange fails anyway; from
 * the peer, it ends the exchange at the next time-out instead of the last one.
 */
#include <linux/slab.h>

#include "assoc.h"
#include "auth.h"
#include "bex.h"
#include "bex_policy.h"
#include "ctrl.h"
#include "hit.h"
#include "net.h"
#include "netlink.h"
#include "stats.h"

/* Events that one NOTIFY may cause */
#define HIP_NOTIFY_EVENTS_MAX	4

static int hip_notify_build(struct hip_assoc *assoc, u8 *buf, size_t size,
			    u16 type, const void *data, size_t len)
{
	struct hip_builder b;
	int err;

	hip_build_init(&b, buf, size, HIP_PKT_NOTIFY, 0, &assoc->key.local,
		       &assoc->key.peer);
	hip_build_notification(&b, type, data, len);
	err = hip_auth_add_signature(assoc, &b);
	return err ?: hip_build_finish(&b);
}

/**
 * hip_notify_tx() - send a NOTIFY
 * @assoc: association with the receiver; its mutex is held
 * @src: our locator
 * @dst: the receiver's
 * @type: Notify Message Type
 * @data: Notification Data, or NULL
 * @len: octets of @data
 *
 * Process context; sleeps until hipd has signed it.  Rate limited, as whoever
 * makes us send one has proved little.  Whether it left is of no importance.
 */
void hip_notify_tx(struct hip_assoc *assoc, const struct in6_addr *src,
		   const struct in6_addr *dst, u16 type, const void *data,
		   size_t len)
{
	struct hip_net *hn = assoc->hn;
	struct in6_addr from = *src;
	int size;
	u8 *buf;

	lockdep_assert_held(&assoc->mutex);

	if (!hip_ctrl_ratelimit(hn, &hn->notify_tokens,
				READ_ONCE(hn->config.notify_rate))) {
		HIP_INC_STATS(hn, CTRL_NOTIFY_RATE);
		return;
	}

	buf = kmalloc(HIP_PACKET_MAX, GFP_KERNEL);
	if (!buf) {
		HIP_INC_STATS(hn, CTRL_NOMEM);
		return;
	}
	size = hip_notify_build(assoc, buf, HIP_PACKET_MAX, type, data, len);
	if (size >= 0 && !hip_ctrl_send(hn, &from, dst, buf, size)) {
		HIP_INC_STATS(hn, NOTIFY_TX);
		hip_event_notify(assoc, type, true);
	}
	kfree(buf);
}

/* Is it from the peer? The HOST_ID is ours from an R1, or in the packet. */
static bool hip_notify_authentic(struct hip_assoc *assoc,
				 const struct hip_msg *msg)
{
	struct hip_host_id host_id;

	if (assoc->peer_hi)
		return !hip_auth_check_peer_signature(assoc, msg);

	return !hip_get_host_id(msg, &host_id) &&
	       !hip_bex_check_host_id(assoc, &host_id) &&
	       !hip_bex_check_signature(assoc, msg, HIP_PARAM_HIP_SIGNATURE,
					&host_id);
}

/**
 * hip_notify_rx() - a NOTIFY came
 * @assoc: association with its sender; its mutex is held
 * @pkt: the packet
 *
 * Process context on hip_net::wq; sleeps in an upcall if the message is of
 * importance.  RFC 7401, section 6.13.
 */
void hip_notify_rx(struct hip_assoc *assoc, struct hip_ctrl_packet *pkt)
{
	struct hip_notification notification;
	struct hip_net *hn = assoc->hn;
	unsigned int n_events = 0;
	u8 reason = HIP_REASON_NONE;
	struct hip_param p;
	bool busy = false;

	lockdep_assert_held(&assoc->mutex);

	/* Each one may cost an event and an upcall */
	if (!hip_ctrl_ratelimit(hn, &hn->notify_tokens,
				READ_ONCE(hn->config.notify_rate))) {
		HIP_INC_STATS(hn, CTRL_NOTIFY_RATE);
		return;
	}

	hip_msg_for_each_param(&pkt->msg, HIP_PARAM_NOTIFICATION, &p) {
		if (hip_param_notification(&p, &notification))
			continue;
		/* The rate is that of packets, and nobody has proved anything */
		if (n_events++ < HIP_NOTIFY_EVENTS_MAX)
			hip_event_notify(assoc, notification.type, false);
		if (notification.type == HIP_NOTIFY_RESPONDER_BUSY_PLEASE_RETRY)
			busy = true;
		if (reason == HIP_REASON_NONE)
			reason = hip_policy_notify_reason(notification.type);
	}

	/* unsigned it is not even a hint: the I2 is repeated anyway */
	if (reason == HIP_REASON_NONE && busy &&
	    assoc->state == HIP_STATE_I2_SENT &&
	    hip_notify_authentic(assoc, &pkt->msg))
		hip_bex_busy(assoc);

	if (reason == HIP_REASON_NONE ||
	    (assoc->state != HIP_STATE_I1_SENT &&
	     assoc->state != HIP_STATE_I2_SENT &&
	     !(assoc->state == HIP_STATE_CLOSED && assoc->i1_outstanding)))
		return;

	if (reason == HIP_REASON_REFUSED)
		HIP_INC_STATS(hn, REFUSED);
	if (hip_notify_authentic(assoc, &pkt->msg))
		hip_bex_doom(assoc, reason);
	else
		hip_assoc_hint(assoc, reason);
}
