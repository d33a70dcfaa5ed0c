// SPDX-License-Identifier: GPL-2.0
/*
 * Making a generation of pre-signed R1s: RFC 7401, section 5.3.2.
 *
 * The DH keys and the signatures come from hipd. What is signed is the same for
 * all Initiators; r1.c fills in the rest when it answers an I1.
 */
#include <linux/jiffies.h>
#include <linux/overflow.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "build.h"
#include "covered.h"
#include "identity.h"
#include "net.h"
#include "param.h"
#include "peer.h"
#include "puzzle.h"
#include "r1.h"
#include "r1_make.h"
#include "stats.h"
#include "upcall.h"
#include "wire.h"

/* Whose HITs we can verify, best first */
static const u8 hip_r1_hit_suites[] = {
	HIP_HIT_SUITE_ECDSA_SHA384,
	HIP_HIT_SUITE_RSA_DSA_SHA256,
	HIP_HIT_SUITE_ECDSA_LOW_SHA1,
};

/**
 * struct hip_r1_maker - what making a generation needs
 * @k: difficulty of the puzzle
 * @lifetime: encoded lifetime of the puzzle
 * @n_dh_groups: used entries of @dh_groups and @dh
 * @n_hip_ciphers: used entries of @hip_ciphers
 * @n_esp_suites: used entries of @esp_suites
 * @dh_groups: DH groups that hipd can do, best first
 * @hip_ciphers: HIP ciphers, best first
 * @esp_suites: ESP suites, best first
 * @dh: a key pair for each DH group
 * @pkt: the R1 under construction
 * @cover: what its signature covers
 * @sig: the signature
 */
struct hip_r1_maker {
	u8 k;
	u8 lifetime;
	u8 n_dh_groups;
	u8 n_hip_ciphers;
	u8 n_esp_suites;
	u8 dh_groups[HIP_R1_GROUPS];
	u16 hip_ciphers[HIP_CONFIG_LIST_MAX];
	u16 esp_suites[HIP_CONFIG_LIST_MAX];
	struct hip_dh_key dh[HIP_R1_GROUPS];
	u8 pkt[HIP_MAX_LEN] __aligned(8);
	u8 cover[HIP_MAX_LEN] __aligned(8);
	u8 sig[HIP_SIG_MAX];
};

/* Builds and signs the R1 of one DH group. */
static struct hip_r1 *hip_r1_make(struct hip_identity *id,
				  struct hip_r1_maker *m, unsigned int group,
				  u64 counter)
{
	const u16 format = HIP_TRANSPORT_FORMAT_ESP;
	const struct hip_dh_key *dh = &m->dh[group];
	size_t puzzle_off, sig_off, sig_len;
	struct hip_builder b;
	struct hip_r1 *r1;
	ssize_t len;
	int err;

	hip_build_init(&b, m->pkt, sizeof(m->pkt), HIP_PKT_R1,
		       id->anonymous ? HIP_CONTROL_ANON : 0, &id->hit, NULL);
	hip_build_r1_counter(&b, counter);
	puzzle_off = b.len + HIP_TLV_HDR_LEN;
	hip_build_puzzle(&b, m->k, m->lifetime, 0, NULL,
			 hip_rhash_len(id->suite));
	hip_build_dh_group_list(&b, m->dh_groups, m->n_dh_groups);
	hip_build_dh(&b, dh->group, dh->public, dh->public_len);
	hip_build_hip_cipher(&b, m->hip_ciphers, m->n_hip_ciphers);
	hip_build_host_id(&b, id->hi_alg, id->hi, id->hi_len, HIP_DI_NONE,
			  NULL, 0);
	hip_build_hit_suite_list(&b, hip_r1_hit_suites,
				 ARRAY_SIZE(hip_r1_hit_suites));
	hip_build_transport_format_list(&b, &format, 1);
	hip_build_esp_transform(&b, m->esp_suites, m->n_esp_suites);

	len = hip_build_finish(&b);
	if (len < 0)
		return ERR_PTR(len);
	sig_off = len;
	len = hip_signature2_input(m->cover, sizeof(m->cover), m->pkt, sig_off);
	if (len < 0)
		return ERR_PTR(len);
	err = hip_upcall_sign(id->hn, &id->upcalls, &id->hit, m->cover, len,
			      m->sig, &sig_len);
	if (err)
		return ERR_PTR(err);
	hip_build_signature(&b, HIP_PARAM_HIP_SIGNATURE_2, id->hi_alg, m->sig,
			    sig_len);
	len = hip_build_finish(&b);
	if (len < 0)
		return ERR_PTR(len);

	r1 = kmalloc(struct_size(r1, pkt, len), GFP_KERNEL);
	if (!r1)
		return ERR_PTR(-ENOMEM);
	refcount_set(&r1->refcnt, 1);
	r1->counter = counter;
	r1->k = m->k;
	get_random_bytes(r1->secret, sizeof(r1->secret));
	atomic_set(&r1->sent, 0);
	r1->dh = *dh;
	hip_i2_seen_init(&r1->i2s);
	r1->puzzle_off = puzzle_off;
	r1->len = len;
	memcpy(r1->pkt, m->pkt, len);
	return r1;
}

