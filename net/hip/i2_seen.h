/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which I2s has an R1 had?
 */
#ifndef _HIP_I2_SEEN_H
#define _HIP_I2_SEEN_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/types.h>

/* What makes a block half a KiB: most R1s have few */
#define HIP_I2_SEEN_BLOCK	62

/**
 * struct hip_i2_block - some keys
 * @list: in hip_i2_seen::blocks
 * @key: keys; 0: none
 */
struct hip_i2_block {
	struct list_head list;
	u64 key[HIP_I2_SEEN_BLOCK];
};

/**
 * struct hip_i2_seen - keys of the I2s that have answered one R1
 * @lock: protects all below; process context
 * @blocks: hip_i2_block; of the last one not all may be in use
 * @n: entries, which is what the bounds are about
 */
struct hip_i2_seen {
	struct mutex lock;	/* see above */
	struct list_head blocks;
	unsigned int n;
};

void hip_i2_seen_init(struct hip_i2_seen *seen);
void hip_i2_seen_free(struct hip_i2_seen *seen);
int hip_i2_seen_add(struct hip_i2_seen *seen, u64 key, unsigned int max);
int hip_i2_seen_add_new(struct hip_i2_seen *seen, u64 key, unsigned int max);
void hip_i2_seen_remove(struct hip_i2_seen *seen, u64 key);
unsigned int hip_i2_seen_count(struct hip_i2_seen *seen, u64 key);

#endif /* _HIP_I2_SEEN_H */
