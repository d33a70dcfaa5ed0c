// SPDX-License-Identifier: GPL-2.0
/*
 * With whom may there be associations?  The administrator says it of each local
 * identity (hip_identity::accept) and of each peer (hip_peer::access);
 * hip_policy_access() decides.
 *
 * Nothing is cached: an exchange asks before its I1 leaves and before an R1, or
 * an I2, costs anything that a stranger should not be given.  So who has been
 * told that the policy is changed knows that each of these steps from then on
 * follows the new one.  What is behind its last step then has an association in
 * the table, so that whoever denies and then closes leaves none.
 */
#include <linux/rcupdate.h>

#include "access.h"
#include "assoc.h"
#include "bex_policy.h"
#include "identity.h"
#include "peer.h"

/* In which state is the association of the two? UNASSOCIATED: there is none */
static u8 hip_access_state(struct hip_identity *id, const struct in6_addr *peer)
{
	const struct hip_assoc *assoc;
	u8 state = HIP_STATE_UNASSOCIATED;

	rcu_read_lock();
	assoc = hip_assoc_lookup(id->hn, &id->hit, peer);
	if (assoc)
		state = READ_ONCE(assoc->state);
	rcu_read_unlock();
	return state;
}

/**
 * hip_access_caller() - may this host begin an exchange with a peer, or go on
 *	with one that it has begun?
 * @id: local identity, under RCU or with a reference
 * @peer: HIT of the peer
 *
 * Any context.
 *
 * Return: true if so.
 */
bool hip_access_caller(struct hip_identity *id, const struct in6_addr *peer)
{
	return hip_policy_access(READ_ONCE(id->accept),
				 hip_peer_standing(id->hn, peer), true,
				 HIP_STATE_UNASSOCIATED);
}

/**
 * hip_access_callee() - may a peer begin an exchange with this host, or go on
 *	with one that it has begun?
 * @id: local identity, under RCU or with a reference
 * @peer: HIT of the peer
 * @anonymous: it says that its Host Identity is anonymous (RFC 7401, section
 *	5.1.2); a configured peer may be that
 *
 * Any context.
 *
 * Return: true if so.
 */
bool hip_access_callee(struct hip_identity *id, const struct in6_addr *peer,
		       bool anonymous)
{
	enum hip_standing standing = hip_peer_standing(id->hn, peer);

	if (anonymous && standing == HIP_STANDING_UNKNOWN)
		standing = HIP_STANDING_ANONYMOUS;
	return hip_policy_access(READ_ONCE(id->accept), standing, false,
				 hip_access_state(id, peer));
}
