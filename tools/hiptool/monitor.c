// SPDX-License-Identifier: GPL-2.0
/*
 * hiptool monitor: events, as they happen.
 */
#include <errno.h>
#include <time.h>

#include <linux/hip.h>

#include "hiptool.h"

static void show_time(void)
{
	struct timespec ts;
	struct tm tm;
	char buf[32];

	if (!opt_details)
		return;
	clock_gettime(CLOCK_REALTIME, &ts);
	print_json_u64("time_ms", (uint64_t)ts.tv_sec * 1000 +
				  (uint64_t)ts.tv_nsec / 1000000);
	if (localtime_r(&ts.tv_sec, &tm) &&
	    strftime(buf, sizeof(buf), "%H:%M:%S", &tm))
		print_text("%s.%03u ", buf,
			   (unsigned int)(ts.tv_nsec / 1000000));
}

static void show_hits(const struct nlattr **tb)
{
	char text[INET6_ADDRSTRLEN];

	print_string("local_hit", " %s", attr_hit(tb[HIP_A_LOCAL_HIT], text));
	if (tb[HIP_A_PEER_HIT])
		print_string("peer_hit", " -> %s",
			     attr_hit(tb[HIP_A_PEER_HIT], text));
}

/* Where a peer is whose HIT was not known */
static void show_learnt(const struct nlattr **tb)
{
	char text[INET6_ADDRSTRLEN];

	show_hits(tb);
	print_string("peer_locator", " at %s",
		     attr_locator(tb[HIP_A_PEER_LOCATOR], text));
}

static void show_reason(const struct nlattr **tb)
{
	const uint8_t reason = nl_u8(tb[HIP_A_REASON]);
	char buf[NAME_BUF_LEN];

	if (!tb[HIP_A_REASON])
		return;
	print_json_string("reason", name_of(reason_names, reason, buf));
	if (reason == HIP_REASON_NONE)
		return;
	print_text(" (%s%s%s)", name_of(reason_names, reason, buf),
		   reason_text(reason) ? ": " : "",
		   reason_text(reason) ? reason_text(reason) : "");
}

static void show_assoc(const struct nlattr **tb)
{
	char text[INET6_ADDRSTRLEN], buf[NAME_BUF_LEN];

	print_json_string("event", name_of(event_names,
					   nl_u8(tb[HIP_A_EVENT]), buf));
	show_hits(tb);
	if (tb[HIP_A_OLD_STATE])
		print_string("old_state", " %s",
			     name_of(state_names, nl_u8(tb[HIP_A_OLD_STATE]),
				     buf));
	print_string("state", " -> %s",
		     name_of(state_names, nl_u8(tb[HIP_A_STATE]), buf));
	if (tb[HIP_A_ROLE])
		print_json_string("role", name_of(role_names,
						  nl_u8(tb[HIP_A_ROLE]), buf));
	if (tb[HIP_A_LOCAL_LOCATOR])
		print_json_string("local_locator",
				  attr_locator(tb[HIP_A_LOCAL_LOCATOR], text));
	if (tb[HIP_A_PEER_LOCATOR])
		print_string("peer_locator", " at %s",
			     attr_locator(tb[HIP_A_PEER_LOCATOR], text));
	if (tb[HIP_A_ESP_SUITE])
		print_named("esp_suite", " esp ", esp_suite_names,
			    nl_u16(tb[HIP_A_ESP_SUITE]));
	show_reason(tb);
}

static void show_notify(const struct nlattr **tb)
{
	const bool out = nl_u8(tb[HIP_A_DIRECTION]) == HIP_DIRECTION_OUT;

	show_hits(tb);
	print_string("direction", " %s", out ? "sent" : "received");
	print_named("notify_type", " ", notify_names,
		    nl_u16(tb[HIP_A_NOTIFY_TYPE]));
}

static void show_object(const struct nlattr **tb)
{
	char text[INET6_ADDRSTRLEN], buf[NAME_BUF_LEN];

	print_string("event", " %s",
		     name_of(event_names, nl_u8(tb[HIP_A_EVENT]), buf));
	print_string("hit", " %s", attr_hit(tb[HIP_A_HIT], text));
	if (tb[HIP_A_NAME])
		print_string("name", " %s", nl_str(tb[HIP_A_NAME]));
}

