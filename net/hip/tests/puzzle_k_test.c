// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of puzzle_k.c.
 */
#include <kunit/test.h>

#include "puzzle_k.h"

static void puzzle_k_test_percent(struct kunit *test)
{
	static const struct {
		struct hip_load_fill fill[3];
		unsigned int percent;
	} cases[] = {
		{ { { 0, 1024 }, { 0, 256 }, { 0, 256 } }, 0 },
		{ { { 512, 1024 }, { 0, 256 }, { 0, 256 } }, 50 },
		/* the fullest, wherever it is */
		{ { { 512, 1024 }, { 192, 256 }, { 0, 256 } }, 75 },
		{ { { 512, 1024 }, { 192, 256 }, { 256, 256 } }, 100 },
		{ { { 511, 1024 }, { 0, 256 }, { 0, 256 } }, 49 },
		{ { { 0, 1 }, { 1, 1 }, { 0, 1 } }, 100 },
		/* a limit was lowered */
		{ { { 1000, 10 }, { 0, 256 }, { 0, 256 } }, 100 },
		{ { { U32_MAX, 1 }, { 0, 256 }, { 0, 256 } }, 100 },
		{ { { U32_MAX, U32_MAX }, { 0, 1 }, { 0, 1 } }, 100 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		KUNIT_EXPECT_EQ_MSG(test, cases[i].percent,
				    hip_load_percent(cases[i].fill, 3),
				    "case %u", i);
	KUNIT_EXPECT_EQ(test, 0u, hip_load_percent(NULL, 0));
}

/* One look at each load, from the middle of a wide range */
static void puzzle_k_test_step(struct kunit *test)
{
	unsigned int load;

	for (load = 0; load <= 100; load++) {
		struct hip_puzzle_k pk = { .k = 10 };
		u8 want = load < 50 ? 10 : load < 75 ? 12 : 14;

		KUNIT_EXPECT_EQ_MSG(test, want != 10,
				    hip_puzzle_k_step(&pk, 0, 32, load),
				    "%u", load);
		KUNIT_EXPECT_EQ_MSG(test, want, pk.k, "%u", load);
		KUNIT_EXPECT_EQ_MSG(test, load < 25 ? 1 : 0, pk.calm, "%u",
				    load);
	}
}

/* Up to the ceiling and no further; down to the floor likewise */
static void puzzle_k_test_range(struct kunit *test)
{
	struct hip_puzzle_k pk = { .k = 3 };
	unsigned int i;

	for (i = 0; i < 4; i++)
		hip_puzzle_k_step(&pk, 3, 16, 100);
	KUNIT_EXPECT_EQ(test, 16, pk.k);
	KUNIT_EXPECT_FALSE(test, hip_puzzle_k_step(&pk, 3, 16, 100));

	/* 16, 14, ... 4, 3: seven steps, each of four looks */
	for (i = 0; i < 27; i++)
		hip_puzzle_k_step(&pk, 3, 16, 0);
	KUNIT_EXPECT_EQ(test, 4, pk.k);
	KUNIT_EXPECT_TRUE(test, hip_puzzle_k_step(&pk, 3, 16, 0));
	KUNIT_EXPECT_EQ(test, 3, pk.k);
	for (i = 0; i < 8; i++)
		KUNIT_EXPECT_FALSE(test, hip_puzzle_k_step(&pk, 3, 16, 0));

	/* no range: the floor, whatever the load */
	for (i = 0; i <= 100; i++)
		KUNIT_EXPECT_FALSE(test, hip_puzzle_k_step(&pk, 3, 0, i));
	KUNIT_EXPECT_EQ(test, 3, pk.k);
	/* and who comes from elsewhere gets there at once */
	pk.k = 32;
	KUNIT_EXPECT_TRUE(test, hip_puzzle_k_step(&pk, 3, 16, 40));
	KUNIT_EXPECT_EQ(test, 16, pk.k);
	pk.k = 0;
	KUNIT_EXPECT_TRUE(test, hip_puzzle_k_step(&pk, 3, 16, 40));
	KUNIT_EXPECT_EQ(test, 3, pk.k);
}

/* Only calm that lasts counts */
static void puzzle_k_test_calm(struct kunit *test)
{
	struct hip_puzzle_k pk = { .k = 10 };
	unsigned int i;

	for (i = 0; i < 20; i++) {
		KUNIT_EXPECT_FALSE(test, hip_puzzle_k_step(&pk, 0, 16, 24));
		KUNIT_EXPECT_FALSE(test, hip_puzzle_k_step(&pk, 0, 16, 0));
		KUNIT_EXPECT_FALSE(test, hip_puzzle_k_step(&pk, 0, 16, 0));
		KUNIT_EXPECT_FALSE(test, hip_puzzle_k_step(&pk, 0, 16, 25));
	}
	KUNIT_EXPECT_EQ(test, 10, pk.k);
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_FALSE(test, hip_puzzle_k_step(&pk, 0, 16, 24));
	KUNIT_EXPECT_TRUE(test, hip_puzzle_k_step(&pk, 0, 16, 24));
	KUNIT_EXPECT_EQ(test, 8, pk.k);
}

static struct kunit_case puzzle_k_test_cases[] = {
	KUNIT_CASE(puzzle_k_test_percent),
	KUNIT_CASE(puzzle_k_test_step),
	KUNIT_CASE(puzzle_k_test_range),
	KUNIT_CASE(puzzle_k_test_calm),
	{}
};

static struct kunit_suite puzzle_k_test_suite = {
	.name = "hip_puzzle_k",
	.test_cases = puzzle_k_test_cases,
};

kunit_test_suite(puzzle_k_test_suite);
