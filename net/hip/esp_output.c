// SPDX-License-Identifier: GPL-2.0
/*
 * How is a packet protected and sent?
 *
 * Cryptography writes only to the linear head of an skb that nobody shares.
 * Paged data may belong to a file or to a process, so packets with pages, and
 * clones, are copied to memory of ours first.
 */
#include <linux/icmpv6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <net/dst_cache.h>
#include <net/dst_metadata.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/route.h>

#include "assoc.h"
#include "device.h"
#include "esp.h"
#include "esp_segment.h"
#include "hit.h"
#include "net.h"
#include "sa.h"
#include "compat/compat.h"

/**
 * struct hip_esp_route - where the packets of an SA go now
 * @dst: route; referenced
 * @ipv4: the outer header is IPv4
 * @hlen: octets of the outer header
 * @saddr: IPv4 source
 * @saddr6: IPv6 source
 */
struct hip_esp_route {
	struct dst_entry *dst;
	bool ipv4;
	u8 hlen;
	union {
		__be32 saddr;
		struct in6_addr saddr6;
	};
};

/**
 * struct hip_esp_sent - what was sent of a super-packet
 * @packets: inner packets
 * @bytes: their octets
 */
struct hip_esp_sent {
	unsigned int packets;
	unsigned int bytes;
};

static int hip_esp_route4(struct hip_sa *sa, struct hip_esp_route *route)
{
	struct rtable *rt = dst_cache_get_ip4(&sa->dst_cache, &route->saddr);
	struct flowi4 fl4;

	if (unlikely(!rt)) {
		memset(&fl4, 0, sizeof(fl4));
		fl4.flowi4_proto = IPPROTO_ESP;
		fl4.daddr = sa->outer_peer.s6_addr32[3];
		if (ipv6_addr_v4mapped(&sa->outer_local))
			fl4.saddr = sa->outer_local.s6_addr32[3];

		rt = ip_route_output_flow(sa->hn->net, &fl4, NULL);
		if (IS_ERR(rt))
			return PTR_ERR(rt);
		route->saddr = fl4.saddr;
		dst_cache_set_ip4(&sa->dst_cache, &rt->dst, fl4.saddr);
	}

	route->dst = &rt->dst;
	route->hlen = sizeof(struct iphdr);
	return 0;
}

static int hip_esp_route6(struct hip_sa *sa, struct hip_esp_route *route)
{
	struct dst_entry *dst = dst_cache_get_ip6(&sa->dst_cache,
						  &route->saddr6);
	struct flowi6 fl6;

	if (unlikely(!dst)) {
		memset(&fl6, 0, sizeof(fl6));
		fl6.flowi6_proto = IPPROTO_ESP;
		fl6.daddr = sa->outer_peer;
		fl6.saddr = sa->outer_local;

		dst = ip6_dst_lookup_flow(sa->hn->net, NULL, &fl6, NULL);
		if (IS_ERR(dst))
			return PTR_ERR(dst);
		/* A HIT is no locator, RFC 7343 4.2 */
		if (hip_is_hit(&fl6.saddr)) {
			dst_release(dst);
			return -EADDRNOTAVAIL;
		}
		route->saddr6 = fl6.saddr;
		dst_cache_set_ip6(&sa->dst_cache, dst, &fl6.saddr);
	}

	route->dst = dst;
	route->hlen = sizeof(struct ipv6hdr);
	return 0;
}

static int hip_esp_route(struct hip_sa *sa, struct hip_esp_route *route)
{
	route->ipv4 = ipv6_addr_v4mapped(&sa->outer_peer);
	return route->ipv4 ? hip_esp_route4(sa, route) :
			     hip_esp_route6(sa, route);
}

/**
 * hip_esp_copy() - copy a packet to linear memory of ours
 * @skb: packet; freed
 * @headroom: octets before the data
 * @tailroom: octets behind it
 *
 * The copy stands for the packet in everything, also in the accounts of the
 * sender's socket, unless that only waits for its own memory. Offsets to headers
 * ahead of the data become meaningless.
 *
 * Context: BH disabled.
 * Return: the copy, or NULL when there is no memory, and @skb is freed.
 */
