// SPDX-License-Identifier: GPL-2.0
/*
 * How is a HIP packet put together, parameter by parameter?
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>

#include "build.h"

/**
 * hip_build_init() - start a HIP packet
 * @b: builder
 * @buf: where the packet goes; the caller's, must outlive @b
 * @size: octets available at @buf
 * @type: packet type
 * @controls: Controls, host order
 * @sender: Sender's HIT
 * @receiver: Receiver's HIT, or NULL for the NULL HIT of an opportunistic I1
 *
 * Any context.  RFC 7401, section 5.1.  The first error sticks to @b and
 * comes out of hip_build_finish(); nothing in between needs to be checked.
 */
void hip_build_init(struct hip_builder *b, void *buf, size_t size, u8 type,
		    u16 controls, const struct in6_addr *sender,
		    const struct in6_addr *receiver)
{
	struct hip_hdr *hdr = buf;

	hip_build_init_inner(b, buf, size);
	b->bare = false;
	if (b->size < HIP_HDR_LEN) {
		b->err = -ENOSPC;
		return;
	}

	memset(hdr, 0, sizeof(*hdr));
	hdr->next_header = HIP_NEXT_HEADER_NONE;
	hdr->header_len = HIP_HDR_LEN_MIN;
	hdr->type = type & HIP_TYPE_MASK;
	hdr->version = HIP_VERSION_OCTET;
	hdr->controls = cpu_to_be16(controls);
	memcpy(hdr->sender_hit, sender, HIP_HIT_LEN);
	if (receiver)
		memcpy(hdr->receiver_hit, receiver, HIP_HIT_LEN);
	b->len = HIP_HDR_LEN;
}

/**
 * hip_build_init_inner() - start a run of parameters without a header
 * @b: builder
 * @buf: where they go; the caller's, must outlive @b
 * @size: octets available at @buf
 *
 * Any context.  For the plaintext of ENCRYPTED (RFC 7401, section 5.2.18).
 */
void hip_build_init_inner(struct hip_builder *b, void *buf, size_t size)
{
	memset(b, 0, sizeof(*b));
	b->buf = buf;
	b->size = min_t(size_t, size, HIP_MAX_LEN);
	b->bare = true;
}

static u8 *hip_build_room(struct hip_builder *b, size_t len)
{
	u8 *room = b->buf + b->len;

	if (b->err)
		return NULL;
	if (len > b->size - b->len) {
		b->err = -ENOSPC;
		return NULL;
	}
	b->len += len;
	return room;
}

/**
 * hip_build_begin() - open a parameter
 * @b: builder
 * @type: parameter type, not below that of the parameter before
 *
 * Any context.  The contents follow with hip_build_bytes() and friends.
 * RFC 7401, section 5.2.1: parameters are in ascending order.
 */
void hip_build_begin(struct hip_builder *b, u16 type)
{
	u8 *tlv;

	if (!b->err && (b->in_param || type < b->last_type))
		b->err = -EINVAL;
	tlv = hip_build_room(b, HIP_TLV_HDR_LEN);
	if (!tlv)
		return;

	hip_store_be16(tlv, type);
	b->open = tlv - b->buf;
	b->last_type = type;
	b->in_param = true;
}

/**
 * hip_build_bytes() - append octets to the open parameter
 * @b: builder
 * @data: the octets, or NULL for zeros
 * @len: how many
 *
 * Any context.
 */
void hip_build_bytes(struct hip_builder *b, const void *data, size_t len)
{
	u8 *room;

	if (!b->err && !b->in_param)
		b->err = -EINVAL;
	room = hip_build_room(b, len);
	if (!room || !len)
		return;

	if (data)
		memcpy(room, data, len);
	else
		memset(room, 0, len);
}

/**
 * hip_build_u8() - append an octet to the open parameter
 * @b: builder
 * @v: the octet
 *
 * Any context.
 */
void hip_build_u8(struct hip_builder *b, u8 v)
{
	hip_build_bytes(b, &v, sizeof(v));
}

/**
 * hip_build_be16() - append a 16-bit number to the open parameter
 * @b: builder
 * @v: the number, host order
 *
 * Any context.
 */
