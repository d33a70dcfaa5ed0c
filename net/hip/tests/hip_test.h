/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the KUnit suites share.
 */
#ifndef _NET_HIP_TESTS_HIP_TEST_H
#define _NET_HIP_TESTS_HIP_TEST_H

#include <kunit/test.h>
#include <linux/in6.h>
#include <linux/types.h>

#include "build.h"
#include "param.h"

/* Are @len octets at @ptr those that @hex says? */
#define HIP_EXPECT_HEX(test, hex, ptr, len) \
	KUNIT_EXPECT_TRUE(test, hip_test_hex_eq(hex, ptr, len))

#define HIP_EXPECT_MEMEQ(test, a, b, len) \
	KUNIT_EXPECT_EQ(test, 0, memcmp(a, b, len))

/* HITs of RFC 7401, Appendix C, with the suites that the tests need */
extern const struct in6_addr hip_test_hit_i;
extern const struct in6_addr hip_test_hit_r;

/* D2 of the derived vectors: suite 1 HITs of two published RSA keys */
extern const struct in6_addr hip_test_hit_g;
extern const struct in6_addr hip_test_hit_l;

size_t hip_test_unhex(struct kunit *test, const char *hex, u8 *out,
		      size_t size);
bool hip_test_hex_eq(const char *hex, const void *ptr, size_t len);
size_t hip_test_packet(struct kunit *test, u8 type, u8 *buf);
int hip_test_crypto_init(struct kunit_suite *suite);
void hip_test_crypto_exit(struct kunit_suite *suite);

#endif /* _NET_HIP_TESTS_HIP_TEST_H */
