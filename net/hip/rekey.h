/* SPDX-License-Identifier: GPL-2.0 */
/*
 * New SAs for an association: RFC 7402, sections 6.8 to 6.10.
 */
#ifndef _HIP_REKEY_H
#define _HIP_REKEY_H

#include <linux/types.h>

#include "keymat.h"
#include "upcall.h"

struct hip_assoc;
struct hip_bex;
struct hip_builder;
struct hip_dh;
struct hip_msg;
struct hip_sa;

/**
 * struct hip_dh_state - what a rekey with a new Diffie-Hellman key starts from
 * @group: DH group; both sides keep to it
 * @rhash_len: octets of #I and of #J
 * @private_len: octets of our private key
 * @peer_len: octets of the peer's public value
 * @data: #I, #J, our private key, the peer's public value
 *
 * Secret.  #I and #J are those of the base exchange for the life of the
 * association; the keys are the last ones, as one side may keep its own (RFC
 * 7402, section 6.10 step 1).
 */
struct hip_dh_state {
	u8 group;
	u8 rhash_len;
	u16 private_len;
	u16 peer_len;
	u8 data[];
};

/**
 * struct hip_rekey - a rekey that is under way
 * @dh: our UPDATE has a new Diffie-Hellman key
 * @answer: our UPDATE answers one of the peer, and acknowledges it
 * @acked: the peer has acknowledged our UPDATE
 * @received: the peer's UPDATE is in, and @sa_in and @sa_out are made from it
 * @index: KEYMAT Index that we asked for
 * @peer_index: that which the peer asked for
 * @spi_in: our new SPI
 * @spi_out: the peer's new SPI
 * @peer_dh_len: octets of @peer_dh; 0: the peer keeps its key
 * @peer_dh: public value of the peer
 * @key: our new key pair, with @dh
 * @keymat: what @keys were drawn from
 * @keys: of the new SAs
 * @dh_state: what a later rekey starts from, if one of the sides has a new key
 * @sa_in: receives already, as the peer may be done before us
 * @sa_out: waits until the peer is known to receive with it
 *
 * Secret.  Protected by hip_assoc::mutex.
 */
struct hip_rekey {
	bool dh;
	bool answer;
	bool acked;
	bool received;
	u16 index;
	u16 peer_index;
	__be32 spi_in;
	__be32 spi_out;
	u16 peer_dh_len;
	u8 peer_dh[HIP_DH_PUBLIC_MAX];
	struct hip_dh_key key;
	struct hip_keymat keymat;
	struct hip_keys keys;
	struct hip_dh_state *dh_state;
	struct hip_sa *sa_in;
	struct hip_sa *sa_out;
};

struct hip_dh_state *hip_dh_state_make(const struct hip_bex *bex);
void hip_dh_state_free(struct hip_dh_state *state);

/* With assoc->mutex held */
int hip_rekey_begin(struct hip_assoc *assoc, bool dh);
int hip_rekey_received(struct hip_assoc *assoc, const struct hip_msg *msg);
bool hip_rekey_finish(struct hip_assoc *assoc);
bool hip_rekey_data(struct hip_assoc *assoc);
u32 hip_rekey_next(struct hip_assoc *assoc);
void hip_rekey_expire_old(struct hip_assoc *assoc);
void hip_rekey_abort(struct hip_assoc *assoc);
void hip_rekey_drop_old(struct hip_assoc *assoc);

/* What our UPDATE says, in TLV order around SEQ and ACK */
void hip_rekey_build_info(struct hip_builder *b, const struct hip_assoc *assoc);
void hip_rekey_build_dh(struct hip_builder *b, const struct hip_assoc *assoc);

#endif /* _HIP_REKEY_H */
