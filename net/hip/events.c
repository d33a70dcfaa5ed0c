// SPDX-License-Identifier: GPL-2.0
/*
 * Events: what changes, told to whoever listens on the multicast group.
 *
 * A listener that joins first and then dumps knows all: each event names its
 * object, and an object that comes or goes has an event.  An event that got
 * lost shows as ENOBUFS on the listener's socket; it dumps again.
 */

#include <net/genetlink.h>

#include "assoc.h"
#include "identity.h"
#include "net.h"
#include "netlink.h"

/* NULL: nobody listens, or no memory, which the listeners are told */
static struct sk_buff *hip_event_new(struct hip_net *hn, u8 cmd, void **hdr)
{
	struct sk_buff *msg;

	/* At rmmod the family goes before the associations do */
	if (READ_ONCE(hn->dying) ||
	    !genl_has_listeners(&hip_nl_family, hn->net, HIP_NLGRP_EVENTS))
		return NULL;

	msg = genlmsg_new(NLMSG_GOODSIZE, GFP_ATOMIC);
	if (!msg) {
		genl_set_err(&hip_nl_family, hn->net, 0, HIP_NLGRP_EVENTS,
			     -ENOBUFS);
		return NULL;
	}
	*hdr = genlmsg_put(msg, 0, 0, &hip_nl_family, 0, cmd);
	return msg;
}

static void hip_event_send(struct hip_net *hn, struct sk_buff *msg, void *hdr,
			   int err)
{
	if (WARN_ON_ONCE(err)) {
		/* NLMSG_GOODSIZE is several times what an event needs */
		nlmsg_free(msg);
		genl_set_err(&hip_nl_family, hn->net, 0, HIP_NLGRP_EVENTS,
			     -ENOBUFS);
		return;
	}
	genlmsg_end(msg, hdr);
	genlmsg_multicast_netns(&hip_nl_family, hn->net, msg, 0,
				HIP_NLGRP_EVENTS, GFP_ATOMIC);
}

static int hip_event_put_assoc(struct sk_buff *msg, struct hip_assoc *assoc,
			       u8 old_state, u8 new_state, u8 reason)
{
	struct hip_assoc_info info;
	int err = -EMSGSIZE;
	u8 event;

	if (new_state == HIP_STATE_UNASSOCIATED)
		event = HIP_EVENT_REMOVED;
	else if (old_state == HIP_STATE_UNASSOCIATED)
		event = HIP_EVENT_ADDED;
	else
		event = HIP_EVENT_CHANGED;

	/* see hip_nl_put_sas() */
	rcu_read_lock();
	hip_assoc_get_info(assoc, &info);
	if (nla_put_u8(msg, HIP_A_EVENT, event) ||
	    hip_nl_put_hit(msg, HIP_A_LOCAL_HIT, &assoc->key.local) ||
	    hip_nl_put_hit(msg, HIP_A_PEER_HIT, &assoc->key.peer) ||
	    nla_put_u8(msg, HIP_A_OLD_STATE, old_state) ||
	    nla_put_u8(msg, HIP_A_STATE, new_state) ||
	    nla_put_u8(msg, HIP_A_ROLE, info.initiator ?
		       HIP_ROLE_INITIATOR : HIP_ROLE_RESPONDER) ||
	    nla_put_u8(msg, HIP_A_REASON, reason) ||
	    hip_nl_put_locator(msg, HIP_A_LOCAL_LOCATOR, &info.local_locator) ||
	    hip_nl_put_locator(msg, HIP_A_PEER_LOCATOR, &info.peer_locator) ||
	    (info.negotiated &&
	     nla_put_u16(msg, HIP_A_ESP_SUITE, info.esp_suite)))
		goto out;
	err = hip_nl_put_sas(msg, &info);
out:
	rcu_read_unlock();
	return err;
}

/**
 * hip_event_assoc() - an association changed its state
 * @assoc: association
 * @old_state: enum hip_state; UNASSOCIATED: it is new
 * @new_state: enum hip_state; UNASSOCIATED: it is gone
 * @reason: enum hip_reason
 *
 * Any context; takes assoc->lock.
 */
void hip_event_assoc(struct hip_assoc *assoc, u8 old_state, u8 new_state,
		     u8 reason)
{
	struct sk_buff *msg;
	void *hdr;
	int err;

	msg = hip_event_new(assoc->hn, HIP_CMD_ASSOC_EVENT, &hdr);
	if (!msg)
		return;

	err = hip_event_put_assoc(msg, assoc, old_state, new_state, reason);
	hip_event_send(assoc->hn, msg, hdr, err);
}

/* Whose association, and where its peer is */
static int hip_event_put_who(struct sk_buff *msg, struct hip_assoc *assoc)
{
	struct in6_addr locator;

	spin_lock_bh(&assoc->lock);
	locator = assoc->peer_locator;
	spin_unlock_bh(&assoc->lock);

	if (hip_nl_put_hit(msg, HIP_A_LOCAL_HIT, &assoc->key.local) ||
	    hip_nl_put_hit(msg, HIP_A_PEER_HIT, &assoc->key.peer))
		return -EMSGSIZE;
	return hip_nl_put_locator(msg, HIP_A_PEER_LOCATOR, &locator);
}

/**
 * hip_event_failure() - data could not be sent or an exchange failed
 * @assoc: association
 * @reason: enum hip_reason
 *
 * Any context; takes assoc->lock.
 */
