// SPDX-License-Identifier: GPL-2.0
/*
 * HIP parameters: typed reading, building, MAC and signature coverage.
 *
 * The readers take a struct hip_msg, so the lengths have been checked by
 * hip_msg_parse() and are not checked again.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>

#include "param.h"

/**
 * hip_get_puzzle() - read PUZZLE
 * @msg: parsed packet
 * @out: filled in; points into the packet
 *
 * Any context.  RFC 7401, section 5.2.4.
 *
 * Return: 0, or -ENOENT if there is none.
 */
int hip_get_puzzle(const struct hip_msg *msg, struct hip_puzzle *out)
{
	const struct hip_p_puzzle *puzzle;
	struct hip_param p;

	if (!hip_msg_first(msg, HIP_PARAM_PUZZLE, &p))
		return -ENOENT;

	puzzle = (const void *)p.data;
	out->k = puzzle->k;
	out->lifetime = puzzle->lifetime;
	out->opaque = be16_to_cpu(puzzle->opaque);
	out->rhash_len = p.len - sizeof(*puzzle);
	out->i = p.data + sizeof(*puzzle);
	return 0;
}

/**
 * hip_get_solution() - read SOLUTION
 * @msg: parsed packet
 * @out: filled in; points into the packet
 *
 * Any context.  RFC 7401, section 5.2.5.
 *
 * Return: 0, or -ENOENT if there is none.
 */
int hip_get_solution(const struct hip_msg *msg, struct hip_solution *out)
{
	const struct hip_p_solution *solution;
	struct hip_param p;

	if (!hip_msg_first(msg, HIP_PARAM_SOLUTION, &p))
		return -ENOENT;

	solution = (const void *)p.data;
	out->k = solution->k;
	out->opaque = be16_to_cpu(solution->opaque);
	out->rhash_len = (p.len - sizeof(*solution)) / 2;
	out->i = p.data + sizeof(*solution);
	out->j = out->i + out->rhash_len;
	return 0;
}

/**
 * hip_get_r1_counter() - read R1_COUNTER
 * @msg: parsed packet
 * @counter: set to the R1 generation counter, host order
 *
 * Any context.  RFC 7401, section 5.2.3.
 *
 * Return: 0, or -ENOENT if there is none.
 */
int hip_get_r1_counter(const struct hip_msg *msg, u64 *counter)
{
	const struct hip_p_r1_counter *r1;
	struct hip_param p;

	if (!hip_msg_first(msg, HIP_PARAM_R1_COUNTER, &p))
		return -ENOENT;

	r1 = (const void *)p.data;
	*counter = be64_to_cpu(r1->counter);
	return 0;
}

/**
 * hip_get_esp_info() - read ESP_INFO
 * @msg: parsed packet
 * @out: filled in; SPIs stay in network order
 *
 * Any context.  RFC 7402, section 5.1.1.
 *
 * Return: 0, or -ENOENT if there is none.
 */
int hip_get_esp_info(const struct hip_msg *msg, struct hip_esp_info *out)
{
	const struct hip_p_esp_info *info;
	struct hip_param p;

	if (!hip_msg_first(msg, HIP_PARAM_ESP_INFO, &p))
		return -ENOENT;

	info = (const void *)p.data;
	out->keymat_index = be16_to_cpu(info->keymat_index);
	out->old_spi = info->old_spi;
	out->new_spi = info->new_spi;
	return 0;
}

/**
 * hip_get_dh() - read DIFFIE_HELLMAN
 * @msg: parsed packet
 * @out: filled in; points into the packet
 *
 * Any context.  RFC 7401, section 5.2.7.  The public value of a MODP group may
 * be shorter than the prime: pad it on the left.
 *
 * Return: 0, or -ENOENT if there is none.
 */
