/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What to do with which packet in which state: RFC 7401, sections 4.4.3 and
 * 6.7 to 6.15, as pure functions.
 */
#ifndef _HIP_BEX_POLICY_H
#define _HIP_BEX_POLICY_H

#include <linux/types.h>

struct hip_msg;

/* With the data that a socket wants to send */
enum hip_data_verdict {
	HIP_DATA_WAIT,		/* an exchange is under way */
	HIP_DATA_START,		/* send an I1 */
	HIP_DATA_SEND,		/* there is an SA */
	HIP_DATA_REJECT,	/* E-FAILED */
};

/* With a control packet */
enum hip_verdict {
	HIP_VERDICT_PROCESS,
	HIP_VERDICT_STATE,	/* drop: not expected in this state */
	HIP_VERDICT_OLD,	/* drop: R1 of an earlier generation */
	HIP_VERDICT_YIELD,	/* drop: the peer will yield to our exchange */
	HIP_VERDICT_DUPLICATE,	/* answer as before */
	HIP_VERDICT_REPLAY,	/* drop: completed an exchange before */
};

/* What the administrator says of a peer */
enum hip_standing {
	HIP_STANDING_UNKNOWN,	/* nothing */
	HIP_STANDING_KNOWN,	/* a configured peer */
	HIP_STANDING_DENIED,	/* a configured peer that is denied access */
	HIP_STANDING_ANONYMOUS,	/* nothing, and it says that it is anonymous */
};

/* The longest interval between two transmissions, milliseconds */
#define HIP_BACKOFF_MAX		60000

/* Transmissions that remain sensible when somebody says that the peer refuses,
 * RFC 7401 6.6.2
 */
#define HIP_TRIES_REFUSED	2

bool hip_policy_access(u8 accept, enum hip_standing standing, bool initiator,
		       u8 state);
enum hip_data_verdict hip_policy_data(u8 state, bool i1_outstanding);
bool hip_policy_answer_i1(u8 state, int hit_cmp);
enum hip_verdict hip_policy_r1(u8 state, bool i1_outstanding,
			       unsigned int tries, const u64 *counter,
			       const u64 *largest);
enum hip_verdict hip_policy_i2(u8 state, int hit_cmp, bool duplicate,
			       bool replay);
enum hip_verdict hip_policy_r2(u8 state);
enum hip_verdict hip_policy_close(u8 state, bool duplicate);
enum hip_verdict hip_policy_close_ack(u8 state, bool close_sent);
int hip_policy_dh_group(const struct hip_msg *r1, u8 group, const u8 *ours,
			unsigned int n_ours);
unsigned int hip_policy_backoff(unsigned int timeout, unsigned int tries);
unsigned int hip_policy_exchange_complete(unsigned int timeout,
					  unsigned int retries);
unsigned int hip_policy_max_tries(unsigned int retries, u8 hint);
int hip_policy_errno(u8 reason);
u8 hip_policy_upcall_reason(int err);
u8 hip_policy_sa_reason(int err);
u8 hip_policy_notify_reason(u16 type);

#endif /* _HIP_BEX_POLICY_H */
