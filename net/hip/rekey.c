// SPDX-License-Identifier: GPL-2.0
/*
 * How does an association get new SAs? RFC 7402, sections 6.8 to 6.10.
 *
 * Each side says with an UPDATE which SPI it will receive with, and where in the
 * KEYMAT it wants the keys to start, or it sends a new Diffie-Hellman key. As
 * soon as both are known the new SAs are made, and the inbound one receives. The
 * outbound one is used when the peer has acknowledged our UPDATE, or has sent
 * data that proves the same. The inbound SA before goes when data came in by its
 * successor, so nothing is lost on the way from one to the other.
 *
 * update.c sends, acknowledges and repeats the UPDATEs.
 */
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "assoc.h"
#include "bex.h"
#include "hit.h"
#include "net.h"
#include "param.h"
#include "rekey.h"
#include "rekey_due.h"
#include "sa.h"
#include "stats.h"
#include "upcall.h"

/* Diffie-Hellman keys for later */

static struct hip_dh_state *hip_dh_state_new(u8 group, u8 rhash_len,
					     const u8 *i, const u8 *j,
					     const struct hip_dh_key *own,
					     const u8 *peer, u16 peer_len)
{
	size_t len = 2 * rhash_len + own->private_len + peer_len;
	struct hip_dh_state *state;
	u8 *p;

	state = kmalloc(struct_size(state, data, len), GFP_KERNEL);
	if (!state)
		return NULL;

	state->group = group;
	state->rhash_len = rhash_len;
	state->private_len = own->private_len;
	state->peer_len = peer_len;

	p = state->data;
	memcpy(p, i, rhash_len);
	p += rhash_len;
	memcpy(p, j, rhash_len);
	p += rhash_len;
	memcpy(p, own->private, own->private_len);
	p += own->private_len;
	memcpy(p, peer, peer_len);
	return state;
}

static const u8 *hip_dh_state_j(const struct hip_dh_state *state)
{
	return state->data + state->rhash_len;
}

static const u8 *hip_dh_state_peer(const struct hip_dh_state *state)
{
	return state->data + 2 * state->rhash_len + state->private_len;
}

/* The private half, which is all that is needed */
static void hip_dh_state_own(const struct hip_dh_state *state,
			     struct hip_dh_key *key)
{
	key->group = state->group;
	key->private_len = state->private_len;
	memcpy(key->private, state->data + 2 * state->rhash_len,
	       state->private_len);
}

/**
 * hip_dh_state_make() - keep what a base exchange has used
 * @bex: the exchange; its keys are derived
 *
 * Process context.
 *
 * Return: to be given to hip_dh_state_free(), or NULL.
 */
struct hip_dh_state *hip_dh_state_make(const struct hip_bex *bex)
{
	return hip_dh_state_new(bex->dh_group, bex->rhash_len, bex->i, bex->j,
				bex->own_dh, bex->peer_dh.pub,
				bex->peer_dh.pub_len);
}

/**
 * hip_dh_state_free() - forget Diffie-Hellman keys
 * @state: what hip_dh_state_make() returned, or NULL
 *
 * Any context.  Wipes it.
 */
void hip_dh_state_free(struct hip_dh_state *state)
{
	kfree_sensitive(state);
}

/* The new SAs */

static int hip_rekey_derive_dh(struct hip_assoc *assoc,
			       struct hip_rekey *rekey)
{
	const struct hip_dh_state *state = assoc->dh_state;
	u8 *kij = kmalloc(HIP_DH_SECRET_MAX, GFP_KERNEL);
	size_t kij_len = HIP_DH_SECRET_MAX;
	const u8 *peer = rekey->peer_dh;
	u16 peer_len = rekey->peer_dh_len;
	int err;

	if (!kij)
		return -ENOMEM;

	/* RFC 7402, section 6.10 step 1: one new key, the other as before */
	if (!rekey->dh)
		hip_dh_state_own(state, &rekey->key);
	if (!peer_len) {
		peer = hip_dh_state_peer(state);
		peer_len = state->peer_len;
	}

