// SPDX-License-Identifier: GPL-2.0
/*
 * The readers of parameters, one at a time. While one is read, ASan is told that
 * there is nothing beside it, so that a length which is believed too early is seen
 * even in the middle of a packet.
 */
#include <errno.h>
#include <sanitizer/asan_interface.h>
#include <stdint.h>
#include <stdlib.h>

#include "bex_policy.h"
#include "crypto.h"
#include "fuzz.h"
#include "hit.h"
#include "puzzle.h"

static const u8 fuzz_suites[] = {
	HIP_HIT_SUITE_RSA_DSA_SHA256, HIP_HIT_SUITE_ECDSA_SHA384,
	HIP_HIT_SUITE_ECDSA_LOW_SHA1,
};

/* What fuzz_use() may read */
static struct {
	const u8 *from;
	const u8 *to;
} fuzz_view;

/* Reads @len octets, all of which must be in the parameter at hand */
static void fuzz_use(const void *ptr, size_t len)
{
	const u8 *p = ptr;
	u8 sum = 0;

	HOLDS(p >= fuzz_view.from && p <= fuzz_view.to);
	HOLDS(len <= (size_t)(fuzz_view.to - p));
	while (len--)
		sum ^= *p++;
	asm volatile("" : : "r" (sum));
}

/* From here on there is only this parameter. ASan wants each hidden part to end
 * at a multiple of eight; packets in odd places do without it.
 */
static void fuzz_show_only(const struct hip_msg *msg, const struct hip_param *p)
{
	const u8 *end = msg->data + msg->len;

	fuzz_view.from = p->tlv;
	fuzz_view.to = p->data + p->len;
	if ((uintptr_t)msg->data % 8)
		return;
	ASAN_POISON_MEMORY_REGION(msg->data, p->tlv - msg->data);
	ASAN_POISON_MEMORY_REGION(fuzz_view.to, end - fuzz_view.to);
}

static void fuzz_show_all(const struct hip_msg *msg)
{
	ASAN_UNPOISON_MEMORY_REGION(msg->data, msg->len);
	fuzz_view.from = msg->data;
	fuzz_view.to = msg->data + msg->len;
}

static bool fuzz_is_rhash_len(unsigned int len)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(fuzz_suites); i++)
		if (len == hip_rhash_len(fuzz_suites[i]))
			return true;
	return false;
}

static void fuzz_read_puzzle(const struct hip_msg *msg)
{
	struct hip_puzzle puzzle;

	HOLDS(!hip_get_puzzle(msg, &puzzle));
	HOLDS(fuzz_is_rhash_len(puzzle.rhash_len));
	fuzz_use(puzzle.i, puzzle.rhash_len);
	HOLDS(hip_puzzle_lifetime_ms(puzzle.lifetime));
}

static void fuzz_read_solution(const struct hip_msg *msg)
{
	struct hip_solution solution;

	HOLDS(!hip_get_solution(msg, &solution));
	HOLDS(fuzz_is_rhash_len(solution.rhash_len));
	fuzz_use(solution.i, solution.rhash_len);
	fuzz_use(solution.j, solution.rhash_len);
}

static void fuzz_read_dh(const struct hip_msg *msg)
{
	unsigned int want;
	struct hip_dh dh;

	HOLDS(!hip_get_dh(msg, &dh));
	HOLDS(dh.pub_len);
	fuzz_use(dh.pub, dh.pub_len);

	want = hip_dh_pub_len(dh.group);
	HOLDS(want <= HIP_DH_PUB_LEN_MAX);
	HOLDS(hip_dh_kij_len(dh.group) <= HIP_DH_KIJ_LEN_MAX);
	if (want)
		HOLDS(hip_dh_group_is_modp(dh.group) ? dh.pub_len <= want :
						       dh.pub_len == want);
}

static void fuzz_read_ack(const struct hip_msg *msg, const struct hip_param *p)
{
	unsigned int n = 0;
	u32 id;

	while (hip_get_ack(msg, n, &id))
		n++;
	HOLDS(n == p->len / 4);
}

