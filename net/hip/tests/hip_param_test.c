// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of param.c: what is built is what is read; MAC and signature coverage.
 */
#include <kunit/test.h>
#include <linux/string.h>

#include "covered.h"
#include "crypto.h"
#include "hip_test.h"
#include "param.h"

static u8 *hip_param_buf(struct kunit *test)
{
	u8 *buf = kunit_kzalloc(test, HIP_MAX_LEN, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, buf);
	return buf;
}

static void hip_param_start(struct hip_builder *b, u8 *buf, u8 type)
{
	hip_build_init(b, buf, HIP_MAX_LEN, type, 0, &hip_test_hit_r,
		       &hip_test_hit_i);
}

/* RFC 7401, Appendix C.1, without the checksum */
static void hip_build_i1_test(struct kunit *test)
{
	static const u8 groups[] = { 3, 4, 8 };
	struct in6_addr a = {}, r = {};
	struct hip_builder b;
	u8 buf[48];

	hip_test_unhex(test, "20010020000000000000000000000001", a.s6_addr, 16);
	hip_test_unhex(test, "20010020000000000000000000000002", r.s6_addr, 16);
	hip_build_init(&b, buf, sizeof(buf), HIP_PKT_I1, 0, &a, &r);
	hip_build_dh_group_list(&b, groups, sizeof(groups));
	KUNIT_EXPECT_EQ(test, 48, hip_build_finish(&b));
	HIP_EXPECT_HEX(test,
		       "3b05012100000000 20010020000000000000000000000001\n"
		       "20010020000000000000000000000002 01ff000303040800",
		       buf, 48);

	/* opportunistic */
	hip_build_init(&b, buf, sizeof(buf), HIP_PKT_I1, HIP_CONTROL_ANON, &a,
		       NULL);
	hip_build_dh_group_list(&b, groups, 1);
	KUNIT_EXPECT_EQ(test, 48, hip_build_finish(&b));
	HIP_EXPECT_HEX(test,
		       "3b05012100000001 20010020000000000000000000000001\n"
		       "00000000000000000000000000000000 01ff000103000000",
		       buf, 48);
}

static void hip_build_error_test(struct kunit *test)
{
	static const u16 seven[7] = {};
	u8 *buf = hip_param_buf(test);
	struct hip_builder b;
	unsigned int size, i;

	/* order */
	hip_param_start(&b, buf, HIP_PKT_UPDATE);
	hip_build_seq(&b, 1);
	hip_build_esp_info(&b, 0, 0, 0);
	hip_build_param(&b, HIP_PARAM_ECHO_REQUEST_UNSIGNED, "a", 1);
	KUNIT_EXPECT_EQ(test, -EINVAL, hip_build_finish(&b));
	hip_param_start(&b, buf, HIP_PKT_UPDATE);
	hip_build_param(&b, HIP_PARAM_ECHO_REQUEST_UNSIGNED, "a", 1);
	hip_build_param(&b, HIP_PARAM_ECHO_REQUEST_UNSIGNED, "a", 1);
	KUNIT_EXPECT_EQ(test, 56, hip_build_finish(&b));

	/* nesting */
	hip_param_start(&b, buf, HIP_PKT_UPDATE);
	hip_build_begin(&b, HIP_PARAM_SEQ);
	KUNIT_EXPECT_EQ(test, -EINVAL, hip_build_finish(&b));
	hip_param_start(&b, buf, HIP_PKT_UPDATE);
	hip_build_begin(&b, HIP_PARAM_SEQ);
	hip_build_begin(&b, HIP_PARAM_ACK);
	hip_build_end(&b);
	KUNIT_EXPECT_EQ(test, -EINVAL, hip_build_finish(&b));
	hip_param_start(&b, buf, HIP_PKT_UPDATE);
	hip_build_end(&b);
	KUNIT_EXPECT_EQ(test, -EINVAL, hip_build_finish(&b));
	hip_param_start(&b, buf, HIP_PKT_UPDATE);
	hip_build_u8(&b, 1);
	KUNIT_EXPECT_EQ(test, -EINVAL, hip_build_finish(&b));

	/* too many */
	hip_param_start(&b, buf, HIP_PKT_R1);
	hip_build_hip_cipher(&b, seven, 6);
	KUNIT_EXPECT_GT(test, hip_build_finish(&b), 0);
	hip_param_start(&b, buf, HIP_PKT_R1);
	hip_build_hip_cipher(&b, seven, 7);
	KUNIT_EXPECT_EQ(test, -EINVAL, hip_build_finish(&b));
	hip_param_start(&b, buf, HIP_PKT_R1);
	hip_build_esp_transform(&b, seven, 7);
	KUNIT_EXPECT_EQ(test, -EINVAL, hip_build_finish(&b));
	KUNIT_EXPECT_PTR_EQ(test, (u8 *)NULL,
			    hip_build_mac(&b, HIP_PARAM_HIP_MAC, 32));

	/* no octet outside of the buffer */
	for (size = 0; size < 88; size++) {
		memset(buf, 0xaa, 128);
		hip_build_init(&b, buf, size, HIP_PKT_UPDATE, 0,
			       &hip_test_hit_i, &hip_test_hit_r);
		hip_build_esp_info(&b, 0, 0, 0);
		hip_build_seq(&b, 0);
		hip_build_param(&b, HIP_PARAM_ECHO_REQUEST_SIGNED, "12345678",
				8);
		hip_build_param(&b, HIP_PARAM_ECHO_RESPONSE_SIGNED, "", 0);
		KUNIT_EXPECT_EQ(test, -ENOSPC, hip_build_finish(&b));
		for (i = size; i < 128; i++)
			KUNIT_EXPECT_EQ(test, 0xaa, buf[i]);
	}
	hip_build_init(&b, buf, 88, HIP_PKT_UPDATE, 0, &hip_test_hit_i,
		       &hip_test_hit_r);
	hip_build_esp_info(&b, 0, 0, 0);
	hip_build_seq(&b, 0);
	hip_build_param(&b, HIP_PARAM_ECHO_REQUEST_SIGNED, "12345678", 8);
	hip_build_param(&b, HIP_PARAM_ECHO_RESPONSE_SIGNED, "", 0);
	KUNIT_EXPECT_EQ(test, 88, hip_build_finish(&b));

	/* the largest packet */
	hip_param_start(&b, buf, HIP_PKT_UPDATE);
	hip_build_param(&b, HIP_PARAM_ECHO_REQUEST_SIGNED, NULL,
			HIP_MAX_PARAMS_LEN - 4);
	KUNIT_EXPECT_EQ(test, HIP_MAX_LEN, hip_build_finish(&b));
	KUNIT_EXPECT_EQ(test, 255, buf[1]);
	hip_param_start(&b, buf, HIP_PKT_UPDATE);
	hip_build_param(&b, HIP_PARAM_ECHO_REQUEST_SIGNED, NULL,
			HIP_MAX_PARAMS_LEN - 3);
	KUNIT_EXPECT_EQ(test, -ENOSPC, hip_build_finish(&b));
}