void hip_event_failure(struct hip_assoc *assoc, u8 reason)
{
	struct sk_buff *msg;
	void *hdr;
	int err;

	msg = hip_event_new(assoc->hn, HIP_CMD_FAILURE_EVENT, &hdr);
	if (!msg)
		return;

	err = hip_event_put_who(msg, assoc);
	if (!err)
		err = nla_put_u8(msg, HIP_A_REASON, reason);
	hip_event_send(assoc->hn, msg, hdr, err);
}

/**
 * hip_event_learnt() - a peer whose HIT was not known has proved to have it
 * @assoc: association
 *
 * Any context; takes assoc->lock.
 */
void hip_event_learnt(struct hip_assoc *assoc)
{
	struct sk_buff *msg;
	void *hdr;
	int err;

	msg = hip_event_new(assoc->hn, HIP_CMD_LEARNT_EVENT, &hdr);
	if (!msg)
		return;

	err = hip_event_put_who(msg, assoc);
	hip_event_send(assoc->hn, msg, hdr, err);
}

/**
 * hip_event_notify() - a NOTIFY was sent or received
 * @assoc: association
 * @type: NOTIFY message type, RFC 7401 5.2.19
 * @sent: we sent it
 *
 * Any context.
 */
void hip_event_notify(const struct hip_assoc *assoc, u16 type, bool sent)
{
	struct sk_buff *msg;
	void *hdr;
	int err;

	msg = hip_event_new(assoc->hn, HIP_CMD_NOTIFY_EVENT, &hdr);
	if (!msg)
		return;

	err = hip_nl_put_hit(msg, HIP_A_LOCAL_HIT, &assoc->key.local);
	if (!err)
		err = hip_nl_put_hit(msg, HIP_A_PEER_HIT, &assoc->key.peer);
	if (!err)
		err = nla_put_u16(msg, HIP_A_NOTIFY_TYPE, type);
	if (!err)
		err = nla_put_u8(msg, HIP_A_DIRECTION, sent ?
				 HIP_DIRECTION_OUT : HIP_DIRECTION_IN);
	hip_event_send(assoc->hn, msg, hdr, err);
}

/**
 * hip_event_identity() - an identity came, changed or went
 * @hn: namespace
 * @hit: its HIT
 * @event: enum hip_event
 *
 * With hn->lock held, so that the events of one identity keep their order.
 */
void hip_event_identity(struct hip_net *hn, const struct in6_addr *hit,
			u8 event)
{
	struct hip_identity *id;
	struct sk_buff *msg;
	void *hdr;
	int err;

	lockdep_assert_held(&hn->lock);

	msg = hip_event_new(hn, HIP_CMD_IDENTITY_EVENT, &hdr);
	if (!msg)
		return;

	err = nla_put_u8(msg, HIP_A_EVENT, event);
	if (!err)
		err = hip_nl_put_hit(msg, HIP_A_HIT, hit);

	rcu_read_lock();
	id = hip_identity_lookup(hn, hit);
	if (!err && id)
		err = nla_put_string(msg, HIP_A_NAME, id->name);
	rcu_read_unlock();
	hip_event_send(hn, msg, hdr, err);
}

/**
 * hip_event_peer() - a peer came, was replaced, or went
 * @hn: namespace
 * @hit: its HIT
 * @added: it came or was replaced
 *
 * With hn->lock held, so that the events of one peer keep their order.
 */
void hip_event_peer(struct hip_net *hn, const struct in6_addr *hit, bool added)
{
	struct sk_buff *msg;
	void *hdr;
	int err;

	lockdep_assert_held(&hn->lock);

	msg = hip_event_new(hn, HIP_CMD_PEER_EVENT, &hdr);
	if (!msg)
		return;

	err = nla_put_u8(msg, HIP_A_EVENT,
			 added ? HIP_EVENT_ADDED : HIP_EVENT_REMOVED);
	if (!err)
		err = hip_nl_put_hit(msg, HIP_A_HIT, hit);
	hip_event_send(hn, msg, hdr, err);
}

/**
 * hip_netlink_upcall_ready() - tell hipd that there is work
 * @hn: namespace
 *
 * Any context.  Loses nothing when it fails: a worker of hipd that is at work
 * accepts until there is no more.
 */
void hip_netlink_upcall_ready(struct hip_net *hn)
{
	struct sk_buff *msg;
	void *hdr;

	if (!hip_netlink_upcall_listeners(hn))
		return;

	msg = genlmsg_new(0, GFP_ATOMIC);
	if (!msg) {
		genl_set_err(&hip_nl_family, hn->net, 0, HIP_NLGRP_UPCALL,
			     -ENOBUFS);
		return;
	}
	hdr = genlmsg_put(msg, 0, 0, &hip_nl_family, 0, HIP_CMD_UPCALL_READY);
	genlmsg_end(msg, hdr);
	genlmsg_multicast_netns(&hip_nl_family, hn->net, msg, 0,
				HIP_NLGRP_UPCALL, GFP_ATOMIC);
}

/**
 * hip_netlink_upcall_listeners() - might a hipd listen?
 * @hn: namespace
 *
 * Any context.  See hip_upcall_available() for whether one is there.
 *
 * Return: somebody is in the multicast group "upcall", in whatever namespace.
 */
bool hip_netlink_upcall_listeners(struct hip_net *hn)
{
	return genl_has_listeners(&hip_nl_family, hn->net, HIP_NLGRP_UPCALL);
}
