// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's hash functions, made of libcrypto's.
 */
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include <crypto/hash.h>
#include <linux/errno.h>

/* More than anything that is hashed: a packet, a key, a block */
#define FUZZ_HASH_MAX	8192

struct crypto_shash {
	const EVP_MD *md;
	size_t len;
	u8 buf[FUZZ_HASH_MAX];
};

struct crypto_shash *crypto_alloc_shash(const char *name, u32 type, u32 mask)
{
	struct crypto_shash *tfm = calloc(1, sizeof(*tfm));

	(void)type;
	(void)mask;
	if (tfm)
		tfm->md = EVP_get_digestbyname(name);
	if (!tfm || !tfm->md)
		abort();
	return tfm;
}

void crypto_free_shash(struct crypto_shash *tfm)
{
	free(tfm);
}

unsigned int crypto_shash_blocksize(struct crypto_shash *tfm)
{
	return EVP_MD_block_size(tfm->md);
}

unsigned int crypto_shash_digestsize(struct crypto_shash *tfm)
{
	return EVP_MD_size(tfm->md);
}

int crypto_shash_init(struct shash_desc *desc)
{
	desc->tfm->len = 0;
	return 0;
}

/* Collected first: in libcrypto nobody watches what is read */
int crypto_shash_update(struct shash_desc *desc, const u8 *data,
			unsigned int len)
{
	struct crypto_shash *tfm = desc->tfm;

	if (len > sizeof(tfm->buf) - tfm->len)
		abort();
	if (len)
		memcpy(tfm->buf + tfm->len, data, len);
	tfm->len += len;
	return 0;
}

int crypto_shash_final(struct shash_desc *desc, u8 *out)
{
	const struct crypto_shash *tfm = desc->tfm;

	return EVP_Digest(tfm->buf, tfm->len, out, NULL, tfm->md, NULL) ?
	       0 : -EINVAL;
}
