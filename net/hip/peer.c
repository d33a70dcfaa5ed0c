// SPDX-License-Identifier: GPL-2.0
/*
 * Configured peers: where they are, and how they want to be treated.
 */
#include <linux/err.h>
#include <linux/netlink.h>
#include <linux/rculist.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>

#include "bex_policy.h"
#include "crypto.h"
#include "hit.h"
#include "identity.h"
#include "net.h"
#include "netlink.h"
#include "peer.h"
#include "r1.h"
#include "wire.h"

/* The administrator chooses the peers: a keyed hash is not needed */
static const struct rhashtable_params hip_peer_params = {
	.key_len = sizeof(struct in6_addr),
	.key_offset = offsetof(struct hip_peer, hit),
	.head_offset = offsetof(struct hip_peer, node),
	.automatic_shrinking = true,
};

/**
 * hip_peer_net_init() - prepare the peers of a new namespace
 * @hn: namespace
 *
 * Return: 0 or a negative errno.
 */
int hip_peer_net_init(struct hip_net *hn)
{
	INIT_LIST_HEAD(&hn->peer_list);
	hn->n_peers = 0;
	return rhashtable_init(&hn->peers, &hip_peer_params);
}

/**
 * hip_peer_net_exit() - forget the peers of a namespace
 * @hn: namespace; nobody looks for peers any more
 */
void hip_peer_net_exit(struct hip_net *hn)
{
	struct hip_peer *peer, *tmp;

	list_for_each_entry_safe(peer, tmp, &hn->peer_list, list) {
		rhashtable_remove_fast(&hn->peers, &peer->node,
				       hip_peer_params);
		list_del_rcu(&peer->list);
		hip_peer_put(peer);
	}
	hn->n_peers = 0;
	rhashtable_destroy(&hn->peers);
}

/**
 * hip_peer_find() - look up a peer
 * @hn: namespace
 * @hit: its HIT
 *
 * Any context.
 *
 * Return: the peer, with a reference for the caller, or NULL.
 */
struct hip_peer *hip_peer_find(struct hip_net *hn, const struct in6_addr *hit)
{
	struct hip_peer *peer;

	rcu_read_lock();
	peer = rhashtable_lookup(&hn->peers, hit, hip_peer_params);
	if (peer && !refcount_inc_not_zero(&peer->refcnt))
		peer = NULL;
	rcu_read_unlock();

	return peer;
}

/**
 * hip_peer_standing() - what does the administrator say of a peer?
 * @hn: namespace
 * @hit: its HIT, of which a stranger may have made any
 *
 * Any context.
 *
 * Return: its standing.
 */
enum hip_standing hip_peer_standing(struct hip_net *hn,
				    const struct in6_addr *hit)
{
	enum hip_standing standing = HIP_STANDING_UNKNOWN;
	const struct hip_peer *peer;

	rcu_read_lock();
	peer = rhashtable_lookup(&hn->peers, hit, hip_peer_params);
	if (peer)
		standing = peer->access == HIP_ACCESS_ALLOW ?
			   HIP_STANDING_KNOWN : HIP_STANDING_DENIED;
	rcu_read_unlock();
	return standing;
}

/**
 * hip_peer_ual() - how long may an association with a peer be unused?
 * @hn: namespace
 * @hit: the peer's HIT
 *
 * Any context.  RFC 7402, section 3.3.7.
 *
 * Return: milliseconds, 0: for ever.
 */
u32 hip_peer_ual(struct hip_net *hn, const struct in6_addr *hit)
{
	const struct hip_peer *peer;
	u32 ual = HIP_PEER_UAL_CONFIG;

	rcu_read_lock();
	peer = rhashtable_lookup(&hn->peers, hit, hip_peer_params);
	if (peer)
		ual = peer->ual;
	rcu_read_unlock();
	return ual == HIP_PEER_UAL_CONFIG ? READ_ONCE(hn->config.ual) : ual;
}

/**
 * hip_peer_has_locator() - is it configured where a peer is?
 * @hn: namespace
 * @hit: its HIT
 *
 * Any context.
 *
 * Return: true if so.
 */
