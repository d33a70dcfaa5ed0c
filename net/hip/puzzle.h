/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The puzzle of the base exchange: RFC 7401, sections 4.1.2, 5.2.4 and
 * Appendix A.
 */
#ifndef _NET_HIP_PUZZLE_H
#define _NET_HIP_PUZZLE_H

#include <linux/in6.h>
#include <linux/seqlock.h>
#include <linux/types.h>
#include <hip/hip_wire.h>

#define HIP_PUZZLE_SECRET_LEN	32	/* S of Appendix A */

/**
 * struct hip_puzzle_secrets - the two latest secrets of a Responder
 * @lock: serialises writers and lets readers copy without a lock
 * @secret: indexed by generation modulo 2
 * @generation: of the current secret; the Opaque field of PUZZLE carries it
 * @valid_prev: there is a previous secret and its solutions still count
 *
 * Readers copy a secret inside a seqcount section, so an I2 flood never
 * contends with rotation or with itself; rotation is rare.
 */
struct hip_puzzle_secrets {
	seqlock_t	lock;
	u8		secret[2][HIP_PUZZLE_SECRET_LEN];
	u16		generation;
	bool		valid_prev;
};

void hip_puzzle_secrets_init(struct hip_puzzle_secrets *s);
void hip_puzzle_secrets_rotate(struct hip_puzzle_secrets *s);
void hip_puzzle_secrets_retire(struct hip_puzzle_secrets *s);
void hip_puzzle_secrets_wipe(struct hip_puzzle_secrets *s);
u16 hip_puzzle_secret_current(struct hip_puzzle_secrets *s, u8 *secret);
int hip_puzzle_secret_get(struct hip_puzzle_secrets *s, u16 generation,
			  u8 *secret);

int hip_puzzle_i(const u8 *secret, const struct in6_addr *hit_i,
		 const struct in6_addr *hit_r, const struct in6_addr *ip_i,
		 const struct in6_addr *ip_r, u8 suite, u8 *out);
int hip_puzzle_create(struct hip_puzzle_secrets *s,
		      const struct in6_addr *hit_i,
		      const struct in6_addr *hit_r,
		      const struct in6_addr *ip_i,
		      const struct in6_addr *ip_r, u8 *out, u16 *opaque);
int hip_puzzle_verify(u8 suite, u8 k, const u8 *i,
		      const struct in6_addr *hit_i,
		      const struct in6_addr *hit_r, const u8 *j);
int hip_puzzle_accept(struct hip_puzzle_secrets *s, u8 k, u16 opaque,
		      const struct in6_addr *hit_i,
		      const struct in6_addr *hit_r,
		      const struct in6_addr *ip_i,
		      const struct in6_addr *ip_r, const u8 *i, const u8 *j,
		      size_t rhash_len);

u64 hip_puzzle_lifetime_ms(u8 lifetime);
u8 hip_puzzle_lifetime_encode(u32 seconds);

#endif /* _NET_HIP_PUZZLE_H */
