// SPDX-License-Identifier: GPL-2.0
/*
 * P-384: against libcrypto, and at the edges of what a peer may send.
 */
#include "p384.h"

#include <errno.h>

#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>

#include <hip/hip_wire.h>

#include "hi.h"
#include "test.h"
#include "vectors.h"

#define ROUNDS	4

static const uint8_t digest[P384_LEN] = { 0x80, 0, 1 };

/* x | y of a key of libcrypto */
static void public_of(const EVP_PKEY *key, uint8_t *out)
{
	const char *why;
	struct hi hi;

	hi_from_key(key, &hi, &why);
	memcpy(out, hi.data + 3, P384_PAIR_LEN);
}

static EVP_PKEY *key_of(const uint8_t *public)
{
	uint8_t hi[3 + P384_PAIR_LEN] = { 0, HIP_ECDSA_CURVE_P384, 4 };
	EVP_PKEY *key;
	const char *why;

	memcpy(hi + 3, public, P384_PAIR_LEN);
	hi_to_key(HIP_HI_ALG_ECDSA, hi, sizeof(hi), &key, &why);
	return key;
}

static bool libcrypto_derive(EVP_PKEY *own, EVP_PKEY *peer, uint8_t *secret)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(own, NULL);
	size_t len = P384_LEN;
	bool ok;

	ok = EVP_PKEY_derive_init(ctx) == 1 &&
	     EVP_PKEY_derive_set_peer(ctx, peer) == 1 &&
	     EVP_PKEY_derive(ctx, secret, &len) == 1;
	EVP_PKEY_CTX_free(ctx);
	return ok;
}

/* The same secret on both sides, one of which is libcrypto */
static bool same_secret(EVP_PKEY *other)
{
	uint8_t public[P384_PAIR_LEN], private[P384_LEN], peer[P384_PAIR_LEN];
	uint8_t ours[P384_LEN], theirs[P384_LEN] = { 0 };
	EVP_PKEY *key;
	bool ok;

	public_of(other, peer);
	ok = !p384_generate(public, private) &&
	     !p384_derive(private, peer, ours);
	key = key_of(public);
	ok = ok && key && libcrypto_derive(other, key, theirs) &&
	     !memcmp(ours, theirs, P384_LEN);
	EVP_PKEY_free(key);
	return ok;
}

static bool libcrypto_verifies(EVP_PKEY *key, const uint8_t *sig)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	ECDSA_SIG *rs = ECDSA_SIG_new();
	uint8_t *der = NULL;
	bool ok;
	int len;

	ECDSA_SIG_set0(rs, BN_bin2bn(sig, P384_LEN, NULL),
		       BN_bin2bn(sig + P384_LEN, P384_LEN, NULL));
	len = i2d_ECDSA_SIG(rs, &der);
	ok = EVP_PKEY_verify_init(ctx) == 1 &&
	     EVP_PKEY_verify(ctx, der, len, digest, sizeof(digest)) == 1;
	OPENSSL_free(der);
	ECDSA_SIG_free(rs);
	EVP_PKEY_CTX_free(ctx);
	return ok;
}

static bool libcrypto_signs(EVP_PKEY *key, uint8_t *sig)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	uint8_t der[128];
	const uint8_t *p = der;
	size_t len = sizeof(der);
	ECDSA_SIG *rs = NULL;
	bool ok;

	ok = EVP_PKEY_sign_init(ctx) == 1 &&
	     EVP_PKEY_sign(ctx, der, &len, digest, sizeof(digest)) == 1;
	if (ok)
		rs = d2i_ECDSA_SIG(NULL, &p, len);
	ok = rs && BN_bn2binpad(ECDSA_SIG_get0_r(rs), sig, P384_LEN) > 0 &&
	     BN_bn2binpad(ECDSA_SIG_get0_s(rs), sig + P384_LEN, P384_LEN) > 0;
	ECDSA_SIG_free(rs);
	EVP_PKEY_CTX_free(ctx);
	return ok;
}

