/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Symmetric cryptography of HIP: RHASH, HMAC, ENCRYPTED, tables of key sizes.
 *
 * Every function works in process and softirq context, sleeps never and
 * allocates nothing, except hip_crypto_init() and hip_crypto_exit().
 */
#ifndef _NET_HIP_CRYPTO_H
#define _NET_HIP_CRYPTO_H

#include <linux/types.h>
#include <linux/uio.h>
#include <hip/hip_wire.h>

#define HIP_CIPHER_KEY_MAX	32	/* AES-256 */
#define HIP_CIPHER_BLOCK	16	/* AES */
#define HIP_ESP_ENC_KEY_MAX	36	/* AES-256 with a 4-octet salt */
#define HIP_ESP_AUTH_KEY_MAX	32	/* HMAC-SHA-256 */

/* What hip_encrypt() makes of @len octets: IV, plaintext, 1 to 16 of padding */
#define HIP_ENCRYPTED_LEN(len) \
	(HIP_CIPHER_IV_LEN + (((len) / HIP_CIPHER_BLOCK) + 1) * HIP_CIPHER_BLOCK)

/**
 * struct hip_esp_suite_info - what an ESP suite needs
 * @id: enum hip_esp_suite
 * @aead_name: crypto API template without extended sequence numbers: the ICV
 *	covers what the associated data says
 * @aead_name_esn: template when the high half of the sequence number is
 *	authenticated but not sent; HIP always uses ESN (RFC 7402, 3.3.6)
 * @bare_esn: @aead_name_esn is not made for ESP: it wants salt and IV joined, and
 *	no IV in the associated data
 * @enc_key_len: octets of the encryption key, without salt
 * @salt_len: octets of implicit nonce drawn right after the key
 * @auth_key_len: octets of the authentication key
 * @iv_len: octets of IV in each packet
 * @icv_len: octets of ICV in each packet
 * @block: payload and trailer are padded to a multiple of this, octets
 * @integrity_only: what is sent can be read by everybody; only where the
 *	administrator says so (RFC 7402, 3.3.5)
 */
struct hip_esp_suite_info {
	u16		id;
	const char	*aead_name;
	const char	*aead_name_esn;
	bool		bare_esn;
	u8		enc_key_len;
	u8		salt_len;
	u8		auth_key_len;
	u8		iv_len;
	u8		icv_len;
	u8		block;
	bool		integrity_only;
};

int hip_crypto_init(void);
void hip_crypto_exit(void);

int hip_rhash(u8 suite, u8 *out, const struct kvec *vec, unsigned int n);
int hip_hmac(u8 suite, const void *key, size_t key_len, u8 *out,
	     const struct kvec *vec, unsigned int n);
int hip_mac_verify(u8 suite, const void *key, size_t key_len,
		   const void *data, size_t data_len, const void *mac,
		   size_t mac_len);

int hip_cipher_key_len(u16 cipher);
ssize_t hip_encrypt(u16 cipher, const u8 *key, u8 *out, size_t size,
		    const void *plain, size_t len);
ssize_t hip_encrypt_iv(u16 cipher, const u8 *key, const u8 *iv, u8 *out,
		       size_t size, const void *plain, size_t len);
ssize_t hip_decrypt(u16 cipher, const u8 *key, u8 *out, size_t size,
		    const void *iv_ct, size_t len);

const struct hip_esp_suite_info *hip_esp_suite_info(u16 id);

#endif /* _NET_HIP_CRYPTO_H */
