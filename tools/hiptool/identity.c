// SPDX-License-Identifier: GPL-2.0
/*
 * hiptool identity: local Host Identities.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include <openssl/dsa.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <hip/hip_wire.h>
#include <linux/hip.h>

#include "hi.h"
#include "hiptool.h"
#include "keyfile.h"

/* A name that can be one, and is not taken for something else */
static const char *take_name(struct args *args)
{
	const char *name = args_value(args, args->verb->name);
	struct in6_addr hit;

	if (!keyfile_name_ok(name) || parse_hit(name, &hit))
		args_bad(args, "\"%s\" is not a name: 1 to %d of A-Z a-z 0-9 . _ -",
			 name, HIP_NAME_LEN_MAX);
	return name;
}

struct generate {
	const char *name;
	const char *type;
	const char *curve;
	const char *dir;
	unsigned int bits;
};

static void parse_generate(struct args *args, struct generate *g)
{
	unsigned int alg;
	const char *word;

	g->name = take_name(args);
	while (args->argc) {
		if (args_word(args, "type")) {
			g->type = args_value(args, "type");
			if (!name_find(hi_algorithm_names, g->type, 0, &alg) ||
			    !hi_alg_suite((uint16_t)alg))
				args_bad(args,
					 "\"type\" is rsa, dsa, ecdsa or ecdsa-low, not \"%s\"",
					 g->type);
		} else if (args_word(args, "bits")) {
			word = args_value(args, "bits");
			g->bits = args_number(args, "bits", word,
					      HI_RSA_BITS_MAX);
			if (g->bits < HI_RSA_BITS_MIN_OWN || g->bits % 8)
				args_bad(args, "\"bits\" is a multiple of 8, %d to %d, not \"%s\"",
					 HI_RSA_BITS_MIN_OWN, HI_RSA_BITS_MAX,
					 word);
		} else if (args_word(args, "curve")) {
			g->curve = args_value(args, "curve");
			if (strcmp(g->curve, "p256") &&
			    strcmp(g->curve, "p384"))
				args_bad(args, "\"curve\" is p256 or p384, not \"%s\"",
					 g->curve);
		} else if (args_word(args, "dir")) {
			g->dir = args_value(args, "dir");
		} else {
			args_end(args);
		}
	}
	if (!g->type)
		g->type = g->bits ? "rsa" : "ecdsa";
	if (strcmp(g->type, "ecdsa") && g->curve)
		args_bad(args, "\"curve\" is for type ecdsa only");
	if (strcmp(g->type, "rsa") && g->bits)
		args_bad(args, "\"bits\" is for type rsa only");
}

static EVP_PKEY *make_dsa(void)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "DSA", NULL);
	EVP_PKEY *params = NULL, *key = NULL;

	if (ctx && EVP_PKEY_paramgen_init(ctx) == 1 &&
	    EVP_PKEY_CTX_set_dsa_paramgen_bits(ctx, HI_DSA_BITS) == 1 &&
	    EVP_PKEY_CTX_set_dsa_paramgen_q_bits(ctx, 160) == 1 &&
	    EVP_PKEY_paramgen(ctx, &params) == 1) {
		EVP_PKEY_CTX_free(ctx);
		ctx = EVP_PKEY_CTX_new_from_pkey(NULL, params, NULL);
		if (!ctx || EVP_PKEY_keygen_init(ctx) != 1 ||
		    EVP_PKEY_keygen(ctx, &key) != 1)
			key = NULL;
	}
	EVP_PKEY_free(params);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

static EVP_PKEY *make_key(const struct generate *g)
{
	if (!strcmp(g->type, "rsa"))
		return EVP_RSA_gen(g->bits ? g->bits : HI_RSA_BITS_MIN_OWN);
	if (!strcmp(g->type, "dsa"))
		return make_dsa();
	if (!strcmp(g->type, "ecdsa-low"))
		return EVP_EC_gen("secp160r1");
	return EVP_EC_gen(g->curve && !strcmp(g->curve, "p384") ? "P-384" :
								  "P-256");
}

