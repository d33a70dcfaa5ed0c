// SPDX-License-Identifier: GPL-2.0
/*
 * The base exchange, from the Initiator's side: I1 goes out, R1 comes in, I2
 * goes out, R2 comes in. RFC 7401, sections 6.6, 6.8 and 6.10.
 *
 * An I1 is not authenticated by anything, so every R1 is suspect: what is cheap
 * is checked before hipd is asked about the signature, the puzzle is solved
 * only after that, and what a bad one says never ends the exchange.
 */
#include <linux/errno.h>
#include <linux/random.h>
#include <linux/string.h>

#include "access.h"
#include "assoc.h"
#include "auth.h"
#include "bex.h"
#include "bex_policy.h"
#include "crypto.h"
#include "ctrl.h"
#include "hit.h"
#include "identity.h"
#include "net.h"
#include "opportunistic.h"
#include "peer.h"
#include "puzzle.h"
#include "sa.h"
#include "stats.h"
#include "upcall.h"

/* Longest time for a puzzle, milliseconds: nobody waits for more than the MSL */
#define HIP_PUZZLE_TIME_MAX	120000

/* Header and a DH_GROUP_LIST */
#define HIP_I1_LEN_MAX \
	(HIP_HDR_LEN + HIP_TLV_SIZE(HIP_CONFIG_LIST_MAX))

/* I1 */

static bool hip_is_route_error(int err)
{
	switch (err) {
	case -ENETUNREACH:
	case -EHOSTUNREACH:
	case -ENETDOWN:
	case -EADDRNOTAVAIL:
	case -ELOOP:
	case -EACCES:		/* a "prohibit" route */
		return true;
	default:
		return false;
	}
}

/* The configuration may change before the R1 comes, but what we prefer in this
 * exchange must not: RFC 7401, section 6.6 and section 6.8 step 7
 */
static void hip_i1_choose_groups(struct hip_assoc *assoc)
{
	const struct hip_config *config = &assoc->hn->config;

	mutex_lock(&assoc->hn->lock);
	assoc->n_i1_dh_groups = config->n_dh_groups;
	memcpy(assoc->i1_dh_groups, config->dh_groups,
	       sizeof(assoc->i1_dh_groups));
	mutex_unlock(&assoc->hn->lock);
}

static int hip_i1_build(struct hip_assoc *assoc, u8 *buf, size_t size)
{
	struct hip_builder b;

	hip_build_init(&b, buf, size, HIP_PKT_I1, 0, &assoc->key.local,
		       hip_assoc_is_opportunistic(assoc) ? NULL :
							   &assoc->key.peer);
	hip_build_dh_group_list(&b, assoc->i1_dh_groups,
				assoc->n_i1_dh_groups);
	return hip_build_finish(&b);
}

/* To one locator: RFC 7401 section 6.6.1 forbids more on retransmission */
static int hip_i1_send_to(struct hip_assoc *assoc, const struct in6_addr *dst,
			  const u8 *buf, size_t len)
{
	struct in6_addr src = in6addr_any;
	int err;

	err = hip_ctrl_send(assoc->hn, &src, dst, buf, len);
	if (err)
		return err;
	HIP_INC_STATS(assoc->hn, I1_TX);
	hip_assoc_set_locators(assoc, &src, dst);
	return 0;
}

/* To the next of the peer's locators that can be sent to. A peer that is not
 * configured has contacted us before, and is where it was then.
 */
static int hip_i1_send(struct hip_assoc *assoc)
{
	struct in6_addr known = assoc->peer_locator;
	const struct in6_addr *locators = &known;
	u8 buf[HIP_I1_LEN_MAX];
	unsigned int i, n = 1;
	struct hip_peer *peer;
	int len, err = 0;

	len = hip_i1_build(assoc, buf, sizeof(buf));
	if (len < 0)
		return len;

	peer = hip_peer_find(assoc->hn, &assoc->key.peer);
	if (peer && peer->n_locators) {
		locators = peer->locators;
		n = peer->n_locators;
	}
	for (i = 0; i < n; i++) {
		err = hip_i1_send_to(assoc,
				     &locators[assoc->locator_next++ % n],
				     buf, len);
		if (!hip_is_route_error(err))
			break;
	}
	if (peer)
		hip_peer_put(peer);
	return err;
}

