// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of crypto.c and hit.c: published vectors of the primitives, HITs,
 * ENCRYPTED.
 */
#include <kunit/test.h>
#include <linux/string.h>

#include "crypto.h"
#include "hip_test.h"
#include "hit.h"
#include "wire.h"

struct hip_hmac_case {
	const char	*name;
	u8		suite;
	const char	*key;
	const char	*data;
	const char	*mac;	/* leading octets, as many as the RFC gives */
};

static const struct hip_hmac_case hip_hmac_test_cases[] = {
	{
		"RFC 4868 AUTH256-1", HIP_HIT_SUITE_RSA_DSA_SHA256,
		"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
		"4869205468657265",
		"198a607eb44bfbc69903a0f1cf2bbdc5",
	},
	{
		"RFC 4868 AUTH256-2", HIP_HIT_SUITE_RSA_DSA_SHA256,
		"4a6566654a6566654a6566654a6566654a6566654a6566654a6566654a656665",
		"7768617420646f2079612077616e7420666f72206e6f7468696e673f",
		"167f928588c5cc2eef8e3093caa0e87c",
	},
	{
		"RFC 4868 AUTH256-3", HIP_HIT_SUITE_RSA_DSA_SHA256,
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd\n"
		"dddddddddddddddddddddddddddddddddddd",
		"cdcb1220d1ecccea91e53aba3092f962",
	},
	{
		"RFC 4868 AUTH256-4", HIP_HIT_SUITE_RSA_DSA_SHA256,
		"0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20",
		"cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd\n"
		"cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd",
		"372efcf9b40b35c2115b1346903d2ef4",
	},
	{
		"RFC 4868 AUTH384-1", HIP_HIT_SUITE_ECDSA_SHA384,
		"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b\n"
		"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
		"4869205468657265",
		"b6a8d5636f5c6a7224f9977dcf7ee6c7fb6d0c48cbdee973",
	},
	{
		"RFC 4868 AUTH384-2", HIP_HIT_SUITE_ECDSA_SHA384,
		"4a6566654a6566654a6566654a6566654a6566654a6566654a6566654a656665\n"
		"4a6566654a6566654a6566654a656665",
		"7768617420646f2079612077616e7420666f72206e6f7468696e673f",
		"2c7353974f1842fd66d53c452ca42122b28c0b594cfb184d",
	},
	{
		"RFC 4868 AUTH384-3", HIP_HIT_SUITE_ECDSA_SHA384,
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd\n"
		"dddddddddddddddddddddddddddddddddddd",
		"809f439be00274321d4a538652164b53554a508184a0c316",
	},
	{
		"RFC 4868 AUTH384-4", HIP_HIT_SUITE_ECDSA_SHA384,
		"0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20\n"
		"0a0b0c0d0e0f10111213141516171819",
		"cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd\n"
		"cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd",
		"5b540085c6e6358096532b2493609ed1cb298f774f87bb5c",
	},
	{
		"RFC 4231 4.7, SHA-256", HIP_HIT_SUITE_RSA_DSA_SHA256,
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
		"aaaaaa",
		"54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a\n"
		"65204b6579202d2048617368204b6579204669727374",
		"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
	},
	{
		"RFC 4231 4.7, SHA-384", HIP_HIT_SUITE_ECDSA_SHA384,
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
		"aaaaaa",
		"54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a\n"
		"65204b6579202d2048617368204b6579204669727374",
		"4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c6\n"
		"0c2ef6ab4030fe8296248df163f44952",
	},
	{
		"RFC 2202 3 case 6", HIP_HIT_SUITE_ECDSA_LOW_SHA1,
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a\n"
		"65204b6579202d2048617368204b6579204669727374",
		"aa4ae5e15272d00e95705637ce8a3b55ed402112",
	},
};