int hip_get_dh(const struct hip_msg *msg, struct hip_dh *out)
{
	const struct hip_p_diffie_hellman *dh;
	struct hip_param p;

	if (!hip_msg_first(msg, HIP_PARAM_DIFFIE_HELLMAN, &p))
		return -ENOENT;

	dh = (const void *)p.data;
	out->group = dh->group;
	out->pub_len = be16_to_cpu(dh->pub_len);
	out->pub = p.data + sizeof(*dh);
	return 0;
}

/**
 * hip_get_seq() - read SEQ
 * @msg: parsed packet
 * @update_id: set to the Update ID, host order
 *
 * Any context.  RFC 7401, section 5.2.16.
 *
 * Return: 0, or -ENOENT if there is none.
 */
int hip_get_seq(const struct hip_msg *msg, u32 *update_id)
{
	struct hip_param p;

	if (!hip_msg_first(msg, HIP_PARAM_SEQ, &p))
		return -ENOENT;

	*update_id = hip_load_be32(p.data);
	return 0;
}

/**
 * hip_get_ack() - read one entry of ACK
 * @msg: parsed packet
 * @n: which one, from 0
 * @update_id: set to the peer Update ID, host order
 *
 * Any context.  RFC 7401, section 5.2.17.
 *
 * Return: false behind the last one, or if there is no ACK.
 */
bool hip_get_ack(const struct hip_msg *msg, unsigned int n, u32 *update_id)
{
	struct hip_param p;

	if (!hip_msg_first(msg, HIP_PARAM_ACK, &p) || n >= p.len / 4)
		return false;

	*update_id = hip_load_be32(p.data + 4 * n);
	return true;
}

/**
 * hip_param_host_id() - read a HOST_ID that stands alone
 * @p: a HOST_ID that hip_msg_parse() or hip_tlv_check() accepted
 * @out: filled in; points to where @p does
 *
 * Any context.  RFC 7401, section 5.2.9.
 *
 * Return: 0, or -EINVAL if @p is something else.
 */
int hip_param_host_id(const struct hip_param *p, struct hip_host_id *out)
{
	const struct hip_p_host_id *hid = (const void *)p->data;
	u16 algorithm, di;

	if (p->type != HIP_PARAM_HOST_ID)
		return -EINVAL;

	algorithm = be16_to_cpu(hid->algorithm);
	di = be16_to_cpu(hid->di_type_len);

	out->tlv = p->tlv;
	out->tlv_len = HIP_TLV_SIZE(p->len);
	out->algorithm = algorithm > U8_MAX ? 0 : algorithm;
	out->di_type = di >> HIP_DI_TYPE_SHIFT;
	out->hi_len = be16_to_cpu(hid->hi_len);
	out->di_len = di & HIP_DI_LEN_MASK;
	out->hi = p->data + sizeof(*hid);
	out->di = out->hi + out->hi_len;
	return 0;
}

/**
 * hip_get_host_id() - read HOST_ID
 * @msg: parsed packet
 * @out: filled in; points into the packet
 *
 * Any context.  RFC 7401, section 5.2.9.
 *
 * Return: 0, or -ENOENT if there is none (it may be inside ENCRYPTED).
 */
int hip_get_host_id(const struct hip_msg *msg, struct hip_host_id *out)
{
	struct hip_param p;

	if (!hip_msg_first(msg, HIP_PARAM_HOST_ID, &p))
		return -ENOENT;
	return hip_param_host_id(&p, out);
}

/**
 * hip_get_mac() - find HIP_MAC, HIP_MAC_2, RVS_HMAC or RELAY_HMAC
 * @msg: parsed packet
 * @type: which of them
 * @out: filled in; @out->tlv - @msg->data is what hip_mac_input() calls mac_off
 *
 * Any context.  RFC 7401, sections 5.2.12 and 5.2.13.
 *
 * Return: 0, or -ENOENT if there is none.
 */
int hip_get_mac(const struct hip_msg *msg, u16 type, struct hip_param *out)
{
	return hip_msg_first(msg, type, out) ? 0 : -ENOENT;
}