	err = hip_upcall_dh_derive(assoc->hn, &assoc->upcalls, &rekey->key,
				   peer, peer_len, kij, &kij_len);
	if (err == -EKEYREJECTED)
		HIP_INC_STATS(assoc->hn, DH_BAD);
	if (!err && READ_ONCE(assoc->dead))
		err = -ECANCELED;
	if (!err)
		err = hip_keymat_init(&rekey->keymat, assoc->rhash_suite, kij,
				      kij_len, state->data,
				      hip_dh_state_j(state), state->rhash_len,
				      &assoc->key.local, &assoc->key.peer);
	kfree_sensitive(kij);
	return err;
}

/* What a later rekey starts from.  Without it each side would go on from other
 * keys, so no rekey is complete without.
 */
static int hip_rekey_make_dh_state(const struct hip_assoc *assoc,
				   struct hip_rekey *rekey)
{
	const struct hip_dh_state *old = assoc->dh_state;
	bool new_peer = rekey->peer_dh_len;

	rekey->dh_state =
		hip_dh_state_new(old->group, old->rhash_len, old->data,
				 hip_dh_state_j(old), &rekey->key,
				 new_peer ? rekey->peer_dh :
					    hip_dh_state_peer(old),
				 new_peer ? rekey->peer_dh_len :
					    old->peer_len);
	return rekey->dh_state ? 0 : -ENOMEM;
}

/* RFC 7402, section 6.10 steps 1 to 3 */
static int hip_rekey_draw(struct hip_assoc *assoc, struct hip_rekey *rekey)
{
	int err;

	if (rekey->dh || rekey->peer_dh_len) {
		err = hip_rekey_derive_dh(assoc, rekey);
		if (!err)
			err = hip_rekey_make_dh_state(assoc, rekey);
	} else {
		rekey->keymat = assoc->keymat;
		err = hip_keymat_seek(&rekey->keymat,
				      max(rekey->index, rekey->peer_index));
	}
	return err ?: hip_keymat_esp(&rekey->keymat, assoc->esp_suite,
				     &assoc->key.local, &assoc->key.peer,
				     &rekey->keys);
}

static void hip_rekey_drop_new(struct hip_rekey *rekey)
{
	if (rekey->sa_in)
		hip_sa_destroy(rekey->sa_in);
	if (rekey->sa_out)
		hip_sa_destroy(rekey->sa_out);
	hip_dh_state_free(rekey->dh_state);
	rekey->sa_in = NULL;
	rekey->sa_out = NULL;
	rekey->dh_state = NULL;
	rekey->received = false;
}

static void hip_rekey_free(struct hip_rekey *rekey)
{
	hip_dh_state_free(rekey->dh_state);
	kfree_sensitive(rekey);
}

static int hip_rekey_install(struct hip_assoc *assoc, struct hip_rekey *rekey)
{
	struct hip_sa *sa;
	int err;

	sa = hip_assoc_sa_create(assoc, rekey->spi_out, &rekey->keys, false);
	if (IS_ERR(sa))
		return PTR_ERR(sa);
	rekey->sa_out = sa;

	sa = hip_assoc_sa_create(assoc, rekey->spi_in, &rekey->keys, true);
	if (IS_ERR(sa))
		return PTR_ERR(sa);
	rekey->sa_in = sa;

	/* first_data of the new SA asks for that from now on */
	WRITE_ONCE(assoc->rekeying, true);
	err = hip_sa_insert(assoc->hn, sa);
	if (!err)
		rekey->received = true;
	return err;
}

/* The steps */

/* Has the KEYMAT enough left for new keys from @index on? */
static bool hip_rekey_fits(const struct hip_assoc *assoc, u16 index)
{
	const struct hip_keys *keys = &assoc->keys;

	return index + 2 * (keys->esp_enc_len + keys->esp_auth_len) <=
	       assoc->keymat.limit;
}

/* Our part of a rekey, which the peer has begun or not. RFC 7402, section 6.8
 * steps 1 and 2, and section 6.9.1 steps 1 and 2
 */
