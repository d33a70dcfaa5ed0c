// SPDX-License-Identifier: GPL-2.0
/*
 * Mutations that know what a HIP packet looks like. Those of libFuzzer, which do
 * not, would spend their time on lengths that are found wrong at once. Here the
 * Lengths and the order of parameters are made right again, most of the time.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#define FUZZ_PARAMS_MAX	64

struct fuzz_param {
	u16 type;
	u16 len;
	u8 data[HIP_MAX_LEN];
};

/* The packet at hand, taken apart */
static struct {
	u8 hdr[HIP_HDR_LEN];
	unsigned int n;
	struct fuzz_param param[FUZZ_PARAMS_MAX];
} fuzz;

static u16 fuzz_types[128];
static unsigned int fuzz_n_types;

static unsigned int fuzz_rand_state;

static unsigned int fuzz_rand(unsigned int below)
{
	fuzz_rand_state = fuzz_rand_state * 1664525 + 1013904223;
	return (fuzz_rand_state >> 8) % below;
}

/* All that have a name, and some that have none */
static u16 fuzz_rand_type(void)
{
	unsigned int type;

	if (!fuzz_n_types)
		for (type = 0; type <= U16_MAX; type++)
			if (hip_param_name(type) != hip_param_name(0) &&
			    fuzz_n_types < ARRAY_SIZE(fuzz_types))
				fuzz_types[fuzz_n_types++] = type;
	if (!fuzz_rand(8))
		return fuzz_rand(U16_MAX + 1);
	return fuzz_types[fuzz_rand(fuzz_n_types)];
}

/* As far as it makes sense */
static void fuzz_split(const u8 *data, size_t size)
{
	struct fuzz_param *p = fuzz.param;
	size_t offset = HIP_HDR_LEN, len;

	memset(fuzz.hdr, 0, sizeof(fuzz.hdr));
	memcpy(fuzz.hdr, data, min(size, sizeof(fuzz.hdr)));
	for (fuzz.n = 0; fuzz.n < FUZZ_PARAMS_MAX; fuzz.n++, p++) {
		if (size < offset + HIP_TLV_HDR_LEN)
			break;
		len = hip_load_be16(data + offset + 2);
		if (len > size - offset - HIP_TLV_HDR_LEN ||
		    len > sizeof(p->data))
			break;
		p->type = hip_load_be16(data + offset);
		p->len = len;
		memcpy(p->data, data + offset + HIP_TLV_HDR_LEN, len);
		offset += HIP_TLV_SIZE(len);
	}
}

static size_t fuzz_join(u8 *data, size_t max)
{
	const struct fuzz_param *p = fuzz.param;
	size_t offset = HIP_HDR_LEN;
	unsigned int i;

	memcpy(data, fuzz.hdr, HIP_HDR_LEN);
	for (i = 0; i < fuzz.n; i++, p++) {
		if (HIP_TLV_SIZE(p->len) > max - offset)
			continue;
		hip_store_be16(data + offset, p->type);
		hip_store_be16(data + offset + 2, p->len);
		memset(data + offset + HIP_TLV_HDR_LEN, 0,
		       HIP_TLV_SIZE(p->len) - HIP_TLV_HDR_LEN);
		memcpy(data + offset + HIP_TLV_HDR_LEN, p->data, p->len);
		offset += HIP_TLV_SIZE(p->len);
	}
	data[1] = offset / HIP_HDR_LEN_UNIT - 1;
	return offset;
}

static int fuzz_compare(const void *a, const void *b)
{
	const struct fuzz_param *pa = a, *pb = b;

	return (int)pa->type - (int)pb->type;
}

/* Insertion: there are few, they are large, and most are in their place */
static void fuzz_sort(void)
{
	static struct fuzz_param moved;
	unsigned int i, j;

	for (i = 1; i < fuzz.n; i++) {
		for (j = i; j && fuzz_compare(&fuzz.param[i],
					      &fuzz.param[j - 1]) < 0;)
			j--;
		if (j == i)
			continue;
		moved = fuzz.param[i];
		memmove(&fuzz.param[j + 1], &fuzz.param[j],
			(i - j) * sizeof(moved));
		fuzz.param[j] = moved;
	}
}

static void fuzz_insert(unsigned int at, const struct fuzz_param *p)
{
	if (fuzz.n == FUZZ_PARAMS_MAX)
		return;
	memmove(&fuzz.param[at + 1], &fuzz.param[at],
		(fuzz.n - at) * sizeof(*p));
	fuzz.param[at] = *p;
	fuzz.n++;
}

static void fuzz_invent_locators(struct fuzz_param *p)
{
	static const u8 words[] = { 4, 5, 7, 2 };	/* by type; 3 is none */
	unsigned int n, type, len;

	p->len = 0;
	for (n = fuzz_rand(3) + 1; n; n--) {
		type = fuzz_rand(ARRAY_SIZE(words));
		len = fuzz_rand(4) ? words[type] : fuzz_rand(10);
		memset(p->data + p->len, 0, 8 + len * 4);
		p->data[p->len + 1] = type;
		p->data[p->len + 2] = len;
		p->len += 8 + len * 4;
	}
}

