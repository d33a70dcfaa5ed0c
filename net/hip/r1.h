/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The pool of pre-signed R1s of an identity: an I1 costs us one hash, a copy
 * and no state (RFC 7401 4.1.1, 5.3.2, Appendix A).
 */
#ifndef _HIP_R1_H
#define _HIP_R1_H

#include <linux/atomic.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "i2_seen.h"
#include "puzzle.h"
#include "upcall.h"

struct hip_identity;
struct hip_msg;
struct hip_net;

#define HIP_R1_GROUPS		8
/* What is offered, and what was. An R1 takes about 2 KB, and of the latter there
 * are only those that were sent.
 */
#define HIP_R1_GENERATIONS	32
/* So many of them at most come from hip_r1_pool_renew_soon() */
#define HIP_R1_GENERATIONS_SOON	16

/**
 * struct hip_r1 - one pre-signed R1 with the DH key that belongs to it
 * @refcnt: one for its set, one for each I2 handler that uses the key
 * @rcu: readers of the pool hold no reference
 * @counter: R1_COUNTER
 * @k: difficulty in its PUZZLE
 * @secret: S of its puzzles, RFC 7401 Appendix A; wiped with the R1
 * @sent: how often it was sent
 * @dh: the key pair; wiped with the R1
 * @i2s: the I2s that have answered it; its own lock
 * @puzzle_off: offset of the PUZZLE contents (K) in @pkt
 * @len: octets of @pkt
 * @pkt: the packet; Receiver HIT, Opaque, #I and checksum are zero
 *
 * Constant once it is in a set, but for @refcnt, @sent and @i2s.
 */
struct hip_r1 {
	refcount_t refcnt;
	struct rcu_head rcu;
	u64 counter;
	u8 k;
	u8 secret[HIP_PUZZLE_SECRET_LEN];
	atomic_t sent;
	struct hip_dh_key dh;
	struct hip_i2_seen i2s;
	u16 puzzle_off;
	u16 len;
	u8 pkt[];
};

/**
 * struct hip_r1_set - one generation of R1s
 * @rcu: for readers of the pool
 * @counter: R1_COUNTER of all of them
 * @k: difficulty of their puzzles
 * @n: DH groups of the namespace at the time of making
 * @group: these groups, best first
 * @r1: the R1 of each group, NULL if there is none (yet, or it was never sent); RCU
 * @keep: how long they are kept when they are not offered any more, jiffies
 * @expires: when that time is over; set before it leaves the first place
 * @answered: an exchange was completed with one of them; bit 0
 */
struct hip_r1_set {
	struct rcu_head rcu;
	u64 counter;
	u8 k;
	u8 n;
	u8 group[HIP_R1_GROUPS];
	struct hip_r1 __rcu *r1[HIP_R1_GROUPS];
	unsigned long keep;
	unsigned long expires;
	unsigned long answered;
};

/**
 * struct hip_r1_pool - R1s of the current and of earlier generations
 * @lock: protects writers of @set and @counter; process context; held across
 *	upcalls, so never taken by anybody but @work
 * @work: makes a new generation, frees old ones; on hip_net::wq
 * @queue_lock: protects @dead, and queueing of @work against it, @soon and
 *	@soon_at; any context but hard interrupts
 * @dead: the identity goes away: nobody queues @work any more
 * @flags: HIP_R1_WANTED: a new generation is to be made
 * @soon: a new generation is to be made, if the one before is old enough
 * @soon_at: but not before this time, jiffies
 * @made: when the current one was made, jiffies; of @work
 * @first: where @counter started
 * @counter: of the newest generation
 * @backoff: until the next try, milliseconds; of @work
 * @error: why the latest try failed, or 0; read locklessly
 * @full: it waits for an old generation to end; of @work
 * @set: 0 is the generation that is sent, the others are earlier ones; RCU
 */
struct hip_r1_pool {
#define HIP_R1_WANTED	0
	struct mutex lock;	/* see above */
	struct delayed_work work;
	spinlock_t queue_lock;	/* see above */
	bool dead;
	unsigned long flags;
	bool soon;
	unsigned long soon_at;
	unsigned long made;
	u64 first;
	u64 counter;
	unsigned int backoff;
	int error;
	bool full;
	struct hip_r1_set __rcu *set[HIP_R1_GENERATIONS];
};

void hip_r1_pool_init(struct hip_identity *id);
void hip_r1_pool_exit(struct hip_identity *id);
void hip_r1_pool_renew(struct hip_identity *id);
void hip_r1_pool_renew_soon(struct hip_identity *id, unsigned long delay);
void hip_r1_pool_get_info(struct hip_identity *id, u64 *counter,
			  unsigned int *ready, unsigned int *wanted);
bool hip_r1_pool_has_k(struct hip_identity *id, u8 k);
/* main.c: time for new R1s and new secrets of puzzles */
void hip_r1_rotate(struct hip_net *hn);
/* upcall.c: somebody answers again */
void hip_r1_helper_appeared(struct hip_net *hn);

int hip_r1_answer(struct hip_identity *id, const struct hip_msg *i1,
		  const struct in6_addr *ip_i, const struct in6_addr *ip_r,
		  u8 *buf, size_t size);
/* With a reference; -ESTALE: not any more; -ENOENT: no such generation or group */
struct hip_r1 *hip_r1_find(struct hip_identity *id, u8 group, u64 counter);
void hip_r1_put(struct hip_r1 *r1);
void hip_r1_answered(struct hip_identity *id, const struct hip_r1 *r1);
unsigned int hip_r1_generations(struct hip_net *hn);

#endif /* _HIP_R1_H */
