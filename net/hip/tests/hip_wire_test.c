// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of wire.c: checksums and the validation of packets.
 */
#include <kunit/test.h>
#include <linux/ip.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/ip6_checksum.h>

#include "hip_test.h"
#include "wire.h"

static const u8 hip_packet_types[] = {
	HIP_PKT_I1, HIP_PKT_R1, HIP_PKT_I2, HIP_PKT_R2, HIP_PKT_UPDATE,
	HIP_PKT_NOTIFY, HIP_PKT_CLOSE, HIP_PKT_CLOSE_ACK,
};

static u8 *hip_wire_buf(struct kunit *test, size_t size)
{
	u8 *buf = kunit_kzalloc(test, size, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, buf);
	return buf;
}

/* Parse a copy without a single octet of slack, so that KASAN sees overreads */
static int hip_wire_parse(struct kunit *test, struct hip_msg *msg,
			  const void *data, size_t len)
{
	u8 *copy = kmalloc(len + 1, GFP_KERNEL);
	int err;

	KUNIT_ASSERT_NOT_NULL(test, copy);
	/* off by one: nothing may rely on alignment */
	memcpy(copy + 1, data, len);
	err = hip_msg_parse(msg, copy + 1, len);
	kfree(copy);
	msg->data = data;
	return err;
}

/* An UPDATE with one parameter: enough to see what is thought of it */
static int hip_wire_parse_one(struct kunit *test, struct hip_msg *msg,
			      u16 type, const void *data, size_t len)
{
	u8 *buf = hip_wire_buf(test, HIP_MAX_LEN);
	struct hip_builder b;
	int total;

	hip_build_init(&b, buf, HIP_MAX_LEN, HIP_PKT_UPDATE, 0,
		       &hip_test_hit_i, &hip_test_hit_r);
	hip_build_param(&b, type, data, len);
	total = hip_build_finish(&b);
	KUNIT_ASSERT_GT(test, total, 0);
	total = hip_wire_parse(test, msg, buf, total);
	kunit_kfree(test, buf);
	return total;
}

/* RFC 7401, Appendix C.1 and C.2 */
static const char hip_i1_v6[] =
	"3b0501211a5e0000 20010020000000000000000000000001\n"
	"20010020000000000000000000000002 01ff000303040800";
static const char hip_i1_v4[] =
	"3b050121f1ce0000 20010020000000000000000000000001\n"
	"20010020000000000000000000000002 01ff000303040800";

static void hip_checksum_v6_test(struct kunit *test)
{
	static const struct in6_addr src = { { {
		0x20, 0x01, 0x0d, 0xb8, [15] = 1 } } };
	static const struct in6_addr dst = { { {
		0x20, 0x01, 0x0d, 0xb8, [15] = 2 } } };
	unsigned int i;
	u8 i1[48];

	KUNIT_ASSERT_EQ(test, 48, hip_test_unhex(test, hip_i1_v6, i1, 48));
	KUNIT_EXPECT_EQ(test, 0x1a5e, hip_checksum(i1, 48, &src, &dst));
	KUNIT_EXPECT_TRUE(test, hip_checksum_ok(i1, 48, &src, &dst));

	for (i = 0; i < sizeof(i1); i++) {
		i1[i] ^= 0x40;
		KUNIT_EXPECT_FALSE(test, hip_checksum_ok(i1, 48, &src, &dst));
		i1[i] ^= 0x40;
	}

	i1[4] = 0;
	i1[5] = 0;
	KUNIT_EXPECT_FALSE(test, hip_checksum_ok(i1, 48, &src, &dst));
	hip_checksum_set(i1, 48, &src, &dst);
	HIP_EXPECT_HEX(test, hip_i1_v6, i1, 48);
}

static void hip_checksum_v4_test(struct kunit *test)
{
	static const struct in6_addr src = { { {
		[10] = 0xff, 0xff, 192, 0, 2, 1 } } };
	static const struct in6_addr dst = { { {
		[10] = 0xff, 0xff, 192, 0, 2, 2 } } };
	u8 i1[48];

	KUNIT_ASSERT_EQ(test, 48, hip_test_unhex(test, hip_i1_v4, i1, 48));
	KUNIT_EXPECT_EQ(test, 0xf1ce, hip_checksum(i1, 48, &src, &dst));
	KUNIT_EXPECT_TRUE(test, hip_checksum_ok(i1, 48, &src, &dst));
	i1[47] = 1;
	KUNIT_EXPECT_FALSE(test, hip_checksum_ok(i1, 48, &src, &dst));
	hip_checksum_set(i1, 48, &src, &dst);
	KUNIT_EXPECT_TRUE(test, hip_checksum_ok(i1, 48, &src, &dst));
}

/* RFC 7401, Appendix C.3: the pseudo header of what is in ESP has the HITs */
static void hip_checksum_tcp_test(struct kunit *test)
{
	static const struct in6_addr src = { { {
		0x20, 0x01, 0x00, 0x20, [15] = 1 } } };
	static const struct in6_addr dst = { { {
		0x20, 0x01, 0x00, 0x20, [15] = 2 } } };
	u8 tcp[20];

	hip_test_unhex(test, "ffdc0016000000010000000050 02ffff6faa0000", tcp,
		       sizeof(tcp));
	KUNIT_EXPECT_EQ(test, 0,
			(__force u16)csum_ipv6_magic(&src, &dst, sizeof(tcp),
						     IPPROTO_TCP,
						     csum_partial(tcp, 20, 0)));
}

