// SPDX-License-Identifier: GPL-2.0
/*
 * How is a received packet checked, decrypted and delivered?
 *
 * We share protocol 50 with the kernel's IPsec: what has no SPI of ours goes on
 * to it, untouched; what it does not know either is answered. Where a packet
 * came from is never a criterion, RFC 7402 3.3.4; only the SPI and the ICV are.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/route.h>
#include <net/xfrm.h>

#include "assoc.h"
#include "ctrl.h"
#include "device.h"
#include "esp.h"
#include "hit.h"
#include "net.h"
#include "sa.h"

/* IPsec is 0, its interfaces 10 and 100: a look-up of ours costs them less than
 * theirs would cost us
 */
#define HIP_ESP_PRIORITY	200

/* The packet is at fault if @error, we are otherwise; the reason is counted */
static void hip_esp_input_drop(struct hip_net *hn, struct sk_buff *skb,
			       bool error)
{
	struct net_device *dev = rcu_dereference(hn->dev);

	if (dev && error)
		DEV_STATS_INC(dev, rx_errors);
	else if (dev)
		DEV_STATS_INC(dev, rx_dropped);
	kfree_skb(skb);
}

/* The inner header in place of the outer one, RFC 7402 B.1.6 */
static void hip_esp_push_inner(struct hip_sa *sa, struct sk_buff *skb,
			       u8 nexthdr)
{
	const struct hip_beet_fields fields = HIP_ESP_CB(skb)->fields;
	const struct hip_assoc_key *hits = &sa->assoc->key;
	unsigned int len = skb->len;

	skb_reset_transport_header(skb);
	__skb_push(skb, sizeof(struct ipv6hdr));
	skb_reset_network_header(skb);
	skb_reset_mac_header(skb);
	skb_reset_mac_len(skb);
	hip_beet_to_ipv6(ipv6_hdr(skb), &fields, nexthdr, len,
			 &hits->peer, &hits->local);

	memset(skb->cb, 0, sizeof(skb->cb));
	skb_scrub_packet(skb, false);
	skb->protocol = htons(ETH_P_IPV6);
	skb->encapsulation = 0;
	/* The ICV vouches for what a checksum does */
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	skb->csum_level = ~0;
	skb->csum_valid = 0;
}

/* A packet whose ICV is right, from its ESP header on; consumes it */
static void hip_esp_deliver(struct hip_sa *sa, struct sk_buff *skb, u64 seq)
{
	const struct hip_beet_size *size = &sa->cipher.size;
	struct hip_net *hn = sa->hn;
	struct net_device *dev;
	u8 nexthdr;
	int len;

	if (unlikely(!hip_replay_commit(&sa->replay, seq))) {
		HIP_INC_STATS(hn, IN_REPLAY);
		goto error;
	}

	__skb_pull(skb, size->hdr_len);
	len = hip_beet_parse_trailer(skb->data, skb->len - size->icv_len,
				     &nexthdr);
	if (unlikely(len < 0)) {
		HIP_INC_STATS(hn, IN_PADDING);
		goto error;
	}
	/* GRO compares the lengths */
	__skb_trim(skb, len);

	hip_esp_touch(&sa->assoc->last_rx);
	if (unlikely(READ_ONCE(sa->first_data)) && xchg(&sa->first_data, false))
		hip_assoc_first_data(sa->assoc);

	if (unlikely(nexthdr == IPPROTO_NONE)) {
		HIP_INC_STATS(hn, IN_DUMMY);
		consume_skb(skb);
		return;
	}
	/* Options of an inner IPv4 header, which we never have */
	if (unlikely(nexthdr == IPPROTO_BEETPH)) {
		HIP_INC_STATS(hn, IN_PROTO);
		goto error;
	}

	dev = rcu_dereference(hn->dev);
	if (unlikely(!dev || !(dev->flags & IFF_UP))) {
		HIP_INC_STATS(hn, IN_DEV_DOWN);
		hip_esp_input_drop(hn, skb, false);
		return;
	}

	hip_esp_push_inner(sa, skb, nexthdr);
	hip_sa_count(sa, 1, skb->len);
	hip_device_receive(dev, skb);
	return;

error:
	hip_esp_input_drop(hn, skb, true);
}

