// SPDX-License-Identifier: GPL-2.0
/*
 * Exported keys: for people and programs, for Wireshark, for the kernel's own
 * IPsec.
 */
#include "keys.h"

#include <errno.h>

#include <hip/hip_wire.h>
#include <linux/hip.h>

#include "hiptool.h"

/**
 * struct suite - what others call an ESP suite
 * @id: enum hip_esp_suite
 * @ws_enc: Wireshark's name of the cipher, NULL when it has none
 * @ws_auth: Wireshark's name of the authentication
 * @xfrm_enc: crypto API's name of the cipher, for "enc", NULL for an AEAD
 * @xfrm_auth: the same of the authentication, or of the AEAD
 * @icv_bits: length of the ICV
 */
struct suite {
	unsigned int id;
	const char *ws_enc;
	const char *ws_auth;
	const char *xfrm_enc;
	const char *xfrm_auth;
	unsigned int icv_bits;
};

static const struct suite suites[] = {
	{ HIP_ESP_AES128_CBC_SHA1, "AES-CBC [RFC3602]",
	  "HMAC-SHA-1-96 [RFC2404]", "cbc(aes)", "hmac(sha1)", 96 },
	{ HIP_ESP_NULL_SHA256, "NULL", "HMAC-SHA-256-128 [RFC4868]",
	  "ecb(cipher_null)", "hmac(sha256)", 128 },
	{ HIP_ESP_AES128_CBC_SHA256, "AES-CBC [RFC3602]",
	  "HMAC-SHA-256-128 [RFC4868]", "cbc(aes)", "hmac(sha256)", 128 },
	{ HIP_ESP_AES256_CBC_SHA256, "AES-CBC [RFC3602]",
	  "HMAC-SHA-256-128 [RFC4868]", "cbc(aes)", "hmac(sha256)", 128 },
	{ HIP_ESP_AES_GCM_8, "AES-GCM with 8 octet ICV [RFC4106]", "NULL",
	  NULL, "rfc4106(gcm(aes))", 64 },
	{ HIP_ESP_AES_GCM_16, "AES-GCM with 16 octet ICV [RFC4106]", "NULL",
	  NULL, "rfc4106(gcm(aes))", 128 },
	{ HIP_ESP_AES_CCM_8, NULL, NULL, NULL, "rfc4309(ccm(aes))", 64 },
	{ HIP_ESP_AES_CCM_16, NULL, NULL, NULL, "rfc4309(ccm(aes))", 128 },
	{ HIP_ESP_AES_CMAC_96, NULL, NULL, "ecb(cipher_null)", "cmac(aes)", 96 },
	{ HIP_ESP_AES_GMAC, NULL, NULL, NULL, "rfc4543(gcm(aes))", 128 },
};

/**
 * struct sa - a security association with its keys
 * @tb: HIP_A_SA_*
 * @suite: of the table above, or NULL
 * @suite_id: enum hip_esp_suite
 * @out: sent by this host
 * @spi: in host byte order
 * @sequence: next to send, or highest received
 * @source: outer source address, or ""
 * @destination: outer destination address, or ""
 * @inner_source: HIT of the sender
 * @inner_destination: HIT of the receiver
 */
struct sa {
	const struct nlattr *tb[HIP_A_SA_MAX + 1];
	const struct suite *suite;
	unsigned int suite_id;
	bool out;
	uint32_t spi;
	uint64_t sequence;
	char source[INET6_ADDRSTRLEN];
	char destination[INET6_ADDRSTRLEN];
	char inner_source[INET6_ADDRSTRLEN];
	char inner_destination[INET6_ADDRSTRLEN];
};

static const struct suite *find_suite(unsigned int id)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(suites); i++)
		if (suites[i].id == id)
			return &suites[i];
	return NULL;
}

static void copy_text(char to[INET6_ADDRSTRLEN], const char *from)
{
	if (from != to)
		snprintf(to, INET6_ADDRSTRLEN, "%s", from);
}

