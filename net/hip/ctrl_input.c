// SPDX-License-Identifier: GPL-2.0
/*
 * How HIP control packets arrive: IP protocol 139.
 *
 * Softirq does what is cheap and needs no state: it checks the packet's form,
 * finds the identity it is for, answers I1s from the pool of pre-signed R1s and
 * checks the puzzle of I2s.  A packet that gets further is copied and waits for
 * the worker of its association.  What a stranger can make us spend is bounded
 * at each step, and each step has a counter.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/overflow.h>
#include <linux/printk.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/protocol.h>
#include <net/route.h>

#include "access.h"
#include "assoc.h"
#include "bex_policy.h"
#include "ctrl.h"
#include "hit.h"
#include "i1.h"
#include "identity.h"
#include "net.h"
#include "netlink.h"
#include "param.h"
#include "puzzle.h"
#include "r1.h"
#include "stats.h"
#include "wire.h"

/**
 * struct hip_ctrl_rx - a packet on its way through softirq
 * @hn: namespace
 * @skb: the packet; its data starts at the HIP header, which is linear for the
 *	whole length that it states
 * @src: outer source, IPv4-mapped for IPv4
 * @dst: outer destination
 * @id: the local identity that it is for; valid under RCU
 * @msg: the packet, parsed
 */
struct hip_ctrl_rx {
	struct hip_net *hn;
	struct sk_buff *skb;
	struct in6_addr src;
	struct in6_addr dst;
	struct hip_identity *id;
	struct hip_msg msg;
};

/* Packets for the worker */

/* The I2s of strangers must not take the places of who is no stranger */
static atomic_t *hip_ctrl_pending(struct hip_net *hn, u8 type)
{
	return type == HIP_PKT_I2 ? &hn->n_i2_pending : &hn->n_ctrl_pending;
}

static struct hip_ctrl_packet *hip_ctrl_packet_alloc(const struct hip_ctrl_rx *rx)
{
	struct hip_net *hn = rx->hn;
	struct hip_ctrl_packet *pkt;
	u8 type = rx->msg.type;
	u16 len = rx->msg.len;

	if (!atomic_add_unless(hip_ctrl_pending(hn, type), 1,
			       READ_ONCE(hn->config.max_ctrl_pending))) {
		HIP_INC_STATS(hn, CTRL_BACKLOG);
		return NULL;
	}
	pkt = kmalloc(struct_size(pkt, data, len), GFP_ATOMIC | __GFP_NOWARN);
	if (!pkt) {
		atomic_dec(hip_ctrl_pending(hn, type));
		HIP_INC_STATS(hn, CTRL_NOMEM);
		return NULL;
	}
	pkt->type = type;
	pkt->src = rx->src;
	pkt->dst = rx->dst;
	pkt->len = len;
	memcpy(pkt->data, rx->msg.data, len);
	/* The index must describe the copy, whatever happens to the skb */
	if (hip_msg_parse(&pkt->msg, pkt->data, len)) {
		hip_ctrl_packet_free(hn, pkt);
		return NULL;
	}
	return pkt;
}

/**
 * hip_ctrl_packet_free() - free a control packet and make room for another
 * @hn: namespace
 * @pkt: packet, on no list
 *
 * Any context but hard interrupts.
 */
void hip_ctrl_packet_free(struct hip_net *hn, struct hip_ctrl_packet *pkt)
{
	atomic_dec(hip_ctrl_pending(hn, pkt->type));
	kfree_sensitive(pkt);
}

/**
 * hip_ctrl_queue() - leave a packet to the worker of an association
 * @assoc: association, which the caller has a reference to
 * @pkt: packet; consumed
 *
 * Softirq, under RCU.
 *
 * Return: 0, -ENOBUFS if too many wait already, or -ESHUTDOWN if the
 * association is dead or its namespace goes away; counted.
 */
