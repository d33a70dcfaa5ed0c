#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What is told of the life of an association: by `hiptool monitor`, and by the
# trace event hip:hip_assoc_state. Each change once, in order, with its reason.

# shellcheck disable=SC2317 # functions called by name
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

require ip ping jq
TRACING=/sys/kernel/tracing

# monitor NAMESPACE: its events go to $TMP/NAMESPACE.events, one on a line
declare -A monitors
monitor()
{
	"$HIPTOOL" -n "$1" -j monitor >>"$TMP/$1.events" 2>"$TMP/$1.errors" &
	monitors[$1]=$!
	wait_for 10 hears "$1"
}

# A peer that comes and goes: is anybody listening?
hears()
{
	"$HIPTOOL" -n "$1" peer replace "$NOBODY" via fd00::99
	"$HIPTOOL" -n "$1" peer del "$NOBODY"
	grep -q removed "$TMP/$1.events"
}

# said NAMESPACE FILTER: what of each event, in one line
said() { jq -rs "map($2) | map(select(. != null)) | join(\" \")" "$TMP/$1.events"; }

# check_said NAME NAMESPACE FILTER EXPECTED: events come when they come
check_said()
{
	wait_for 5 said_is "$2" "$3" "$4"
	check_eq "$1" "$(said "$2" "$3")" "$4"
}

said_is() { [ "$(said "$1" "$2")" = "$3" ]; }

# The monitors append
forget() { : >"$TMP/$A.events"; : >"$TMP/$B.events"; }

# states of the association, as "OLD>NEW:REASON"
# shellcheck disable=SC2016 # jq's
states='if .object == "assoc" then
	"\(.old_state // "")>\(.state):\(.reason // "none")" else null end'

NOBODY=2001:22:1111:2222:3333:4444:5555:6666

trace_on()
{
	echo >$TRACING/trace
	echo 1 >$TRACING/events/hip/enable
}

# traced NAMESPACE LOCAL PEER: the states, in the same form
traced()
{
	sed -n "s/.* hip_assoc_state: netns=$(stat -L -c %i "/run/netns/$1")\
 local=$2 peer=$3 \(.*\) -> \(.*\) reason=\(.*\)/\1>\2:\3/p" $TRACING/trace | xargs
}

setup_hosts -q || { test_fail "two hosts"; test_end; }
for ns in "$A" "$B"; do
	monitor "$ns" || { test_fail "a monitor"; test_end; }
done

# identities and peers
forget
add_identity "$A" carol p384-a >"$TMP/carol"
carol=$(<"$TMP/carol")
tool_a identity del carol >/dev/null
what='if .object == "identity" then "\(.event):\(.name):\(.hit)" else null end'
check_said "an identity comes and goes" "$A" "$what" \
	"added:carol:$carol removed:null:$carol"
forget
tool_a peer add "$NOBODY" via fd00::1
tool_a peer replace "$NOBODY" via fd00::2
tool_a peer del "$NOBODY"
what='if .object == "peer" then "\(.event):\(.hit)" else null end'
check_said "a peer comes, changes and goes" "$A" "$what" \
	"added:$NOBODY added:$NOBODY removed:$NOBODY"

# an exchange, data, a close
forget
if [ -e $TRACING/events/hip/enable ]; then
	trace_on
fi
check "an exchange" ping_ok "$A" "$HIT_B"
check "both are established" wait_for 5 both_established
check_said "what the Initiator tells of it" "$A" "$states" \
	"UNASSOCIATED>I1-SENT:none I1-SENT>I2-SENT:none I2-SENT>ESTABLISHED:none"
check_said "and the Responder" "$B" "$states" \
	"UNASSOCIATED>R2-SENT:none R2-SENT>ESTABLISHED:none"
last="select(.object == \"assoc\" and .state == \"ESTABLISHED\")"
check_eq "with the roles" "$(said "$A" "$last.role") $(said "$B" "$last.role")" \
	"initiator responder"
check_eq "with the locators" \
	"$(said "$A" "$last.local_locator") $(said "$A" "$last.peer_locator")" "$OA6 $OB6"
check_eq "with the suite" "$(said "$A" "$last.esp_suite")" \
	"$(assoc "$A" esp_suite)"
if [ -e $TRACING/events/hip/enable ]; then
	check_eq "the trace of the Initiator" "$(traced "$A" "$HIT_A" "$HIT_B")" \
		"UNASSOCIATED>I1-SENT:none I1-SENT>I2-SENT:none I2-SENT>ESTABLISHED:none"
	check_eq "and of the Responder" "$(traced "$B" "$HIT_B" "$HIT_A")" \
		"UNASSOCIATED>R2-SENT:none R2-SENT>ESTABLISHED:none"
	trace_on
else
	test_skip "the trace of an exchange" "no trace events in this kernel"
fi
forget
tool_a assoc close "$HIT_B"
check_said "what is told of a close" "$A" "$states" \
	"ESTABLISHED>CLOSING:local-closed CLOSING>UNASSOCIATED:local-closed"
check_said "and by its peer" "$B" "$states" "ESTABLISHED>CLOSED:peer-closed"
if [ -e $TRACING/events/hip/enable ]; then
	check_eq "the trace of it" "$(traced "$A" "$HIT_A" "$HIT_B")" \
		"ESTABLISHED>CLOSING:local-closed CLOSING>UNASSOCIATED:local-closed"
	echo 0 >$TRACING/events/hip/enable
	close_assocs
	check_eq "nothing more when it is off" "$(traced "$B" "$HIT_B" "$HIT_A")" \
		"ESTABLISHED>CLOSED:peer-closed"
fi

# nothing in common: a NOTIFY, and a failure
close_assocs
tool_a config set esp-suites 8 i1-timeout 500 i2-timeout 500
tool_b config set esp-suites 13
wait_for 30 r1_ready "$B"
forget
ping_ok "$A" "$HIT_B" -W 5 >/dev/null
what='if .object == "notify" then "\(.direction):\(.notify_type)" else null end'
# NO_ESP_PROPOSAL_CHOSEN
check_said "a NOTIFY that is sent" "$A" "$what" sent:18
what='if .object == "failure" then .reason else null end'
check_said "why the exchange failed" "$A" "$what" negotiation

check_eq "the monitors had no complaints" \
	"$(cat "$TMP/$A.errors" "$TMP/$B.errors")" ""
for ns in "$A" "$B"; do stop_helper "$ns"; done
unload_module
wait "${monitors[$A]}"
check_eq "a monitor ends with the module" "$?" 1
check "and says why" grep -q "module was removed" "$TMP/$A.errors"
load_module
test_end
