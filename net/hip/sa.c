// SPDX-License-Identifier: GPL-2.0
/*
 * What is a security association, and how is it found?
 */
#include <linux/err.h>
#include <linux/llist.h>
#include <linux/random.h>
#include <linux/rcupdate.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/wait_bit.h>
#include <linux/workqueue.h>
#include <net/ipv6.h>
#include <net/xfrm.h>

#include "assoc.h"
#include "hit.h"
#include "net.h"
#include "rekey_due.h"
#include "sa.h"

/* The counter is added to before the limit is checked, so an ESN must leave
 * room for what all CPUs add at the same time.
 */
#define HIP_SEQ_MAX_ESN		(U64_MAX - U32_MAX)
#define HIP_SEQ_MAX		U32_MAX

/* Neither is of a size for which kmalloc() has a cache.  What follows in an inbound
 * SA is as large as all the rest.
 */
static struct kmem_cache *hip_sa_in_cache __read_mostly;
static struct kmem_cache *hip_sa_out_cache __read_mostly;
#define HIP_SA_OUT_SIZE		offsetof(struct hip_sa, replay)

/* SAs that nothing leads to any more, of all namespaces */
static LLIST_HEAD(hip_sa_dead);
static void hip_sa_reap(struct work_struct *work);
static DECLARE_WORK(hip_sa_reap_work, hip_sa_reap);
static struct workqueue_struct *hip_sa_wq;

/* We choose SPIs at random, so they are their own hash */
static u32 hip_sa_hash(const void *data, u32 len, u32 seed)
{
	return *(const u32 *)data ^ seed;
}

static int hip_sa_cmp(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct hip_sa *sa = obj;

	return sa->spi != *(const __be32 *)arg->key;
}

static const struct rhashtable_params hip_sa_in_params = {
	.head_offset = offsetof(struct hip_sa, node),
	.key_offset = offsetof(struct hip_sa, spi),
	.key_len = sizeof_field(struct hip_sa, spi),
	.hashfn = hip_sa_hash,
	.obj_cmpfn = hip_sa_cmp,
	.automatic_shrinking = true,
};

/* These SPIs are chosen by peers, each of which has its own: without the locator
 * a peer could give as many as it likes the same place in the table
 */
struct hip_sa_out_key {
	__be32 spi;
	struct in6_addr peer;
};

static u32 hip_sa_out_hash_of(__be32 spi, const struct in6_addr *peer, u32 seed)
{
	return __ipv6_addr_jhash(peer, seed ^ (__force u32)spi);
}

static u32 hip_sa_out_hash(const void *data, u32 len, u32 seed)
{
	const struct hip_sa_out_key *key = data;

	return hip_sa_out_hash_of(key->spi, &key->peer, seed);
}

static u32 hip_sa_out_hash_obj(const void *data, u32 len, u32 seed)
{
	const struct hip_sa *sa = data;

	return hip_sa_out_hash_of(sa->spi, &sa->outer_peer, seed);
}

static int hip_sa_out_cmp(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct hip_sa_out_key *key = arg->key;
	const struct hip_sa *sa = obj;

	return sa->spi != key->spi ||
	       !ipv6_addr_equal(&sa->outer_peer, &key->peer);
}

static const struct rhashtable_params hip_sa_out_params = {
	.head_offset = offsetof(struct hip_sa, node),
	.key_len = sizeof(struct hip_sa_out_key),
	.hashfn = hip_sa_out_hash,
	.obj_hashfn = hip_sa_out_hash_obj,
	.obj_cmpfn = hip_sa_out_cmp,
	.automatic_shrinking = true,
};

/**
 * hip_sa_init() - prepare for SAs
 *
 * Context: Process; before hip_sa_net_init() of any namespace.
 * Return: 0 or -ENOMEM.
 */
