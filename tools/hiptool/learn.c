// SPDX-License-Identifier: GPL-2.0
/*
 * hiptool peer learn: call a host of which only the address is known, and tell
 * its HIT.
 */
#include <errno.h>
#include <sys/socket.h>
#include <time.h>

#include <linux/hip.h>

#include "hiptool.h"

#define WAIT_DEFAULT	60	/* seconds */
#define WAIT_MAX	3600

/**
 * struct call - an exchange with somebody
 * @local: HIT of our identity
 * @locator: where the other is
 * @deadline: on CLOCK_MONOTONIC, seconds
 * @lost: the kernel had more events for us than there was room for
 * @done: it has come to an end
 * @status: which one, an exit status
 */
struct call {
	struct in6_addr local;
	struct locator locator;
	time_t deadline;
	bool lost;
	bool done;
	int status;
};

/* A socket of its own: what happens before the kernel's answer counts too */
static struct nl events;

static time_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec;
}

static int choose_local(const char *word, struct in6_addr *local)
{
	struct addresses preferred;
	int status;

	if (word)
		return identity_resolve(word, local);
	status = link_preferred(&preferred);
	if (status)
		return status;
	if (!preferred.n)
		return fail("as whom? there is no default identity: hiptool identity add");
	*local = preferred.addr[0];
	return EXIT_OK;
}

static bool is_ours(const struct call *call, const struct nlattr **tb)
{
	const struct nlattr *addr[HIP_A_LOCATOR_MAX + 1];
	struct in6_addr local;
	const uint8_t *data;
	size_t len;

	if (!nl_in6(tb[HIP_A_LOCAL_HIT], &local) ||
	    memcmp(&local, &call->local, sizeof(local)) ||
	    !tb[HIP_A_PEER_LOCATOR])
		return false;
	nl_parse_nested(tb[HIP_A_PEER_LOCATOR], addr, HIP_A_LOCATOR_MAX);
	data = nl_data(addr[call->locator.type], &len);
	return len == call->locator.len &&
	       !memcmp(data, call->locator.addr, len);
}

static void failed(struct call *call, uint8_t reason)
{
	char buf[NAME_BUF_LEN];
	const char *text = reason_text(reason);

	call->done = true;
	call->status = EXIT_KERNEL;
	fprintf(stderr, "Error: %s%s%s\n",
		name_of(reason_names, reason, buf), text ? ": " : "",
		text ? text : "");
}

static void learnt(struct call *call, const struct nlattr **tb)
{
	char text[INET6_ADDRSTRLEN];

	call->done = true;
	print_object_begin(NULL);
	print_string("hit", "%s\n", attr_hit(tb[HIP_A_PEER_HIT], text));
	print_object_end();
	/* on stderr: what is on stdout is the HIT and nothing else */
	if (!print_is_json())
		fputs("Only this address vouches for it: compare it with what is shown there.\n",
		      stderr);
}

static void hear(struct call *call, const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[HIP_A_MAX + 1];
	uint8_t reason;

	nl_parse(nlh, tb, HIP_A_MAX);
	if (!is_ours(call, tb))
		return;
	reason = nl_u8(tb[HIP_A_REASON]);
	switch (nl_cmd(nlh)) {
	case HIP_CMD_LEARNT_EVENT:
		learnt(call, tb);
		break;
	case HIP_CMD_FAILURE_EVENT:
		failed(call, reason);
		break;
	case HIP_CMD_ASSOC_EVENT:
		/* given up by somebody; what an R1 has begun that was no good
		 * is removed without a reason
		 */
		if (nl_u8(tb[HIP_A_EVENT]) == HIP_EVENT_REMOVED &&
		    reason != HIP_REASON_NONE &&
		    reason != HIP_REASON_REPLACED)
			failed(call, reason);
		break;
	}
}

static int listen_to_events(void)
{
	int err;

	err = nl_open(&events, NETLINK_GENERIC);
	if (!err)
		err = nl_resolve(&events, HIP_FAMILY_NAME);
	if (!err)
		err = nl_join(&events, HIP_MCGRP_EVENTS);
	if (!err)
		return EXIT_OK;
	genl.msg[0] = '\0';
	return kernel_error(err, "listening to events", NULL);
}

/* Until it is known how the call ends */
static int await(struct call *call)
{
	while (!call->done) {
		const struct nlmsghdr *nlh = (const void *)events.rx;
		struct timeval left = { .tv_sec = call->deadline - now() };
		ssize_t n = -ETIMEDOUT;
		int rest;

		if (left.tv_sec > 0) {
			setsockopt(mnl_socket_get_fd(events.sock), SOL_SOCKET,
				   SO_RCVTIMEO, &left, sizeof(left));
			n = nl_recv(&events);
		}
		if (n == -ETIMEDOUT && call->lost)
			return fail("its end was not heard of, events were lost: see peer show");
		if (n == -ETIMEDOUT)
			return fail("no end of it in time: hiptool assoc show");
		if (n == -ENOBUFS) {
			call->lost = true;
			continue;
		}
		if (n < 0)
			return fail("cannot listen: %s", strerror((int)-n));
		for (rest = (int)n; mnl_nlmsg_ok(nlh, rest) && !call->done;
		     nlh = mnl_nlmsg_next(nlh, &rest))
			if (nlh->nlmsg_type == events.family)
				hear(call, nlh);
	}
	return call->status;
}

/**
 * peer_learn() - hiptool peer learn
 * @args: what follows the verb
 *
 * Return: an exit status.
 */
int peer_learn(struct args *args)
{
	const char *local = NULL, *where = NULL, *word;
	time_t seconds = WAIT_DEFAULT;
	struct call call = { .done = false };
	struct nlmsghdr *nlh;
	int status;

	while (args->argc) {
		if (args_word(args, "via")) {
			where = args_value(args, "via");
			args_locator(args, where, &call.locator);
		} else if (args_word(args, "local")) {
			local = args_value(args, "local");
		} else if (args_word(args, "wait")) {
			word = args_value(args, "wait");
			seconds = (time_t)args_number(args, "wait", word,
						      WAIT_MAX);
		} else {
			args_end(args);
		}
	}
	if (!where)
		args_bad(args, "where is the peer? \"via ADDR\" is missing");

	status = kernel_open();
	if (!status)
		status = choose_local(local, &call.local);
	if (!status)
		status = listen_to_events();
	if (status)
		return status;
	nlh = nl_request(&genl, HIP_CMD_PEER_LEARN, 0);
	mnl_attr_put(nlh, HIP_A_LOCAL_HIT, sizeof(call.local), &call.local);
	put_locator(nlh, HIP_A_PEER_LOCATOR, &call.locator);
	status = kernel_do(nlh, NULL, NULL, "calling", where);
	call.deadline = now() + seconds;
	if (!status)
		status = await(&call);
	nl_close(&events);
	return status;
}