static void test_libcrypto(void)
{
	EVP_PKEY *key = test_key("p384");
	uint8_t sig[P384_PAIR_LEN];
	int secrets = 0, made = 0, read = 0, i;

	for (i = 0; i < ROUNDS; i++) {
		secrets += same_secret(key);
		made += !p384_sign(key, digest, sizeof(digest), sig) &&
			libcrypto_verifies(key, sig);
		read += libcrypto_signs(key, sig) &&
			!p384_verify(key, digest, sizeof(digest), sig);
	}
	check(secrets == ROUNDS, "P-384: libcrypto has the same secret");
	check(made == ROUNDS, "P-384: libcrypto accepts our signatures");
	check(read == ROUNDS, "P-384: we accept libcrypto's signatures");
}

/* Of our key: 0 < d < order; 1 and order - 1 leave x as it is */
static void test_scalars(void)
{
	uint8_t d[P384_LEN] = { 0 }, secret[P384_LEN];

	check(p384_derive(d, p384_gr, secret) == -EINVAL, "P-384: 0");
	d[P384_LEN - 1] = 1;
	check(!p384_derive(d, p384_gr, secret) &&
	      !memcmp(secret, p384_gr, P384_LEN), "P-384: 1");
	memcpy(d, p384_order, P384_LEN);
	check(p384_derive(d, p384_gr, secret) == -EINVAL, "P-384: order");
	d[P384_LEN - 1]--;
	check(!p384_derive(d, p384_gr, secret) &&
	      !memcmp(secret, p384_gr, P384_LEN), "P-384: order - 1");
}

static int derive_point(const uint8_t *x, const uint8_t *y)
{
	uint8_t peer[P384_PAIR_LEN], secret[P384_LEN];

	memcpy(peer, x, P384_LEN);
	memcpy(peer + P384_LEN, y, P384_LEN);
	return p384_derive(p384_i, peer, secret);
}

/* Coordinates have one form: less than the prime */
static void test_points(void)
{
	static const uint8_t zero[P384_LEN];

	check(!derive_point(zero, p384_zero_y), "P-384: x may be 0");
	check(derive_point(p384_prime, p384_zero_y) == -EKEYREJECTED,
	      "P-384: but not the prime");
	check(derive_point(zero, zero) == -EKEYREJECTED, "P-384: 0, 0");
	check(derive_point(p384_zero_y, zero) == -EKEYREJECTED,
	      "P-384: not on the curve");
}

/* A value that is out of bounds, in place of r or of s */
static void reject(const uint8_t *value, const char *what)
{
	EVP_PKEY *key = test_key("p384");
	uint8_t sig[P384_PAIR_LEN];
	int half, bad = 0;

	for (half = 0; half < 2; half++) {
		p384_sign(key, digest, sizeof(digest), sig);
		memcpy(sig + half * P384_LEN, value, P384_LEN);
		bad += p384_verify(key, digest, sizeof(digest), sig) ==
		       -EKEYREJECTED;
	}
	check(bad == 2, "P-384: neither r nor s is %s", what);
}

static void test_signatures(void)
{
	static const uint8_t zero[P384_LEN];
	uint8_t sig[P384_PAIR_LEN], again[P384_PAIR_LEN];
	EVP_PKEY *public = key_of(p384_gr);

	reject(zero, "0");
	reject(p384_order, "the order");
	check(!p384_sign(test_key("p384"), digest, sizeof(digest), sig) &&
	      !p384_sign(test_key("p384"), digest, sizeof(digest), again) &&
	      memcmp(sig, again, P384_LEN), "P-384: no r comes twice");
	check(p384_sign(public, digest, sizeof(digest), sig) == -EINVAL,
	      "P-384: a public key does not sign");
	EVP_PKEY_free(public);
	check(p384_is_key(test_key("p384")) && !p384_is_key(test_key("p256")) &&
	      !p384_is_key(test_key("rsa2048")), "P-384: its keys");
}

void test_p384(void)
{
	test_libcrypto();
	test_scalars();
	test_points();
	test_signatures();
}
