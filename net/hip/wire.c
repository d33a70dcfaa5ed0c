// SPDX-License-Identifier: GPL-2.0
/*
 * HIP packets as octets: checksum, validation, the index of parameters.
 *
 * This is the one place where lengths that come from the network are checked;
 * whoever holds a struct hip_msg may rely on them.  Nothing here knows about
 * skbs or the kernel, so that the same file is fuzzed in userspace.
 */
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>

#include "wire.h"

/* How the Length of a parameter is restricted */
enum hip_len_rule {
	HIP_LEN_FIXED,		/* equals min */
	HIP_LEN_VAR,		/* min or more, in steps of step */
	HIP_LEN_RHASH,		/* min + step * RHASH_len */
};

/**
 * struct hip_param_rule - what we know about a parameter type
 * @type: enum hip_param_type
 * @multi: may occur several times in a packet
 * @rule: how Length is checked
 * @min: see enum hip_len_rule, octets
 * @step: see enum hip_len_rule, octets or RHASH outputs
 * @name: as the RFC writes it
 */
struct hip_param_rule {
	u16			type;
	bool			multi;
	enum hip_len_rule	rule;
	u8			min;
	u8			step;
	const char		*name;
};

#define HIP_RULE(_name, _multi, _rule, _min, _step) \
	{ HIP_PARAM_##_name, _multi, _rule, _min, _step, #_name }
#define HIP_FIXED(_name, _len)	\
	HIP_RULE(_name, false, HIP_LEN_FIXED, _len, 1)
#define HIP_VAR(_name, _min, _step) \
	HIP_RULE(_name, false, HIP_LEN_VAR, _min, _step)
#define HIP_VARS(_name, _min, _step) \
	HIP_RULE(_name, true, HIP_LEN_VAR, _min, _step)
#define HIP_RHASH(_name, _min, _n) \
	HIP_RULE(_name, false, HIP_LEN_RHASH, _min, _n)

/* Parameters that we implement, ascending.  What is not listed is "unknown"
 * in the sense of RFC 7401, section 5.2.1, even if some RFC defines it: we
 * must refuse a critical parameter whose meaning we would ignore.
 */
static const struct hip_param_rule hip_param_rules[] = {
	HIP_FIXED(ESP_INFO, 12),
	HIP_FIXED(R1_COUNTER, 12),
	HIP_VAR(LOCATOR_SET, 0, 4),
	HIP_RHASH(PUZZLE, 4, 1),
	HIP_RHASH(SOLUTION, 4, 2),
	HIP_FIXED(SEQ, 4),
	HIP_VAR(ACK, 4, 4),
	HIP_VAR(DH_GROUP_LIST, 1, 1),
	HIP_VAR(DIFFIE_HELLMAN, 4, 1),
	HIP_VAR(HIP_CIPHER, 2, 2),
	HIP_VAR(NAT_TRAVERSAL_MODE, 4, 2),
	HIP_FIXED(TRANSACTION_PACING, 4),
	HIP_VAR(ENCRYPTED, 12, 1),
	HIP_VAR(HOST_ID, 7, 1),
	HIP_VAR(HIT_SUITE_LIST, 1, 1),
	HIP_VARS(CERT, 4, 1),
	HIP_VARS(NOTIFICATION, 4, 1),
	HIP_VAR(ECHO_REQUEST_SIGNED, 0, 1),
	HIP_VAR(REG_INFO, 2, 1),
	HIP_VAR(REG_REQUEST, 1, 1),
	HIP_VAR(REG_RESPONSE, 1, 1),
	HIP_VARS(REG_FAILED, 1, 1),
	HIP_FIXED(REG_FROM, 20),
	HIP_VAR(ECHO_RESPONSE_SIGNED, 0, 1),
	HIP_VAR(TRANSPORT_FORMAT_LIST, 2, 2),
	HIP_VAR(ESP_TRANSFORM, 4, 2),
	HIP_FIXED(RELAYED_ADDRESS, 20),
	HIP_FIXED(MAPPED_ADDRESS, 20),
	HIP_FIXED(PEER_PERMISSION, 48),
	HIP_FIXED(CANDIDATE_PRIORITY, 4),
	HIP_FIXED(NOMINATE, 4),
	HIP_RHASH(HIP_MAC, 0, 1),
	HIP_RHASH(HIP_MAC_2, 0, 1),
	HIP_VAR(HIP_SIGNATURE_2, 3, 1),
	HIP_VAR(HIP_SIGNATURE, 3, 1),
	HIP_VARS(ECHO_RESPONSE_UNSIGNED, 0, 1),
	HIP_VARS(ECHO_REQUEST_UNSIGNED, 0, 1),
	HIP_FIXED(RELAY_FROM, 20),
	HIP_FIXED(RELAY_TO, 20),
	HIP_RULE(FROM, true, HIP_LEN_FIXED, 16, 1),
	HIP_RULE(RVS_HMAC, true, HIP_LEN_RHASH, 0, 1),
	HIP_VARS(VIA_RVS, 16, 16),
	HIP_RHASH(RELAY_HMAC, 0, 1),
};

static_assert(ARRAY_SIZE(hip_param_rules) <= HIP_MSG_SLOTS);

/* Mandatory parameters per packet type, RFC 7401, section 5.3; 0 ends */
struct hip_packet_rule {
	u8		type;
	const char	*name;
	u16		mandatory[10];
};

static const struct hip_packet_rule hip_packet_rules[] = {
	{ HIP_PKT_I1, "I1", { HIP_PARAM_DH_GROUP_LIST } },
	{ HIP_PKT_R1, "R1", {
		HIP_PARAM_PUZZLE, HIP_PARAM_DH_GROUP_LIST,
		HIP_PARAM_DIFFIE_HELLMAN, HIP_PARAM_HIP_CIPHER,
		HIP_PARAM_HOST_ID, HIP_PARAM_HIT_SUITE_LIST,
		HIP_PARAM_TRANSPORT_FORMAT_LIST, HIP_PARAM_ESP_TRANSFORM,
		HIP_PARAM_HIP_SIGNATURE_2 } },
	/* I2 also needs HOST_ID or ENCRYPTED */
	{ HIP_PKT_I2, "I2", {
		HIP_PARAM_ESP_INFO, HIP_PARAM_SOLUTION,
		HIP_PARAM_DIFFIE_HELLMAN, HIP_PARAM_HIP_CIPHER,
		HIP_PARAM_TRANSPORT_FORMAT_LIST, HIP_PARAM_ESP_TRANSFORM,
		HIP_PARAM_HIP_MAC, HIP_PARAM_HIP_SIGNATURE } },
	{ HIP_PKT_R2, "R2", {
		HIP_PARAM_ESP_INFO, HIP_PARAM_HIP_MAC_2,
		HIP_PARAM_HIP_SIGNATURE } },
	/* UPDATE also needs SEQ or ACK */
	{ HIP_PKT_UPDATE, "UPDATE", {
		HIP_PARAM_HIP_MAC, HIP_PARAM_HIP_SIGNATURE } },
	{ HIP_PKT_NOTIFY, "NOTIFY", {
		HIP_PARAM_NOTIFICATION, HIP_PARAM_HIP_SIGNATURE } },
	{ HIP_PKT_CLOSE, "CLOSE", {
		HIP_PARAM_ECHO_REQUEST_SIGNED, HIP_PARAM_HIP_MAC,
		HIP_PARAM_HIP_SIGNATURE } },
	{ HIP_PKT_CLOSE_ACK, "CLOSE_ACK", {
		HIP_PARAM_ECHO_RESPONSE_SIGNED, HIP_PARAM_HIP_MAC,
		HIP_PARAM_HIP_SIGNATURE } },
};

static const char * const hip_parse_errors[] = {
	[HIP_PARSE_OK]			= "ok",
	[HIP_PARSE_TRUNCATED]		= "truncated packet",
	[HIP_PARSE_VERSION]		= "unknown version",
	[HIP_PARSE_LENGTH]		= "invalid header length",
	[HIP_PARSE_TYPE]		= "unknown packet type",
	[HIP_PARSE_TLV_LENGTH]		= "parameter exceeds packet",
	[HIP_PARSE_ORDER]		= "parameters out of order",
	[HIP_PARSE_DUPLICATE]		= "duplicate parameter",
	[HIP_PARSE_CRITICAL]		= "unknown critical parameter",
	[HIP_PARSE_PARAM_LENGTH]	= "invalid parameter length",
	[HIP_PARSE_PARAM_VALUE]		= "invalid parameter value",
	[HIP_PARSE_MISSING]		= "mandatory parameter missing",
};

static_assert(ARRAY_SIZE(hip_parse_errors) == HIP_PARSE_ERROR_MAX);

/* Slot of a parameter type, or -1 if we do not know the type */
static int hip_param_slot(u16 type)
{
	int lo = 0, hi = ARRAY_SIZE(hip_param_rules) - 1;

	while (lo <= hi) {
		int mid = (lo + hi) / 2;

		if (hip_param_rules[mid].type == type)
			return mid;
		if (hip_param_rules[mid].type < type)
			lo = mid + 1;
		else
			hi = mid - 1;
	}
	return -1;
}

static const struct hip_packet_rule *hip_packet_rule(u8 type)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(hip_packet_rules); i++)
		if (hip_packet_rules[i].type == type)
			return &hip_packet_rules[i];
	return NULL;
}

