// SPDX-License-Identifier: GPL-2.0
/*
 * hiptool peer: where peers are, and how to deal with them.
 */
#include <inttypes.h>
#include <errno.h>
#include <stdlib.h>

#include <linux/hip.h>

#include "hiptool.h"

#define UAL_MAX		604800000	/* a week, as in the configuration */
#define LOCATORS_MAX	16	/* the kernel's own limit is for it to tell */
#define SUITES_MAX	16

struct peer {
	struct in6_addr hit;
	unsigned int n_locators;
	struct locator locators[LOCATORS_MAX];
	unsigned int n_suites;
	uint16_t suites[SUITES_MAX];
	bool has_esn;
	bool esn;
	bool has_access;
	uint8_t access;
	bool has_ual;
	uint32_t ual;
};

static void parse_locator(struct args *args, struct peer *peer)
{
	const char *word = args_value(args, "via");

	if (peer->n_locators == LOCATORS_MAX)
		args_bad(args, "too many \"via\": at most %d", LOCATORS_MAX);
	args_locator(args, word, &peer->locators[peer->n_locators++]);
}

static void parse_suites(struct args *args, struct peer *peer)
{
	char *list = strdup(args_value(args, "esp")), *word, *save;
	unsigned int v;

	if (!list)
		abort();
	for (word = strtok_r(list, ",", &save); word;
	     word = strtok_r(NULL, ",", &save)) {
		if (!name_find(esp_suite_names, word, 65535, &v))
			args_bad(args, "\"%s\" is not an ESP suite: aes-gcm-16, or 13",
				 word);
		if (peer->n_suites == SUITES_MAX)
			args_bad(args, "too many ESP suites: at most %d",
				 SUITES_MAX);
		peer->suites[peer->n_suites++] = (uint16_t)v;
	}
	free(list);
	if (!peer->n_suites)
		args_bad(args, "\"esp\" wants at least one ESP suite");
}

static void parse_peer(struct args *args, struct peer *peer)
{
	const char *hit = args_value(args, args->verb->name);

	memset(peer, 0, sizeof(*peer));
	args_hit(args, hit, &peer->hit);
	while (args->argc) {
		if (args_word_again(args, "via")) {
			parse_locator(args, peer);
		} else if (args_word(args, "esn")) {
			peer->esn = args_on_off(args, "esn",
						args_value(args, "esn"));
			peer->has_esn = true;
		} else if (args_word(args, "esp")) {
			parse_suites(args, peer);
		} else if (args_word(args, "access")) {
			peer->access = args_access(args);
			peer->has_access = true;
		} else if (args_word(args, "ual")) {
			peer->ual = (uint32_t)args_number(args, "ual",
							  args_value(args, "ual"),
							  UAL_MAX);
			peer->has_ual = true;
		} else {
			args_end(args);
		}
	}
	if (!peer->n_locators)
		args_bad(args, "where is the peer? \"via ADDR\" is missing");
}

static int put_peer(struct args *args, bool replace)
{
	char text[INET6_ADDRSTRLEN];
	struct nlmsghdr *nlh;
	struct peer peer;
	unsigned int i;
	int status;

	parse_peer(args, &peer);
	status = kernel_open();
	if (status)
		return status;

	nlh = nl_request(&genl, HIP_CMD_PEER_ADD, 0);
	mnl_attr_put(nlh, HIP_A_HIT, sizeof(peer.hit), &peer.hit);
	for (i = 0; i < peer.n_locators; i++)
		put_locator(nlh, HIP_A_LOCATOR, &peer.locators[i]);
	if (peer.has_esn)
		mnl_attr_put_u8(nlh, HIP_A_ESN, peer.esn);
	for (i = 0; i < peer.n_suites; i++)
		mnl_attr_put_u16(nlh, HIP_A_ESP_SUITE, peer.suites[i]);
	if (peer.has_access)
		mnl_attr_put_u8(nlh, HIP_A_ACCESS, peer.access);
	if (peer.has_ual)
		mnl_attr_put_u32(nlh, HIP_A_UAL, peer.ual);
	if (replace)
		mnl_attr_put(nlh, HIP_A_REPLACE, 0, NULL);
	return kernel_do(nlh, NULL, NULL, "adding peer",
			 hit_text(&peer.hit, text));
}

