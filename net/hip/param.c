// SPDX-License-Identifier: GPL-2.0
/*
 * What do the parameters of a HIP packet say?
 *
 * All take a struct hip_msg, so the lengths have been checked by
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

/* The ids of a list, as they lie in a packet */
struct hip_list {
	u16 type;
	const u8 *ids;
	unsigned int n;
};

static void hip_list_find(const struct hip_msg *msg, u16 type,
			  struct hip_list *list)
{
	unsigned int skip = 0, max = UINT_MAX;
	struct hip_param p;

	list->type = type;
	list->n = 0;
	if (!hip_msg_first(msg, type, &p))
		return;

	switch (type) {
	case HIP_PARAM_DH_GROUP_LIST:
	case HIP_PARAM_HIT_SUITE_LIST:
		list->ids = p.data;
		list->n = p.len;
		return;
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
	list->ids = p.data + skip;
	list->n = min((p.len - skip) / 2, max);
}

static int hip_list_id(const struct hip_list *list, unsigned int n)
{
	if (n >= list->n)
		return -ENOENT;

	switch (list->type) {
	case HIP_PARAM_DH_GROUP_LIST:
		return list->ids[n];
	case HIP_PARAM_HIT_SUITE_LIST:
		return list->ids[n] >> HIP_HIT_SUITE_SHIFT;
	default:
		return hip_load_be16(list->ids + 2 * n);
	}
}

/**
 * hip_get_list() - read one entry of a list of groups or suites
 * @msg: parsed packet
 * @type: DH_GROUP_LIST or HIT_SUITE_LIST, whose ids are octets, or HIP_CIPHER,
 *	TRANSPORT_FORMAT_LIST, ESP_TRANSFORM or NAT_TRAVERSAL_MODE
 * @n: which entry, from 0
 *
 * Any context.  RFC 7401, sections 5.2.6, 5.2.8, 5.2.10 and 5.2.11, RFC 7402,
 * section 5.1.2, RFC 9028, section 5.4.  Only the first six of HIP_CIPHER and
 * NAT_TRAVERSAL_MODE count.
 *
 * Return: the id, -ENOENT behind the last one or without a list.
 */
int hip_get_list(const struct hip_msg *msg, u16 type, unsigned int n)
{
	struct hip_list list;

	hip_list_find(msg, type, &list);
	return hip_list_id(&list, n);
}

/**
 * hip_offers() - is an id in one of the peer's lists?
 * @msg: parsed packet
 * @type: a list that hip_get_list() reads
 * @id: what to look for
 *
 * Any context.
 *
 * Return: true if so.
 */
bool hip_offers(const struct hip_msg *msg, u16 type, u16 id)
{
	struct hip_list list;
	unsigned int n;

	hip_list_find(msg, type, &list);
	for (n = 0; n < list.n; n++)
		if (hip_list_id(&list, n) == id)
			return true;
	return false;
}

/**
 * hip_choose() - first id in our order of preference that the peer has, too
 * @msg: parsed packet with the peer's list
 * @type: a list that hip_get_list() reads
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
 * @type: a list that hip_get_list() reads
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
 * @type: a list that hip_get_list() reads
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
	struct hip_list list;
	unsigned int i, n;

	hip_list_find(msg, type, &list);
	for (n = 0; n < list.n; n++)
		for (i = 0; i < n_ours; i++)
			if (hip_list_id(&list, n) == ours[i])
				return ours[i];
	return -ENOENT;
}
