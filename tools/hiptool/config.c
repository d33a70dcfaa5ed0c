// SPDX-License-Identifier: GPL-2.0
/*
 * hiptool config: limits, timers and preferences of a network namespace.
 */
#include <inttypes.h>
#include <stdlib.h>

#include <linux/hip.h>

#include "hiptool.h"

/**
 * struct setting - something that can be set
 * @name: the word
 * @json: in JSON
 * @attr: HIP_A_CONFIG_*
 * @bits: length of the attribute's value
 * @unit: shown in text
 * @names: it is a list of these
 */
struct setting {
	const char *name;
	const char *json;
	uint16_t attr;
	unsigned int bits;
	const char *unit;
	const struct name *names;
};

static const struct setting settings[] = {
	{ "max-assocs", "max_assocs", HIP_A_CONFIG_MAX_ASSOCS, 32, "", NULL },
	{ "max-half-open", "max_half_open", HIP_A_CONFIG_MAX_HALF_OPEN, 32, "",
	  NULL },
	{ "max-peers", "max_peers", HIP_A_CONFIG_MAX_PEERS, 32, "", NULL },
	{ "max-identities", "max_identities", HIP_A_CONFIG_MAX_IDENTITIES, 32,
	  "", NULL },
	{ "max-ctrl-pending", "max_ctrl_pending",
	  HIP_A_CONFIG_MAX_CTRL_PENDING, 32, "", NULL },
	{ "max-upcalls", "max_upcalls", HIP_A_CONFIG_MAX_UPCALLS, 32, "",
	  NULL },
	{ "queue-len", "queue_len", HIP_A_CONFIG_QUEUE_LEN, 32, " packets",
	  NULL },
	{ "r1-rate", "r1_rate", HIP_A_CONFIG_R1_RATE, 32, "/s", NULL },
	{ "notify-rate", "notify_rate", HIP_A_CONFIG_NOTIFY_RATE, 32, "/s",
	  NULL },
	{ "i1-timeout", "i1_timeout", HIP_A_CONFIG_I1_TIMEOUT, 32, " ms",
	  NULL },
	{ "i2-timeout", "i2_timeout", HIP_A_CONFIG_I2_TIMEOUT, 32, " ms",
	  NULL },
	{ "retries", "retries", HIP_A_CONFIG_RETRIES, 32, "", NULL },
	{ "ual", "ual", HIP_A_CONFIG_UAL, 32, " ms", NULL },
	{ "msl", "msl", HIP_A_CONFIG_MSL, 32, " ms", NULL },
	{ "failed-hold", "failed_hold", HIP_A_CONFIG_FAILED_HOLD, 32, " ms",
	  NULL },
	{ "upcall-timeout", "upcall_timeout", HIP_A_CONFIG_UPCALL_TIMEOUT, 32,
	  " ms", NULL },
	{ "r1-lifetime", "r1_lifetime", HIP_A_CONFIG_R1_LIFETIME, 32, " ms",
	  NULL },
	{ "r1-reuse", "r1_reuse", HIP_A_CONFIG_R1_REUSE, 32, " ms", NULL },
	{ "puzzle-k", "puzzle_k", HIP_A_CONFIG_PUZZLE_K, 8, " bits", NULL },
	{ "puzzle-k-load", "puzzle_k_load", HIP_A_CONFIG_PUZZLE_K_LOAD, 8,
	  " bits", NULL },
	{ "puzzle-k-max", "puzzle_k_max", HIP_A_CONFIG_PUZZLE_K_MAX, 8,
	  " bits", NULL },
	{ "puzzle-lifetime", "puzzle_lifetime", HIP_A_CONFIG_PUZZLE_LIFETIME,
	  8, "", NULL },
	{ "dh-groups", "dh_groups", HIP_A_CONFIG_DH_GROUP, 8, "",
	  dh_group_names },
	{ "hip-ciphers", "hip_ciphers", HIP_A_CONFIG_HIP_CIPHER, 16, "",
	  hip_cipher_names },
	{ "esp-suites", "esp_suites", HIP_A_CONFIG_ESP_SUITE, 16, "",
	  esp_suite_names },
	{ "rekey-packets", "rekey_packets", HIP_A_CONFIG_REKEY_PACKETS, 64,
	  "", NULL },
	{ "rekey-bytes", "rekey_bytes", HIP_A_CONFIG_REKEY_BYTES, 64, "",
	  NULL },
	{ "rekey-time", "rekey_time", HIP_A_CONFIG_REKEY_TIME, 32, " ms",
	  NULL },
	{ "rekey-new-dh", "rekey_new_dh", HIP_A_CONFIG_REKEY_NEW_DH, 8, "",
	  NULL },
	{ "null-encrypt", "null_encrypt", HIP_A_CONFIG_NULL_ENCRYPT, 8, "",
	  NULL },
	{ "opportunistic", "opportunistic", HIP_A_CONFIG_OPPORTUNISTIC, 8, "",
	  NULL },
};

static uint64_t setting_max(const struct setting *s)
{
	return UINT64_MAX >> (64 - s->bits);
}

