/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Security associations: what the data path knows, RFC 7402.
 */
#ifndef _HIP_SA_H
#define _HIP_SA_H

#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/in6.h>
#include <linux/llist.h>
#include <linux/percpu.h>
#include <linux/rhashtable-types.h>
#include <linux/types.h>
#include <linux/u64_stats_sync.h>
#include <net/dst_cache.h>

#include "esp_crypto.h"
#include "replay.h"
#include "seq.h"

struct hip_assoc;
struct hip_net;

/**
 * struct hip_sa_params - what an SA is made from
 * @inbound: we receive with it
 * @spi: Security Parameters Index, chosen by the receiver
 * @esp_suite: RFC 7402 5.1.2
 * @esn: the ICV covers 64-bit sequence numbers
 * @enc_key: encryption key (with salt for AEAD suites), length by suite
 * @auth_key: authentication key, length by suite
 * @outer_local: our locator, IPv4-mapped for IPv4; any: routing chooses
 * @outer_peer: the peer's locator
 * @assoc: the association, whose HITs are the inner addresses; the SA takes a
 *	reference
 */
struct hip_sa_params {
	bool inbound;
	__be32 spi;
	u16 esp_suite;
	bool esn;
	const u8 *enc_key;
	const u8 *auth_key;
	struct in6_addr outer_local;
	struct in6_addr outer_peer;
	struct hip_assoc *assoc;
};

/* Packets of one SA that an asynchronous cipher may hold */
#define HIP_SA_ASYNC_MAX	256

/**
 * struct hip_sa_stats - what one CPU did with an SA
 * @packets: inner packets
 * @bytes: their octets, inner headers included
 * @syncp: protects the two
 */
struct hip_sa_stats {
	u64_stats_t packets;
	u64_stats_t bytes;
	struct u64_stats_sync syncp;
};

/**
 * struct hip_sa - one direction of a security association
 * @node: inbound: in hip_net::sas; outbound: in hip_net::sas_out
 * @spi: constant; in network byte order
 * @inbound: we receive with it; constant
 * @hashed: it is in one of the tables; the owner's
 * @suite: ESP suite; constant
 * @cipher: with the key; constant
 * @hn: the namespace; outlives the SA
 * @assoc: the association; referenced
 * @outer_local: our locator, any: routing chooses; constant
 * @outer_peer: the peer's locator, IPv4-mapped for IPv4; constant
 * @dst_cache: outbound: route to @outer_peer, per CPU
 * @stats: per CPU
 * @first_data: inbound: nothing has come yet; xchg()
 * @async: packets that an asynchronous cipher holds; the SA is not freed before
 *	it is 0
 * @dead: in the list of those that wait for a grace period
 * @seq: outbound: the numbers of packets
 * @replay: inbound: the numbers received; an outbound SA ends before it
 *
 * An SA has one owner, the association, which says with hip_sa_destroy() that
 * it is over. Readers are under RCU; packets that leave the RCU section, with
 * an asynchronous cipher, are counted in @async.
 */
struct hip_sa {
	struct rhash_head node;
	__be32 spi;
	bool inbound;
	bool hashed;
	u16 suite;
	struct hip_esp_cipher cipher;
	struct hip_net *hn;
	struct hip_assoc *assoc;
	struct in6_addr outer_local;
	struct in6_addr outer_peer;
	struct dst_cache dst_cache;
	struct hip_sa_stats __percpu *stats;
	bool first_data;
	atomic_t async;
	struct llist_node dead;
	struct hip_seq seq ____cacheline_aligned_in_smp;
	struct hip_replay replay;
};

int hip_sa_init(void);
void hip_sa_exit(void);
int hip_sa_net_init(struct hip_net *hn);
void hip_sa_net_exit(struct hip_net *hn);

struct hip_sa *hip_sa_create(struct hip_net *hn, const struct hip_sa_params *p);
int hip_sa_insert(struct hip_net *hn, struct hip_sa *sa);
void hip_sa_destroy(struct hip_sa *sa);
__be32 hip_spi_alloc(struct hip_net *hn);

struct hip_sa *hip_sa_lookup(struct hip_net *hn, __be32 spi);
struct hip_sa *hip_sa_out_lookup(struct hip_net *hn, __be32 spi,
				 const struct in6_addr *outer_peer);

/**
 * hip_sa_count() - count packets of an SA
 * @sa: SA
 * @packets: inner packets
 * @bytes: their octets
 *
 * Context: BH disabled.
 */
static inline void hip_sa_count(struct hip_sa *sa, unsigned int packets,
				unsigned int bytes)
{
	struct hip_sa_stats *stats = this_cpu_ptr(sa->stats);

	u64_stats_update_begin(&stats->syncp);
	u64_stats_add(&stats->packets, packets);
	u64_stats_add(&stats->bytes, bytes);
	u64_stats_update_end(&stats->syncp);
}

/* Around a packet that leaves the RCU section with an asynchronous cipher */
static inline bool hip_sa_async_full(const struct hip_sa *sa)
{
	return atomic_read(&sa->async) >= HIP_SA_ASYNC_MAX;
}

static inline void hip_sa_async_get(struct hip_sa *sa)
{
	atomic_inc(&sa->async);
}

void hip_sa_async_put(struct hip_sa *sa);

/**
 * struct hip_sa_info - what netlink shows of an SA
 * @spi: SPI, network byte order
 * @packets: inner packets
 * @bytes: their octets, inner headers included
 * @seq: next to send, or highest received
 * @driver: name of the crypto driver
 * @outer_local: our locator, any: routing chooses
 * @outer_peer: the peer's locator
 */
struct hip_sa_info {
	__be32 spi;
	u64 packets;
	u64 bytes;
	u64 seq;
	const char *driver;
	struct in6_addr outer_local;
	struct in6_addr outer_peer;
};

void hip_sa_get_info(const struct hip_sa *sa, struct hip_sa_info *info);

#endif /* _HIP_SA_H */
