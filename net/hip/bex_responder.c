// SPDX-License-Identifier: GPL-2.0
/*
 * The base exchange, from the Responder's side: I2 comes in, R2 goes out.
 * RFC 7401, section 6.9. An I1 never gets here: ctrl_input.c answers it.
 *
 * The puzzle has been verified before an I2 got here. Then come the checks that
 * cost nothing, the one Diffie-Hellman operation, the MAC, and only then
 * decryption and signature. An I2 that fails anything leaves no trace; what is
 * there of an earlier exchange goes only when the R2 is ready to leave.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "access.h"
#include "assoc.h"
#include "auth.h"
#include "bex.h"
#include "bex_policy.h"
#include "crypto.h"
#include "ctrl.h"
#include "hit.h"
#include "i2_seen.h"
#include "identity.h"
#include "net.h"
#include "opportunistic.h"
#include "r1.h"
#include "sa.h"
#include "stats.h"
#include "upcall.h"

/* Entries of hip_r1::i2s.  Solutions that have cost us a Diffie-Hellman have half of
 * them, and each may be there so often; the rest is for I2s that were accepted.
 */
#define HIP_I2_SEEN_MAX		16384
#define HIP_I2_CHARGED_MAX	(HIP_I2_SEEN_MAX / 2)
#define HIP_I2_TRIES		4

/* The first octets of hip_auth_hash() */
static u64 hip_i2_key(const struct hip_bex *bex)
{
	return hip_load_be64(bex->hash);
}

/* Of a puzzle and its solution.  We have chosen #I, so that nobody finds out what
 * would be mistaken for the solution of somebody else.
 */
static u64 hip_i2_solution_key(const struct hip_bex *bex)
{
	return hip_load_be64(bex->i) ^ hip_load_be64(bex->j);
}

/* Has it completed an exchange?  Not if its R1 is gone: then it does not complete
 * another one either.
 */
static bool hip_i2_was_seen(struct hip_assoc *assoc, const struct hip_msg *msg,
			    const struct hip_bex *bex)
{
	struct hip_r1 *r1;
	struct hip_dh dh;
	u64 counter;
	bool seen;

	if (hip_get_r1_counter(msg, &counter) || hip_get_dh(msg, &dh))
		return false;
	r1 = hip_r1_find(assoc->identity, dh.group, counter);
	if (IS_ERR(r1))
		return false;
	seen = hip_i2_seen_count(&r1->i2s, hip_i2_key(bex));
	hip_r1_put(r1);
	return seen;
}

/* One more I2 with this solution has had its Diffie-Hellman */
static void hip_i2_charge(struct hip_assoc *assoc, const struct hip_bex *bex)
{
	/* Where there is no room to tell, others will not be told either */
	if (hip_i2_seen_add(&bex->r1->i2s, hip_i2_solution_key(bex),
			    HIP_I2_CHARGED_MAX) == -ENOSPC)
		hip_r1_pool_renew_soon(assoc->identity, 0);
}

/* False: it was, the R1 has served its time, or there is no memory */
static bool hip_i2_remember(struct hip_assoc *assoc, const struct hip_bex *bex)
{
	int err;

	err = hip_i2_seen_add_new(&bex->r1->i2s, hip_i2_key(bex),
				  HIP_I2_SEEN_MAX);
	if (err == -EEXIST) {
		HIP_INC_STATS(assoc->hn, I2_REPLAY);
	} else if (err == -ENOSPC) {
		HIP_INC_STATS(assoc->hn, PUZZLE_STALE);
		hip_r1_pool_renew_soon(assoc->identity, 0);
	} else if (err) {
		HIP_INC_STATS(assoc->hn, CTRL_NOMEM);
	}
	return !err;
}

static void hip_r2_transmit(struct hip_assoc *assoc,
			    const struct hip_ctrl_packet *i2)
{
	struct in6_addr src = i2->dst;

	if (!hip_ctrl_send(assoc->hn, &src, &i2->src, assoc->r2,
			   assoc->r2_len))
		HIP_INC_STATS(assoc->hn, R2_TX);
}