int hip_ctrl_queue(struct hip_assoc *assoc, struct hip_ctrl_packet *pkt)
{
	struct hip_net *hn = assoc->hn;
	int err = 0;

	/* Whoever buries the association sets @dead before it empties the
	 * queue, and whoever ends the namespace waits for us after @dying.
	 */
	spin_lock_bh(&assoc->ctrl_lock);
	if (READ_ONCE(assoc->dead) || READ_ONCE(hn->dying)) {
		err = -ESHUTDOWN;
	} else if (assoc->ctrl_queued >= HIP_ASSOC_CTRL_MAX) {
		err = -ENOBUFS;
	} else {
		list_add_tail(&pkt->list, &assoc->ctrl_queue);
		assoc->ctrl_queued++;
	}
	spin_unlock_bh(&assoc->ctrl_lock);

	if (err) {
		if (err == -ENOBUFS)
			HIP_INC_STATS(hn, CTRL_BACKLOG);
		else
			HIP_INC_STATS(hn, CTRL_DYING);
		hip_ctrl_packet_free(hn, pkt);
		return err;
	}
	refcount_inc(&assoc->refcnt);
	if (!queue_work(hn->wq, &assoc->ctrl_work))
		hip_assoc_put(assoc);
	return 0;
}

/* What each type of packet needs */

/* RFC 7401, section 4.1.5: who is refused is told by ICMP and not by a NOTIFY,
 * which would cost a signature.
 */
static bool hip_ctrl_blocked(const struct hip_ctrl_rx *rx,
			     enum hip_mib_item item)
{
	if (hip_access_callee(rx->id, &rx->msg.sender_hit, false))
		return false;
	hip_stats_add(rx->hn, item, 1);
	hip_ctrl_prohibited(rx->hn, rx->skb);
	return true;
}

/* RFC 7401, section 6.9 step 17.  What an I2 says of itself is not verified yet,
 * but nobody else gains by it that a host is refused.
 */
static bool hip_ctrl_unnamed(const struct hip_ctrl_rx *rx)
{
	if (!hip_msg_is_anonymous(&rx->msg) ||
	    hip_access_callee(rx->id, &rx->msg.sender_hit, true))
		return false;
	HIP_INC_STATS(rx->hn, I2_ANONYMOUS);
	hip_ctrl_prohibited(rx->hn, rx->skb);
	return true;
}

/* RFC 7401, section 6.7 step 3: at simultaneous I1s the greater HIT responds */
static bool hip_ctrl_i1_yields(const struct hip_ctrl_rx *rx)
{
	const struct in6_addr *local = &rx->id->hit;
	const struct in6_addr *peer = &rx->msg.sender_hit;
	const struct hip_assoc *assoc;

	assoc = hip_assoc_lookup(rx->hn, local, peer);
	return assoc && !hip_policy_answer_i1(READ_ONCE(assoc->state),
					      hip_hit_cmp(local, peer));
}

static void hip_ctrl_rx_i1(struct hip_ctrl_rx *rx)
{
	struct hip_net *hn = rx->hn;
	u8 *buf;
	int len;

	if (hip_ctrl_blocked(rx, HIP_MIB_I1_POLICY))
		return;
	if (hip_ctrl_i1_yields(rx)) {
		HIP_INC_STATS(hn, CTRL_SIMULTANEOUS);
		return;
	}
	if (!hip_i1_allowed(hn, &rx->src, &rx->msg))
		return;
	buf = kmalloc(HIP_MAX_LEN, GFP_ATOMIC | __GFP_NOWARN);
	if (!buf) {
		HIP_INC_STATS(hn, CTRL_NOMEM);
		return;
	}
	len = hip_r1_answer(rx->id, &rx->msg, &rx->src, &rx->dst, buf,
			    HIP_MAX_LEN);
	if (len < 0) {
		HIP_INC_STATS(hn, CTRL_NO_R1);
		/* Being made, or impossible for now: say only the latter */
		if (READ_ONCE(rx->id->r1.error))
			hip_ctrl_prohibited(hn, rx->skb);
	} else if (!hip_ctrl_send(hn, &rx->dst, &rx->src, buf, len)) {
		HIP_INC_STATS(hn, R1_TX);
	}
	kfree(buf);
}

/* Was this I2 worth the Initiator's while?  RFC 7401, sections 4.1.2, 5.4.3 and
 * 6.9 steps 1, 7 and 8, and Appendix A.
 */
