// SPDX-License-Identifier: GPL-2.0
/*
 * What do the Initiator and the Responder of a base exchange have in common?
 *
 * bex_initiator.c sends I1 and I2, bex_responder.c sends R2; an R1 is sent by
 * ctrl_input.c from the pool of r1.c.
 */
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "assoc.h"
#include "auth.h"
#include "bex.h"
#include "bex_policy.h"
#include "ctrl.h"
#include "hit.h"
#include "net.h"
#include "peer.h"
#include "r1.h"
#include "rekey.h"
#include "stats.h"
#include "upcall.h"
#include "update.h"

static void hip_bex_get_offer(struct hip_assoc *assoc,
			      struct hip_bex_offer *offer)
{
	const struct hip_config *config = &assoc->hn->config;
	struct hip_peer *peer;

	mutex_lock(&assoc->hn->lock);
	offer->n_hip_ciphers = config->n_hip_ciphers;
	offer->n_esp_suites = config->n_esp_suites;
	memcpy(offer->hip_ciphers, config->hip_ciphers,
	       sizeof(offer->hip_ciphers));
	memcpy(offer->esp_suites, config->esp_suites,
	       sizeof(offer->esp_suites));
	mutex_unlock(&assoc->hn->lock);

	offer->esn = true;
	peer = hip_peer_find(assoc->hn, &assoc->key.peer);
	if (!peer)
		return;

	BUILD_BUG_ON(HIP_PEER_SUITES_MAX > HIP_CONFIG_LIST_MAX);
	offer->esn = peer->esn;
	if (peer->n_esp_suites) {
		offer->n_esp_suites = peer->n_esp_suites;
		memcpy(offer->esp_suites, peer->esp_suites,
		       sizeof(peer->esp_suites));
	}
	hip_peer_put(peer);
}

/**
 * hip_bex_alloc() - start to work on an R1 or I2
 * @assoc: association; its mutex is held
 * @rhash_suite: HIT suite of the Responder
 *
 * Process context.
 *
 * Return: to be given to hip_bex_free(), or NULL.
 */
struct hip_bex *hip_bex_alloc(struct hip_assoc *assoc, u8 rhash_suite)
{
	struct hip_bex *bex = kzalloc(sizeof(*bex), GFP_KERNEL);

	if (!bex) {
		HIP_INC_STATS(assoc->hn, CTRL_NOMEM);
		return NULL;
	}
	bex->rhash_suite = rhash_suite;
	bex->rhash_len = hip_rhash_len(rhash_suite);
	hip_bex_get_offer(assoc, &bex->offer);
	return bex;
}

/**
 * hip_bex_free() - end the work on an R1 or I2
 * @bex: what hip_bex_alloc() returned
 *
 * Process context.  Wipes it.
 */
void hip_bex_free(struct hip_bex *bex)
{
	if (bex->r1)
		hip_r1_put(bex->r1);
	kfree_sensitive(bex);
}

/**
 * hip_bex_doom() - an exchange is not going to succeed
 * @assoc: association in I1-SENT or I2-SENT, or in CLOSED with an I1
 *	outstanding; its mutex is held
 * @reason: enum hip_reason
 *
 * Process context.  Lets one time-out pass, not the rest of the back-off, for a
 * better R1 or an R2 to come (RFC 7401, section 6.8 step 6): whatever told us
 * may be a replay.
 */
void hip_bex_doom(struct hip_assoc *assoc, u8 reason)
{
	const struct hip_config *config = &assoc->hn->config;

	lockdep_assert_held(&assoc->mutex);

	if (assoc->doomed == HIP_REASON_NONE)
		hip_assoc_arm(assoc, assoc->state == HIP_STATE_I2_SENT ?
				     READ_ONCE(config->i2_timeout) :
				     READ_ONCE(config->i1_timeout));
	assoc->doomed = reason;
}

/**
 * hip_bex_upcall_failed() - an upcall that an exchange needed failed
 * @assoc: association; its mutex is held
 * @err: negative errno of the upcall
 *
 * Process context.  What retransmission can mend (hipd is away for a while, a
 * forged packet) leaves only a hint; what it can't dooms the exchange.
 */
void hip_bex_upcall_failed(struct hip_assoc *assoc, int err)
{
	switch (err) {
	case -ECANCELED:
		break;
	case -ENOKEY:
	case -EOPNOTSUPP:
		hip_bex_doom(assoc, hip_policy_upcall_reason(err));
		break;
	default:
		hip_assoc_hint(assoc, hip_policy_upcall_reason(err));
		break;
	}
}

