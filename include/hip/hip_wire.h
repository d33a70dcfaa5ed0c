/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/*
 * Host Identity Protocol version 2: formats and numbers on the wire.
 *
 * Shared by the kernel module, the userspace tools and the tests.  All
 * multi-octet fields are in network byte order.  RFC 7401 unless a comment
 * says otherwise.
 */
#ifndef _HIP_HIP_WIRE_H
#define _HIP_HIP_WIRE_H

#include <linux/types.h>

#ifndef __packed
#define __packed __attribute__((__packed__))
#endif

/* Sizes and fixed values */
#define HIP_PROTO		139	/* IPPROTO_HIP, section 9 */
#define HIP_UDP_PORT		10500	/* RFC 9028, section 5.1 */
#define HIP_VERSION		2
#define HIP_NEXT_HEADER_NONE	59	/* IPPROTO_NONE */
#define HIP_HDR_LEN		40	/* header without parameters */
#define HIP_HDR_LEN_UNIT	8	/* unit of Header Length */
#define HIP_HDR_LEN_MIN		4	/* smallest Header Length field */
#define HIP_MAX_LEN		2048	/* header and parameters */
#define HIP_MAX_PARAMS_LEN	(HIP_MAX_LEN - HIP_HDR_LEN)
#define HIP_HIT_LEN		16
#define HIP_TLV_HDR_LEN		4	/* Type and Length */
#define HIP_TLV_ALIGN		8
#define HIP_UDP_MARKER_LEN	4	/* zero octets before HIP in UDP */
#define HIP_RHASH_LEN_MAX	48	/* SHA-384 */
#define HIP_SUITES_MAX		6	/* entries in HIP_CIPHER and others */
#define HIP_HI_LEN_MAX		1024	/* longest HI we handle, octets */
#define HIP_CIPHER_IV_LEN	16	/* AES-CBC in ENCRYPTED */
#define HIP_PUZZLE_K_MAX	64	/* hardest puzzle we handle, bits */
#define HIP_LIFETIME_BIAS	32	/* seconds = 2^(Lifetime - 32) */
#define HIP_LOCATOR_LIFETIME_INF 0xffffffffU	/* RFC 8046, section 5.1 */
#define HIP_SPI_MIN		256	/* RFC 4303, section 2.1 */

/* Section 5.1: the packet header */
struct hip_hdr {
	__u8	next_header;
	__u8	header_len;	/* in 8-octet units, not counting the first 8 */
	__u8	type;		/* bit 7 is fixed zero: HIP_TYPE_MASK */
	__u8	version;	/* 4 bits version, 3 bits zero, 1 bit one */
	__be16	checksum;
	__be16	controls;	/* HIP_CONTROL_* */
	__u8	sender_hit[HIP_HIT_LEN];
	__u8	receiver_hit[HIP_HIT_LEN];
} __packed;

#define HIP_TYPE_MASK		0x7f
#define HIP_VERSION_SHIFT	4
#define HIP_VERSION_OCTET	0x21	/* version 2, fixed low bit */
#define HIP_CONTROL_ANON	0x0001	/* section 5.1.2: anonymous sender HI */

/* Section 5.3: packet types */
enum hip_packet_type {
	HIP_PKT_I1		= 1,
	HIP_PKT_R1		= 2,
	HIP_PKT_I2		= 3,
	HIP_PKT_R2		= 4,
	HIP_PKT_UPDATE		= 16,
	HIP_PKT_NOTIFY		= 17,
	HIP_PKT_CLOSE		= 18,
	HIP_PKT_CLOSE_ACK	= 19,
	HIP_PKT_HDRR		= 20,	/* RFC 6537 */
	HIP_PKT_DATA		= 32,	/* RFC 6078 */
};