static int hip_rekey_start(struct hip_assoc *assoc, bool dh, bool answer,
			   u16 index)
{
	struct hip_rekey *rekey;
	int err = 0;

	/* RFC 7402, section 5.1.1 */
	if (!hip_rekey_fits(assoc, index))
		dh = true;
	rekey = kzalloc(sizeof(*rekey), GFP_KERNEL);
	if (!rekey)
		return -ENOMEM;

	rekey->dh = dh;
	rekey->answer = answer;
	rekey->index = dh ? 0 : index;
	rekey->spi_in = hip_spi_alloc(assoc->hn);
	if (dh)
		err = hip_upcall_dh_generate(assoc->hn, &assoc->upcalls,
					     assoc->dh_group, &rekey->key);
	if (!err && READ_ONCE(assoc->dead))
		err = -ECANCELED;
	if (err) {
		hip_rekey_free(rekey);
		return err;
	}
	assoc->rekey = rekey;
	return 0;
}

/**
 * hip_rekey_begin() - decide on our part of a rekey
 * @assoc: association in ESTABLISHED without a rekey; its mutex is held
 * @dh: with a new Diffie-Hellman key; so it is anyway if the KEYMAT is used up
 *
 * Process context; sleeps in an upcall with @dh.  RFC 7402, section 6.8.
 *
 * Return: 0, -ENOMEM, or an error of upcall.h.
 */
int hip_rekey_begin(struct hip_assoc *assoc, bool dh)
{
	lockdep_assert_held(&assoc->mutex);

	return hip_rekey_start(assoc, dh, false, assoc->keymat.index);
}

/* Without a new key of either side, KEYMAT goes on where nothing was drawn */
static bool hip_rekey_index_ok(const struct hip_assoc *assoc, u16 index,
			       bool dh)
{
	const struct hip_rekey *ours = assoc->rekey;

	if (dh)
		return !index;
	if (index < assoc->keymat.index)
		return false;
	return !ours || ours->dh || hip_rekey_fits(assoc, index);
}

/* RFC 7402, section 6.9 step 1 and section 6.8 step 2 */
static int hip_rekey_check(struct hip_assoc *assoc,
			   const struct hip_esp_info *info,
			   const struct hip_dh *dh)
{
	struct hip_net *hn = assoc->hn;

	if (info->old_spi != assoc->spi_out ||
	    ntohl(info->new_spi) < HIP_SPI_MIN) {
		HIP_INC_STATS(hn, SPI_BAD);
		return -EINVAL;
	}
	if (dh && dh->group != assoc->dh_group) {
		HIP_INC_STATS(hn, DH_NONE);
		return -EINVAL;
	}
	if (dh && dh->pub_len > HIP_DH_PUBLIC_MAX) {
		HIP_INC_STATS(hn, DH_BAD);
		return -EINVAL;
	}
	if (!hip_rekey_index_ok(assoc, info->keymat_index, dh)) {
		HIP_INC_STATS(hn, KEYMAT_INDEX_BAD);
		return -EINVAL;
	}
	return 0;
}

/**
 * hip_rekey_received() - the peer says its part of a rekey
 * @assoc: association in ESTABLISHED; its mutex is held
 * @msg: an authentic UPDATE that was not processed before
 *
 * Process context; sleeps in upcalls.  RFC 7402, sections 6.9 and 6.9.1.  If the
 * peer has begun, our part is decided upon as well.
 *
 * Return: 0, also if the UPDATE is not about SAs; -EINVAL for a protocol error,
 * which is counted; -ENOMEM, or an error of upcall.h, after which the same
 * UPDATE may be tried again.
 */
int hip_rekey_received(struct hip_assoc *assoc, const struct hip_msg *msg)
{
	struct hip_rekey *rekey;
	struct hip_esp_info info;
	bool has_dh, ours;
	struct hip_dh dh;
	int err;

	lockdep_assert_held(&assoc->mutex);

	/* RFC 8046, section 5.3: OLD SPI and NEW SPI alike mean no rekey */
	if (hip_get_esp_info(msg, &info) || info.old_spi == info.new_spi)
		return 0;
	has_dh = !hip_get_dh(msg, &dh);
	err = hip_rekey_check(assoc, &info, has_dh ? &dh : NULL);
	if (err)
		return err;

	ours = assoc->rekey;
	if (!ours) {
		err = hip_rekey_start(assoc, has_dh, true, info.keymat_index);
		if (err)
			return err;
	}
	rekey = assoc->rekey;
	/* a second time: the peer has started anew */
	hip_rekey_drop_new(rekey);
	rekey->peer_index = info.keymat_index;
	rekey->spi_out = info.new_spi;
	rekey->peer_dh_len = 0;
	if (has_dh) {
		memcpy(rekey->peer_dh, dh.pub, dh.pub_len);
		rekey->peer_dh_len = dh.pub_len;
	}
	if (rekey->answer && !rekey->dh)
		rekey->index = info.keymat_index;

	err = hip_rekey_draw(assoc, rekey);
	if (!err)
		err = hip_rekey_install(assoc, rekey);
	if (!err)
		return 0;

	if (ours)
		hip_rekey_drop_new(rekey);
	else
		hip_rekey_abort(assoc);
	return err;
}