static void fuzz_read_host_id(const struct hip_param *p)
{
	static const u8 algorithms[] = {
		HIP_HI_ALG_DSA, HIP_HI_ALG_RSA, HIP_HI_ALG_ECDSA,
		HIP_HI_ALG_ECDSA_LOW, HIP_HI_ALG_EDDSA,
	};
	struct hip_host_id hid;
	unsigned int i;
	u8 *hi;

	HOLDS(!hip_param_host_id(p, &hid));
	HOLDS(hid.tlv == p->tlv && hid.tlv_len == HIP_TLV_SIZE(p->len));
	fuzz_use(hid.hi, hid.hi_len);
	fuzz_use(hid.di, hid.di_len);

	hi = fuzz_copy(hid.hi, hid.hi_len);
	for (i = 0; i < ARRAY_SIZE(algorithms); i++)
		hip_hi_check(algorithms[i], hi, hid.hi_len);
	free(hi);
}

static void fuzz_read_notification(const struct hip_param *p)
{
	struct hip_notification notification;

	HOLDS(!hip_param_notification(p, &notification));
	fuzz_use(notification.data, notification.len);
	hip_policy_notify_reason(notification.type);
}

static void fuzz_read_signature(const struct hip_msg *msg, u16 type)
{
	struct hip_signature sig;

	HOLDS(!hip_get_signature(msg, type, &sig));
	HOLDS(sig.len);
	fuzz_use(sig.sig, sig.len);
}

static void fuzz_read_locators(const struct hip_param *p)
{
	struct hip_locator loc;
	unsigned int cursor = 0, last;

	do {
		last = cursor;
		HOLDS(cursor <= p->len);
	} while (hip_param_locator(p, &cursor, &loc) > 0 && cursor > last);
	HOLDS(cursor == p->len);
}

void fuzz_inner(const u8 *plain, size_t len)
{
	struct hip_host_id hid;
	struct hip_param p;
	size_t cursor = 0;
	u16 last = 1;

	fuzz_view.from = plain;
	fuzz_view.to = plain + len;
	while (hip_inner_next(plain, len, &cursor, &p)) {
		HOLDS(p.type >= last);
		HOLDS(cursor <= len);
		fuzz_use(p.tlv, HIP_TLV_SIZE(p.len));
		if (p.type == HIP_PARAM_HOST_ID)
			fuzz_read_host_id(&p);
		last = p.type;
	}
	if (!hip_inner_host_id(plain, len, &hid)) {
		fuzz_use(hid.tlv, hid.tlv_len);
		fuzz_use(hid.hi, hid.hi_len);
		fuzz_use(hid.di, hid.di_len);
	}
}

/* Decrypted by each cipher. NULL, which is not negotiated, lets the packet say
 * what is inside.
 */
static void fuzz_read_encrypted(const struct hip_msg *msg)
{
	static const u16 ciphers[] = {
		HIP_CIPHER_NULL, HIP_CIPHER_AES128_CBC, HIP_CIPHER_AES256_CBC,
	};
	static const u8 key[HIP_CIPHER_KEY_MAX];
	struct hip_encrypted enc;
	int want, len;
	unsigned int i;
	u8 *plain;

	HOLDS(!hip_get_encrypted(msg, &enc));
	fuzz_use(enc.iv_ct, enc.len);

	for (i = 0; i < ARRAY_SIZE(ciphers); i++) {
		want = enc.len;
		if (ciphers[i] != HIP_CIPHER_NULL)
			want -= HIP_CIPHER_IV_LEN;
		plain = fuzz_alloc(max(want, 0));
		len = hip_decrypt(ciphers[i], key, plain, max(want, 0),
				  enc.iv_ct, enc.len);
		if (ciphers[i] == HIP_CIPHER_NULL)
			HOLDS(len == want);
		else
			HOLDS(len == (want < HIP_CIPHER_BLOCK ||
				      want % HIP_CIPHER_BLOCK ? -EINVAL : want));
		if (len > 0) {
			fuzz_inner(plain, len);
			HOLDS(hip_decrypt(ciphers[i], key, plain, len - 1,
					  enc.iv_ct, enc.len) == -ENOSPC);
		}
		free(plain);
	}
}

