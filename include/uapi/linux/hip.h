/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/hip.yaml */
/* YNL-GEN uapi header */

#ifndef _UAPI_LINUX_HIP_H
#define _UAPI_LINUX_HIP_H

#define HIP_FAMILY_NAME		"hip"
#define HIP_FAMILY_VERSION	1

#define HIP_MCGRP_EVENTS	"events"
#define HIP_MCGRP_UPCALL	"upcall"

/**
 * enum hip_state - States of an association, RFC 7401 section 4.4.1.
 * @HIP_STATE_UNASSOCIATED: no association
 * @HIP_STATE_I1_SENT: exchange begun, an R1 is awaited
 * @HIP_STATE_I2_SENT: R1 answered, an R2 is awaited
 * @HIP_STATE_R2_SENT: I2 answered, data or a timer confirms
 * @HIP_STATE_ESTABLISHED: both security associations work
 * @HIP_STATE_CLOSING: CLOSE sent, a CLOSE_ACK is awaited
 * @HIP_STATE_CLOSED: CLOSE answered, late packets are awaited
 * @HIP_STATE_E_FAILED: the exchange failed, new ones are held off
 */
enum hip_state {
	HIP_STATE_UNASSOCIATED,
	HIP_STATE_I1_SENT,
	HIP_STATE_I2_SENT,
	HIP_STATE_R2_SENT,
	HIP_STATE_ESTABLISHED,
	HIP_STATE_CLOSING,
	HIP_STATE_CLOSED,
	HIP_STATE_E_FAILED,
};

/**
 * enum hip_role - Who began the base exchange.
 * @HIP_ROLE_INITIATOR: this host sent the I1
 * @HIP_ROLE_RESPONDER: this host answered an I1
 */
enum hip_role {
	HIP_ROLE_INITIATOR,
	HIP_ROLE_RESPONDER,
};

/**
 * enum hip_direction - Direction as seen from this host.
 * @HIP_DIRECTION_IN: received from the peer
 * @HIP_DIRECTION_OUT: sent to the peer
 */
enum hip_direction {
	HIP_DIRECTION_IN,
	HIP_DIRECTION_OUT,
};

/**
 * enum hip_reason - Why an association changed its state or an exchange
 *   failed.
 * @HIP_REASON_NONE: the ordinary course of the protocol
 * @HIP_REASON_NO_MAPPING: no locator is configured for the peer
 * @HIP_REASON_NO_ANSWER: all transmissions remained unanswered
 * @HIP_REASON_NO_HELPER: hipd is not running
 * @HIP_REASON_HELPER_FAILED: hipd did not answer in time or answered nonsense
 * @HIP_REASON_NO_KEY: hipd does not have the private key of the identity
 * @HIP_REASON_REFUSED: the peer said no, by NOTIFY or ICMP
 * @HIP_REASON_AUTH_FAILED: signature, MAC, Host Identity or DH value of the
 *   peer is wrong
 * @HIP_REASON_NEGOTIATION: no common algorithm
 * @HIP_REASON_PUZZLE: the peer's puzzle is too hard or was not solved in time
 * @HIP_REASON_LIMIT: a configured limit was reached
 * @HIP_REASON_NO_ROUTE: no route to the peer's locator
 * @HIP_REASON_NO_DEVICE: hip0 does not exist or is down
 * @HIP_REASON_PEER_CLOSED: the peer sent CLOSE
 * @HIP_REASON_LOCAL_CLOSED: this host sent CLOSE
 * @HIP_REASON_EXPIRED: unused for the unused association lifetime
 * @HIP_REASON_ADMIN: the administrator removed it or its identity
 * @HIP_REASON_NO_IDENTITY: the local Host Identity is not there
 * @HIP_REASON_NO_MEMORY: out of memory
 * @HIP_REASON_REPLACED: a new exchange took its place
 * @HIP_REASON_PROTOCOL: the peer broke the protocol
 * @HIP_REASON_POLICY: the access policy of this host forbids it
 */
