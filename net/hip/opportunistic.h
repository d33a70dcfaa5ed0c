/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Exchanges with peers whose HIT is not known, RFC 7401 section 4.1.8.
 */
#ifndef _HIP_OPPORTUNISTIC_H
#define _HIP_OPPORTUNISTIC_H

struct hip_assoc;
struct hip_ctrl_packet;
struct hip_net;
struct in6_addr;
struct netlink_ext_ack;

int hip_opportunistic_start(struct hip_net *hn, const struct in6_addr *local,
			    const struct in6_addr *locator,
			    struct netlink_ext_ack *extack);
/* with assoc->mutex held */
void hip_opportunistic_rx_r1(struct hip_assoc *opp,
			     struct hip_ctrl_packet *pkt);
void hip_opportunistic_learnt(struct hip_assoc *assoc);

#endif /* _HIP_OPPORTUNISTIC_H */