static void hip_hmac_case_desc(const struct hip_hmac_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(hip_hmac, hip_hmac_test_cases, hip_hmac_case_desc);

static void hip_hmac_test(struct kunit *test)
{
	const struct hip_hmac_case *c = test->param_value;
	u8 key[160], data[64], mac[HIP_RHASH_LEN_MAX], want[48];
	size_t key_len, len, mac_len, i;
	struct kvec vec[3];

	key_len = hip_test_unhex(test, c->key, key, sizeof(key));
	len = hip_test_unhex(test, c->data, data, sizeof(data));
	mac_len = hip_test_unhex(test, c->mac, want, sizeof(want));

	/* the split into buffers does not matter */
	for (i = 0; i <= len; i++) {
		vec[0].iov_base = data;
		vec[0].iov_len = i;
		vec[1].iov_base = NULL;
		vec[1].iov_len = 0;
		vec[2].iov_base = data + i;
		vec[2].iov_len = len - i;
		memset(mac, 0, sizeof(mac));
		KUNIT_ASSERT_EQ(test, 0, hip_hmac(c->suite, key, key_len, mac,
						  vec, 3));
		HIP_EXPECT_MEMEQ(test, want, mac, mac_len);
	}
}

static void hip_mac_verify_test(struct kunit *test)
{
	static const u8 suites[] = { 1, 2, 3 };
	u8 key[32] = { 1 }, data[64] = { 2 }, mac[64];
	const struct kvec vec = { data, sizeof(data) };
	unsigned int len, i, j;

	for (i = 0; i < ARRAY_SIZE(suites); i++) {
		len = hip_rhash_len(suites[i]);
		KUNIT_ASSERT_EQ(test, 0, hip_hmac(suites[i], key, sizeof(key),
						  mac, &vec, 1));
		KUNIT_EXPECT_EQ(test, 0,
				hip_mac_verify(suites[i], key, sizeof(key),
					       data, sizeof(data), mac, len));
		for (j = 0; j < len; j++) {
			mac[j] ^= 0x80;
			KUNIT_EXPECT_EQ(test, -EBADMSG,
					hip_mac_verify(suites[i], key, 32,
						       data, sizeof(data), mac,
						       len));
			mac[j] ^= 0x80;
		}
		/* never truncated */
		for (j = 0; j < sizeof(mac); j++)
			if (j != len)
				KUNIT_EXPECT_EQ(test, -EBADMSG,
						hip_mac_verify(suites[i], key,
							       32, data, 64,
							       mac, j));
		KUNIT_EXPECT_EQ(test, -EBADMSG,
				hip_mac_verify(suites[i], key, sizeof(key),
					       data, sizeof(data) - 1, mac,
					       len));
	}
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP,
			hip_mac_verify(5, key, 32, data, 64, mac, 32));
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP,
			hip_mac_verify(0, key, 32, data, 64, mac, 32));
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, hip_rhash(255, mac, &vec, 1));
}

/* FIPS 180, "abc" */
static void hip_rhash_test(struct kunit *test)
{
	const struct kvec vec[] = { { "a", 1 }, { "", 0 }, { "bc", 2 } };
	u8 out[HIP_RHASH_LEN_MAX];

	KUNIT_ASSERT_EQ(test, 0, hip_rhash(1, out, vec, 3));
	HIP_EXPECT_HEX(test, "ba7816bf8f01cfea414140de5dae2223\n"
			     "b00361a396177a9cb410ff61f20015ad", out, 32);
	KUNIT_ASSERT_EQ(test, 0, hip_rhash(2, out, vec, 3));
	HIP_EXPECT_HEX(test, "cb00753f45a35e8bb5a03d699ac65007\n"
			     "272c32ab0eded1631a8b605a43ff5bed\n"
			     "8086072ba1e7cc2358baeca134c825a7", out, 48);
	KUNIT_ASSERT_EQ(test, 0, hip_rhash(3, out, vec, 3));
	HIP_EXPECT_HEX(test, "a9993e364706816aba3e25717850c26c9cd0d89d", out,
		       20);
}

