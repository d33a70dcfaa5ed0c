// SPDX-License-Identifier: GPL-2.0
/*
 * Host Identities and their tags.
 */
#include <arpa/inet.h>
#include <errno.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <hip/hip_wire.h>

#include "hi.h"
#include "test.h"
#include "vectors.h"

static bool hit_is(uint8_t suite, const uint8_t *data, size_t len,
		   const char *want)
{
	char text[INET6_ADDRSTRLEN];
	struct in6_addr hit;

	return !hit_from_hi(suite, data, len, &hit) && hit_is_valid(&hit) &&
	       inet_ntop(AF_INET6, &hit, text, sizeof(text)) &&
	       !strcmp(text, want);
}

/* x | y with a curve, with or without 04 in front */
static size_t make_ec(uint8_t *hi, uint16_t curve, bool sec1)
{
	size_t at = 2;

	put_be16(hi, curve);
	if (sec1)
		hi[at++] = 0x04;
	if (curve == HIP_ECDSA_CURVE_P256)
		return at + GET(p256_gi, hi + at);
	return at + GET(p384_gi, hi + at);
}

/* The base point, of the curve's definition in SEC 2 */
static size_t make_ec_low(uint8_t *hi, bool sec1)
{
	size_t at = 2;

	put_be16(hi, HIP_ECDSA_LOW_CURVE_SECP160R1);
	if (sec1)
		hi[at++] = 0x04;
	return at + GET(secp160r1_g, hi + at);
}

static void test_hits(void)
{
	uint8_t hi[HI_LEN_MAX], raw[16];
	struct in6_addr hit;
	size_t len;

	len = GET(rsa2048_hi, hi);
	check(hit_is(1, hi, len, "2001:21:d4bf:8284:dae7:d346:68c9:9a15"),
	      "HIT of the RSA-2048 key of RFC 8002");
	len = GET(rsa1024_hi, hi);
	check(hit_is(1, hi, len, "2001:21:731f:db71:2bf5:bf3b:f642:72a4"),
	      "HIT of the RSA-1024 key of RFC 8005");
	len = make_ec(hi, 1, false);
	check(hit_is(2, hi, len, "2001:22:aac4:8f53:d116:86c2:e5db:9507"),
	      "HIT of a P-256 key, x|y");
	len = make_ec(hi, 1, true);
	check(hit_is(2, hi, len, "2001:22:1962:d4c0:ebff:c131:556f:f367"),
	      "HIT of a P-256 key, 04|x|y");
	len = make_ec(hi, 2, false);
	check(hit_is(2, hi, len, "2001:22:b3a:f6a1:4b56:1336:5f82:8d6a"),
	      "HIT of a P-384 key, x|y");
	len = make_ec(hi, 2, true);
	check(hit_is(2, hi, len, "2001:22:34fa:2f9d:55ab:d705:5dc0:5d01"),
	      "HIT of a P-384 key, 04|x|y");

	len = make_ec_low(hi, false);
	check(hit_is(3, hi, len, "2001:23:748c:6491:ef2c:b6cc:43d1:4c6f"),
	      "HIT of a secp160r1 key, x|y");
	len = make_ec_low(hi, true);
	check(hit_is(3, hi, len, "2001:23:1048:4ea0:ddcc:b727:80dc:246c"),
	      "HIT of a secp160r1 key, 04|x|y");

	len = GET(c2_r1_hi, hi);
	GET(c2_r1_hit, raw);
	check(!hit_from_hi(1, hi, len, &hit) && !memcmp(&hit, raw, 16),
	      "HIT of another implementation");
	check(hit_from_hi(0, hi, len, &hit) == -EOPNOTSUPP &&
	      hit_from_hi(15, hi, len, &hit) == -EOPNOTSUPP,
	      "no HIT of unknown suites");

	inet_pton(AF_INET6, "2001:20::1", &hit);
	check(!hit_is_valid(&hit), "suite 0 is no HIT");
	inet_pton(AF_INET6, "2001:31::1", &hit);
	check(!hit_is_valid(&hit), "2001:30::/28 is no HIT");
}