bool hip_peer_has_locator(struct hip_net *hn, const struct in6_addr *hit)
{
	const struct hip_peer *peer;
	bool has;

	rcu_read_lock();
	peer = rhashtable_lookup(&hn->peers, hit, hip_peer_params);
	has = peer && peer->n_locators;
	rcu_read_unlock();
	return has;
}

/**
 * hip_peer_is_at() - is a peer configured at this locator?
 * @hn: namespace
 * @locator: address, IPv4-mapped for IPv4
 *
 * Any context.  Looks at all peers.
 *
 * Return: true if so.
 */
bool hip_peer_is_at(struct hip_net *hn, const struct in6_addr *locator)
{
	const struct hip_peer *peer;
	bool found = false;
	unsigned int i;

	rcu_read_lock();
	list_for_each_entry_rcu(peer, &hn->peer_list, list)
		for (i = 0; i < peer->n_locators; i++)
			if (!memcmp(&peer->locators[i], locator,
				    sizeof(*locator)))
				found = true;
	rcu_read_unlock();
	return found;
}

/**
 * hip_peer_put() - give up a reference
 * @peer: peer, or NULL
 *
 * Any context.
 */
void hip_peer_put(struct hip_peer *peer)
{
	if (peer && refcount_dec_and_test(&peer->refcnt))
		kfree_rcu(peer, rcu);
}

static int hip_peer_check(const struct hip_peer *peer,
			  struct netlink_ext_ack *extack)
{
	unsigned int i;

	if (!hip_is_hit(&peer->hit)) {
		NL_SET_ERR_MSG(extack, "not a HIT: the peer's HIT is in 2001:20::/28");
		return -EINVAL;
	}
	if (!hip_rhash_len(hip_hit_suite(&peer->hit))) {
		NL_SET_ERR_MSG(extack, "HIT suite is not supported: mistyped HIT?");
		return -EOPNOTSUPP;
	}
	if (peer->n_locators > HIP_PEER_LOCATORS_MAX) {
		NL_SET_ERR_MSG(extack, "too many locators: at most 4");
		return -E2BIG;
	}
	for (i = 0; i < peer->n_locators; i++) {
		const char *why = hip_peer_bad_locator(&peer->locators[i]);

		if (why) {
			/* all these strings are constant */
			if (extack)
				extack->_msg = why;
			return -EINVAL;
		}
	}
	if (peer->ual > HIP_PEER_UAL_MAX && peer->ual != HIP_PEER_UAL_CONFIG) {
		NL_SET_ERR_MSG(extack, "ual is out of range: at most 604800000, a week");
		return -ERANGE;
	}
	if (peer->n_esp_suites > HIP_PEER_SUITES_MAX) {
		NL_SET_ERR_MSG(extack, "too many ESP suites: at most 8");
		return -E2BIG;
	}
	for (i = 0; i < peer->n_esp_suites; i++) {
		if (!hip_esp_suite_info(peer->esp_suites[i])) {
			NL_SET_ERR_MSG(extack, "ESP suite is not supported: use 1, or 7 to 15");
			return -EOPNOTSUPP;
		}
	}
	return 0;
}

/* All but who it is and its access */
static void hip_peer_copy(struct hip_peer *peer, const struct hip_peer *from)
{
	peer->esn = from->esn;
	peer->ual = from->ual;
	peer->n_locators = from->n_locators;
	peer->n_esp_suites = from->n_esp_suites;
	memcpy(peer->locators, from->locators, sizeof(peer->locators));
	memcpy(peer->esp_suites, from->esp_suites, sizeof(peer->esp_suites));
}

static struct hip_peer *hip_peer_dup(const struct hip_peer *tmpl)
{
	struct hip_peer *peer = kzalloc(sizeof(*peer), GFP_KERNEL);

	if (!peer)
		return NULL;
	peer->hit = tmpl->hit;
	peer->access = tmpl->access;
	hip_peer_copy(peer, tmpl);
	refcount_set(&peer->refcnt, 1);
	return peer;
}