struct hip_hit_case {
	const char	*name;
	u16		algorithm;
	const char	*hi;
	const char	*hit;
};

/* Published keys; HITs computed independently (no RFC has HIPv2 HITs) */
static const struct hip_hit_case hip_hit_test_cases[] = {
	{
		"RSA of RFC 8002", HIP_HI_ALG_RSA,
		"03010001c9b08594af1f3a7739c9d581a5eed2b56b72915d222c1e59e50629bd\n"
		"a219f6accaebf788d85455410158d88764d8c8cf6ec23881221aaee9a6802203\n"
		"eef31b7e6811e3f47b983328bf40ec4f19e8108a8b0760f79fe482f8a758043d\n"
		"4207c834ca996d11eb73c1d9969355e5c7ed804f8af21a6f83c815a48fb86afe\n"
		"f34f491a5c1f89bb30e698bccea3a23785b1791c26e6440cb93ed8378146f402\n"
		"2546a2eada255c46a2a3c55880531fc5e511a0dad8f2add698d4ce5535cc0bd3\n"
		"5b0948ef576580cb6579fdcb4d5bb38d1aff2a583e9665103e0481782bd5ca89\n"
		"78ea285cbc024a54cdaaa9998dd639e95ea9731a5d9355399b721ac2a01fe34c\n"
		"b0419897",
		"20010021d4bf8284dae7d34668c99a15",
	},
	{
		"RSA of RFC 8005", HIP_HI_ALG_RSA,
		"03010001b771ca136e4aeb5ce44333c53b3d2c13c22243851fc708bcce29f7e2\n"
		"eb5787b5f56ccad34f8223acc10904ddb56b2ec4a6d6232f3b50ea094f0914b3\n"
		"b941bbe529af582c36bbadefdaf2adaf9b4911906f5b2522603c615272b880ec\n"
		"8fb930cc6ee39c444daa75b1678f005a4b2499d1da5433f805c7a5ad3237acc5\n"
		"dd5c5e43",
		"20010021731fdb712bf5bf3bf64272a4",
	},
	{
		"P-256 x|y", HIP_HI_ALG_ECDSA,
		"0001dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c377258\n"
		"11805271a0461cdb8252d61f1c456fa3e59ab1f45b33accf5f58389e0577b899\n"
		"0bb3",
		"20010022aac48f53d11686c2e5db9507",
	},
	{
		"P-256 04|x|y", HIP_HI_ALG_ECDSA,
		"000104dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c3772\n"
		"5811805271a0461cdb8252d61f1c456fa3e59ab1f45b33accf5f58389e0577b8\n"
		"990bb3",
		"200100221962d4c0ebffc131556ff367",
	},
	{
		"P-384 x|y", HIP_HI_ALG_ECDSA,
		"0002667842d7d180ac2cde6f74f37551f55755c7645c20ef73e31634fe72b4c5\n"
		"5ee6de3ac808acb4bdb4c88732aee95f41aa9482ed1fc0eeb9cafc4984625ccf\n"
		"c23f65032149e0e144ada024181535a0f38eeb9fcff3c2c947dae69b4c634573\n"
		"a81c",
		"200100220b3af6a14b5613365f828d6a",
	},
	{
		"P-384 04|x|y", HIP_HI_ALG_ECDSA,
		"000204667842d7d180ac2cde6f74f37551f55755c7645c20ef73e31634fe72b4\n"
		"c55ee6de3ac808acb4bdb4c88732aee95f41aa9482ed1fc0eeb9cafc4984625c\n"
		"cfc23f65032149e0e144ada024181535a0f38eeb9fcff3c2c947dae69b4c6345\n"
		"73a81c",
		"2001002234fa2f9d55abd7055dc05d01",
	},
	{
		"SECP160R1", HIP_HI_ALG_ECDSA_LOW,
		"00010102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e\n"
		"1f202122232425262728",
		"200100234b1bc43ef3c92ad765567ab7",
	},
};

