/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which number gets the next packet? RFC 4303, section 3.3.3.
 */
#ifndef _NET_HIP_SEQ_H
#define _NET_HIP_SEQ_H

#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/types.h>

/**
 * struct hip_seq - the sequence numbers of an outbound SA
 * @used: the highest number given to a packet; atomic
 * @soft: when @used gets there a successor is to be asked for, once; from then
 *	on it is @last; READ_ONCE()
 * @last: the highest number that may be used; constant
 *
 * All CPUs take numbers at the same time, so @used may get beyond @last, by as
 * much as they take at once.
 */
struct hip_seq {
	atomic64_t used;
	u64 soft;
	u64 last;
};

/**
 * hip_seq_init() - begin with number 1
 * @seq: numbers
 * @soft: soft limit
 * @last: the last number; far enough below U64_MAX
 */
static inline void hip_seq_init(struct hip_seq *seq, u64 soft, u64 last)
{
	atomic64_set(&seq->used, 0);
	seq->soft = soft;
	seq->last = last;
}

/**
 * hip_seq_take() - numbers for packets
 * @seq: numbers
 * @n: how many, in a row
 * @due: set to true at the soft limit; whoever comes at the same time may be
 *	told as well
 *
 * Any context.
 *
 * Return: the first of them, or 0 when there are not as many left.
 */
static inline u64 hip_seq_take(struct hip_seq *seq, unsigned int n, bool *due)
{
	u64 used = atomic64_read(&seq->used);

	if (unlikely(used >= READ_ONCE(seq->soft))) {
		/* Or the counter would creep up to its own end */
		if (used >= seq->last)
			return 0;
		*due = READ_ONCE(seq->soft) != seq->last;
		WRITE_ONCE(seq->soft, seq->last);
	}

	used = atomic64_add_return(n, &seq->used);
	return likely(used <= seq->last) ? used - n + 1 : 0;
}

#endif /* _NET_HIP_SEQ_H */
