/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Encryption and authentication of one ESP packet in place, RFC 4303.
 */
#ifndef _HIP_ESP_CRYPTO_H
#define _HIP_ESP_CRYPTO_H

#include <linux/atomic.h>
#include <linux/scatterlist.h>
#include <linux/types.h>
#include <crypto/aead.h>

#include "beet.h"
#include "crypto.h"

struct hip_sa;
struct sk_buff;

/* Writable octets that must precede the ESP header during encryption */
#define HIP_ESP_SCRATCH		4

/* SPI and 64-bit sequence number, RFC 4303 2.2.1, in words */
#define HIP_ESP_AAD_WORDS	3

/* What any suite of the table adds at most, octets */
#define HIP_ESP_HDR_MAX		(8 + HIP_ESP_IV_MAX)
#define HIP_ESP_TRAILER_MAX	(HIP_ESP_BLOCK_MAX - 1 + 2 + HIP_ESP_ICV_MAX)
#define HIP_ESP_IV_MAX		16
#define HIP_ESP_ICV_MAX		16
#define HIP_ESP_BLOCK_MAX	16
#define HIP_ESP_SALT_LEN	4

/**
 * struct hip_esp_cipher - the keyed cipher of one SA
 * @aead: transform with its key
 * @size: what it adds to a packet
 * @iv_len: octets of IV
 * @esn: the ICV covers the high half of the sequence number
 * @iv_is_seq: the IV is the sequence number
 * @iv_encrypted: the IV is the first block that is encrypted
 * @assoc_len: octets that are authenticated and not encrypted, as the cipher
 *	wants them: right before what is encrypted
 * @salted: @salt goes before the IV; else there is none, or the cipher knows it
 * @salt: secret part of the nonce, or of the block that becomes the IV
 * @req_size: octets of a &struct hip_esp_req that suits it
 *
 * Constant.
 */
struct hip_esp_cipher {
	struct crypto_aead *aead;
	struct hip_beet_size size;
	u8 iv_len;
	bool esn;
	bool iv_is_seq;
	bool iv_encrypted;
	u8 assoc_len;
	bool salted;
	u8 salt[HIP_ESP_IV_MAX];
	unsigned int req_size;
};

/**
 * struct hip_esp_req - one packet being encrypted or decrypted
 * @done: continues a packet whose submitter has left; see hip_esp_req_detach().
 *	BH are disabled.  Owns the request and puts it.
 * @sa: for @done
 * @skb: for @done
 * @seq: sequence number, 64 bits
 * @aad: where the associated data lie during the operation; NULL: they are the
 *	header as it is
 * @saved: what belongs there
 * @phase: enum hip_esp_phase
 * @err: result, once @phase says that there is one
 * @size: octets of this struct and what follows
 * @sg: the packet, from the associated data on
 * @iv: aligned pointer into @iv_space
 * @iv_space: IV, which ciphers write to
 * @aead: must be last
 */
struct hip_esp_req {
	void (*done)(struct hip_esp_req *req);
	struct hip_sa *sa;
	struct sk_buff *skb;
	u64 seq;
	__be32 *aad;
	__be32 saved[HIP_ESP_AAD_WORDS];
	atomic_t phase;
	int err;
	unsigned int size;
	struct scatterlist sg;
	u8 *iv;
	u8 iv_space[HIP_ESP_IV_MAX + 63];
	struct aead_request aead;
};

void hip_esp_crypto_exit(void);

int hip_esp_cipher_init(struct hip_esp_cipher *c, u16 suite, bool esn,
			const u8 *enc_key, const u8 *auth_key);
void hip_esp_cipher_free(struct hip_esp_cipher *c);
void hip_esp_set_iv(const struct hip_esp_cipher *c, u8 *iv, u64 seq);

struct hip_esp_req *hip_esp_req_get(const struct hip_esp_cipher *c);
void hip_esp_req_put(struct hip_esp_req *req);
bool hip_esp_req_detach(struct hip_esp_req *req);

int hip_esp_encrypt(struct hip_esp_req *req, const struct hip_esp_cipher *c,
		    u8 *esp, unsigned int crypt_len, __be32 spi, u64 seq);
int hip_esp_decrypt(struct hip_esp_req *req, const struct hip_esp_cipher *c,
		    u8 *esp, unsigned int crypt_len, u64 seq);

#endif /* _HIP_ESP_CRYPTO_H */