/* A key to a HI field, and back, and the same again */
static void round_trip(const char *name, uint16_t alg, size_t len)
{
	EVP_PKEY *key = test_key(name), *public = NULL;
	struct hi hi, again;
	const char *why;

	check(!hi_from_key(key, &hi, &why) && hi.alg == alg && hi.len == len &&
	      hi.suite == hi_alg_suite(alg) &&
	      !hi_to_key(hi.alg, hi.data, hi.len, &public, &why) &&
	      EVP_PKEY_eq(key, public) == 1 &&
	      !hi_from_key(public, &again, &why) &&
	      !memcmp(&hi, &again, sizeof(hi)), "%s: HI field and back", name);
	EVP_PKEY_free(public);
	check(!hi_check_own_key(key, &why), "%s: good as our own", name);
}

static void is_accepted(const char *what, uint16_t alg, const uint8_t *hi,
			size_t len)
{
	EVP_PKEY *key;
	const char *why;

	check(!hi_to_key(alg, hi, len, &key, &why), "accepted: %s", what);
	EVP_PKEY_free(key);
}

static void is_refused(const char *what, uint16_t alg, const uint8_t *hi,
		       size_t len, int err)
{
	/* of exactly this length, so that reading beyond it is noticed */
	uint8_t *copy = malloc(len ? len : 1);
	const char *why = NULL;
	EVP_PKEY *key;

	memcpy(copy, hi, len);
	check(hi_to_key(alg, copy, len, &key, &why) == err && !key && why,
	      "refused: %s", what);
	EVP_PKEY_free(key);
	free(copy);
}

static void test_bad_rsa(void)
{
	uint8_t good[HI_LEN_MAX], hi[HI_LEN_MAX];
	const size_t len = GET(rsa2048_hi, good);
	size_t i;

#define AGAIN() memcpy(hi, good, len)
	AGAIN();
	is_accepted("RSA-2048", HIP_HI_ALG_RSA, hi, len);
	for (i = 0; i < 5; i++)
		is_refused("RSA, cut short in front", HIP_HI_ALG_RSA, hi, i,
			   -EINVAL);
	hi[3] = 0;
	is_refused("RSA, even exponent", HIP_HI_ALG_RSA, hi, len, -EINVAL);
	AGAIN();
	hi[1] = 0;
	is_refused("RSA, exponent with a zero in front", HIP_HI_ALG_RSA, hi, len,
		   -EINVAL);
	AGAIN();
	hi[4] = 0;
	is_refused("RSA, modulus with a zero in front", HIP_HI_ALG_RSA, hi, len,
		   -EINVAL);
	AGAIN();
	hi[len - 1] &= 0xfe;
	is_refused("RSA, even modulus", HIP_HI_ALG_RSA, hi, len, -EINVAL);
	AGAIN();
	is_refused("RSA, modulus too short", HIP_HI_ALG_RSA, hi, 4 + 96, -EINVAL);
	hi[0] = 1;
	hi[1] = 1;
	is_refused("RSA, exponent 1", HIP_HI_ALG_RSA, hi, len, -EINVAL);
	AGAIN();
	hi[0] = 9;
	is_refused("RSA, exponent too long", HIP_HI_ALG_RSA, hi, len, -EINVAL);
	hi[0] = 255;
	is_refused("RSA, nothing but exponent", HIP_HI_ALG_RSA, hi, 256, -EINVAL);
	hi[0] = 0;
	hi[1] = 0;
	hi[2] = 3;
	is_refused("RSA, short exponent in long form", HIP_HI_ALG_RSA, hi, len,
		   -EINVAL);
	memset(hi, 0xff, sizeof(hi));
	hi[0] = 3;
	is_refused("RSA, modulus too long", HIP_HI_ALG_RSA, hi, 4 + 1024,
		   -EINVAL);
#undef AGAIN
	i = GET(rsa1024_hi, hi);
	is_accepted("RSA-1024 of a peer", HIP_HI_ALG_RSA, hi, i);
	check(hi_check_own_key(test_key("rsa1024"), &(const char *){ NULL }),
	      "refused: RSA-1024 as our own");
}