static void hip_round_trip_r1_test(struct kunit *test)
{
	static const u16 ciphers[] = { 4, 2 }, esp[] = { 9, 8, 13 };
	static const u8 groups[] = { 8, 7, 3 }, suites[] = { 2, 1 };
	static const u16 formats[] = { 4095, 1 };
	u8 *buf = hip_param_buf(test);
	struct hip_signature sig;
	struct hip_puzzle puzzle;
	struct hip_host_id hid;
	struct hip_builder b;
	struct hip_param p;
	struct hip_msg msg;
	struct hip_dh dh;
	u64 counter = 0;
	u8 octets[192];
	unsigned int i;

	for (i = 0; i < sizeof(octets); i++)
		octets[i] = i + 1;

	hip_param_start(&b, buf, HIP_PKT_R1);
	hip_build_r1_counter(&b, 0x0123456789abcdefULL);
	hip_build_puzzle(&b, 10, 37, 0xbeef, octets, 32);
	hip_build_dh_group_list(&b, groups, 3);
	hip_build_dh(&b, HIP_DH_GROUP_MODP_1536, octets, 190);
	hip_build_hip_cipher(&b, ciphers, 2);
	hip_build_host_id(&b, HIP_HI_ALG_RSA, octets, 132, HIP_DI_NAI, "a@b",
			  3);
	hip_build_hit_suite_list(&b, suites, 2);
	hip_build_param(&b, HIP_PARAM_ECHO_REQUEST_SIGNED, "echo?", 5);
	hip_build_transport_format_list(&b, formats, 2);
	hip_build_esp_transform(&b, esp, 3);
	hip_build_signature(&b, HIP_PARAM_HIP_SIGNATURE_2, HIP_HI_ALG_RSA,
			    octets, 128);
	KUNIT_ASSERT_GT(test, hip_build_finish(&b), 0);
	KUNIT_ASSERT_EQ(test, 0, hip_msg_parse(&msg, buf, b.len));

	KUNIT_EXPECT_EQ(test, 0, hip_get_r1_counter(&msg, &counter));
	KUNIT_EXPECT_EQ(test, 0x0123456789abcdefULL, counter);

	KUNIT_EXPECT_EQ(test, 0, hip_get_puzzle(&msg, &puzzle));
	KUNIT_EXPECT_EQ(test, 10, puzzle.k);
	KUNIT_EXPECT_EQ(test, 37, puzzle.lifetime);
	KUNIT_EXPECT_EQ(test, 0xbeef, puzzle.opaque);
	KUNIT_EXPECT_EQ(test, 32, puzzle.rhash_len);
	HIP_EXPECT_MEMEQ(test, puzzle.i, octets, 32);

	KUNIT_EXPECT_EQ(test, 0, hip_get_dh(&msg, &dh));
	KUNIT_EXPECT_EQ(test, 3, dh.group);
	KUNIT_ASSERT_EQ(test, 192, dh.pub_len);	/* padded on the left */
	KUNIT_EXPECT_EQ(test, 0, dh.pub[0]);
	KUNIT_EXPECT_EQ(test, 0, dh.pub[1]);
	HIP_EXPECT_MEMEQ(test, dh.pub + 2, octets, 190);

	KUNIT_EXPECT_EQ(test, 0, hip_get_host_id(&msg, &hid));
	KUNIT_EXPECT_EQ(test, HIP_HI_ALG_RSA, hid.algorithm);
	KUNIT_EXPECT_EQ(test, 132, hid.hi_len);
	KUNIT_EXPECT_EQ(test, HIP_DI_NAI, hid.di_type);
	KUNIT_EXPECT_EQ(test, 3, hid.di_len);
	KUNIT_EXPECT_EQ(test, 152, hid.tlv_len);
	HIP_EXPECT_MEMEQ(test, hid.hi, octets, 132);
	HIP_EXPECT_MEMEQ(test, hid.di, "a@b", 3);
	KUNIT_EXPECT_EQ(test, 705, hip_load_be16(hid.tlv));

	for (i = 0; i < 3; i++) {
		KUNIT_EXPECT_EQ(test, groups[i],
				hip_get_list(&msg, HIP_PARAM_DH_GROUP_LIST,
					     i));
		KUNIT_EXPECT_EQ(test, esp[i],
				hip_get_list(&msg, HIP_PARAM_ESP_TRANSFORM,
					     i));
	}
	KUNIT_EXPECT_EQ(test, -ENOENT,
			hip_get_list(&msg, HIP_PARAM_DH_GROUP_LIST, 3));
	KUNIT_EXPECT_EQ(test, -ENOENT,
			hip_get_list(&msg, HIP_PARAM_ESP_TRANSFORM, 3));
	KUNIT_EXPECT_EQ(test, -ENOENT,
			hip_get_list(&msg, HIP_PARAM_NAT_TRAVERSAL_MODE, 0));
	for (i = 0; i < 2; i++) {
		KUNIT_EXPECT_EQ(test, suites[i],
				hip_get_list(&msg, HIP_PARAM_HIT_SUITE_LIST,
					     i));
		KUNIT_EXPECT_EQ(test, ciphers[i],
				hip_get_list(&msg, HIP_PARAM_HIP_CIPHER, i));
		KUNIT_EXPECT_EQ(test, formats[i],
				hip_get_list(&msg,
					     HIP_PARAM_TRANSPORT_FORMAT_LIST,
					     i));
	}

	KUNIT_ASSERT_TRUE(test, hip_msg_first(&msg,
					      HIP_PARAM_ECHO_REQUEST_SIGNED,
					      &p));
	KUNIT_EXPECT_EQ(test, 5, p.len);
	HIP_EXPECT_MEMEQ(test, p.data, "echo?\0\0\0", 8);

	KUNIT_EXPECT_EQ(test, 0, hip_get_signature(&msg,
						   HIP_PARAM_HIP_SIGNATURE_2,
						   &sig));
	KUNIT_EXPECT_EQ(test, HIP_HI_ALG_RSA, sig.algorithm);
	KUNIT_EXPECT_EQ(test, 128, sig.len);
	HIP_EXPECT_MEMEQ(test, sig.sig, octets, 128);

	KUNIT_EXPECT_EQ(test, -ENOENT,
			hip_get_signature(&msg, HIP_PARAM_HIP_SIGNATURE,
					  &sig));
	KUNIT_EXPECT_EQ(test, -ENOENT,
			hip_get_mac(&msg, HIP_PARAM_HIP_MAC, &p));
}

