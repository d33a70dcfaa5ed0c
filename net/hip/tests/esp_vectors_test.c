// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of ESP encryption and decryption: packets that were computed by
 * other means from RFC 4303 and the RFCs of the ciphers, with the TCP segment of
 * RFC 7401, Appendix C.3 inside.
 */
#include <kunit/test.h>
#include <linux/bottom_half.h>
#include <linux/random.h>
#include <linux/string.h>
#include <crypto/aes.h>
#include <net/ip.h>

#include "beet.h"
#include "esp_crypto.h"
#include "hip_test.h"

#define ESP_TEST_SPI	htonl(0x12345678)

/**
 * struct esp_vector - one packet
 * @suite: ESP suite
 * @seq: its sequence number, the high half of which it does not show
 * @packet: from the ESP header on, hexadecimal
 */
struct esp_vector {
	u16 suite;
	u64 seq;
	const char *packet;
};

static const struct esp_vector esp_vectors[] = {
	{
		.suite = HIP_ESP_AES128_CBC_SHA1,
		.seq = 0x0000000000000001ull,
		.packet =
			"1234567800000001101112131415161718191a1b1c1d1e1f3acae590\n"
			"03b5f561aaedbdd6bc8e18610be86012d50d239739bf0945a59746ad\n"
			"29678ebe7f73b5816c99cbb3",
	},
	{
		.suite = HIP_ESP_AES128_CBC_SHA1,
		.seq = 0x0000000100000002ull,
		.packet =
			"1234567800000002101112131415161718191a1b1c1d1e1f3acae590\n"
			"03b5f561aaedbdd6bc8e18610be86012d50d239739bf0945a59746ad\n"
			"f795689dbb33aeec48eee4fd",
	},
	{
		.suite = HIP_ESP_NULL_SHA256,
		.seq = 0x0000000000000001ull,
		.packet =
			"1234567800000001ffdc001600000001000000005002ffff6faa0000\n"
			"010202066b21d8b63347148aea7df33dacc78182",
	},
	{
		.suite = HIP_ESP_NULL_SHA256,
		.seq = 0x0000000100000002ull,
		.packet =
			"1234567800000002ffdc001600000001000000005002ffff6faa0000\n"
			"0102020677252b40df05c6b5b762231eadc5397b",
	},
	{
		.suite = HIP_ESP_AES128_CBC_SHA256,
		.seq = 0x0000000000000001ull,
		.packet =
			"1234567800000001101112131415161718191a1b1c1d1e1f3acae590\n"
			"03b5f561aaedbdd6bc8e18610be86012d50d239739bf0945a59746ad\n"
			"b5821d1dd28d296cbbd5892c7fdba4cb",
	},
	{
		.suite = HIP_ESP_AES128_CBC_SHA256,
		.seq = 0x0000000100000002ull,
		.packet =
			"1234567800000002101112131415161718191a1b1c1d1e1f3acae590\n"
			"03b5f561aaedbdd6bc8e18610be86012d50d239739bf0945a59746ad\n"
			"86da57169f4d53477cc587c0856c5723",
	},
	{
		.suite = HIP_ESP_AES256_CBC_SHA256,
		.seq = 0x0000000000000001ull,
		.packet =
			"1234567800000001101112131415161718191a1b1c1d1e1fe68c77b8\n"
			"85e7b0fc27c694890d85d70bf6e87a3cc025209756fc4b37ffe9dc02\n"
			"3b79f8c74c2f424e7ac1067af97ae334",
	},
	{
		.suite = HIP_ESP_AES256_CBC_SHA256,
		.seq = 0x0000000100000002ull,
		.packet =
			"1234567800000002101112131415161718191a1b1c1d1e1fe68c77b8\n"
			"85e7b0fc27c694890d85d70bf6e87a3cc025209756fc4b37ffe9dc02\n"
			"2a822b6dbb787403a70b04db52747fcd",
	},
	{
		.suite = HIP_ESP_AES_CCM_8,
		.seq = 0x0000000000000001ull,
		.packet =
			"1234567800000001000000000000000197e6a06a3b00bf8b716b57b6\n"
			"4510d3a040b99f3303384e7a74b71bcd2c89dfdd",
	},
	{
		.suite = HIP_ESP_AES_CCM_8,
		.seq = 0x0000000100000002ull,
		.packet =
			"12345678000000020000000100000002ff63fb36f558af8bfb069612\n"
			"e72c28caa3912fd1f94dce2eb8f610d1663763c3",
	},
	{
		.suite = HIP_ESP_AES_CCM_16,
		.seq = 0x0000000000000001ull,
		.packet =
			"1234567800000001000000000000000197e6a06a3b00bf8b716b57b6\n"
			"4510d3a040b99f3303384e7a9f5a26768b5f41589282ed17e83c3ae3",
	},
	{
		.suite = HIP_ESP_AES_CCM_16,
		.seq = 0x0000000100000002ull,
		.packet =
			"12345678000000020000000100000002ff63fb36f558af8bfb069612\n"
			"e72c28caa3912fd1f94dce2ec14c70834376e7aa0a2b8a98bc1d4792",
	},
	{
		.suite = HIP_ESP_AES_GCM_8,
		.seq = 0x0000000000000001ull,
		.packet =
			"12345678000000010000000000000001b9ad1ce46c847751876c4617\n"
			"8b066b997e58198397f782a45622a64db5d32c51",
	},
	{
		.suite = HIP_ESP_AES_GCM_8,
		.seq = 0x0000000100000002ull,
		.packet =
			"12345678000000020000000100000002bed651af528ebc306d98094a\n"
			"05537554867c8e301410ade02c0cdafe56785996",
	},
	{
		.suite = HIP_ESP_AES_GCM_16,
		.seq = 0x0000000000000001ull,
		.packet =
			"12345678000000010000000000000001b9ad1ce46c847751876c4617\n"
			"8b066b997e58198397f782a45622a64db5d32c5180ba1a5e4abd7f9b",
	},
	{
		.suite = HIP_ESP_AES_GCM_16,
		.seq = 0x0000000100000002ull,
		.packet =
			"12345678000000020000000100000002bed651af528ebc306d98094a\n"
			"05537554867c8e301410ade02c0cdafe5678599604fd3149af1cbe89",
	},
	{
		.suite = HIP_ESP_AES_CMAC_96,
		.seq = 0x0000000000000001ull,
		.packet =
			"1234567800000001ffdc001600000001000000005002ffff6faa0000\n"
			"01020206132ffb9c550006350b44cef0",
	},
	{
		.suite = HIP_ESP_AES_CMAC_96,
		.seq = 0x0000000100000002ull,
		.packet =
			"1234567800000002ffdc001600000001000000005002ffff6faa0000\n"
			"01020206dac6ed99936f2f6f23f05962",
	},
	{
		.suite = HIP_ESP_AES_GMAC,
		.seq = 0x0000000000000001ull,
		.packet =
			"12345678000000010000000000000001ffdc00160000000100000000\n"
			"5002ffff6faa0000010202062425c6c39d3322fc6dcf2643f522c7f3",
	},
	{
		.suite = HIP_ESP_AES_GMAC,
		.seq = 0x0000000100000002ull,
		.packet =
			"12345678000000020000000100000002ffdc00160000000100000000\n"
			"5002ffff6faa000001020206b1801c6fb2477eac27f2429f366e3e70",
	},
};

