// SPDX-License-Identifier: GPL-2.0
/*
 * Text and JSON.
 */
#include "print.h"

#include <jansson.h>

#include "test.h"

static char *out;
static size_t out_len;
static FILE *f;

static void begin(enum print_mode mode)
{
	f = open_memstream(&out, &out_len);
	print_init(f, mode);
}

static void end(void)
{
	print_flush();
	fclose(f);
}

static void sample(void)
{
	print_array_begin(NULL);
	print_object_begin(NULL);
	print_string("name", "%s", "alice");
	print_uint("number", " number %u", 7U);
	print_u64("big", " big %llu", 1ULL << 40);
	print_bool("yes", " yes", true);
	print_bool("no", " no", false);
	print_json_string("hidden", "h");
	print_json_u64("hidden2", 5);
	print_text(" text");
	print_array_begin("list");
	print_string("", " %s", "x");
	print_string("", " %s", "y");
	print_array_end();
	print_object_end();
	print_array_end();
}

static void test_both(void)
{
	json_t *got, *want;

	begin(PRINT_TEXT);
	sample();
	end();
	check(!strcmp(out, "alice number 7 big 1099511627776 yes text x y"),
	      "text");
	free(out);

	begin(PRINT_JSON);
	sample();
	end();
	want = json_pack("[{s:s,s:i,s:I,s:b,s:b,s:s,s:i,s:[s,s]}]",
			 "name", "alice", "number", 7, "big",
			 (json_int_t)1 << 40, "yes", 1, "no", 0, "hidden", "h",
			 "hidden2", 5, "list", "x", "y");
	got = json_loads(out, 0, NULL);
	check(got && json_equal(got, want), "JSON");
	check(strchr(out, '\n') == out + out_len - 1, "on one line");
	json_decref(got);
	free(out);

	begin(PRINT_JSON_PRETTY);
	sample();
	end();
	got = json_loads(out, 0, NULL);
	check(got && json_equal(got, want), "pretty JSON");
	json_decref(got);
	json_decref(want);
	free(out);
}

/* What is not UTF-8, and what JSON must escape */
static void test_strings(void)
{
	const char *strange = "\"\\\n\t\x01 caf\xe9 \xff";
	const char *want = "\"\\\n\t\x01 caf\xc3\xa9 \xc3\xbf";
	json_t *got;

	begin(PRINT_JSON);
	print_object_begin(NULL);
	print_string("s", "%s", strange);
	print_object_end();
	end();
	got = json_loads(out, 0, NULL);
	check(got && !strcmp(json_string_value(json_object_get(got, "s")),
			     want), "strange octets");
	json_decref(got);
	free(out);
}

static void test_sequence(void)
{
	begin(PRINT_JSON);
	print_object_begin(NULL);
	print_object_end();
	print_flush();
	print_array_begin(NULL);
	print_array_end();
	end();
	check(!strcmp(out, "{}\n[]\n"), "one value a line");
	free(out);
	begin(PRINT_JSON);
	end();
	check(!out_len, "nothing is nothing");
	free(out);
}

void test_print(void)
{
	FILE *full;

	test_both();
	test_strings();
	test_sequence();
	full = fopen("/dev/full", "w");
	if (full) {
		print_init(full, PRINT_JSON);
		sample();
		check(print_flush() < 0, "a full disk is noticed");
		fclose(full);
	}
	print_init(stdout, PRINT_TEXT);
}