static void hip_round_trip_i2_test(struct kunit *test)
{
	static const u16 format = 4095, cipher = 2, esp = 8;
	u8 *buf = hip_param_buf(test);
	struct hip_solution solution;
	struct hip_encrypted enc;
	struct hip_esp_info info;
	struct hip_host_id hid;
	struct hip_builder b;
	struct hip_param p;
	struct hip_msg msg;
	u8 octets[96];
	size_t off;
	u8 *mac;
	u64 n;

	memset(octets, 0x5a, sizeof(octets));
	hip_param_start(&b, buf, HIP_PKT_I2);
	hip_build_esp_info(&b, 0x60, htonl(1), htonl(0xdeadbeef));
	hip_build_solution(&b, 9, 0xcafe, octets, octets + 32, 32);
	hip_build_dh(&b, HIP_DH_GROUP_NIST_P384, octets, 96);
	hip_build_hip_cipher(&b, &cipher, 1);
	hip_build_encrypted(&b, octets, 48);
	hip_build_transport_format_list(&b, &format, 1);
	hip_build_esp_transform(&b, &esp, 1);
	off = b.len;
	mac = hip_build_mac(&b, HIP_PARAM_HIP_MAC, 32);
	KUNIT_ASSERT_PTR_EQ(test, buf + off + 4, mac);
	memset(mac, 0x77, 32);
	hip_build_signature(&b, HIP_PARAM_HIP_SIGNATURE, 7, NULL, 64);
	hip_build_param(&b, HIP_PARAM_ECHO_RESPONSE_UNSIGNED, "x", 1);
	KUNIT_ASSERT_GT(test, hip_build_finish(&b), 0);
	KUNIT_ASSERT_EQ(test, 0, hip_msg_parse(&msg, buf, b.len));

	KUNIT_EXPECT_EQ(test, 0, hip_get_esp_info(&msg, &info));
	KUNIT_EXPECT_EQ(test, 0x60, info.keymat_index);
	KUNIT_EXPECT_EQ(test, 1, ntohl(info.old_spi));
	KUNIT_EXPECT_EQ(test, 0xdeadbeef, ntohl(info.new_spi));

	KUNIT_EXPECT_EQ(test, 0, hip_get_solution(&msg, &solution));
	KUNIT_EXPECT_EQ(test, 9, solution.k);
	KUNIT_EXPECT_EQ(test, 0xcafe, solution.opaque);
	KUNIT_EXPECT_EQ(test, 32, solution.rhash_len);
	KUNIT_EXPECT_PTR_EQ(test, solution.i + 32, solution.j);
	HIP_EXPECT_MEMEQ(test, solution.i, octets, 64);

	KUNIT_EXPECT_EQ(test, 0, hip_get_encrypted(&msg, &enc));
	KUNIT_EXPECT_EQ(test, 48, enc.len);
	HIP_EXPECT_MEMEQ(test, enc.iv_ct, octets, 48);

	KUNIT_EXPECT_EQ(test, 0, hip_get_mac(&msg, HIP_PARAM_HIP_MAC, &p));
	KUNIT_EXPECT_EQ(test, off, p.tlv - buf);
	KUNIT_EXPECT_EQ(test, 32, p.len);
	KUNIT_EXPECT_EQ(test, 0x77, p.data[31]);

	KUNIT_EXPECT_EQ(test, -ENOENT, hip_get_host_id(&msg, &hid));
	KUNIT_EXPECT_EQ(test, -ENOENT, hip_get_r1_counter(&msg, &n));
}

