// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of the anti-replay window, RFC 4303 3.4.3 and appendix A.
 */
#include <kunit/test.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#include "replay.h"

#define W		((u64)HIP_REPLAY_WINDOW)
#define RING		((u64)HIP_REPLAY_BITS)
#define HALF		BIT_ULL(32)

/**
 * struct replay_step - one packet
 * @seq: its number
 * @ok: it must be let in
 */
struct replay_step {
	u64 seq;
	bool ok;
};

/**
 * struct replay_case - packets in the order in which they come
 * @name: what is special about them
 * @start: the highest number before the first of them
 * @steps: the packets; a number of 0 that is let in is the end
 */
struct replay_case {
	const char *name;
	u64 start;
	struct replay_step steps[24];
};

#define END { 0, true }

static const struct replay_case replay_cases[] = {
	{ "in order", 0, {
		{ 1, true }, { 2, true }, { 3, true }, { 4, true }, END } },
	{ "zero", 0, {
		{ 0, false }, { 1, true }, { 0, false }, END } },
	{ "first is not one", 0, {
		{ 1000, true }, { 1, true }, { 999, true }, { 1000, false },
		END } },
	{ "duplicates", 0, {
		{ 1, true }, { 1, false }, { 2, true }, { 2, false },
		{ 1, false }, END } },
	{ "reordering", 0, {
		{ 5, true }, { 3, true }, { 4, true }, { 1, true }, { 2, true },
		{ 3, false }, { 6, true }, { 1, false }, END } },
	{ "bottom of the window", 0, {
		{ W + 10, true }, { 11, true }, { 10, false }, { 12, true },
		{ 11, false }, { 1, false }, { W + 11, true }, { 11, false },
		{ 13, true }, END } },
	{ "block boundaries", 0, {
		{ 63, true }, { 64, true }, { 65, true }, { 127, true },
		{ 129, true }, { 128, true }, { 64, false }, { 63, false },
		{ 127, false }, { 128, false }, { 62, true }, END } },
	{ "jump over blocks", 0, {
		{ 60, true }, { 60 + 5 * 64, true }, { 60 + 64, true },
		{ 60 + 2 * 64, true }, { 60 + 5 * 64, false },
		{ 60 + 64, false }, { 60, false }, END } },
	{ "jump of just the window", 0, {
		{ 100, true }, { 100 + W - 1, true }, { 100, false },
		{ 101, true }, { 100 + W, true }, { 100, false },
		{ 101, false }, { 102, true }, END } },
	{ "jump of the whole ring", 0, {
		{ 100, true }, { 100 + RING, true }, { 100 + RING, false },
		{ 100, false }, { 101 + RING - W, true },
		{ 100 + RING - W, false }, END } },
	{ "jump over several rings", 0, {
		{ 7, true }, { 7 + 9 * RING, true }, { 7 + 9 * RING, false },
		{ 8 + 9 * RING - W, true }, { 6 + 9 * RING, true },
		{ 7 + 8 * RING, false }, END } },
	{ "bits of the ring before are gone", 0, {
		{ 1, true }, { 2, true }, { RING, true }, { RING + 1, true },
		{ RING + 2, true }, { RING + 1, false }, END } },
	{ "over the end of the low half", HALF - 2, {
		{ HALF - 1, true }, { HALF, true }, { HALF + 1, true },
		{ HALF - 1, false }, { HALF + 2 - W, true },
		{ HALF + 1 - W, false }, END } },
	{ "near the end", U64_MAX - 2, {
		{ U64_MAX - 1, true }, { U64_MAX, true }, { U64_MAX, false },
		{ U64_MAX - 1, false }, { U64_MAX - W + 1, true },
		{ U64_MAX - W, false }, { 1, false }, { 0, false }, END } },
	{ "jump to the end", 1, {
		{ U64_MAX, true }, { U64_MAX, false }, { 2, false },
		{ U64_MAX - 64, true }, END } },
};

