// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of puzzle.c.
 */
#include <kunit/test.h>
#include <linux/random.h>
#include <linux/string.h>

#include "crypto.h"
#include "hip_test.h"
#include "hit.h"
#include "puzzle.h"
#include "wire.h"

/* Smallest J, counting up from 0; for small @k */
static unsigned int hip_puzzle_solve(struct kunit *test, u8 suite, u8 k,
				     const u8 *i, const struct in6_addr *hit_i,
				     const struct in6_addr *hit_r, u8 *j)
{
	unsigned int len = hip_rhash_len(suite), n;
	int err;

	KUNIT_ASSERT_LE(test, k, 16);
	memset(j, 0, len);
	for (n = 0; n < 1U << 22; n++) {
		hip_store_be32(j + len - 4, n);
		err = hip_puzzle_verify(suite, k, i, hit_i, hit_r, j);
		if (!err)
			return n;
		KUNIT_ASSERT_EQ(test, -EKEYREJECTED, err);
	}
	KUNIT_FAIL(test, "no solution found");
	return n;
}

/* D3 of the derived vectors */
static void hip_puzzle_vector_test(struct kunit *test)
{
	u8 i[32], j[32];
	unsigned int k;

	for (k = 0; k < sizeof(i); k++)
		i[k] = k;
	KUNIT_EXPECT_EQ(test, 0xa79,
			hip_puzzle_solve(test, 1, 12, i, &hip_test_hit_g,
					 &hip_test_hit_l, j));
	HIP_EXPECT_HEX(test, "00000000000000000000000000000000\n"
			     "00000000000000000000000000000a79",
		       j, 32);

	/* the digest ends in 15000, so twelve bits and no more */
	for (k = 0; k <= 12; k++)
		KUNIT_EXPECT_EQ(test, 0,
				hip_puzzle_verify(1, k, i, &hip_test_hit_g,
						  &hip_test_hit_l, j));
	for (k = 13; k <= 255; k++)
		KUNIT_EXPECT_EQ(test, -EKEYREJECTED,
				hip_puzzle_verify(1, k, i, &hip_test_hit_g,
						  &hip_test_hit_l, j));
	/* Initiator first */
	KUNIT_EXPECT_EQ(test, -EKEYREJECTED,
			hip_puzzle_verify(1, 12, i, &hip_test_hit_l,
					  &hip_test_hit_g, j));
	j[0] ^= 1;
	KUNIT_EXPECT_EQ(test, -EKEYREJECTED,
			hip_puzzle_verify(1, 12, i, &hip_test_hit_g,
					  &hip_test_hit_l, j));
	KUNIT_EXPECT_EQ(test, 0,
			hip_puzzle_verify(1, 0, i, &hip_test_hit_g,
					  &hip_test_hit_l, j));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			hip_puzzle_verify(3, 161, i, &hip_test_hit_g,
					  &hip_test_hit_l, j));
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP,
			hip_puzzle_verify(5, 1, i, &hip_test_hit_g,
					  &hip_test_hit_l, j));
}

