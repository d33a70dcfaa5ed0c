// SPDX-License-Identifier: GPL-2.0
/*
 * Symmetric cryptography of HIP: RHASH, HMAC, ENCRYPTED, tables of key sizes.
 *
 * Public-key operations are hipd's; ESP uses AEAD transforms of its own.
 */
#include <crypto/aes.h>
#include <crypto/algapi.h>
#include <crypto/hash.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/random.h>
#include <linux/string.h>

#include "crypto.h"
#include "wire.h"

#define HIP_HMAC_BLOCK_MAX	128	/* SHA-384 */
#define HIP_HMAC_IPAD		0x36	/* RFC 2104, section 2 */
#define HIP_HMAC_OPAD		0x5c

static const char * const hip_rhash_names[] = {
	[HIP_HIT_SUITE_RSA_DSA_SHA256]	= "sha256",
	[HIP_HIT_SUITE_ECDSA_SHA384]	= "sha384",
	[HIP_HIT_SUITE_ECDSA_LOW_SHA1]	= "sha1",
};

/* Set once by hip_crypto_init(); stateless, so every context may share them */
static struct crypto_shash *hip_rhash_tfm[ARRAY_SIZE(hip_rhash_names)];

/* RFC 7402, section 5.1.2, in the order of the numbers.  Key sizes that it leaves
 * open are the shortest that the RFC of the cipher has.
 */
static const struct hip_esp_suite_info hip_esp_suites[] = {
	{
		.id		= HIP_ESP_AES128_CBC_SHA1,
		.aead_name	= "authenc(hmac(sha1),cbc(aes))",
		.aead_name_esn	= "authencesn(hmac(sha1),cbc(aes))",
		.enc_key_len	= 16,
		.auth_key_len	= 20,
		.iv_len		= 16,
		.icv_len	= 12,
		.block		= 16,
	},
	{
		.id		= HIP_ESP_NULL_SHA256,
		.aead_name	= "authenc(hmac(sha256),ecb(cipher_null))",
		.aead_name_esn	= "authencesn(hmac(sha256),ecb(cipher_null))",
		.auth_key_len	= 32,
		.icv_len	= 16,
		.block		= 4,
		.integrity_only	= true,
	},
	{
		.id		= HIP_ESP_AES128_CBC_SHA256,
		.aead_name	= "authenc(hmac(sha256),cbc(aes))",
		.aead_name_esn	= "authencesn(hmac(sha256),cbc(aes))",
		.enc_key_len	= 16,
		.auth_key_len	= 32,
		.iv_len		= 16,
		.icv_len	= 16,
		.block		= 16,
	},
	{
		.id		= HIP_ESP_AES256_CBC_SHA256,
		.aead_name	= "authenc(hmac(sha256),cbc(aes))",
		.aead_name_esn	= "authencesn(hmac(sha256),cbc(aes))",
		.enc_key_len	= 32,
		.auth_key_len	= 32,
		.iv_len		= 16,
		.icv_len	= 16,
		.block		= 16,
	},
	{
		.id		= HIP_ESP_AES_CCM_8,
		.aead_name	= "rfc4309(ccm(aes))",
		.aead_name_esn	= "rfc4309(ccm(aes))",
		.enc_key_len	= 16,
		.salt_len	= 3,
		.iv_len		= 8,
		.icv_len	= 8,
		.block		= 4,
	},
	{
		.id		= HIP_ESP_AES_CCM_16,
		.aead_name	= "rfc4309(ccm(aes))",
		.aead_name_esn	= "rfc4309(ccm(aes))",
		.enc_key_len	= 16,
		.salt_len	= 3,
		.iv_len		= 8,
		.icv_len	= 16,
		.block		= 4,
	},
	{
		.id		= HIP_ESP_AES_GCM_8,
		.aead_name	= "rfc4106(gcm(aes))",
		.aead_name_esn	= "gcm(aes)",
		.bare_esn	= true,
		.enc_key_len	= 16,
		.salt_len	= 4,
		.iv_len		= 8,
		.icv_len	= 8,
		.block		= 4,
	},
	{
		.id		= HIP_ESP_AES_GCM_16,
		.aead_name	= "rfc4106(gcm(aes))",
		.aead_name_esn	= "gcm(aes)",
		.bare_esn	= true,
		.enc_key_len	= 16,
		.salt_len	= 4,
		.iv_len		= 8,
		.icv_len	= 16,
		.block		= 4,
	},
	{
		.id		= HIP_ESP_AES_CMAC_96,
		.aead_name	= "authenc(cmac(aes),ecb(cipher_null))",
		.aead_name_esn	= "authencesn(cmac(aes),ecb(cipher_null))",
		.auth_key_len	= 16,
		.icv_len	= 12,
		.block		= 4,
		.integrity_only	= true,
	},
	{
		.id		= HIP_ESP_AES_GMAC,
		.aead_name	= "rfc4543(gcm(aes))",
		.aead_name_esn	= "rfc4543(gcm(aes))",
		.enc_key_len	= 16,
		.salt_len	= 4,
		.iv_len		= 8,
		.icv_len	= 16,
		.block		= 4,
		.integrity_only	= true,
	},
};