static bool hip_ctrl_puzzle_ok(struct hip_ctrl_rx *rx)
{
	const struct hip_msg *msg = &rx->msg;
	struct hip_net *hn = rx->hn;
	struct hip_solution sol;
	struct hip_r1 *r1;
	struct hip_dh dh;
	u64 counter;
	int err;

	if (hip_get_solution(msg, &sol) || hip_get_dh(msg, &dh)) {
		HIP_INC_STATS(hn, CTRL_PARAM_VALUE);
		return false;
	}
	/* Our R1s have one, so it must come back: section 5.2.3 */
	if (hip_get_r1_counter(msg, &counter)) {
		HIP_INC_STATS(hn, CTRL_MISSING);
		return false;
	}
	r1 = hip_r1_find(rx->id, dh.group, counter);
	if (IS_ERR(r1)) {
		if (PTR_ERR(r1) == -ESTALE)
			HIP_INC_STATS(hn, PUZZLE_STALE);
		else
			HIP_INC_STATS(hn, R1_COUNTER_OLD);
		return false;
	}
	if (sol.k == r1->k)
		err = hip_puzzle_accept(r1->secret, r1->k, sol.opaque,
					&msg->sender_hit, &msg->receiver_hit,
					&rx->src, &rx->dst, sol.i, sol.j,
					sol.rhash_len);
	else
		err = -EBADMSG;
	hip_r1_put(r1);

	if (!err)
		return true;
	HIP_INC_STATS(hn, PUZZLE_BAD);
	hip_ctrl_param_problem(hn, rx->skb, sol.j - msg->data);
	return false;
}

/**
 * hip_ctrl_count_no_assoc() - count a packet for which no association was made
 * @hn: namespace
 * @err: what hip_assoc_find_or_create() said, a negative errno
 *
 * Context: Any.
 */
void hip_ctrl_count_no_assoc(struct hip_net *hn, int err)
{
	switch (err) {
	case -ENOMEM:
		HIP_INC_STATS(hn, CTRL_NOMEM);
		break;
	case -ENOSPC:
		HIP_INC_STATS(hn, CTRL_HALF_OPEN);
		break;
	default:
		HIP_INC_STATS(hn, CTRL_DYING);
		break;
	}
}

static void hip_ctrl_rx_i2(struct hip_ctrl_rx *rx)
{
	struct hip_net *hn = rx->hn;
	struct hip_ctrl_packet *pkt;
	struct hip_assoc *assoc;

	if (hip_ctrl_blocked(rx, HIP_MIB_I2_POLICY) ||
	    hip_ctrl_unnamed(rx))
		return;
	/* section 6.9 step 3 */
	if (!hip_rhash_len(hip_hit_suite(&rx->msg.sender_hit))) {
		HIP_INC_STATS(hn, CTRL_HIT);
		return;
	}
	if (!hip_ctrl_puzzle_ok(rx))
		return;
	hip_load_note(hn);

	pkt = hip_ctrl_packet_alloc(rx);
	if (!pkt)
		return;
	assoc = hip_assoc_find_or_create(hn, &rx->msg.receiver_hit,
					 &rx->msg.sender_hit, GFP_ATOMIC);
	if (IS_ERR(assoc)) {
		hip_ctrl_count_no_assoc(hn, PTR_ERR(assoc));
		hip_ctrl_packet_free(hn, pkt);
		return;
	}
	hip_ctrl_queue(assoc, pkt);
	hip_assoc_put(assoc);
}

/* Addresses do not count, but who has not known the Responder's HIT knows where
 * he asked: RFC 7401, section 6.8 step 1.
 */
static struct hip_assoc *hip_ctrl_find_assoc(const struct hip_ctrl_rx *rx)
{
	const struct hip_msg *msg = &rx->msg;
	struct hip_assoc *assoc, *opp;

	assoc = hip_assoc_find(rx->hn, &msg->receiver_hit, &msg->sender_hit);
	if (msg->type != HIP_PKT_R1 ||
	    (assoc && READ_ONCE(assoc->state) == HIP_STATE_I1_SENT))
		return assoc;
	opp = hip_assoc_find(rx->hn, &msg->receiver_hit, &rx->src);
	if (!opp)
		return assoc;
	hip_assoc_put(assoc);
	return opp;
}

