// SPDX-License-Identifier: GPL-2.0
/*
 * hiptool policy: with whom this host associates.
 */
#include <stdlib.h>

#include <linux/hip.h>

#include "hiptool.h"

static int set_identity(struct args *args)
{
	struct nlmsghdr *nlh;
	struct in6_addr hit;
	const char *word;
	uint8_t accept;
	int status;

	word = args_value(args, "identity");
	if (!args_word(args, "accept"))
		args_bad(args, "\"accept all\", \"named\", \"known\" or \"none\" is missing");
	accept = args_accept(args);
	args_end(args);

	status = kernel_open();
	if (!status)
		status = identity_resolve(word, &hit);
	if (status)
		return status;
	nlh = nl_request(&genl, HIP_CMD_IDENTITY_SET, 0);
	mnl_attr_put(nlh, HIP_A_HIT, sizeof(hit), &hit);
	mnl_attr_put_u8(nlh, HIP_A_ACCEPT, accept);
	return kernel_do(nlh, NULL, NULL, "changing the policy of identity",
			 word);
}

static int set_peer(struct args *args)
{
	struct nlmsghdr *nlh;
	struct in6_addr hit;
	const char *word;
	uint8_t access;
	int status;

	word = args_value(args, "peer");
	args_hit(args, word, &hit);
	if (!args_word(args, "access"))
		args_bad(args, "\"access allow\" or \"deny\" is missing");
	access = args_access(args);
	args_end(args);

	status = kernel_open();
	if (status)
		return status;
	nlh = nl_request(&genl, HIP_CMD_PEER_SET, 0);
	mnl_attr_put(nlh, HIP_A_HIT, sizeof(hit), &hit);
	mnl_attr_put_u8(nlh, HIP_A_ACCESS, access);
	return kernel_do(nlh, NULL, NULL, "changing the policy for peer", word);
}

static int do_set(struct args *args)
{
	if (args_word(args, "identity"))
		return set_identity(args);
	if (args_word(args, "peer"))
		return set_peer(args);
	args_bad(args, "whose policy? \"identity HIT\" or \"peer HIT\" is missing");
}

static int show_identity_cb(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[HIP_A_MAX + 1];
	char text[INET6_ADDRSTRLEN];

	(void)data;
	nl_parse(nlh, tb, HIP_A_MAX);
	print_object_begin(NULL);
	print_string("hit", "identity %s", attr_hit(tb[HIP_A_HIT], text));
	print_string("name", " name %s", nl_str(tb[HIP_A_NAME]));
	print_policy("accept", " accept ", accept_names, tb[HIP_A_ACCEPT]);
	print_text("\n");
	print_object_end();
	return 0;
}

static int show_peer_cb(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[HIP_A_MAX + 1];
	char text[INET6_ADDRSTRLEN];

	(void)data;
	nl_parse(nlh, tb, HIP_A_MAX);
	print_object_begin(NULL);
	print_string("hit", "peer %s", attr_hit(tb[HIP_A_HIT], text));
	print_policy("access", " access ", access_names, tb[HIP_A_ACCESS]);
	print_text("\n");
	print_object_end();
	return 0;
}

static int do_show(struct args *args)
{
	int status;

	args_end(args);
	status = kernel_open();
	if (status)
		return status;

	print_object_begin(NULL);
	print_array_begin("identities");
	status = kernel_dump(nl_request(&genl, HIP_CMD_IDENTITY_GET, 0),
			     show_identity_cb, NULL, "showing the identities");
	print_array_end();
	print_array_begin("peers");
	if (!status)
		status = kernel_dump(nl_request(&genl, HIP_CMD_PEER_GET, 0),
				     show_peer_cb, NULL, "showing the peers");
	print_array_end();
	print_object_end();
	return status;
}

static const struct verb verbs[] = {
	{ "show", do_show, "" },
	{ "set", do_set,
	  "identity HIT|NAME accept all|named|known|none | peer HIT access allow|deny" },
	{ NULL, NULL, NULL }
};

const struct object policy_object = {
	.name = "policy",
	.verbs = verbs,
	.bare = "show",
	.notes =
"A peer is known when it was added by \"peer add\" or by \"policy set peer\".\n"
"Associations that exist stay: hiptool assoc close.\n",
};
