// SPDX-License-Identifier: GPL-2.0
/*
 * The user API of configured peers.
 */
#include <net/genetlink.h>
#include <net/ipv6.h>
#include <net/sock.h>

#include "crypto.h"
#include "net.h"
#include "netlink_gen.h"
#include "netlink_msg.h"
#include "opportunistic.h"
#include "peer.h"

/**
 * hip_nl_get_locator() - the address of a locator nest
 * @info: request
 * @attr: the nest
 * @locator: set; IPv4-mapped for IPv4
 *
 * Process context.
 *
 * Return: 0 or a negative errno, with extack.
 */
int hip_nl_get_locator(struct genl_info *info, const struct nlattr *attr,
		       struct in6_addr *locator)
{
	struct nlattr *tb[HIP_A_LOCATOR_MAX + 1];
	const char *bad;
	int err;

	err = nla_parse_nested(tb, HIP_A_LOCATOR_MAX, attr,
			       hip_locator_nl_policy, info->extack);
	if (err)
		return err;

	if (!tb[HIP_A_LOCATOR_ADDRESS_4] == !tb[HIP_A_LOCATOR_ADDRESS_6]) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "a locator is either address-4 or address-6");
		return -EINVAL;
	}

	if (tb[HIP_A_LOCATOR_ADDRESS_4])
		ipv6_addr_set_v4mapped(nla_get_in_addr(tb[HIP_A_LOCATOR_ADDRESS_4]),
				       locator);
	else
		*locator = nla_get_in6_addr(tb[HIP_A_LOCATOR_ADDRESS_6]);

	if (tb[HIP_A_LOCATOR_ADDRESS_6] && ipv6_addr_v4mapped(locator)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "an IPv4 address belongs into address-4");
		return -EINVAL;
	}
	bad = hip_peer_bad_locator(locator);
	if (bad) {
		NL_SET_BAD_ATTR(info->extack, attr);
		hip_nl_set_msg(info->extack, bad);
		return -EINVAL;
	}
	return 0;
}

static int hip_nl_get_esp_suite(struct genl_info *info,
				const struct nlattr *attr,
				struct hip_peer *peer)
{
	u16 suite = nla_get_u16(attr);
	unsigned int i;

	if (!hip_esp_suite_info(suite)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "ESP suite is not supported: 1, or 7 to 15");
		return -EOPNOTSUPP;
	}
	for (i = 0; i < peer->n_esp_suites; i++) {
		if (peer->esp_suites[i] != suite)
			continue;
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "ESP suite is given twice");
		return -EINVAL;
	}
	if (peer->n_esp_suites == HIP_PEER_SUITES_MAX) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr, "too many ESP suites");
		return -E2BIG;
	}
	peer->esp_suites[peer->n_esp_suites++] = suite;
	return 0;
}

/* The lists of PEER_ADD, whose order is the order of preference */
static int hip_nl_get_peer_lists(struct genl_info *info, struct hip_peer *peer)
{
	const struct nlattr *attr;
	int err = 0;
	int rem;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) == HIP_A_ESP_SUITE) {
			err = hip_nl_get_esp_suite(info, attr, peer);
		} else if (nla_type(attr) == HIP_A_LOCATOR) {
			if (peer->n_locators == HIP_PEER_LOCATORS_MAX) {
				NL_SET_ERR_MSG_ATTR(info->extack, attr,
						    "a peer has at most 4 locators");
				return -E2BIG;
			}
			err = hip_nl_get_locator(info, attr,
						 &peer->locators[peer->n_locators++]);
		}
		if (err)
			return err;
	}
	return 0;
}

/**
 * hip_nl_peer_add_doit() - PEER_ADD
 * @skb: request
 * @info: its attributes
 *
 * Process context.
 *
 * Return: 0 or a negative errno, with extack.
 */
int hip_nl_peer_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct hip_net *hn = hip_pernet(genl_info_net(info));
	struct hip_peer peer = {};
	int err;

	hip_peer_defaults(&peer);
	err = hip_nl_get_hit(info, HIP_A_HIT, &peer.hit);
	if (!err)
		err = hip_nl_require(info, HIP_A_LOCATOR);
	if (err)
		return err;
	if (info->attrs[HIP_A_ESN])
		peer.esn = nla_get_u8(info->attrs[HIP_A_ESN]);
	if (info->attrs[HIP_A_ACCESS])
		peer.access = nla_get_u8(info->attrs[HIP_A_ACCESS]);
	if (info->attrs[HIP_A_UAL])
		peer.ual = nla_get_u32(info->attrs[HIP_A_UAL]);
	err = hip_nl_get_peer_lists(info, &peer);
	if (err)
		return err;

	err = hip_peer_add(hn, &peer, nla_get_flag(info->attrs[HIP_A_REPLACE]),
			   info->extack);
	if (err == -EEXIST)
		NL_SET_BAD_ATTR(info->extack, info->attrs[HIP_A_HIT]);
	return err;
}

/**
 * hip_nl_peer_set_doit() - PEER_SET
 * @skb: request
 * @info: its attributes
 *
 * Process context.
 *
 * Return: 0 or a negative errno, with extack.
 */
