// SPDX-License-Identifier: GPL-2.0
/*
 * Local Host Identities: the public half.  hipd has the private keys.
 */
#include <linux/err.h>
#include <linux/log2.h>
#include <linux/netlink.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "build.h"
#include "assoc.h"
#include "hit.h"
#include "identity.h"
#include "net.h"
#include "netlink.h"
#include "param.h"
#include "wire.h"

#define HIP_DSA_T_MIN		8	/* 1024 bits, RFC 2536 section 2 */
#define HIP_RSA_BITS_MIN	2048
/* An R1 holds HOST_ID, signature and public value in 2008 octets */
#define HIP_RSA_BITS_MAX	4096

/**
 * hip_identity_net_init() - prepare the identities of a new namespace
 * @hn: namespace
 *
 * Return: 0.
 */
int hip_identity_net_init(struct hip_net *hn)
{
	INIT_LIST_HEAD(&hn->identities);
	hn->n_identities = 0;
	return 0;
}

static void hip_identity_free_rcu(struct rcu_head *head)
{
	struct hip_identity *id = container_of(head, struct hip_identity, rcu);

	kfree(id->hi);
	kfree(id->host_id);
	kfree(id);
}

/**
 * hip_identity_put() - give up a reference
 * @id: identity, or NULL
 *
 * Any context.
 */
void hip_identity_put(struct hip_identity *id)
{
	if (id && refcount_dec_and_test(&id->refcnt))
		call_rcu(&id->rcu, hip_identity_free_rcu);
}

/**
 * hip_identity_lookup() - look up a local identity
 * @hn: namespace
 * @hit: its HIT
 *
 * Under RCU, or with hn->lock held.  A list: a host has few identities.
 *
 * Return: the identity, without a reference, or NULL.
 */
struct hip_identity *hip_identity_lookup(struct hip_net *hn,
					 const struct in6_addr *hit)
{
	struct hip_identity *id;

	list_for_each_entry_rcu(id, &hn->identities, list,
				lockdep_is_held(&hn->lock))
		if (!memcmp(&id->hit, hit, sizeof(*hit)))
			return id;
	return NULL;
}

/**
 * hip_identity_choose() - which identity answers an I1 that names none?
 * @hn: namespace
 * @suite: HIT suite of the Initiator
 *
 * Under RCU.  RFC 7401, section 4.1.8 and section 6.7 step 5: one of the same
 * suite, which the Initiator can verify; else of the suite that everybody has;
 * else any.  Never an anonymous one: that is for those who know its HIT.
 *
 * Return: the identity, without a reference, or NULL.
 */
struct hip_identity *hip_identity_choose(struct hip_net *hn, u8 suite)
{
	struct hip_identity *id, *required = NULL, *any = NULL;

	list_for_each_entry_rcu(id, &hn->identities, list) {
		if (id->anonymous)
			continue;
		if (id->suite == suite)
			return id;
		if (!required && id->suite == HIP_HIT_SUITE_RSA_DSA_SHA256)
			required = id;
		if (!any)
			any = id;
	}
	return required ?: any;
}

/**
 * hip_identity_find() - look up a local identity
 * @hn: namespace
 * @hit: its HIT
 *
 * Any context.
 *
 * Return: the identity, with a reference for the caller, or NULL.
 */
struct hip_identity *hip_identity_find(struct hip_net *hn,
				       const struct in6_addr *hit)
{
	struct hip_identity *id;

	rcu_read_lock();
	id = hip_identity_lookup(hn, hit);
	if (id && !refcount_inc_not_zero(&id->refcnt))
		id = NULL;
	rcu_read_unlock();
	return id;
}

/* Bits of the modulus of a well-formed RSA key, RFC 3110 section 2 */
static unsigned int hip_rsa_bits(const u8 *hi, size_t len)
{
	size_t off = 1 + hi[0];

	if (!hi[0])
		off = 3 + hip_load_be16(hi + 1);
	return (len - off - 1) * 8 + fls(hi[off]);
}

static int hip_identity_check_hi(u16 hi_alg, const u8 *hi, size_t hi_len,
				 struct netlink_ext_ack *extack)
{
	unsigned int bits;
	int err;

	if (!hip_suite_of_alg(hi_alg)) {
		NL_SET_ERR_MSG(extack, "HI algorithm is not supported: use 3, 5, 7 or 9");
		return -EOPNOTSUPP;
	}
	if (!hi_len || hi_len > HIP_HI_LEN_MAX) {
		NL_SET_ERR_MSG(extack, "Host Identity is empty or too long");
		return -EINVAL;
	}
	err = hip_hi_check(hi_alg, hi, hi_len);
	if (err == -EOPNOTSUPP) {
		NL_SET_ERR_MSG(extack, "curve is not supported: P-256, P-384, secp160r1");
		return err;
	}
	if (err) {
		NL_SET_ERR_MSG(extack, "Host Identity is malformed: see RFC 7401 section 5.2.9");
		return err;
	}
	if (hi_alg == HIP_HI_ALG_DSA && hi[0] < HIP_DSA_T_MIN) {
		NL_SET_ERR_MSG(extack, "DSA key is too short: use 1024 bits, the most that fits");
		return -EINVAL;
	}
	if (hi_alg != HIP_HI_ALG_RSA)
		return 0;

