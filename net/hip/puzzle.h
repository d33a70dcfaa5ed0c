/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The puzzle of the base exchange: RFC 7401, sections 4.1.2, 5.2.4 and
 * Appendix A.
 */
#ifndef _NET_HIP_PUZZLE_H
#define _NET_HIP_PUZZLE_H

#include <linux/in6.h>
#include <linux/types.h>
#include <hip/hip_wire.h>

#define HIP_PUZZLE_SECRET_LEN	32	/* S of Appendix A */

int hip_puzzle_i(const u8 *secret, const struct in6_addr *hit_i,
		 const struct in6_addr *hit_r, const struct in6_addr *ip_i,
		 const struct in6_addr *ip_r, u16 opaque, u8 suite, u8 *out);
int hip_puzzle_verify(u8 suite, u8 k, const u8 *i,
		      const struct in6_addr *hit_i,
		      const struct in6_addr *hit_r, const u8 *j);
int hip_puzzle_accept(const u8 *secret, u8 k, u16 opaque,
		      const struct in6_addr *hit_i,
		      const struct in6_addr *hit_r,
		      const struct in6_addr *ip_i,
		      const struct in6_addr *ip_r, const u8 *i, const u8 *j,
		      size_t rhash_len);

u64 hip_puzzle_lifetime_ms(u8 lifetime);
u8 hip_puzzle_lifetime_encode(u32 seconds);

#endif /* _NET_HIP_PUZZLE_H */