/**
 * hip_parse_error_name() - text for a result of hip_msg_parse()
 * @err: 0 or a negated enum hip_parse_error
 *
 * Any context.
 *
 * Return: a constant string, never NULL.
 */
const char *hip_parse_error_name(int err)
{
	if (err > 0 || err <= -HIP_PARSE_ERROR_MAX)
		return "unknown error";
	return hip_parse_errors[-err];
}

/**
 * hip_param_name() - name of a parameter type
 * @type: parameter type, host order
 *
 * Any context.
 *
 * Return: the name that the RFC uses, or "unknown".
 */
const char *hip_param_name(u16 type)
{
	int slot = hip_param_slot(type);

	return slot < 0 ? "unknown" : hip_param_rules[slot].name;
}

/**
 * hip_packet_name() - name of a packet type
 * @type: packet type without the fixed bit
 *
 * Any context.
 *
 * Return: the name that the RFC uses, or "unknown".
 */
const char *hip_packet_name(u8 type)
{
	const struct hip_packet_rule *rule = hip_packet_rule(type);

	return rule ? rule->name : "unknown";
}

/**
 * hip_dh_pub_len() - length of a Diffie-Hellman public value
 * @group: DH group (enum hip_dh_group)
 *
 * Any context.  RFC 7401, section 5.2.7: the length of the prime for MODP
 * groups, x and y without prefix for ECP groups (RFC 5903).
 *
 * Return: octets, or 0 for a group that we do not know.
 */
