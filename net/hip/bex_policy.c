// SPDX-License-Identifier: GPL-2.0
/*
 * What to do with which packet in which state?
 *
 * The tables of RFC 7401, section 4.4.3, and the decisions of section 6 as pure
 * functions of numbers, so that every cell can be tested (tests/
 * bex_policy_test.c). Where text and tables disagree, or leave something to us,
 * the reason stands beside the line.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/minmax.h>

#include <hip/hip_wire.h>
#include <uapi/linux/hip.h>

#include "bex_policy.h"
#include "param.h"

/* Is there an association that an exchange would renew? */
static bool hip_policy_associated(u8 state)
{
	return state != HIP_STATE_UNASSOCIATED && state != HIP_STATE_E_FAILED;
}

/**
 * hip_policy_access() - may there be an exchange?
 * @accept: enum hip_accept of the local identity
 * @standing: what the administrator says of the peer
 * @initiator: this host is the Initiator
 * @state: enum hip_state of the association of the two, UNASSOCIATED if there
 *	is none
 *
 * Any context.  What an identity accepts bounds the role of the Initiator as
 * well: or a stranger who was let in before would come back by way of the data
 * that a socket still has for it.
 *
 * An identity that accepts nobody lets a known peer renew an association: a host
 * that only is an Initiator, too, must answer I1s of a peer that has lost its
 * state (RFC 7401, section 6.7.1), and without an answer to the I1 that crosses
 * ours, neither would lead to anything (section 4.1.5).
 *
 * Return: true if so.
 */
bool hip_policy_access(u8 accept, enum hip_standing standing, bool initiator,
		       u8 state)
{
	if (standing == HIP_STANDING_DENIED)
		return false;

	switch ((enum hip_accept)accept) {
	case HIP_ACCEPT_ALL:
		return true;
	case HIP_ACCEPT_KNOWN:
		return standing == HIP_STANDING_KNOWN;
	case HIP_ACCEPT_NONE:
		return standing == HIP_STANDING_KNOWN &&
		       (initiator || hip_policy_associated(state));
	case HIP_ACCEPT_NAMED:
		return standing != HIP_STANDING_ANONYMOUS;
	}
	return false;
}

/**
 * hip_policy_data() - what to do when there is data to send
 * @state: enum hip_state
 * @i1_outstanding: an I1 was sent and not answered yet
 *
 * Any context.
 *
 * Return: what to do.
 */
enum hip_data_verdict hip_policy_data(u8 state, bool i1_outstanding)
{
	switch ((enum hip_state)state) {
	case HIP_STATE_UNASSOCIATED:
	case HIP_STATE_CLOSING:
		return HIP_DATA_START;
	case HIP_STATE_CLOSED:
		/* Table 8: "Send I1 and stay at CLOSED" */
		return i1_outstanding ? HIP_DATA_WAIT : HIP_DATA_START;
	case HIP_STATE_I1_SENT:
	case HIP_STATE_I2_SENT:
		return HIP_DATA_WAIT;
	case HIP_STATE_R2_SENT:
	case HIP_STATE_ESTABLISHED:
		return HIP_DATA_SEND;
	case HIP_STATE_E_FAILED:
		break;
	}
	return HIP_DATA_REJECT;
}

/**
 * hip_policy_answer_i1() - is an I1 answered with an R1?
 * @state: enum hip_state of the association with the sender, if any
 * @hit_cmp: hip_hit_cmp() of the local and the peer's HIT
 *
 * Any context.  RFC 7401, section 6.7 step 3: of two hosts that begin at the
 * same time, the one with the smaller HIT stays the Initiator.
 *
 * Return: true if so.
 */
bool hip_policy_answer_i1(u8 state, int hit_cmp)
{
	return state != HIP_STATE_I1_SENT || hit_cmp > 0;
}

/**
 * hip_policy_r1() - what to do with an R1
 * @state: enum hip_state
 * @i1_outstanding: an I1 was sent and not answered yet
 * @tries: how often it was sent
 * @counter: R1_COUNTER of the packet, NULL: none
 * @largest: the largest one of an authentic R1 from this peer, NULL: unknown
 *
 * Any context.  RFC 7401, section 6.8.  CLOSED answers an R1 only if it has
 * sent an I1: Table 8 and step 2 of the text contradict each other, and this is
 * what both allow.
 *
 * An R1 of an earlier generation may be a replay, but a peer may also have lost
 * its counter (section 4.1.4): it is taken if a retransmission did not bring a
 * better one.
 *
 * Return: HIP_VERDICT_PROCESS, _STATE or _OLD.
 */
enum hip_verdict hip_policy_r1(u8 state, bool i1_outstanding,
			       unsigned int tries, const u64 *counter,
			       const u64 *largest)
{
	switch ((enum hip_state)state) {
	case HIP_STATE_I1_SENT:
		break;
	case HIP_STATE_CLOSED:
		if (!i1_outstanding)
			return HIP_VERDICT_STATE;
		break;
	case HIP_STATE_I2_SENT:
		/* step 8: only a fresher one is worth starting over */
		if (!counter || !largest || *counter <= *largest)
			return HIP_VERDICT_STATE;
		return HIP_VERDICT_PROCESS;
	default:
		return HIP_VERDICT_STATE;
	}

	if (largest && (!counter || *counter < *largest) && tries < 2)
		return HIP_VERDICT_OLD;
	return HIP_VERDICT_PROCESS;
}