static void hip_hit_case_desc(const struct hip_hit_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(hip_hit, hip_hit_test_cases, hip_hit_case_desc);

static void hip_hit_test(struct kunit *test)
{
	const struct hip_hit_case *c = test->param_value;
	u8 suite = hip_suite_of_alg(c->algorithm);
	struct in6_addr hit;
	u8 hi[320];
	size_t len;

	len = hip_test_unhex(test, c->hi, hi, sizeof(hi));
	KUNIT_EXPECT_EQ(test, 0, hip_hi_check(c->algorithm, hi, len));
	KUNIT_ASSERT_EQ(test, 0, hip_hit_from_hi(suite, hi, len, &hit));
	HIP_EXPECT_HEX(test, c->hit, &hit, sizeof(hit));
	KUNIT_EXPECT_TRUE(test, hip_is_hit(&hit));
	KUNIT_EXPECT_EQ(test, suite, hip_hit_suite(&hit));
	KUNIT_EXPECT_EQ(test, 0, hip_hit_verify(&hit, c->algorithm, hi, len));

	hi[len - 1] ^= 1;
	KUNIT_EXPECT_EQ(test, -EBADMSG,
			hip_hit_verify(&hit, c->algorithm, hi, len));
	hi[len - 1] ^= 1;
	hit.s6_addr[15] ^= 1;
	KUNIT_EXPECT_EQ(test, -EBADMSG,
			hip_hit_verify(&hit, c->algorithm, hi, len));
	hit.s6_addr[15] ^= 1;
	/* another suite, another prefix */
	hit.s6_addr[3] ^= 3;
	KUNIT_EXPECT_EQ(test, -EBADMSG,
			hip_hit_verify(&hit, c->algorithm, hi, len));
	hit.s6_addr[3] ^= 3 ^ 0x30;
	KUNIT_EXPECT_EQ(test, -EBADMSG,
			hip_hit_verify(&hit, c->algorithm, hi, len));
}

static void hip_hit_prefix_test(struct kunit *test)
{
	static const struct {
		const char	*addr;
		bool		hit;
	} cases[] = {
		{ "20010020000000000000000000000000", true },
		{ "2001002fffffffffffffffffffffffff", true },
		{ "2001001fffffffffffffffffffffffff", false },
		{ "20010030000000000000000000000000", false },	/* HHIT */
		{ "20010010000000000000000000000000", false },	/* v1 */
		{ "20010120000000000000000000000000", false },
		{ "00000000000000000000000000000000", false },
		{ "00000000000000000000ffffc0000201", false },
		{ "ff020000000000000000000000000001", false },
	};
	struct in6_addr addr;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		hip_test_unhex(test, cases[i].addr, addr.s6_addr, 16);
		KUNIT_EXPECT_EQ_MSG(test, cases[i].hit, hip_is_hit(&addr),
				    "%s", cases[i].addr);
	}
	KUNIT_EXPECT_GT(test, hip_hit_cmp(&hip_test_hit_g, &hip_test_hit_l), 0);
	KUNIT_EXPECT_LT(test, hip_hit_cmp(&hip_test_hit_l, &hip_test_hit_g), 0);
	KUNIT_EXPECT_EQ(test, 0, hip_hit_cmp(&hip_test_hit_l, &hip_test_hit_l));
}

