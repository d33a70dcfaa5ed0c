/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Anti-replay window, RFC 4303 3.4.3 and RFC 6479.
 */
#ifndef _HIP_REPLAY_H
#define _HIP_REPLAY_H

#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/spinlock.h>
#include <linux/types.h>

/* One block of the ring is always being filled and is not part of the window */
#define HIP_REPLAY_BITS		4096
#define HIP_REPLAY_BLOCKS	(HIP_REPLAY_BITS / BITS_PER_LONG)
#define HIP_REPLAY_WINDOW	(HIP_REPLAY_BITS - BITS_PER_LONG)

/**
 * struct hip_replay - which sequence numbers have been received
 * @lock: serialises hip_replay_commit()
 * @top: the highest number received, 0 before the first; written under @lock,
 *	read locklessly
 * @ring: bit (number % HIP_REPLAY_BITS) is set when number was received, for
 *	the numbers in the window; written under @lock, read locklessly
 */
struct hip_replay {
	spinlock_t lock;	/* see above */
	atomic64_t top;
	unsigned long ring[HIP_REPLAY_BLOCKS];
};

void hip_replay_init(struct hip_replay *replay);
u64 hip_replay_seq(const struct hip_replay *replay, u32 low, bool esn);
bool hip_replay_check(const struct hip_replay *replay, u64 seq);
bool hip_replay_commit(struct hip_replay *replay, u64 seq);

#endif /* _HIP_REPLAY_H */
