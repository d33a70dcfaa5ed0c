// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of what may be a peer's locator.
 */
#include <kunit/test.h>
#include <linux/in6.h>
#include <linux/inet.h>
#include <linux/string.h>
#include <net/ipv6.h>

#include "peer.h"

struct peer_locator_case {
	const char *text;
	bool good;
};

static const struct peer_locator_case peer_locator_cases[] = {
	{ "2001:db8::1", true },
	{ "fd00::1", true },
	{ "::1", true },
	{ "10.0.0.1", true },
	{ "127.0.0.1", true },
	{ "169.254.1.1", true },
	/* unicast since 0.0.0.0/8 was given free */
	{ "0.1.2.3", true },
	/* ORCHIDv1 and the neighbours of our prefix are not HITs */
	{ "2001:10::1", true },
	{ "2001:30::1", true },
	{ "2001:2f:ffff::1", false },
	{ "2001:20::1", false },
	{ "2001:21:5555::1", false },
	{ "::", false },
	{ "fe80::1", false },
	{ "ff02::1", false },
	{ "ff0e::1", false },
	{ "0.0.0.0", false },
	{ "224.0.0.1", false },
	{ "239.255.255.255", false },
	{ "255.255.255.255", false },
};

static void peer_locator_desc(const struct peer_locator_case *c, char *desc)
{
	strscpy(desc, c->text, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(peer_locator, peer_locator_cases, peer_locator_desc);

static void peer_test_locator(struct kunit *test)
{
	const struct peer_locator_case *c = test->param_value;
	struct in6_addr addr;
	const char *why;
	__be32 v4;

	if (strchr(c->text, ':')) {
		KUNIT_ASSERT_TRUE(test, in6_pton(c->text, -1, addr.s6_addr, -1,
						 NULL));
	} else {
		KUNIT_ASSERT_TRUE(test, in4_pton(c->text, -1, (u8 *)&v4, -1,
						 NULL));
		ipv6_addr_set_v4mapped(v4, &addr);
	}
	why = hip_peer_bad_locator(&addr);
	KUNIT_EXPECT_EQ(test, c->good, !why);
}

static struct kunit_case peer_test_cases[] = {
	KUNIT_CASE_PARAM(peer_test_locator, peer_locator_gen_params),
	{}
};

static struct kunit_suite peer_test_suite = {
	.name = "hip_peer",
	.test_cases = peer_test_cases,
};

kunit_test_suite(peer_test_suite);
