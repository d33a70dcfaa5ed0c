/* SPDX-License-Identifier: GPL-2.0 */
/*
 * HIP packets as octets: checksum, validation, the index of parameters.
 *
 * Pure functions: no skb, no locks, no allocation; any context.
 */
#ifndef _NET_HIP_WIRE_H
#define _NET_HIP_WIRE_H

#include <linux/types.h>
#include <linux/in6.h>
#include <hip/hip_wire.h>

/* Unaligned big-endian loads and stores.  The kernel's own live in
 * <asm/unaligned.h> before 6.12 and in <linux/unaligned.h> since.
 */
struct hip_una16 { __be16 x; } __packed;
struct hip_una32 { __be32 x; } __packed;
struct hip_una64 { __be64 x; } __packed;

static inline u16 hip_load_be16(const void *p)
{
	return be16_to_cpu(((const struct hip_una16 *)p)->x);
}

static inline u32 hip_load_be32(const void *p)
{
	return be32_to_cpu(((const struct hip_una32 *)p)->x);
}

static inline u64 hip_load_be64(const void *p)
{
	return be64_to_cpu(((const struct hip_una64 *)p)->x);
}

static inline void hip_store_be16(void *p, u16 v)
{
	((struct hip_una16 *)p)->x = cpu_to_be16(v);
}

static inline void hip_store_be32(void *p, u32 v)
{
	((struct hip_una32 *)p)->x = cpu_to_be32(v);
}

static inline void hip_store_be64(void *p, u64 v)
{
	((struct hip_una64 *)p)->x = cpu_to_be64(v);
}

/* Why a packet is malformed; hip_msg_parse() returns one of these, negated */
enum hip_parse_error {
	HIP_PARSE_OK,
	HIP_PARSE_TRUNCATED,	/* fewer octets than Header Length says */
	HIP_PARSE_VERSION,	/* not version 2 */
	HIP_PARSE_LENGTH,	/* Header Length below 4 */
	HIP_PARSE_TYPE,		/* unknown packet type */
	HIP_PARSE_TLV_LENGTH,	/* parameter runs past the end of the packet */
	HIP_PARSE_ORDER,	/* parameters not in ascending order of type */
	HIP_PARSE_DUPLICATE,	/* a parameter that may occur only once */
	HIP_PARSE_CRITICAL,	/* unknown critical parameter */
	HIP_PARSE_PARAM_LENGTH,	/* Length is wrong for this parameter */
	HIP_PARSE_PARAM_VALUE,	/* an inner length or reserved value is wrong */
	HIP_PARSE_MISSING,	/* a mandatory parameter is not there */
	HIP_PARSE_ERROR_MAX
};

/* The most parameter types hip_msg_parse() indexes; see wire.c */
#define HIP_MSG_SLOTS	56

/**
 * struct hip_param - one parameter of a packet
 * @tlv: first octet of the parameter: Type, Length, contents, padding
 * @data: first octet of the contents
 * @len: octets of contents
 * @type: parameter type (enum hip_param_type), host order
 *
 * The pointers point into the buffer given to hip_msg_parse().
 */
struct hip_param {
	const u8	*tlv;
	const u8	*data;
	u16		len;
	u16		type;
};

/**
 * struct hip_msg_slot - where the parameters of one type are
 * @offset: of the first one from the start of the HIP header; 0 means none
 * @count: how many there are; they are adjacent
 */
struct hip_msg_slot {
	u16	offset;
	u16	count;
};

/**
 * struct hip_msg - a validated HIP packet
 * @data: HIP header; borrowed from the caller of hip_msg_parse()
 * @len: octets of header and parameters, at most HIP_MAX_LEN
 * @controls: Controls, host order
 * @type: packet type, fixed bit masked off
 * @sender_hit: copy of the Sender's HIT
 * @receiver_hit: copy of the Receiver's HIT
 * @err_offset: on error: offset of the offending octet from the start of the
 *	HIP header, as an ICMP Parameter Problem wants it
 * @err_type: on error: type of the offending or missing parameter, or 0
 * @slot: where each known parameter is
 */
