/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Signatures: HIP_SIGNATURE and HIP_SIGNATURE_2, RFC 7401 section 5.2.14.
 */
#ifndef HIPD_SIGN_H
#define HIPD_SIGN_H

#include <openssl/types.h>

#include "util.h"

#define SIG_LEN_MAX	512	/* RSA-4096 */

int sign_data(EVP_PKEY *key, const uint8_t *data, size_t len,
	      uint8_t sig[SIG_LEN_MAX], size_t *sig_len);
int verify_data(EVP_PKEY *key, const uint8_t *data, size_t len,
		const uint8_t *sig, size_t sig_len);

#endif /* HIPD_SIGN_H */
