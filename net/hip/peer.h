/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Configured peers: HIT to locator mappings and per-peer knobs.
 */
#ifndef _HIP_PEER_H
#define _HIP_PEER_H

#include <linux/in6.h>
#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/rhashtable-types.h>

#include "bex_policy.h"

struct hip_net;
struct netlink_ext_ack;

#define HIP_PEER_LOCATORS_MAX	4
#define HIP_PEER_SUITES_MAX	8

/* hip_peer::ual, milliseconds: at most a week, as config.ual; or just that */
#define HIP_PEER_UAL_MAX	604800000
#define HIP_PEER_UAL_CONFIG	U32_MAX

/* For hip_peer_add(): as it was, or else what is the default */
#define HIP_PEER_ACCESS_KEEP	U8_MAX

/**
 * struct hip_peer - what the administrator says of a peer
 * @node: in hip_net::peers
 * @list: in hip_net::peer_list, in the order in which they were added
 * @hit: its HIT
 * @refcnt: one for the table, one for each holder
 * @rcu: for readers under RCU
 * @esn: 64-bit sequence numbers as RFC 7402 3.3.6 demands; off for
 *	implementations that lack them
 * @access: enum hip_access; see access.c
 * @ual: unused association lifetime, milliseconds; 0: for ever,
 *	HIP_PEER_UAL_CONFIG: config.ual
 * @n_locators: used entries of @locators; 0: only access is known
 * @n_esp_suites: used entries of @esp_suites; 0: the namespace's list
 * @locators: where the peer is, IPv4 as ::ffff:a.b.c.d; best first
 * @esp_suites: ESP suites to offer to and accept from it, best first
 *
 * Constant while in the table: a change puts a new object in its place, so that
 * readers under RCU see either all of it or nothing.
 */
struct hip_peer {
	struct rhash_head node;
	struct list_head list;
	struct in6_addr hit;
	refcount_t refcnt;
	struct rcu_head rcu;
	bool esn;
	u8 access;
	u8 n_locators;
	u8 n_esp_suites;
	u32 ual;
	struct in6_addr locators[HIP_PEER_LOCATORS_MAX];
	u16 esp_suites[HIP_PEER_SUITES_MAX];
};

/**
 * hip_peer_defaults() - what holds of a peer of which nothing else is said
 * @tmpl: for hip_peer_add(); zeroed
 *
 * Any context.
 */
static inline void hip_peer_defaults(struct hip_peer *tmpl)
{
	tmpl->esn = true;
	tmpl->access = HIP_PEER_ACCESS_KEEP;
	tmpl->ual = HIP_PEER_UAL_CONFIG;
}

int hip_peer_net_init(struct hip_net *hn);
void hip_peer_net_exit(struct hip_net *hn);

struct hip_peer *hip_peer_find(struct hip_net *hn, const struct in6_addr *hit);
void hip_peer_put(struct hip_peer *peer);
int hip_peer_add(struct hip_net *hn, const struct hip_peer *tmpl, bool replace,
		 struct netlink_ext_ack *extack);
int hip_peer_set_access(struct hip_net *hn, const struct in6_addr *hit,
			u8 access, struct netlink_ext_ack *extack);
/* any context */
enum hip_standing hip_peer_standing(struct hip_net *hn,
				    const struct in6_addr *hit);
u32 hip_peer_ual(struct hip_net *hn, const struct in6_addr *hit);
bool hip_peer_has_locator(struct hip_net *hn, const struct in6_addr *hit);
bool hip_peer_is_at(struct hip_net *hn, const struct in6_addr *locator);
int hip_peer_del(struct hip_net *hn, const struct in6_addr *hit,
		 struct netlink_ext_ack *extack);
void hip_peer_add_suites(struct hip_net *hn, u16 *suites, u8 *n);
/* from the @skip-th on, until @fn returns non-zero, which is returned; @fn runs
 * under RCU and must not sleep
 */
int hip_peer_walk(struct hip_net *hn, unsigned int skip,
		  int (*fn)(const struct hip_peer *peer, void *arg), void *arg);
/* NULL: a good locator; else what is wrong with it and what to do */
const char *hip_peer_bad_locator(const struct in6_addr *addr);

#endif /* _HIP_PEER_H */