static const char esp_payload[] =
	"ffdc001600000001000000005002ffff6faa0000";

static void esp_vector_desc(const struct esp_vector *v, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "suite %u seq %llx", v->suite,
		 v->seq);
}

KUNIT_ARRAY_PARAM(esp_vector, esp_vectors, esp_vector_desc);

static void esp_test_free(void *cipher)
{
	hip_esp_cipher_free(cipher);
}

static struct hip_esp_cipher *esp_test_cipher(struct kunit *test, u16 suite,
					      bool esn)
{
	struct hip_esp_cipher *c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);
	const struct hip_esp_suite_info *info = hip_esp_suite_info(suite);
	u8 enc[HIP_ESP_ENC_KEY_MAX], auth[HIP_ESP_AUTH_KEY_MAX];
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, c);
	KUNIT_ASSERT_NOT_NULL(test, info);
	for (i = 0; i < sizeof(enc); i++)
		enc[i] = i;
	/* that of CMAC is the AES key of the other suites */
	for (i = 0; i < sizeof(auth); i++)
		auth[i] = (suite == HIP_ESP_AES_CMAC_96 ? 0 : 0x40) + i;
	/* a salt of three octets is that of CCM */
	for (i = 0; i < info->salt_len; i++)
		enc[info->enc_key_len + i] = (info->salt_len == 3 ? 0xb0 :
								     0xa0) + i;

	KUNIT_ASSERT_EQ(test, 0, hip_esp_cipher_init(c, suite, esn, enc, auth));
	return c;
}

