// SPDX-License-Identifier: GPL-2.0
/*
 * How does an inner header become an outer one and back?
 *
 * The wire carries what ESP transport mode would: one IP header with locators,
 * ESP, the payload.  Both ends know the HITs from the SA, and everything else
 * is copied from one header to the other.  Functions over octets only.
 */
#include <linux/align.h>
#include <linux/errno.h>
#include <linux/string.h>
#include <net/dsfield.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "beet.h"

/* Pad Length and Next Header, RFC 4303 2.4 and 2.6 */
#define HIP_ESP_TRAILER_LEN	2

/**
 * hip_beet_from_ipv6() - note what survives of an IPv6 header
 * @f: set
 * @ip6h: inner header of a packet that leaves, outer one of one that came in
 *
 * Context: Any.
 */
void hip_beet_from_ipv6(struct hip_beet_fields *f, const struct ipv6hdr *ip6h)
{
	f->flowlabel = ip6_flowlabel(ip6h);
	f->tclass = ipv6_get_dsfield(ip6h);
	f->hop_limit = ip6h->hop_limit;
	f->nexthdr = ip6h->nexthdr;
}

/**
 * hip_beet_from_ipv4() - note what survives of an IPv4 header
 * @f: set
 * @iph: outer header of a packet that came in
 *
 * Context: Any.
 */
void hip_beet_from_ipv4(struct hip_beet_fields *f, const struct iphdr *iph)
{
	f->flowlabel = 0;
	f->tclass = ipv4_get_dsfield(iph);
	f->hop_limit = iph->ttl;
	f->nexthdr = iph->protocol;
}

/**
 * hip_beet_to_ipv6() - build an IPv6 header, outer or inner
 * @ip6h: set; 40 octets
 * @f: what to copy; &hip_beet_fields.nexthdr is not used
 * @nexthdr: what follows the header
 * @payload_len: octets that follow it
 * @saddr: source address
 * @daddr: destination address
 *
 * Context: Any.
 */
void hip_beet_to_ipv6(struct ipv6hdr *ip6h, const struct hip_beet_fields *f,
		      u8 nexthdr, unsigned int payload_len,
		      const struct in6_addr *saddr,
		      const struct in6_addr *daddr)
{
	ip6_flow_hdr(ip6h, f->tclass, f->flowlabel);
	ip6h->payload_len = htons(payload_len);
	ip6h->nexthdr = nexthdr;
	ip6h->hop_limit = f->hop_limit;
	ip6h->saddr = *saddr;
	ip6h->daddr = *daddr;
}

/**
 * hip_beet_to_ipv4() - build the outer IPv4 header, without ID and checksum
 * @iph: set; 20 octets
 * @f: what to copy; flow label and next header are not used
 * @protocol: what follows the header
 * @payload_len: octets that follow it
 * @saddr: source address
 * @daddr: destination address
 * @df: set DF, which stands for IPv6 in that routers don't fragment it
 *
 * Context: Any.
 */
void hip_beet_to_ipv4(struct iphdr *iph, const struct hip_beet_fields *f,
		      u8 protocol, unsigned int payload_len,
		      __be32 saddr, __be32 daddr, bool df)
{
	iph->version = 4;
	iph->ihl = sizeof(*iph) / 4;
	iph->tos = f->tclass;
	iph->tot_len = htons(sizeof(*iph) + payload_len);
	iph->id = 0;
	iph->frag_off = df ? htons(IP_DF) : 0;
	iph->ttl = f->hop_limit;
	iph->protocol = protocol;
	iph->check = 0;
	iph->saddr = saddr;
	iph->daddr = daddr;
}

/**
 * hip_beet_inner_mtu() - the largest inner packet that fits
 * @outer_mtu: octets that the path carries, headers included
 * @outer_hlen: octets of the outer header
 * @size: what the SA adds
 *
 * Context: Any.
 * Return: octets of the inner packet with its 40 octets of header; less than
 * that when not even an empty packet fits.
 */
unsigned int hip_beet_inner_mtu(unsigned int outer_mtu, unsigned int outer_hlen,
				const struct hip_beet_size *size)
{
	unsigned int overhead = outer_hlen + size->hdr_len + size->icv_len;
	unsigned int room;

	if (outer_mtu < overhead + size->block)
		return 0;

	room = ALIGN_DOWN(outer_mtu - overhead, size->block);
	return room - HIP_ESP_TRAILER_LEN + sizeof(struct ipv6hdr);
}

/**
 * hip_beet_crypt_len() - octets between IV and ICV
 * @len: octets of payload
 * @size: what the SA adds
 *
 * Context: Any.
 * Return: octets of payload and trailer.
 */
unsigned int hip_beet_crypt_len(unsigned int len,
				const struct hip_beet_size *size)
{
	return ALIGN(len + HIP_ESP_TRAILER_LEN, size->block);
}

/**
 * hip_beet_fill_trailer() - write padding, Pad Length and Next Header
 * @trailer: what follows the payload
 * @len: octets of @trailer, 2 to 257
 * @nexthdr: what the payload is
 *
 * The padding is 1, 2, 3, ..., RFC 4303 2.4.
 *
 * Context: Any.
 */
void hip_beet_fill_trailer(u8 *trailer, unsigned int len, u8 nexthdr)
{
	unsigned int padding = len - HIP_ESP_TRAILER_LEN;
	unsigned int i;

	for (i = 0; i < padding; i++)
		trailer[i] = i + 1;
	trailer[padding] = padding;
	trailer[padding + 1] = nexthdr;
}

/**
 * hip_beet_parse_trailer() - find the end of the payload
 * @payload: payload and trailer, decrypted and authentic
 * @len: octets of both
 * @nexthdr: set to what the payload is
 *
 * What the padding holds is not looked at: the ICV covers it.
 *
 * Context: Any.
 * Return: octets of payload, or -EINVAL when the padding is longer than the
 * packet.
 */
int hip_beet_parse_trailer(const u8 *payload, unsigned int len, u8 *nexthdr)
{
	unsigned int trailer;

	if (len < HIP_ESP_TRAILER_LEN)
		return -EINVAL;

	trailer = payload[len - 2] + HIP_ESP_TRAILER_LEN;
	if (trailer > len)
		return -EINVAL;

	*nexthdr = payload[len - 1];
	return len - trailer;
}
