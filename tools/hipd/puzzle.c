// SPDX-License-Identifier: GPL-2.0
/*
 * Solving puzzles: find J so that the low-order K bits of
 * RHASH(I | HIT-I | HIT-R | J) are zero.
 */
#include "puzzle.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include <openssl/evp.h>
#include <openssl/rand.h>

#include "hi.h"

#define INPUT_MAX	(2 * RHASH_LEN_MAX + 2 * sizeof(struct in6_addr))
#define CLOCK_EVERY	1024	/* tries between two looks at the clock */

/**
 * rhash_len() - length of RHASH, and of I and J
 * @suite: HIT suite of the Responder
 *
 * Return: octets, 0 for a suite that we do not know.
 */
size_t rhash_len(uint8_t suite)
{
	const EVP_MD *md = hit_suite_md(suite);

	return md ? (size_t)EVP_MD_get_size(md) : 0;
}

static size_t put(uint8_t *buf, size_t at, const void *data, size_t len)
{
	memcpy(buf + at, data, len);
	return at + len;
}

/* Return: where J belongs in @buf */
static size_t input(const struct puzzle *puzzle, size_t len, uint8_t *buf)
{
	size_t at = 0;

	at = put(buf, at, puzzle->i, len);
	at = put(buf, at, &puzzle->hit_i, sizeof(puzzle->hit_i));
	return put(buf, at, &puzzle->hit_r, sizeof(puzzle->hit_r));
}

static bool low_bits_zero(const uint8_t *digest, size_t len, unsigned int k)
{
	const uint8_t *p = digest + len;

	for (; k >= 8; k -= 8)
		if (*--p)
			return false;
	return !k || !(p[-1] & ((1U << k) - 1));
}

/* @ctx has its hash already: to name it each time has libcrypto look it up */
static bool try(EVP_MD_CTX *ctx, const uint8_t *buf, size_t len, unsigned int k)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned int digest_len;

	return EVP_DigestInit_ex(ctx, NULL, NULL) &&
	       EVP_DigestUpdate(ctx, buf, len) &&
	       EVP_DigestFinal_ex(ctx, digest, &digest_len) &&
	       low_bits_zero(digest, digest_len, k);
}

/**
 * puzzle_check() - whether a solution is one
 * @puzzle: puzzle
 * @j: solution, as long as RHASH
 */
bool puzzle_check(const struct puzzle *puzzle, const uint8_t *j)
{
	const EVP_MD *md = hit_suite_md(puzzle->suite);
	size_t len = rhash_len(puzzle->suite), at;
	uint8_t buf[INPUT_MAX];
	EVP_MD_CTX *ctx;
	bool ok;

	if (!md || puzzle->k > 8 * len)
		return false;
	ctx = EVP_MD_CTX_new();
	at = input(puzzle, len, buf);
	memcpy(buf + at, j, len);
	ok = ctx && EVP_DigestInit_ex(ctx, md, NULL) &&
	     try(ctx, buf, at + len, puzzle->k);
	EVP_MD_CTX_free(ctx);
	return ok;
}

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/**
 * puzzle_solve() - solve a puzzle
 * @puzzle: puzzle
 * @timeout_ms: give up after so long
 * @stop: give up when this becomes true; may be NULL
 * @j: set to the solution, as long as RHASH
 *
 * Starts at a random J, so that two solutions of one puzzle differ.
 *
 * Return: 0, -ETIMEDOUT, -ECANCELED, -EOPNOTSUPP for an unknown suite or a K
 * that RHASH cannot have, -ENOMEM.
 */
int puzzle_solve(const struct puzzle *puzzle, unsigned int timeout_ms,
		 const atomic_bool *stop, uint8_t j[RHASH_LEN_MAX])
{
	const EVP_MD *md = hit_suite_md(puzzle->suite);
	size_t len = rhash_len(puzzle->suite), at, n;
	const int64_t end = now_ms() + timeout_ms;
	unsigned int tries = 0;
	uint8_t buf[INPUT_MAX];
	EVP_MD_CTX *ctx;
	int err = 0;

	if (!md || puzzle->k > 8 * len)
		return -EOPNOTSUPP;
	ctx = EVP_MD_CTX_new();
	if (!ctx)
		return -ENOMEM;

	at = input(puzzle, len, buf);
	if (!EVP_DigestInit_ex(ctx, md, NULL) ||
	    RAND_bytes(buf + at, (int)len) != 1) {
		err = -EIO;
		goto out;
	}
	while (!try(ctx, buf, at + len, puzzle->k)) {
		for (n = len; n && !++buf[at + n - 1]; n--)
			;
		if (++tries % CLOCK_EVERY)
			continue;
		if (now_ms() >= end) {
			err = -ETIMEDOUT;
			goto out;
		}
		if (stop && atomic_load_explicit(stop, memory_order_relaxed)) {
			err = -ECANCELED;
			goto out;
		}
	}
	memcpy(j, buf + at, len);
out:
	EVP_MD_CTX_free(ctx);
	return err;
}
