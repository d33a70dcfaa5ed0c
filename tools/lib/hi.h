/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Host Identities and their tags: RFC 7401 sections 3.2 and 5.2.9, RFC 7343.
 */
#ifndef HIP_HI_H
#define HIP_HI_H

#include <netinet/in.h>
#include <openssl/types.h>

#include "util.h"

/* An RSA-8192 HI: 3 octets of exponent length, exponent, modulus */
#define HI_LEN_MAX		1032

/*
 * Our own keys have at least 112 bits of security strength, as RFC 7401
 * section 5.2.9 wants.  It is a "should", and deployed peers use RSA-1024, so
 * it is not for us to cut them off: their HIT is only as good as their key.
 * The upper bound is what HIP_SIGNATURE can hold in one packet (HIP_MAX_LEN),
 * and limits the work that a stranger can make us do.
 */
#define HI_RSA_BITS_MIN_OWN	2048
#define HI_RSA_BITS_MIN_PEER	1024
#define HI_RSA_BITS_MAX		4096

/*
 * RFC 2536 has no form for more, and less can be broken.  It is below those 112
 * bits, so such a key is ours only when it was made on purpose.
 */
#define HI_DSA_BITS		1024

/**
 * struct hi - a public Host Identity
 * @alg: enum hip_hi_alg
 * @suite: enum hip_hit_suite that goes with it
 * @len: octets of @data
 * @data: the HI field of HOST_ID
 */
struct hi {
	uint16_t alg;
	uint8_t suite;
	size_t len;
	uint8_t data[HI_LEN_MAX];
};

uint8_t hi_alg_suite(uint16_t alg);
uint16_t hi_key_alg(const EVP_PKEY *key);
size_t hi_dsa_t(size_t len);
const EVP_MD *hit_suite_md(uint8_t suite);

/* Each returns 0 or a negative errno, and the reason in @why */
int hi_from_key(const EVP_PKEY *key, struct hi *hi, const char **why);
int hi_to_key(uint16_t alg, const uint8_t *data, size_t len, EVP_PKEY **key,
	      const char **why);
int hi_check_own_key(const EVP_PKEY *key, const char **why);

int hit_from_hi(uint8_t suite, const uint8_t *data, size_t len,
		struct in6_addr *hit);
bool hit_is_valid(const struct in6_addr *addr);

#endif /* HIP_HI_H */
