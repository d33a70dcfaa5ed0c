// SPDX-License-Identifier: GPL-2.0
/*
 * Names of numbers.
 */
#include "names.h"

#include "test.h"

void test_names(void)
{
	char buf[NAME_BUF_LEN];
	unsigned int v = 99;

	check(!strcmp(name_of(esp_suite_names, 13, buf), "aes-gcm-16"),
	      "a name");
	check(!strcmp(name_of(esp_suite_names, 4294967295U, buf),
		      "4294967295"), "a number without a name");
	check(name_find(esp_suite_names, "aes-gcm-16", 65535, &v) && v == 13,
	      "found by name");
	check(name_find(esp_suite_names, "8", 65535, &v) && v == 8,
	      "found by number");
	check(!name_find(esp_suite_names, "aes-gcm", 65535, &v) &&
	      !name_find(esp_suite_names, "65536", 65535, &v) &&
	      !name_find(esp_suite_names, "-1", 65535, &v) &&
	      !name_find(esp_suite_names, "8x", 65535, &v) &&
	      !name_find(esp_suite_names, "99999999999999999999", 65535, &v) &&
	      !name_find(esp_suite_names, "", 65535, &v), "not found");
	check(!reason_text(0) && reason_text(1) && !reason_text(250),
	      "reasons");
}
