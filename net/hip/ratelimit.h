/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Arithmetic of the token buckets.
 */
#ifndef _HIP_RATELIMIT_H
#define _HIP_RATELIMIT_H

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

#endif /* _HIP_RATELIMIT_H */
