/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Signatures and MACs of control packets, RFC 7401 section 6.4.
 */
#ifndef _HIP_AUTH_H
#define _HIP_AUTH_H

#include <linux/types.h>

#include "build.h"
#include "param.h"

struct hip_assoc;
struct hip_keys;
struct hip_msg;

/* The signer of a packet */
struct hip_signer {
	u16 hi_alg;
	u8 hit_suite;
	u16 hi_len;
	const u8 *hi;
};

/* Process context, with assoc->mutex held */
void hip_auth_add_mac(struct hip_builder *b, u16 type, u8 rhash_suite,
		      const struct hip_keys *keys, const u8 *host_id,
		      size_t host_id_len);
int hip_auth_add_signature(struct hip_assoc *assoc, struct hip_builder *b);
int hip_auth_check_mac(struct hip_assoc *assoc, const struct hip_msg *msg,
		       u16 type, u8 rhash_suite, const struct hip_keys *keys,
		       const u8 *host_id, size_t host_id_len);
int hip_auth_check_signature(struct hip_assoc *assoc,
			     const struct hip_msg *msg, u16 type,
			     const struct hip_signer *signer);
int hip_auth_check_peer_signature(struct hip_assoc *assoc,
				  const struct hip_msg *msg);
int hip_auth_hash(const struct hip_msg *msg, u8 *hash);

#endif /* _HIP_AUTH_H */
