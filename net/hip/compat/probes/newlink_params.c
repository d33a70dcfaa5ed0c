// SPDX-License-Identifier: GPL-2.0
/* 6.15: the arguments of rtnl_link_ops.newlink were put into a structure */
#include <net/rtnetlink.h>

static int newlink(struct net_device *dev, struct rtnl_newlink_params *params,
		   struct netlink_ext_ack *extack)
{
	return 0;
}

const struct rtnl_link_ops probe;
const struct rtnl_link_ops probe = {
	.newlink = newlink,
};
