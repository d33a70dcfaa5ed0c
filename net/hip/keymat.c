// SPDX-License-Identifier: GPL-2.0
/*
 * KEYMAT: keys from the Diffie-Hellman secret.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "hit.h"
#include "keymat.h"
#include "wire.h"

#define HIP_HKDF_BLOCKS_MAX	255	/* RFC 5869, section 2.3 */

/**
 * hip_hkdf_extract() - first step of HKDF
 * @suite: HIT suite of the Responder
 * @salt: salt
 * @salt_len: octets of @salt
 * @ikm: input keying material
 * @ikm_len: octets of @ikm
 * @prk: set to the pseudorandom key, hip_rhash_len(@suite) octets
 *
 * Process or softirq context.  RFC 5869, section 2.2.
 *
 * Return: 0 or an error as from hip_hmac().
 */
int hip_hkdf_extract(u8 suite, const void *salt, size_t salt_len,
		     const void *ikm, size_t ikm_len, u8 *prk)
{
	const struct kvec vec = { (void *)ikm, ikm_len };

	return hip_hmac(suite, salt, salt_len, prk, &vec, 1);
}

/**
 * hip_hkdf_block() - one block of the second step of HKDF
 * @suite: HIT suite of the Responder
 * @prk: pseudorandom key
 * @prk_len: octets of @prk
 * @prev: the block before
 * @prev_len: octets of @prev, 0 for the first block
 * @info: context information
 * @info_len: octets of @info
 * @counter: number of the block, from 1
 * @out: set to the block, hip_rhash_len(@suite) octets; may be @prev
 *
 * Process or softirq context.  RFC 5869, section 2.3: T(n) = HMAC(PRK, T(n-1) |
 * info | n).
 *
 * Return: 0 or an error as from hip_hmac().
 */
int hip_hkdf_block(u8 suite, const u8 *prk, size_t prk_len, const u8 *prev,
		   size_t prev_len, const void *info, size_t info_len,
		   u8 counter, u8 *out)
{
	const struct kvec vec[] = {
		{ (void *)prev, prev_len },
		{ (void *)info, info_len },
		{ &counter, sizeof(counter) },
	};

	return hip_hmac(suite, prk, prk_len, out, vec, ARRAY_SIZE(vec));
}

/**
 * hip_keymat_init() - start a KEYMAT
 * @km: KEYMAT; the caller's, to be cleared with hip_keymat_wipe()
 * @suite: HIT suite of the Responder
 * @kij: Diffie-Hellman shared secret, big-endian, padded on the left to
 *	hip_dh_kij_len()
 * @kij_len: octets of @kij
 * @i: I of the puzzle of the base exchange
 * @j: J, its solution
 * @rhash_len: octets of @i and of @j
 * @hit_a: HIT of one host
 * @hit_b: HIT of the other host, in any order
 *
 * Process or softirq context.  RFC 7401, section 6.5.  A rekey with a new Kij
 * calls this again with the old I and J.
 *
 * Return: 0, -EINVAL if @rhash_len does not suit @suite, -EOPNOTSUPP for a
 * suite that we do not support, or an error of the crypto API.
 */
int hip_keymat_init(struct hip_keymat *km, u8 suite, const void *kij,
		    size_t kij_len, const u8 *i, const u8 *j,
		    size_t rhash_len, const struct in6_addr *hit_a,
		    const struct in6_addr *hit_b)
{
	bool swap = hip_hit_cmp(hit_a, hit_b) > 0;
	u8 salt[2 * HIP_RHASH_LEN_MAX];
	int err;

	memset(km, 0, sizeof(*km));
	if (!hip_rhash_len(suite))
		return -EOPNOTSUPP;
	if (rhash_len != hip_rhash_len(suite))
		return -EINVAL;

	km->suite = suite;
	km->hash_len = rhash_len;
	km->limit = HIP_HKDF_BLOCKS_MAX * rhash_len;
	memcpy(km->info, swap ? hit_b : hit_a, HIP_HIT_LEN);
	memcpy(km->info + HIP_HIT_LEN, swap ? hit_a : hit_b, HIP_HIT_LEN);

	memcpy(salt, i, rhash_len);
	memcpy(salt + rhash_len, j, rhash_len);
	err = hip_hkdf_extract(suite, salt, 2 * rhash_len, kij, kij_len,
			       km->prk);
	if (err)
		hip_keymat_wipe(km);
	return err;
}

/**
 * hip_keymat_draw() - take the next octets of a KEYMAT
 * @km: KEYMAT; the caller serialises
 * @out: set to the octets, or NULL to throw them away
 * @len: how many
 *
 * Process or softirq context.  RFC 7401, section 6.5: keys are drawn in
 * sequence, no octet twice.
 *
 * Return: 0, -EOVERFLOW if the KEYMAT has fewer left (and nothing is drawn),
 * or an error as from hip_hmac().
 */
int hip_keymat_draw(struct hip_keymat *km, void *out, size_t len)
{
	size_t used, n;
	u8 *to = out;
	int err;

	if (!km->hash_len || len > km->limit - km->index)
		return -EOVERFLOW;

	while (len) {
		used = km->index % km->hash_len;
		if (!used) {
			err = hip_hkdf_block(km->suite, km->prk, km->hash_len,
					     km->t,
					     km->counter ? km->hash_len : 0,
					     km->info, sizeof(km->info),
					     km->counter + 1, km->t);
			if (err)
				return err;
			km->counter++;
		}
		n = min_t(size_t, len, km->hash_len - used);
		if (to) {
			memcpy(to, km->t + used, n);
			to += n;
		}
		km->index += n;
		len -= n;
	}
	return 0;
}

