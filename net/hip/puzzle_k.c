// SPDX-License-Identifier: GPL-2.0
/*
 * How difficult puzzles should be: RFC 7401, section 4.1.1.
 *
 * What a solved puzzle gives access to is bounded: half-open associations,
 * packets that wait for a worker, requests to hipd.  The fullest of them is the
 * load.  From one half on each look at it adds 2 bits to K, from three quarters
 * on 4 bits, so that the next solution costs 4 or 16 times as much.  Below one
 * quarter, each HIP_PUZZLE_K_CALM looks take 2 bits away.  In between, K stays.
 *
 * I1s, and I2s whose solution is wrong, don't count.  They cost next to nothing
 * and may come from anywhere; harder puzzles would hit only who is honest.
 */
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/minmax.h>

#include "puzzle_k.h"

#define HIP_PUZZLE_K_CALM	4

/**
 * hip_load_percent() - how full is the fullest?
 * @fill: what there is
 * @n: how many of them
 *
 * Any context.  A limit that was lowered may be exceeded.
 *
 * Return: 0 to 100.
 */
unsigned int hip_load_percent(const struct hip_load_fill *fill, unsigned int n)
{
	u64 load = 0;

	while (n--)
		load = max(load, div_u64((u64)fill[n].n * 100, fill[n].max));
	return min_t(u64, load, 100);
}

/**
 * hip_puzzle_k_step() - look at the load once
 * @pk: difficulty until now; changed
 * @k_min: without load
 * @k_max: the most; below @k_min it has no effect
 * @load: the highest since the last look, per cent
 *
 * Any context.
 *
 * Return: true if K has changed.
 */
bool hip_puzzle_k_step(struct hip_puzzle_k *pk, u8 k_min, u8 k_max,
		       unsigned int load)
{
	u8 was = pk->k;
	int k = was;

	if (load < HIP_LOAD_SOME)
		pk->calm++;
	else
		pk->calm = 0;

	if (load >= HIP_LOAD_FULL)
		k += 4;
	else if (load >= HIP_LOAD_HIGH)
		k += 2;

	if (pk->calm >= HIP_PUZZLE_K_CALM) {
		pk->calm = 0;
		k -= 2;
	}
	pk->k = clamp_t(int, k, k_min, max(k_min, k_max));
	return pk->k != was;
}
