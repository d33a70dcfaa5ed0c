/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Local Host Identities. The private keys are hipd's.
 */
#ifndef _HIP_IDENTITY_H
#define _HIP_IDENTITY_H

#include <linux/in6.h>
#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/workqueue.h>

#include "r1.h"
#include "upcall.h"
#include "upcall_queue.h"

struct hip_net;
struct netlink_ext_ack;

/**
 * struct hip_identity - one local Host Identity
 * @list: in hip_net::identities, RCU
 * @rcu: readers hold no reference
 * @refcnt: one for the list, one for each holder
 * @hn: the namespace
 * @hit: its HIT
 * @suite: HIT suite of @hit
 * @hi_alg: HI algorithm
 * @anonymous: set the A bit, RFC 7401 5.1.2
 * @name: under which hipd knows the key
 * @hi_len: octets of the HI field
 * @hi: the HI field
 * @host_id_len: octets of @host_id
 * @host_id: the HOST_ID TLV that we send
 * @dead: removed from the list
 * @accept: enum hip_accept; written under hip_net::lock, read locklessly: each
 *	step of an exchange reads it once, see access.c
 * @upcalls: requests to hipd on its behalf; their queue's lock
 * @r1: pre-signed R1s; see r1.h
 *
 * Everything but @r1, @upcalls, @accept and @dead is constant while the identity is listed.
 */
struct hip_identity {
	struct list_head list;
	struct rcu_head rcu;
	refcount_t refcnt;
	struct hip_net *hn;
	struct in6_addr hit;
	u8 suite;
	u16 hi_alg;
	bool anonymous;
	char name[HIP_NAME_MAX];
	u16 hi_len;
	u8 *hi;
	u16 host_id_len;
	u8 *host_id;
	bool dead;
	u8 accept;
	struct hip_upcall_owner upcalls;
	struct hip_r1_pool r1;
};

int hip_identity_net_init(struct hip_net *hn);
void hip_identity_net_exit(struct hip_net *hn);

int hip_identity_add(struct hip_net *hn, const char *name, u16 hi_alg,
		     const u8 *hi, size_t hi_len, bool anonymous, u8 accept,
		     struct in6_addr *hit, struct netlink_ext_ack *extack);
int hip_identity_set(struct hip_net *hn, const struct in6_addr *hit, u8 accept,
		     struct netlink_ext_ack *extack);
int hip_identity_del(struct hip_net *hn, const struct in6_addr *hit,
		     struct netlink_ext_ack *extack);
/* RCU; no reference */
struct hip_identity *hip_identity_lookup(struct hip_net *hn,
					 const struct in6_addr *hit);
struct hip_identity *hip_identity_choose(struct hip_net *hn, u8 suite);
/* takes a reference */
struct hip_identity *hip_identity_find(struct hip_net *hn,
				       const struct in6_addr *hit);
void hip_identity_put(struct hip_identity *id);

/**
 * struct hip_identity_info - what netlink shows of an identity
 * @hit: its HIT
 * @suite: HIT suite of @hit
 * @hi_alg: HI algorithm
 * @anonymous: the A bit is set in packets of this identity
 * @accept: enum hip_accept
 * @name: under which hipd knows the key
 * @hi_len: octets of the HI field
 * @hi: the HI field
 * @r1_counter: R1_COUNTER of the newest generation
 * @r1_ready: R1s that can be sent now, one per DH group
 * @r1_wanted: DH groups of the namespace, so R1s that there should be
 *
 * Pointers point into the identity: valid as long as it is.
 */
struct hip_identity_info {
	struct in6_addr hit;
	u8 suite;
	u16 hi_alg;
	bool anonymous;
	u8 accept;
	const char *name;
	u16 hi_len;
	const u8 *hi;
	u64 r1_counter;
	unsigned int r1_ready;
	unsigned int r1_wanted;
};

void hip_identity_get_info(struct hip_identity *id,
			   struct hip_identity_info *info);
/* from the @skip-th on, until @fn returns non-zero, which is returned; @fn runs
 * under RCU and must not sleep
 */
int hip_identity_walk(struct hip_net *hn, unsigned int skip,
		      int (*fn)(const struct hip_identity_info *info,
				void *arg), void *arg);

#endif /* _HIP_IDENTITY_H */