struct sk_buff *hip_esp_copy(struct sk_buff *skb, unsigned int headroom,
			     unsigned int tailroom)
{
	struct sk_buff *n;

	n = hip_esp_alloc(headroom + skb->len + tailroom);
	if (unlikely(!n))
		goto drop;

	skb_reserve(n, headroom);
	if (skb_copy_bits(skb, 0, skb_put(n, skb->len), skb->len))
		goto drop_copy;

	skb_copy_header(n, skb);
	skb_headers_offset_update(n, skb_headroom(n) - skb_headroom(skb));

	/* As skb_segment() does it: the sender is charged for what it sent */
	if (hip_esp_is_charged(skb)) {
		swap(n->truesize, skb->truesize);
		swap(n->destructor, skb->destructor);
		swap(n->sk, skb->sk);
	}
	consume_skb(skb);
	return n;

drop_copy:
	kfree_skb(n);
drop:
	kfree_skb(skb);
	return NULL;
}

/* Makes @skb linear and ours, with room; NULL when that failed */
static struct sk_buff *hip_esp_own(struct hip_sa *sa, struct sk_buff *skb,
				   unsigned int headroom,
				   unsigned int tailroom)
{
	if (unlikely(skb_cloned(skb) || skb_is_nonlinear(skb)))
		HIP_INC_STATS(sa->hn, OUT_COPIED);
	else if (unlikely(skb_headroom(skb) < headroom ||
			  skb_tailroom(skb) < tailroom))
		HIP_INC_STATS(sa->hn, OUT_EXPANDED);
	else
		return skb;

	skb = hip_esp_copy(skb, headroom, tailroom);
	if (unlikely(!skb))
		HIP_INC_STATS(sa->hn, OUT_NOMEM);
	return skb;
}

/* The receiver takes the ICV for it, but not every receiver does */
static int hip_esp_checksum(struct sk_buff *skb)
{
	unsigned int start, at;
	__sum16 sum;

	if (skb->ip_summed != CHECKSUM_PARTIAL)
		return 0;

	start = skb_checksum_start_offset(skb);
	at = start + skb->csum_offset;
	if (unlikely(start >= skb->len || at + sizeof(sum) > skb->len))
		return -EINVAL;

	sum = csum_fold(csum_partial(skb->data + start, skb->len - start, 0));
	*(__sum16 *)(skb->data + at) = sum ?: CSUM_MANGLED_0;
	skb->ip_summed = CHECKSUM_NONE;
	return 0;
}

static void hip_esp_push_outer(struct hip_sa *sa, struct sk_buff *skb,
			       const struct hip_esp_route *route)
{
	/* What it lies in becomes that of the outer protocol */
	const struct hip_esp_cb cb = *HIP_ESP_CB(skb);
	unsigned int len = skb->len;

	skb_reset_transport_header(skb);
	__skb_push(skb, route->hlen);
	skb_reset_network_header(skb);
	skb_reset_mac_header(skb);

	if (route->ipv4) {
		hip_beet_to_ipv4(ip_hdr(skb), &cb.fields, IPPROTO_ESP, len,
				 route->saddr, sa->outer_peer.s6_addr32[3],
				 !cb.fragment);
		__ip_select_ident(sa->hn->net, ip_hdr(skb), 1);
		skb->protocol = htons(ETH_P_IP);
		memset(IPCB(skb), 0, sizeof(*IPCB(skb)));
	} else {
		hip_beet_to_ipv6(ipv6_hdr(skb), &cb.fields, IPPROTO_ESP, len,
				 &route->saddr6, &sa->outer_peer);
		skb->protocol = htons(ETH_P_IPV6);
		memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));
	}

	skb_scrub_packet(skb, false);
	skb->ignore_df = cb.fragment;
	skb->encapsulation = 0;
}

/* Puts the outer header on an encrypted packet and sends it */
static void hip_esp_send(struct hip_sa *sa, struct sk_buff *skb,
			 const struct hip_esp_route *route,
			 struct hip_esp_sent *sent)
{
	unsigned int inner_len = HIP_ESP_CB(skb)->inner_len;
	struct net *net = sa->hn->net;
	int err;