/**
 * hip_crypto_init() - get the hash functions
 *
 * Process context, once, before anything else in this file.
 *
 * Return: 0, or why a hash function is not available.
 */
int hip_crypto_init(void)
{
	struct crypto_shash *tfm;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(hip_rhash_names); i++) {
		if (!hip_rhash_names[i])
			continue;
		tfm = crypto_alloc_shash(hip_rhash_names[i], 0, 0);
		if (IS_ERR(tfm)) {
			hip_crypto_exit();
			return PTR_ERR(tfm);
		}
		hip_rhash_tfm[i] = tfm;
	}
	return 0;
}

/**
 * hip_crypto_exit() - release the hash functions
 *
 * Process context, when nobody can use this file any more.
 */
void hip_crypto_exit(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(hip_rhash_tfm); i++) {
		crypto_free_shash(hip_rhash_tfm[i]);
		hip_rhash_tfm[i] = NULL;
	}
}

static struct crypto_shash *hip_rhash_get(u8 suite)
{
	return suite < ARRAY_SIZE(hip_rhash_tfm) ? hip_rhash_tfm[suite] : NULL;
}

/* Digest of @pre, if any, and @vec */
static int hip_digest(struct crypto_shash *tfm, u8 *out, const void *pre,
		      size_t pre_len, const struct kvec *vec, unsigned int n)
{
	SHASH_DESC_ON_STACK(desc, tfm);
	unsigned int i;
	int err;

	desc->tfm = tfm;
	err = crypto_shash_init(desc);
	if (!err && pre_len)
		err = crypto_shash_update(desc, pre, pre_len);
	for (i = 0; !err && i < n; i++)
		err = crypto_shash_update(desc, vec[i].iov_base,
					  vec[i].iov_len);
	if (!err)
		err = crypto_shash_final(desc, out);
	shash_desc_zero(desc);
	return err;
}

/**
 * hip_rhash() - RHASH of a few buffers
 * @suite: HIT suite of the Responder
 * @out: set to the hash, hip_rhash_len(@suite) octets
 * @vec: the buffers, in order
 * @n: number of buffers
 *
 * Process or softirq context.  RFC 7401, section 2.3.
 *
 * Return: 0, -EOPNOTSUPP for a suite that we do not support, or an error of
 * the crypto API.
 */
int hip_rhash(u8 suite, u8 *out, const struct kvec *vec, unsigned int n)
{
	struct crypto_shash *tfm = hip_rhash_get(suite);

	if (!tfm)
		return -EOPNOTSUPP;
	return hip_digest(tfm, out, NULL, 0, vec, n);
}

/**
 * hip_hmac() - HMAC of a few buffers
 * @suite: HIT suite of the Responder
 * @key: key, any length
 * @key_len: octets of @key
 * @out: set to the MAC, hip_rhash_len(@suite) octets, not truncated
 * @vec: the buffers, in order
 * @n: number of buffers
 *
 * Process or softirq context.  RFC 2104 on top of the plain hash: a keyed
 * transform would have to be allocated, or locked, for each key.
 *
 * Return: 0, -EOPNOTSUPP for a suite that we do not support, or an error of
 * the crypto API.
 */
int hip_hmac(u8 suite, const void *key, size_t key_len, u8 *out,
	     const struct kvec *vec, unsigned int n)
{
	struct crypto_shash *tfm = hip_rhash_get(suite);
	struct kvec inner_vec, key_vec;
	u8 inner[HIP_RHASH_LEN_MAX];
	u8 pad[HIP_HMAC_BLOCK_MAX];
	unsigned int block, i;
	int err = 0;

	if (!tfm)
		return -EOPNOTSUPP;
	block = crypto_shash_blocksize(tfm);
	if (WARN_ON_ONCE(block > sizeof(pad)))
		return -EINVAL;

	memset(pad, 0, sizeof(pad));
	if (key_len > block) {
		key_vec.iov_base = (void *)key;
		key_vec.iov_len = key_len;
		err = hip_digest(tfm, pad, NULL, 0, &key_vec, 1);
	} else if (key_len) {
		memcpy(pad, key, key_len);
	}

	for (i = 0; i < block; i++)
		pad[i] ^= HIP_HMAC_IPAD;
	if (!err)
		err = hip_digest(tfm, inner, pad, block, vec, n);

	for (i = 0; i < block; i++)
		pad[i] ^= HIP_HMAC_IPAD ^ HIP_HMAC_OPAD;
	inner_vec.iov_base = inner;
	inner_vec.iov_len = crypto_shash_digestsize(tfm);
	if (!err)
		err = hip_digest(tfm, out, pad, block, &inner_vec, 1);

	memzero_explicit(pad, sizeof(pad));
	memzero_explicit(inner, sizeof(inner));
	return err;
}

