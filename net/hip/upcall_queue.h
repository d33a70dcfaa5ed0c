/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The life of a request to hipd, without netlink: pending, accepted, done.
 */
#ifndef _HIP_UPCALL_QUEUE_H
#define _HIP_UPCALL_QUEUE_H

#include <linux/completion.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#define HIP_UPCALL_REQ_COMPLETED	0	/* bit in hip_upcall_req::flags */

/**
 * struct hip_upcall_owner - for whom requests are made
 * @cancelled: those that it has made were ended, and others fail at once;
 *	hip_upcall_queue::lock
 *
 * Part of what asks, all zero at its beginning.
 */
struct hip_upcall_owner {
	bool cancelled;
};

/**
 * struct hip_upcall_req - a request that somebody sleeps for
 * @list: in hip_upcall_queue::pending or ::accepted
 * @done: the sleeper waits for it
 * @flags: HIP_UPCALL_REQ_COMPLETED: whoever sets it decides @error
 * @id: number, never used again
 * @owner: for whom, or NULL
 * @portid: netlink port of the worker; while in ::accepted
 * @seen: some worker has accepted it at least once
 * @error: the result; valid when completed
 *
 * It lives on the stack of the sleeper, which leaves only after it was
 * completed.  All but @done is protected by hip_upcall_queue::lock.
 */
struct hip_upcall_req {
	struct list_head list;
	struct completion done;
	unsigned long flags;
	u64 id;
	const struct hip_upcall_owner *owner;
	u32 portid;
	bool seen;
	int error;
};

/**
 * struct hip_upcall_worker - a socket that asked for work
 * @list: in hip_upcall_queue::workers
 * @portid: its netlink port
 */
struct hip_upcall_worker {
	struct list_head list;
	u32 portid;
};

/**
 * struct hip_upcall_queue - the requests of a namespace
 * @lock: protects everything here and the requests; any context but hard
 *	interrupts
 * @pending: nobody works on them yet, oldest first
 * @accepted: a worker has them
 * @workers: sockets that have asked for work and are open
 * @last_id: the latest number given
 * @count: requests in both lists; read locklessly
 * @n_workers: entries of @workers; read locklessly
 * @draining: closed for good: all that comes is cancelled
 */
struct hip_upcall_queue {
	spinlock_t lock;	/* see above */
	struct list_head pending;
	struct list_head accepted;
	struct list_head workers;
	u64 last_id;
	unsigned int count;
	unsigned int n_workers;
	bool draining;
};

void hip_upcall_queue_init(struct hip_upcall_queue *q);
void hip_upcall_queue_free(struct hip_upcall_queue *q);
int hip_upcall_queue_hello(struct hip_upcall_queue *q, u32 portid);
int hip_upcall_queue_add(struct hip_upcall_queue *q, struct hip_upcall_req *req,
			 const struct hip_upcall_owner *owner,
			 unsigned int max);
void hip_upcall_queue_withdraw(struct hip_upcall_queue *q,
			       struct hip_upcall_req *req, int unseen, int seen);
unsigned int hip_upcall_queue_release(struct hip_upcall_queue *q, u32 portid);
bool hip_upcall_queue_return(struct hip_upcall_queue *q, u64 id, u32 portid);
void hip_upcall_queue_cancel(struct hip_upcall_queue *q,
			     struct hip_upcall_owner *owner);
void hip_upcall_queue_drain(struct hip_upcall_queue *q);

/* With the lock held */
struct hip_upcall_req *hip_upcall_queue_first(struct hip_upcall_queue *q);
void hip_upcall_queue_accept(struct hip_upcall_queue *q,
			     struct hip_upcall_req *req, u32 portid);
struct hip_upcall_req *hip_upcall_queue_find(struct hip_upcall_queue *q,
					     u64 id);
bool hip_upcall_queue_complete(struct hip_upcall_queue *q,
			       struct hip_upcall_req *req, int error);

#endif /* _HIP_UPCALL_QUEUE_H */
