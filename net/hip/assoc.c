// SPDX-License-Identifier: GPL-2.0
/*
 * What is an association? Its table, its life and its death, its timer, and the
 * worker that runs its exchanges.
 *
 * Whoever finds an association in softirq only leaves something for its worker
 * (a control packet, a data packet, a bit in hip_assoc::wanted) and queues it.
 * The worker is the only place, beside the timer, where the state changes; both
 * run on hip_net::wq with hip_assoc::mutex held and may sleep there for as long
 * as hipd takes.
 *
 * Death is asynchronous for that reason: hip_assoc_kill() makes an association
 * unreachable and ends its upcalls; the worker then buries what is left. So an
 * association may be killed from anywhere, its own timer and worker included.
 */
#include <linux/jiffies.h>
#include <linux/once.h>
#include <linux/random.h>
#include <linux/rcupdate.h>
#include <linux/rhashtable.h>
#include <linux/sched.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <net/ipv6.h>

#include "access.h"
#include "assoc.h"
#include "bex.h"
#include "bex_policy.h"
#include "close.h"
#include "ctrl.h"
#include "hit.h"
#include "identity.h"
#include "net.h"
#include "netlink.h"
#include "opportunistic.h"
#include "peer.h"
#include "rekey.h"
#include "stats.h"
#include "trace.h"
#include "upcall.h"
#include "update.h"

/* Of a size for which kmalloc() has no cache */
static struct kmem_cache *hip_assoc_cache __read_mostly;

/* HITs are chosen by strangers, who may try keys until the hashes collide */
static hsiphash_key_t hip_assoc_hash_key __read_mostly;

static u32 hip_assoc_hash(const void *key, u32 len, u32 seed)
{
	return hsiphash(key, len, &hip_assoc_hash_key) ^ seed;
}

static int hip_assoc_cmp(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct hip_assoc_key *key = arg->key;
	const struct hip_assoc *assoc = obj;

	return !ipv6_addr_equal(&assoc->key.peer, &key->peer) ||
	       !ipv6_addr_equal(&assoc->key.local, &key->local);
}

static const struct rhashtable_params hip_assoc_params = {
	.key_len = sizeof(struct hip_assoc_key),
	.key_offset = offsetof(struct hip_assoc, key),
	.head_offset = offsetof(struct hip_assoc, node),
	.hashfn = hip_assoc_hash,
	.obj_cmpfn = hip_assoc_cmp,
	.automatic_shrinking = true,
};

/* Look-up, references */

/**
 * hip_assoc_lookup() - find an association, without taking a reference
 * @hn: namespace
 * @local: local HIT
 * @peer: HIT of the peer
 *
 * Any context, under RCU: the association is valid until rcu_read_unlock().
 *
 * Return: the association, or NULL.
 */
struct hip_assoc *hip_assoc_lookup(struct hip_net *hn,
				   const struct in6_addr *local,
				   const struct in6_addr *peer)
{
	struct hip_assoc_key key = { .local = *local, .peer = *peer };

	return rhashtable_lookup(&hn->assocs, &key, hip_assoc_params);
}

/**
 * hip_assoc_find() - find an association and take a reference
 * @hn: namespace
 * @local: local HIT
 * @peer: HIT of the peer
 *
 * Any context.
 *
 * Return: the association, to be given back with hip_assoc_put(), or NULL.
 */
struct hip_assoc *hip_assoc_find(struct hip_net *hn,
				 const struct in6_addr *local,
				 const struct in6_addr *peer)
{
	struct hip_assoc *assoc;

	rcu_read_lock();
	assoc = hip_assoc_lookup(hn, local, peer);
	if (assoc && !refcount_inc_not_zero(&assoc->refcnt))
		assoc = NULL;
	rcu_read_unlock();

	return assoc;
}

static void hip_assoc_free_rcu(struct rcu_head *head)
{
	kmem_cache_free(hip_assoc_cache,
			container_of(head, struct hip_assoc, rcu));
}

/**
 * hip_assoc_put() - give back a reference
 * @assoc: association, or NULL
 *
 * Any context.  The last one frees the association after a grace period.
 */
void hip_assoc_put(struct hip_assoc *assoc)
{
	if (!assoc || !refcount_dec_and_test(&assoc->refcnt))
		return;

	/* buried: nothing is left but the memory */
	WARN_ON_ONCE(assoc->identity || assoc->have_keys);
	call_rcu(&assoc->rcu, hip_assoc_free_rcu);
}

