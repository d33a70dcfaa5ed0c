/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names for numbers of the protocol and of the netlink API.
 */
#ifndef HIP_NAMES_H
#define HIP_NAMES_H

#include "util.h"

/**
 * struct name - a number and its name
 * @value: number
 * @name: name; a table ends with NULL
 */
struct name {
	unsigned int value;
	const char *name;
};

extern const struct name hi_algorithm_names[];
extern const struct name hit_suite_hash_names[];
extern const struct name dh_group_names[];
extern const struct name hip_cipher_names[];
extern const struct name esp_suite_names[];
extern const struct name notify_names[];
extern const struct name state_names[];
extern const struct name role_names[];
extern const struct name reason_names[];
extern const struct name event_names[];
extern const struct name accept_names[];
extern const struct name access_names[];

#define NAME_BUF_LEN	16

const char *name_of(const struct name *names, unsigned int value,
		    char buf[NAME_BUF_LEN]);
bool name_find(const struct name *names, const char *word, unsigned int max,
	       unsigned int *value);
const char *reason_text(unsigned int reason);

#endif /* HIP_NAMES_H */
