// SPDX-License-Identifier: GPL-2.0
/*
 * The target: what comes in is a HIP packet from its header on, which goes the
 * way of one that was received: the checks of ctrl_input.c, hip_msg_parse(), the
 * readers that the handlers of its type use, what MACs and signatures cover.
 * The checksum is not enforced, as nobody would get it right.
 *
 * The octets lie in an allocation of exactly their size, for ASan.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "beet.h"
#include "bex_policy.h"
#include "covered.h"
#include "crypto.h"
#include "fuzz.h"
#include "hit.h"
#include "keymat.h"
#include "puzzle.h"

static const u8 fuzz_secret[HIP_PUZZLE_SECRET_LEN];

void fuzz_broken(const char *what, const char *file, int line)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
	abort();
}

u8 *fuzz_alloc(size_t len)
{
	/* to ASan it is the same */
	u8 *data = malloc(len ? len : 1);

	if (!data)
		abort();
	return data;
}

u8 *fuzz_copy(const void *data, size_t len)
{
	u8 *copy = fuzz_alloc(len);

	if (len)
		memcpy(copy, data, len);
	return copy;
}

/* strcmp() would teach libFuzzer the names */
static bool fuzz_param_known(u16 type)
{
	return hip_param_name(type) != hip_param_name(0);
}

static bool fuzz_packet_known(u8 type)
{
	return hip_packet_name(type) != hip_packet_name(0);
}

/* A parameter that is right in a packet is so alone, and not when it is cut */
static void fuzz_alone(const struct hip_param *p)
{
	size_t len = HIP_TLV_SIZE(p->len);
	struct hip_param alone;
	u8 *tlv;

	tlv = fuzz_copy(p->tlv, len);
	HOLDS(!hip_tlv_check(tlv, len, &alone));
	HOLDS(alone.type == p->type && alone.len == p->len);
	free(tlv);
	tlv = fuzz_copy(p->tlv, len - 1);
	HOLDS(hip_tlv_check(tlv, len - 1, &alone) == -HIP_PARSE_TLV_LENGTH);
	free(tlv);
}

/* What MACs and signatures cover, into as much room as it takes */

static void fuzz_covered(const struct hip_msg *msg, const u8 *out, size_t off,
			 size_t total)
{
	HOLDS(out[1] == total / HIP_HDR_LEN_UNIT - 1);
	HOLDS(!out[4] && !out[5]);
	HOLDS(!memcmp(out + offsetof(struct hip_hdr, controls),
		      msg->data + offsetof(struct hip_hdr, controls),
		      off - offsetof(struct hip_hdr, controls)));
}

static void fuzz_mac_input(const struct hip_msg *msg, const struct hip_param *p)
{
	size_t off = p->tlv - msg->data, total = off, host_id_len = 0;
	const u8 *host_id = NULL;
	ssize_t len;
	u8 *out;

	/* that of an R1; this packet's parameters serve as one */
	if (p->type == HIP_PARAM_HIP_MAC_2) {
		host_id = msg->data + HIP_HDR_LEN;
		host_id_len = msg->len - HIP_HDR_LEN;
		total += host_id_len;
	}
	out = fuzz_alloc(total);
	len = hip_mac_input(out, total, msg->data, off, host_id, host_id_len);
	HOLDS(len == (total > HIP_MAX_LEN ? -EMSGSIZE : (ssize_t)total));
	if (len >= 0) {
		fuzz_covered(msg, out, off, total);
		HOLDS(hip_mac_input(out, total - 1, msg->data, off, host_id,
				    host_id_len) == -ENOSPC);
	}
	free(out);
}

static void fuzz_signature_input(const struct hip_msg *msg,
				 const struct hip_param *p)
{
	size_t off = p->tlv - msg->data;
	struct hip_param puzzle;
	u8 *out, *copy;

	out = fuzz_alloc(off);
	HOLDS(hip_signature_input(out, off, msg->data, off) == (ssize_t)off);
	fuzz_covered(msg, out, off, off);

	/* the same but for what only the Initiator at hand gets */
	HOLDS(hip_signature2_input(out, off, msg->data, off) == (ssize_t)off);
	copy = fuzz_copy(msg->data, msg->len);
	memset(copy + offsetof(struct hip_hdr, receiver_hit), 0, HIP_HIT_LEN);
	if (hip_msg_first(msg, HIP_PARAM_PUZZLE, &puzzle))
		memset(copy + (puzzle.data - msg->data) + 2, 0, puzzle.len - 2);
	HOLDS(!memcmp(out + offsetof(struct hip_hdr, controls),
		      copy + offsetof(struct hip_hdr, controls),
		      off - offsetof(struct hip_hdr, controls)));
	free(copy);
	free(out);
}

