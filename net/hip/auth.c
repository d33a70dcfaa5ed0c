// SPDX-License-Identifier: GPL-2.0
/*
 * How is a control packet signed and MACed, and how is that verified?
 *
 * MACs are computed here, signatures by hipd.
 */
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/uio.h>

#include "assoc.h"
#include "auth.h"
#include "covered.h"
#include "crypto.h"
#include "hit.h"
#include "identity.h"
#include "net.h"
#include "stats.h"
#include "upcall.h"

/**
 * hip_auth_add_mac() - append HIP_MAC or HIP_MAC_2
 * @b: packet, with all parameters that the MAC covers
 * @type: HIP_PARAM_HIP_MAC or HIP_PARAM_HIP_MAC_2
 * @rhash_suite: HIT suite of the Responder
 * @keys: keys of the association
 * @host_id: HIP_MAC_2: HOST_ID TLV of the Responder as in its R1; else NULL
 * @host_id_len: octets of @host_id
 *
 * Process context.  RFC 7401, sections 5.2.12, 5.2.13 and 6.4.1.  An error
 * sticks to @b.
 */
void hip_auth_add_mac(struct hip_builder *b, u16 type, u8 rhash_suite,
		      const struct hip_keys *keys, const u8 *host_id,
		      size_t host_id_len)
{
	size_t mac_off = b->len;
	struct kvec vec;
	ssize_t len;
	u8 *scratch;
	u8 *mac;

	mac = hip_build_mac(b, type, hip_rhash_len(rhash_suite));
	if (!mac)
		return;

	scratch = kmalloc(HIP_MAX_LEN, GFP_KERNEL);
	if (!scratch) {
		b->err = -ENOMEM;
		return;
	}
	len = hip_mac_input(scratch, HIP_MAX_LEN, b->buf, mac_off, host_id,
			    host_id_len);
	if (len >= 0) {
		vec.iov_base = scratch;
		vec.iov_len = len;
		len = hip_hmac(rhash_suite, keys->hip_mac_out,
			       keys->hip_mac_len, mac, &vec, 1);
	}
	if (len < 0)
		b->err = len;
	kfree(scratch);
}

/**
 * hip_auth_add_signature() - append HIP_SIGNATURE
 * @assoc: association, whose local identity signs; its mutex is held
 * @b: packet, with all parameters that the signature covers
 *
 * Process context; sleeps until hipd has signed.  RFC 7401, sections 5.2.14 and
 * 6.4.2.
 *
 * Return: 0 or an error of upcall.h; -ENOMEM, also that of an earlier part of the
 * packet, is counted.
 */
int hip_auth_add_signature(struct hip_assoc *assoc, struct hip_builder *b)
{
	size_t sig_len = HIP_SIG_MAX;
	u8 *scratch;
	ssize_t len;
	u8 *sig;
	int err;

	if (b->err == -ENOMEM)
		goto err_nomem;
	if (b->err)
		return b->err;

	scratch = kmalloc(HIP_MAX_LEN + HIP_SIG_MAX, GFP_KERNEL);
	if (!scratch)
		goto err_nomem;
	sig = scratch + HIP_MAX_LEN;

	len = hip_signature_input(scratch, HIP_MAX_LEN, b->buf, b->len);
	if (len < 0) {
		err = len;
		goto out;
	}
	err = hip_upcall_sign(assoc->hn, &assoc->upcalls, &assoc->key.local,
			      scratch, len, sig, &sig_len);
	if (!err && READ_ONCE(assoc->dead))
		err = -ECANCELED;
	if (!err)
		hip_build_signature(b, HIP_PARAM_HIP_SIGNATURE,
				    assoc->identity->hi_alg, sig, sig_len);
out:
	kfree(scratch);
	return err;

err_nomem:
	HIP_INC_STATS(assoc->hn, CTRL_NOMEM);
	return -ENOMEM;
}

/**
 * hip_auth_check_mac() - verify HIP_MAC or HIP_MAC_2
 * @assoc: association; its mutex is held
 * @msg: parsed packet
 * @type: HIP_PARAM_HIP_MAC or HIP_PARAM_HIP_MAC_2
 * @rhash_suite: HIT suite of the Responder
 * @keys: keys of the association
 * @host_id: HIP_MAC_2: HOST_ID TLV of the Responder as in its R1; else NULL
 * @host_id_len: octets of @host_id
 *
 * Process context.  RFC 7401, section 6.4.1.
 *
 * Return: 0 if it is right, -EBADMSG if not, or another error if that could
 * not be found out.  -EBADMSG and -ENOMEM are counted.
 */
int hip_auth_check_mac(struct hip_assoc *assoc, const struct hip_msg *msg,
		       u16 type, u8 rhash_suite, const struct hip_keys *keys,
		       const u8 *host_id, size_t host_id_len)
{
	struct hip_param mac;
	u8 *scratch;
	ssize_t len;
	int err;

	if (hip_get_mac(msg, type, &mac)) {
		HIP_INC_STATS(assoc->hn, MAC_BAD);
		return -EBADMSG;
	}

	scratch = kmalloc(HIP_MAX_LEN, GFP_KERNEL);
	if (!scratch) {
		HIP_INC_STATS(assoc->hn, CTRL_NOMEM);
		return -ENOMEM;
	}

	len = hip_mac_input(scratch, HIP_MAX_LEN, msg->data,
			    mac.tlv - msg->data, host_id, host_id_len);
	if (len < 0)
		err = -EBADMSG;
	else
		err = hip_mac_verify(rhash_suite, keys->hip_mac_in,
				     keys->hip_mac_len, scratch, len,
				     mac.data, mac.len);
	kfree(scratch);

	if (err == -EBADMSG)
		HIP_INC_STATS(assoc->hn, MAC_BAD);
	return err;
}

