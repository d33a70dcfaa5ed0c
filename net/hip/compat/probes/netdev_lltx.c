// SPDX-License-Identifier: GPL-2.0
/* 6.12: a bit of its own instead of NETIF_F_LLTX among the features */
#include <linux/netdevice.h>

void probe(struct net_device *dev);
void probe(struct net_device *dev)
{
	dev->lltx = true;
}
