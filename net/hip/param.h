/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What do the parameters of a HIP packet say?
 *
 * Pure functions: no skb, no locks, no allocation; any context.
 */
#ifndef _NET_HIP_PARAM_H
#define _NET_HIP_PARAM_H

#include <linux/types.h>
#include <linux/in6.h>

#include "wire.h"

/* What a parameter says, in host byte order except for SPIs, which are labels
 * and stay as they are on the wire.  Pointers point into the packet.
 */

struct hip_puzzle {
	u8		k;
	u8		lifetime;	/* encoded, see puzzle.h */
	u16		opaque;
	u8		rhash_len;	/* octets of @i */
	const u8	*i;
};

struct hip_solution {
	u8		k;
	u16		opaque;
	u8		rhash_len;	/* octets of @i and of @j */
	const u8	*i;
	const u8	*j;
};

struct hip_esp_info {
	u16		keymat_index;
	__be32		old_spi;
	__be32		new_spi;
};

struct hip_dh {
	u8		group;		/* enum hip_dh_group */
	u16		pub_len;
	const u8	*pub;
};

struct hip_host_id {
	const u8	*tlv;		/* Type, Length, contents and padding */
	u16		tlv_len;
	u8		algorithm;	/* enum hip_hi_alg; 0 if above 255 */
	u8		di_type;	/* enum hip_di_type */
	u16		hi_len;
	u16		di_len;
	const u8	*hi;
	const u8	*di;
};

struct hip_notification {
	u16		type;		/* enum hip_notify_type */
	u16		len;
	const u8	*data;
};

struct hip_signature {
	u16		algorithm;	/* enum hip_hi_alg */
	u16		len;
	const u8	*sig;
};

struct hip_encrypted {
	const u8	*iv_ct;		/* IV, then ciphertext */
	u16		len;
};

struct hip_locator {
	u8		traffic;	/* enum hip_locator_traffic */
	u8		type;		/* enum hip_locator_type */
	bool		preferred;
	u32		lifetime;	/* seconds */
	__be32		spi;		/* 0 for HIP_LOCATOR_IP */
	u16		port;		/* HIP_LOCATOR_UDP only */
	u8		kind;		/* HIP_LOCATOR_UDP only */
	u32		priority;	/* HIP_LOCATOR_UDP only */
	struct in6_addr	addr;		/* IPv4 as ::ffff:a.b.c.d */
};

int hip_get_puzzle(const struct hip_msg *msg, struct hip_puzzle *out);
int hip_get_solution(const struct hip_msg *msg, struct hip_solution *out);
int hip_get_r1_counter(const struct hip_msg *msg, u64 *counter);
int hip_get_esp_info(const struct hip_msg *msg, struct hip_esp_info *out);
int hip_get_dh(const struct hip_msg *msg, struct hip_dh *out);
int hip_get_seq(const struct hip_msg *msg, u32 *update_id);
bool hip_get_ack(const struct hip_msg *msg, unsigned int n, u32 *update_id);
int hip_get_host_id(const struct hip_msg *msg, struct hip_host_id *out);
int hip_get_mac(const struct hip_msg *msg, u16 type, struct hip_param *out);
int hip_get_signature(const struct hip_msg *msg, u16 type,
		      struct hip_signature *out);
int hip_get_encrypted(const struct hip_msg *msg, struct hip_encrypted *out);
int hip_param_host_id(const struct hip_param *p, struct hip_host_id *out);
int hip_param_notification(const struct hip_param *p,
			   struct hip_notification *out);
int hip_param_locator(const struct hip_param *p, unsigned int *cursor,
		      struct hip_locator *out);
bool hip_inner_next(const void *plain, size_t len, size_t *cursor,
		    struct hip_param *p);
int hip_inner_host_id(const void *plain, size_t len, struct hip_host_id *out);

int hip_get_list(const struct hip_msg *msg, u16 type, unsigned int n);
int hip_choose(const struct hip_msg *msg, u16 type, const u16 *ours,
	       unsigned int n_ours);
int hip_choose8(const struct hip_msg *msg, u16 type, const u8 *ours,
		unsigned int n_ours);
int hip_choose_theirs(const struct hip_msg *msg, u16 type, const u16 *ours,
		      unsigned int n_ours);
bool hip_offers(const struct hip_msg *msg, u16 type, u16 id);

#endif /* _NET_HIP_PARAM_H */