/* The way of hip_msg_for_each(), once more without its help */
static void fuzz_walk(const struct hip_msg *msg)
{
	struct hip_param p, first, same;
	struct hip_param_iter all = hip_param_iter_all(msg, &p);
	struct hip_param_iter of_type = { 0 };
	unsigned int offset = HIP_HDR_LEN;
	const u8 *tlv;
	u16 last = 0;

	while (offset < msg->len) {
		tlv = msg->data + offset;
		HOLDS(msg->len - offset >= HIP_TLV_HDR_LEN);
		HOLDS(hip_param_iter_step(&all));
		HOLDS(p.tlv == tlv && p.data == tlv + HIP_TLV_HDR_LEN);
		HOLDS(p.type == (tlv[0] << 8 | tlv[1]));
		HOLDS(p.len == (tlv[2] << 8 | tlv[3]));
		offset += (HIP_TLV_HDR_LEN + p.len + 7) / 8 * 8;
		HOLDS(offset <= msg->len);

		HOLDS(p.type >= last);
		if (!fuzz_param_known(p.type)) {
			HOLDS(!(p.type & HIP_PARAM_CRITICAL));
			HOLDS(!hip_msg_has(msg, p.type));
		} else {
			HOLDS(hip_msg_first(msg, p.type, &first));
			if (p.type != last) {
				HOLDS(first.tlv == tlv);
				of_type = hip_param_iter_type(msg, p.type,
							      &same);
			}
			HOLDS(hip_param_iter_step(&of_type));
			HOLDS(same.tlv == tlv);
		}
		last = p.type;

		fuzz_read_param(msg, &p);
		fuzz_alone(&p);
		if (p.type == HIP_PARAM_HIP_MAC ||
		    p.type == HIP_PARAM_HIP_MAC_2)
			fuzz_mac_input(msg, &p);
		if (p.type == HIP_PARAM_HIP_SIGNATURE ||
		    p.type == HIP_PARAM_HIP_SIGNATURE_2)
			fuzz_signature_input(msg, &p);
	}
	HOLDS(offset == msg->len);
	HOLDS(!hip_param_iter_step(&all));
}

/* What the handlers rely on in packets of these types */

/* RHASH_len by the HIT of the Responder, 0: not a suite that we have */
static void fuzz_check_rhash(const struct in6_addr *hit_r, unsigned int len)
{
	unsigned int want = hip_rhash_len(hip_hit_suite(hit_r));

	HOLDS(!want || len == want);
}

static void fuzz_rx_r1(const struct hip_msg *msg)
{
	static const u8 ours[] = {
		HIP_DH_GROUP_NIST_P384, HIP_DH_GROUP_MODP_3072,
	};
	struct hip_puzzle puzzle;
	struct hip_host_id hid;
	struct hip_dh dh;

	HOLDS(!hip_get_host_id(msg, &hid));
	HOLDS(!hip_get_puzzle(msg, &puzzle));
	HOLDS(!hip_get_dh(msg, &dh));
	fuzz_check_rhash(&msg->sender_hit, puzzle.rhash_len);
	hip_hit_verify(&msg->sender_hit, hid.algorithm, hid.hi, hid.hi_len);
	hip_policy_dh_group(msg, dh.group, ours, ARRAY_SIZE(ours));
}

static void fuzz_keymat(const struct hip_msg *msg,
			const struct hip_solution *solution,
			const struct hip_dh *dh)
{
	u8 suite = hip_hit_suite(&msg->receiver_hit);
	struct hip_esp_info info;
	struct hip_keymat km;
	struct hip_keys keys;
	int err;

	HOLDS(!hip_get_esp_info(msg, &info));
	if (hip_keymat_init(&km, suite, dh->pub, dh->pub_len, solution->i,
			    solution->j, solution->rhash_len, &msg->sender_hit,
			    &msg->receiver_hit))
		return;
	HOLDS(!hip_keymat_bex(&km, HIP_CIPHER_AES128_CBC, HIP_ESP_AES_GCM_16,
			      &msg->receiver_hit, &msg->sender_hit, &keys));
	err = info.keymat_index < km.index ? -EINVAL :
	      info.keymat_index > km.limit ? -EOVERFLOW : 0;
	HOLDS(hip_keymat_seek(&km, info.keymat_index) == err);
	if (!err) {
		HOLDS(km.index == info.keymat_index);
		hip_keymat_esp(&km, HIP_ESP_AES256_CBC_SHA256,
			       &msg->receiver_hit, &msg->sender_hit, &keys);
	}
	HOLDS(km.index <= km.limit);
}