static void esp_test_done(struct hip_esp_req *req)
{
}

/* The result of an operation, even if it comes later */
static int esp_test_wait(struct hip_esp_req *req, int err)
{
	if (err != -EINPROGRESS)
		return err;

	req->done = esp_test_done;
	local_bh_enable();
	while (!atomic_read(&req->phase))
		cond_resched();
	local_bh_disable();
	return hip_esp_req_detach(req) ? -EIO : req->err;
}

static int esp_test_encrypt(const struct hip_esp_cipher *c, u8 *esp,
			    unsigned int crypt_len, u64 seq)
{
	struct hip_esp_req *req;
	int err;

	local_bh_disable();
	req = hip_esp_req_get(c);
	err = req ? esp_test_wait(req, hip_esp_encrypt(req, c, esp, crypt_len,
						       ESP_TEST_SPI, seq)) :
		    -ENOMEM;
	if (req)
		hip_esp_req_put(req);
	local_bh_enable();
	return err;
}

static int esp_test_decrypt(const struct hip_esp_cipher *c, u8 *esp,
			    unsigned int crypt_len, u64 seq)
{
	struct hip_esp_req *req;
	int err;

	local_bh_disable();
	req = hip_esp_req_get(c);
	err = req ? esp_test_wait(req, hip_esp_decrypt(req, c, esp, crypt_len,
						       seq)) : -ENOMEM;
	if (req)
		hip_esp_req_put(req);
	local_bh_enable();
	return err;
}

/* The block that hip_esp_encrypt() makes the IV 10 11 12 ... of */
static void esp_test_fix_iv(struct kunit *test, u16 suite, u8 *iv)
{
	unsigned int len = hip_esp_suite_info(suite)->enc_key_len, i;
	struct crypto_aes_ctx aes;
	u8 key[AES_MAX_KEY_SIZE];

	for (i = 0; i < sizeof(key); i++)
		key[i] = i;
	for (i = 0; i < HIP_ESP_IV_MAX; i++)
		iv[i] = 0x10 + i;
	KUNIT_ASSERT_EQ(test, 0, aes_expandkey(&aes, key, len));
	aes_decrypt(&aes, iv, iv);
}

/* What hip_esp_output() does between the copy of the payload and the cipher;
 * octets to encrypt
 */
static unsigned int esp_test_fill(struct kunit *test,
				  const struct hip_esp_cipher *c, u8 *esp,
				  u64 seq)
{
	u8 *payload = esp + c->size.hdr_len;
	unsigned int len, crypt_len;

	len = hip_test_unhex(test, esp_payload, payload, 64);
	crypt_len = hip_beet_crypt_len(len, &c->size);
	hip_beet_fill_trailer(payload + len, crypt_len - len, IPPROTO_TCP);
	hip_esp_set_iv(c, esp + sizeof(struct ip_esp_hdr), seq);
	return crypt_len;
}

static void esp_test_vector_encrypt(struct kunit *test)
{
	const struct esp_vector *v = test->param_value;
	struct hip_esp_cipher *c = esp_test_cipher(test, v->suite, true);
	u8 *buf = kunit_kzalloc(test, 256, GFP_KERNEL);
	u8 *esp = buf + 64;
	unsigned int crypt_len;

	KUNIT_ASSERT_NOT_NULL(test, buf);
	memset(buf, 0xee, 256);
	crypt_len = esp_test_fill(test, c, esp, v->seq);
	if (c->iv_encrypted)
		esp_test_fix_iv(test, v->suite,
				esp + sizeof(struct ip_esp_hdr));
	KUNIT_EXPECT_EQ(test, 0, esp_test_encrypt(c, esp, crypt_len, v->seq));
	HIP_EXPECT_HEX(test, v->packet, esp,
		       c->size.hdr_len + crypt_len + c->size.icv_len);
	/* The scratch area is as it was, and nothing behind was written to */
	KUNIT_EXPECT_EQ(test, 0, (int)(memchr_inv(buf, 0xee, 64) ? 1 : 0));
	KUNIT_EXPECT_EQ(test, esp[c->size.hdr_len + crypt_len +
				  c->size.icv_len], 0xee);
	esp_test_free(c);
}