static void hip_r2_sent_timer(struct hip_assoc *assoc)
{
	const struct hip_config *config = &assoc->hn->config;
	u32 timeout = READ_ONCE(config->i2_timeout);
	u32 retries = READ_ONCE(config->retries);

	hip_assoc_arm(assoc, hip_policy_exchange_complete(timeout, retries));
}

/* The I2 has chosen something that we did not offer, is not from who it says, or
 * our policy has changed since we let it in. Its puzzle was solved, so it
 * deserves an answer (RFC 7401, section 6.9.1).
 */
static int hip_i2_refuse(struct hip_assoc *assoc, struct hip_ctrl_packet *pkt,
			 u16 notify)
{
	hip_notify_tx(assoc, &pkt->dst, &pkt->src, notify, NULL, 0);
	return -EBADMSG;
}

/* The one entry of a list, or -EPROTO */
static int hip_i2_single(const struct hip_msg *msg, u16 type)
{
	int id = hip_get_list(msg, type, 0);

	if (id < 0 || hip_get_list(msg, type, 1) >= 0)
		return -EPROTO;
	return id;
}

/* Which of our R1s does it answer? RFC 7401 section 6.9 steps 7, 8 and 10 */
static int hip_i2_find_r1(struct hip_assoc *assoc, struct hip_ctrl_packet *pkt,
			  struct hip_bex *bex)
{
	const struct hip_msg *msg = &pkt->msg;
	struct hip_net *hn = assoc->hn;
	struct hip_solution solution;
	struct hip_r1 *r1;
	struct hip_dh dh;
	u64 counter;

	/* we always send one, so it must be echoed */
	if (hip_get_r1_counter(msg, &counter) ||
	    hip_get_solution(msg, &solution) || hip_get_dh(msg, &dh)) {
		HIP_INC_STATS(hn, CTRL_MISSING);
		return -EPROTO;
	}
	if (solution.rhash_len != bex->rhash_len) {
		HIP_INC_STATS(hn, CTRL_PARAM_LENGTH);
		return -EPROTO;
	}
	r1 = hip_r1_find(assoc->identity, dh.group, counter);
	if (IS_ERR(r1)) {
		HIP_INC_STATS(hn, PUZZLE_STALE);
		return -EPROTO;
	}
	bex->r1 = r1;
	bex->anonymous = hip_msg_is_anonymous(msg);
	if (solution.k < bex->r1->k) {
		HIP_INC_STATS(hn, PUZZLE_BAD);
		return -EPROTO;
	}
	if (hip_msg_parse(&bex->r1_msg, bex->r1->pkt, bex->r1->len))
		return -EPROTO;

	memcpy(bex->i, solution.i, bex->rhash_len);
	memcpy(bex->j, solution.j, bex->rhash_len);
	bex->dh_group = dh.group;
	/* One solution is not good for any number of I2s */
	if (hip_i2_seen_count(&r1->i2s, hip_i2_solution_key(bex)) >=
	    HIP_I2_TRIES) {
		HIP_INC_STATS(hn, PUZZLE_USED);
		return -EPROTO;
	}
	return 0;
}

/* RFC 7401 section 6.9 steps 9 and 13, RFC 7402 section 6.5 */
static int hip_i2_check_choice(struct hip_assoc *assoc,
			       struct hip_ctrl_packet *pkt,
			       struct hip_bex *bex)
{
	const struct hip_bex_offer *offer = &bex->offer;
	const struct hip_msg *msg = &pkt->msg;
	struct hip_net *hn = assoc->hn;
	unsigned int i;
	int id;

