// SPDX-License-Identifier: GPL-2.0
/*
 * Threads that answer the kernel's requests.
 *
 * Each has two sockets.  On one it hears that there is work (which may be lost
 * when too much of it is announced: the next announcement, or the error that
 * says so, does as well); on the other, where nothing unasked arrives that
 * could push out an answer, it takes requests until there are none.  When a
 * thread or the whole process dies, its socket is closed, and the kernel gives
 * what was taken to somebody else.
 */
#include "worker.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include <linux/hip.h>

#include "log.h"
#include "nl.h"
#include "request.h"

#define BACKOFF_MAX_MS	30000	/* between two looks for the module */
#define ANSWER_MAX_S	10	/* the kernel never takes that long */
#define STACK_SIZE	(512 * 1024)

/**
 * struct worker - a thread
 * @thread: its handle
 * @ask: for accept and done
 * @listen: for announcements, of work and of the family itself
 * @reply: HIP_CMD_UPCALL_DONE is made here; aligned as struct nl is
 * @asked: it has asked for work, or failed to
 */
struct worker {
	pthread_t thread;
	struct nl ask;
	struct nl listen;
	char reply[NL_BUF_LEN];
	bool asked;
};

static struct {
	struct worker **all;
	unsigned int n;
	sem_t asked;		/* posted once by each */
	int stop_fd;		/* readable when @stop */
	atomic_bool stop;
	atomic_bool gone;	/* the module; logged once, not once a thread */
	unsigned int delay_ms;
} workers = { .stop_fd = -1 };

/* Return: false when hipd is to end */
static bool wait_for(int fd, int timeout_ms)
{
	struct pollfd fds[2] = {
		{ .fd = workers.stop_fd, .events = POLLIN },
		{ .fd = fd, .events = POLLIN },
	};

	poll(fds, fd < 0 ? 1 : 2, timeout_ms);
	return !atomic_load(&workers.stop);
}

static void close_sockets(struct worker *w)
{
	nl_close(&w->ask);
	nl_close(&w->listen);
}

static int open_sockets(struct worker *w)
{
	const struct timeval patience = { .tv_sec = ANSWER_MAX_S };
	int err, ctrl = GENL_ID_CTRL;

	err = nl_open(&w->listen, NETLINK_GENERIC);
	if (!err)
		err = nl_open(&w->ask, NETLINK_GENERIC);
	if (err)
		return err;
	/* An answer that never comes must not end this thread for good. */
	setsockopt(mnl_socket_get_fd(w->ask.sock), SOL_SOCKET, SO_RCVTIMEO,
		   &patience, sizeof(patience));
	/* First listen, then look: the module may come in between. */
	mnl_socket_setsockopt(w->listen.sock, NETLINK_ADD_MEMBERSHIP, &ctrl,
			      sizeof(ctrl));
	err = nl_resolve(&w->listen, HIP_FAMILY_NAME);
	if (err)
		return err;
	w->ask.family = w->listen.family;
	return nl_join(&w->listen, HIP_MCGRP_UPCALL);
}

static void report(int err)
{
	if (!err) {
		if (atomic_exchange(&workers.gone, false))
			log_info("Host Identity Protocol kernel module is back");
	} else if (!atomic_exchange(&workers.gone, true)) {
		if (err == -ENOENT)
			log_warning(HIP_NO_MODULE " (waiting for it)");
		else
			log_warning("netlink: %s (trying again)",
				    strerror(-err));
	}
}

/* Return: false when hipd is to end */
static bool reopen(struct worker *w)
{
	int backoff = 1000;

	for (;;) {
		int fd, err;

		close_sockets(w);
		err = open_sockets(w);
		report(err);
		if (!err)
			return true;
		/*
		 * With the listening socket in place the family's coming
		 * wakes us up; the time-out is for when it is not.
		 */
		fd = w->listen.sock ? mnl_socket_get_fd(w->listen.sock) : -1;
		if (!wait_for(fd, backoff))
			return false;
		if (backoff < BACKOFF_MAX_MS)
			backoff *= 2;
	}
}

/* Is this the controller saying that our family came or went? */
static bool is_family_news(const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[CTRL_ATTR_MAX + 1];

	if (nlh->nlmsg_type != GENL_ID_CTRL ||
	    (nl_cmd(nlh) != CTRL_CMD_NEWFAMILY &&
	     nl_cmd(nlh) != CTRL_CMD_DELFAMILY))
		return false;
	nl_parse(nlh, tb, CTRL_ATTR_MAX);
	return !strcmp(nl_str(tb[CTRL_ATTR_FAMILY_NAME]), HIP_FAMILY_NAME);
}

/*
 * Take what has been announced.
 * Return: 0, or -ENODEV when the family is another now, or none
 */
static int drain(struct worker *w)
{
	for (;;) {
		const struct nlmsghdr *nlh = (const void *)w->listen.rx;
		ssize_t n;
		int len;

		n = recv(mnl_socket_get_fd(w->listen.sock), w->listen.rx,
			 sizeof(w->listen.rx), MSG_DONTWAIT);
		if (n < 0) {
			if (errno == EAGAIN)
				return 0;
			if (errno == ENOBUFS || errno == EINTR)
				continue;	/* we look for work anyway */
			return -ENODEV;
		}
		for (len = (int)n; mnl_nlmsg_ok(nlh, len);
		     nlh = mnl_nlmsg_next(nlh, &len))
			if (is_family_news(nlh))
				return -ENODEV;
	}
}

