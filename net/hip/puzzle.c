// SPDX-License-Identifier: GPL-2.0
/*
 * The puzzle of the base exchange, from the Responder's side.
 *
 * I is computed from a secret and the Initiator's HIT and address (RFC 7401,
 * Appendix A), so that the Responder remembers nothing between R1 and I2.
 * Solving is left to hipd.
 */
#include <crypto/algapi.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/string.h>

#include "crypto.h"
#include "hit.h"
#include "puzzle.h"
#include "wire.h"

/**
 * hip_puzzle_i() - compute I from a secret
 * @secret: S, HIP_PUZZLE_SECRET_LEN octets
 * @hit_i: Initiator's HIT
 * @hit_r: Responder's HIT
 * @ip_i: Initiator's address; in6addr_any if it may change before the I2
 * @ip_r: Responder's address, likewise
 * @opaque: Opaque of the puzzle, host order
 * @suite: HIT suite of the Responder
 * @out: set to I, hip_rhash_len(@suite) octets
 *
 * Process or softirq context.  RFC 7401, Appendix A: RHASH(S | HIT-I | HIT-R |
 * IP-I | IP-R), and behind it Opaque, which counts I1s so that an Initiator
 * that asks again gets another I (section 4.1.2).  Addresses may change in
 * between when the R1 carries a LOCATOR_SET or the I1 came through a rendezvous
 * server (RFC 8047, section 4.2.8).
 *
 * Return: 0 or an error as from hip_rhash().
 */
int hip_puzzle_i(const u8 *secret, const struct in6_addr *hit_i,
		 const struct in6_addr *hit_r, const struct in6_addr *ip_i,
		 const struct in6_addr *ip_r, u16 opaque, u8 suite, u8 *out)
{
	const __be16 be_opaque = cpu_to_be16(opaque);
	const struct kvec vec[] = {
		{ (void *)secret, HIP_PUZZLE_SECRET_LEN },
		{ (void *)hit_i, sizeof(*hit_i) },
		{ (void *)hit_r, sizeof(*hit_r) },
		{ (void *)ip_i, sizeof(*ip_i) },
		{ (void *)ip_r, sizeof(*ip_r) },
		{ (void *)&be_opaque, sizeof(be_opaque) },
	};

	return hip_rhash(suite, out, vec, ARRAY_SIZE(vec));
}

/* Are the low-order @k bits of a big-endian number zero? */
static bool hip_low_bits_zero(const u8 *digest, size_t len, unsigned int k)
{
	const u8 *p = digest + len;

	for (; k >= 8; k -= 8)
		if (*--p)
			return false;
	return !k || !(*--p & (BIT(k) - 1));
}

/**
 * hip_puzzle_verify() - does J solve the puzzle?
 * @suite: HIT suite of the Responder
 * @k: difficulty, bits
 * @i: I, hip_rhash_len(@suite) octets
 * @hit_i: Initiator's HIT
 * @hit_r: Responder's HIT
 * @j: J, hip_rhash_len(@suite) octets
 *
 * Process or softirq context.  RFC 7401, section 6.3: the low-order K bits of
 * RHASH(I | HIT-I | HIT-R | J) are zero.
 *
 * Return: 0 if it does, -EKEYREJECTED if not, -EINVAL if @k is more than the
 * hash has bits, or an error as from hip_rhash().
 */
int hip_puzzle_verify(u8 suite, u8 k, const u8 *i,
		      const struct in6_addr *hit_i,
		      const struct in6_addr *hit_r, const u8 *j)
{
	unsigned int len = hip_rhash_len(suite);
	const struct kvec vec[] = {
		{ (void *)i, len },
		{ (void *)hit_i, sizeof(*hit_i) },
		{ (void *)hit_r, sizeof(*hit_r) },
		{ (void *)j, len },
	};
	u8 digest[HIP_RHASH_LEN_MAX];
	int err;

	err = hip_rhash(suite, digest, vec, ARRAY_SIZE(vec));
	if (err)
		return err;
	if (k > len * 8)
		return -EINVAL;
	return hip_low_bits_zero(digest, len, k) ? 0 : -EKEYREJECTED;
}

/**
 * hip_puzzle_accept() - check a SOLUTION without any memory of the R1
 * @secret: S of the R1 that it answers
 * @k: difficulty that we asked for, bits
 * @opaque: Opaque of SOLUTION, host order
 * @hit_i: Initiator's HIT
 * @hit_r: Responder's HIT
 * @ip_i: Initiator's address, as given to hip_puzzle_i()
 * @ip_r: Responder's address, likewise
 * @i: I of SOLUTION
 * @j: J of SOLUTION
 * @rhash_len: octets of @i and of @j
 *
 * Process or softirq context: two hashes, the cheap defence that stands
 * before everything else in an I2 (RFC 7401, section 6.9).
 *
 * Return: 0 if we may go on, -EBADMSG if it is not our puzzle, -EKEYREJECTED if
 * J does not solve it, or an error as from hip_rhash().
 */
int hip_puzzle_accept(const u8 *secret, u8 k, u16 opaque,
		      const struct in6_addr *hit_i,
		      const struct in6_addr *hit_r,
		      const struct in6_addr *ip_i,
		      const struct in6_addr *ip_r, const u8 *i, const u8 *j,
		      size_t rhash_len)
{
	u8 suite = hip_hit_suite(hit_r);
	u8 want[HIP_RHASH_LEN_MAX];
	int err;

	if (rhash_len != hip_rhash_len(suite))
		return -EBADMSG;
	err = hip_puzzle_i(secret, hit_i, hit_r, ip_i, ip_r, opaque, suite,
			   want);
	if (!err && crypto_memneq(want, i, rhash_len))
		err = -EBADMSG;
	if (!err)
		err = hip_puzzle_verify(suite, k, i, hit_i, hit_r, j);
	memzero_explicit(want, sizeof(want));
	return err;
}

/**
 * hip_puzzle_lifetime_ms() - decode the Lifetime of a PUZZLE
 * @lifetime: the field; 2^(lifetime - 32) seconds
 *
 * Any context.  RFC 7401, section 5.2.4.
 *
 * Return: milliseconds, rounded up, so never 0; U64_MAX if it does not fit.
 */
u64 hip_puzzle_lifetime_ms(u8 lifetime)
{
	/* 1000 takes ten bits: with 2^86 and more it would not fit */
	if (lifetime >= HIP_LIFETIME_BIAS + 54)
		return U64_MAX;
	if (lifetime >= HIP_LIFETIME_BIAS)
		return 1000ULL << (lifetime - HIP_LIFETIME_BIAS);
	return (1000ULL + (1ULL << (HIP_LIFETIME_BIAS - lifetime)) - 1) >>
	       (HIP_LIFETIME_BIAS - lifetime);
}

/**
 * hip_puzzle_lifetime_encode() - encode a Lifetime for a PUZZLE
 * @seconds: how long the Initiator may take
 *
 * Any context.  RFC 7401, section 5.2.4.
 *
 * Return: the field for the smallest power of two not below @seconds.
 */
u8 hip_puzzle_lifetime_encode(u32 seconds)
{
	return HIP_LIFETIME_BIAS + (seconds > 1 ? fls(seconds - 1) : 0);
}