/**
 * hip_mac_verify() - check a MAC
 * @suite: HIT suite of the Responder
 * @key: the sender's HIP integrity key
 * @key_len: octets of @key
 * @data: what the MAC covers, from hip_mac_input()
 * @data_len: octets of @data
 * @mac: the MAC received
 * @mac_len: octets of @mac
 *
 * Process or softirq context; takes the same time wherever they differ.
 * RFC 7401, section 6.4.1.
 *
 * Return: 0 if it is right, -EBADMSG if not, other errors as from hip_hmac().
 */
int hip_mac_verify(u8 suite, const void *key, size_t key_len,
		   const void *data, size_t data_len, const void *mac,
		   size_t mac_len)
{
	const struct kvec vec = { (void *)data, data_len };
	u8 want[HIP_RHASH_LEN_MAX];
	int err;

	err = hip_hmac(suite, key, key_len, want, &vec, 1);
	if (!err && (mac_len != hip_rhash_len(suite) ||
		     crypto_memneq(mac, want, mac_len)))
		err = -EBADMSG;
	memzero_explicit(want, sizeof(want));
	return err;
}

/**
 * hip_cipher_key_len() - key size of a HIP cipher
 * @cipher: HIP cipher (enum hip_cipher_id)
 *
 * Any context.  RFC 7401, sections 5.2.8 and 6.5.
 *
 * Return: octets, or -EOPNOTSUPP for a cipher that we do not support.
 */
int hip_cipher_key_len(u16 cipher)
{
	switch (cipher) {
	case HIP_CIPHER_NULL:
		return 0;
	case HIP_CIPHER_AES128_CBC:
		return 16;
	case HIP_CIPHER_AES256_CBC:
		return 32;
	default:
		return -EOPNOTSUPP;
	}
}

static void hip_cbc_encrypt(const struct crypto_aes_ctx *aes, u8 *out,
			    const u8 *iv, const u8 *in, size_t blocks)
{
	u8 block[HIP_CIPHER_BLOCK];

	for (; blocks; blocks--) {
		crypto_xor_cpy(block, in, iv, sizeof(block));
		aes_encrypt(aes, out, block);
		iv = out;
		in += sizeof(block);
		out += sizeof(block);
	}
	memzero_explicit(block, sizeof(block));
}

static void hip_cbc_decrypt(const struct crypto_aes_ctx *aes, u8 *out,
			    const u8 *iv, const u8 *in, size_t blocks)
{
	for (; blocks; blocks--) {
		aes_decrypt(aes, out, in);
		crypto_xor(out, iv, HIP_CIPHER_BLOCK);
		iv = in;
		in += HIP_CIPHER_BLOCK;
		out += HIP_CIPHER_BLOCK;
	}
}

/**
 * hip_encrypt_iv() - encrypt the contents of ENCRYPTED with a given IV
 * @cipher: HIP cipher
 * @key: key, hip_cipher_key_len(@cipher) octets
 * @iv: HIP_CIPHER_IV_LEN octets; known-answer tests only, see hip_encrypt()
 * @out: IV and ciphertext; must not overlap @plain
 * @size: octets available at @out, HIP_ENCRYPTED_LEN(@len) is enough
 * @plain: the inner parameters
 * @len: octets of @plain
 *
 * Process or softirq context.  RFC 7401, section 5.2.18.  Padding is PKCS#5,
 * always 1 to 16 octets.  The AES library keeps this free of allocations and
 * of asynchronous completion, which a base exchange does not need.
 *
 * Return: octets written to @out, -ENOSPC if @size is too small, -EOPNOTSUPP
 * for a cipher that we do not support.
 */