static void hip_hi_check_test(struct kunit *test)
{
	static const struct {
		u16	algorithm;
		const char *head;	/* zeros follow */
		u16	len;
		int	err;
	} cases[] = {
		{ HIP_HI_ALG_RSA, "0180 80", 3, 0 },
		{ HIP_HI_ALG_RSA, "03010001 80", 132, 0 },
		{ HIP_HI_ALG_RSA, "03010001 00", 132, -EINVAL },
		{ HIP_HI_ALG_RSA, "03000101 80", 132, -EINVAL },
		{ HIP_HI_ALG_RSA, "03010001", 4, -EINVAL },
		{ HIP_HI_ALG_RSA, "03010001 80", 5, 0 },
		{ HIP_HI_ALG_RSA, "0180", 2, -EINVAL },
		{ HIP_HI_ALG_RSA, "00", 1, -EINVAL },
		{ HIP_HI_ALG_RSA, "", 0, -EINVAL },
		{ HIP_HI_ALG_RSA, "ff80", 256, -EINVAL },
		{ HIP_HI_ALG_RSA, "000000", 300, -EINVAL },
		{ HIP_HI_ALG_RSA, "000003 010001 80", 135, -EINVAL },
		{ HIP_HI_ALG_RSA, "00ffff 80", 300, -EINVAL },
		{ HIP_HI_ALG_DSA, "00", 213, 0 },
		{ HIP_HI_ALG_DSA, "08", 405, 0 },
		{ HIP_HI_ALG_DSA, "00", 212, -EINVAL },
		{ HIP_HI_ALG_DSA, "00", 214, -EINVAL },
		{ HIP_HI_ALG_DSA, "09", 429, -EINVAL },
		{ HIP_HI_ALG_DSA, "", 0, -EINVAL },
		{ HIP_HI_ALG_ECDSA, "0001", 66, 0 },
		{ HIP_HI_ALG_ECDSA, "000104", 67, 0 },
		{ HIP_HI_ALG_ECDSA, "000102", 67, -EINVAL },
		{ HIP_HI_ALG_ECDSA, "0001", 65, -EINVAL },
		{ HIP_HI_ALG_ECDSA, "000104", 68, -EINVAL },
		{ HIP_HI_ALG_ECDSA, "000102", 35, -EINVAL },
		{ HIP_HI_ALG_ECDSA, "0002", 98, 0 },
		{ HIP_HI_ALG_ECDSA, "000204", 99, 0 },
		{ HIP_HI_ALG_ECDSA, "0002", 66, -EINVAL },
		{ HIP_HI_ALG_ECDSA, "0003", 134, -EOPNOTSUPP },
		{ HIP_HI_ALG_ECDSA, "00", 1, -EINVAL },
		{ HIP_HI_ALG_ECDSA_LOW, "0001", 42, 0 },
		{ HIP_HI_ALG_ECDSA_LOW, "000104", 43, 0 },
		{ HIP_HI_ALG_ECDSA_LOW, "0001", 41, -EINVAL },
		{ HIP_HI_ALG_ECDSA_LOW, "0002", 42, -EOPNOTSUPP },
		{ HIP_HI_ALG_ECDSA_LOW, "", 0, -EINVAL },
		{ HIP_HI_ALG_EDDSA, "00010000", 36, -EOPNOTSUPP },
		{ 0, "", 10, -EOPNOTSUPP },
	};
	u8 *hi = kunit_kzalloc(test, 512, GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, hi);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		memset(hi, 0, 512);
		hip_test_unhex(test, cases[i].head, hi, 512);
		KUNIT_EXPECT_EQ_MSG(test, cases[i].err,
				    hip_hi_check(cases[i].algorithm, hi,
						 cases[i].len), "case %u", i);
	}
	KUNIT_EXPECT_TRUE(test, hip_suite_allows_alg(1, HIP_HI_ALG_RSA));
	KUNIT_EXPECT_TRUE(test, hip_suite_allows_alg(1, HIP_HI_ALG_DSA));
	KUNIT_EXPECT_TRUE(test, hip_suite_allows_alg(2, HIP_HI_ALG_ECDSA));
	KUNIT_EXPECT_TRUE(test, hip_suite_allows_alg(3, HIP_HI_ALG_ECDSA_LOW));
	KUNIT_EXPECT_FALSE(test, hip_suite_allows_alg(1, HIP_HI_ALG_ECDSA));
	KUNIT_EXPECT_FALSE(test, hip_suite_allows_alg(2, HIP_HI_ALG_RSA));
	KUNIT_EXPECT_FALSE(test, hip_suite_allows_alg(0, 0));
	KUNIT_EXPECT_FALSE(test, hip_suite_allows_alg(5, HIP_HI_ALG_EDDSA));
}

