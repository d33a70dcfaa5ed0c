// SPDX-License-Identifier: GPL-2.0
/*
 * How HIP control packets and the ICMP messages about them leave.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/ktime.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <net/dst.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/route.h>

#include "ctrl.h"
#include "hit.h"
#include "net.h"
#include "ratelimit.h"
#include "stats.h"
#include "wire.h"

/* The skb of a control packet with @hlen octets of room for the IP header, or
 * NULL.  HIP packets may be longer than the path's MTU; then the source
 * fragments them (RFC 7401, section 5.1.3), hence ignore_df.
 */
static struct sk_buff *hip_ctrl_alloc_skb(const struct dst_entry *dst,
					  unsigned int hlen,
					  const void *pkt, size_t len)
{
	unsigned int headroom = LL_RESERVED_SPACE(dst->dev) + dst->header_len +
				hlen;
	struct sk_buff *skb;

	skb = alloc_skb(headroom + len, GFP_ATOMIC);
	if (!skb)
		return NULL;
	skb_reserve(skb, headroom);
	skb_put_data(skb, pkt, len);
	skb_reset_transport_header(skb);
	memset(skb->cb, 0, sizeof(skb->cb));
	skb->ignore_df = 1;
	return skb;
}

/* HIP must not depend on itself: a locator behind hip0 is none */
static bool hip_ctrl_dst_ok(struct hip_net *hn, const struct dst_entry *dst)
{
	return dst->dev != rcu_access_pointer(hn->dev);
}

/* A queue that is full says so with a positive number */
static int hip_ctrl_xmit_errno(int err)
{
	err = net_xmit_eval(err);
	return err > 0 ? -ENOBUFS : err;
}

static int hip_ctrl_send4(struct hip_net *hn, struct in6_addr *src,
			  const struct in6_addr *dst, const void *pkt,
			  size_t len)
{
	struct flowi4 fl4 = {
		.flowi4_proto = HIP_PROTO,
		.saddr = ipv6_addr_any(src) ? 0 : src->s6_addr32[3],
		.daddr = dst->s6_addr32[3],
	};
	struct sk_buff *skb;
	struct rtable *rt;
	struct iphdr *iph;

	rt = ip_route_output_key(hn->net, &fl4);
	if (IS_ERR(rt))
		return PTR_ERR(rt);
	if (!hip_ctrl_dst_ok(hn, &rt->dst)) {
		ip_rt_put(rt);
		return -ELOOP;
	}
	if (rt->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST)) {
		ip_rt_put(rt);
		return -EACCES;
	}
	skb = hip_ctrl_alloc_skb(&rt->dst, sizeof(*iph), pkt, len);
	if (!skb) {
		ip_rt_put(rt);
		return -ENOMEM;
	}
	ipv6_addr_set_v4mapped(fl4.saddr, src);
	hip_checksum_set(skb->data, len, src, dst);

	iph = skb_push(skb, sizeof(*iph));
	skb_reset_network_header(skb);
	memset(iph, 0, sizeof(*iph));
	iph->version = 4;
	iph->ihl = sizeof(*iph) >> 2;
	iph->ttl = ip4_dst_hoplimit(&rt->dst);
	iph->protocol = HIP_PROTO;
	iph->saddr = fl4.saddr;
	iph->daddr = fl4.daddr;
	skb->protocol = htons(ETH_P_IP);
	skb_dst_set(skb, &rt->dst);
	ip_select_ident(hn->net, skb, NULL);

	return hip_ctrl_xmit_errno(ip_local_out(hn->net, NULL, skb));
}

static int hip_ctrl_send6(struct hip_net *hn, struct in6_addr *src,
			  const struct in6_addr *dst, const void *pkt,
			  size_t len)
{
	struct flowi6 fl6 = {
		.flowi6_proto = HIP_PROTO,
		.saddr = *src,
		.daddr = *dst,
	};
	struct dst_entry *d;
	struct ipv6hdr *iph;
	struct sk_buff *skb;

	/* Routing does not care whether the source is ours, for IPv6 */
	if (!ipv6_addr_any(src) && !ipv6_chk_addr(hn->net, src, NULL, 0))
		return -EADDRNOTAVAIL;

	d = ip6_dst_lookup_flow(hn->net, NULL, &fl6, NULL);
	if (IS_ERR(d))
		return PTR_ERR(d);
	if (!hip_ctrl_dst_ok(hn, d)) {
		dst_release(d);
		return -ELOOP;
	}
	/* Source selection takes what it finds, so perhaps a HIT of ours */
	if (ipv6_addr_any(&fl6.saddr) || hip_is_hit(&fl6.saddr)) {
		dst_release(d);
		return -EADDRNOTAVAIL;
	}
	skb = hip_ctrl_alloc_skb(d, sizeof(*iph), pkt, len);
	if (!skb) {
		dst_release(d);
		return -ENOMEM;
	}
	*src = fl6.saddr;
	hip_checksum_set(skb->data, len, src, dst);

	iph = skb_push(skb, sizeof(*iph));
	skb_reset_network_header(skb);
	ip6_flow_hdr(iph, 0, 0);
	iph->payload_len = htons(len);
	iph->nexthdr = HIP_PROTO;
	iph->hop_limit = ip6_dst_hoplimit(d);
	iph->saddr = fl6.saddr;
	iph->daddr = fl6.daddr;
	skb->protocol = htons(ETH_P_IPV6);
	skb_dst_set(skb, d);

	return hip_ctrl_xmit_errno(ip6_local_out(hn->net, NULL, skb));
}

