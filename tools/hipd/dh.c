// SPDX-License-Identifier: GPL-2.0
/*
 * Ephemeral Diffie-Hellman.
 *
 * Public values and shared secrets are always as long as the group, with
 * zeros in front where needed (RFC 7401 is silent about that for MODP; an
 * implementation that strips them fails once in 256 exchanges).  Of a peer
 * also a shorter MODP value is accepted.  ECP values are x | y without the
 * 04 of SEC 1, the secret is x: RFC 5903 section 7.
 *
 * A key pair lives in the kernel, next to the association that it belongs to,
 * and comes back to dh_derive() in whatever process answers then.
 */
#include "dh.h"

#include <errno.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/dh.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <hip/hip_wire.h>

#include "p384.h"

/**
 * struct group - what we know of a group
 * @id: enum hip_dh_group
 * @type: OpenSSL's name for the algorithm
 * @name: OpenSSL's name for the group
 * @len: octets of a field element; also of the secret
 * @private_len: octets of a private key as we hand it out
 * @modp: a MODP group, else an elliptic curve
 */
struct group {
	uint8_t id;
	const char *type;
	const char *name;
	size_t len;
	size_t private_len;
	bool modp;
};

static const struct group groups[] = {
	{ HIP_DH_GROUP_MODP_1536, "DH", "modp_1536", 192, 192, true },
	{ HIP_DH_GROUP_MODP_2048, "DH", "modp_2048", 256, 256, true },
	{ HIP_DH_GROUP_MODP_3072, "DH", "modp_3072", 384, 384, true },
	{ HIP_DH_GROUP_NIST_P256, "EC", "prime256v1", 32, 32, false },
	{ HIP_DH_GROUP_NIST_P384, "EC", "secp384r1", 48, 48, false },
	{ HIP_DH_GROUP_NIST_P521, "EC", "secp521r1", 66, 66, false },
	/* its order has 161 bits */
	{ HIP_DH_GROUP_SECP160R1, "EC", "secp160r1", 20, 21, false },
};

static const struct group *find_group(uint8_t id)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(groups); i++)
		if (groups[i].id == id)
			return &groups[i];
	return NULL;
}

/*
 * Make a key of @group.  @private or @public (OpenSSL's form) may be missing.
 */
static EVP_PKEY *make_key(const struct group *group, const BIGNUM *private,
			  const BIGNUM *dh_public, const uint8_t *point,
			  size_t point_len)
{
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	OSSL_PARAM *params = NULL;
	EVP_PKEY_CTX *ctx = NULL;
	EVP_PKEY *key = NULL;
	bool ok;

	ok = bld && OSSL_PARAM_BLD_push_utf8_string(bld,
						    OSSL_PKEY_PARAM_GROUP_NAME,
						    group->name, 0);
	if (private)
		ok = ok && OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_PRIV_KEY,
						  private);
	if (dh_public)
		ok = ok && OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_PUB_KEY,
						  dh_public);
	if (point)
		ok = ok && OSSL_PARAM_BLD_push_octet_string(bld,
						OSSL_PKEY_PARAM_PUB_KEY,
						point, point_len);
	if (!ok)
		goto out;
	params = OSSL_PARAM_BLD_to_param(bld);
	ctx = EVP_PKEY_CTX_new_from_name(NULL, group->type, NULL);
	if (params && ctx && EVP_PKEY_fromdata_init(ctx) == 1 &&
	    EVP_PKEY_fromdata(ctx, &key, private ? EVP_PKEY_KEYPAIR :
						   EVP_PKEY_PUBLIC_KEY,
			      params) != 1)
		key = NULL;
out:
	EVP_PKEY_CTX_free(ctx);
	OSSL_PARAM_free(params);	/* wipes what came from a secure BN */
	OSSL_PARAM_BLD_free(bld);
	return key;
}

/**
 * dh_generate() - make a key pair
 * @id: enum hip_dh_group
 * @public: set to the public value as DIFFIE_HELLMAN carries it
 * @private: set to the private key; the caller wipes it
 *
 * Return: 0, -EOPNOTSUPP for a group that we have not, -EIO.
 */