/**
 * hip_keymat_seek() - skip to a KEYMAT Index
 * @km: KEYMAT; the caller serialises
 * @index: KEYMAT Index of ESP_INFO, octets
 *
 * Process or softirq context.  RFC 7402, section 6.9: the hosts agree on the
 * greater of their indices.
 *
 * Return: 0, -EINVAL if that lies behind us, -EOVERFLOW if it lies beyond the
 * end, or an error as from hip_hmac().
 */
int hip_keymat_seek(struct hip_keymat *km, u16 index)
{
	if (index < km->index)
		return -EINVAL;
	return hip_keymat_draw(km, NULL, index - km->index);
}

/* Keys for the direction from HOST_g, then for that from HOST_l */
static int hip_keymat_draw_esp(struct hip_keymat *km,
			       const struct hip_esp_suite_info *info, bool we_g,
			       struct hip_keys *out)
{
	int err;

	out->keymat_index = km->index;
	out->esp_enc_len = info->enc_key_len + info->salt_len;
	out->esp_auth_len = info->auth_key_len;

	err = hip_keymat_draw(km, we_g ? out->esp_enc_out : out->esp_enc_in,
			      out->esp_enc_len);
	if (!err)
		err = hip_keymat_draw(km, we_g ? out->esp_auth_out :
					  out->esp_auth_in,
				      out->esp_auth_len);
	if (!err)
		err = hip_keymat_draw(km, we_g ? out->esp_enc_in :
					  out->esp_enc_out,
				      out->esp_enc_len);
	if (!err)
		err = hip_keymat_draw(km, we_g ? out->esp_auth_in :
					  out->esp_auth_out,
				      out->esp_auth_len);
	out->keymat_next = km->index;
	return err;
}

/**
 * hip_keymat_esp() - draw ESP keys for a rekey
 * @km: KEYMAT, already at the agreed index; the caller serialises
 * @esp_suite: ESP suite
 * @our_hit: local HIT
 * @peer_hit: peer HIT
 * @out: the ESP keys and indices are set, the HIP keys are left alone
 *
 * Process or softirq context.  RFC 7402, sections 6.10 and 7.
 *
 * Return: 0, -EOPNOTSUPP for a suite that we do not support, -EOVERFLOW if
 * the KEYMAT is exhausted, or an error as from hip_hmac(); then no ESP key is
 * left in @out.
 */
int hip_keymat_esp(struct hip_keymat *km, u16 esp_suite,
		   const struct in6_addr *our_hit,
		   const struct in6_addr *peer_hit, struct hip_keys *out)
{
	const struct hip_esp_suite_info *info = hip_esp_suite_info(esp_suite);
	int err;

	if (!info)
		return -EOPNOTSUPP;
	err = hip_keymat_draw_esp(km, info, hip_hit_cmp(our_hit, peer_hit) > 0,
				  out);
	if (err) {
		memzero_explicit(out->esp_enc_out, sizeof(out->esp_enc_out));
		memzero_explicit(out->esp_enc_in, sizeof(out->esp_enc_in));
		memzero_explicit(out->esp_auth_out, sizeof(out->esp_auth_out));
		memzero_explicit(out->esp_auth_in, sizeof(out->esp_auth_in));
	}
	return err;
}

/**
 * hip_keymat_bex() - draw all keys of a base exchange
 * @km: KEYMAT from which nothing has been drawn; the caller serialises
 * @hip_cipher: HIP cipher
 * @esp_suite: ESP suite
 * @our_hit: local HIT
 * @peer_hit: peer HIT
 * @out: set to the keys; the caller clears it with hip_keys_wipe()
 *
 * Process or softirq context.  RFC 7401, section 6.5 and RFC 7402, section 7.
 *
 * Return: 0, -EOPNOTSUPP for a cipher or suite that we do not support, -EINVAL
 * if something has been drawn before, or an error as from hip_hmac(); then
 * @out is clear.
 */
int hip_keymat_bex(struct hip_keymat *km, u16 hip_cipher, u16 esp_suite,
		   const struct in6_addr *our_hit,
		   const struct in6_addr *peer_hit, struct hip_keys *out)
{
	const struct hip_esp_suite_info *info = hip_esp_suite_info(esp_suite);
	bool we_g = hip_hit_cmp(our_hit, peer_hit) > 0;
	int enc_len = hip_cipher_key_len(hip_cipher);
	int err;

	memset(out, 0, sizeof(*out));
	if (!info || enc_len < 0)
		return -EOPNOTSUPP;
	if (km->index)
		return -EINVAL;

	out->hip_enc_len = enc_len;
	out->hip_mac_len = km->hash_len;
	err = hip_keymat_draw(km, we_g ? out->hip_enc_out : out->hip_enc_in,
			      out->hip_enc_len);
	if (!err)
		err = hip_keymat_draw(km, we_g ? out->hip_mac_out :
					  out->hip_mac_in,
				      out->hip_mac_len);
	if (!err)
		err = hip_keymat_draw(km, we_g ? out->hip_enc_in :
					  out->hip_enc_out,
				      out->hip_enc_len);
	if (!err)
		err = hip_keymat_draw(km, we_g ? out->hip_mac_in :
					  out->hip_mac_out,
				      out->hip_mac_len);
	if (!err)
		err = hip_keymat_draw_esp(km, info, we_g, out);
	if (err)
		hip_keys_wipe(out);
	return err;
}

/**
 * hip_keymat_wipe() - forget a KEYMAT
 * @km: KEYMAT
 *
 * Any context.
 */
void hip_keymat_wipe(struct hip_keymat *km)
{
	memzero_explicit(km, sizeof(*km));
}

/**
 * hip_keys_wipe() - forget a set of keys
 * @keys: keys
 *
 * Any context.
 */
void hip_keys_wipe(struct hip_keys *keys)
{
	memzero_explicit(keys, sizeof(*keys));
}