/**
 * hip_bex_derive() - derive all keys of the association
 * @assoc: association; its mutex is held
 * @bex: with RHASH, #I, #J, HIP cipher and ESP suite; keymat and keys are set
 * @dh: our Diffie-Hellman key pair
 * @peer_dh: DIFFIE_HELLMAN of the peer, of the same group
 *
 * Process context; sleeps until hipd has derived Kij, which it does only from
 * an acceptable public value (RFC 7401, section 5.3.2).  RFC 7401, section 6.5.
 *
 * Return: 0 or an error of upcall.h; -EKEYREJECTED is counted.
 */
int hip_bex_derive(struct hip_assoc *assoc, struct hip_bex *bex,
		   const struct hip_dh_key *dh, const struct hip_dh *peer_dh)
{
	size_t kij_len = sizeof(bex->kij);
	int err;

	err = hip_upcall_dh_derive(assoc->hn, &assoc->upcalls, dh, peer_dh->pub,
				   peer_dh->pub_len, bex->kij, &kij_len);
	if (err == -EKEYREJECTED)
		HIP_INC_STATS(assoc->hn, DH_BAD);
	if (!err && READ_ONCE(assoc->dead))
		err = -ECANCELED;
	if (err)
		return err;

	err = hip_keymat_init(&bex->keymat, bex->rhash_suite, bex->kij,
			      kij_len, bex->i, bex->j, bex->rhash_len,
			      &assoc->key.local, &assoc->key.peer);
	if (!err)
		err = hip_keymat_bex(&bex->keymat, bex->hip_cipher,
				     bex->esp_suite, &assoc->key.local,
				     &assoc->key.peer, &bex->keys);
	memzero_explicit(bex->kij, sizeof(bex->kij));
	bex->own_dh = dh;
	bex->peer_dh = *peer_dh;
	return err;
}

/**
 * hip_bex_check_host_id() - is this the host that we talk to?
 * @assoc: association; its mutex is held
 * @host_id: HOST_ID of the peer
 *
 * Process context.  RFC 7401, section 6.8 step 10 and section 6.9 step 12.
 *
 * Return: 0, or -EKEYREJECTED, which is counted.
 */
int hip_bex_check_host_id(struct hip_assoc *assoc,
			  const struct hip_host_id *host_id)
{
	int err;

	err = hip_hit_verify(&assoc->key.peer, host_id->algorithm, host_id->hi,
			     host_id->hi_len);
	if (!err)
		return 0;

	if (err == -EBADMSG)
		HIP_INC_STATS(assoc->hn, HIT_MISMATCH);
	else
		HIP_INC_STATS(assoc->hn, HOST_ID_BAD);
	return -EKEYREJECTED;
}

/**
 * hip_bex_check_signature() - verify a signature by the HOST_ID at hand
 * @assoc: association; its mutex is held
 * @msg: parsed packet
 * @type: HIP_PARAM_HIP_SIGNATURE or HIP_PARAM_HIP_SIGNATURE_2
 * @host_id: of the peer; hip_bex_check_host_id() has accepted it
 *
 * Process context; sleeps until hipd has verified.
 *
 * Return: as hip_auth_check_signature().
 */
int hip_bex_check_signature(struct hip_assoc *assoc, const struct hip_msg *msg,
			    u16 type, const struct hip_host_id *host_id)
{
	struct hip_signer signer = {
		.hi_alg = host_id->algorithm,
		.hit_suite = hip_hit_suite(&assoc->key.peer),
		.hi_len = host_id->hi_len,
		.hi = host_id->hi,
	};

	return hip_auth_check_signature(assoc, msg, type, &signer);
}

/**
 * hip_bex_check_esp_info() - read ESP_INFO of an I2 or R2
 * @assoc: association
 * @msg: parsed packet
 * @keymat_index: where our ESP keys start
 * @spi: set to the SPI that the peer has chosen
 *
 * Process context.  RFC 7402, sections 5.2.1.2, 5.2.1.3 and 6.5.
 *
 * Return: 0, or -EINVAL, which is counted.
 */