/* Section 5.2: parameter types; an odd type is critical */
enum hip_param_type {
	HIP_PARAM_ESP_INFO			= 65,	/* RFC 7402 */
	HIP_PARAM_R1_COUNTER_V1			= 128,	/* RFC 5201 */
	HIP_PARAM_R1_COUNTER			= 129,
	HIP_PARAM_LOCATOR_SET			= 193,	/* RFC 8046 */
	HIP_PARAM_PUZZLE			= 257,
	HIP_PARAM_SOLUTION			= 321,
	HIP_PARAM_SEQ				= 385,
	HIP_PARAM_ACK				= 449,
	HIP_PARAM_DH_GROUP_LIST			= 511,
	HIP_PARAM_DIFFIE_HELLMAN		= 513,
	HIP_PARAM_HIP_TRANSFORM_V1		= 577,	/* RFC 5201 */
	HIP_PARAM_HIP_CIPHER			= 579,
	HIP_PARAM_NAT_TRAVERSAL_MODE		= 608,	/* RFC 9028 */
	HIP_PARAM_TRANSACTION_PACING		= 610,	/* RFC 9028 */
	HIP_PARAM_ENCRYPTED			= 641,
	HIP_PARAM_HOST_ID			= 705,
	HIP_PARAM_HIT_SUITE_LIST		= 715,
	HIP_PARAM_CERT				= 768,	/* RFC 8002 */
	HIP_PARAM_NOTIFICATION			= 832,
	HIP_PARAM_ECHO_REQUEST_SIGNED		= 897,
	HIP_PARAM_REG_INFO			= 930,	/* RFC 8003 */
	HIP_PARAM_REG_REQUEST			= 932,	/* RFC 8003 */
	HIP_PARAM_REG_RESPONSE			= 934,	/* RFC 8003 */
	HIP_PARAM_REG_FAILED			= 936,	/* RFC 8003 */
	HIP_PARAM_REG_FROM			= 950,	/* RFC 9028 */
	HIP_PARAM_ECHO_RESPONSE_SIGNED		= 961,
	HIP_PARAM_TRANSPORT_FORMAT_LIST		= 2049,
	HIP_PARAM_ESP_TRANSFORM			= 4095,	/* RFC 7402 */
	HIP_PARAM_SEQ_DATA			= 4481,	/* RFC 6078 */
	HIP_PARAM_ACK_DATA			= 4545,	/* RFC 6078 */
	HIP_PARAM_PAYLOAD_MIC			= 4577,	/* RFC 6078 */
	HIP_PARAM_TRANSACTION_ID		= 4580,	/* RFC 6078 */
	HIP_PARAM_OVERLAY_ID			= 4592,	/* RFC 6079 */
	HIP_PARAM_ROUTE_DST			= 4601,	/* RFC 6028 */
	HIP_PARAM_RELAYED_ADDRESS		= 4650,	/* RFC 9028 */
	HIP_PARAM_MAPPED_ADDRESS		= 4660,	/* RFC 9028 */
	HIP_PARAM_PEER_PERMISSION		= 4680,	/* RFC 9028 */
	HIP_PARAM_CANDIDATE_PRIORITY		= 4700,	/* RFC 9028 */
	HIP_PARAM_NOMINATE			= 4710,	/* RFC 9028 */
	HIP_PARAM_HIP_TRANSPORT_MODE		= 7680,	/* RFC 6261 */
	HIP_PARAM_HIP_MAC			= 61505,
	HIP_PARAM_HIP_MAC_2			= 61569,
	HIP_PARAM_HIP_SIGNATURE_2		= 61633,
	HIP_PARAM_HIP_SIGNATURE			= 61697,
	HIP_PARAM_ECHO_RESPONSE_UNSIGNED	= 63425,
	HIP_PARAM_ECHO_REQUEST_UNSIGNED		= 63661,
	HIP_PARAM_RELAY_FROM			= 63998,	/* RFC 9028 */
	HIP_PARAM_RELAY_TO			= 64002,	/* RFC 9028 */
	HIP_PARAM_OVERLAY_TTL			= 64011,	/* RFC 6079 */
	HIP_PARAM_ROUTE_VIA			= 64017,	/* RFC 6028 */
	HIP_PARAM_FROM				= 65498,	/* RFC 8004 */
	HIP_PARAM_RVS_HMAC			= 65500,	/* RFC 8004 */
	HIP_PARAM_VIA_RVS			= 65502,	/* RFC 8004 */
	HIP_PARAM_RELAY_HMAC			= 65520,	/* RFC 9028 */
};

#define HIP_PARAM_CRITICAL	0x0001	/* section 5.2.1: low bit of Type */

/* Section 5.2.1: Type and Length of every parameter */
struct hip_tlv {
	__be16	type;
	__be16	length;		/* contents only: no padding, not these four */
} __packed;

/* Octets that a parameter with @len octets of contents takes, padding included */
#define HIP_TLV_SIZE(len)	(((len) + HIP_TLV_HDR_LEN + 7U) & ~7U)

/* Parameter contents (behind struct hip_tlv).  A comment after the last member
 * names what follows it.
 */

struct hip_p_esp_info {			/* RFC 7402, section 5.1.1 */
	__be16	reserved;
	__be16	keymat_index;
	__be32	old_spi;
	__be32	new_spi;
} __packed;

struct hip_p_r1_counter {		/* section 5.2.3 */
	__be32	reserved;
	__be64	counter;
} __packed;

