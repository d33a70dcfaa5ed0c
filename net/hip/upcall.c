// SPDX-License-Identifier: GPL-2.0
/*
 * Requests to hipd: how the kernel asks, and what if nobody answers.
 *
 * The asking task sleeps with its request on its stack.  Announcements carry
 * nothing: a worker pulls requests until there are none, so that one that
 * starts late, or has missed an announcement, still finds all the work.
 * upcall_queue.c decides which answer counts.
 *
 * Requests and answers carry secrets (private Diffie-Hellman values, shared
 * secrets).  What arrives is wiped in the received message after use; what
 * leaves is in a message of exactly the needed size, so that netlink does not
 * copy it.  It lies in the worker's receive queue until the worker reads it and
 * then returns to the allocator without being cleared, unless the kernel does
 * that for all memory (init_on_free=1).
 */
#include <linux/jiffies.h>
#include <linux/netlink.h>
#include <linux/notifier.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/genetlink.h>

#include "identity.h"
#include "net.h"
#include "netlink.h"
#include "r1.h"
#include "upcall.h"
#include "upcall_queue.h"
#include "wire.h"

/* The most results of variable length that an answer has */
#define HIP_UPCALL_RESULTS	2
/* Milliseconds for which a netlink request waits at most: see netlink.c */
#define HIP_UPCALL_USER_MAX	10000

/**
 * struct hip_upcall_net - requests of one namespace
 * @queue: the requests, and the workers
 */
struct hip_upcall_net {
	struct hip_upcall_queue queue;
};

/* Octets that somebody else keeps */
struct hip_upcall_blob {
	u16 attr;		/* HIP_A_*; 0: not there */
	u16 len;
	const void *data;
};

/**
 * struct hip_upcall_result - octets that the worker must deliver
 * @attr: HIP_A_*, 0: none
 * @min: the least octets that are acceptable
 * @max: the most octets, which @buf has room for
 * @buf: where they go
 * @len: how many came
 */
struct hip_upcall_result {
	u16 attr;
	u16 min;
	u16 max;
	u16 len;
	void *buf;
};

#define HIP_UPCALL_BLOBS	5

/**
 * struct hip_upcall - a question and the place for its answer
 * @req: its way through the queue; first member
 * @type: enum hip_upcall_type
 * @until: jiffies when nobody waits any more
 * @hi_alg: HI algorithm; asked for if @want_hi_alg, else sent if not 0
 * @hit_suite: sent if not 0
 * @group: DH group; sent if not 0
 * @k: difficulty of a puzzle; sent for HIP_UPCALL_PUZZLE
 * @want_hi_alg: the worker must name the HI algorithm
 * @n_blobs: used entries of @blob
 * @blob: octets to send
 * @result: octets to receive
 */
struct hip_upcall {
	struct hip_upcall_req req;
	u8 type;
	unsigned long until;
	u16 hi_alg;
	u8 hit_suite;
	u8 group;
	u8 k;
	bool want_hi_alg;
	unsigned int n_blobs;
	struct hip_upcall_blob blob[HIP_UPCALL_BLOBS];
	struct hip_upcall_result result[HIP_UPCALL_RESULTS];
};

static void hip_upcall_add_blob(struct hip_upcall *u, u16 attr,
				const void *data, size_t len)
{
	struct hip_upcall_blob *blob = &u->blob[u->n_blobs++];

	blob->attr = attr;
	blob->data = data;
	blob->len = len;
}

static void hip_upcall_want(struct hip_upcall *u, unsigned int n, u16 attr,
			    void *buf, size_t min, size_t max)
{
	u->result[n].attr = attr;
	u->result[n].buf = buf;
	u->result[n].min = min;
	u->result[n].max = max;
}

/* Octets of the attributes that hip_upcall_fill() writes */
static size_t hip_upcall_size(const struct hip_upcall *u)
{
	size_t size;
	unsigned int i;

	size = nla_total_size_64bit(sizeof(u64)) +	/* UPCALL_ID */
	       nla_total_size(sizeof(u8)) +		/* UPCALL_TYPE */
	       nla_total_size(sizeof(u32)) +		/* TIMEOUT_MS */
	       nla_total_size(sizeof(u16)) +		/* HI_ALGORITHM */
	       3 * nla_total_size(sizeof(u8));	/* HIT_SUITE to PUZZLE_K */
	for (i = 0; i < u->n_blobs; i++)
		size += nla_total_size(u->blob[i].len);
	return size;
}

