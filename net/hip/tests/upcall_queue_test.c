// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of the life of a request to hipd.
 */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/errno.h>

#include "upcall_queue.h"

#define WORKER_1	1001
#define WORKER_2	1002
#define LIMIT		8

static int upcall_queue_test_init(struct kunit *test)
{
	struct hip_upcall_queue *q;

	q = kunit_kzalloc(test, sizeof(*q), GFP_KERNEL);
	if (!q)
		return -ENOMEM;
	hip_upcall_queue_init(q);
	test->priv = q;
	return 0;
}

static struct hip_upcall_req *upcall_queue_new(struct kunit *test,
					       struct hip_upcall_owner *owner)
{
	struct hip_upcall_req *req;

	req = kunit_kzalloc(test, sizeof(*req), GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, req);
	KUNIT_ASSERT_EQ(test, 0, hip_upcall_queue_add(test->priv, req, owner,
						      LIMIT));
	return req;
}

static struct hip_upcall_req *upcall_queue_take(struct hip_upcall_queue *q,
						u32 portid)
{
	struct hip_upcall_req *req;

	spin_lock_bh(&q->lock);
	req = hip_upcall_queue_first(q);
	if (req)
		hip_upcall_queue_accept(q, req, portid);
	spin_unlock_bh(&q->lock);
	return req;
}

static bool upcall_queue_answer(struct hip_upcall_queue *q, u64 id, int error)
{
	struct hip_upcall_req *req;
	bool done = false;

	spin_lock_bh(&q->lock);
	req = hip_upcall_queue_find(q, id);
	if (req)
		done = hip_upcall_queue_complete(q, req, error);
	spin_unlock_bh(&q->lock);
	return done;
}

/* Oldest first; an answer reaches the one who asked; numbers are new */
static void upcall_queue_test_life(struct kunit *test)
{
	struct hip_upcall_queue *q = test->priv;
	struct hip_upcall_req *a, *b;

	a = upcall_queue_new(test, NULL);
	b = upcall_queue_new(test, NULL);
	KUNIT_EXPECT_LT(test, a->id, b->id);
	KUNIT_EXPECT_EQ(test, 2u, q->count);

	/* nobody has accepted it: it can't be answered */
	KUNIT_EXPECT_FALSE(test, upcall_queue_answer(q, a->id, 0));

	KUNIT_EXPECT_PTR_EQ(test, a, upcall_queue_take(q, WORKER_1));
	KUNIT_EXPECT_PTR_EQ(test, b, upcall_queue_take(q, WORKER_2));
	KUNIT_EXPECT_NULL(test, upcall_queue_take(q, WORKER_1));

	KUNIT_EXPECT_TRUE(test, upcall_queue_answer(q, b->id, -EKEYREJECTED));
	KUNIT_EXPECT_TRUE(test, try_wait_for_completion(&b->done));
	KUNIT_EXPECT_EQ(test, -EKEYREJECTED, b->error);
	KUNIT_EXPECT_FALSE(test, try_wait_for_completion(&a->done));

	KUNIT_EXPECT_TRUE(test, upcall_queue_answer(q, a->id, 0));
	KUNIT_EXPECT_EQ(test, 0, a->error);
	KUNIT_EXPECT_EQ(test, 0u, q->count);
}

/* The second answer, and one after the time-out, find nothing */
static void upcall_queue_test_late(struct kunit *test)
{
	struct hip_upcall_queue *q = test->priv;
	struct hip_upcall_req *a, *b;

	a = upcall_queue_new(test, NULL);
	b = upcall_queue_new(test, NULL);
	upcall_queue_take(q, WORKER_1);
	upcall_queue_take(q, WORKER_1);

	KUNIT_EXPECT_TRUE(test, upcall_queue_answer(q, a->id, 0));
	KUNIT_EXPECT_FALSE(test, upcall_queue_answer(q, a->id, -EIO));
	KUNIT_EXPECT_EQ(test, 0, a->error);

	hip_upcall_queue_withdraw(q, b, -ESRCH, -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, -ETIMEDOUT, b->error);
	KUNIT_EXPECT_FALSE(test, upcall_queue_answer(q, b->id, 0));
	KUNIT_EXPECT_EQ(test, -ETIMEDOUT, b->error);
	KUNIT_EXPECT_EQ(test, 0u, q->count);
}