/**
 * hip_get_signature() - read HIP_SIGNATURE or HIP_SIGNATURE_2
 * @msg: parsed packet
 * @type: which of them
 * @out: filled in; points into the packet
 *
 * Any context.  RFC 7401, sections 5.2.14 and 5.2.15.
 *
 * Return: 0, or -ENOENT if there is none.
 */
int hip_get_signature(const struct hip_msg *msg, u16 type,
		      struct hip_signature *out)
{
	const struct hip_p_signature *sig;
	struct hip_param p;

	if (!hip_msg_first(msg, type, &p))
		return -ENOENT;

	sig = (const void *)p.data;
	out->algorithm = be16_to_cpu(sig->algorithm);
	out->len = p.len - sizeof(*sig);
	out->sig = p.data + sizeof(*sig);
	return 0;
}

/**
 * hip_get_encrypted() - read ENCRYPTED
 * @msg: parsed packet
 * @out: filled in; points into the packet; feed it to hip_decrypt()
 *
 * Any context.  RFC 7401, section 5.2.18.
 *
 * Return: 0, or -ENOENT if there is none.
 */
int hip_get_encrypted(const struct hip_msg *msg, struct hip_encrypted *out)
{
	struct hip_param p;

	if (!hip_msg_first(msg, HIP_PARAM_ENCRYPTED, &p))
		return -ENOENT;

	out->iv_ct = p.data + sizeof(struct hip_p_encrypted);
	out->len = p.len - sizeof(struct hip_p_encrypted);
	return 0;
}

/**
 * hip_param_notification() - read one NOTIFICATION
 * @p: a NOTIFICATION found with hip_msg_for_each_param()
 * @out: filled in; points into the packet
 *
 * Any context.  RFC 7401, section 5.2.19.
 *
 * Return: 0, or -EINVAL if @p is something else.
 */
int hip_param_notification(const struct hip_param *p,
			   struct hip_notification *out)
{
	const struct hip_p_notification *notification = (const void *)p->data;

	if (p->type != HIP_PARAM_NOTIFICATION)
		return -EINVAL;

	out->type = be16_to_cpu(notification->type);
	out->len = p->len - sizeof(*notification);
	out->data = p->data + sizeof(*notification);
	return 0;
}

/**
 * hip_param_locator() - read the next locator of a LOCATOR_SET
 * @p: a LOCATOR_SET
 * @cursor: 0 to start with; advanced
 * @out: filled in; the address is zero if the locator type is unknown
 *
 * Any context.  RFC 8046, section 4; RFC 9028, section 5.7.  Says nothing of
 * whether the address is fit to be a locator: the caller must refuse HITs,
 * multicast and the like, and a lifetime of zero.
 *
 * Return: 1 if there was one, 0 at the end, -EINVAL if @p is something else.
 */
int hip_param_locator(const struct hip_param *p, unsigned int *cursor,
		      struct hip_locator *out)
{
	const struct hip_p_locator_udp *udp;
	const struct hip_p_locator_esp *esp;
	const struct hip_p_locator_ip *ip;
	const struct hip_p_locator *loc;
	const void *locator;

	if (p->type != HIP_PARAM_LOCATOR_SET)
		return -EINVAL;
	if (*cursor >= p->len)
		return 0;

	loc = (const void *)(p->data + *cursor);
	locator = p->data + *cursor + sizeof(*loc);
	*cursor += sizeof(*loc) + loc->locator_len * 4;

	memset(out, 0, sizeof(*out));
	out->traffic = loc->traffic_type;
	out->type = loc->locator_type;
	out->preferred = loc->flags & HIP_LOCATOR_PREFERRED;
	out->lifetime = be32_to_cpu(loc->lifetime);

