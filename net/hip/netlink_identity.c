// SPDX-License-Identifier: GPL-2.0
/*
 * The user API of local identities.
 */
#include <linux/ctype.h>
#include <linux/slab.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "identity.h"
#include "net.h"
#include "netlink_gen.h"
#include "netlink_msg.h"
#include "upcall.h"

static bool hip_nl_name_ok(const struct nlattr *attr)
{
	const char *name = nla_data(attr);
	const char *p;

	/* hipd makes a file name of it.  The kernel's isalnum() knows the
	 * letters of Latin-1, which are not meant.
	 */
	if (!*name || *name == '.' || strlen(name) >= HIP_NAME_MAX)
		return false;
	for (p = name; *p; p++)
		if (!(isascii(*p) && isalnum(*p)) &&
		    *p != '.' && *p != '_' && *p != '-')
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
	case -EKEYREJECTED:	/* an answer to something else */
		GENL_SET_ERR_MSG(info, "hipd could not read the key: see its log");
		break;
	}
}

/* Add an identity of which hipd has the public key */
static int hip_nl_identity_add_ask(struct hip_net *hn, struct genl_info *info,
				   const char *name, bool anonymous, u8 accept,
				   struct in6_addr *hit)
{
	size_t hi_len;
	u16 hi_alg;
	u8 *hi;
	int err;

	hi = kmalloc(HIP_HI_MAX, GFP_KERNEL);
	if (!hi)
		return -ENOMEM;

	err = hip_upcall_identity(hn, &hn->nl_upcalls, name, &hi_alg, hi,
				  &hi_len);
	if (err)
		hip_nl_ask_hi_failed(info, err);
	else
		err = hip_identity_add(hn, name, hi_alg, hi, hi_len, anonymous,
				       accept, hit, info->extack);
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
	u8 accept = HIP_ACCEPT_ALL;
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
	if (attrs[HIP_A_ACCEPT])
		accept = nla_get_u8(attrs[HIP_A_ACCEPT]);
	if (attrs[HIP_A_HI])
		err = hip_identity_add(hn, name,
				       nla_get_u16(attrs[HIP_A_HI_ALGORITHM]),
				       nla_data(attrs[HIP_A_HI]),
				       nla_len(attrs[HIP_A_HI]), anonymous,
				       accept, &hit, info->extack);
	else
		err = hip_nl_identity_add_ask(hn, info, name, anonymous,
					      accept, &hit);
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

/**
 * hip_nl_identity_set_doit() - IDENTITY_SET
 * @skb: request
 * @info: its attributes
 *
 * Process context.
 *
 * Return: 0 or a negative errno, with extack.
 */
int hip_nl_identity_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct hip_net *hn = hip_pernet(genl_info_net(info));
	struct in6_addr hit;
	int err;

	err = hip_nl_get_hit(info, HIP_A_HIT, &hit);
	if (!err)
		err = hip_nl_require(info, HIP_A_ACCEPT);
	if (err)
		return err;

	err = hip_identity_set(hn, &hit, nla_get_u8(info->attrs[HIP_A_ACCEPT]),
			       info->extack);
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
			      HIP_A_PAD) ||
	    nla_put_u8(skb, HIP_A_ACCEPT, id->accept))
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
