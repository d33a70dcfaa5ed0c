// SPDX-License-Identifier: GPL-2.0
/*
 * How does an exchange begin with a peer whose HIT is not known?  RFC 7401,
 * section 4.1.8.
 *
 * Until the peer has said who it is, an association has the peer's locator in
 * the place of its HIT.  It sends I1s without a receiver and does nothing else.
 * An R1 from that locator gives it the HIT: the exchange goes on in the
 * association of the two HITs, from this R1 as from any other, and the one
 * without a HIT ends.  What is learnt so counts from the moment at which the R2
 * is verified, or an I2 of the peer, as only then it has proved that it is who
 * it says.  That it is who was meant remains a leap of faith, so nothing of
 * this happens unless the administrator asks for it.
 */
#include <linux/err.h>
#include <linux/mutex.h>
#include <linux/netlink.h>
#include <linux/sched/signal.h>
#include <net/ipv6.h>

#include "access.h"
#include "assoc.h"
#include "bex.h"
#include "bex_policy.h"
#include "ctrl.h"
#include "hit.h"
#include "net.h"
#include "netlink.h"
#include "opportunistic.h"
#include "peer.h"
#include "stats.h"

static int hip_opportunistic_no_assoc(int err, struct netlink_ext_ack *extack)
{
	if (err == -EADDRNOTAVAIL) {
		NL_SET_ERR_MSG(extack, "no such identity");
		return -ENOENT;
	}
	if (err == -ENOSPC)
		NL_SET_ERR_MSG(extack, "too many: see config max-assocs, max-half-open");
	return err;
}

/**
 * hip_opportunistic_start() - begin an exchange with whoever is at a locator
 * @hn: namespace
 * @local: HIT of the local identity
 * @locator: where the peer is, IPv4-mapped for IPv4; a good one, see
 *	hip_peer_bad_locator()
 * @extack: for the reason of a refusal, may be NULL
 *
 * Process context; does not wait.  Events tell the rest.  An exchange that is
 * under way is enough.
 *
 * Return: 0, -EEXIST if a peer is configured there, -ENOENT if @local is not
 * ours, -ENOSPC, -ENOMEM or -ESHUTDOWN.
 */
int hip_opportunistic_start(struct hip_net *hn, const struct in6_addr *local,
			    const struct in6_addr *locator,
			    struct netlink_ext_ack *extack)
{
	struct hip_assoc *assoc;
	bool dead;

	/* Who knows better must not take a leap */
	if (hip_peer_is_at(hn, locator)) {
		NL_SET_ERR_MSG(extack, "a peer is configured there: use its HIT, or delete it");
		return -EEXIST;
	}
	do {
		assoc = hip_assoc_find_or_create(hn, local, locator,
						 GFP_KERNEL);
		if (IS_ERR(assoc))
			return hip_opportunistic_no_assoc(PTR_ERR(assoc),
							  extack);
		rcu_read_lock();
		hip_assoc_want(assoc, HIP_ASSOC_WANT_START);
		rcu_read_unlock();
		/* One that was about to end does not begin anything */
		dead = READ_ONCE(assoc->dead);
		hip_assoc_put(assoc);
	} while (dead && !signal_pending(current));
	return 0;
}

/* What is wrong with an R1 before anything is asked of it? Counted */
static bool hip_opportunistic_r1_bad(struct hip_assoc *opp,
				     const struct hip_ctrl_packet *pkt)
{
	const struct hip_msg *msg = &pkt->msg;
	struct hip_net *hn = opp->hn;

	/* That it is from the right locator is how it got here.  RFC 7401,
	 * section 6.8 step 1: the other address counts as well.
	 */
	if (opp->state != HIP_STATE_I1_SENT ||
	    !ipv6_addr_equal(&pkt->dst, &opp->local_locator)) {
		HIP_INC_STATS(hn, CTRL_STATE);
		return true;
	}
	/* step 9: its HIT is not to be kept, and that is what we are here for */
	if (hip_msg_is_anonymous(msg)) {
		HIP_INC_STATS(hn, R1_ANONYMOUS);
		return true;
	}
	/* section 4.1.8: it can't be verified, so nothing of it is used */
	if (!hip_rhash_len(hip_hit_suite(&msg->sender_hit))) {
		HIP_INC_STATS(hn, CTRL_HIT);
		return true;
	}
	if (!hip_access_caller(opp->identity, &msg->sender_hit)) {
		HIP_INC_STATS(hn, R1_POLICY);
		hip_assoc_hint(opp, HIP_REASON_POLICY);
		return true;
	}
	return false;
}

/* Gives the R1 to the association that it is for. The state of @opp is no longer
 * needed if that is true.
 */
static bool hip_opportunistic_hand_over(struct hip_assoc *opp,
					struct hip_assoc *assoc,
					struct hip_ctrl_packet *pkt)
{
	bool adopted = false;

	if (READ_ONCE(assoc->dead))
		return false;

