// SPDX-License-Identifier: GPL-2.0
/*
 * The pool of pre-signed R1s: an I1 costs one hash, one copy and no state.
 *
 * A generation has one R1 for each DH group of the namespace; all bear the same
 * R1_COUNTER.  The generation before the current one is kept, so that the I2s
 * which answer it find their DH key (RFC 7401, sections 6.7.1 and 6.9).  A new
 * generation is made when the puzzle secret changes (Appendix A), but only if
 * the current one was sent to anybody, and when the configuration changes.
 *
 * Making one needs hipd.  Without it the pool tries again with a back-off, and
 * at once when upcall.c sees a helper.  The first generation is published
 * R1 by R1, best group first, so that the first Initiators need not wait for
 * the last; the others replace their predecessor as a whole.
 */
#include <linux/jiffies.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

#include "identity.h"
#include "net.h"
#include "param.h"
#include "puzzle.h"
#include "r1.h"
#include "r1_make.h"
#include "stats.h"
#include "upcall.h"
#include "wire.h"

#define HIP_R1_RETRY_MIN	500	/* ms */
#define HIP_R1_RETRY_MAX	15000	/* ms */

/* R1_COUNTER starts at the time of day in units of 2^-20 s, so that it grows
 * over reloads and reboots without being stored anywhere, unless somebody makes
 * a million generations per second or sets the clock back (RFC 7401, section
 * 4.1.4, expects Initiators to survive the latter).
 */
#define HIP_R1_COUNTER_SHIFT	20

static void hip_r1_free_rcu(struct rcu_head *head)
{
	kfree_sensitive(container_of(head, struct hip_r1, rcu));
}

/**
 * hip_r1_put() - give up a reference
 * @r1: R1, or NULL
 *
 * Any context.  The last one wipes the DH key.
 */
void hip_r1_put(struct hip_r1 *r1)
{
	if (r1 && refcount_dec_and_test(&r1->refcnt))
		call_rcu(&r1->rcu, hip_r1_free_rcu);
}

/* @set is not reachable any more, but there may be readers */
static void hip_r1_set_release(struct hip_r1_set *set)
{
	unsigned int i;

	if (!set)
		return;
	for (i = 0; i < ARRAY_SIZE(set->r1); i++)
		hip_r1_put(rcu_dereference_protected(set->r1[i], true));
	kfree_rcu(set, rcu);
}

static struct hip_r1_set *hip_r1_set_get(struct hip_r1_pool *pool,
					 unsigned int generation)
{
	return rcu_dereference_protected(pool->set[generation],
					 lockdep_is_held(&pool->lock));
}

static void hip_r1_publish(struct hip_r1_pool *pool, struct hip_r1_set *set)
{
	struct hip_r1_set *old = hip_r1_set_get(pool, 1);

	rcu_assign_pointer(pool->set[1], hip_r1_set_get(pool, 0));
	rcu_assign_pointer(pool->set[0], set);
	hip_r1_set_release(old);
}

static bool hip_r1_set_empty(const struct hip_r1_set *set)
{
	unsigned int i;

	for (i = 0; set && i < set->n; i++)
		if (rcu_access_pointer(set->r1[i]))
			return false;
	return true;
}

/* Queues the work, unless the identity goes away */
static void hip_r1_queue(struct hip_identity *id, unsigned int delay_ms)
{
	struct hip_r1_pool *pool = &id->r1;

	spin_lock_bh(&pool->queue_lock);
	if (!pool->dead && !READ_ONCE(id->hn->dying))
		mod_delayed_work(id->hn->wq, &pool->work,
				 msecs_to_jiffies(delay_ms));
	spin_unlock_bh(&pool->queue_lock);
}

static int hip_r1_make_generation(struct hip_identity *id)
{
	struct hip_r1_pool *pool = &id->r1;
	struct hip_r1_maker *m;
	struct hip_r1_set *set;
	bool first;
	int err;

	lockdep_assert_held(&pool->lock);

	m = hip_r1_maker_new(id);
	if (IS_ERR(m))
		return PTR_ERR(m);
	set = hip_r1_set_new(m, pool->counter + 1);
	if (!set) {
		hip_r1_maker_free(m);
		return -ENOMEM;
	}
	WRITE_ONCE(pool->counter, set->counter);

	first = hip_r1_set_empty(hip_r1_set_get(pool, 0));
	if (first)
		hip_r1_publish(pool, set);
	err = hip_r1_set_fill(id, m, set);
	if (!first) {
		if (err)
			hip_r1_set_release(set);
		else
			hip_r1_publish(pool, set);
	}
	hip_r1_maker_free(m);
	return err;
}