static int do_add(struct args *args)
{
	return put_peer(args, false);
}

static int do_replace(struct args *args)
{
	return put_peer(args, true);
}

static int do_del(struct args *args)
{
	struct nlmsghdr *nlh;
	struct in6_addr hit;
	const char *word;
	int status;

	word = args_value(args, "del");
	args_hit(args, word, &hit);
	args_end(args);
	status = kernel_open();
	if (status)
		return status;
	nlh = nl_request(&genl, HIP_CMD_PEER_DEL, 0);
	mnl_attr_put(nlh, HIP_A_HIT, sizeof(hit), &hit);
	return kernel_do(nlh, NULL, NULL, "removing peer", word);
}

static int show_cb(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[HIP_A_MAX + 1], *attr;
	char text[INET6_ADDRSTRLEN];
	const char *sep = " esp ";

	(void)data;
	nl_parse(nlh, tb, HIP_A_MAX);
	print_object_begin(NULL);
	print_string("hit", "%s", attr_hit(tb[HIP_A_HIT], text));
	print_array_begin("locators");
	nl_for_each_attr(attr, nlh)
		if (mnl_attr_get_type(attr) == HIP_A_LOCATOR)
			print_string("", " via %s", attr_locator(attr, text));
	print_array_end();
	print_bool("esn", " esn on", nl_u8(tb[HIP_A_ESN]));
	if (!nl_u8(tb[HIP_A_ESN]))
		print_text(" esn off");
	print_array_begin("esp_suites");
	nl_for_each_attr(attr, nlh) {
		if (mnl_attr_get_type(attr) != HIP_A_ESP_SUITE)
			continue;
		print_named("", sep, esp_suite_names, nl_u16(attr));
		sep = ",";
	}
	print_array_end();
	print_policy("access", " access ", access_names, tb[HIP_A_ACCESS]);
	if (tb[HIP_A_UAL])
		print_u64("ual", " ual %" PRIu64,
			  (uint64_t)nl_u32(tb[HIP_A_UAL]));
	print_text("\n");
	print_object_end();
	return 0;
}

static int do_show(struct args *args)
{
	struct nlmsghdr *nlh;
	struct in6_addr hit;
	const char *word;
	int status;

	word = args_next(args);
	if (word)
		args_hit(args, word, &hit);
	args_end(args);
	status = kernel_open();
	if (status)
		return status;

	nlh = nl_request(&genl, HIP_CMD_PEER_GET, 0);
	print_array_begin(NULL);
	if (word) {
		mnl_attr_put(nlh, HIP_A_HIT, sizeof(hit), &hit);
		status = kernel_do(nlh, show_cb, NULL, "showing peer", word);
	} else {
		status = kernel_dump(nlh, show_cb, NULL, "showing the peers");
	}
	print_array_end();
	return status;
}

#define PEER_USAGE \
	"HIT via ADDR [via ADDR]... [esn on|off] [esp SUITE[,SUITE]...] [ual MS] [access allow|deny]"

static const struct verb verbs[] = {
	{ "add", do_add, PEER_USAGE },
	{ "replace", do_replace, PEER_USAGE },
	{ "learn", peer_learn, "via ADDR [local HIT|NAME] [wait SECONDS]" },
	{ "del", do_del, "HIT" },
	{ "show", do_show, "[HIT]" },
	{ NULL, NULL, NULL }
};

const struct object peer_object = {
	.name = "peer",
	.verbs = verbs,
	.bare = "show",
};