/* A parameter of a length that it may have with nothing but zeros */
static void fuzz_invent(struct fuzz_param *p)
{
	u8 tlv[HIP_TLV_HDR_LEN + 128 + 8] = {};
	unsigned int start = fuzz_rand(128), i;
	struct hip_param out;

	p->type = fuzz_rand_type();
	if (p->type == HIP_PARAM_LOCATOR_SET) {
		fuzz_invent_locators(p);
		return;
	}
	for (i = 0; i < 128; i++) {
		p->len = (start + i) % 128;
		hip_store_be16(tlv, p->type);
		hip_store_be16(tlv + 2, p->len);
		if (!hip_tlv_check(tlv, sizeof(tlv), &out))
			break;
	}
	memset(p->data, 0, p->len);
}

static void fuzz_mutate_header(void)
{
	static const u8 types[] = {
		HIP_PKT_I1, HIP_PKT_R1, HIP_PKT_I2, HIP_PKT_R2, HIP_PKT_UPDATE,
		HIP_PKT_NOTIFY, HIP_PKT_CLOSE, HIP_PKT_CLOSE_ACK,
	};

	switch (fuzz_rand(4)) {
	case 0:
		fuzz.hdr[2] = types[fuzz_rand(ARRAY_SIZE(types))];
		break;
	case 1:	/* the HIT suite of one of them */
		fuzz.hdr[fuzz_rand(2) ? 11 : 27] = 0x20 | fuzz_rand(5);
		break;
	default:
		LLVMFuzzerMutate(fuzz.hdr, HIP_HDR_LEN, HIP_HDR_LEN);
		break;
	}
}

/* Lengths inside of a parameter that has another one now */
static void fuzz_fix_inner(struct fuzz_param *p)
{
	unsigned int di_len;

	if (p->type == HIP_PARAM_DIFFIE_HELLMAN && p->len > 3) {
		hip_store_be16(p->data + 1, p->len - 3);
	} else if (p->type == HIP_PARAM_HOST_ID && p->len > 6) {
		di_len = hip_load_be16(p->data + 2) & HIP_DI_LEN_MASK;
		if (di_len >= p->len - 6) {
			hip_store_be16(p->data + 2, 0);
			di_len = 0;
		}
		hip_store_be16(p->data, p->len - 6 - di_len);
	}
}

static void fuzz_mutate_param(struct fuzz_param *p)
{
	unsigned int at;

	if (!p->len)
		p->data[p->len++] = fuzz_rand(256);
	switch (fuzz_rand(8)) {
	case 0:	/* about as long as it must be */
		at = fuzz_rand(32);
		if (at > p->len)
			memset(p->data + p->len, 0, at - p->len);
		p->len = at;
		break;
	case 1:	/* what may be a length, of about what there is */
		at = fuzz_rand(min(p->len, 24));
		p->data[at] = (p->len - at + 1 - fuzz_rand(10)) >>
			      (fuzz_rand(2) * 2);
		break;
	case 2:	/* what may be a type */
		p->data[fuzz_rand(min(p->len, 64))] = fuzz_rand(12);
		break;
	default:
		p->len = LLVMFuzzerMutate(p->data, p->len, fuzz_rand(4) ?
					  p->len : sizeof(p->data));
		break;
	}
	if (fuzz_rand(8))
		fuzz_fix_inner(p);
}

static void fuzz_mutate(void)
{
	static struct fuzz_param p;
	unsigned int at;

	if (!fuzz.n || !fuzz_rand(16)) {
		fuzz_mutate_header();
		return;
	}
	at = fuzz_rand(fuzz.n);
	switch (fuzz_rand(10)) {
	case 0:
		memmove(&fuzz.param[at], &fuzz.param[at + 1],
			(--fuzz.n - at) * sizeof(p));
		break;
	case 1:
		p = fuzz.param[at];
		fuzz_insert(at, &p);
		break;
	case 2:
	case 3:
		fuzz_invent(&p);
		fuzz_insert(at, &p);
		break;
	case 4:
		fuzz.param[at].type = fuzz_rand_type();
		break;
	default:
		fuzz_mutate_param(&fuzz.param[at]);
		break;
	}
	if (fuzz_rand(8))
		fuzz_sort();
}

/* A Length that is wrong by little, which is where mistakes are */
static void fuzz_spoil(u8 *data, size_t size)
{
	size_t offset = HIP_HDR_LEN;
	unsigned int n = fuzz_rand(fuzz.n + 1);
	u16 len;

	for (; offset + HIP_TLV_HDR_LEN <= size; n--) {
		len = hip_load_be16(data + offset + 2);
		if (!n) {
			hip_store_be16(data + offset + 2,
				       len + fuzz_rand(17) - 8);
			return;
		}
		offset += HIP_TLV_SIZE(len);
	}
	data[1] += fuzz_rand(5) - 2;
}

size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max_size,
			       unsigned int seed)
{
	unsigned int n;

	fuzz_rand_state = seed;
	if (max_size < HIP_HDR_LEN || !fuzz_rand(4))
		return LLVMFuzzerMutate(data, size, max_size);

	fuzz_split(data, size);
	for (n = fuzz_rand(3) + 1; n; n--)
		fuzz_mutate();
	size = fuzz_join(data, min_t(size_t, max_size, HIP_MAX_LEN));
	if (!fuzz_rand(4))
		fuzz_spoil(data, size);
	return size;
}