enum hip_reason {
	HIP_REASON_NONE,
	HIP_REASON_NO_MAPPING,
	HIP_REASON_NO_ANSWER,
	HIP_REASON_NO_HELPER,
	HIP_REASON_HELPER_FAILED,
	HIP_REASON_NO_KEY,
	HIP_REASON_REFUSED,
	HIP_REASON_AUTH_FAILED,
	HIP_REASON_NEGOTIATION,
	HIP_REASON_PUZZLE,
	HIP_REASON_LIMIT,
	HIP_REASON_NO_ROUTE,
	HIP_REASON_NO_DEVICE,
	HIP_REASON_PEER_CLOSED,
	HIP_REASON_LOCAL_CLOSED,
	HIP_REASON_EXPIRED,
	HIP_REASON_ADMIN,
	HIP_REASON_NO_IDENTITY,
	HIP_REASON_NO_MEMORY,
	HIP_REASON_REPLACED,
	HIP_REASON_PROTOCOL,
	HIP_REASON_POLICY,
};

/**
 * enum hip_event - What happened to the object that an event is about.
 * @HIP_EVENT_ADDED: it is new, or took the place of an older one
 * @HIP_EVENT_CHANGED: it has changed
 * @HIP_EVENT_REMOVED: it is gone
 */
enum hip_event {
	HIP_EVENT_ADDED,
	HIP_EVENT_CHANGED,
	HIP_EVENT_REMOVED,
};

/**
 * enum hip_accept - Whose base exchanges a local identity accepts.
 * @HIP_ACCEPT_ALL: of everybody who has not been denied access
 * @HIP_ACCEPT_KNOWN: of configured peers
 * @HIP_ACCEPT_NONE: of nobody, except that a configured peer may renew an
 *   association; RFC 7401 section 4.1.5 calls that only being an Initiator
 * @HIP_ACCEPT_NAMED: of everybody whose Host Identity is not anonymous, and of
 *   configured peers; RFC 7401 section 6.9 step 17
 */
enum hip_accept {
	HIP_ACCEPT_ALL,
	HIP_ACCEPT_KNOWN,
	HIP_ACCEPT_NONE,
	HIP_ACCEPT_NAMED,
};

/**
 * enum hip_access - Whether there may be associations with a peer.
 * @HIP_ACCESS_ALLOW: it is known
 * @HIP_ACCESS_DENY: none, whoever begins, whatever the local identity accepts
 */
enum hip_access {
	HIP_ACCESS_ALLOW,
	HIP_ACCESS_DENY,
};

/**
 * enum hip_upcall_type - What the kernel asks of hipd.
 * @HIP_UPCALL_SIGN: sign data with the private key of identity name, whose HIT
 *   is hit; answer: signature
 * @HIP_UPCALL_VERIFY: verify signature over data with the Host Identity hi of
 *   hi-algorithm and hit-suite; no answer but the status
 * @HIP_UPCALL_DH_GENERATE: make a key pair for dh-group; answer: dh-public,
 *   dh-private
 * @HIP_UPCALL_DH_DERIVE: derive the shared secret of our dh-private and the
 *   peer's dh-public in dh-group; answer: dh-secret
 * @HIP_UPCALL_PUZZLE: find a solution of puzzle-i, initiator-hit,
 *   responder-hit with difficulty puzzle-k and the hash of hit-suite; answer:
 *   puzzle-j
 * @HIP_UPCALL_IDENTITY: read the public key of identity name; answer:
 *   hi-algorithm, hi
 */
enum hip_upcall_type {
	HIP_UPCALL_SIGN = 1,
	HIP_UPCALL_VERIFY,
	HIP_UPCALL_DH_GENERATE,
	HIP_UPCALL_DH_DERIVE,
	HIP_UPCALL_PUZZLE,
	HIP_UPCALL_IDENTITY,
};

/**
 * enum hip_upcall_status - How hipd answers.
 * @HIP_UPCALL_STATUS_OK: done, result attached
 * @HIP_UPCALL_STATUS_UNKNOWN_KEY: no such private key here
 * @HIP_UPCALL_STATUS_BAD_SIGNATURE: the signature does not verify
 * @HIP_UPCALL_STATUS_BAD_PUBLIC_VALUE: the peer's DH public value is not
 *   acceptable
 * @HIP_UPCALL_STATUS_UNSUPPORTED: algorithm, group or size not supported
 * @HIP_UPCALL_STATUS_NOT_FOUND: nothing found, no solution in time
 * @HIP_UPCALL_STATUS_FAILED: anything else
 */