int dh_generate(uint8_t id, struct dh_value *public, struct dh_value *private)
{
	const struct group *group = find_group(id);
	BIGNUM *priv = NULL, *pub = NULL, *y = NULL;
	OSSL_PARAM params[2];
	EVP_PKEY_CTX *ctx;
	EVP_PKEY *key = NULL;
	int err = -EIO;

	if (!group)
		return -EOPNOTSUPP;
	if (id == HIP_DH_GROUP_NIST_P384) {
		public->len = P384_PAIR_LEN;
		private->len = P384_LEN;
		return p384_generate(public->data, private->data);
	}
	ctx = EVP_PKEY_CTX_new_from_name(NULL, group->type, NULL);
	params[0] = OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME,
						     (char *)group->name, 0);
	params[1] = OSSL_PARAM_construct_end();
	if (!ctx || EVP_PKEY_keygen_init(ctx) != 1)
		goto out;
	if (EVP_PKEY_CTX_set_params(ctx, params) != 1) {
		err = -EOPNOTSUPP;	/* not in this libcrypto */
		goto out;
	}
	if (EVP_PKEY_generate(ctx, &key) != 1 ||
	    !EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY, &priv) ||
	    BN_bn2binpad(priv, private->data, (int)group->private_len) < 0)
		goto out;
	private->len = group->private_len;

	if (group->modp) {
		if (!EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PUB_KEY,
					   &pub) ||
		    BN_bn2binpad(pub, public->data, (int)group->len) < 0)
			goto out;
		public->len = group->len;
	} else {
		if (!EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_EC_PUB_X,
					   &pub) ||
		    !EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_EC_PUB_Y, &y) ||
		    BN_bn2binpad(pub, public->data, (int)group->len) < 0 ||
		    BN_bn2binpad(y, public->data + group->len,
				 (int)group->len) < 0)
			goto out;
		public->len = 2 * group->len;
	}
	err = 0;
out:
	BN_clear_free(priv);
	BN_free(pub);
	BN_free(y);
	EVP_PKEY_free(key);
	EVP_PKEY_CTX_free(ctx);
	ERR_clear_error();
	return err;
}

static BIGNUM *modp_prime(const struct group *group)
{
	switch (group->id) {
	case HIP_DH_GROUP_MODP_1536:
		return BN_get_rfc3526_prime_1536(NULL);
	case HIP_DH_GROUP_MODP_2048:
		return BN_get_rfc3526_prime_2048(NULL);
	case HIP_DH_GROUP_MODP_3072:
		return BN_get_rfc3526_prime_3072(NULL);
	default:
		return NULL;
	}
}

/*
 * RFC 7401 section 5.3.2 and RFC 2785 section 3.1: 1 < y < p - 1, and in the
 * subgroup that g generates.  These primes are safe ones and g is a square, so
 * that is the subgroup of the squares, and the Legendre symbol tells it
 * without another exponentiation.
 */
static int modp_check(const struct group *group, const BIGNUM *y)
{
	BN_CTX *ctx = BN_CTX_new();
	BIGNUM *p = modp_prime(group);
	BIGNUM *max = p ? BN_dup(p) : NULL;
	int err = -EKEYREJECTED;

	if (!ctx || !p || !max || !BN_sub_word(max, 1))
		err = -ENOMEM;
	else if (!BN_is_zero(y) && !BN_is_one(y) && BN_cmp(y, max) < 0 &&
		 BN_kronecker(y, p, ctx) == 1)
		err = 0;
	BN_free(max);
	BN_free(p);
	BN_CTX_free(ctx);
	return err;
}