static void replay_case_desc(const struct replay_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(replay, replay_cases, replay_case_desc);

static struct hip_replay *replay_new(struct kunit *test, u64 top)
{
	struct hip_replay *replay = kunit_kzalloc(test, sizeof(*replay),
						  GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, replay);
	hip_replay_init(replay);
	atomic64_set(&replay->top, top);
	return replay;
}

static void replay_test_steps(struct kunit *test)
{
	const struct replay_case *c = test->param_value;
	struct hip_replay *replay = replay_new(test, c->start);
	const struct replay_step *step;

	for (step = c->steps; step->seq || !step->ok; step++) {
		KUNIT_EXPECT_EQ_MSG(test, hip_replay_check(replay, step->seq),
				    step->ok, "check of %llx (step %td)",
				    step->seq, step - c->steps);
		KUNIT_EXPECT_EQ_MSG(test, hip_replay_commit(replay, step->seq),
				    step->ok, "commit of %llx (step %td)",
				    step->seq, step - c->steps);
	}
}

/* Every number once, in an order that jumps around within the window */
static void replay_test_permutation(struct kunit *test)
{
	struct hip_replay *replay = replay_new(test, HALF - W);
	u64 base = HALF - W + 1;
	unsigned int i;
	u64 seq;

	for (i = 0; i < 4 * HIP_REPLAY_WINDOW; i++) {
		/* 7 is prime to the 1000 of a round */
		seq = base + i / 1000 * 1000 + i * 7 % 1000;
		KUNIT_ASSERT_TRUE(test, hip_replay_commit(replay, seq));
		KUNIT_ASSERT_FALSE(test, hip_replay_check(replay, seq));
		KUNIT_ASSERT_FALSE(test, hip_replay_commit(replay, seq));
	}
}

/**
 * struct replay_seq_case - a sequence number of which the high half is missing
 * @top: the highest number so far
 * @low: the half that came
 * @seq: what is meant; 0: nothing valid
 */
struct replay_seq_case {
	u64 top;
	u32 low;
	u64 seq;
};

static const struct replay_seq_case replay_seq_cases[] = {
	/* the first packets */
	{ 0, 1, 1 },
	{ 0, 0, 0 },
	{ 0, 0x7fffffff, 0x7fffffff },
	{ 0, U32_MAX, 0 },
	{ 5, 4, 4 },
	{ 5, 6, 6 },
	/* case A: the window within one high half */
	{ W - 1, 0, HALF * 0 },
	{ 0x80000000, 0x80000001, 0x80000001 },
	{ 0x80000000, 0x80000000 - W + 1, 0x80000000 - W + 1 },
	{ 0x80000000, 0x80000000 - W, HALF + 0x80000000 - W },
	{ 0x80000000, 1, HALF + 1 },
	{ 3 * HALF + 0x80000000, 0x80000001, 3 * HALF + 0x80000001 },
	{ 3 * HALF + 0x80000000, 2, 4 * HALF + 2 },
	/* forward over the end of the low half */
	{ HALF - 1, 0, HALF },
	{ HALF - 1, 1, HALF + 1 },
	{ HALF - 1, U32_MAX, HALF - 1 },
	{ 7 * HALF - 3, 10, 7 * HALF + 10 },
	/* case B: the window begins in the high half before */
	{ HALF, U32_MAX, HALF - 1 },
	{ HALF, 0, HALF },
	{ HALF, 1, HALF + 1 },
	{ HALF + 5, U32_MAX, HALF - 1 },
	{ HALF + 5, U32_MAX - W + 7, HALF + 5 - W + 1 },
	{ HALF + 5, U32_MAX - W + 6, 2 * HALF - W + 5 },
	{ HALF + W - 2, U32_MAX, HALF - 1 },
	{ HALF + W - 1, U32_MAX, HALF + U32_MAX },
	{ 9 * HALF + 1, U32_MAX, 9 * HALF - 1 },
	/* the end of all numbers */
	{ U64_MAX, U32_MAX, U64_MAX },
	{ U64_MAX - 1, U32_MAX, U64_MAX },
	{ U64_MAX, U32_MAX - 1, U64_MAX - 1 },
	{ U64_MAX, 0, 0 },
	{ U64_MAX, 1, 0 },
	{ U64_MAX - HALF + 1, U32_MAX, U64_MAX - HALF },
};

static void replay_test_seq(struct kunit *test)
{
	const struct replay_seq_case *c;
	struct hip_replay *replay;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(replay_seq_cases); i++) {
		c = &replay_seq_cases[i];
		replay = replay_new(test, c->top);
		KUNIT_EXPECT_EQ_MSG(test, hip_replay_seq(replay, c->low, true),
				    c->seq, "%x after %llx", c->low, c->top);
		KUNIT_EXPECT_EQ(test, hip_replay_seq(replay, c->low, false),
				(u64)c->low);
	}
}

/* 32-bit numbers end where they end */
static void replay_test_32bit(struct kunit *test)
{
	struct hip_replay *replay = replay_new(test, U32_MAX - 1);
	u64 seq;

	seq = hip_replay_seq(replay, U32_MAX, false);
	KUNIT_EXPECT_TRUE(test, hip_replay_commit(replay, seq));
	seq = hip_replay_seq(replay, 0, false);
	KUNIT_EXPECT_FALSE(test, hip_replay_commit(replay, seq));
	seq = hip_replay_seq(replay, 1, false);
	KUNIT_EXPECT_FALSE(test, hip_replay_commit(replay, seq));
}

static void replay_test_width(struct kunit *test)
{
	KUNIT_EXPECT_GE(test, HIP_REPLAY_WINDOW, 2048);
	KUNIT_EXPECT_EQ(test, HIP_REPLAY_BITS & (HIP_REPLAY_BITS - 1), 0);
}

static struct kunit_case replay_test_cases[] = {
	KUNIT_CASE_PARAM(replay_test_steps, replay_gen_params),
	KUNIT_CASE(replay_test_permutation),
	KUNIT_CASE(replay_test_seq),
	KUNIT_CASE(replay_test_32bit),
	KUNIT_CASE(replay_test_width),
	{}
};

static struct kunit_suite replay_test_suite = {
	.name = "hip_replay",
	.test_cases = replay_test_cases,
};

kunit_test_suite(replay_test_suite);
