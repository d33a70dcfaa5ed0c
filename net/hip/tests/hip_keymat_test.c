// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of keymat.c: HKDF and the order in which keys are drawn.
 */
#include <kunit/test.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "hip_test.h"
#include "keymat.h"
#include "wire.h"

struct hip_hkdf_case {
	const char	*name;
	u8		suite;
	const char	*ikm;
	const char	*salt;
	const char	*info;
	const char	*prk;
	const char	*okm;
};

static const struct hip_hkdf_case hip_hkdf_cases[] = {
	{
		"RFC 5869 A.1", HIP_HIT_SUITE_RSA_DSA_SHA256,
		"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
		"000102030405060708090a0b0c",
		"f0f1f2f3f4f5f6f7f8f9",
		"077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
		"3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf\n"
		"34007208d5b887185865",
	},
	{
		"RFC 5869 A.2", HIP_HIT_SUITE_RSA_DSA_SHA256,
		"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"
		"202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f\n"
		"404142434445464748494a4b4c4d4e4f",
		"606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f\n"
		"808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f\n"
		"a0a1a2a3a4a5a6a7a8a9aaabacadaeaf",
		"b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecf\n"
		"d0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeef\n"
		"f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
		"06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
		"b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c\n"
		"59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71\n"
		"cc30c58179ec3e87c14c01d5c1f3434f1d87",
	},
	{
		"RFC 5869 A.3", HIP_HIT_SUITE_RSA_DSA_SHA256,
		"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
		"",
		"",
		"19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
		"8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d\n"
		"9d201395faa4b61a96c8",
	},
	{
		"RFC 5869 A.4", HIP_HIT_SUITE_ECDSA_LOW_SHA1,
		"0b0b0b0b0b0b0b0b0b0b0b",
		"000102030405060708090a0b0c",
		"f0f1f2f3f4f5f6f7f8f9",
		"9b6c18c432a7bf8f0e71c8eb88f4b30baa2ba243",
		"085a01ea1b10f36933068b56efa5ad81a4f14b822f5b091568a9cdd4f155fda2\n"
		"c22e422478d305f3f896",
	},
	{
		"RFC 5869 A.5", HIP_HIT_SUITE_ECDSA_LOW_SHA1,
		"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"
		"202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f\n"
		"404142434445464748494a4b4c4d4e4f",
		"606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f\n"
		"808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f\n"
		"a0a1a2a3a4a5a6a7a8a9aaabacadaeaf",
		"b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecf\n"
		"d0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeef\n"
		"f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
		"8adae09a2a307059478d309b26c4115a224cfaf6",
		"0bd770a74d1160f7c9f12cd5912a06ebff6adcae899d92191fe4305673ba2ffe\n"
		"8fa3f1a4e5ad79f3f334b3b202b2173c486ea37ce3d397ed034c7f9dfeb15c5e\n"
		"927336d0441f4c4300e2cff0d0900b52d3b4",
	},
	{
		"RFC 5869 A.6", HIP_HIT_SUITE_ECDSA_LOW_SHA1,
		"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
		"",
		"",
		"da8c8a73c7fa77288ec6f5e7c297786aa0d32d01",
		"0ac1af7002b3d761d1e55298da9d0506b9ae52057220a306e07b6b87e8df21d0\n"
		"ea00033de03984d34918",
	},
	{
		"RFC 5869 A.7", HIP_HIT_SUITE_ECDSA_LOW_SHA1,
		"0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c",
		"",
		"",
		"2adccada18779e7c2077ad2eb19d3f3e731385dd",
		"2c91117204d745f3500d636a62f64f0ab3bae548aa53d423b0d1f27ebba6f5e5\n"
		"673a081d70cce7acfc48",
	},
};