	switch (loc->locator_type) {
	case HIP_LOCATOR_IP:
		ip = locator;
		memcpy(&out->addr, ip->address, sizeof(out->addr));
		break;
	case HIP_LOCATOR_ESP:
		esp = locator;
		out->spi = esp->spi;
		memcpy(&out->addr, esp->address, sizeof(out->addr));
		break;
	case HIP_LOCATOR_UDP:
		udp = locator;
		out->port = be16_to_cpu(udp->port);
		out->kind = udp->kind;
		out->priority = be32_to_cpu(udp->priority);
		out->spi = udp->spi;
		memcpy(&out->addr, udp->address, sizeof(out->addr));
		break;
	}
	return 1;
}

/**
 * hip_inner_next() - next parameter inside a decrypted ENCRYPTED
 * @plain: output of hip_decrypt()
 * @len: its length, cipher padding included
 * @cursor: 0 to start with; advanced
 * @p: filled in; keep it from one call to the next
 *
 * Any context.  RFC 7401, section 5.2.18.  The text leaves open whether the
 * cipher padding is always there, so the parameters' own lengths count, and
 * the first octets that are no valid parameter end the walk.
 *
 * Return: true if there was one.
 */
bool hip_inner_next(const void *plain, size_t len, size_t *cursor,
		    struct hip_param *p)
{
	u16 last_type = *cursor ? p->type : 1;

	/* cipher padding never passes for a parameter: it is at most 16 octets
	 * of the same value v, so Length would be 257 * v, or Type zero
	 */
	if (*cursor >= len ||
	    hip_tlv_check((const u8 *)plain + *cursor, len - *cursor, p) ||
	    p->type < last_type)
		return false;

	*cursor += HIP_TLV_SIZE(p->len);
	return true;
}

/**
 * hip_inner_host_id() - find HOST_ID inside a decrypted ENCRYPTED
 * @plain: output of hip_decrypt()
 * @len: its length, cipher padding included
 * @out: filled in; points into @plain
 *
 * Any context.  RFC 7401, sections 5.2.9 and 5.3.3.
 *
 * Return: 0, or -ENOENT if there is none.
 */
int hip_inner_host_id(const void *plain, size_t len, struct hip_host_id *out)
{
	struct hip_param p;
	size_t cursor = 0;

	while (hip_inner_next(plain, len, &cursor, &p))
		if (p.type == HIP_PARAM_HOST_ID)
			return hip_param_host_id(&p, out);
	return -ENOENT;
}

/**
 * hip_get_list8() - read one entry of DH_GROUP_LIST or HIT_SUITE_LIST
 * @msg: parsed packet
 * @type: which of them
 * @n: which entry, from 0
 *
 * Any context.  RFC 7401, sections 5.2.6 and 5.2.10.
 *
 * Return: the group or suite, -ENOENT behind the last one or without a list.
 */
int hip_get_list8(const struct hip_msg *msg, u16 type, unsigned int n)
{
	struct hip_param p;

	if (!hip_msg_first(msg, type, &p) || n >= p.len)
		return -ENOENT;
	if (type == HIP_PARAM_HIT_SUITE_LIST)
		return p.data[n] >> HIP_HIT_SUITE_SHIFT;
	return p.data[n];
}

/**
 * hip_get_list16() - read one entry of a list of 16-bit ids
 * @msg: parsed packet
 * @type: HIP_CIPHER, TRANSPORT_FORMAT_LIST, ESP_TRANSFORM or
 *	NAT_TRAVERSAL_MODE
 * @n: which entry, from 0
 *
 * Any context.  RFC 7401, sections 5.2.8 and 5.2.11, RFC 7402, section 5.1.2,
 * RFC 9028, section 5.4.  Only the first six of HIP_CIPHER and
 * NAT_TRAVERSAL_MODE count.
 *
 * Return: the id, -ENOENT behind the last one or without a list.
 */
int hip_get_list16(const struct hip_msg *msg, u16 type, unsigned int n)
{
	unsigned int skip = 0, max = UINT_MAX;
	struct hip_param p;

	switch (type) {
	case HIP_PARAM_HIP_CIPHER:
		max = HIP_SUITES_MAX;
		break;
	case HIP_PARAM_NAT_TRAVERSAL_MODE:
		max = HIP_SUITES_MAX;
		skip = 2;
		break;
	case HIP_PARAM_ESP_TRANSFORM:
		skip = 2;
		break;
	}

	if (!hip_msg_first(msg, type, &p) ||
	    n >= min((p.len - skip) / 2, max))
		return -ENOENT;
	return hip_load_be16(p.data + skip + 2 * n);
}

