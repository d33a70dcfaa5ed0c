/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ESP BEET: the way of one packet, out and in.
 */
#ifndef _HIP_ESP_H
#define _HIP_ESP_H

#include <linux/jiffies.h>
#include <linux/skbuff.h>

#include "beet.h"

struct hip_sa;

/**
 * struct hip_esp_cb - what is kept of a packet while it is on its way
 * @fields: what becomes part of the other header
 * @inner_len: octets of the inner packet, header included; transmit only
 * @fragment: the outer packet may be fragmented; transmit only
 */
struct hip_esp_cb {
	struct hip_beet_fields fields;
	unsigned int inner_len;
	bool fragment;
};

#define HIP_ESP_CB(skb) ((struct hip_esp_cb *)(skb)->cb)

int hip_esp_init(void);
void hip_esp_exit(void);

/* esp_output.c */
void hip_esp_output(struct hip_sa *sa, struct sk_buff *skb);
struct sk_buff *hip_esp_copy(struct sk_buff *skb, unsigned int headroom,
			     unsigned int tailroom);

/* Readers want to know it only roughly, and a store spoils their cache */
static inline void hip_esp_touch(unsigned long *when)
{
	unsigned long now = jiffies;

	if (READ_ONCE(*when) != now)
		WRITE_ONCE(*when, now);
}

#endif /* _HIP_ESP_H */