struct hip_p_locator {			/* RFC 8046, section 4 */
	__u8	traffic_type;		/* enum hip_locator_traffic */
	__u8	locator_type;		/* enum hip_locator_type */
	__u8	locator_len;		/* in 4-octet units */
	__u8	flags;			/* HIP_LOCATOR_PREFERRED */
	__be32	lifetime;		/* seconds */
	/* locator */
} __packed;

struct hip_p_locator_ip {		/* locator type 0 */
	__u8	address[16];
} __packed;

struct hip_p_locator_esp {		/* locator type 1 */
	__be32	spi;
	__u8	address[16];
} __packed;

struct hip_p_locator_udp {		/* locator type 2, RFC 9028, 5.7 */
	__be16	port;
	__u8	protocol;
	__u8	kind;			/* enum hip_locator_kind */
	__be32	priority;
	__be32	spi;
	__u8	address[16];
} __packed;

struct hip_p_puzzle {			/* section 5.2.4 */
	__u8	k;
	__u8	lifetime;		/* 2^(lifetime - 32) seconds */
	__be16	opaque;
	/* I, RHASH_len */
} __packed;

struct hip_p_solution {			/* section 5.2.5 */
	__u8	k;
	__u8	reserved;
	__be16	opaque;
	/* I, RHASH_len; J, RHASH_len */
} __packed;

struct hip_p_seq {			/* section 5.2.16 */
	__be32	update_id;
} __packed;

struct hip_p_diffie_hellman {		/* section 5.2.7 */
	__u8	group;			/* enum hip_dh_group */
	__be16	pub_len;
	/* public value */
} __packed;

struct hip_p_host_id {			/* section 5.2.9 */
	__be16	hi_len;
	__be16	di_type_len;		/* 4 bits type, 12 bits length */
	__be16	algorithm;		/* enum hip_hi_alg */
	/* HI, DI */
} __packed;

#define HIP_DI_TYPE_SHIFT	12
#define HIP_DI_LEN_MASK		0x0fff

struct hip_p_cert {			/* RFC 8002, section 2 */
	__u8	group;
	__u8	count;
	__u8	id;
	__u8	type;
	/* certificate */
} __packed;

struct hip_p_encrypted {		/* section 5.2.18 */
	__be32	reserved;
	/* IV, encrypted parameters */
} __packed;

struct hip_p_notification {		/* section 5.2.19 */
	__be16	reserved;
	__be16	type;			/* enum hip_notify_type */
	/* data */
} __packed;

struct hip_p_esp_transform {		/* RFC 7402, section 5.1.2 */
	__be16	reserved;
	/* __be16 suite ids */
} __packed;

struct hip_p_signature {		/* section 5.2.14 */
	__be16	algorithm;		/* enum hip_hi_alg */
	/* signature */
} __packed;

struct hip_p_reg_info {			/* RFC 8003, section 4.2 */
	__u8	min_lifetime;
	__u8	max_lifetime;
	/* registration types */
} __packed;

struct hip_p_reg {			/* RFC 8003, sections 4.3 and 4.4 */
	__u8	lifetime;
	/* registration types */
} __packed;

struct hip_p_reg_failed {		/* RFC 8003, section 4.5 */
	__u8	failure_type;
	/* registration types */
} __packed;

struct hip_p_transport_address {	/* RFC 9028, section 5.6 */
	__be16	port;
	__u8	protocol;
	__u8	reserved;
	__u8	address[16];
} __packed;

struct hip_p_nat_traversal_mode {	/* RFC 9028, section 5.4 */
	__be16	reserved;
	/* __be16 mode ids */
} __packed;

struct hip_p_peer_permission {		/* RFC 9028, section 5.13 */
	__be16	rport;
	__be16	pport;
	__u8	protocol;
	__u8	reserved[3];
	__u8	raddress[16];
	__u8	paddress[16];
	__be32	ospi;
	__be32	ispi;
} __packed;