/* Something that looks like a DSA key with a P of @bits */
static EVP_PKEY *make_dsa_of(int bits)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "DSA", NULL);
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	BIGNUM *p = BN_new(), *q = BN_new(), *g = BN_new(), *y = BN_new();
	OSSL_PARAM *params;
	EVP_PKEY *key = NULL;

	BN_set_bit(p, bits - 1);
	BN_set_bit(q, 159);
	BN_set_word(g, 4);
	BN_set_word(y, 5);
	OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_FFC_P, p);
	OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_FFC_Q, q);
	OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_FFC_G, g);
	OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_PUB_KEY, y);
	params = OSSL_PARAM_BLD_to_param(bld);
	EVP_PKEY_fromdata_init(ctx);
	EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(bld);
	BN_free(p);
	BN_free(q);
	BN_free(g);
	BN_free(y);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

/* RFC 7401 section 3.2: the smallest T that holds P */
static void test_dsa_t(void)
{
	EVP_PKEY *key = make_dsa_of(770);
	const char *why;
	struct hi hi;

	check(hi_dsa_t(1) == 0 && hi_dsa_t(64) == 0 && hi_dsa_t(65) == 1 &&
	      hi_dsa_t(72) == 1 && hi_dsa_t(73) == 2 && hi_dsa_t(128) == 8 &&
	      hi_dsa_t(129) == 9, "the smallest T for each length of P");
	check(!hi_from_key(key, &hi, &why) && hi.data[0] == 5 &&
	      hi.len == 1 + 20 + 3 * 104 && !hi.data[1 + 20] &&
	      hi.data[1 + 20 + 7] == 2 && hi.data[hi.len - 1] == 5,
	      "DSA of 770 bits: T is 5, and all are filled up with zeros");
	check(hi_check_own_key(key, &why) == -EINVAL,
	      "refused: DSA of 770 bits as our own");
	EVP_PKEY_free(key);
}

static void test_bad_dsa(void)
{
	uint8_t good[HI_LEN_MAX], hi[HI_LEN_MAX];
	const size_t len = GET(rfc6979_dsa_hi, good);
	const size_t q = 1, p = 21, g = p + 128, y = g + 128;

	is_accepted("DSA", HIP_HI_ALG_DSA, good, len);
	is_refused("DSA, nothing", HIP_HI_ALG_DSA, good, 0, -EINVAL);
	is_refused("DSA, T only", HIP_HI_ALG_DSA, good, 1, -EINVAL);
	is_refused("DSA, one octet less", HIP_HI_ALG_DSA, good, len - 1,
		   -EINVAL);
#define AGAIN() memcpy(hi, good, len)
	AGAIN();
	hi[0] = 7;
	is_refused("DSA, T of another length", HIP_HI_ALG_DSA, hi, len,
		   -EINVAL);
	is_refused("DSA, too short", HIP_HI_ALG_DSA, hi, 1 + 20 + 3 * 120,
		   -EINVAL);
	hi[0] = 9;
	is_refused("DSA, T beyond RFC 2536", HIP_HI_ALG_DSA, hi,
		   1 + 20 + 3 * 136, -EINVAL);
	AGAIN();
	hi[q] = 0;
	is_refused("DSA, short Q", HIP_HI_ALG_DSA, hi, len, -EINVAL);
	AGAIN();
	hi[p - 1] ^= 1;
	is_refused("DSA, even Q", HIP_HI_ALG_DSA, hi, len, -EINVAL);
	AGAIN();
	hi[p] = 0;
	is_refused("DSA, P shorter than T says", HIP_HI_ALG_DSA, hi, len,
		   -EINVAL);
	AGAIN();
	hi[g - 1] ^= 1;
	is_refused("DSA, even P", HIP_HI_ALG_DSA, hi, len, -EINVAL);
	AGAIN();
	memset(hi + g, 0xff, 128);
	is_refused("DSA, G beyond P", HIP_HI_ALG_DSA, hi, len, -EINVAL);
	AGAIN();
	memset(hi + y, 0, 128);
	is_refused("DSA, Y zero", HIP_HI_ALG_DSA, hi, len, -EINVAL);
	hi[len - 1] = 1;
	is_refused("DSA, Y one", HIP_HI_ALG_DSA, hi, len, -EINVAL);
#undef AGAIN
}

