// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of sequence numbers that come to their end, RFC 4303, section 3.3.3,
 * and RFC 7402, sections 3.3.7 and 6.8.
 */
#include <kunit/test.h>
#include <linux/kernel.h>

#include "seq.h"

#define LAST	0xffffffffULL

/**
 * struct take_case - one call of hip_seq_take()
 * @used: the highest number so far
 * @soft: soft limit; the last number is LAST
 * @n: how many are wanted
 * @first: what must come out
 * @due: and whether a successor must be asked for
 */
struct take_case {
	u64 used;
	u64 soft;
	unsigned int n;
	u64 first;
	bool due;
};

static const struct take_case take_cases[] = {
	{ 0, 100, 1, 1, false },
	{ 0, 100, 44, 1, false },
	{ 98, 100, 1, 99, false },
	{ 99, 100, 1, 100, false },
	{ 99, 100, 44, 100, false },
	{ 100, 100, 1, 101, true },
	{ 143, 100, 44, 144, true },
	{ 200, LAST, 1, 201, false },
	{ LAST - 2, LAST, 1, LAST - 1, false },
	{ LAST - 1, LAST, 1, LAST, false },
	{ LAST - 44, LAST, 44, LAST - 43, false },
	{ LAST - 43, LAST, 44, 0, false },
	{ LAST - 1, LAST, 2, 0, false },
	{ LAST, LAST, 1, 0, false },
	{ LAST, 100, 1, 0, false },
	{ LAST + 500, LAST, 1, 0, false },
};

static void hip_seq_take_test(struct kunit *test)
{
	const struct take_case *c;
	struct hip_seq seq;
	bool due;

	for (c = take_cases; c < take_cases + ARRAY_SIZE(take_cases); c++) {
		due = false;
		hip_seq_init(&seq, c->soft, LAST);
		atomic64_set(&seq.used, c->used);
		KUNIT_EXPECT_EQ_MSG(test, hip_seq_take(&seq, c->n, &due),
				    c->first, "%u after %llu", c->n, c->used);
		KUNIT_EXPECT_EQ_MSG(test, due, c->due, "%u after %llu", c->n,
				    c->used);
	}
}

/* Nothing comes after the end, however often somebody tries */
static void hip_seq_end_test(struct kunit *test)
{
	struct hip_seq seq;
	bool due = false;
	u64 used;
	int i;

	hip_seq_init(&seq, 2, 5);
	for (i = 1; i <= 5; i++)
		KUNIT_EXPECT_EQ(test, hip_seq_take(&seq, 1, &due), i);
	for (i = 0; i < 100; i++)
		KUNIT_EXPECT_EQ(test, hip_seq_take(&seq, 1 + i % 3, &due), 0);
	used = atomic64_read(&seq.used);
	KUNIT_EXPECT_EQ(test, used, 5);
}

/* A successor is asked for once */
static void hip_seq_due_test(struct kunit *test)
{
	struct hip_seq seq;
	int i, asked = 0;
	bool due;

	hip_seq_init(&seq, 10, LAST);
	for (i = 0; i < 100; i++) {
		due = false;
		hip_seq_take(&seq, 1, &due);
		asked += due;
	}
	KUNIT_EXPECT_EQ(test, asked, 1);
}

static struct kunit_case hip_seq_cases[] = {
	KUNIT_CASE(hip_seq_take_test),
	KUNIT_CASE(hip_seq_end_test),
	KUNIT_CASE(hip_seq_due_test),
	{}
};

static struct kunit_suite hip_seq_suite = {
	.name = "hip_seq",
	.test_cases = hip_seq_cases,
};

kunit_test_suite(hip_seq_suite);