static int hip_get_list(const struct hip_msg *msg, u16 type, unsigned int n)
{
	if (type == HIP_PARAM_DH_GROUP_LIST || type == HIP_PARAM_HIT_SUITE_LIST)
		return hip_get_list8(msg, type, n);
	return hip_get_list16(msg, type, n);
}

/**
 * hip_offers() - is an id in one of the peer's lists?
 * @msg: parsed packet
 * @type: a list that hip_get_list8() or hip_get_list16() reads
 * @id: what to look for
 *
 * Any context.
 *
 * Return: true if so.
 */
bool hip_offers(const struct hip_msg *msg, u16 type, u16 id)
{
	unsigned int n;
	int theirs;

	for (n = 0; (theirs = hip_get_list(msg, type, n)) >= 0; n++)
		if (theirs == id)
			return true;
	return false;
}

/**
 * hip_choose() - first id in our order of preference that the peer has, too
 * @msg: parsed packet with the peer's list
 * @type: a list that hip_get_list8() or hip_get_list16() reads
 * @ours: our list, best first
 * @n_ours: its number of entries
 *
 * Any context.  RFC 7401, section 5.2.6 for the Responder's DH group;
 * sections 5.2.8 and 5.2.10 and RFC 7402, section 5.1.2 for an Initiator's
 * choice from an R1.
 *
 * Return: the id, or -ENOENT if the lists have nothing in common.
 */
int hip_choose(const struct hip_msg *msg, u16 type, const u16 *ours,
	       unsigned int n_ours)
{
	unsigned int n;

	for (n = 0; n < n_ours; n++)
		if (hip_offers(msg, type, ours[n]))
			return ours[n];
	return -ENOENT;
}

/**
 * hip_choose8() - hip_choose() with a list of octets
 * @msg: parsed packet with the peer's list
 * @type: a list that hip_get_list8() or hip_get_list16() reads
 * @ours: our list, best first
 * @n_ours: its number of entries
 *
 * Any context.
 *
 * Return: the id, or -ENOENT if the lists have nothing in common.
 */
int hip_choose8(const struct hip_msg *msg, u16 type, const u8 *ours,
		unsigned int n_ours)
{
	unsigned int n;

	for (n = 0; n < n_ours; n++)
		if (hip_offers(msg, type, ours[n]))
			return ours[n];
	return -ENOENT;
}

/**
 * hip_choose_theirs() - first id in the peer's order of preference that we have
 * @msg: parsed packet with the peer's list
 * @type: a list that hip_get_list8() or hip_get_list16() reads
 * @ours: our list, in any order
 * @n_ours: its number of entries
 *
 * Any context.  RFC 7401, section 6.8 step 7: with the DH_GROUP_LIST of an R1
 * this is the group that the Responder should have chosen.
 *
 * Return: the id, or -ENOENT if the lists have nothing in common.
 */
int hip_choose_theirs(const struct hip_msg *msg, u16 type, const u16 *ours,
		      unsigned int n_ours)
{
	unsigned int i, n;
	int theirs;

	for (n = 0; (theirs = hip_get_list(msg, type, n)) >= 0; n++)
		for (i = 0; i < n_ours; i++)
			if (theirs == ours[i])
				return theirs;
	return -ENOENT;
}

/* Header and parameters up to @off, Checksum zero, Header Length for @total */
static int hip_coverage(u8 *out, size_t size, const void *pkt, size_t off,
			size_t total)
{
	struct hip_hdr *hdr = (struct hip_hdr *)out;

	if (off < HIP_HDR_LEN || off % HIP_TLV_ALIGN || total % HIP_TLV_ALIGN)
		return -EINVAL;
	if (total > HIP_MAX_LEN)
		return -EMSGSIZE;
	if (total > size)
		return -ENOSPC;

	memcpy(out, pkt, off);
	hdr->checksum = 0;
	hdr->header_len = total / HIP_HDR_LEN_UNIT - 1;
	return 0;
}