static void hip_msg_valid_test(struct kunit *test)
{
	u8 *buf = hip_wire_buf(test, HIP_MAX_LEN);
	struct hip_msg msg;
	struct hip_param p;
	unsigned int i, n;
	size_t len;

	for (i = 0; i < ARRAY_SIZE(hip_packet_types); i++) {
		len = hip_test_packet(test, hip_packet_types[i], buf);
		KUNIT_EXPECT_EQ_MSG(test, 0,
				    hip_wire_parse(test, &msg, buf, len),
				    "%s", hip_packet_name(hip_packet_types[i]));
		KUNIT_EXPECT_EQ(test, hip_packet_types[i], msg.type);
		KUNIT_EXPECT_EQ(test, len, msg.len);
		HIP_EXPECT_MEMEQ(test, &msg.sender_hit, &hip_test_hit_r, 16);
		HIP_EXPECT_MEMEQ(test, &msg.receiver_hit, &hip_test_hit_i, 16);

		n = 0;
		hip_msg_for_each(&msg, &p)
			n += HIP_TLV_SIZE(p.len);
		KUNIT_EXPECT_EQ(test, len, n + HIP_HDR_LEN);
	}

	/* repeated parameters */
	len = hip_test_packet(test, HIP_PKT_R1, buf);
	KUNIT_ASSERT_EQ(test, 0, hip_msg_parse(&msg, buf, len));
	KUNIT_EXPECT_EQ(test, 2,
			hip_msg_count(&msg, HIP_PARAM_ECHO_REQUEST_UNSIGNED));
	n = 0;
	hip_msg_for_each_param(&msg, HIP_PARAM_ECHO_REQUEST_UNSIGNED, &p)
		KUNIT_EXPECT_EQ(test, 'a' + n++, p.data[0]);
	KUNIT_EXPECT_EQ(test, 2, n);
	hip_msg_for_each_param(&msg, HIP_PARAM_SEQ, &p)
		KUNIT_FAIL(test, "there is no SEQ");
	KUNIT_EXPECT_FALSE(test, hip_msg_has(&msg, HIP_PARAM_SEQ));
	KUNIT_EXPECT_FALSE(test, hip_msg_first(&msg, 4, &p));
}

static void hip_msg_header_test(struct kunit *test)
{
	static const struct {
		u8	offset;
		u8	value;
		int	err;
		u16	err_offset;
	} cases[] = {
		{ 0, 6, 0, 0 },				/* Next Header */
		{ 1, 3, -HIP_PARSE_LENGTH, 1 },
		{ 1, 0, -HIP_PARSE_LENGTH, 1 },
		{ 1, 4, -HIP_PARSE_MISSING, 39 },
		{ 1, 6, -HIP_PARSE_TRUNCATED, 1 },
		{ 1, 255, -HIP_PARSE_TRUNCATED, 1 },
		{ 2, 0x81, 0, 0 },			/* fixed bit */
		{ 2, 0, -HIP_PARSE_TYPE, 2 },
		{ 2, 5, -HIP_PARSE_TYPE, 2 },
		{ 2, 20, -HIP_PARSE_TYPE, 2 },
		{ 2, 127, -HIP_PARSE_TYPE, 2 },
		{ 3, 0x20, 0, 0 },			/* fixed bit */
		{ 3, 0x2f, 0, 0 },			/* reserved bits */
		{ 3, 0x11, -HIP_PARSE_VERSION, 3 },
		{ 3, 0x31, -HIP_PARSE_VERSION, 3 },
		{ 7, 0x01, 0, 0 },			/* anonymous */
	};
	struct hip_msg msg;
	unsigned int i;
	u8 i1[48];

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		hip_test_unhex(test, hip_i1_v6, i1, sizeof(i1));
		i1[cases[i].offset] = cases[i].value;
		KUNIT_EXPECT_EQ_MSG(test, cases[i].err,
				    hip_wire_parse(test, &msg, i1, sizeof(i1)),
				    "case %u", i);
		KUNIT_EXPECT_EQ_MSG(test, cases[i].err_offset, msg.err_offset,
				    "case %u", i);
	}
	KUNIT_EXPECT_EQ(test, HIP_CONTROL_ANON, msg.controls);
}

static void hip_msg_truncated_test(struct kunit *test)
{
	u8 *buf = hip_wire_buf(test, HIP_MAX_LEN);
	struct hip_msg msg;
	size_t len, cut;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(hip_packet_types); i++) {
		len = hip_test_packet(test, hip_packet_types[i], buf);
		for (cut = 0; cut < len; cut++)
			KUNIT_EXPECT_EQ(test, -HIP_PARSE_TRUNCATED,
					hip_wire_parse(test, &msg, buf, cut));

		/* octets behind Header Length are not looked at */
		memset(buf + len, 0xff, 64);
		KUNIT_EXPECT_EQ(test, 0,
				hip_wire_parse(test, &msg, buf, len + 64));
		KUNIT_EXPECT_EQ(test, len, msg.len);

		/* Header Length that cuts a parameter or leaves some out */
		for (cut = HIP_HDR_LEN; cut < len; cut += 8) {
			buf[1] = cut / 8 - 1;
			if (hip_packet_types[i] == HIP_PKT_R1 &&
			    cut >= len - 16)
				continue;	/* optional ones at the end */
			KUNIT_EXPECT_LT(test, hip_wire_parse(test, &msg, buf,
							     cut), 0);
		}
	}
}

