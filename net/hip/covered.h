/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which octets do a MAC and a signature cover?
 *
 * Pure functions: no skb, no locks, no allocation; any context.
 */
#ifndef _NET_HIP_COVERED_H
#define _NET_HIP_COVERED_H

#include <linux/types.h>

ssize_t hip_mac_input(u8 *out, size_t size, const void *pkt, size_t mac_off,
		      const void *host_id_tlv, size_t host_id_len);
ssize_t hip_signature_input(u8 *out, size_t size, const void *pkt,
			    size_t sig_off);
ssize_t hip_signature2_input(u8 *out, size_t size, const void *pkt,
			     size_t sig_off);

#endif /* _NET_HIP_COVERED_H */
