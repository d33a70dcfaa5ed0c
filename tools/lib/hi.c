// SPDX-License-Identifier: GPL-2.0
/*
 * Host Identities and their tags; see hi.h.
 */
#include "hi.h"

#include <errno.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <hip/hip_wire.h>

#define RSA_EXPONENT_LEN_MAX	8	/* octets; more is only work for us */

#define CURVE_COORD_MAX		48	/* octets */

/* RFC 2536 section 2 */
#define DSA_Q_LEN		20
#define DSA_T_MAX		8
#define DSA_P_LEN(t)		(64 + 8 * (size_t)(t))

static const struct curve {
	uint16_t alg;		/* enum hip_hi_alg */
	uint16_t id;		/* enum hip_ecdsa_curve, hip_ecdsa_low_curve */
	const char *name;
	size_t coord_len;
} curves[] = {
	{ HIP_HI_ALG_ECDSA, HIP_ECDSA_CURVE_P256, "prime256v1", 32 },
	{ HIP_HI_ALG_ECDSA, HIP_ECDSA_CURVE_P384, "secp384r1", 48 },
	{ HIP_HI_ALG_ECDSA_LOW, HIP_ECDSA_LOW_CURVE_SECP160R1, "secp160r1",
	  20 },
};

/**
 * hi_alg_suite() - the HIT suite that a kind of Host Identity belongs to
 * @alg: enum hip_hi_alg
 *
 * RFC 7401 section 5.2.10.
 *
 * Return: enum hip_hit_suite, 0 when we do not support @alg.
 */
uint8_t hi_alg_suite(uint16_t alg)
{
	switch (alg) {
	case HIP_HI_ALG_DSA:
	case HIP_HI_ALG_RSA:
		return HIP_HIT_SUITE_RSA_DSA_SHA256;
	case HIP_HI_ALG_ECDSA:
		return HIP_HIT_SUITE_ECDSA_SHA384;
	case HIP_HI_ALG_ECDSA_LOW:
		return HIP_HIT_SUITE_ECDSA_LOW_SHA1;
	default:
		return 0;
	}
}

/**
 * hit_suite_md() - RHASH of a HIT suite
 * @suite: enum hip_hit_suite
 *
 * RFC 7401 section 5.2.10.
 *
 * Return: the hash, NULL when we do not support @suite.
 */
const EVP_MD *hit_suite_md(uint8_t suite)
{
	switch (suite) {
	case HIP_HIT_SUITE_RSA_DSA_SHA256:
		return EVP_sha256();
	case HIP_HIT_SUITE_ECDSA_SHA384:
		return EVP_sha384();
	case HIP_HIT_SUITE_ECDSA_LOW_SHA1:
		return EVP_sha1();
	default:
		return NULL;
	}
}

static const struct curve *curve_of_key(const EVP_PKEY *key)
{
	char name[32];
	size_t i;

	if (!EVP_PKEY_get_group_name(key, name, sizeof(name), NULL))
		return NULL;
	for (i = 0; i < ARRAY_SIZE(curves); i++)
		if (!strcmp(name, curves[i].name))
			return &curves[i];
	return NULL;
}

/**
 * hi_key_alg() - the kind of Host Identity that a key can be
 * @key: public or private key
 *
 * Return: enum hip_hi_alg, 0 for a type or curve that HIP has not.
 */
uint16_t hi_key_alg(const EVP_PKEY *key)
{
	const struct curve *c;

	switch (EVP_PKEY_get_base_id(key)) {
	case EVP_PKEY_DSA:
		return HIP_HI_ALG_DSA;
	case EVP_PKEY_RSA:
		return HIP_HI_ALG_RSA;
	case EVP_PKEY_EC:
		c = curve_of_key(key);
		return c ? c->alg : 0;
	default:
		return 0;
	}
}