static void hip_msg_order_test(struct kunit *test)
{
	u8 *swapped = hip_wire_buf(test, HIP_MAX_LEN);
	u8 *buf = hip_wire_buf(test, HIP_MAX_LEN);
	unsigned int i, size_a, size_b, swaps = 0;
	struct hip_msg msg, bad;
	struct hip_param a, b;
	size_t len, off;

	for (i = 0; i < ARRAY_SIZE(hip_packet_types); i++) {
		len = hip_test_packet(test, hip_packet_types[i], buf);
		KUNIT_ASSERT_EQ(test, 0, hip_msg_parse(&msg, buf, len));
		hip_msg_for_each(&msg, &a) {
			size_a = HIP_TLV_SIZE(a.len);
			off = a.tlv - buf;
			if (off + size_a == len ||
			    hip_tlv_check(a.tlv + size_a, len - off - size_a,
					  &b) || a.type == b.type)
				continue;
			size_b = HIP_TLV_SIZE(b.len);
			memcpy(swapped, buf, len);
			memcpy(swapped + off, b.tlv, size_b);
			memcpy(swapped + off + size_b, a.tlv, size_a);
			KUNIT_EXPECT_EQ(test, -HIP_PARSE_ORDER,
					hip_wire_parse(test, &bad, swapped,
						       len));
			KUNIT_EXPECT_EQ(test, off + size_b, bad.err_offset);
			KUNIT_EXPECT_EQ(test, a.type, bad.err_type);
			swaps++;
		}
	}
	KUNIT_EXPECT_GT(test, swaps, 30);
}

static void hip_msg_duplicate_test(struct kunit *test)
{
	u8 *twice = hip_wire_buf(test, HIP_MAX_LEN);
	u8 *buf = hip_wire_buf(test, HIP_MAX_LEN);
	struct hip_msg msg, bad;
	struct hip_param p;
	unsigned int i, size;
	size_t len, off;
	int want;

	for (i = 0; i < ARRAY_SIZE(hip_packet_types); i++) {
		len = hip_test_packet(test, hip_packet_types[i], buf);
		KUNIT_ASSERT_EQ(test, 0, hip_msg_parse(&msg, buf, len));
		hip_msg_for_each(&msg, &p) {
			size = HIP_TLV_SIZE(p.len);
			off = p.tlv - buf;
			memcpy(twice, buf, off + size);
			memcpy(twice + off + size, p.tlv, len - off);
			twice[1] = (len + size) / 8 - 1;
			want = -HIP_PARSE_DUPLICATE;
			if (p.type == HIP_PARAM_NOTIFICATION ||
			    p.type == HIP_PARAM_ECHO_REQUEST_UNSIGNED)
				want = 0;
			KUNIT_EXPECT_EQ_MSG(test, want,
					    hip_wire_parse(test, &bad, twice,
							   len + size),
					    "%s", hip_param_name(p.type));
			if (want) {
				KUNIT_EXPECT_EQ(test, off + size,
						bad.err_offset);
				KUNIT_EXPECT_EQ(test, p.type, bad.err_type);
			}
		}
	}
}

/* Leave out each parameter in turn */
static void hip_msg_missing_test(struct kunit *test)
{
	static const u16 optional[] = {
		HIP_PARAM_R1_COUNTER, HIP_PARAM_LOCATOR_SET,
		HIP_PARAM_ECHO_REQUEST_UNSIGNED,
	};
	u8 *less = hip_wire_buf(test, HIP_MAX_LEN);
	u8 *buf = hip_wire_buf(test, HIP_MAX_LEN);
	unsigned int i, j, size, missing = 0;
	struct hip_msg msg, bad;
	struct hip_param p;
	size_t len, off;
	int want;

	for (i = 0; i < ARRAY_SIZE(hip_packet_types); i++) {
		len = hip_test_packet(test, hip_packet_types[i], buf);
		KUNIT_ASSERT_EQ(test, 0, hip_msg_parse(&msg, buf, len));
		hip_msg_for_each(&msg, &p) {
			size = HIP_TLV_SIZE(p.len);
			off = p.tlv - buf;
			memcpy(less, buf, off);
			memcpy(less + off, p.tlv + size, len - off - size);
			less[1] = (len - size) / 8 - 1;

			want = -HIP_PARSE_MISSING;
			for (j = 0; j < ARRAY_SIZE(optional); j++)
				if (p.type == optional[j])
					want = 0;
			/* one NOTIFICATION is left; SEQ and ACK, one suffices */
			if (p.type == HIP_PARAM_NOTIFICATION ||
			    (msg.type == HIP_PKT_UPDATE &&
			     p.type < HIP_PARAM_HIP_MAC))
				want = 0;
			KUNIT_EXPECT_EQ_MSG(test, want,
					    hip_wire_parse(test, &bad, less,
							   len - size),
					    "%s without %s",
					    hip_packet_name(msg.type),
					    hip_param_name(p.type));
			if (want)
				KUNIT_EXPECT_EQ(test, p.type, bad.err_type);
			missing += !!want;
		}
	}
	KUNIT_EXPECT_EQ(test, 1 + 9 + 9 + 3 + 2 + 1 + 3 + 3, missing);
}