/* The new keys are the association's */
static void hip_rekey_commit(struct hip_assoc *assoc, struct hip_rekey *rekey)
{
	struct hip_keys *keys = &assoc->keys;

	assoc->keymat = rekey->keymat;
	assoc->keyed = get_jiffies_64();

	spin_lock_bh(&assoc->lock);
	memcpy(keys->esp_enc_out, rekey->keys.esp_enc_out,
	       sizeof(keys->esp_enc_out));
	memcpy(keys->esp_enc_in, rekey->keys.esp_enc_in,
	       sizeof(keys->esp_enc_in));
	memcpy(keys->esp_auth_out, rekey->keys.esp_auth_out,
	       sizeof(keys->esp_auth_out));
	memcpy(keys->esp_auth_in, rekey->keys.esp_auth_in,
	       sizeof(keys->esp_auth_in));
	keys->keymat_index = rekey->keys.keymat_index;
	keys->keymat_next = rekey->keys.keymat_next;
	assoc->spi_in = rekey->spi_in;
	assoc->spi_out = rekey->spi_out;
	spin_unlock_bh(&assoc->lock);

	if (rekey->dh_state)
		swap(assoc->dh_state, rekey->dh_state);
}

/**
 * hip_rekey_finish() - use the new SAs, if both sides have all they need
 * @assoc: association; its mutex is held
 *
 * Process context.  RFC 7402, section 6.10 step 4.
 *
 * Return: true if so, and the rekey is over.
 */
bool hip_rekey_finish(struct hip_assoc *assoc)
{
	struct hip_rekey *rekey = assoc->rekey;
	struct hip_sa *out;

	lockdep_assert_held(&assoc->mutex);

	if (!rekey || !rekey->acked || !rekey->received)
		return false;

	spin_lock_bh(&assoc->queue.lock);
	out = rcu_replace_pointer(assoc->sa_out, rekey->sa_out,
				  lockdep_is_held(&assoc->mutex));
	spin_unlock_bh(&assoc->queue.lock);
	hip_sa_destroy(out);

	hip_sa_destroy(assoc->sa_in_old);
	assoc->sa_in_old = rcu_replace_pointer(assoc->sa_in, rekey->sa_in,
					       lockdep_is_held(&assoc->mutex));
	hip_rekey_commit(assoc, rekey);
	assoc->rekey = NULL;
	hip_rekey_free(rekey);
	HIP_INC_STATS(assoc->hn, REKEYS);

	/* perhaps it is here already */
	hip_rekey_drop_old(assoc);
	return true;
}

/**
 * hip_rekey_drop_old() - end the inbound SA before, once it has a successor
 * @assoc: association; its mutex is held
 *
 * Process context.
 */
void hip_rekey_drop_old(struct hip_assoc *assoc)
{
	struct hip_sa *sa = rcu_dereference_protected(assoc->sa_in,
				lockdep_is_held(&assoc->mutex));

	if (!sa || READ_ONCE(sa->first_data))
		return;
	hip_sa_destroy(assoc->sa_in_old);
	assoc->sa_in_old = NULL;
	WRITE_ONCE(assoc->rekeying, assoc->rekey && assoc->rekey->received);
}

/**
 * hip_rekey_expire_old() - end the inbound SA before, for its time is over
 * @assoc: association; its mutex is held
 *
 * Process context.  If no data comes its successor may stay unused for ever, but
 * what was sent with the old one has come by now, or will not.
 */
void hip_rekey_expire_old(struct hip_assoc *assoc)
{
	u64 age = jiffies64_to_msecs(get_jiffies_64() - assoc->keyed);

	lockdep_assert_held(&assoc->mutex);

	if (!assoc->sa_in_old || age < READ_ONCE(assoc->hn->config.msl))
		return;
	hip_sa_destroy(assoc->sa_in_old);
	assoc->sa_in_old = NULL;
	WRITE_ONCE(assoc->rekeying, assoc->rekey && assoc->rekey->received);
}