/* Nothing of an earlier incarnation is left, except in CLOSED */
static void hip_bex_restart(struct hip_assoc *assoc)
{
	if (assoc->state != HIP_STATE_CLOSED) {
		hip_assoc_drop_sas(assoc);
		hip_assoc_wipe_keys(assoc);
		hip_assoc_store(assoc, NULL, 0);
		assoc->close_sent = false;
		/* before the state, whose event tells our role */
		spin_lock_bh(&assoc->lock);
		assoc->initiator = true;
		spin_unlock_bh(&assoc->lock);
		hip_assoc_set_state(assoc, HIP_STATE_I1_SENT, HIP_REASON_NONE);
	}
	assoc->i1_outstanding = true;
	assoc->tries = 0;
	assoc->locator_next = 0;
	assoc->again = false;
	assoc->doomed = HIP_REASON_NONE;
	WRITE_ONCE(assoc->hint, HIP_REASON_NONE);
}

static bool hip_bex_knows_locator(struct hip_assoc *assoc)
{
	return !ipv6_addr_any(&assoc->peer_locator) ||
	       hip_peer_has_locator(assoc->hn, &assoc->key.peer);
}

/* Does our own policy forbid this exchange, perhaps since a moment ago? Then it
 * is over, and @item has counted it.
 */
static bool hip_bex_blocked(struct hip_assoc *assoc, enum hip_mib_item item)
{
	if (hip_access_caller(assoc->identity, &assoc->key.peer))
		return false;

	hip_stats_add(assoc->hn, item, 1);
	/* The peer is still to learn that the association before is closed */
	if (assoc->state == HIP_STATE_CLOSING)
		hip_assoc_reject_queue(assoc, -EACCES);
	else
		hip_assoc_fail(assoc, hip_policy_errno(HIP_REASON_POLICY),
			       HIP_REASON_POLICY);
	return true;
}

static int hip_i1_transmit(struct hip_assoc *assoc)
{
	struct hip_net *hn = assoc->hn;
	int err;

	err = hip_i1_send(assoc);
	if (hip_is_route_error(err))
		hip_assoc_hint(assoc, HIP_REASON_NO_ROUTE);
	assoc->tries++;
	hip_assoc_arm(assoc,
		      hip_policy_backoff(READ_ONCE(hn->config.i1_timeout),
					 assoc->tries));
	return err;
}

/**
 * hip_bex_start() - begin a base exchange
 * @assoc: association in UNASSOCIATED, CLOSING, CLOSED or E-FAILED; its mutex
 *	is held
 *
 * Process context.  RFC 7401, section 6.6.  What can be known to fail fails at
 * once, so that whoever waits learns of it without a time-out.
 */
void hip_bex_start(struct hip_assoc *assoc)
{
	struct hip_net *hn = assoc->hn;
	u8 reason = HIP_REASON_NONE;

	lockdep_assert_held(&assoc->mutex);

	if (READ_ONCE(assoc->identity->dead)) {
		reason = HIP_REASON_NO_IDENTITY;
	} else if (hip_bex_blocked(assoc, HIP_MIB_OUT_POLICY)) {
		return;
	} else if (!hip_bex_knows_locator(assoc)) {
		HIP_INC_STATS(hn, OUT_NO_PEER);
		reason = HIP_REASON_NO_MAPPING;
	} else if (!hip_upcall_available(hn)) {
		HIP_INC_STATS(hn, UPCALL_NO_HELPER);
		reason = HIP_REASON_NO_HELPER;
	}
	if (reason != HIP_REASON_NONE) {
		hip_assoc_fail(assoc, hip_policy_errno(reason), reason);
		return;
	}

	assoc->busy = 0;
	hip_bex_restart(assoc);
	hip_i1_choose_groups(assoc);
	if (hip_is_route_error(hip_i1_transmit(assoc)))
		hip_assoc_fail(assoc, hip_policy_errno(HIP_REASON_NO_ROUTE),
			       HIP_REASON_NO_ROUTE);
}