static void put_value(struct nlmsghdr *nlh, const struct setting *s,
		      uint64_t value)
{
	if (!nlh)
		return;
	switch (s->bits) {
	case 64:
		mnl_attr_put_u64(nlh, s->attr, value);
		break;
	case 32:
		mnl_attr_put_u32(nlh, s->attr, (uint32_t)value);
		break;
	case 16:
		mnl_attr_put_u16(nlh, s->attr, (uint16_t)value);
		break;
	default:
		mnl_attr_put_u8(nlh, s->attr, (uint8_t)value);
	}
}

static uint64_t get_value(const struct setting *s, const struct nlattr *attr)
{
	switch (s->bits) {
	case 64:
		return nl_u64(attr);
	case 32:
		return nl_u32(attr);
	case 16:
		return nl_u16(attr);
	default:
		return nl_u8(attr);
	}
}

static void put_list(struct args *args, struct nlmsghdr *nlh,
		     const struct setting *s, const char *words)
{
	char *list = strdup(words), *word, *save;
	unsigned int v, n = 0;

	if (!list)
		abort();
	for (word = strtok_r(list, ",", &save); word;
	     word = strtok_r(NULL, ",", &save)) {
		if (!name_find(s->names, word,
			       (unsigned int)setting_max(s), &v))
			args_bad(args, "\"%s\" in \"%s\" is neither such as %s, nor a number",
				 word, s->name, s->names[1].name);
		if (++n > 64)
			args_bad(args, "too many values for \"%s\"", s->name);
		put_value(nlh, s, v);
	}
	free(list);
	if (!n)
		args_bad(args, "\"%s\" wants at least one value", s->name);
}

static const struct setting *find_setting(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(settings); i++)
		if (!strcmp(settings[i].name, name))
			return &settings[i];
	return NULL;
}

/*
 * The words are looked at before the kernel is, so that a mistake in them is
 * told without the module as well: hence twice, first with @nlh NULL.
 */
static void parse_settings(struct args args, struct nlmsghdr *nlh)
{
	uint64_t seen = 0;
	const char *word;

	while ((word = args_next(&args))) {
		const struct setting *s = find_setting(word);
		const char *value;

		if (!s)
			args_bad(&args, "\"%s\" is not something that can be set",
				 word);
		if (seen & 1ULL << s->attr)
			args_bad(&args, "\"%s\" is there twice", word);
		seen |= 1ULL << s->attr;
		value = args_value(&args, word);
		if (s->names)
			put_list(&args, nlh, s, value);
		else
			put_value(nlh, s, args_number(&args, word, value,
						      setting_max(s)));
	}
}

static int do_set(struct args *args)
{
	struct nlmsghdr *nlh;
	int status;

	if (!args->argc)
		args_bad(args, "what is to be set?");
	parse_settings(*args, NULL);
	status = kernel_open();
	if (status)
		return status;
	nlh = nl_request(&genl, HIP_CMD_CONFIG_SET, 0);
	parse_settings(*args, nlh);
	return kernel_do(nlh, NULL, NULL, "changing the configuration", NULL);
}

static int show_cb(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr;
	size_t i;

	(void)data;
	print_object_begin(NULL);
	for (i = 0; i < ARRAY_SIZE(settings); i++) {
		const struct setting *s = &settings[i];
		const char *sep = " ";

		if (s->names) {
			print_text("%s", s->name);
			print_array_begin(s->json);
		}
		nl_for_each_attr(attr, nlh) {
			if (mnl_attr_get_type(attr) != s->attr)
				continue;
			if (!s->names) {
				print_text("%s", s->name);
				print_u64(s->json, " %" PRIu64,
					  get_value(s, attr));
				print_text("%s\n", s->unit);
				continue;
			}
			print_named("", sep, s->names,
				    (unsigned int)get_value(s, attr));
			sep = ",";
		}
		if (s->names) {
			print_array_end();
			print_text("\n");
		}
	}
	print_object_end();
	return 0;
}

static int do_show(struct args *args)
{
	int status;

	args_end(args);
	status = kernel_open();
	if (status)
		return status;
	return kernel_do(nl_request(&genl, HIP_CMD_CONFIG_GET, 0), show_cb,
			 NULL, "showing the configuration", NULL);
}

static const struct verb verbs[] = {
	{ "show", do_show, "" },
	{ "set", do_set, "KEY VALUE [KEY VALUE]..." },
	{ NULL, NULL, NULL }
};

const struct object config_object = {
	.name = "config",
	.verbs = verbs,
	.bare = "show",
	.notes =
"KEY := max-assocs | max-half-open | max-peers | max-identities |\n"
"       max-ctrl-pending | max-upcalls | queue-len | r1-rate | notify-rate |\n"
"       i1-timeout | i2-timeout | retries | ual | msl | failed-hold |\n"
"       upcall-timeout | r1-lifetime | r1-reuse | puzzle-k | puzzle-k-load |\n"
"       puzzle-k-max | puzzle-lifetime | dh-groups | hip-ciphers |\n"
"       esp-suites | rekey-packets | rekey-bytes | rekey-time |\n"
"       rekey-new-dh | null-encrypt | opportunistic\n",
};