	hip_esp_push_outer(sa, skb, route);
	skb_dst_set_noref(skb, route->dst);

	/* Below, a socket is taken for the one that sends the outer packet
	 * unless we are called by a device.
	 */
	if (unlikely(!dev_recursion_level()))
		skb_orphan(skb);

	if (route->ipv4)
		err = ip_local_out(net, NULL, skb);
	else
		err = ip6_local_out(net, NULL, skb);

	if (unlikely(net_xmit_eval(err))) {
		HIP_INC_STATS(sa->hn, OUT_ERROR);
		return;
	}
	sent->packets++;
	sent->bytes += inner_len;
}

static void hip_esp_account(struct hip_sa *sa, const struct hip_esp_sent *sent)
{
	struct net_device *dev = rcu_dereference(sa->hn->dev);

	if (unlikely(!sent->packets))
		return;

	hip_sa_count(sa, sent->packets, sent->bytes);
	hip_esp_touch(&sa->assoc->last_tx);
	if (likely(dev))
		dev_sw_netstats_tx_add(dev, sent->packets, sent->bytes);
}

/* Continues a packet that an asynchronous cipher is through with */
static void hip_esp_output_done(struct hip_esp_req *req)
{
	struct hip_esp_sent sent = { };
	struct sk_buff *skb = req->skb;
	struct hip_sa *sa = req->sa;
	struct hip_esp_route route;
	struct net_device *dev;
	int err = req->err;

	hip_esp_req_put(req);

	rcu_read_lock();
	/* It may have seen hip0 come and go */
	dev = rcu_dereference(sa->hn->dev);
	skb->dev = dev;
	if (unlikely(err)) {
		HIP_INC_STATS(sa->hn, OUT_CRYPTO);
		kfree_skb(skb);
	} else if (unlikely(!dev)) {
		HIP_INC_STATS(sa->hn, OUT_ERROR);
		kfree_skb(skb);
	} else if (unlikely(hip_esp_route(sa, &route))) {
		HIP_INC_STATS(sa->hn, OUT_NO_ROUTE);
		kfree_skb(skb);
	} else {
		hip_esp_send(sa, skb, &route, &sent);
		hip_esp_account(sa, &sent);
		dst_release(route.dst);
	}
	rcu_read_unlock();

	hip_sa_async_put(sa);
}

/* Makes an ESP packet of an inner one, up to the encryption; its crypt_len or a
 * negative errno
 */
static int hip_esp_encapsulate(struct hip_sa *sa, struct sk_buff *skb, u64 seq,
			       bool fragment)
{
	const struct hip_beet_size *size = &sa->cipher.size;
	struct hip_esp_cb *cb = HIP_ESP_CB(skb);
	unsigned int payload_len, crypt_len;
	u8 *tail;

	if (unlikely(hip_esp_checksum(skb)))
		return -EINVAL;

	hip_beet_from_ipv6(&cb->fields, (struct ipv6hdr *)skb->data);
	/* RFC 6437: a flow label costs nothing and spreads the flows */
	if (!cb->fields.flowlabel)
		cb->fields.flowlabel = cpu_to_be32(skb_get_hash(skb)) &
				       IPV6_FLOWLABEL_MASK;
	cb->inner_len = skb->len;
	cb->fragment = fragment;

	__skb_pull(skb, sizeof(struct ipv6hdr));
	payload_len = skb->len;
	crypt_len = hip_beet_crypt_len(payload_len, size);
	tail = __skb_put(skb, crypt_len - payload_len + size->icv_len);
	hip_beet_fill_trailer(tail, crypt_len - payload_len,
			      cb->fields.nexthdr);

	__skb_push(skb, size->hdr_len);
	hip_esp_set_iv(&sa->cipher, skb->data + sizeof(struct ip_esp_hdr), seq);
	return crypt_len;
}

/**
 * struct hip_esp_run - the packets of one call of hip_esp_output()
 * @sa: outbound SA
 * @route: where they go
 * @headroom: octets that each needs before its IPv6 header
 * @fragment: the outer packets may be fragmented
 * @seq: the next sequence number
 * @req: request to use again, or NULL
 * @sent: what was sent
 */
