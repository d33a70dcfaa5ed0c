// SPDX-License-Identifier: GPL-2.0
/*
 * hiptool assoc: associations and their keys.
 */
#include <errno.h>
#include <stdlib.h>

#include <linux/hip.h>

#include "hiptool.h"
#include "keys.h"

/**
 * struct filter - which associations
 * @has_local: @local counts
 * @has_peer: @peer counts
 * @local: HIT of the local identity
 * @peer: HIT of the peer
 * @peer_locator: where a peer is whose HIT is not known, or NULL
 */
struct filter {
	bool has_local;
	bool has_peer;
	struct in6_addr local;
	struct in6_addr peer;
	const struct nlattr *peer_locator;
};

static void put_filter(struct nlmsghdr *nlh, const struct filter *f)
{
	if (f->has_local)
		mnl_attr_put(nlh, HIP_A_LOCAL_HIT, sizeof(f->local),
			     &f->local);
	if (f->has_peer)
		mnl_attr_put(nlh, HIP_A_PEER_HIT, sizeof(f->peer), &f->peer);
	if (f->peer_locator)
		mnl_attr_put(nlh, HIP_A_PEER_LOCATOR | NLA_F_NESTED,
			     mnl_attr_get_payload_len(f->peer_locator),
			     mnl_attr_get_payload(f->peer_locator));
}

/* "local HIT|NAME"; the name needs the kernel */
static int take_local(struct args *args, const char **local)
{
	if (!args_word(args, "local"))
		return 0;
	*local = args_value(args, "local");
	return 1;
}

static int open_and_resolve(const char *local, struct filter *f)
{
	int status = kernel_open();

	if (!status && local) {
		status = identity_resolve(local, &f->local);
		f->has_local = true;
	}
	return status;
}

static void show_sa(const struct nlattr *nest)
{
	char text[INET6_ADDRSTRLEN], spi[16];
	const struct nlattr *tb[HIP_A_SA_MAX + 1];
	bool out;

	nl_parse_nested(nest, tb, HIP_A_SA_MAX);
	out = nl_u8(tb[HIP_A_SA_DIRECTION]) == HIP_DIRECTION_OUT;
	print_object_begin(NULL);
	print_string("direction", "    %-3s", out ? "out" : "in");
	snprintf(spi, sizeof(spi), "0x%08x", ntohl(nl_u32(tb[HIP_A_SA_SPI])));
	print_string("spi", " spi %s", spi);
	if (tb[HIP_A_SA_SOURCE])
		print_string("source", " from %s",
			     attr_locator(tb[HIP_A_SA_SOURCE], text));
	if (tb[HIP_A_SA_DESTINATION])
		print_string("destination", " to %s",
			     attr_locator(tb[HIP_A_SA_DESTINATION], text));
	print_named("esp_suite", " esp ", esp_suite_names,
		    nl_u16(tb[HIP_A_SA_ESP_SUITE]));
	print_bool("esn", " esn", nl_u8(tb[HIP_A_SA_ESN]));
	print_text("\n       ");
	print_u64("packets", " packets %" PRIu64, nl_u64(tb[HIP_A_SA_PACKETS]));
	print_u64("bytes", " bytes %" PRIu64, nl_u64(tb[HIP_A_SA_BYTES]));
	print_u64("sequence", " sequence %" PRIu64,
		  nl_u64(tb[HIP_A_SA_SEQUENCE]));
	if (tb[HIP_A_SA_DRIVER])
		print_string("driver", " driver %s",
			     nl_str(tb[HIP_A_SA_DRIVER]));
	print_text("\n");
	print_object_end();
}

static void show_sas(const struct nlmsghdr *nlh)
{
	const struct nlattr *attr;

	print_array_begin("sas");
	nl_for_each_attr(attr, nlh)
		if (mnl_attr_get_type(attr) == HIP_A_SA)
			show_sa(attr);
	print_array_end();
}

/* What was negotiated */
static void show_algorithms(const struct nlattr **tb)
{
	if (tb[HIP_A_ESP_SUITE])
		print_named("esp_suite", " esp ", esp_suite_names,
			    nl_u16(tb[HIP_A_ESP_SUITE]));
	if (tb[HIP_A_ESN])
		print_bool("esn", " esn", nl_u8(tb[HIP_A_ESN]));
	if (tb[HIP_A_HIP_CIPHER])
		print_named("hip_cipher", " cipher ", hip_cipher_names,
			    nl_u16(tb[HIP_A_HIP_CIPHER]));
	if (tb[HIP_A_DH_GROUP])
		print_named("dh_group", " dh ", dh_group_names,
			    nl_u8(tb[HIP_A_DH_GROUP]));
	if (tb[HIP_A_RHASH_SUITE])
		print_named("rhash_suite", " rhash ", hit_suite_hash_names,
			    nl_u8(tb[HIP_A_RHASH_SUITE]));
}