	id = hip_i2_single(msg, HIP_PARAM_HIP_CIPHER);
	if (id < 0 || !hip_offers(&bex->r1_msg, HIP_PARAM_HIP_CIPHER, id)) {
		HIP_INC_STATS(hn, CIPHER_NONE);
		return hip_i2_refuse(assoc, pkt,
				     HIP_NOTIFY_INVALID_HIP_CIPHER_CHOSEN);
	}
	bex->hip_cipher = id;

	id = hip_i2_single(msg, HIP_PARAM_TRANSPORT_FORMAT_LIST);
	if (id != HIP_TRANSPORT_FORMAT_ESP) {
		HIP_INC_STATS(hn, FORMAT_NONE);
		return hip_i2_refuse(assoc, pkt,
				     HIP_NOTIFY_INVALID_ESP_TRANSFORM_CHOSEN);
	}

	/* An R1 is made before we know for whom: suites that are not for this
	 * peer are in it
	 */
	id = hip_i2_single(msg, HIP_PARAM_ESP_TRANSFORM);
	if (id >= 0 && hip_offers(&bex->r1_msg, HIP_PARAM_ESP_TRANSFORM, id))
		for (i = 0; i < offer->n_esp_suites; i++)
			if (offer->esp_suites[i] == id)
				bex->esp_suite = id;
	if (!bex->esp_suite) {
		HIP_INC_STATS(hn, ESP_NONE);
		return hip_i2_refuse(assoc, pkt,
				     HIP_NOTIFY_INVALID_ESP_TRANSFORM_CHOSEN);
	}
	return 0;
}

static int hip_i2_check_host_id(struct hip_assoc *assoc,
				struct hip_ctrl_packet *pkt,
				struct hip_bex *bex)
{
	if (!hip_bex_check_host_id(assoc, &bex->host_id))
		return 0;
	return hip_i2_refuse(assoc, pkt, HIP_NOTIFY_INVALID_HIT);
}

/* All that costs next to nothing; the puzzle was checked before */
static int hip_i2_check(struct hip_assoc *assoc, struct hip_ctrl_packet *pkt,
			struct hip_bex *bex)
{
	int err;

	if (READ_ONCE(assoc->identity->dead)) {
		HIP_INC_STATS(assoc->hn, CTRL_NO_IDENTITY);
		return -EPROTO;
	}
	/* softirq has asked that, too, but the I2 may have waited since */
	if (!hip_access_callee(assoc->identity, &assoc->key.peer,
			       hip_msg_is_anonymous(&pkt->msg))) {
		HIP_INC_STATS(assoc->hn, I2_POLICY);
		return hip_i2_refuse(assoc, pkt, HIP_NOTIFY_BLOCKED_BY_POLICY);
	}
	/* step 3 */
	if (!hip_rhash_len(hip_hit_suite(&assoc->key.peer))) {
		HIP_INC_STATS(assoc->hn, CTRL_HIT);
		return -EPROTO;
	}
	err = hip_i2_find_r1(assoc, pkt, bex);
	if (err)
		return err;
	err = hip_i2_check_choice(assoc, pkt, bex);
	if (err)
		return err;
	/* a HOST_ID in the clear can be checked now */
	if (!hip_get_host_id(&pkt->msg, &bex->host_id))
		return hip_i2_check_host_id(assoc, pkt, bex);
	return 0;
}

/* RFC 7401 section 6.9 steps 11 and 12 */
static int hip_i2_decrypt(struct hip_assoc *assoc, struct hip_ctrl_packet *pkt,
			  struct hip_bex *bex)
{
	const struct hip_msg *msg = &pkt->msg;
	struct hip_encrypted enc;
	ssize_t len;

	if (hip_msg_has(msg, HIP_PARAM_HOST_ID))
		return 0;

