/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How is a HIP packet put together?
 *
 * Pure functions: no skb, no locks, no allocation; any context.
 */
#ifndef _NET_HIP_BUILD_H
#define _NET_HIP_BUILD_H

#include <linux/in6.h>
#include <linux/types.h>

#include "param.h"

/**
 * struct hip_builder - a packet or a run of parameters under construction
 * @buf: the caller's buffer
 * @size: octets at @buf, at most HIP_MAX_LEN are used
 * @len: octets written so far
 * @open: offset of the parameter that is open
 * @last_type: type of the last parameter, to enforce the order
 * @in_param: between hip_build_begin() and hip_build_end()
 * @bare: no HIP header: the plaintext of ENCRYPTED
 * @err: first error; sticky, later calls do nothing
 */
struct hip_builder {
	u8	*buf;
	size_t	size;
	size_t	len;
	size_t	open;
	u16	last_type;
	bool	in_param;
	bool	bare;
	int	err;
};

void hip_build_init(struct hip_builder *b, void *buf, size_t size, u8 type,
		    u16 controls, const struct in6_addr *sender,
		    const struct in6_addr *receiver);
void hip_build_init_inner(struct hip_builder *b, void *buf, size_t size);
void hip_build_param(struct hip_builder *b, u16 type, const void *data,
		     size_t len);
void hip_build_begin(struct hip_builder *b, u16 type);
void hip_build_bytes(struct hip_builder *b, const void *data, size_t len);
void hip_build_u8(struct hip_builder *b, u8 v);
void hip_build_be16(struct hip_builder *b, u16 v);
void hip_build_be32(struct hip_builder *b, u32 v);
void hip_build_end(struct hip_builder *b);
int hip_build_finish(struct hip_builder *b);

void hip_build_r1_counter(struct hip_builder *b, u64 counter);
void hip_build_puzzle(struct hip_builder *b, u8 k, u8 lifetime, u16 opaque,
		      const u8 *i, size_t rhash_len);
void hip_build_solution(struct hip_builder *b, u8 k, u16 opaque, const u8 *i,
			const u8 *j, size_t rhash_len);
void hip_build_seq(struct hip_builder *b, u32 update_id);
void hip_build_ack(struct hip_builder *b, const u32 *update_ids,
		   unsigned int n);
void hip_build_list8(struct hip_builder *b, u16 type, const u8 *ids,
		     unsigned int n);
void hip_build_list16(struct hip_builder *b, u16 type, const u16 *ids,
		      unsigned int n);
void hip_build_dh_group_list(struct hip_builder *b, const u8 *groups,
			     unsigned int n);
void hip_build_dh(struct hip_builder *b, u8 group, const u8 *pub,
		  size_t pub_len);
void hip_build_hip_cipher(struct hip_builder *b, const u16 *ids,
			  unsigned int n);
void hip_build_host_id(struct hip_builder *b, u16 algorithm, const u8 *hi,
		       size_t hi_len, u8 di_type, const u8 *di, size_t di_len);
void hip_build_hit_suite_list(struct hip_builder *b, const u8 *suites,
			      unsigned int n);
void hip_build_transport_format_list(struct hip_builder *b, const u16 *ids,
				     unsigned int n);
void hip_build_esp_info(struct hip_builder *b, u16 keymat_index,
			__be32 old_spi, __be32 new_spi);
void hip_build_esp_transform(struct hip_builder *b, const u16 *ids,
			     unsigned int n);
void hip_build_locator_set_begin(struct hip_builder *b);
void hip_build_locator(struct hip_builder *b, const struct hip_locator *loc);
void hip_build_notification(struct hip_builder *b, u16 type, const void *data,
			    size_t len);
void hip_build_encrypted(struct hip_builder *b, const void *iv_ct, size_t len);
u8 *hip_build_mac(struct hip_builder *b, u16 type, size_t rhash_len);
void hip_build_signature(struct hip_builder *b, u16 type, u16 algorithm,
			 const void *sig, size_t len);

#endif /* _NET_HIP_BUILD_H */
