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
 * IDENTITY_ADD without a public key, for ten seconds at most.
 */

#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/net_namespace.h>
#include <net/genetlink.h>
#include <net/ipv6.h>

#include "hit.h"
#include "net.h"
#include "netlink.h"
#include "netlink_gen.h"
#include "netlink_msg.h"
#include "r1.h"
#include "stats.h"
#include "upcall.h"
#include "compat/compat.h"

/* Octets that one counter takes in STATS_GET: nest, name, value, padding */
#define HIP_NL_COUNTER_SIZE	96

/* The generated table with what the generator has no word for: see
 * hip_netlink_init().
 */
static struct genl_ops hip_nl_full_ops[ARRAY_SIZE(hip_nl_ops)] __ro_after_init;

/**
 * hip_nl_put_hit() - put a HIT
 * @skb: message
 * @attrtype: attribute
 * @hit: HIT; nothing is put for another address, which an association has in
 *	the place of a HIT that is not known
 *
 * Any context.
 *
 * Return: 0 or -EMSGSIZE.
 */
int hip_nl_put_hit(struct sk_buff *skb, int attrtype,
		   const struct in6_addr *hit)
{
	return hip_is_hit(hit) ? nla_put_in6_addr(skb, attrtype, hit) : 0;
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

/**
 * hip_nl_set_msg() - say why a request is refused
 * @extack: where to, or NULL
 * @msg: a string that outlives the request, as NL_SET_ERR_MSG() makes it
 */
void hip_nl_set_msg(struct netlink_ext_ack *extack, const char *msg)
{
	if (extack)
		extack->_msg = msg;
}

/**
 * hip_nl_require() - a request must have this attribute
 * @info: request
 * @attrtype: attribute, one of those that have a message in here
 *
 * Return: 0, or -EINVAL and the attribute is named.
 */
int hip_nl_require(struct genl_info *info, int attrtype)
{
	static const char * const missing[] = {
		[HIP_A_HIT] = "attribute hit is missing",
		[HIP_A_LOCAL_HIT] = "attribute local-hit is missing",
		[HIP_A_PEER_HIT] = "attribute peer-hit is missing",
		[HIP_A_NAME] = "attribute name is missing",
		[HIP_A_LOCATOR] = "attribute locator is missing",
		[HIP_A_PEER_LOCATOR] = "attribute peer-locator is missing",
		[HIP_A_ACCEPT] = "attribute accept is missing",
		[HIP_A_ACCESS] = "attribute access is missing",
	};

	if (!GENL_REQ_ATTR_CHECK(info, attrtype))
		return 0;
	hip_nl_set_msg(info->extack, missing[attrtype]);
	return -EINVAL;
}

/**
 * hip_nl_get_hit() - the HIT of a required attribute
 * @info: request
 * @attrtype: attribute, which policy says is 16 octets
 * @hit: set
 *
 * Return: 0 or -EINVAL.
 */
int hip_nl_get_hit(struct genl_info *info, int attrtype,
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

/**
 * hip_nl_reply_new() - begin a reply
 * @info: request
 * @size: octets for attributes
 * @hdr: set, for hip_nl_reply_send()
 *
 * Return: the message, or NULL when there is no memory.
 */
struct sk_buff *hip_nl_reply_new(struct genl_info *info, size_t size,
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

/**
 * hip_nl_reply_send() - end a reply
 * @info: request
 * @msg: from hip_nl_reply_new(); consumed
 * @hdr: from there, too
 * @err: of putting the attributes; the message is freed unless 0
 *
 * Return: @err, or an error of sending.
 */
int hip_nl_reply_send(struct genl_info *info, struct sk_buff *msg,
		      void *hdr, int err)
{
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}

/**
 * hip_nl_dump_seq() - note the generation of what is dumped
 * @cb: dump
 * @hn: namespace
 * @interrupted: the walk had to begin anew
 *
 * A dump is interrupted when the set of objects changed between two of its
 * messages, or when the walk had to begin anew.  Zero would mean "not known".
 */
void hip_nl_dump_seq(struct netlink_callback *cb, struct hip_net *hn,
		     bool interrupted)
{
	cb->seq = ((unsigned int)atomic_read(&hn->gen) + interrupted) << 1 | 1;
}

/**
 * hip_nl_dump_no_filter() - refuse an attribute that would do nothing
 * @cb: dump
 * @attrtype: attribute
 *
 * Return: 0 or -EINVAL.
 */
int hip_nl_dump_no_filter(struct netlink_callback *cb, int attrtype)
{
	struct nlattr **attrs = hip_genl_dump_attrs(cb);

	if (!attrs || !attrs[attrtype])
		return 0;
	NL_SET_ERR_MSG_ATTR(cb->extack, attrs[attrtype],
			    "a dump takes no filter; ask for one without NLM_F_DUMP");
	return -EINVAL;
}

/**
 * hip_nl_dump_put() - begin the next object of a dump
 * @skb: message
 * @cb: dump
 * @cmd: command
 *
 * Return: the header for genlmsg_end() or genlmsg_cancel(), or NULL when there
 * is no room.
 */
void *hip_nl_dump_put(struct sk_buff *skb, struct netlink_callback *cb,
		      u8 cmd)
{
	void *hdr;

	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &hip_nl_family, NLM_F_MULTI, cmd);
	if (hdr)
		genl_dump_check_consistent(cb, hdr);
	return hdr;
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
		/* of both directions, and those that wait for a grace period */
		{ "SAs", atomic_read(&hn->n_sas) },
		{ "Identities", READ_ONCE(hn->n_identities) },
		{ "Peers", READ_ONCE(hn->n_peers) },
		{ "R1Generations", hip_r1_generations(hn) },
		{ "PuzzleK", READ_ONCE(hn->load.now.k) },
		{ "CtrlPending", atomic_read(&hn->n_ctrl_pending) +
				 atomic_read(&hn->n_i2_pending) },
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

	msg = hip_nl_reply_new(info, (HIP_MIB_MAX + 10) * HIP_NL_COUNTER_SIZE,
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
		hip_upcall_cancel(hip_pernet(net),
				  &hip_pernet(net)->nl_upcalls);
	up_read(&net_rwsem);
	genl_unregister_family(&hip_nl_family);
}
