// SPDX-License-Identifier: GPL-2.0
/*
 * Puzzles.
 */
#include "puzzle.h"

#include <arpa/inet.h>
#include <errno.h>
#include <time.h>

#include "test.h"

static void make_puzzle(struct puzzle *p, uint8_t suite, uint8_t k)
{
	uint8_t i;

	memset(p, 0, sizeof(*p));
	p->suite = suite;
	p->k = k;
	for (i = 0; i < RHASH_LEN_MAX; i++)
		p->i[i] = i;
	inet_pton(AF_INET6, "2001:21:d4bf:8284:dae7:d346:68c9:9a15",
		  &p->hit_i);
	inet_pton(AF_INET6, "2001:21:731f:db71:2bf5:bf3b:f642:72a4",
		  &p->hit_r);
}

static void test_vector(void)
{
	uint8_t j[RHASH_LEN_MAX] = { [30] = 0x0a, [31] = 0x79 };
	struct puzzle p;

	make_puzzle(&p, 1, 12);
	check(puzzle_check(&p, j), "a known solution");
	p.k = 13;
	check(!puzzle_check(&p, j), "which has 12 bits and no more");
	p.k = 12;
	j[31]--;
	check(!puzzle_check(&p, j), "and no other");
	j[31]++;
	p.hit_i.s6_addr[15] ^= 1;
	check(!puzzle_check(&p, j), "and for these HITs only");
}

static void test_limits(void)
{
	uint8_t j[RHASH_LEN_MAX];
	atomic_bool stop = true;
	struct puzzle p;
	time_t before;

	before = time(NULL);
	make_puzzle(&p, 1, 64);
	check(puzzle_solve(&p, 100, NULL, j) == -ETIMEDOUT &&
	      time(NULL) - before < 10, "gives up in time");
	check(puzzle_solve(&p, 60000, &stop, j) == -ECANCELED &&
	      time(NULL) - before < 20, "gives up when told");
	check(puzzle_solve(&p, 0, NULL, j) == -ETIMEDOUT, "no time at all");
	make_puzzle(&p, 3, 161);
	check(puzzle_solve(&p, 100, NULL, j) == -EOPNOTSUPP,
	      "more bits than there are");
	make_puzzle(&p, 7, 1);
	check(puzzle_solve(&p, 100, NULL, j) == -EOPNOTSUPP &&
	      !puzzle_check(&p, j) && !rhash_len(7), "unknown suite");
}

void test_puzzle(void)
{
	static const uint8_t ks[] = { 0, 1, 7, 8, 9, 12 };
	uint8_t j[RHASH_LEN_MAX], suite;
	struct puzzle p;
	size_t i;

	test_vector();
	for (suite = 1; suite <= 3; suite++) {
		for (i = 0; i < ARRAY_SIZE(ks); i++) {
			make_puzzle(&p, suite, ks[i]);
			check(!puzzle_solve(&p, 60000, NULL, j) &&
			      puzzle_check(&p, j), "suite %u, K = %u", suite,
			      ks[i]);
		}
	}
	check(rhash_len(1) == 32 && rhash_len(2) == 48 && rhash_len(3) == 20,
	      "lengths of RHASH");
	test_limits();
}