/* For those who hold a reference; death_reason is valid then */
static bool hip_assoc_is_dead(const struct hip_assoc *assoc)
{
	/* pairs with hip_assoc_die() */
	return smp_load_acquire(&assoc->dead);
}

/* The worker's queue; each pending work holds a reference */

static void hip_assoc_queue_work(struct hip_assoc *assoc)
{
	refcount_inc(&assoc->refcnt);
	if (!queue_work(assoc->hn->wq, &assoc->ctrl_work))
		hip_assoc_put(assoc);
}

/**
 * hip_assoc_want() - leave a wish for the worker
 * @assoc: association, found under RCU
 * @bit: what is wanted
 *
 * Any context, under RCU.
 */
void hip_assoc_want(struct hip_assoc *assoc, enum hip_assoc_wanted bit)
{
	/* hip_assoc_net_exit() waits for those that miss hn->dying here */
	if (READ_ONCE(assoc->hn->dying) || READ_ONCE(assoc->dead))
		return;
	if (test_and_set_bit(bit, &assoc->wanted))
		return;
	if (!refcount_inc_not_zero(&assoc->refcnt))
		return;
	if (!queue_work(assoc->hn->wq, &assoc->ctrl_work))
		hip_assoc_put(assoc);
}

/**
 * hip_assoc_arm() - set the timer of an association
 * @assoc: association; its mutex is held
 * @msecs: milliseconds from now
 *
 * Process context.  A setting replaces the one before, also if that is due and
 * its work waits for the mutex.
 */
void hip_assoc_arm(struct hip_assoc *assoc, unsigned int msecs)
{
	unsigned long delay = msecs_to_jiffies(msecs);

	lockdep_assert_held(&assoc->mutex);

	/* The burial, which follows once @dead is seen, cancels for good */
	if (hip_assoc_is_dead(assoc))
		return;

	assoc->expires = jiffies + delay;
	assoc->armed = true;
	refcount_inc(&assoc->refcnt);
	if (mod_delayed_work(assoc->hn->wq, &assoc->timer, delay))
		hip_assoc_put(assoc);
}

/**
 * hip_assoc_disarm() - stop the timer of an association
 * @assoc: association; its mutex is held
 *
 * Process context.  Does not wait: a run that waits for the mutex finds that it
 * is not wanted any more.
 */
void hip_assoc_disarm(struct hip_assoc *assoc)
{
	lockdep_assert_held(&assoc->mutex);

	assoc->armed = false;
	if (cancel_delayed_work(&assoc->timer))
		hip_assoc_put(assoc);
}

/* State */

static bool hip_state_half_open(u8 state)
{
	return state == HIP_STATE_UNASSOCIATED || state == HIP_STATE_I1_SENT ||
	       state == HIP_STATE_I2_SENT;
}

/**
 * hip_assoc_set_state() - go to another state
 * @assoc: association; its mutex is held
 * @state: the new state, RFC 7401 section 4.4.2
 * @reason: enum hip_reason
 *
 * Process context.  All transitions go through here: tracepoint, event and the
 * count of half-open associations hang on it.
 */
void hip_assoc_set_state(struct hip_assoc *assoc, enum hip_state state,
			 u8 reason)
{
	bool half_open = hip_state_half_open(state) && !READ_ONCE(assoc->dead);
	u8 old = assoc->state;

	lockdep_assert_held(&assoc->mutex);

	if (half_open != assoc->half_open) {
		assoc->half_open = half_open;
		atomic_add(half_open ? 1 : -1, &assoc->hn->n_half_open);
	}
	if (old == state)
		return;

	spin_lock_bh(&assoc->lock);
	WRITE_ONCE(assoc->state, state);
	assoc->reason = reason;
	if (state == HIP_STATE_ESTABLISHED)
		assoc->established = get_jiffies_64();
	else if (state != HIP_STATE_CLOSING && state != HIP_STATE_CLOSED)
		assoc->established = 0;
	spin_unlock_bh(&assoc->lock);

	trace_hip_assoc_state(assoc, old, state, reason);
	hip_event_assoc(assoc, old, state, reason);
}

