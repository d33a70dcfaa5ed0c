// SPDX-License-Identifier: GPL-2.0
/*
 * Limits, timers and preference lists of a namespace.
 *
 * The ranges are told in Documentation/netlink/specs/hip.yaml as well, but are
 * not part of the policies made from it: Linux 6.1 cannot have constant ranges
 * beyond 16 bits, and "integer out of range" would be all that a user sees.
 */

#include <linux/kernel.h>
#include <linux/slab.h>
#include <net/genetlink.h>

#include "crypto.h"
#include "identity.h"
#include "load.h"
#include "net.h"
#include "netlink.h"
#include "netlink_gen.h"
#include "r1.h"
#include "wire.h"

/* The single values of struct hip_config */
struct hip_config_field {
	u16 attr;
	u16 offset;
	u64 min;
	u64 max;
	const char *range;
};

#define HIP_CONFIG_FIELD(_attr, _name, _field, _min, _max) {		\
	.attr = HIP_A_CONFIG_##_attr,					\
	.offset = offsetof(struct hip_config, _field),			\
	.min = _min,							\
	.max = _max,							\
	.range = _name " must be between " #_min " and " #_max,		\
}

static const struct hip_config_field hip_config_fields[] = {
	HIP_CONFIG_FIELD(MAX_ASSOCS, "max-assocs", max_assocs, 1, 1048576),
	HIP_CONFIG_FIELD(MAX_HALF_OPEN, "max-half-open", max_half_open,
			 1, 65536),
	HIP_CONFIG_FIELD(MAX_PEERS, "max-peers", max_peers, 1, 1048576),
	HIP_CONFIG_FIELD(MAX_IDENTITIES, "max-identities", max_identities,
			 1, 1024),
	HIP_CONFIG_FIELD(MAX_CTRL_PENDING, "max-ctrl-pending",
			 max_ctrl_pending, 1, 65536),
	HIP_CONFIG_FIELD(MAX_UPCALLS, "max-upcalls", max_upcalls, 1, 65536),
	HIP_CONFIG_FIELD(QUEUE_LEN, "queue-len", queue_len, 1, 1024),
	HIP_CONFIG_FIELD(R1_RATE, "r1-rate", r1_rate, 0, 1000000),
	HIP_CONFIG_FIELD(NOTIFY_RATE, "notify-rate", notify_rate, 0, 1000000),
	HIP_CONFIG_FIELD(I1_TIMEOUT, "i1-timeout", i1_timeout, 50, 60000),
	HIP_CONFIG_FIELD(I2_TIMEOUT, "i2-timeout", i2_timeout, 50, 60000),
	HIP_CONFIG_FIELD(RETRIES, "retries", retries, 1, 16),
	HIP_CONFIG_FIELD(UAL, "ual", ual, 0, 604800000),
	HIP_CONFIG_FIELD(MSL, "msl", msl, 10, 3600000),
	HIP_CONFIG_FIELD(FAILED_HOLD, "failed-hold", failed_hold, 0, 3600000),
	HIP_CONFIG_FIELD(UPCALL_TIMEOUT, "upcall-timeout", upcall_timeout,
			 100, 60000),
	HIP_CONFIG_FIELD(R1_LIFETIME, "r1-lifetime", r1_lifetime,
			 1000, 86400000),
	HIP_CONFIG_FIELD(R1_REUSE, "r1-reuse", r1_reuse, 0, 86400000),
	HIP_CONFIG_FIELD(PUZZLE_K, "puzzle-k", puzzle_k, 0, 32),
	HIP_CONFIG_FIELD(PUZZLE_K_LOAD, "puzzle-k-load", puzzle_k_load, 0, 32),
	HIP_CONFIG_FIELD(PUZZLE_K_MAX, "puzzle-k-max", puzzle_k_max, 0, 32),
	HIP_CONFIG_FIELD(PUZZLE_LIFETIME, "puzzle-lifetime", puzzle_lifetime,
			 32, 44),
	HIP_CONFIG_FIELD(REKEY_PACKETS, "rekey-packets", rekey_packets,
			 0, 9007199254740991),
	HIP_CONFIG_FIELD(REKEY_BYTES, "rekey-bytes", rekey_bytes,
			 0, 9007199254740991),
	HIP_CONFIG_FIELD(REKEY_TIME, "rekey-time", rekey_time, 0, 604800000),
	HIP_CONFIG_FIELD(REKEY_NEW_DH, "rekey-new-dh", rekey_new_dh, 0, 1),
	HIP_CONFIG_FIELD(NULL_ENCRYPT, "null-encrypt", null_encrypt, 0, 1),
	HIP_CONFIG_FIELD(OPPORTUNISTIC, "opportunistic", opportunistic, 0, 1),
};

