/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_ERR_H
#define _FUZZ_LINUX_ERR_H

#include <linux/types.h>

/* Nothing here returns an error as a pointer */
static inline bool IS_ERR(const void *ptr)
{
	return !ptr;
}

static inline long PTR_ERR(const void *ptr)
{
	return ptr ? 0 : -1;
}

#endif
