// SPDX-License-Identifier: GPL-2.0
/*
 * Which addresses may be a peer's locator?
 */
#include <linux/in.h>
#include <net/ipv6.h>

#include "hit.h"
#include "peer.h"

/**
 * hip_peer_bad_locator() - can this be where a peer is?
 * @addr: address, IPv4-mapped for IPv4
 *
 * Pure; any context.  A HIT is a name and never a place (RFC 7343, section 3).
 * Loopback addresses are fine: namespaces and tests use them.
 *
 * Return: NULL if it can; else a sentence for the administrator.
 */
const char *hip_peer_bad_locator(const struct in6_addr *addr)
{
	__be32 v4;

	if (ipv6_addr_v4mapped(addr)) {
		v4 = addr->s6_addr32[3];
		if (ipv4_is_zeronet(v4))
			return "locator is unspecified: give the peer's address";
		if (ipv4_is_multicast(v4) || ipv4_is_lbcast(v4))
			return "locator must be unicast: not multicast or broadcast";
		return NULL;
	}
	if (ipv6_addr_any(addr))
		return "locator is unspecified: give the peer's address";
	if (ipv6_addr_is_multicast(addr))
		return "locator must be unicast: not multicast or broadcast";
	if (hip_is_hit(addr))
		return "locator is a HIT: give an address that routers know";
	if (ipv6_addr_type(addr) & IPV6_ADDR_LINKLOCAL)
		return "link-local locators need a device: use a global address";
	return NULL;
}