static int hip_upcall_fill(struct sk_buff *skb, const struct hip_upcall *u)
{
	unsigned long now = jiffies;
	unsigned int i, left = 0;

	if (time_before(now, u->until))
		left = jiffies_to_msecs(u->until - now);

	if (nla_put_u64_64bit(skb, HIP_A_UPCALL_ID, u->req.id, HIP_A_PAD) ||
	    nla_put_u8(skb, HIP_A_UPCALL_TYPE, u->type) ||
	    nla_put_u32(skb, HIP_A_TIMEOUT_MS, left))
		return -EMSGSIZE;
	if (u->hi_alg && nla_put_u16(skb, HIP_A_HI_ALGORITHM, u->hi_alg))
		return -EMSGSIZE;
	if (u->hit_suite && nla_put_u8(skb, HIP_A_HIT_SUITE, u->hit_suite))
		return -EMSGSIZE;
	if (u->group && nla_put_u8(skb, HIP_A_DH_GROUP, u->group))
		return -EMSGSIZE;
	if (u->type == HIP_UPCALL_PUZZLE &&
	    nla_put_u8(skb, HIP_A_PUZZLE_K, u->k))
		return -EMSGSIZE;
	for (i = 0; i < u->n_blobs; i++)
		if (nla_put(skb, u->blob[i].attr, u->blob[i].len,
			    u->blob[i].data))
			return -EMSGSIZE;
	return 0;
}

/* Asks and waits.  Exactly one outcome: the worker's, or one of those of
 * hip_upcall_queue_withdraw() and _cancel().
 */
static int hip_upcall_run(struct hip_net *hn, struct hip_upcall_owner *owner,
			  struct hip_upcall *u, unsigned int timeout_ms)
{
	unsigned long timeout = msecs_to_jiffies(timeout_ms);
	struct hip_upcall_queue *q = &hn->upcall->queue;
	long left;
	int err;

	might_sleep();

	u->until = jiffies + timeout;
	err = hip_upcall_queue_add(q, &u->req, owner,
				   READ_ONCE(hn->config.max_upcalls));
	if (err) {
		if (err == -EAGAIN)
			HIP_INC_STATS(hn, UPCALL_FULL);
		return err;
	}
	HIP_INC_STATS(hn, UPCALLS);
	hip_netlink_upcall_ready(hn);

	/* Threads of a workqueue have no signals, so this is an ordinary wait
	 * for them; a process (IDENTITY_ADD) can be killed out of it.
	 */
	left = wait_for_completion_killable_timeout(&u->req.done, timeout);
	if (left < 0) {
		hip_upcall_queue_withdraw(q, &u->req, -EINTR, -EINTR);
	} else if (!left) {
		err = hip_upcall_available(hn) ? -ETIMEDOUT : -ESRCH;
		hip_upcall_queue_withdraw(q, &u->req, err, -ETIMEDOUT);
	}

	switch (u->req.error) {
	case 0:
	case -ECANCELED:
	case -EINTR:
	case -EKEYREJECTED:	/* hipd has done its work, and said no */
		break;
	case -ESRCH:
		HIP_INC_STATS(hn, UPCALL_NO_HELPER);
		break;
	case -ETIMEDOUT:
		HIP_INC_STATS(hn, UPCALL_TIMEOUT);
		break;
	case -EPROTO:
		HIP_INC_STATS(hn, UPCALL_BAD_REPLY);
		break;
	default:
		HIP_INC_STATS(hn, UPCALL_FAILED);
		break;
	}
	return u->req.error;
}