/* NLA_U8, NLA_U32 or NLA_U64 */
static u8 hip_config_field_type(const struct hip_config_field *field)
{
	return hip_config_set_nl_policy[field->attr].type;
}

static u64 hip_config_field_get(const struct hip_config *config,
				const struct hip_config_field *field)
{
	const void *value = (const u8 *)config + field->offset;

	switch (hip_config_field_type(field)) {
	case NLA_U8:
		return *(const u8 *)value;
	case NLA_U64:
		return *(const u64 *)value;
	default:
		return *(const u32 *)value;
	}
}

/* Readers of single values hold no lock */
static void hip_config_field_set(struct hip_config *config,
				 const struct hip_config_field *field,
				 u64 value)
{
	void *p = (u8 *)config + field->offset;

	switch (hip_config_field_type(field)) {
	case NLA_U8:
		WRITE_ONCE(*(u8 *)p, value);
		break;
	case NLA_U64:
		WRITE_ONCE(*(u64 *)p, value);
		break;
	default:
		WRITE_ONCE(*(u32 *)p, value);
	}
}

/**
 * hip_config_defaults() - the configuration of a new namespace
 * @hn: namespace
 *
 * Process context, before anybody else knows @hn.
 */
void hip_config_defaults(struct hip_net *hn)
{
	hn->config = (struct hip_config) {
		.max_assocs = 65536,
		.max_half_open = 1024,
		.max_peers = 65536,
		.max_identities = 64,
		.max_ctrl_pending = 256,
		.max_upcalls = 256,
		.queue_len = 64,
		.r1_rate = 1000,
		.notify_rate = 10,
		/* An R1 costs the peer no public-key operation, an R2 two;
		 * with doubling, silence lasts 15 or 31 seconds (RFC 7401
		 * gives no numbers).
		 */
		.i1_timeout = 500,
		.i2_timeout = 1000,
		.retries = 5,
		.ual = 15 * 60 * MSEC_PER_SEC,	/* RFC 7401, section 4.3 */
		.msl = 2 * 60 * MSEC_PER_SEC,	/* RFC 9293, section 3.4.2 */
		.failed_hold = 2 * MSEC_PER_SEC,
		.upcall_timeout = 10 * MSEC_PER_SEC,
		.r1_lifetime = 5 * 60 * MSEC_PER_SEC,
		/* section 5.3.2: not for long, but an exchange need not wait for
		 * the keys of the next one
		 */
		.r1_reuse = 60 * MSEC_PER_SEC,
		/* RFC 7401, section 4.1.2: zero unless under attack */
		.puzzle_k = 0,
		/* some ten milliseconds of work; peers may refuse more than 20 */
		.puzzle_k_load = 16,
		.puzzle_k_max = 20,
		.puzzle_lifetime = 37,		/* 32 seconds */
		/* P-384 is what a peer SHOULD have and matches ECDSA with
		 * P-384, the mandatory curve; then the other curves, then
		 * MODP, which costs ten times as much.
		 */
		.n_dh_groups = 5,
		.dh_groups = {
			HIP_DH_GROUP_NIST_P384, HIP_DH_GROUP_NIST_P256,
			HIP_DH_GROUP_NIST_P521, HIP_DH_GROUP_MODP_3072,
			HIP_DH_GROUP_MODP_1536,
		},
		.n_hip_ciphers = 2,
		.hip_ciphers = {
			HIP_CIPHER_AES128_CBC, HIP_CIPHER_AES256_CBC,
		},
		/* AES-GCM is one pass over the data, the others are two */
		.n_esp_suites = 3,
		.esp_suites = {
			HIP_ESP_AES_GCM_16, HIP_ESP_AES128_CBC_SHA256,
			HIP_ESP_AES256_CBC_SHA256,
		},
		/* Who learns a key can read an hour of what was sent */
		.rekey_time = 60 * 60 * MSEC_PER_SEC,
		.rekey_new_dh = 1,
	};
}

static int hip_config_put_field(struct sk_buff *skb,
				const struct hip_config *config,
				const struct hip_config_field *field)
{
	u64 value = hip_config_field_get(config, field);

	switch (hip_config_field_type(field)) {
	case NLA_U8:
		return nla_put_u8(skb, field->attr, value);
	case NLA_U64:
		return nla_put_u64_64bit(skb, field->attr, value,
					 HIP_A_CONFIG_PAD);
	default:
		return nla_put_u32(skb, field->attr, value);
	}
}

