// SPDX-License-Identifier: GPL-2.0
/*
 * The life of a request to hipd: pending -> accepted -> completed.
 *
 * A request that was added is completed exactly once, by whichever comes first
 * of the worker's answer, the end of the sleeper's patience, a cancellation
 * and the end of the namespace.  hip_upcall_queue_complete() is the only place
 * that decides this race.  A worker that goes away puts its requests back.
 */
#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#include "upcall_queue.h"

/**
 * hip_upcall_queue_init() - make an empty queue
 * @q: queue
 */
void hip_upcall_queue_init(struct hip_upcall_queue *q)
{
	spin_lock_init(&q->lock);
	INIT_LIST_HEAD(&q->pending);
	INIT_LIST_HEAD(&q->accepted);
	INIT_LIST_HEAD(&q->workers);
	q->last_id = 0;
	q->count = 0;
	q->n_workers = 0;
	q->draining = false;
}

/**
 * hip_upcall_queue_free() - free what is left of a queue
 * @q: queue, without requests, used by nobody any more
 */
void hip_upcall_queue_free(struct hip_upcall_queue *q)
{
	struct hip_upcall_worker *worker, *next;

	WARN_ON_ONCE(q->count);
	list_for_each_entry_safe(worker, next, &q->workers, list)
		kfree(worker);
}

static struct hip_upcall_worker *
hip_upcall_queue_worker(const struct hip_upcall_queue *q, u32 portid)
{
	struct hip_upcall_worker *worker;

	lockdep_assert_held(&q->lock);

	list_for_each_entry(worker, &q->workers, list)
		if (worker->portid == portid)
			return worker;
	return NULL;
}

/**
 * hip_upcall_queue_hello() - a worker asks for work
 * @q: queue
 * @portid: its netlink port
 *
 * Process context.  It is known from now on until hip_upcall_queue_release().
 *
 * Return: 1 if it is new, 0 if it was known, -ENOMEM.
 */
int hip_upcall_queue_hello(struct hip_upcall_queue *q, u32 portid)
{
	struct hip_upcall_worker *worker;
	bool known;

	spin_lock_bh(&q->lock);
	known = hip_upcall_queue_worker(q, portid);
	spin_unlock_bh(&q->lock);
	if (known)
		return 0;

	worker = kmalloc(sizeof(*worker), GFP_KERNEL);
	if (!worker)
		return -ENOMEM;
	worker->portid = portid;

	/* A socket has several threads perhaps */
	spin_lock_bh(&q->lock);
	known = hip_upcall_queue_worker(q, portid);
	if (!known) {
		list_add_tail(&worker->list, &q->workers);
		WRITE_ONCE(q->n_workers, q->n_workers + 1);
	}
	spin_unlock_bh(&q->lock);
	if (!known)
		return 1;
	kfree(worker);
	return 0;
}

/**
 * hip_upcall_queue_add() - enqueue a request
 * @q: queue
 * @req: request; everything in it is initialised here
 * @owner: for hip_upcall_queue_cancel(), or NULL
 * @max: how many may be on their way at once
 *
 * Process or softirq context.
 *
 * Return: 0: @req will be completed exactly once and must stay until then;
 * -ECANCELED: the owner was cancelled or the queue is closed, -EAGAIN: full.
 * On errors nothing refers to @req.
 */
int hip_upcall_queue_add(struct hip_upcall_queue *q, struct hip_upcall_req *req,
			 const struct hip_upcall_owner *owner, unsigned int max)
{
	int err = 0;

	init_completion(&req->done);
	req->flags = 0;
	req->owner = owner;
	req->portid = 0;
	req->seen = false;
	req->error = -EINPROGRESS;

	spin_lock_bh(&q->lock);
	if (q->draining || (owner && owner->cancelled)) {
		err = -ECANCELED;
	} else if (q->count >= max) {
		err = -EAGAIN;
	} else {
		req->id = ++q->last_id;
		WRITE_ONCE(q->count, q->count + 1);
		list_add_tail(&req->list, &q->pending);
	}
	spin_unlock_bh(&q->lock);

	return err;
}

/**
 * hip_upcall_queue_complete() - end a request, if nobody has
 * @q: queue, locked
 * @req: a request of @q
 * @error: its result, 0 or a negative errno
 *
 * The caller must not touch @req any more: its owner may be gone.
 *
 * Return: true if this call has decided the result.
 */
bool hip_upcall_queue_complete(struct hip_upcall_queue *q,
			       struct hip_upcall_req *req, int error)
{
	lockdep_assert_held(&q->lock);

	if (test_and_set_bit(HIP_UPCALL_REQ_COMPLETED, &req->flags))
		return false;
	list_del(&req->list);
	WRITE_ONCE(q->count, q->count - 1);
	req->error = error;
	complete(&req->done);
	return true;
}

/**
 * hip_upcall_queue_withdraw() - the sleeper waits no longer
 * @q: queue
 * @req: its request
 * @unseen: result if no worker has ever taken the request
 * @seen: result if one has
 *
 * Does nothing if the request was completed in the meantime.  Afterwards the
 * request is the caller's again and its result is in req->error.
 */
