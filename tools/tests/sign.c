// SPDX-License-Identifier: GPL-2.0
/*
 * Signatures.
 */
#include "sign.h"

#include <errno.h>

#include <openssl/evp.h>

#include <hip/hip_wire.h>

#include "hi.h"
#include "test.h"
#include "vectors.h"

static const uint8_t message[] = "what is signed";

static void round_trip(const char *name, const char *other, size_t want)
{
	EVP_PKEY *key = test_key(name);
	uint8_t sig[SIG_LEN_MAX + 1], *exact;
	size_t len = 0, i;
	int bad = 0;

	if (!check(!sign_data(key, message, sizeof(message), sig, &len) &&
		   len == want, "%s: signature of %zu octets", name, want))
		return;
	/* on the heap, so that reading beyond it is noticed */
	exact = malloc(len);
	memcpy(exact, sig, len);
	check(!verify_data(key, message, sizeof(message), exact, len),
	      "%s: verifies", name);
	check(verify_data(key, message, sizeof(message) - 1, exact, len) ==
	      -EKEYREJECTED, "%s: other data", name);
	check(verify_data(test_key(other), message, sizeof(message), exact,
			  len) == -EKEYREJECTED, "%s: other key", name);
	for (i = 0; i < len; i += 7) {
		exact[i] ^= 0x10;
		bad += verify_data(key, message, sizeof(message), exact,
				   len) == -EKEYREJECTED;
		exact[i] ^= 0x10;
	}
	check(bad == (int)((len + 6) / 7), "%s: each flipped bit", name);
	check(verify_data(key, message, sizeof(message), exact, len - 1) ==
	      -EKEYREJECTED, "%s: one octet less", name);
	sig[len] = 0;
	check(verify_data(key, message, sizeof(message), sig, len + 1) ==
	      -EKEYREJECTED, "%s: one octet more", name);
	check(verify_data(key, message, sizeof(message), sig, 0) ==
	      -EKEYREJECTED, "%s: none", name);
	memset(exact, 0, len);
	check(verify_data(key, message, sizeof(message), exact, len) ==
	      -EKEYREJECTED, "%s: zeros", name);
	memset(exact, 0xff, len);
	check(verify_data(key, message, sizeof(message), exact, len) ==
	      -EKEYREJECTED, "%s: ones", name);
	free(exact);
}

/* RSA with the padding of PKCS#1 v1.5, as HIPv1 had it */
static void test_padding(void)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t sig[SIG_LEN_MAX];
	size_t len = sizeof(sig);

	check(EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL,
				 test_key("rsa2048")) == 1 &&
	      EVP_DigestSign(ctx, sig, &len, message, sizeof(message)) == 1 &&
	      verify_data(test_key("rsa2048"), message, sizeof(message), sig,
			  len) == -EKEYREJECTED,
	      "RSA with the wrong padding");
	EVP_MD_CTX_free(ctx);
}

static void test_foreign(void)
{
	uint8_t hi[HI_LEN_MAX], sig[SIG_LEN_MAX], data[2048];
	size_t hi_len, sig_len, len;
	EVP_PKEY *key;
	const char *why;

	hi_len = GET(c2_r1_hi, hi);
	sig_len = GET(c2_r1_sig, sig);
	len = GET(c2_r1_signed, data);
	if (!check(!hi_to_key(HIP_HI_ALG_RSA, hi, hi_len, &key, &why),
		   "Host Identity of another implementation"))
		return;
	check(!verify_data(key, data, len, sig, sig_len),
	      "R1 signed by another implementation");
	data[60] ^= 1;
	check(verify_data(key, data, len, sig, sig_len) == -EKEYREJECTED,
	      "the same with a flipped bit");
	EVP_PKEY_free(key);
}

/* The signature of @text by the key in this HI field, from a document */
static void published(const char *name, uint16_t alg, const uint8_t *hi,
		      size_t hi_len, const char *text, const uint8_t *sig,
		      size_t sig_len)
{
	uint8_t wrong[SIG_LEN_MAX];
	EVP_PKEY *key = NULL;
	const char *why;

	memcpy(wrong, sig, sig_len);
	wrong[sig_len - 1] ^= 1;
	check(!hi_to_key(alg, hi, hi_len, &key, &why) &&
	      !verify_data(key, (const uint8_t *)text, strlen(text), sig,
			   sig_len), "%s: known answer", name);
	check(key && verify_data(key, (const uint8_t *)text, strlen(text),
				 wrong, sig_len) == -EKEYREJECTED,
	      "%s: the same with a flipped bit", name);
	EVP_PKEY_free(key);
}

static void test_published(void)
{
	uint8_t hi[HI_LEN_MAX];

	put_be16(hi, HIP_ECDSA_LOW_CURVE_SECP160R1);
	published("GEC 2, secp160r1", HIP_HI_ALG_ECDSA_LOW, hi,
		  2 + GET(gec2_q, hi + 2), "abc", gec2_abc_sig,
		  sizeof(gec2_abc_sig));
	published("RFC 6979, P-384", HIP_HI_ALG_ECDSA, rfc6979_p384_hi,
		  sizeof(rfc6979_p384_hi), "sample", rfc6979_p384_sig,
		  sizeof(rfc6979_p384_sig));
	published("RFC 6979, DSA", HIP_HI_ALG_DSA, rfc6979_dsa_hi,
		  sizeof(rfc6979_dsa_hi), "sample", rfc6979_dsa_sig,
		  sizeof(rfc6979_dsa_sig));
}

void test_sign(void)
{
	uint8_t sig[SIG_LEN_MAX];
	size_t len;

	round_trip("rsa2048", "other-rsa2048", 256);
	round_trip("p256", "other-p256", 64);
	round_trip("p384", "p256", 96);
	/* each half as long as the order, not the field: RFC 4754 section 7 */
	round_trip("secp160r1", "other-secp160r1", 42);
	round_trip("dsa", "other-dsa", 41);
	test_padding();
	test_foreign();
	test_published();
	check(sign_data(test_key("p521"), message, sizeof(message), sig,
			&len) == -EOPNOTSUPP, "P-521 does not sign");
}