/**
 * hip_policy_i2() - what to do with an I2
 * @state: enum hip_state
 * @hit_cmp: hip_hit_cmp() of the local and the peer's HIT
 * @duplicate: it is the I2 that made this association
 * @replay: it has completed an exchange before
 *
 * Any context.  RFC 7401, section 6.9.  An I2 is welcome in E-FAILED: the table
 * says nothing, and the peer has proved that it can be reached.
 *
 * Return: HIP_VERDICT_PROCESS, _DUPLICATE, _REPLAY or _YIELD.
 */
enum hip_verdict hip_policy_i2(u8 state, int hit_cmp, bool duplicate,
			       bool replay)
{
	/* step 4; in ESTABLISHED, too, because data may have overtaken the
	 * peer's retransmission
	 */
	if (duplicate && (state == HIP_STATE_R2_SENT ||
			  state == HIP_STATE_ESTABLISHED))
		return HIP_VERDICT_DUPLICATE;
	if (replay)
		return HIP_VERDICT_REPLAY;
	/* step 5 */
	if (state == HIP_STATE_I2_SENT && hit_cmp < 0)
		return HIP_VERDICT_YIELD;
	return HIP_VERDICT_PROCESS;
}

/**
 * hip_policy_r2() - what to do with an R2
 * @state: enum hip_state
 *
 * Any context.  RFC 7401, section 6.10; "I1-SENT" in its step 2 means I2-SENT.
 *
 * Return: HIP_VERDICT_PROCESS or _STATE.
 */
enum hip_verdict hip_policy_r2(u8 state)
{
	return state == HIP_STATE_I2_SENT ? HIP_VERDICT_PROCESS :
					    HIP_VERDICT_STATE;
}

/**
 * hip_policy_close() - what to do with a CLOSE
 * @state: enum hip_state
 * @duplicate: it is the one that brought us to CLOSED
 *
 * Any context.  RFC 7401, section 6.14.
 *
 * Return: HIP_VERDICT_PROCESS, _DUPLICATE or _STATE.
 */
enum hip_verdict hip_policy_close(u8 state, bool duplicate)
{
	switch ((enum hip_state)state) {
	case HIP_STATE_CLOSED:
		return duplicate ? HIP_VERDICT_DUPLICATE : HIP_VERDICT_PROCESS;
	case HIP_STATE_I2_SENT:
	case HIP_STATE_R2_SENT:
	case HIP_STATE_ESTABLISHED:
	case HIP_STATE_CLOSING:
		return HIP_VERDICT_PROCESS;
	default:
		return HIP_VERDICT_STATE;
	}
}

/**
 * hip_policy_close_ack() - what to do with a CLOSE_ACK
 * @state: enum hip_state
 * @close_sent: we have sent a CLOSE
 *
 * Any context.  RFC 7401, section 6.15.
 *
 * Return: HIP_VERDICT_PROCESS or _STATE.
 */
enum hip_verdict hip_policy_close_ack(u8 state, bool close_sent)
{
	if (close_sent && (state == HIP_STATE_CLOSING ||
			   state == HIP_STATE_CLOSED))
		return HIP_VERDICT_PROCESS;
	return HIP_VERDICT_STATE;
}

/**
 * hip_policy_dh_group() - did the Responder choose the right DH group?
 * @r1: parsed R1
 * @group: DH group of its DIFFIE_HELLMAN
 * @ours: the DH_GROUP_LIST of our I1
 * @n_ours: its number of entries
 *
 * Any context.  RFC 7401, sections 4.1.7 and 6.8 step 7.  The step asks for the
 * first entry of the Responder's list, but section 5.2.6 has the Responder
 * choose the first one that is also in ours; anything else means that somebody
 * has changed our I1.
 *
 * Return: 0, -ENOENT if there is no common group, -EPROTO if @group is not the
 * best choice.
 */
int hip_policy_dh_group(const struct hip_msg *r1, u8 group, const u8 *ours,
			unsigned int n_ours)
{
	unsigned int i, n;
	int theirs;

	for (n = 0;; n++) {
		theirs = hip_get_list(r1, HIP_PARAM_DH_GROUP_LIST, n);
		if (theirs < 0)
			return -ENOENT;
		for (i = 0; i < n_ours; i++)
			if (theirs == ours[i])
				return theirs == group ? 0 : -EPROTO;
	}
}

/**
 * hip_policy_backoff() - how long to wait for an answer
 * @timeout: for the first transmission, milliseconds
 * @tries: transmissions so far, from 1
 *
 * Any context.
 *
 * Return: milliseconds.
 */
unsigned int hip_policy_backoff(unsigned int timeout, unsigned int tries)
{
	u64 ms = (u64)max(timeout, 1U) << min(max(tries, 1U) - 1, 16U);

	return min_t(u64, ms, max_t(u64, timeout, HIP_BACKOFF_MAX));
}