/* I2 takes HOST_ID or ENCRYPTED, UPDATE takes SEQ or ACK */
static void hip_msg_alternative_test(struct kunit *test)
{
	u8 *buf = hip_wire_buf(test, HIP_MAX_LEN);
	struct hip_msg msg;
	struct hip_param p;
	size_t len;

	len = hip_test_packet(test, HIP_PKT_I2, buf);
	KUNIT_ASSERT_EQ(test, 0, hip_msg_parse(&msg, buf, len));
	KUNIT_ASSERT_TRUE(test, hip_msg_first(&msg, HIP_PARAM_HOST_ID, &p));
	hip_store_be16(buf + (p.tlv - buf), HIP_PARAM_ENCRYPTED);
	KUNIT_EXPECT_EQ(test, 0, hip_msg_parse(&msg, buf, len));
	hip_store_be16(buf + (p.tlv - buf), HIP_PARAM_CERT);
	KUNIT_EXPECT_EQ(test, -HIP_PARSE_MISSING,
			hip_msg_parse(&msg, buf, len));
	KUNIT_EXPECT_EQ(test, HIP_PARAM_HOST_ID, msg.err_type);

	len = hip_test_packet(test, HIP_PKT_UPDATE, buf);
	KUNIT_ASSERT_EQ(test, 0, hip_msg_parse(&msg, buf, len));
	KUNIT_ASSERT_TRUE(test, hip_msg_first(&msg, HIP_PARAM_SEQ, &p));
	hip_store_be16(buf + (p.tlv - buf), 386);	/* not critical */
	KUNIT_EXPECT_EQ(test, 0, hip_msg_parse(&msg, buf, len));
	KUNIT_ASSERT_TRUE(test, hip_msg_first(&msg, HIP_PARAM_ACK, &p));
	hip_store_be16(buf + (p.tlv - buf), 450);
	KUNIT_EXPECT_EQ(test, -HIP_PARSE_MISSING,
			hip_msg_parse(&msg, buf, len));
	KUNIT_EXPECT_EQ(test, HIP_PARAM_SEQ, msg.err_type);
}

/* Every type number that there is */
static void hip_msg_unknown_test(struct kunit *test)
{
	unsigned int known = 0, critical = 0;
	struct hip_msg msg;
	struct hip_param p;
	u32 type;
	int err;

	for (type = 0; type <= U16_MAX; type++) {
		u8 tlv[8] = { type >> 8, type };

		err = hip_tlv_check(tlv, sizeof(tlv), &p);
		if (strcmp(hip_param_name(type), "unknown")) {
			known++;
			KUNIT_EXPECT_NE(test, -HIP_PARSE_CRITICAL, err);
			continue;
		}
		critical += err == -HIP_PARSE_CRITICAL;
		KUNIT_EXPECT_EQ(test, type & 1 ? -HIP_PARSE_CRITICAL : 0, err);
	}
	KUNIT_EXPECT_EQ(test, 43, known);
	KUNIT_EXPECT_GT(test, critical, 32000);

	KUNIT_EXPECT_EQ(test, -HIP_PARSE_CRITICAL,
			hip_wire_parse_one(test, &msg, 4601, "x", 1));
	KUNIT_EXPECT_EQ(test, HIP_HDR_LEN, msg.err_offset);
	KUNIT_EXPECT_EQ(test, 4601, msg.err_type);
	/* skipped, so that the complaint is about what is not there */
	KUNIT_EXPECT_EQ(test, -HIP_PARSE_MISSING,
			hip_wire_parse_one(test, &msg, 4600, "x", 1));
}

/* Lengths that a parameter may have, and what is right next to them */
struct hip_len_case {
	u16	type;
	u16	good[8];	/* 0 ends, so HIP_LEN_0 stands for zero */
	u16	bad[12];
};

#define HIP_LEN_0	0xffff

