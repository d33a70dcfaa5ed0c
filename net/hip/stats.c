// SPDX-License-Identifier: GPL-2.0
/*
 * Counters of a namespace, per CPU.
 */
#include <linux/netdevice.h>
#include <linux/percpu.h>
#include <net/ip.h>

#include "net.h"
#include "stats.h"

/* in the order of enum hip_mib_item */
static const char *const hip_stats_names[HIP_MIB_MAX] = {
#define HIP_MIB_ITEM(id, name) name,
#include "stats_items.h"
#undef HIP_MIB_ITEM
};

/**
 * hip_stats_net_init() - allocate the counters of a new namespace
 * @hn: namespace
 *
 * Return: 0 or -ENOMEM.
 */
int hip_stats_net_init(struct hip_net *hn)
{
	hn->stats = netdev_alloc_pcpu_stats(struct hip_mib);
	return hn->stats ? 0 : -ENOMEM;
}

/**
 * hip_stats_net_exit() - free the counters of a namespace
 * @hn: namespace; nothing counts any more
 */
void hip_stats_net_exit(struct hip_net *hn)
{
	free_percpu(hn->stats);
	hn->stats = NULL;
}

/**
 * hip_stats_add() - add to a counter
 * @hn: namespace
 * @item: counter
 * @n: how much
 *
 * Process or softirq context.
 */
void hip_stats_add(struct hip_net *hn, enum hip_mib_item item, u64 n)
{
	SNMP_ADD_STATS64(hn->stats, item, n);
}

/**
 * hip_stats_read() - read a counter
 * @hn: namespace
 * @item: counter
 *
 * Process or softirq context.
 *
 * Return: the sum over all CPUs.
 */
u64 hip_stats_read(struct hip_net *hn, enum hip_mib_item item)
{
	return snmp_fold_field64(hn->stats, item,
				 offsetof(struct hip_mib, syncp));
}

/**
 * hip_stats_name() - name of a counter
 * @item: counter
 *
 * Return: what hiptool shows.
 */
const char *hip_stats_name(enum hip_mib_item item)
{
	return hip_stats_names[item];
}