/**
 * hip_bex_adopt() - go on where an exchange without the peer's HIT has got to
 * @assoc: association of that HIT, in a state that hip_bex_start() allows; its
 *	mutex is held
 * @opp: association in I1-SENT whose I1 an R1 has answered; its mutex is held
 *
 * Process context.  It is as if @assoc had sent that I1.
 */
void hip_bex_adopt(struct hip_assoc *assoc, const struct hip_assoc *opp)
{
	lockdep_assert_held(&assoc->mutex);

	assoc->busy = 0;
	hip_assoc_set_locators(assoc, &opp->local_locator, &opp->peer_locator);
	hip_bex_restart(assoc);
	assoc->n_i1_dh_groups = opp->n_i1_dh_groups;
	memcpy(assoc->i1_dh_groups, opp->i1_dh_groups,
	       sizeof(assoc->i1_dh_groups));
	assoc->tries = opp->tries;
	hip_assoc_arm(assoc, READ_ONCE(assoc->hn->config.i1_timeout));
}

static void hip_i2_transmit(struct hip_assoc *assoc)
{
	struct in6_addr src = assoc->local_locator;
	struct hip_net *hn = assoc->hn;

	if (!hip_ctrl_send(hn, &src, &assoc->peer_locator, assoc->retx,
			   assoc->retx_len))
		HIP_INC_STATS(hn, I2_TX);
	assoc->tries++;
	hip_assoc_arm(assoc,
		      hip_policy_backoff(READ_ONCE(hn->config.i2_timeout),
					 assoc->tries));
}

/**
 * hip_bex_busy() - the Responder does not want our I2 now
 * @assoc: association in I2-SENT; its mutex is held
 *
 * Process context.  RFC 7401, section 5.2.19, RESPONDER_BUSY_PLEASE_RETRY: at the
 * next time-out a new I1 brings a new R1, and the next I2 has another solution.
 */
void hip_bex_busy(struct hip_assoc *assoc)
{
	lockdep_assert_held(&assoc->mutex);

	assoc->again = true;
}

/* An I1 in the place of the I2. It is the peer's signature that asks for it, so
 * its number is bounded as well.
 */
static void hip_bex_again(struct hip_assoc *assoc)
{
	assoc->busy++;
	hip_bex_restart(assoc);
	hip_i1_choose_groups(assoc);
	hip_i1_transmit(assoc);
}

/**
 * hip_bex_timeout() - an I1 or I2 was not answered in time
 * @assoc: association in I1-SENT or I2-SENT, or in CLOSED with an I1
 *	outstanding; its mutex is held
 *
 * Process context.  RFC 7401, section 4.4.3, Tables 3 and 4.
 */
void hip_bex_timeout(struct hip_assoc *assoc)
{
	u8 hint = READ_ONCE(assoc->hint);
	struct hip_net *hn = assoc->hn;
	u32 retries = READ_ONCE(hn->config.retries);
	u8 reason = assoc->doomed;
	u32 tries = retries;

	lockdep_assert_held(&assoc->mutex);

	if (reason == HIP_REASON_NONE && assoc->again &&
	    assoc->busy + 1 >= retries)
		reason = HIP_REASON_REFUSED;
	/* Section 6.6.2 is about an I1: whoever has sent an I2 waits for the R2 */
	if (assoc->state != HIP_STATE_I2_SENT)
		tries = hip_policy_max_tries(retries, hint);
	if (reason == HIP_REASON_NONE && assoc->tries >= tries)
		reason = hint ?: HIP_REASON_NO_ANSWER;
	if (reason != HIP_REASON_NONE) {
		hip_assoc_fail(assoc, hip_policy_errno(reason), reason);
		return;
	}
	if (hip_bex_blocked(assoc, HIP_MIB_OUT_POLICY))
		return;

	HIP_INC_STATS(hn, RETRANS);
	if (assoc->again)
		hip_bex_again(assoc);
	else if (assoc->state == HIP_STATE_I2_SENT)
		hip_i2_transmit(assoc);
	else
		hip_i1_transmit(assoc);
}

