// SPDX-License-Identifier: GPL-2.0
/*
 * hiptool stats: what happened how often, and how much there is now.
 */
#include <linux/hip.h>

#include "hiptool.h"

#define NAMES_MAX	64	/* on the command line */

/* These may also fall; everything else only counts up */
static const char *const gauges[] = {
	"Associations", "HalfOpen", "SAs", "Identities", "Peers",
	"R1Generations", "PuzzleK", "CtrlPending", "UpcallsPending", "UpcallListeners",
};

/**
 * struct wanted - which counters
 * @names: these; all when there are none
 * @n: number of @names
 * @nonzero: only those that are not zero
 * @gauges: the gauges, or the counters
 * @found: bit for each of @names
 */
struct wanted {
	char **names;
	unsigned int n;
	bool nonzero;
	bool gauges;
	uint64_t found;
};

static bool is_gauge(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(gauges); i++)
		if (!strcmp(gauges[i], name))
			return true;
	return false;
}

static bool is_wanted(struct wanted *w, const char *name, uint64_t value)
{
	bool wanted = !w->n;
	unsigned int i;

	if (is_gauge(name) != w->gauges)
		return false;
	for (i = 0; i < w->n; i++) {
		if (!strcmp(w->names[i], name)) {
			w->found |= 1ULL << i;
			wanted = true;
		}
	}
	return wanted && (value || !w->nonzero);
}

static void show(const struct nlmsghdr *nlh, struct wanted *w)
{
	const struct nlattr *attr, *tb[HIP_A_COUNTER_MAX + 1];

	nl_for_each_attr(attr, nlh) {
		const char *name;
		uint64_t value;

		if (mnl_attr_get_type(attr) != HIP_A_COUNTER)
			continue;
		nl_parse_nested(attr, tb, HIP_A_COUNTER_MAX);
		name = nl_str(tb[HIP_A_COUNTER_NAME]);
		value = nl_u64(tb[HIP_A_COUNTER_VALUE]);
		if (!is_wanted(w, name, value))
			continue;
		print_text("%-28s", name);
		print_u64(name, " %" PRIu64 "\n", value);
	}
}

static int show_cb(const struct nlmsghdr *nlh, void *data)
{
	struct wanted *w = data;

	print_object_begin(NULL);
	print_object_begin("gauges");
	w->gauges = true;
	show(nlh, w);
	print_object_end();
	print_object_begin("counters");
	w->gauges = false;
	show(nlh, w);
	print_object_end();
	print_object_end();
	return 0;
}

static int do_show(struct args *args)
{
	struct wanted w = { .names = args->argv };
	unsigned int i;
	int status;

	while (args->argc) {
		/* the last word, and no counter has that name */
		if (args->argc == 1 && args_word(args, "nonzero")) {
			w.nonzero = true;
			break;
		}
		if (++w.n > NAMES_MAX)
			args_bad(args, "too many names: at most %d", NAMES_MAX);
		args_next(args);
	}
	status = kernel_open();
	if (status)
		return status;
	status = kernel_do(nl_request(&genl, HIP_CMD_STATS_GET, 0), show_cb,
			   &w, "showing the counters", NULL);
	for (i = 0; !status && i < w.n; i++)
		if (!(w.found & 1ULL << i))
			status = fail("there is no counter \"%s\": hiptool stats",
				      w.names[i]);
	return status;
}

static const struct verb verbs[] = {
	{ "show", do_show, "[NAME]... [nonzero]" },
	{ NULL, NULL, NULL }
};

const struct object stats_object = {
	.name = "stats",
	.verbs = verbs,
	.bare = "show",
	.bare_args = true,
};