unsigned int hip_dh_pub_len(u8 group)
{
	switch (group) {
	case HIP_DH_GROUP_MODP_1536:
		return 192;
	case HIP_DH_GROUP_MODP_2048:
		return 256;
	case HIP_DH_GROUP_MODP_3072:
		return 384;
	case HIP_DH_GROUP_SECP160R1:
		return 40;
	case HIP_DH_GROUP_NIST_P256:
		return 64;
	case HIP_DH_GROUP_NIST_P384:
		return 96;
	case HIP_DH_GROUP_NIST_P521:
		return 132;
	default:
		return 0;
	}
}

/**
 * hip_dh_group_is_modp() - is a group one of integers modulo a prime?
 * @group: DH group (enum hip_dh_group)
 *
 * Any context.  RFC 7401, section 5.2.7.
 *
 * Return: true for a MODP group that we know.
 */
bool hip_dh_group_is_modp(u8 group)
{
	return group == HIP_DH_GROUP_MODP_1536 ||
	       group == HIP_DH_GROUP_MODP_2048 ||
	       group == HIP_DH_GROUP_MODP_3072;
}

/**
 * hip_dh_kij_len() - length of the Diffie-Hellman shared secret Kij
 * @group: DH group (enum hip_dh_group)
 *
 * Any context.  RFC 7401, section 6.5; the x coordinate for ECP groups
 * (RFC 5903, section 7), padded to the length of the prime for MODP groups.
 *
 * Return: octets, or 0 for a group that we do not know.
 */
