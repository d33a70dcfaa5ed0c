/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the unit tests share.
 */
#ifndef HIP_TEST_H
#define HIP_TEST_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/types.h>

#include "util.h"

/* Prints a line of TAP; returns @good */
bool check(bool good, const char *fmt, ...) PRINTF(2, 3);

/* A vector to @out, which has room for it; its octets */
#define GET(vector, out)	get_vector(vector, sizeof(vector), out)
size_t get_vector(const uint8_t *vector, size_t len, uint8_t *out);

/* Keys, made once: "rsa2048", "p256", "p384", and such as are refused */
EVP_PKEY *test_key(const char *what);

/* A directory of our own, which is removed at the end */
const char *test_dir(void);

void test_hi(void);
void test_sign(void);
void test_dh(void);
void test_p384(void);
void test_puzzle(void);
void test_keyfile(void);
void test_keystore(void);
void test_print(void);
void test_names(void);
void test_request(void);

#endif /* HIP_TEST_H */
