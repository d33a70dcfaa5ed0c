/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How difficult puzzles should be: RFC 7401, section 4.1.1. Pure functions.
 */
#ifndef _HIP_PUZZLE_K_H
#define _HIP_PUZZLE_K_H

#include <linux/types.h>

/* Load is in per cent. From these on K stays, rises, rises faster */
#define HIP_LOAD_SOME	25
#define HIP_LOAD_HIGH	50
#define HIP_LOAD_FULL	75

/**
 * struct hip_load_fill - something bounded
 * @n: how many there are
 * @max: how many there may be, not 0
 */
struct hip_load_fill {
	u32 n;
	u32 max;
};

/**
 * struct hip_puzzle_k - difficulty of our puzzles
 * @k: bits
 * @calm: looks in a row at which there was little load
 */
struct hip_puzzle_k {
	u8 k;
	u8 calm;
};

unsigned int hip_load_percent(const struct hip_load_fill *fill,
			      unsigned int n);
bool hip_puzzle_k_step(struct hip_puzzle_k *pk, u8 k_min, u8 k_max,
		       unsigned int load);

#endif /* _HIP_PUZZLE_K_H */