static void hip_hkdf_case_desc(const struct hip_hkdf_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(hip_hkdf, hip_hkdf_cases, hip_hkdf_case_desc);

static void hip_hkdf_test(struct kunit *test)
{
	const struct hip_hkdf_case *c = test->param_value;
	u8 ikm[80], salt[80], info[80], prk[48], okm[128], t[48];
	size_t ikm_len, salt_len, info_len, okm_len, n;
	unsigned int hash_len = hip_rhash_len(c->suite);
	u8 counter;

	ikm_len = hip_test_unhex(test, c->ikm, ikm, sizeof(ikm));
	salt_len = hip_test_unhex(test, c->salt, salt, sizeof(salt));
	info_len = hip_test_unhex(test, c->info, info, sizeof(info));
	okm_len = hip_test_unhex(test, c->okm, okm, sizeof(okm));
	memset(okm, 0, sizeof(okm));

	KUNIT_ASSERT_EQ(test, 0, hip_hkdf_extract(c->suite, salt, salt_len, ikm,
						  ikm_len, prk));
	HIP_EXPECT_HEX(test, c->prk, prk, hash_len);
	for (n = 0, counter = 1; n < okm_len; n += hash_len, counter++) {
		KUNIT_ASSERT_EQ(test, 0,
				hip_hkdf_block(c->suite, prk, hash_len, t,
					       n ? hash_len : 0, info, info_len,
					       counter, t));
		memcpy(okm + n, t, min_t(size_t, hash_len, okm_len - n));
	}
	HIP_EXPECT_HEX(test, c->okm, okm, okm_len);
}

/* D4 of the derived vectors: Kij of RFC 5903, section 8.1 */
static const char hip_d4_kij[] =
	"d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de";
static const char hip_d4_i[] =
	"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
static const char hip_d4_j[] =
	"0000000000000000000000000000000000000000000000000000000000000a79";
static const char hip_d4_keymat[] =
	"e6f45bd2c40ac0127279ed7b97c89cce37567b878d9c5e976a7bcbe9a909fbf7\n"
	"79f05cc78c847ad3c845c5cdf2bb84a41d9c439da79408b7cc5dd8ac517a9a5d\n"
	"c0e1b873a50541fd07bd670914b82d8c7a2ba0ad8dc7df8148fc1b6ea704fc82\n"
	"658109bfdb02916cdec6c77636f568b96e7ced3d330ab42037ebba77db83e636\n"
	"b3a7b77a62fdc6e997cbf2fb6968a1cb02f4d516ed12f1adc426ca65a6eee03b\n"
	"7e3f25bd3195141ca5205836b4f39ba10dfae3ea7122a2c263ddd5159a40156c\n"
	"b4acc821817a8df42cbb3999a3fe672487e0662491ac7f3a78096aba70afc11d\n"
	"cc9c8f0305c88f10e15c4bea03c5a6356bb2012e9f9dd1225ba7b036b7854179\n"
	"3adea32206b82d45ef09189bc4104e624355de3430d626ec40822e39862db217";

static void hip_keymat_start(struct kunit *test, struct hip_keymat *km,
			     bool swap)
{
	u8 kij[32], i[32], j[32];

	hip_test_unhex(test, hip_d4_kij, kij, sizeof(kij));
	hip_test_unhex(test, hip_d4_i, i, sizeof(i));
	hip_test_unhex(test, hip_d4_j, j, sizeof(j));
	KUNIT_ASSERT_EQ(test, 0,
			hip_keymat_init(km, 1, kij, sizeof(kij), i, j, 32,
					swap ? &hip_test_hit_l :
					&hip_test_hit_g,
					swap ? &hip_test_hit_g :
					&hip_test_hit_l));
}

static void hip_keymat_draw_test(struct kunit *test)
{
	u8 all[288], some[288];
	struct hip_keymat km;
	size_t step, n;

	hip_keymat_start(test, &km, false);
	HIP_EXPECT_HEX(test,
		       "20010021731fdb712bf5bf3bf64272a4\n"
		       "20010021d4bf8284dae7d34668c99a15", km.info, 32);
	HIP_EXPECT_HEX(test,
		       "e32bab5b64a709d1bd804aee4e6db29b\n"
		       "b6b0e396f3fd0c56a96c9cea677e25a8", km.prk, 32);
	KUNIT_ASSERT_EQ(test, 0, hip_keymat_draw(&km, all, sizeof(all)));
	HIP_EXPECT_HEX(test, hip_d4_keymat, all, sizeof(all));
	KUNIT_EXPECT_EQ(test, 288, km.index);

	/* in steps of every size, with the HITs the other way round */
	for (step = 1; step < 100; step++) {
		hip_keymat_start(test, &km, true);
		for (n = 0; n < 288; n += step)
			KUNIT_ASSERT_EQ(test, 0,
					hip_keymat_draw(&km, some + n,
							min(step, 288 - n)));
		HIP_EXPECT_MEMEQ(test, all, some, 288);
	}

	/* skipping */
	for (n = 0; n <= 256; n++) {
		hip_keymat_start(test, &km, false);
		KUNIT_ASSERT_EQ(test, 0, hip_keymat_seek(&km, n));
		KUNIT_ASSERT_EQ(test, 0, hip_keymat_draw(&km, some, 32));
		HIP_EXPECT_MEMEQ(test, all + n, some, 32);
		KUNIT_EXPECT_EQ(test, -EINVAL, hip_keymat_seek(&km, n + 31));
		KUNIT_EXPECT_EQ(test, 0, hip_keymat_seek(&km, n + 32));
	}

	hip_keymat_wipe(&km);
	for (n = 0; n < sizeof(km); n++)
		KUNIT_EXPECT_EQ(test, 0, ((u8 *)&km)[n]);
	KUNIT_EXPECT_EQ(test, -EOVERFLOW, hip_keymat_draw(&km, some, 1));
}

/* 255 blocks, RFC 5869, section 2.3 */
static void hip_keymat_limit_test(struct kunit *test)
{
	static const struct {
		u8	suite;
		u16	limit;
	} cases[] = { { 1, 8160 }, { 2, 12240 }, { 3, 5100 } };
	u8 kij[32] = {}, ij[48] = {}, out[48];
	struct hip_keymat km;
	unsigned int i;
	size_t len;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		len = hip_rhash_len(cases[i].suite);
		KUNIT_ASSERT_EQ(test, 0,
				hip_keymat_init(&km, cases[i].suite, kij, 32,
						ij, ij, len, &hip_test_hit_g,
						&hip_test_hit_l));
		KUNIT_EXPECT_EQ(test, -EOVERFLOW,
				hip_keymat_seek(&km, cases[i].limit + 1));
		KUNIT_EXPECT_EQ(test, 0, km.index);
		KUNIT_EXPECT_EQ(test, 0,
				hip_keymat_seek(&km, cases[i].limit - len));
		KUNIT_EXPECT_EQ(test, -EOVERFLOW,
				hip_keymat_draw(&km, out, len + 1));
		KUNIT_EXPECT_EQ(test, 0, hip_keymat_draw(&km, out, len));
		KUNIT_EXPECT_EQ(test, 255, km.counter);
		KUNIT_EXPECT_EQ(test, cases[i].limit, km.index);
		KUNIT_EXPECT_EQ(test, -EOVERFLOW,
				hip_keymat_draw(&km, out, 1));
		KUNIT_EXPECT_EQ(test, 0, hip_keymat_draw(&km, out, 0));

		KUNIT_EXPECT_EQ(test, -EINVAL,
				hip_keymat_init(&km, cases[i].suite, kij, 32,
						ij, ij, len - 1,
						&hip_test_hit_g,
						&hip_test_hit_l));
	}
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP,
			hip_keymat_init(&km, 5, kij, 32, ij, ij, 32,
					&hip_test_hit_g, &hip_test_hit_l));
}

