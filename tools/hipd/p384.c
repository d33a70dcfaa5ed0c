// SPDX-License-Identifier: GPL-2.0
/*
 * The curve P-384, by nettle.
 *
 * libcrypto has code of its own for P-256 and P-521, but before 3.2 none for this
 * curve: its general one executes twice (to verify) to ten times (to make a key) as
 * many instructions as nettle, and they are nearly all of what an exchange costs.
 * Like libcrypto's, nettle's multiplication by a secret neither branches nor
 * looks up memory by it.
 *
 * Nothing is kept between two calls, and each may be made by any thread.
 */
#include "p384.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <gmp.h>
#include <nettle/bignum.h>
#include <nettle/dsa.h>
#include <nettle/ecc-curve.h>
#include <nettle/ecc.h>
#include <nettle/ecdsa.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

/*
 * All of nettle's and GMP's numbers, of which many are secrets or tell about
 * one. They must not fail: GMP could not go on.
 */
static void *number_alloc(size_t len)
{
	void *p = malloc(len);

	if (!p)
		abort();
	return p;
}

static void number_free(void *p, size_t len)
{
	OPENSSL_cleanse(p, len);
	free(p);
}

static void *number_realloc(void *p, size_t old, size_t new)
{
	void *q = number_alloc(new);

	memcpy(q, p, old < new ? old : new);
	number_free(p, old);
	return q;
}

/* What nettle keeps on the stack: scalars, nonces, multiples of points */
#define STACK_USED	(16 * 1024)

static __attribute__((noinline)) void clear_stack(void)
{
	uint8_t used[STACK_USED];

	OPENSSL_cleanse(used, sizeof(used));
}

/**
 * p384_init() - see to it that secrets are wiped
 *
 * Before any other function of this file, and before there are threads.
 */
void p384_init(void)
{
	mp_set_memory_functions(number_alloc, number_realloc, number_free);
}

/* There is no way to fail: without it a signature would give the key away */
static void random_octets(void *ctx, size_t len, uint8_t *out)
{
	(void)ctx;
	if (RAND_priv_bytes(out, (int)len) != 1)
		abort();
}

/**
 * p384_is_key() - whether a key is one of this curve
 * @key: public or private key
 */
bool p384_is_key(const EVP_PKEY *key)
{
	char name[32];

	return EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
	       EVP_PKEY_get_group_name(key, name, sizeof(name), NULL) &&
	       !strcmp(name, "secp384r1");
}

/* @s is to be cleared in any case. Return: whether 0 < @data < order */
static bool scalar_read(struct ecc_scalar *s, const uint8_t *data)
{
	bool ok;
	mpz_t z;

	ecc_scalar_init(s, nettle_get_secp_384r1());
	nettle_mpz_init_set_str_256_u(z, P384_LEN, data);
	ok = ecc_scalar_set(s, z);
	mpz_clear(z);
	return ok;
}

/*
 * @p is to be cleared in any case. Return: whether x and y are less than the
 * prime, and on the curve. That suffices: its cofactor is 1, and the point at
 * infinity has no such coordinates.
 */
static bool point_read(struct ecc_point *p, const uint8_t *data)
{
	mpz_t x, y;
	bool ok;

	ecc_point_init(p, nettle_get_secp_384r1());
	nettle_mpz_init_set_str_256_u(x, P384_LEN, data);
	nettle_mpz_init_set_str_256_u(y, P384_LEN, data + P384_LEN);
	ok = ecc_point_set(p, x, y);
	mpz_clear(x);
	mpz_clear(y);
	return ok;
}

/* @y may be NULL, for who wants x alone */
static void point_write(const struct ecc_point *p, uint8_t *x_out,
			uint8_t *y_out)
{
	mpz_t x, y;

	mpz_init(x);
	mpz_init(y);
	ecc_point_get(p, x, y);
	nettle_mpz_get_str_256(P384_LEN, x_out, x);
	if (y_out)
		nettle_mpz_get_str_256(P384_LEN, y_out, y);
	mpz_clear(x);
	mpz_clear(y);
}

/* A number of @key; wiped on the way. Return: whether there is one */
static bool key_number(const EVP_PKEY *key, const char *name, uint8_t *out)
{
	BIGNUM *n = NULL;
	bool ok;

	ok = EVP_PKEY_get_bn_param(key, name, &n) &&
	     BN_bn2binpad(n, out, P384_LEN) == P384_LEN;
	BN_clear_free(n);
	return ok;
}

