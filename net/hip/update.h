/* SPDX-License-Identifier: GPL-2.0 */
/*
 * UPDATE: what it carries gets there, once. RFC 7401, sections 6.11 and 6.12.
 */
#ifndef _HIP_UPDATE_H
#define _HIP_UPDATE_H

#include <linux/types.h>

struct hip_assoc;
struct hip_ctrl_packet;

/* With assoc->mutex held */
int hip_update_rekey(struct hip_assoc *assoc, bool dh);
void hip_update_rx(struct hip_assoc *assoc, struct hip_ctrl_packet *pkt);
void hip_update_data(struct hip_assoc *assoc);
void hip_update_timeout(struct hip_assoc *assoc);
void hip_update_forget(struct hip_assoc *assoc);

#endif /* _HIP_UPDATE_H */
