/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One print call for both outputs, text and JSON.
 *
 * A value is printed once, with the key that it has in JSON and the format
 * that it has in text, so that the two cannot drift apart.  Without a key a
 * value is for text only; in an array it has "".  Text is written at once;
 * JSON is collected and written by print_flush() as one value, hence it is
 * valid or not there at all.
 */
#ifndef HIP_PRINT_H
#define HIP_PRINT_H

#include <stdio.h>

#include "util.h"

enum print_mode {
	PRINT_TEXT,
	PRINT_JSON,		/* compact, one line for each value */
	PRINT_JSON_PRETTY,
};

void print_init(FILE *out, enum print_mode mode);
bool print_is_json(void);

/* Containers exist in JSON only; @key is NULL at the top and in arrays. */
void print_array_begin(const char *key);
void print_array_end(void);
void print_object_begin(const char *key);
void print_object_end(void);

/* Each takes exactly one value, of the type in its name. */
void print_string(const char *key, const char *fmt, ...) PRINTF(2, 3);
void print_uint(const char *key, const char *fmt, ...) PRINTF(2, 3);
void print_u64(const char *key, const char *fmt, ...) PRINTF(2, 3);

/* In text @text when @value is set and else nothing; in JSON always there */
void print_bool(const char *key, const char *text, bool value);

/* For JSON only: what text does not show, or otherwise */
void print_json_string(const char *key, const char *value);
void print_json_u64(const char *key, uint64_t value);

/* For text only */
void print_text(const char *fmt, ...) PRINTF(1, 2);

int print_flush(void);

#endif /* HIP_PRINT_H */