/**
 * hip_assoc_set_locators() - say where both hosts are
 * @assoc: association; its mutex is held
 * @local: our locator, any: routing chooses
 * @peer: the peer's locator; both IPv4-mapped for IPv4
 *
 * Process context.
 */
void hip_assoc_set_locators(struct hip_assoc *assoc,
			    const struct in6_addr *local,
			    const struct in6_addr *peer)
{
	lockdep_assert_held(&assoc->mutex);

	spin_lock_bh(&assoc->lock);
	assoc->local_locator = *local;
	assoc->peer_locator = *peer;
	spin_unlock_bh(&assoc->lock);
}

/**
 * hip_assoc_wipe_keys() - forget everything secret
 * @assoc: association; its mutex is held, its SAs are dropped already
 *
 * Process context.
 */
void hip_assoc_wipe_keys(struct hip_assoc *assoc)
{
	lockdep_assert_held(&assoc->mutex);

	spin_lock_bh(&assoc->lock);
	hip_keys_wipe(&assoc->keys);
	assoc->have_keys = false;
	assoc->spi_in = 0;
	assoc->spi_out = 0;
	spin_unlock_bh(&assoc->lock);
	hip_keymat_wipe(&assoc->keymat);
	hip_dh_state_free(assoc->dh_state);
	assoc->dh_state = NULL;
	hip_update_forget(assoc);
}

/**
 * hip_assoc_store() - keep a packet for retransmission
 * @assoc: association; its mutex is held
 * @pkt: the packet, or NULL to forget the one that is kept
 * @len: octets of @pkt
 *
 * Process context.
 *
 * Return: 0 or -ENOMEM; then nothing is kept.
 */
int hip_assoc_store(struct hip_assoc *assoc, const void *pkt, size_t len)
{
	lockdep_assert_held(&assoc->mutex);

	kfree(assoc->retx);
	assoc->retx = pkt ? kmemdup(pkt, len, GFP_KERNEL) : NULL;
	assoc->retx_len = assoc->retx ? len : 0;

	return pkt && !assoc->retx ? -ENOMEM : 0;
}

/* Failure */

/**
 * hip_assoc_hint() - somebody says that the exchange will fail
 * @assoc: association
 * @reason: enum hip_reason
 *
 * Any context.  An ICMP or NOTIFY message that anybody may have forged must not
 * end an exchange (RFC 7401, sections 6.6.2 and 6.13), but it tells why no
 * answer came, and how long it makes sense to wait for one.
 */
void hip_assoc_hint(struct hip_assoc *assoc, u8 reason)
{
	u8 state = READ_ONCE(assoc->state);

	/* In CLOSED there may be an I1 out; whoever sends one forgets old hints */
	if (state == HIP_STATE_I1_SENT || state == HIP_STATE_I2_SENT ||
	    state == HIP_STATE_CLOSED)
		WRITE_ONCE(assoc->hint, reason);
}

/**
 * hip_assoc_fail() - the exchange has come to nothing
 * @assoc: association; its mutex is held
 * @err: negative errno for the sockets: -EACCES or -EHOSTUNREACH
 * @reason: enum hip_reason, for people
 *
 * Process context.  Goes to E-FAILED (RFC 7401, section 4.4.3), where data is
 * rejected at once for config.failed_hold; but from CLOSED, which may try an
 * exchange without leaving that state (Table 8), it stays there.
 */
void hip_assoc_fail(struct hip_assoc *assoc, int err, u8 reason)
{
	struct hip_net *hn = assoc->hn;
	unsigned int hold = READ_ONCE(hn->config.failed_hold);

	lockdep_assert_held(&assoc->mutex);

	HIP_INC_STATS(hn, BEX_FAILED);
	hip_event_failure(assoc, reason);
	assoc->last_error = err;
	assoc->i1_outstanding = false;
	assoc->learn = false;
	assoc->doomed = HIP_REASON_NONE;
	WRITE_ONCE(assoc->hint, HIP_REASON_NONE);

	if (assoc->state == HIP_STATE_CLOSED) {
		hip_close_rearm(assoc);
		hip_assoc_reject_queue(assoc, err);
		return;
	}

	hip_assoc_drop_sas(assoc);
	hip_assoc_wipe_keys(assoc);
	hip_assoc_store(assoc, NULL, 0);
	hip_assoc_set_state(assoc, HIP_STATE_E_FAILED, reason);
	hip_assoc_reject_queue(assoc, err);
	/* No data is to be held off from a locator */
	if (hold && !hip_assoc_is_opportunistic(assoc))
		hip_assoc_arm(assoc, hold);
	else
		hip_assoc_kill(assoc, reason);
}

