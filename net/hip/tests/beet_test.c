// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of the BEET headers, RFC 7402 appendix B.
 */
#include <kunit/test.h>
#include <linux/string.h>

#include "beet.h"
#include "esp_crypto.h"
#include "hip_test.h"

static const struct hip_beet_size beet_cbc = {
	.hdr_len = 8 + 16, .icv_len = 16, .block = 16 };
static const struct hip_beet_size beet_gcm = {
	.hdr_len = 8 + 8, .icv_len = 16, .block = 4 };

static const struct in6_addr beet_src = { { {
	0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 } } };
static const struct in6_addr beet_dst = { { {
	0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2 } } };

/* Out and in again over IPv6: all that the two headers share survives */
static void beet_test_ipv6(struct kunit *test)
{
	struct ipv6hdr inner = {}, outer = {}, again = {};
	struct hip_beet_fields f;
	u8 nexthdr;

	hip_test_unhex(test,
		       "6b8a bcde 0100 06 3f\n"
		       "20010021 00000000 00000000 00000001\n"
		       "20010021 00000000 00000000 00000002",
		       (u8 *)&inner, sizeof(inner));
	hip_beet_from_ipv6(&f, &inner);
	KUNIT_EXPECT_EQ(test, f.tclass, 0xb8);
	KUNIT_EXPECT_EQ(test, f.hop_limit, 0x3f);
	KUNIT_EXPECT_EQ(test, f.nexthdr, IPPROTO_TCP);
	KUNIT_EXPECT_EQ(test, ntohl(f.flowlabel), 0xabcdeu);
	nexthdr = f.nexthdr;

	hip_beet_to_ipv6(&outer, &f, IPPROTO_ESP, 0x130, &beet_src, &beet_dst);
	HIP_EXPECT_HEX(test,
		       "6b8abcde 0130 32 3f\n"
		       "20010db8 00000000 00000000 00000001\n"
		       "20010db8 00000000 00000000 00000002",
		       &outer, sizeof(outer));

	/* On its way it met congestion and two routers */
	outer.flow_lbl[0] |= 0x30;
	outer.hop_limit -= 2;
	hip_beet_from_ipv6(&f, &outer);
	KUNIT_EXPECT_EQ(test, f.nexthdr, IPPROTO_ESP);
	hip_beet_to_ipv6(&again, &f, nexthdr, 0x100, &hip_test_hit_i,
			 &hip_test_hit_r);
	HIP_EXPECT_HEX(test,
		       "6bbabcde 0100 06 3d\n"
		       "20010021 00000000 00000000 00000001\n"
		       "20010021 00000000 00000000 00000002",
		       &again, sizeof(again));
}

/* The same over IPv4, which has no flow label */
static void beet_test_ipv4(struct kunit *test)
{
	struct ipv6hdr inner = {}, again = {};
	struct hip_beet_fields f;
	struct iphdr outer = {};

	hip_test_unhex(test,
		       "6b8a bcde 0100 06 3f\n"
		       "20010021 00000000 00000000 00000001\n"
		       "20010021 00000000 00000000 00000002",
		       (u8 *)&inner, sizeof(inner));
	hip_beet_from_ipv6(&f, &inner);
	hip_beet_to_ipv4(&outer, &f, IPPROTO_ESP, 0x130, htonl(0xc0000201),
			 htonl(0xc0000202), true);
	HIP_EXPECT_HEX(test,
		       "45b8 0144 0000 4000 3f32 0000 c0000201 c0000202",
		       &outer, sizeof(outer));
	hip_beet_to_ipv4(&outer, &f, IPPROTO_ESP, 0x130, htonl(0xc0000201),
			 htonl(0xc0000202), false);
	KUNIT_EXPECT_EQ(test, ntohs(outer.frag_off), 0);

	outer.ttl = 1;
	hip_beet_from_ipv4(&f, &outer);
	hip_beet_to_ipv6(&again, &f, IPPROTO_UDP, 8, &hip_test_hit_i,
			 &hip_test_hit_r);
	HIP_EXPECT_HEX(test,
		       "6b800000 0008 11 01\n"
		       "20010021 00000000 00000000 00000001\n"
		       "20010021 00000000 00000000 00000002",
		       &again, sizeof(again));
}