/**
 * hip_policy_exchange_complete() - how long R2-SENT lasts without data
 * @timeout: time-out of the first I2, milliseconds
 * @retries: transmissions of an I2
 *
 * Any context.  RFC 7401, sections 4.4.1 and 6.9 step 21: until the peer, if it
 * is like us, has stopped sending its I2.
 *
 * Return: milliseconds.
 */
unsigned int hip_policy_exchange_complete(unsigned int timeout,
					  unsigned int retries)
{
	unsigned int tries;
	u64 ms = 0;

	for (tries = 1; tries <= min(retries, 16U); tries++)
		ms += hip_policy_backoff(timeout, tries);
	return min_t(u64, ms, INT_MAX);
}

/**
 * hip_policy_max_tries() - how often to send before giving up
 * @retries: config.retries
 * @hint: enum hip_reason from an unauthenticated source
 *
 * Any context.  RFC 7401, section 6.6.2: a hint may shorten the exchange, but
 * an answer has to be awaited for a reasonable time.
 *
 * Return: number of transmissions.
 */
unsigned int hip_policy_max_tries(unsigned int retries, u8 hint)
{
	if (hint == HIP_REASON_REFUSED)
		return min_t(unsigned int, retries, HIP_TRIES_REFUSED);
	return retries;
}

/**
 * hip_policy_errno() - what a socket shall see
 * @reason: enum hip_reason of a failed exchange
 *
 * Any context.
 *
 * Return: -EACCES if the peer or our own policy said no, or the peer proved to be
 * somebody else; -EHOSTUNREACH otherwise.
 */
int hip_policy_errno(u8 reason)
{
	switch ((enum hip_reason)reason) {
	case HIP_REASON_REFUSED:
	case HIP_REASON_AUTH_FAILED:
	case HIP_REASON_POLICY:
		return -EACCES;
	default:
		return -EHOSTUNREACH;
	}
}

/**
 * hip_policy_upcall_reason() - what a failed upcall means
 * @err: negative errno of an upcall
 *
 * Any context.
 *
 * Return: enum hip_reason.
 */
u8 hip_policy_upcall_reason(int err)
{
	switch (err) {
	case -ESRCH:
		return HIP_REASON_NO_HELPER;
	case -ENOKEY:
		return HIP_REASON_NO_KEY;
	case -EKEYREJECTED:
		return HIP_REASON_AUTH_FAILED;
	case -EOPNOTSUPP:
		return HIP_REASON_NEGOTIATION;
	case -EAGAIN:
		return HIP_REASON_LIMIT;
	case -ENOMEM:
		return HIP_REASON_NO_MEMORY;
	default:
		return HIP_REASON_HELPER_FAILED;
	}
}

/**
 * hip_policy_sa_reason() - why an SA could not be made
 * @err: negative errno of hip_assoc_install_in() or _out()
 *
 * Any context.
 *
 * Return: enum hip_reason.
 */
u8 hip_policy_sa_reason(int err)
{
	switch (err) {
	case -ENOENT:
	case -EOPNOTSUPP:
		return HIP_REASON_NEGOTIATION;
	case -EEXIST:
		return HIP_REASON_LIMIT;
	default:
		return HIP_REASON_NO_MEMORY;
	}
}

/**
 * hip_policy_notify_reason() - what a NOTIFY means for an exchange
 * @type: Notify Message Type
 *
 * Any context.  RFC 7401, section 5.2.19; RFC 7402, section 5.1.3.
 *
 * Return: enum hip_reason, HIP_REASON_NONE if the exchange may go on.
 */
u8 hip_policy_notify_reason(u16 type)
{
	switch (type) {
	case HIP_NOTIFY_NO_DH_PROPOSAL_CHOSEN:
	case HIP_NOTIFY_INVALID_DH_CHOSEN:
	case HIP_NOTIFY_NO_HIP_PROPOSAL_CHOSEN:
	case HIP_NOTIFY_INVALID_HIP_CIPHER_CHOSEN:
	case HIP_NOTIFY_NO_ESP_PROPOSAL_CHOSEN:
	case HIP_NOTIFY_INVALID_ESP_TRANSFORM_CHOSEN:
	case HIP_NOTIFY_UNSUPPORTED_HIT_SUITE:
		return HIP_REASON_NEGOTIATION;
	case HIP_NOTIFY_AUTHENTICATION_FAILED:
	case HIP_NOTIFY_HIP_MAC_FAILED:
	case HIP_NOTIFY_ENCRYPTION_FAILED:
		return HIP_REASON_AUTH_FAILED;
	case HIP_NOTIFY_INVALID_HIT:
	case HIP_NOTIFY_BLOCKED_BY_POLICY:
	case HIP_NOTIFY_CREDENTIALS_REQUIRED:
		return HIP_REASON_REFUSED;
	case HIP_NOTIFY_UNSUPPORTED_CRITICAL_PARAMETER_TYPE:
	case HIP_NOTIFY_INVALID_SYNTAX:
		return HIP_REASON_PROTOCOL;
	default:
		return HIP_REASON_NONE;
	}
}
