// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of bex_policy.c: the tables of RFC 7401, section 4.4.3, cell by cell.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/kernel.h>

#include <uapi/linux/hip.h>

#include "bex_policy.h"
#include "hip_test.h"
#include "param.h"

#define HIP_STATES	(HIP_STATE_E_FAILED + 1)

/* Every cell: what the identity accepts, what is said of the peer, our role, the
 * state of an association that there may be
 */
static void hip_policy_access_test(struct kunit *test)
{
	/* [accept][standing]: as Initiator, as Responder without, with one */
	static const char *const want[][4] = {
		[HIP_ACCEPT_ALL] = { "yyy", "yyy", "nnn", "yyy" },
		[HIP_ACCEPT_KNOWN] = { "nnn", "yyy", "nnn", "nnn" },
		[HIP_ACCEPT_NONE] = { "nnn", "yny", "nnn", "nnn" },
		[HIP_ACCEPT_NAMED] = { "yyy", "yyy", "nnn", "nnn" },
	};
	static const bool associated[HIP_STATES] = {
		[HIP_STATE_I1_SENT] = true,
		[HIP_STATE_I2_SENT] = true,
		[HIP_STATE_R2_SENT] = true,
		[HIP_STATE_ESTABLISHED] = true,
		[HIP_STATE_CLOSING] = true,
		[HIP_STATE_CLOSED] = true,
	};
	u8 accept, standing, state;
	const char *cell;

	for (accept = 0; accept < ARRAY_SIZE(want); accept++) {
		for (standing = 0; standing < ARRAY_SIZE(want[0]); standing++) {
			cell = want[accept][standing];
			for (state = 0; state < HIP_STATES; state++) {
				KUNIT_EXPECT_EQ_MSG(test, cell[0] == 'y',
						    hip_policy_access(accept, standing,
								      true, state),
						    "Initiator %u %u %u",
						    accept, standing, state);
				KUNIT_EXPECT_EQ_MSG(test,
						    cell[associated[state] ? 2 : 1] == 'y',
						    hip_policy_access(accept, standing,
								      false, state),
						    "Responder %u %u %u",
						    accept, standing, state);
			}
		}
	}
	/* what we don't know lets nobody in */
	KUNIT_EXPECT_FALSE(test, hip_policy_access(HIP_ACCEPT_NAMED + 1,
						   HIP_STANDING_KNOWN, true,
						   HIP_STATE_ESTABLISHED));
}

static void hip_policy_data_test(struct kunit *test)
{
	static const enum hip_data_verdict want[HIP_STATES] = {
		[HIP_STATE_UNASSOCIATED] = HIP_DATA_START,
		[HIP_STATE_I1_SENT] = HIP_DATA_WAIT,
		[HIP_STATE_I2_SENT] = HIP_DATA_WAIT,
		[HIP_STATE_R2_SENT] = HIP_DATA_SEND,
		[HIP_STATE_ESTABLISHED] = HIP_DATA_SEND,
		[HIP_STATE_CLOSING] = HIP_DATA_START,
		[HIP_STATE_CLOSED] = HIP_DATA_START,
		[HIP_STATE_E_FAILED] = HIP_DATA_REJECT,
	};
	u8 state;

	for (state = 0; state < HIP_STATES; state++)
		KUNIT_EXPECT_EQ_MSG(test, want[state],
				    hip_policy_data(state, false),
				    "state %u", state);
	KUNIT_EXPECT_EQ(test, HIP_DATA_WAIT,
			hip_policy_data(HIP_STATE_CLOSED, true));
}

static void hip_policy_i1_test(struct kunit *test)
{
	u8 state;

	for (state = 0; state < HIP_STATES; state++) {
		KUNIT_EXPECT_TRUE(test, hip_policy_answer_i1(state, 1));
		KUNIT_EXPECT_EQ(test, state != HIP_STATE_I1_SENT,
				hip_policy_answer_i1(state, -1));
	}
}

