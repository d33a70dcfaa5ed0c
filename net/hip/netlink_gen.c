// SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/hip.yaml */
/* YNL-GEN kernel source */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "netlink_gen.h"

#include <uapi/linux/hip.h>

/* Common nested types */
const struct nla_policy hip_locator_nl_policy[HIP_A_LOCATOR_ADDRESS_6 + 1] = {
	[HIP_A_LOCATOR_ADDRESS_4] = { .type = NLA_U32, },
	[HIP_A_LOCATOR_ADDRESS_6] = NLA_POLICY_EXACT_LEN(16),
};

/* HIP_CMD_IDENTITY_ADD - do */
const struct nla_policy hip_identity_add_nl_policy[HIP_A_ACCEPT + 1] = {
	[HIP_A_NAME] = { .type = NLA_NUL_STRING, },
	[HIP_A_HI_ALGORITHM] = { .type = NLA_U16, },
	[HIP_A_HI] = { .type = NLA_BINARY, },
	[HIP_A_ANONYMOUS] = { .type = NLA_FLAG, },
	[HIP_A_ACCEPT] = NLA_POLICY_MAX(NLA_U8, 3),
};

/* HIP_CMD_IDENTITY_DEL - do */
const struct nla_policy hip_identity_del_nl_policy[HIP_A_HIT + 1] = {
	[HIP_A_HIT] = NLA_POLICY_EXACT_LEN(16),
};

/* HIP_CMD_IDENTITY_GET - do */
const struct nla_policy hip_identity_get_nl_policy[HIP_A_HIT + 1] = {
	[HIP_A_HIT] = NLA_POLICY_EXACT_LEN(16),
};

/* HIP_CMD_PEER_ADD - do */
const struct nla_policy hip_peer_add_nl_policy[HIP_A_UAL + 1] = {
	[HIP_A_HIT] = NLA_POLICY_EXACT_LEN(16),
	[HIP_A_LOCATOR] = NLA_POLICY_NESTED(hip_locator_nl_policy),
	[HIP_A_ESN] = NLA_POLICY_MAX(NLA_U8, 1),
	[HIP_A_ESP_SUITE] = { .type = NLA_U16, },
	[HIP_A_REPLACE] = { .type = NLA_FLAG, },
	[HIP_A_ACCESS] = NLA_POLICY_MAX(NLA_U8, 1),
	[HIP_A_UAL] = { .type = NLA_U32, },
};

/* HIP_CMD_PEER_DEL - do */
const struct nla_policy hip_peer_del_nl_policy[HIP_A_HIT + 1] = {
	[HIP_A_HIT] = NLA_POLICY_EXACT_LEN(16),
};

/* HIP_CMD_PEER_GET - do */
const struct nla_policy hip_peer_get_nl_policy[HIP_A_HIT + 1] = {
	[HIP_A_HIT] = NLA_POLICY_EXACT_LEN(16),
};

/* HIP_CMD_ASSOC_GET - do */
const struct nla_policy hip_assoc_get_nl_policy[HIP_A_PEER_HIT + 1] = {
	[HIP_A_LOCAL_HIT] = NLA_POLICY_EXACT_LEN(16),
	[HIP_A_PEER_HIT] = NLA_POLICY_EXACT_LEN(16),
};

/* HIP_CMD_ASSOC_CLOSE - do */
const struct nla_policy hip_assoc_close_nl_policy[HIP_A_FORCE + 1] = {
	[HIP_A_LOCAL_HIT] = NLA_POLICY_EXACT_LEN(16),
	[HIP_A_PEER_HIT] = NLA_POLICY_EXACT_LEN(16),
	[HIP_A_PEER_LOCATOR] = NLA_POLICY_NESTED(hip_locator_nl_policy),
	[HIP_A_FORCE] = { .type = NLA_FLAG, },
};

/* HIP_CMD_ASSOC_KEYS_GET - do */
const struct nla_policy hip_assoc_keys_get_nl_policy[HIP_A_PEER_HIT + 1] = {
	[HIP_A_LOCAL_HIT] = NLA_POLICY_EXACT_LEN(16),
	[HIP_A_PEER_HIT] = NLA_POLICY_EXACT_LEN(16),
};

/* HIP_CMD_CONFIG_GET - do */
const struct nla_policy hip_config_get_nl_policy[HIP_A_CONFIG_PAD + 1] = {
};

