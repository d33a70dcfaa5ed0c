/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Exported keys, each in another format.
 */
#ifndef HIPTOOL_KEYS_H
#define HIPTOOL_KEYS_H

#include "nl.h"

#define KEYS_SAS_MAX	64

struct keys;
struct sa;

/* Shows one SA; returns 0, or an exit status after an error was shown */
typedef int keys_show_t(const struct sa *sa);

/**
 * struct keys - an export
 * @show: the format
 * @status: exit status of @show
 * @n_assocs: associations that were found
 * @local: local HIT of the latest of them
 * @n: used entries of @sequences
 * @sequences: of each SA of the association, by SPI and direction
 */
struct keys {
	keys_show_t *show;
	int status;
	unsigned int n_assocs;
	struct in6_addr local;
	unsigned int n;
	struct {
		uint32_t spi;		/* network byte order */
		uint8_t direction;
		uint64_t sequence;
	} sequences[KEYS_SAS_MAX];
};

keys_show_t keys_show_text;
keys_show_t keys_show_wireshark;
keys_show_t keys_show_xfrm;

/* Callbacks with a struct keys: first for ASSOC_GET, then for ASSOC_KEYS_GET */
nl_cb_t keys_assoc_cb;
nl_cb_t keys_cb;

#endif /* HIPTOOL_KEYS_H */