void hip_build_be16(struct hip_builder *b, u16 v)
{
	__be16 be = cpu_to_be16(v);

	hip_build_bytes(b, &be, sizeof(be));
}

/**
 * hip_build_be32() - append a 32-bit number to the open parameter
 * @b: builder
 * @v: the number, host order
 *
 * Any context.
 */
void hip_build_be32(struct hip_builder *b, u32 v)
{
	__be32 be = cpu_to_be32(v);

	hip_build_bytes(b, &be, sizeof(be));
}

/**
 * hip_build_end() - close the open parameter
 * @b: builder
 *
 * Any context.  Fills in Length and pads with zeros to a multiple of 8
 * (RFC 7401, section 5.2.1).
 */
void hip_build_end(struct hip_builder *b)
{
	size_t len;

	if (!b->err && !b->in_param)
		b->err = -EINVAL;
	if (b->err)
		return;

	len = b->len - b->open - HIP_TLV_HDR_LEN;
	hip_store_be16(b->buf + b->open + 2, len);
	hip_build_bytes(b, NULL, HIP_TLV_SIZE(len) - HIP_TLV_HDR_LEN - len);
	b->in_param = false;
}

/**
 * hip_build_param() - append a whole parameter
 * @b: builder
 * @type: parameter type, not below that of the parameter before
 * @data: contents, or NULL for zeros
 * @len: octets of contents
 *
 * Any context.  All that the ECHO parameters need.
 */
void hip_build_param(struct hip_builder *b, u16 type, const void *data,
		     size_t len)
{
	hip_build_begin(b, type);
	hip_build_bytes(b, data, len);
	hip_build_end(b);
}

/**
 * hip_build_finish() - complete the packet
 * @b: builder
 *
 * Any context.  Fills in Header Length; the Checksum is for hip_checksum_set()
 * once the locators are known.  May be called more than once, with further
 * parameters in between.
 *
 * Return: octets in the buffer, -ENOSPC if it was too small, -EINVAL if the
 * parameters were out of order or badly nested.
 */
int hip_build_finish(struct hip_builder *b)
{
	struct hip_hdr *hdr = (struct hip_hdr *)b->buf;

	if (!b->err && b->in_param)
		b->err = -EINVAL;
	if (b->err)
		return b->err;

	if (!b->bare)
		hdr->header_len = b->len / HIP_HDR_LEN_UNIT - 1;
	return b->len;
}

/**
 * hip_build_r1_counter() - append R1_COUNTER
 * @b: builder
 * @counter: R1 generation counter
 *
 * Any context.  RFC 7401, section 5.2.3.
 */
void hip_build_r1_counter(struct hip_builder *b, u64 counter)
{
	struct hip_p_r1_counter r1 = {
		.counter = cpu_to_be64(counter),
	};

	hip_build_param(b, HIP_PARAM_R1_COUNTER, &r1, sizeof(r1));
}

/**
 * hip_build_puzzle() - append PUZZLE
 * @b: builder
 * @k: difficulty, bits
 * @lifetime: encoded, see hip_puzzle_lifetime_encode()
 * @opaque: Opaque
 * @i: I, or NULL for zeros in an R1 that is signed in advance
 * @rhash_len: octets of @i
 *
 * Any context.  RFC 7401, section 5.2.4.
 */
void hip_build_puzzle(struct hip_builder *b, u8 k, u8 lifetime, u16 opaque,
		      const u8 *i, size_t rhash_len)
{
	hip_build_begin(b, HIP_PARAM_PUZZLE);
	hip_build_u8(b, k);
	hip_build_u8(b, lifetime);
	hip_build_be16(b, opaque);
	hip_build_bytes(b, i, rhash_len);
	hip_build_end(b);
}

/**
 * hip_build_solution() - append SOLUTION
 * @b: builder
 * @k: difficulty, bits
 * @opaque: Opaque of the PUZZLE
 * @i: I of the PUZZLE
 * @j: J, the solution
 * @rhash_len: octets of @i and of @j
 *
 * Any context.  RFC 7401, section 5.2.5.
 */
