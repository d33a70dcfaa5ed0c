/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The private keys of this host.
 */
#ifndef HIPD_KEYSTORE_H
#define HIPD_KEYSTORE_H

#include <netinet/in.h>
#include <openssl/types.h>

#include "hi.h"
#include "util.h"

int keystore_init(const char *dir);
void keystore_free(void);
void keystore_rescan(void);
unsigned int keystore_count(void);

/* Takes a reference for the caller (EVP_PKEY_free()), or returns NULL. */
EVP_PKEY *keystore_find_hit(const struct in6_addr *hit);
bool keystore_find_name(const char *name, struct hi *hi);

#endif /* HIPD_KEYSTORE_H */
