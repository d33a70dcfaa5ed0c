/* SPDX-License-Identifier: GPL-2.0 */
/*
 * HIP associations: what two Host Identities know of each other.
 */
#ifndef _HIP_ASSOC_H
#define _HIP_ASSOC_H

#include <linux/in6.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/rhashtable.h>
#include <linux/skbuff.h>
#include <linux/workqueue.h>

#include <hip/hip_wire.h>
#include <uapi/linux/hip.h>

#include "hit.h"
#include "keymat.h"
#include "net.h"
#include "sa.h"
#include "upcall_queue.h"
#include "update_window.h"

struct hip_dh_state;
struct hip_identity;
struct hip_net;
struct hip_rekey;

/* Longest I2 or CLOSE that we keep for retransmission, RFC 7401 5.1 */
#define HIP_PACKET_MAX		2048

/* Control packets that wait for the worker of one association */
#define HIP_ASSOC_CTRL_MAX	8

/* Octets that our CLOSE asks to be echoed */
#define HIP_CLOSE_ECHO_LEN	16

/* How often an idle association looks at its lifetime at least, milliseconds */
#define HIP_ASSOC_UAL_CHECK	60000

/* A peer that was heard of so recently is there, whatever ICMP says; and how often
 * it is asked at most
 */
#define HIP_ASSOC_DOUBT_AFTER	(10 * HZ)
#define HIP_ASSOC_DOUBT_EVERY	(60 * HZ)

/* SHA-256 of a packet, by which a retransmission is recognised */
#define HIP_PACKET_HASH_LEN	32

/**
 * struct hip_assoc_key - how an association is found, RFC 7401 6 (one per pair)
 * @local: HIT of the local identity
 * @peer: HIT of the peer
 */
struct hip_assoc_key {
	struct in6_addr local;
	struct in6_addr peer;
};

/* What the data path and user space want of the worker: bits of
 * hip_assoc::wanted
 */
enum hip_assoc_wanted {
	HIP_ASSOC_WANT_START,	/* data is queued: start an exchange */
	HIP_ASSOC_WANT_DATA,	/* data was received: leave R2-SENT */
	HIP_ASSOC_WANT_CLOSE,	/* the administrator asks for CLOSE */
	HIP_ASSOC_WANT_REKEY,	/* new SAs are due */
	HIP_ASSOC_WANT_REKEY_DH,	/* the same, with a new Diffie-Hellman key */
};