void hip_build_solution(struct hip_builder *b, u8 k, u16 opaque, const u8 *i,
			const u8 *j, size_t rhash_len)
{
	hip_build_begin(b, HIP_PARAM_SOLUTION);
	hip_build_u8(b, k);
	hip_build_u8(b, 0);
	hip_build_be16(b, opaque);
	hip_build_bytes(b, i, rhash_len);
	hip_build_bytes(b, j, rhash_len);
	hip_build_end(b);
}

/**
 * hip_build_seq() - append SEQ
 * @b: builder
 * @update_id: Update ID
 *
 * Any context.  RFC 7401, section 5.2.16.
 */
void hip_build_seq(struct hip_builder *b, u32 update_id)
{
	hip_build_begin(b, HIP_PARAM_SEQ);
	hip_build_be32(b, update_id);
	hip_build_end(b);
}

/**
 * hip_build_ack() - append ACK
 * @b: builder
 * @update_ids: the peer's Update IDs, host order
 * @n: how many, at least one
 *
 * Any context.  RFC 7401, section 5.2.17.
 */
void hip_build_ack(struct hip_builder *b, const u32 *update_ids,
		   unsigned int n)
{
	unsigned int i;

	hip_build_begin(b, HIP_PARAM_ACK);
	for (i = 0; i < n; i++)
		hip_build_be32(b, update_ids[i]);
	hip_build_end(b);
}

/**
 * hip_build_list8() - append a parameter that is a list of octets
 * @b: builder
 * @type: parameter type
 * @ids: the list, best first
 * @n: number of entries
 *
 * Any context.
 */
void hip_build_list8(struct hip_builder *b, u16 type, const u8 *ids,
		     unsigned int n)
{
	hip_build_param(b, type, ids, n);
}

/* HIP_CIPHER and others: behind @reserved octets, 16-bit ids */
static void hip_build_ids(struct hip_builder *b, u16 type, size_t reserved,
			  const u16 *ids, unsigned int n)
{
	unsigned int i;

	hip_build_begin(b, type);
	hip_build_bytes(b, NULL, reserved);
	for (i = 0; i < n; i++)
		hip_build_be16(b, ids[i]);
	hip_build_end(b);
}

/**
 * hip_build_list16() - append a parameter that is a list of 16-bit ids
 * @b: builder
 * @type: parameter type
 * @ids: the list, best first, host order
 * @n: number of entries
 *
 * Any context.
 */
void hip_build_list16(struct hip_builder *b, u16 type, const u16 *ids,
		      unsigned int n)
{
	hip_build_ids(b, type, 0, ids, n);
}

/**
 * hip_build_dh_group_list() - append DH_GROUP_LIST
 * @b: builder
 * @groups: DH groups, best first
 * @n: number of entries
 *
 * Any context.  RFC 7401, section 5.2.6.
 */
void hip_build_dh_group_list(struct hip_builder *b, const u8 *groups,
			     unsigned int n)
{
	hip_build_list8(b, HIP_PARAM_DH_GROUP_LIST, groups, n);
}

/**
 * hip_build_dh() - append DIFFIE_HELLMAN
 * @b: builder
 * @group: DH group
 * @pub: public value, big-endian; padded here if shorter than a MODP prime
 * @pub_len: octets of @pub
 *
 * Any context.  RFC 7401, section 5.2.7.
 */
void hip_build_dh(struct hip_builder *b, u8 group, const u8 *pub,
		  size_t pub_len)
{
	size_t pad = 0;

	if (hip_dh_group_is_modp(group) && pub_len < hip_dh_pub_len(group))
		pad = hip_dh_pub_len(group) - pub_len;

	hip_build_begin(b, HIP_PARAM_DIFFIE_HELLMAN);
	hip_build_u8(b, group);
	hip_build_be16(b, pad + pub_len);
	hip_build_bytes(b, NULL, pad);
	hip_build_bytes(b, pub, pub_len);
	hip_build_end(b);
}

/**
 * hip_build_hip_cipher() - append HIP_CIPHER
 * @b: builder
 * @ids: HIP ciphers, best first
 * @n: number of entries; more than six is an error
 *
 * Any context.  RFC 7401, section 5.2.8.
 */
