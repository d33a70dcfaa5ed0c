/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The end of an association; what only assoc.c needs, the rest is in ctrl.h.
 */
#ifndef _HIP_CLOSE_H
#define _HIP_CLOSE_H

#include <linux/types.h>

struct hip_assoc;

/* With assoc->mutex held */
void hip_close_begin(struct hip_assoc *assoc, u8 reason);
void hip_close_rearm(struct hip_assoc *assoc);

#endif /* _HIP_CLOSE_H */