/* The largest packet fits, and one more octet does not */
static void beet_test_mtu_of(struct kunit *test,
			     const struct hip_beet_size *size,
			     unsigned int outer_hlen)
{
	unsigned int outer, inner, wire;

	for (outer = 576; outer < 1600; outer++) {
		inner = hip_beet_inner_mtu(outer, outer_hlen, size);
		wire = outer_hlen + size->hdr_len + size->icv_len;
		KUNIT_EXPECT_LE(test,
				wire + hip_beet_crypt_len(inner - 40, size),
				outer);
		KUNIT_EXPECT_GT(test,
				wire + hip_beet_crypt_len(inner - 39, size),
				outer);
	}
}

static void beet_test_mtu(struct kunit *test)
{
	beet_test_mtu_of(test, &beet_cbc, 40);
	beet_test_mtu_of(test, &beet_cbc, 20);
	beet_test_mtu_of(test, &beet_gcm, 40);
	beet_test_mtu_of(test, &beet_gcm, 20);

	KUNIT_EXPECT_EQ(test, hip_beet_inner_mtu(1500, 40, &beet_cbc), 1446u);
	KUNIT_EXPECT_EQ(test, hip_beet_inner_mtu(1500, 40, &beet_gcm), 1466u);
	KUNIT_EXPECT_EQ(test, hip_beet_inner_mtu(1500, 20, &beet_gcm), 1486u);
	/* Nothing fits */
	KUNIT_EXPECT_EQ(test, hip_beet_inner_mtu(0, 40, &beet_cbc), 0u);
	KUNIT_EXPECT_EQ(test, hip_beet_inner_mtu(95, 40, &beet_cbc), 0u);
	/* An empty packet does */
	KUNIT_EXPECT_EQ(test, hip_beet_inner_mtu(96, 40, &beet_cbc), 54u);
}

static void beet_test_trailer(struct kunit *test)
{
	unsigned int len, crypt_len;
	u8 buf[64 + HIP_ESP_BLOCK_MAX];
	u8 nexthdr;

	for (len = 0; len <= 64 - 2; len++) {
		crypt_len = hip_beet_crypt_len(len, &beet_cbc);
		KUNIT_EXPECT_EQ(test, crypt_len % 16, 0u);
		KUNIT_EXPECT_GE(test, crypt_len, len + 2);
		KUNIT_EXPECT_LT(test, crypt_len, len + 2 + 16);

		memset(buf, 0xee, sizeof(buf));
		hip_beet_fill_trailer(buf + len, crypt_len - len, IPPROTO_UDP);
		nexthdr = 0;
		KUNIT_EXPECT_EQ(test, (int)len,
				hip_beet_parse_trailer(buf, crypt_len,
						       &nexthdr));
		KUNIT_EXPECT_EQ(test, nexthdr, IPPROTO_UDP);
	}

	hip_beet_fill_trailer(buf, 6, 17);
	HIP_EXPECT_HEX(test, "01020304 04 11", buf, 6);
	hip_beet_fill_trailer(buf, 2, 59);
	HIP_EXPECT_HEX(test, "00 3b", buf, 2);
}

static void beet_test_trailer_bad(struct kunit *test)
{
	u8 buf[16] = { };
	u8 nexthdr;

	KUNIT_EXPECT_EQ(test, hip_beet_parse_trailer(buf, 0, &nexthdr),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, hip_beet_parse_trailer(buf, 1, &nexthdr),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, hip_beet_parse_trailer(buf, 2, &nexthdr), 0);

	buf[14] = 14;
	KUNIT_EXPECT_EQ(test, hip_beet_parse_trailer(buf, 16, &nexthdr), 0);
	buf[14] = 15;
	KUNIT_EXPECT_EQ(test, hip_beet_parse_trailer(buf, 16, &nexthdr),
			-EINVAL);
	buf[14] = 255;
	KUNIT_EXPECT_EQ(test, hip_beet_parse_trailer(buf, 16, &nexthdr),
			-EINVAL);
}

static struct kunit_case beet_test_cases[] = {
	KUNIT_CASE(beet_test_ipv6),
	KUNIT_CASE(beet_test_ipv4),
	KUNIT_CASE(beet_test_mtu),
	KUNIT_CASE(beet_test_trailer),
	KUNIT_CASE(beet_test_trailer_bad),
	{}
};

static struct kunit_suite beet_test_suite = {
	.name = "hip_beet",
	.test_cases = beet_test_cases,
};

kunit_test_suite(beet_test_suite);