/* What a key is, for people and for scripts */
static int show_key(const EVP_PKEY *key, const char *name)
{
	const char *why = "out of memory";
	char text[INET6_ADDRSTRLEN];
	struct in6_addr hit;
	struct hi hi;

	if (hi_from_key(key, &hi, &why) ||
	    hit_from_hi(hi.suite, hi.data, hi.len, &hit))
		return fail("%s: %s", name, why);
	print_object_begin(NULL);
	print_json_string("name", name);
	print_string("hit", "%s\n", hit_text(&hit, text));
	print_json_u64("hi_algorithm", hi.alg);
	print_object_end();
	return EXIT_OK;
}

static int do_generate(struct args *args)
{
	struct generate g = { .dir = HIP_IDENTITY_DIR };
	char msg[KEYFILE_MSG_MAX];
	EVP_PKEY *key;
	int status;

	parse_generate(args, &g);
	key = make_key(&g);
	if (!key)
		return fail("libcrypto cannot make such a key");
	if (keyfile_create_private(g.dir, g.name, key, msg)) {
		EVP_PKEY_free(key);
		return fail("%s", msg);
	}
	status = show_key(key, g.name);
	EVP_PKEY_free(key);
	/* on stderr: what is on stdout is the HIT and nothing else */
	if (!status && strcmp(g.type, "rsa") && strcmp(g.type, "ecdsa"))
		fputs("This key has 80 bits of security: for peers that have nothing better.\n",
		      stderr);
	if (!status && !print_is_json())
		fprintf(stderr, "The private key is in %s/%s" KEYFILE_SUFFIX
			". Next: hiptool identity add %s\n", g.dir, g.name,
			g.name);
	return status;
}

static int do_hit(struct args *args)
{
	char msg[KEYFILE_MSG_MAX], path[PATH_MAX];
	const char *dir = NULL, *what;
	EVP_PKEY *key;
	int status;

	what = args_value(args, "hit");
	if (args_word(args, "dir"))
		dir = args_value(args, "dir");
	args_end(args);

	/* a file as it is named, or else the key of that name */
	snprintf(path, sizeof(path), "%s", what);
	if (keyfile_name_ok(what) && (dir || access(what, F_OK)))
		snprintf(path, sizeof(path), "%s/%s" KEYFILE_SUFFIX,
			 dir ? dir : HIP_IDENTITY_DIR, what);
	if (keyfile_load_any(path, &key, msg))
		return fail("%s", msg);
	status = show_key(key, what);
	EVP_PKEY_free(key);
	return status;
}

static int hit_cb(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[HIP_A_MAX + 1];

	nl_parse(nlh, tb, HIP_A_MAX);
	return nl_in6(tb[HIP_A_HIT], data) ? 0 : -EPROTO;
}

static int remove_identity(const struct in6_addr *hit, const char *what)
{
	struct nlmsghdr *nlh = nl_request(&genl, HIP_CMD_IDENTITY_DEL, 0);

	mnl_attr_put(nlh, HIP_A_HIT, sizeof(*hit), hit);
	return kernel_do(nlh, NULL, NULL, "removing identity", what);
}

/* Is it one of them? */
static bool has_address(const struct addresses *list,
			const struct in6_addr *hit)
{
	unsigned int i;

	for (i = 0; i < list->n; i++)
		if (!memcmp(&list->addr[i], hit, sizeof(*hit)))
			return true;
	return false;
}

/* The first identity is the default one, unless it is anonymous: that is for
 * sockets which ask for it.
 */
static int add_address(const struct in6_addr *hit, bool anonymous)
{
	struct addresses preferred;
	int status;

	status = link_preferred(&preferred);
	if (status)
		return status;
	return link_set_address(hit, !anonymous && !preferred.n);
}

