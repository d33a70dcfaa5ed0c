/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Solving puzzles: RFC 7401 sections 4.1.2 and 6.3.
 */
#ifndef HIPD_PUZZLE_H
#define HIPD_PUZZLE_H

#include <netinet/in.h>
#include <stdatomic.h>

#include "util.h"

#define RHASH_LEN_MAX	48

/**
 * struct puzzle - what there is to solve
 * @suite: HIT suite of the Responder, tells RHASH
 * @k: difficulty, bits
 * @i: the Responder's #I, as long as RHASH
 * @hit_i: HIT of the Initiator
 * @hit_r: HIT of the Responder
 */
struct puzzle {
	uint8_t suite;
	uint8_t k;
	uint8_t i[RHASH_LEN_MAX];
	struct in6_addr hit_i;
	struct in6_addr hit_r;
};

size_t rhash_len(uint8_t suite);
bool puzzle_check(const struct puzzle *puzzle, const uint8_t *j);
int puzzle_solve(const struct puzzle *puzzle, unsigned int timeout_ms,
		 const atomic_bool *stop, uint8_t j[RHASH_LEN_MAX]);

#endif /* HIPD_PUZZLE_H */