static void hip_round_trip_update_test(struct kunit *test)
{
	static const u32 acks[] = { 5, 0xffffffff };
	const struct hip_locator locs[] = {
		{ .traffic = HIP_LOCATOR_TRAFFIC_DATA, .type = HIP_LOCATOR_IP,
		  .lifetime = 3600, .addr = { { { 1, [15] = 2 } } } },
		{ .type = HIP_LOCATOR_ESP, .preferred = true, .lifetime = 1,
		  .spi = htonl(0x100), .addr = { { { 3, [15] = 4 } } } },
		{ .traffic = HIP_LOCATOR_TRAFFIC_SIGNALLING,
		  .type = HIP_LOCATOR_UDP, .lifetime = 0xffffffff,
		  .spi = htonl(0x200), .port = 10500,
		  .kind = HIP_LOCATOR_KIND_RELAYED, .priority = 0x7e0000ff,
		  .addr = { { { 5, [15] = 6 } } } },
	};
	u8 *buf = hip_param_buf(test);
	struct hip_locator loc, none = { .type = 9 };
	unsigned int cursor = 0, i;
	struct hip_builder b;
	struct hip_param p;
	struct hip_msg msg;
	u32 id = 0;

	hip_param_start(&b, buf, HIP_PKT_UPDATE);
	hip_build_locator_set_begin(&b);
	for (i = 0; i < ARRAY_SIZE(locs); i++)
		hip_build_locator(&b, &locs[i]);
	hip_build_end(&b);
	hip_build_seq(&b, 0x01020304);
	hip_build_ack(&b, acks, 2);
	hip_build_mac(&b, HIP_PARAM_HIP_MAC, 48);
	hip_build_signature(&b, HIP_PARAM_HIP_SIGNATURE, 7, NULL, 96);
	KUNIT_ASSERT_GT(test, hip_build_finish(&b), 0);
	KUNIT_ASSERT_EQ(test, 0, hip_msg_parse(&msg, buf, b.len));

	KUNIT_EXPECT_EQ(test, 0, hip_get_seq(&msg, &id));
	KUNIT_EXPECT_EQ(test, 0x01020304, id);
	KUNIT_EXPECT_TRUE(test, hip_get_ack(&msg, 0, &id));
	KUNIT_EXPECT_EQ(test, 5, id);
	KUNIT_EXPECT_TRUE(test, hip_get_ack(&msg, 1, &id));
	KUNIT_EXPECT_EQ(test, 0xffffffff, id);
	KUNIT_EXPECT_FALSE(test, hip_get_ack(&msg, 2, &id));

	KUNIT_ASSERT_TRUE(test, hip_msg_first(&msg, HIP_PARAM_LOCATOR_SET, &p));
	KUNIT_EXPECT_EQ(test, 24 + 28 + 36, p.len);
	for (i = 0; i < ARRAY_SIZE(locs); i++) {
		KUNIT_ASSERT_EQ(test, 1, hip_param_locator(&p, &cursor, &loc));
		KUNIT_EXPECT_EQ(test, locs[i].traffic, loc.traffic);
		KUNIT_EXPECT_EQ(test, locs[i].type, loc.type);
		KUNIT_EXPECT_EQ(test, locs[i].preferred, loc.preferred);
		KUNIT_EXPECT_EQ(test, locs[i].lifetime, loc.lifetime);
		KUNIT_EXPECT_EQ(test, ntohl(locs[i].spi), ntohl(loc.spi));
		KUNIT_EXPECT_EQ(test, locs[i].port, loc.port);
		KUNIT_EXPECT_EQ(test, locs[i].kind, loc.kind);
		KUNIT_EXPECT_EQ(test, locs[i].priority, loc.priority);
		HIP_EXPECT_MEMEQ(test, &locs[i].addr, &loc.addr, 16);
	}
	KUNIT_EXPECT_EQ(test, 0, hip_param_locator(&p, &cursor, &loc));
	p.type = HIP_PARAM_SEQ;
	KUNIT_EXPECT_EQ(test, -EINVAL, hip_param_locator(&p, &cursor, &loc));

	hip_param_start(&b, buf, HIP_PKT_UPDATE);
	hip_build_locator_set_begin(&b);
	hip_build_locator(&b, &none);
	hip_build_end(&b);
	KUNIT_EXPECT_EQ(test, -EINVAL, hip_build_finish(&b));
}