static const struct hip_len_case hip_len_cases[] = {
	{ HIP_PARAM_ESP_INFO, { 12 }, { 11, 13, HIP_LEN_0 } },
	{ HIP_PARAM_R1_COUNTER, { 12 }, { 11, 13, HIP_LEN_0 } },
	{ HIP_PARAM_LOCATOR_SET, { HIP_LEN_0 }, { 1, 4, 7 } },
	{ HIP_PARAM_PUZZLE, { 24, 36, 52 },
	  { 23, 25, 35, 37, 51, 53, 4, 3, 12, HIP_LEN_0 } },
	{ HIP_PARAM_SOLUTION, { 44, 68, 100 },
	  { 43, 45, 67, 69, 99, 101, 4, 3, 20, HIP_LEN_0 } },
	{ HIP_PARAM_SEQ, { 4 }, { 3, 5, 8, HIP_LEN_0 } },
	{ HIP_PARAM_ACK, { 4, 8, 40 }, { 3, 5, 6, 7, 9, HIP_LEN_0 } },
	{ HIP_PARAM_DH_GROUP_LIST, { 1, 2, 9 }, { HIP_LEN_0 } },
	{ HIP_PARAM_HIP_CIPHER, { 2, 4, 12, 14 },
	  { 1, 3, 5, 13, HIP_LEN_0 } },
	{ HIP_PARAM_NAT_TRAVERSAL_MODE, { 4, 6 }, { 2, 3, 5, HIP_LEN_0 } },
	{ HIP_PARAM_TRANSACTION_PACING, { 4 }, { 3, 5, HIP_LEN_0 } },
	{ HIP_PARAM_ENCRYPTED, { 12, 13, 36 }, { 11, 4, 3, HIP_LEN_0 } },
	{ HIP_PARAM_HIT_SUITE_LIST, { 1, 2 }, { HIP_LEN_0 } },
	{ HIP_PARAM_CERT, { 4, 5 }, { 3, HIP_LEN_0 } },
	{ HIP_PARAM_NOTIFICATION, { 4, 5, 100 }, { 3, HIP_LEN_0 } },
	{ HIP_PARAM_ECHO_REQUEST_SIGNED, { HIP_LEN_0, 1, 1000 } },
	{ HIP_PARAM_REG_INFO, { 2, 3 }, { 1, HIP_LEN_0 } },
	{ HIP_PARAM_REG_REQUEST, { 1, 2 }, { HIP_LEN_0 } },
	{ HIP_PARAM_REG_RESPONSE, { 1, 2 }, { HIP_LEN_0 } },
	{ HIP_PARAM_REG_FAILED, { 1, 2 }, { HIP_LEN_0 } },
	{ HIP_PARAM_REG_FROM, { 20 }, { 19, 21, HIP_LEN_0 } },
	{ HIP_PARAM_ECHO_RESPONSE_SIGNED, { HIP_LEN_0, 1, 1000 } },
	{ HIP_PARAM_TRANSPORT_FORMAT_LIST, { 2, 4 },
	  { 1, 3, 5, HIP_LEN_0 } },
	{ HIP_PARAM_ESP_TRANSFORM, { 4, 6, 20 }, { 2, 3, 5, HIP_LEN_0 } },
	{ HIP_PARAM_RELAYED_ADDRESS, { 20 }, { 19, 21, HIP_LEN_0 } },
	{ HIP_PARAM_MAPPED_ADDRESS, { 20 }, { 19, 21, HIP_LEN_0 } },
	{ HIP_PARAM_PEER_PERMISSION, { 48 }, { 47, 49, HIP_LEN_0 } },
	{ HIP_PARAM_CANDIDATE_PRIORITY, { 4 }, { 3, 5, HIP_LEN_0 } },
	{ HIP_PARAM_NOMINATE, { 4 }, { 3, 5, HIP_LEN_0 } },
	{ HIP_PARAM_HIP_MAC, { 20, 32, 48 },
	  { 19, 21, 31, 33, 47, 49, 16, 64, HIP_LEN_0 } },
	{ HIP_PARAM_HIP_MAC_2, { 20, 32, 48 },
	  { 19, 21, 31, 33, 47, 49, 16, 64, HIP_LEN_0 } },
	{ HIP_PARAM_HIP_SIGNATURE_2, { 3, 258 }, { 2, 1, HIP_LEN_0 } },
	{ HIP_PARAM_HIP_SIGNATURE, { 3, 258 }, { 2, 1, HIP_LEN_0 } },
	{ HIP_PARAM_ECHO_RESPONSE_UNSIGNED, { HIP_LEN_0, 1, 1000 } },
	{ HIP_PARAM_ECHO_REQUEST_UNSIGNED, { HIP_LEN_0, 1, 1000 } },
	{ HIP_PARAM_RELAY_FROM, { 20 }, { 19, 21, HIP_LEN_0 } },
	{ HIP_PARAM_RELAY_TO, { 20 }, { 19, 21, HIP_LEN_0 } },
	{ HIP_PARAM_FROM, { 16 }, { 15, 17, 32, HIP_LEN_0 } },
	{ HIP_PARAM_RVS_HMAC, { 20, 32, 48 },
	  { 19, 21, 31, 33, 47, 49, HIP_LEN_0 } },
	{ HIP_PARAM_VIA_RVS, { 16, 32 }, { 15, 17, 31, HIP_LEN_0 } },
	{ HIP_PARAM_RELAY_HMAC, { 20, 32, 48 },
	  { 19, 21, 31, 33, 47, 49, HIP_LEN_0 } },
};

/* DIFFIE_HELLMAN and HOST_ID have tests of their own */
#define HIP_LEN_CASES_KNOWN	(ARRAY_SIZE(hip_len_cases) + 2)