	if (hip_get_encrypted(msg, &enc)) {
		HIP_INC_STATS(assoc->hn, CTRL_MISSING);
		return -EPROTO;
	}
	len = hip_decrypt(bex->hip_cipher, bex->keys.hip_enc_in, bex->text,
			  sizeof(bex->text), enc.iv_ct, enc.len);
	if (len < 0 || hip_inner_host_id(bex->text, len, &bex->host_id)) {
		HIP_INC_STATS(assoc->hn, DECRYPT_BAD);
		return hip_i2_refuse(assoc, pkt, HIP_NOTIFY_ENCRYPTION_FAILED);
	}
	return hip_i2_check_host_id(assoc, pkt, bex);
}

/* RFC 7401 section 6.9 steps 10 to 15: is it from who it says? */
static int hip_i2_authenticate(struct hip_assoc *assoc,
			       struct hip_ctrl_packet *pkt,
			       struct hip_bex *bex)
{
	const struct hip_msg *msg = &pkt->msg;
	struct hip_dh dh;
	int err;

	hip_get_dh(msg, &dh);
	err = hip_bex_derive(assoc, bex, &bex->r1->dh, &dh);
	if (err)
		return err;

	err = hip_auth_check_mac(assoc, msg, HIP_PARAM_HIP_MAC,
				 bex->rhash_suite, &bex->keys, NULL, 0);
	if (err == -EBADMSG)
		return hip_i2_refuse(assoc, pkt, HIP_NOTIFY_HIP_MAC_FAILED);
	if (err)
		return err;
	err = hip_i2_decrypt(assoc, pkt, bex);
	if (err)
		return err;
	err = hip_bex_check_signature(assoc, msg, HIP_PARAM_HIP_SIGNATURE,
				      &bex->host_id);
	if (err == -EKEYREJECTED)
		return hip_i2_refuse(assoc, pkt,
				     HIP_NOTIFY_AUTHENTICATION_FAILED);
	if (err)
		return err;
	err = hip_bex_check_esp_info(assoc, msg, bex->keys.keymat_index,
				     &bex->spi_out);
	return err ? hip_i2_refuse(assoc, pkt, HIP_NOTIFY_INVALID_SYNTAX) : 0;
}

/* RFC 7401 section 5.3.4, RFC 7402 section 5.2.1.3 */
static int hip_r2_build(struct hip_assoc *assoc, struct hip_bex *bex)
{
	struct hip_builder *b = &bex->b;
	struct hip_host_id ours;
	int err;

	/* HIP_MAC_2 covers the HOST_ID that the Initiator has got from us */
	if (hip_get_host_id(&bex->r1_msg, &ours))
		return -EPROTO;

	hip_build_init(b, bex->pkt, sizeof(bex->pkt), HIP_PKT_R2, 0,
		       &assoc->key.local, &assoc->key.peer);
	hip_build_esp_info(b, bex->keys.keymat_index, 0, bex->spi_in);
	hip_auth_add_mac(b, HIP_PARAM_HIP_MAC_2, bex->rhash_suite, &bex->keys,
			 ours.tlv, ours.tlv_len);
	err = hip_auth_add_signature(assoc, b);
	return err ?: hip_build_finish(b);
}

/* RFC 7401 section 6.9 steps 18 to 21, RFC 7402 section 6.5 */
static void hip_i2_accept(struct hip_assoc *assoc, struct hip_ctrl_packet *pkt,
			  struct hip_bex *bex, size_t len)
{
	struct hip_net *hn = assoc->hn;
	u8 reason = HIP_REASON_NONE;
	u8 *r2;
	int err;

	r2 = kmemdup(bex->pkt, len, GFP_KERNEL);
	if (!r2) {
		HIP_INC_STATS(hn, CTRL_NOMEM);
		return;
	}
	if (rcu_access_pointer(assoc->sa_in))
		reason = HIP_REASON_REPLACED;