/**
 * hip_upcall_sign() - sign with the private key of a local identity
 * @hn: namespace
 * @owner: for hip_upcall_cancel()
 * @hit: HIT of the identity
 * @data: what the signature covers, RFC 7401 6.4.2
 * @len: octets of @data
 * @sig: room for HIP_SIG_MAX octets: contents of HIP_SIGNATURE without the
 *	algorithm
 * @sig_len: octets of the signature
 *
 * Process context, sleeps.
 *
 * Return: 0 or an error of upcall.h.
 */
int hip_upcall_sign(struct hip_net *hn, struct hip_upcall_owner *owner,
		    const struct in6_addr *hit, const void *data, size_t len,
		    u8 *sig, size_t *sig_len)
{
	struct hip_upcall u = { .type = HIP_UPCALL_SIGN };
	struct hip_identity *id;
	int err;

	id = hip_identity_find(hn, hit);
	if (!id)
		return -ENOKEY;

	hip_upcall_add_blob(&u, HIP_A_HIT, hit, sizeof(*hit));
	hip_upcall_add_blob(&u, HIP_A_NAME, id->name, strlen(id->name) + 1);
	hip_upcall_add_blob(&u, HIP_A_DATA, data, len);
	hip_upcall_want(&u, 0, HIP_A_SIGNATURE, sig, 1, HIP_SIG_MAX);
	u.hi_alg = id->hi_alg;
	u.hit_suite = id->suite;
	err = hip_upcall_run(hn, owner, &u,
			     READ_ONCE(hn->config.upcall_timeout));
	if (!err)
		*sig_len = u.result[0].len;
	hip_identity_put(id);
	return err;
}

/**
 * hip_upcall_verify() - verify a signature of a peer
 * @hn: namespace
 * @owner: for hip_upcall_cancel()
 * @hi_alg: HI algorithm, enum hip_hi_alg
 * @hit_suite: HIT suite of the signer, which names the hash
 * @hi: HI field of its HOST_ID
 * @hi_len: octets of @hi
 * @data: what the signature covers, RFC 7401 6.4.2
 * @len: octets of @data
 * @sig: contents of HIP_SIGNATURE without the algorithm
 * @sig_len: octets of @sig
 *
 * Process context, sleeps.
 *
 * Return: 0 if it is good, -EKEYREJECTED if not, or another error of upcall.h.
 */
int hip_upcall_verify(struct hip_net *hn, struct hip_upcall_owner *owner,
		      u16 hi_alg, u8 hit_suite, const void *hi, size_t hi_len,
		      const void *data, size_t len, const void *sig,
		      size_t sig_len)
{
	struct hip_upcall u = { .type = HIP_UPCALL_VERIFY };

	u.hi_alg = hi_alg;
	u.hit_suite = hit_suite;
	hip_upcall_add_blob(&u, HIP_A_HI, hi, hi_len);
	hip_upcall_add_blob(&u, HIP_A_DATA, data, len);
	hip_upcall_add_blob(&u, HIP_A_SIGNATURE, sig, sig_len);
	return hip_upcall_run(hn, owner, &u,
			      READ_ONCE(hn->config.upcall_timeout));
}

/**
 * hip_upcall_dh_generate() - make an ephemeral Diffie-Hellman key pair
 * @hn: namespace
 * @owner: for hip_upcall_cancel()
 * @group: DH group, RFC 7401 5.2.7
 * @key: result; secret: wipe with memzero_explicit()
 *
 * Process context, sleeps.
 *
 * Return: 0 or an error of upcall.h; then @key is wiped.
 */
int hip_upcall_dh_generate(struct hip_net *hn, struct hip_upcall_owner *owner,
			   u8 group, struct hip_dh_key *key)
{
	struct hip_upcall u = { .type = HIP_UPCALL_DH_GENERATE };
	unsigned int len = hip_dh_pub_len(group);
	int err;

	if (!len || len > HIP_DH_PUBLIC_MAX)
		return -EOPNOTSUPP;

	u.group = group;
	hip_upcall_want(&u, 0, HIP_A_DH_PUBLIC, key->public, len, len);
	hip_upcall_want(&u, 1, HIP_A_DH_PRIVATE, key->private, 1,
			HIP_DH_SECRET_MAX);
	err = hip_upcall_run(hn, owner, &u,
			     READ_ONCE(hn->config.upcall_timeout));
	if (err) {
		memzero_explicit(key, sizeof(*key));
		return err;
	}
	key->group = group;
	key->public_len = u.result[0].len;
	key->private_len = u.result[1].len;
	return 0;
}