static int show_cb(const struct nlmsghdr *nlh, void *data)
{
	char a[INET6_ADDRSTRLEN], b[INET6_ADDRSTRLEN], buf[NAME_BUF_LEN];
	const struct nlattr *tb[HIP_A_MAX + 1];
	const char *why;

	(void)data;
	nl_parse(nlh, tb, HIP_A_MAX);
	print_object_begin(NULL);
	print_string("local_hit", "%s", attr_hit(tb[HIP_A_LOCAL_HIT], a));
	if (tb[HIP_A_PEER_HIT])
		print_string("peer_hit", " -> %s",
			     attr_hit(tb[HIP_A_PEER_HIT], b));
	else
		print_text(" -> not known yet");
	print_string("state", " state %s",
		     name_of(state_names, nl_u8(tb[HIP_A_STATE]), buf));
	if (tb[HIP_A_ROLE])
		print_string("role", " role %s",
			     name_of(role_names, nl_u8(tb[HIP_A_ROLE]), buf));
	if (tb[HIP_A_REASON]) {
		why = reason_text(nl_u8(tb[HIP_A_REASON]));
		print_json_string("reason",
				  name_of(reason_names,
					  nl_u8(tb[HIP_A_REASON]), buf));
		if (why)
			print_text("\n    reason: %s", why);
	}
	print_text("\n   ");
	if (tb[HIP_A_LOCAL_LOCATOR])
		print_string("local_locator", " from %s",
			     attr_locator(tb[HIP_A_LOCAL_LOCATOR], a));
	if (tb[HIP_A_PEER_LOCATOR])
		print_string("peer_locator", " to %s",
			     attr_locator(tb[HIP_A_PEER_LOCATOR], b));
	if (tb[HIP_A_AGE_MS])
		print_millis("age_ms", " age ", nl_u64(tb[HIP_A_AGE_MS]));
	if (tb[HIP_A_IDLE_MS])
		print_millis("idle_ms", " idle ", nl_u64(tb[HIP_A_IDLE_MS]));
	if (tb[HIP_A_QUEUED]) {
		print_json_u64("queued", nl_u32(tb[HIP_A_QUEUED]));
		if (nl_u32(tb[HIP_A_QUEUED]))
			print_text(" queued %u", nl_u32(tb[HIP_A_QUEUED]));
	}
	if (tb[HIP_A_ESP_SUITE] || tb[HIP_A_HIP_CIPHER])
		print_text("\n   ");
	show_algorithms(tb);
	print_bool("anonymous", "\n    the peer is anonymous",
		   tb[HIP_A_ANONYMOUS]);
	if (tb[HIP_A_R1_COUNTER])
		print_json_u64("r1_counter", nl_u64(tb[HIP_A_R1_COUNTER]));
	print_text("\n");
	if (opt_details || print_is_json())
		show_sas(nlh);
	print_object_end();
	return 0;
}

static int do_show(struct args *args)
{
	const char *local = NULL;
	struct filter f = { 0 };
	struct nlmsghdr *nlh;
	int status;

	while (args->argc) {
		if (take_local(args, &local))
			continue;
		if (args_word(args, "peer")) {
			args_hit(args, args_value(args, "peer"), &f.peer);
			f.has_peer = true;
		} else {
			args_end(args);
		}
	}
	status = open_and_resolve(local, &f);
	if (status)
		return status;

	nlh = nl_request(&genl, HIP_CMD_ASSOC_GET, 0);
	put_filter(nlh, &f);
	print_array_begin(NULL);
	status = kernel_dump(nlh, show_cb, NULL, "showing the associations");
	print_array_end();
	return status;
}

/**
 * struct act - what to do with one association, or with all that there are
 * @cmd: the command
 * @word: an argument without value
 * @attr: its attribute
 * @set: @word was given
 * @states: bits of enum hip_state: those to which it is done; others are left
 *	out when it is done to all
 * @doing: for messages; "the association with" or "the associations" follows
 * @err: the last error
 */
struct act {
	uint8_t cmd;
	const char *word;
	uint16_t attr;
	bool set;
	unsigned int states;
	const char *doing;
	int err;
};

static int act_on(const struct act *act, const struct filter *f)
{
	struct nlmsghdr *nlh;

	nlh = nl_request(&genl, act->cmd, 0);
	put_filter(nlh, f);
	if (act->set)
		mnl_attr_put(nlh, act->attr, 0, NULL);
	return nl_do(&genl, nlh, NULL, NULL);
}

/* nl_dump() calls back when the dump is over: the socket is free */
static int act_cb(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[HIP_A_MAX + 1];
	struct act *act = data;
	struct filter f;
	int err;

	nl_parse(nlh, tb, HIP_A_MAX);
	f.has_local = nl_in6(tb[HIP_A_LOCAL_HIT], &f.local);
	f.has_peer = nl_in6(tb[HIP_A_PEER_HIT], &f.peer);
	f.peer_locator = f.has_peer ? NULL : tb[HIP_A_PEER_LOCATOR];
	if (!f.has_local || (!f.has_peer && !f.peer_locator))
		return -EPROTO;
	if (!(act->set && act->attr == HIP_A_FORCE) &&
	    !(act->states & (1u << nl_u8(tb[HIP_A_STATE]))))
		return 0;
	err = act_on(act, &f);
	/* gone in between; else try the others */
	if (err && err != -ENOENT)
		act->err = err;
	return err == -EPERM ? err : 0;
}

