// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of the Update IDs that were processed, RFC 7401, section 6.12.
 */
#include <kunit/test.h>

#include "update_window.h"

#define W	HIP_UPDATE_WINDOW
#define NEW	HIP_UPDATE_NEW
#define AGAIN	HIP_UPDATE_AGAIN
#define OUTSIDE	HIP_UPDATE_OUTSIDE

/**
 * struct window_step - one UPDATE; a new one is marked
 * @id: its Update ID
 * @age: what must be said of it
 */
struct window_step {
	u32 id;
	enum hip_update_age age;
};

/**
 * struct window_case - UPDATEs in the order in which they come
 * @name: what is special about them
 * @n: how many
 * @steps: the UPDATEs
 */
struct window_case {
	const char *name;
	unsigned int n;
	struct window_step steps[12];
};

static const struct window_case window_cases[] = {
	{ "in order", 4, {
		{ 0, NEW }, { 1, NEW }, { 1, AGAIN }, { 0, AGAIN } } },
	{ "nothing is below zero", 3, {
		{ U32_MAX, OUTSIDE }, { 0, NEW }, { U32_MAX, OUTSIDE } } },
	{ "far from the first", 3, {
		{ W, OUTSIDE }, { W - 1, NEW }, { 2 * W, OUTSIDE } } },
	{ "out of order", 8, {
		{ 3, NEW }, { 1, NEW }, { 1, AGAIN }, { 0, NEW }, { 2, NEW },
		{ 0, AGAIN }, { 2, AGAIN }, { 3, AGAIN } } },
	{ "the whole window at once", 6, {
		{ 0, NEW }, { W, NEW }, { 1, NEW }, { 0, OUTSIDE },
		{ W, AGAIN }, { 1, AGAIN } } },
	{ "too old to tell", 6, {
		{ W - 1, NEW }, { W, NEW }, { 0, OUTSIDE }, { 1, NEW },
		{ 2 * W - 1, NEW }, { W, AGAIN } } },
};

static void hip_update_window_steps(struct kunit *test)
{
	const struct window_case *c;
	struct hip_update_window w;
	enum hip_update_age age;
	unsigned int i, s;

	for (i = 0; i < ARRAY_SIZE(window_cases); i++) {
		c = &window_cases[i];
		memset(&w, 0, sizeof(w));
		for (s = 0; s < c->n; s++) {
			age = hip_update_window_look(&w, c->steps[s].id);
			KUNIT_EXPECT_EQ_MSG(test, age, c->steps[s].age,
					    "%s, step %u", c->name, s);
			if (age == NEW)
				hip_update_window_mark(&w, c->steps[s].id);
		}
	}
}

/* RFC 7401, section 6.12: the numbers go around */
static void hip_update_window_wrap(struct kunit *test)
{
	struct hip_update_window w = {
		.next = U32_MAX - 1, .seen = 1, .count = W,
	};

	KUNIT_EXPECT_EQ(test, hip_update_window_look(&w, U32_MAX - 2), AGAIN);
	KUNIT_EXPECT_EQ(test, hip_update_window_look(&w, U32_MAX - 3), NEW);
	KUNIT_EXPECT_EQ(test, hip_update_window_look(&w, 1), NEW);
	KUNIT_EXPECT_EQ(test, hip_update_window_look(&w, W), OUTSIDE);
	hip_update_window_mark(&w, 1);
	KUNIT_EXPECT_EQ(test, w.next, 2);
	KUNIT_EXPECT_EQ(test, hip_update_window_look(&w, 1), AGAIN);
	KUNIT_EXPECT_EQ(test, hip_update_window_look(&w, U32_MAX), NEW);
	hip_update_window_mark(&w, U32_MAX);
	KUNIT_EXPECT_EQ(test, hip_update_window_look(&w, U32_MAX), AGAIN);
	KUNIT_EXPECT_EQ(test, hip_update_window_look(&w, 0), NEW);
	KUNIT_EXPECT_EQ(test, hip_update_window_look(&w, U32_MAX - 2), AGAIN);
}

static struct kunit_case hip_update_window_cases[] = {
	KUNIT_CASE(hip_update_window_steps),
	KUNIT_CASE(hip_update_window_wrap),
	{}
};

static struct kunit_suite hip_update_window_suite = {
	.name = "hip_update_window",
	.test_cases = hip_update_window_cases,
};

kunit_test_suite(hip_update_window_suite);