/* R1 */

/* What an R1 offers does not suit us. Another one may come that does. */
static void hip_r1_doom(struct hip_assoc *assoc, struct hip_ctrl_packet *pkt,
			u16 notify)
{
	if (assoc->doomed == HIP_REASON_NONE)
		hip_notify_tx(assoc, &pkt->dst, &pkt->src, notify, NULL, 0);
	hip_bex_doom(assoc, HIP_REASON_NEGOTIATION);
}

/* The cheap checks; RFC 7401 section 6.8 steps 1 to 3, 8, 10 and 12 */
static int hip_r1_check(struct hip_assoc *assoc, const struct hip_msg *msg,
			struct hip_bex *bex)
{
	struct hip_net *hn = assoc->hn;
	struct hip_puzzle puzzle;
	struct hip_dh dh;

	if (hip_get_host_id(msg, &bex->host_id) ||
	    hip_get_puzzle(msg, &puzzle) || hip_get_dh(msg, &dh)) {
		HIP_INC_STATS(hn, CTRL_MISSING);
		return -EINVAL;
	}
	if (puzzle.rhash_len != bex->rhash_len) {
		HIP_INC_STATS(hn, CTRL_PARAM_LENGTH);
		return -EINVAL;
	}
	if (hip_bex_check_host_id(assoc, &bex->host_id))
		return -EINVAL;
	bex->anonymous = hip_msg_is_anonymous(msg);
	if (puzzle.k > READ_ONCE(hn->config.puzzle_k_max)) {
		HIP_INC_STATS(hn, PUZZLE_HARD);
		hip_assoc_hint(assoc, HIP_REASON_PUZZLE);
		return -EINVAL;
	}
	return 0;
}

/* The choices; RFC 7401 section 6.8 steps 6, 7, 14 and 15. The R1 is genuine. */
static int hip_r1_negotiate(struct hip_assoc *assoc,
			    struct hip_ctrl_packet *pkt, struct hip_bex *bex)
{
	const struct hip_bex_offer *offer = &bex->offer;
	const struct hip_msg *msg = &pkt->msg;
	struct hip_net *hn = assoc->hn;
	struct hip_dh dh;
	int id, err;

	if (!hip_offers(msg, HIP_PARAM_HIT_SUITE_LIST,
			hip_hit_suite(&assoc->key.local))) {
		HIP_INC_STATS(hn, CTRL_HIT);
		hip_r1_doom(assoc, pkt, HIP_NOTIFY_UNSUPPORTED_HIT_SUITE);
		return -ENOENT;
	}

	hip_get_dh(msg, &dh);
	err = hip_policy_dh_group(msg, dh.group, assoc->i1_dh_groups,
				  assoc->n_i1_dh_groups);
	if (err == -ENOENT) {
		HIP_INC_STATS(hn, DH_NONE);
		hip_r1_doom(assoc, pkt, HIP_NOTIFY_NO_DH_PROPOSAL_CHOSEN);
		return err;
	}
	if (err) {
		/* Our I1 was changed on its way: the next one may not be */
		HIP_INC_STATS(hn, DH_DOWNGRADE);
		hip_assoc_hint(assoc, HIP_REASON_NEGOTIATION);
		return err;
	}
	bex->dh_group = dh.group;

	id = hip_choose(msg, HIP_PARAM_HIP_CIPHER, offer->hip_ciphers,
			offer->n_hip_ciphers);
	if (id < 0) {
		HIP_INC_STATS(hn, CIPHER_NONE);
		hip_r1_doom(assoc, pkt, HIP_NOTIFY_NO_HIP_PROPOSAL_CHOSEN);
		return id;
	}
	bex->hip_cipher = id;

