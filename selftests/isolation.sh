#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Network namespaces know nothing of each other: identities, peers,
# associations, configuration, counters, events. Only one hip0 in each.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

require ip ping jq

C=hipC-$$
setup_hosts -q || { test_fail "two hosts"; test_end; }
add_namespace "$C"

check "an exchange between A and B" ping_ok "$A" "$HIT_B"
check_eq "a third namespace sees no association" "$(n_assocs "$C")" 0
check_eq "no identity" "$("$HIPTOOL" -n "$C" -j identity show | jq length)" 0
check_eq "no peer" "$("$HIPTOOL" -n "$C" -j peer show | jq length)" 0
check_eq "no packet" "$(counter "$C" I1Received)" 0
check_eq "nor does A see B's peer" \
	"$(tool_a -j peer show | jq -r '.[].hit')" "$HIT_B"

check "config is set in A" tool_a config set queue-len 7
check_eq "config stays in A" "$(tool_b -j config show | jq '.queue_len')" 64

"$HIPTOOL" -n "$C" -j monitor >"$TMP/events" &
sleep 0.5
close_assocs
check "another exchange" ping_ok "$A" "$HIT_B"
check_eq "a monitor in C hears nothing of it" "$(wc -l <"$TMP/events")" 0

check_fails "a second hip device in one namespace" 2 "already has a hip device" \
	ip -n "$A" link add hip7 type hip
check "a first one under any name elsewhere" \
	ip -n "$C" link add hip7 type hip
check_fails "hip0 does not move to another namespace" 2 "." \
	ip -n "$A" link set hip0 netns "$C"

# the same HITs in another pair of namespaces: no confusion
check "the peer of A may be a peer of C, too" \
	"$HIPTOOL" -n "$C" peer add "$HIT_B" via fd00:a::2
check_eq "A's association is untouched" "$(assoc "$A" state)" ESTABLISHED

test_end