static void esp_test_vector_decrypt(struct kunit *test)
{
	const struct esp_vector *v = test->param_value;
	struct hip_esp_cipher *c = esp_test_cipher(test, v->suite, true);
	u8 *buf = kunit_kzalloc(test, 256, GFP_KERNEL);
	u8 *esp = buf + 64;
	unsigned int crypt_len;
	u8 nexthdr = 0;
	int len;

	KUNIT_ASSERT_NOT_NULL(test, buf);
	memset(buf, 0xee, 256);
	crypt_len = hip_test_unhex(test, v->packet, esp, 128) -
		    c->size.hdr_len - c->size.icv_len;
	KUNIT_EXPECT_EQ(test, 0, esp_test_decrypt(c, esp, crypt_len, v->seq));
	len = hip_beet_parse_trailer(esp + c->size.hdr_len, crypt_len,
				     &nexthdr);
	KUNIT_ASSERT_EQ(test, len, 20);
	KUNIT_EXPECT_EQ(test, nexthdr, IPPROTO_TCP);
	HIP_EXPECT_HEX(test, esp_payload, esp + c->size.hdr_len, len);
	KUNIT_EXPECT_EQ(test, 0, (int)(memchr_inv(buf, 0xee, 64) ? 1 : 0));
	esp_test_free(c);
}

/* Each octet counts, and so does the half of the number that is not sent */
static void esp_test_vector_forged(struct kunit *test)
{
	const struct esp_vector *v = test->param_value;
	struct hip_esp_cipher *c = esp_test_cipher(test, v->suite, true);
	unsigned int crypt_len, len, i;
	u8 *buf = kunit_kzalloc(test, 256, GFP_KERNEL);
	u8 *esp = buf + 64;

	KUNIT_ASSERT_NOT_NULL(test, buf);
	len = hip_test_unhex(test, v->packet, esp, 128);
	crypt_len = len - c->size.hdr_len - c->size.icv_len;
	for (i = 0; i < len; i++) {
		hip_test_unhex(test, v->packet, esp, 128);
		esp[i] ^= 0x01;
		KUNIT_EXPECT_EQ_MSG(test, -EBADMSG,
				    esp_test_decrypt(c, esp, crypt_len, v->seq),
				    "octet %u", i);
	}
	hip_test_unhex(test, v->packet, esp, 128);
	KUNIT_EXPECT_EQ(test, -EBADMSG,
			esp_test_decrypt(c, esp, crypt_len,
					 v->seq + BIT_ULL(32)));
	esp_test_free(c);
}

/* All lengths, with and without extended sequence numbers */
static void esp_test_round_trip_of(struct kunit *test, u16 suite, bool esn)
{
	bool integrity_only = hip_esp_suite_info(suite)->integrity_only;
	struct hip_esp_cipher *c = esp_test_cipher(test, suite, esn);
	u64 seq = esn ? 0x123456789abcull : 0x789abc;
	u8 *buf = kunit_kzalloc(test, 2048, GFP_KERNEL);
	u8 *payload = kunit_kzalloc(test, 2048, GFP_KERNEL);
	u8 *esp = buf + HIP_ESP_SCRATCH;
	unsigned int len, crypt_len;
	u8 nexthdr;

	KUNIT_ASSERT_NOT_NULL(test, buf);
	KUNIT_ASSERT_NOT_NULL(test, payload);
	get_random_bytes(payload, 2048);
	for (len = 0; len < 1500; len += len < 70 ? 1 : 61) {
		memcpy(esp + c->size.hdr_len, payload, len);
		crypt_len = hip_beet_crypt_len(len, &c->size);
		hip_beet_fill_trailer(esp + c->size.hdr_len + len,
				      crypt_len - len, IPPROTO_UDP);
		hip_esp_set_iv(c, esp + sizeof(struct ip_esp_hdr), seq);
		KUNIT_EXPECT_EQ(test, 0,
				esp_test_encrypt(c, esp, crypt_len, seq));
		if (len >= 16)
			KUNIT_EXPECT_EQ(test, integrity_only,
					!memcmp(esp + c->size.hdr_len, payload,
						len));
		KUNIT_EXPECT_EQ(test, 0,
				esp_test_decrypt(c, esp, crypt_len, seq));
		KUNIT_EXPECT_EQ(test, (int)len,
				hip_beet_parse_trailer(esp + c->size.hdr_len,
						       crypt_len, &nexthdr));
		KUNIT_EXPECT_EQ(test, nexthdr, IPPROTO_UDP);
		HIP_EXPECT_MEMEQ(test, esp + c->size.hdr_len, payload, len);
	}
	esp_test_free(c);
}

