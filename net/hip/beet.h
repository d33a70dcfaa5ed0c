/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Bound End-to-End Tunnel mode, RFC 7402 appendix B.
 */
#ifndef _HIP_BEET_H
#define _HIP_BEET_H

#include <linux/in.h>
#include <linux/in6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/types.h>

/**
 * struct hip_beet_fields - what of an IP header is the same inside and outside
 * @flowlabel: IPv6 flow label, network byte order; 0 when it came over IPv4
 * @tclass: DSCP and ECN
 * @hop_limit: hop limit or TTL
 * @nexthdr: what the packet carries inside of ESP
 */
struct hip_beet_fields {
	__be32 flowlabel;
	u8 tclass;
	u8 hop_limit;
	u8 nexthdr;
};

/**
 * struct hip_beet_size - what an ESP suite adds to a packet
 * @hdr_len: octets of ESP header and IV
 * @icv_len: octets of ICV
 * @block: payload and trailer are padded to a multiple of this, octets; a
 *	power of two
 */
struct hip_beet_size {
	u8 hdr_len;
	u8 icv_len;
	u8 block;
};

void hip_beet_from_ipv6(struct hip_beet_fields *f, const struct ipv6hdr *ip6h);
void hip_beet_from_ipv4(struct hip_beet_fields *f, const struct iphdr *iph);
void hip_beet_to_ipv6(struct ipv6hdr *ip6h, const struct hip_beet_fields *f,
		      u8 nexthdr, unsigned int payload_len,
		      const struct in6_addr *saddr,
		      const struct in6_addr *daddr);
void hip_beet_to_ipv4(struct iphdr *iph, const struct hip_beet_fields *f,
		      u8 protocol, unsigned int payload_len,
		      __be32 saddr, __be32 daddr, bool df);

unsigned int hip_beet_inner_mtu(unsigned int outer_mtu, unsigned int outer_hlen,
				const struct hip_beet_size *size);
unsigned int hip_beet_crypt_len(unsigned int len,
				const struct hip_beet_size *size);
void hip_beet_fill_trailer(u8 *trailer, unsigned int len, u8 nexthdr);
int hip_beet_parse_trailer(const u8 *payload, unsigned int len, u8 *nexthdr);

#endif /* _HIP_BEET_H */
