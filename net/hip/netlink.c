// SPDX-License-Identifier: GPL-2.0
/*
 * The user API: generic-netlink family "hip".
 *
 * What a message may contain is said in Documentation/netlink/specs/hip.yaml;
 * netlink_gen.c, made from it, refuses what does not fit before a handler sees
 * it.  Documentation/networking/hip-netlink.rst explains the commands.
 *
 * Handlers run in parallel (genl_family::parallel_ops); each takes the lock of
 * what it touches.  Generic netlink as a whole is read-locked while a handler
 * runs, and a module that registers a family would wait, and all others behind
 * it.  Therefore no handler waits for hipd or for the mutex of an association,
 * which a worker may hold while it waits for hipd.  The exception is
 * IDENTITY_ADD without a public key: its wait is bounded by
 * hip_config::upcall_timeout, which may be one minute at most.
 */

#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/net_namespace.h>
#include <linux/slab.h>
#include <net/genetlink.h>

#include "assoc.h"
#include "crypto.h"
#include "hit.h"
#include "identity.h"
#include "net.h"
#include "netlink.h"
#include "netlink_gen.h"
#include "peer.h"
#include "stats.h"
#include "upcall.h"
#include "compat/compat.h"

/* Octets that one counter takes in STATS_GET: nest, name, value, padding */
#define HIP_NL_COUNTER_SIZE	96

/* Who asks hipd on behalf of IDENTITY_ADD: one cookie for all, so that
 * hip_netlink_exit() can end their waiting.
 */
static const char hip_nl_upcall_owner;

/* The generated table with what the generator has no word for: see
 * hip_netlink_init().
 */
static struct genl_ops hip_nl_full_ops[ARRAY_SIZE(hip_nl_ops)] __ro_after_init;

/**
 * struct hip_nl_dump - how far a dump of associations has come
 * @hn: the namespace
 * @iter: where it is
 * @assoc: did not fit into the last message; referenced
 * @done: the end was reached
 *
 * Belongs to one socket, which serialises; freed by hip_nl_assoc_get_done().
 */
struct hip_nl_dump {
	struct hip_net *hn;
	struct hip_assoc_iter iter;
	struct hip_assoc *assoc;
	bool done;
};

/**
 * struct hip_nl_walk - argument of the walks over identities and peers
 * @skb: message of a dump
 * @cb: the dump; args[0] counts what was sent
 */
struct hip_nl_walk {
	struct sk_buff *skb;
	struct netlink_callback *cb;
};

/**
 * hip_nl_put_hit() - put a HIT
 * @skb: message
 * @attrtype: attribute
 * @hit: HIT
 *
 * Any context.
 *
 * Return: 0 or -EMSGSIZE.
 */
int hip_nl_put_hit(struct sk_buff *skb, int attrtype,
		   const struct in6_addr *hit)
{
	return nla_put_in6_addr(skb, attrtype, hit);
}

/**
 * hip_nl_put_locator() - put a locator nest
 * @skb: message
 * @attrtype: attribute
 * @addr: locator, IPv4-mapped for IPv4; nothing is put for the any address,
 *	which stands for "not known" or "routing chooses"
 *
 * Any context.
 *
 * Return: 0 or -EMSGSIZE.
 */
int hip_nl_put_locator(struct sk_buff *skb, int attrtype,
		       const struct in6_addr *addr)
{
	struct nlattr *nest;
	int err;

	if (ipv6_addr_any(addr))
		return 0;

	nest = nla_nest_start(skb, attrtype);
	if (!nest)
		return -EMSGSIZE;

	if (ipv6_addr_v4mapped(addr))
		err = nla_put_in_addr(skb, HIP_A_LOCATOR_ADDRESS_4,
				      addr->s6_addr32[3]);
	else
		err = nla_put_in6_addr(skb, HIP_A_LOCATOR_ADDRESS_6, addr);
	if (err) {
		nla_nest_cancel(skb, nest);
		return err;
	}

	nla_nest_end(skb, nest);
	return 0;
}

/* What INFO and KEYS have in common: who sends to whom, and how */
static int hip_nl_put_sa_head(struct sk_buff *skb, u8 direction, __be32 spi,
			      const struct in6_addr *local,
			      const struct in6_addr *peer, u16 esp_suite,
			      bool esn)
{
	bool in = direction == HIP_DIRECTION_IN;

	if (nla_put_u8(skb, HIP_A_SA_DIRECTION, direction) ||
	    nla_put_be32(skb, HIP_A_SA_SPI, spi) ||
	    hip_nl_put_locator(skb, HIP_A_SA_SOURCE, in ? peer : local) ||
	    hip_nl_put_locator(skb, HIP_A_SA_DESTINATION, in ? local : peer) ||
	    nla_put_u16(skb, HIP_A_SA_ESP_SUITE, esp_suite) ||
	    nla_put_u8(skb, HIP_A_SA_ESN, esn))
		return -EMSGSIZE;
	return 0;
}