int hip_nl_peer_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct hip_net *hn = hip_pernet(genl_info_net(info));
	struct in6_addr hit;
	int err;

	err = hip_nl_get_hit(info, HIP_A_HIT, &hit);
	if (!err)
		err = hip_nl_require(info, HIP_A_ACCESS);
	if (err)
		return err;

	return hip_peer_set_access(hn, &hit,
				   nla_get_u8(info->attrs[HIP_A_ACCESS]),
				   info->extack);
}

/**
 * hip_nl_peer_del_doit() - PEER_DEL
 * @skb: request
 * @info: its attributes
 *
 * Process context.
 *
 * Return: 0 or a negative errno, with extack.
 */
int hip_nl_peer_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct hip_net *hn = hip_pernet(genl_info_net(info));
	struct in6_addr hit;
	int err;

	err = hip_nl_get_hit(info, HIP_A_HIT, &hit);
	if (err)
		return err;

	err = hip_peer_del(hn, &hit, info->extack);
	if (err)
		NL_SET_BAD_ATTR(info->extack, info->attrs[HIP_A_HIT]);
	return err;
}

/**
 * hip_nl_peer_learn_doit() - PEER_LEARN
 * @skb: request
 * @info: its attributes
 *
 * Process context.  Returns when the exchange has begun; the events tell the
 * rest.
 *
 * Return: 0 or a negative errno, with extack.
 */
int hip_nl_peer_learn_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct hip_net *hn = hip_pernet(genl_info_net(info));
	struct in6_addr local, locator;
	int err;

	err = hip_nl_get_hit(info, HIP_A_LOCAL_HIT, &local);
	if (!err)
		err = hip_nl_require(info, HIP_A_PEER_LOCATOR);
	if (!err)
		err = hip_nl_get_locator(info,
					 info->attrs[HIP_A_PEER_LOCATOR],
					 &locator);
	if (err)
		return err;

	return hip_opportunistic_start(hn, &local, &locator, info->extack);
}

static int hip_nl_put_peer(struct sk_buff *skb, const struct hip_peer *peer)
{
	unsigned int i;

	if (hip_nl_put_hit(skb, HIP_A_HIT, &peer->hit))
		return -EMSGSIZE;
	for (i = 0; i < peer->n_locators; i++)
		if (hip_nl_put_locator(skb, HIP_A_LOCATOR, &peer->locators[i]))
			return -EMSGSIZE;
	if (nla_put_u8(skb, HIP_A_ESN, peer->esn))
		return -EMSGSIZE;
	for (i = 0; i < peer->n_esp_suites; i++)
		if (nla_put_u16(skb, HIP_A_ESP_SUITE, peer->esp_suites[i]))
			return -EMSGSIZE;
	if (peer->ual != HIP_PEER_UAL_CONFIG &&
	    nla_put_u32(skb, HIP_A_UAL, peer->ual))
		return -EMSGSIZE;
	return nla_put_u8(skb, HIP_A_ACCESS, peer->access);
}

/**
 * hip_nl_peer_get_doit() - PEER_GET of one
 * @skb: request
 * @info: its attributes
 *
 * Process context.
 *
 * Return: 0 or a negative errno, with extack.
 */
int hip_nl_peer_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct hip_net *hn = hip_pernet(genl_info_net(info));
	struct hip_peer *peer;
	struct in6_addr hit;
	struct sk_buff *msg;
	void *hdr;
	int err;

	err = hip_nl_get_hit(info, HIP_A_HIT, &hit);
	if (err)
		return err;

	peer = hip_peer_find(hn, &hit);
	if (!peer) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[HIP_A_HIT],
				    "no such peer");
		return -ENOENT;
	}

	err = -ENOMEM;
	msg = hip_nl_reply_new(info, NLMSG_GOODSIZE, &hdr);
	if (msg) {
		err = hip_nl_put_peer(msg, peer);
		err = hip_nl_reply_send(info, msg, hdr, err);
	}
	hip_peer_put(peer);
	return err;
}

static int hip_nl_dump_peer(const struct hip_peer *peer, void *arg)
{
	struct hip_nl_walk *walk = arg;
	void *hdr;

	hdr = hip_nl_dump_put(walk->skb, walk->cb, HIP_CMD_PEER_GET);
	if (!hdr)
		return -EMSGSIZE;
	if (hip_nl_put_peer(walk->skb, peer)) {
		genlmsg_cancel(walk->skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(walk->skb, hdr);
	walk->cb->args[0]++;
	return 0;
}

/**
 * hip_nl_peer_get_dumpit() - PEER_GET of all
 * @skb: reply
 * @cb: the dump; args[0] counts what was sent
 *
 * Process context.
 *
 * Return: length of @skb, 0 at the end, or a negative errno.
 */
int hip_nl_peer_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct hip_net *hn = hip_pernet(sock_net(skb->sk));
	struct hip_nl_walk walk = { .skb = skb, .cb = cb };
	int err;

	err = hip_nl_dump_no_filter(cb, HIP_A_HIT);
	if (err)
		return err;

	hip_nl_dump_seq(cb, hn, false);
	hip_peer_walk(hn, cb->args[0], hip_nl_dump_peer, &walk);
	return skb->len;
}