/**
 * hip_auth_check_signature() - verify HIP_SIGNATURE or HIP_SIGNATURE_2
 * @assoc: association; its mutex is held
 * @msg: parsed packet
 * @type: HIP_PARAM_HIP_SIGNATURE or HIP_PARAM_HIP_SIGNATURE_2
 * @signer: whose signature it should be
 *
 * Process context; sleeps until hipd has verified.  RFC 7401, sections 5.2.14,
 * 5.2.15 and 6.4.2.
 *
 * Return: 0 if it is right, -EKEYREJECTED if not, or another error of upcall.h if
 * that could not be found out.  -EKEYREJECTED and -ENOMEM are counted.
 */
int hip_auth_check_signature(struct hip_assoc *assoc,
			     const struct hip_msg *msg, u16 type,
			     const struct hip_signer *signer)
{
	struct hip_signature sig;
	struct hip_param p;
	u8 *scratch;
	ssize_t len;
	int err;

	if (!hip_msg_first(msg, type, &p) ||
	    hip_get_signature(msg, type, &sig) ||
	    sig.algorithm != signer->hi_alg) {
		HIP_INC_STATS(assoc->hn, SIG_BAD);
		return -EKEYREJECTED;
	}

	scratch = kmalloc(HIP_MAX_LEN, GFP_KERNEL);
	if (!scratch) {
		HIP_INC_STATS(assoc->hn, CTRL_NOMEM);
		return -ENOMEM;
	}

	if (type == HIP_PARAM_HIP_SIGNATURE_2)
		len = hip_signature2_input(scratch, HIP_MAX_LEN, msg->data,
					   p.tlv - msg->data);
	else
		len = hip_signature_input(scratch, HIP_MAX_LEN, msg->data,
					  p.tlv - msg->data);
	if (len < 0)
		err = -EKEYREJECTED;
	else
		err = hip_upcall_verify(assoc->hn, &assoc->upcalls,
					signer->hi_alg, signer->hit_suite,
					signer->hi, signer->hi_len, scratch,
					len, sig.sig, sig.len);
	kfree(scratch);

	if (err == -EKEYREJECTED)
		HIP_INC_STATS(assoc->hn, SIG_BAD);
	else if (!err && READ_ONCE(assoc->dead))
		err = -ECANCELED;
	return err;
}

/**
 * hip_auth_check_peer_signature() - verify HIP_SIGNATURE of an association
 * @assoc: association that knows its peer's Host Identity; its mutex is held
 * @msg: parsed packet
 *
 * Process context; sleeps until hipd has verified.
 *
 * Return: as hip_auth_check_signature().
 */
int hip_auth_check_peer_signature(struct hip_assoc *assoc,
				  const struct hip_msg *msg)
{
	struct hip_signer signer = {
		.hi_alg = assoc->peer_hi_alg,
		.hit_suite = hip_hit_suite(&assoc->key.peer),
		.hi_len = assoc->peer_hi_len,
		.hi = assoc->peer_hi,
	};

	return hip_auth_check_signature(assoc, msg, HIP_PARAM_HIP_SIGNATURE,
					&signer);
}

/**
 * hip_auth_hash() - by what a packet is recognised when it comes again
 * @msg: parsed packet with a HIP_SIGNATURE
 * @hash: set to HIP_PACKET_HASH_LEN octets
 *
 * Process context.  Of what the signature covers, and not of the signature:
 * anybody can make a second one out of an ECDSA signature, and the parameters
 * behind it and the checksum are nobody's.
 *
 * Return: 0, -EINVAL without a HIP_SIGNATURE, -ENOMEM, or an error of the
 * crypto API.
 */
int hip_auth_hash(const struct hip_msg *msg, u8 *hash)
{
	struct hip_param p;
	struct kvec vec;
	u8 *scratch;
	ssize_t len;
	int err;

	BUILD_BUG_ON(HIP_PACKET_HASH_LEN != 32);

	if (!hip_msg_first(msg, HIP_PARAM_HIP_SIGNATURE, &p))
		return -EINVAL;

	scratch = kmalloc(HIP_MAX_LEN, GFP_KERNEL);
	if (!scratch)
		return -ENOMEM;
	len = hip_signature_input(scratch, HIP_MAX_LEN, msg->data,
				  p.tlv - msg->data);
	if (len < 0) {
		err = len;
	} else {
		vec.iov_base = scratch;
		vec.iov_len = len;
		/* SHA-256, whatever RHASH is */
		err = hip_rhash(HIP_HIT_SUITE_RSA_DSA_SHA256, hash, &vec, 1);
	}
	kfree(scratch);
	return err;
}