static int hip_nl_put_sa(struct sk_buff *skb, u8 direction,
			 const struct hip_sa_info *sa, u16 esp_suite, bool esn)
{
	struct nlattr *nest;

	nest = nla_nest_start(skb, HIP_A_SA);
	if (!nest)
		return -EMSGSIZE;

	if (hip_nl_put_sa_head(skb, direction, sa->spi, &sa->outer_local,
			       &sa->outer_peer, esp_suite, esn) ||
	    nla_put_u64_64bit(skb, HIP_A_SA_PACKETS, sa->packets,
			      HIP_A_SA_PAD) ||
	    nla_put_u64_64bit(skb, HIP_A_SA_BYTES, sa->bytes, HIP_A_SA_PAD) ||
	    nla_put_u64_64bit(skb, HIP_A_SA_SEQUENCE, sa->seq, HIP_A_SA_PAD) ||
	    (sa->driver && nla_put_string(skb, HIP_A_SA_DRIVER, sa->driver))) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}

	nla_nest_end(skb, nest);
	return 0;
}

/**
 * hip_nl_put_sas() - put a nest for each SA of an association
 * @skb: message
 * @info: the association
 *
 * Any context; under RCU since @info was taken, as the name of the crypto
 * driver belongs to the SA.
 *
 * Return: 0 or -EMSGSIZE.
 */
int hip_nl_put_sas(struct sk_buff *skb, const struct hip_assoc_info *info)
{
	int err = 0;

	if (info->have_in)
		err = hip_nl_put_sa(skb, HIP_DIRECTION_IN, &info->in,
				    info->esp_suite, info->esn);
	if (!err && info->have_out)
		err = hip_nl_put_sa(skb, HIP_DIRECTION_OUT, &info->out,
				    info->esp_suite, info->esn);
	return err;
}

/* @msg: a string that outlives the request, as NL_SET_ERR_MSG() makes it */
static void hip_nl_set_msg(struct netlink_ext_ack *extack, const char *msg)
{
	if (extack)
		extack->_msg = msg;
}

/* A request must have this attribute */
static int hip_nl_require(struct genl_info *info, int attrtype)
{
	static const char * const missing[] = {
		[HIP_A_HIT] = "attribute hit is missing",
		[HIP_A_LOCAL_HIT] = "attribute local-hit is missing",
		[HIP_A_PEER_HIT] = "attribute peer-hit is missing",
		[HIP_A_NAME] = "attribute name is missing",
		[HIP_A_LOCATOR] = "attribute locator is missing",
	};

	if (!GENL_REQ_ATTR_CHECK(info, attrtype))
		return 0;
	hip_nl_set_msg(info->extack, missing[attrtype]);
	return -EINVAL;
}

/* The HIT of a required attribute, which policy says is 16 octets */
static int hip_nl_get_hit(struct genl_info *info, int attrtype,
			  struct in6_addr *hit)
{
	int err;

	err = hip_nl_require(info, attrtype);
	if (err)
		return err;

	*hit = nla_get_in6_addr(info->attrs[attrtype]);
	if (!hip_is_hit(hit)) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[attrtype],
				    "not a Host Identity Tag: must be in 2001:20::/28");
		return -EINVAL;
	}
	return 0;
}

/* A reply with its header; the caller puts attributes and then calls
 * hip_nl_reply_send()
 */
static struct sk_buff *hip_nl_reply_new(struct genl_info *info, size_t size,
					void **hdr)
{
	struct sk_buff *msg;

	msg = genlmsg_new(size, GFP_KERNEL);
	if (!msg)
		return NULL;

	*hdr = genlmsg_put_reply(msg, info, &hip_nl_family, 0,
				 info->genlhdr->cmd);
	if (!*hdr) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}

static int hip_nl_reply_send(struct genl_info *info, struct sk_buff *msg,
			     void *hdr, int err)
{
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}

/* A dump is interrupted when the set of objects changed between two of its
 * messages, or when the walk had to begin anew.  Zero would mean "not known".
 */
