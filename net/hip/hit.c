// SPDX-License-Identifier: GPL-2.0
/*
 * Host Identity Tags: how a key becomes an address.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>

#include "crypto.h"
#include "hit.h"
#include "wire.h"

#define HIP_ORCHID_HASH_LEN	12	/* Encode_96, RFC 7343, section 2 */

/* Context ID of HIP, RFC 7401, section 3.2 */
static const u8 hip_context_id[16] = {
	0xf0, 0xef, 0xf0, 0x2f, 0xbf, 0xf4, 0x3d, 0x0f,
	0xe7, 0x93, 0x0c, 0x3c, 0x6e, 0x61, 0x74, 0xea,
};

/**
 * hip_suite_of_alg() - HIT suite that a HI algorithm belongs to
 * @algorithm: HI algorithm (enum hip_hi_alg)
 *
 * Any context.  RFC 7401, section 5.2.10.
 *
 * Return: enum hip_hit_suite, or 0 if we do not support the algorithm.
 */
u8 hip_suite_of_alg(u16 algorithm)
{
	switch (algorithm) {
	case HIP_HI_ALG_DSA:
	case HIP_HI_ALG_RSA:
		return HIP_HIT_SUITE_RSA_DSA_SHA256;
	case HIP_HI_ALG_ECDSA:
		return HIP_HIT_SUITE_ECDSA_SHA384;
	case HIP_HI_ALG_ECDSA_LOW:
		return HIP_HIT_SUITE_ECDSA_LOW_SHA1;
	default:
		return HIP_HIT_SUITE_RESERVED;
	}
}

/**
 * hip_suite_allows_alg() - may a HIT of this suite come from such a key?
 * @suite: HIT suite
 * @algorithm: HI algorithm
 *
 * Any context.  RFC 7401, section 5.2.10.
 *
 * Return: true if we support both and they go together.
 */
bool hip_suite_allows_alg(u8 suite, u16 algorithm)
{
	return suite && hip_suite_of_alg(algorithm) == suite;
}

/* RFC 3110, section 2: exponent and modulus without leading zeros */
static bool hip_hi_check_rsa(const u8 *hi, size_t len)
{
	size_t e_len, offset = 1;

	if (len < 3)
		return false;
	e_len = hi[0];
	if (!e_len) {
		e_len = hip_load_be16(hi + 1);
		offset = 3;
		if (e_len <= U8_MAX)
			return false;
	}
	if (!e_len || len - offset <= e_len)
		return false;
	return hi[offset] && hi[offset + e_len];
}

/* RFC 2536, section 2 */
static bool hip_hi_check_dsa(const u8 *hi, size_t len)
{
	return len && hi[0] <= 8 && len == 1 + 20 + 3 * (64 + 8U * hi[0]);
}

/* Section 5.2.9 with decision 1: a point as x|y or as 04|x|y */
static bool hip_hi_check_point(const u8 *point, size_t len, size_t coord)
{
	if (len == 2 * coord + 1)
		return point[0] == 0x04;
	return len == 2 * coord;
}

/**
 * hip_hi_check() - is a Host Identity well formed?
 * @algorithm: HI algorithm
 * @hi: Host Identity field of HOST_ID
 * @len: octets of @hi
 *
 * Any context.  RFC 7401, section 5.2.9.  The shape only; hipd does the
 * mathematics.
 *
 * Return: 0, -EOPNOTSUPP for an algorithm or curve that we do not support,
 * -EINVAL if it is malformed.
 */
int hip_hi_check(u16 algorithm, const u8 *hi, size_t len)
{
	bool ok;

	switch (algorithm) {
	case HIP_HI_ALG_RSA:
		ok = hip_hi_check_rsa(hi, len);
		break;
	case HIP_HI_ALG_DSA:
		ok = hip_hi_check_dsa(hi, len);
		break;
	case HIP_HI_ALG_ECDSA:
		if (len < 2)
			return -EINVAL;
		switch (hip_load_be16(hi)) {
		case HIP_ECDSA_CURVE_P256:
			ok = hip_hi_check_point(hi + 2, len - 2, 32);
			break;
		case HIP_ECDSA_CURVE_P384:
			ok = hip_hi_check_point(hi + 2, len - 2, 48);
			break;
		default:
			return -EOPNOTSUPP;
		}
		break;
	case HIP_HI_ALG_ECDSA_LOW:
		if (len < 2)
			return -EINVAL;
		if (hip_load_be16(hi) != HIP_ECDSA_LOW_CURVE_SECP160R1)
			return -EOPNOTSUPP;
		ok = hip_hi_check_point(hi + 2, len - 2, 20);
		break;
	default:
		return -EOPNOTSUPP;
	}
	return ok ? 0 : -EINVAL;
}

/**
 * hip_hit_from_hi() - compute the HIT of a Host Identity
 * @suite: HIT suite
 * @hi: Host Identity field of HOST_ID, without algorithm and domain identifier
 * @len: octets of @hi
 * @hit: set to the HIT
 *
 * Process or softirq context, after hip_crypto_init().  RFC 7343, section 2
 * and RFC 7401, section 3.2: prefix, OGA, middle 96 bits of the hash.
 *
 * Return: 0, -EOPNOTSUPP for a suite that we do not support, or an error of
 * the crypto API.
 */
int hip_hit_from_hi(u8 suite, const u8 *hi, size_t len, struct in6_addr *hit)
{
	const struct kvec vec[] = {
		{ (void *)hip_context_id, sizeof(hip_context_id) },
		{ (void *)hi, len },
	};
	u8 digest[HIP_RHASH_LEN_MAX];
	int err;

	err = hip_rhash(suite, digest, vec, ARRAY_SIZE(vec));
	if (err)
		return err;

	hit->s6_addr[0] = 0x20;
	hit->s6_addr[1] = 0x01;
	hit->s6_addr[2] = 0x00;
	hit->s6_addr[3] = 0x20 | suite;
	memcpy(hit->s6_addr + 4,
	       digest + (hip_rhash_len(suite) - HIP_ORCHID_HASH_LEN) / 2,
	       HIP_ORCHID_HASH_LEN);
	return 0;
}

/**
 * hip_hit_verify() - does a Host Identity belong to a HIT?
 * @hit: HIT
 * @algorithm: HI algorithm
 * @hi: Host Identity field of HOST_ID
 * @len: octets of @hi
 *
 * Process or softirq context, after hip_crypto_init().  RFC 7401, section 3.2.
 *
 * Return: 0 if it does, -EBADMSG if not, -EOPNOTSUPP or -EINVAL as from
 * hip_hi_check(), or an error of the crypto API.
 */
int hip_hit_verify(const struct in6_addr *hit, u16 algorithm, const u8 *hi,
		   size_t len)
{
	u8 suite = hip_hit_suite(hit);
	struct in6_addr want;
	int err;

	err = hip_hi_check(algorithm, hi, len);
	if (err)
		return err;
	if (!hip_is_hit(hit) || !hip_suite_allows_alg(suite, algorithm))
		return -EBADMSG;
	err = hip_hit_from_hi(suite, hi, len, &want);
	if (err)
		return err;
	return hip_hit_cmp(hit, &want) ? -EBADMSG : 0;
}
