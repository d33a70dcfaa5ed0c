// SPDX-License-Identifier: GPL-2.0
/*
 * Which I1s are worth an R1: RFC 7401, sections 5.3.1 and 6.7.
 *
 * An I1 can come from anywhere and as often as its sender likes.  All that is
 * kept of I1s is in tables of constant size, where places are shared at random:
 * what hits the wrong one loses an I1, which its sender repeats.
 */
#include <linux/jiffies.h>
#include <linux/once.h>
#include <linux/random.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <net/ipv6.h>

#include "ctrl.h"
#include "i1.h"
#include "net.h"
#include "ratelimit.h"
#include "stats.h"
#include "wire.h"

/* R1s per second that one address (a /64 of IPv6) gets, so that a forged source
 * turns nobody into the victim of our R1s
 */
#define HIP_R1_ADDR_RATE	50

/* Equal I1s this close together are one.  Nobody repeats an I1 so soon: he would
 * not know yet that it was lost.
 */
#define HIP_I1_AGAIN		msecs_to_jiffies(20)

#define HIP_I1_BUCKETS		256	/* a power of two */

/**
 * struct hip_i1_table - what is known of those who send I1s
 * @tokens: bucket of R1s, by address
 * @seen: the latest I1, see hip_seen_lately(); by content and address
 */
struct hip_i1_table {
	struct hip_ratelimit tokens[HIP_I1_BUCKETS];
	u64 seen[HIP_I1_BUCKETS];
};

static siphash_key_t hip_i1_key __read_mostly;

/* All of it counts, as any difference may be meant */
static bool hip_i1_is_again(struct hip_net *hn, const struct in6_addr *src,
			    const struct hip_msg *i1)
{
	siphash_key_t key = hip_i1_key;
	u64 hash;

	hash = siphash(src, sizeof(*src), &key);
	key.key[0] ^= hash;
	hash = siphash(i1->data, i1->len, &key);
	return hip_seen_lately(&hn->i1->seen[hash & (HIP_I1_BUCKETS - 1)],
			       hash >> 32, jiffies, HIP_I1_AGAIN);
}

/* The address first: who exceeds his share must not use up that of others */
static bool hip_i1_in_rate(struct hip_net *hn, const struct in6_addr *src)
{
	u32 rate = READ_ONCE(hn->config.r1_rate);
	struct hip_ratelimit *rl;
	u64 hash;

	if (!rate)
		return true;
	hash = siphash(src, ipv6_addr_v4mapped(src) ? sizeof(*src) : 8,
		       &hip_i1_key);
	rl = &hn->i1->tokens[hash & (HIP_I1_BUCKETS - 1)];
	return hip_ctrl_ratelimit(hn, rl, HIP_R1_ADDR_RATE) &&
	       hip_ctrl_ratelimit(hn, &hn->r1_tokens, rate);
}

/**
 * hip_i1_allowed() - does an I1 get an R1?
 * @hn: namespace
 * @src: its source, IPv4-mapped for IPv4
 * @i1: the I1
 *
 * Softirq.  What does not is counted.
 *
 * Return: true if it does.
 */
bool hip_i1_allowed(struct hip_net *hn, const struct in6_addr *src,
		    const struct hip_msg *i1)
{
	if (hip_i1_is_again(hn, src, i1)) {
		HIP_INC_STATS(hn, I1_AGAIN);
		return false;
	}
	if (!hip_i1_in_rate(hn, src)) {
		HIP_INC_STATS(hn, CTRL_R1_RATE);
		return false;
	}
	return true;
}

/**
 * hip_i1_net_init() - prepare the tables of a new namespace
 * @hn: namespace
 *
 * Return: 0 or -ENOMEM.
 */
int hip_i1_net_init(struct hip_net *hn)
{
	unsigned int i;

	get_random_once(&hip_i1_key, sizeof(hip_i1_key));
	hn->i1 = kvzalloc(sizeof(*hn->i1), GFP_KERNEL);
	if (!hn->i1)
		return -ENOMEM;
	for (i = 0; i < HIP_I1_BUCKETS; i++)
		spin_lock_init(&hn->i1->tokens[i].lock);
	spin_lock_init(&hn->r1_tokens.lock);
	return 0;
}

/**
 * hip_i1_net_exit() - free what a namespace has
 * @hn: namespace, which no packet comes to any more
 */
void hip_i1_net_exit(struct hip_net *hn)
{
	kvfree(hn->i1);
	hn->i1 = NULL;
}
