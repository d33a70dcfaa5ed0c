/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_CRYPTO_ALGAPI_H
#define _FUZZ_CRYPTO_ALGAPI_H

#include <linux/string.h>

static inline unsigned long crypto_memneq(const void *a, const void *b,
					  size_t len)
{
	return memcmp(a, b, len) != 0;
}

static inline void crypto_xor_cpy(u8 *out, const u8 *a, const u8 *b, size_t len)
{
	while (len--)
		*out++ = *a++ ^ *b++;
}

static inline void crypto_xor(u8 *out, const u8 *in, size_t len)
{
	crypto_xor_cpy(out, out, in, len);
}

#endif