/* The kernel counts on us from our first question on: workers_start() waits */
static void has_asked(struct worker *w)
{
	if (!w->asked)
		sem_post(&workers.asked);
	w->asked = true;
}

static int answer(const struct nlmsghdr *request, void *data)
{
	struct worker *w = data;
	struct nlmsghdr *reply;

	has_asked(w);
	if (workers.delay_ms)
		wait_for(-1, (int)workers.delay_ms);

	/* @request lies in w->ask.rx, the next message goes to w->ask.buf */
	reply = nl_request(&w->ask, HIP_CMD_UPCALL_DONE, 0);
	request_answer(request, reply, &workers.stop);
	memcpy(w->reply, reply, reply->nlmsg_len);
	OPENSSL_cleanse(reply, reply->nlmsg_len);
	return 0;
}

/*
 * Answer requests until there are none.
 * Return: 0 or a negative errno: the socket is of no more use
 */
static int serve(struct worker *w)
{
	struct nlmsghdr *reply = (void *)w->reply;
	int err;

	while (!atomic_load(&workers.stop)) {
		reply->nlmsg_len = 0;
		err = nl_do(&w->ask, nl_request(&w->ask, HIP_CMD_UPCALL_ACCEPT,
						0), answer, w);
		if (err == -EAGAIN && !reply->nlmsg_len) {
			OPENSSL_cleanse(w->ask.rx, sizeof(w->ask.rx));
			return 0;
		}
		if (err || !reply->nlmsg_len)
			return err ? err : -EPROTO;
		/* unanswered: closing the socket hands it to another hipd */
		if (atomic_load(&workers.stop))
			break;

		err = nl_do(&w->ask, reply, NULL, NULL);
		OPENSSL_cleanse(w->reply, reply->nlmsg_len);
		if (err == -ENOENT || err == -ESRCH)
			log_debug("answer came too late");
		else if (err)
			log_debug("answer refused: %s %s", strerror(-err),
				  w->ask.msg);
		if (err == -ETIMEDOUT || err == -ENOBUFS)
			return err;
	}
	return 0;
}

static void *run(void *arg)
{
	struct worker *w = arg;
	bool failed = false;

	for (;;) {
		int err = drain(w);
		bool go_on;

		if (!err)
			err = serve(w);
		has_asked(w);
		/* After a failure look for work at once, but not after each */
		if (!err)
			go_on = wait_for(mnl_socket_get_fd(w->listen.sock), -1);
		else
			go_on = (!failed || wait_for(-1, 1000)) && reopen(w);
		if (!go_on)
			break;
		failed = err;
	}

	OPENSSL_thread_stop();
	return NULL;
}

static struct worker *start_one(pthread_attr_t *attr, int *err)
{
	struct worker *w = calloc(1, sizeof(*w));

	if (!w) {
		*err = -ENOMEM;
		return NULL;
	}
	*err = open_sockets(w);
	if (!*err)
		*err = -pthread_create(&w->thread, attr, run, w);
	if (*err) {
		close_sockets(w);
		free(w);
		return NULL;
	}
	return w;
}

/**
 * workers_start() - start the threads
 * @n: how many
 *
 * When it returns they are listening, and the kernel knows that there is a
 * helper.  The environment's HIPD_TEST_DELAY_MS makes them wait before each
 * answer, for tests that end hipd in between.
 *
 * Return: 0, or a negative errno: -ENOENT when the module is not there.
 */
int workers_start(unsigned int n)
{
	const char *delay = getenv("HIPD_TEST_DELAY_MS");
	pthread_attr_t attr;
	unsigned int i;
	int err = 0;

	if (delay)
		workers.delay_ms = (unsigned int)strtoul(delay, NULL, 10);
	workers.stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	workers.all = calloc(n, sizeof(*workers.all));
	if (workers.stop_fd < 0 || !workers.all ||
	    sem_init(&workers.asked, 0, 0))
		return -ENOMEM;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	while (!err && workers.n < n) {
		struct worker *w = start_one(&attr, &err);

		if (w)
			workers.all[workers.n++] = w;
	}
	pthread_attr_destroy(&attr);
	for (i = 0; !err && i < workers.n; i++)
		while (sem_wait(&workers.asked) && errno == EINTR)
			;
	return err;
}

/**
 * workers_stop() - end the threads
 *
 * What they are working on is dropped; the kernel gives it to another hipd.
 */
void workers_stop(void)
{
	const uint64_t one = 1;
	unsigned int i;

	atomic_store(&workers.stop, true);
	if (workers.stop_fd >= 0 &&
	    write(workers.stop_fd, &one, sizeof(one)) != sizeof(one))
		log_debug("eventfd: %s", strerror(errno));
	for (i = 0; i < workers.n; i++) {
		struct worker *w = workers.all[i];

		pthread_join(w->thread, NULL);
		close_sockets(w);
		OPENSSL_cleanse(w, sizeof(*w));
		free(w);
	}
	workers.n = 0;
	free(workers.all);
	workers.all = NULL;
	if (workers.stop_fd >= 0)
		close(workers.stop_fd);
	workers.stop_fd = -1;
}