static void hip_len_case_desc(const struct hip_len_case *c, char *desc)
{
	strscpy(desc, hip_param_name(c->type), KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(hip_len, hip_len_cases, hip_len_case_desc);

static void hip_msg_param_length_test(struct kunit *test)
{
	const struct hip_len_case *c = test->param_value;
	struct hip_msg msg;
	unsigned int i;

	/* a case for each type that the parser knows: 43, see above */
	KUNIT_EXPECT_EQ(test, 43, HIP_LEN_CASES_KNOWN);

	for (i = 0; i < ARRAY_SIZE(c->good) && c->good[i]; i++)
		KUNIT_EXPECT_EQ_MSG(test, -HIP_PARSE_MISSING,
				    hip_wire_parse_one(test, &msg, c->type,
						       NULL, c->good[i] ==
						       HIP_LEN_0 ? 0 :
						       c->good[i]),
				    "length %u", c->good[i]);
	for (i = 0; i < ARRAY_SIZE(c->bad) && c->bad[i]; i++) {
		KUNIT_EXPECT_EQ_MSG(test, -HIP_PARSE_PARAM_LENGTH,
				    hip_wire_parse_one(test, &msg, c->type,
						       NULL, c->bad[i] ==
						       HIP_LEN_0 ? 0 :
						       c->bad[i]),
				    "length %u", c->bad[i]);
		KUNIT_EXPECT_EQ(test, HIP_HDR_LEN, msg.err_offset);
		KUNIT_EXPECT_EQ(test, c->type, msg.err_type);
	}
}

/* Length of every parameter of every packet, larger than the packet */
static void hip_msg_tlv_length_test(struct kunit *test)
{
	u8 *buf = hip_wire_buf(test, HIP_MAX_LEN);
	u8 *bad = hip_wire_buf(test, HIP_MAX_LEN);
	struct hip_msg msg, bad_msg;
	struct hip_param p;
	size_t len, off;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(hip_packet_types); i++) {
		len = hip_test_packet(test, hip_packet_types[i], buf);
		KUNIT_ASSERT_EQ(test, 0, hip_msg_parse(&msg, buf, len));
		hip_msg_for_each(&msg, &p) {
			off = p.tlv - buf;
			memcpy(bad, buf, len);
			hip_store_be16(bad + off + 2, len - off - 4 + 1);
			KUNIT_EXPECT_EQ(test, -HIP_PARSE_TLV_LENGTH,
					hip_wire_parse(test, &bad_msg, bad,
						       len));
			KUNIT_EXPECT_EQ(test, off + 2, bad_msg.err_offset);
			hip_store_be16(bad + off + 2, 0xffff);
			KUNIT_EXPECT_EQ(test, -HIP_PARSE_TLV_LENGTH,
					hip_wire_parse(test, &bad_msg, bad,
						       len));
		}
	}
}

static void hip_msg_host_id_test(struct kunit *test)
{
	static const struct {
		u16	len, hi_len, di;
		int	err;
	} cases[] = {
		{ 7, 1, 0, -HIP_PARSE_MISSING },	/* good */
		{ 106, 100, 0, -HIP_PARSE_MISSING },
		{ 106, 90, 0x100a, -HIP_PARSE_MISSING },
		{ 106, 90, 0x200a, -HIP_PARSE_MISSING },
		{ 106, 100, 0x1000, -HIP_PARSE_MISSING },
		{ 6, 0, 0, -HIP_PARSE_PARAM_LENGTH },
		{ 5, 0, 0, -HIP_PARSE_PARAM_LENGTH },
		{ 7, 0, 0x1001, -HIP_PARSE_PARAM_LENGTH },
		{ 106, 99, 0, -HIP_PARSE_PARAM_LENGTH },
		{ 106, 101, 0, -HIP_PARSE_PARAM_LENGTH },
		{ 106, 90, 0x1009, -HIP_PARSE_PARAM_LENGTH },
		{ 106, 90, 0x100b, -HIP_PARSE_PARAM_LENGTH },
		{ 106, 0xffff, 0, -HIP_PARSE_PARAM_LENGTH },
		{ 106, 0xffff, 0x1065, -HIP_PARSE_PARAM_LENGTH },
		{ 106, 90, 0x000a, -HIP_PARSE_PARAM_VALUE },
	};
	struct hip_msg msg;
	u8 data[106] = {};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		hip_store_be16(data, cases[i].hi_len);
		hip_store_be16(data + 2, cases[i].di);
		KUNIT_EXPECT_EQ_MSG(test, cases[i].err,
				    hip_wire_parse_one(test, &msg,
						       HIP_PARAM_HOST_ID, data,
						       cases[i].len),
				    "case %u", i);
	}
}

static void hip_msg_dh_test(struct kunit *test)
{
	static const struct {
		u8	group;
		u16	pub_len;
		int	extra;
		bool	good;
	} cases[] = {
		{ 3, 192, 0, true }, { 3, 191, 0, true }, { 3, 1, 0, true },
		{ 3, 193, 0, false }, { 3, 0, 0, false },
		{ 4, 384, 0, true }, { 4, 385, 0, false },
		{ 11, 256, 0, true }, { 11, 257, 0, false },
		{ 7, 64, 0, true }, { 7, 63, 0, false }, { 7, 65, 0, false },
		{ 8, 96, 0, true }, { 8, 95, 0, false }, { 8, 97, 0, false },
		{ 9, 132, 0, true }, { 9, 131, 0, false }, { 9, 133, 0, false },
		{ 10, 40, 0, true }, { 10, 39, 0, false }, { 10, 41, 0, false },
		{ 99, 1, 0, true }, { 99, 500, 0, true }, { 99, 0, 0, false },
		{ 7, 64, 1, false }, { 7, 64, -1, false },
		{ 7, 8, 56, false }, { 99, 0xffff, -65530, false },
	};
	u8 *data = hip_wire_buf(test, 600);
	struct hip_msg msg;
	unsigned int i;
	int want;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		data[0] = cases[i].group;
		hip_store_be16(data + 1, cases[i].pub_len);
		want = -HIP_PARSE_PARAM_LENGTH;
		if (cases[i].good)
			want = -HIP_PARSE_MISSING;
		KUNIT_EXPECT_EQ_MSG(test, want,
				    hip_wire_parse_one(test, &msg,
						       HIP_PARAM_DIFFIE_HELLMAN,
						       data,
						       3 + cases[i].pub_len +
						       cases[i].extra),
				    "case %u", i);
	}
	KUNIT_EXPECT_EQ(test, -HIP_PARSE_PARAM_LENGTH,
			hip_wire_parse_one(test, &msg,
					   HIP_PARAM_DIFFIE_HELLMAN, data, 2));
}

