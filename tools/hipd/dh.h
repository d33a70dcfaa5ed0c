/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Ephemeral Diffie-Hellman: RFC 7401 section 5.2.7.
 */
#ifndef HIPD_DH_H
#define HIPD_DH_H

#include "util.h"

#define DH_LEN_MAX	384	/* MODP-3072 */

/**
 * struct dh_value - a public value, a private key or a shared secret
 * @len: octets of @data
 * @data: big-endian, as long as the group says, zeros in front included
 */
struct dh_value {
	size_t len;
	uint8_t data[DH_LEN_MAX];
};

int dh_generate(uint8_t group, struct dh_value *public,
		struct dh_value *private);
int dh_derive(uint8_t group, const uint8_t *private, size_t private_len,
	      const uint8_t *peer, size_t peer_len, struct dh_value *secret);

#endif /* HIPD_DH_H */