unsigned int hip_dh_kij_len(u8 group)
{
	unsigned int len = hip_dh_pub_len(group);

	return hip_dh_group_is_modp(group) ? len : len / 2;
}

static bool hip_is_v4mapped(const struct in6_addr *addr)
{
	static const u8 prefix[12] = { [10] = 0xff, [11] = 0xff };

	return !memcmp(addr, prefix, sizeof(prefix));
}

/* Sum of 16-bit big-endian words; @len is even, as it is of all that HIP sums */
static u64 hip_sum(u64 sum, const void *data, size_t len)
{
	const u8 *p = data;

	for (; len >= 2; len -= 2, p += 2)
		sum += hip_load_be16(p);
	return sum;
}

/* Folded sum of pseudo header and packet, RFC 7401, section 5.1.1 */
static u16 hip_checksum_sum(const void *data, size_t len,
			    const struct in6_addr *saddr,
			    const struct in6_addr *daddr)
{
	u64 sum = HIP_PROTO + len;

	if (hip_is_v4mapped(saddr) && hip_is_v4mapped(daddr)) {
		sum = hip_sum(sum, (const u8 *)saddr + 12, 4);
		sum = hip_sum(sum, (const u8 *)daddr + 12, 4);
	} else {
		sum = hip_sum(sum, saddr, sizeof(*saddr));
		sum = hip_sum(sum, daddr, sizeof(*daddr));
	}
	sum = hip_sum(sum, data, len);

	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/**
 * hip_checksum() - checksum of a HIP packet
 * @data: HIP header; its Checksum field counts as zero
 * @len: octets of header and parameters, (Header Length + 1) * 8, at least
 *	HIP_HDR_LEN
 * @saddr: source locator; IPv4 as ::ffff:a.b.c.d
 * @daddr: destination locator; the IPv4 pseudo header is used if both are IPv4
 *
 * Any context.  RFC 7401, section 5.1.1.  Packets are few and short, so this
 * favours clarity over csum_partial().
 *
 * Return: the value for the Checksum field, host order.
 */
u16 hip_checksum(const void *data, size_t len, const struct in6_addr *saddr,
		 const struct in6_addr *daddr)
{
	const struct hip_hdr *hdr = data;
	u32 sum = hip_checksum_sum(data, len, saddr, daddr);

	/* take the field out again: adding ~x is subtracting x */
	sum += (u16)~be16_to_cpu(hdr->checksum);
	sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

/**
 * hip_checksum_ok() - is the checksum of a received packet right?
 * @data: HIP header
 * @len: octets of header and parameters, at least HIP_HDR_LEN
 * @saddr: source address of the outer IP header; IPv4 as ::ffff:a.b.c.d
 * @daddr: destination address, likewise
 *
 * Any context.  RFC 7401, section 5.1.1.  Inside UDP the field is zero and
 * UDP's checksum stands in for it (RFC 9028, section 5.1): not for here.
 *
 * Return: true if so.
 */
bool hip_checksum_ok(const void *data, size_t len,
		     const struct in6_addr *saddr,
		     const struct in6_addr *daddr)
{
	return hip_checksum_sum(data, len, saddr, daddr) == 0xffff;
}

/**
 * hip_checksum_set() - fill in the Checksum of a packet to be sent
 * @data: HIP header
 * @len: octets of header and parameters, at least HIP_HDR_LEN
 * @saddr: source locator; IPv4 as ::ffff:a.b.c.d
 * @daddr: destination locator, likewise
 *
 * Any context.  RFC 7401, section 5.1.1.
 */
void hip_checksum_set(void *data, size_t len, const struct in6_addr *saddr,
		      const struct in6_addr *daddr)
{
	struct hip_hdr *hdr = data;

	hdr->checksum = cpu_to_be16(hip_checksum(data, len, saddr, daddr));
}

static bool hip_is_rhash_len(unsigned int len)
{
	return len == hip_rhash_len(HIP_HIT_SUITE_RSA_DSA_SHA256) ||
	       len == hip_rhash_len(HIP_HIT_SUITE_ECDSA_SHA384) ||
	       len == hip_rhash_len(HIP_HIT_SUITE_ECDSA_LOW_SHA1);
}

static bool hip_param_len_ok(const struct hip_param_rule *rule,
			     unsigned int len)
{
	switch (rule->rule) {
	case HIP_LEN_FIXED:
		return len == rule->min;
	case HIP_LEN_VAR:
		return len >= rule->min && !((len - rule->min) % rule->step);
	case HIP_LEN_RHASH:
		return len >= rule->min && !((len - rule->min) % rule->step) &&
		       hip_is_rhash_len((len - rule->min) / rule->step);
	}
	return false;
}

/* Section 5.2.7 with decision 4: MODP values may come without leading zeros */
static int hip_check_dh(const struct hip_param *p)
{
	const struct hip_p_diffie_hellman *dh = (const void *)p->data;
	unsigned int pub_len = be16_to_cpu(dh->pub_len);
	unsigned int want = hip_dh_pub_len(dh->group);

	if (!pub_len || p->len != sizeof(*dh) + pub_len)
		return -HIP_PARSE_PARAM_LENGTH;
	if (!want)
		return 0;
	if (hip_dh_group_is_modp(dh->group) ? pub_len > want : pub_len != want)
		return -HIP_PARSE_PARAM_LENGTH;
	return 0;
}

/* Section 5.2.9 */
static int hip_check_host_id(const struct hip_param *p)
{
	const struct hip_p_host_id *hid = (const void *)p->data;
	unsigned int hi_len = be16_to_cpu(hid->hi_len);
	unsigned int di = be16_to_cpu(hid->di_type_len);
	unsigned int di_len = di & HIP_DI_LEN_MASK;

	if (!hi_len || p->len != sizeof(*hid) + hi_len + di_len)
		return -HIP_PARSE_PARAM_LENGTH;
	if (di >> HIP_DI_TYPE_SHIFT == HIP_DI_NONE && di_len)
		return -HIP_PARSE_PARAM_VALUE;
	return 0;
}

/* Section 5.2.10: the suite is in the upper four bits, the lower ones are zero */
static int hip_check_hit_suite_list(const struct hip_param *p)
{
	unsigned int i;

	for (i = 0; i < p->len; i++)
		if (p->data[i] & (BIT(HIP_HIT_SUITE_SHIFT) - 1))
			return -HIP_PARSE_PARAM_VALUE;
	return 0;
}

/* RFC 8046, section 4: unknown locator types are skipped by their length */
static int hip_check_locator_set(const struct hip_param *p)
{
	const struct hip_p_locator *loc;
	unsigned int offset = 0, len;

	while (offset < p->len) {
		if (p->len - offset < sizeof(*loc))
			return -HIP_PARSE_PARAM_LENGTH;
		loc = (const void *)(p->data + offset);
		len = loc->locator_len * 4;
		offset += sizeof(*loc);
		if (p->len - offset < len)
			return -HIP_PARSE_PARAM_LENGTH;
		offset += len;

		switch (loc->locator_type) {
		case HIP_LOCATOR_IP:
			if (len != sizeof(struct hip_p_locator_ip))
				return -HIP_PARSE_PARAM_LENGTH;
			break;
		case HIP_LOCATOR_ESP:
			if (len != sizeof(struct hip_p_locator_esp))
				return -HIP_PARSE_PARAM_LENGTH;
			break;
		case HIP_LOCATOR_UDP:
			if (len != sizeof(struct hip_p_locator_udp))
				return -HIP_PARSE_PARAM_LENGTH;
			break;
		}
	}
	return 0;
}

/* Contents of a parameter whose Length has been checked against the packet */
static int hip_param_check(const struct hip_param_rule *rule,
			   const struct hip_param *p)
{
	if (!hip_param_len_ok(rule, p->len))
		return -HIP_PARSE_PARAM_LENGTH;

	switch (p->type) {
	case HIP_PARAM_DIFFIE_HELLMAN:
		return hip_check_dh(p);
	case HIP_PARAM_HOST_ID:
		return hip_check_host_id(p);
	case HIP_PARAM_HIT_SUITE_LIST:
		return hip_check_hit_suite_list(p);
	case HIP_PARAM_LOCATOR_SET:
		return hip_check_locator_set(p);
	default:
		return 0;
	}
}

/* Read one TLV of at most @len octets; false if it does not fit */
static bool hip_tlv_read(const u8 *tlv, size_t len, struct hip_param *p)
{
	if (len < HIP_TLV_HDR_LEN)
		return false;

	p->tlv = tlv;
	p->data = tlv + HIP_TLV_HDR_LEN;
	p->type = hip_load_be16(tlv);
	p->len = hip_load_be16(tlv + 2);
	return HIP_TLV_SIZE(p->len) <= len;
}

/**
 * hip_tlv_check() - validate a parameter that stands alone
 * @data: Type of the parameter, any alignment
 * @len: octets available at @data
 * @p: filled in with pointers into @data
 *
 * Any context.  For parameters that do not come in a packet: those inside
 * ENCRYPTED, or a HOST_ID kept from an R1.  The same checks as in
 * hip_msg_parse().
 *
 * Return: 0 or a negated enum hip_parse_error; @p is valid for
 * -HIP_PARSE_CRITICAL too.
 */
int hip_tlv_check(const void *data, size_t len, struct hip_param *p)
{
	int slot;

	if (!hip_tlv_read(data, len, p))
		return -HIP_PARSE_TLV_LENGTH;

	slot = hip_param_slot(p->type);
	if (slot >= 0)
		return hip_param_check(&hip_param_rules[slot], p);
	return p->type & HIP_PARAM_CRITICAL ? -HIP_PARSE_CRITICAL : 0;
}

static int hip_msg_error(struct hip_msg *msg, enum hip_parse_error err,
			 unsigned int offset, u16 type)
{
	msg->err_offset = offset;
	msg->err_type = type;
	return -err;
}

static int hip_msg_parse_params(struct hip_msg *msg)
{
	unsigned int offset = HIP_HDR_LEN;
	struct hip_msg_slot *ms;
	struct hip_param p = {};
	u16 last_type = 0;
	int slot, err;

	while (offset < msg->len) {
		if (!hip_tlv_read(msg->data + offset, msg->len - offset, &p))
			return hip_msg_error(msg, HIP_PARSE_TLV_LENGTH,
					     offset + 2, p.type);
		if (p.type < last_type)
			return hip_msg_error(msg, HIP_PARSE_ORDER, offset,
					     p.type);
		last_type = p.type;

		slot = hip_param_slot(p.type);
		if (slot >= 0) {
			ms = &msg->slot[slot];
			if (ms->count && !hip_param_rules[slot].multi)
				return hip_msg_error(msg, HIP_PARSE_DUPLICATE,
						     offset, p.type);
			err = hip_param_check(&hip_param_rules[slot], &p);
			if (err)
				return hip_msg_error(msg, -err, offset,
						     p.type);
			if (!ms->count++)
				ms->offset = offset;
		} else if (p.type & HIP_PARAM_CRITICAL) {
			return hip_msg_error(msg, HIP_PARSE_CRITICAL, offset,
					     p.type);
		}
		offset += HIP_TLV_SIZE(p.len);
	}
	return 0;
}

static int hip_msg_missing(struct hip_msg *msg, u16 type)
{
	return hip_msg_error(msg, HIP_PARSE_MISSING, msg->len - 1, type);
}

/* Mandatory parameters, RFC 7401, section 5.3 */
static int hip_msg_check_mandatory(struct hip_msg *msg,
				   const struct hip_packet_rule *rule)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rule->mandatory) && rule->mandatory[i]; i++)
		if (!hip_msg_has(msg, rule->mandatory[i]))
			return hip_msg_missing(msg, rule->mandatory[i]);

	if (msg->type == HIP_PKT_I2 &&
	    !hip_msg_has(msg, HIP_PARAM_HOST_ID) &&
	    !hip_msg_has(msg, HIP_PARAM_ENCRYPTED))
		return hip_msg_missing(msg, HIP_PARAM_HOST_ID);
	if (msg->type == HIP_PKT_UPDATE &&
	    !hip_msg_has(msg, HIP_PARAM_SEQ) &&
	    !hip_msg_has(msg, HIP_PARAM_ACK))
		return hip_msg_missing(msg, HIP_PARAM_SEQ);
	return 0;
}