/* Was the failure our own fault, and has it been mended? */
static bool hip_assoc_mended(const struct hip_assoc *assoc)
{
	switch (assoc->reason) {
	case HIP_REASON_NO_MAPPING:
		return hip_peer_has_locator(assoc->hn, &assoc->key.peer);
	case HIP_REASON_POLICY:
		return hip_access_caller(assoc->identity, &assoc->key.peer);
	case HIP_REASON_NO_HELPER:
		return hip_upcall_available(assoc->hn);
	default:
		return false;
	}
}

/* There is data to send; RFC 7401 section 4.4.3, all tables */
static void hip_assoc_data_to_send(struct hip_assoc *assoc)
{
	switch (hip_policy_data(assoc->state, assoc->i1_outstanding)) {
	case HIP_DATA_START:
		hip_bex_start(assoc);
		break;
	case HIP_DATA_SEND:
		hip_assoc_start_data(assoc);
		break;
	case HIP_DATA_REJECT:
		if (hip_assoc_mended(assoc))
			hip_bex_start(assoc);
		else
			hip_assoc_reject_queue(assoc, assoc->last_error);
		break;
	case HIP_DATA_WAIT:
		break;
	}
}

/* Worker and timer */

static struct hip_ctrl_packet *hip_assoc_next_packet(struct hip_assoc *assoc)
{
	struct hip_ctrl_packet *pkt;

	spin_lock_bh(&assoc->ctrl_lock);
	pkt = list_first_entry_or_null(&assoc->ctrl_queue,
				       struct hip_ctrl_packet, list);
	if (pkt) {
		list_del(&pkt->list);
		assoc->ctrl_queued--;
	}
	spin_unlock_bh(&assoc->ctrl_lock);

	return pkt;
}

static void hip_assoc_dispatch(struct hip_assoc *assoc,
			       struct hip_ctrl_packet *pkt)
{
	switch (pkt->msg.type) {
	case HIP_PKT_R1:
		if (hip_assoc_is_opportunistic(assoc))
			hip_opportunistic_rx_r1(assoc, pkt);
		else
			hip_bex_rx_r1(assoc, pkt);
		break;
	case HIP_PKT_I2:
		hip_bex_rx_i2(assoc, pkt);
		break;
	case HIP_PKT_R2:
		hip_bex_rx_r2(assoc, pkt);
		break;
	case HIP_PKT_NOTIFY:
		hip_notify_rx(assoc, pkt);
		break;
	case HIP_PKT_UPDATE:
		hip_update_rx(assoc, pkt);
		break;
	case HIP_PKT_CLOSE:
		hip_close_rx(assoc, pkt);
		break;
	case HIP_PKT_CLOSE_ACK:
		hip_close_ack_rx(assoc, pkt);
		break;
	default:
		HIP_INC_STATS(assoc->hn, CTRL_STATE);
		break;
	}
}

/* Ends a dead association; the mutex is held. Does no harm a second time. */
static void hip_assoc_bury(struct hip_assoc *assoc)
{
	struct hip_ctrl_packet *pkt;

	hip_assoc_disarm(assoc);
	hip_assoc_set_state(assoc, HIP_STATE_UNASSOCIATED,
			    assoc->death_reason);
	hip_assoc_drop_sas(assoc);

	hip_assoc_close_queue(assoc);

	while ((pkt = hip_assoc_next_packet(assoc))) {
		HIP_INC_STATS(assoc->hn, CTRL_DYING);
		hip_ctrl_packet_free(assoc->hn, pkt);
	}

	hip_assoc_wipe_keys(assoc);
	hip_assoc_store(assoc, NULL, 0);
	hip_bex_forget_peer(assoc);
	hip_identity_put(assoc->identity);
	assoc->identity = NULL;
}

static void hip_assoc_rekey_wanted(struct hip_assoc *assoc)
{
	bool dh = test_and_clear_bit(HIP_ASSOC_WANT_REKEY_DH, &assoc->wanted);

	if (test_and_clear_bit(HIP_ASSOC_WANT_REKEY, &assoc->wanted) || dh)
		hip_update_rekey(assoc, dh);
}

