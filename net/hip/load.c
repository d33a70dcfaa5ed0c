// SPDX-License-Identifier: GPL-2.0
/*
 * The difficulty of our puzzles follows the load: RFC 7401, section 4.1.1.
 *
 * The rule is in puzzle_k.c.  The load is measured when an I2 with a solved
 * puzzle comes, and while K is raised; a namespace without load has no timer.
 * K is signed, so a new one means new R1s.  These are made in the background, so
 * a step takes as long as hipd needs for them, and the next one is not taken
 * before.
 */
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/mutex.h>

#include "identity.h"
#include "load.h"
#include "net.h"
#include "r1.h"
#include "stats.h"
#include "upcall.h"

/* Between two looks: R1s of the last step must have had time to take effect */
#define HIP_LOAD_WINDOW		(2 * HZ)

static unsigned int hip_load_measure(struct hip_net *hn)
{
	const struct hip_config *config = &hn->config;
	const struct hip_load_fill fill[] = {
		{ atomic_read(&hn->n_half_open),
		  READ_ONCE(config->max_half_open) },
		{ atomic_read(&hn->n_i2_pending),
		  READ_ONCE(config->max_ctrl_pending) },
		{ hip_upcall_count(hn), READ_ONCE(config->max_upcalls) },
	};

	return hip_load_percent(fill, ARRAY_SIZE(fill));
}

/* Are R1s of the difficulty of now offered everywhere? But for identities that
 * get none, as hipd has lost their keys, or is away.
 */
static bool hip_load_settled(struct hip_net *hn)
{
	struct hip_identity *id;

	lockdep_assert_held(&hn->lock);

	list_for_each_entry(id, &hn->identities, list)
		if (!READ_ONCE(id->r1.error) &&
		    !hip_r1_pool_has_k(id, hn->load.now.k))
			return false;
	return true;
}

/* Returns true if there is reason to look again */
static bool hip_load_look(struct hip_net *hn, unsigned int load)
{
	const struct hip_config *config = &hn->config;
	struct hip_puzzle_k next = hn->load.now;
	struct hip_identity *id;

	lockdep_assert_held(&hn->lock);

	if (!hip_load_settled(hn))
		return true;
	if (hip_puzzle_k_step(&next, config->puzzle_k, config->puzzle_k_load,
			      load)) {
		if (next.k > hn->load.now.k)
			HIP_INC_STATS(hn, PUZZLE_RAISED);
		else
			HIP_INC_STATS(hn, PUZZLE_LOWERED);
		WRITE_ONCE(hn->load.now.k, next.k);
		list_for_each_entry(id, &hn->identities, list)
			hip_r1_pool_renew_soon(id, 0);
	}
	hn->load.now.calm = next.calm;
	return next.k > config->puzzle_k || load >= HIP_LOAD_SOME;
}

static void hip_load_work(struct work_struct *work)
{
	struct hip_net *hn = container_of(to_delayed_work(work), struct hip_net,
					  load.work);
	unsigned int load;
	bool again;

	load = max_t(unsigned int, xchg(&hn->load.peak, 0),
		     hip_load_measure(hn));
	mutex_lock(&hn->lock);
	again = hip_load_look(hn, load);
	mutex_unlock(&hn->lock);
	if (again)
		queue_delayed_work(hn->wq, &hn->load.work, HIP_LOAD_WINDOW);
}

/**
 * hip_load_note() - somebody has solved a puzzle
 * @hn: namespace
 *
 * Softirq, under RCU.
 */
void hip_load_note(struct hip_net *hn)
{
	unsigned int load = hip_load_measure(hn);
	struct hip_load *l = &hn->load;

	if (load < HIP_LOAD_SOME)
		return;
	if (load > READ_ONCE(l->peak))
		WRITE_ONCE(l->peak, load);
	if (!READ_ONCE(hn->dying))
		queue_delayed_work(hn->wq, &l->work, HIP_LOAD_WINDOW);
}

/**
 * hip_load_reset() - the difficulty was configured
 * @hn: namespace; its lock is held
 *
 * Process context.  It starts at what is configured; the caller renews the R1s.
 */
void hip_load_reset(struct hip_net *hn)
{
	lockdep_assert_held(&hn->lock);

	WRITE_ONCE(hn->load.now.k, hn->config.puzzle_k);
	hn->load.now.calm = 0;
}

/**
 * hip_load_net_init() - prepare a new namespace
 * @hn: namespace, which has its configuration
 */
void hip_load_net_init(struct hip_net *hn)
{
	hn->load.now.k = hn->config.puzzle_k;
	INIT_DELAYED_WORK(&hn->load.work, hip_load_work);
}

/**
 * hip_load_net_exit() - stop looking
 * @hn: namespace that is going away, which no packet comes to any more
 *
 * Process context, sleeps.
 */
void hip_load_net_exit(struct hip_net *hn)
{
	cancel_delayed_work_sync(&hn->load.work);
}
