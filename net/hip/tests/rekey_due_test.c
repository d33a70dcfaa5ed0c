// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of when new SAs are due, RFC 7402, sections 3.3.7 and 6.8.
 */
#include <kunit/test.h>

#include "rekey_due.h"

#define NEVER	HIP_REKEY_NEVER
#define LAST	0xffffffffULL

/**
 * struct due_case - a moment in the life of two SAs
 * @name: what is special about it
 * @limits: the configuration
 * @use: what they were used for
 * @due: what must be said of it
 */
struct due_case {
	const char *name;
	struct hip_rekey_limits limits;
	struct hip_rekey_use use;
	u32 due;
};

static const struct due_case due_cases[] = {
	{ "no limits",
	  { 0, 0, 0 }, { 1000, 1000, LAST, 1 << 30, 1 << 30, 1 << 30 }, NEVER },
	{ "unused",
	  { 1, 1, 1 }, { 0, 0, LAST, 0, 0, 1000 }, NEVER },
	{ "unused yet",
	  { 0, 0, 3000 }, { 0, 0, LAST, 0, 0, 1000 }, 2000 },
	{ "packets sent, one less",
	  { 100, 0, 0 }, { 0, 99, LAST, 1, 1, 1 }, NEVER },
	{ "packets sent",
	  { 100, 0, 0 }, { 0, 100, LAST, 1, 1, 1 }, 0 },
	{ "packets sent, second, not yet",
	  { 800, 0, 0 }, { 0, 899, LAST, 1, 1, 1, true }, NEVER },
	{ "packets sent, second",
	  { 800, 0, 0 }, { 0, 900, LAST, 1, 1, 1, true }, 0 },
	{ "packets received: first the sender's business",
	  { 800, 0, 0 }, { 899, 0, LAST, 1, 1, 1 }, NEVER },
	{ "packets received",
	  { 800, 0, 0 }, { 900, 0, LAST, 1, 1, 1 }, 0 },
	{ "numbers end, not yet",
	  { 0, 0, 0 }, { 0, LAST - LAST / 4 - 1, LAST, 1, 1, 1 }, NEVER },
	{ "numbers end",
	  { 0, 0, 0 }, { 0, LAST - LAST / 4, LAST, 1, 1, 1 }, 0 },
	{ "numbers end before the limit",
	  { LAST, 0, 0 }, { 0, LAST - LAST / 4, LAST, 1, 1, 1 }, 0 },
	{ "numbers of the peer end",
	  { 0, 0, 0 }, { LAST - 1, 0, LAST, 1, 1, 1 }, 0 },
	{ "64 bits, far from the end",
	  { 0, 0, 0 }, { U64_MAX / 2, U64_MAX / 2, U64_MAX, 1, 1, 1 }, NEVER },
	{ "64 bits, near the end",
	  { 0, 0, 0 }, { 1, U64_MAX - U32_MAX, U64_MAX, 1, 1, 1 }, 0 },
	{ "octets, one less",
	  { 0, 4096, 0 }, { 1, 1, LAST, 4095, 4095, 1 }, NEVER },
	{ "octets received",
	  { 0, 4096, 0 }, { 1, 1, LAST, 4096, 1, 1 }, 0 },
	{ "octets sent",
	  { 0, 4096, 0 }, { 1, 1, LAST, 1, 4096, 1 }, 0 },
	{ "octets, second, not yet",
	  { 0, 4096, 0 }, { 1, 1, LAST, 1, 4607, 1, true }, NEVER },
	{ "octets, second",
	  { 0, 4096, 0 }, { 1, 1, LAST, 1, 4608, 1, true }, 0 },
	{ "time to come",
	  { 0, 0, 3000 }, { 1, 1, LAST, 1, 0, 1000 }, 2000 },
	{ "time is over",
	  { 0, 0, 3000 }, { 1, 1, LAST, 0, 1, 3000 }, 0 },
	{ "time, second",
	  { 0, 0, 8000 }, { 1, 1, LAST, 1, 1, 8000, true }, 1000 },
	{ "time is over, second",
	  { 0, 0, 8000 }, { 1, 1, LAST, 1, 1, 9000, true }, 0 },
	{ "as much time as can be told",
	  { 0, 0, NEVER }, { 1, 1, LAST, 1, 1, 0, true }, NEVER - 1 },
};

static void hip_rekey_due_cases(struct kunit *test)
{
	const struct due_case *c;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(due_cases); i++) {
		c = &due_cases[i];
		KUNIT_EXPECT_EQ_MSG(test, hip_rekey_due(&c->limits, &c->use),
				    c->due, "%s", c->name);
	}
}

/* The limit of the second never gets lost by going around */
static void hip_rekey_soft_seq_range(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, hip_rekey_soft_seq(LAST, 0, false),
			LAST - LAST / 4);
	KUNIT_EXPECT_EQ(test, hip_rekey_soft_seq(LAST, 16, false), 16);
	KUNIT_EXPECT_EQ(test, hip_rekey_soft_seq(LAST, 16, true), 18);
	KUNIT_EXPECT_LT(test, hip_rekey_soft_seq(U64_MAX, 0, true), U64_MAX);
	KUNIT_EXPECT_GT(test, hip_rekey_soft_seq(U64_MAX, 0, true),
			hip_rekey_soft_seq(U64_MAX, 0, false));
	KUNIT_EXPECT_LT(test, hip_rekey_soft_seq(LAST, U64_MAX, true), LAST);
}

static struct kunit_case hip_rekey_due_kunit[] = {
	KUNIT_CASE(hip_rekey_due_cases),
	KUNIT_CASE(hip_rekey_soft_seq_range),
	{}
};

static struct kunit_suite hip_rekey_due_suite = {
	.name = "hip_rekey_due",
	.test_cases = hip_rekey_due_kunit,
};

kunit_test_suite(hip_rekey_due_suite);
