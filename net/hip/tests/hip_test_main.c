// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of hip: what the suites share.
 *
 * Each *_test.c registers its own suites.  The files under test are linked
 * into this module, so that hip.ko need not export anything.
 */
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>

#include "crypto.h"
#include "hip_test.h"

const struct in6_addr hip_test_hit_i = { { {
	0x20, 0x01, 0x00, 0x21, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 } } };
const struct in6_addr hip_test_hit_r = { { {
	0x20, 0x01, 0x00, 0x21, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2 } } };
const struct in6_addr hip_test_hit_g = { { {
	0x20, 0x01, 0x00, 0x21, 0xd4, 0xbf, 0x82, 0x84,
	0xda, 0xe7, 0xd3, 0x46, 0x68, 0xc9, 0x9a, 0x15 } } };
const struct in6_addr hip_test_hit_l = { { {
	0x20, 0x01, 0x00, 0x21, 0x73, 0x1f, 0xdb, 0x71,
	0x2b, 0xf5, 0xbf, 0x3b, 0xf6, 0x42, 0x72, 0xa4 } } };

static ssize_t hip_unhex(const char *hex, u8 *out, size_t size)
{
	size_t n = 0;

	while (*hex) {
		if (isspace(*hex)) {
			hex++;
			continue;
		}
		if (n >= size || hex2bin(out + n, hex, 1))
			return -EINVAL;
		hex += 2;
		n++;
	}
	return n;
}

/**
 * hip_test_unhex() - octets from a hexadecimal string
 * @test: test that fails if @hex is wrong
 * @hex: digits and white space
 * @out: set to the octets
 * @size: octets available at @out
 *
 * Return: octets written.
 */
size_t hip_test_unhex(struct kunit *test, const char *hex, u8 *out,
		      size_t size)
{
	ssize_t n = hip_unhex(hex, out, size);

	KUNIT_ASSERT_GE(test, n, 0);
	return n;
}

/**
 * hip_test_hex_eq() - are these the octets of a hexadecimal string?
 * @hex: digits and white space
 * @ptr: octets
 * @len: how many
 *
 * Return: true if so, the length included; else both are in the log.
 */
bool hip_test_hex_eq(const char *hex, const void *ptr, size_t len)
{
	u8 want[320];

	if (hip_unhex(hex, want, sizeof(want)) == len &&
	    !memcmp(want, ptr, len))
		return true;
	pr_err("%*phN instead of %s\n", (int)len, ptr, hex);
	return false;
}

/**
 * hip_test_packet() - a valid packet with every mandatory and some more
 *	parameters
 * @test: test that fails if it cannot be built
 * @type: packet type
 * @buf: set to the packet, HIP_MAX_LEN octets
 *
 * Return: octets of the packet.
 */
