/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the kernel has, in user space: as much as the pure files of net/hip use.
 */
#ifndef _FUZZ_LINUX_KERNEL_H
#define _FUZZ_LINUX_KERNEL_H

#include <asm/byteorder.h>
#include <limits.h>
#include <linux/types.h>
#include <stdint.h>
#include <stdlib.h>

#define be16_to_cpu	__be16_to_cpu
#define be32_to_cpu	__be32_to_cpu
#define be64_to_cpu	__be64_to_cpu
#define cpu_to_be16	__cpu_to_be16
#define cpu_to_be32	__cpu_to_be32
#define cpu_to_be64	__cpu_to_be64
/* <arpa/inet.h> has a struct in6_addr that is not the kernel's */
#define htons		__cpu_to_be16
#define htonl		__cpu_to_be32
#define ntohs		__be16_to_cpu
#define ntohl		__be32_to_cpu

#define U8_MAX		UINT8_MAX
#define U16_MAX		UINT16_MAX
#define U32_MAX		UINT32_MAX
#define U64_MAX		UINT64_MAX

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define BIT(n)		(1UL << (n))
#define ALIGN_DOWN(n, to) ({		\
	__typeof__(to) __down = (to);	\
					\
	(n) / __down * __down; })
#define ALIGN(n, to) ({			\
	__typeof__(to) __up = (to);	\
					\
	((n) + __up - 1) / __up * __up; })

#define min(a, b) ({			\
	__typeof__(a) __min_a = (a);	\
	__typeof__(b) __min_b = (b);	\
					\
	__min_a < __min_b ? __min_a : __min_b; })
#define max(a, b) ({			\
	__typeof__(a) __max_a = (a);	\
	__typeof__(b) __max_b = (b);	\
					\
	__max_a > __max_b ? __max_a : __max_b; })
#define min_t(type, a, b)	min((type)(a), (type)(b))
#define max_t(type, a, b)	max((type)(a), (type)(b))

#ifndef static_assert
#define static_assert(cond)	_Static_assert(cond, #cond)
#endif

/* A warning of the kernel is a failure here */
#define WARN_ON_ONCE(cond) ({		\
	if (cond)			\
		abort();		\
	false; })

static inline int fls(unsigned int n)
{
	return n ? 32 - __builtin_clz(n) : 0;
}

#endif
