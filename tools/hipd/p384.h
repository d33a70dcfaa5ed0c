/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The curve P-384.
 */
#ifndef HIPD_P384_H
#define HIPD_P384_H

#include <openssl/types.h>

#include "util.h"

#define P384_LEN	48	/* octets of a coordinate, and of a scalar */
#define P384_PAIR_LEN	(2 * P384_LEN)	/* x | y of a point, r | s */

void p384_init(void);
bool p384_is_key(const EVP_PKEY *key);
int p384_generate(uint8_t public[P384_PAIR_LEN], uint8_t private[P384_LEN]);
int p384_derive(const uint8_t private[P384_LEN],
		const uint8_t peer[P384_PAIR_LEN], uint8_t secret[P384_LEN]);
int p384_sign(const EVP_PKEY *key, const uint8_t *digest, size_t len,
	      uint8_t sig[P384_PAIR_LEN]);
int p384_verify(const EVP_PKEY *key, const uint8_t *digest, size_t len,
		const uint8_t sig[P384_PAIR_LEN]);

#endif /* HIPD_P384_H */