/* HIP_CMD_CONFIG_SET - do */
const struct nla_policy hip_config_set_nl_policy[HIP_A_CONFIG_OPPORTUNISTIC + 1] = {
	[HIP_A_CONFIG_MAX_ASSOCS] = { .type = NLA_U32, },
	[HIP_A_CONFIG_MAX_HALF_OPEN] = { .type = NLA_U32, },
	[HIP_A_CONFIG_MAX_PEERS] = { .type = NLA_U32, },
	[HIP_A_CONFIG_MAX_IDENTITIES] = { .type = NLA_U32, },
	[HIP_A_CONFIG_MAX_CTRL_PENDING] = { .type = NLA_U32, },
	[HIP_A_CONFIG_MAX_UPCALLS] = { .type = NLA_U32, },
	[HIP_A_CONFIG_QUEUE_LEN] = { .type = NLA_U32, },
	[HIP_A_CONFIG_R1_RATE] = { .type = NLA_U32, },
	[HIP_A_CONFIG_NOTIFY_RATE] = { .type = NLA_U32, },
	[HIP_A_CONFIG_I1_TIMEOUT] = { .type = NLA_U32, },
	[HIP_A_CONFIG_I2_TIMEOUT] = { .type = NLA_U32, },
	[HIP_A_CONFIG_RETRIES] = { .type = NLA_U32, },
	[HIP_A_CONFIG_UAL] = { .type = NLA_U32, },
	[HIP_A_CONFIG_MSL] = { .type = NLA_U32, },
	[HIP_A_CONFIG_FAILED_HOLD] = { .type = NLA_U32, },
	[HIP_A_CONFIG_UPCALL_TIMEOUT] = { .type = NLA_U32, },
	[HIP_A_CONFIG_R1_LIFETIME] = { .type = NLA_U32, },
	[HIP_A_CONFIG_R1_REUSE] = { .type = NLA_U32, },
	[HIP_A_CONFIG_PUZZLE_K] = { .type = NLA_U8, },
	[HIP_A_CONFIG_PUZZLE_K_LOAD] = { .type = NLA_U8, },
	[HIP_A_CONFIG_PUZZLE_K_MAX] = { .type = NLA_U8, },
	[HIP_A_CONFIG_PUZZLE_LIFETIME] = { .type = NLA_U8, },
	[HIP_A_CONFIG_DH_GROUP] = { .type = NLA_U8, },
	[HIP_A_CONFIG_HIP_CIPHER] = { .type = NLA_U16, },
	[HIP_A_CONFIG_ESP_SUITE] = { .type = NLA_U16, },
	[HIP_A_CONFIG_REKEY_PACKETS] = { .type = NLA_U64, },
	[HIP_A_CONFIG_REKEY_BYTES] = { .type = NLA_U64, },
	[HIP_A_CONFIG_REKEY_TIME] = { .type = NLA_U32, },
	[HIP_A_CONFIG_REKEY_NEW_DH] = { .type = NLA_U8, },
	[HIP_A_CONFIG_NULL_ENCRYPT] = { .type = NLA_U8, },
	[HIP_A_CONFIG_OPPORTUNISTIC] = { .type = NLA_U8, },
};

/* HIP_CMD_STATS_GET - do */
const struct nla_policy hip_stats_get_nl_policy[HIP_A_PAD + 1] = {
};

/* HIP_CMD_UPCALL_ACCEPT - do */
const struct nla_policy hip_upcall_accept_nl_policy[HIP_A_PAD + 1] = {
};

/* HIP_CMD_UPCALL_DONE - do */
const struct nla_policy hip_upcall_done_nl_policy[HIP_A_PUZZLE_J + 1] = {
	[HIP_A_UPCALL_ID] = { .type = NLA_U64, },
	[HIP_A_UPCALL_STATUS] = NLA_POLICY_MAX(NLA_U8, 6),
	[HIP_A_HI_ALGORITHM] = { .type = NLA_U16, },
	[HIP_A_HI] = { .type = NLA_BINARY, },
	[HIP_A_SIGNATURE] = { .type = NLA_BINARY, },
	[HIP_A_DH_PUBLIC] = { .type = NLA_BINARY, },
	[HIP_A_DH_PRIVATE] = { .type = NLA_BINARY, },
	[HIP_A_DH_SECRET] = { .type = NLA_BINARY, },
	[HIP_A_PUZZLE_J] = { .type = NLA_BINARY, },
};

/* HIP_CMD_IDENTITY_SET - do */
const struct nla_policy hip_identity_set_nl_policy[HIP_A_ACCEPT + 1] = {
	[HIP_A_HIT] = NLA_POLICY_EXACT_LEN(16),
	[HIP_A_ACCEPT] = NLA_POLICY_MAX(NLA_U8, 3),
};