static void hip_r1_copy_config(struct hip_net *hn, struct hip_r1_maker *m)
{
	const struct hip_config *config = &hn->config;

	mutex_lock(&hn->lock);
	m->k = hn->load.now.k;
	m->lifetime = config->puzzle_lifetime;
	m->n_dh_groups = config->n_dh_groups;
	m->n_hip_ciphers = config->n_hip_ciphers;
	m->n_esp_suites = config->n_esp_suites;
	memcpy(m->dh_groups, config->dh_groups, sizeof(m->dh_groups));
	memcpy(m->hip_ciphers, config->hip_ciphers, sizeof(m->hip_ciphers));
	memcpy(m->esp_suites, config->esp_suites, sizeof(m->esp_suites));
	hip_peer_add_suites(hn, m->esp_suites, &m->n_esp_suites);
	mutex_unlock(&hn->lock);
}

/* Makes the DH keys; groups that hipd lacks are left out of the list */
static int hip_r1_make_dh(struct hip_identity *id, struct hip_r1_maker *m)
{
	unsigned int i, n = 0;
	int err;

	for (i = 0; i < m->n_dh_groups; i++) {
		err = hip_upcall_dh_generate(id->hn, &id->upcalls,
					     m->dh_groups[i], &m->dh[n]);
		if (err == -EOPNOTSUPP)
			continue;
		if (err)
			return err;
		m->dh_groups[n++] = m->dh_groups[i];
	}
	m->n_dh_groups = n;
	return n ? 0 : -EOPNOTSUPP;
}

/**
 * hip_r1_maker_new() - begin a generation
 * @id: identity
 *
 * Process context, sleeps in upcalls.
 *
 * Return: what is needed to make it, with the DH keys; -ENOMEM, or why hipd has
 * made no keys.
 */
struct hip_r1_maker *hip_r1_maker_new(struct hip_identity *id)
{
	struct hip_r1_maker *m;
	int err;

	m = kzalloc(sizeof(*m), GFP_KERNEL);
	if (!m)
		return ERR_PTR(-ENOMEM);
	hip_r1_copy_config(id->hn, m);
	err = hip_r1_make_dh(id, m);
	if (err) {
		kfree_sensitive(m);
		return ERR_PTR(err);
	}
	return m;
}

/**
 * hip_r1_maker_free() - end what hip_r1_maker_new() has begun
 * @m: maker
 */
void hip_r1_maker_free(struct hip_r1_maker *m)
{
	kfree_sensitive(m);
}

/**
 * hip_r1_set_new() - a generation without R1s
 * @m: maker
 * @counter: its R1_COUNTER
 *
 * Process context.
 *
 * Return: the set, or NULL.
 */
struct hip_r1_set *hip_r1_set_new(const struct hip_r1_maker *m, u64 counter)
{
	struct hip_r1_set *set;

	set = kzalloc(sizeof(*set), GFP_KERNEL);
	if (!set)
		return NULL;
	set->counter = counter;
	set->keep = msecs_to_jiffies(2 * hip_puzzle_lifetime_ms(m->lifetime));
	set->k = m->k;
	set->n = m->n_dh_groups;
	memcpy(set->group, m->dh_groups, sizeof(set->group));
	return set;
}

/**
 * hip_r1_set_fill() - make the R1s of a generation
 * @id: identity
 * @m: maker
 * @set: of hip_r1_set_new(); may be in the pool already
 *
 * Process context, sleeps in upcalls.
 *
 * Return: 0, -ENOMEM, or why hipd has signed nothing.
 */
int hip_r1_set_fill(struct hip_identity *id, struct hip_r1_maker *m,
		    struct hip_r1_set *set)
{
	struct hip_r1 *r1;
	unsigned int i;

	for (i = 0; i < set->n; i++) {
		r1 = hip_r1_make(id, m, i, set->counter);
		if (IS_ERR(r1))
			return PTR_ERR(r1);
		rcu_assign_pointer(set->r1[i], r1);
		HIP_INC_STATS(id->hn, R1_GENERATED);
	}
	return 0;
}