	switch ((enum hip_state)assoc->state) {
	case HIP_STATE_R2_SENT:
	case HIP_STATE_ESTABLISHED:
		/* The peer has proved already that it is there */
		if (!ipv6_addr_equal(&assoc->peer_locator, &pkt->src))
			break;
		hip_opportunistic_learnt(assoc);
		return true;
	case HIP_STATE_I1_SENT:
	case HIP_STATE_I2_SENT:
		break;
	case HIP_STATE_CLOSED:
		if (assoc->i1_outstanding)
			break;
		fallthrough;
	default:
		hip_bex_adopt(assoc, opp);
		adopted = true;
	}
	hip_bex_rx_r1(assoc, pkt);

	if (assoc->state == HIP_STATE_I2_SENT &&
	    ipv6_addr_equal(&assoc->peer_locator, &pkt->src)) {
		assoc->learn = true;
		return true;
	}
	/* The R1 was forged, or does not suit us */
	if (READ_ONCE(assoc->hint) != HIP_REASON_NONE)
		hip_assoc_hint(opp, assoc->hint);
	if (assoc->doomed != HIP_REASON_NONE)
		hip_bex_doom(opp, assoc->doomed);
	if (adopted && assoc->state == HIP_STATE_I1_SENT &&
	    skb_queue_empty_lockless(&assoc->queue))
		hip_assoc_kill(assoc, HIP_REASON_NONE);
	return false;
}

/**
 * hip_opportunistic_rx_r1() - an R1 came from where we asked
 * @opp: association without the peer's HIT; its mutex is held
 * @pkt: the packet
 *
 * Process context on hip_net::wq; sleeps in upcalls.  RFC 7401, sections 4.1.8
 * and 6.8.
 */
void hip_opportunistic_rx_r1(struct hip_assoc *opp, struct hip_ctrl_packet *pkt)
{
	struct hip_assoc *assoc;
	bool done;

	lockdep_assert_held(&opp->mutex);

	if (hip_opportunistic_r1_bad(opp, pkt))
		return;
	assoc = hip_assoc_find_or_create(opp->hn, &opp->key.local,
					 &pkt->msg.sender_hit, GFP_KERNEL);
	if (IS_ERR(assoc)) {
		hip_ctrl_count_no_assoc(opp->hn, PTR_ERR(assoc));
		if (PTR_ERR(assoc) == -ENOSPC)
			hip_assoc_hint(opp, HIP_REASON_LIMIT);
		return;
	}
	/* One without a HIT, then one with: never the other way */
	mutex_lock_nested(&assoc->mutex, SINGLE_DEPTH_NESTING);
	done = hip_opportunistic_hand_over(opp, assoc, pkt);
	mutex_unlock(&assoc->mutex);
	hip_assoc_put(assoc);

	if (done)
		hip_assoc_kill(opp, HIP_REASON_REPLACED);
}

/* From now on the peer is configured.  What the administrator has said of it counts
 * more, but where it is he may have left open.
 */
static int hip_opportunistic_keep(struct hip_assoc *assoc)
{
	struct hip_peer peer = {
		.hit = assoc->key.peer,
		.n_locators = 1,
	};
	struct hip_peer *old;
	bool known = true;
	int err;

	hip_peer_defaults(&peer);
	peer.locators[0] = assoc->peer_locator;
	err = hip_peer_add(assoc->hn, &peer, false, NULL);
	if (err != -EEXIST)
		return err;

	old = hip_peer_find(assoc->hn, &peer.hit);
	if (old) {
		known = old->n_locators;
		hip_peer_put(old);
	}
	return known ? 0 : hip_peer_add(assoc->hn, &peer, true, NULL);
}

/**
 * hip_opportunistic_learnt() - a peer has proved that it has the HIT it said
 * @assoc: association whose R2 was verified, or an I2; its mutex is held
 *
 * Process context.  Does nothing unless somebody wanted to learn the HIT; the
 * peer may have begun the exchange meanwhile.  From now on the peer is
 * configured: what calls it later calls this HIT, and takes no other.  Where there
 * is no room for another peer, the call has failed, though there is an association.
 */
void hip_opportunistic_learnt(struct hip_assoc *assoc)
{
	struct hip_assoc *opp;
	int err;

	lockdep_assert_held(&assoc->mutex);

	if (assoc->peer_anonymous)
		return;
	opp = hip_assoc_find(assoc->hn, &assoc->key.local,
			     &assoc->peer_locator);
	if (opp)
		hip_assoc_kill(opp, HIP_REASON_REPLACED);
	else if (!assoc->learn)
		return;
	hip_assoc_put(opp);
	assoc->learn = false;
	err = hip_opportunistic_keep(assoc);
	if (!err) {
		hip_event_learnt(assoc);
		return;
	}
	if (err == -ENOMEM)
		HIP_INC_STATS(assoc->hn, CTRL_NOMEM);
	hip_event_failure(assoc, err == -ENOSPC ? HIP_REASON_LIMIT :
						  HIP_REASON_NO_MEMORY);
}