/* HIP_CMD_PEER_SET - do */
const struct nla_policy hip_peer_set_nl_policy[HIP_A_ACCESS + 1] = {
	[HIP_A_HIT] = NLA_POLICY_EXACT_LEN(16),
	[HIP_A_ACCESS] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* HIP_CMD_ASSOC_REKEY - do */
const struct nla_policy hip_assoc_rekey_nl_policy[HIP_A_NEW_DH + 1] = {
	[HIP_A_LOCAL_HIT] = NLA_POLICY_EXACT_LEN(16),
	[HIP_A_PEER_HIT] = NLA_POLICY_EXACT_LEN(16),
	[HIP_A_NEW_DH] = { .type = NLA_FLAG, },
};

/* HIP_CMD_PEER_LEARN - do */
const struct nla_policy hip_peer_learn_nl_policy[HIP_A_PEER_LOCATOR + 1] = {
	[HIP_A_LOCAL_HIT] = NLA_POLICY_EXACT_LEN(16),
	[HIP_A_PEER_LOCATOR] = NLA_POLICY_NESTED(hip_locator_nl_policy),
};

/* Ops table for hip */
const struct genl_ops hip_nl_ops[18] = {
	{
		.cmd		= HIP_CMD_IDENTITY_ADD,
		.doit		= hip_nl_identity_add_doit,
		.policy		= hip_identity_add_nl_policy,
		.maxattr	= HIP_A_ACCEPT,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= HIP_CMD_IDENTITY_DEL,
		.doit		= hip_nl_identity_del_doit,
		.policy		= hip_identity_del_nl_policy,
		.maxattr	= HIP_A_HIT,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= HIP_CMD_IDENTITY_GET,
		.doit		= hip_nl_identity_get_doit,
		.dumpit		= hip_nl_identity_get_dumpit,
		.policy		= hip_identity_get_nl_policy,
		.maxattr	= HIP_A_HIT,
	},
	{
		.cmd		= HIP_CMD_PEER_ADD,
		.doit		= hip_nl_peer_add_doit,
		.policy		= hip_peer_add_nl_policy,
		.maxattr	= HIP_A_UAL,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= HIP_CMD_PEER_DEL,
		.doit		= hip_nl_peer_del_doit,
		.policy		= hip_peer_del_nl_policy,
		.maxattr	= HIP_A_HIT,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= HIP_CMD_PEER_GET,
		.doit		= hip_nl_peer_get_doit,
		.dumpit		= hip_nl_peer_get_dumpit,
		.policy		= hip_peer_get_nl_policy,
		.maxattr	= HIP_A_HIT,
	},
	{
		.cmd		= HIP_CMD_ASSOC_GET,
		.doit		= hip_nl_assoc_get_doit,
		.dumpit		= hip_nl_assoc_get_dumpit,
		.policy		= hip_assoc_get_nl_policy,
		.maxattr	= HIP_A_PEER_HIT,
	},
	{
		.cmd		= HIP_CMD_ASSOC_CLOSE,
		.doit		= hip_nl_assoc_close_doit,
		.policy		= hip_assoc_close_nl_policy,
		.maxattr	= HIP_A_FORCE,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= HIP_CMD_ASSOC_KEYS_GET,
		.doit		= hip_nl_assoc_keys_get_doit,
		.policy		= hip_assoc_keys_get_nl_policy,
		.maxattr	= HIP_A_PEER_HIT,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= HIP_CMD_CONFIG_GET,
		.doit		= hip_nl_config_get_doit,
		.policy		= hip_config_get_nl_policy,
		.maxattr	= HIP_A_CONFIG_PAD,
	},
	{
		.cmd		= HIP_CMD_CONFIG_SET,
		.doit		= hip_nl_config_set_doit,
		.policy		= hip_config_set_nl_policy,
		.maxattr	= HIP_A_CONFIG_OPPORTUNISTIC,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= HIP_CMD_STATS_GET,
		.doit		= hip_nl_stats_get_doit,
		.policy		= hip_stats_get_nl_policy,
		.maxattr	= HIP_A_PAD,
	},
	{
		.cmd		= HIP_CMD_UPCALL_ACCEPT,
		.doit		= hip_nl_upcall_accept_doit,
		.policy		= hip_upcall_accept_nl_policy,
		.maxattr	= HIP_A_PAD,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= HIP_CMD_UPCALL_DONE,
		.doit		= hip_nl_upcall_done_doit,
		.policy		= hip_upcall_done_nl_policy,
		.maxattr	= HIP_A_PUZZLE_J,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= HIP_CMD_IDENTITY_SET,
		.doit		= hip_nl_identity_set_doit,
		.policy		= hip_identity_set_nl_policy,
		.maxattr	= HIP_A_ACCEPT,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= HIP_CMD_PEER_SET,
		.doit		= hip_nl_peer_set_doit,
		.policy		= hip_peer_set_nl_policy,
		.maxattr	= HIP_A_ACCESS,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= HIP_CMD_ASSOC_REKEY,
		.doit		= hip_nl_assoc_rekey_doit,
		.policy		= hip_assoc_rekey_nl_policy,
		.maxattr	= HIP_A_NEW_DH,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= HIP_CMD_PEER_LEARN,
		.doit		= hip_nl_peer_learn_doit,
		.policy		= hip_peer_learn_nl_policy,
		.maxattr	= HIP_A_PEER_LOCATOR,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
};
