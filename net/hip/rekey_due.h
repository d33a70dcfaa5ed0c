/* SPDX-License-Identifier: GPL-2.0 */
/*
 * When is it time for new SAs? RFC 7402, sections 3.3.7 and 6.8.
 */
#ifndef _NET_HIP_REKEY_DUE_H
#define _NET_HIP_REKEY_DUE_H

#include <linux/types.h>

/**
 * struct hip_rekey_limits - what an SA may be used for
 * @packets: so many packets; 0: no limit but that of its numbers
 * @bytes: so many octets; 0: no limit
 * @time: so many milliseconds, if it was used at all; 0: no limit
 */
struct hip_rekey_limits {
	u64 packets;
	u64 bytes;
	u32 time;
};

/**
 * struct hip_rekey_use - what the SAs of an association were used for
 * @seq_in: highest number received
 * @seq_out: highest number sent
 * @seq_max: highest number that there is
 * @bytes_in: octets received
 * @bytes_out: octets sent
 * @age: milliseconds since they were made
 * @second: of the two sides, this is the one that waits longer
 */
struct hip_rekey_use {
	u64 seq_in;
	u64 seq_out;
	u64 seq_max;
	u64 bytes_in;
	u64 bytes_out;
	u64 age;
	bool second;
};

/* Never */
#define HIP_REKEY_NEVER	U32_MAX

u64 hip_rekey_soft_seq(u64 seq_max, u64 packets, bool second);
u32 hip_rekey_due(const struct hip_rekey_limits *limits,
		  const struct hip_rekey_use *use);

#endif /* _NET_HIP_REKEY_DUE_H */
