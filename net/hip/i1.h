/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which I1s are worth an R1.
 */
#ifndef _HIP_I1_H
#define _HIP_I1_H

#include <linux/types.h>

struct hip_msg;
struct hip_net;
struct in6_addr;

int hip_i1_net_init(struct hip_net *hn);
void hip_i1_net_exit(struct hip_net *hn);
bool hip_i1_allowed(struct hip_net *hn, const struct in6_addr *src,
		    const struct hip_msg *i1);

#endif /* _HIP_I1_H */