static void hip_nl_dump_seq(struct netlink_callback *cb, struct hip_net *hn,
			    bool interrupted)
{
	cb->seq = ((unsigned int)atomic_read(&hn->gen) + interrupted) << 1 | 1;
}

/* An attribute that would do nothing is refused */
static int hip_nl_dump_no_filter(struct netlink_callback *cb, int attrtype)
{
	struct nlattr **attrs = hip_genl_dump_attrs(cb);

	if (!attrs || !attrs[attrtype])
		return 0;
	NL_SET_ERR_MSG_ATTR(cb->extack, attrs[attrtype],
			    "a dump takes no filter; ask for one without NLM_F_DUMP");
	return -EINVAL;
}

/* The next object of a dump */
static void *hip_nl_dump_put(struct sk_buff *skb, struct netlink_callback *cb,
			     u8 cmd)
{
	void *hdr;

	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &hip_nl_family, NLM_F_MULTI, cmd);
	if (hdr)
		genl_dump_check_consistent(cb, hdr);
	return hdr;
}

/* identities */

static bool hip_nl_name_ok(const struct nlattr *attr)
{
	const char *name = nla_data(attr);
	const char *p;

	/* hipd makes a file name of it */
	if (!*name || *name == '.' || strlen(name) >= HIP_NAME_MAX)
		return false;
	for (p = name; *p; p++)
		if (!isalnum(*p) && *p != '.' && *p != '_' && *p != '-')
			return false;
	return true;
}

static void hip_nl_ask_hi_failed(struct genl_info *info, int err)
{
	switch (err) {
	case -ESRCH:
		GENL_SET_ERR_MSG(info, "hipd is not running: start it, or give the public key");
		break;
	case -ENOENT:
	case -ENOKEY:
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[HIP_A_NAME],
				    "hipd has no key of this name");
		break;
	case -ETIMEDOUT:
		GENL_SET_ERR_MSG(info, "hipd did not answer in time");
		break;
	case -EAGAIN:
		GENL_SET_ERR_MSG(info, "too many requests wait for hipd: see config max-upcalls");
		break;
	case -EOPNOTSUPP:
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[HIP_A_NAME],
				    "the key of this name is of a type that HIP does not support");
		break;
	case -EIO:
	case -EPROTO:
		GENL_SET_ERR_MSG(info, "hipd could not read the key: see its log");
		break;
	}
}

/* Add an identity of which hipd has the public key */
static int hip_nl_identity_add_ask(struct hip_net *hn, struct genl_info *info,
				   const char *name, bool anonymous,
				   struct in6_addr *hit)
{
	size_t hi_len;
	u16 hi_alg;
	u8 *hi;
	int err;

	hi = kmalloc(HIP_HI_MAX, GFP_KERNEL);
	if (!hi)
		return -ENOMEM;

	err = hip_upcall_identity(hn, &hip_nl_upcall_owner, name, &hi_alg, hi,
				  &hi_len);
	if (err)
		hip_nl_ask_hi_failed(info, err);
	else
		err = hip_identity_add(hn, name, hi_alg, hi, hi_len, anonymous,
				       hit, info->extack);
	kfree(hi);
	return err;
}

/**
 * hip_nl_identity_add_doit() - IDENTITY_ADD
 * @skb: request
 * @info: its attributes
 *
 * Process context; may wait for hipd, see the top of this file.  The reply
 * carries the HIT.
 *
 * Return: 0 or a negative errno, with extack.
 */
int hip_nl_identity_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct hip_net *hn = hip_pernet(genl_info_net(info));
	struct nlattr **attrs = info->attrs;
	struct in6_addr hit;
	struct sk_buff *msg;
	const char *name;
	bool anonymous;
	void *hdr;
	int err;

	err = hip_nl_require(info, HIP_A_NAME);
	if (err)
		return err;
	if (!hip_nl_name_ok(attrs[HIP_A_NAME])) {
		NL_SET_ERR_MSG_ATTR(info->extack, attrs[HIP_A_NAME],
				    "a name is 1 to 63 letters, digits, '.', '-' and '_', and does not begin with '.'");
		return -EINVAL;
	}
	if (!attrs[HIP_A_HI] != !attrs[HIP_A_HI_ALGORITHM]) {
		GENL_SET_ERR_MSG(info, "attributes hi and hi-algorithm need each other");
		return -EINVAL;
	}

	/* The message first: then nothing can fail once the identity is there */
	msg = hip_nl_reply_new(info, nla_total_size(sizeof(hit)), &hdr);
	if (!msg)
		return -ENOMEM;

	name = nla_data(attrs[HIP_A_NAME]);
	anonymous = nla_get_flag(attrs[HIP_A_ANONYMOUS]);
	if (attrs[HIP_A_HI])
		err = hip_identity_add(hn, name,
				       nla_get_u16(attrs[HIP_A_HI_ALGORITHM]),
				       nla_data(attrs[HIP_A_HI]),
				       nla_len(attrs[HIP_A_HI]), anonymous,
				       &hit, info->extack);
	else
		err = hip_nl_identity_add_ask(hn, info, name, anonymous, &hit);
	if (!err)
		err = hip_nl_put_hit(msg, HIP_A_HIT, &hit);

	return hip_nl_reply_send(info, msg, hdr, err);
}

