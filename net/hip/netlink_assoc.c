// SPDX-License-Identifier: GPL-2.0
/*
 * The user API of associations: show, close, export of keys.
 */
#include <linux/slab.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "assoc.h"
#include "crypto.h"
#include "identity.h"
#include "net.h"
#include "netlink_gen.h"
#include "netlink_msg.h"
#include "compat/compat.h"

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
	     nla_put_u8(skb, HIP_A_RHASH_SUITE, info.rhash_suite) ||
	     (info.peer_anonymous && nla_put_flag(skb, HIP_A_ANONYMOUS))))
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

/**
 * hip_nl_assoc_get_start() - begin a dump of associations
 * @cb: dump
 *
 * Return: 0 or -ENOMEM.
 */
int hip_nl_assoc_get_start(struct netlink_callback *cb)
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

/**
 * hip_nl_assoc_get_done() - end a dump of associations
 * @cb: dump
 *
 * Return: 0.
 */
int hip_nl_assoc_get_done(struct netlink_callback *cb)
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
 * struct hip_nl_each - argument of the walk of ASSOC_CLOSE and ASSOC_REKEY
 * @hn: namespace
 * @peer: HIT of the peer, or its locator
 * @act: what to do with an association
 * @flag: its argument
 * @found: there was an association
 * @err: the first error
 */
struct hip_nl_each {
	struct hip_net *hn;
	struct in6_addr peer;
	int (*act)(struct hip_assoc *assoc, bool flag);
	bool flag;
	bool found;
	int err;
};

static void hip_nl_act(struct hip_nl_each *e, const struct in6_addr *local)
{
	struct hip_assoc *assoc;
	int err;

	assoc = hip_assoc_find(e->hn, local, &e->peer);
	if (!assoc)
		return;
	e->found = true;
	err = e->act(assoc, e->flag);
	if (!e->err)
		e->err = err;
	hip_assoc_put(assoc);
}

static int hip_nl_act_identity(const struct hip_identity_info *id, void *arg)
{
	hip_nl_act(arg, &id->hit);
	return 0;
}

/* With the associations that the request names; their first error */
static int hip_nl_for_each(struct genl_info *info, struct hip_nl_each *e)
{
	struct in6_addr local;
	int err;

	e->hn = hip_pernet(genl_info_net(info));
	/* only in the policy of ASSOC_CLOSE; see opportunistic.c */
	if (info->attrs[HIP_A_PEER_LOCATOR] && !info->attrs[HIP_A_PEER_HIT])
		err = hip_nl_get_locator(info, info->attrs[HIP_A_PEER_LOCATOR],
					 &e->peer);
	else
		err = hip_nl_get_hit(info, HIP_A_PEER_HIT, &e->peer);
	if (!err && info->attrs[HIP_A_LOCAL_HIT])
		err = hip_nl_get_hit(info, HIP_A_LOCAL_HIT, &local);
	if (err)
		return err;

	/* By identity and not by a walk over the associations, which would miss
	 * some while others go.
	 */
	if (info->attrs[HIP_A_LOCAL_HIT])
		hip_nl_act(e, &local);
	else
		hip_identity_walk(e->hn, 0, hip_nl_act_identity, e);

	if (!e->found) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[HIP_A_PEER_HIT],
				    "no association with this peer");
		return -ENOENT;
	}
	return e->err;
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
	struct hip_nl_each e = {
		.act = hip_assoc_close,
		.flag = nla_get_flag(info->attrs[HIP_A_FORCE]),
	};
	int err = hip_nl_for_each(info, &e);

	if (err && err == e.err)
		GENL_SET_ERR_MSG(info, "association is closing already: force forgets it");
	return err;
}

/**
 * hip_nl_assoc_rekey_doit() - ASSOC_REKEY
 * @skb: request
 * @info: its attributes
 *
 * Process context.  Returns when the rekey has begun; a rekey that is under way
 * is enough.
 *
 * Return: 0 or a negative errno, with extack.
 */