/* RFC 3110 section 2: exponent length, exponent, modulus */
static int rsa_to_hi(const EVP_PKEY *key, struct hi *hi, const char **why)
{
	BIGNUM *n = NULL, *e = NULL;
	int err = -EINVAL;
	size_t e_len, n_len;
	uint8_t *p = hi->data;

	*why = "not a usable RSA key";
	if (!EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n) ||
	    !EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e))
		goto out;

	e_len = (size_t)BN_num_bytes(e);
	n_len = (size_t)BN_num_bytes(n);
	if (!e_len || e_len > RSA_EXPONENT_LEN_MAX ||
	    n_len > HI_RSA_BITS_MAX / 8)
		goto out;
	/* e_len < 256, hence the short form */
	*p++ = (uint8_t)e_len;
	p += BN_bn2bin(e, p);
	p += BN_bn2bin(n, p);
	hi->len = (size_t)(p - hi->data);
	hi->alg = HIP_HI_ALG_RSA;
	err = 0;
out:
	BN_free(n);
	BN_free(e);
	return err;
}

/**
 * hi_dsa_t() - the size parameter of a DSA key
 * @len: octets of P, which is longer than G and Y
 *
 * RFC 2536 section 2; RFC 7401 section 3.2 wants the smallest one.
 *
 * Return: T.
 */
size_t hi_dsa_t(size_t len)
{
	return len <= DSA_P_LEN(0) ? 0 : (len - DSA_P_LEN(0) + 7) / 8;
}

/* RFC 2536 section 2: T, Q, P, G, Y */
static int dsa_to_hi(const EVP_PKEY *key, struct hi *hi, const char **why)
{
	static const char *const names[] = {
		OSSL_PKEY_PARAM_FFC_Q, OSSL_PKEY_PARAM_FFC_P,
		OSSL_PKEY_PARAM_FFC_G, OSSL_PKEY_PARAM_PUB_KEY,
	};
	BIGNUM *n[ARRAY_SIZE(names)] = { NULL };
	uint8_t *p = hi->data;
	int err = -EINVAL;
	size_t i, len, t;

	*why = "not a usable DSA key";
	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (!EVP_PKEY_get_bn_param(key, names[i], &n[i]))
			goto out;

	*why = "DSA key does not fit: P of 1024 bits, Q of 160";
	t = hi_dsa_t((size_t)BN_num_bytes(n[1]));
	if (t > DSA_T_MAX || BN_num_bits(n[0]) != 8 * DSA_Q_LEN)
		goto out;
	*p++ = (uint8_t)t;
	for (i = 0; i < ARRAY_SIZE(names); i++, p += len) {
		len = i ? DSA_P_LEN(t) : DSA_Q_LEN;
		if (BN_bn2binpad(n[i], p, (int)len) < 0)
			goto out;
	}
	hi->len = (size_t)(p - hi->data);
	hi->alg = HIP_HI_ALG_DSA;
	err = 0;
out:
	for (i = 0; i < ARRAY_SIZE(names); i++)
		BN_free(n[i]);
	return err;
}

/*
 * RFC 7401 section 5.2.9: curve, public key.  The RFC does not say how a
 * point looks; SEC 1 uncompressed (04 | x | y) is what the deployed
 * implementations send.
 */
static int ec_to_hi(const EVP_PKEY *key, struct hi *hi, const char **why)
{
	const struct curve *c = curve_of_key(key);
	size_t i, got, len;

	*why = "unsupported curve: only P-256, P-384 and secp160r1";
	if (!c)
		return -EOPNOTSUPP;

	/*
	 * Not OSSL_PKEY_PARAM_PUB_KEY: its form is compressed when the file
	 * says so, and the HIT is over these octets.
	 */
	*why = "not a usable EC key";
	put_be16(hi->data, c->id);
	hi->data[2] = 0x04;
	for (i = 0; i < 2; i++) {
		BIGNUM *coord = NULL;

		if (!EVP_PKEY_get_bn_param(key, i ? OSSL_PKEY_PARAM_EC_PUB_Y :
						    OSSL_PKEY_PARAM_EC_PUB_X,
					   &coord))
			return -EINVAL;
		len = c->coord_len;
		got = (size_t)BN_bn2binpad(coord, hi->data + 3 + i * len,
					   (int)len);
		BN_free(coord);
		if (got != len)
			return -EINVAL;
	}
	hi->len = 3 + 2 * c->coord_len;
	hi->alg = c->alg;
	return 0;
}

