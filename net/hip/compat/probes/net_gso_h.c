// SPDX-License-Identifier: GPL-2.0
/* 6.5: skb_gso_segment() and friends moved from netdevice.h */
#include <net/gso.h>