struct hip_msg {
	const u8		*data;
	u16			len;
	u16			controls;
	u8			type;
	struct in6_addr		sender_hit;
	struct in6_addr		receiver_hit;
	u16			err_offset;
	u16			err_type;
	struct hip_msg_slot	slot[HIP_MSG_SLOTS];
};

/**
 * hip_msg_is_anonymous() - does the sender say that its HI is anonymous?
 * @msg: parsed packet
 *
 * Any context.  RFC 7401, section 5.1.2: it concerns the Host Identity in this
 * packet, so R1 and I2.
 *
 * Return: true if so.
 */
static inline bool hip_msg_is_anonymous(const struct hip_msg *msg)
{
	return msg->controls & HIP_CONTROL_ANON;
}

/**
 * hip_rhash_len() - length of the RHASH output of a HIT suite
 * @suite: HIT suite (enum hip_hit_suite)
 *
 * RFC 7401, section 5.2.10.
 *
 * Return: octets, or 0 for a suite that is not supported.
 */
static inline unsigned int hip_rhash_len(u8 suite)
{
	switch (suite) {
	case HIP_HIT_SUITE_RSA_DSA_SHA256:
		return 32;
	case HIP_HIT_SUITE_ECDSA_SHA384:
		return 48;
	case HIP_HIT_SUITE_ECDSA_LOW_SHA1:
		return 20;
	default:
		return 0;
	}
}

unsigned int hip_dh_pub_len(u8 group);
unsigned int hip_dh_kij_len(u8 group);
bool hip_dh_group_is_modp(u8 group);

u16 hip_checksum(const void *data, size_t len, const struct in6_addr *saddr,
		 const struct in6_addr *daddr);
bool hip_checksum_ok(const void *data, size_t len,
		     const struct in6_addr *saddr,
		     const struct in6_addr *daddr);
void hip_checksum_set(void *data, size_t len, const struct in6_addr *saddr,
		      const struct in6_addr *daddr);

int hip_msg_parse(struct hip_msg *msg, const void *data, size_t len);
int hip_tlv_check(const void *data, size_t len, struct hip_param *p);
const char *hip_parse_error_name(int err);
const char *hip_param_name(u16 type);
const char *hip_packet_name(u8 type);

bool hip_msg_first(const struct hip_msg *msg, u16 type, struct hip_param *p);
unsigned int hip_msg_count(const struct hip_msg *msg, u16 type);

/**
 * hip_msg_has() - does a packet have a parameter?
 * @msg: parsed packet
 * @want: parameter type, one that we know
 *
 * Return: true if there is at least one.
 */
static inline bool hip_msg_has(const struct hip_msg *msg, u16 want)
{
	return hip_msg_count(msg, want) != 0;
}

/**
 * struct hip_param_iter - state of hip_msg_for_each_param()
 * @msg: parsed packet
 * @p: the caller's cursor
 * @next: offset of the next parameter from the HIP header
 * @left: how many parameters at most are still to come
 */
struct hip_param_iter {
	const struct hip_msg	*msg;
	struct hip_param	*p;
	unsigned int		next;
	unsigned int		left;
};

struct hip_param_iter hip_param_iter_type(const struct hip_msg *msg, u16 type,
					  struct hip_param *p);
struct hip_param_iter hip_param_iter_all(const struct hip_msg *msg,
					 struct hip_param *p);
bool hip_param_iter_step(struct hip_param_iter *it);

/**
 * hip_msg_for_each_param() - walk all parameters of one type
 * @msg: parsed packet
 * @want: parameter type, one that we know
 * @p: struct hip_param * used as cursor
 */
#define hip_msg_for_each_param(msg, want, p)				\
	for (struct hip_param_iter __it = hip_param_iter_type(msg, want, p); \
	     hip_param_iter_step(&__it);)

/**
 * hip_msg_for_each() - walk every parameter in wire order, unknown ones too
 * @msg: parsed packet
 * @p: struct hip_param * used as cursor
 */
#define hip_msg_for_each(msg, p)					\
	for (struct hip_param_iter __it = hip_param_iter_all(msg, p);	\
	     hip_param_iter_step(&__it);)

#endif /* _NET_HIP_WIRE_H */
