/* SPDX-License-Identifier: GPL-2.0 */
/*
 * KEYMAT: keys from the Diffie-Hellman secret.  RFC 7401, section 6.5 and
 * RFC 7402, section 7; the KDF is HKDF, RFC 5869.
 */
#ifndef _NET_HIP_KEYMAT_H
#define _NET_HIP_KEYMAT_H

#include <linux/in6.h>
#include <linux/types.h>

#include "crypto.h"

/**
 * struct hip_keymat - a KEYMAT that is being drawn from
 * @suite: HIT suite of the Responder; says which RHASH
 * @hash_len: octets of RHASH
 * @counter: number of the block in @t, 0 before the first
 * @index: octets drawn so far: the KEYMAT Index of ESP_INFO
 * @limit: octets that may be drawn in all
 * @info: smaller HIT, then greater HIT
 * @prk: pseudorandom key
 * @t: last block
 *
 * Secret.  Not locked: the owner serialises.
 */
struct hip_keymat {
	u8	suite;
	u8	hash_len;
	u8	counter;
	u16	index;
	u16	limit;
	u8	info[2 * HIP_HIT_LEN];
	u8	prk[HIP_RHASH_LEN_MAX];
	u8	t[HIP_RHASH_LEN_MAX];
};

/**
 * struct hip_keys - keys of one association, from our point of view
 * @hip_enc_out: key of the ENCRYPTED parameters that we send
 * @hip_enc_in: key of those that the peer sends
 * @hip_mac_out: HIP integrity key of packets that we send
 * @hip_mac_in: HIP integrity key of packets that the peer sends
 * @esp_enc_out: ESP encryption key of our outgoing SA, then its salt
 * @esp_enc_in: ESP encryption key of our incoming SA, then its salt
 * @esp_auth_out: ESP authentication key of our outgoing SA
 * @esp_auth_in: ESP authentication key of our incoming SA
 * @hip_enc_len: octets of the HIP encryption keys
 * @hip_mac_len: octets of the HIP integrity keys
 * @esp_enc_len: octets of the ESP encryption keys, salt included
 * @esp_auth_len: octets of the ESP authentication keys
 * @keymat_index: where the ESP keys start: KEYMAT Index of ESP_INFO
 * @keymat_next: first octet not drawn yet
 *
 * Secret: clear with hip_keys_wipe().
 */
struct hip_keys {
	u8	hip_enc_out[HIP_CIPHER_KEY_MAX];
	u8	hip_enc_in[HIP_CIPHER_KEY_MAX];
	u8	hip_mac_out[HIP_RHASH_LEN_MAX];
	u8	hip_mac_in[HIP_RHASH_LEN_MAX];
	u8	esp_enc_out[HIP_ESP_ENC_KEY_MAX];
	u8	esp_enc_in[HIP_ESP_ENC_KEY_MAX];
	u8	esp_auth_out[HIP_ESP_AUTH_KEY_MAX];
	u8	esp_auth_in[HIP_ESP_AUTH_KEY_MAX];
	u8	hip_enc_len;
	u8	hip_mac_len;
	u8	esp_enc_len;
	u8	esp_auth_len;
	u16	keymat_index;
	u16	keymat_next;
};

int hip_hkdf_extract(u8 suite, const void *salt, size_t salt_len,
		     const void *ikm, size_t ikm_len, u8 *prk);
int hip_hkdf_block(u8 suite, const u8 *prk, size_t prk_len, const u8 *prev,
		   size_t prev_len, const void *info, size_t info_len,
		   u8 counter, u8 *out);

int hip_keymat_init(struct hip_keymat *km, u8 suite, const void *kij,
		    size_t kij_len, const u8 *i, const u8 *j,
		    size_t rhash_len, const struct in6_addr *hit_a,
		    const struct in6_addr *hit_b);
int hip_keymat_draw(struct hip_keymat *km, void *out, size_t len);
int hip_keymat_seek(struct hip_keymat *km, u16 index);
int hip_keymat_bex(struct hip_keymat *km, u16 hip_cipher, u16 esp_suite,
		   const struct in6_addr *our_hit,
		   const struct in6_addr *peer_hit, struct hip_keys *out);
int hip_keymat_esp(struct hip_keymat *km, u16 esp_suite,
		   const struct in6_addr *our_hit,
		   const struct in6_addr *peer_hit, struct hip_keys *out);
void hip_keymat_wipe(struct hip_keymat *km);
void hip_keys_wipe(struct hip_keys *keys);

#endif /* _NET_HIP_KEYMAT_H */