/* Nobody there is another error than nobody answers */
static void upcall_queue_test_unseen(struct kunit *test)
{
	struct hip_upcall_queue *q = test->priv;
	struct hip_upcall_req *a = upcall_queue_new(test, NULL);

	hip_upcall_queue_withdraw(q, a, -ESRCH, -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, -ESRCH, a->error);
	KUNIT_EXPECT_NULL(test, upcall_queue_take(q, WORKER_1));

	/* an answer that was there in time wins */
	a = upcall_queue_new(test, NULL);
	upcall_queue_take(q, WORKER_1);
	upcall_queue_answer(q, a->id, 0);
	hip_upcall_queue_withdraw(q, a, -ESRCH, -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, 0, a->error);
}

/* What a dead worker had goes back to the head, in order */
static void upcall_queue_test_release(struct kunit *test)
{
	struct hip_upcall_queue *q = test->priv;
	struct hip_upcall_req *a, *b, *c, *d;

	a = upcall_queue_new(test, NULL);
	b = upcall_queue_new(test, NULL);
	c = upcall_queue_new(test, NULL);
	d = upcall_queue_new(test, NULL);
	upcall_queue_take(q, WORKER_1);
	upcall_queue_take(q, WORKER_2);
	upcall_queue_take(q, WORKER_1);

	KUNIT_EXPECT_EQ(test, 2u, hip_upcall_queue_release(q, WORKER_1));
	KUNIT_EXPECT_EQ(test, 0u, hip_upcall_queue_release(q, WORKER_1));
	KUNIT_EXPECT_FALSE(test, upcall_queue_answer(q, a->id, 0));

	KUNIT_EXPECT_PTR_EQ(test, a, upcall_queue_take(q, WORKER_2));
	KUNIT_EXPECT_PTR_EQ(test, c, upcall_queue_take(q, WORKER_2));
	KUNIT_EXPECT_PTR_EQ(test, d, upcall_queue_take(q, WORKER_2));
	KUNIT_EXPECT_EQ(test, 4u, q->count);
	KUNIT_EXPECT_TRUE(test, upcall_queue_answer(q, a->id, 0));
	KUNIT_EXPECT_TRUE(test, upcall_queue_answer(q, b->id, 0));
}

/* A request whose announcement failed goes back, unless it is another's */
static void upcall_queue_test_return(struct kunit *test)
{
	struct hip_upcall_queue *q = test->priv;
	struct hip_upcall_req *a = upcall_queue_new(test, NULL);

	upcall_queue_take(q, WORKER_1);
	KUNIT_EXPECT_FALSE(test, hip_upcall_queue_return(q, a->id, WORKER_2));
	KUNIT_EXPECT_TRUE(test, hip_upcall_queue_return(q, a->id, WORKER_1));
	KUNIT_EXPECT_FALSE(test, hip_upcall_queue_return(q, a->id, WORKER_1));
	KUNIT_EXPECT_PTR_EQ(test, a, upcall_queue_take(q, WORKER_2));
}

static void upcall_queue_test_limit(struct kunit *test)
{
	struct hip_upcall_queue *q = test->priv;
	struct hip_upcall_req *req = NULL, extra;
	unsigned int i;

	for (i = 0; i < LIMIT; i++)
		req = upcall_queue_new(test, NULL);
	KUNIT_EXPECT_EQ(test, -EAGAIN,
			hip_upcall_queue_add(q, &extra, NULL, LIMIT));
	/* those that are worked on count, too */
	upcall_queue_take(q, WORKER_1);
	KUNIT_EXPECT_EQ(test, -EAGAIN,
			hip_upcall_queue_add(q, &extra, NULL, LIMIT));
	hip_upcall_queue_withdraw(q, req, -ESRCH, -ETIMEDOUT);
	upcall_queue_new(test, NULL);
}

