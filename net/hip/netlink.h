/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The user API: generic-netlink family "hip" and its events.
 */
#ifndef _HIP_NETLINK_H
#define _HIP_NETLINK_H

#include <linux/in6.h>
#include <linux/types.h>

#include <uapi/linux/hip.h>

struct genl_family;
struct hip_assoc;
struct hip_assoc_info;
struct hip_net;
struct sk_buff;

/* Multicast groups, in the order of the family's table */
enum {
	HIP_NLGRP_EVENTS,
	HIP_NLGRP_UPCALL,
};

extern struct genl_family hip_nl_family;

/* after register_pernet_subsys() and before unregister_pernet_subsys() */
int hip_netlink_init(void);
void hip_netlink_exit(void);

/* config.c */
void hip_config_defaults(struct hip_net *hn);

/* netlink.c, for events.c: put attributes, -EMSGSIZE if there is no room */
int hip_nl_put_hit(struct sk_buff *skb, int attrtype,
		   const struct in6_addr *hit);
int hip_nl_put_locator(struct sk_buff *skb, int attrtype,
		       const struct in6_addr *addr);
int hip_nl_put_sas(struct sk_buff *skb, const struct hip_assoc_info *info);

/* Events; any context. They cost nothing while nobody listens.
 * @reason is an enum hip_reason.
 */
void hip_event_assoc(struct hip_assoc *assoc, u8 old_state, u8 new_state,
		     u8 reason);
void hip_event_failure(struct hip_assoc *assoc, u8 reason);
void hip_event_learnt(struct hip_assoc *assoc);
void hip_event_notify(const struct hip_assoc *assoc, u16 type, bool sent);
void hip_event_identity(struct hip_net *hn, const struct in6_addr *hit,
			u8 event);
void hip_event_peer(struct hip_net *hn, const struct in6_addr *hit, bool added);

/* upcall.c: work is there; multicast to group "upcall" */
void hip_netlink_upcall_ready(struct hip_net *hn);
bool hip_netlink_upcall_listeners(struct hip_net *hn);

#endif /* _HIP_NETLINK_H */
