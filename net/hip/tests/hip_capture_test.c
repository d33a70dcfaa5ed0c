// SPDX-License-Identifier: GPL-2.0
/*
 * Base exchanges, UPDATEs and CLOSE of another implementation, taken apart
 * down to the keys.
 */
#include <kunit/test.h>
#include <linux/string.h>

#include "capture_data.h"
#include "covered.h"
#include "crypto.h"
#include "hip_test.h"
#include "hit.h"
#include "keymat.h"
#include "puzzle.h"
#include "wire.h"

static void hip_capture_address(struct in6_addr *addr, u8 host)
{
	const u8 octets[16] = { [10] = 0xff, 0xff, 10, 55, 0, host };

	memcpy(addr, octets, sizeof(octets));
}

static void hip_capture_desc(const struct hip_capture *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(hip_capture, hip_captures, hip_capture_desc);

static void hip_capture_parse_test(struct kunit *test)
{
	const struct hip_capture *c = test->param_value;
	struct in6_addr src, dst;
	struct hip_msg msg;

	hip_capture_address(&src, c->src);
	hip_capture_address(&dst, c->dst);
	KUNIT_EXPECT_EQ(test, 0, hip_msg_parse(&msg, c->data, c->len));
	KUNIT_EXPECT_EQ(test, c->type, msg.type);
	KUNIT_EXPECT_EQ(test, c->len, msg.len);
	KUNIT_EXPECT_TRUE(test, hip_checksum_ok(c->data, c->len, &src, &dst));
	KUNIT_EXPECT_EQ(test, hip_load_be16(c->data + 4),
			hip_checksum(c->data, c->len, &src, &dst));
	KUNIT_EXPECT_TRUE(test, hip_is_hit(&msg.sender_hit));
	KUNIT_EXPECT_TRUE(test, hip_is_hit(&msg.receiver_hit));
}

struct hip_capture_bex {
	const char	*name;
	const u8	*kij;
	const u8	*r1, *i2, *r2;
	size_t		kij_len, r1_len, i2_len, r2_len;
	u8		group, k;
	u16		cipher, esp_suite, keymat_index;
	bool		encrypted;
};

#define HIP_CAPTURE_BEX(c)						\
	.name = #c,							\
	.kij = hip_##c##_kij, .kij_len = sizeof(hip_##c##_kij),		\
	.r1 = hip_##c##_r1, .r1_len = sizeof(hip_##c##_r1),		\
	.i2 = hip_##c##_i2, .i2_len = sizeof(hip_##c##_i2),		\
	.r2 = hip_##c##_r2, .r2_len = sizeof(hip_##c##_r2)

static const struct hip_capture_bex hip_capture_bexes[] = {
	{
		HIP_CAPTURE_BEX(c1),
		.group = HIP_DH_GROUP_MODP_1536,
		.k = 10,
		.cipher = HIP_CIPHER_AES128_CBC,
		.esp_suite = HIP_ESP_AES128_CBC_SHA256,
		.keymat_index = 96,
		.encrypted = true,
	},
	{
		HIP_CAPTURE_BEX(c2),
		.group = HIP_DH_GROUP_NIST_P256,
		.k = 16,
		.cipher = HIP_CIPHER_AES256_CBC,
		.esp_suite = HIP_ESP_AES256_CBC_SHA256,
		.keymat_index = 128,
	},
};

static void hip_capture_bex_desc(const struct hip_capture_bex *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(hip_capture_bex, hip_capture_bexes, hip_capture_bex_desc);

/* The keys of the Responder */
static void hip_capture_keys(struct kunit *test,
			     const struct hip_capture_bex *c,
			     struct hip_keys *keys)
{
	struct hip_solution solution;
	struct hip_keymat km;
	struct hip_msg i2;

	KUNIT_ASSERT_EQ(test, 0, hip_msg_parse(&i2, c->i2, c->i2_len));
	KUNIT_ASSERT_EQ(test, 0, hip_get_solution(&i2, &solution));
	KUNIT_ASSERT_EQ(test, hip_dh_kij_len(c->group), c->kij_len);
	KUNIT_ASSERT_EQ(test, 0,
			hip_keymat_init(&km, hip_hit_suite(&i2.receiver_hit),
					c->kij, c->kij_len, solution.i,
					solution.j, solution.rhash_len,
					&i2.sender_hit, &i2.receiver_hit));
	KUNIT_ASSERT_EQ(test, 0,
			hip_keymat_bex(&km, c->cipher, c->esp_suite,
				       &i2.receiver_hit, &i2.sender_hit, keys));
}

static int hip_capture_mac(struct kunit *test, const struct hip_msg *msg,
			   u16 type, const u8 *key, size_t key_len,
			   const void *host_id, size_t host_id_len)
{
	u8 *data = kunit_kzalloc(test, HIP_MAX_LEN, GFP_KERNEL);
	struct hip_param p;
	ssize_t len;

	KUNIT_ASSERT_NOT_NULL(test, data);
	KUNIT_ASSERT_EQ(test, 0, hip_get_mac(msg, type, &p));
	len = hip_mac_input(data, HIP_MAX_LEN, msg->data, p.tlv - msg->data,
			    host_id, host_id_len);
	KUNIT_ASSERT_GT(test, len, 0);
	return hip_mac_verify(HIP_HIT_SUITE_RSA_DSA_SHA256, key, key_len, data,
			      len, p.data, p.len);
}

static void hip_capture_bex_test(struct kunit *test)
{
	const struct hip_capture_bex *c = test->param_value;
	u8 *plain = kunit_kzalloc(test, HIP_MAX_LEN, GFP_KERNEL);
	struct hip_solution solution;
	struct hip_host_id hi_r, hi_i;
	struct hip_msg r1, i2, r2;
	struct hip_encrypted enc;
	struct hip_puzzle puzzle;
	struct hip_esp_info info;
	struct hip_keys keys;
	struct hip_dh dh;
	ssize_t len;

	KUNIT_ASSERT_NOT_NULL(test, plain);
	KUNIT_ASSERT_EQ(test, 0, hip_msg_parse(&r1, c->r1, c->r1_len));
	KUNIT_ASSERT_EQ(test, 0, hip_msg_parse(&i2, c->i2, c->i2_len));
	KUNIT_ASSERT_EQ(test, 0, hip_msg_parse(&r2, c->r2, c->r2_len));

	/* R1: identity, DH, offers */
	KUNIT_ASSERT_EQ(test, 0, hip_get_host_id(&r1, &hi_r));
	KUNIT_EXPECT_EQ(test, HIP_HI_ALG_RSA, hi_r.algorithm);
	KUNIT_EXPECT_EQ(test, 0, hip_hit_verify(&r1.sender_hit, hi_r.algorithm,
						hi_r.hi, hi_r.hi_len));
	KUNIT_ASSERT_EQ(test, 0, hip_get_dh(&r1, &dh));
	KUNIT_EXPECT_EQ(test, c->group, dh.group);
	KUNIT_EXPECT_EQ(test, hip_dh_pub_len(c->group), dh.pub_len);
	KUNIT_EXPECT_TRUE(test, hip_offers(&r1, HIP_PARAM_HIP_CIPHER,
					   c->cipher));
	KUNIT_EXPECT_TRUE(test, hip_offers(&r1, HIP_PARAM_ESP_TRANSFORM,
					   c->esp_suite));
	KUNIT_EXPECT_TRUE(test, hip_offers(&r1, HIP_PARAM_HIT_SUITE_LIST, 1));
	KUNIT_EXPECT_TRUE(test, hip_offers(&r1, HIP_PARAM_TRANSPORT_FORMAT_LIST,
					   HIP_TRANSPORT_FORMAT_ESP));

	/* I2: the puzzle */
	KUNIT_ASSERT_EQ(test, 0, hip_get_puzzle(&r1, &puzzle));
	KUNIT_ASSERT_EQ(test, 0, hip_get_solution(&i2, &solution));
	KUNIT_EXPECT_EQ(test, c->k, puzzle.k);
	KUNIT_EXPECT_EQ(test, c->k, solution.k);
	KUNIT_EXPECT_EQ(test, puzzle.opaque, solution.opaque);
	KUNIT_ASSERT_EQ(test, puzzle.rhash_len, solution.rhash_len);
	HIP_EXPECT_MEMEQ(test, puzzle.i, solution.i, puzzle.rhash_len);
	KUNIT_EXPECT_EQ(test, 0,
			hip_puzzle_verify(1, solution.k, solution.i,
					  &i2.sender_hit, &i2.receiver_hit,
					  solution.j));

	/* the keys, and all that they protect */
	hip_capture_keys(test, c, &keys);
	KUNIT_EXPECT_EQ(test, c->keymat_index, keys.keymat_index);
	KUNIT_ASSERT_EQ(test, 0, hip_get_esp_info(&i2, &info));
	KUNIT_EXPECT_EQ(test, c->keymat_index, info.keymat_index);
	KUNIT_EXPECT_EQ(test, 0, ntohl(info.old_spi));
	KUNIT_EXPECT_EQ(test, 0,
			hip_capture_mac(test, &i2, HIP_PARAM_HIP_MAC,
					keys.hip_mac_in, keys.hip_mac_len, NULL,
					0));
	KUNIT_EXPECT_EQ(test, -EBADMSG,
			hip_capture_mac(test, &i2, HIP_PARAM_HIP_MAC,
					keys.hip_mac_out, keys.hip_mac_len,
					NULL, 0));
	KUNIT_EXPECT_EQ(test, 0,
			hip_capture_mac(test, &r2, HIP_PARAM_HIP_MAC_2,
					keys.hip_mac_out, keys.hip_mac_len,
					hi_r.tlv, hi_r.tlv_len));
	KUNIT_EXPECT_EQ(test, -EBADMSG,
			hip_capture_mac(test, &r2, HIP_PARAM_HIP_MAC_2,
					keys.hip_mac_out, keys.hip_mac_len,
					NULL, 0));

	/* the Initiator's identity */
	if (c->encrypted) {
		KUNIT_EXPECT_EQ(test, -ENOENT, hip_get_host_id(&i2, &hi_i));
		KUNIT_ASSERT_EQ(test, 0, hip_get_encrypted(&i2, &enc));
		len = hip_decrypt(c->cipher, keys.hip_enc_in, plain,
				  HIP_MAX_LEN, enc.iv_ct, enc.len);
		KUNIT_ASSERT_GT(test, len, 0);
		KUNIT_ASSERT_EQ(test, 0, hip_inner_host_id(plain, len, &hi_i));
	} else {
		KUNIT_ASSERT_EQ(test, 0, hip_get_host_id(&i2, &hi_i));
	}
	KUNIT_EXPECT_EQ(test, 0, hip_hit_verify(&i2.sender_hit, hi_i.algorithm,
						hi_i.hi, hi_i.hi_len));
	KUNIT_EXPECT_EQ(test, -EBADMSG,
			hip_hit_verify(&i2.sender_hit, hi_r.algorithm, hi_r.hi,
				       hi_r.hi_len));
}

/* HIP_MAC of the packets that follow c2; the sender says which key */
static void hip_capture_mac_test(struct kunit *test)
{
	const struct hip_capture_bex *bex = &hip_capture_bexes[1];
	unsigned int i, n = 0;
	struct hip_keys keys;
	struct hip_msg msg;

	hip_capture_keys(test, bex, &keys);
	for (i = 0; i < ARRAY_SIZE(hip_captures); i++) {
		const struct hip_capture *c = &hip_captures[i];

		if (c->type < HIP_PKT_UPDATE)
			continue;
		KUNIT_ASSERT_EQ(test, 0, hip_msg_parse(&msg, c->data, c->len));
		/* 10.55.0.2 is the Responder */
		KUNIT_EXPECT_EQ_MSG(test, 0,
				    hip_capture_mac(test, &msg,
						    HIP_PARAM_HIP_MAC,
						    c->src == 2 ?
						    keys.hip_mac_out :
						    keys.hip_mac_in,
						    keys.hip_mac_len, NULL, 0),
				    "%s", c->name);
		n++;
	}
	KUNIT_EXPECT_EQ(test, 6, n);
}

static void hip_capture_values_test(struct kunit *test)
{
	struct hip_param p, q;
	struct hip_msg msg;
	u64 counter = 0;
	u32 id = 0;

	KUNIT_ASSERT_EQ(test, 0, hip_msg_parse(&msg, hip_c1_r1,
					       sizeof(hip_c1_r1)));
	KUNIT_EXPECT_EQ(test, 0, hip_get_r1_counter(&msg, &counter));
	KUNIT_EXPECT_EQ(test, 11, counter);
	KUNIT_EXPECT_EQ(test, 7, hip_get_list(&msg, HIP_PARAM_HIP_CIPHER, 3));
	KUNIT_EXPECT_EQ(test, 1, hip_get_list(&msg, HIP_PARAM_ESP_TRANSFORM,
					      3));

	KUNIT_ASSERT_EQ(test, 0, hip_msg_parse(&msg, hip_c2_update_1,
					       sizeof(hip_c2_update_1)));
	KUNIT_EXPECT_EQ(test, 0, hip_get_seq(&msg, &id));
	KUNIT_EXPECT_EQ(test, 1, id);
	KUNIT_EXPECT_FALSE(test, hip_get_ack(&msg, 0, &id));
	KUNIT_ASSERT_EQ(test, 0, hip_msg_parse(&msg, hip_c2_update_2,
					       sizeof(hip_c2_update_2)));
	KUNIT_EXPECT_TRUE(test, hip_get_ack(&msg, 0, &id));
	KUNIT_EXPECT_EQ(test, 1, id);

	KUNIT_ASSERT_EQ(test, 0, hip_msg_parse(&msg, hip_c2_close,
					       sizeof(hip_c2_close)));
	KUNIT_ASSERT_TRUE(test, hip_msg_first(&msg,
					      HIP_PARAM_ECHO_REQUEST_SIGNED,
					      &p));
	KUNIT_ASSERT_EQ(test, 0, hip_msg_parse(&msg, hip_c2_close_ack,
					       sizeof(hip_c2_close_ack)));
	KUNIT_ASSERT_TRUE(test, hip_msg_first(&msg,
					      HIP_PARAM_ECHO_RESPONSE_SIGNED,
					      &q));
	KUNIT_ASSERT_EQ(test, p.len, q.len);
	HIP_EXPECT_MEMEQ(test, p.data, q.data, p.len);
}

static struct kunit_case hip_capture_cases[] = {
	KUNIT_CASE_PARAM(hip_capture_parse_test, hip_capture_gen_params),
	KUNIT_CASE_PARAM(hip_capture_bex_test, hip_capture_bex_gen_params),
	KUNIT_CASE(hip_capture_mac_test),
	KUNIT_CASE(hip_capture_values_test),
	{}
};

static struct kunit_suite hip_capture_suite = {
	.name = "hip_capture",
	.suite_init = hip_test_crypto_init,
	.suite_exit = hip_test_crypto_exit,
	.test_cases = hip_capture_cases,
};

kunit_test_suite(hip_capture_suite);
