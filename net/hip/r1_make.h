/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Making a generation of R1s, for r1.c.
 */
#ifndef _HIP_R1_MAKE_H
#define _HIP_R1_MAKE_H

#include <linux/types.h>

struct hip_identity;
struct hip_r1_maker;
struct hip_r1_set;

struct hip_r1_maker *hip_r1_maker_new(struct hip_identity *id);
void hip_r1_maker_free(struct hip_r1_maker *m);
struct hip_r1_set *hip_r1_set_new(const struct hip_r1_maker *m, u64 counter);
int hip_r1_set_fill(struct hip_identity *id, struct hip_r1_maker *m,
		    struct hip_r1_set *set);

#endif /* _HIP_R1_MAKE_H */
