/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What every user-space program here needs.
 */
#ifndef HIP_UTIL_H
#define HIP_UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define PRINTF(f, a)	__attribute__((format(printf, f, a)))

#define HIP_TOOLS_VERSION	"0.1.0"

/* Where hipd looks for private keys, and hiptool writes them */
#ifndef HIP_IDENTITY_DIR
#define HIP_IDENTITY_DIR	"/etc/hip/identities"
#endif

/* What a program says and does when the module is not there */
#define HIP_NO_MODULE \
	"Host Identity Protocol kernel module is not loaded: modprobe hip"

#define HIP_NAME_LEN_MAX	63	/* of an identity, without the NUL */

static inline uint16_t get_be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline void put_be16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

#endif /* HIP_UTIL_H */