static void hip_assoc_worker(struct work_struct *work)
{
	struct hip_assoc *assoc = container_of(work, struct hip_assoc,
					       ctrl_work);
	struct hip_ctrl_packet *pkt;
	unsigned int n = 0;

	mutex_lock(&assoc->mutex);

	if (!hip_assoc_is_dead(assoc) &&
	    test_and_clear_bit(HIP_ASSOC_WANT_DATA, &assoc->wanted)) {
		if (assoc->state == HIP_STATE_R2_SENT)
			hip_bex_established(assoc);
		hip_update_data(assoc);
	}

	/* Who sends them as fast as we look at them must not keep wishes and the
	 * timer waiting
	 */
	while (!hip_assoc_is_dead(assoc) && n < HIP_ASSOC_CTRL_MAX &&
	       (pkt = hip_assoc_next_packet(assoc))) {
		hip_assoc_dispatch(assoc, pkt);
		hip_ctrl_packet_free(assoc->hn, pkt);
		n++;
	}
	if (n == HIP_ASSOC_CTRL_MAX)
		hip_assoc_queue_work(assoc);

	if (!hip_assoc_is_dead(assoc) &&
	    test_and_clear_bit(HIP_ASSOC_WANT_CLOSE, &assoc->wanted))
		hip_close_start(assoc);

	if (!hip_assoc_is_dead(assoc))
		hip_assoc_rekey_wanted(assoc);

	if (!hip_assoc_is_dead(assoc) &&
	    test_and_clear_bit(HIP_ASSOC_WANT_START, &assoc->wanted))
		hip_assoc_data_to_send(assoc);

	/* It was made for an I2 that came to nothing; no timer would end it */
	if (!hip_assoc_is_dead(assoc) &&
	    assoc->state == HIP_STATE_UNASSOCIATED)
		hip_assoc_kill_unused(assoc);

	if (hip_assoc_is_dead(assoc) && assoc->identity)
		hip_assoc_bury(assoc);

	mutex_unlock(&assoc->mutex);
	hip_assoc_put(assoc);
}

static unsigned int hip_assoc_idle(const struct hip_assoc *assoc)
{
	unsigned long rx = READ_ONCE(assoc->last_rx);
	unsigned long tx = READ_ONCE(assoc->last_tx);
	unsigned long now = jiffies;

	return jiffies_to_msecs(min(now - rx, now - tx));
}

/* Not all at the same time that were made at the same time, as after a restart: their
 * timers would run in one softirq.
 */
static u32 hip_assoc_next_look(void)
{
	return HIP_ASSOC_UAL_CHECK - get_random_u32() % (HIP_ASSOC_UAL_CHECK / 2);
}

/**
 * hip_assoc_watch() - look after an association that is established
 * @assoc: association in ESTABLISHED, without a rekey; its mutex is held
 *
 * Process context.  Its timer looks for disuse and for keys that are old.
 */
void hip_assoc_watch(struct hip_assoc *assoc)
{
	u32 ual = hip_peer_ual(assoc->hn, &assoc->key.peer);
	unsigned int idle = hip_assoc_idle(assoc);
	u32 next = hip_assoc_next_look();
	u32 due = hip_rekey_next(assoc);

	/* Without a lifetime too, as that may be changed */
	if (ual)
		next = min(next, ual > idle ? ual - idle : 1);
	/* Due, but it could not begin: tried again */
	if (due)
		next = min(next, due);
	hip_assoc_arm(assoc, next);
}

/* Unused for the unused association lifetime? RFC 7401 section 4.4.3, Table 6 */
static void hip_assoc_check_use(struct hip_assoc *assoc)
{
	const struct hip_config *config = &assoc->hn->config;
	u32 ual = hip_peer_ual(assoc->hn, &assoc->key.peer);

	if (ual && hip_assoc_idle(assoc) >= ual) {
		HIP_INC_STATS(assoc->hn, ASSOC_EXPIRED);
		hip_close_begin(assoc, HIP_REASON_EXPIRED);
		return;
	}
	hip_rekey_expire_old(assoc);
	if (hip_rekey_next(assoc) ||
	    hip_update_rekey(assoc, READ_ONCE(config->rekey_new_dh)))
		hip_assoc_watch(assoc);
}

