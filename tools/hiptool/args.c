// SPDX-License-Identifier: GPL-2.0
/*
 * The words of the command line.  They are never abbreviated: what is short
 * for one word today would be short for two tomorrow.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>

#include <linux/hip.h>

#include "hi.h"
#include "hiptool.h"

/**
 * fail() - complain about what happened here, not in the kernel
 * @fmt: format of a sentence without a full stop
 *
 * Return: the exit status for it.
 */
int fail(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("Error: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	return EXIT_LOCAL;
}

/**
 * args_bad() - complain about the command line, show how it would be right
 * @args: command line
 * @fmt: format of a sentence without a full stop
 */
void args_bad(const struct args *args, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("Error: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	usage_object(stderr, args->object);
	exit(EXIT_LOCAL);
}

/**
 * args_next() - take the next word
 * @args: command line
 *
 * Return: the word, or NULL at the end.
 */
const char *args_next(struct args *args)
{
	if (!args->argc)
		return NULL;
	args->argc--;
	return *args->argv++;
}

/**
 * args_word_again() - take the next word if it is one that may be repeated
 * @args: command line
 * @word: the word
 *
 * Return: whether it was.
 */
bool args_word_again(struct args *args, const char *word)
{
	if (!args->argc || strcmp(*args->argv, word))
		return false;
	args_next(args);
	return true;
}

/**
 * args_word() - take the next word if it is a certain one
 * @args: command line
 * @word: the word, a literal
 *
 * Return: whether it was.
 */
bool args_word(struct args *args, const char *word)
{
	unsigned int i;

	if (!args_word_again(args, word))
		return false;
	for (i = 0; i < args->n_taken; i++)
		if (!strcmp(args->taken[i], word))
			args_bad(args, "\"%s\" is given twice", word);
	if (args->n_taken < ARRAY_SIZE(args->taken))
		args->taken[args->n_taken++] = word;
	return true;
}

/**
 * args_value() - take the value that must follow
 * @args: command line
 * @key: what it is the value of
 */
const char *args_value(struct args *args, const char *key)
{
	const char *value = args_next(args);

	if (!value || !*value)
		args_bad(args, "a value is missing after \"%s\"", key);
	return value;
}

/**
 * args_end() - make sure that nothing is left
 * @args: command line
 */
void args_end(struct args *args)
{
	if (args->argc)
		args_bad(args, "argument \"%s\" is unknown, or not expected here",
			 *args->argv);
}

/**
 * args_number() - a number
 * @args: command line
 * @key: what it is the value of
 * @word: digits
 * @max: largest number
 */
uint64_t args_number(const struct args *args, const char *key,
		     const char *word, uint64_t max)
{
	unsigned long long v = 0;
	char *end = NULL;

	errno = 0;
	if (*word >= '0' && *word <= '9')
		v = strtoull(word, &end, 10);
	if (!end || errno || *end || v > max)
		args_bad(args, "\"%s\" wants a number from 0 to %" PRIu64 ", not \"%s\"",
			 key, max, word);
	return v;
}

/**
 * args_on_off() - on or off
 * @args: command line
 * @key: what it is the value of
 * @word: the word
 *
 * Return: true for on.
 */
bool args_on_off(const struct args *args, const char *key, const char *word)
{
	if (strcmp(word, "on") && strcmp(word, "off"))
		args_bad(args, "\"%s\" is either on or off, not \"%s\"", key,
			 word);
	return !strcmp(word, "on");
}

/* The number of a name; numbers are not for people here */
static uint8_t args_name(struct args *args, const char *key,
			 const struct name *names)
{
	const char *word = args_value(args, key);
	char known[64] = "";
	size_t n = 0;

	for (; names->name; names++) {
		if (!strcmp(names->name, word))
			return (uint8_t)names->value;
		n += (size_t)snprintf(known + n, sizeof(known) - n, "%s%s",
				      !n ? "" : names[1].name ? ", " : " or ",
				      names->name);
	}
	args_bad(args, "\"%s\" is %s, not \"%s\"", key, known, word);
}

/**
 * args_accept() - whose exchanges an identity accepts
 * @args: command line, behind "accept"
 *
 * Return: enum hip_accept.
 */
uint8_t args_accept(struct args *args)
{
	return args_name(args, "accept", accept_names);
}

/**
 * args_access() - whether there may be associations with a peer
 * @args: command line, behind "access"
 *
 * Return: enum hip_access.
 */
uint8_t args_access(struct args *args)
{
	return args_name(args, "access", access_names);
}

/**
 * parse_hit() - a HIT
 * @word: IPv6 address as text
 * @hit: set
 *
 * Return: whether it is one.
 */
bool parse_hit(const char *word, struct in6_addr *hit)
{
	return inet_pton(AF_INET6, word, hit) == 1 && hit_is_valid(hit);
}

/**
 * args_hit() - a HIT
 * @args: command line
 * @word: IPv6 address as text
 * @hit: set
 */
void args_hit(const struct args *args, const char *word, struct in6_addr *hit)
{
	if (!parse_hit(word, hit))
		args_bad(args, "\"%s\" is not a HIT, which is an address in 2001:20::/28",
			 word);
}

/**
 * args_locator() - an IP address
 * @args: command line
 * @word: address as text
 * @locator: set
 */
void args_locator(const struct args *args, const char *word,
		  struct locator *locator)
{
	if (inet_pton(AF_INET, word, locator->addr) == 1) {
		locator->type = HIP_A_LOCATOR_ADDRESS_4;
		locator->len = 4;
	} else if (inet_pton(AF_INET6, word, locator->addr) == 1) {
		locator->type = HIP_A_LOCATOR_ADDRESS_6;
		locator->len = 16;
	} else {
		args_bad(args, "\"%s\" is not an IP address", word);
	}
}

/**
 * put_locator() - add a locator to a request
 * @nlh: request
 * @type: of the attribute
 * @locator: address
 */
void put_locator(struct nlmsghdr *nlh, uint16_t type,
		 const struct locator *locator)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, type);

	mnl_attr_put(nlh, locator->type, locator->len, locator->addr);
	mnl_attr_nest_end(nlh, nest);
}
