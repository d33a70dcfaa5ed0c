// SPDX-License-Identifier: GPL-2.0
/*
 * A packet that was parsed, built again from what the readers say: but for what
 * a receiver must ignore (reserved octets, padding), it is the same. And what
 * the handlers build from it, which the peer must be able to parse.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bex_policy.h"
#include "fuzz.h"
#include "hit.h"

/* Zeroes what no reader looks at */

static void fuzz_clear_locators(u8 *data, unsigned int len)
{
	unsigned int offset = 0;

	while (offset < len) {
		data[offset + 3] &= HIP_LOCATOR_PREFERRED;
		if (data[offset + 1] == HIP_LOCATOR_UDP)
			data[offset + 10] = 17;	/* IPPROTO_UDP */
		offset += 8 + data[offset + 2] * 4;
	}
}

static void fuzz_clear_param(u8 *data, u16 type, unsigned int len)
{
	memset(data + len, 0, HIP_TLV_SIZE(len) - HIP_TLV_HDR_LEN - len);
	switch (type) {
	case HIP_PARAM_LOCATOR_SET:
		fuzz_clear_locators(data, len);
		break;
	case HIP_PARAM_R1_COUNTER:
	case HIP_PARAM_ENCRYPTED:
		memset(data, 0, 4);
		break;
	case HIP_PARAM_ESP_INFO:
	case HIP_PARAM_NOTIFICATION:
	case HIP_PARAM_ESP_TRANSFORM:
		memset(data, 0, 2);
		break;
	case HIP_PARAM_SOLUTION:
		data[1] = 0;
		break;
	}
}

static u8 *fuzz_normal(const struct hip_msg *msg)
{
	u8 *pkt = fuzz_copy(msg->data, msg->len);
	struct hip_hdr *hdr = (struct hip_hdr *)pkt;
	unsigned int offset = HIP_HDR_LEN;
	unsigned int len;

	hdr->next_header = HIP_NEXT_HEADER_NONE;
	hdr->type &= HIP_TYPE_MASK;
	hdr->version = HIP_VERSION_OCTET;
	hdr->checksum = 0;
	while (offset < msg->len) {
		len = hip_load_be16(pkt + offset + 2);
		fuzz_clear_param(pkt + offset + HIP_TLV_HDR_LEN,
				 hip_load_be16(pkt + offset), len);
		offset += HIP_TLV_SIZE(len);
	}
	return pkt;
}

/* One parameter; false: the builder cannot say this, on purpose */

static bool fuzz_build_list(struct hip_builder *b, const struct hip_msg *msg,
			    const struct hip_param *p)
{
	u16 id16[HIP_MAX_LEN / 2];
	u8 id8[HIP_MAX_LEN];
	unsigned int n;
	int id;

	if (p->type == HIP_PARAM_DH_GROUP_LIST ||
	    p->type == HIP_PARAM_HIT_SUITE_LIST) {
		for (n = 0; (id = hip_get_list(msg, p->type, n)) >= 0; n++)
			id8[n] = id;
		if (p->type == HIP_PARAM_DH_GROUP_LIST)
			hip_build_dh_group_list(b, id8, n);
		else
			hip_build_hit_suite_list(b, id8, n);
		return true;
	}

	for (n = 0; (id = hip_get_list(msg, p->type, n)) >= 0; n++)
		id16[n] = id;
	if (p->type == HIP_PARAM_TRANSPORT_FORMAT_LIST) {
		hip_build_transport_format_list(b, id16, n);
		return true;
	}
	/* the sixth is the last that counts */
	if (n > HIP_SUITES_MAX ||
	    (p->type == HIP_PARAM_HIP_CIPHER && p->len != 2 * n))
		return false;
	if (p->type == HIP_PARAM_HIP_CIPHER)
		hip_build_hip_cipher(b, id16, n);
	else
		hip_build_esp_transform(b, id16, n);
	return true;
}

static bool fuzz_build_locators(struct hip_builder *b,
				const struct hip_param *p)
{
	struct hip_locator loc;
	unsigned int cursor = 0;

	while (hip_param_locator(p, &cursor, &loc) > 0)
		if (loc.type > HIP_LOCATOR_UDP)
			return false;

	cursor = 0;
	hip_build_locator_set_begin(b);
	while (hip_param_locator(p, &cursor, &loc) > 0)
		hip_build_locator(b, &loc);
	hip_build_end(b);
	return true;
}

static bool fuzz_build_dh(struct hip_builder *b, const struct hip_msg *msg)
{
	struct hip_dh dh;

	HOLDS(!hip_get_dh(msg, &dh));
	/* leading zeros would come back */
	if (hip_dh_group_is_modp(dh.group) &&
	    dh.pub_len != hip_dh_pub_len(dh.group))
		return false;
	hip_build_dh(b, dh.group, dh.pub, dh.pub_len);
	return true;
}

static bool fuzz_build_host_id(struct hip_builder *b, const struct hip_param *p)
{
	struct hip_host_id hid;

	HOLDS(!hip_param_host_id(p, &hid));
	if (!hid.algorithm)
		return false;
	hip_build_host_id(b, hid.algorithm, hid.hi, hid.hi_len, hid.di_type,
			  hid.di, hid.di_len);
	return true;
}