	bits = hip_rsa_bits(hi, hi_len);
	if (bits < HIP_RSA_BITS_MIN) {
		NL_SET_ERR_MSG(extack, "RSA key is too short to be safe: use 2048 bits or more");
		return -EINVAL;
	}
	if (bits > HIP_RSA_BITS_MAX) {
		NL_SET_ERR_MSG(extack, "RSA key does not fit into a packet: use at most 4096 bits");
		return -EINVAL;
	}
	return 0;
}

/* The HOST_ID parameter as it stands in R1 and I2 */
static int hip_identity_make_host_id(struct hip_identity *id)
{
	size_t size = HIP_TLV_SIZE(sizeof(struct hip_p_host_id) + id->hi_len);
	struct hip_builder b;
	int len;

	id->host_id = kmalloc(size, GFP_KERNEL);
	if (!id->host_id)
		return -ENOMEM;
	hip_build_init_inner(&b, id->host_id, size);
	hip_build_host_id(&b, id->hi_alg, id->hi, id->hi_len, HIP_DI_NONE,
			  NULL, 0);
	len = hip_build_finish(&b);
	if (len < 0)
		return len;
	id->host_id_len = len;
	return 0;
}

static struct hip_identity *hip_identity_make(struct hip_net *hn,
					      const char *name, u16 hi_alg,
					      const u8 *hi, size_t hi_len,
					      bool anonymous)
{
	struct hip_identity *id;
	int err = -ENOMEM;

	id = kzalloc(sizeof(*id), GFP_KERNEL);
	if (!id)
		return ERR_PTR(-ENOMEM);
	refcount_set(&id->refcnt, 1);
	id->hn = hn;
	id->hi_alg = hi_alg;
	id->suite = hip_suite_of_alg(hi_alg);
	id->anonymous = anonymous;
	id->hi = kmemdup(hi, hi_len, GFP_KERNEL);
	id->hi_len = hi_len;
	if (!id->hi)
		goto err_free;
	if (strscpy(id->name, name, sizeof(id->name)) < 0) {
		err = -EINVAL;
		goto err_free;
	}
	err = hip_hit_from_hi(id->suite, hi, hi_len, &id->hit);
	if (err)
		goto err_free;
	err = hip_identity_make_host_id(id);
	if (err)
		goto err_free;
	hip_r1_pool_init(id);
	return id;

err_free:
	kfree(id->host_id);
	kfree(id->hi);
	kfree(id);
	return ERR_PTR(err);
}

static int hip_identity_insert(struct hip_net *hn, struct hip_identity *id,
			       struct netlink_ext_ack *extack)
{
	lockdep_assert_held(&hn->lock);

	if (READ_ONCE(hn->dying))
		return -ESHUTDOWN;
	if (hip_identity_lookup(hn, &id->hit)) {
		NL_SET_ERR_MSG(extack, "this identity exists already");
		return -EEXIST;
	}
	if (hn->n_identities >= READ_ONCE(hn->config.max_identities)) {
		NL_SET_ERR_MSG(extack, "too many identities: delete some or raise max-identities");
		return -ENOSPC;
	}
	list_add_tail_rcu(&id->list, &hn->identities);
	hn->n_identities++;
	atomic_inc(&hn->gen);
	return 0;
}

/**
 * hip_identity_add() - add a local identity
 * @hn: namespace
 * @name: under which hipd knows the private key
 * @hi_alg: HI algorithm
 * @hi: HI field of HOST_ID
 * @hi_len: octets of @hi
 * @anonymous: set the A bit in packets of this identity
 * @accept: enum hip_accept
 * @hit: the HIT, on success
 * @extack: for the reason of a refusal, may be NULL
 *
 * Process context, takes hn->lock.  Its R1s are made as soon as there is a
 * helper.
 *
 * Return: 0, -EEXIST, -EINVAL, -EOPNOTSUPP, -ENOSPC, -ENOMEM or -ESHUTDOWN.
 */
int hip_identity_add(struct hip_net *hn, const char *name, u16 hi_alg,
		     const u8 *hi, size_t hi_len, bool anonymous, u8 accept,
		     struct in6_addr *hit, struct netlink_ext_ack *extack)
{
	struct hip_identity *id;
	int err;

	if (!*name || strnlen(name, HIP_NAME_MAX) == HIP_NAME_MAX) {
		NL_SET_ERR_MSG(extack, "name is empty or longer than 63 octets");
		return -EINVAL;
	}
	err = hip_identity_check_hi(hi_alg, hi, hi_len, extack);
	if (err)
		return err;
	id = hip_identity_make(hn, name, hi_alg, hi, hi_len, anonymous);
	if (IS_ERR(id))
		return PTR_ERR(id);
	id->accept = accept;