/* In the base exchange the packet itself says which HIT is the Responder's,
 * hence which RHASH (section 2.3), hence the exact length of what depends on
 * it.  A suite that we do not support is for the caller to refuse.
 */
static int hip_msg_check_rhash(struct hip_msg *msg)
{
	u16 puzzle = 0, mac = 0;
	struct hip_param p;
	unsigned int want;
	u8 oga;

	switch (msg->type) {
	case HIP_PKT_R1:
		oga = msg->sender_hit.s6_addr[3];
		puzzle = HIP_PARAM_PUZZLE;
		break;
	case HIP_PKT_I2:
		oga = msg->receiver_hit.s6_addr[3];
		puzzle = HIP_PARAM_SOLUTION;
		mac = HIP_PARAM_HIP_MAC;
		break;
	case HIP_PKT_R2:
		oga = msg->sender_hit.s6_addr[3];
		mac = HIP_PARAM_HIP_MAC_2;
		break;
	default:
		return 0;
	}

	want = hip_rhash_len(oga & 0x0f);
	if (!want)
		return 0;
	if (puzzle) {
		hip_msg_first(msg, puzzle, &p);
		if (p.len != 4 + want * (puzzle == HIP_PARAM_PUZZLE ? 1 : 2))
			return hip_msg_error(msg, HIP_PARSE_PARAM_LENGTH,
					     p.tlv - msg->data, puzzle);
	}
	if (mac) {
		hip_msg_first(msg, mac, &p);
		if (p.len != want)
			return hip_msg_error(msg, HIP_PARSE_PARAM_LENGTH,
					     p.tlv - msg->data, mac);
	}
	return 0;
}