static void hip_assoc_expired(struct hip_assoc *assoc)
{
	switch ((enum hip_state)assoc->state) {
	case HIP_STATE_UNASSOCIATED:
		break;
	case HIP_STATE_I1_SENT:
	case HIP_STATE_I2_SENT:
		hip_bex_timeout(assoc);
		break;
	case HIP_STATE_R2_SENT:
		hip_bex_established(assoc);
		break;
	case HIP_STATE_ESTABLISHED:
		if (assoc->rekey)
			hip_update_timeout(assoc);
		else
			hip_assoc_check_use(assoc);
		break;
	case HIP_STATE_CLOSING:
		hip_close_timeout(assoc);
		break;
	case HIP_STATE_CLOSED:
		if (assoc->i1_outstanding)
			hip_bex_timeout(assoc);
		else
			hip_close_timeout(assoc);
		break;
	case HIP_STATE_E_FAILED:
		hip_assoc_kill(assoc, HIP_REASON_NONE);
		break;
	}
}

static void hip_assoc_timer(struct work_struct *work)
{
	struct hip_assoc *assoc = container_of(to_delayed_work(work),
					       struct hip_assoc, timer);

	mutex_lock(&assoc->mutex);
	if (assoc->armed && !hip_assoc_is_dead(assoc) &&
	    !time_before(jiffies, assoc->expires)) {
		assoc->armed = false;
		hip_assoc_expired(assoc);
	}
	mutex_unlock(&assoc->mutex);
	hip_assoc_put(assoc);
}

/* Birth and death */

static struct hip_assoc *hip_assoc_alloc(struct hip_net *hn,
					 const struct hip_assoc_key *key,
					 gfp_t gfp)
{
	struct hip_assoc *assoc = kmem_cache_zalloc(hip_assoc_cache, gfp);

	if (!assoc)
		return NULL;

	assoc->key = *key;
	assoc->hn = hn;
	if (hip_assoc_is_opportunistic(assoc))
		assoc->peer_locator = key->peer;
	/* the table's and the caller's */
	refcount_set(&assoc->refcnt, 2);
	assoc->created = get_jiffies_64();
	mutex_init(&assoc->mutex);
	spin_lock_init(&assoc->lock);
	assoc->state = HIP_STATE_UNASSOCIATED;
	assoc->half_open = true;
	assoc->esn = true;
	INIT_DELAYED_WORK(&assoc->timer, hip_assoc_timer);
	skb_queue_head_init(&assoc->queue);
	spin_lock_init(&assoc->ctrl_lock);
	INIT_LIST_HEAD(&assoc->ctrl_queue);
	INIT_WORK(&assoc->ctrl_work, hip_assoc_worker);
	assoc->last_rx = jiffies;
	assoc->last_tx = jiffies;
	assoc->doubted = jiffies - HIP_ASSOC_DOUBT_EVERY;

	return assoc;
}

static struct hip_assoc *hip_assoc_insert(struct hip_net *hn,
					  struct hip_assoc *assoc)
{
	struct hip_assoc *old;

	rcu_read_lock();
	do {
		old = rhashtable_lookup_get_insert_fast(&hn->assocs,
							&assoc->node,
							hip_assoc_params);
		/* a dying one leaves the table before its last reference */
	} while (!IS_ERR_OR_NULL(old) &&
		 !refcount_inc_not_zero(&old->refcnt));
	rcu_read_unlock();

	return old;
}

static bool hip_assoc_unhash(struct hip_assoc *assoc)
{
	struct hip_net *hn = assoc->hn;

	if (rhashtable_remove_fast(&hn->assocs, &assoc->node,
				   hip_assoc_params))
		return false;
	atomic_dec(&hn->n_assocs);
	atomic_inc(&hn->gen);
	return true;
}

/* The rest is the worker's; any context, by whoever has unhashed it */
static void hip_assoc_die(struct hip_assoc *assoc, u8 reason)
{
	assoc->death_reason = reason;
	/* pairs with hip_assoc_is_dead() */
	smp_store_release(&assoc->dead, true);
	hip_assoc_queue_work(assoc);
	/* the table's reference */
	hip_assoc_put(assoc);
}