static void hip_policy_r1_test(struct kunit *test)
{
	static const u64 old = 7, same = 8, new = 9;
	u8 state;

	/* the first R1 of a peer */
	for (state = 0; state < HIP_STATES; state++)
		KUNIT_EXPECT_EQ_MSG(test,
				    state == HIP_STATE_I1_SENT ?
				    HIP_VERDICT_PROCESS : HIP_VERDICT_STATE,
				    hip_policy_r1(state, false, 1, &same, NULL),
				    "state %u", state);
	KUNIT_EXPECT_EQ(test, HIP_VERDICT_PROCESS,
			hip_policy_r1(HIP_STATE_CLOSED, true, 1, &same, NULL));
	KUNIT_EXPECT_EQ(test, HIP_VERDICT_STATE,
			hip_policy_r1(HIP_STATE_CLOSING, true, 1, &same,
				      NULL));

	/* section 4.1.4: replays, and a counter that was reset */
	KUNIT_EXPECT_EQ(test, HIP_VERDICT_OLD,
			hip_policy_r1(HIP_STATE_I1_SENT, true, 1, &old, &same));
	KUNIT_EXPECT_EQ(test, HIP_VERDICT_OLD,
			hip_policy_r1(HIP_STATE_I1_SENT, true, 1, NULL, &same));
	KUNIT_EXPECT_EQ(test, HIP_VERDICT_PROCESS,
			hip_policy_r1(HIP_STATE_I1_SENT, true, 2, &old, &same));
	KUNIT_EXPECT_EQ(test, HIP_VERDICT_PROCESS,
			hip_policy_r1(HIP_STATE_I1_SENT, true, 1, &same,
				      &same));
	KUNIT_EXPECT_EQ(test, HIP_VERDICT_PROCESS,
			hip_policy_r1(HIP_STATE_I1_SENT, true, 1, NULL, NULL));

	/* section 6.8 step 8 */
	KUNIT_EXPECT_EQ(test, HIP_VERDICT_PROCESS,
			hip_policy_r1(HIP_STATE_I2_SENT, false, 1, &new,
				      &same));
	KUNIT_EXPECT_EQ(test, HIP_VERDICT_STATE,
			hip_policy_r1(HIP_STATE_I2_SENT, false, 3, &same,
				      &same));
	KUNIT_EXPECT_EQ(test, HIP_VERDICT_STATE,
			hip_policy_r1(HIP_STATE_I2_SENT, false, 1, NULL,
				      &same));
}

static void hip_policy_i2_test(struct kunit *test)
{
	u8 state;

	for (state = 0; state < HIP_STATES; state++) {
		KUNIT_EXPECT_EQ_MSG(test, HIP_VERDICT_PROCESS,
				    hip_policy_i2(state, 1, false, false),
				    "state %u", state);
		KUNIT_EXPECT_EQ_MSG(test,
				    state == HIP_STATE_I2_SENT ?
				    HIP_VERDICT_YIELD : HIP_VERDICT_PROCESS,
				    hip_policy_i2(state, -1, false, false),
				    "state %u", state);
		KUNIT_EXPECT_EQ_MSG(test,
				    state == HIP_STATE_R2_SENT ||
				    state == HIP_STATE_ESTABLISHED ?
				    HIP_VERDICT_DUPLICATE : HIP_VERDICT_REPLAY,
				    hip_policy_i2(state, 1, true, true),
				    "state %u", state);
		KUNIT_EXPECT_EQ_MSG(test, HIP_VERDICT_REPLAY,
				    hip_policy_i2(state, -1, false, true),
				    "state %u", state);
	}
}

static void hip_policy_r2_test(struct kunit *test)
{
	u8 state;

	for (state = 0; state < HIP_STATES; state++)
		KUNIT_EXPECT_EQ_MSG(test,
				    state == HIP_STATE_I2_SENT ?
				    HIP_VERDICT_PROCESS : HIP_VERDICT_STATE,
				    hip_policy_r2(state), "state %u", state);
}

static void hip_policy_close_test(struct kunit *test)
{
	static const enum hip_verdict want[HIP_STATES] = {
		[HIP_STATE_UNASSOCIATED] = HIP_VERDICT_STATE,
		[HIP_STATE_I1_SENT] = HIP_VERDICT_STATE,
		[HIP_STATE_I2_SENT] = HIP_VERDICT_PROCESS,
		[HIP_STATE_R2_SENT] = HIP_VERDICT_PROCESS,
		[HIP_STATE_ESTABLISHED] = HIP_VERDICT_PROCESS,
		[HIP_STATE_CLOSING] = HIP_VERDICT_PROCESS,
		[HIP_STATE_CLOSED] = HIP_VERDICT_PROCESS,
		[HIP_STATE_E_FAILED] = HIP_VERDICT_STATE,
	};
	u8 state;

	for (state = 0; state < HIP_STATES; state++) {
		KUNIT_EXPECT_EQ_MSG(test, want[state],
				    hip_policy_close(state, false),
				    "state %u", state);
		KUNIT_EXPECT_EQ_MSG(test,
				    state == HIP_STATE_CLOSING ||
				    state == HIP_STATE_CLOSED ?
				    HIP_VERDICT_PROCESS : HIP_VERDICT_STATE,
				    hip_policy_close_ack(state, true),
				    "state %u", state);
		KUNIT_EXPECT_EQ_MSG(test, HIP_VERDICT_STATE,
				    hip_policy_close_ack(state, false),
				    "state %u", state);
	}
	KUNIT_EXPECT_EQ(test, HIP_VERDICT_DUPLICATE,
			hip_policy_close(HIP_STATE_CLOSED, true));
	KUNIT_EXPECT_EQ(test, HIP_VERDICT_PROCESS,
			hip_policy_close(HIP_STATE_ESTABLISHED, true));
}