/**
 * hip_msg_parse() - validate a HIP packet and index its parameters
 * @msg: filled in; refers to @data, which must outlive it
 * @data: HIP header in linear memory, any alignment
 * @len: octets available at @data; what lies behind Header Length is ignored
 *
 * Any context; reads nothing outside of @data.  Checks the header (RFC 7401,
 * section 5.1), the order and uniqueness of parameters, unknown critical
 * parameters (5.2.1), every length, and that the parameters which the packet
 * type demands are there (5.3).  Does not check the checksum, HITs, MACs or
 * whether optional parameters make sense in this packet type.
 *
 * Return: 0 or a negated enum hip_parse_error.  On error @msg->err_offset and
 * @msg->err_type say where; the header fields of @msg are valid unless the
 * error is HIP_PARSE_TRUNCATED, HIP_PARSE_VERSION or HIP_PARSE_LENGTH, the
 * parameters are not.
 */
int hip_msg_parse(struct hip_msg *msg, const void *data, size_t len)
{
	const struct hip_packet_rule *rule;
	const struct hip_hdr *hdr = data;
	int err;

	memset(msg, 0, sizeof(*msg));

	if (len < HIP_HDR_LEN)
		return hip_msg_error(msg, HIP_PARSE_TRUNCATED, 0, 0);
	if (hdr->version >> HIP_VERSION_SHIFT != HIP_VERSION)
		return hip_msg_error(msg, HIP_PARSE_VERSION, 3, 0);
	if (hdr->header_len < HIP_HDR_LEN_MIN)
		return hip_msg_error(msg, HIP_PARSE_LENGTH, 1, 0);

	msg->len = (hdr->header_len + 1) * HIP_HDR_LEN_UNIT;
	if (msg->len > len)
		return hip_msg_error(msg, HIP_PARSE_TRUNCATED, 1, 0);

	msg->data = data;
	msg->type = hdr->type & HIP_TYPE_MASK;
	msg->controls = be16_to_cpu(hdr->controls);
	memcpy(&msg->sender_hit, hdr->sender_hit, HIP_HIT_LEN);
	memcpy(&msg->receiver_hit, hdr->receiver_hit, HIP_HIT_LEN);

	rule = hip_packet_rule(msg->type);
	if (!rule)
		return hip_msg_error(msg, HIP_PARSE_TYPE, 2, 0);

	err = hip_msg_parse_params(msg);
	if (err)
		return err;
	err = hip_msg_check_mandatory(msg, rule);
	if (err)
		return err;
	return hip_msg_check_rhash(msg);
}