struct hip_esp_run {
	struct hip_sa *sa;
	struct hip_esp_route route;
	unsigned int headroom;
	bool fragment;
	u64 seq;
	struct hip_esp_req *req;
	struct hip_esp_sent sent;
};

/* Encrypts @skb, an ESP packet; 0, or -EINPROGRESS when the cipher goes on with
 * it, and with the request, by itself; else a negative errno
 */
static int hip_esp_output_encrypt(struct hip_esp_run *run, struct sk_buff *skb,
				  unsigned int crypt_len)
{
	struct hip_esp_req *req = run->req;
	struct hip_sa *sa = run->sa;
	int err;

	err = hip_esp_encrypt(req, &sa->cipher, skb->data, crypt_len, sa->spi,
			      run->seq);
	if (likely(err != -EINPROGRESS))
		return err;

	HIP_INC_STATS(sa->hn, OUT_ASYNC);
	req->sa = sa;
	req->skb = skb;
	req->done = hip_esp_output_done;
	hip_sa_async_get(sa);
	if (hip_esp_req_detach(req)) {
		run->req = NULL;
		return -EINPROGRESS;
	}
	hip_sa_async_put(sa);
	return req->err;
}

/* Sends one packet that fits; consumes it */
static void hip_esp_output_one(struct hip_esp_run *run, struct sk_buff *skb)
{
	struct hip_sa *sa = run->sa;
	int err;

	if (!run->req)
		run->req = hip_esp_req_get(&sa->cipher);
	if (unlikely(!run->req)) {
		HIP_INC_STATS(sa->hn, OUT_NOMEM);
		goto drop;
	}
	if (unlikely(hip_sa_async_full(sa))) {
		HIP_INC_STATS(sa->hn, OUT_ASYNC_FULL);
		goto drop;
	}

	skb = hip_esp_own(sa, skb, run->headroom, HIP_ESP_TRAILER_MAX);
	if (unlikely(!skb))
		return;

	err = hip_esp_encapsulate(sa, skb, run->seq, run->fragment);
	if (likely(err > 0))
		err = hip_esp_output_encrypt(run, skb, err);
	if (likely(!err)) {
		hip_esp_send(sa, skb, &run->route, &run->sent);
		return;
	}
	if (err == -EINPROGRESS)
		return;

	HIP_INC_STATS(sa->hn, OUT_CRYPTO);
drop:
	kfree_skb(skb);
}

/* Largest inner packet for @route; *@fragment is set when an inner packet of
 * the smallest MTU that IPv6 allows does not fit
 */
static unsigned int hip_esp_mtu(const struct hip_sa *sa,
				const struct hip_esp_route *route,
				bool *fragment)
{
	unsigned int mtu = hip_beet_inner_mtu(dst_mtu(route->dst), route->hlen,
					      &sa->cipher.size);

	*fragment = mtu < IPV6_MIN_MTU;
	return max_t(unsigned int, mtu, IPV6_MIN_MTU);
}

/* Tells the sender when @skb is larger than @mtu */
static bool hip_esp_too_big(struct hip_sa *sa, struct sk_buff *skb,
			    unsigned int mtu)
{
	if (skb_is_gso(skb) ? skb_gso_validate_network_len(skb, mtu) :
			      skb->len <= mtu)
		return false;

	HIP_INC_STATS(sa->hn, OUT_TOO_BIG);
	skb_dst_update_pmtu_no_confirm(skb, mtu);
	hip_device_icmp(sa->hn, skb, ICMPV6_PKT_TOOBIG, 0, mtu);
	return true;
}

/* The numbers for the @n packets of @run, or false when there are none left */
static bool hip_esp_run_reserve(struct hip_esp_run *run, unsigned int n)
{
	bool due = false;

	run->seq = hip_seq_take(&run->sa->seq, n, &due);
	/* RFC 7402, section 6.8: early enough */
	if (unlikely(due))
		hip_assoc_rekey_due(run->sa->assoc);
	if (likely(run->seq))
		return true;
	HIP_ADD_STATS(run->sa->hn, OUT_SEQ_END, n);
	return false;
}