/* An owner that is cancelled stays so, and others are not concerned */
static void upcall_queue_test_cancel(struct kunit *test)
{
	struct hip_upcall_owner owner_1 = {}, owner_2 = {};
	struct hip_upcall_queue *q = test->priv;
	struct hip_upcall_req *a, *b, *c, extra;

	a = upcall_queue_new(test, &owner_1);
	b = upcall_queue_new(test, &owner_2);
	c = upcall_queue_new(test, &owner_1);
	upcall_queue_take(q, WORKER_1);

	hip_upcall_queue_cancel(q, &owner_1);
	KUNIT_EXPECT_EQ(test, -ECANCELED, a->error);
	KUNIT_EXPECT_EQ(test, -ECANCELED, c->error);
	KUNIT_EXPECT_EQ(test, -EINPROGRESS, b->error);
	KUNIT_EXPECT_EQ(test, 1u, q->count);
	KUNIT_EXPECT_EQ(test, -ECANCELED,
			hip_upcall_queue_add(q, &extra, &owner_1, LIMIT));
	hip_upcall_queue_cancel(q, &owner_1);
	KUNIT_EXPECT_EQ(test, -ECANCELED,
			hip_upcall_queue_add(q, &extra, &owner_1, LIMIT));

	upcall_queue_new(test, &owner_2);
	hip_upcall_queue_cancel(q, &owner_2);
	KUNIT_EXPECT_EQ(test, -ECANCELED, b->error);
	KUNIT_EXPECT_EQ(test, 0u, q->count);
	upcall_queue_new(test, NULL);
}

static void upcall_queue_test_drain(struct kunit *test)
{
	struct hip_upcall_owner owner = {};
	struct hip_upcall_queue *q = test->priv;
	struct hip_upcall_req *a, *b, extra;

	a = upcall_queue_new(test, NULL);
	b = upcall_queue_new(test, &owner);
	upcall_queue_take(q, WORKER_1);

	hip_upcall_queue_drain(q);
	KUNIT_EXPECT_EQ(test, -ECANCELED, a->error);
	KUNIT_EXPECT_EQ(test, -ECANCELED, b->error);
	KUNIT_EXPECT_EQ(test, 0u, q->count);
	KUNIT_EXPECT_FALSE(test, upcall_queue_answer(q, a->id, 0));
	KUNIT_EXPECT_EQ(test, -ECANCELED,
			hip_upcall_queue_add(q, &extra, NULL, LIMIT));
}

/* Who asks for work is known until it goes, even if it never got any */
static void upcall_queue_test_workers(struct kunit *test)
{
	struct hip_upcall_queue *q = test->priv;

	KUNIT_EXPECT_EQ(test, 1, hip_upcall_queue_hello(q, WORKER_1));
	KUNIT_EXPECT_EQ(test, 0, hip_upcall_queue_hello(q, WORKER_1));
	KUNIT_EXPECT_EQ(test, 1, hip_upcall_queue_hello(q, WORKER_2));
	KUNIT_EXPECT_EQ(test, 2u, q->n_workers);

	KUNIT_EXPECT_EQ(test, 0u, hip_upcall_queue_release(q, WORKER_1));
	KUNIT_EXPECT_EQ(test, 0u, hip_upcall_queue_release(q, WORKER_1));
	KUNIT_EXPECT_EQ(test, 1u, q->n_workers);
	KUNIT_EXPECT_EQ(test, 1, hip_upcall_queue_hello(q, WORKER_1));
}

static void upcall_queue_test_exit(struct kunit *test)
{
	struct hip_upcall_queue *q = test->priv;

	if (q) {
		hip_upcall_queue_drain(q);
		hip_upcall_queue_free(q);
	}
}

static struct kunit_case upcall_queue_test_cases[] = {
	KUNIT_CASE(upcall_queue_test_life),
	KUNIT_CASE(upcall_queue_test_late),
	KUNIT_CASE(upcall_queue_test_unseen),
	KUNIT_CASE(upcall_queue_test_release),
	KUNIT_CASE(upcall_queue_test_return),
	KUNIT_CASE(upcall_queue_test_limit),
	KUNIT_CASE(upcall_queue_test_cancel),
	KUNIT_CASE(upcall_queue_test_drain),
	KUNIT_CASE(upcall_queue_test_workers),
	{}
};

static struct kunit_suite upcall_queue_test_suite = {
	.name = "hip_upcall_queue",
	.init = upcall_queue_test_init,
	.exit = upcall_queue_test_exit,
	.test_cases = upcall_queue_test_cases,
};

kunit_test_suite(upcall_queue_test_suite);