static void hip_round_trip_notify_test(struct kunit *test)
{
	u8 *buf = hip_param_buf(test);
	struct hip_notification n;
	struct hip_builder b;
	struct hip_param p;
	struct hip_msg msg;
	unsigned int i = 0;

	hip_param_start(&b, buf, HIP_PKT_NOTIFY);
	hip_build_notification(&b, 1, "\x11\xf9", 2);
	hip_build_notification(&b, HIP_NOTIFY_NAT_KEEPALIVE, NULL, 0);
	hip_build_signature(&b, HIP_PARAM_HIP_SIGNATURE, 5, "s", 1);
	KUNIT_ASSERT_GT(test, hip_build_finish(&b), 0);
	KUNIT_ASSERT_EQ(test, 0, hip_msg_parse(&msg, buf, b.len));
	hip_msg_for_each_param(&msg, HIP_PARAM_NOTIFICATION, &p) {
		KUNIT_ASSERT_EQ(test, 0, hip_param_notification(&p, &n));
		KUNIT_EXPECT_EQ(test, i ? 16385 : 1, n.type);
		KUNIT_EXPECT_EQ(test, i ? 0 : 2, n.len);
		if (!i)
			HIP_EXPECT_MEMEQ(test, n.data, "\x11\xf9", 2);
		i++;
	}
	KUNIT_EXPECT_EQ(test, 2, i);
	p.type = HIP_PARAM_SEQ;
	KUNIT_EXPECT_EQ(test, -EINVAL, hip_param_notification(&p, &n));
}

/* Nothing is read from a packet that does not have it */
static void hip_get_none_test(struct kunit *test)
{
	u8 *buf = hip_param_buf(test);
	struct hip_signature sig;
	struct hip_solution sol;
	struct hip_esp_info esp;
	struct hip_encrypted enc;
	struct hip_puzzle puz;
	struct hip_host_id hid;
	struct hip_builder b;
	struct hip_param p;
	struct hip_msg msg;
	struct hip_dh dh;
	u64 counter;
	u32 id;

	hip_param_start(&b, buf, HIP_PKT_I1);
	hip_build_list8(&b, HIP_PARAM_DH_GROUP_LIST, (const u8 *)"\7", 1);
	KUNIT_ASSERT_GT(test, hip_build_finish(&b), 0);
	KUNIT_ASSERT_EQ(test, 0, hip_msg_parse(&msg, buf, b.len));

	KUNIT_EXPECT_EQ(test, -ENOENT, hip_get_puzzle(&msg, &puz));
	KUNIT_EXPECT_EQ(test, -ENOENT, hip_get_solution(&msg, &sol));
	KUNIT_EXPECT_EQ(test, -ENOENT, hip_get_r1_counter(&msg, &counter));
	KUNIT_EXPECT_EQ(test, -ENOENT, hip_get_esp_info(&msg, &esp));
	KUNIT_EXPECT_EQ(test, -ENOENT, hip_get_dh(&msg, &dh));
	KUNIT_EXPECT_EQ(test, -ENOENT, hip_get_seq(&msg, &id));
	KUNIT_EXPECT_FALSE(test, hip_get_ack(&msg, 0, &id));
	KUNIT_EXPECT_EQ(test, -ENOENT, hip_get_host_id(&msg, &hid));
	KUNIT_EXPECT_EQ(test, -ENOENT, hip_get_encrypted(&msg, &enc));
	KUNIT_EXPECT_EQ(test, -ENOENT,
			hip_get_mac(&msg, HIP_PARAM_HIP_MAC, &p));
	KUNIT_EXPECT_EQ(test, -ENOENT,
			hip_get_signature(&msg, HIP_PARAM_HIP_SIGNATURE, &sig));

	/* of a type that is none */
	KUNIT_EXPECT_FALSE(test, hip_msg_first(&msg, 2, &p));
	KUNIT_EXPECT_EQ(test, 0, hip_msg_count(&msg, 2));
	hip_msg_for_each_param(&msg, 2, &p)
		KUNIT_FAIL(test, "there is none");
	/* what stands alone says what it is */
	KUNIT_ASSERT_TRUE(test, hip_msg_first(&msg, HIP_PARAM_DH_GROUP_LIST,
					      &p));
	KUNIT_EXPECT_EQ(test, -EINVAL, hip_param_host_id(&p, &hid));
}

