/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_NET_IPV6_H
#define _FUZZ_NET_IPV6_H

#include <linux/ipv6.h>
#include <linux/kernel.h>

static inline __be32 ip6_flowlabel(const struct ipv6hdr *hdr)
{
	return *(const __be32 *)hdr & htonl(0x000fffff);
}

static inline void ip6_flow_hdr(struct ipv6hdr *hdr, unsigned int tclass,
				__be32 flowlabel)
{
	*(__be32 *)hdr = htonl(0x60000000 | tclass << 20) | flowlabel;
}

#endif