/* Notes in which lists of single peers an ESP suite is; R1s tell of all */
static void hip_peer_count_suites(struct hip_net *hn,
				  const struct hip_peer *old,
				  const struct hip_peer *new)
{
	unsigned long before = 0, after = 0;
	struct hip_identity *id;
	unsigned int i;

	lockdep_assert_held(&hn->lock);

	for (i = 0; i <= HIP_ESP_SUITE_MAX; i++)
		before |= hn->n_peer_suites[i] ? BIT(i) : 0;
	for (i = 0; old && i < old->n_esp_suites; i++)
		hn->n_peer_suites[old->esp_suites[i]]--;
	for (i = 0; new && i < new->n_esp_suites; i++)
		hn->n_peer_suites[new->esp_suites[i]]++;
	for (i = 0; i <= HIP_ESP_SUITE_MAX; i++)
		after |= hn->n_peer_suites[i] ? BIT(i) : 0;

	if (before != after)
		list_for_each_entry(id, &hn->identities, list)
			hip_r1_pool_renew(id);
}

/**
 * hip_peer_add_suites() - what an R1 offers for the sake of single peers
 * @hn: namespace; its lock is held
 * @suites: ESP suites of the namespace, best first, HIP_SUITES_MAX entries
 * @n: number of them; grows
 *
 * Process context.  An R1 is made before we know for whom, so it has what any
 * list of a peer has, as far as there is room (RFC 7402, section 5.1.2); others
 * than that peer may not choose it.  What does not encrypt comes last, for those
 * whose own list has both.
 */
void hip_peer_add_suites(struct hip_net *hn, u16 *suites, u8 *n)
{
	unsigned int pass, id, i;

	lockdep_assert_held(&hn->lock);

	for (pass = 0; pass < 2; pass++) {
		for (id = HIP_ESP_SUITE_MAX; id; id--) {
			if (*n >= HIP_SUITES_MAX || !hn->n_peer_suites[id] ||
			    hip_esp_suite_info(id)->integrity_only != pass)
				continue;
			for (i = 0; i < *n && suites[i] != id; i++)
				;
			if (i == *n)
				suites[(*n)++] = id;
		}
	}
}

/* With hn->lock held; consumes @peer on success */
static int hip_peer_insert(struct hip_net *hn, struct hip_peer *peer,
			   bool replace, struct netlink_ext_ack *extack)
{
	struct hip_peer *old;
	int err;

	if (READ_ONCE(hn->dying))
		return -ESHUTDOWN;

	old = rhashtable_lookup_fast(&hn->peers, &peer->hit, hip_peer_params);
	if (old && !replace) {
		NL_SET_ERR_MSG(extack, "peer exists already: use replace, or delete it first");
		return -EEXIST;
	}
	if (peer->access == HIP_PEER_ACCESS_KEEP)
		peer->access = old ? old->access : HIP_ACCESS_ALLOW;
	if (old) {
		err = rhashtable_replace_fast(&hn->peers, &old->node,
					      &peer->node, hip_peer_params);
		if (err)
			return err;
		list_replace_rcu(&old->list, &peer->list);
		hip_peer_count_suites(hn, old, peer);
		hip_peer_put(old);
		return 0;
	}

	if (hn->n_peers >= READ_ONCE(hn->config.max_peers)) {
		NL_SET_ERR_MSG(extack, "too many peers: delete some or raise max-peers");
		return -ENOSPC;
	}
	err = rhashtable_insert_fast(&hn->peers, &peer->node, hip_peer_params);
	if (err)
		return err;
	list_add_tail_rcu(&peer->list, &hn->peer_list);
	hip_peer_count_suites(hn, NULL, peer);
	hn->n_peers++;
	return 0;
}

/* With @access_only, all else that is known of the peer stays */
static int hip_peer_store(struct hip_net *hn, const struct hip_peer *tmpl,
			  bool replace, bool access_only,
			  struct netlink_ext_ack *extack)
{
	struct hip_peer *peer, *old;
	int err;

	err = hip_peer_check(tmpl, extack);
	if (err)
		return err;
	peer = hip_peer_dup(tmpl);
	if (!peer)
		return -ENOMEM;