/**
 * hip_upcall_dh_derive() - compute the Diffie-Hellman shared secret
 * @hn: namespace
 * @owner: for hip_upcall_cancel()
 * @key: our key pair
 * @public: the peer's public value, which hipd checks
 * @public_len: octets of @public
 * @secret: room for HIP_DH_SECRET_MAX octets: Kij, RFC 7401 6.5; wipe after use
 * @secret_len: octets of Kij
 *
 * Process context, sleeps.
 *
 * Return: 0, -EKEYREJECTED for a bad public value, or another error of
 * upcall.h.
 */
int hip_upcall_dh_derive(struct hip_net *hn, struct hip_upcall_owner *owner,
			 const struct hip_dh_key *key, const void *public,
			 size_t public_len, u8 *secret, size_t *secret_len)
{
	struct hip_upcall u = { .type = HIP_UPCALL_DH_DERIVE };
	unsigned int len = hip_dh_kij_len(key->group);
	int err;

	if (!len || len > HIP_DH_SECRET_MAX)
		return -EOPNOTSUPP;

	u.group = key->group;
	hip_upcall_add_blob(&u, HIP_A_DH_PRIVATE, key->private,
			    key->private_len);
	hip_upcall_add_blob(&u, HIP_A_DH_PUBLIC, public, public_len);
	hip_upcall_want(&u, 0, HIP_A_DH_SECRET, secret, len, len);
	err = hip_upcall_run(hn, owner, &u,
			     READ_ONCE(hn->config.upcall_timeout));
	if (err)
		memzero_explicit(secret, len);
	else
		*secret_len = u.result[0].len;
	return err;
}

/**
 * hip_upcall_puzzle() - solve a puzzle, RFC 7401 6.3
 * @hn: namespace
 * @owner: for hip_upcall_cancel()
 * @hit_suite: HIT suite of the Responder, which names RHASH
 * @k: difficulty, bits
 * @i: #I of PUZZLE, as long as RHASH
 * @hit_i: HIT of the Initiator
 * @hit_r: HIT of the Responder
 * @timeout_ms: how long a solution is of use, milliseconds
 * @j: #J, as long as RHASH
 *
 * Process context, sleeps.
 *
 * Return: 0, -ENOENT if no solution was found in time, or another error of
 * upcall.h.
 */
int hip_upcall_puzzle(struct hip_net *hn, struct hip_upcall_owner *owner,
		      u8 hit_suite, u8 k, const u8 *i,
		      const struct in6_addr *hit_i,
		      const struct in6_addr *hit_r, unsigned int timeout_ms,
		      u8 *j)
{
	struct hip_upcall u = { .type = HIP_UPCALL_PUZZLE };
	unsigned int len = hip_rhash_len(hit_suite);

	if (!len)
		return -EOPNOTSUPP;

	u.hit_suite = hit_suite;
	u.k = k;
	hip_upcall_add_blob(&u, HIP_A_PUZZLE_I, i, len);
	hip_upcall_add_blob(&u, HIP_A_INITIATOR_HIT, hit_i, sizeof(*hit_i));
	hip_upcall_add_blob(&u, HIP_A_RESPONDER_HIT, hit_r, sizeof(*hit_r));
	hip_upcall_want(&u, 0, HIP_A_PUZZLE_J, j, len, len);
	return hip_upcall_run(hn, owner, &u, timeout_ms);
}

/**
 * hip_upcall_identity() - read the public key of an identity of hipd
 * @hn: namespace
 * @owner: for hip_upcall_cancel()
 * @name: name of the identity
 * @hi_alg: HI algorithm
 * @hi: room for HIP_HI_MAX octets: HI field
 * @hi_len: octets of the HI field
 *
 * Process context, sleeps; a fatal signal ends it.  Unlike the others it fails
 * at once when no helper is there: a user waits, who can start one.
 *
 * Return: 0, -ENOKEY if hipd has no such identity, or another error of
 * upcall.h.
 */