enum hip_upcall_status {
	HIP_UPCALL_STATUS_OK,
	HIP_UPCALL_STATUS_UNKNOWN_KEY,
	HIP_UPCALL_STATUS_BAD_SIGNATURE,
	HIP_UPCALL_STATUS_BAD_PUBLIC_VALUE,
	HIP_UPCALL_STATUS_UNSUPPORTED,
	HIP_UPCALL_STATUS_NOT_FOUND,
	HIP_UPCALL_STATUS_FAILED,
};

enum {
	HIP_A_LOCATOR_UNSPEC,
	HIP_A_LOCATOR_ADDRESS_4,
	HIP_A_LOCATOR_ADDRESS_6,

	__HIP_A_LOCATOR_MAX,
	HIP_A_LOCATOR_MAX = (__HIP_A_LOCATOR_MAX - 1)
};

enum {
	HIP_A_SA_UNSPEC,
	HIP_A_SA_PAD,
	HIP_A_SA_DIRECTION,
	HIP_A_SA_SPI,
	HIP_A_SA_SOURCE,
	HIP_A_SA_DESTINATION,
	HIP_A_SA_ESP_SUITE,
	HIP_A_SA_ESN,
	HIP_A_SA_PACKETS,
	HIP_A_SA_BYTES,
	HIP_A_SA_SEQUENCE,
	HIP_A_SA_DRIVER,
	HIP_A_SA_ENCRYPTION_KEY,
	HIP_A_SA_AUTHENTICATION_KEY,
	HIP_A_SA_HIP_ENCRYPTION_KEY,
	HIP_A_SA_HIP_INTEGRITY_KEY,

	__HIP_A_SA_MAX,
	HIP_A_SA_MAX = (__HIP_A_SA_MAX - 1)
};

enum {
	HIP_A_COUNTER_UNSPEC,
	HIP_A_COUNTER_PAD,
	HIP_A_COUNTER_NAME,
	HIP_A_COUNTER_VALUE,

	__HIP_A_COUNTER_MAX,
	HIP_A_COUNTER_MAX = (__HIP_A_COUNTER_MAX - 1)
};

enum {
	HIP_A_CONFIG_UNSPEC,
	HIP_A_CONFIG_PAD,
	HIP_A_CONFIG_MAX_ASSOCS,
	HIP_A_CONFIG_MAX_HALF_OPEN,
	HIP_A_CONFIG_MAX_PEERS,
	HIP_A_CONFIG_MAX_IDENTITIES,
	HIP_A_CONFIG_MAX_CTRL_PENDING,
	HIP_A_CONFIG_MAX_UPCALLS,
	HIP_A_CONFIG_QUEUE_LEN,
	HIP_A_CONFIG_R1_RATE,
	HIP_A_CONFIG_NOTIFY_RATE,
	HIP_A_CONFIG_I1_TIMEOUT,
	HIP_A_CONFIG_I2_TIMEOUT,
	HIP_A_CONFIG_RETRIES,
	HIP_A_CONFIG_UAL,
	HIP_A_CONFIG_MSL,
	HIP_A_CONFIG_FAILED_HOLD,
	HIP_A_CONFIG_UPCALL_TIMEOUT,
	HIP_A_CONFIG_R1_LIFETIME,
	HIP_A_CONFIG_PUZZLE_K,
	HIP_A_CONFIG_PUZZLE_K_MAX,
	HIP_A_CONFIG_PUZZLE_LIFETIME,
	HIP_A_CONFIG_DH_GROUP,
	HIP_A_CONFIG_HIP_CIPHER,
	HIP_A_CONFIG_ESP_SUITE,
	HIP_A_CONFIG_REKEY_PACKETS,
	HIP_A_CONFIG_REKEY_BYTES,
	HIP_A_CONFIG_REKEY_TIME,
	HIP_A_CONFIG_REKEY_NEW_DH,
	HIP_A_CONFIG_NULL_ENCRYPT,
	HIP_A_CONFIG_R1_REUSE,
	HIP_A_CONFIG_PUZZLE_K_LOAD,
	HIP_A_CONFIG_OPPORTUNISTIC,