static void get_sa(const struct nlattr *nest, const struct nlattr **tb,
		   const struct keys *keys, struct sa *sa)
{
	const struct nlattr *local = tb[HIP_A_LOCAL_HIT];
	const struct nlattr *peer = tb[HIP_A_PEER_HIT];
	unsigned int i;

	nl_parse_nested(nest, sa->tb, HIP_A_SA_MAX);
	sa->out = nl_u8(sa->tb[HIP_A_SA_DIRECTION]) == HIP_DIRECTION_OUT;
	sa->suite_id = nl_u16(sa->tb[HIP_A_SA_ESP_SUITE]);
	sa->suite = find_suite(sa->suite_id);
	sa->spi = ntohl(nl_u32(sa->tb[HIP_A_SA_SPI]));
	sa->sequence = 0;
	for (i = 0; i < keys->n; i++)
		if (keys->sequences[i].spi == nl_u32(sa->tb[HIP_A_SA_SPI]) &&
		    keys->sequences[i].direction ==
		    nl_u8(sa->tb[HIP_A_SA_DIRECTION]))
			sa->sequence = keys->sequences[i].sequence;
	copy_text(sa->source, attr_locator(sa->tb[HIP_A_SA_SOURCE],
					   sa->source));
	copy_text(sa->destination, attr_locator(sa->tb[HIP_A_SA_DESTINATION],
						sa->destination));
	copy_text(sa->inner_source, attr_hit(sa->out ? local : peer,
					     sa->inner_source));
	copy_text(sa->inner_destination, attr_hit(sa->out ? peer : local,
						  sa->inner_destination));
}

/**
 * keys_assoc_cb() - note what is needed of an association
 * @nlh: answer to HIP_CMD_ASSOC_GET
 * @data: struct keys
 *
 * The sequence numbers are not in the export, but xfrm needs them to go on.
 *
 * Return: 0 or a negative errno.
 */
int keys_assoc_cb(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[HIP_A_MAX + 1], *sa[HIP_A_SA_MAX + 1], *attr;
	struct keys *keys = data;

	nl_parse(nlh, tb, HIP_A_MAX);
	if (!nl_in6(tb[HIP_A_LOCAL_HIT], &keys->local))
		return -EPROTO;
	keys->n_assocs++;
	nl_for_each_attr(attr, nlh) {
		if (mnl_attr_get_type(attr) != HIP_A_SA ||
		    keys->n == KEYS_SAS_MAX)
			continue;
		nl_parse_nested(attr, sa, HIP_A_SA_MAX);
		keys->sequences[keys->n].spi = nl_u32(sa[HIP_A_SA_SPI]);
		keys->sequences[keys->n].direction =
			nl_u8(sa[HIP_A_SA_DIRECTION]);
		keys->sequences[keys->n++].sequence =
			nl_u64(sa[HIP_A_SA_SEQUENCE]);
	}
	return 0;
}

/**
 * keys_cb() - show an export
 * @nlh: answer to HIP_CMD_ASSOC_KEYS_GET
 * @data: struct keys, which says how
 *
 * Return: 0; @data has the exit status.
 */
int keys_cb(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[HIP_A_MAX + 1], *attr;
	struct keys *keys = data;

	nl_parse(nlh, tb, HIP_A_MAX);
	print_array_begin(NULL);
	nl_for_each_attr(attr, nlh) {
		struct sa sa;

		if (keys->status || mnl_attr_get_type(attr) != HIP_A_SA)
			continue;
		get_sa(attr, tb, keys, &sa);
		keys->status = keys->show(&sa);
	}
	print_array_end();
	return 0;
}

/**
 * keys_show_text() - show an SA for people, or as JSON
 * @sa: SA
 *
 * Return: an exit status.
 */
