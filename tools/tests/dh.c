// SPDX-License-Identifier: GPL-2.0
/*
 * Diffie-Hellman.
 */
#include "dh.h"

#include <errno.h>

#include <openssl/bn.h>

#include <hip/hip_wire.h>

#include "test.h"
#include "vectors.h"

static const struct {
	uint8_t id;
	size_t public_len;
	size_t secret_len;
} groups[] = {
	{ HIP_DH_GROUP_MODP_1536, 192, 192 },
	{ HIP_DH_GROUP_MODP_2048, 256, 256 },
	{ HIP_DH_GROUP_MODP_3072, 384, 384 },
	{ HIP_DH_GROUP_NIST_P256, 64, 32 },
	{ HIP_DH_GROUP_NIST_P384, 96, 48 },
	{ HIP_DH_GROUP_NIST_P521, 132, 66 },
	{ HIP_DH_GROUP_SECP160R1, 40, 20 },
};

static void round_trip(unsigned int n)
{
	struct dh_value pub_a = {}, priv_a = {}, pub_b = {}, priv_b = {}, a, b;
	const uint8_t id = groups[n].id;

	if (!check(!dh_generate(id, &pub_a, &priv_a) &&
		   !dh_generate(id, &pub_b, &priv_b) &&
		   pub_a.len == groups[n].public_len &&
		   pub_b.len == pub_a.len &&
		   memcmp(pub_a.data, pub_b.data, pub_a.len),
		   "group %u: two key pairs", id))
		return;
	check(!dh_derive(id, priv_a.data, priv_a.len, pub_b.data, pub_b.len,
			 &a) &&
	      !dh_derive(id, priv_b.data, priv_b.len, pub_a.data, pub_a.len,
			 &b) &&
	      a.len == groups[n].secret_len && b.len == a.len &&
	      !memcmp(a.data, b.data, a.len), "group %u: one secret", id);
	check(dh_derive(id, priv_a.data, priv_a.len - 1, pub_b.data, pub_b.len,
			&a) == -EINVAL, "group %u: private key too short", id);
	memset(priv_a.data, 0, priv_a.len);
	check(dh_derive(id, priv_a.data, priv_a.len, pub_b.data, pub_b.len,
			&a) == -EINVAL, "group %u: private key zero", id);
	check(dh_derive(id, priv_b.data, priv_b.len, pub_a.data, 0, &a) ==
	      -EKEYREJECTED, "group %u: no public value", id);
	memset(pub_a.data, 0, pub_a.len);
	check(dh_derive(id, priv_b.data, priv_b.len, pub_a.data, pub_a.len,
			&a) == -EKEYREJECTED, "group %u: public value zero",
	      id);
	memset(pub_a.data, 0xff, pub_a.len);
	check(dh_derive(id, priv_b.data, priv_b.len, pub_a.data, pub_a.len,
			&a) == -EKEYREJECTED, "group %u: public value too big",
	      id);
}

/* Our private key and the peer's public value of RFC 5903, or of GEC 2 */
static void published(uint8_t id, const uint8_t *i, size_t i_len,
		      const uint8_t *gr, size_t gr_len, const uint8_t *want)
{
	uint8_t public[DH_LEN_MAX] = { 0 };
	struct dh_value got;

	memcpy(public, gr, gr_len);
	check(!dh_derive(id, i, i_len, public, gr_len, &got) &&
	      got.len == gr_len / 2 && !memcmp(got.data, want, got.len),
	      "group %u: known answer", id);
	check(dh_derive(id, i, i_len, public, gr_len - 1, &got) ==
	      -EKEYREJECTED, "group %u: one octet less", id);
	check(dh_derive(id, i, i_len, public, gr_len + 1, &got) ==
	      -EKEYREJECTED, "group %u: one octet more", id);
	public[gr_len - 1] ^= 1;
	check(dh_derive(id, i, i_len, public, gr_len, &got) == -EKEYREJECTED,
	      "group %u: not on the curve", id);
}

#define PUBLISHED(id, p)						\
	published(id, p##_i, sizeof(p##_i), p##_gr, sizeof(p##_gr),	\
		  p##_secret)

/* Values with many zeros in front: 4 is a square, and 4^1 = 4 */
static void test_zeros(void)
{
	const uint8_t id = HIP_DH_GROUP_MODP_1536;
	uint8_t one[192] = { 0 }, four[192] = { 0 };
	struct dh_value a, b;

	one[191] = 1;
	four[191] = 4;
	check(!dh_derive(id, one, 192, four, 192, &a) && a.len == 192 &&
	      !memcmp(a.data, four, 192), "MODP: the secret is padded");
	check(!dh_derive(id, one, 192, four + 191, 1, &b) && b.len == 192 &&
	      !memcmp(a.data, b.data, 192),
	      "MODP: a public value without its zeros is accepted");
	check(dh_derive(id, one + 1, 191, four, 192, &a) == -EINVAL,
	      "MODP: a private key without its zeros is not");
}

static int derive_bn(const BIGNUM *y)
{
	uint8_t private[192] = { [191] = 5 }, public[192];
	struct dh_value secret;

	BN_bn2binpad(y, public, sizeof(public));
	return dh_derive(HIP_DH_GROUP_MODP_1536, private, sizeof(private),
			 public, sizeof(public), &secret);
}

static void test_modp_bounds(void)
{
	BIGNUM *y = BN_get_rfc3526_prime_1536(NULL);
	uint8_t private[192] = { [191] = 5 }, public[193] = { [192] = 4 };
	struct dh_value secret;

	check(derive_bn(y) == -EKEYREJECTED, "MODP: p");
	BN_sub_word(y, 1);
	check(derive_bn(y) == -EKEYREJECTED, "MODP: p - 1");
	BN_sub_word(y, 3);
	check(derive_bn(y) == -EKEYREJECTED,
	      "MODP: p - 4, outside of the subgroup");
	BN_set_word(y, 1);
	check(derive_bn(y) == -EKEYREJECTED, "MODP: 1");
	BN_set_word(y, 2);
	check(derive_bn(y) == 0, "MODP: 2, the generator");
	BN_free(y);
	check(dh_derive(HIP_DH_GROUP_MODP_1536, private, sizeof(private),
			public, sizeof(public), &secret) == -EKEYREJECTED,
	      "MODP: longer than the group");
}

void test_dh(void)
{
	struct dh_value a, b;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(groups); i++)
		round_trip(i);
	PUBLISHED(HIP_DH_GROUP_NIST_P256, p256);
	PUBLISHED(HIP_DH_GROUP_NIST_P384, p384);
	PUBLISHED(HIP_DH_GROUP_NIST_P521, p521);
	PUBLISHED(HIP_DH_GROUP_SECP160R1, secp160r1);
	test_zeros();
	test_modp_bounds();
	check(dh_generate(0, &a, &b) == -EOPNOTSUPP &&
	      dh_generate(1, &a, &b) == -EOPNOTSUPP &&
	      dh_derive(5, a.data, 32, b.data, 32, &a) == -EOPNOTSUPP,
	      "groups that HIP has not, or no more");
}
