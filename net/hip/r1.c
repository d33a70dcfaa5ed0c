// SPDX-License-Identifier: GPL-2.0
/*
 * The pool of pre-signed R1s: an I1 costs one hash, one copy and no state.
 *
 * A generation has one R1 for each DH group of the namespace; all bear the same
 * R1_COUNTER.  A new generation is made every r1_lifetime (Appendix A), if the
 * current one was sent to anybody, r1_reuse after the first exchange that was
 * completed with it (section 5.3.2), when its values of I are used up, and when
 * the configuration changes.  Only the last may fill the pool: the others wait
 * for each other.
 *
 * What was sent is kept for a while after it is offered no more, so that the I2s
 * which answer it find their DH key and the secret of their puzzle (RFC 7401,
 * sections 4.1.2 and 6.7.1): twice the Lifetime of the puzzle, once for its
 * solution and once for the I2 to arrive, with its repetitions.  What nobody has
 * seen is not kept.  A pool has room for HIP_R1_GENERATIONS; when all are kept,
 * the next one waits, because none may be dropped.
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

/* R1_COUNTER starts at the time of day in units of about 2^-20 s, so that it
 * grows over reloads and reboots without being stored anywhere, unless somebody
 * makes a million generations per second or sets the clock back before that
 * (RFC 7401, section 4.1.4, expects Initiators to survive the latter).  In a
 * namespace it never falls, whatever the clock does.
 */
static u64 hip_r1_counter_start(struct hip_net *hn)
{
	struct timespec64 now;
	u64 counter;

	ktime_get_real_ts64(&now);
	counter = ((u64)now.tv_sec << 20) + (now.tv_nsec >> 10);

	mutex_lock(&hn->lock);
	counter = max(counter, hn->r1_counter);
	mutex_unlock(&hn->lock);
	return counter;
}