/* The first error stays, whatever comes after it */
static void hip_build_first_error_test(struct kunit *test)
{
	static const u16 seven[7] = {};
	struct hip_locator none = { .type = 9 };
	u8 *buf = hip_param_buf(test);
	struct hip_builder b;

	hip_build_init(&b, buf, 8, HIP_PKT_I1, 0, &hip_test_hit_r,
		       &hip_test_hit_i);
	hip_build_hip_cipher(&b, seven, 7);
	hip_build_esp_transform(&b, seven, 7);
	hip_build_host_id(&b, HIP_HI_ALG_RSA, buf, HIP_MAX_LEN + 1, 0, NULL, 0);
	hip_build_locator(&b, &none);
	KUNIT_EXPECT_EQ(test, -ENOSPC, hip_build_finish(&b));

	/* longer than any HI, or than twelve bits */
	hip_param_start(&b, buf, HIP_PKT_R1);
	hip_build_host_id(&b, HIP_HI_ALG_RSA, buf, HIP_MAX_LEN + 1, 0, NULL, 0);
	KUNIT_EXPECT_EQ(test, -EINVAL, hip_build_finish(&b));
	hip_param_start(&b, buf, HIP_PKT_R1);
	hip_build_host_id(&b, HIP_HI_ALG_RSA, buf, 4, HIP_DI_FQDN, buf, 4096);
	KUNIT_EXPECT_EQ(test, -EINVAL, hip_build_finish(&b));
}

/* RFC 7401, section 5.2.7: leading zeros of MODP values, and of no others */
static void hip_build_dh_test(struct kunit *test)
{
	u8 *buf = hip_param_buf(test), *pub = hip_param_buf(test);
	static const struct {
		u8 group;
		unsigned int len;
		unsigned int want;
	} cases[] = {
		{ HIP_DH_GROUP_MODP_1536, 192, 192 },
		{ HIP_DH_GROUP_MODP_1536, 191, 192 },
		{ HIP_DH_GROUP_MODP_3072, 1, 384 },
		{ HIP_DH_GROUP_NIST_P256, 63, 63 },
	};
	struct hip_builder b;
	unsigned int i;

	memset(pub, 0x55, 384);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		unsigned int pad = cases[i].want - cases[i].len;

		hip_param_start(&b, buf, HIP_PKT_R1);
		hip_build_dh(&b, cases[i].group, pub, cases[i].len);
		KUNIT_ASSERT_GT(test, hip_build_finish(&b), 0);
		KUNIT_EXPECT_EQ(test, cases[i].group, buf[44]);
		KUNIT_EXPECT_EQ(test, cases[i].want, hip_load_be16(buf + 45));
		KUNIT_EXPECT_TRUE(test, !memchr_inv(buf + 47, 0, pad));
		KUNIT_EXPECT_EQ(test, 0x55, buf[47 + pad]);
	}
}

/* Only the first six of HIP_CIPHER count, but more of ESP_TRANSFORM */
static void hip_list_six_test(struct kunit *test)
{
	static const u16 ids[] = { 101, 102, 103, 104, 105, 106, 107 };
	static const u16 nat[] = { 0, 1, 2, 3, 4, 5, 6, 7 };
	u8 *buf = hip_param_buf(test);
	struct hip_builder b;
	struct hip_msg msg;

	hip_param_start(&b, buf, HIP_PKT_UPDATE);
	hip_build_seq(&b, 1);
	hip_build_list16(&b, HIP_PARAM_HIP_CIPHER, ids, 7);
	hip_build_list16(&b, HIP_PARAM_NAT_TRAVERSAL_MODE, nat, 8);
	hip_build_list16(&b, HIP_PARAM_ESP_TRANSFORM, nat, 8);
	hip_build_mac(&b, HIP_PARAM_HIP_MAC, 32);
	hip_build_signature(&b, HIP_PARAM_HIP_SIGNATURE, 5, NULL, 64);
	KUNIT_ASSERT_GT(test, hip_build_finish(&b), 0);
	KUNIT_ASSERT_EQ(test, 0, hip_msg_parse(&msg, buf, b.len));
	KUNIT_EXPECT_EQ(test, 106, hip_get_list(&msg, HIP_PARAM_HIP_CIPHER,
						5));
	KUNIT_EXPECT_EQ(test, -ENOENT,
			hip_get_list(&msg, HIP_PARAM_HIP_CIPHER, 6));
	KUNIT_EXPECT_EQ(test, 6,
			hip_get_list(&msg, HIP_PARAM_NAT_TRAVERSAL_MODE, 5));
	KUNIT_EXPECT_EQ(test, -ENOENT,
			hip_get_list(&msg, HIP_PARAM_NAT_TRAVERSAL_MODE, 6));
	KUNIT_EXPECT_EQ(test, 7,
			hip_get_list(&msg, HIP_PARAM_ESP_TRANSFORM, 6));
	KUNIT_EXPECT_FALSE(test, hip_offers(&msg, HIP_PARAM_HIP_CIPHER, 107));
	KUNIT_EXPECT_TRUE(test, hip_offers(&msg, HIP_PARAM_HIP_CIPHER, 106));
}