	if (!hip_offers(msg, HIP_PARAM_TRANSPORT_FORMAT_LIST,
			HIP_TRANSPORT_FORMAT_ESP)) {
		HIP_INC_STATS(hn, FORMAT_NONE);
		hip_r1_doom(assoc, pkt, HIP_NOTIFY_NO_ESP_PROPOSAL_CHOSEN);
		return -ENOENT;
	}
	id = hip_choose(msg, HIP_PARAM_ESP_TRANSFORM, offer->esp_suites,
			offer->n_esp_suites);
	if (id < 0) {
		HIP_INC_STATS(hn, ESP_NONE);
		hip_r1_doom(assoc, pkt, HIP_NOTIFY_NO_ESP_PROPOSAL_CHOSEN);
		return id;
	}
	bex->esp_suite = id;
	return 0;
}

/* RFC 7401 section 6.3 and section 6.8 step 12 */
static int hip_r1_solve(struct hip_assoc *assoc, const struct hip_msg *msg,
			struct hip_bex *bex, unsigned long received)
{
	struct hip_net *hn = assoc->hn;
	struct hip_puzzle puzzle;
	u64 lifetime, gone;
	int err;

	hip_get_puzzle(msg, &puzzle);
	memcpy(bex->i, puzzle.i, bex->rhash_len);
	if (!puzzle.k) {
		get_random_bytes(bex->j, bex->rhash_len);
		return 0;
	}

	lifetime = min_t(u64, hip_puzzle_lifetime_ms(puzzle.lifetime),
			 HIP_PUZZLE_TIME_MAX);
	gone = jiffies_to_msecs(jiffies - received);
	if (gone >= lifetime) {
		HIP_INC_STATS(hn, PUZZLE_EXPIRED);
		hip_assoc_hint(assoc, HIP_REASON_PUZZLE);
		return -ETIME;
	}

	err = hip_upcall_puzzle(hn, &assoc->upcalls, bex->rhash_suite, puzzle.k,
				bex->i, &assoc->key.local, &assoc->key.peer,
				lifetime - gone, bex->j);
	if (!err && READ_ONCE(assoc->dead))
		err = -ECANCELED;
	if (err == -ENOENT || err == -ETIMEDOUT) {
		HIP_INC_STATS(hn, PUZZLE_EXPIRED);
		hip_assoc_hint(assoc, HIP_REASON_PUZZLE);
	} else if (err) {
		hip_bex_upcall_failed(assoc, err);
	}
	return err;
}

/* I2 */

/* Each echo request has a response of its kind, RFC 7401 5.2.20 and 5.2.21 */
static void hip_i2_build_echo(struct hip_builder *b, const struct hip_msg *r1,
			      u16 request, u16 response)
{
	struct hip_param p;

	hip_msg_for_each_param(r1, request, &p)
		hip_build_param(b, response, p.data, p.len);
}

static void hip_i2_build_host_id(struct hip_assoc *assoc, struct hip_bex *bex)
{
	const struct hip_identity *id = assoc->identity;
	ssize_t len;

	len = hip_encrypt(bex->hip_cipher, bex->keys.hip_enc_out, bex->text,
			  sizeof(bex->text), id->host_id, id->host_id_len);
	if (len < 0)
		bex->b.err = len;
	else
		hip_build_encrypted(&bex->b, bex->text, len);
}

/* RFC 7401 section 5.3.3, RFC 7402 section 5.2.1.2; in TLV order */
static int hip_i2_build(struct hip_assoc *assoc, const struct hip_msg *r1,
			struct hip_bex *bex)
{
	static const u16 format = HIP_TRANSPORT_FORMAT_ESP;
	struct hip_builder *b = &bex->b;
	struct hip_puzzle puzzle;
	struct hip_param p;
	int err;