int hip_upcall_identity(struct hip_net *hn, struct hip_upcall_owner *owner,
			const char *name, u16 *hi_alg, u8 *hi, size_t *hi_len)
{
	struct hip_upcall u = { .type = HIP_UPCALL_IDENTITY };
	int err;

	if (!hip_upcall_available(hn)) {
		HIP_INC_STATS(hn, UPCALL_NO_HELPER);
		return -ESRCH;
	}

	u.want_hi_alg = true;
	hip_upcall_add_blob(&u, HIP_A_NAME, name, strlen(name) + 1);
	hip_upcall_want(&u, 0, HIP_A_HI, hi, 1, HIP_HI_MAX);
	err = hip_upcall_run(hn, owner, &u,
			     min_t(u32, READ_ONCE(hn->config.upcall_timeout),
				   HIP_UPCALL_USER_MAX));
	if (err)
		return err;
	*hi_alg = u.hi_alg;
	*hi_len = u.result[0].len;
	return 0;
}

/**
 * hip_upcall_cancel() - end the requests of an owner
 * @hn: namespace
 * @owner: the owner
 *
 * Any context but hard interrupts.  Those that wait return -ECANCELED, and so
 * do those that come later.
 */
void hip_upcall_cancel(struct hip_net *hn, struct hip_upcall_owner *owner)
{
	hip_upcall_queue_cancel(&hn->upcall->queue, owner);
}

/**
 * hip_upcall_available() - is there anybody to ask?
 * @hn: namespace
 *
 * Any context.  That somebody listens to the announcements does not tell:
 * netlink does not know in which namespace.
 *
 * Return: true if there are workers, sockets that have asked for requests.
 */
bool hip_upcall_available(struct hip_net *hn)
{
	return READ_ONCE(hn->upcall->queue.n_workers);
}

/**
 * hip_upcall_count() - how many requests are on their way?
 * @hn: namespace
 *
 * Any context.
 *
 * Return: requests that are pending or accepted.
 */
unsigned int hip_upcall_count(struct hip_net *hn)
{
	return READ_ONCE(hn->upcall->queue.count);
}

/* Locks the queue and returns a message that has room for *@u, the first
 * pending request.  *@u is NULL if there is none, and the message is NULL if
 * there is no memory.  The size is found out first, because netlink copies
 * messages that are much too large, and that would leave secrets behind.
 */
static struct sk_buff *hip_upcall_lock_first(struct hip_upcall_queue *q,
					     struct hip_upcall **u)
	__acquires(&q->lock)
{
	struct hip_upcall_req *req;
	struct sk_buff *skb = NULL;
	size_t need, have = 0;

	for (;;) {
		spin_lock_bh(&q->lock);
		req = hip_upcall_queue_first(q);
		*u = req ? container_of(req, struct hip_upcall, req) : NULL;
		if (!req)
			return skb;
		need = hip_upcall_size(*u);
		if (need <= have)
			return skb;
		spin_unlock_bh(&q->lock);

		nlmsg_free(skb);
		skb = genlmsg_new(need, GFP_KERNEL);
		have = skb ? need : SIZE_MAX;
	}
}

/**
 * hip_upcall_accept() - a worker wants a request
 * @hn: namespace
 * @info: its UPCALL_ACCEPT, which the request answers
 *
 * Process context.  The request is this socket's until it is answered or the
 * socket is closed.
 *
 * Return: 0, -EAGAIN if there is nothing to do, -ENOMEM, or what netlink says
 * if the worker can't be told; then the request waits for another one.
 */
