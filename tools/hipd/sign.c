// SPDX-License-Identifier: GPL-2.0
/*
 * Signatures.
 *
 * RFC 7401 leaves the parameters open; these are what deployed HIPv2
 * implementations use:
 *  - RSA (section 5.2.9: PSS padding): SHA-256, MGF1 with SHA-256, 32 octets
 *    of salt, as long as the modulus;
 *  - ECDSA: RHASH of the signer's HIT suite (SHA-384, also with P-256; SHA-1
 *    with secp160r1); r and s, each as long as the order of the group (RFC 4754
 *    section 7);
 *  - DSA: SHA-256, the RHASH of its suite, of which the first 160 bits count;
 *    T of the key, r and s (RFC 2536 section 3).
 */
#include "sign.h"

#include <errno.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "hi.h"
#include "p384.h"

#define PSS_SALT_LEN	32
#define EC_DER_MAX	128	/* two 49-octet integers and their headers */
#define DSA_HALF	20

static bool is_dsa(const EVP_PKEY *key)
{
	return EVP_PKEY_get_base_id(key) == EVP_PKEY_DSA;
}

static bool is_rsa(const EVP_PKEY *key)
{
	return EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA;
}

/* RHASH of the HIT suite that the key belongs to, NULL if it is none of ours */
static const EVP_MD *key_md(const EVP_PKEY *key)
{
	return hit_suite_md(hi_alg_suite(hi_key_alg(key)));
}

/*
 * Length of r and of s.  Of an EC key these are the bits of the order, which is
 * longer than the field with secp160r1.
 */
static size_t rs_len(const EVP_PKEY *key)
{
	if (is_dsa(key))
		return DSA_HALF;
	return ((size_t)EVP_PKEY_get_bits(key) + 7) / 8;
}

/* What precedes r and s: nothing, or T of DSA, which is set; its octets */
static size_t rs_prefix(const EVP_PKEY *key, uint8_t *prefix)
{
	if (!is_dsa(key))
		return 0;
	*prefix = (uint8_t)hi_dsa_t(((size_t)EVP_PKEY_get_bits(key) + 7) / 8);
	return 1;
}

static int pss_params(EVP_PKEY_CTX *ctx)
{
	return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
	       EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, PSS_SALT_LEN) == 1 &&
	       EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, EVP_sha256()) == 1;
}

/* DSA has the same DER */
static int rs_from_der(const uint8_t *der, size_t der_len, uint8_t *raw,
		       size_t half)
{
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &der, (long)der_len);
	int err = 0;

	if (!sig ||
	    BN_bn2binpad(ECDSA_SIG_get0_r(sig), raw, (int)half) < 0 ||
	    BN_bn2binpad(ECDSA_SIG_get0_s(sig), raw + half, (int)half) < 0)
		err = -EINVAL;
	ECDSA_SIG_free(sig);
	return err;
}

static int rs_to_der(const uint8_t *raw, size_t half, uint8_t *der,
		     size_t *der_len)
{
	ECDSA_SIG *sig = ECDSA_SIG_new();
	BIGNUM *r = BN_bin2bn(raw, (int)half, NULL);
	BIGNUM *s = BN_bin2bn(raw + half, (int)half, NULL);
	int len;

	if (!sig || !r || !s || !ECDSA_SIG_set0(sig, r, s)) {
		BN_free(r);
		BN_free(s);
		ECDSA_SIG_free(sig);
		return -ENOMEM;
	}
	len = i2d_ECDSA_SIG(sig, &der);		/* owns r and s */
	ECDSA_SIG_free(sig);
	if (len <= 0)
		return -EINVAL;
	*der_len = (size_t)len;
	return 0;
}

static int sign_p384(EVP_PKEY *key, const EVP_MD *md, const uint8_t *data,
		     size_t len, uint8_t *sig, size_t *sig_len)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned int digest_len;

	if (EVP_Digest(data, len, digest, &digest_len, md, NULL) != 1)
		return -ENOMEM;
	*sig_len = P384_PAIR_LEN;
	return p384_sign(key, digest, digest_len, sig);
}

