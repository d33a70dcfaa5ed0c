// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of what is remembered of I2s.
 */
#include <kunit/test.h>
#include <linux/errno.h>

#include "i2_seen.h"

static int i2_seen_test_init(struct kunit *test)
{
	struct hip_i2_seen *seen;

	seen = kunit_kzalloc(test, sizeof(*seen), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, seen);
	hip_i2_seen_init(seen);
	test->priv = seen;
	return 0;
}

static void i2_seen_test_exit(struct kunit *test)
{
	if (test->priv)
		hip_i2_seen_free(test->priv);
}

/* Nothing is forgotten to make room, across the borders of blocks */
static void i2_seen_test_bound(struct kunit *test)
{
	const unsigned int max = 3 * HIP_I2_SEEN_BLOCK + 7;
	struct hip_i2_seen *seen = test->priv;
	unsigned int i, found = 0;

	KUNIT_EXPECT_EQ(test, 0u, hip_i2_seen_count(seen, 1));
	for (i = 1; i <= max; i++)
		KUNIT_ASSERT_EQ(test, 0, hip_i2_seen_add(seen, i, max));
	KUNIT_EXPECT_EQ(test, -ENOSPC, hip_i2_seen_add(seen, i, max));
	KUNIT_EXPECT_EQ(test, 0u, hip_i2_seen_count(seen, i));
	for (i = 1; i <= max; i++)
		found += hip_i2_seen_count(seen, i);
	KUNIT_EXPECT_EQ(test, max, found);
	/* who has a bound of his own leaves room for others */
	KUNIT_EXPECT_EQ(test, -ENOSPC, hip_i2_seen_add(seen, 1, max / 2));
	KUNIT_EXPECT_EQ(test, 0, hip_i2_seen_add(seen, 1, max + 1));
}

static void i2_seen_test_count(struct kunit *test)
{
	struct hip_i2_seen *seen = test->priv;
	unsigned int i;

	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_EQ(test, 0, hip_i2_seen_add(seen, 5, 10));
	KUNIT_EXPECT_EQ(test, 0, hip_i2_seen_add(seen, 6, 10));
	KUNIT_EXPECT_EQ(test, 3u, hip_i2_seen_count(seen, 5));
	hip_i2_seen_remove(seen, 5);
	KUNIT_EXPECT_EQ(test, 2u, hip_i2_seen_count(seen, 5));
	KUNIT_EXPECT_EQ(test, 1u, hip_i2_seen_count(seen, 6));
	hip_i2_seen_remove(seen, 7);
	KUNIT_EXPECT_EQ(test, 4u, seen->n);
}

static void i2_seen_test_new(struct kunit *test)
{
	struct hip_i2_seen *seen = test->priv;

	KUNIT_EXPECT_EQ(test, 0, hip_i2_seen_add_new(seen, 5, 2));
	KUNIT_EXPECT_EQ(test, -EEXIST, hip_i2_seen_add_new(seen, 5, 2));
	KUNIT_EXPECT_EQ(test, 1u, hip_i2_seen_count(seen, 5));
	hip_i2_seen_remove(seen, 5);
	KUNIT_EXPECT_EQ(test, 0, hip_i2_seen_add_new(seen, 5, 2));
	KUNIT_EXPECT_EQ(test, -ENOSPC, hip_i2_seen_add_new(seen, 6, 2));
}

static struct kunit_case i2_seen_test_cases[] = {
	KUNIT_CASE(i2_seen_test_bound),
	KUNIT_CASE(i2_seen_test_count),
	KUNIT_CASE(i2_seen_test_new),
	{}
};

static struct kunit_suite i2_seen_test_suite = {
	.name = "hip_i2_seen",
	.init = i2_seen_test_init,
	.exit = i2_seen_test_exit,
	.test_cases = i2_seen_test_cases,
};

kunit_test_suite(i2_seen_test_suite);