	mutex_lock(&hn->lock);
	err = hip_identity_insert(hn, id, extack);
	if (!err) {
		hip_r1_pool_renew(id);
		*hit = id->hit;
		hip_event_identity(hn, hit, HIP_EVENT_ADDED);
	}
	mutex_unlock(&hn->lock);

	/* else the list has the reference, and it may be gone already */
	if (err)
		hip_identity_put(id);
	return err;
}

/**
 * hip_identity_set() - say whose exchanges a local identity accepts
 * @hn: namespace
 * @hit: its HIT
 * @accept: enum hip_accept
 * @extack: for the reason of a refusal, may be NULL
 *
 * Process context, takes hn->lock.  Associations stay; see access.c for
 * exchanges that are under way.
 *
 * Return: 0 or -ENOENT.
 */
int hip_identity_set(struct hip_net *hn, const struct in6_addr *hit, u8 accept,
		     struct netlink_ext_ack *extack)
{
	struct hip_identity *id;

	mutex_lock(&hn->lock);
	id = hip_identity_lookup(hn, hit);
	if (id) {
		WRITE_ONCE(id->accept, accept);
		atomic_inc(&hn->gen);
		hip_event_identity(hn, hit, HIP_EVENT_CHANGED);
	}
	mutex_unlock(&hn->lock);

	if (!id) {
		NL_SET_ERR_MSG(extack, "no such identity");
		return -ENOENT;
	}
	return 0;
}

/* What has to be done for an identity that is not listed any more */
static void hip_identity_remove(struct hip_net *hn, struct hip_identity *id)
{
	/* Not with hn->lock held: the work of the pool takes it */
	hip_r1_pool_exit(id);
	hip_assoc_kill_identity(hn, &id->hit);
	hip_identity_put(id);
}

/**
 * hip_identity_del() - remove a local identity and its associations
 * @hn: namespace
 * @hit: its HIT
 * @extack: for the reason of a refusal, may be NULL
 *
 * Process context, takes hn->lock.
 *
 * Return: 0 or -ENOENT.
 */
int hip_identity_del(struct hip_net *hn, const struct in6_addr *hit,
		     struct netlink_ext_ack *extack)
{
	struct hip_identity *id;

	mutex_lock(&hn->lock);
	id = hip_identity_lookup(hn, hit);
	if (id) {
		list_del_rcu(&id->list);
		WRITE_ONCE(id->dead, true);
		hn->n_identities--;
		atomic_inc(&hn->gen);
		hip_event_identity(hn, hit, HIP_EVENT_REMOVED);
	}
	mutex_unlock(&hn->lock);

	if (!id) {
		NL_SET_ERR_MSG(extack, "no such identity");
		return -ENOENT;
	}
	hip_identity_remove(hn, id);
	return 0;
}

/**
 * hip_identity_net_exit() - forget the identities of a namespace
 * @hn: namespace; associations are gone, hn->wq still works
 */
void hip_identity_net_exit(struct hip_net *hn)
{
	struct hip_identity *id, *tmp;

	list_for_each_entry_safe(id, tmp, &hn->identities, list) {
		list_del_rcu(&id->list);
		WRITE_ONCE(id->dead, true);
		hip_r1_pool_exit(id);
		hip_identity_put(id);
	}
	hn->n_identities = 0;
}

/**
 * hip_identity_get_info() - what there is to show of an identity
 * @id: identity, under RCU or with a reference
 * @info: filled
 *
 * Any context.
 */
void hip_identity_get_info(struct hip_identity *id,
			   struct hip_identity_info *info)
{
	info->hit = id->hit;
	info->suite = id->suite;
	info->hi_alg = id->hi_alg;
	info->anonymous = id->anonymous;
	info->accept = READ_ONCE(id->accept);
	info->name = id->name;
	info->hi_len = id->hi_len;
	info->hi = id->hi;
	hip_r1_pool_get_info(id, &info->r1_counter, &info->r1_ready,
			     &info->r1_wanted);
}

/**
 * hip_identity_walk() - look at the identities
 * @hn: namespace
 * @skip: how many to leave out at the beginning
 * @fn: called for each, under RCU; a non-zero result ends the walk
 * @arg: for @fn
 *
 * Any context.  In the order in which they were added.
 *
 * Return: the last result of @fn.
 */
int hip_identity_walk(struct hip_net *hn, unsigned int skip,
		      int (*fn)(const struct hip_identity_info *info,
				void *arg), void *arg)
{
	struct hip_identity_info info;
	struct hip_identity *id;
	int err = 0;

	rcu_read_lock();
	list_for_each_entry_rcu(id, &hn->identities, list) {
		if (skip) {
			skip--;
			continue;
		}
		hip_identity_get_info(id, &info);
		err = fn(&info, arg);
		if (err)
			break;
	}
	rcu_read_unlock();
	return err;
}
