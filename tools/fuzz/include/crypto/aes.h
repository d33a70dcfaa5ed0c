/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Not AES, but a permutation of sixteen octets that takes no time: what is
 * decrypted here was never encrypted, and only its length matters.
 */
#ifndef _FUZZ_CRYPTO_AES_H
#define _FUZZ_CRYPTO_AES_H

#include <linux/string.h>

struct crypto_aes_ctx {
	u8 key[32];
};

static inline int aes_expandkey(struct crypto_aes_ctx *ctx, const u8 *key,
				unsigned int len)
{
	memset(ctx->key, 0, sizeof(ctx->key));
	memcpy(ctx->key, key, len);
	return 0;
}

static inline void aes_encrypt(const struct crypto_aes_ctx *ctx, u8 *out,
			       const u8 *in)
{
	unsigned int i;

	for (i = 0; i < 16; i++)
		out[i] = in[i] ^ ctx->key[i];
}

static inline void aes_decrypt(const struct crypto_aes_ctx *ctx, u8 *out,
			       const u8 *in)
{
	aes_encrypt(ctx, out, in);
}

#endif
