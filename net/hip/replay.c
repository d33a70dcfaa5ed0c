// SPDX-License-Identifier: GPL-2.0
/*
 * Which sequence numbers have we seen?
 *
 * The window is a ring of blocks, RFC 6479: when the highest number moves on,
 * whole blocks are cleared and nothing is shifted.  It is much wider than the
 * 64 packets of RFC 4303, as the packets of one peer may come by several
 * receive queues and by several paths.
 */
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "replay.h"

/**
 * hip_replay_init() - make a window in which nothing was received
 * @replay: window
 *
 * Any context; nobody else may know @replay yet.
 */
void hip_replay_init(struct hip_replay *replay)
{
	memset(replay, 0, sizeof(*replay));
	spin_lock_init(&replay->lock);
	atomic64_set(&replay->top, 0);
}

/**
 * hip_replay_seq() - the whole of a sequence number of which we got the low half
 * @replay: window
 * @low: low half as received, host byte order
 * @esn: the numbers have 64 bits
 *
 * RFC 4303, appendix A2.2: the number closest to the window is meant.
 *
 * Context: Any; no locks.
 * Return: the number; 0, which no sender uses, when the closest one would be
 * negative or exceed 64 bits.
 */
u64 hip_replay_seq(const struct hip_replay *replay, u32 low, bool esn)
{
	u64 top = atomic64_read(&replay->top);
	u32 bottom = lower_32_bits(top) - HIP_REPLAY_WINDOW + 1;
	u32 high = upper_32_bits(top);

	if (!esn)
		return low;

	if (lower_32_bits(top) >= HIP_REPLAY_WINDOW - 1) {
		/* Case A: the window lies within one high half */
		if (low < bottom) {
			if (high == U32_MAX)
				return 0;
			high++;
		}
	} else if (low >= bottom) {
		/* Case B: it begins in the one before */
		if (!high)
			return 0;
		high--;
	}

	return (u64)high << 32 | low;
}

static bool hip_replay_seen(const struct hip_replay *replay, u64 seq)
{
	unsigned int bit = seq % HIP_REPLAY_BITS;

	return READ_ONCE(replay->ring[bit / BITS_PER_LONG]) &
	       BIT(bit % BITS_PER_LONG);
}

/**
 * hip_replay_check() - may a packet be new?
 * @replay: window
 * @seq: its sequence number
 *
 * A cheap refusal ahead of the cryptography.  It takes no lock, so that the
 * answer is final only after hip_replay_commit().
 *
 * Context: Any.
 * Return: false when it is a duplicate, too old, or has the number 0.
 */
bool hip_replay_check(const struct hip_replay *replay, u64 seq)
{
	u64 top = atomic64_read(&replay->top);

	if (unlikely(!seq))
		return false;
	if (likely(seq > top))
		return true;
	if (top - seq >= HIP_REPLAY_WINDOW)
		return false;
	return !hip_replay_seen(replay, seq);
}

/* The bits between the old and the new top become those of new numbers */
static void hip_replay_advance(struct hip_replay *replay, u64 top, u64 seq)
{
	u64 from = top / BITS_PER_LONG;
	u64 blocks = min_t(u64, seq / BITS_PER_LONG - from, HIP_REPLAY_BLOCKS);
	u64 i;

	for (i = 1; i <= blocks; i++)
		WRITE_ONCE(replay->ring[(from + i) % HIP_REPLAY_BLOCKS], 0);
	atomic64_set(&replay->top, seq);
}

/**
 * hip_replay_commit() - note the number of a packet whose ICV was right
 * @replay: window
 * @seq: sequence number that the ICV was checked with
 *
 * Context: Any but hard interrupts; takes &hip_replay.lock.
 * Return: false when the packet must be dropped after all: another CPU was
 * given the same one, or the window has moved on meanwhile.
 */
bool hip_replay_commit(struct hip_replay *replay, u64 seq)
{
	unsigned int bit = seq % HIP_REPLAY_BITS;
	unsigned long *block = &replay->ring[bit / BITS_PER_LONG];
	u64 top;
	bool ok;

	spin_lock_bh(&replay->lock);
	ok = hip_replay_check(replay, seq);
	if (likely(ok)) {
		top = atomic64_read(&replay->top);
		if (likely(seq > top))
			hip_replay_advance(replay, top, seq);
		WRITE_ONCE(*block, *block | BIT(bit % BITS_PER_LONG));
	}
	spin_unlock_bh(&replay->lock);

	return ok;
}