static struct hip_assoc *hip_assoc_create(struct hip_net *hn,
					  const struct hip_assoc_key *key,
					  gfp_t gfp)
{
	struct hip_assoc *assoc, *old;
	struct hip_identity *id;
	int err;

	id = hip_identity_find(hn, &key->local);
	if (!id)
		return ERR_PTR(-EADDRNOTAVAIL);

	if (!atomic_add_unless(&hn->n_assocs, 1,
			       READ_ONCE(hn->config.max_assocs)))
		goto err_limit;
	if (!atomic_add_unless(&hn->n_half_open, 1,
			       READ_ONCE(hn->config.max_half_open)))
		goto err_half_open;

	err = -ENOMEM;
	assoc = hip_assoc_alloc(hn, key, gfp);
	if (!assoc)
		goto err_free;
	assoc->identity = id;

	old = hip_assoc_insert(hn, assoc);
	if (old) {
		kmem_cache_free(hip_assoc_cache, assoc);
		if (IS_ERR(old)) {
			err = PTR_ERR(old);
			goto err_free;
		}
		atomic_dec(&hn->n_half_open);
		atomic_dec(&hn->n_assocs);
		hip_identity_put(id);
		return old;
	}

	atomic_inc(&hn->gen);
	/* hip_assoc_kill_identity() may have looked before we were there */
	if (READ_ONCE(id->dead) && hip_assoc_unhash(assoc))
		hip_assoc_die(assoc, HIP_REASON_NO_IDENTITY);
	return assoc;

err_free:
	atomic_dec(&hn->n_half_open);
	atomic_dec(&hn->n_assocs);
	hip_identity_put(id);
	return ERR_PTR(err == -ENOMEM ? -ENOMEM : -ENOSPC);
err_half_open:
	atomic_dec(&hn->n_assocs);
err_limit:
	hip_identity_put(id);
	return ERR_PTR(-ENOSPC);
}

/**
 * hip_assoc_find_or_create() - find an association, or make one
 * @hn: namespace
 * @local: HIT of a local identity
 * @peer: HIT of the peer, or its locator, see opportunistic.c
 * @gfp: how to allocate
 *
 * Any context, under RCU or otherwise sure that @hn is not going away.  A new
 * association is UNASSOCIATED and half-open; it stays until somebody leaves
 * something for its worker.
 *
 * Return: an association with a reference for the caller, or ERR_PTR:
 * -EADDRNOTAVAIL if @local is not ours, -ENOSPC if a limit was reached,
 * -ENOMEM, -ESHUTDOWN if the namespace goes away.
 */
struct hip_assoc *hip_assoc_find_or_create(struct hip_net *hn,
					   const struct in6_addr *local,
					   const struct in6_addr *peer,
					   gfp_t gfp)
{
	struct hip_assoc_key key = { .local = *local, .peer = *peer };
	struct hip_assoc *assoc;

	assoc = hip_assoc_find(hn, local, peer);
	if (assoc)
		return assoc;
	if (READ_ONCE(hn->dying))
		return ERR_PTR(-ESHUTDOWN);

	return hip_assoc_create(hn, &key, gfp);
}

/**
 * hip_assoc_kill() - remove an association
 * @assoc: association; the caller has a reference or its mutex
 * @reason: enum hip_reason
 *
 * Process context.  On return nobody finds it any more and no upcall holds it
 * up; SAs, packets and keys go as soon as the worker comes to it.  Does nothing
 * if the association is dead already.
 */
void hip_assoc_kill(struct hip_assoc *assoc, u8 reason)
{
	if (!hip_assoc_unhash(assoc))
		return;
	hip_upcall_cancel(assoc->hn, &assoc->upcalls);
	hip_assoc_die(assoc, reason);
}

/**
 * hip_assoc_kill_unused() - remove an association for which nothing waits
 * @assoc: association in UNASSOCIATED; its mutex is held
 *
 * Process context.
 */
void hip_assoc_kill_unused(struct hip_assoc *assoc)
{
	lockdep_assert_held(&assoc->mutex);

	if (!READ_ONCE(assoc->ctrl_queued) &&
	    !test_bit(HIP_ASSOC_WANT_START, &assoc->wanted))
		hip_assoc_kill(assoc, HIP_REASON_NONE);
}

/**
 * hip_assoc_end() - both sides have closed
 * @assoc: association in CLOSING or CLOSED; its mutex is held
 *
 * Process context.  RFC 7401, section 6.15: discards the state.  If there is
 * data to send, or an I1 is out for it already, the exchange for that goes on.
 */