int hip_sa_init(void)
{
	hip_sa_in_cache = kmem_cache_create("hip_sa_in", sizeof(struct hip_sa),
					    __alignof__(struct hip_sa), 0, NULL);
	hip_sa_out_cache = kmem_cache_create("hip_sa_out", HIP_SA_OUT_SIZE,
					     __alignof__(struct hip_sa), 0,
					     NULL);
	hip_sa_wq = alloc_workqueue("hip_sa", WQ_UNBOUND, 0);
	if (hip_sa_in_cache && hip_sa_out_cache && hip_sa_wq)
		return 0;

	hip_sa_exit();
	return -ENOMEM;
}

/**
 * hip_sa_exit() - undo hip_sa_init()
 *
 * Context: Process; after hip_sa_net_exit() of every namespace.
 */
void hip_sa_exit(void)
{
	if (hip_sa_wq)
		destroy_workqueue(hip_sa_wq);
	kmem_cache_destroy(hip_sa_out_cache);
	kmem_cache_destroy(hip_sa_in_cache);
}

/**
 * hip_sa_net_init() - prepare a namespace for SAs
 * @hn: namespace
 *
 * Context: Process.
 * Return: 0 or -ENOMEM.
 */
int hip_sa_net_init(struct hip_net *hn)
{
	int err;

	atomic_set(&hn->n_sas, 0);
	err = rhashtable_init(&hn->sas, &hip_sa_in_params);
	if (err)
		return err;

	err = rhashtable_init(&hn->sas_out, &hip_sa_out_params);
	if (err)
		rhashtable_destroy(&hn->sas);
	return err;
}

/**
 * hip_sa_net_exit() - wait for the last SA of a namespace
 * @hn: namespace, without associations
 *
 * Nothing is on its way through an asynchronous cipher when this returns.
 *
 * Context: Process; sleeps.
 */
void hip_sa_net_exit(struct hip_net *hn)
{
	wait_var_event(&hn->n_sas, !atomic_read(&hn->n_sas));
	rhashtable_destroy(&hn->sas_out);
	rhashtable_destroy(&hn->sas);
}

static struct hip_sa *hip_sa_alloc(bool inbound)
{
	return kmem_cache_zalloc(inbound ? hip_sa_in_cache : hip_sa_out_cache,
				 GFP_KERNEL);
}

/* An SA has a part of its key, the salt */
static void hip_sa_free_memory(struct hip_sa *sa)
{
	struct kmem_cache *cache = sa->inbound ? hip_sa_in_cache :
						 hip_sa_out_cache;

	memzero_explicit(&sa->cipher, sizeof(sa->cipher));
	kmem_cache_free(cache, sa);
}

static void hip_sa_free(struct hip_sa *sa)
{
	struct hip_net *hn = sa->hn;

	hip_esp_cipher_free(&sa->cipher);
	if (!sa->inbound)
		dst_cache_destroy(&sa->dst_cache);
	free_percpu(sa->stats);
	hip_assoc_put(sa->assoc);
	hip_sa_free_memory(sa);

	/* @hn may be gone as soon as it has none; nothing but its address is
	 * used for the wake-up.
	 */
	if (atomic_dec_and_test(&hn->n_sas))
		wake_up_var(&hn->n_sas);
}

/* One grace period for all that have died meanwhile: a callback for each would
 * keep softirqs busy when a host with many ends
 */
static void hip_sa_reap(struct work_struct *work)
{
	struct llist_node *list = llist_del_all(&hip_sa_dead);
	struct hip_sa *sa, *next;

	synchronize_rcu();
	llist_for_each_entry_safe(sa, next, list, dead) {
		/* There will be no further ones */
		wait_var_event(&sa->async, !atomic_read(&sa->async));
		hip_sa_free(sa);
		cond_resched();
	}
}

/**
 * hip_sa_async_put() - a packet is through with an asynchronous cipher
 * @sa: SA, which must not be touched any more
 *
 * Context: Any; BH disabled, which keeps the SA for the length of this
 * function.
 */
void hip_sa_async_put(struct hip_sa *sa)
{
	if (atomic_dec_and_test(&sa->async))
		wake_up_var(&sa->async);
}