/**
 * struct hip_assoc - one HIP association
 * @node: in hip_net::assocs
 * @key: constant; the peer's locator in the place of its HIT as long as that is
 *	not known, see opportunistic.c
 * @hn: the namespace; outlives the association
 * @refcnt: one for the table, one for each holder
 * @rcu: readers of the data path hold no reference
 * @identity: the local identity; referenced, constant
 * @created: jiffies (64 bit); constant
 * @mutex: protects all below up to the data-path part; process context; may be
 *	held across upcalls (an upcall on behalf of a dying association is
 *	cancelled, see hip_assoc_kill())
 * @lock: what is marked (L) is written under both @mutex and this and may be
 *	read under either, so that nobody who wants to show an association has
 *	to wait for hipd
 * @state: enum hip_state (L); also read locklessly
 * @reason: enum hip_reason of the last change of @state (L)
 * @initiator: we sent the I1 that led here (L)
 * @esn: 64-bit sequence numbers (RFC 7402 3.3.6); off only by peer knob (L)
 * @peer_anonymous: the peer's Host Identity is anonymous (L)
 * @rhash_suite: HIT suite of the Responder: the RHASH of this association (L)
 * @dh_group: negotiated DH group (L)
 * @hip_cipher: negotiated HIP cipher (L)
 * @esp_suite: negotiated ESP suite (L)
 * @peer_locator: where control packets go (IPv4-mapped for IPv4); any until
 *	known (L)
 * @local_locator: the address that we answer from; any: routing chooses (L)
 * @keys: the keys drawn at the exchange (L)
 * @have_keys: @keys and @keymat mean something (L)
 * @spi_in: SPI of our inbound SA, chosen when our I2 or R2 is built (L)
 * @spi_out: the peer's SPI (L)
 * @established: jiffies (64 bit) when ESTABLISHED was reached, or 0 (L)
 * @dead: no longer in the table; set once, without @mutex
 * @death_reason: enum hip_reason, set before @dead
 * @half_open: counted in hip_net::n_half_open
 * @i1_outstanding: an I1 was sent and an R1 may be answered; always so in
 *	I1-SENT, and possible in CLOSED (RFC 7401 4.4.3, Table 8)
 * @i1_dh_groups: the DH_GROUP_LIST of the I1, which a repeated one has as well
 *	and the choice of the R1 is judged by
 * @n_i1_dh_groups: used entries of @i1_dh_groups
 * @learn: the peer's HIT was not known when the exchange began, and is to be kept
 *	when it is complete
 * @hint: enum hip_reason: what an unauthenticated NOTIFY or ICMP said; written
 *	locklessly
 * @doomed: enum hip_reason: what an authenticated R1 or NOTIFY said that makes
 *	success unlikely; the exchange ends at the next time-out
 * @again: in I2-SENT: the Responder is busy, the next time-out starts over
 * @busy: how often that was so, in this exchange
 * @upcalls: requests to hipd on its behalf
 * @timer: retransmission and life-time timer; runs on hip_net::wq and holds a
 *	reference while it is pending
 * @armed: @timer is wanted; a run without it is stale
 * @expires: jiffies when @timer is due; a run before that is stale too
 * @tries: transmissions so far
 * @timeout: the current retransmission time-out, milliseconds
 * @closed: jiffies when CLOSING or CLOSED was reached
 * @locator_next: which of the peer's configured locators is tried next
 * @last_error: negative errno that ended the last exchange, for E-FAILED
 * @retx: the I2, CLOSE or CLOSE_ACK that may have to be sent again, without
 *	checksum; kmalloc
 * @retx_len: its length in octets; 0: nothing (an I1 is built anew)
 * @r1_counter: of the peer's R1s: the largest seen, RFC 7401 4.1.4
 * @r1_counter_valid: @r1_counter means something
 * @keymat: for later rekeying
 * @dh_state: the same with Diffie-Hellman keys; kmalloc
 * @rekey: the rekey that is under way, or NULL
 * @update_id: of our UPDATE that is under way, or of the next one
 * @peer_update_id: of the UPDATE of the peer that was processed last
 * @peer_updates: those that were processed
 * @answered: when an UPDATE that came again was answered; jiffies
 * @answered_old: when one that was not the last was answered anew; jiffies
 * @keyed: when the keys of ESP were made; jiffies64
 * @ack: the last ACK alone that we sent, to be sent again; kmalloc
 * @ack_id: what it acknowledges
 * @ack_len: its length in octets
 * @peer_hi_alg: HI algorithm of @peer_hi
 * @peer_hi_len: octets of @peer_hi
 * @peer_host_id: the peer's HOST_ID TLV as received (HIP_MAC_2); kmalloc
 * @peer_host_id_len: octets of @peer_host_id
 * @peer_hi: the peer's verified Host Identity (HI field), inside @peer_host_id
 * @i2_hash: of the I2 that made this association: a retransmitted I2 gets the
 *	same R2 again and nothing is derived twice
 * @r2: the R2 that answered it, without checksum; kmalloc
 * @r2_len: its length in octets; 0: we were not the Responder
 * @close_hash: of the last CLOSE that @retx answers, in CLOSED
 * @close_echo: what our CLOSE asked to be echoed
 * @close_sent: @close_echo means something
 * @sa_in: inbound SA; RCU for readers, written under @mutex
 * @sa_out: outbound SA; RCU for readers, written under @mutex and @queue.lock
 * @sa_in_old: inbound SA before the last rekey, until its successor has received
 *	data; under @mutex
 * @rekeying: the first data by an inbound SA is news; written under @mutex
 * @sa_out_ready: outbound SA that becomes @sa_out when the queue is empty;
 *	under @mutex
 * @queue: data packets that wait for @sa_out; its own lock
 * @queue_closed: @queue takes nothing any more; under @queue.lock
 * @wanted: bits of enum hip_assoc_wanted; atomic
 * @ctrl_lock: protects @ctrl_queue and @ctrl_queued
 * @ctrl_queue: received control packets
 * @ctrl_queued: how many
 * @ctrl_work: works through @wanted and @ctrl_queue; runs on hip_net::wq and
 *	holds a reference while it is pending
 * @last_tx: jiffies of the last data packet sent, approximately; lockless
 * @last_rx: jiffies of the last data packet received, approximately; lockless
 * @doubted: when hip_assoc_doubt() asked the peer last; jiffies; cmpxchg()
 */
struct hip_assoc {
	struct rhash_head node;
	struct hip_assoc_key key;
	struct hip_net *hn;
	refcount_t refcnt;
	struct rcu_head rcu;
	struct hip_identity *identity;
	u64 created;

	struct mutex mutex;	/* see above */
	spinlock_t lock;	/* see above */
	u8 state;
	u8 reason;
	bool initiator;
	bool esn;
	bool peer_anonymous;
	u8 rhash_suite;
	u8 dh_group;
	u16 hip_cipher;
	u16 esp_suite;
	struct in6_addr peer_locator;
	struct in6_addr local_locator;
	struct hip_keys keys;
	bool have_keys;
	__be32 spi_in;
	__be32 spi_out;
	u64 established;