static void hip_choose_test(struct kunit *test)
{
	static const u8 theirs[] = { 3, 7, 8 };
	static const u16 ours[] = { 9, 8, 3 }, other[] = { 4, 10 };
	static const u8 ours8[] = { 9, 8, 3 }, other8[] = { 4 };
	u8 *buf = hip_param_buf(test);
	struct hip_builder b;
	struct hip_msg msg;

	hip_param_start(&b, buf, HIP_PKT_I1);
	hip_build_dh_group_list(&b, theirs, 3);
	KUNIT_ASSERT_GT(test, hip_build_finish(&b), 0);
	KUNIT_ASSERT_EQ(test, 0, hip_msg_parse(&msg, buf, b.len));
	KUNIT_EXPECT_EQ(test, 8, hip_choose(&msg, HIP_PARAM_DH_GROUP_LIST, ours,
					    3));
	KUNIT_EXPECT_EQ(test, 8, hip_choose8(&msg, HIP_PARAM_DH_GROUP_LIST,
					     ours8, 3));
	KUNIT_EXPECT_EQ(test, 3, hip_choose_theirs(&msg,
						   HIP_PARAM_DH_GROUP_LIST,
						   ours, 3));
	KUNIT_EXPECT_EQ(test, -ENOENT, hip_choose(&msg, HIP_PARAM_DH_GROUP_LIST,
						  other, 2));
	KUNIT_EXPECT_EQ(test, -ENOENT,
			hip_choose8(&msg, HIP_PARAM_DH_GROUP_LIST, other8, 1));
	KUNIT_EXPECT_EQ(test, -ENOENT,
			hip_choose_theirs(&msg, HIP_PARAM_DH_GROUP_LIST, other,
					  2));
	KUNIT_EXPECT_EQ(test, -ENOENT, hip_choose(&msg, HIP_PARAM_HIP_CIPHER,
						  ours, 3));
}

static void hip_coverage_mac_test(struct kunit *test)
{
	u8 *buf = hip_param_buf(test), *out = hip_param_buf(test);
	static const u8 tlv[16] = "0123456789abcdef";
	size_t len;

	len = hip_test_packet(test, HIP_PKT_CLOSE, buf);
	KUNIT_ASSERT_EQ(test, 40 + 8 + 40 + 72, len);
	buf[4] = 0xab;
	buf[5] = 0xcd;
	buf[7] = HIP_CONTROL_ANON;

	/* up to HIP_MAC: header and ECHO_REQUEST_SIGNED */
	KUNIT_ASSERT_EQ(test, 48,
			hip_mac_input(out, HIP_MAX_LEN, buf, 48, NULL, 0));
	KUNIT_EXPECT_EQ(test, 5, out[1]);
	KUNIT_EXPECT_EQ(test, 0, hip_load_be16(out + 4));
	KUNIT_EXPECT_EQ(test, 1, hip_load_be16(out + 6));
	HIP_EXPECT_MEMEQ(test, out + 8, buf + 8, 40);

	/* HIP_MAC_2: HOST_ID at the end, counted in Header Length */
	KUNIT_ASSERT_EQ(test, 64,
			hip_mac_input(out, 64, buf, 48, tlv, sizeof(tlv)));
	KUNIT_EXPECT_EQ(test, 7, out[1]);
	HIP_EXPECT_MEMEQ(test, out + 8, buf + 8, 40);
	HIP_EXPECT_MEMEQ(test, out + 48, tlv, sizeof(tlv));

	KUNIT_EXPECT_EQ(test, -ENOSPC,
			hip_mac_input(out, 63, buf, 48, tlv, sizeof(tlv)));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			hip_mac_input(out, HIP_MAX_LEN, buf, 47, NULL, 0));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			hip_mac_input(out, HIP_MAX_LEN, buf, 32, NULL, 0));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			hip_mac_input(out, HIP_MAX_LEN, buf, 48, tlv, 15));
	KUNIT_EXPECT_EQ(test, -EMSGSIZE,
			hip_mac_input(out, 2 * HIP_MAX_LEN, buf, HIP_MAX_LEN,
				      tlv, 8));
}