static void hip_keymat_bex_test(struct kunit *test)
{
	struct hip_keys g, l;
	struct hip_keymat km;
	u8 octets[32];

	/* HOST_g is the Initiator here: its out is gl */
	hip_keymat_start(test, &km, false);
	KUNIT_ASSERT_EQ(test, 0,
			hip_keymat_bex(&km, HIP_CIPHER_AES128_CBC,
				       HIP_ESP_AES128_CBC_SHA256,
				       &hip_test_hit_g, &hip_test_hit_l, &g));
	HIP_EXPECT_HEX(test, "e6f45bd2c40ac0127279ed7b97c89cce", g.hip_enc_out,
		       g.hip_enc_len);
	HIP_EXPECT_HEX(test, "37567b878d9c5e976a7bcbe9a909fbf7\n"
			     "79f05cc78c847ad3c845c5cdf2bb84a4", g.hip_mac_out,
		       g.hip_mac_len);
	HIP_EXPECT_HEX(test, "1d9c439da79408b7cc5dd8ac517a9a5d", g.hip_enc_in,
		       g.hip_enc_len);
	HIP_EXPECT_HEX(test, "c0e1b873a50541fd07bd670914b82d8c\n"
			     "7a2ba0ad8dc7df8148fc1b6ea704fc82", g.hip_mac_in,
		       g.hip_mac_len);
	HIP_EXPECT_HEX(test, "658109bfdb02916cdec6c77636f568b9", g.esp_enc_out,
		       g.esp_enc_len);
	HIP_EXPECT_HEX(test, "6e7ced3d330ab42037ebba77db83e636\n"
			     "b3a7b77a62fdc6e997cbf2fb6968a1cb", g.esp_auth_out,
		       g.esp_auth_len);
	HIP_EXPECT_HEX(test, "02f4d516ed12f1adc426ca65a6eee03b", g.esp_enc_in,
		       g.esp_enc_len);
	HIP_EXPECT_HEX(test, "7e3f25bd3195141ca5205836b4f39ba1\n"
			     "0dfae3ea7122a2c263ddd5159a40156c", g.esp_auth_in,
		       g.esp_auth_len);
	KUNIT_EXPECT_EQ(test, 96, g.keymat_index);
	KUNIT_EXPECT_EQ(test, 192, g.keymat_next);
	KUNIT_EXPECT_EQ(test, -EINVAL,
			hip_keymat_bex(&km, 2, 8, &hip_test_hit_g,
				       &hip_test_hit_l, &l));

	/* what goes out here comes in there */
	hip_keymat_start(test, &km, true);
	KUNIT_ASSERT_EQ(test, 0,
			hip_keymat_bex(&km, HIP_CIPHER_AES128_CBC,
				       HIP_ESP_AES128_CBC_SHA256,
				       &hip_test_hit_l, &hip_test_hit_g, &l));
	HIP_EXPECT_MEMEQ(test, g.hip_enc_out, l.hip_enc_in, 32);
	HIP_EXPECT_MEMEQ(test, g.hip_enc_in, l.hip_enc_out, 32);
	HIP_EXPECT_MEMEQ(test, g.hip_mac_out, l.hip_mac_in, 48);
	HIP_EXPECT_MEMEQ(test, g.hip_mac_in, l.hip_mac_out, 48);
	HIP_EXPECT_MEMEQ(test, g.esp_enc_out, l.esp_enc_in, 36);
	HIP_EXPECT_MEMEQ(test, g.esp_enc_in, l.esp_enc_out, 36);
	HIP_EXPECT_MEMEQ(test, g.esp_auth_out, l.esp_auth_in, 32);
	HIP_EXPECT_MEMEQ(test, g.esp_auth_in, l.esp_auth_out, 32);

	/* a rekey goes on where that ended */
	KUNIT_ASSERT_EQ(test, 0,
			hip_keymat_esp(&km, HIP_ESP_AES_GCM_16, &hip_test_hit_l,
				       &hip_test_hit_g, &l));
	KUNIT_EXPECT_EQ(test, 192, l.keymat_index);
	KUNIT_EXPECT_EQ(test, 232, l.keymat_next);
	KUNIT_EXPECT_EQ(test, 20, l.esp_enc_len);
	KUNIT_EXPECT_EQ(test, 0, l.esp_auth_len);
	hip_keymat_start(test, &km, true);
	KUNIT_ASSERT_EQ(test, 0, hip_keymat_seek(&km, 192));
	KUNIT_ASSERT_EQ(test, 0, hip_keymat_draw(&km, octets, 20));
	HIP_EXPECT_MEMEQ(test, octets, l.esp_enc_in, 20);
	KUNIT_ASSERT_EQ(test, 0, hip_keymat_draw(&km, octets, 20));
	HIP_EXPECT_MEMEQ(test, octets, l.esp_enc_out, 20);

	/* sizes follow the cipher: 2 * (32 + 32) */
	hip_keymat_start(test, &km, true);
	KUNIT_ASSERT_EQ(test, 0,
			hip_keymat_bex(&km, HIP_CIPHER_AES256_CBC,
				       HIP_ESP_AES256_CBC_SHA256,
				       &hip_test_hit_l, &hip_test_hit_g, &l));
	KUNIT_EXPECT_EQ(test, 128, l.keymat_index);
	KUNIT_EXPECT_EQ(test, 256, l.keymat_next);
	KUNIT_EXPECT_EQ(test, 32, l.hip_enc_len);
	KUNIT_EXPECT_EQ(test, 32, l.esp_enc_len);

	hip_keymat_start(test, &km, true);
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP,
			hip_keymat_bex(&km, 3, 8, &hip_test_hit_l,
				       &hip_test_hit_g, &l));
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP,
			hip_keymat_bex(&km, 2, 6, &hip_test_hit_l,
				       &hip_test_hit_g, &l));
	KUNIT_EXPECT_EQ(test, 0, km.index);
	KUNIT_ASSERT_EQ(test, 0, hip_keymat_seek(&km, 8160 - 95));
	KUNIT_EXPECT_EQ(test, -EOVERFLOW,
			hip_keymat_esp(&km, 8, &hip_test_hit_l, &hip_test_hit_g,
				       &l));
}

static struct kunit_case hip_keymat_cases[] = {
	KUNIT_CASE_PARAM(hip_hkdf_test, hip_hkdf_gen_params),
	KUNIT_CASE(hip_keymat_draw_test),
	KUNIT_CASE(hip_keymat_limit_test),
	KUNIT_CASE(hip_keymat_bex_test),
	{}
};

static struct kunit_suite hip_keymat_suite = {
	.name = "hip_keymat",
	.suite_init = hip_test_crypto_init,
	.suite_exit = hip_test_crypto_exit,
	.test_cases = hip_keymat_cases,
};

kunit_test_suite(hip_keymat_suite);