/* RFC 3602, section 4, case 1 and AES-256-CBC of NIST SP 800-38A, F.2.5 */
static void hip_cbc_test(struct kunit *test)
{
	u8 key[32], iv[16], plain[64], out[96];

	hip_test_unhex(test, "06a9214036b8a15b512e03d534120006", key, 16);
	hip_test_unhex(test, "3dafba429d9eb430b422da802c9fac41", iv, 16);
	KUNIT_ASSERT_EQ(test, 48,
			hip_encrypt_iv(HIP_CIPHER_AES128_CBC, key, iv, out,
				       sizeof(out), "Single block msg", 16));
	HIP_EXPECT_MEMEQ(test, iv, out, 16);
	HIP_EXPECT_HEX(test, "e353779c1079aeb82708942dbe77181a", out + 16, 16);

	hip_test_unhex(test, "603deb1015ca71be2b73aef0857d7781\n"
			     "1f352c073b6108d72d9810a30914dff4", key, 32);
	hip_test_unhex(test, "000102030405060708090a0b0c0d0e0f", iv, 16);
	hip_test_unhex(test, "6bc1bee22e409f96e93d7e117393172a\n"
			     "ae2d8a571e03ac9c9eb76fac45af8e51\n"
			     "30c81c46a35ce411e5fbc1191a0a52ef\n"
			     "f69f2445df4f9b17ad2b417be66c3710", plain, 64);
	KUNIT_ASSERT_EQ(test, 96,
			hip_encrypt_iv(HIP_CIPHER_AES256_CBC, key, iv, out,
				       sizeof(out), plain, 64));
	HIP_EXPECT_HEX(test, "f58c4c04d6e5f1ba779eabfb5f7bfbd6\n"
			     "9cfc4e967edb808d679f777bc6702c7d\n"
			     "39f23369a9d9bacfa530e26304231461\n"
			     "b2eb05e2c39be9fcda6c19078c6a9d1b", out + 16, 64);
}

static void hip_encrypt_test(struct kunit *test)
{
	static const u16 ciphers[] = {
		HIP_CIPHER_AES128_CBC, HIP_CIPHER_AES256_CBC };
	u8 key[32] = { 5 }, plain[100], out[160], back[160];
	unsigned int i, pad;
	ssize_t n, m;
	size_t len;

	for (i = 0; i < sizeof(plain); i++)
		plain[i] = i;
	for (i = 0; i < ARRAY_SIZE(ciphers); i++) {
		for (len = 0; len < sizeof(plain); len++) {
			n = hip_encrypt(ciphers[i], key, out, sizeof(out),
					plain, len);
			KUNIT_ASSERT_EQ(test, HIP_ENCRYPTED_LEN(len), n);
			m = hip_decrypt(ciphers[i], key, back, sizeof(back),
					out, n);
			KUNIT_ASSERT_EQ(test, n - 16, m);
			HIP_EXPECT_MEMEQ(test, plain, back, len);
			for (pad = len; pad < m; pad++)
				KUNIT_EXPECT_EQ(test, m - len, back[pad]);

			KUNIT_EXPECT_EQ(test, -ENOSPC,
					hip_encrypt(ciphers[i], key, out,
						    n - 1, plain, len));
			KUNIT_EXPECT_EQ(test, -ENOSPC,
					hip_decrypt(ciphers[i], key, back,
						    m - 1, out, n));
			KUNIT_EXPECT_EQ(test, -EINVAL,
					hip_decrypt(ciphers[i], key, back,
						    sizeof(back), out, n - 1));
		}
		/* a fresh IV each time */
		hip_encrypt(ciphers[i], key, out, sizeof(out), plain, 16);
		hip_encrypt(ciphers[i], key, back, sizeof(back), plain, 16);
		KUNIT_EXPECT_NE(test, 0, memcmp(out, back, 16));
		KUNIT_EXPECT_NE(test, 0, memcmp(out + 16, back + 16, 16));
	}

	KUNIT_EXPECT_EQ(test, -EINVAL,
			hip_decrypt(2, key, back, sizeof(back), out, 16));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			hip_decrypt(2, key, back, sizeof(back), out, 0));
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP,
			hip_decrypt(3, key, back, sizeof(back), out, 32));
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP,
			hip_encrypt(0, key, back, sizeof(back), out, 32));
	KUNIT_EXPECT_EQ(test, 5, hip_encrypt(HIP_CIPHER_NULL, NULL, out, 5,
					     "hello", 5));
	HIP_EXPECT_MEMEQ(test, out, "hello", 5);
	KUNIT_EXPECT_EQ(test, -ENOSPC, hip_encrypt(HIP_CIPHER_NULL, NULL, out,
						   4, "hello", 5));
	KUNIT_EXPECT_EQ(test, 5, hip_decrypt(HIP_CIPHER_NULL, NULL, back, 5,
					     out, 5));
	KUNIT_EXPECT_EQ(test, -ENOSPC, hip_decrypt(HIP_CIPHER_NULL, NULL, back,
						   4, out, 5));
}