int hip_upcall_accept(struct hip_net *hn, struct genl_info *info)
{
	struct hip_upcall_queue *q = &hn->upcall->queue;
	struct sk_buff *skb;
	struct hip_upcall *u;
	void *hdr = NULL;
	u64 id = 0;
	int err;

	err = hip_upcall_queue_hello(q, info->snd_portid);
	if (err < 0)
		return err;
	/* Somebody may have failed because there was no helper */
	if (err > 0)
		hip_r1_helper_appeared(hn);

	err = 0;
	skb = hip_upcall_lock_first(q, &u);
	if (!u) {
		err = -EAGAIN;
	} else if (!skb) {
		err = -ENOMEM;
	} else {
		id = u->req.id;
		hdr = genlmsg_put_reply(skb, info, &hip_nl_family, 0,
					HIP_CMD_UPCALL_ACCEPT);
		if (!hdr || hip_upcall_fill(skb, u))
			err = -EMSGSIZE;
		/* It can't fit into any message: nobody shall wait for that */
		if (err)
			hip_upcall_queue_complete(q, &u->req, err);
		else
			hip_upcall_queue_accept(q, &u->req, info->snd_portid);
	}
	spin_unlock_bh(&q->lock);

	if (err) {
		if (err == -EAGAIN)
			GENL_SET_ERR_MSG(info, "no request is pending");
		nlmsg_free(skb);
		return err;
	}

	genlmsg_end(skb, hdr);
	err = genlmsg_reply(skb, info);
	if (err && hip_upcall_queue_return(q, id, info->snd_portid)) {
		HIP_INC_STATS(hn, UPCALL_REQUEUED);
		hip_netlink_upcall_ready(hn);
	}
	return err;
}

static int hip_upcall_status_errno(u8 status)
{
	switch (status) {
	case HIP_UPCALL_STATUS_OK:
		return 0;
	case HIP_UPCALL_STATUS_UNKNOWN_KEY:
		return -ENOKEY;
	case HIP_UPCALL_STATUS_BAD_SIGNATURE:
	case HIP_UPCALL_STATUS_BAD_PUBLIC_VALUE:
		return -EKEYREJECTED;
	case HIP_UPCALL_STATUS_UNSUPPORTED:
		return -EOPNOTSUPP;
	case HIP_UPCALL_STATUS_NOT_FOUND:
		return -ENOENT;
	default:
		return -EIO;
	}
}

/* Copies the results of an answer; -EINVAL if they do not fit the question */
static int hip_upcall_copy_results(struct hip_upcall *u, struct genl_info *info)
{
	struct hip_upcall_result *res;
	struct nlattr *nla;
	unsigned int i;

	if (u->want_hi_alg) {
		nla = info->attrs[HIP_A_HI_ALGORITHM];
		if (!nla) {
			GENL_SET_ERR_MSG(info,
					 "the answer lacks the HI algorithm");
			return -EINVAL;
		}
		u->hi_alg = nla_get_u16(nla);
	}
	for (i = 0; i < ARRAY_SIZE(u->result); i++) {
		res = &u->result[i];
		if (!res->attr)
			continue;
		nla = info->attrs[res->attr];
		if (!nla) {
			GENL_SET_ERR_MSG(info,
					 "the answer lacks what was asked for");
			return -EINVAL;
		}
		if (nla_len(nla) < res->min || nla_len(nla) > res->max) {
			NL_SET_ERR_MSG_ATTR(info->extack, nla,
					    "length does not fit the request");
			return -EINVAL;
		}
		res->len = nla_len(nla);
		memcpy(res->buf, nla_data(nla), res->len);
	}
	return 0;
}

/* The answer of a worker to request @id, with the queue locked */
static int hip_upcall_answer(struct hip_net *hn, struct genl_info *info, u64 id)
{
	struct hip_upcall_queue *q = &hn->upcall->queue;
	struct hip_upcall_req *req;
	struct hip_upcall *u;
	u8 status;
	int err;

	lockdep_assert_held(&q->lock);

	req = hip_upcall_queue_find(q, id);
	if (!req) {
		HIP_INC_STATS(hn, UPCALL_LATE);
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[HIP_A_UPCALL_ID],
				    "no such request: answered, timed out or cancelled");
		return -ENOENT;
	}
	if (req->portid != info->snd_portid) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[HIP_A_UPCALL_ID],
				    "another socket has accepted this request");
		return -EPERM;
	}

	u = container_of(req, struct hip_upcall, req);
	status = nla_get_u8(info->attrs[HIP_A_UPCALL_STATUS]);
	if (status != HIP_UPCALL_STATUS_OK) {
		hip_upcall_queue_complete(q, req,
					  hip_upcall_status_errno(status));
		return 0;
	}
	err = hip_upcall_copy_results(u, info);
	hip_upcall_queue_complete(q, req, err ? -EPROTO : 0);
	return err;
}