/**
 * hi_from_key() - the HI field of a key, as HOST_ID carries it
 * @key: public or private key
 * @hi: filled in
 * @why: set to the reason of an error
 *
 * Return: 0, -EOPNOTSUPP for a type or curve that HIP has not, -EINVAL.
 */
int hi_from_key(const EVP_PKEY *key, struct hi *hi, const char **why)
{
	int err;

	memset(hi, 0, sizeof(*hi));
	switch (EVP_PKEY_get_base_id(key)) {
	case EVP_PKEY_DSA:
		err = dsa_to_hi(key, hi, why);
		break;
	case EVP_PKEY_RSA:
		err = rsa_to_hi(key, hi, why);
		break;
	case EVP_PKEY_EC:
		err = ec_to_hi(key, hi, why);
		break;
	default:
		*why = "unsupported type of key: only RSA, DSA and ECDSA";
		return -EOPNOTSUPP;
	}
	if (err)
		return err;
	hi->suite = hi_alg_suite(hi->alg);
	return 0;
}

static EVP_PKEY *key_from_params(const char *type, OSSL_PARAM *params)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *key = NULL;

	if (ctx && EVP_PKEY_fromdata_init(ctx) == 1 &&
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(ctx);
	return key;
}

static int rsa_from_hi(const uint8_t *p, size_t len, EVP_PKEY **key,
		       const char **why)
{
	OSSL_PARAM_BLD *bld = NULL;
	OSSL_PARAM *params = NULL;
	BIGNUM *n = NULL, *e = NULL;
	int bits, err = -EINVAL;
	size_t e_len;

	*why = "RSA Host Identity is malformed";
	if (len < 1)
		return err;
	e_len = *p++;
	len--;
	if (!e_len) {
		if (len < 2)
			return err;
		e_len = get_be16(p);
		p += 2;
		len -= 2;
		if (e_len < 256)	/* RFC 3110: the short form is a must */
			return err;
	}
	if (e_len >= len || !p[0] || !p[e_len])
		return err;

	*why = "RSA exponent is out of bounds";
	if (e_len > RSA_EXPONENT_LEN_MAX || !(p[e_len - 1] & 1) ||
	    (e_len == 1 && p[0] < 3))
		return err;

	*why = "RSA modulus is out of bounds";
	if (len - e_len > HI_RSA_BITS_MAX / 8 || !(p[len - 1] & 1))
		return err;
	e = BN_bin2bn(p, (int)e_len, NULL);
	n = BN_bin2bn(p + e_len, (int)(len - e_len), NULL);
	if (!e || !n)
		goto nomem;
	bits = BN_num_bits(n);
	if (bits < HI_RSA_BITS_MIN_PEER || bits > HI_RSA_BITS_MAX)
		goto out;

	bld = OSSL_PARAM_BLD_new();
	if (!bld || !OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, n) ||
	    !OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_E, e))
		goto nomem;
	params = OSSL_PARAM_BLD_to_param(bld);
	if (!params)
		goto nomem;
	*key = key_from_params("RSA", params);
	if (*key)
		err = 0;
	goto out;
nomem:
	*why = "out of memory";
	err = -ENOMEM;
out:
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(bld);
	BN_free(n);
	BN_free(e);
	return err;
}

/* 1 < @n < @p */
static bool dsa_is_element(const BIGNUM *n, const BIGNUM *p)
{
	return !BN_is_zero(n) && !BN_is_one(n) && BN_cmp(n, p) < 0;
}

/*
 * Whether P and Q are primes, and G and Y of order Q, is not looked at: it costs
 * more than the signature, and who chooses them badly harms himself, as the HIT
 * is over all of them.
 */