static void test_bad_ec(void)
{
	uint8_t hi[HI_LEN_MAX];
	size_t len;

	len = make_ec(hi, 1, false);
	is_accepted("P-256, x|y", HIP_HI_ALG_ECDSA, hi, len);
	is_refused("P-256, one octet less", HIP_HI_ALG_ECDSA, hi, len - 1,
		   -EINVAL);
	is_refused("EC, curve only", HIP_HI_ALG_ECDSA, hi, 2, -EINVAL);
	is_refused("EC, nothing", HIP_HI_ALG_ECDSA, hi, 0, -EINVAL);
	hi[len - 1] ^= 1;
	is_refused("P-256, not on the curve", HIP_HI_ALG_ECDSA, hi, len, -EINVAL);
	memset(hi + 2, 0, 64);
	is_refused("P-256, zeros", HIP_HI_ALG_ECDSA, hi, len, -EINVAL);
	memset(hi + 2, 0xff, 64);
	is_refused("P-256, beyond the field", HIP_HI_ALG_ECDSA, hi, len, -EINVAL);

	len = make_ec(hi, 2, true);
	is_accepted("P-384, 04|x|y", HIP_HI_ALG_ECDSA, hi, len);
	hi[2] = 0x02;
	is_refused("P-384, wrong form", HIP_HI_ALG_ECDSA, hi, len, -EINVAL);
	is_refused("P-384, compressed", HIP_HI_ALG_ECDSA, hi, 2 + 49, -EINVAL);
	len = make_ec_low(hi, false);
	is_accepted("secp160r1, x|y", HIP_HI_ALG_ECDSA_LOW, hi, len);
	is_refused("secp160r1 as ECDSA", HIP_HI_ALG_ECDSA, hi, len, -EINVAL);
	is_refused("secp160r1, one octet less", HIP_HI_ALG_ECDSA_LOW, hi,
		   len - 1, -EINVAL);
	hi[len - 1] ^= 1;
	is_refused("secp160r1, not on the curve", HIP_HI_ALG_ECDSA_LOW, hi, len,
		   -EINVAL);
	put_be16(hi, 2);
	is_refused("unknown curve of ECDSA_LOW", HIP_HI_ALG_ECDSA_LOW, hi, len,
		   -EOPNOTSUPP);
	len = make_ec(hi, 1, false);
	is_refused("P-256 as ECDSA_LOW", HIP_HI_ALG_ECDSA_LOW, hi, len, -EINVAL);

	len = make_ec(hi, 2, true);
	put_be16(hi, 1);
	is_refused("P-384 point under the name of P-256", HIP_HI_ALG_ECDSA, hi,
		   len, -EINVAL);
	put_be16(hi, 3);
	is_refused("unknown curve", HIP_HI_ALG_ECDSA, hi, len, -EOPNOTSUPP);
	is_refused("unknown algorithm", 99, hi, len, -EOPNOTSUPP);
}

void test_hi(void)
{
	const char *why;
	struct hi hi;

	test_hits();
	round_trip("rsa2048", HIP_HI_ALG_RSA, 1 + 3 + 256);
	round_trip("p256", HIP_HI_ALG_ECDSA, 2 + 65);
	round_trip("p384", HIP_HI_ALG_ECDSA, 2 + 97);
	round_trip("secp160r1", HIP_HI_ALG_ECDSA_LOW, 2 + 41);
	round_trip("dsa", HIP_HI_ALG_DSA, 1 + 20 + 3 * 128);
	check(hi_from_key(test_key("p521"), &hi, &why) == -EOPNOTSUPP &&
	      hi_from_key(test_key("ed25519"), &hi, &why) == -EOPNOTSUPP,
	      "P-521 and Ed25519 are no Host Identities here");
	check(hi_from_key(test_key("dsa2048"), &hi, &why) == -EINVAL,
	      "refused: DSA of 2048 bits, which RFC 2536 has no form for");
	test_dsa_t();
	test_bad_rsa();
	test_bad_dsa();
	test_bad_ec();
}