int hip_nl_assoc_rekey_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct hip_nl_each e = {
		.act = hip_assoc_rekey,
		.flag = nla_get_flag(info->attrs[HIP_A_NEW_DH]),
	};
	int err = hip_nl_for_each(info, &e);

	if (err && err == e.err)
		GENL_SET_ERR_MSG(info, "association is not established");
	return err;
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
	    (keys->esp_enc_len &&
	     nla_put(skb, HIP_A_SA_ENCRYPTION_KEY, keys->esp_enc_len,
		     in ? keys->esp_enc_in : keys->esp_enc_out)) ||
	    (keys->esp_auth_len &&
	     nla_put(skb, HIP_A_SA_AUTHENTICATION_KEY, keys->esp_auth_len,
		     in ? keys->esp_auth_in : keys->esp_auth_out)) ||
	    (keys->hip_enc_len &&
	     nla_put(skb, HIP_A_SA_HIP_ENCRYPTION_KEY, keys->hip_enc_len,
		     in ? keys->hip_enc_in : keys->hip_enc_out)) ||
	    nla_put(skb, HIP_A_SA_HIP_INTEGRITY_KEY, keys->hip_mac_len,
		    in ? keys->hip_mac_in : keys->hip_mac_out)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}

	nla_nest_end(skb, nest);
	return 0;
}

/* Octets of the attributes of ASSOC_KEYS_GET, with IPv6 locators */
static size_t hip_nl_keys_size(const struct hip_keys *keys)
{
	size_t sa;

	sa = nla_total_size(sizeof(u8)) +		/* DIRECTION */
	     nla_total_size(sizeof(__be32)) +		/* SPI */
	     2 * nla_total_size(nla_total_size(sizeof(struct in6_addr))) +
	     nla_total_size(sizeof(u16)) +		/* ESP_SUITE */
	     nla_total_size(sizeof(u8)) +		/* ESN */
	     nla_total_size(keys->esp_enc_len) +
	     nla_total_size(keys->esp_auth_len) +
	     nla_total_size(keys->hip_enc_len) +
	     nla_total_size(keys->hip_mac_len);
	return 2 * nla_total_size(sizeof(struct in6_addr)) +
	       nla_total_size(sizeof(u16)) +		/* HIP_CIPHER */
	       2 * nla_total_size(sa);
}

/**
 * hip_nl_assoc_keys_get_doit() - ASSOC_KEYS_GET
 * @skb: request
 * @info: its attributes
 *
 * Process context.  The only way in which keys leave the kernel; for packet
 * analysers, privileged.  The message is no larger than needed: netlink would
 * make a smaller copy, and free the first one with the keys in it.
 *
 * Return: 0 or a negative errno, with extack.
 */
int hip_nl_assoc_keys_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct hip_assoc_keys keys;
	struct hip_assoc *assoc;
	struct sk_buff *msg;
	void *hdr;
	int err;

	assoc = hip_nl_find_assoc(info);
	if (IS_ERR(assoc))
		return PTR_ERR(assoc);

	err = hip_assoc_get_keys(assoc, &keys);
	if (err) {
		GENL_SET_ERR_MSG(info, "association has no keys: it is not established");
		goto out_put;
	}

	msg = hip_nl_reply_new(info, hip_nl_keys_size(&keys.keys), &hdr);
	if (!msg) {
		err = -ENOMEM;
		goto out_wipe;
	}
	if (hip_nl_put_hit(msg, HIP_A_LOCAL_HIT, &assoc->key.local) ||
	    hip_nl_put_hit(msg, HIP_A_PEER_HIT, &assoc->key.peer) ||
	    nla_put_u16(msg, HIP_A_HIP_CIPHER, keys.hip_cipher) ||
	    hip_nl_put_keys(msg, HIP_DIRECTION_IN, &keys) ||
	    hip_nl_put_keys(msg, HIP_DIRECTION_OUT, &keys)) {
		memzero_explicit(msg->data, msg->len);
		err = -EMSGSIZE;
	}
	err = hip_nl_reply_send(info, msg, hdr, err);
out_wipe:
	memzero_explicit(&keys, sizeof(keys));
out_put:
	hip_assoc_put(assoc);
	return err;
}
