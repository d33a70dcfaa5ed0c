/* SPDX-License-Identifier: GPL-2.0 */
/*
 * There is one thread here.
 */
#ifndef _FUZZ_LINUX_SEQLOCK_H
#define _FUZZ_LINUX_SEQLOCK_H

#include <linux/kernel.h>

struct fuzz_seqlock {
	unsigned int sequence;
};

#define seqlock_t struct fuzz_seqlock

static inline void seqlock_init(seqlock_t *lock)
{
	lock->sequence = 0;
}

static inline void write_seqlock_bh(seqlock_t *lock)
{
	lock->sequence++;
}

static inline void write_sequnlock_bh(seqlock_t *lock)
{
	lock->sequence++;
}

static inline unsigned int read_seqbegin(const seqlock_t *lock)
{
	return lock->sequence;
}

static inline bool read_seqretry(const seqlock_t *lock, unsigned int seq)
{
	return lock->sequence != seq;
}

#endif