	hip_build_init(b, bex->pkt, sizeof(bex->pkt), HIP_PKT_I2,
		       assoc->identity->anonymous ? HIP_CONTROL_ANON : 0,
		       &assoc->key.local, &assoc->key.peer);
	hip_build_esp_info(b, bex->keys.keymat_index, 0, bex->spi_in);
	/* unmodified, reserved octets and all */
	if (hip_msg_first(r1, HIP_PARAM_R1_COUNTER, &p))
		hip_build_param(b, HIP_PARAM_R1_COUNTER, p.data, p.len);
	hip_get_puzzle(r1, &puzzle);
	hip_build_solution(b, puzzle.k, puzzle.opaque, bex->i, bex->j,
			   bex->rhash_len);
	hip_build_dh(b, bex->dh.group, bex->dh.public, bex->dh.public_len);
	hip_build_hip_cipher(b, &bex->hip_cipher, 1);
	hip_i2_build_host_id(assoc, bex);
	hip_i2_build_echo(b, r1, HIP_PARAM_ECHO_REQUEST_SIGNED,
			  HIP_PARAM_ECHO_RESPONSE_SIGNED);
	hip_build_transport_format_list(b, &format, 1);
	hip_build_esp_transform(b, &bex->esp_suite, 1);
	hip_auth_add_mac(b, HIP_PARAM_HIP_MAC, bex->rhash_suite, &bex->keys,
			 NULL, 0);
	err = hip_auth_add_signature(assoc, b);
	if (err)
		return err;
	hip_i2_build_echo(b, r1, HIP_PARAM_ECHO_REQUEST_UNSIGNED,
			  HIP_PARAM_ECHO_RESPONSE_UNSIGNED);
	return hip_build_finish(b);
}

/* The Responder may send as soon as it has the I2, and its data may get here
 * while hipd verifies the R2. So the inbound SA exists from now on, as RFC 7402,
 * section 6.4 says: that data has a right ICV proves that it is from the host
 * that signed the R1.
 */
static void hip_i2_send(struct hip_assoc *assoc,
			const struct hip_ctrl_packet *r1, struct hip_bex *bex,
			size_t len)
{
	int err;

	err = hip_bex_commit(assoc, bex, true);
	if (!err)
		err = hip_assoc_store(assoc, bex->pkt, len);
	if (!err) {
		/* RFC 7401, section 6.6.1: where the R1 came from */
		hip_assoc_set_locators(assoc, &r1->dst, &r1->src);
		err = hip_assoc_install_in(assoc);
	}
	if (err) {
		hip_assoc_fail(assoc, -EHOSTUNREACH,
			       hip_policy_sa_reason(err));
		return;
	}
	hip_assoc_set_state(assoc, HIP_STATE_I2_SENT, HIP_REASON_NONE);
	assoc->tries = 0;
	hip_i2_transmit(assoc);
}

/* All that needs hipd, each step dearer than the one before */
static void hip_r1_process(struct hip_assoc *assoc, struct hip_ctrl_packet *pkt,
			   struct hip_bex *bex)
{
	const struct hip_msg *msg = &pkt->msg;
	unsigned long received = jiffies;
	struct hip_dh dh;
	u64 counter;
	int err;

	if (hip_r1_check(assoc, msg, bex))
		return;

	err = hip_bex_check_signature(assoc, msg, HIP_PARAM_HIP_SIGNATURE_2,
				      &bex->host_id);
	if (err)
		goto upcall_failed;

	/* step 11 */
	assoc->r1_counter_valid = !hip_get_r1_counter(msg, &counter);
	if (assoc->r1_counter_valid)
		assoc->r1_counter = counter;

	if (hip_r1_negotiate(assoc, pkt, bex))
		return;
	assoc->doomed = HIP_REASON_NONE;

	if (hip_r1_solve(assoc, msg, bex, received))
		return;

	err = hip_upcall_dh_generate(assoc->hn, &assoc->upcalls, bex->dh_group,
				     &bex->dh);
	if (!err && READ_ONCE(assoc->dead))
		err = -ECANCELED;
	if (err)
		goto upcall_failed;
	hip_get_dh(msg, &dh);
	err = hip_bex_derive(assoc, bex, &bex->dh, &dh);
	if (err)
		goto upcall_failed;

	bex->spi_in = hip_spi_alloc(assoc->hn);
	err = hip_i2_build(assoc, msg, bex);
	if (err < 0)
		goto upcall_failed;
	hip_i2_send(assoc, pkt, bex, err);
	return;

upcall_failed:
	if (err == -ENOSPC)	/* echoes that leave no room for our I2 */
		hip_assoc_hint(assoc, HIP_REASON_PROTOCOL);
	else
		hip_bex_upcall_failed(assoc, err);
}

