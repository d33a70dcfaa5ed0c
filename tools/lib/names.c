// SPDX-License-Identifier: GPL-2.0
/*
 * Names for numbers of the protocol and of the netlink API.
 */
#include "names.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hip/hip_wire.h>
#include <linux/hip.h>

const struct name hi_algorithm_names[] = {
	{ HIP_HI_ALG_DSA, "dsa" },
	{ HIP_HI_ALG_RSA, "rsa" },
	{ HIP_HI_ALG_ECDSA, "ecdsa" },
	{ HIP_HI_ALG_ECDSA_LOW, "ecdsa-low" },
	{ HIP_HI_ALG_EDDSA, "eddsa" },
	{ 0, NULL }
};

const struct name hit_suite_hash_names[] = {
	{ HIP_HIT_SUITE_RSA_DSA_SHA256, "sha256" },
	{ HIP_HIT_SUITE_ECDSA_SHA384, "sha384" },
	{ HIP_HIT_SUITE_ECDSA_LOW_SHA1, "sha1" },
	{ HIP_HIT_SUITE_EDDSA_CSHAKE128, "cshake128" },
	{ 0, NULL }
};

const struct name dh_group_names[] = {
	{ HIP_DH_GROUP_MODP_1536, "modp1536" },
	{ HIP_DH_GROUP_MODP_2048, "modp2048" },
	{ HIP_DH_GROUP_MODP_3072, "modp3072" },
	{ HIP_DH_GROUP_NIST_P256, "p256" },
	{ HIP_DH_GROUP_NIST_P384, "p384" },
	{ HIP_DH_GROUP_NIST_P521, "p521" },
	{ HIP_DH_GROUP_SECP160R1, "secp160r1" },
	{ 0, NULL }
};

const struct name hip_cipher_names[] = {
	{ HIP_CIPHER_NULL, "null" },
	{ HIP_CIPHER_AES128_CBC, "aes128-cbc" },
	{ HIP_CIPHER_AES256_CBC, "aes256-cbc" },
	{ 0, NULL }
};

const struct name esp_suite_names[] = {
	{ HIP_ESP_AES128_CBC_SHA1, "aes128-cbc-sha1" },
	{ HIP_ESP_NULL_SHA256, "null-sha256" },
	{ HIP_ESP_AES128_CBC_SHA256, "aes128-cbc-sha256" },
	{ HIP_ESP_AES256_CBC_SHA256, "aes256-cbc-sha256" },
	{ HIP_ESP_AES_CCM_8, "aes-ccm-8" },
	{ HIP_ESP_AES_CCM_16, "aes-ccm-16" },
	{ HIP_ESP_AES_GCM_8, "aes-gcm-8" },
	{ HIP_ESP_AES_GCM_16, "aes-gcm-16" },
	{ HIP_ESP_AES_CMAC_96, "aes-cmac-96" },
	{ HIP_ESP_AES_GMAC, "aes-gmac" },
	{ 0, NULL }
};

/* As the RFCs write them, so that they can be searched for */
#define NOTIFY(name) { HIP_NOTIFY_##name, #name }

const struct name notify_names[] = {
	NOTIFY(UNSUPPORTED_CRITICAL_PARAMETER_TYPE),
	NOTIFY(INVALID_SYNTAX),
	NOTIFY(NO_DH_PROPOSAL_CHOSEN),
	NOTIFY(INVALID_DH_CHOSEN),
	NOTIFY(NO_HIP_PROPOSAL_CHOSEN),
	NOTIFY(INVALID_HIP_CIPHER_CHOSEN),
	NOTIFY(NO_ESP_PROPOSAL_CHOSEN),
	NOTIFY(INVALID_ESP_TRANSFORM_CHOSEN),
	NOTIFY(UNSUPPORTED_HIT_SUITE),
	NOTIFY(AUTHENTICATION_FAILED),
	NOTIFY(CHECKSUM_FAILED),
	NOTIFY(HIP_MAC_FAILED),
	NOTIFY(ENCRYPTION_FAILED),
	NOTIFY(INVALID_HIT),
	NOTIFY(BLOCKED_BY_POLICY),
	NOTIFY(RESPONDER_BUSY_PLEASE_RETRY),
	NOTIFY(LOCATOR_TYPE_UNSUPPORTED),
	NOTIFY(CREDENTIALS_REQUIRED),
	NOTIFY(INVALID_CERTIFICATE),
	NOTIFY(REG_REQUIRED),
	NOTIFY(NO_VALID_NAT_TRAVERSAL_MODE_PARAMETER),
	NOTIFY(CONNECTIVITY_CHECKS_FAILED),
	NOTIFY(MESSAGE_NOT_RELAYED),
	NOTIFY(SERVER_REFLEXIVE_CANDIDATE_ALLOCATION_FAILED),
	NOTIFY(RVS_HMAC_PROHIBITED_WITH_RELAY),
	NOTIFY(I2_ACKNOWLEDGEMENT),
	NOTIFY(NAT_KEEPALIVE),
	{ 0, NULL }
};

/* As RFC 7401 section 4.4.1 writes them */
const struct name state_names[] = {
	{ HIP_STATE_UNASSOCIATED, "UNASSOCIATED" },
	{ HIP_STATE_I1_SENT, "I1-SENT" },
	{ HIP_STATE_I2_SENT, "I2-SENT" },
	{ HIP_STATE_R2_SENT, "R2-SENT" },
	{ HIP_STATE_ESTABLISHED, "ESTABLISHED" },
	{ HIP_STATE_CLOSING, "CLOSING" },
	{ HIP_STATE_CLOSED, "CLOSED" },
	{ HIP_STATE_E_FAILED, "E-FAILED" },
	{ 0, NULL }
};