static void hip_esp_drop_undecrypted(struct hip_sa *sa, struct sk_buff *skb,
				     int err)
{
	if (err == -EBADMSG)
		HIP_INC_STATS(sa->hn, IN_ICV);
	else
		HIP_INC_STATS(sa->hn, IN_CRYPTO);
	hip_esp_input_drop(sa->hn, skb, err == -EBADMSG);
}

/* Continues a packet that an asynchronous cipher is through with */
static void hip_esp_input_done(struct hip_esp_req *req)
{
	struct sk_buff *skb = req->skb;
	struct hip_sa *sa = req->sa;
	u64 seq = req->seq;
	int err = req->err;

	hip_esp_req_put(req);

	rcu_read_lock();
	if (likely(!err))
		hip_esp_deliver(sa, skb, seq);
	else
		hip_esp_drop_undecrypted(sa, skb, err);
	rcu_read_unlock();

	hip_sa_async_put(sa);
}

static void hip_esp_input_decrypt(struct hip_sa *sa, struct sk_buff *skb,
				  unsigned int crypt_len, u64 seq)
{
	struct hip_esp_req *req = hip_esp_req_get(&sa->cipher);
	int err;

	if (unlikely(!req)) {
		HIP_INC_STATS(sa->hn, IN_NOMEM);
		hip_esp_input_drop(sa->hn, skb, false);
		return;
	}

	err = hip_esp_decrypt(req, &sa->cipher, skb->data, crypt_len, seq);
	if (unlikely(err == -EINPROGRESS)) {
		HIP_INC_STATS(sa->hn, IN_ASYNC);
		req->sa = sa;
		req->skb = skb;
		req->done = hip_esp_input_done;
		hip_sa_async_get(sa);
		if (hip_esp_req_detach(req))
			return;
		hip_sa_async_put(sa);
		err = req->err;
	}

	hip_esp_req_put(req);
	if (likely(!err))
		hip_esp_deliver(sa, skb, seq);
	else
		hip_esp_drop_undecrypted(sa, skb, err);
}

/* Makes @skb linear and ours, with room for the inner header; NULL when that
 * failed
 */
static struct sk_buff *hip_esp_input_own(struct hip_sa *sa, struct sk_buff *skb)
{
	unsigned int headroom = sizeof(struct ipv6hdr) -
				sa->cipher.size.hdr_len;

	headroom = max_t(unsigned int, headroom, HIP_ESP_SCRATCH);
	if (likely(!skb_cloned(skb) && !skb_is_nonlinear(skb) &&
		   skb_headroom(skb) >= headroom))
		return skb;

	HIP_INC_STATS(sa->hn, IN_COPIED);
	/* The device below may be an Ethernet one to whoever looks at it */
	skb = hip_esp_copy(skb, headroom + NET_SKB_PAD, 0);
	if (unlikely(!skb))
		HIP_INC_STATS(sa->hn, IN_NOMEM);
	return skb;
}

/* A packet with an SPI of ours, from its ESP header on; consumes it */
static void hip_esp_input_sa(struct hip_sa *sa, struct sk_buff *skb,
			     const struct hip_beet_fields *fields)
{
	const struct ip_esp_hdr *esph = (const struct ip_esp_hdr *)skb->data;
	const struct hip_beet_size *size = &sa->cipher.size;
	unsigned int overhead = size->hdr_len + size->icv_len;
	struct hip_net *hn = sa->hn;
	unsigned int crypt_len;
	u64 seq;

	if (unlikely(skb->len < overhead + size->block ||
		     (skb->len - overhead) & (size->block - 1))) {
		HIP_INC_STATS(hn, IN_TRUNCATED);
		hip_esp_input_drop(hn, skb, true);
		return;
	}
	crypt_len = skb->len - overhead;

	seq = hip_replay_seq(&sa->replay, ntohl(esph->seq_no), sa->cipher.esn);
	if (unlikely(!hip_replay_check(&sa->replay, seq))) {
		HIP_INC_STATS(hn, IN_REPLAY);
		hip_esp_input_drop(hn, skb, true);
		return;
	}

	if (unlikely(hip_sa_async_full(sa))) {
		HIP_INC_STATS(hn, IN_ASYNC_FULL);
		hip_esp_input_drop(hn, skb, false);
		return;
	}

	skb = hip_esp_input_own(sa, skb);
	if (unlikely(!skb))
		return;

	HIP_ESP_CB(skb)->fields = *fields;
	hip_esp_input_decrypt(sa, skb, crypt_len, seq);
}

