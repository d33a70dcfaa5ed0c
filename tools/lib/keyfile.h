/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Files with keys: PEM, as openssl-genpkey(1) writes them.
 */
#ifndef HIP_KEYFILE_H
#define HIP_KEYFILE_H

#include <openssl/types.h>
#include <sys/stat.h>

#include "util.h"

#define KEYFILE_SUFFIX	".pem"
#define KEYFILE_MSG_MAX	512	/* longest message of the functions below */

bool keyfile_name_ok(const char *name);

/*
 * Each returns a negative errno on failure and then leaves a sentence in
 * @msg, which names the file and, where there is one, the remedy.
 */
int keyfile_open_dir(const char *dir, char msg[KEYFILE_MSG_MAX]);
int keyfile_load_private(int dirfd, const char *dir, const char *file,
			 EVP_PKEY **key, char msg[KEYFILE_MSG_MAX]);
int keyfile_load_any(const char *path, EVP_PKEY **key,
		     char msg[KEYFILE_MSG_MAX]);
int keyfile_create_private(const char *dir, const char *name,
			   const EVP_PKEY *key, char msg[KEYFILE_MSG_MAX]);

#endif /* HIP_KEYFILE_H */
