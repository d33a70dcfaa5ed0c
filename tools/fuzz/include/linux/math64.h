/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_MATH64_H
#define _FUZZ_LINUX_MATH64_H

#include <linux/kernel.h>

#endif