/**
 * hip_ctrl_send() - send a HIP packet
 * @hn: namespace
 * @src: source address, IPv4-mapped for IPv4; any: routing chooses, and on
 *	success it is set to what was chosen
 * @dst: destination address, IPv4-mapped for IPv4
 * @pkt: the packet; only its Checksum is missing, which depends on the addresses
 *	(RFC 7401, section 5.1.1); copied
 * @len: octets of @pkt
 *
 * Process or softirq context.  The packet may be longer than the MTU.
 *
 * Return: 0, -EADDRNOTAVAIL for a source that is not ours or a destination that
 * is none (a HIT), -EAFNOSUPPORT if @src and @dst are of different families,
 * -ELOOP if the route leads to hip0, -ENOMEM, or what routing or the network
 * says.  Errors are counted.
 */
int hip_ctrl_send(struct hip_net *hn, struct in6_addr *src,
		  const struct in6_addr *dst, const void *pkt, size_t len)
{
	bool v4 = ipv6_addr_v4mapped(dst);
	int err;

	rcu_read_lock();
	if (ipv6_addr_any(dst) || hip_is_hit(dst) || hip_is_hit(src))
		err = -EADDRNOTAVAIL;
	else if (!ipv6_addr_any(src) && ipv6_addr_v4mapped(src) != v4)
		err = -EAFNOSUPPORT;
	else if (v4)
		err = hip_ctrl_send4(hn, src, dst, pkt, len);
	else
		err = hip_ctrl_send6(hn, src, dst, pkt, len);
	rcu_read_unlock();

	if (err)
		HIP_INC_STATS(hn, CTRL_TX_ERROR);
	return err;
}

/**
 * hip_ctrl_ratelimit() - may one more be sent?
 * @hn: namespace
 * @rl: a token bucket of it
 * @rate: packets per second, 0: no limit
 *
 * Process or softirq context.  The caller counts what is not sent.
 *
 * Return: true if it may.
 */
bool hip_ctrl_ratelimit(struct hip_net *hn, struct hip_ratelimit *rl, u32 rate)
{
	bool ok;

	if (!rate)
		return true;
	spin_lock_bh(&rl->lock);
	ok = hip_ratelimit_take(&rl->last, &rl->tokens, ktime_get_ns(), rate);
	spin_unlock_bh(&rl->lock);
	return ok;
}

/* The bucket that NOTIFY and ICMP share, RFC 4443 section 2.4 (f) */
static bool hip_ctrl_icmp_allowed(struct hip_net *hn)
{
	if (hip_ctrl_ratelimit(hn, &hn->notify_tokens,
			       READ_ONCE(hn->config.notify_rate)))
		return true;
	HIP_INC_STATS(hn, CTRL_NOTIFY_RATE);
	return false;
}

/**
 * hip_ctrl_param_problem() - answer a packet with ICMP Parameter Problem
 * @hn: namespace
 * @skb: received packet, whose data starts at the HIP or ESP header; not consumed
 * @offset: of the bad octet from there
 *
 * Softirq.  RFC 7401, sections 4.3 and 5.4; limited by config.notify_rate.  The pointer
 * of ICMPv4 has eight bits: what it can't point to is not reported.
 */
void hip_ctrl_param_problem(struct hip_net *hn, struct sk_buff *skb,
			    unsigned int offset)
{
	unsigned int pos = skb->data - skb_network_header(skb) + offset;

	if (skb->protocol == htons(ETH_P_IP) && pos > U8_MAX)
		return;
	if (!hip_ctrl_icmp_allowed(hn))
		return;
	if (skb->protocol == htons(ETH_P_IP))
		icmp_send(skb, ICMP_PARAMETERPROB, 0, htonl(pos << 24));
	else
		icmpv6_send(skb, ICMPV6_PARAMPROB, ICMPV6_HDR_FIELD, pos);
}

/**
 * hip_ctrl_prohibited() - answer an I1 or I2 with ICMP Destination Unreachable
 * @hn: namespace
 * @skb: received packet; not consumed
 *
 * Softirq.  RFC 7401, sections 4.1.5 and 6.7: communication administratively
 * prohibited; limited by config.notify_rate.
 */
void hip_ctrl_prohibited(struct hip_net *hn, struct sk_buff *skb)
{
	if (!hip_ctrl_icmp_allowed(hn))
		return;
	if (skb->protocol == htons(ETH_P_IP))
		icmp_send(skb, ICMP_DEST_UNREACH, ICMP_PKT_FILTERED, 0);
	else
		icmpv6_send(skb, ICMPV6_DEST_UNREACH, ICMPV6_ADM_PROHIBITED, 0);
}