/* The peer's public value, checked */
static int peer_key(const struct group *group, const uint8_t *peer, size_t len,
		    EVP_PKEY **key)
{
	uint8_t point[1 + 2 * 66];
	EVP_PKEY_CTX *ctx;
	int err = 0;

	*key = NULL;
	if (group->modp) {
		BIGNUM *y;

		if (!len || len > group->len)
			return -EKEYREJECTED;
		y = BN_bin2bn(peer, (int)len, NULL);
		if (!y)
			return -ENOMEM;
		err = modp_check(group, y);
		if (!err)
			*key = make_key(group, NULL, y, NULL, 0);
		BN_free(y);
		return err ? err : *key ? 0 : -EIO;
	}

	if (len != 2 * group->len)
		return -EKEYREJECTED;
	point[0] = 0x04;	/* hence never the point at infinity */
	memcpy(point + 1, peer, len);
	*key = make_key(group, NULL, NULL, point, len + 1);
	if (!*key)
		return -EKEYREJECTED;	/* not on the curve */
	ctx = EVP_PKEY_CTX_new_from_pkey(NULL, *key, NULL);
	if (!ctx || EVP_PKEY_public_check_quick(ctx) != 1) {
		err = -EKEYREJECTED;
		EVP_PKEY_free(*key);
		*key = NULL;
	}
	EVP_PKEY_CTX_free(ctx);
	return err;
}

static EVP_PKEY *own_key(const struct group *group, const uint8_t *private,
			 size_t len)
{
	EVP_PKEY *key = NULL;
	BIGNUM *priv;

	if (len != group->private_len)
		return NULL;
	priv = BN_secure_new();
	if (priv && BN_bin2bn(private, (int)len, priv) && !BN_is_zero(priv)) {
		BN_set_flags(priv, BN_FLG_CONSTTIME);
		key = make_key(group, priv, NULL, NULL, 0);
	}
	BN_clear_free(priv);
	return key;
}

static int derive_p384(const uint8_t *private, size_t private_len,
		       const uint8_t *peer, size_t peer_len,
		       struct dh_value *secret)
{
	if (peer_len != P384_PAIR_LEN)
		return -EKEYREJECTED;
	if (private_len != P384_LEN)
		return -EINVAL;
	secret->len = P384_LEN;
	return p384_derive(private, peer, secret->data);
}

/**
 * dh_derive() - the secret shared with a peer
 * @id: enum hip_dh_group
 * @private: private key from dh_generate()
 * @private_len: its octets
 * @peer: public value of the peer; comes from a stranger
 * @peer_len: its octets
 * @secret: set to Kij; the caller wipes it
 *
 * Return: 0, -EKEYREJECTED when the peer's value is none of the group,
 * -EINVAL when our key is none, -EOPNOTSUPP, -ENOMEM or -EIO.
 */
int dh_derive(uint8_t id, const uint8_t *private, size_t private_len,
	      const uint8_t *peer, size_t peer_len, struct dh_value *secret)
{
	const struct group *group = find_group(id);
	EVP_PKEY *own = NULL, *other = NULL;
	EVP_PKEY_CTX *ctx = NULL;
	int err;

	if (!group)
		return -EOPNOTSUPP;
	if (id == HIP_DH_GROUP_NIST_P384)
		return derive_p384(private, private_len, peer, peer_len, secret);
	err = peer_key(group, peer, peer_len, &other);
	if (err)
		goto out;
	err = -EINVAL;
	own = own_key(group, private, private_len);
	if (!own)
		goto out;

	err = -EIO;
	ctx = EVP_PKEY_CTX_new_from_pkey(NULL, own, NULL);
	if (!ctx || EVP_PKEY_derive_init(ctx) != 1)
		goto out;
	if (group->modp && EVP_PKEY_CTX_set_dh_pad(ctx, 1) != 1)
		goto out;
	/* 0: peer_key() has checked it, and cheaper than OpenSSL would */
	if (EVP_PKEY_derive_set_peer_ex(ctx, other, 0) != 1)
		goto out;
	secret->len = sizeof(secret->data);
	if (EVP_PKEY_derive(ctx, secret->data, &secret->len) == 1 &&
	    secret->len == group->len)
		err = 0;
	if (err)
		OPENSSL_cleanse(secret, sizeof(*secret));
out:
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(own);
	EVP_PKEY_free(other);
	ERR_clear_error();
	return err;
}
