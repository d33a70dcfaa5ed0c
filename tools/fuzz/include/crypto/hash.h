/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Hash functions: libcrypto's, in ../../crypto.c.
 */
#ifndef _FUZZ_CRYPTO_HASH_H
#define _FUZZ_CRYPTO_HASH_H

#include <linux/types.h>

struct crypto_shash;

struct shash_desc {
	struct crypto_shash *tfm;
};

#define SHASH_DESC_ON_STACK(desc, hash)			\
	struct shash_desc __##desc = { .tfm = (hash) };	\
	struct shash_desc *(desc) = &__##desc

struct crypto_shash *crypto_alloc_shash(const char *name, u32 type, u32 mask);
void crypto_free_shash(struct crypto_shash *tfm);
unsigned int crypto_shash_blocksize(struct crypto_shash *tfm);
unsigned int crypto_shash_digestsize(struct crypto_shash *tfm);
int crypto_shash_init(struct shash_desc *desc);
int crypto_shash_update(struct shash_desc *desc, const u8 *data,
			unsigned int len);
int crypto_shash_final(struct shash_desc *desc, u8 *out);

static inline void shash_desc_zero(struct shash_desc *desc)
{
	desc->tfm = NULL;
}

#endif