static void hip_r1_free_rcu(struct rcu_head *head)
{
	struct hip_r1 *r1 = container_of(head, struct hip_r1, rcu);

	hip_i2_seen_free(&r1->i2s);
	kfree_sensitive(r1);
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

/* Frees what nobody may answer any more.  Returns the jiffies until this is to
 * be done again.
 */
static unsigned long hip_r1_reap(struct hip_r1_pool *pool)
{
	unsigned long next = MAX_JIFFY_OFFSET, now = jiffies;
	struct hip_r1_set *set;
	unsigned int g;

	for (g = 1; g < HIP_R1_GENERATIONS; g++) {
		set = hip_r1_set_get(pool, g);
		if (!set)
			continue;
		if (time_before(now, set->expires)) {
			next = min(next, set->expires - now);
			continue;
		}
		RCU_INIT_POINTER(pool->set[g], NULL);
		hip_r1_set_release(set);
	}
	return next;
}

/* Is there room for what is offered now?  The slot, or 0 */
static unsigned int hip_r1_free_slot(struct hip_r1_pool *pool)
{
	unsigned int g;

	for (g = 1; g < HIP_R1_GENERATIONS; g++)
		if (!rcu_access_pointer(pool->set[g]))
			return g;
	return 0;
}

/* Of what is not offered any more, forget what nobody has.  True if something is
 * left.
 */
static bool hip_r1_set_prune(struct hip_r1_set *set)
{
	struct hip_r1 *r1;
	bool left = false;
	unsigned int i;

	for (i = 0; i < set->n; i++) {
		r1 = rcu_dereference_protected(set->r1[i], true);
		if (!r1)
			continue;
		if (atomic_read(&r1->sent)) {
			left = true;
			continue;
		}
		RCU_INIT_POINTER(set->r1[i], NULL);
		hip_r1_put(r1);
	}
	return left;
}

/* From now on @set is what is sent; there is a free slot for its predecessor */
static void hip_r1_publish(struct hip_r1_pool *pool, struct hip_r1_set *set)
{
	unsigned int slot = hip_r1_free_slot(pool);
	struct hip_r1_set *old;

	old = hip_r1_set_get(pool, 0);
	if (old) {
		/* first here, so that an I2 finds it at any time */
		old->expires = jiffies + old->keep;
		rcu_assign_pointer(pool->set[slot], old);
	}
	rcu_assign_pointer(pool->set[0], set);
	pool->made = jiffies;
	if (!old)
		return;

	/* after that nobody sends any of them */
	synchronize_rcu();
	if (!hip_r1_set_prune(old)) {
		RCU_INIT_POINTER(pool->set[slot], NULL);
		hip_r1_set_release(old);
	}
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
static void hip_r1_queue(struct hip_identity *id)
{
	struct hip_r1_pool *pool = &id->r1;

	spin_lock_bh(&pool->queue_lock);
	if (!pool->dead && !READ_ONCE(id->hn->dying))
		mod_delayed_work(id->hn->wq, &pool->work, 0);
	spin_unlock_bh(&pool->queue_lock);
}

/* The same from the work itself, for later; whoever wants it earlier has queued
 * it already
 */
static void hip_r1_queue_again(struct hip_identity *id, unsigned long delay)
{
	struct hip_r1_pool *pool = &id->r1;

	spin_lock_bh(&pool->queue_lock);
	if (!pool->dead && !READ_ONCE(id->hn->dying))
		queue_delayed_work(id->hn->wq, &pool->work, delay);
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

/* The jiffies until what hip_r1_pool_renew_soon() was called for is to be done */
static unsigned long hip_r1_soon(struct hip_r1_pool *pool)
{
	unsigned long at, now = jiffies, age = 0;
	struct hip_r1_set *set;

	set = hip_r1_set_get(pool, 0);
	if (set)
		age = set->keep / HIP_R1_GENERATIONS_SOON;

	spin_lock_bh(&pool->queue_lock);
	if (!pool->soon) {
		at = now + MAX_JIFFY_OFFSET;
	} else {
		at = now - pool->made < age ? pool->made + age : now;
		if (time_before(at, pool->soon_at))
			at = pool->soon_at;
	}
	spin_unlock_bh(&pool->queue_lock);
	return time_before(now, at) ? at - now : 0;
}

/* Makes a generation that is wanted.  Returns the jiffies until it is to be tried
 * again.
 */
static unsigned long hip_r1_renew(struct hip_identity *id)
{
	struct hip_r1_pool *pool = &id->r1;
	int err;

	/* hip_r1_reap() tells when there is room */
	if (!hip_r1_free_slot(pool)) {
		if (!pool->full)
			HIP_INC_STATS(id->hn, R1_POOL_FULL);
		pool->full = true;
		return MAX_JIFFY_OFFSET;
	}
	pool->full = false;

	spin_lock_bh(&pool->queue_lock);
	pool->soon = false;
	spin_unlock_bh(&pool->queue_lock);
	clear_bit(HIP_R1_WANTED, &pool->flags);
	err = hip_r1_make_generation(id);
	WRITE_ONCE(pool->error, err);
	if (!err) {
		pool->backoff = 0;
		return MAX_JIFFY_OFFSET;
	}
	if (err == -ENOMEM)
		HIP_INC_STATS(id->hn, CTRL_NOMEM);
	if (err == -ECANCELED)
		return MAX_JIFFY_OFFSET;
	pool->backoff = clamp_t(unsigned int, 2 * pool->backoff,
				HIP_R1_RETRY_MIN, HIP_R1_RETRY_MAX);
	set_bit(HIP_R1_WANTED, &pool->flags);
	return msecs_to_jiffies(pool->backoff);
}

static void hip_r1_work(struct work_struct *work)
{
	struct hip_r1_pool *pool = container_of(to_delayed_work(work),
						struct hip_r1_pool, work);
	struct hip_identity *id = container_of(pool, struct hip_identity, r1);
	unsigned long retry = MAX_JIFFY_OFFSET, next;

	mutex_lock(&pool->lock);
	hip_r1_reap(pool);
	if (test_bit(HIP_R1_WANTED, &pool->flags) || !hip_r1_soon(pool))
		retry = hip_r1_renew(id);
	/* to make it has taken a while, and there is one more now */
	next = hip_r1_reap(pool);
	if (!pool->full)
		next = min3(next, retry, hip_r1_soon(pool));
	mutex_unlock(&pool->lock);

	if (next != MAX_JIFFY_OFFSET)
		hip_r1_queue_again(id, next);
}

/**
 * hip_r1_pool_init() - prepare the pool of a new identity
 * @id: identity, not listed yet
 *
 * Process context, takes hn->lock.  Nothing is made until hip_r1_pool_renew().
 */
void hip_r1_pool_init(struct hip_identity *id)
{
	struct hip_r1_pool *pool = &id->r1;

	mutex_init(&pool->lock);
	spin_lock_init(&pool->queue_lock);
	INIT_DELAYED_WORK(&pool->work, hip_r1_work);
	pool->made = jiffies;
	pool->first = hip_r1_counter_start(id->hn);
	pool->counter = pool->first;
}

/**
 * hip_r1_pool_exit() - free the pool of an identity
 * @id: identity, not listed any more
 *
 * Process context, sleeps; waits for the work, whose upcalls are cancelled.
 * Takes hn->lock, also in that work.
 */
void hip_r1_pool_exit(struct hip_identity *id)
{
	struct hip_r1_pool *pool = &id->r1;
	unsigned int i;

	spin_lock_bh(&pool->queue_lock);
	pool->dead = true;
	spin_unlock_bh(&pool->queue_lock);

	hip_upcall_cancel(id->hn, &id->upcalls);
	cancel_delayed_work_sync(&pool->work);

	mutex_lock(&pool->lock);
	for (i = 0; i < HIP_R1_GENERATIONS; i++)
		hip_r1_set_release(rcu_replace_pointer(pool->set[i], NULL,
						       true));
	mutex_unlock(&pool->lock);

	mutex_lock(&id->hn->lock);
	id->hn->r1_counter = max(id->hn->r1_counter, pool->counter);
	mutex_unlock(&id->hn->lock);
}

/**
 * hip_r1_pool_renew() - make a new generation as soon as possible
 * @id: identity
 *
 * Any context but hard interrupts.
 */
void hip_r1_pool_renew(struct hip_identity *id)
{
	set_bit(HIP_R1_WANTED, &id->r1.flags);
	hip_r1_queue(id);
}

/* Has anybody got one of them?  Under RCU */
static bool hip_r1_set_sent(const struct hip_r1_set *set)
{
	const struct hip_r1 *r1;
	unsigned int i;

	for (i = 0; i < set->n; i++) {
		r1 = rcu_dereference(set->r1[i]);
		if (r1 && atomic_read(&r1->sent))
			return true;
	}
	return false;
}

/**
 * hip_r1_pool_renew_soon() - make a new generation some time
 * @id: identity
 * @delay: not before so many jiffies are over
 *
 * Any context but hard interrupts.  For what others can bring about: they get no
 * more than a part of the pool, however often they do.
 */
void hip_r1_pool_renew_soon(struct hip_identity *id, unsigned long delay)
{
	struct hip_r1_pool *pool = &id->r1;
	unsigned long at = jiffies + delay;
	bool sooner;

	spin_lock_bh(&pool->queue_lock);
	sooner = !pool->soon || time_before(at, pool->soon_at);
	if (sooner) {
		pool->soon = true;
		pool->soon_at = at;
	}
	spin_unlock_bh(&pool->queue_lock);
	if (sooner)
		hip_r1_queue(id);
}

/**
 * hip_r1_pool_has_k() - are puzzles of this difficulty offered?
 * @id: identity
 * @k: difficulty
 *
 * Any context.
 *
 * Return: true if so, and if there are no R1s at all.
 */
bool hip_r1_pool_has_k(struct hip_identity *id, u8 k)
{
	struct hip_r1_set *set;
	bool has;

	rcu_read_lock();
	set = rcu_dereference(id->r1.set[0]);
	has = !set || set->k == k;
	rcu_read_unlock();
	return has;
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
		if (set && hip_r1_set_sent(set))
			hip_r1_pool_renew_soon(id, 0);
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
		if (test_bit(HIP_R1_WANTED, &id->r1.flags))
			hip_r1_queue(id);
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
 * (yet), -ENOSPC, or an error of hip_puzzle_i().
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
	/* I is another one for each R1, so that nobody gets the same with this
	 * DH key again (section 4.1.2): that many are enough for one key
	 */
	opaque = atomic_inc_return(&r1->sent);
	if (!opaque)
		hip_r1_pool_renew_soon(id, 0);
	err = hip_puzzle_i(r1->secret, &i1->sender_hit, &id->hit, ip_i, ip_r,
			   opaque, id->suite, (u8 *)(puzzle + 1));
	if (err)
		return err;
	puzzle->opaque = cpu_to_be16(opaque);
	return r1->len;
}

/* Under RCU */
static struct hip_r1 *hip_r1_of_group(const struct hip_r1_set *set, u8 group)
{
	unsigned int i;

	for (i = 0; i < set->n; i++)
		if (set->group[i] == group)
			return rcu_dereference(set->r1[i]);
	return NULL;
}

/**
 * hip_r1_find() - the R1 that an I2 answers
 * @id: identity that the I2 is for
 * @group: its DH group
 * @counter: its R1_COUNTER
 *
 * Any context.
 *
 * Return: the R1, with a reference for the caller; -ESTALE if it is not kept any
 * more; -ENOENT if we have never made one.
 */
struct hip_r1 *hip_r1_find(struct hip_identity *id, u8 group, u64 counter)
{
	struct hip_r1 *r1 = NULL;
	struct hip_r1_set *set;
	bool known = false;
	unsigned int g;

	rcu_read_lock();
	for (g = 0; g < HIP_R1_GENERATIONS && !r1; g++) {
		set = rcu_dereference(id->r1.set[g]);
		if (!set || set->counter != counter ||
		    (g && time_after_eq(jiffies, set->expires)))
			continue;
		known = true;
		r1 = hip_r1_of_group(set, group);
		if (r1 && !refcount_inc_not_zero(&r1->refcnt))
			r1 = NULL;
	}
	rcu_read_unlock();
	if (r1)
		return r1;
	if (!known && counter > id->r1.first &&
	    counter <= READ_ONCE(id->r1.counter))
		return ERR_PTR(-ESTALE);
	return ERR_PTR(-ENOENT);
}

/**
 * hip_r1_answered() - an exchange was completed with an R1
 * @id: identity
 * @r1: the R1
 *
 * Any context but hard interrupts.  RFC 7401, section 5.3.2: its DH key is in use
 * now, so it is not to be offered much longer.
 */
void hip_r1_answered(struct hip_identity *id, const struct hip_r1 *r1)
{
	u32 reuse = READ_ONCE(id->hn->config.r1_reuse);
	struct hip_r1_set *set;

	rcu_read_lock();
	set = rcu_dereference(id->r1.set[0]);
	if (set && set->counter == r1->counter &&
	    !test_and_set_bit(0, &set->answered))
		hip_r1_pool_renew_soon(id, msecs_to_jiffies(reuse));
	rcu_read_unlock();
}

/**
 * hip_r1_generations() - generations of R1s that are kept
 * @hn: namespace
 *
 * Any context.
 *
 * Return: their number, of all identities.
 */
unsigned int hip_r1_generations(struct hip_net *hn)
{
	struct hip_identity *id;
	unsigned int g, n = 0;

	rcu_read_lock();
	list_for_each_entry_rcu(id, &hn->identities, list)
		for (g = 0; g < HIP_R1_GENERATIONS; g++)
			n += !!rcu_access_pointer(id->r1.set[g]);
	rcu_read_unlock();
	return n;
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