static void hip_r1_work(struct work_struct *work)
{
	struct hip_r1_pool *pool = container_of(to_delayed_work(work),
						struct hip_r1_pool, work);
	struct hip_identity *id = container_of(pool, struct hip_identity, r1);
	int err;

	if (!test_and_clear_bit(0, &pool->wanted))
		return;

	mutex_lock(&pool->lock);
	err = hip_r1_make_generation(id);
	WRITE_ONCE(pool->error, err);
	if (err == -ENOMEM)
		HIP_INC_STATS(id->hn, CTRL_NOMEM);
	if (err)
		pool->backoff = clamp_t(unsigned int, 2 * pool->backoff,
					HIP_R1_RETRY_MIN, HIP_R1_RETRY_MAX);
	else
		pool->backoff = 0;
	mutex_unlock(&pool->lock);

	if (err && err != -ECANCELED) {
		set_bit(0, &pool->wanted);
		hip_r1_queue(id, pool->backoff);
	}
}

/**
 * hip_r1_pool_init() - prepare the pool of a new identity
 * @id: identity, not listed yet
 *
 * Nothing is made until hip_r1_pool_renew().
 */
void hip_r1_pool_init(struct hip_identity *id)
{
	struct hip_r1_pool *pool = &id->r1;

	mutex_init(&pool->lock);
	spin_lock_init(&pool->queue_lock);
	INIT_DELAYED_WORK(&pool->work, hip_r1_work);
	pool->counter = (u64)ktime_get_real_seconds() << HIP_R1_COUNTER_SHIFT;
}

/**
 * hip_r1_pool_exit() - free the pool of an identity
 * @id: identity, not listed any more
 *
 * Process context, sleeps; waits for the work, whose upcalls are cancelled.
 * hn->lock must not be held.
 */
void hip_r1_pool_exit(struct hip_identity *id)
{
	struct hip_r1_pool *pool = &id->r1;
	unsigned int i;

	spin_lock_bh(&pool->queue_lock);
	pool->dead = true;
	spin_unlock_bh(&pool->queue_lock);

	hip_upcall_cancel(id->hn, id);
	cancel_delayed_work_sync(&pool->work);
	hip_upcall_forget(id->hn, id);

	mutex_lock(&pool->lock);
	for (i = 0; i < HIP_R1_GENERATIONS; i++)
		hip_r1_set_release(rcu_replace_pointer(pool->set[i], NULL,
						       true));
	mutex_unlock(&pool->lock);
}

/**
 * hip_r1_pool_renew() - make a new generation as soon as possible
 * @id: identity
 *
 * Any context but hard interrupts.
 */
void hip_r1_pool_renew(struct hip_identity *id)
{
	set_bit(0, &id->r1.wanted);
	hip_r1_queue(id, 0);
}

/**
 * hip_r1_rotate() - make new generations where the current ones were sent
 * @hn: namespace
 *
 * Any context but hard interrupts.  An R1 that nobody has seen does not age.
 */
void hip_r1_rotate(struct hip_net *hn)
{
	struct hip_r1_set *set;
	struct hip_identity *id;

	rcu_read_lock();
	list_for_each_entry_rcu(id, &hn->identities, list) {
		set = rcu_dereference(id->r1.set[0]);
		if (set && READ_ONCE(set->used))
			hip_r1_pool_renew(id);
	}
	rcu_read_unlock();
}

/**
 * hip_r1_helper_appeared() - there is somebody who can make R1s
 * @hn: namespace
 *
 * Any context but hard interrupts.  Pools that wait for their next try do it
 * now.
 */
void hip_r1_helper_appeared(struct hip_net *hn)
{
	struct hip_identity *id;

	rcu_read_lock();
	list_for_each_entry_rcu(id, &hn->identities, list)
		if (test_bit(0, &id->r1.wanted))
			hip_r1_queue(id, 0);
	rcu_read_unlock();
}

