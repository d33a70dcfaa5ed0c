/* SPDX-License-Identifier: GPL-2.0 */
/*
 * hip0: the network device through which HIT-addressed packets come and go.
 */
#ifndef _HIP_DEVICE_H
#define _HIP_DEVICE_H

#include <linux/types.h>

struct hip_net;
struct net_device;
struct sk_buff;

int hip_device_init(void);
void hip_device_exit(void);

void hip_device_receive(struct net_device *dev, struct sk_buff *skb);
void hip_device_icmp(struct hip_net *hn, struct sk_buff *skb, u8 type, u8 code,
		     u32 info);
void hip_device_resend(struct hip_net *hn, struct sk_buff *skb);
void hip_device_reject(struct hip_net *hn, struct sk_buff *skb, u8 code);

#endif /* _HIP_DEVICE_H */