void hip_upcall_queue_withdraw(struct hip_upcall_queue *q,
			       struct hip_upcall_req *req, int unseen, int seen)
{
	spin_lock_bh(&q->lock);
	hip_upcall_queue_complete(q, req, req->seen ? seen : unseen);
	spin_unlock_bh(&q->lock);
}

/**
 * hip_upcall_queue_first() - the request that is next
 * @q: queue, locked
 *
 * Return: the oldest pending request or NULL; valid while the lock is held.
 */
struct hip_upcall_req *hip_upcall_queue_first(struct hip_upcall_queue *q)
{
	lockdep_assert_held(&q->lock);

	return list_first_entry_or_null(&q->pending, struct hip_upcall_req,
					list);
}

/**
 * hip_upcall_queue_accept() - a worker takes a pending request
 * @q: queue, locked
 * @req: a pending request
 * @portid: netlink port of the worker
 */
void hip_upcall_queue_accept(struct hip_upcall_queue *q,
			     struct hip_upcall_req *req, u32 portid)
{
	lockdep_assert_held(&q->lock);

	req->portid = portid;
	req->seen = true;
	list_move_tail(&req->list, &q->accepted);
}

/**
 * hip_upcall_queue_find() - look up a request that a worker has
 * @q: queue, locked
 * @id: its number
 *
 * Return: the request or NULL; valid while the lock is held.
 */
struct hip_upcall_req *hip_upcall_queue_find(struct hip_upcall_queue *q, u64 id)
{
	struct hip_upcall_req *req;

	lockdep_assert_held(&q->lock);

	list_for_each_entry(req, &q->accepted, list)
		if (req->id == id)
			return req;
	return NULL;
}

/**
 * hip_upcall_queue_release() - a worker has gone away
 * @q: queue
 * @portid: its netlink port
 *
 * It is not known any more, and its requests go back to the head of the queue,
 * in their old order.
 *
 * Return: how many these were.
 */
unsigned int hip_upcall_queue_release(struct hip_upcall_queue *q, u32 portid)
{
	struct hip_upcall_worker *worker;
	struct hip_upcall_req *req, *tmp;
	unsigned int n = 0;

	spin_lock_bh(&q->lock);
	worker = hip_upcall_queue_worker(q, portid);
	if (worker) {
		list_del(&worker->list);
		WRITE_ONCE(q->n_workers, q->n_workers - 1);
	}
	list_for_each_entry_safe_reverse(req, tmp, &q->accepted, list) {
		if (req->portid != portid)
			continue;
		req->portid = 0;
		list_move(&req->list, &q->pending);
		n++;
	}
	spin_unlock_bh(&q->lock);

	kfree(worker);
	return n;
}

/**
 * hip_upcall_queue_return() - a worker could not be told what to do
 * @q: queue
 * @id: number of the request
 * @portid: netlink port of the worker
 *
 * Return: true if the request went back to the head of the queue; false if it
 * was completed in the meantime or is not this worker's any more.
 */
bool hip_upcall_queue_return(struct hip_upcall_queue *q, u64 id, u32 portid)
{
	struct hip_upcall_req *req;
	bool found = false;

	spin_lock_bh(&q->lock);
	req = hip_upcall_queue_find(q, id);
	if (req && req->portid == portid) {
		req->portid = 0;
		list_move(&req->list, &q->pending);
		found = true;
	}
	spin_unlock_bh(&q->lock);

	return found;
}

/* Completes the requests of one list that belong to @owner, or all of them */
static void hip_upcall_queue_cancel_list(struct hip_upcall_queue *q,
					 struct list_head *head,
					 const struct hip_upcall_owner *owner,
					 bool all)
{
	struct hip_upcall_req *req, *tmp;

	list_for_each_entry_safe(req, tmp, head, list)
		if (all || req->owner == owner)
			hip_upcall_queue_complete(q, req, -ECANCELED);
}

/**
 * hip_upcall_queue_cancel() - end the requests of one owner
 * @q: queue
 * @owner: the owner, whose later requests fail at once
 */
void hip_upcall_queue_cancel(struct hip_upcall_queue *q,
			     struct hip_upcall_owner *owner)
{
	spin_lock_bh(&q->lock);
	owner->cancelled = true;
	hip_upcall_queue_cancel_list(q, &q->pending, owner, false);
	hip_upcall_queue_cancel_list(q, &q->accepted, owner, false);
	spin_unlock_bh(&q->lock);
}

/**
 * hip_upcall_queue_drain() - close a queue for good
 * @q: queue
 *
 * All requests, present and future, end with -ECANCELED.
 */
void hip_upcall_queue_drain(struct hip_upcall_queue *q)
{
	spin_lock_bh(&q->lock);
	q->draining = true;
	hip_upcall_queue_cancel_list(q, &q->pending, NULL, true);
	hip_upcall_queue_cancel_list(q, &q->accepted, NULL, true);
	spin_unlock_bh(&q->lock);
}