/**
 * hip_msg_first() - first parameter of a type
 * @msg: parsed packet
 * @type: parameter type, one that we know
 * @p: filled in if there is one
 *
 * Any context.
 *
 * Return: true if there is one.
 */
bool hip_msg_first(const struct hip_msg *msg, u16 type, struct hip_param *p)
{
	int slot = hip_param_slot(type);

	if (slot < 0 || !msg->slot[slot].count)
		return false;
	return hip_tlv_read(msg->data + msg->slot[slot].offset,
			    msg->len - msg->slot[slot].offset, p);
}

/**
 * hip_param_iter_type() - prepare a walk over the parameters of one type
 * @msg: parsed packet
 * @type: parameter type, one that we know
 * @p: cursor
 *
 * Any context.  For hip_msg_for_each_param().  Equal types are adjacent (RFC
 * 7401, section 5.2.1).
 *
 * Return: the iterator; refers to @msg and @p.
 */
struct hip_param_iter hip_param_iter_type(const struct hip_msg *msg, u16 type,
					  struct hip_param *p)
{
	int slot = hip_param_slot(type);

	return (struct hip_param_iter) {
		.msg = msg,
		.p = p,
		.next = slot < 0 ? 0 : msg->slot[slot].offset,
		.left = slot < 0 ? 0 : msg->slot[slot].count,
	};
}

