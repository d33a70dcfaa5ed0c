// SPDX-License-Identifier: GPL-2.0
/*
 * Which octets do a MAC and a signature cover? RFC 7401, sections 6.4.1 and 6.4.2.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>

#include "covered.h"
#include "wire.h"

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