/* ESP that nobody here knows: perhaps its sender believes in an association
 * that we have lost, RFC 7401 sections 4.3 and 4.5.4. A host without HIP stays
 * silent, as do we about what IPsec may know; interfaces of IPsec that look for
 * another mark than the packet's are beyond us.
 */
static void hip_esp_unknown_spi(struct hip_net *hn, struct sk_buff *skb,
				unsigned short family)
{
	const struct ip_esp_hdr *esph = (const struct ip_esp_hdr *)skb->data;
	xfrm_address_t daddr = { };
	struct xfrm_state *x;

	if (!rcu_access_pointer(hn->dev))
		return;
	if (family == AF_INET6)
		daddr.in6 = ipv6_hdr(skb)->daddr;
	else
		daddr.a4 = ip_hdr(skb)->daddr;
	x = xfrm_state_lookup(hn->net, skb->mark, &daddr, esph->spi,
			      IPPROTO_ESP, family);
	if (x) {
		xfrm_state_put(x);
		return;
	}

	HIP_INC_STATS(hn, IN_NO_SA);
	hip_ctrl_param_problem(hn, skb, offsetof(struct ip_esp_hdr, spi));
}

/* ESP that came in ESP of ours is none of ours: it would have us call ourselves, as
 * often as a peer finds room for in a packet. Its address tells, or, should a
 * routing header have changed that, its device.
 */
static bool hip_esp_is_nested(const struct hip_net *hn,
			      const struct sk_buff *skb, unsigned short family)
{
	return skb->dev == rcu_access_pointer(hn->dev) ||
	       (family == AF_INET6 && hip_is_hit(&ipv6_hdr(skb)->daddr));
}

/* NULL: not ours, and @skb is as it was */
static struct hip_sa *hip_esp_find_sa(struct sk_buff *skb,
				      unsigned short family)
{
	struct hip_net *hn = hip_pernet(dev_net(skb->dev));
	const struct ip_esp_hdr *esph;
	struct hip_sa *sa;

	if (unlikely(hip_esp_is_nested(hn, skb, family))) {
		HIP_INC_STATS(hn, IN_NESTED);
		return NULL;
	}
	if (unlikely(!pskb_may_pull(skb, sizeof(*esph))))
		return NULL;

	esph = (const struct ip_esp_hdr *)skb->data;
	sa = hip_sa_lookup(hn, esph->spi);
	if (unlikely(!sa))
		hip_esp_unknown_spi(hn, skb, family);
	return sa;
}

/* -EINVAL: not ours */
static int hip_esp6_rcv(struct sk_buff *skb)
{
	struct hip_beet_fields fields;
	struct hip_sa *sa;

	sa = hip_esp_find_sa(skb, AF_INET6);
	if (!sa)
		return -EINVAL;

	hip_beet_from_ipv6(&fields, ipv6_hdr(skb));
	hip_esp_input_sa(sa, skb, &fields);
	return 0;
}

/* -EINVAL: not ours */
static int hip_esp4_rcv(struct sk_buff *skb)
{
	struct hip_beet_fields fields;
	struct hip_sa *sa;

	sa = hip_esp_find_sa(skb, AF_INET);
	if (!sa)
		return -EINVAL;

	hip_beet_from_ipv4(&fields, ip_hdr(skb));
	hip_esp_input_sa(sa, skb, &fields);
	return 0;
}

/* ESP in UDP or TCP on a socket of IPsec. -EINVAL: not ours */
static int hip_esp_input_encap(struct sk_buff *skb, int nexthdr, __be32 spi,
			       int encap_type)
{
	return -EINVAL;
}

