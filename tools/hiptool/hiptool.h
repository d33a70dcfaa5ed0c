/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the parts of hiptool share.
 */
#ifndef HIPTOOL_H
#define HIPTOOL_H

#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>

#include "names.h"
#include "nl.h"
#include "print.h"
#include "util.h"

/* Exit statuses */
enum {
	EXIT_OK		= 0,
	EXIT_LOCAL	= 1,	/* usage, or an error of this program */
	EXIT_KERNEL	= 2,	/* the kernel refused */
};

/**
 * struct args - what is left of the command line
 * @argc: words
 * @argv: words
 * @taken: the words that args_word() found
 * @n_taken: how many
 * @object: the object that it is about
 * @verb: what is to be done
 */
struct args {
	int argc;
	char **argv;
	const char *taken[8];
	unsigned int n_taken;
	const struct object *object;
	const struct verb *verb;
};

/**
 * struct verb - something that can be done with an object
 * @name: the word
 * @run: does it; returns an exit status
 * @usage: what may follow, for the usage text
 */
struct verb {
	const char *name;
	int (*run)(struct args *args);
	const char *usage;
};

/**
 * struct object - something that can be configured or looked at
 * @name: the word
 * @verbs: what can be done; ends with a NULL name
 * @bare: the verb that no word at all means; it changes nothing
 * @bare_args: it may be left out also when words follow
 * @notes: more lines for the usage text, or NULL
 */
struct object {
	const char *name;
	const struct verb *verbs;
	const char *bare;
	bool bare_args;
	const char *notes;
};

extern const struct object identity_object;
extern const struct object peer_object;
extern const struct object policy_object;
extern const struct object assoc_object;
extern const struct object config_object;
extern const struct object stats_object;
extern const struct object monitor_object;

extern bool opt_details;	/* -s */
extern struct nl genl;		/* the socket for family "hip" */

/* main.c */
void usage_object(FILE *f, const struct object *object);

/* args.c: these do not return when the words are wrong */
const char *args_next(struct args *args);
bool args_word(struct args *args, const char *word);
bool args_word_again(struct args *args, const char *word);
const char *args_value(struct args *args, const char *key);
void args_end(struct args *args);
void args_bad(const struct args *args, const char *fmt, ...)
	PRINTF(2, 3) __attribute__((noreturn));
uint64_t args_number(const struct args *args, const char *key,
		     const char *word, uint64_t max);
bool args_on_off(const struct args *args, const char *key, const char *word);
void args_hit(const struct args *args, const char *word, struct in6_addr *hit);

/**
 * struct locator - an IP address, as it stands in a nest of HIP_A_LOCATOR_*
 * @type: HIP_A_LOCATOR_ADDRESS_4 or _6
 * @len: octets of @addr
 * @addr: the address
 */
struct locator {
	uint16_t type;
	uint16_t len;
	uint8_t addr[16];
};

void args_locator(const struct args *args, const char *word,
		  struct locator *locator);
void put_locator(struct nlmsghdr *nlh, uint16_t type,
		 const struct locator *locator);
uint8_t args_accept(struct args *args);
uint8_t args_access(struct args *args);
bool parse_hit(const char *word, struct in6_addr *hit);

/* Complain about what happened here: exit status EXIT_LOCAL */
int fail(const char *fmt, ...) PRINTF(1, 2);

/* kernel.c */
int kernel_open(void);
int kernel_error(int err, const char *what, const char *with);
int kernel_do(struct nlmsghdr *nlh, nl_cb_t *cb, void *data, const char *what,
	      const char *with);
int kernel_dump(struct nlmsghdr *nlh, nl_cb_t *cb, void *data,
		const char *what);

/* identity.c */
int identity_resolve(const char *word, struct in6_addr *hit);

/* learn.c */
int peer_learn(struct args *args);

/* link.c: the device hip0 and its addresses */
#define LINK_PREFERRED_MAX	16

/**
 * struct addresses - HITs on the device
 * @n: used entries of @addr
 * @addr: HITs
 */
struct addresses {
	unsigned int n;
	struct in6_addr addr[LINK_PREFERRED_MAX];
};

int link_prepare(void);
int link_set_address(const struct in6_addr *hit, bool preferred);
int link_preferred(struct addresses *list);
int link_del_address(const struct in6_addr *hit);

/* show.c: what several objects show */
const char *hit_text(const struct in6_addr *hit, char buf[INET6_ADDRSTRLEN]);
const char *attr_hit(const struct nlattr *attr, char buf[INET6_ADDRSTRLEN]);
const char *attr_locator(const struct nlattr *attr,
			 char buf[INET6_ADDRSTRLEN]);
void print_hex(const char *key, const char *label, const struct nlattr *attr);
void print_named(const char *key, const char *label, const struct name *names,
		 unsigned int value);
void print_policy(const char *key, const char *label, const struct name *names,
		  const struct nlattr *attr);
void print_millis(const char *key, const char *label, uint64_t ms);

#endif /* HIPTOOL_H */