/**
 * hip_nl_identity_del_doit() - IDENTITY_DEL
 * @skb: request
 * @info: its attributes
 *
 * Process context.
 *
 * Return: 0 or a negative errno, with extack.
 */
int hip_nl_identity_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct hip_net *hn = hip_pernet(genl_info_net(info));
	struct in6_addr hit;
	int err;

	err = hip_nl_get_hit(info, HIP_A_HIT, &hit);
	if (err)
		return err;

	err = hip_identity_del(hn, &hit, info->extack);
	if (err)
		NL_SET_BAD_ATTR(info->extack, info->attrs[HIP_A_HIT]);
	return err;
}

static int hip_nl_put_identity(struct sk_buff *skb,
			       const struct hip_identity_info *id)
{
	if (hip_nl_put_hit(skb, HIP_A_HIT, &id->hit) ||
	    nla_put_string(skb, HIP_A_NAME, id->name) ||
	    nla_put_u16(skb, HIP_A_HI_ALGORITHM, id->hi_alg) ||
	    nla_put(skb, HIP_A_HI, id->hi_len, id->hi) ||
	    (id->anonymous && nla_put_flag(skb, HIP_A_ANONYMOUS)) ||
	    nla_put_u32(skb, HIP_A_R1_READY, id->r1_ready) ||
	    nla_put_u32(skb, HIP_A_R1_WANTED, id->r1_wanted) ||
	    nla_put_u64_64bit(skb, HIP_A_R1_COUNTER, id->r1_counter,
			      HIP_A_PAD))
		return -EMSGSIZE;
	return 0;
}

/**
 * hip_nl_identity_get_doit() - IDENTITY_GET of one
 * @skb: request
 * @info: its attributes
 *
 * Process context.
 *
 * Return: 0 or a negative errno, with extack.
 */
int hip_nl_identity_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct hip_net *hn = hip_pernet(genl_info_net(info));
	struct hip_identity_info idi;
	struct hip_identity *id;
	struct in6_addr hit;
	struct sk_buff *msg;
	void *hdr;
	int err;

	err = hip_nl_get_hit(info, HIP_A_HIT, &hit);
	if (err)
		return err;

	id = hip_identity_find(hn, &hit);
	if (!id) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[HIP_A_HIT],
				    "no such identity");
		return -ENOENT;
	}

	err = -ENOMEM;
	msg = hip_nl_reply_new(info, NLMSG_GOODSIZE, &hdr);
	if (msg) {
		hip_identity_get_info(id, &idi);
		err = hip_nl_put_identity(msg, &idi);
		err = hip_nl_reply_send(info, msg, hdr, err);
	}
	hip_identity_put(id);
	return err;
}