	bool dead;
	u8 death_reason;
	bool half_open;
	bool i1_outstanding;
	u8 i1_dh_groups[HIP_CONFIG_LIST_MAX];
	u8 n_i1_dh_groups;
	bool learn;
	u8 hint;
	u8 doomed;
	bool again;
	u8 busy;
	struct hip_upcall_owner upcalls;
	struct delayed_work timer;
	bool armed;
	unsigned long expires;
	unsigned int tries;
	unsigned int timeout;
	unsigned long closed;
	unsigned int locator_next;
	int last_error;
	u8 *retx;
	u16 retx_len;
	u64 r1_counter;
	bool r1_counter_valid;
	struct hip_keymat keymat;
	struct hip_dh_state *dh_state;
	struct hip_rekey *rekey;
	u32 update_id;
	u32 peer_update_id;
	struct hip_update_window peer_updates;
	unsigned long answered;
	unsigned long answered_old;
	u64 keyed;
	u8 *ack;
	u32 ack_id;
	u16 ack_len;
	u16 peer_hi_alg;
	u16 peer_hi_len;
	u8 *peer_host_id;
	u16 peer_host_id_len;
	const u8 *peer_hi;
	u8 i2_hash[HIP_PACKET_HASH_LEN];
	u8 *r2;
	u16 r2_len;
	u8 close_hash[HIP_PACKET_HASH_LEN];
	u8 close_echo[HIP_CLOSE_ECHO_LEN];
	bool close_sent;

	struct hip_sa __rcu *sa_in;
	struct hip_sa __rcu *sa_out;
	struct hip_sa *sa_in_old;
	bool rekeying;
	struct hip_sa *sa_out_ready;
	struct sk_buff_head queue;
	bool queue_closed;
	unsigned long wanted;
	spinlock_t ctrl_lock;	/* protects ctrl_queue and ctrl_queued */
	struct list_head ctrl_queue;
	unsigned int ctrl_queued;
	struct work_struct ctrl_work;
	unsigned long last_tx;
	unsigned long last_rx;
	unsigned long doubted;
};

/**
 * struct hip_assoc_info - what netlink shows of an association
 * @local: HIT of the local identity
 * @peer: HIT of the peer
 * @local_locator: our locator, any if routing chooses
 * @peer_locator: the peer's locator, any if not known yet
 * @state: enum hip_state
 * @reason: enum hip_reason of the last change of state
 * @initiator: we began the exchange
 * @negotiated: the following are known
 * @esn: 64-bit sequence numbers
 * @peer_anonymous: the peer's Host Identity is anonymous
 * @rhash_suite: HIT suite whose RHASH is used
 * @dh_group: DH group
 * @hip_cipher: HIP cipher
 * @esp_suite: ESP suite
 * @have_in: @in means something
 * @have_out: @out means something
 * @in: inbound SA
 * @out: outbound SA
 * @age_ms: since the association was created, or ESTABLISHED was reached
 * @idle_ms: since the last data packet either way
 * @queued: data packets that wait
 */
struct hip_assoc_info {
	struct in6_addr local;
	struct in6_addr peer;
	struct in6_addr local_locator;
	struct in6_addr peer_locator;
	u8 state;
	u8 reason;
	bool initiator;
	bool negotiated;
	bool esn;
	bool peer_anonymous;
	u8 rhash_suite;
	u8 dh_group;
	u16 hip_cipher;
	u16 esp_suite;
	bool have_in;
	bool have_out;
	struct hip_sa_info in;
	struct hip_sa_info out;
	u64 age_ms;
	u64 idle_ms;
	u32 queued;
};

/**
 * struct hip_assoc_keys - what a packet analyser needs; secret
 * @esp_suite: ESP suite
 * @hip_cipher: HIP cipher
 * @rhash_suite: HIT suite whose RHASH is used
 * @esn: 64-bit sequence numbers
 * @spi_in: SPI of the inbound SA
 * @spi_out: SPI of the outbound SA
 * @local_locator: our locator, any if routing chooses
 * @peer_locator: the peer's locator
 * @keys: from our point of view; hip_keys_wipe() after use
 */
struct hip_assoc_keys {
	u16 esp_suite;
	u16 hip_cipher;
	u8 rhash_suite;
	bool esn;
	__be32 spi_in;
	__be32 spi_out;
	struct in6_addr local_locator;
	struct in6_addr peer_locator;
	struct hip_keys keys;
};

/**
 * struct hip_assoc_iter - a walk over all associations of a namespace
 * @rhti: where we are
 * @interrupted: the table was resized meanwhile, so that some associations may
 *	come twice (NLM_F_DUMP_INTR)
 */