/* R1, R2, NOTIFY, CLOSE and CLOSE_ACK: only for those we know */
static void hip_ctrl_rx_known(struct hip_ctrl_rx *rx)
{
	struct hip_net *hn = rx->hn;
	struct hip_ctrl_packet *pkt;
	struct hip_assoc *assoc;

	assoc = hip_ctrl_find_assoc(rx);
	if (!assoc) {
		HIP_INC_STATS(hn, CTRL_NO_ASSOC);
		/* section 5.4.4; it forbids this for R1, R2 and NOTIFY */
		if (rx->msg.type == HIP_PKT_CLOSE)
			hip_ctrl_param_problem(hn, rx->skb,
					       offsetof(struct hip_hdr,
							sender_hit));
		return;
	}
	pkt = hip_ctrl_packet_alloc(rx);
	if (pkt)
		hip_ctrl_queue(assoc, pkt);
	hip_assoc_put(assoc);
}

static void hip_ctrl_dispatch(struct hip_ctrl_rx *rx)
{
	struct hip_net *hn = rx->hn;

	switch (rx->msg.type) {
	case HIP_PKT_I1:
		HIP_INC_STATS(hn, I1_RX);
		hip_ctrl_rx_i1(rx);
		break;
	case HIP_PKT_I2:
		HIP_INC_STATS(hn, I2_RX);
		hip_ctrl_rx_i2(rx);
		break;
	case HIP_PKT_R1:
		HIP_INC_STATS(hn, R1_RX);
		hip_ctrl_rx_known(rx);
		break;
	case HIP_PKT_R2:
		HIP_INC_STATS(hn, R2_RX);
		hip_ctrl_rx_known(rx);
		break;
	case HIP_PKT_NOTIFY:
		HIP_INC_STATS(hn, NOTIFY_RX);
		hip_ctrl_rx_known(rx);
		break;
	case HIP_PKT_CLOSE:
		HIP_INC_STATS(hn, CLOSE_RX);
		hip_ctrl_rx_known(rx);
		break;
	case HIP_PKT_CLOSE_ACK:
		HIP_INC_STATS(hn, CLOSE_ACK_RX);
		hip_ctrl_rx_known(rx);
		break;
	case HIP_PKT_UPDATE:
		HIP_INC_STATS(hn, UPDATE_RX);
		hip_ctrl_rx_known(rx);
		break;
	default:
		HIP_INC_STATS(hn, CTRL_TYPE);
		break;
	}
}

/* The checks that all packets have in common */

static bool hip_ctrl_type_known(u8 type)
{
	switch (type & HIP_TYPE_MASK) {
	case HIP_PKT_I1:
	case HIP_PKT_R1:
	case HIP_PKT_I2:
	case HIP_PKT_R2:
	case HIP_PKT_UPDATE:
	case HIP_PKT_NOTIFY:
	case HIP_PKT_CLOSE:
	case HIP_PKT_CLOSE_ACK:
		return true;
	default:
		return false;
	}
}

/* HITs are no places, and the answer must go to one host */
static bool hip_ctrl_source_ok(const struct hip_ctrl_rx *rx)
{
	const struct sk_buff *skb = rx->skb;
	__be32 v4 = rx->src.s6_addr32[3];

	if (skb->pkt_type != PACKET_HOST || hip_is_hit(&rx->src) ||
	    hip_is_hit(&rx->dst) ||
	    skb->dev == rcu_access_pointer(rx->hn->dev))
		return false;
	if (skb->protocol == htons(ETH_P_IP))
		return !ipv4_is_zeronet(v4) && !ipv4_is_lbcast(v4) &&
		       !(skb_rtable(skb)->rt_flags &
			 (RTCF_BROADCAST | RTCF_MULTICAST));
	return !ipv6_addr_any(&rx->src) && !ipv6_addr_is_multicast(&rx->dst);
}

/* RFC 7401, sections 5.1 and 5.1.1.  Returns the octets of the packet, which
 * are linear then, or 0.  Octets behind them are ignored.
 */
