// SPDX-License-Identifier: GPL-2.0
/*
 * One print call for both outputs; see print.h.
 */
#include "print.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#define DEPTH_MAX	8

static struct {
	FILE *out;
	enum print_mode mode;
	json_t *stack[DEPTH_MAX];	/* open containers, outermost first */
	unsigned int depth;
	json_t *done;			/* what print_flush() writes */
} pr;

static void oom(void)
{
	fputs("Error: out of memory\n", stderr);
	exit(1);
}

/*
 * Kernel strings are bytes, JSON strings are UTF-8: what is not, is shown
 * octet by octet as U+00XX, rather than losing the whole value.
 */
static json_t *string_value(const char *s)
{
	json_t *v = json_string(s);
	const unsigned char *p;
	char *utf8, *q;

	if (v)
		return v;

	utf8 = malloc(2 * strlen(s) + 1);
	if (!utf8)
		oom();
	q = utf8;
	for (p = (const unsigned char *)s; *p; p++) {
		if (*p < 0x80) {
			*q++ = (char)*p;
		} else {
			*q++ = (char)(0xc0 | *p >> 6);
			*q++ = (char)(0x80 | (*p & 0x3f));
		}
	}
	*q = '\0';
	v = json_string(utf8);
	free(utf8);
	return v;
}

/* Takes over @value */
static void add(const char *key, json_t *value)
{
	json_t *top;
	int err;

	if (!value)
		oom();
	if (!pr.depth) {
		/* a value of its own; there is only one until it is flushed */
		json_decref(pr.done);
		pr.done = value;
		return;
	}

	top = pr.stack[pr.depth - 1];
	if (json_is_array(top))
		err = json_array_append_new(top, value);
	else
		err = json_object_set_new(top, key ? key : "", value);
	if (err)
		oom();
}

static void begin(const char *key, json_t *container)
{
	if (!container)
		oom();
	if (pr.depth == DEPTH_MAX)
		abort();
	add(key, container);
	/* borrowed: its parent, or pr.done, owns it */
	pr.stack[pr.depth++] = container;
}

static void end(void)
{
	if (!pr.depth)
		abort();
	pr.depth--;
}

/**
 * print_init() - where and how to print
 * @out: where to
 * @mode: text or JSON
 *
 * Forgets what was collected before and not flushed.
 */
void print_init(FILE *out, enum print_mode mode)
{
	json_decref(pr.done);
	pr.done = NULL;
	pr.out = out;
	pr.mode = mode;
	pr.depth = 0;
}

/**
 * print_is_json() - whether it is JSON that is printed
 *
 * For what is worth showing to programs only.
 */
bool print_is_json(void)
{
	return pr.mode != PRINT_TEXT;
}

/**
 * print_array_begin() - begin an array; print_array_end() ends it
 * @key: its key, NULL at the top, in an array anything
 */
void print_array_begin(const char *key)
{
	if (print_is_json())
		begin(key, json_array());
}

/**
 * print_array_end() - end what print_array_begin() began
 */
void print_array_end(void)
{
	if (print_is_json())
		end();
}

/**
 * print_object_begin() - begin an object; print_object_end() ends it
 * @key: its key, NULL at the top, in an array anything
 */
void print_object_begin(const char *key)
{
	if (print_is_json())
		begin(key, json_object());
}

/**
 * print_object_end() - end what print_object_begin() began
 */
void print_object_end(void)
{
	if (print_is_json())
		end();
}

/**
 * print_string() - print a string
 * @key: its key in JSON; NULL: not in JSON; in an array anything else
 * @fmt: its format in text, followed by one const char *
 */
void print_string(const char *key, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (print_is_json()) {
		if (key)
			add(key, string_value(va_arg(ap, const char *)));
	} else {
		vfprintf(pr.out, fmt, ap);
	}
	va_end(ap);
}

/**
 * print_uint() - print a number
 * @key: as with print_string()
 * @fmt: its format in text, followed by one unsigned int
 */
void print_uint(const char *key, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (print_is_json()) {
		if (key)
			add(key, json_integer(va_arg(ap, unsigned int)));
	} else {
		vfprintf(pr.out, fmt, ap);
	}
	va_end(ap);
}

/**
 * print_u64() - print a large number
 * @key: as with print_string()
 * @fmt: its format in text, followed by one uint64_t
 */
void print_u64(const char *key, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (print_is_json()) {
		if (key)
			add(key, json_integer((json_int_t)va_arg(ap, uint64_t)));
	} else {
		vfprintf(pr.out, fmt, ap);
	}
	va_end(ap);
}

/**
 * print_bool() - print whether something is so
 * @key: as with print_string()
 * @text: what text shows when it is; NULL: nothing
 * @value: whether it is
 */
void print_bool(const char *key, const char *text, bool value)
{
	if (print_is_json()) {
		if (key)
			add(key, json_boolean(value));
	} else if (text && value) {
		fputs(text, pr.out);
	}
}

/**
 * print_json_string() - print a string, but not in text
 * @key: its key
 * @value: string
 */
void print_json_string(const char *key, const char *value)
{
	if (print_is_json())
		add(key, string_value(value));
}

/**
 * print_json_u64() - print a number, but not in text
 * @key: its key
 * @value: number
 */
void print_json_u64(const char *key, uint64_t value)
{
	if (print_is_json())
		add(key, json_integer((json_int_t)value));
}

/**
 * print_text() - print something, but not in JSON
 * @fmt: format
 */
void print_text(const char *fmt, ...)
{
	va_list ap;

	if (print_is_json())
		return;
	va_start(ap, fmt);
	vfprintf(pr.out, fmt, ap);
	va_end(ap);
}

/**
 * print_flush() - write what was collected
 *
 * Return: 0, or -1 when it could not be written (errno is set); a full disk
 * or a closed pipe must not look like success.
 */
int print_flush(void)
{
	size_t flags = JSON_ENCODE_ANY;

	if (pr.depth)
		abort();
	if (pr.done) {
		flags |= pr.mode == PRINT_JSON_PRETTY ? JSON_INDENT(4) :
							JSON_COMPACT;
		if (!json_dumpf(pr.done, pr.out, flags))
			fputc('\n', pr.out);
		json_decref(pr.done);
		pr.done = NULL;
	}
	return fflush(pr.out) || ferror(pr.out) ? -1 : 0;
}