ssize_t hip_encrypt_iv(u16 cipher, const u8 *key, const u8 *iv, u8 *out,
		       size_t size, const void *plain, size_t len)
{
	size_t full = len / HIP_CIPHER_BLOCK, tail = len % HIP_CIPHER_BLOCK;
	int key_len = hip_cipher_key_len(cipher);
	u8 last[HIP_CIPHER_BLOCK];
	struct crypto_aes_ctx aes;
	const u8 *in = plain;
	u8 *ct;
	int err;

	if (key_len < 0)
		return key_len;
	if (cipher == HIP_CIPHER_NULL) {
		if (size < len)
			return -ENOSPC;
		memcpy(out, plain, len);
		return len;
	}
	if (len > HIP_MAX_LEN || size < HIP_ENCRYPTED_LEN(len))
		return -ENOSPC;
	err = aes_expandkey(&aes, key, key_len);
	if (err)
		return err;

	memset(last, sizeof(last) - tail, sizeof(last));
	memcpy(last, in + full * HIP_CIPHER_BLOCK, tail);
	memcpy(out, iv, HIP_CIPHER_IV_LEN);
	ct = out + HIP_CIPHER_IV_LEN;

	hip_cbc_encrypt(&aes, ct, out, in, full);
	ct += full * HIP_CIPHER_BLOCK;
	hip_cbc_encrypt(&aes, ct, ct - HIP_CIPHER_BLOCK, last, 1);

	memzero_explicit(&aes, sizeof(aes));
	memzero_explicit(last, sizeof(last));
	return HIP_ENCRYPTED_LEN(len);
}

/**
 * hip_encrypt() - encrypt the contents of ENCRYPTED
 * @cipher: HIP cipher
 * @key: our HIP encryption key, hip_cipher_key_len(@cipher) octets
 * @out: a random IV and the ciphertext; must not overlap @plain
 * @size: octets available at @out, HIP_ENCRYPTED_LEN(@len) is enough
 * @plain: the inner parameters
 * @len: octets of @plain
 *
 * Process or softirq context.  RFC 7401, section 5.2.18.
 *
 * Return: octets written to @out, or an error as from hip_encrypt_iv().
 */
ssize_t hip_encrypt(u16 cipher, const u8 *key, u8 *out, size_t size,
		    const void *plain, size_t len)
{
	u8 iv[HIP_CIPHER_IV_LEN];

	get_random_bytes(iv, sizeof(iv));
	return hip_encrypt_iv(cipher, key, iv, out, size, plain, len);
}

/**
 * hip_decrypt() - decrypt the contents of ENCRYPTED
 * @cipher: HIP cipher
 * @key: the sender's HIP encryption key, hip_cipher_key_len(@cipher) octets
 * @out: the inner parameters and the cipher padding; must not overlap @iv_ct
 * @size: octets available at @out
 * @iv_ct: IV and ciphertext, from hip_get_encrypted()
 * @len: octets of @iv_ct
 *
 * Process or softirq context.  RFC 7401, section 5.2.18.  Leaves the padding
 * alone: HIP_MAC has been checked before, and hip_inner_next() goes by the
 * lengths of the inner parameters.
 *
 * Return: octets written to @out, -EINVAL if @len is not an IV and some
 * blocks, -ENOSPC if @size is too small, -EOPNOTSUPP for a cipher that we do
 * not support.
 */
ssize_t hip_decrypt(u16 cipher, const u8 *key, u8 *out, size_t size,
		    const void *iv_ct, size_t len)
{
	int key_len = hip_cipher_key_len(cipher);
	struct crypto_aes_ctx aes;
	const u8 *in = iv_ct;
	int err;

	if (key_len < 0)
		return key_len;
	if (cipher == HIP_CIPHER_NULL) {
		if (size < len)
			return -ENOSPC;
		memcpy(out, iv_ct, len);
		return len;
	}

	if (len < HIP_CIPHER_IV_LEN + HIP_CIPHER_BLOCK ||
	    len % HIP_CIPHER_BLOCK)
		return -EINVAL;
	len -= HIP_CIPHER_IV_LEN;
	if (size < len)
		return -ENOSPC;
	err = aes_expandkey(&aes, key, key_len);
	if (err)
		return err;

	hip_cbc_decrypt(&aes, out, in, in + HIP_CIPHER_IV_LEN,
			len / HIP_CIPHER_BLOCK);
	memzero_explicit(&aes, sizeof(aes));
	return len;
}

/**
 * hip_esp_suite_info() - what an ESP suite needs
 * @id: ESP suite (enum hip_esp_suite)
 *
 * Any context.  RFC 7402, section 5.1.2.
 *
 * Return: constant data, or NULL for a suite that we do not support.
 */
const struct hip_esp_suite_info *hip_esp_suite_info(u16 id)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(hip_esp_suites); i++)
		if (hip_esp_suites[i].id == id)
			return &hip_esp_suites[i];
	return NULL;
}
