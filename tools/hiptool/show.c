// SPDX-License-Identifier: GPL-2.0
/*
 * What several objects show.
 */
#include <stdlib.h>

#include <linux/hip.h>

#include "hiptool.h"

/**
 * hit_text() - a HIT as text
 * @hit: HIT
 * @buf: room for it
 *
 * Return: @buf.
 */
const char *hit_text(const struct in6_addr *hit, char buf[INET6_ADDRSTRLEN])
{
	return inet_ntop(AF_INET6, hit, buf, INET6_ADDRSTRLEN);
}

/**
 * attr_hit() - a HIT as text
 * @attr: netlink attribute or NULL
 * @buf: room for it
 *
 * Return: the text, "" when there is no HIT.
 */
const char *attr_hit(const struct nlattr *attr, char buf[INET6_ADDRSTRLEN])
{
	struct in6_addr hit;

	return nl_in6(attr, &hit) ? hit_text(&hit, buf) : "";
}

/**
 * attr_locator() - an IP address as text
 * @attr: nest of HIP_A_LOCATOR_*, or NULL
 * @buf: room for it
 *
 * Return: the text, "" when there is no address.
 */
const char *attr_locator(const struct nlattr *attr, char buf[INET6_ADDRSTRLEN])
{
	const struct nlattr *tb[HIP_A_LOCATOR_MAX + 1], *v4;

	nl_parse_nested(attr, tb, HIP_A_LOCATOR_MAX);
	v4 = tb[HIP_A_LOCATOR_ADDRESS_4];
	if (nl_has(v4, sizeof(struct in_addr)))
		return inet_ntop(AF_INET, mnl_attr_get_payload(v4), buf,
				 INET6_ADDRSTRLEN);
	return attr_hit(tb[HIP_A_LOCATOR_ADDRESS_6], buf);
}

/**
 * print_hex() - octets
 * @key: in JSON
 * @label: in front of them, in text
 * @attr: netlink attribute; nothing is printed when there is none
 */
void print_hex(const char *key, const char *label, const struct nlattr *attr)
{
	const uint8_t *data;
	char *hex, *p;
	size_t len, i;

	data = nl_data(attr, &len);
	if (!data)
		return;
	hex = malloc(2 * len + 1);
	if (!hex)
		return;
	p = hex;
	*p = '\0';
	for (i = 0; i < len; i++)
		p += sprintf(p, "%02x", data[i]);
	print_text("%s", label);
	print_string(key, "%s", hex);
	explicit_bzero(hex, 2 * len);
	free(hex);
}

/**
 * print_named() - one of the protocol's numbers
 * @key: in JSON, where the number is shown: programs know it from the RFCs
 * @label: in front of it, in text, where the name is shown
 * @names: what the numbers are called
 * @value: number
 */
void print_named(const char *key, const char *label, const struct name *names,
		 unsigned int value)
{
	char buf[NAME_BUF_LEN];

	print_json_u64(key, value);
	print_text("%s%s", label, name_of(names, value, buf));
}

/**
 * print_policy() - one of the API's names, in JSON as well
 * @key: in JSON
 * @label: in front of it, in text
 * @names: what the numbers are called
 * @attr: netlink attribute; nothing is printed when there is none
 */
void print_policy(const char *key, const char *label, const struct name *names,
		  const struct nlattr *attr)
{
	char buf[NAME_BUF_LEN];

	if (!attr)
		return;
	print_text("%s", label);
	print_string(key, "%s", name_of(names, nl_u8(attr), buf));
}

/**
 * print_millis() - a time
 * @key: in JSON, where it is in milliseconds
 * @label: in front of it, in text
 * @ms: milliseconds
 */
void print_millis(const char *key, const char *label, uint64_t ms)
{
	print_json_u64(key, ms);
	print_text("%s%llu.%03us", label, (unsigned long long)(ms / 1000),
		   (unsigned int)(ms % 1000));
}