	__HIP_A_CONFIG_MAX,
	HIP_A_CONFIG_MAX = (__HIP_A_CONFIG_MAX - 1)
};

enum {
	HIP_A_UNSPEC,
	HIP_A_PAD,
	HIP_A_HIT,
	HIP_A_LOCAL_HIT,
	HIP_A_PEER_HIT,
	HIP_A_NAME,
	HIP_A_HI_ALGORITHM,
	HIP_A_HI,
	HIP_A_ANONYMOUS,
	HIP_A_R1_READY,
	HIP_A_R1_WANTED,
	HIP_A_R1_COUNTER,
	HIP_A_LOCATOR,
	HIP_A_LOCAL_LOCATOR,
	HIP_A_PEER_LOCATOR,
	HIP_A_ESN,
	HIP_A_ESP_SUITE,
	HIP_A_REPLACE,
	HIP_A_FORCE,
	HIP_A_STATE,
	HIP_A_OLD_STATE,
	HIP_A_ROLE,
	HIP_A_REASON,
	HIP_A_EVENT,
	HIP_A_HIP_CIPHER,
	HIP_A_DH_GROUP,
	HIP_A_RHASH_SUITE,
	HIP_A_HIT_SUITE,
	HIP_A_AGE_MS,
	HIP_A_IDLE_MS,
	HIP_A_QUEUED,
	HIP_A_SA,
	HIP_A_NOTIFY_TYPE,
	HIP_A_DIRECTION,
	HIP_A_COUNTER,
	HIP_A_UPCALL_ID,
	HIP_A_UPCALL_TYPE,
	HIP_A_UPCALL_STATUS,
	HIP_A_TIMEOUT_MS,
	HIP_A_DATA,
	HIP_A_SIGNATURE,
	HIP_A_DH_PUBLIC,
	HIP_A_DH_PRIVATE,
	HIP_A_DH_SECRET,
	HIP_A_PUZZLE_K,
	HIP_A_PUZZLE_I,
	HIP_A_PUZZLE_J,
	HIP_A_INITIATOR_HIT,
	HIP_A_RESPONDER_HIT,
	HIP_A_ACCEPT,
	HIP_A_ACCESS,
	HIP_A_NEW_DH,
	HIP_A_UAL,

	__HIP_A_MAX,
	HIP_A_MAX = (__HIP_A_MAX - 1)
};

enum {
	HIP_CMD_UNSPEC,
	HIP_CMD_IDENTITY_ADD,
	HIP_CMD_IDENTITY_DEL,
	HIP_CMD_IDENTITY_GET,
	HIP_CMD_PEER_ADD,
	HIP_CMD_PEER_DEL,
	HIP_CMD_PEER_GET,
	HIP_CMD_ASSOC_GET,
	HIP_CMD_ASSOC_CLOSE,
	HIP_CMD_ASSOC_KEYS_GET,
	HIP_CMD_CONFIG_GET,
	HIP_CMD_CONFIG_SET,
	HIP_CMD_STATS_GET,
	HIP_CMD_UPCALL_ACCEPT,
	HIP_CMD_UPCALL_DONE,
	HIP_CMD_UPCALL_READY,
	HIP_CMD_ASSOC_EVENT,
	HIP_CMD_FAILURE_EVENT,
	HIP_CMD_NOTIFY_EVENT,
	HIP_CMD_IDENTITY_EVENT,
	HIP_CMD_PEER_EVENT,
	HIP_CMD_IDENTITY_SET,
	HIP_CMD_PEER_SET,
	HIP_CMD_ASSOC_REKEY,
	HIP_CMD_PEER_LEARN,
	HIP_CMD_LEARNT_EVENT,

	__HIP_CMD_MAX,
	HIP_CMD_MAX = (__HIP_CMD_MAX - 1)
};

#endif /* _UAPI_LINUX_HIP_H */
