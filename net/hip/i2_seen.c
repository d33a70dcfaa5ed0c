// SPDX-License-Identifier: GPL-2.0
/*
 * Which I2s has an R1 had?
 *
 * A solved puzzle is good as long as its R1, and so is the Diffie-Hellman key.
 * Were an I2 taken a second time, there would be the same keys again and sequence
 * numbers from one, which a counter mode must never see.  So what has been used is
 * remembered as long as the R1 is, not less and not more, and where there is no
 * room left the R1 ends instead.
 */
#include <linux/errno.h>
#include <linux/slab.h>

#include "i2_seen.h"

/**
 * hip_i2_seen_init() - nothing has been seen
 * @seen: set
 */
void hip_i2_seen_init(struct hip_i2_seen *seen)
{
	mutex_init(&seen->lock);
	INIT_LIST_HEAD(&seen->blocks);
	seen->n = 0;
}

/**
 * hip_i2_seen_free() - forget everything
 * @seen: nobody uses it any more
 *
 * Any context.
 */
void hip_i2_seen_free(struct hip_i2_seen *seen)
{
	struct hip_i2_block *block, *next;

	list_for_each_entry_safe(block, next, &seen->blocks, list)
		kfree(block);
}

/* In the @at-th place, of those of its block */
static int hip_i2_seen_put(struct hip_i2_seen *seen, unsigned int at, u64 key)
{
	struct hip_i2_block *block;

	if (!at) {
		block = kzalloc(sizeof(*block), GFP_KERNEL);
		if (!block)
			return -ENOMEM;
		list_add_tail(&block->list, &seen->blocks);
	}
	block = list_last_entry(&seen->blocks, struct hip_i2_block, list);
	block->key[at] = key;
	return 0;
}

/* @seen is locked */
static unsigned int hip_i2_seen_find(const struct hip_i2_seen *seen, u64 key)
{
	const struct hip_i2_block *block;
	unsigned int i, n = 0;

	list_for_each_entry(block, &seen->blocks, list)
		for (i = 0; i < HIP_I2_SEEN_BLOCK; i++)
			n += block->key[i] == key;
	return n;
}

/* @seen is locked */
static int hip_i2_seen_add_locked(struct hip_i2_seen *seen, u64 key,
				  unsigned int max)
{
	int err;

	if (seen->n >= max)
		return -ENOSPC;
	err = hip_i2_seen_put(seen, seen->n % HIP_I2_SEEN_BLOCK, key);
	if (!err)
		seen->n++;
	return err;
}

/**
 * hip_i2_seen_add() - remember a key
 * @seen: where
 * @key: not 0, which is never found again
 * @max: entries that there may be
 *
 * Process context; sleeps.  A key may be added several times.
 *
 * Return: 0, -ENOSPC or -ENOMEM.
 */
int hip_i2_seen_add(struct hip_i2_seen *seen, u64 key, unsigned int max)
{
	int err;

	mutex_lock(&seen->lock);
	err = hip_i2_seen_add_locked(seen, key, max);
	mutex_unlock(&seen->lock);
	return err;
}

/**
 * hip_i2_seen_add_new() - remember a key that must not be known yet
 * @seen: where
 * @key: not 0
 * @max: entries that there may be
 *
 * Process context; sleeps.
 *
 * Return: 0, -EEXIST, -ENOSPC or -ENOMEM.
 */
int hip_i2_seen_add_new(struct hip_i2_seen *seen, u64 key, unsigned int max)
{
	int err;

	mutex_lock(&seen->lock);
	if (hip_i2_seen_find(seen, key))
		err = -EEXIST;
	else
		err = hip_i2_seen_add_locked(seen, key, max);
	mutex_unlock(&seen->lock);
	return err;
}

/**
 * hip_i2_seen_remove() - what was remembered has come to nothing
 * @seen: where
 * @key: of which one entry goes; its place is not used again
 *
 * Process context; sleeps.
 */
void hip_i2_seen_remove(struct hip_i2_seen *seen, u64 key)
{
	struct hip_i2_block *block;
	unsigned int i;

	mutex_lock(&seen->lock);
	list_for_each_entry_reverse(block, &seen->blocks, list) {
		for (i = 0; i < HIP_I2_SEEN_BLOCK; i++) {
			if (block->key[i] == key) {
				block->key[i] = 0;
				goto out;
			}
		}
	}
out:
	mutex_unlock(&seen->lock);
}

/**
 * hip_i2_seen_count() - how often was a key added?
 * @seen: where
 * @key: what to look for, not 0
 *
 * Process context; sleeps.
 *
 * Return: entries with this key.
 */
unsigned int hip_i2_seen_count(struct hip_i2_seen *seen, u64 key)
{
	unsigned int n;

	mutex_lock(&seen->lock);
	n = hip_i2_seen_find(seen, key);
	mutex_unlock(&seen->lock);
	return n;
}
