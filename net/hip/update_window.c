// SPDX-License-Identifier: GPL-2.0
/*
 * Which UPDATEs of the peer are new? RFC 7401, section 6.12.
 *
 * They may come in any order, are processed once each, and acknowledged as
 * often as they come. The numbers go around.
 */
#include <linux/bits.h>
#include <linux/minmax.h>

#include "update_window.h"

/**
 * hip_update_window_look() - is an UPDATE new?
 * @w: what was processed
 * @id: its Update ID
 *
 * Any context.  RFC 7401, section 6.12.1 steps 1 and 2.
 *
 * Return: what is to be done with it.
 */
enum hip_update_age hip_update_window_look(const struct hip_update_window *w,
					   u32 id)
{
	u32 behind = w->next - 1 - id;

	if (id - w->next < HIP_UPDATE_WINDOW)
		return HIP_UPDATE_NEW;
	if (behind >= w->count)
		return HIP_UPDATE_OUTSIDE;
	return w->seen & BIT_ULL(behind) ? HIP_UPDATE_AGAIN : HIP_UPDATE_NEW;
}

/**
 * hip_update_window_mark() - an UPDATE was processed
 * @w: what was processed
 * @id: its Update ID; hip_update_window_look() says that it is new
 *
 * Any context.  RFC 7401, section 6.12.1 step 5.
 */
void hip_update_window_mark(struct hip_update_window *w, u32 id)
{
	u32 ahead = id - w->next;

	if (ahead < HIP_UPDATE_WINDOW) {
		w->seen = ahead + 1 < 64 ? w->seen << (ahead + 1) : 0;
		w->count = min_t(u32, w->count + ahead + 1, HIP_UPDATE_WINDOW);
		w->next = id + 1;
	}
	w->seen |= BIT_ULL(w->next - 1 - id);
}