/* D6 of the derived vectors: HOST_ID of the key of RFC 8005 in ENCRYPTED */
static const char hip_d6_host_id[] =
	"02c1008a00840000000503010001b771ca136e4aeb5ce44333c53b3d2c13c222\n"
	"43851fc708bcce29f7e2eb5787b5f56ccad34f8223acc10904ddb56b2ec4a6d6\n"
	"232f3b50ea094f0914b3b941bbe529af582c36bbadefdaf2adaf9b4911906f5b\n"
	"2522603c615272b880ec8fb930cc6ee39c444daa75b1678f005a4b2499d1da54\n"
	"33f805c7a5ad3237acc5dd5c5e430000";
static const char hip_d6_encrypted[] =
	"028100b400000000202122232425262728292a2b2c2d2e2f58acfeedd8c4e0ec\n"
	"b4b73e5f0a38d47731934a29f8f9ac3b5b0ed1b850e3f032e025d576315eb14e\n"
	"c64fbf5e1d64b37fa3308c0710700eb318a18715f1ad4352d57198c1b70ef628\n"
	"17d1f1b4d6788e7197777b2e915963f6eebec0bfbde5bb9b6721997c897cb460\n"
	"804a2940094c36de47e1cd4bdd4c80fc1f1e96c53c720767f5ba46faac5d8c27\n"
	"96907b8863631f15195c3f101e0ec868530ca92c3d55bca5";

static void hip_encrypted_vector_test(struct kunit *test)
{
	u8 *buf = kunit_kzalloc(test, 3 * 256, GFP_KERNEL);
	u8 *host_id = buf + 256, *plain = buf + 512;
	struct hip_host_id hid;
	struct hip_builder b;
	u8 key[16], iv[16];
	ssize_t n;

	KUNIT_ASSERT_NOT_NULL(test, buf);
	hip_test_unhex(test, "e6f45bd2c40ac0127279ed7b97c89cce", key, 16);
	hip_test_unhex(test, "202122232425262728292a2b2c2d2e2f", iv, 16);
	KUNIT_ASSERT_EQ(test, 144, hip_test_unhex(test, hip_d6_host_id, host_id,
						  256));

	n = hip_encrypt_iv(HIP_CIPHER_AES128_CBC, key, iv, plain, 256, host_id,
			   144);
	KUNIT_ASSERT_EQ(test, 176, n);
	hip_build_init_inner(&b, buf, 256);
	hip_build_encrypted(&b, plain, n);
	KUNIT_ASSERT_EQ(test, 184, hip_build_finish(&b));
	HIP_EXPECT_HEX(test, hip_d6_encrypted, buf, 184);

	memset(plain, 0, 256);
	n = hip_decrypt(HIP_CIPHER_AES128_CBC, key, plain, 256, buf + 8, n);
	KUNIT_ASSERT_EQ(test, 160, n);
	KUNIT_ASSERT_EQ(test, 0, hip_inner_host_id(plain, n, &hid));
	KUNIT_EXPECT_EQ(test, 144, hid.tlv_len);
	HIP_EXPECT_MEMEQ(test, host_id, hid.tlv, 144);
	KUNIT_EXPECT_EQ(test, 0, hip_hit_verify(&hip_test_hit_l, hid.algorithm,
						hid.hi, hid.hi_len));
}