static void hip_msg_locator_test(struct kunit *test)
{
	static const struct {
		const char	*hex;
		bool		good;
	} cases[] = {
		{ "00000400 00000001 00000000000000000000000000000000", true },
		{ "00010500 00000001 00000000000000000000000000000000 00000000",
		  true },
		{ "00020700 00000001 00000000000000000000000000000000 00000000\n"
		  "0000000000000000", true },
		{ "00090100 00000001 00000000", true },	/* unknown type */
		{ "00090000 00000001", true },
		{ "00090000 00000001 00090000 00000001", true },
		{ "00090000 000000", false },
		{ "00090100 00000001", false },
		{ "00090000 00000001 00090100 00000001", false },
		{ "0009ff00 00000001 00000000", false },
		{ "00000500 00000001 00000000000000000000000000000000 00000000",
		  false },
		{ "00010400 00000001 00000000000000000000000000000000", false },
		{ "00020600 00000001 00000000000000000000000000000000 00000000\n"
		  "00000000", false },
	};
	struct hip_msg msg;
	unsigned int i;
	u8 data[64];
	size_t len;
	int want;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		len = hip_test_unhex(test, cases[i].hex, data, sizeof(data));
		want = -HIP_PARSE_PARAM_LENGTH;
		if (cases[i].good)
			want = -HIP_PARSE_MISSING;
		KUNIT_EXPECT_EQ_MSG(test, want,
				    hip_wire_parse_one(test, &msg,
						       HIP_PARAM_LOCATOR_SET,
						       data, len),
				    "case %u", i);
	}
}

static void hip_msg_hit_suite_list_test(struct kunit *test)
{
	struct hip_msg msg;

	KUNIT_EXPECT_EQ(test, -HIP_PARSE_MISSING,
			hip_wire_parse_one(test, &msg,
					   HIP_PARAM_HIT_SUITE_LIST,
					   "\x10\x20\x50", 3));
	KUNIT_EXPECT_EQ(test, -HIP_PARSE_PARAM_VALUE,
			hip_wire_parse_one(test, &msg,
					   HIP_PARAM_HIT_SUITE_LIST,
					   "\x10\x02", 2));
}

/* The RHASH is that of the Responder's HIT */
static void hip_msg_rhash_test(struct kunit *test)
{
	static const struct {
		u8	type;
		u8	sender, receiver;
		u16	bad;
	} cases[] = {
		{ HIP_PKT_R1, 1, 2, 0 }, { HIP_PKT_R1, 4, 1, 0 },
		{ HIP_PKT_R1, 2, 1, HIP_PARAM_PUZZLE },
		{ HIP_PKT_R1, 3, 1, HIP_PARAM_PUZZLE },
		{ HIP_PKT_I2, 2, 1, 0 }, { HIP_PKT_I2, 1, 15, 0 },
		{ HIP_PKT_I2, 1, 2, HIP_PARAM_SOLUTION },
		{ HIP_PKT_I2, 1, 3, HIP_PARAM_SOLUTION },
		{ HIP_PKT_R2, 1, 2, 0 },
		{ HIP_PKT_R2, 2, 1, HIP_PARAM_HIP_MAC_2 },
		{ HIP_PKT_CLOSE, 2, 1, 0 }, { HIP_PKT_CLOSE, 1, 2, 0 },
	};
	u8 *buf = hip_wire_buf(test, HIP_MAX_LEN);
	struct hip_msg msg;
	unsigned int i;
	size_t len;
	int want;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		len = hip_test_packet(test, cases[i].type, buf);
		buf[8 + 3] = 0x20 | cases[i].sender;
		buf[24 + 3] = 0x20 | cases[i].receiver;
		want = 0;
		if (cases[i].bad)
			want = -HIP_PARSE_PARAM_LENGTH;
		KUNIT_EXPECT_EQ_MSG(test, want,
				    hip_wire_parse(test, &msg, buf, len),
				    "case %u", i);
		KUNIT_EXPECT_EQ(test, cases[i].bad, msg.err_type);
	}
}