static unsigned int hip_ctrl_check_header(const struct hip_ctrl_rx *rx)
{
	struct sk_buff *skb = rx->skb;
	struct hip_net *hn = rx->hn;
	const struct hip_hdr *hdr;
	unsigned int len;

	if (!pskb_may_pull(skb, HIP_HDR_LEN)) {
		HIP_INC_STATS(hn, CTRL_TRUNCATED);
		return 0;
	}
	hdr = (const struct hip_hdr *)skb->data;
	if (hdr->version >> HIP_VERSION_SHIFT != HIP_VERSION) {
		HIP_INC_STATS(hn, CTRL_VERSION);
		hip_ctrl_param_problem(hn, skb,
				       offsetof(struct hip_hdr, version));
		return 0;
	}
	if (hdr->header_len < HIP_HDR_LEN_MIN) {
		HIP_INC_STATS(hn, CTRL_LENGTH);
		return 0;
	}
	len = (hdr->header_len + 1) * HIP_HDR_LEN_UNIT;
	if (len > skb->len) {
		HIP_INC_STATS(hn, CTRL_TRUNCATED);
		return 0;
	}
	if (!hip_ctrl_type_known(hdr->type)) {
		HIP_INC_STATS(hn, CTRL_TYPE);
		return 0;
	}
	if (!pskb_may_pull(skb, len)) {
		HIP_INC_STATS(hn, CTRL_NOMEM);
		return 0;
	}
	/* never answered: section 5.4.2 */
	if (!hip_checksum_ok(skb->data, len, &rx->src, &rx->dst)) {
		HIP_INC_STATS(hn, CTRL_CHECKSUM);
		return 0;
	}
	return len;
}

/* An Initiator that does not know our HIT: RFC 7401, section 4.1.8 */
static bool hip_ctrl_choose_identity(struct hip_ctrl_rx *rx,
				     const struct in6_addr *sender)
{
	const struct hip_hdr *hdr = (const struct hip_hdr *)rx->skb->data;
	struct hip_net *hn = rx->hn;

	if ((hdr->type & HIP_TYPE_MASK) != HIP_PKT_I1 ||
	    !READ_ONCE(hn->config.opportunistic)) {
		HIP_INC_STATS(hn, CTRL_OPPORTUNISTIC);
		return false;
	}
	rx->id = hip_identity_choose(hn, hip_hit_suite(sender));
	if (!rx->id) {
		HIP_INC_STATS(hn, CTRL_NO_IDENTITY);
		return false;
	}
	/* It has asked itself */
	if (ipv6_addr_equal(&rx->id->hit, sender)) {
		HIP_INC_STATS(hn, CTRL_HIT);
		return false;
	}
	return true;
}

static bool hip_ctrl_check_hits(struct hip_ctrl_rx *rx)
{
	const struct hip_hdr *hdr = (const struct hip_hdr *)rx->skb->data;
	struct in6_addr sender, receiver;

	memcpy(&sender, hdr->sender_hit, sizeof(sender));
	memcpy(&receiver, hdr->receiver_hit, sizeof(receiver));

	if (!hip_is_hit(&sender) || ipv6_addr_equal(&sender, &receiver)) {
		HIP_INC_STATS(rx->hn, CTRL_HIT);
		return false;
	}
	if (ipv6_addr_any(&receiver))
		return hip_ctrl_choose_identity(rx, &sender);
	rx->id = hip_identity_lookup(rx->hn, &receiver);
	if (!rx->id) {
		HIP_INC_STATS(rx->hn, CTRL_NO_IDENTITY);
		return false;
	}
	return true;
}

static void hip_ctrl_count_parse_error(struct hip_net *hn, int err)
{
	static const enum hip_mib_item item[HIP_PARSE_ERROR_MAX] = {
		[HIP_PARSE_TRUNCATED] = HIP_MIB_CTRL_TRUNCATED,
		[HIP_PARSE_VERSION] = HIP_MIB_CTRL_VERSION,
		[HIP_PARSE_LENGTH] = HIP_MIB_CTRL_LENGTH,
		[HIP_PARSE_TYPE] = HIP_MIB_CTRL_TYPE,
		[HIP_PARSE_TLV_LENGTH] = HIP_MIB_CTRL_TLV_LENGTH,
		[HIP_PARSE_ORDER] = HIP_MIB_CTRL_ORDER,
		[HIP_PARSE_DUPLICATE] = HIP_MIB_CTRL_DUPLICATE,
		[HIP_PARSE_CRITICAL] = HIP_MIB_CTRL_CRITICAL,
		[HIP_PARSE_PARAM_LENGTH] = HIP_MIB_CTRL_PARAM_LENGTH,
		[HIP_PARSE_PARAM_VALUE] = HIP_MIB_CTRL_PARAM_VALUE,
		[HIP_PARSE_MISSING] = HIP_MIB_CTRL_MISSING,
	};

	if (WARN_ON_ONCE(err >= 0 || -err >= HIP_PARSE_ERROR_MAX))
		return;
	hip_stats_add(hn, item[-err], 1);
}