/* A super-packet of plain TCP: each segment is sent as soon as it is made */
static void hip_esp_output_tcp(struct hip_esp_run *run, struct hip_segmenter *s)
{
	struct sk_buff *seg;

	if (likely(hip_esp_run_reserve(run, s->count))) {
		for (; s->next < s->count; run->seq++) {
			seg = hip_segmenter_next(s, run->headroom,
						 HIP_ESP_TRAILER_MAX);
			if (likely(seg))
				hip_esp_output_one(run, seg);
			else
				HIP_INC_STATS(run->sa->hn, OUT_NOMEM);
		}
	}
	consume_skb(s->skb);
}

/* Any other super-packet */
static void hip_esp_output_gso(struct hip_esp_run *run, struct sk_buff *skb)
{
	struct sk_buff *segs, *seg, *next;
	unsigned int n = 0;

	/* No features: segments come linear and with their checksums */
	segs = skb_gso_segment(skb, 0);
	if (IS_ERR_OR_NULL(segs)) {
		HIP_INC_STATS(run->sa->hn, OUT_NOMEM);
		kfree_skb(skb);
		return;
	}
	consume_skb(skb);

	for (seg = segs; seg; seg = seg->next)
		n++;
	if (unlikely(!hip_esp_run_reserve(run, n))) {
		kfree_skb_list(segs);
		return;
	}

	skb_list_walk_safe(segs, seg, next) {
		skb_mark_not_on_list(seg);
		hip_esp_output_one(run, seg);
		run->seq++;
	}
}

/* Packets that fit and have somewhere to go */
static void hip_esp_output_run(struct hip_esp_run *run, struct sk_buff *skb)
{
	struct hip_sa *sa = run->sa;
	struct hip_segmenter s;

	run->headroom = sa->cipher.size.hdr_len + run->route.hlen -
			sizeof(struct ipv6hdr) +
			LL_RESERVED_SPACE(run->route.dst->dev);
	/* Its last use were errors to the sender */
	skb_dst_drop(skb);

	if (!skb_is_gso(skb)) {
		if (likely(hip_esp_run_reserve(run, 1)))
			hip_esp_output_one(run, skb);
		else
			kfree_skb(skb);
	} else {
		HIP_INC_STATS(sa->hn, OUT_GSO);
		/* All segments get that of their flow */
		skb_get_hash(skb);
		if (likely(hip_segmenter_init(&s, skb)))
			hip_esp_output_tcp(run, &s);
		else
			hip_esp_output_gso(run, skb);
	}

	if (likely(run->req))
		hip_esp_req_put(run->req);
	hip_esp_account(sa, &run->sent);
}

/**
 * hip_esp_output() - protect a packet and send it
 * @sa: outbound SA
 * @skb: a whole inner IPv6 packet from one HIT to another, maybe a GSO
 *	super-packet, that starts at its network header; consumed
 *
 * Losses are counted, and the sender is told of those that it can do something
 * about.
 *
 * Context: RCU, BH disabled.
 */
void hip_esp_output(struct hip_sa *sa, struct sk_buff *skb)
{
	struct hip_esp_run run = { .sa = sa };
	struct net_device *dev;
	unsigned int mtu;

	/* A packet that waited for us may have seen hip0 come and go */
	dev = rcu_dereference(sa->hn->dev);
	if (unlikely(!dev)) {
		HIP_INC_STATS(sa->hn, OUT_ERROR);
		kfree_skb(skb);
		return;
	}
	skb->dev = dev;

	if (unlikely(hip_esp_route(sa, &run.route))) {
		HIP_INC_STATS(sa->hn, OUT_NO_ROUTE);
		hip_device_reject(sa->hn, skb, ICMPV6_ADDR_UNREACH);
		return;
	}

	if (unlikely(run.route.dst->dev == dev)) {
		HIP_INC_STATS(sa->hn, OUT_LOOP);
		hip_device_reject(sa->hn, skb, ICMPV6_ADDR_UNREACH);
		goto out_dst;
	}

	mtu = hip_esp_mtu(sa, &run.route, &run.fragment);
	if (unlikely(hip_esp_too_big(sa, skb, mtu)))
		kfree_skb(skb);
	else
		hip_esp_output_run(&run, skb);

out_dst:
	dst_release(run.route.dst);
}
