/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Host Identity Tags: how a key becomes an address, and what an address says.
 */
#ifndef _NET_HIP_HIT_H
#define _NET_HIP_HIT_H

#include <linux/in6.h>
#include <linux/string.h>
#include <linux/types.h>
#include <hip/hip_wire.h>

/**
 * hip_is_hit() - is an address a HIT?
 * @addr: any IPv6 address
 *
 * Any context.  RFC 7343, section 2: the ORCHIDv2 prefix 2001:20::/28.  The
 * suite need not be one that we support.
 *
 * Return: true for 2001:20::/28.
 */
static inline bool hip_is_hit(const struct in6_addr *addr)
{
	return (addr->s6_addr32[0] & htonl(0xfffffff0)) == htonl(0x20010020);
}

/**
 * hip_hit_suite() - HIT suite (OGA) of a HIT
 * @hit: HIT
 *
 * Any context.  RFC 7401, section 3.2.
 *
 * Return: enum hip_hit_suite or a number that we do not know.
 */
static inline u8 hip_hit_suite(const struct in6_addr *hit)
{
	return hit->s6_addr[3] & 0x0f;
}

/**
 * hip_hit_cmp() - compare HITs as unsigned 128-bit numbers
 * @a: HIT
 * @b: HIT
 *
 * Any context.  RFC 7401, section 6.5: tells HOST_g from HOST_l.
 *
 * Return: negative, zero or positive like memcmp().
 */
static inline int hip_hit_cmp(const struct in6_addr *a,
			      const struct in6_addr *b)
{
	return memcmp(a, b, sizeof(*a));
}

u8 hip_suite_of_alg(u16 algorithm);
bool hip_suite_allows_alg(u8 suite, u16 algorithm);
int hip_hi_check(u16 algorithm, const u8 *hi, size_t len);
int hip_hit_from_hi(u8 suite, const u8 *hi, size_t len, struct in6_addr *hit);
int hip_hit_verify(const struct in6_addr *hit, u16 algorithm, const u8 *hi,
		   size_t len);

#endif /* _NET_HIP_HIT_H */