/* Under RCU; the caller frees the packet */
static void hip_ctrl_rx(struct hip_ctrl_rx *rx)
{
	struct hip_net *hn = rx->hn;
	unsigned int len;
	int err;

	if (READ_ONCE(hn->dying)) {
		HIP_INC_STATS(hn, CTRL_DYING);
		return;
	}
	if (!hip_ctrl_source_ok(rx)) {
		HIP_INC_STATS(hn, CTRL_SOURCE);
		return;
	}
	len = hip_ctrl_check_header(rx);
	if (!len || !hip_ctrl_check_hits(rx))
		return;
	err = hip_msg_parse(&rx->msg, rx->skb->data, len);
	if (err) {
		hip_ctrl_count_parse_error(hn, err);
		/* section 6.8.1: who sent an R1 has no use for an answer */
		if (rx->msg.type != HIP_PKT_R1)
			hip_ctrl_param_problem(hn, rx->skb,
					       rx->msg.err_offset);
		return;
	}
	hip_ctrl_dispatch(rx);
}

static int hip_ctrl_rcv4(struct sk_buff *skb)
{
	struct hip_ctrl_rx rx = {
		.hn = hip_pernet(dev_net(skb->dev)),
		.skb = skb,
	};

	ipv6_addr_set_v4mapped(ip_hdr(skb)->saddr, &rx.src);
	ipv6_addr_set_v4mapped(ip_hdr(skb)->daddr, &rx.dst);
	hip_ctrl_rx(&rx);
	kfree_skb(skb);
	return 0;
}

static int hip_ctrl_rcv6(struct sk_buff *skb)
{
	struct hip_ctrl_rx rx = {
		.hn = hip_pernet(dev_net(skb->dev)),
		.skb = skb,
		.src = ipv6_hdr(skb)->saddr,
		.dst = ipv6_hdr(skb)->daddr,
	};

	hip_ctrl_rx(&rx);
	kfree_skb(skb);
	return 0;
}

/* ICMP errors about packets of ours.  Anybody can forge them, so they are no
 * more than hints (RFC 7401, section 6.6.2).
 */

static int hip_ctrl_hint(struct sk_buff *skb, unsigned int offset,
			 const struct in6_addr *dst, u8 reason)
{
	struct hip_net *hn = hip_pernet(dev_net(skb->dev));
	struct in6_addr sender, receiver;
	const struct hip_hdr *hdr;
	struct hip_assoc *assoc;
	u8 state;

	/* IPv4 need not quote more than eight octets */
	if (READ_ONCE(hn->dying) || !pskb_may_pull(skb, offset + HIP_HDR_LEN))
		return -ENOENT;

	hdr = (const struct hip_hdr *)(skb->data + offset);
	memcpy(&sender, hdr->sender_hit, sizeof(sender));
	memcpy(&receiver, hdr->receiver_hit, sizeof(receiver));
	/* see opportunistic.c */
	if (ipv6_addr_any(&receiver))
		receiver = *dst;
	assoc = hip_assoc_lookup(hn, &sender, &receiver);
	if (!assoc)
		return -ENOENT;
	/* section 8: whoever has sent an I2 waits for the R2 */
	state = READ_ONCE(assoc->state);
	if (state == HIP_STATE_I1_SENT || state == HIP_STATE_CLOSED)
		hip_assoc_hint(assoc, reason);
	return 0;
}

static int hip_ctrl_err4(struct sk_buff *skb, u32 info)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	u8 reason = HIP_REASON_NO_ROUTE;
	struct in6_addr dst;

	ipv6_addr_set_v4mapped(iph->daddr, &dst);
	switch (icmp_hdr(skb)->type) {
	case ICMP_REDIRECT:
		ipv4_redirect(skb, dev_net(skb->dev), 0, HIP_PROTO);
		return 0;
	case ICMP_PARAMETERPROB:
		reason = HIP_REASON_REFUSED;
		break;
	case ICMP_DEST_UNREACH:
		switch (icmp_hdr(skb)->code) {
		case ICMP_FRAG_NEEDED:
			ipv4_update_pmtu(skb, dev_net(skb->dev), info, 0,
					 HIP_PROTO);
			return 0;
		case ICMP_PROT_UNREACH:
		case ICMP_NET_ANO:
		case ICMP_HOST_ANO:
		case ICMP_PKT_FILTERED:
			reason = HIP_REASON_REFUSED;
			break;
		}
		break;
	default:
		return 0;
	}
	return hip_ctrl_hint(skb, iph->ihl * 4, &dst, reason);
}

