// SPDX-License-Identifier: GPL-2.0
/*
 * hiptool: configure and inspect the kernel's Host Identity Protocol.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include "hiptool.h"

bool opt_details;

static const struct object *const objects[] = {
	&identity_object,
	&peer_object,
	&policy_object,
	&assoc_object,
	&config_object,
	&stats_object,
	&monitor_object,
};

/* One line for each verb */
static void usage_verbs(FILE *f, const struct object *object,
			const char *first, const char *others)
{
	const struct verb *v;

	for (v = object->verbs; v->name; v++) {
		fprintf(f, "%shiptool %s %s%s%s\n", first, object->name,
			v->name, *v->usage ? " " : "", v->usage);
		first = others;
	}
}

/**
 * usage_object() - how an object is used
 * @f: where to write it
 * @object: object
 */
void usage_object(FILE *f, const struct object *object)
{
	usage_verbs(f, object, "Usage: ", "       ");
	if (object->notes)
		fputs(object->notes, f);
}

static void usage(FILE *f)
{
	size_t i;

	fputs("Usage: hiptool [-j] [-p] [-s] [-n NETNS] OBJECT VERB [KEY VALUE]...\n"
	      "       hiptool OBJECT help\n"
	      "       hiptool help | -h | -V\n"
	      "\n"
	      "  -j        JSON\n"
	      "  -n NETNS  in the network namespace NETNS, see ip-netns(8)\n"
	      "  -p        JSON, to be read by people\n"
	      "  -s        more details\n"
	      "  -V        version\n"
	      "\n", f);
	for (i = 0; i < ARRAY_SIZE(objects); i++)
		usage_verbs(f, objects[i], "  ", "  ");
}

static int enter_netns(const char *name)
{
	char path[256];
	int fd, err;

	if (strchr(name, '/'))
		return fail("\"%s\" is not the name of a network namespace",
			    name);
	snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fail("network namespace \"%s\": %s: ip netns list",
			    name, strerror(errno));
	err = setns(fd, CLONE_NEWNET) ? errno : 0;
	close(fd);
	if (err)
		return fail("network namespace \"%s\": %s%s", name,
			    strerror(err), err == EPERM ?
			    ": CAP_SYS_ADMIN is needed: be root" : "");
	return EXIT_OK;
}

static const struct object *find_object(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(objects); i++)
		if (!strcmp(objects[i]->name, name))
			return objects[i];
	return NULL;
}

static const struct verb *find_verb(const struct object *object,
				    const char *name)
{
	const struct verb *v;

	for (v = object->verbs; v->name; v++)
		if (!strcmp(v->name, name))
			return v;
	return NULL;
}

static int run(int argc, char **argv)
{
	struct args args = { .argc = argc, .argv = argv };
	const char *word;

	word = args_next(&args);
	if (!word) {
		usage(stderr);
		return EXIT_LOCAL;
	}
	if (!strcmp(word, "help")) {
		usage(stdout);
		return EXIT_OK;
	}
	args.object = find_object(word);
	if (!args.object) {
		fail("object \"%s\" is unknown: hiptool help", word);
		return EXIT_LOCAL;
	}
	if (args_word(&args, "help")) {
		args_end(&args);
		usage_object(stdout, args.object);
		return EXIT_OK;
	}

	word = args.argc ? *args.argv : args.object->bare;
	args.verb = find_verb(args.object, word);
	if (args.verb)
		args_next(&args);
	else if (args.object->bare_args)
		args.verb = find_verb(args.object, args.object->bare);
	if (!args.verb)
		args_bad(&args, "\"%s\" cannot be done with \"%s\"", word,
			 args.object->name);
	return args.verb->run(&args);
}

int main(int argc, char **argv)
{
	enum print_mode mode = PRINT_TEXT;
	const char *netns = NULL;
	int opt, status;

	/* "+": options come first, so that a word may begin with a dash */
	while ((opt = getopt(argc, argv, "+jpsn:Vh")) != -1) {
		switch (opt) {
		case 'j':
			if (mode == PRINT_TEXT)
				mode = PRINT_JSON;
			break;
		case 'p':
			mode = PRINT_JSON_PRETTY;
			break;
		case 's':
			opt_details = true;
			break;
		case 'n':
			netns = optarg;
			break;
		case 'V':
			puts("hiptool " HIP_TOOLS_VERSION);
			return EXIT_OK;
		case 'h':
			usage(stdout);
			return EXIT_OK;
		default:
			usage(stderr);
			return EXIT_LOCAL;
		}
	}

	if (netns && enter_netns(netns))
		return EXIT_LOCAL;
	print_init(stdout, mode);
	status = run(argc - optind, argv + optind);
	if (print_flush() && status == EXIT_OK)
		status = fail("cannot write: %s", strerror(errno));
	nl_close(&genl);
	return status;
}
