/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Trace events: what happens to associations. For packets there are counters.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM hip

#if !defined(_HIP_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _HIP_TRACE_H

#include <linux/in6.h>
#include <linux/tracepoint.h>
#include <net/net_namespace.h>

#include <uapi/linux/hip.h>

#include "assoc.h"
#include "net.h"

/* Userspace does not know our enums: TRACE_DEFINE_ENUM() gives it the numbers */
TRACE_DEFINE_ENUM(HIP_STATE_UNASSOCIATED);
TRACE_DEFINE_ENUM(HIP_STATE_I1_SENT);
TRACE_DEFINE_ENUM(HIP_STATE_I2_SENT);
TRACE_DEFINE_ENUM(HIP_STATE_R2_SENT);
TRACE_DEFINE_ENUM(HIP_STATE_ESTABLISHED);
TRACE_DEFINE_ENUM(HIP_STATE_CLOSING);
TRACE_DEFINE_ENUM(HIP_STATE_CLOSED);
TRACE_DEFINE_ENUM(HIP_STATE_E_FAILED);

#define hip_trace_state(value)						\
	__print_symbolic(value,						\
		{ HIP_STATE_UNASSOCIATED, "UNASSOCIATED" },		\
		{ HIP_STATE_I1_SENT, "I1-SENT" },			\
		{ HIP_STATE_I2_SENT, "I2-SENT" },			\
		{ HIP_STATE_R2_SENT, "R2-SENT" },			\
		{ HIP_STATE_ESTABLISHED, "ESTABLISHED" },		\
		{ HIP_STATE_CLOSING, "CLOSING" },			\
		{ HIP_STATE_CLOSED, "CLOSED" },				\
		{ HIP_STATE_E_FAILED, "E-FAILED" })

TRACE_DEFINE_ENUM(HIP_REASON_NONE);
TRACE_DEFINE_ENUM(HIP_REASON_NO_MAPPING);
TRACE_DEFINE_ENUM(HIP_REASON_NO_ANSWER);
TRACE_DEFINE_ENUM(HIP_REASON_NO_HELPER);
TRACE_DEFINE_ENUM(HIP_REASON_HELPER_FAILED);
TRACE_DEFINE_ENUM(HIP_REASON_NO_KEY);
TRACE_DEFINE_ENUM(HIP_REASON_REFUSED);
TRACE_DEFINE_ENUM(HIP_REASON_AUTH_FAILED);
TRACE_DEFINE_ENUM(HIP_REASON_NEGOTIATION);
TRACE_DEFINE_ENUM(HIP_REASON_PUZZLE);
TRACE_DEFINE_ENUM(HIP_REASON_LIMIT);
TRACE_DEFINE_ENUM(HIP_REASON_NO_ROUTE);
TRACE_DEFINE_ENUM(HIP_REASON_NO_DEVICE);
TRACE_DEFINE_ENUM(HIP_REASON_PEER_CLOSED);
TRACE_DEFINE_ENUM(HIP_REASON_LOCAL_CLOSED);
TRACE_DEFINE_ENUM(HIP_REASON_EXPIRED);
TRACE_DEFINE_ENUM(HIP_REASON_ADMIN);
TRACE_DEFINE_ENUM(HIP_REASON_NO_IDENTITY);
TRACE_DEFINE_ENUM(HIP_REASON_NO_MEMORY);
TRACE_DEFINE_ENUM(HIP_REASON_REPLACED);
TRACE_DEFINE_ENUM(HIP_REASON_PROTOCOL);
TRACE_DEFINE_ENUM(HIP_REASON_POLICY);

#define hip_trace_reason(value)						\
	__print_symbolic(value,						\
		{ HIP_REASON_NONE, "none" },				\
		{ HIP_REASON_NO_MAPPING, "no-mapping" },		\
		{ HIP_REASON_NO_ANSWER, "no-answer" },			\
		{ HIP_REASON_NO_HELPER, "no-helper" },			\
		{ HIP_REASON_HELPER_FAILED, "helper-failed" },		\
		{ HIP_REASON_NO_KEY, "no-key" },			\
		{ HIP_REASON_REFUSED, "refused" },			\
		{ HIP_REASON_AUTH_FAILED, "auth-failed" },		\
		{ HIP_REASON_NEGOTIATION, "negotiation" },		\
		{ HIP_REASON_PUZZLE, "puzzle" },			\
		{ HIP_REASON_LIMIT, "limit" },				\
		{ HIP_REASON_NO_ROUTE, "no-route" },			\
		{ HIP_REASON_NO_DEVICE, "no-device" },			\
		{ HIP_REASON_PEER_CLOSED, "peer-closed" },		\
		{ HIP_REASON_LOCAL_CLOSED, "local-closed" },		\
		{ HIP_REASON_EXPIRED, "expired" },			\
		{ HIP_REASON_ADMIN, "admin" },				\
		{ HIP_REASON_NO_IDENTITY, "no-identity" },		\
		{ HIP_REASON_NO_MEMORY, "no-memory" },			\
		{ HIP_REASON_REPLACED, "replaced" },			\
		{ HIP_REASON_PROTOCOL, "protocol" },			\
		{ HIP_REASON_POLICY, "policy" })

TRACE_EVENT(hip_assoc_state,

	TP_PROTO(const struct hip_assoc *assoc, u8 old_state, u8 new_state,
		 u8 reason),

	TP_ARGS(assoc, old_state, new_state, reason),

	TP_STRUCT__entry(
		__field(unsigned int, netns)
		__array(u8, local, sizeof(struct in6_addr))
		__array(u8, peer, sizeof(struct in6_addr))
		__field(u8, old_state)
		__field(u8, new_state)
		__field(u8, reason)
	),

	TP_fast_assign(
		__entry->netns = assoc->hn->net->ns.inum;
		memcpy(__entry->local, &assoc->key.local,
		       sizeof(struct in6_addr));
		memcpy(__entry->peer, &assoc->key.peer,
		       sizeof(struct in6_addr));
		__entry->old_state = old_state;
		__entry->new_state = new_state;
		__entry->reason = reason;
	),

	TP_printk("netns=%u local=%pI6c peer=%pI6c %s -> %s reason=%s",
		  __entry->netns, __entry->local, __entry->peer,
		  hip_trace_state(__entry->old_state),
		  hip_trace_state(__entry->new_state),
		  hip_trace_reason(__entry->reason))
);

#endif /* _HIP_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace

/* This part must be outside protection */
#include <trace/define_trace.h>