/* The end of a packet of IPsec. Positive: not ours; anything else stops it */
static int hip_esp_cb(struct sk_buff *skb, int err)
{
	return 1;
}

/* Somebody tells that the peer does not know the SPI of an outer packet */
static void hip_esp_spi_refused(struct hip_sa *sa)
{
	HIP_INC_STATS(sa->hn, OUT_SPI_UNKNOWN);
	hip_assoc_doubt(sa->assoc);
}

/* ICMPv6 error about an outer packet. Non-zero: not ours */
static int hip_esp6_err(struct sk_buff *skb, struct inet6_skb_parm *opt,
			u8 type, u8 code, int offset, __be32 info)
{
	const struct ip_esp_hdr *esph = (void *)(skb->data + offset);
	const struct ipv6hdr *ip6h = (void *)skb->data;
	struct net *net = dev_net(skb->dev);
	struct hip_net *hn = hip_pernet(net);
	struct hip_sa *sa;

	sa = hip_sa_out_lookup(hn, esph->spi, &ip6h->daddr);
	if (!sa)
		return -ENOENT;

	if (type == ICMPV6_PKT_TOOBIG) {
		HIP_INC_STATS(hn, IN_PMTU);
		ip6_update_pmtu(skb, net, info, 0, 0, sock_net_uid(net, NULL));
	} else if (type == ICMPV6_PARAMPROB) {
		hip_esp_spi_refused(sa);
	}
	return 0;
}

/* ICMPv4 error about an outer packet. Non-zero: not ours */
static int hip_esp4_err(struct sk_buff *skb, u32 info)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	const struct ip_esp_hdr *esph = (void *)(skb->data + iph->ihl * 4);
	struct net *net = dev_net(skb->dev);
	struct hip_net *hn = hip_pernet(net);
	struct in6_addr daddr;
	struct hip_sa *sa;

	ipv6_addr_set_v4mapped(iph->daddr, &daddr);
	sa = hip_sa_out_lookup(hn, esph->spi, &daddr);
	if (!sa)
		return -ENOENT;

	if (icmp_hdr(skb)->type == ICMP_DEST_UNREACH &&
	    icmp_hdr(skb)->code == ICMP_FRAG_NEEDED) {
		HIP_INC_STATS(hn, IN_PMTU);
		ipv4_update_pmtu(skb, net, info, 0, IPPROTO_ESP);
	} else if (icmp_hdr(skb)->type == ICMP_PARAMETERPROB) {
		hip_esp_spi_refused(sa);
	}
	return 0;
}

static struct xfrm6_protocol hip_esp6_protocol __read_mostly = {
	.handler	= hip_esp6_rcv,
	.input_handler	= hip_esp_input_encap,
	.cb_handler	= hip_esp_cb,
	.err_handler	= hip_esp6_err,
	.priority	= HIP_ESP_PRIORITY,
};

static struct xfrm4_protocol hip_esp4_protocol __read_mostly = {
	.handler	= hip_esp4_rcv,
	.input_handler	= hip_esp_input_encap,
	.cb_handler	= hip_esp_cb,
	.err_handler	= hip_esp4_err,
	.priority	= HIP_ESP_PRIORITY,
};

/**
 * hip_esp_init() - receive ESP
 *
 * Context: Process; after the namespaces were prepared.
 * Return: 0 or a negative errno.
 */
int hip_esp_init(void)
{
	int err;

	err = xfrm6_protocol_register(&hip_esp6_protocol, IPPROTO_ESP);
	if (err)
		return err;

	err = xfrm4_protocol_register(&hip_esp4_protocol, IPPROTO_ESP);
	if (err)
		xfrm6_protocol_deregister(&hip_esp6_protocol, IPPROTO_ESP);
	return err;
}

/**
 * hip_esp_exit() - receive no ESP any more
 *
 * Context: Process; sleeps. Before the namespaces are dissolved.
 */
void hip_esp_exit(void)
{
	xfrm4_protocol_deregister(&hip_esp4_protocol, IPPROTO_ESP);
	xfrm6_protocol_deregister(&hip_esp6_protocol, IPPROTO_ESP);
}