static void esp_test_round_trip(struct kunit *test)
{
	unsigned int id;

	for (id = 0; id <= HIP_ESP_AES_GMAC; id++) {
		if (!hip_esp_suite_info(id))
			continue;
		esp_test_round_trip_of(test, id, true);
		esp_test_round_trip_of(test, id, false);
	}
}

/* The IV that goes out with a packet of CBC */
static void esp_test_sent_iv(struct kunit *test, const struct hip_esp_cipher *c,
			     u64 seq, u8 *iv)
{
	u8 *buf = kunit_kzalloc(test, 256, GFP_KERNEL);
	u8 *esp = buf + HIP_ESP_SCRATCH;
	unsigned int crypt_len;

	KUNIT_ASSERT_NOT_NULL(test, buf);
	crypt_len = esp_test_fill(test, c, esp, seq);
	memcpy(iv, esp + sizeof(struct ip_esp_hdr), HIP_ESP_IV_MAX);
	KUNIT_EXPECT_EQ(test, 0, esp_test_encrypt(c, esp, crypt_len, seq));
	KUNIT_EXPECT_NE(test, 0, memcmp(iv, esp + sizeof(struct ip_esp_hdr),
					HIP_ESP_IV_MAX));
	memcpy(iv, esp + sizeof(struct ip_esp_hdr), HIP_ESP_IV_MAX);
}

/* CBC needs IVs that cannot be foreseen: they differ from packet to packet, and
 * from SA to SA even with the same key
 */
static void esp_test_iv_cbc(struct kunit *test)
{
	struct hip_esp_cipher *c, *other;
	u8 iv[3][HIP_ESP_IV_MAX];
	unsigned int i, j;

	c = esp_test_cipher(test, HIP_ESP_AES128_CBC_SHA256, true);
	other = esp_test_cipher(test, HIP_ESP_AES128_CBC_SHA256, true);
	esp_test_sent_iv(test, c, 1, iv[0]);
	esp_test_sent_iv(test, c, 2, iv[1]);
	esp_test_sent_iv(test, other, 1, iv[2]);
	for (i = 0; i < ARRAY_SIZE(iv); i++)
		for (j = 0; j < i; j++) {
			KUNIT_EXPECT_NE(test, 0, memcmp(iv[i], iv[j], 8));
			KUNIT_EXPECT_NE(test, 0,
					memcmp(iv[i] + 8, iv[j] + 8, 8));
		}
	esp_test_free(other);
	esp_test_free(c);
}

/* A counter mode needs IVs that differ */
static void esp_test_iv_gcm(struct kunit *test)
{
	struct hip_esp_cipher *c = esp_test_cipher(test, HIP_ESP_AES_GCM_16,
						   true);
	u8 iv[HIP_ESP_IV_MAX];

	hip_esp_set_iv(c, iv, 0x0102030405060708ull);
	HIP_EXPECT_HEX(test, "0102030405060708", iv, 8);
	esp_test_free(c);
}

static void esp_test_unknown_suite(struct kunit *test)
{
	struct hip_esp_cipher c;
	u8 key[64] = { };

	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP,
			hip_esp_cipher_init(&c, 0, true, key, key));
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP,
			hip_esp_cipher_init(&c, 999, true, key, key));
}

/* Frees what the tests left in the slots: this module has its own */
static void esp_test_suite_exit(struct kunit_suite *suite)
{
	hip_esp_crypto_exit();
}

static struct kunit_case esp_test_cases[] = {
	KUNIT_CASE_PARAM(esp_test_vector_encrypt, esp_vector_gen_params),
	KUNIT_CASE_PARAM(esp_test_vector_decrypt, esp_vector_gen_params),
	KUNIT_CASE_PARAM(esp_test_vector_forged, esp_vector_gen_params),
	KUNIT_CASE(esp_test_round_trip),
	KUNIT_CASE(esp_test_iv_cbc),
	KUNIT_CASE(esp_test_iv_gcm),
	KUNIT_CASE(esp_test_unknown_suite),
	{}
};

static struct kunit_suite esp_test_suite = {
	.name = "hip_esp_vectors",
	.suite_exit = esp_test_suite_exit,
	.test_cases = esp_test_cases,
};

kunit_test_suite(esp_test_suite);