static int hip_nl_dump_identity(const struct hip_identity_info *id, void *arg)
{
	struct hip_nl_walk *walk = arg;
	void *hdr;

	hdr = hip_nl_dump_put(walk->skb, walk->cb, HIP_CMD_IDENTITY_GET);
	if (!hdr)
		return -EMSGSIZE;
	if (hip_nl_put_identity(walk->skb, id)) {
		genlmsg_cancel(walk->skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(walk->skb, hdr);
	walk->cb->args[0]++;
	return 0;
}

/**
 * hip_nl_identity_get_dumpit() - IDENTITY_GET of all
 * @skb: reply
 * @cb: the dump; args[0] counts what was sent
 *
 * Process context.
 *
 * Return: length of @skb, 0 at the end, or a negative errno.
 */
int hip_nl_identity_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct hip_net *hn = hip_pernet(sock_net(skb->sk));
	struct hip_nl_walk walk = { .skb = skb, .cb = cb };
	int err;

	err = hip_nl_dump_no_filter(cb, HIP_A_HIT);
	if (err)
		return err;

	hip_nl_dump_seq(cb, hn, false);
	hip_identity_walk(hn, cb->args[0], hip_nl_dump_identity, &walk);
	return skb->len;
}

/* peers */

static int hip_nl_get_locator(struct genl_info *info,
			      const struct nlattr *attr,
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
				    "ESP suite is not supported: 8, 9 or 13");
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
	struct hip_peer peer = { .esn = true };
	int err;

	err = hip_nl_get_hit(info, HIP_A_HIT, &peer.hit);
	if (!err)
		err = hip_nl_require(info, HIP_A_LOCATOR);
	if (err)
		return err;
	if (info->attrs[HIP_A_ESN])
		peer.esn = nla_get_u8(info->attrs[HIP_A_ESN]);
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
	return 0;
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

/* associations */

static int hip_nl_put_assoc(struct sk_buff *skb, struct hip_assoc *assoc)
{
	struct hip_assoc_info info;
	int err = -EMSGSIZE;

	/* for the names of the crypto drivers, see hip_nl_put_sas() */
	rcu_read_lock();
	hip_assoc_get_info(assoc, &info);
	if (hip_nl_put_hit(skb, HIP_A_LOCAL_HIT, &info.local) ||
	    hip_nl_put_hit(skb, HIP_A_PEER_HIT, &info.peer) ||
	    nla_put_u8(skb, HIP_A_STATE, info.state) ||
	    nla_put_u8(skb, HIP_A_ROLE, info.initiator ?
		       HIP_ROLE_INITIATOR : HIP_ROLE_RESPONDER) ||
	    nla_put_u8(skb, HIP_A_REASON, info.reason) ||
	    hip_nl_put_locator(skb, HIP_A_LOCAL_LOCATOR, &info.local_locator) ||
	    hip_nl_put_locator(skb, HIP_A_PEER_LOCATOR, &info.peer_locator) ||
	    nla_put_u64_64bit(skb, HIP_A_AGE_MS, info.age_ms, HIP_A_PAD) ||
	    nla_put_u64_64bit(skb, HIP_A_IDLE_MS, info.idle_ms, HIP_A_PAD) ||
	    nla_put_u32(skb, HIP_A_QUEUED, info.queued))
		goto out;
	if (info.negotiated &&
	    (nla_put_u16(skb, HIP_A_ESP_SUITE, info.esp_suite) ||
	     nla_put_u8(skb, HIP_A_ESN, info.esn) ||
	     nla_put_u16(skb, HIP_A_HIP_CIPHER, info.hip_cipher) ||
	     nla_put_u8(skb, HIP_A_DH_GROUP, info.dh_group) ||
	     nla_put_u8(skb, HIP_A_RHASH_SUITE, info.rhash_suite)))
		goto out;
	err = hip_nl_put_sas(skb, &info);
out:
	rcu_read_unlock();
	return err;
}

static struct hip_assoc *hip_nl_find_assoc(struct genl_info *info)
{
	struct hip_net *hn = hip_pernet(genl_info_net(info));
	struct in6_addr local, peer;
	struct hip_assoc *assoc;
	int err;

	err = hip_nl_get_hit(info, HIP_A_LOCAL_HIT, &local);
	if (!err)
		err = hip_nl_get_hit(info, HIP_A_PEER_HIT, &peer);
	if (err)
		return ERR_PTR(err);

	assoc = hip_assoc_find(hn, &local, &peer);
	if (!assoc) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[HIP_A_PEER_HIT],
				    "no such association");
		return ERR_PTR(-ENOENT);
	}
	return assoc;
}

/**
 * hip_nl_assoc_get_doit() - ASSOC_GET of one
 * @skb: request
 * @info: its attributes
 *
 * Process context.
 *
 * Return: 0 or a negative errno, with extack.
 */
int hip_nl_assoc_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct hip_assoc *assoc;
	struct sk_buff *msg;
	int err = -ENOMEM;
	void *hdr;

	assoc = hip_nl_find_assoc(info);
	if (IS_ERR(assoc))
		return PTR_ERR(assoc);

	msg = hip_nl_reply_new(info, NLMSG_GOODSIZE, &hdr);
	if (msg) {
		err = hip_nl_put_assoc(msg, assoc);
		err = hip_nl_reply_send(info, msg, hdr, err);
	}
	hip_assoc_put(assoc);
	return err;
}

