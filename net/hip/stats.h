/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counters: one for each exchange step and each reason to drop something.
 * They are the interface of the tests, so a name once given stays. The list is
 * in stats_items.h.
 */
#ifndef _HIP_STATS_H
#define _HIP_STATS_H

#include <net/snmp.h>

enum hip_mib_item {
#define HIP_MIB_ITEM(id, name) HIP_MIB_##id,
#include "stats_items.h"
#undef HIP_MIB_ITEM
	HIP_MIB_MAX
};

struct hip_mib {
	u64 mibs[HIP_MIB_MAX];
	struct u64_stats_sync syncp;
};

struct hip_net;

/* any context */
#define HIP_INC_STATS(hn, item)	hip_stats_add(hn, HIP_MIB_##item, 1)
#define HIP_ADD_STATS(hn, item, n)	hip_stats_add(hn, HIP_MIB_##item, n)

int hip_stats_net_init(struct hip_net *hn);
void hip_stats_net_exit(struct hip_net *hn);
void hip_stats_add(struct hip_net *hn, enum hip_mib_item item, u64 n);
u64 hip_stats_read(struct hip_net *hn, enum hip_mib_item item);
const char *hip_stats_name(enum hip_mib_item item);

#endif /* _HIP_STATS_H */
