/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_ALIGN_H
#define _FUZZ_LINUX_ALIGN_H

#include <linux/kernel.h>

#endif