static int hip_nl_assoc_get_start(struct netlink_callback *cb)
{
	struct hip_net *hn = hip_pernet(sock_net(cb->skb->sk));
	struct hip_nl_dump *d;

	d = kzalloc(sizeof(*d), GFP_KERNEL);
	if (!d)
		return -ENOMEM;
	d->hn = hn;
	hip_assoc_iter_init(hn, &d->iter);
	cb->args[0] = (long)d;
	return 0;
}

static int hip_nl_assoc_get_done(struct netlink_callback *cb)
{
	struct hip_nl_dump *d = (struct hip_nl_dump *)cb->args[0];

	if (d->assoc)
		hip_assoc_put(d->assoc);
	hip_assoc_iter_exit(&d->iter);
	kfree(d);
	return 0;
}

static bool hip_nl_assoc_wanted(struct netlink_callback *cb,
				const struct hip_assoc *assoc)
{
	struct nlattr **attrs = hip_genl_dump_attrs(cb);

	return !attrs ||
	       ((!attrs[HIP_A_LOCAL_HIT] ||
		 !nla_memcmp(attrs[HIP_A_LOCAL_HIT], &assoc->key.local,
			     sizeof(assoc->key.local))) &&
		(!attrs[HIP_A_PEER_HIT] ||
		 !nla_memcmp(attrs[HIP_A_PEER_HIT], &assoc->key.peer,
			     sizeof(assoc->key.peer))));
}

static int hip_nl_dump_assoc(struct sk_buff *skb, struct netlink_callback *cb,
			     struct hip_assoc *assoc)
{
	void *hdr;

	hdr = hip_nl_dump_put(skb, cb, HIP_CMD_ASSOC_GET);
	if (!hdr)
		return -EMSGSIZE;
	if (hip_nl_put_assoc(skb, assoc)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

/**
 * hip_nl_assoc_get_dumpit() - ASSOC_GET of all, or of those that fit a filter
 * @skb: reply
 * @cb: the dump
 *
 * Process context.
 *
 * Return: length of @skb, 0 at the end, or a negative errno.
 */
int hip_nl_assoc_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct hip_nl_dump *d = (struct hip_nl_dump *)cb->args[0];

	hip_nl_dump_seq(cb, d->hn, d->iter.interrupted);
	while (!d->done) {
		if (!d->assoc)
			d->assoc = hip_assoc_iter_next(&d->iter);
		hip_nl_dump_seq(cb, d->hn, d->iter.interrupted);
		if (!d->assoc) {
			d->done = true;
			break;
		}
		if (hip_nl_assoc_wanted(cb, d->assoc) &&
		    hip_nl_dump_assoc(skb, cb, d->assoc))
			break;
		hip_assoc_put(d->assoc);
		d->assoc = NULL;
	}
	return skb->len;
}

/**
 * struct hip_nl_close - argument of the walk of ASSOC_CLOSE
 * @hn: namespace
 * @peer: HIT of the peer
 * @force: forget instead of closing
 * @found: there was an association
 * @err: the first error
 */
struct hip_nl_close {
	struct hip_net *hn;
	struct in6_addr peer;
	bool force;
	bool found;
	int err;
};

static void hip_nl_close(struct hip_nl_close *c, const struct in6_addr *local)
{
	struct hip_assoc *assoc;
	int err;

	assoc = hip_assoc_find(c->hn, local, &c->peer);
	if (!assoc)
		return;
	c->found = true;
	err = hip_assoc_close(assoc, c->force);
	if (!c->err)
		c->err = err;
	hip_assoc_put(assoc);
}

static int hip_nl_close_identity(const struct hip_identity_info *id, void *arg)
{
	hip_nl_close(arg, &id->hit);
	return 0;
}

/**
 * hip_nl_assoc_close_doit() - ASSOC_CLOSE
 * @skb: request
 * @info: its attributes
 *
 * Process context.  Returns when the closing has begun; the events tell the
 * rest.
 *
 * Return: 0 or a negative errno, with extack.
 */
int hip_nl_assoc_close_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct hip_nl_close c = { .hn = hip_pernet(genl_info_net(info)) };
	struct in6_addr local;
	int err;

	err = hip_nl_get_hit(info, HIP_A_PEER_HIT, &c.peer);
	if (!err && info->attrs[HIP_A_LOCAL_HIT])
		err = hip_nl_get_hit(info, HIP_A_LOCAL_HIT, &local);
	if (err)
		return err;
	c.force = nla_get_flag(info->attrs[HIP_A_FORCE]);

