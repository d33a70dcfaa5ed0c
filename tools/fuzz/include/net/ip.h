/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_NET_IP_H
#define _FUZZ_NET_IP_H

#include <linux/ip.h>
#include <linux/kernel.h>

#define IP_DF	0x4000

#endif
