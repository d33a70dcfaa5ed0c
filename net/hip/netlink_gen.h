/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/hip.yaml */
/* YNL-GEN kernel header */

#ifndef _LINUX_HIP_GEN_H
#define _LINUX_HIP_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/linux/hip.h>

/* Common nested types */
extern const struct nla_policy hip_locator_nl_policy[HIP_A_LOCATOR_ADDRESS_6 + 1];

extern const struct nla_policy hip_identity_add_nl_policy[HIP_A_ACCEPT + 1];

extern const struct nla_policy hip_identity_del_nl_policy[HIP_A_HIT + 1];

extern const struct nla_policy hip_identity_get_nl_policy[HIP_A_HIT + 1];

extern const struct nla_policy hip_peer_add_nl_policy[HIP_A_UAL + 1];

extern const struct nla_policy hip_peer_del_nl_policy[HIP_A_HIT + 1];

extern const struct nla_policy hip_peer_get_nl_policy[HIP_A_HIT + 1];

extern const struct nla_policy hip_assoc_get_nl_policy[HIP_A_PEER_HIT + 1];

extern const struct nla_policy hip_assoc_close_nl_policy[HIP_A_FORCE + 1];

extern const struct nla_policy hip_assoc_keys_get_nl_policy[HIP_A_PEER_HIT + 1];

extern const struct nla_policy hip_config_get_nl_policy[HIP_A_CONFIG_PAD + 1];

extern const struct nla_policy hip_config_set_nl_policy[HIP_A_CONFIG_OPPORTUNISTIC + 1];

extern const struct nla_policy hip_stats_get_nl_policy[HIP_A_PAD + 1];

extern const struct nla_policy hip_upcall_accept_nl_policy[HIP_A_PAD + 1];

extern const struct nla_policy hip_upcall_done_nl_policy[HIP_A_PUZZLE_J + 1];

extern const struct nla_policy hip_identity_set_nl_policy[HIP_A_ACCEPT + 1];

extern const struct nla_policy hip_peer_set_nl_policy[HIP_A_ACCESS + 1];

extern const struct nla_policy hip_assoc_rekey_nl_policy[HIP_A_NEW_DH + 1];

extern const struct nla_policy hip_peer_learn_nl_policy[HIP_A_PEER_LOCATOR + 1];

/* Ops table for hip */
extern const struct genl_ops hip_nl_ops[18];

int hip_nl_identity_add_doit(struct sk_buff *skb, struct genl_info *info);
int hip_nl_identity_del_doit(struct sk_buff *skb, struct genl_info *info);
int hip_nl_identity_get_doit(struct sk_buff *skb, struct genl_info *info);
int hip_nl_identity_get_dumpit(struct sk_buff *skb,
			       struct netlink_callback *cb);
int hip_nl_peer_add_doit(struct sk_buff *skb, struct genl_info *info);
int hip_nl_peer_del_doit(struct sk_buff *skb, struct genl_info *info);
int hip_nl_peer_get_doit(struct sk_buff *skb, struct genl_info *info);
int hip_nl_peer_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int hip_nl_assoc_get_doit(struct sk_buff *skb, struct genl_info *info);
int hip_nl_assoc_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int hip_nl_assoc_close_doit(struct sk_buff *skb, struct genl_info *info);
int hip_nl_assoc_keys_get_doit(struct sk_buff *skb, struct genl_info *info);
int hip_nl_config_get_doit(struct sk_buff *skb, struct genl_info *info);
int hip_nl_config_set_doit(struct sk_buff *skb, struct genl_info *info);
int hip_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info);
int hip_nl_upcall_accept_doit(struct sk_buff *skb, struct genl_info *info);
int hip_nl_upcall_done_doit(struct sk_buff *skb, struct genl_info *info);
int hip_nl_identity_set_doit(struct sk_buff *skb, struct genl_info *info);
int hip_nl_peer_set_doit(struct sk_buff *skb, struct genl_info *info);
int hip_nl_assoc_rekey_doit(struct sk_buff *skb, struct genl_info *info);
int hip_nl_peer_learn_doit(struct sk_buff *skb, struct genl_info *info);

#endif /* _LINUX_HIP_GEN_H */