static int act(struct args *args, struct act *act, const char *verb)
{
	const char *local = NULL, *word;
	struct filter f = { 0 };
	struct nlmsghdr *nlh;
	char what[64];
	int status;

	word = args_value(args, verb);
	if (strcmp(word, "all")) {
		args_hit(args, word, &f.peer);
		f.has_peer = true;
	}
	while (args->argc) {
		if (take_local(args, &local))
			continue;
		if (args_word(args, act->word))
			act->set = true;
		else
			args_end(args);
	}
	status = open_and_resolve(local, &f);
	if (status)
		return status;

	if (f.has_peer) {
		snprintf(what, sizeof(what), "%s the association with",
			 act->doing);
		return kernel_error(act_on(act, &f), what, word);
	}
	snprintf(what, sizeof(what), "%s the associations", act->doing);
	nlh = nl_request(&genl, HIP_CMD_ASSOC_GET, 0);
	put_filter(nlh, &f);
	status = kernel_dump(nlh, act_cb, act, what);
	return status ? status : kernel_error(act->err, what, NULL);
}

static int do_close(struct args *args)
{
	/* An exchange that is under way ends, too.  In other states there is
	 * nothing to close.
	 */
	struct act close = {
		.cmd = HIP_CMD_ASSOC_CLOSE,
		.word = "force",
		.attr = HIP_A_FORCE,
		.states = 1u << HIP_STATE_UNASSOCIATED |
			  1u << HIP_STATE_I1_SENT | 1u << HIP_STATE_I2_SENT |
			  1u << HIP_STATE_R2_SENT | 1u << HIP_STATE_ESTABLISHED,
		.doing = "closing",
	};

	return act(args, &close, "close");
}

static int do_rekey(struct args *args)
{
	struct act rekey = {
		.cmd = HIP_CMD_ASSOC_REKEY,
		.word = "new-dh",
		.attr = HIP_A_NEW_DH,
		.states = 1u << HIP_STATE_ESTABLISHED,
		.doing = "rekeying",
	};

	return act(args, &rekey, "rekey");
}

static int do_keys(struct args *args)
{
	static const struct {
		const char *name;
		keys_show_t *show;
	} formats[] = {
		{ "text", keys_show_text },
		{ "wireshark", keys_show_wireshark },
		{ "xfrm", keys_show_xfrm },
	};
	struct keys keys = { .n_assocs = 0 };
	const char *local = NULL, *format = "text";
	struct filter f = { .has_peer = true };
	struct nlmsghdr *nlh;
	int status;
	size_t i;

	args_hit(args, args_value(args, "keys"), &f.peer);
	while (args->argc) {
		if (take_local(args, &local))
			continue;
		if (args_word(args, "format"))
			format = args_value(args, "format");
		else
			args_end(args);
	}
	for (i = 0; i < ARRAY_SIZE(formats); i++)
		if (!strcmp(format, formats[i].name))
			keys.show = formats[i].show;
	if (!keys.show)
		args_bad(args, "\"format\" is text, wireshark or xfrm, not \"%s\"",
			 format);
	if (print_is_json() && keys.show != keys_show_text)
		args_bad(args, "format %s is not JSON: leave out -j", format);

	status = open_and_resolve(local, &f);
	if (status)
		return status;
	nlh = nl_request(&genl, HIP_CMD_ASSOC_GET, 0);
	put_filter(nlh, &f);
	status = kernel_dump(nlh, keys_assoc_cb, &keys, "exporting the keys");
	if (status)
		return status;
	if (keys.n_assocs > 1)
		return fail("there are %u associations with this peer: say which: local HIT|NAME",
			    keys.n_assocs);
	if (!keys.n_assocs) {
		fail("exporting the keys: no association with this peer");
		return EXIT_KERNEL;
	}
	f.local = keys.local;
	f.has_local = true;
	nlh = nl_request(&genl, HIP_CMD_ASSOC_KEYS_GET, 0);
	put_filter(nlh, &f);
	status = kernel_error(nl_do(&genl, nlh, keys_cb, &keys),
			      "exporting the keys", NULL);
	/* they were in its buffer */
	explicit_bzero(genl.rx, sizeof(genl.rx));
	return keys.status ? keys.status : status;
}

static const struct verb verbs[] = {
	{ "show", do_show, "[peer HIT] [local HIT|NAME]" },
	{ "close", do_close, "HIT|all [local HIT|NAME] [force]" },
	{ "rekey", do_rekey, "HIT|all [local HIT|NAME] [new-dh]" },
	{ "keys", do_keys,
	  "HIT [local HIT|NAME] [format text|wireshark|xfrm]" },
	{ NULL, NULL, NULL }
};

const struct object assoc_object = {
	.name = "assoc",
	.verbs = verbs,
	.bare = "show",
};