static int hip_ctrl_err6(struct sk_buff *skb, struct inet6_skb_parm *opt,
			 u8 type, u8 code, int offset, __be32 info)
{
	struct in6_addr dst = ((const struct ipv6hdr *)skb->data)->daddr;
	struct net *net = dev_net(skb->dev);
	u8 reason = HIP_REASON_NO_ROUTE;

	switch (type) {
	case NDISC_REDIRECT:
		ip6_redirect(skb, net, skb->dev->ifindex, 0,
			     sock_net_uid(net, NULL));
		return 0;
	case ICMPV6_PKT_TOOBIG:
		ip6_update_pmtu(skb, net, info, 0, 0, sock_net_uid(net, NULL));
		return 0;
	case ICMPV6_PARAMPROB:
		reason = HIP_REASON_REFUSED;
		break;
	case ICMPV6_DEST_UNREACH:
		if (code == ICMPV6_ADM_PROHIBITED ||
		    code == ICMPV6_POLICY_FAIL)
			reason = HIP_REASON_REFUSED;
		break;
	default:
		return 0;
	}
	return hip_ctrl_hint(skb, offset, &dst, reason);
}

/* HIP control packets are never subject to IPsec policies: RFC 7402 section 6 */
static const struct net_protocol hip_ctrl_protocol4 = {
	.handler	= hip_ctrl_rcv4,
	.err_handler	= hip_ctrl_err4,
	.no_policy	= 1,
};

static const struct inet6_protocol hip_ctrl_protocol6 = {
	.handler	= hip_ctrl_rcv6,
	.err_handler	= hip_ctrl_err6,
	.flags		= INET6_PROTO_NOPOLICY | INET6_PROTO_FINAL,
};

/**
 * hip_ctrl_net_init() - prepare the limits of a new namespace
 * @hn: namespace
 *
 * Return: 0 or -ENOMEM.
 */
int hip_ctrl_net_init(struct hip_net *hn)
{
	spin_lock_init(&hn->notify_tokens.lock);
	atomic_set(&hn->n_ctrl_pending, 0);
	atomic_set(&hn->n_i2_pending, 0);
	return hip_i1_net_init(hn);
}

/**
 * hip_ctrl_net_exit() - free what a namespace has
 * @hn: namespace, which no packet comes to any more
 */
void hip_ctrl_net_exit(struct hip_net *hn)
{
	WARN_ON_ONCE(atomic_read(&hn->n_ctrl_pending) ||
		     atomic_read(&hn->n_i2_pending));
	hip_i1_net_exit(hn);
}

/**
 * hip_ctrl_init() - receive HIP packets
 *
 * To be called when the namespaces are prepared.
 *
 * Return: 0, or -EAGAIN if somebody else receives protocol 139.
 */
int hip_ctrl_init(void)
{
	int err;

	err = inet_add_protocol(&hip_ctrl_protocol4, HIP_PROTO);
	if (err)
		goto err_taken;
	err = inet6_add_protocol(&hip_ctrl_protocol6, HIP_PROTO);
	if (err)
		goto err_protocol4;
	return 0;

err_protocol4:
	inet_del_protocol(&hip_ctrl_protocol4, HIP_PROTO);
err_taken:
	pr_err("IP protocol 139 is in use by another module\n");
	return -EAGAIN;
}

/**
 * hip_ctrl_exit() - stop receiving HIP packets
 *
 * When it returns no handler runs any more.
 */
void hip_ctrl_exit(void)
{
	/* both wait with synchronize_net() */
	inet6_del_protocol(&hip_ctrl_protocol6, HIP_PROTO);
	inet_del_protocol(&hip_ctrl_protocol4, HIP_PROTO);
}