void hip_assoc_end(struct hip_assoc *assoc)
{
	lockdep_assert_held(&assoc->mutex);

	if (!assoc->i1_outstanding && skb_queue_empty_lockless(&assoc->queue)) {
		hip_assoc_kill(assoc, assoc->reason);
		return;
	}

	hip_assoc_wipe_keys(assoc);
	hip_assoc_store(assoc, NULL, 0);
	assoc->close_sent = false;
	hip_assoc_set_state(assoc, HIP_STATE_UNASSOCIATED, assoc->reason);
	if (assoc->i1_outstanding)
		hip_assoc_set_state(assoc, HIP_STATE_I1_SENT, HIP_REASON_NONE);
	else
		hip_bex_start(assoc);
}

/**
 * hip_assoc_kill_identity() - remove all associations of a local identity
 * @hn: namespace
 * @hit: HIT of the identity, which is not listed any more
 *
 * Process context.
 */
void hip_assoc_kill_identity(struct hip_net *hn, const struct in6_addr *hit)
{
	struct hip_assoc_iter it;
	struct hip_assoc *assoc;
	bool again;

	/* A walk misses the neighbour of what is removed meanwhile */
	do {
		again = false;
		hip_assoc_iter_init(hn, &it);
		while ((assoc = hip_assoc_iter_next(&it))) {
			if (ipv6_addr_equal(&assoc->key.local, hit)) {
				hip_assoc_kill(assoc, HIP_REASON_ADMIN);
				again = true;
			}
			hip_assoc_put(assoc);
			cond_resched();
		}
		hip_assoc_iter_exit(&it);
	} while (again);
}

/* Module and namespace */

/**
 * hip_assoc_init() - prepare for associations
 *
 * Process context, before hip_assoc_net_init() of any namespace.
 *
 * Return: 0 or -ENOMEM.
 */
int hip_assoc_init(void)
{
	hip_assoc_cache = KMEM_CACHE(hip_assoc, 0);
	return hip_assoc_cache ? 0 : -ENOMEM;
}

/**
 * hip_assoc_exit() - undo hip_assoc_init()
 *
 * Process context, after hip_assoc_net_exit() of every namespace and
 * rcu_barrier().
 */
void hip_assoc_exit(void)
{
	kmem_cache_destroy(hip_assoc_cache);
}

/**
 * hip_assoc_net_init() - prepare the table of a namespace
 * @hn: namespace
 *
 * Process context.
 *
 * Return: 0 or -ENOMEM.
 */
int hip_assoc_net_init(struct hip_net *hn)
{
	get_random_once(&hip_assoc_hash_key, sizeof(hip_assoc_hash_key));
	atomic_set(&hn->n_assocs, 0);
	atomic_set(&hn->n_half_open, 0);
	return rhashtable_init(&hn->assocs, &hip_assoc_params);
}

/**
 * hip_assoc_net_exit() - remove all associations of a namespace
 * @hn: namespace; hn->wq, upcalls, identities and SAs still work; hn->dying
 *	was set a grace period ago, so nobody makes a new association or leaves
 *	something for the worker of an old one
 *
 * Process context.  On return all associations are buried.
 */
void hip_assoc_net_exit(struct hip_net *hn)
{
	struct hip_assoc_iter it;
	struct hip_assoc *assoc;

	/* A walk misses the neighbour of what is removed meanwhile, and a worker
	 * may have been about to make one more.  Each one killed has queued its
	 * burial, which cancels its timer.  A timer that runs already finds
	 * nothing to do and needs only hn->wq.
	 */
	do {
		hip_assoc_iter_init(hn, &it);
		while ((assoc = hip_assoc_iter_next(&it))) {
			hip_assoc_kill(assoc, HIP_REASON_ADMIN);
			hip_assoc_put(assoc);
			cond_resched();
		}
		hip_assoc_iter_exit(&it);
		flush_workqueue(hn->wq);
	} while (atomic_read(&hn->n_assocs));

	/* of those that a worker has killed just now */
	flush_workqueue(hn->wq);
	WARN_ON_ONCE(atomic_read(&hn->n_assocs) ||
		     atomic_read(&hn->n_half_open));

	rhashtable_destroy(&hn->assocs);
}