	/* By identity and not by a walk over the associations, which would miss
	 * some while others go.
	 */
	if (info->attrs[HIP_A_LOCAL_HIT])
		hip_nl_close(&c, &local);
	else
		hip_identity_walk(c.hn, 0, hip_nl_close_identity, &c);

	if (!c.found) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[HIP_A_PEER_HIT],
				    "no association with this peer");
		return -ENOENT;
	}
	if (c.err)
		GENL_SET_ERR_MSG(info, "association is closing already: force forgets it");
	return c.err;
}

static int hip_nl_put_keys(struct sk_buff *skb, u8 direction,
			   const struct hip_assoc_keys *k)
{
	bool in = direction == HIP_DIRECTION_IN;
	const struct hip_keys *keys = &k->keys;
	struct nlattr *nest;

	nest = nla_nest_start(skb, HIP_A_SA);
	if (!nest)
		return -EMSGSIZE;

	if (hip_nl_put_sa_head(skb, direction, in ? k->spi_in : k->spi_out,
			       &k->local_locator, &k->peer_locator,
			       k->esp_suite, k->esn) ||
	    nla_put(skb, HIP_A_SA_ENCRYPTION_KEY, keys->esp_enc_len,
		    in ? keys->esp_enc_in : keys->esp_enc_out) ||
	    (keys->esp_auth_len &&
	     nla_put(skb, HIP_A_SA_AUTHENTICATION_KEY, keys->esp_auth_len,
		     in ? keys->esp_auth_in : keys->esp_auth_out)) ||
	    nla_put(skb, HIP_A_SA_HIP_ENCRYPTION_KEY, keys->hip_enc_len,
		    in ? keys->hip_enc_in : keys->hip_enc_out) ||
	    nla_put(skb, HIP_A_SA_HIP_INTEGRITY_KEY, keys->hip_mac_len,
		    in ? keys->hip_mac_in : keys->hip_mac_out)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}

	nla_nest_end(skb, nest);
	return 0;
}

/**
 * hip_nl_assoc_keys_get_doit() - ASSOC_KEYS_GET
 * @skb: request
 * @info: its attributes
 *
 * Process context.  The only way in which keys leave the kernel; for packet
 * analysers, privileged.
 *
 * Return: 0 or a negative errno, with extack.
 */
int hip_nl_assoc_keys_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct hip_assoc_keys keys;
	struct hip_assoc *assoc;
	struct sk_buff *msg;
	int err = -ENOMEM;
	void *hdr;

	assoc = hip_nl_find_assoc(info);
	if (IS_ERR(assoc))
		return PTR_ERR(assoc);

	msg = hip_nl_reply_new(info, NLMSG_GOODSIZE, &hdr);
	if (!msg)
		goto out_put;

	err = hip_assoc_get_keys(assoc, &keys);
	if (err) {
		GENL_SET_ERR_MSG(info, "association has no keys: it is not established");
	} else if (hip_nl_put_hit(msg, HIP_A_LOCAL_HIT, &assoc->key.local) ||
		   hip_nl_put_hit(msg, HIP_A_PEER_HIT, &assoc->key.peer) ||
		   nla_put_u16(msg, HIP_A_HIP_CIPHER, keys.hip_cipher) ||
		   hip_nl_put_keys(msg, HIP_DIRECTION_IN, &keys) ||
		   hip_nl_put_keys(msg, HIP_DIRECTION_OUT, &keys)) {
		err = -EMSGSIZE;
	}
	memzero_explicit(&keys, sizeof(keys));
	err = hip_nl_reply_send(info, msg, hdr, err);
out_put:
	hip_assoc_put(assoc);
	return err;
}

/* counters */

static int hip_nl_put_counter(struct sk_buff *skb, const char *name, u64 value)
{
	struct nlattr *nest;

	nest = nla_nest_start(skb, HIP_A_COUNTER);
	if (!nest)
		return -EMSGSIZE;

	if (nla_put_string(skb, HIP_A_COUNTER_NAME, name) ||
	    nla_put_u64_64bit(skb, HIP_A_COUNTER_VALUE, value,
			      HIP_A_COUNTER_PAD)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}

	nla_nest_end(skb, nest);
	return 0;
}