void hip_build_hip_cipher(struct hip_builder *b, const u16 *ids,
			  unsigned int n)
{
	if (!b->err && n > HIP_SUITES_MAX)
		b->err = -EINVAL;
	hip_build_list16(b, HIP_PARAM_HIP_CIPHER, ids, n);
}

/**
 * hip_build_host_id() - append HOST_ID
 * @b: builder
 * @algorithm: HI algorithm
 * @hi: Host Identity as RFC 7401 encodes it
 * @hi_len: octets of @hi
 * @di_type: type of the domain identifier
 * @di: domain identifier
 * @di_len: octets of @di, at most 4095
 *
 * Any context.  RFC 7401, section 5.2.9.
 */
void hip_build_host_id(struct hip_builder *b, u16 algorithm, const u8 *hi,
		       size_t hi_len, u8 di_type, const u8 *di, size_t di_len)
{
	if (!b->err && (hi_len > HIP_MAX_LEN || di_len > HIP_DI_LEN_MASK))
		b->err = -EINVAL;

	hip_build_begin(b, HIP_PARAM_HOST_ID);
	hip_build_be16(b, hi_len);
	hip_build_be16(b, di_type << HIP_DI_TYPE_SHIFT | di_len);
	hip_build_be16(b, algorithm);
	hip_build_bytes(b, hi, hi_len);
	hip_build_bytes(b, di, di_len);
	hip_build_end(b);
}

/**
 * hip_build_hit_suite_list() - append HIT_SUITE_LIST
 * @b: builder
 * @suites: HIT suites, best first, not shifted
 * @n: number of entries
 *
 * Any context.  RFC 7401, section 5.2.10.
 */
void hip_build_hit_suite_list(struct hip_builder *b, const u8 *suites,
			      unsigned int n)
{
	unsigned int i;

	hip_build_begin(b, HIP_PARAM_HIT_SUITE_LIST);
	for (i = 0; i < n; i++)
		hip_build_u8(b, suites[i] << HIP_HIT_SUITE_SHIFT);
	hip_build_end(b);
}

/**
 * hip_build_transport_format_list() - append TRANSPORT_FORMAT_LIST
 * @b: builder
 * @ids: transport formats, best first
 * @n: number of entries
 *
 * Any context.  RFC 7401, section 5.2.11.
 */
void hip_build_transport_format_list(struct hip_builder *b, const u16 *ids,
				     unsigned int n)
{
	hip_build_list16(b, HIP_PARAM_TRANSPORT_FORMAT_LIST, ids, n);
}

/**
 * hip_build_esp_info() - append ESP_INFO
 * @b: builder
 * @keymat_index: KEYMAT Index, octets
 * @old_spi: OLD SPI, network order
 * @new_spi: NEW SPI, network order
 *
 * Any context.  RFC 7402, section 5.1.1.
 */
void hip_build_esp_info(struct hip_builder *b, u16 keymat_index,
			__be32 old_spi, __be32 new_spi)
{
	struct hip_p_esp_info info = {
		.keymat_index = cpu_to_be16(keymat_index),
		.old_spi = old_spi,
		.new_spi = new_spi,
	};

	hip_build_param(b, HIP_PARAM_ESP_INFO, &info, sizeof(info));
}

/**
 * hip_build_esp_transform() - append ESP_TRANSFORM
 * @b: builder
 * @ids: ESP suites, best first
 * @n: number of entries; more than six is an error
 *
 * Any context.  RFC 7402, section 5.1.2.
 */
void hip_build_esp_transform(struct hip_builder *b, const u16 *ids,
			     unsigned int n)
{
	if (!b->err && n > HIP_SUITES_MAX)
		b->err = -EINVAL;
	hip_build_ids(b, HIP_PARAM_ESP_TRANSFORM,
		      sizeof(struct hip_p_esp_transform), ids, n);
}

/**
 * hip_build_locator_set_begin() - open LOCATOR_SET
 * @b: builder
 *
 * Any context.  RFC 8046, section 4.  Zero or more hip_build_locator() follow,
 * then hip_build_end().
 */
void hip_build_locator_set_begin(struct hip_builder *b)
{
	hip_build_begin(b, HIP_PARAM_LOCATOR_SET);
}