static void hip_puzzle_stateless_test(struct kunit *test)
{
	const struct in6_addr ip_i = { { { [10] = 0xff, 0xff, 192, 0, 2, 1 } } };
	const struct in6_addr ip_r = { { { [10] = 0xff, 0xff, 192, 0, 2, 2 } } };
	u8 i[48], i2[48], j[48], secret[HIP_PUZZLE_SECRET_LEN];
	struct in6_addr hit_r = hip_test_hit_l;
	const u16 opaque = 0x1234;
	unsigned int n;
	size_t len;
	u8 suite;

	for (suite = 1; suite <= 3; suite++) {
		hit_r.s6_addr[3] = 0x20 | suite;
		len = hip_rhash_len(suite);
		get_random_bytes(secret, sizeof(secret));

		KUNIT_ASSERT_EQ(test, 0,
				hip_puzzle_i(secret, &hip_test_hit_g, &hit_r,
					     &ip_i, &ip_r, opaque, suite, i));
		hip_puzzle_solve(test, suite, 8, i, &hip_test_hit_g, &hit_r, j);

#define ACCEPT(k, o, hit, from, to, len) \
	hip_puzzle_accept(secret, k, o, hit, &hit_r, from, to, i, j, len)
		KUNIT_EXPECT_EQ(test, 0, ACCEPT(8, opaque, &hip_test_hit_g,
						&ip_i, &ip_r, len));
		/* all that goes into I counts */
		KUNIT_EXPECT_EQ(test, -EBADMSG,
				ACCEPT(8, opaque, &hip_test_hit_i, &ip_i, &ip_r,
				       len));
		KUNIT_EXPECT_EQ(test, -EBADMSG,
				ACCEPT(8, opaque, &hip_test_hit_g, &ip_r, &ip_r,
				       len));
		KUNIT_EXPECT_EQ(test, -EBADMSG,
				ACCEPT(8, opaque, &hip_test_hit_g, &ip_i, &ip_i,
				       len));
		KUNIT_EXPECT_EQ(test, -EBADMSG,
				ACCEPT(8, opaque, &hip_test_hit_g, &ip_i, &ip_r,
				       len - 1));
		for (n = 0; n < 16; n++)
			KUNIT_EXPECT_EQ(test, -EBADMSG,
					ACCEPT(8, opaque ^ BIT(n),
					       &hip_test_hit_g, &ip_i, &ip_r,
					       len));
		for (n = 0; n < len; n++) {
			i[n] ^= 1;
			KUNIT_EXPECT_EQ(test, -EBADMSG,
					ACCEPT(8, opaque, &hip_test_hit_g,
					       &ip_i, &ip_r, len));
			i[n] ^= 1;
		}
		for (n = 0; n < sizeof(secret); n++) {
			secret[n] ^= 1;
			KUNIT_EXPECT_EQ(test, -EBADMSG,
					ACCEPT(8, opaque, &hip_test_hit_g,
					       &ip_i, &ip_r, len));
			secret[n] ^= 1;
		}

		/* J */
		KUNIT_EXPECT_EQ(test, -EKEYREJECTED,
				ACCEPT(60, opaque, &hip_test_hit_g, &ip_i,
				       &ip_r, len));
#undef ACCEPT
		/* who asks again gets another one */
		KUNIT_ASSERT_EQ(test, 0,
				hip_puzzle_i(secret, &hip_test_hit_g, &hit_r,
					     &ip_i, &ip_r, opaque + 1, suite,
					     i2));
		KUNIT_EXPECT_NE(test, 0, memcmp(i, i2, len));
	}
}

/* RHASH(S | HIT-I | HIT-R | IP-I | IP-R | Opaque) */
static void hip_puzzle_i_test(struct kunit *test)
{
	u8 secret[HIP_PUZZLE_SECRET_LEN];
	u8 i[32];

	memset(secret, 0x42, sizeof(secret));
	KUNIT_ASSERT_EQ(test, 0,
			hip_puzzle_i(secret, &hip_test_hit_g, &hip_test_hit_l,
				     &hip_test_hit_i, &hip_test_hit_r, 0x1234,
				     1, i));
	HIP_EXPECT_HEX(test, "a785fbd10c527dab0786c6cbb241270f992cc8f52b2a562a6715bddd1903ae23",
		       i, 32);
}

static void hip_puzzle_lifetime_test(struct kunit *test)
{
	static const struct {
		u8	value;
		u64	ms;
	} decode[] = {
		{ 37, 32000 }, { 32, 1000 }, { 33, 2000 }, { 31, 500 },
		{ 30, 250 }, { 29, 125 }, { 28, 63 }, { 22, 1 }, { 23, 2 },
		{ 21, 1 }, { 0, 1 }, { 64, 4294967296000ULL },
		{ 85, 1000ULL << 53 }, { 86, U64_MAX }, { 255, U64_MAX },
	};
	static const struct {
		u32	seconds;
		u8	value;
	} encode[] = {
		{ 0, 32 }, { 1, 32 }, { 2, 33 }, { 3, 34 }, { 4, 34 },
		{ 5, 35 }, { 32, 37 }, { 33, 38 }, { 64, 38 },
		{ 0x80000000, 63 }, { 0x80000001, 64 }, { 0xffffffff, 64 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(decode); i++)
		KUNIT_EXPECT_EQ_MSG(test, decode[i].ms,
				    hip_puzzle_lifetime_ms(decode[i].value),
				    "%u", decode[i].value);
	for (i = 1; i < 256; i++)
		KUNIT_EXPECT_GE(test, hip_puzzle_lifetime_ms(i),
				hip_puzzle_lifetime_ms(i - 1));
	for (i = 0; i < ARRAY_SIZE(encode); i++)
		KUNIT_EXPECT_EQ_MSG(test, encode[i].value,
				    hip_puzzle_lifetime_encode(encode[i].seconds),
				    "%u", encode[i].seconds);
}

static struct kunit_case hip_puzzle_cases[] = {
	KUNIT_CASE(hip_puzzle_vector_test),
	KUNIT_CASE(hip_puzzle_stateless_test),
	KUNIT_CASE(hip_puzzle_i_test),
	KUNIT_CASE(hip_puzzle_lifetime_test),
	{}
};

static struct kunit_suite hip_puzzle_suite = {
	.name = "hip_puzzle",
	.suite_init = hip_test_crypto_init,
	.suite_exit = hip_test_crypto_exit,
	.test_cases = hip_puzzle_cases,
};

kunit_test_suite(hip_puzzle_suite);
