// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of ratelimit.h.
 */
#include <kunit/test.h>
#include <linux/ktime.h>

#include "ratelimit.h"

#define START	(100 * (u64)NSEC_PER_SEC)	/* since boot */

/* How many of @want tokens are there at @now? */
static unsigned int ratelimit_drain(u64 *last, u64 *tokens, u64 now, u32 rate,
				    unsigned int want)
{
	unsigned int n = 0;

	while (want--)
		n += hip_ratelimit_take(last, tokens, now, rate);
	return n;
}

/* A new bucket holds the tokens of one second, and no more ever */
static void ratelimit_test_burst(struct kunit *test)
{
	u64 last = 0, tokens = 0;

	KUNIT_EXPECT_EQ(test, 10u,
			ratelimit_drain(&last, &tokens, START, 10, 100));
	KUNIT_EXPECT_EQ(test, 0u,
			ratelimit_drain(&last, &tokens, START, 10, 100));
	/* An hour later it is full again, not fuller */
	KUNIT_EXPECT_EQ(test, 10u,
			ratelimit_drain(&last, &tokens,
					START + 3600 * (u64)NSEC_PER_SEC, 10,
					100));
}

static void ratelimit_test_refill(struct kunit *test)
{
	u64 last = 0, tokens = 0, now = START;

	ratelimit_drain(&last, &tokens, now, 10, 10);
	/* 99 ms are not enough for a token of 100 ms, one more is */
	now += 99 * NSEC_PER_MSEC;
	KUNIT_EXPECT_FALSE(test, hip_ratelimit_take(&last, &tokens, now, 10));
	now += NSEC_PER_MSEC;
	KUNIT_EXPECT_TRUE(test, hip_ratelimit_take(&last, &tokens, now, 10));
	KUNIT_EXPECT_FALSE(test, hip_ratelimit_take(&last, &tokens, now, 10));
}

/* Asking all the time in vain must not keep the bucket empty */
static void ratelimit_test_impatient(struct kunit *test)
{
	u64 last = 0, tokens = 0, now = START;
	unsigned int i, n = 0;

	ratelimit_drain(&last, &tokens, now, 1000, 1000);
	for (i = 0; i < 10000; i++) {
		now += 10 * NSEC_PER_USEC;
		n += hip_ratelimit_take(&last, &tokens, now, 1000);
	}
	KUNIT_EXPECT_EQ(test, 100u, n);
}

static void ratelimit_test_slowest(struct kunit *test)
{
	u64 last = 0, tokens = 0, now = START;

	KUNIT_EXPECT_EQ(test, 1u, ratelimit_drain(&last, &tokens, now, 1, 5));
	now += NSEC_PER_SEC - 1;
	KUNIT_EXPECT_EQ(test, 0u, ratelimit_drain(&last, &tokens, now, 1, 5));
	now += 1;
	KUNIT_EXPECT_EQ(test, 1u, ratelimit_drain(&last, &tokens, now, 1, 5));
}

/* Another CPU may have looked at the clock later but come earlier */
static void ratelimit_test_backwards(struct kunit *test)
{
	u64 last = 0, tokens = 0;

	ratelimit_drain(&last, &tokens, START, 10, 10);
	KUNIT_EXPECT_FALSE(test, hip_ratelimit_take(&last, &tokens,
						    START - NSEC_PER_SEC, 10));
	KUNIT_EXPECT_EQ(test, (u64)START, last);
	KUNIT_EXPECT_FALSE(test,
			   hip_ratelimit_take(&last, &tokens, START, 10));
}

/* A smaller rate makes what is in the bucket worth less */
static void ratelimit_test_new_rate(struct kunit *test)
{
	u64 last = 0, tokens = 0;

	KUNIT_EXPECT_EQ(test, 500u,
			ratelimit_drain(&last, &tokens, START, 1000, 500));
	KUNIT_EXPECT_EQ(test, 5u,
			ratelimit_drain(&last, &tokens, START, 10, 500));
}

/* The same again, something else, the same later; jiffies wrap around */
static void ratelimit_test_seen(struct kunit *test)
{
	static const unsigned long starts[] = {
		0, 1000, U32_MAX - 4, ULONG_MAX - 4 };
	unsigned int i;
	u64 cell;

	for (i = 0; i < ARRAY_SIZE(starts); i++) {
		unsigned long t = starts[i];

		cell = 0;
		KUNIT_EXPECT_FALSE(test, hip_seen_lately(&cell, 7, t, 10));
		KUNIT_EXPECT_TRUE(test, hip_seen_lately(&cell, 7, t, 10));
		KUNIT_EXPECT_TRUE(test, hip_seen_lately(&cell, 7, t + 9, 10));
		/* counted from the first one, not from the one before */
		KUNIT_EXPECT_FALSE(test, hip_seen_lately(&cell, 7, t + 10, 10));
		KUNIT_EXPECT_TRUE(test, hip_seen_lately(&cell, 7, t + 19, 10));
		/* another one takes the place */
		KUNIT_EXPECT_FALSE(test, hip_seen_lately(&cell, 8, t + 19, 10));
		KUNIT_EXPECT_FALSE(test, hip_seen_lately(&cell, 7, t + 19, 10));
	}
}

static struct kunit_case ratelimit_test_cases[] = {
	KUNIT_CASE(ratelimit_test_burst),
	KUNIT_CASE(ratelimit_test_refill),
	KUNIT_CASE(ratelimit_test_impatient),
	KUNIT_CASE(ratelimit_test_slowest),
	KUNIT_CASE(ratelimit_test_backwards),
	KUNIT_CASE(ratelimit_test_new_rate),
	KUNIT_CASE(ratelimit_test_seen),
	{}
};

static struct kunit_suite ratelimit_test_suite = {
	.name = "hip_ratelimit",
	.test_cases = ratelimit_test_cases,
};

kunit_test_suite(ratelimit_test_suite);