int hip_bex_check_esp_info(struct hip_assoc *assoc, const struct hip_msg *msg,
			   u16 keymat_index, __be32 *spi)
{
	struct hip_esp_info info;

	if (hip_get_esp_info(msg, &info) || info.old_spi ||
	    ntohl(info.new_spi) < HIP_SPI_MIN) {
		HIP_INC_STATS(assoc->hn, SPI_BAD);
		return -EINVAL;
	}
	if (info.keymat_index != keymat_index) {
		HIP_INC_STATS(assoc->hn, KEYMAT_INDEX_BAD);
		return -EINVAL;
	}
	*spi = info.new_spi;
	return 0;
}

static int hip_bex_store_peer(struct hip_assoc *assoc,
			      const struct hip_host_id *host_id)
{
	u8 *tlv = kmemdup(host_id->tlv, host_id->tlv_len, GFP_KERNEL);

	if (!tlv)
		return -ENOMEM;

	kfree(assoc->peer_host_id);
	assoc->peer_host_id = tlv;
	assoc->peer_host_id_len = host_id->tlv_len;
	assoc->peer_hi = tlv + (host_id->hi - host_id->tlv);
	assoc->peer_hi_len = host_id->hi_len;
	assoc->peer_hi_alg = host_id->algorithm;
	return 0;
}

/**
 * hip_bex_forget_peer() - forget what the peer has shown and got in exchanges
 * @assoc: association; its mutex is held
 *
 * Process context.
 */
void hip_bex_forget_peer(struct hip_assoc *assoc)
{
	lockdep_assert_held(&assoc->mutex);

	kfree(assoc->peer_host_id);
	assoc->peer_host_id = NULL;
	assoc->peer_host_id_len = 0;
	assoc->peer_hi = NULL;
	assoc->peer_hi_len = 0;
	kfree(assoc->r2);
	assoc->r2 = NULL;
	assoc->r2_len = 0;
}

/**
 * hip_bex_commit() - what was agreed upon becomes the association's
 * @assoc: association; its mutex is held; may still have SAs of an earlier
 *	exchange, which have keys of their own
 * @bex: all checks are passed
 * @initiator: we are the Initiator
 *
 * Process context.  Ends whatever was going on before: the timer, a packet that
 * was being sent again.
 *
 * Return: 0 or -ENOMEM; then nothing has changed.
 */
int hip_bex_commit(struct hip_assoc *assoc, const struct hip_bex *bex,
		   bool initiator)
{
	struct hip_dh_state *dh_state;
	int err;

	lockdep_assert_held(&assoc->mutex);

	dh_state = hip_dh_state_make(bex);
	if (!dh_state)
		return -ENOMEM;
	err = hip_bex_store_peer(assoc, &bex->host_id);
	if (err) {
		hip_dh_state_free(dh_state);
		return err;
	}

	hip_update_forget(assoc);
	hip_dh_state_free(assoc->dh_state);
	assoc->dh_state = dh_state;
	hip_assoc_disarm(assoc);
	hip_assoc_store(assoc, NULL, 0);
	kfree(assoc->r2);
	assoc->r2 = NULL;
	assoc->r2_len = 0;
	assoc->close_sent = false;
	assoc->i1_outstanding = false;
	assoc->doomed = HIP_REASON_NONE;
	WRITE_ONCE(assoc->hint, HIP_REASON_NONE);
	assoc->keymat = bex->keymat;
	assoc->keyed = get_jiffies_64();

	spin_lock_bh(&assoc->lock);
	assoc->initiator = initiator;
	assoc->esn = bex->offer.esn;
	assoc->peer_anonymous = bex->anonymous;
	assoc->rhash_suite = bex->rhash_suite;
	assoc->dh_group = bex->dh_group;
	assoc->hip_cipher = bex->hip_cipher;
	assoc->esp_suite = bex->esp_suite;
	assoc->keys = bex->keys;
	assoc->have_keys = true;
	assoc->spi_in = bex->spi_in;
	assoc->spi_out = bex->spi_out;
	spin_unlock_bh(&assoc->lock);
	return 0;
}

/**
 * hip_bex_established() - both sides can send
 * @assoc: association in I2-SENT or R2-SENT; its mutex is held
 *
 * Process context.  RFC 7401, section 4.4.3, Tables 4 and 5.
 */
void hip_bex_established(struct hip_assoc *assoc)
{
	hip_assoc_set_state(assoc, HIP_STATE_ESTABLISHED, HIP_REASON_NONE);
	hip_assoc_start_data(assoc);
	hip_assoc_watch(assoc);
}