static int do_add(struct args *args)
{
	uint8_t accept = HIP_ACCEPT_ALL;
	char text[INET6_ADDRSTRLEN];
	bool anonymous = false;
	struct nlmsghdr *nlh;
	struct in6_addr hit;
	const char *name;
	int status;

	name = take_name(args);
	while (args->argc) {
		if (args_word(args, "anonymous"))
			anonymous = true;
		else if (args_word(args, "accept"))
			accept = args_accept(args);
		else
			args_end(args);
	}

	status = kernel_open();
	if (status)
		return status;

	nlh = nl_request(&genl, HIP_CMD_IDENTITY_ADD, 0);
	mnl_attr_put_strz(nlh, HIP_A_NAME, name);
	if (anonymous)
		mnl_attr_put(nlh, HIP_A_ANONYMOUS, 0, NULL);
	if (accept != HIP_ACCEPT_ALL)
		mnl_attr_put_u8(nlh, HIP_A_ACCEPT, accept);
	status = kernel_do(nlh, hit_cb, &hit, "adding identity", name);
	if (status)
		return status;
	/* The device last: a refusal leaves nothing behind */
	status = link_prepare();
	if (status) {
		remove_identity(&hit, name);
		return status;
	}

	print_object_begin(NULL);
	print_json_string("name", name);
	print_string("hit", "%s\n", hit_text(&hit, text));
	print_object_end();
	return add_address(&hit, anonymous);
}

/**
 * struct search - looking for an identity
 * @name: its name
 * @hit: set to its HIT
 * @found: how many there are: a key that was replaced leaves an identity of the
 *	same name
 */
struct search {
	const char *name;
	struct in6_addr *hit;
	unsigned int found;
};

static int search_cb(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[HIP_A_MAX + 1];
	struct search *s = data;

	nl_parse(nlh, tb, HIP_A_MAX);
	if (!strcmp(nl_str(tb[HIP_A_NAME]), s->name) &&
	    nl_in6(tb[HIP_A_HIT], s->hit))
		s->found++;
	return 0;
}

/**
 * identity_resolve() - the HIT of a local identity
 * @word: its HIT or its name
 * @hit: set
 *
 * Return: an exit status; the error has been shown.
 */
int identity_resolve(const char *word, struct in6_addr *hit)
{
	struct search s = { .name = word, .hit = hit };
	int status;

	if (parse_hit(word, hit))
		return EXIT_OK;
	status = kernel_dump(nl_request(&genl, HIP_CMD_IDENTITY_GET, 0),
			     search_cb, &s, "looking for the identity");
	if (!status && !s.found)
		status = fail("there is no identity \"%s\": hiptool identity show",
			      word);
	if (!status && s.found > 1)
		status = fail("%u identities are named \"%s\": give the HIT (identity show)",
			      s.found, word);
	return status;
}

static int heir_cb(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[HIP_A_MAX + 1];
	struct search *s = data;

	nl_parse(nlh, tb, HIP_A_MAX);
	if (!s->found && !tb[HIP_A_ANONYMOUS])
		s->found = nl_in6(tb[HIP_A_HIT], s->hit);
	return 0;
}

/* The default identity may be gone: the oldest of the others takes its place */
static int replace_default(void)
{
	struct addresses preferred;
	struct in6_addr hit;
	struct search s = { .hit = &hit };
	int status;

	status = link_preferred(&preferred);
	if (status || preferred.n)
		return status;
	status = kernel_dump(nl_request(&genl, HIP_CMD_IDENTITY_GET, 0),
			     heir_cb, &s, "looking for another identity");
	if (status || !s.found)
		return status;
	return link_set_address(&hit, true);
}

static int is_there(const struct in6_addr *hit, const char *word)
{
	struct nlmsghdr *nlh = nl_request(&genl, HIP_CMD_IDENTITY_GET, 0);
	struct in6_addr same;

	mnl_attr_put(nlh, HIP_A_HIT, sizeof(*hit), hit);
	return kernel_do(nlh, hit_cb, &same, "looking for identity", word);
}