static int hip_config_put(struct sk_buff *skb, const struct hip_config *config)
{
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < ARRAY_SIZE(hip_config_fields); i++)
		err = hip_config_put_field(skb, config, &hip_config_fields[i]);
	for (i = 0; !err && i < config->n_dh_groups; i++)
		err = nla_put_u8(skb, HIP_A_CONFIG_DH_GROUP,
				 config->dh_groups[i]);
	for (i = 0; !err && i < config->n_hip_ciphers; i++)
		err = nla_put_u16(skb, HIP_A_CONFIG_HIP_CIPHER,
				  config->hip_ciphers[i]);
	for (i = 0; !err && i < config->n_esp_suites; i++)
		err = nla_put_u16(skb, HIP_A_CONFIG_ESP_SUITE,
				  config->esp_suites[i]);
	return err;
}

/**
 * hip_nl_config_get_doit() - CONFIG_GET
 * @skb: request
 * @info: its attributes
 *
 * Process context.
 *
 * Return: 0 or a negative errno.
 */
int hip_nl_config_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct hip_net *hn = hip_pernet(genl_info_net(info));
	struct sk_buff *msg;
	int err = -EMSGSIZE;
	void *hdr;

	msg = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	if (!msg)
		return -ENOMEM;

	hdr = genlmsg_put_reply(msg, info, &hip_nl_family, 0,
				HIP_CMD_CONFIG_GET);
	if (hdr) {
		mutex_lock(&hn->lock);
		err = hip_config_put(msg, &hn->config);
		mutex_unlock(&hn->lock);
	}
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}

static int hip_config_get_dh_group(struct hip_config *config,
				   const struct nlattr *attr,
				   struct netlink_ext_ack *extack)
{
	u8 group = nla_get_u8(attr);

	if (!hip_dh_pub_len(group)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "DH group is not supported: 3, 4, or 7 to 11");
		return -EOPNOTSUPP;
	}
	if (memchr(config->dh_groups, group, config->n_dh_groups)) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "DH group is given twice");
		return -EINVAL;
	}
	if (config->n_dh_groups == ARRAY_SIZE(config->dh_groups)) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "too many DH groups");
		return -E2BIG;
	}
	config->dh_groups[config->n_dh_groups++] = group;
	return 0;
}

/* RFC 7401, section 5.2.8: six entries at most, also in ESP_TRANSFORM */
static int hip_config_append(u16 *list, u8 *n, const struct nlattr *attr,
			     struct netlink_ext_ack *extack)
{
	u16 id = nla_get_u16(attr);
	unsigned int i;

	BUILD_BUG_ON(HIP_SUITES_MAX > HIP_CONFIG_LIST_MAX);

	for (i = 0; i < *n; i++) {
		if (list[i] != id)
			continue;
		NL_SET_ERR_MSG_ATTR(extack, attr, "algorithm is given twice");
		return -EINVAL;
	}
	if (*n == HIP_SUITES_MAX) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "more than 6 algorithms");
		return -E2BIG;
	}
	list[(*n)++] = id;
	return 0;
}

/* RFC 7401, section 5.2.8: NULL-ENCRYPT is for tests, and must neither be offered
 * nor accepted unless that is configured
 */
static int hip_config_get_hip_cipher(struct hip_config *config,
				     const struct nlattr *attr,
				     struct netlink_ext_ack *extack)
{
	u16 cipher = nla_get_u16(attr);

	if (hip_cipher_key_len(cipher) < 0) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "HIP cipher is not supported: 2 or 4");
		return -EOPNOTSUPP;
	}
	return hip_config_append(config->hip_ciphers, &config->n_hip_ciphers,
				 attr, extack);
}

static int hip_config_check_null(const struct hip_config *config,
				 struct netlink_ext_ack *extack)
{
	unsigned int i;

	for (i = 0; i < config->n_hip_ciphers && !config->null_encrypt; i++) {
		if (config->hip_ciphers[i] != HIP_CIPHER_NULL)
			continue;
		NL_SET_ERR_MSG(extack, "NULL-ENCRYPT is for tests: needs null-encrypt 1");
		return -EPERM;
	}
	return 0;
}

static int hip_config_get_list(struct hip_config *config,
			       const struct nlattr *attr,
			       struct netlink_ext_ack *extack)
{
	switch (nla_type(attr)) {
	case HIP_A_CONFIG_DH_GROUP:
		return hip_config_get_dh_group(config, attr, extack);
	case HIP_A_CONFIG_HIP_CIPHER:
		return hip_config_get_hip_cipher(config, attr, extack);
	case HIP_A_CONFIG_ESP_SUITE:
		if (!hip_esp_suite_info(nla_get_u16(attr))) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "ESP suite is not supported: 1, or 7 to 15");
			return -EOPNOTSUPP;
		}
		return hip_config_append(config->esp_suites,
					 &config->n_esp_suites, attr, extack);
	}
	return 0;
}

