/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Arithmetic of the token buckets, and of what has come before.
 */
#ifndef _HIP_RATELIMIT_H
#define _HIP_RATELIMIT_H

#include <linux/compiler.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/time64.h>
#include <linux/types.h>

/**
 * hip_ratelimit_take() - take one token, if there is one
 * @last: when the bucket was last filled, ns; starts at 0
 * @tokens: what is in the bucket, ns worth of its rate; starts at 0
 * @now: monotonic time, ns
 * @rate: tokens per second, not 0; above 10^9 there is no limit
 *
 * Pure.  The bucket holds the tokens of one second and starts full, because
 * @now - 0 fills it.  It is counted in time: a token costs 1 s / @rate.
 *
 * Return: true if there was a token.
 */
static inline bool hip_ratelimit_take(u64 *last, u64 *tokens, u64 now, u32 rate)
{
	u64 cost = div_u64(NSEC_PER_SEC, rate);
	u64 since = now > *last ? now - *last : 0;

	*tokens = min_t(u64, *tokens + min_t(u64, since, NSEC_PER_SEC),
			NSEC_PER_SEC);
	*last = max(*last, now);
	if (*tokens < cost)
		return false;
	*tokens -= cost;
	return true;
}

/**
 * hip_seen_lately() - has the same come a short time ago?
 * @cell: what came last, and when; starts at 0
 * @what: a hash of it
 * @now: jiffies
 * @gap: the short time, jiffies
 *
 * Pure but for @cell, which is one word, so that it needs no lock: what two CPUs
 * write at once is that of one of them, or on 32-bit machines nonsense, which
 * nothing equals.  What comes all the time is let through once each @gap.
 *
 * Return: true if it has; then the time of the first one stays.
 */
static inline bool hip_seen_lately(u64 *cell, u32 what, unsigned long now,
				   unsigned long gap)
{
	u64 last = READ_ONCE(*cell);

	if (last >> 32 == what && (u32)now - (u32)last < gap)
		return true;
	WRITE_ONCE(*cell, (u64)what << 32 | (u32)now);
	return false;
}

#endif /* _HIP_RATELIMIT_H */