static int dsa_from_hi(const uint8_t *data, size_t len, EVP_PKEY **key,
		       const char **why)
{
	BIGNUM *p = NULL, *q = NULL, *g = NULL, *y = NULL;
	OSSL_PARAM_BLD *bld = NULL;
	OSSL_PARAM *params = NULL;
	int err = -EINVAL, n;

	*why = "DSA Host Identity is malformed";
	if (!len || *data > DSA_T_MAX ||
	    len != 1 + DSA_Q_LEN + 3 * DSA_P_LEN(*data))
		return err;
	n = (int)DSA_P_LEN(*data++);
	q = BN_bin2bn(data, DSA_Q_LEN, NULL);
	data += DSA_Q_LEN;
	p = BN_bin2bn(data, n, NULL);
	g = BN_bin2bn(data + n, n, NULL);
	y = BN_bin2bn(data + 2 * n, n, NULL);
	if (!p || !q || !g || !y)
		goto nomem;

	/* the least is the most that fits: so T is the smallest one, too */
	*why = "DSA parameters are out of bounds";
	if (BN_num_bits(p) < HI_DSA_BITS || !BN_is_odd(p) ||
	    BN_num_bits(q) != 8 * DSA_Q_LEN || !BN_is_odd(q) ||
	    !dsa_is_element(g, p) || !dsa_is_element(y, p))
		goto out;

	bld = OSSL_PARAM_BLD_new();
	if (!bld || !OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_FFC_P, p) ||
	    !OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_FFC_Q, q) ||
	    !OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_FFC_G, g) ||
	    !OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_PUB_KEY, y))
		goto nomem;
	params = OSSL_PARAM_BLD_to_param(bld);
	if (!params)
		goto nomem;
	*key = key_from_params("DSA", params);
	if (*key)
		err = 0;
	goto out;
nomem:
	*why = "out of memory";
	err = -ENOMEM;
out:
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(bld);
	BN_free(p);
	BN_free(q);
	BN_free(g);
	BN_free(y);
	return err;
}

static int ec_from_hi(uint16_t alg, const uint8_t *p, size_t len,
		      EVP_PKEY **key, const char **why)
{
	const struct curve *c = NULL;
	uint8_t point[1 + 2 * CURVE_COORD_MAX];
	EVP_PKEY_CTX *ctx;
	OSSL_PARAM params[3];
	size_t i;
	int ok;

	*why = "ECDSA Host Identity is malformed";
	if (len < 2)
		return -EINVAL;
	for (i = 0; i < ARRAY_SIZE(curves); i++)
		if (alg == curves[i].alg && get_be16(p) == curves[i].id)
			c = &curves[i];
	if (!c) {
		*why = "unsupported curve";
		return -EOPNOTSUPP;
	}
	p += 2;
	len -= 2;

	/* 04 | x | y and x | y are both in use; the length tells them apart */
	if (len == 2 * c->coord_len + 1) {
		if (p[0] != 0x04)
			return -EINVAL;
		p++;
		len--;
	}
	if (len != 2 * c->coord_len)
		return -EINVAL;
	point[0] = 0x04;
	memcpy(point + 1, p, len);

	params[0] = OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME,
						     (char *)c->name, 0);
	params[1] = OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY,
						      point, len + 1);
	params[2] = OSSL_PARAM_construct_end();
	*why = "public key is not a point of its curve";
	*key = key_from_params("EC", params);
	if (!*key)
		return -EINVAL;

	/* The curves have cofactor 1: on the curve is in the group. */
	ctx = EVP_PKEY_CTX_new_from_pkey(NULL, *key, NULL);
	ok = ctx && EVP_PKEY_public_check_quick(ctx) == 1;
	EVP_PKEY_CTX_free(ctx);
	if (!ok) {
		EVP_PKEY_free(*key);
		*key = NULL;
		return -EINVAL;
	}
	return 0;
}

/**
 * hi_to_key() - the public key that a peer's HI field describes
 * @alg: enum hip_hi_alg
 * @data: HI field; comes from a stranger
 * @len: octets of @data
 * @key: set to a key that the caller frees
 * @why: set to the reason of an error
 *
 * Return: 0, -EOPNOTSUPP for an algorithm or curve that we have not, -EINVAL
 * when malformed, out of bounds, or not on the curve.
 */