size_t hip_test_packet(struct kunit *test, u8 type, u8 *buf)
{
	static const u16 ciphers[] = {
		HIP_CIPHER_AES256_CBC, HIP_CIPHER_AES128_CBC };
	static const u16 suites[] = {
		HIP_ESP_AES128_CBC_SHA256, HIP_ESP_AES_GCM_16 };
	static const u16 format = HIP_TRANSPORT_FORMAT_ESP;
	static const u8 hit_suites[] = { 1, 2 };
	static const u8 groups[] = { 3, 4, 8 };
	static const u32 acks[] = { 7, 8 };
	u8 hi[68] = { 3, 1, 0, 1, 0x80 };
	struct hip_locator loc = {};
	struct hip_builder b;
	u8 octets[64] = {};
	int len;

	hip_build_init(&b, buf, HIP_MAX_LEN, type, 0, &hip_test_hit_r,
		       &hip_test_hit_i);

	if (type == HIP_PKT_I2 || type == HIP_PKT_R2 || type == HIP_PKT_UPDATE)
		hip_build_esp_info(&b, 96, 0, htonl(0x12345678));
	if (type == HIP_PKT_R1 || type == HIP_PKT_I2)
		hip_build_r1_counter(&b, 42);
	if (type == HIP_PKT_R1 || type == HIP_PKT_UPDATE) {
		hip_build_locator_set_begin(&b);
		hip_build_locator(&b, &loc);
		loc.type = HIP_LOCATOR_ESP;
		hip_build_locator(&b, &loc);
		loc.type = HIP_LOCATOR_UDP;
		hip_build_locator(&b, &loc);
		hip_build_end(&b);
	}
	if (type == HIP_PKT_R1)
		hip_build_puzzle(&b, 10, 37, 1, octets, 32);
	if (type == HIP_PKT_I2)
		hip_build_solution(&b, 10, 1, octets, octets, 32);
	if (type == HIP_PKT_UPDATE) {
		hip_build_seq(&b, 9);
		hip_build_ack(&b, acks, ARRAY_SIZE(acks));
	}
	if (type == HIP_PKT_I1 || type == HIP_PKT_R1)
		hip_build_dh_group_list(&b, groups, ARRAY_SIZE(groups));
	if (type == HIP_PKT_R1 || type == HIP_PKT_I2) {
		hip_build_dh(&b, HIP_DH_GROUP_NIST_P256, octets, 64);
		hip_build_hip_cipher(&b, ciphers, type == HIP_PKT_I2 ? 1 : 2);
		hip_build_host_id(&b, HIP_HI_ALG_RSA, hi, sizeof(hi),
				  HIP_DI_FQDN, "\3foo", 5);
	}
	if (type == HIP_PKT_R1)
		hip_build_hit_suite_list(&b, hit_suites,
					 ARRAY_SIZE(hit_suites));
	if (type == HIP_PKT_NOTIFY) {
		hip_build_notification(&b, HIP_NOTIFY_NAT_KEEPALIVE, NULL, 0);
		hip_build_notification(&b, HIP_NOTIFY_INVALID_SYNTAX, "x", 1);
	}
	if (type == HIP_PKT_CLOSE)
		hip_build_param(&b, HIP_PARAM_ECHO_REQUEST_SIGNED, "echo", 4);
	if (type == HIP_PKT_CLOSE_ACK)
		hip_build_param(&b, HIP_PARAM_ECHO_RESPONSE_SIGNED, "echo", 4);
	if (type == HIP_PKT_R1 || type == HIP_PKT_I2) {
		hip_build_transport_format_list(&b, &format, 1);
		hip_build_esp_transform(&b, suites, type == HIP_PKT_I2 ? 1 : 2);
	}
	if (type == HIP_PKT_I2 || type == HIP_PKT_UPDATE ||
	    type == HIP_PKT_CLOSE || type == HIP_PKT_CLOSE_ACK)
		hip_build_mac(&b, HIP_PARAM_HIP_MAC, 32);
	if (type == HIP_PKT_R2)
		hip_build_mac(&b, HIP_PARAM_HIP_MAC_2, 32);
	if (type == HIP_PKT_R1)
		hip_build_signature(&b, HIP_PARAM_HIP_SIGNATURE_2,
				    HIP_HI_ALG_RSA, octets, sizeof(octets));
	else if (type != HIP_PKT_I1)
		hip_build_signature(&b, HIP_PARAM_HIP_SIGNATURE,
				    HIP_HI_ALG_RSA, octets, sizeof(octets));
	if (type == HIP_PKT_R1) {
		hip_build_param(&b, HIP_PARAM_ECHO_REQUEST_UNSIGNED, "a", 1);
		hip_build_param(&b, HIP_PARAM_ECHO_REQUEST_UNSIGNED, "b", 1);
	}

	len = hip_build_finish(&b);
	KUNIT_ASSERT_GT(test, len, 0);
	return len;
}

/**
 * hip_test_crypto_init() - suite_init of suites that need hashes
 * @suite: the suite
 *
 * Return: 0 or an error of hip_crypto_init().
 */
int hip_test_crypto_init(struct kunit_suite *suite)
{
	return hip_crypto_init();
}

/**
 * hip_test_crypto_exit() - suite_exit of suites that need hashes
 * @suite: the suite
 */
void hip_test_crypto_exit(struct kunit_suite *suite)
{
	hip_crypto_exit();
}

MODULE_DESCRIPTION("KUnit tests of the Host Identity Protocol");
MODULE_LICENSE("GPL");
