/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Access control: with whom may there be associations?
 */
#ifndef _HIP_ACCESS_H
#define _HIP_ACCESS_H

#include <linux/in6.h>
#include <linux/types.h>

struct hip_identity;

/* any context */
bool hip_access_caller(struct hip_identity *id, const struct in6_addr *peer);
bool hip_access_callee(struct hip_identity *id, const struct in6_addr *peer,
		       bool anonymous);

#endif /* _HIP_ACCESS_H */
