/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the handlers of the netlink API have in common; see netlink.c.
 */
#ifndef _HIP_NETLINK_MSG_H
#define _HIP_NETLINK_MSG_H

#include <net/genetlink.h>

#include "netlink.h"

struct in6_addr;

/**
 * struct hip_nl_walk - argument of the walks over identities and peers
 * @skb: message of a dump
 * @cb: the dump; args[0] counts what was sent
 */
struct hip_nl_walk {
	struct sk_buff *skb;
	struct netlink_callback *cb;
};

/* netlink_assoc.c */
int hip_nl_assoc_get_start(struct netlink_callback *cb);
int hip_nl_assoc_get_done(struct netlink_callback *cb);

void hip_nl_set_msg(struct netlink_ext_ack *extack, const char *msg);
int hip_nl_require(struct genl_info *info, int attrtype);
int hip_nl_get_hit(struct genl_info *info, int attrtype,
		   struct in6_addr *hit);
/* netlink_peer.c */
int hip_nl_get_locator(struct genl_info *info, const struct nlattr *attr,
		       struct in6_addr *locator);
struct sk_buff *hip_nl_reply_new(struct genl_info *info, size_t size,
				 void **hdr);
int hip_nl_reply_send(struct genl_info *info, struct sk_buff *msg,
		      void *hdr, int err);
void hip_nl_dump_seq(struct netlink_callback *cb, struct hip_net *hn,
		     bool interrupted);
int hip_nl_dump_no_filter(struct netlink_callback *cb, int attrtype);
void *hip_nl_dump_put(struct sk_buff *skb, struct netlink_callback *cb,
		      u8 cmd);

#endif /* _HIP_NETLINK_MSG_H */
