// SPDX-License-Identifier: GPL-2.0
/*
 * When is it time for new SAs? RFC 7402, sections 3.3.7 and 6.8.
 *
 * Both sides count the same packets and octets, and would begin at the same
 * time. One of them, the second, waits a little longer for everything; and an
 * inbound SA is the sender's business before it is ours.
 */
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/minmax.h>

#include "rekey_due.h"

/* An eighth more, as far as numbers go */
static u64 hip_rekey_later(u64 limit)
{
	return limit > U64_MAX - limit / 8 ? U64_MAX : limit + limit / 8;
}

/**
 * hip_rekey_soft_seq() - the number at which an SA asks for a successor
 * @seq_max: highest number that there is
 * @packets: limit of the configuration, or 0
 * @second: see struct hip_rekey_use
 *
 * Any context.
 *
 * Return: the limit, or earlier: a quarter before the numbers end, so that
 * there is time for a rekey however fast they go.
 */
u64 hip_rekey_soft_seq(u64 seq_max, u64 packets, bool second)
{
	u64 soft = seq_max - seq_max / 4;

	if (packets)
		soft = min(packets, soft);
	return second ? hip_rekey_later(soft) : soft;
}

static bool hip_rekey_is_due(const struct hip_rekey_limits *limits,
			     const struct hip_rekey_use *use)
{
	u64 soft = hip_rekey_soft_seq(use->seq_max, limits->packets,
				      use->second);
	u64 bytes = limits->bytes;

	if (use->second)
		bytes = hip_rekey_later(bytes);
	return use->seq_out >= soft || use->seq_in >= hip_rekey_later(soft) ||
	       (bytes && max(use->bytes_in, use->bytes_out) >= bytes);
}

/**
 * hip_rekey_due() - is a rekey due, and if not, when?
 * @limits: of the configuration
 * @use: what there has been since the last one
 *
 * Any context.
 *
 * Return: milliseconds until then, 0 if it is due, HIP_REKEY_NEVER if only more
 * packets or octets make it so.
 */
u32 hip_rekey_due(const struct hip_rekey_limits *limits,
		  const struct hip_rekey_use *use)
{
	u64 time = limits->time;

	if (hip_rekey_is_due(limits, use))
		return 0;

	if (!time)
		return HIP_REKEY_NEVER;
	if (use->second)
		time = hip_rekey_later(time);
	if (use->age < time)
		return min_t(u64, time - use->age, HIP_REKEY_NEVER - 1);

	/* Keys that protect nothing need no successors */
	return use->bytes_in || use->bytes_out ? 0 : HIP_REKEY_NEVER;
}
