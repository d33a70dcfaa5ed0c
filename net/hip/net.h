/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What one network namespace owns.
 */
#ifndef _HIP_NET_H
#define _HIP_NET_H

#include <linux/atomic.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/rhashtable-types.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include <hip/hip_wire.h>

#include "load.h"
#include "stats.h"
#include "upcall_queue.h"

struct hip_i1_table;
struct hip_upcall_net;

/* Ceilings of what `hiptool config` may set; see hip_config_defaults(). */
#define HIP_CONFIG_LIST_MAX	8

/**
 * struct hip_config - limits, timers and preference lists of a namespace
 * @max_assocs: associations of any state
 * @max_half_open: associations that are not (yet) established
 * @max_peers: configured peers
 * @max_identities: local identities
 * @max_ctrl_pending: control packets waiting for a worker, all associations
 * @max_upcalls: requests waiting for or being worked on by hipd
 * @queue_len: data packets that wait for one exchange
 * @r1_rate: R1s answered per second (token bucket), 0: no limit
 * @notify_rate: NOTIFY and ICMP answers per second
 * @i1_timeout: first retransmission time-out of I1, milliseconds
 * @i2_timeout: the same of I2
 * @retries: transmissions of I1, of I2 and of CLOSE before giving up
 * @ual: unused association lifetime, milliseconds; 0: for ever
 * @msl: maximum segment lifetime, milliseconds
 * @failed_hold: how long E-FAILED answers at once, milliseconds
 * @upcall_timeout: how long one request may take, milliseconds
 * @r1_lifetime: an R1 generation is renewed after this time, milliseconds
 * @rekey_time: keys that were used are replaced after this time, milliseconds;
 *	0: never
 * @rekey_packets: an SA is replaced after so many; 0: before its numbers end
 * @rekey_bytes: an SA is replaced after so many; 0: never
 * @rekey_new_dh: by a rekey with a new Diffie-Hellman key
 * @r1_reuse: how long one is offered after an exchange with it, milliseconds
 * @puzzle_k: difficulty of the puzzles that we send, without load
 * @puzzle_k_load: the same at most, under load
 * @puzzle_k_max: the hardest puzzle that we solve
 * @puzzle_lifetime: Lifetime octet of our puzzles, 2^(value - 32) seconds
 * @null_encrypt: @hip_ciphers may have NULL-ENCRYPT
 * @opportunistic: answer I1s that do not name a Responder
 * @n_dh_groups: used entries of @dh_groups
 * @n_hip_ciphers: used entries of @hip_ciphers
 * @n_esp_suites: used entries of @esp_suites
 * @dh_groups: our DH_GROUP_LIST, best first
 * @hip_ciphers: our HIP_CIPHER list, best first
 * @esp_suites: our ESP_TRANSFORM list, best first
 *
 * Each field is written under hip_net::lock and read with READ_ONCE(); the
 * lists are copied under the lock.
 */
struct hip_config {
	u32 max_assocs;
	u32 max_half_open;
	u32 max_peers;
	u32 max_identities;
	u32 max_ctrl_pending;
	u32 max_upcalls;
	u32 queue_len;
	u32 r1_rate;
	u32 notify_rate;
	u32 i1_timeout;
	u32 i2_timeout;
	u32 retries;
	u32 ual;
	u32 msl;
	u32 failed_hold;
	u32 upcall_timeout;
	u32 r1_lifetime;
	u32 rekey_time;
	u64 rekey_packets;
	u64 rekey_bytes;
	u8 rekey_new_dh;
	u32 r1_reuse;
	u8 puzzle_k;
	u8 puzzle_k_load;
	u8 puzzle_k_max;
	u8 puzzle_lifetime;
	u8 null_encrypt;
	u8 opportunistic;
	u8 n_dh_groups;
	u8 n_hip_ciphers;
	u8 n_esp_suites;
	u8 dh_groups[HIP_CONFIG_LIST_MAX];
	u16 hip_ciphers[HIP_CONFIG_LIST_MAX];
	u16 esp_suites[HIP_CONFIG_LIST_MAX];
};

/**
 * struct hip_net - the state of one network namespace
 * @net: the namespace; hip_net lives inside it (net_generic)
 * @dev: hip0, or NULL; written under RTNL, read under RCU
 * @wq: where everything that may sleep runs; unbound, so that a handler that
 *	waits for hipd does not hold up the others
 * @lock: serialises configuration (identities, peers, config); taken inside of
 *	hip_assoc::mutex, never the other way, and not held across an upcall
 * @config: see struct hip_config
 * @assocs: hip_assoc by (local HIT, peer HIT); RCU
 * @sas: inbound hip_sa by SPI; RCU
 * @sas_out: outbound hip_sa by the peer's SPI and locator; RCU
 * @n_sas: hip_sa that exist, of both directions
 * @peers: hip_peer by HIT; RCU readers, writers under @lock
 * @peer_list: the same in the order of their making, for dumps
 * @n_peer_suites: peers with a list of their own which has this ESP suite;
 *	under @lock
 * @identities: hip_identity list; RCU readers, writers under @lock
 * @n_assocs: associations in @assocs
 * @n_half_open: those of them that are not established
 * @n_ctrl_pending: control packets that wait for a worker, but for I2s
 * @n_i2_pending: I2s that wait for a worker
 * @n_peers: entries of @peers; under @lock
 * @n_identities: entries of @identities; under @lock
 * @gen: changes with each change of identities, peers or associations, so
 *	that dumps can tell that they were interrupted
 * @load: how difficult puzzles are now
 * @upcall: requests to hipd; owned by upcall.c
 * @nl_upcalls: those of netlink requests
 * @r1_work: renews the R1s of all identities
 * @stats: counters, per CPU
 * @r1_counter: highest R1_COUNTER of the identities that are gone; under @lock
 * @r1_tokens: token bucket of the R1 answers
 * @i1: who has sent I1s; owned by i1.c
 * @notify_tokens: the same of NOTIFY and ICMP
 * @dying: the namespace is going away: start nothing new
 */
struct hip_net {
	struct net *net;
	struct net_device __rcu *dev;
	struct workqueue_struct *wq;
	struct mutex lock;	/* see above */
	struct hip_config config;
	struct rhashtable assocs;
	struct rhashtable sas;
	struct rhashtable sas_out;
	atomic_t n_sas;
	struct rhashtable peers;
	struct list_head peer_list;
	unsigned int n_peer_suites[HIP_ESP_SUITE_MAX + 1];
	struct list_head identities;
	atomic_t n_assocs;
	atomic_t n_half_open;
	atomic_t n_ctrl_pending;
	atomic_t n_i2_pending;
	unsigned int n_peers;
	unsigned int n_identities;
	atomic_t gen;
	struct hip_load load;
	struct hip_upcall_net *upcall;
	struct hip_upcall_owner nl_upcalls;
	struct delayed_work r1_work;
	struct hip_mib __percpu *stats;
	struct hip_ratelimit {
		spinlock_t lock;	/* protects the next two */
		u64 last;		/* ktime, ns */
		u64 tokens;		/* in ns of the rate */
	} r1_tokens, notify_tokens;
	struct hip_i1_table *i1;
	u64 r1_counter;
	bool dying;
};

extern unsigned int hip_net_id;

/**
 * hip_pernet() - the HIP state of a network namespace
 * @net: namespace
 *
 * Return: its hip_net; valid as long as @net is.
 */
static inline struct hip_net *hip_pernet(const struct net *net)
{
	return net_generic(net, hip_net_id);
}

void hip_net_rearm(struct hip_net *hn);

#endif /* _HIP_NET_H */