/**
 * hip_mac_input() - what HIP_MAC, HIP_MAC_2, RVS_HMAC and RELAY_HMAC cover
 * @out: where the octets go; the caller's
 * @size: octets available at @out; HIP_MAX_LEN is always enough
 * @pkt: HIP header, with at least @mac_off octets behind it
 * @mac_off: offset of the MAC parameter from the HIP header
 * @host_id_tlv: HIP_MAC_2: HOST_ID of the Responder as it was in the R1, with
 *	Type, Length and padding; NULL for the others
 * @host_id_len: octets at @host_id_tlv, a multiple of 8
 *
 * Any context.  RFC 7401, section 6.4.1; RFC 8004, section 4.2.1.
 *
 * Return: octets written, -EINVAL for a length that is no multiple of 8,
 * -EMSGSIZE if the Header Length cannot say it, -ENOSPC if @size is too small.
 */
ssize_t hip_mac_input(u8 *out, size_t size, const void *pkt, size_t mac_off,
		      const void *host_id_tlv, size_t host_id_len)
{
	size_t total = mac_off + host_id_len;
	int err;

	err = hip_coverage(out, size, pkt, mac_off, total);
	if (err)
		return err;
	if (host_id_len)
		memcpy(out + mac_off, host_id_tlv, host_id_len);
	return total;
}

/**
 * hip_signature_input() - what HIP_SIGNATURE covers
 * @out: where the octets go; the caller's
 * @size: octets available at @out; HIP_MAX_LEN is always enough
 * @pkt: HIP header, with at least @sig_off octets behind it
 * @sig_off: offset of HIP_SIGNATURE from the HIP header
 *
 * Any context.  RFC 7401, section 6.4.2.
 *
 * Return: octets written, or an error as from hip_mac_input().
 */
ssize_t hip_signature_input(u8 *out, size_t size, const void *pkt,
			    size_t sig_off)
{
	int err = hip_coverage(out, size, pkt, sig_off, sig_off);

	return err ?: (ssize_t)sig_off;
}

/**
 * hip_signature2_input() - what HIP_SIGNATURE_2 covers
 * @out: where the octets go; the caller's
 * @size: octets available at @out; HIP_MAX_LEN is always enough
 * @pkt: HIP header of an R1, with at least @sig_off octets behind it
 * @sig_off: offset of HIP_SIGNATURE_2 from the HIP header
 *
 * Any context.  RFC 7401, section 5.2.15: the Receiver's HIT and the Opaque
 * and I fields of PUZZLE count as zero, so that an R1 can be signed before
 * the Initiator is known.
 *
 * Return: octets written, or an error as from hip_mac_input().
 */
ssize_t hip_signature2_input(u8 *out, size_t size, const void *pkt,
			     size_t sig_off)
{
	struct hip_hdr *hdr = (struct hip_hdr *)out;
	size_t offset = HIP_HDR_LEN;
	unsigned int len;
	u16 type;
	int err;

	err = hip_coverage(out, size, pkt, sig_off, sig_off);
	if (err)
		return err;
	memset(hdr->receiver_hit, 0, HIP_HIT_LEN);

	while (offset < sig_off) {
		type = hip_load_be16(out + offset);
		len = hip_load_be16(out + offset + 2);
		if (HIP_TLV_SIZE(len) > sig_off - offset)
			return -EINVAL;
		/* K and Lifetime, the first two octets, stay */
		if (type == HIP_PARAM_PUZZLE && len > 2)
			memset(out + offset + HIP_TLV_HDR_LEN + 2, 0, len - 2);
		offset += HIP_TLV_SIZE(len);
	}
	return sig_off;
}

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