static void hip_esp_suite_test(struct kunit *test)
{
	const struct hip_esp_suite_info *info;
	unsigned int id, n = 0;

	for (id = 0; id <= 0x100; id++) {
		info = hip_esp_suite_info(id);
		if (!info)
			continue;
		n++;
		KUNIT_EXPECT_EQ(test, id, info->id);
		KUNIT_EXPECT_LE(test, info->enc_key_len + info->salt_len,
				HIP_ESP_ENC_KEY_MAX);
		KUNIT_EXPECT_LE(test, info->auth_key_len, HIP_ESP_AUTH_KEY_MAX);
		KUNIT_EXPECT_EQ(test, 0, info->block % 4);
		KUNIT_EXPECT_EQ(test, info->integrity_only,
				id == 7 || id == 14 || id == 15);
	}
	KUNIT_EXPECT_EQ(test, 10, n);
	info = hip_esp_suite_info(HIP_ESP_AES256_CBC_SHA256);
	KUNIT_ASSERT_NOT_NULL(test, info);
	KUNIT_EXPECT_EQ(test, 32, info->enc_key_len);
	KUNIT_EXPECT_EQ(test, 32, info->auth_key_len);
	info = hip_esp_suite_info(HIP_ESP_AES_GCM_16);
	KUNIT_ASSERT_NOT_NULL(test, info);
	KUNIT_EXPECT_EQ(test, 16, info->enc_key_len);
	KUNIT_EXPECT_EQ(test, 4, info->salt_len);
	KUNIT_EXPECT_EQ(test, 0, info->auth_key_len);
	KUNIT_EXPECT_EQ(test, 16, hip_cipher_key_len(2));
	KUNIT_EXPECT_EQ(test, 32, hip_cipher_key_len(4));
	KUNIT_EXPECT_EQ(test, 0, hip_cipher_key_len(1));
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, hip_cipher_key_len(3));
}

static struct kunit_case hip_crypto_cases[] = {
	KUNIT_CASE_PARAM(hip_hmac_test, hip_hmac_gen_params),
	KUNIT_CASE(hip_mac_verify_test),
	KUNIT_CASE(hip_rhash_test),
	KUNIT_CASE(hip_cbc_test),
	KUNIT_CASE(hip_encrypt_test),
	KUNIT_CASE(hip_encrypted_vector_test),
	KUNIT_CASE(hip_esp_suite_test),
	{}
};

static struct kunit_suite hip_crypto_suite = {
	.name = "hip_crypto",
	.suite_init = hip_test_crypto_init,
	.suite_exit = hip_test_crypto_exit,
	.test_cases = hip_crypto_cases,
};

static struct kunit_case hip_hit_cases[] = {
	KUNIT_CASE_PARAM(hip_hit_test, hip_hit_gen_params),
	KUNIT_CASE(hip_hit_prefix_test),
	KUNIT_CASE(hip_hi_check_test),
	{}
};

static struct kunit_suite hip_hit_suite_tests = {
	.name = "hip_hit",
	.suite_init = hip_test_crypto_init,
	.suite_exit = hip_test_crypto_exit,
	.test_cases = hip_hit_cases,
};

kunit_test_suites(&hip_crypto_suite, &hip_hit_suite_tests);
