// SPDX-License-Identifier: GPL-2.0
/* 6.2: families of generic netlink with one entry for each do and dump */
#include <net/genetlink.h>

static const struct genl_split_ops ops[1];

const struct genl_family probe;
const struct genl_family probe = {
	.split_ops = ops,
	.n_split_ops = 1,
};
