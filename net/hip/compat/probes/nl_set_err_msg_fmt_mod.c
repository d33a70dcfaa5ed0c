// SPDX-License-Identifier: GPL-2.0
/* 6.2: messages of extack may have arguments */
#include <linux/netlink.h>

void probe(struct netlink_ext_ack *extack);
void probe(struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG_FMT_MOD(extack, "%d", 0);
}
