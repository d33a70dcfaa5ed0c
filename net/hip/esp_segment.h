/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Segments of TCP super-packets, ready for encryption.
 */
#ifndef _HIP_ESP_SEGMENT_H
#define _HIP_ESP_SEGMENT_H

#include <linux/types.h>

struct sk_buff;
struct sock;

/**
 * struct hip_segmenter - a TCP super-packet being cut
 * @skb: the super-packet, starting at its IPv6 header
 * @sk: whom to charge for the segments, or NULL
 * @hdr_len: octets of IPv6 and TCP header
 * @mss: payload octets of each segment but the last
 * @count: segments
 * @next: how many of them were made
 * @seq: TCP sequence number of the first, host byte order
 */
struct hip_segmenter {
	struct sk_buff *skb;
	struct sock *sk;
	unsigned int hdr_len;
	unsigned int mss;
	unsigned int count;
	unsigned int next;
	u32 seq;
};

struct sk_buff *hip_esp_alloc(unsigned int size);
bool hip_esp_is_charged(const struct sk_buff *skb);
bool hip_segmenter_init(struct hip_segmenter *s, struct sk_buff *skb);
struct sk_buff *hip_segmenter_next(struct hip_segmenter *s,
				   unsigned int headroom,
				   unsigned int tailroom);

#endif /* _HIP_ESP_SEGMENT_H */