/**
 * hip_build_locator() - append a locator to the open LOCATOR_SET
 * @b: builder
 * @loc: the locator; only the members that its type has count
 *
 * Any context.  RFC 8046, section 4; RFC 9028, section 5.7.
 */
void hip_build_locator(struct hip_builder *b, const struct hip_locator *loc)
{
	struct hip_p_locator hdr = {
		.traffic_type = loc->traffic,
		.locator_type = loc->type,
		.flags = loc->preferred ? HIP_LOCATOR_PREFERRED : 0,
		.lifetime = cpu_to_be32(loc->lifetime),
	};
	struct hip_p_locator_udp udp = {
		.port = cpu_to_be16(loc->port),
		.protocol = 17,	/* IPPROTO_UDP */
		.kind = loc->kind,
		.priority = cpu_to_be32(loc->priority),
		.spi = loc->spi,
	};
	const void *body = &udp;
	size_t len;

	/* the three types are tails of the longest one */
	memcpy(udp.address, &loc->addr, sizeof(udp.address));
	switch (loc->type) {
	case HIP_LOCATOR_IP:
		body = udp.address;
		len = sizeof(struct hip_p_locator_ip);
		break;
	case HIP_LOCATOR_ESP:
		body = &udp.spi;
		len = sizeof(struct hip_p_locator_esp);
		break;
	case HIP_LOCATOR_UDP:
		len = sizeof(struct hip_p_locator_udp);
		break;
	default:
		if (!b->err)
			b->err = -EINVAL;
		return;
	}

	hdr.locator_len = len / 4;
	hip_build_bytes(b, &hdr, sizeof(hdr));
	hip_build_bytes(b, body, len);
}

/**
 * hip_build_notification() - append NOTIFICATION
 * @b: builder
 * @type: notify message type
 * @data: Notification Data, may be NULL if @len is 0
 * @len: octets of @data
 *
 * Any context.  RFC 7401, section 5.2.19.
 */
void hip_build_notification(struct hip_builder *b, u16 type, const void *data,
			    size_t len)
{
	hip_build_begin(b, HIP_PARAM_NOTIFICATION);
	hip_build_be16(b, 0);
	hip_build_be16(b, type);
	hip_build_bytes(b, data, len);
	hip_build_end(b);
}

/**
 * hip_build_encrypted() - append ENCRYPTED
 * @b: builder
 * @iv_ct: IV and ciphertext, from hip_encrypt()
 * @len: octets of @iv_ct
 *
 * Any context.  RFC 7401, section 5.2.18.
 */
void hip_build_encrypted(struct hip_builder *b, const void *iv_ct, size_t len)
{
	hip_build_begin(b, HIP_PARAM_ENCRYPTED);
	hip_build_be32(b, 0);
	hip_build_bytes(b, iv_ct, len);
	hip_build_end(b);
}

/**
 * hip_build_mac() - append an empty HIP_MAC, HIP_MAC_2 or other MAC
 * @b: builder
 * @type: which of them
 * @rhash_len: octets of RHASH
 *
 * Any context.  RFC 7401, section 5.2.12.  @b->len before the call is what
 * hip_mac_input() calls mac_off.
 *
 * Return: where the MAC goes, @rhash_len zeros now, or NULL on error.
 */
u8 *hip_build_mac(struct hip_builder *b, u16 type, size_t rhash_len)
{
	size_t off = b->len + HIP_TLV_HDR_LEN;

	hip_build_param(b, type, NULL, rhash_len);
	return b->err ? NULL : b->buf + off;
}

/**
 * hip_build_signature() - append HIP_SIGNATURE or HIP_SIGNATURE_2
 * @b: builder
 * @type: which of them
 * @algorithm: HI algorithm
 * @sig: signature, or NULL for zeros
 * @len: octets of @sig
 *
 * Any context.  RFC 7401, section 5.2.14.  @b->len before the call is what
 * hip_signature_input() calls sig_off.
 */
void hip_build_signature(struct hip_builder *b, u16 type, u16 algorithm,
			 const void *sig, size_t len)
{
	hip_build_begin(b, type);
	hip_build_be16(b, algorithm);
	hip_build_bytes(b, sig, len);
	hip_build_end(b);
}