int keys_show_text(const struct sa *sa)
{
	char spi[16];

	print_object_begin(NULL);
	print_string("direction", "%s", sa->out ? "out" : "in");
	snprintf(spi, sizeof(spi), "0x%08x", sa->spi);
	print_string("spi", " spi %s", spi);
	print_string("inner_source", " %s", sa->inner_source);
	print_string("inner_destination", " -> %s", sa->inner_destination);
	if (*sa->source)
		print_string("source", "\n    from %s", sa->source);
	if (*sa->destination)
		print_string("destination", " to %s", sa->destination);
	print_named("esp_suite", " esp ", esp_suite_names, sa->suite_id);
	print_bool("esn", " esn", nl_u8(sa->tb[HIP_A_SA_ESN]));
	print_u64("sequence", " sequence %" PRIu64, sa->sequence);
	print_hex("encryption_key", "\n    encryption-key ",
		  sa->tb[HIP_A_SA_ENCRYPTION_KEY]);
	print_hex("authentication_key", "\n    authentication-key ",
		  sa->tb[HIP_A_SA_AUTHENTICATION_KEY]);
	print_hex("hip_encryption_key", "\n    hip-encryption-key ",
		  sa->tb[HIP_A_SA_HIP_ENCRYPTION_KEY]);
	print_hex("hip_integrity_key", "\n    hip-integrity-key ",
		  sa->tb[HIP_A_SA_HIP_INTEGRITY_KEY]);
	print_text("\n");
	print_object_end();
	return EXIT_OK;
}

static int no_suite(const struct sa *sa, const char *format)
{
	return fail("ESP suite %u has no name in format %s: use format text",
		    sa->suite_id, format);
}

/* "0x...", or nothing where there is no key */
static void print_key(const struct nlattr *attr)
{
	if (attr && mnl_attr_get_payload_len(attr))
		print_hex(NULL, "0x", attr);
}

/**
 * keys_show_wireshark() - show an SA as a line of Wireshark's file esp_sa
 * @sa: SA
 *
 * The line is also what tshark -o uat:esp_sa:LINE takes.  A locator that is
 * not known matches all.
 *
 * Return: an exit status; the error has been shown.
 */
int keys_show_wireshark(const struct sa *sa)
{
	const bool v6 = strchr(*sa->source ? sa->source : sa->destination, ':');

	if (!sa->suite || !sa->suite->ws_enc)
		return no_suite(sa, "wireshark");
	print_text("\"%s\",\"%s\",\"%s\",\"0x%08x\",\"%s\",\"",
		   v6 ? "IPv6" : "IPv4", *sa->source ? sa->source : "*",
		   *sa->destination ? sa->destination : "*", sa->spi,
		   sa->suite->ws_enc);
	print_key(sa->tb[HIP_A_SA_ENCRYPTION_KEY]);
	print_text("\",\"%s\",\"", sa->suite->ws_auth);
	print_key(sa->tb[HIP_A_SA_AUTHENTICATION_KEY]);
	print_text("\"\n");
	return EXIT_OK;
}

/**
 * keys_show_xfrm() - show an SA as a command for the kernel's own IPsec
 * @sa: SA
 *
 * Both sequence numbers are set, so that it does on either end.
 *
 * Return: an exit status; the error has been shown.
 */
int keys_show_xfrm(const struct sa *sa)
{
	const uint64_t last = sa->out && sa->sequence ? sa->sequence - 1 :
							sa->sequence;
	const unsigned int low = (uint32_t)last, high = last >> 32;

	if (!sa->suite || !sa->suite->xfrm_auth)
		return no_suite(sa, "xfrm");
	if (!*sa->source || !*sa->destination)
		return fail("the locators of SPI 0x%08x are not known yet: send something first",
			    sa->spi);

	print_text("ip xfrm state add src %s dst %s proto esp spi 0x%08x mode beet",
		   sa->source, sa->destination, sa->spi);
	if (sa->suite->xfrm_enc) {
		print_text(" enc '%s' '", sa->suite->xfrm_enc);
		print_key(sa->tb[HIP_A_SA_ENCRYPTION_KEY]);
		print_text("' auth-trunc '%s' ", sa->suite->xfrm_auth);
		print_key(sa->tb[HIP_A_SA_AUTHENTICATION_KEY]);
	} else {
		print_text(" aead '%s' ", sa->suite->xfrm_auth);
		print_key(sa->tb[HIP_A_SA_ENCRYPTION_KEY]);
	}
	print_text(" %u", sa->suite->icv_bits);
	if (nl_u8(sa->tb[HIP_A_SA_ESN]))
		print_text(" flag esn replay-window 128 replay-seq-hi %u replay-oseq-hi %u",
			   high, high);
	else
		print_text(" replay-window 32");
	print_text(" replay-seq %u replay-oseq %u sel src %s/128 dst %s/128\n",
		   low, low, sa->inner_source, sa->inner_destination);
	return EXIT_OK;
}