/* The R1 of hip_test_packet() lists the groups 3, 4 and 8 */
static void hip_policy_dh_group_test(struct kunit *test)
{
	static const u8 ours[] = { 8, 7, 4 };
	static const u8 others[] = { 7, 9 };
	struct hip_msg msg;
	size_t len;
	u8 *buf;

	buf = kunit_kzalloc(test, HIP_MAX_LEN, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, buf);
	len = hip_test_packet(test, HIP_PKT_R1, buf);
	KUNIT_ASSERT_EQ(test, 0, hip_msg_parse(&msg, buf, len));

	/* the Responder's preference counts, not ours */
	KUNIT_EXPECT_EQ(test, 0,
			hip_policy_dh_group(&msg, 4, ours, ARRAY_SIZE(ours)));
	KUNIT_EXPECT_EQ(test, -EPROTO,
			hip_policy_dh_group(&msg, 8, ours, ARRAY_SIZE(ours)));
	/* its best one, which we did not ask for */
	KUNIT_EXPECT_EQ(test, -EPROTO,
			hip_policy_dh_group(&msg, 3, ours, ARRAY_SIZE(ours)));
	KUNIT_EXPECT_EQ(test, -ENOENT,
			hip_policy_dh_group(&msg, 3, others,
					    ARRAY_SIZE(others)));
	KUNIT_EXPECT_EQ(test, -ENOENT, hip_policy_dh_group(&msg, 3, ours, 0));
}

static void hip_policy_timers_test(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, 1000U, hip_policy_backoff(1000, 1));
	KUNIT_EXPECT_EQ(test, 2000U, hip_policy_backoff(1000, 2));
	KUNIT_EXPECT_EQ(test, 16000U, hip_policy_backoff(1000, 5));
	KUNIT_EXPECT_EQ(test, 60000U, hip_policy_backoff(1000, 7));
	KUNIT_EXPECT_EQ(test, 60000U, hip_policy_backoff(1000, UINT_MAX));
	/* never below what was asked for, never nothing */
	KUNIT_EXPECT_EQ(test, 90000U, hip_policy_backoff(90000, 4));
	KUNIT_EXPECT_EQ(test, UINT_MAX, hip_policy_backoff(UINT_MAX, 9));
	KUNIT_EXPECT_EQ(test, 1U, hip_policy_backoff(0, 1));
	KUNIT_EXPECT_EQ(test, 1000U, hip_policy_backoff(1000, 0));

	KUNIT_EXPECT_EQ(test, 31000U, hip_policy_exchange_complete(1000, 5));
	KUNIT_EXPECT_LE(test, hip_policy_exchange_complete(UINT_MAX, UINT_MAX),
			(unsigned int)INT_MAX);

	KUNIT_EXPECT_EQ(test, 5U, hip_policy_max_tries(5, HIP_REASON_NONE));
	KUNIT_EXPECT_EQ(test, 5U,
			hip_policy_max_tries(5, HIP_REASON_NEGOTIATION));
	KUNIT_EXPECT_EQ(test, 2U, hip_policy_max_tries(5, HIP_REASON_REFUSED));
	KUNIT_EXPECT_EQ(test, 1U, hip_policy_max_tries(1, HIP_REASON_REFUSED));
}

static void hip_policy_errno_test(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, -EACCES, hip_policy_errno(HIP_REASON_REFUSED));
	KUNIT_EXPECT_EQ(test, -EACCES,
			hip_policy_errno(HIP_REASON_AUTH_FAILED));
	KUNIT_EXPECT_EQ(test, -EACCES, hip_policy_errno(HIP_REASON_POLICY));
	KUNIT_EXPECT_EQ(test, -EHOSTUNREACH,
			hip_policy_errno(HIP_REASON_NO_ANSWER));
	KUNIT_EXPECT_EQ(test, -EHOSTUNREACH,
			hip_policy_errno(HIP_REASON_NO_MAPPING));
}