/* Section 5.2.19: notify message types; errors are below 16384 */
enum hip_notify_type {
	HIP_NOTIFY_UNSUPPORTED_CRITICAL_PARAMETER_TYPE	= 1,
	HIP_NOTIFY_INVALID_SYNTAX			= 7,
	HIP_NOTIFY_NO_DH_PROPOSAL_CHOSEN		= 14,
	HIP_NOTIFY_INVALID_DH_CHOSEN			= 15,
	HIP_NOTIFY_NO_HIP_PROPOSAL_CHOSEN		= 16,
	HIP_NOTIFY_INVALID_HIP_CIPHER_CHOSEN		= 17,
	HIP_NOTIFY_NO_ESP_PROPOSAL_CHOSEN		= 18,	/* RFC 7402 */
	HIP_NOTIFY_INVALID_ESP_TRANSFORM_CHOSEN		= 19,	/* RFC 7402 */
	HIP_NOTIFY_UNSUPPORTED_HIT_SUITE		= 20,
	HIP_NOTIFY_AUTHENTICATION_FAILED		= 24,
	HIP_NOTIFY_CHECKSUM_FAILED			= 26,
	HIP_NOTIFY_HIP_MAC_FAILED			= 28,
	HIP_NOTIFY_ENCRYPTION_FAILED			= 32,
	HIP_NOTIFY_INVALID_HIT				= 40,
	HIP_NOTIFY_BLOCKED_BY_POLICY			= 42,
	HIP_NOTIFY_RESPONDER_BUSY_PLEASE_RETRY		= 44,
	HIP_NOTIFY_LOCATOR_TYPE_UNSUPPORTED		= 46,	/* RFC 8046 */
	HIP_NOTIFY_CREDENTIALS_REQUIRED			= 48,	/* RFC 8002 */
	HIP_NOTIFY_INVALID_CERTIFICATE			= 50,	/* RFC 8002 */
	HIP_NOTIFY_REG_REQUIRED				= 51,	/* RFC 8003 */
	HIP_NOTIFY_NO_VALID_NAT_TRAVERSAL_MODE_PARAMETER = 60,	/* RFC 9028 */
	HIP_NOTIFY_CONNECTIVITY_CHECKS_FAILED		= 61,	/* RFC 9028 */
	HIP_NOTIFY_MESSAGE_NOT_RELAYED			= 62,	/* RFC 9028 */
	HIP_NOTIFY_SERVER_REFLEXIVE_CANDIDATE_ALLOCATION_FAILED = 63,
	HIP_NOTIFY_RVS_HMAC_PROHIBITED_WITH_RELAY	= 64,	/* RFC 9028 */
	HIP_NOTIFY_OVERLAY_TTL_EXCEEDED			= 70,	/* RFC 6079 */
	HIP_NOTIFY_UNKNOWN_NEXT_HOP			= 90,	/* RFC 6028 */
	HIP_NOTIFY_NO_VALID_HIP_TRANSPORT_MODE		= 100,	/* RFC 6261 */
	HIP_NOTIFY_STATUS_FIRST				= 16384,
	HIP_NOTIFY_I2_ACKNOWLEDGEMENT			= 16384,
	HIP_NOTIFY_NAT_KEEPALIVE			= 16385, /* RFC 9028 */
};

/* Section 5.2.7: Diffie-Hellman groups */
enum hip_dh_group {
	HIP_DH_GROUP_RESERVED	= 0,
	HIP_DH_GROUP_MODP_1536	= 3,
	HIP_DH_GROUP_MODP_3072	= 4,
	HIP_DH_GROUP_NIST_P256	= 7,
	HIP_DH_GROUP_NIST_P384	= 8,
	HIP_DH_GROUP_NIST_P521	= 9,
	HIP_DH_GROUP_SECP160R1	= 10,
	HIP_DH_GROUP_MODP_2048	= 11,
};

#define HIP_DH_PUB_LEN_MAX	384	/* MODP-3072, octets */
#define HIP_DH_KIJ_LEN_MAX	384

/* Section 5.2.10 and appendix E: HIT suites (ORCHID generation algorithms) */
enum hip_hit_suite {
	HIP_HIT_SUITE_RESERVED		= 0,
	HIP_HIT_SUITE_RSA_DSA_SHA256	= 1,
	HIP_HIT_SUITE_ECDSA_SHA384	= 2,
	HIP_HIT_SUITE_ECDSA_LOW_SHA1	= 3,
	HIP_HIT_SUITE_EDDSA_CSHAKE128	= 5,	/* RFC 9374 */
};

#define HIP_HIT_SUITE_SHIFT	4	/* in HIT_SUITE_LIST */

/* Section 5.2.9: Host Identity algorithms */
enum hip_hi_alg {
	HIP_HI_ALG_DSA		= 3,
	HIP_HI_ALG_RSA		= 5,
	HIP_HI_ALG_ECDSA	= 7,
	HIP_HI_ALG_ECDSA_LOW	= 9,
	HIP_HI_ALG_EDDSA	= 13,	/* RFC 9374 */
};

/* Section 5.2.9: curves of HIP_HI_ALG_ECDSA and HIP_HI_ALG_ECDSA_LOW */
enum hip_ecdsa_curve {
	HIP_ECDSA_CURVE_P256	= 1,
	HIP_ECDSA_CURVE_P384	= 2,
};