static int verify_p384(EVP_PKEY *key, const EVP_MD *md, const uint8_t *data,
		       size_t len, const uint8_t *sig, size_t sig_len)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned int digest_len;

	if (sig_len != P384_PAIR_LEN)
		return -EKEYREJECTED;
	if (EVP_Digest(data, len, digest, &digest_len, md, NULL) != 1)
		return -ENOMEM;
	return p384_verify(key, digest, digest_len, sig);
}

/**
 * sign_data() - sign with a Host Identity
 * @key: private key; may be in use by other threads
 * @data: what to sign, RFC 7401 section 6.4.2
 * @len: octets of @data
 * @sig: set to the signature without its algorithm field
 * @sig_len: set to its octets
 *
 * Return: 0, -EOPNOTSUPP, -ENOMEM, -EINVAL without a private key, or -EIO.
 */
int sign_data(EVP_PKEY *key, const uint8_t *data, size_t len,
	      uint8_t sig[SIG_LEN_MAX], size_t *sig_len)
{
	const EVP_MD *md = key_md(key);
	const bool rsa = is_rsa(key);
	EVP_PKEY_CTX *pctx;	/* belongs to ctx */
	uint8_t der[EC_DER_MAX];
	size_t der_len = sizeof(der), prefix;
	EVP_MD_CTX *ctx;
	int err = -EIO;

	if (!md)
		return -EOPNOTSUPP;
	if (p384_is_key(key))
		return sign_p384(key, md, data, len, sig, sig_len);

	ctx = EVP_MD_CTX_new();
	if (!ctx)
		return -ENOMEM;
	if (EVP_DigestSignInit(ctx, &pctx, md, NULL, key) != 1)
		goto out;
	if (rsa) {
		*sig_len = SIG_LEN_MAX;
		if (pss_params(pctx) &&
		    EVP_DigestSign(ctx, sig, sig_len, data, len) == 1)
			err = 0;
		goto out;
	}
	if (EVP_DigestSign(ctx, der, &der_len, data, len) != 1)
		goto out;
	prefix = rs_prefix(key, sig);
	*sig_len = prefix + 2 * rs_len(key);
	err = rs_from_der(der, der_len, sig + prefix, rs_len(key));
out:
	EVP_MD_CTX_free(ctx);
	ERR_clear_error();
	return err;
}

/**
 * verify_data() - check a peer's signature
 * @key: public key
 * @data: what was signed
 * @len: octets of @data
 * @sig: signature without its algorithm field; comes from a stranger
 * @sig_len: its octets; only the one right length is accepted
 *
 * Return: 0, -EKEYREJECTED when it is wrong, -EOPNOTSUPP or -ENOMEM.
 */
int verify_data(EVP_PKEY *key, const uint8_t *data, size_t len,
		const uint8_t *sig, size_t sig_len)
{
	const EVP_MD *md = key_md(key);
	const bool rsa = is_rsa(key);
	EVP_PKEY_CTX *pctx;	/* belongs to ctx */
	uint8_t der[EC_DER_MAX], t;
	EVP_MD_CTX *ctx;
	size_t prefix;
	int err;

	if (!md)
		return -EOPNOTSUPP;
	if (p384_is_key(key))
		return verify_p384(key, md, data, len, sig, sig_len);

	if (rsa) {
		if (sig_len != (size_t)EVP_PKEY_get_size(key))
			return -EKEYREJECTED;
	} else {
		prefix = rs_prefix(key, &t);
		if (sig_len != prefix + 2 * rs_len(key) ||
		    (prefix && *sig != t))
			return -EKEYREJECTED;
		err = rs_to_der(sig + prefix, rs_len(key), der, &sig_len);
		if (err)
			return err;
		sig = der;
	}

	ctx = EVP_MD_CTX_new();
	if (!ctx)
		return -ENOMEM;
	err = -EKEYREJECTED;
	if (EVP_DigestVerifyInit(ctx, &pctx, md, NULL, key) == 1 &&
	    (!rsa || pss_params(pctx)) &&
	    EVP_DigestVerify(ctx, sig, sig_len, data, len) == 1)
		err = 0;
	EVP_MD_CTX_free(ctx);
	ERR_clear_error();
	return err;
}