/* Whatever comes, nothing outside of the packet is touched (KASAN watches) */
static void hip_msg_random_test(struct kunit *test)
{
	u8 *buf = hip_wire_buf(test, HIP_MAX_LEN);
	unsigned int seen[HIP_PARSE_ERROR_MAX] = {};
	unsigned int i, n, flips;
	struct hip_locator loc;
	struct hip_host_id hid;
	struct hip_msg msg;
	struct hip_param p;
	unsigned int cursor;
	u8 *copy;
	size_t len;
	int err;

	for (n = 0; n < 20000; n++) {
		len = hip_test_packet(test,
				      hip_packet_types[n %
				      ARRAY_SIZE(hip_packet_types)], buf);
		flips = get_random_u32() % 4;
		for (i = 0; i < flips; i++)
			buf[get_random_u32() % len] = get_random_u32();

		copy = kmemdup(buf, len, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, copy);
		err = hip_msg_parse(&msg, copy, len);
		KUNIT_EXPECT_LE(test, err, 0);
		KUNIT_ASSERT_GT(test, err, -HIP_PARSE_ERROR_MAX);
		seen[-err]++;
		if (!err) {
			hip_msg_for_each(&msg, &p) {
				cursor = 0;
				while (hip_param_locator(&p, &cursor, &loc) > 0)
					;
			}
			if (!hip_get_host_id(&msg, &hid) && hid.di_len)
				i += hid.di[hid.di_len - 1];
			for (i = 0; hip_get_list(&msg, HIP_PARAM_DH_GROUP_LIST,
						 i) >= 0; i++)
				;
			for (i = 0; hip_get_list(&msg,
						 HIP_PARAM_ESP_TRANSFORM,
						 i) >= 0; i++)
				;
		} else {
			KUNIT_EXPECT_LT(test, msg.err_offset, len);
		}
		kfree(copy);
	}
	/* the mutations reach the interesting places */
	KUNIT_EXPECT_GT(test, seen[HIP_PARSE_OK], 1000);
	KUNIT_EXPECT_GT(test, seen[HIP_PARSE_PARAM_LENGTH], 100);
	KUNIT_EXPECT_GT(test, seen[HIP_PARSE_TLV_LENGTH], 100);
	KUNIT_EXPECT_GT(test, seen[HIP_PARSE_ORDER], 100);
}

static void hip_names_test(struct kunit *test)
{
	unsigned int i, j;

	for (i = 0; i < HIP_PARSE_ERROR_MAX; i++) {
		KUNIT_ASSERT_NOT_NULL(test, hip_parse_error_name(-i));
		for (j = 0; j < i; j++)
			KUNIT_EXPECT_STRNEQ(test, hip_parse_error_name(-i),
					    hip_parse_error_name(-j));
	}
	KUNIT_EXPECT_STREQ(test, "unknown error", hip_parse_error_name(1));
	KUNIT_EXPECT_STREQ(test, "unknown error",
			   hip_parse_error_name(-HIP_PARSE_ERROR_MAX));
	KUNIT_EXPECT_STREQ(test, "CLOSE_ACK", hip_packet_name(19));
	KUNIT_EXPECT_STREQ(test, "unknown", hip_packet_name(0));
	KUNIT_EXPECT_STREQ(test, "HOST_ID", hip_param_name(705));
	KUNIT_EXPECT_EQ(test, 192, hip_dh_kij_len(3));
	KUNIT_EXPECT_EQ(test, 384, hip_dh_kij_len(4));
	KUNIT_EXPECT_EQ(test, 32, hip_dh_kij_len(7));
	KUNIT_EXPECT_EQ(test, 48, hip_dh_kij_len(8));
	KUNIT_EXPECT_EQ(test, 66, hip_dh_kij_len(9));
	KUNIT_EXPECT_EQ(test, 20, hip_dh_kij_len(10));
	KUNIT_EXPECT_EQ(test, 256, hip_dh_kij_len(11));
	KUNIT_EXPECT_EQ(test, 0, hip_dh_kij_len(5));
}

static struct kunit_case hip_wire_cases[] = {
	KUNIT_CASE(hip_checksum_v6_test),
	KUNIT_CASE(hip_checksum_v4_test),
	KUNIT_CASE(hip_checksum_tcp_test),
	KUNIT_CASE(hip_msg_valid_test),
	KUNIT_CASE(hip_msg_header_test),
	KUNIT_CASE(hip_msg_truncated_test),
	KUNIT_CASE(hip_msg_order_test),
	KUNIT_CASE(hip_msg_duplicate_test),
	KUNIT_CASE(hip_msg_missing_test),
	KUNIT_CASE(hip_msg_alternative_test),
	KUNIT_CASE(hip_msg_unknown_test),
	KUNIT_CASE_PARAM(hip_msg_param_length_test, hip_len_gen_params),
	KUNIT_CASE(hip_msg_tlv_length_test),
	KUNIT_CASE(hip_msg_host_id_test),
	KUNIT_CASE(hip_msg_dh_test),
	KUNIT_CASE(hip_msg_locator_test),
	KUNIT_CASE(hip_msg_hit_suite_list_test),
	KUNIT_CASE(hip_msg_rhash_test),
	KUNIT_CASE(hip_msg_random_test),
	KUNIT_CASE(hip_names_test),
	{}
};

static struct kunit_suite hip_wire_suite = {
	.name = "hip_wire",
	.test_cases = hip_wire_cases,
};

kunit_test_suite(hip_wire_suite);