static void fuzz_build_ack(struct hip_builder *b, const struct hip_msg *msg)
{
	u32 ids[HIP_MAX_LEN / 4];
	unsigned int n = 0;

	while (hip_get_ack(msg, n, &ids[n]))
		n++;
	hip_build_ack(b, ids, n);
}

static void fuzz_build_signature(struct hip_builder *b,
				 const struct hip_msg *msg, u16 type)
{
	struct hip_signature sig;

	HOLDS(!hip_get_signature(msg, type, &sig));
	hip_build_signature(b, type, sig.algorithm, sig.sig, sig.len);
}

static void fuzz_build_mac(struct hip_builder *b, const struct hip_param *p)
{
	u8 *mac = hip_build_mac(b, p->type, p->len);

	HOLDS(!mac == !!b->err);
	if (mac)
		memcpy(mac, p->data, p->len);
}

/* Parameters of numbers alone, and of numbers and one run of octets */
static bool fuzz_build_numbers(struct hip_builder *b, const struct hip_msg *msg,
			       const struct hip_param *p)
{
	struct hip_notification notification;
	struct hip_solution solution;
	struct hip_esp_info info;
	struct hip_encrypted enc;
	struct hip_puzzle puzzle;
	u64 counter;
	u32 seq;

	switch (p->type) {
	case HIP_PARAM_ESP_INFO:
		HOLDS(!hip_get_esp_info(msg, &info));
		hip_build_esp_info(b, info.keymat_index, info.old_spi,
				   info.new_spi);
		return true;
	case HIP_PARAM_R1_COUNTER:
		HOLDS(!hip_get_r1_counter(msg, &counter));
		hip_build_r1_counter(b, counter);
		return true;
	case HIP_PARAM_PUZZLE:
		HOLDS(!hip_get_puzzle(msg, &puzzle));
		hip_build_puzzle(b, puzzle.k, puzzle.lifetime, puzzle.opaque,
				 puzzle.i, puzzle.rhash_len);
		return true;
	case HIP_PARAM_SOLUTION:
		HOLDS(!hip_get_solution(msg, &solution));
		hip_build_solution(b, solution.k, solution.opaque, solution.i,
				   solution.j, solution.rhash_len);
		return true;
	case HIP_PARAM_SEQ:
		HOLDS(!hip_get_seq(msg, &seq));
		hip_build_seq(b, seq);
		return true;
	case HIP_PARAM_NOTIFICATION:
		HOLDS(!hip_param_notification(p, &notification));
		hip_build_notification(b, notification.type, notification.data,
				       notification.len);
		return true;
	case HIP_PARAM_ENCRYPTED:
		HOLDS(!hip_get_encrypted(msg, &enc));
		hip_build_encrypted(b, enc.iv_ct, enc.len);
		return true;
	default:
		return false;
	}
}

static bool fuzz_build_read(struct hip_builder *b, const struct hip_msg *msg,
			    const struct hip_param *p)
{
	switch (p->type) {
	case HIP_PARAM_LOCATOR_SET:
		return fuzz_build_locators(b, p);
	case HIP_PARAM_ACK:
		fuzz_build_ack(b, msg);
		return true;
	case HIP_PARAM_DH_GROUP_LIST:
	case HIP_PARAM_HIP_CIPHER:
	case HIP_PARAM_HIT_SUITE_LIST:
	case HIP_PARAM_TRANSPORT_FORMAT_LIST:
	case HIP_PARAM_ESP_TRANSFORM:
		return fuzz_build_list(b, msg, p);
	case HIP_PARAM_DIFFIE_HELLMAN:
		return fuzz_build_dh(b, msg);
	case HIP_PARAM_HOST_ID:
		return fuzz_build_host_id(b, p);
	case HIP_PARAM_HIP_MAC:
	case HIP_PARAM_HIP_MAC_2:
	case HIP_PARAM_RVS_HMAC:
	case HIP_PARAM_RELAY_HMAC:
		fuzz_build_mac(b, p);
		return true;
	case HIP_PARAM_HIP_SIGNATURE_2:
	case HIP_PARAM_HIP_SIGNATURE:
		fuzz_build_signature(b, msg, p->type);
		return true;
	default:
		return fuzz_build_numbers(b, msg, p);
	}
}

void fuzz_rebuild(const struct hip_msg *msg)
{
	u8 *want = fuzz_normal(msg);
	u8 *got = fuzz_alloc(msg->len);
	struct hip_builder b;
	struct hip_param p;
	unsigned int at;

	hip_build_init(&b, got, msg->len, msg->type, msg->controls,
		       &msg->sender_hit, &msg->receiver_hit);
	hip_msg_for_each(msg, &p) {
		at = p.tlv - msg->data;
		HOLDS(!b.err && b.len == at);
		if (!fuzz_build_read(&b, msg, &p))
			hip_build_param(&b, p.type,
					want + at + HIP_TLV_HDR_LEN, p.len);
		HOLDS(!memcmp(got + at, want + at, HIP_TLV_SIZE(p.len)));
	}
	HOLDS(hip_build_finish(&b) == msg->len);
	HOLDS(!memcmp(got, want, msg->len));
	free(got);

	/* without room for the end of it */
	got = fuzz_alloc(msg->len - 1);
	hip_build_init(&b, got, msg->len - 1, msg->type, msg->controls,
		       &msg->sender_hit, &msg->receiver_hit);
	hip_msg_for_each(msg, &p)
		if (!fuzz_build_read(&b, msg, &p))
			hip_build_param(&b, p.type, p.data, p.len);
	HOLDS(hip_build_finish(&b) == -ENOSPC);
	free(got);
	free(want);
}