static void hip_sa_fill(struct hip_sa *sa, struct hip_net *hn,
			const struct hip_sa_params *p)
{
	const struct hip_assoc_key *key = &p->assoc->key;
	bool second = hip_hit_cmp(&key->local, &key->peer) > 0;
	u64 last = p->esn ? HIP_SEQ_MAX_ESN : HIP_SEQ_MAX;
	u64 packets = READ_ONCE(hn->config.rekey_packets);

	/* Packets and ICMP errors find it as soon as it is in a table */
	sa->hn = hn;
	sa->assoc = p->assoc;
	sa->spi = p->spi;
	sa->inbound = p->inbound;
	sa->suite = p->esp_suite;
	sa->outer_local = p->outer_local;
	sa->outer_peer = p->outer_peer;
	sa->first_data = p->inbound;
	hip_seq_init(&sa->seq, hip_rekey_soft_seq(last, packets, second), last);
	atomic_set(&sa->async, 0);
	if (sa->inbound)
		hip_replay_init(&sa->replay);
}

/**
 * hip_sa_create() - make an SA
 * @hn: namespace
 * @p: what of; the keys are copied and can be wiped afterwards
 *
 * An inbound SA receives only after hip_sa_insert(). An outbound one can be
 * used at once.
 *
 * Context: Process; sleeps.
 * Return: the SA, which the caller owns until hip_sa_destroy(), or an ERR_PTR:
 * -ENOMEM, -EEXIST when that peer has the SPI already, -EOPNOTSUPP for a suite
 * that we don't have, -ENOENT when the kernel lacks its cipher, or an error of
 * the crypto API.
 */
struct hip_sa *hip_sa_create(struct hip_net *hn, const struct hip_sa_params *p)
{
	const struct hip_sa_out_key key = {
		.spi = p->spi,
		.peer = p->outer_peer,
	};
	struct hip_sa *sa;
	int err = -ENOMEM;

	sa = hip_sa_alloc(p->inbound);
	if (!sa)
		return ERR_PTR(-ENOMEM);
	hip_sa_fill(sa, hn, p);

	sa->stats = netdev_alloc_pcpu_stats(struct hip_sa_stats);
	if (!sa->stats)
		goto err_sa;

	if (!sa->inbound) {
		err = dst_cache_init(&sa->dst_cache, GFP_KERNEL);
		if (err)
			goto err_stats;
	}

	err = hip_esp_cipher_init(&sa->cipher, p->esp_suite, p->esn,
				  p->enc_key, p->auth_key);
	if (err)
		goto err_dst;

	if (!sa->inbound) {
		err = rhashtable_lookup_insert_key(&hn->sas_out, &key,
						   &sa->node,
						   hip_sa_out_params);
		if (err)
			goto err_cipher;
		sa->hashed = true;
	}

	refcount_inc(&p->assoc->refcnt);
	atomic_inc(&hn->n_sas);
	return sa;

err_cipher:
	hip_esp_cipher_free(&sa->cipher);
err_dst:
	if (!sa->inbound)
		dst_cache_destroy(&sa->dst_cache);
err_stats:
	free_percpu(sa->stats);
err_sa:
	hip_sa_free_memory(sa);
	return ERR_PTR(err);
}

/**
 * hip_sa_insert() - let an inbound SA receive
 * @hn: namespace
 * @sa: SA
 *
 * Does nothing for an outbound one.
 *
 * Context: Process.
 * Return: 0, -EEXIST when the SPI is in use, or -ENOMEM.
 */
int hip_sa_insert(struct hip_net *hn, struct hip_sa *sa)
{
	int err;

	if (!sa->inbound)
		return 0;

	err = rhashtable_lookup_insert_fast(&hn->sas, &sa->node,
					    hip_sa_in_params);
	if (!err)
		sa->hashed = true;
	return err;
}

/**
 * hip_sa_destroy() - end an SA
 * @sa: SA, which no RCU pointer leads to any more; or NULL
 *
 * Packets on their way finish. Returns without waiting for them.
 *
 * Context: Process.
 */
