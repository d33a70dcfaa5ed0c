/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The base exchange: what its two sides share.
 */
#ifndef _HIP_BEX_H
#define _HIP_BEX_H

#include <linux/types.h>

#include "assoc.h"
#include "build.h"
#include "keymat.h"
#include "net.h"
#include "param.h"
#include "upcall.h"

struct hip_r1;

/**
 * struct hip_bex_offer - what we are willing to use with one peer
 * @esn: 64-bit sequence numbers
 * @n_hip_ciphers: used entries of @hip_ciphers
 * @n_esp_suites: used entries of @esp_suites
 * @hip_ciphers: HIP ciphers, best first
 * @esp_suites: ESP suites, best first
 */
struct hip_bex_offer {
	bool esn;
	u8 n_hip_ciphers;
	u8 n_esp_suites;
	u16 hip_ciphers[HIP_CONFIG_LIST_MAX];
	u16 esp_suites[HIP_CONFIG_LIST_MAX];
};

/**
 * struct hip_bex - an R1 or I2 that is being worked on
 * @offer: what we are willing to use
 * @rhash_suite: HIT suite of the Responder
 * @rhash_len: octets of #I and #J
 * @dh_group: the DH group
 * @hip_cipher: the HIP cipher
 * @esp_suite: the ESP suite
 * @anonymous: the peer says that its Host Identity is anonymous
 * @spi_in: the SPI that we have chosen
 * @spi_out: the SPI that the peer has chosen, 0: not known yet
 * @host_id: the peer's HOST_ID, in the packet or in @text
 * @i: #I
 * @j: #J
 * @dh: Initiator: our key pair
 * @own_dh: the key pair that was used: @dh, or that of @r1
 * @peer_dh: the peer's public value, in the packet
 * @r1: Responder: the R1 that the I2 answers; with a reference
 * @r1_msg: Responder: that R1, parsed
 * @hash: Responder: of the I2, see hip_auth_hash()
 * @kij: Diffie-Hellman shared secret
 * @keymat: derived from it
 * @keys: drawn from that
 * @b: builds @pkt
 * @pkt: the answer
 * @text: Initiator: ciphertext of our ENCRYPTED; Responder: plaintext of the
 *	peer's
 *
 * Everything that an exchange computes is kept here until all checks are
 * passed, so that a packet that fails one leaves no trace in the association.
 * Secret: freed with hip_bex_free().
 */
struct hip_bex {
	struct hip_bex_offer offer;
	u8 rhash_suite;
	u8 rhash_len;
	u8 dh_group;
	u16 hip_cipher;
	u16 esp_suite;
	bool anonymous;
	__be32 spi_in;
	__be32 spi_out;
	struct hip_host_id host_id;
	u8 i[HIP_RHASH_LEN_MAX];
	u8 j[HIP_RHASH_LEN_MAX];
	struct hip_dh_key dh;
	const struct hip_dh_key *own_dh;
	struct hip_dh peer_dh;
	struct hip_r1 *r1;
	struct hip_msg r1_msg;
	u8 hash[HIP_PACKET_HASH_LEN];
	u8 kij[HIP_DH_SECRET_MAX];
	struct hip_keymat keymat;
	struct hip_keys keys;
	struct hip_builder b;
	u8 pkt[HIP_PACKET_MAX];
	u8 text[HIP_PACKET_MAX];
};

/* bex.c; with assoc->mutex held */
struct hip_bex *hip_bex_alloc(struct hip_assoc *assoc, u8 rhash_suite);
void hip_bex_free(struct hip_bex *bex);
int hip_bex_derive(struct hip_assoc *assoc, struct hip_bex *bex,
		   const struct hip_dh_key *dh, const struct hip_dh *peer_dh);
int hip_bex_check_host_id(struct hip_assoc *assoc,
			  const struct hip_host_id *host_id);
int hip_bex_check_signature(struct hip_assoc *assoc, const struct hip_msg *msg,
			    u16 type, const struct hip_host_id *host_id);
int hip_bex_check_esp_info(struct hip_assoc *assoc, const struct hip_msg *msg,
			   u16 keymat_index, __be32 *spi);
int hip_bex_commit(struct hip_assoc *assoc, const struct hip_bex *bex,
		   bool initiator);
void hip_bex_doom(struct hip_assoc *assoc, u8 reason);
void hip_bex_upcall_failed(struct hip_assoc *assoc, int err);
void hip_bex_forget_peer(struct hip_assoc *assoc);

/* bex_initiator.c; with the mutexes of both held */
void hip_bex_adopt(struct hip_assoc *assoc, const struct hip_assoc *opp);

#endif /* _HIP_BEX_H */
