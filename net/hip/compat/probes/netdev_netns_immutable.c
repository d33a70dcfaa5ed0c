// SPDX-License-Identifier: GPL-2.0
/* 6.15: netns_local got another name */
#include <linux/netdevice.h>

void probe(struct net_device *dev);
void probe(struct net_device *dev)
{
	dev->netns_immutable = true;
}