struct hip_assoc_iter {
	struct rhashtable_iter rhti;
	bool interrupted;
};

int hip_assoc_init(void);
void hip_assoc_exit(void);
int hip_assoc_net_init(struct hip_net *hn);
void hip_assoc_net_exit(struct hip_net *hn);

/**
 * hip_assoc_is_opportunistic() - is the peer's HIT not known yet?
 * @assoc: association
 *
 * Any context.  See opportunistic.c.
 *
 * Return: true if so.
 */
static inline bool hip_assoc_is_opportunistic(const struct hip_assoc *assoc)
{
	return !hip_is_hit(&assoc->key.peer);
}

/* RCU; no reference */
struct hip_assoc *hip_assoc_lookup(struct hip_net *hn,
				   const struct in6_addr *local,
				   const struct in6_addr *peer);
/* any context; takes a reference; NULL if there is none */
struct hip_assoc *hip_assoc_find(struct hip_net *hn,
				 const struct in6_addr *local,
				 const struct in6_addr *peer);
/* any context; takes a reference; never NULL, but ERR_PTR: -EADDRNOTAVAIL no
 * such identity, -ENOSPC a limit was reached (counted by the caller), -ENOMEM,
 * -ESHUTDOWN
 */
struct hip_assoc *hip_assoc_find_or_create(struct hip_net *hn,
					   const struct in6_addr *local,
					   const struct in6_addr *peer,
					   gfp_t gfp);
void hip_assoc_put(struct hip_assoc *assoc);
/* process context, @assoc->mutex may be held; the rest is for hip_net::wq */
void hip_assoc_kill(struct hip_assoc *assoc, u8 reason);
void hip_assoc_kill_identity(struct hip_net *hn, const struct in6_addr *hit);

/* For netlink: none of these waits for hipd */
int hip_assoc_close(struct hip_assoc *assoc, bool force);
int hip_assoc_rekey(struct hip_assoc *assoc, bool dh);
void hip_assoc_get_info(struct hip_assoc *assoc, struct hip_assoc_info *info);
int hip_assoc_get_keys(struct hip_assoc *assoc, struct hip_assoc_keys *keys);
void hip_assoc_iter_init(struct hip_net *hn, struct hip_assoc_iter *it);
/* takes a reference; NULL at the end; process context */
struct hip_assoc *hip_assoc_iter_next(struct hip_assoc_iter *it);
void hip_assoc_iter_exit(struct hip_assoc_iter *it);

/* With assoc->mutex held, process context */
void hip_assoc_set_state(struct hip_assoc *assoc, enum hip_state state,
			 u8 reason);
void hip_assoc_set_locators(struct hip_assoc *assoc,
			    const struct in6_addr *local,
			    const struct in6_addr *peer);
void hip_assoc_arm(struct hip_assoc *assoc, unsigned int msecs);
void hip_assoc_watch(struct hip_assoc *assoc);
void hip_assoc_disarm(struct hip_assoc *assoc);
struct hip_sa *hip_assoc_sa_create(struct hip_assoc *assoc, __be32 spi,
				   const struct hip_keys *keys, bool inbound);
int hip_assoc_install_in(struct hip_assoc *assoc);
int hip_assoc_install_out(struct hip_assoc *assoc);
void hip_assoc_start_data(struct hip_assoc *assoc);
void hip_assoc_drop_sas(struct hip_assoc *assoc);
void hip_assoc_fail(struct hip_assoc *assoc, int err, u8 reason);
void hip_assoc_reject_queue(struct hip_assoc *assoc, int err);
void hip_assoc_close_queue(struct hip_assoc *assoc);
void hip_assoc_restart_data(struct hip_assoc *assoc);
void hip_assoc_end(struct hip_assoc *assoc);
void hip_assoc_kill_unused(struct hip_assoc *assoc);
void hip_assoc_wipe_keys(struct hip_assoc *assoc);
int hip_assoc_store(struct hip_assoc *assoc, const void *pkt, size_t len);

/* Any context; an unauthenticated hint that the exchange will fail */
void hip_assoc_hint(struct hip_assoc *assoc, u8 reason);

void hip_assoc_want(struct hip_assoc *assoc, enum hip_assoc_wanted bit);

/* Called by the data path, any context, under RCU */
bool hip_assoc_output_pending(struct hip_assoc *assoc, struct sk_buff *skb);
void hip_assoc_first_data(struct hip_assoc *assoc);
void hip_assoc_rekey_due(struct hip_assoc *assoc);
void hip_assoc_doubt(struct hip_assoc *assoc);

#endif /* _HIP_ASSOC_H */
