// SPDX-License-Identifier: GPL-2.0
/*
 * How is a TCP super-packet cut into packets that can be encrypted in place?
 *
 * skb_gso_segment() can do it, too, and does it for all that is unusual.  But
 * its segments lack the tail room that ESP needs, so that each of them might
 * be copied a second time.
 */
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <net/ip6_checksum.h>
#include <net/sock.h>
#include <net/tcp.h>

#include "esp_segment.h"

/**
 * hip_esp_alloc() - allocate an empty skb
 * @size: octets of data, with all room before and behind
 *
 * Heads come from page fragments and a cache of this CPU: cheaper than slabs,
 * and what a receiver on this host can merge without a copy.
 *
 * Context: BH disabled.
 * Return: the skb, or NULL when there is no memory.
 */
struct sk_buff *hip_esp_alloc(unsigned int size)
{
	unsigned int space = SKB_DATA_ALIGN(size) +
			     SKB_DATA_ALIGN(sizeof(struct skb_shared_info));
	struct sk_buff *skb;
	void *data;

	if (unlikely(space > PAGE_SIZE))
		return alloc_skb(size, GFP_ATOMIC | __GFP_NOWARN);

	data = napi_alloc_frag(space);
	if (unlikely(!data))
		return NULL;

	skb = napi_build_skb(data, space);
	if (unlikely(!skb))
		skb_free_frag(data);
	return skb;
}

/* What TCP sends is charged to its sk_wmem_alloc, by tcp_wfree() and
 * __sock_wfree(), which modules can't name. What came in from elsewhere has an
 * input interface, or destructors that hold a reference, as has what netem delays.
 */
static struct sock *hip_segmenter_sk(const struct sk_buff *skb)
{
	if (skb->sk && skb->destructor && !skb->skb_iif &&
	    skb->destructor != sock_efree && skb->destructor != sock_edemux &&
	    skb->destructor != sock_pfree &&
	    sk_fullsock(skb->sk) && sk_is_tcp(skb->sk))
		return skb->sk;
	return NULL;
}

/**
 * hip_esp_is_charged() - is its size all that the sender of a packet is owed?
 * @skb: packet
 *
 * Other destructors look at what else belongs to the skb, and are not for another
 * one.
 *
 * Context: Any.
 * Return: true if the destructor takes skb->truesize from sk_wmem_alloc.
 */
bool hip_esp_is_charged(const struct sk_buff *skb)
{
	return skb->destructor == sock_wfree || hip_segmenter_sk(skb);
}

/**
 * hip_segmenter_init() - begin to cut a super-packet
 * @s: set
 * @skb: GSO super-packet, starting at its IPv6 header; stays the caller's, who
 *	frees it after the last segment
 *
 * Context: BH disabled.
 * Return: false when it is not the plain TCP over IPv6 that this is about.
 */
bool hip_segmenter_init(struct hip_segmenter *s, struct sk_buff *skb)
{
	unsigned int unusual = ~(SKB_GSO_TCPV6 | SKB_GSO_TCP_ECN);
	const struct tcphdr *th;

	if (skb_shinfo(skb)->gso_type & unusual || skb_has_frag_list(skb) ||
	    skb_shinfo(skb)->tx_flags & SKBTX_ANY_TSTAMP ||
	    skb->ip_summed != CHECKSUM_PARTIAL || skb->encapsulation ||
	    ((struct ipv6hdr *)skb->data)->nexthdr != IPPROTO_TCP ||
	    !pskb_may_pull(skb, sizeof(struct ipv6hdr) + sizeof(*th)))
		return false;

	s->sk = hip_segmenter_sk(skb);
	if (skb->destructor && !s->sk)
		return false;

	th = (struct tcphdr *)(skb->data + sizeof(struct ipv6hdr));
	s->hdr_len = sizeof(struct ipv6hdr) + th->doff * 4;
	if (th->doff * 4 < sizeof(*th) || skb->len <= s->hdr_len ||
	    !pskb_may_pull(skb, s->hdr_len))
		return false;

	th = (struct tcphdr *)(skb->data + sizeof(struct ipv6hdr));
	s->skb = skb;
	s->mss = skb_shinfo(skb)->gso_size;
	s->count = DIV_ROUND_UP(skb->len - s->hdr_len, s->mss);
	s->next = 0;
	s->seq = ntohl(th->seq);
	return true;
}

static void hip_segmenter_fix_headers(const struct hip_segmenter *s,
				      struct sk_buff *seg)
{
	struct ipv6hdr *ip6h = (struct ipv6hdr *)seg->data;
	struct tcphdr *th = (struct tcphdr *)(ip6h + 1);
	unsigned int len = seg->len - sizeof(*ip6h);

	ip6h->payload_len = htons(len);

	th->seq = htonl(s->seq + s->next * s->mss);
	if (s->next)
		th->cwr = 0;
	if (s->next < s->count - 1) {
		th->fin = 0;
		th->psh = 0;
	}
	th->check = 0;
	th->check = csum_ipv6_magic(&ip6h->saddr, &ip6h->daddr, len,
				    IPPROTO_TCP, csum_partial(th, len, 0));
}

/**
 * hip_segmenter_next() - make the next segment
 * @s: segmenter, which has not yet made all of &hip_segmenter.count
 * @headroom: octets before the IPv6 header
 * @tailroom: octets behind the payload
 *
 * Context: BH disabled.
 * Return: a linear packet with its checksum, or NULL when there is no memory;
 * the one after it can be asked for in any case.
 */
struct sk_buff *hip_segmenter_next(struct hip_segmenter *s,
				   unsigned int headroom,
				   unsigned int tailroom)
{
	unsigned int offset = s->hdr_len + s->next * s->mss;
	unsigned int len = min(s->mss, s->skb->len - offset);
	struct sk_buff *seg;

	seg = hip_esp_alloc(headroom + s->hdr_len + len + tailroom);
	if (unlikely(!seg))
		goto out;

	skb_reserve(seg, headroom);
	skb_copy_header(seg, s->skb);
	skb_shinfo(seg)->gso_size = 0;
	skb_shinfo(seg)->gso_segs = 0;
	skb_shinfo(seg)->gso_type = 0;
	seg->ip_summed = CHECKSUM_NONE;
	skb_reset_mac_header(seg);
	skb_reset_network_header(seg);

	skb_put_data(seg, s->skb->data, s->hdr_len);
	if (unlikely(skb_copy_bits(s->skb, offset, skb_put(seg, len), len))) {
		kfree_skb(seg);
		seg = NULL;
		goto out;
	}
	hip_segmenter_fix_headers(s, seg);

	if (s->sk) {
		seg->sk = s->sk;
		seg->destructor = s->skb->destructor;
		refcount_add(seg->truesize, &s->sk->sk_wmem_alloc);
	}
out:
	s->next++;
	return seg;
}
