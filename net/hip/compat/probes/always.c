// SPDX-License-Identifier: GPL-2.0
/* Must compile for any kernel: says that the others fail for a reason */
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>

static __maybe_unused struct net_device *always(struct sk_buff *skb)
{
	return skb->dev;
}