/**
 * hip_rekey_next() - when are new SAs due?
 * @assoc: association; its mutex is held
 *
 * Process context.  RFC 7402, sections 3.3.7 and 6.8.
 *
 * Return: as hip_rekey_due().
 */
u32 hip_rekey_next(struct hip_assoc *assoc)
{
	const struct hip_config *config = &assoc->hn->config;
	struct hip_rekey_limits limits = {
		.packets = READ_ONCE(config->rekey_packets),
		.bytes = READ_ONCE(config->rekey_bytes),
		.time = READ_ONCE(config->rekey_time),
	};
	struct hip_sa_info in, out;
	struct hip_rekey_use use;
	struct hip_sa *sa;

	lockdep_assert_held(&assoc->mutex);

	sa = rcu_dereference_protected(assoc->sa_in,
				       lockdep_is_held(&assoc->mutex));
	if (!sa)
		return HIP_REKEY_NEVER;
	hip_sa_get_info(sa, &in);

	/* not while packets wait for it */
	sa = rcu_dereference_protected(assoc->sa_out,
				       lockdep_is_held(&assoc->mutex));
	if (!sa)
		return HIP_REKEY_NEVER;
	hip_sa_get_info(sa, &out);

	use = (struct hip_rekey_use) {
		.seq_in = in.seq,
		.seq_out = out.seq,
		.seq_max = sa->seq.last,
		.bytes_in = in.bytes,
		.bytes_out = out.bytes,
		.age = jiffies64_to_msecs(get_jiffies_64() - assoc->keyed),
		.second = hip_hit_cmp(&assoc->key.local, &assoc->key.peer) > 0,
	};
	return hip_rekey_due(&limits, &use);
}

/**
 * hip_rekey_data() - data came in by an SA for the first time
 * @assoc: association; its mutex is held
 *
 * Process context.  Data by an SA of a rekey proves that the peer has finished
 * it, and so has our UPDATE.
 *
 * Return: true if a rekey is over by that.
 */
bool hip_rekey_data(struct hip_assoc *assoc)
{
	struct hip_rekey *rekey = assoc->rekey;

	lockdep_assert_held(&assoc->mutex);

	if (rekey && rekey->received && !READ_ONCE(rekey->sa_in->first_data)) {
		rekey->acked = true;
		return hip_rekey_finish(assoc);
	}
	hip_rekey_drop_old(assoc);
	return false;
}

/**
 * hip_rekey_abort() - forget a rekey that is under way
 * @assoc: association, with or without one; its mutex is held
 *
 * Process context.
 */
void hip_rekey_abort(struct hip_assoc *assoc)
{
	struct hip_rekey *rekey = assoc->rekey;

	lockdep_assert_held(&assoc->mutex);

	if (!rekey)
		return;
	assoc->rekey = NULL;
	hip_rekey_drop_new(rekey);
	hip_rekey_free(rekey);
	WRITE_ONCE(assoc->rekeying, assoc->sa_in_old);
}

/* What our UPDATE says */

/**
 * hip_rekey_build_info() - write our ESP_INFO
 * @b: builder of an UPDATE
 * @assoc: association with a rekey under way; its mutex is held
 *
 * Process context.  RFC 7402, section 5.1.1.
 */
void hip_rekey_build_info(struct hip_builder *b, const struct hip_assoc *assoc)
{
	const struct hip_rekey *rekey = assoc->rekey;

	hip_build_esp_info(b, rekey->index, assoc->spi_in, rekey->spi_in);
}

/**
 * hip_rekey_build_dh() - write our DIFFIE_HELLMAN, if there is one
 * @b: builder of an UPDATE
 * @assoc: association with a rekey under way; its mutex is held
 *
 * Process context.
 */
void hip_rekey_build_dh(struct hip_builder *b, const struct hip_assoc *assoc)
{
	const struct hip_rekey *rekey = assoc->rekey;

	if (rekey->dh)
		hip_build_dh(b, rekey->key.group, rekey->key.public,
			     rekey->key.public_len);
}