/* The R1 for an I1, RFC 7401 section 6.7 step 4; under RCU */
static struct hip_r1 *hip_r1_choose(struct hip_r1_set *set,
				    const struct hip_msg *i1)
{
	unsigned int i;

	for (i = 0; i < set->n; i++)
		if (hip_offers(i1, HIP_PARAM_DH_GROUP_LIST, set->group[i]))
			return rcu_dereference(set->r1[i]);
	/* Nothing in common: the Initiator sees our list and may say so */
	return rcu_dereference(set->r1[0]);
}

/**
 * hip_r1_answer() - make the R1 that answers an I1
 * @id: identity that the I1 is for
 * @i1: the I1
 * @ip_i: its source, IPv4-mapped for IPv4
 * @ip_r: its destination
 * @buf: where the R1 goes
 * @size: octets at @buf; HIP_MAX_LEN is always enough
 *
 * Softirq, under RCU.  No state: what has to be remembered comes back in the I2
 * (RFC 7401, Appendix A).
 *
 * Return: octets of the R1, whose checksum is missing; -EAGAIN if there is none
 * (yet), -ENOSPC, or an error of hip_puzzle_create().
 */
int hip_r1_answer(struct hip_identity *id, const struct hip_msg *i1,
		  const struct in6_addr *ip_i, const struct in6_addr *ip_r,
		  u8 *buf, size_t size)
{
	struct hip_hdr *hdr = (struct hip_hdr *)buf;
	struct hip_p_puzzle *puzzle;
	struct hip_r1_set *set;
	struct hip_r1 *r1;
	u16 opaque;
	int err;

	set = rcu_dereference(id->r1.set[0]);
	if (!set)
		return -EAGAIN;
	r1 = hip_r1_choose(set, i1);
	if (!r1)
		return -EAGAIN;
	if (size < r1->len)
		return -ENOSPC;

	memcpy(buf, r1->pkt, r1->len);
	memcpy(hdr->receiver_hit, &i1->sender_hit, sizeof(hdr->receiver_hit));
	puzzle = (struct hip_p_puzzle *)(buf + r1->puzzle_off);
	err = hip_puzzle_create(&id->hn->puzzle, &i1->sender_hit, &id->hit,
				ip_i, ip_r, (u8 *)(puzzle + 1), &opaque);
	if (err)
		return err;
	puzzle->opaque = cpu_to_be16(opaque);

	if (!READ_ONCE(set->used))
		WRITE_ONCE(set->used, true);
	return r1->len;
}

/**
 * hip_r1_find() - the R1 that an I2 answers
 * @id: identity that the I2 is for
 * @group: its DH group
 * @counter: its R1_COUNTER
 *
 * Any context.
 *
 * Return: the R1, with a reference for the caller; NULL if the generation is
 * not kept any more or has no such group.
 */
struct hip_r1 *hip_r1_find(struct hip_identity *id, u8 group, u64 counter)
{
	struct hip_r1 *r1 = NULL;
	struct hip_r1_set *set;
	unsigned int g, i;

	rcu_read_lock();
	for (g = 0; g < HIP_R1_GENERATIONS && !r1; g++) {
		set = rcu_dereference(id->r1.set[g]);
		if (!set || set->counter != counter)
			continue;
		for (i = 0; i < set->n && !r1; i++)
			if (set->group[i] == group)
				r1 = rcu_dereference(set->r1[i]);
		if (r1 && !refcount_inc_not_zero(&r1->refcnt))
			r1 = NULL;
	}
	rcu_read_unlock();
	return r1;
}

/**
 * hip_r1_pool_get_info() - how the pool of an identity does
 * @id: identity
 * @counter: set to the R1_COUNTER of the newest generation
 * @ready: set to the number of R1s that can be sent
 * @wanted: set to the number that there should be
 *
 * Any context.
 */
void hip_r1_pool_get_info(struct hip_identity *id, u64 *counter,
			  unsigned int *ready, unsigned int *wanted)
{
	struct hip_r1_set *set;
	unsigned int i;

	*ready = 0;
	*wanted = READ_ONCE(id->hn->config.n_dh_groups);
	*counter = READ_ONCE(id->r1.counter);

	rcu_read_lock();
	set = rcu_dereference(id->r1.set[0]);
	if (set) {
		*wanted = set->n;
		*counter = set->counter;
		for (i = 0; i < set->n; i++)
			if (rcu_access_pointer(set->r1[i]))
				(*ready)++;
	}
	rcu_read_unlock();
}