enum hip_ecdsa_low_curve {
	HIP_ECDSA_LOW_CURVE_SECP160R1	= 1,
};

/* Section 5.2.9: domain identifier types */
enum hip_di_type {
	HIP_DI_NONE	= 0,
	HIP_DI_FQDN	= 1,
	HIP_DI_NAI	= 2,
};

/* Section 5.2.8: ciphers of the ENCRYPTED parameter */
enum hip_cipher_id {
	HIP_CIPHER_RESERVED	= 0,
	HIP_CIPHER_NULL		= 1,	/* tests only */
	HIP_CIPHER_AES128_CBC	= 2,
	HIP_CIPHER_AES256_CBC	= 4,
};

/* RFC 7402, section 5.1.2: ESP suites */
enum hip_esp_suite {
	HIP_ESP_RESERVED		= 0,
	HIP_ESP_AES128_CBC_SHA1		= 1,
	HIP_ESP_NULL_SHA256		= 7,
	HIP_ESP_AES128_CBC_SHA256	= 8,
	HIP_ESP_AES256_CBC_SHA256	= 9,
	HIP_ESP_AES_CCM_8		= 10,
	HIP_ESP_AES_CCM_16		= 11,
	HIP_ESP_AES_GCM_8		= 12,
	HIP_ESP_AES_GCM_16		= 13,
	HIP_ESP_AES_CMAC_96		= 14,
	HIP_ESP_AES_GMAC		= 15,
};

#define HIP_ESP_SUITE_MAX	HIP_ESP_AES_GMAC

/* Section 5.2.11 and RFC 7402, section 4.1.1: transport formats */
enum hip_transport_format {
	HIP_TRANSPORT_FORMAT_ESP	= 4095,
};

/* RFC 8046, section 4, and RFC 9028, section 5.7: locators */
enum hip_locator_traffic {
	HIP_LOCATOR_TRAFFIC_BOTH	= 0,
	HIP_LOCATOR_TRAFFIC_SIGNALLING	= 1,
	HIP_LOCATOR_TRAFFIC_DATA	= 2,
};

enum hip_locator_type {
	HIP_LOCATOR_IP		= 0,
	HIP_LOCATOR_ESP		= 1,
	HIP_LOCATOR_UDP		= 2,
};

#define HIP_LOCATOR_PREFERRED	0x01

enum hip_locator_kind {
	HIP_LOCATOR_KIND_HOST			= 0,
	HIP_LOCATOR_KIND_SERVER_REFLEXIVE	= 1,
	HIP_LOCATOR_KIND_PEER_REFLEXIVE		= 2,
	HIP_LOCATOR_KIND_RELAYED		= 3,
};

/* RFC 9028, section 5.4: NAT traversal modes */
enum hip_nat_mode {
	HIP_NAT_MODE_RESERVED		= 0,
	HIP_NAT_MODE_UDP_ENCAPSULATION	= 1,
	HIP_NAT_MODE_ICE_STUN_UDP	= 2,
	HIP_NAT_MODE_ICE_HIP_UDP	= 3,
};

/* RFC 8003, section 7: registration types and failures */
enum hip_reg_type {
	HIP_REG_RENDEZVOUS		= 1,	/* RFC 8004 */
	HIP_REG_RELAY_UDP_HIP		= 2,	/* RFC 9028 */
	HIP_REG_RELAY_UDP_ESP		= 3,	/* RFC 9028 */
	HIP_REG_CANDIDATE_DISCOVERY	= 4,	/* RFC 9028 */
};

enum hip_reg_failure {
	HIP_REG_FAIL_CREDENTIALS_REQUIRED	= 0,
	HIP_REG_FAIL_TYPE_UNAVAILABLE		= 1,
	HIP_REG_FAIL_INSUFFICIENT_RESOURCES	= 2,
	HIP_REG_FAIL_INVALID_CERT		= 3,
	HIP_REG_FAIL_BAD_CERT			= 4,
	HIP_REG_FAIL_UNSUPPORTED_CERT		= 5,
	HIP_REG_FAIL_CERT_EXPIRED		= 6,
	HIP_REG_FAIL_CERT_OTHER			= 7,
	HIP_REG_FAIL_UNKNOWN_CA			= 8,
	HIP_REG_FAIL_RVS_AND_RELAY		= 9,	/* RFC 9028 */
};

/* The states of section 4.4.1 do not travel: enum hip_state in <linux/hip.h> */

#endif /* _HIP_HIP_WIRE_H */