/**
 * hip_bex_rx_r1() - an R1 came
 * @assoc: association with its sender; its mutex is held
 * @pkt: the packet
 *
 * Process context on hip_net::wq; sleeps in upcalls.  RFC 7401, section 6.8.
 * If hipd is away the state stays as it is, and the retransmitted I1 brings the
 * next R1.
 */
void hip_bex_rx_r1(struct hip_assoc *assoc, struct hip_ctrl_packet *pkt)
{
	struct hip_net *hn = assoc->hn;
	struct hip_bex *bex;
	bool have_counter;
	u64 counter;

	lockdep_assert_held(&assoc->mutex);

	have_counter = !hip_get_r1_counter(&pkt->msg, &counter);
	switch (hip_policy_r1(assoc->state, assoc->i1_outstanding,
			      assoc->tries, have_counter ? &counter : NULL,
			      assoc->r1_counter_valid ? &assoc->r1_counter :
							NULL)) {
	case HIP_VERDICT_PROCESS:
		break;
	case HIP_VERDICT_OLD:
		HIP_INC_STATS(hn, R1_COUNTER_OLD);
		return;
	default:
		HIP_INC_STATS(hn, CTRL_STATE);
		return;
	}
	if (hip_bex_blocked(assoc, HIP_MIB_R1_POLICY))
		return;

	bex = hip_bex_alloc(assoc, hip_hit_suite(&assoc->key.peer));
	if (!bex)
		return;
	hip_r1_process(assoc, pkt, bex);
	hip_bex_free(bex);
}

/* R2 */

/* RFC 7401 section 6.10; the MAC stands before the dear signature */
static int hip_r2_check(struct hip_assoc *assoc,
			const struct hip_ctrl_packet *pkt, __be32 *spi)
{
	const struct hip_msg *msg = &pkt->msg;
	int err;

	err = hip_auth_check_mac(assoc, msg, HIP_PARAM_HIP_MAC_2,
				 assoc->rhash_suite, &assoc->keys,
				 assoc->peer_host_id, assoc->peer_host_id_len);
	if (err)
		return err;
	err = hip_auth_check_peer_signature(assoc, msg);
	if (err) {
		hip_bex_upcall_failed(assoc, err);
		return err;
	}

	err = hip_bex_check_esp_info(assoc, msg, assoc->keys.keymat_index,
				     spi);
	if (err)
		hip_notify_tx(assoc, &pkt->dst, &pkt->src,
			      HIP_NOTIFY_INVALID_SYNTAX, NULL, 0);
	return err;
}

/**
 * hip_bex_rx_r2() - an R2 came
 * @assoc: association with its sender; its mutex is held
 * @pkt: the packet
 *
 * Process context on hip_net::wq; sleeps in upcalls.  RFC 7401, section 6.10.
 */
void hip_bex_rx_r2(struct hip_assoc *assoc, struct hip_ctrl_packet *pkt)
{
	struct hip_net *hn = assoc->hn;
	__be32 spi;
	int err;

	lockdep_assert_held(&assoc->mutex);

	if (hip_policy_r2(assoc->state) != HIP_VERDICT_PROCESS) {
		HIP_INC_STATS(hn, CTRL_STATE);
		return;
	}
	if (hip_r2_check(assoc, pkt, &spi))
		return;

	spin_lock_bh(&assoc->lock);
	assoc->spi_out = spi;
	spin_unlock_bh(&assoc->lock);

	err = hip_assoc_install_out(assoc);
	if (err) {
		hip_assoc_fail(assoc, -EHOSTUNREACH,
			       hip_policy_sa_reason(err));
		return;
	}
	hip_assoc_store(assoc, NULL, 0);
	HIP_INC_STATS(hn, BEX_INITIATOR);
	hip_bex_established(assoc);
	hip_opportunistic_learnt(assoc);
}