/**
 * hip_upcall_done() - a worker answers a request
 * @hn: namespace
 * @info: its UPCALL_DONE; wiped
 *
 * Process context.
 *
 * Return: 0, -EINVAL if the answer does not fit the request (which fails with
 * -EPROTO), -ENOENT if nobody waits for it, -EPERM if another socket has
 * accepted the request.
 */
int hip_upcall_done(struct hip_net *hn, struct genl_info *info)
{
	struct hip_upcall_queue *q = &hn->upcall->queue;
	int err = -EINVAL;
	u64 id;

	if (!info->attrs[HIP_A_UPCALL_ID]) {
		GENL_SET_ERR_MSG(info, "upcall-id is missing");
	} else if (!info->attrs[HIP_A_UPCALL_STATUS]) {
		GENL_SET_ERR_MSG(info, "upcall-status is missing");
	} else {
		id = nla_get_u64(info->attrs[HIP_A_UPCALL_ID]);
		spin_lock_bh(&q->lock);
		err = hip_upcall_answer(hn, info, id);
		spin_unlock_bh(&q->lock);
	}

	/* The message is the kernel's own copy; an error report quotes zeros */
	memzero_explicit(genlmsg_data(info->genlhdr),
			 genlmsg_len(info->genlhdr));
	return err;
}

/* A netlink socket was closed: was it a worker's? */
static int hip_upcall_netlink_event(struct notifier_block *nb,
				    unsigned long event, void *ptr)
{
	struct netlink_notify *n = ptr;
	struct hip_net *hn;
	unsigned int count;

	if (event != NETLINK_URELEASE || n->protocol != NETLINK_GENERIC)
		return NOTIFY_DONE;

	/* Somebody has had this socket, so its namespace is whole */
	hn = hip_pernet(n->net);
	count = hip_upcall_queue_release(&hn->upcall->queue, n->portid);
	if (count) {
		HIP_ADD_STATS(hn, UPCALL_REQUEUED, count);
		hip_netlink_upcall_ready(hn);
	}
	return NOTIFY_DONE;
}

static struct notifier_block hip_upcall_notifier = {
	.notifier_call = hip_upcall_netlink_event,
};

/**
 * hip_upcall_net_init() - prepare requests of a new namespace
 * @hn: namespace
 *
 * Return: 0 or -ENOMEM.
 */
int hip_upcall_net_init(struct hip_net *hn)
{
	hn->upcall = kzalloc(sizeof(*hn->upcall), GFP_KERNEL);
	if (!hn->upcall)
		return -ENOMEM;
	hip_upcall_queue_init(&hn->upcall->queue);
	return 0;
}

/**
 * hip_upcall_net_stop() - let nobody of a namespace wait for hipd any more
 * @hn: namespace
 *
 * All requests, also those to come, end with -ECANCELED.
 */
void hip_upcall_net_stop(struct hip_net *hn)
{
	hip_upcall_queue_drain(&hn->upcall->queue);
}

/**
 * hip_upcall_net_exit() - free what a namespace has
 * @hn: namespace, whose workqueue is gone
 */
void hip_upcall_net_exit(struct hip_net *hn)
{
	hip_upcall_queue_free(&hn->upcall->queue);
	kfree(hn->upcall);
	hn->upcall = NULL;
}

/**
 * hip_upcall_init() - hear of workers that go away
 *
 * To be called when the namespaces are prepared.
 *
 * Return: 0 or a negative errno.
 */
int hip_upcall_init(void)
{
	return netlink_register_notifier(&hip_upcall_notifier);
}

/**
 * hip_upcall_exit() - undo hip_upcall_init()
 */
void hip_upcall_exit(void)
{
	netlink_unregister_notifier(&hip_upcall_notifier);
}