/**
 * hip_param_iter_all() - prepare a walk over all parameters
 * @msg: parsed packet
 * @p: cursor
 *
 * Any context.  For hip_msg_for_each().
 *
 * Return: the iterator; refers to @msg and @p.
 */
struct hip_param_iter hip_param_iter_all(const struct hip_msg *msg,
					 struct hip_param *p)
{
	return (struct hip_param_iter) {
		.msg = msg,
		.p = p,
		.next = HIP_HDR_LEN,
		.left = UINT_MAX,
	};
}

/**
 * hip_param_iter_step() - go to the next parameter
 * @it: iterator; its cursor is filled in
 *
 * Any context.
 *
 * Return: true if there is one.
 */
bool hip_param_iter_step(struct hip_param_iter *it)
{
	const struct hip_msg *msg = it->msg;

	if (!it->left || !hip_tlv_read(msg->data + it->next,
				       msg->len - it->next, it->p))
		return false;
	it->left--;
	it->next += HIP_TLV_SIZE(it->p->len);
	return true;
}

/**
 * hip_msg_count() - number of parameters of a type
 * @msg: parsed packet
 * @type: parameter type, one that we know
 *
 * Any context.
 *
 * Return: how many there are.
 */
unsigned int hip_msg_count(const struct hip_msg *msg, u16 type)
{
	int slot = hip_param_slot(type);

	return slot < 0 ? 0 : msg->slot[slot].count;
}