static void fuzz_rx_i2(const struct hip_msg *msg, const struct in6_addr *ip)
{
	u8 suite = hip_hit_suite(&msg->receiver_hit);
	struct hip_solution solution;
	struct hip_host_id hid;
	struct hip_param mac;
	struct hip_dh dh;
	int err;

	HOLDS(!hip_get_solution(msg, &solution));
	HOLDS(!hip_get_dh(msg, &dh));
	HOLDS(!hip_get_mac(msg, HIP_PARAM_HIP_MAC, &mac));
	fuzz_check_rhash(&msg->receiver_hit, solution.rhash_len);
	fuzz_check_rhash(&msg->receiver_hit, mac.len);
	HOLDS(hip_msg_has(msg, HIP_PARAM_HOST_ID) ||
	      hip_msg_has(msg, HIP_PARAM_ENCRYPTED));

	/* as ctrl_input.c does, and behind the test of #I, which nobody
	 * passes without the secret
	 */
	hip_puzzle_accept(fuzz_secret, solution.k, solution.opaque,
			  &msg->sender_hit, &msg->receiver_hit, ip, ip,
			  solution.i, solution.j, solution.rhash_len);
	if (solution.rhash_len == hip_rhash_len(suite)) {
		err = hip_puzzle_verify(suite, solution.k, solution.i,
					&msg->sender_hit, &msg->receiver_hit,
					solution.j);
		HOLDS((err == -EINVAL) == (solution.k > solution.rhash_len * 8));
	}
	fuzz_keymat(msg, &solution, &dh);
	if (!hip_get_host_id(msg, &hid))
		hip_hit_verify(&msg->sender_hit, hid.algorithm, hid.hi,
			       hid.hi_len);
}

static void fuzz_rx(const struct hip_msg *msg, const struct in6_addr *ip)
{
	struct hip_esp_info info;
	struct hip_param p;
	u32 id;

	switch (msg->type) {
	case HIP_PKT_I1:
		HOLDS(hip_get_list(msg, HIP_PARAM_DH_GROUP_LIST, 0) >= 0);
		break;
	case HIP_PKT_R1:
		fuzz_rx_r1(msg);
		break;
	case HIP_PKT_I2:
		fuzz_rx_i2(msg, ip);
		break;
	case HIP_PKT_R2:
		HOLDS(!hip_get_mac(msg, HIP_PARAM_HIP_MAC_2, &p));
		HOLDS(!hip_get_esp_info(msg, &info));
		fuzz_check_rhash(&msg->sender_hit, p.len);
		break;
	case HIP_PKT_UPDATE:
		HOLDS(!hip_get_seq(msg, &id) || hip_get_ack(msg, 0, &id));
		break;
	case HIP_PKT_NOTIFY:
		HOLDS(hip_msg_count(msg, HIP_PARAM_NOTIFICATION));
		break;
	case HIP_PKT_CLOSE:
		HOLDS(hip_msg_first(msg, HIP_PARAM_ECHO_REQUEST_SIGNED, &p));
		break;
	case HIP_PKT_CLOSE_ACK:
		HOLDS(hip_msg_first(msg, HIP_PARAM_ECHO_RESPONSE_SIGNED, &p));
		break;
	default:
		HOLDS(!"a packet type that nobody handles");
	}
}

/* The packet as a whole */

/* As hip_ctrl_check_header() of ctrl_input.c; sets @want to the octets of the
 * packet if there is nothing wrong
 */
static int fuzz_check_header(const u8 *data, size_t len, unsigned int *want)
{
	if (len < HIP_HDR_LEN)
		return -HIP_PARSE_TRUNCATED;
	if (data[3] >> HIP_VERSION_SHIFT != HIP_VERSION)
		return -HIP_PARSE_VERSION;
	if (data[1] < HIP_HDR_LEN_MIN)
		return -HIP_PARSE_LENGTH;
	*want = (data[1] + 1) * HIP_HDR_LEN_UNIT;
	if (*want > len)
		return -HIP_PARSE_TRUNCATED;
	if (!fuzz_packet_known(data[2] & HIP_TYPE_MASK))
		return -HIP_PARSE_TYPE;
	return 0;
}