static void fuzz_read_ids(const struct hip_msg *msg, const struct hip_param *p,
			  bool octets, unsigned int count)
{
	unsigned int n;
	u8 octet;
	u16 id;
	int e;

	for (n = 0;; n++) {
		e = octets ? hip_get_list(msg, p->type, n) :
			     hip_get_list(msg, p->type, n);
		if (e < 0)
			break;
		id = e;
		octet = e;
		HOLDS(hip_offers(msg, p->type, id));
		HOLDS(hip_choose(msg, p->type, &id, 1) == e);
		HOLDS(hip_choose_theirs(msg, p->type, &id, 1) == e);
		if (octets)
			HOLDS(hip_choose8(msg, p->type, &octet, 1) == e);
	}
	HOLDS(n == count);
}

static void fuzz_read_list(const struct hip_msg *msg, const struct hip_param *p)
{
	switch (p->type) {
	case HIP_PARAM_DH_GROUP_LIST:
	case HIP_PARAM_HIT_SUITE_LIST:
		fuzz_read_ids(msg, p, true, p->len);
		break;
	case HIP_PARAM_HIP_CIPHER:
		fuzz_read_ids(msg, p, false, min(p->len / 2, HIP_SUITES_MAX));
		break;
	case HIP_PARAM_NAT_TRAVERSAL_MODE:
		fuzz_read_ids(msg, p, false,
			      min(p->len / 2 - 1, HIP_SUITES_MAX));
		break;
	case HIP_PARAM_ESP_TRANSFORM:
		fuzz_read_ids(msg, p, false, p->len / 2 - 1);
		break;
	case HIP_PARAM_TRANSPORT_FORMAT_LIST:
		fuzz_read_ids(msg, p, false, p->len / 2);
		break;
	}
}

static void fuzz_read_shown(const struct hip_msg *msg, const struct hip_param *p)
{
	struct hip_esp_info info;
	struct hip_param mac;
	u64 counter;
	u32 seq;

	fuzz_use(p->data, p->len);
	switch (p->type) {
	case HIP_PARAM_ESP_INFO:
		HOLDS(!hip_get_esp_info(msg, &info));
		break;
	case HIP_PARAM_R1_COUNTER:
		HOLDS(!hip_get_r1_counter(msg, &counter));
		break;
	case HIP_PARAM_LOCATOR_SET:
		fuzz_read_locators(p);
		break;
	case HIP_PARAM_PUZZLE:
		fuzz_read_puzzle(msg);
		break;
	case HIP_PARAM_SOLUTION:
		fuzz_read_solution(msg);
		break;
	case HIP_PARAM_SEQ:
		HOLDS(!hip_get_seq(msg, &seq));
		break;
	case HIP_PARAM_ACK:
		fuzz_read_ack(msg, p);
		break;
	case HIP_PARAM_DIFFIE_HELLMAN:
		fuzz_read_dh(msg);
		break;
	case HIP_PARAM_ENCRYPTED:
		fuzz_read_encrypted(msg);
		break;
	case HIP_PARAM_HOST_ID:
		fuzz_read_host_id(p);
		break;
	case HIP_PARAM_NOTIFICATION:
		fuzz_read_notification(p);
		break;
	case HIP_PARAM_HIP_MAC:
	case HIP_PARAM_HIP_MAC_2:
	case HIP_PARAM_RELAY_HMAC:
		HOLDS(!hip_get_mac(msg, p->type, &mac));
		HOLDS(fuzz_is_rhash_len(mac.len));
		fuzz_use(mac.data, mac.len);
		break;
	case HIP_PARAM_HIP_SIGNATURE:
	case HIP_PARAM_HIP_SIGNATURE_2:
		fuzz_read_signature(msg, p->type);
		break;
	default:
		fuzz_read_list(msg, p);
		break;
	}
}

void fuzz_read_param(const struct hip_msg *msg, const struct hip_param *p)
{
	fuzz_show_only(msg, p);
	fuzz_read_shown(msg, p);
	fuzz_show_all(msg);
}