	mutex_lock(&hn->lock);
	old = rhashtable_lookup_fast(&hn->peers, &tmpl->hit, hip_peer_params);
	if (old && access_only)
		hip_peer_copy(peer, old);
	err = hip_peer_insert(hn, peer, replace, extack);
	if (!err) {
		atomic_inc(&hn->gen);
		hip_event_peer(hn, &tmpl->hit, true);
	}
	mutex_unlock(&hn->lock);

	if (err)
		kfree(peer);
	return err;
}

/**
 * hip_peer_add() - add a peer, or say something new of it
 * @hn: namespace
 * @tmpl: what is known of it; hit, esn, ual, access, locators and suites count; copied
 * @replace: it may exist already
 * @extack: for the reason of a refusal, may be NULL
 *
 * Process context, takes hn->lock.  Associations with the peer stay as they
 * are; the next exchange uses what is new.
 *
 * Return: 0, -EEXIST, -EINVAL, -EOPNOTSUPP, -E2BIG, -ENOSPC, -ENOMEM or
 * -ESHUTDOWN.
 */
int hip_peer_add(struct hip_net *hn, const struct hip_peer *tmpl, bool replace,
		 struct netlink_ext_ack *extack)
{
	return hip_peer_store(hn, tmpl, replace, false, extack);
}

/**
 * hip_peer_set_access() - say whether there may be associations with a peer
 * @hn: namespace
 * @hit: its HIT
 * @access: enum hip_access
 * @extack: for the reason of a refusal, may be NULL
 *
 * Process context, takes hn->lock.  A peer of which nothing was known is known
 * then, without a locator.  Associations stay; see access.c for exchanges that
 * are under way.
 *
 * Return: 0, -EINVAL, -EOPNOTSUPP, -ENOSPC, -ENOMEM or -ESHUTDOWN.
 */
int hip_peer_set_access(struct hip_net *hn, const struct in6_addr *hit,
			u8 access, struct netlink_ext_ack *extack)
{
	struct hip_peer tmpl = { .hit = *hit };

	hip_peer_defaults(&tmpl);
	tmpl.access = access;
	return hip_peer_store(hn, &tmpl, true, true, extack);
}

/**
 * hip_peer_del() - forget a peer
 * @hn: namespace
 * @hit: its HIT
 * @extack: for the reason of a refusal, may be NULL
 *
 * Process context, takes hn->lock.  Associations with it stay.
 *
 * Return: 0 or -ENOENT.
 */
int hip_peer_del(struct hip_net *hn, const struct in6_addr *hit,
		 struct netlink_ext_ack *extack)
{
	struct hip_peer *peer;

	mutex_lock(&hn->lock);
	peer = rhashtable_lookup_fast(&hn->peers, hit, hip_peer_params);
	if (peer) {
		rhashtable_remove_fast(&hn->peers, &peer->node,
				       hip_peer_params);
		list_del_rcu(&peer->list);
		hip_peer_count_suites(hn, peer, NULL);
		hn->n_peers--;
		atomic_inc(&hn->gen);
		hip_event_peer(hn, hit, false);
	}
	mutex_unlock(&hn->lock);

	if (!peer) {
		NL_SET_ERR_MSG(extack, "no such peer");
		return -ENOENT;
	}
	hip_peer_put(peer);
	return 0;
}

/**
 * hip_peer_walk() - look at the peers
 * @hn: namespace
 * @skip: how many to leave out at the beginning
 * @fn: called for each, under RCU; a non-zero result ends the walk
 * @arg: for @fn
 *
 * Any context.  In the order in which they were added.
 *
 * Return: the last result of @fn.
 */
int hip_peer_walk(struct hip_net *hn, unsigned int skip,
		  int (*fn)(const struct hip_peer *peer, void *arg), void *arg)
{
	const struct hip_peer *peer;
	int err = 0;

	rcu_read_lock();
	list_for_each_entry_rcu(peer, &hn->peer_list, list) {
		if (skip) {
			skip--;
			continue;
		}
		err = fn(peer, arg);
		if (err)
			break;
	}
	rcu_read_unlock();
	return err;
}