static void fuzz_checksum(const u8 *data, size_t len, const struct in6_addr *ip)
{
	u8 *copy = fuzz_copy(data, len);

	hip_checksum_ok(data, len, ip, ip);
	hip_checksum_set(copy, len, ip, ip);
	HOLDS(hip_checksum_ok(copy, len, ip, ip));
	HOLDS(hip_checksum(copy, len, ip, ip) == (copy[4] << 8 | copy[5]));
	copy[len - 1] ^= 1;
	HOLDS(!hip_checksum_ok(copy, len, ip, ip));
	free(copy);
}

static void fuzz_packet(const u8 *data, size_t len)
{
	static const struct in6_addr v4 = {
		.s6_addr = { [10] = 0xff, 0xff, 192, 0, 2, 1 },
	};
	static const struct in6_addr v6 = {
		.s6_addr = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 },
	};
	unsigned int want = 0;
	struct hip_msg msg;
	int header, err;
	u8 *copy;

	header = fuzz_check_header(data, len, &want);
	if (!header) {
		fuzz_checksum(data, want, &v4);
		fuzz_checksum(data, want, &v6);
	}

	err = hip_msg_parse(&msg, data, len);
	HOLDS(err <= 0 && err > -HIP_PARSE_ERROR_MAX);
	HOLDS(!header || err == header);
	HOLDS(hip_parse_error_name(err) != hip_parse_error_name(1));
	if (err) {
		/* an ICMP Parameter Problem points there */
		HOLDS(len < HIP_HDR_LEN || msg.err_offset < len);
		return;
	}
	HOLDS(msg.len == want && msg.data == data);
	HOLDS(!memcmp(&msg.sender_hit, data + 8, HIP_HIT_LEN));
	HOLDS(!memcmp(&msg.receiver_hit, data + 24, HIP_HIT_LEN));

	copy = fuzz_copy(data, want - 1);
	HOLDS(hip_msg_parse(&msg, copy, want - 1) == -HIP_PARSE_TRUNCATED);
	free(copy);
	/* what hip_ctrl_packet_alloc() relies on */
	HOLDS(!hip_msg_parse(&msg, data, want));

	fuzz_walk(&msg);
	fuzz_rx(&msg, data[5] & 1 ? &v4 : &v6);
	fuzz_rebuild(&msg);
	fuzz_answer(&msg);
}

/* Octets of an ESP packet that were decrypted */
static void fuzz_trailer(const u8 *data, size_t len)
{
	static const u8 blocks[] = { 4, 16 };
	struct hip_beet_size size = {};
	u8 nexthdr = 0, again = 0;
	unsigned int i, padded;
	u8 *copy;
	int end;

	end = hip_beet_parse_trailer(data, len, &nexthdr);
	HOLDS(end < (int)len && (end >= 0 || end == -EINVAL));
	if (end < 0)
		return;

	for (i = 0; i < ARRAY_SIZE(blocks); i++) {
		size.block = blocks[i];
		padded = hip_beet_crypt_len(end, &size);
		HOLDS(padded % blocks[i] == 0 && padded >= end + 2U &&
		      padded < end + 2U + blocks[i]);
		copy = fuzz_alloc(padded);
		memcpy(copy, data, end);
		hip_beet_fill_trailer(copy + end, padded - end, nexthdr);
		HOLDS(hip_beet_parse_trailer(copy, padded, &again) == end);
		HOLDS(again == nexthdr);
		free(copy);
	}
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	HOLDS(!hip_crypto_init());
	return 0;
}

/* At odd addresses half of the time: whatever a driver left before the packet */
int LLVMFuzzerTestOneInput(const u8 *in, size_t len)
{
	size_t shift = len > 4 ? in[4] & 1 : 0;
	u8 *buf = fuzz_alloc(shift + len);
	u8 *data = buf + shift;

	if (len)
		memcpy(data, in, len);
	fuzz_packet(data, len);
	fuzz_trailer(data, len);
	if (len > HIP_HDR_LEN)
		fuzz_inner(data + HIP_HDR_LEN, len - HIP_HDR_LEN);
	free(buf);
	return 0;
}