	/* From here on the keys may be used */
	if (!hip_i2_remember(assoc, bex)) {
		kfree(r2);
		return;
	}
	if (hip_bex_commit(assoc, bex, false)) {
		hip_i2_seen_remove(&bex->r1->i2s, hip_i2_key(bex));
		kfree(r2);
		HIP_INC_STATS(hn, CTRL_NOMEM);
		return;
	}
	assoc->r2 = r2;
	assoc->r2_len = len;
	memcpy(assoc->i2_hash, bex->hash, sizeof(assoc->i2_hash));
	hip_assoc_set_locators(assoc, &pkt->dst, &pkt->src);

	/* The peer may send as soon as it has the R2 */
	err = hip_assoc_install_in(assoc);
	if (!err)
		err = hip_assoc_install_out(assoc);
	if (err) {
		/* Nothing was sent with the keys: the I2 may be repeated */
		hip_assoc_drop_sas(assoc);
		hip_i2_seen_remove(&bex->r1->i2s, hip_i2_key(bex));
		hip_assoc_fail(assoc, -EHOSTUNREACH,
			       hip_policy_sa_reason(err));
		return;
	}
	hip_r1_answered(assoc->identity, bex->r1);
	HIP_INC_STATS(hn, BEX_RESPONDER);
	hip_assoc_set_state(assoc, HIP_STATE_R2_SENT, reason);
	hip_opportunistic_learnt(assoc);
	hip_r2_transmit(assoc, pkt);
	hip_r2_sent_timer(assoc);
	hip_assoc_start_data(assoc);
}

static void hip_i2_process(struct hip_assoc *assoc,
			   struct hip_ctrl_packet *pkt, struct hip_bex *bex)
{
	int len, err;

	if (hip_i2_check(assoc, pkt, bex))
		return;
	/* If hipd is away, the Initiator sends its I2 again */
	err = hip_i2_authenticate(assoc, pkt, bex);
	if (!err || err == -EBADMSG || err == -EKEYREJECTED)
		hip_i2_charge(assoc, bex);
	if (err)
		return;

	bex->spi_in = hip_spi_alloc(assoc->hn);
	len = hip_r2_build(assoc, bex);
	if (len < 0)
		return;
	hip_i2_accept(assoc, pkt, bex, len);
}

/**
 * hip_bex_rx_i2() - an I2 came
 * @assoc: association with its sender, perhaps made for this I2; its mutex is
 *	held
 * @pkt: the packet; its puzzle has been verified
 *
 * Process context on hip_net::wq; sleeps in upcalls.  RFC 7401, section 6.9.
 */
void hip_bex_rx_i2(struct hip_assoc *assoc, struct hip_ctrl_packet *pkt)
{
	int hit_cmp = hip_hit_cmp(&assoc->key.local, &assoc->key.peer);
	struct hip_net *hn = assoc->hn;
	struct hip_bex *bex;
	bool duplicate;

	lockdep_assert_held(&assoc->mutex);

	bex = hip_bex_alloc(assoc, hip_hit_suite(&assoc->key.local));
	if (!bex)
		return;
	if (hip_auth_hash(&pkt->msg, bex->hash)) {
		HIP_INC_STATS(hn, CTRL_NOMEM);
		goto out_free;
	}

	duplicate = assoc->r2 && !memcmp(assoc->i2_hash, bex->hash,
					 sizeof(bex->hash));
	switch (hip_policy_i2(assoc->state, hit_cmp, duplicate,
			      hip_i2_was_seen(assoc, &pkt->msg, bex))) {
	case HIP_VERDICT_PROCESS:
		hip_i2_process(assoc, pkt, bex);
		break;
	case HIP_VERDICT_DUPLICATE:
		HIP_INC_STATS(hn, I2_REPLAY);
		hip_r2_transmit(assoc, pkt);
		if (assoc->state == HIP_STATE_R2_SENT)
			hip_r2_sent_timer(assoc);
		break;
	case HIP_VERDICT_YIELD:
		HIP_INC_STATS(hn, CTRL_SIMULTANEOUS);
		break;
	default:
		HIP_INC_STATS(hn, I2_REPLAY);
		break;
	}

out_free:
	hip_bex_free(bex);
}