/**
 * p384_generate() - make an ephemeral key pair
 * @public: set to x | y
 * @private: set to the private key; the caller wipes it
 *
 * Return: 0.
 */
int p384_generate(uint8_t public[P384_PAIR_LEN], uint8_t private[P384_LEN])
{
	struct ecc_scalar own;
	struct ecc_point q;
	mpz_t z;

	ecc_scalar_init(&own, nettle_get_secp_384r1());
	ecc_point_init(&q, nettle_get_secp_384r1());
	ecdsa_generate_keypair(&q, &own, NULL, random_octets);
	point_write(&q, public, public + P384_LEN);
	mpz_init(z);
	ecc_scalar_get(&own, z);
	nettle_mpz_get_str_256(P384_LEN, private, z);
	mpz_clear(z);
	ecc_point_clear(&q);
	ecc_scalar_clear(&own);
	clear_stack();
	return 0;
}

/**
 * p384_derive() - the secret shared with a peer
 * @private: private key
 * @peer: x | y of the peer; comes from a stranger
 * @secret: set to x of the product; the caller wipes it
 *
 * RFC 5903 section 7.
 *
 * Return: 0, -EKEYREJECTED when the peer's point is not on the curve, -EINVAL
 * when our key is none.
 */
int p384_derive(const uint8_t private[P384_LEN],
		const uint8_t peer[P384_PAIR_LEN], uint8_t secret[P384_LEN])
{
	struct ecc_point q, product;
	struct ecc_scalar own;
	int err = 0;

	ecc_point_init(&product, nettle_get_secp_384r1());
	if (!point_read(&q, peer))
		err = -EKEYREJECTED;
	if (!scalar_read(&own, private) && !err)
		err = -EINVAL;
	if (!err) {
		ecc_point_mul(&product, &own, &q);
		point_write(&product, secret, NULL);
		clear_stack();
	}
	ecc_scalar_clear(&own);
	ecc_point_clear(&q);
	ecc_point_clear(&product);
	return err;
}

/**
 * p384_sign() - make an ECDSA signature
 * @key: private key of this curve; may be in use by other threads
 * @digest: what to sign
 * @len: octets of @digest
 * @sig: set to r | s
 *
 * Return: 0, -EINVAL when there is no private key in @key.
 */
int p384_sign(const EVP_PKEY *key, const uint8_t *digest, size_t len,
	      uint8_t sig[P384_PAIR_LEN])
{
	uint8_t private[P384_LEN];
	struct dsa_signature rs;
	struct ecc_scalar own;
	int err = -EINVAL;

	if (!key_number(key, OSSL_PKEY_PARAM_PRIV_KEY, private))
		return -EINVAL;
	dsa_signature_init(&rs);
	if (scalar_read(&own, private)) {
		ecdsa_sign(&own, NULL, random_octets, len, digest, &rs);
		nettle_mpz_get_str_256(P384_LEN, sig, rs.r);
		nettle_mpz_get_str_256(P384_LEN, sig + P384_LEN, rs.s);
		clear_stack();
		err = 0;
	}
	ecc_scalar_clear(&own);
	dsa_signature_clear(&rs);
	OPENSSL_cleanse(private, sizeof(private));
	return err;
}

/**
 * p384_verify() - check an ECDSA signature
 * @key: public key of this curve
 * @digest: what was signed
 * @len: octets of @digest
 * @sig: r | s; comes from a stranger
 *
 * Return: 0, -EKEYREJECTED when it is wrong.
 */
int p384_verify(const EVP_PKEY *key, const uint8_t *digest, size_t len,
		const uint8_t sig[P384_PAIR_LEN])
{
	uint8_t public[P384_PAIR_LEN];
	struct dsa_signature rs;
	struct ecc_point q;
	bool ok;

	if (!key_number(key, OSSL_PKEY_PARAM_EC_PUB_X, public) ||
	    !key_number(key, OSSL_PKEY_PARAM_EC_PUB_Y, public + P384_LEN))
		return -EKEYREJECTED;
	nettle_mpz_init_set_str_256_u(rs.r, P384_LEN, sig);
	nettle_mpz_init_set_str_256_u(rs.s, P384_LEN, sig + P384_LEN);
	ok = point_read(&q, public) && ecdsa_verify(&q, len, digest, &rs);
	ecc_point_clear(&q);
	dsa_signature_clear(&rs);
	return ok ? 0 : -EKEYREJECTED;
}