static void hip_coverage_signature_test(struct kunit *test)
{
	u8 *buf = hip_param_buf(test), *out = hip_param_buf(test);
	struct hip_msg msg, cover;
	struct hip_param p, q;
	size_t len, off;
	unsigned int i;

	len = hip_test_packet(test, HIP_PKT_CLOSE, buf);
	buf[5] = 1;
	KUNIT_ASSERT_EQ(test, 88,
			hip_signature_input(out, HIP_MAX_LEN, buf, 88));
	KUNIT_EXPECT_EQ(test, 10, out[1]);
	KUNIT_EXPECT_EQ(test, 0, out[5]);
	HIP_EXPECT_MEMEQ(test, out + 6, buf + 6, 82);
	KUNIT_EXPECT_EQ(test, -ENOSPC,
			hip_signature_input(out, 87, buf, 88));

	len = hip_test_packet(test, HIP_PKT_R1, buf);
	KUNIT_ASSERT_EQ(test, 0, hip_msg_parse(&msg, buf, len));
	KUNIT_ASSERT_TRUE(test, hip_msg_first(&msg, HIP_PARAM_PUZZLE, &p));
	memset((u8 *)p.data, 0xee, p.len);
	KUNIT_ASSERT_TRUE(test, hip_msg_first(&msg, HIP_PARAM_HIP_SIGNATURE_2,
					      &q));
	off = q.tlv - buf;
	KUNIT_ASSERT_EQ(test, off,
			hip_signature2_input(out, HIP_MAX_LEN, buf, off));
	KUNIT_EXPECT_EQ(test, off / 8 - 1, out[1]);
	HIP_EXPECT_MEMEQ(test, out + 8, buf + 8, 16);
	for (i = 24; i < 40; i++)
		KUNIT_EXPECT_EQ(test, 0, out[i]);
	/* all but Opaque and I is as it was */
	for (i = 40; i < off; i++)
		KUNIT_EXPECT_EQ(test, buf + i >= p.data + 2 &&
				buf + i < p.data + p.len ? 0 : buf[i], out[i]);
	/* still a packet, but for the signature */
	KUNIT_EXPECT_EQ(test, -HIP_PARSE_MISSING,
			hip_msg_parse(&cover, out, off));
	KUNIT_EXPECT_EQ(test, HIP_PARAM_HIP_SIGNATURE_2, cover.err_type);

	/* an offset in the midst of a parameter does no harm */
	KUNIT_EXPECT_EQ(test, -EINVAL,
			hip_signature2_input(out, HIP_MAX_LEN, buf,
					     p.tlv - buf + 8));
}

static void hip_inner_test(struct kunit *test)
{
	static const u8 hi[] = { 3, 1, 0, 1, 0x80, 5 };
	unsigned int i, n, fill;
	struct hip_host_id hid;
	struct hip_builder b;
	struct hip_param p;
	size_t cursor, len;
	u8 buf[96];

	for (fill = 0; fill <= 0xff; fill++) {
		hip_build_init_inner(&b, buf, sizeof(buf));
		hip_build_param(&b, 194, "x", 1);
		hip_build_host_id(&b, HIP_HI_ALG_RSA, hi, sizeof(hi), 0, NULL,
				  0);
		KUNIT_ASSERT_EQ(test, 24, hip_build_finish(&b));
		memset(buf + 24, fill, sizeof(buf) - 24);

		/* with padding as in PKCS#5, with none, with other tails */
		for (len = 24; len <= 40; len++) {
			n = 0;
			cursor = 0;
			while (hip_inner_next(buf, len, &cursor, &p))
				n++;
			KUNIT_EXPECT_EQ_MSG(test, 2, n, "fill %u length %zu",
					    fill, len);
			KUNIT_EXPECT_EQ(test, 0,
					hip_inner_host_id(buf, len, &hid));
			KUNIT_EXPECT_EQ(test, sizeof(hi), hid.hi_len);
			HIP_EXPECT_MEMEQ(test, hid.hi, hi, sizeof(hi));
		}
	}

	for (i = 0; i < 24; i++)
		KUNIT_EXPECT_EQ(test, -ENOENT,
				hip_inner_host_id(buf, i, &hid));
	/* a HOST_ID that lies about its HI is none */
	buf[8 + 5]++;
	KUNIT_EXPECT_EQ(test, -ENOENT, hip_inner_host_id(buf, 24, &hid));
}

static struct kunit_case hip_param_cases[] = {
	KUNIT_CASE(hip_build_i1_test),
	KUNIT_CASE(hip_build_error_test),
	KUNIT_CASE(hip_round_trip_r1_test),
	KUNIT_CASE(hip_round_trip_i2_test),
	KUNIT_CASE(hip_round_trip_update_test),
	KUNIT_CASE(hip_round_trip_notify_test),
	KUNIT_CASE(hip_get_none_test),
	KUNIT_CASE(hip_build_first_error_test),
	KUNIT_CASE(hip_build_dh_test),
	KUNIT_CASE(hip_list_six_test),
	KUNIT_CASE(hip_choose_test),
	KUNIT_CASE(hip_coverage_mac_test),
	KUNIT_CASE(hip_coverage_signature_test),
	KUNIT_CASE(hip_inner_test),
	{}
};

static struct kunit_suite hip_param_suite = {
	.name = "hip_param",
	.test_cases = hip_param_cases,
};

kunit_test_suite(hip_param_suite);