void hip_sa_destroy(struct hip_sa *sa)
{
	if (!sa)
		return;

	if (sa->hashed && sa->inbound)
		rhashtable_remove_fast(&sa->hn->sas, &sa->node,
				       hip_sa_in_params);
	else if (sa->hashed)
		rhashtable_remove_fast(&sa->hn->sas_out, &sa->node,
				       hip_sa_out_params);

	if (llist_add(&sa->dead, &hip_sa_dead))
		queue_work(hip_sa_wq, &hip_sa_reap_work);
}

/**
 * hip_sa_lookup() - the inbound SA of an SPI
 * @hn: namespace
 * @spi: SPI as received
 *
 * RFC 7402 3.3.4: addresses are no selectors.
 *
 * Context: RCU.
 * Return: the SA, without a reference, or NULL when the SPI is not ours.
 */
struct hip_sa *hip_sa_lookup(struct hip_net *hn, __be32 spi)
{
	return rhashtable_lookup(&hn->sas, &spi, hip_sa_in_params);
}

/**
 * hip_sa_out_lookup() - the outbound SA that sends with an SPI to a locator
 * @hn: namespace
 * @spi: SPI of the peer
 * @outer_peer: locator of the peer, IPv4-mapped for IPv4
 *
 * Tells ICMP errors that are about our packets.
 *
 * Context: RCU.
 * Return: the SA, without a reference, or NULL.
 */
struct hip_sa *hip_sa_out_lookup(struct hip_net *hn, __be32 spi,
				 const struct in6_addr *outer_peer)
{
	const struct hip_sa_out_key key = { .spi = spi, .peer = *outer_peer };

	return rhashtable_lookup(&hn->sas_out, &key, hip_sa_out_params);
}

static bool hip_spi_used(struct hip_net *hn, __be32 spi)
{
	static const unsigned short families[] = { AF_INET, AF_INET6 };
	struct xfrm_state *x;
	unsigned int i;
	bool used;

	rcu_read_lock();
	used = hip_sa_lookup(hn, spi);
	rcu_read_unlock();

	/* We look at packets ahead of the kernel's IPsec */
	for (i = 0; !used && i < ARRAY_SIZE(families); i++) {
		x = xfrm_state_lookup_byspi(hn->net, spi, families[i]);
		if (x) {
			xfrm_state_put(x);
			used = true;
		}
	}
	return used;
}

/**
 * hip_spi_alloc() - choose an SPI
 * @hn: namespace
 *
 * Nothing is reserved: hip_sa_insert() tells when somebody was faster.
 *
 * Context: Process.
 * Return: a random SPI of 256 or more which neither an SA of ours nor one of
 * the kernel's IPsec in @hn uses now; network byte order.
 */
__be32 hip_spi_alloc(struct hip_net *hn)
{
	u32 spi;

	do {
		spi = get_random_u32();
	} while (spi < HIP_SPI_MIN || hip_spi_used(hn, htonl(spi)));

	return htonl(spi);
}

/**
 * hip_sa_get_info() - what there is to show of an SA
 * @sa: SA
 * @info: set
 *
 * Context: RCU, or the owner.
 */
void hip_sa_get_info(const struct hip_sa *sa, struct hip_sa_info *info)
{
	const struct hip_sa_stats *stats;
	u64 packets, bytes;
	unsigned int start;
	int cpu;

	memset(info, 0, sizeof(*info));
	for_each_possible_cpu(cpu) {
		stats = per_cpu_ptr(sa->stats, cpu);
		do {
			start = u64_stats_fetch_begin(&stats->syncp);
			packets = u64_stats_read(&stats->packets);
			bytes = u64_stats_read(&stats->bytes);
		} while (u64_stats_fetch_retry(&stats->syncp, start));
		info->packets += packets;
		info->bytes += bytes;
	}

	info->spi = sa->spi;
	info->seq = sa->inbound ? atomic64_read(&sa->replay.top) :
				  atomic64_read(&sa->seq.used) + 1;
	info->driver = crypto_tfm_alg_driver_name(crypto_aead_tfm(sa->cipher.aead));
	info->outer_local = sa->outer_local;
	info->outer_peer = sa->outer_peer;
}