static u64 hip_config_field_parse(const struct hip_config_field *field,
				  const struct nlattr *attr)
{
	switch (hip_config_field_type(field)) {
	case NLA_U8:
		return nla_get_u8(attr);
	case NLA_U64:
		return nla_get_u64(attr);
	default:
		return nla_get_u32(attr);
	}
}

static int hip_config_get_field(struct hip_config *config,
				const struct hip_config_field *field,
				const struct nlattr *attr,
				struct netlink_ext_ack *extack)
{
	u64 value = hip_config_field_parse(field, attr);

	if (value < field->min || value > field->max) {
		NL_SET_BAD_ATTR(extack, attr);
		if (extack)
			extack->_msg = field->range;
		return -ERANGE;
	}
	hip_config_field_set(config, field, value);
	return 0;
}

/* Change a copy, so that all is checked before anything is done */
static int hip_config_parse(struct hip_config *config, struct genl_info *info)
{
	const struct hip_config_field *field;
	struct nlattr **attrs = info->attrs;
	const struct nlattr *attr;
	unsigned int i;
	int rem;
	int err;

	for (i = 0; i < ARRAY_SIZE(hip_config_fields); i++) {
		field = &hip_config_fields[i];
		if (!attrs[field->attr])
			continue;
		err = hip_config_get_field(config, field, attrs[field->attr],
					   info->extack);
		if (err)
			return err;
	}

	if (attrs[HIP_A_CONFIG_DH_GROUP])
		config->n_dh_groups = 0;
	if (attrs[HIP_A_CONFIG_HIP_CIPHER])
		config->n_hip_ciphers = 0;
	if (attrs[HIP_A_CONFIG_ESP_SUITE])
		config->n_esp_suites = 0;
	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		err = hip_config_get_list(config, attr, info->extack);
		if (err)
			return err;
	}
	return hip_config_check_null(config, info->extack);
}

static void hip_config_publish(struct hip_config *config,
			       const struct hip_config *new)
{
	const struct hip_config_field *field;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(hip_config_fields); i++) {
		field = &hip_config_fields[i];
		hip_config_field_set(config, field,
				     hip_config_field_get(new, field));
	}

	/* readers of the lists hold the lock */
	config->n_dh_groups = new->n_dh_groups;
	config->n_hip_ciphers = new->n_hip_ciphers;
	config->n_esp_suites = new->n_esp_suites;
	memcpy(config->dh_groups, new->dh_groups, sizeof(new->dh_groups));
	memcpy(config->hip_ciphers, new->hip_ciphers, sizeof(new->hip_ciphers));
	memcpy(config->esp_suites, new->esp_suites, sizeof(new->esp_suites));
}

/* Is one of these given, whose values are signed in our R1s? */
static bool hip_config_is_in_r1(struct nlattr **attrs)
{
	return attrs[HIP_A_CONFIG_DH_GROUP] ||
	       attrs[HIP_A_CONFIG_HIP_CIPHER] ||
	       attrs[HIP_A_CONFIG_ESP_SUITE] ||
	       attrs[HIP_A_CONFIG_PUZZLE_K] ||
	       attrs[HIP_A_CONFIG_PUZZLE_K_LOAD] ||
	       attrs[HIP_A_CONFIG_PUZZLE_LIFETIME];
}

/**
 * hip_nl_config_set_doit() - CONFIG_SET
 * @skb: request
 * @info: its attributes
 *
 * Process context.  All that is given is changed, or nothing.  A limit that is
 * lower than what there is already keeps new ones out and removes nothing.
 *
 * Return: 0 or a negative errno, with extack.
 */
int hip_nl_config_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct hip_net *hn = hip_pernet(genl_info_net(info));
	struct hip_identity *id;
	struct hip_config new;
	int err;

	mutex_lock(&hn->lock);
	new = hn->config;
	err = hip_config_parse(&new, info);
	if (!err) {
		hip_config_publish(&hn->config, &new);
		if (info->attrs[HIP_A_CONFIG_PUZZLE_K] ||
		    info->attrs[HIP_A_CONFIG_PUZZLE_K_LOAD])
			hip_load_reset(hn);
		if (hip_config_is_in_r1(info->attrs))
			list_for_each_entry(id, &hn->identities, list)
				hip_r1_pool_renew(id);
		if (info->attrs[HIP_A_CONFIG_R1_LIFETIME])
			hip_net_rearm(hn);
	}
	mutex_unlock(&hn->lock);
	return err;
}
