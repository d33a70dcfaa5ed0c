/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which UPDATEs of the peer are new? RFC 7401, section 6.12.
 */
#ifndef _NET_HIP_UPDATE_WINDOW_H
#define _NET_HIP_UPDATE_WINDOW_H

#include <linux/types.h>

/* Update IDs ahead of the next one that are taken, and behind it that are
 * remembered
 */
#define HIP_UPDATE_WINDOW	64

/**
 * struct hip_update_window - the Update IDs that were processed
 * @next: one more than the highest; 0 at first
 * @seen: bit n: @next - 1 - n was processed
 * @count: how many IDs below @next there are at all, up to the window
 *
 * The owner serialises.  All zero before the first UPDATE.
 */
struct hip_update_window {
	u32 next;
	u8 count;
	u64 seen;
};

/**
 * enum hip_update_age - what an Update ID says of its packet
 * @HIP_UPDATE_NEW: to be processed
 * @HIP_UPDATE_AGAIN: was processed, to be acknowledged again
 * @HIP_UPDATE_OUTSIDE: too far ahead, or too old to tell
 */
enum hip_update_age {
	HIP_UPDATE_NEW,
	HIP_UPDATE_AGAIN,
	HIP_UPDATE_OUTSIDE,
};

enum hip_update_age hip_update_window_look(const struct hip_update_window *w,
					   u32 id);
void hip_update_window_mark(struct hip_update_window *w, u32 id);

#endif /* _NET_HIP_UPDATE_WINDOW_H */