/* Answers */

static void fuzz_answer_check(const u8 *pkt, int len)
{
	struct hip_msg msg;
	u8 *copy;

	HOLDS(len == -ENOSPC || len >= HIP_HDR_LEN);
	if (len < 0)
		return;
	copy = fuzz_copy(pkt, len);
	HOLDS(!hip_msg_parse(&msg, copy, len));
	HOLDS(msg.len == len);
	free(copy);
}

static void fuzz_build_echo(struct hip_builder *b, const struct hip_msg *msg,
			    u16 request, u16 response)
{
	struct hip_param p;

	hip_msg_for_each_param(msg, request, &p)
		hip_build_param(b, response, p.data, p.len);
}

/* As hip_i2_build() of bex_initiator.c */
static void fuzz_answer_r1(const struct hip_msg *r1)
{
	unsigned int rhash_len = hip_rhash_len(hip_hit_suite(&r1->sender_hit));
	static const u8 zeros[HIP_DH_PUB_LEN_MAX] = { 1 };
	static const u16 format = HIP_TRANSPORT_FORMAT_ESP;
	struct hip_puzzle puzzle;
	struct hip_builder b;
	struct hip_param p;
	struct hip_dh dh;
	u16 id;
	u8 *buf;

	HOLDS(!hip_get_puzzle(r1, &puzzle));
	HOLDS(!hip_get_dh(r1, &dh));
	if (!rhash_len || !hip_dh_pub_len(dh.group))
		return;

	buf = fuzz_alloc(HIP_MAX_LEN);
	hip_build_init(&b, buf, HIP_MAX_LEN, HIP_PKT_I2, 0, &r1->receiver_hit,
		       &r1->sender_hit);
	hip_build_esp_info(&b, 0, 0, htonl(HIP_SPI_MIN));
	if (hip_msg_first(r1, HIP_PARAM_R1_COUNTER, &p))
		hip_build_param(&b, HIP_PARAM_R1_COUNTER, p.data, p.len);
	hip_build_solution(&b, puzzle.k, puzzle.opaque, puzzle.i, puzzle.i,
			   rhash_len);
	hip_build_dh(&b, dh.group, zeros, hip_dh_pub_len(dh.group));
	id = hip_get_list(r1, HIP_PARAM_HIP_CIPHER, 0);
	hip_build_hip_cipher(&b, &id, 1);
	hip_build_encrypted(&b, zeros, 64);
	fuzz_build_echo(&b, r1, HIP_PARAM_ECHO_REQUEST_SIGNED,
			HIP_PARAM_ECHO_RESPONSE_SIGNED);
	hip_build_transport_format_list(&b, &format, 1);
	id = hip_get_list(r1, HIP_PARAM_ESP_TRANSFORM, 0);
	hip_build_esp_transform(&b, &id, 1);
	hip_build_mac(&b, HIP_PARAM_HIP_MAC, rhash_len);
	hip_build_signature(&b, HIP_PARAM_HIP_SIGNATURE, HIP_HI_ALG_ECDSA,
			    zeros, 96);
	fuzz_build_echo(&b, r1, HIP_PARAM_ECHO_REQUEST_UNSIGNED,
			HIP_PARAM_ECHO_RESPONSE_UNSIGNED);
	fuzz_answer_check(buf, hip_build_finish(&b));
	free(buf);
}

/* As hip_close_build() of close.c */
static void fuzz_answer_close(const struct hip_msg *close)
{
	struct hip_builder b;
	u8 *buf;

	buf = fuzz_alloc(HIP_MAX_LEN);
	hip_build_init(&b, buf, HIP_MAX_LEN, HIP_PKT_CLOSE_ACK, 0,
		       &close->receiver_hit, &close->sender_hit);
	fuzz_build_echo(&b, close, HIP_PARAM_ECHO_REQUEST_SIGNED,
			HIP_PARAM_ECHO_RESPONSE_SIGNED);
	hip_build_mac(&b, HIP_PARAM_HIP_MAC, HIP_RHASH_LEN_MAX);
	hip_build_signature(&b, HIP_PARAM_HIP_SIGNATURE, HIP_HI_ALG_RSA, NULL,
			    256);
	fuzz_answer_check(buf, hip_build_finish(&b));
	free(buf);
}

void fuzz_answer(const struct hip_msg *msg)
{
	if (msg->type == HIP_PKT_R1)
		fuzz_answer_r1(msg);
	else if (msg->type == HIP_PKT_CLOSE)
		fuzz_answer_close(msg);
}