static int do_default(struct args *args)
{
	struct addresses preferred;
	struct in6_addr hit;
	unsigned int i;
	const char *word;
	int status;

	word = args_value(args, "default");
	args_end(args);
	status = kernel_open();
	if (!status)
		status = identity_resolve(word, &hit);
	if (!status)
		status = is_there(&hit, word);
	if (!status)
		status = link_prepare();
	if (!status)
		status = link_preferred(&preferred);
	/* at no time is there none */
	if (!status)
		status = link_set_address(&hit, true);
	for (i = 0; !status && i < preferred.n; i++)
		if (memcmp(&preferred.addr[i], &hit, sizeof(hit)))
			status = link_set_address(&preferred.addr[i], false);
	return status;
}

static int do_del(struct args *args)
{
	struct in6_addr hit;
	const char *word;
	int status, status2;

	word = args_value(args, "del");
	args_end(args);
	status = kernel_open();
	if (!status)
		status = identity_resolve(word, &hit);
	if (status)
		return status;

	status = remove_identity(&hit, word);
	/* also when it was gone: its address may be left over */
	status2 = link_del_address(&hit);
	if (!status2)
		status2 = replace_default();
	return status ? status : status2;
}

static int show_cb(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[HIP_A_MAX + 1];
	const struct addresses *preferred = data;
	char text[INET6_ADDRSTRLEN];
	struct in6_addr hit;

	nl_parse(nlh, tb, HIP_A_MAX);
	print_object_begin(NULL);
	print_string("hit", "%s", attr_hit(tb[HIP_A_HIT], text));
	print_string("name", " name %s", nl_str(tb[HIP_A_NAME]));
	print_bool("default", " default",
		   nl_in6(tb[HIP_A_HIT], &hit) && has_address(preferred, &hit));
	print_named("hi_algorithm", " algorithm ", hi_algorithm_names,
		    nl_u16(tb[HIP_A_HI_ALGORITHM]));
	print_bool("anonymous", " anonymous", tb[HIP_A_ANONYMOUS]);
	print_policy("accept", " accept ", accept_names, tb[HIP_A_ACCEPT]);
	print_uint("r1_ready", " r1 %u", nl_u32(tb[HIP_A_R1_READY]));
	print_uint("r1_wanted", "/%u", nl_u32(tb[HIP_A_R1_WANTED]));
	if (opt_details || print_is_json()) {
		print_u64("r1_counter", " counter %" PRIu64,
			  nl_u64(tb[HIP_A_R1_COUNTER]));
		print_hex("hi", "\n    hi ", tb[HIP_A_HI]);
	}
	print_text("\n");
	print_object_end();
	return 0;
}

static int do_show(struct args *args)
{
	struct addresses preferred;
	struct nlmsghdr *nlh;
	struct in6_addr hit;
	const char *word;
	int status;

	word = args_next(args);
	args_end(args);
	status = kernel_open();
	if (!status && word)
		status = identity_resolve(word, &hit);
	if (!status)
		status = link_preferred(&preferred);
	if (status)
		return status;

	nlh = nl_request(&genl, HIP_CMD_IDENTITY_GET, 0);
	print_array_begin(NULL);
	if (word) {
		mnl_attr_put(nlh, HIP_A_HIT, sizeof(hit), &hit);
		status = kernel_do(nlh, show_cb, &preferred, "showing identity",
				   word);
	} else {
		status = kernel_dump(nlh, show_cb, &preferred,
				     "showing the identities");
	}
	print_array_end();
	return status;
}

static const struct verb verbs[] = {
	{ "generate", do_generate,
	  "NAME [type rsa|dsa|ecdsa|ecdsa-low] [bits N] [curve p256|p384] [dir DIR]" },
	{ "hit", do_hit, "FILE|NAME [dir DIR]" },
	{ "add", do_add, "NAME [anonymous] [accept all|named|known|none]" },
	{ "del", do_del, "HIT|NAME" },
	{ "default", do_default, "HIT|NAME" },
	{ "show", do_show, "[HIT|NAME]" },
	{ NULL, NULL, NULL }
};

const struct object identity_object = {
	.name = "identity",
	.verbs = verbs,
	.bare = "show",
	.notes = "hipd(8) must be running, and have the key of NAME, for \"add\".\n",
};