static void hip_policy_upcall_reason_test(struct kunit *test)
{
	static const struct {
		int err;
		u8 reason;
	} cases[] = {
		{ -ESRCH, HIP_REASON_NO_HELPER },
		{ -ENOKEY, HIP_REASON_NO_KEY },
		{ -EKEYREJECTED, HIP_REASON_AUTH_FAILED },
		{ -EOPNOTSUPP, HIP_REASON_NEGOTIATION },
		{ -EAGAIN, HIP_REASON_LIMIT },
		{ -ENOMEM, HIP_REASON_NO_MEMORY },
		{ -ETIMEDOUT, HIP_REASON_HELPER_FAILED },
		{ -EIO, HIP_REASON_HELPER_FAILED },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		KUNIT_EXPECT_EQ_MSG(test, cases[i].reason,
				    hip_policy_upcall_reason(cases[i].err),
				    "error %d", cases[i].err);
}

static void hip_policy_sa_reason_test(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, HIP_REASON_NEGOTIATION,
			hip_policy_sa_reason(-ENOENT));
	KUNIT_EXPECT_EQ(test, HIP_REASON_NEGOTIATION,
			hip_policy_sa_reason(-EOPNOTSUPP));
	KUNIT_EXPECT_EQ(test, HIP_REASON_LIMIT, hip_policy_sa_reason(-EEXIST));
	KUNIT_EXPECT_EQ(test, HIP_REASON_NO_MEMORY,
			hip_policy_sa_reason(-ENOMEM));
}

/* RFC 7401, section 5.2.19: each error says no for one of these reasons */
static void hip_policy_notify_reason_test(struct kunit *test)
{
	static const struct {
		u16 type;
		u8 reason;
	} cases[] = {
		{ HIP_NOTIFY_NO_DH_PROPOSAL_CHOSEN, HIP_REASON_NEGOTIATION },
		{ HIP_NOTIFY_INVALID_DH_CHOSEN, HIP_REASON_NEGOTIATION },
		{ HIP_NOTIFY_NO_HIP_PROPOSAL_CHOSEN, HIP_REASON_NEGOTIATION },
		{ HIP_NOTIFY_INVALID_HIP_CIPHER_CHOSEN,
		  HIP_REASON_NEGOTIATION },
		{ HIP_NOTIFY_NO_ESP_PROPOSAL_CHOSEN, HIP_REASON_NEGOTIATION },
		{ HIP_NOTIFY_INVALID_ESP_TRANSFORM_CHOSEN,
		  HIP_REASON_NEGOTIATION },
		{ HIP_NOTIFY_UNSUPPORTED_HIT_SUITE, HIP_REASON_NEGOTIATION },
		{ HIP_NOTIFY_AUTHENTICATION_FAILED, HIP_REASON_AUTH_FAILED },
		{ HIP_NOTIFY_HIP_MAC_FAILED, HIP_REASON_AUTH_FAILED },
		{ HIP_NOTIFY_ENCRYPTION_FAILED, HIP_REASON_AUTH_FAILED },
		{ HIP_NOTIFY_INVALID_HIT, HIP_REASON_REFUSED },
		{ HIP_NOTIFY_BLOCKED_BY_POLICY, HIP_REASON_REFUSED },
		{ HIP_NOTIFY_CREDENTIALS_REQUIRED, HIP_REASON_REFUSED },
		{ HIP_NOTIFY_UNSUPPORTED_CRITICAL_PARAMETER_TYPE,
		  HIP_REASON_PROTOCOL },
		{ HIP_NOTIFY_INVALID_SYNTAX, HIP_REASON_PROTOCOL },
		{ HIP_NOTIFY_I2_ACKNOWLEDGEMENT, HIP_REASON_NONE },
		{ HIP_NOTIFY_NAT_KEEPALIVE, HIP_REASON_NONE },
		{ 0, HIP_REASON_NONE },
		{ 4711, HIP_REASON_NONE },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		KUNIT_EXPECT_EQ_MSG(test, cases[i].reason,
				    hip_policy_notify_reason(cases[i].type),
				    "type %u", cases[i].type);
}

static struct kunit_case hip_bex_policy_cases[] = {
	KUNIT_CASE(hip_policy_access_test),
	KUNIT_CASE(hip_policy_data_test),
	KUNIT_CASE(hip_policy_i1_test),
	KUNIT_CASE(hip_policy_r1_test),
	KUNIT_CASE(hip_policy_i2_test),
	KUNIT_CASE(hip_policy_r2_test),
	KUNIT_CASE(hip_policy_close_test),
	KUNIT_CASE(hip_policy_dh_group_test),
	KUNIT_CASE(hip_policy_timers_test),
	KUNIT_CASE(hip_policy_errno_test),
	KUNIT_CASE(hip_policy_upcall_reason_test),
	KUNIT_CASE(hip_policy_sa_reason_test),
	KUNIT_CASE(hip_policy_notify_reason_test),
	{}
};

static struct kunit_suite hip_bex_policy_suite = {
	.name = "hip_bex_policy",
	.test_cases = hip_bex_policy_cases,
};

kunit_test_suites(&hip_bex_policy_suite);