const struct name role_names[] = {
	{ HIP_ROLE_INITIATOR, "initiator" },
	{ HIP_ROLE_RESPONDER, "responder" },
	{ 0, NULL }
};

const struct name reason_names[] = {
	{ HIP_REASON_NONE, "none" },
	{ HIP_REASON_NO_MAPPING, "no-mapping" },
	{ HIP_REASON_NO_ANSWER, "no-answer" },
	{ HIP_REASON_NO_HELPER, "no-helper" },
	{ HIP_REASON_HELPER_FAILED, "helper-failed" },
	{ HIP_REASON_NO_KEY, "no-key" },
	{ HIP_REASON_REFUSED, "refused" },
	{ HIP_REASON_AUTH_FAILED, "auth-failed" },
	{ HIP_REASON_NEGOTIATION, "negotiation" },
	{ HIP_REASON_PUZZLE, "puzzle" },
	{ HIP_REASON_LIMIT, "limit" },
	{ HIP_REASON_NO_ROUTE, "no-route" },
	{ HIP_REASON_NO_DEVICE, "no-device" },
	{ HIP_REASON_PEER_CLOSED, "peer-closed" },
	{ HIP_REASON_LOCAL_CLOSED, "local-closed" },
	{ HIP_REASON_EXPIRED, "expired" },
	{ HIP_REASON_ADMIN, "admin" },
	{ HIP_REASON_NO_IDENTITY, "no-identity" },
	{ HIP_REASON_NO_MEMORY, "no-memory" },
	{ HIP_REASON_REPLACED, "replaced" },
	{ HIP_REASON_PROTOCOL, "protocol" },
	{ HIP_REASON_POLICY, "policy" },
	{ 0, NULL }
};

/* What to tell a person, with the remedy where there is one */
static const char *const reason_texts[] = {
	[HIP_REASON_NO_MAPPING] =
		"where the peer is, is not known: hiptool peer add HIT via ADDR",
	[HIP_REASON_NO_ANSWER] = "the peer does not answer",
	[HIP_REASON_NO_HELPER] = "hipd is not running: systemctl start hipd",
	[HIP_REASON_HELPER_FAILED] = "hipd does not answer, or nonsense",
	[HIP_REASON_NO_KEY] =
		"hipd does not have the private key of the local identity",
	[HIP_REASON_REFUSED] = "the peer said no",
	[HIP_REASON_AUTH_FAILED] = "the peer could not prove who it is",
	[HIP_REASON_NEGOTIATION] =
		"no algorithm in common: hiptool config show",
	[HIP_REASON_PUZZLE] =
		"the peer's puzzle is too hard, or was not solved in time",
	[HIP_REASON_LIMIT] =
		"a limit is reached: hiptool config show, hiptool stats",
	[HIP_REASON_NO_ROUTE] = "no route to the peer",
	[HIP_REASON_NO_DEVICE] = "hip0 is not there, or down",
	[HIP_REASON_PEER_CLOSED] = "the peer closed it",
	[HIP_REASON_LOCAL_CLOSED] = "closed by this host",
	[HIP_REASON_EXPIRED] = "not used for too long",
	[HIP_REASON_ADMIN] = "removed by the administrator",
	[HIP_REASON_NO_IDENTITY] =
		"the local identity is not there: hiptool identity show",
	[HIP_REASON_NO_MEMORY] = "out of memory",
	[HIP_REASON_REPLACED] = "a new exchange took its place",
	[HIP_REASON_PROTOCOL] = "the peer broke the protocol",
	[HIP_REASON_POLICY] = "the policy of this host forbids it: hiptool policy",
};

const struct name event_names[] = {
	{ HIP_EVENT_ADDED, "added" },
	{ HIP_EVENT_CHANGED, "changed" },
	{ HIP_EVENT_REMOVED, "removed" },
	{ 0, NULL }
};

const struct name accept_names[] = {
	{ HIP_ACCEPT_ALL, "all" },
	{ HIP_ACCEPT_NAMED, "named" },
	{ HIP_ACCEPT_KNOWN, "known" },
	{ HIP_ACCEPT_NONE, "none" },
	{ 0, NULL }
};

const struct name access_names[] = {
	{ HIP_ACCESS_ALLOW, "allow" },
	{ HIP_ACCESS_DENY, "deny" },
	{ 0, NULL }
};

/**
 * name_of() - name of a number
 * @names: table
 * @value: number
 * @buf: for a number that has no name
 *
 * Return: the name, or the number as text: a newer kernel knows more.
 */
const char *name_of(const struct name *names, unsigned int value,
		    char buf[NAME_BUF_LEN])
{
	for (; names->name; names++)
		if (names->value == value)
			return names->name;
	snprintf(buf, NAME_BUF_LEN, "%u", value);
	return buf;
}

/**
 * name_find() - number of a name
 * @names: table
 * @word: a name of the table, or a number up to @max
 * @max: largest number
 * @value: set
 *
 * Return: whether @word is either.
 */
bool name_find(const struct name *names, const char *word, unsigned int max,
	       unsigned int *value)
{
	unsigned long v;
	char *end;

	for (; names->name; names++) {
		if (!strcmp(names->name, word)) {
			*value = names->value;
			return true;
		}
	}
	if (*word < '0' || *word > '9')
		return false;
	errno = 0;
	v = strtoul(word, &end, 10);
	if (errno || *end || v > max)
		return false;
	*value = (unsigned int)v;
	return true;
}

/**
 * reason_text() - a reason as a sentence
 * @reason: enum hip_reason
 *
 * Return: text, or NULL for the ordinary course of the protocol and for what
 * only a newer kernel knows.
 */
const char *reason_text(unsigned int reason)
{
	return reason < ARRAY_SIZE(reason_texts) ? reason_texts[reason] : NULL;
}