static int hip_nl_put_gauges(struct sk_buff *skb, struct hip_net *hn)
{
	const struct {
		const char *name;
		u64 value;
	} gauges[] = {
		{ "Associations", atomic_read(&hn->n_assocs) },
		{ "HalfOpen", atomic_read(&hn->n_half_open) },
		{ "Identities", READ_ONCE(hn->n_identities) },
		{ "Peers", READ_ONCE(hn->n_peers) },
		{ "CtrlPending", atomic_read(&hn->n_ctrl_pending) },
		{ "UpcallsPending", hip_upcall_count(hn) },
		/* 1: hipd is there */
		{ "UpcallListeners", hip_upcall_available(hn) },
	};
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < ARRAY_SIZE(gauges); i++)
		err = hip_nl_put_counter(skb, gauges[i].name, gauges[i].value);
	return err;
}

/**
 * hip_nl_stats_get_doit() - STATS_GET
 * @skb: request
 * @info: its attributes
 *
 * Process context.
 *
 * Return: 0 or a negative errno.
 */
int hip_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct hip_net *hn = hip_pernet(genl_info_net(info));
	struct sk_buff *msg;
	unsigned int i;
	void *hdr;
	int err;

	msg = hip_nl_reply_new(info, (HIP_MIB_MAX + 8) * HIP_NL_COUNTER_SIZE,
			       &hdr);
	if (!msg)
		return -ENOMEM;

	err = hip_nl_put_gauges(msg, hn);
	for (i = 0; !err && i < HIP_MIB_MAX; i++)
		err = hip_nl_put_counter(msg, hip_stats_name(i),
					 hip_stats_read(hn, i));

	return hip_nl_reply_send(info, msg, hdr, err);
}

/* requests to hipd */

/**
 * hip_nl_upcall_accept_doit() - UPCALL_ACCEPT
 * @skb: request
 * @info: its attributes
 *
 * Process context.
 *
 * Return: 0 or a negative errno, with extack; -EAGAIN: nothing to do.
 */
int hip_nl_upcall_accept_doit(struct sk_buff *skb, struct genl_info *info)
{
	return hip_upcall_accept(hip_pernet(genl_info_net(info)), info);
}

/**
 * hip_nl_upcall_done_doit() - UPCALL_DONE
 * @skb: request
 * @info: its attributes
 *
 * Process context.
 *
 * Return: 0 or a negative errno, with extack.
 */
int hip_nl_upcall_done_doit(struct sk_buff *skb, struct genl_info *info)
{
	return hip_upcall_done(hip_pernet(genl_info_net(info)), info);
}

/* the family */

static const struct genl_multicast_group hip_nl_mcgrps[] = {
	[HIP_NLGRP_EVENTS] = {
		.name	= HIP_MCGRP_EVENTS,
		.flags	= GENL_MCAST_CAP_NET_ADMIN,
	},
	[HIP_NLGRP_UPCALL] = {
		.name	= HIP_MCGRP_UPCALL,
		.flags	= GENL_MCAST_CAP_NET_ADMIN,
	},
};

struct genl_family hip_nl_family __ro_after_init = {
	.name		= HIP_FAMILY_NAME,
	.version	= HIP_FAMILY_VERSION,
	.netnsok	= true,
	.parallel_ops	= true,
	.module		= THIS_MODULE,
	.ops		= hip_nl_full_ops,
	.n_ops		= ARRAY_SIZE(hip_nl_full_ops),
	.mcgrps		= hip_nl_mcgrps,
	.n_mcgrps	= ARRAY_SIZE(hip_nl_mcgrps),
};

/**
 * hip_netlink_init() - make the family known
 *
 * Process context, once, after register_pernet_subsys().
 *
 * Return: 0 or a negative errno.
 */
int __init hip_netlink_init(void)
{
	struct genl_ops *op;
	unsigned int i;

	/* The generator knows start and done only for operations of a kind
	 * that Linux 6.1 does not have.
	 */
	for (i = 0; i < ARRAY_SIZE(hip_nl_full_ops); i++) {
		op = &hip_nl_full_ops[i];
		*op = hip_nl_ops[i];
		if (op->cmd == HIP_CMD_ASSOC_GET) {
			op->start = hip_nl_assoc_get_start;
			op->done = hip_nl_assoc_get_done;
		}
	}
	return genl_register_family(&hip_nl_family);
}

/**
 * hip_netlink_exit() - make the family unknown
 *
 * Process context, once, before unregister_pernet_subsys().  Handlers have
 * ended when it returns.
 */
void hip_netlink_exit(void)
{
	struct net *net;

	/* unregistering waits for the handlers, and so keeps hipd from
	 * answering them
	 */
	down_read(&net_rwsem);
	for_each_net(net)
		hip_upcall_cancel(hip_pernet(net), &hip_nl_upcall_owner);
	up_read(&net_rwsem);
	genl_unregister_family(&hip_nl_family);
}