int hi_to_key(uint16_t alg, const uint8_t *data, size_t len, EVP_PKEY **key,
	      const char **why)
{
	*key = NULL;
	switch (alg) {
	case HIP_HI_ALG_DSA:
		return dsa_from_hi(data, len, key, why);
	case HIP_HI_ALG_RSA:
		return rsa_from_hi(data, len, key, why);
	case HIP_HI_ALG_ECDSA:
	case HIP_HI_ALG_ECDSA_LOW:
		return ec_from_hi(alg, data, len, key, why);
	default:
		*why = "unsupported Host Identity algorithm";
		return -EOPNOTSUPP;
	}
}

/**
 * hi_check_own_key() - whether a key is good enough to be one of ours
 * @key: private key
 * @why: set to the reason of a refusal
 *
 * Return: 0, -EOPNOTSUPP or -EINVAL.
 */
int hi_check_own_key(const EVP_PKEY *key, const char **why)
{
	struct hi hi;
	int err;

	if (EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA) {
		if (EVP_PKEY_get_bits(key) < HI_RSA_BITS_MIN_OWN) {
			*why = "RSA key is too short: at least 2048 bits";
			return -EINVAL;
		}
		if (EVP_PKEY_get_bits(key) > HI_RSA_BITS_MAX) {
			*why = "RSA key is too long: at most 4096 bits";
			return -EINVAL;
		}
	}
	err = hi_from_key(key, &hi, why);
	if (err)
		return err;
	/* what a peer would refuse, we refuse now */
	{
		EVP_PKEY *public;

		err = hi_to_key(hi.alg, hi.data, hi.len, &public, why);
		EVP_PKEY_free(public);
	}
	return err;
}

/* RFC 7401 section 3.2 */
static const uint8_t context_id[16] = {
	0xf0, 0xef, 0xf0, 0x2f, 0xbf, 0xf4, 0x3d, 0x0f,
	0xe7, 0x93, 0x0c, 0x3c, 0x6e, 0x61, 0x74, 0xea
};

/**
 * hit_from_hi() - the Host Identity Tag of a HI field
 * @suite: enum hip_hit_suite
 * @data: HI field
 * @len: octets of @data
 * @hit: set
 *
 * RFC 7343 section 2: prefix, suite, middle 96 bits of the hash over context
 * ID and HI field.
 *
 * Return: 0, -EOPNOTSUPP for an unknown suite, -ENOMEM.
 */
int hit_from_hi(uint8_t suite, const uint8_t *data, size_t len,
		struct in6_addr *hit)
{
	const EVP_MD *md = hit_suite_md(suite);
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned int digest_len;
	EVP_MD_CTX *ctx;
	int ok;

	if (!md)
		return -EOPNOTSUPP;

	ctx = EVP_MD_CTX_new();
	ok = ctx && EVP_DigestInit_ex(ctx, md, NULL) &&
	     EVP_DigestUpdate(ctx, context_id, sizeof(context_id)) &&
	     EVP_DigestUpdate(ctx, data, len) &&
	     EVP_DigestFinal_ex(ctx, digest, &digest_len);
	EVP_MD_CTX_free(ctx);
	if (!ok)
		return -ENOMEM;

	hit->s6_addr[0] = 0x20;
	hit->s6_addr[1] = 0x01;
	hit->s6_addr[2] = 0x00;
	hit->s6_addr[3] = (uint8_t)(0x20 | suite);
	memcpy(hit->s6_addr + 4, digest + (digest_len - 12) / 2, 12);
	return 0;
}

/**
 * hit_is_valid() - whether an address is a HIT at all
 * @addr: address
 *
 * Return: true inside of 2001:20::/28 with a suite other than the reserved 0.
 */
bool hit_is_valid(const struct in6_addr *addr)
{
	return addr->s6_addr[0] == 0x20 && addr->s6_addr[1] == 0x01 &&
	       addr->s6_addr[2] == 0x00 && addr->s6_addr[3] >> 4 == 0x2 &&
	       addr->s6_addr[3] & 0xf;
}