static void show_event(const struct nlmsghdr *nlh)
{
	static const struct {
		uint8_t cmd;
		const char *name;
		void (*show)(const struct nlattr **tb);
	} events[] = {
		{ HIP_CMD_ASSOC_EVENT, "assoc", show_assoc },
		{ HIP_CMD_FAILURE_EVENT, "failure", NULL },
		{ HIP_CMD_NOTIFY_EVENT, "notify", show_notify },
		{ HIP_CMD_IDENTITY_EVENT, "identity", show_object },
		{ HIP_CMD_PEER_EVENT, "peer", show_object },
		{ HIP_CMD_LEARNT_EVENT, "learnt", show_learnt },
	};
	const struct nlattr *tb[HIP_A_MAX + 1];
	char text[INET6_ADDRSTRLEN];
	size_t i;

	nl_parse(nlh, tb, HIP_A_MAX);
	for (i = 0; i < ARRAY_SIZE(events); i++)
		if (events[i].cmd == nl_cmd(nlh))
			break;
	if (i == ARRAY_SIZE(events))
		return;		/* of a newer kernel: for a newer hiptool */

	print_object_begin(NULL);
	show_time();
	print_string("object", "%s", events[i].name);
	if (events[i].show) {
		events[i].show(tb);
	} else {
		show_hits(tb);
		if (tb[HIP_A_PEER_LOCATOR])
			print_string("peer_locator", " at %s",
				     attr_locator(tb[HIP_A_PEER_LOCATOR],
						  text));
		show_reason(tb);
	}
	print_text("\n");
	print_object_end();
}

static void show_overrun(void)
{
	print_object_begin(NULL);
	show_time();
	print_string("object", "%s", "overrun");
	print_text(" events were lost: hiptool assoc show\n");
	print_object_end();
}

/* The family goes, and takes the multicast groups with it */
static bool is_farewell(const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[CTRL_ATTR_MAX + 1];

	if (nlh->nlmsg_type != GENL_ID_CTRL ||
	    nl_cmd(nlh) != CTRL_CMD_DELFAMILY)
		return false;
	nl_parse(nlh, tb, CTRL_ATTR_MAX);
	return !strcmp(nl_str(tb[CTRL_ATTR_FAMILY_NAME]), HIP_FAMILY_NAME);
}

/* Return: an exit status, or -1 to go on */
static int show_messages(ssize_t len)
{
	const struct nlmsghdr *nlh = (const void *)genl.rx;
	int left = (int)len;

	for (; mnl_nlmsg_ok(nlh, left); nlh = mnl_nlmsg_next(nlh, &left)) {
		if (is_farewell(nlh))
			return fail("the Host Identity Protocol kernel module was removed");
		if (nlh->nlmsg_type != genl.family)
			continue;
		show_event(nlh);
		/* one line for each, at once: somebody may be waiting */
		if (print_flush())
			return EXIT_LOCAL;
	}
	return -1;
}

static int do_events(struct args *args)
{
	int ctrl = GENL_ID_CTRL, status, err;

	args_end(args);
	status = kernel_open();
	if (status)
		return status;
	err = nl_join(&genl, HIP_MCGRP_EVENTS);
	if (err) {
		genl.msg[0] = '\0';
		return kernel_error(err, "listening to events", NULL);
	}
	mnl_socket_setsockopt(genl.sock, NETLINK_ADD_MEMBERSHIP, &ctrl,
			      sizeof(ctrl));
	do {
		ssize_t n = nl_recv(&genl);

		status = -1;
		if (n >= 0) {
			status = show_messages(n);
		} else if (n == -ENOBUFS) {
			show_overrun();
			print_flush();
		} else {
			status = fail("cannot listen: %s", strerror((int)-n));
		}
	} while (status < 0);
	return status;
}

static const struct verb verbs[] = {
	{ "events", do_events, "" },
	{ NULL, NULL, NULL }
};

const struct object monitor_object = {
	.name = "monitor",
	.verbs = verbs,
	.bare = "events",
};
