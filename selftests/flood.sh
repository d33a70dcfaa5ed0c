#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Floods of packets from strangers: I1s, also with forged sources, I2s with wrong
# solutions, and I2s with right solutions and all else wrong. An honest peer gets
# through, what is kept is bounded, each packet is accounted for, and the puzzles
# follow the load. The limits themselves are the matter of limits.sh.

# shellcheck disable=SC2119,SC2317 # no options; functions called by name
# shellcheck source-path=SCRIPTDIR source=wire_lib.bash
. "$(dirname "$0")/wire_lib.bash"

require ip ping jq
require_python

HOURS=86400000
SPOOFED=fd00:f::/32		# as in malformed.py

idle() { gauge_is "$B" HalfOpen 0 && gauge_is "$B" CtrlPending 0; }

# sum_of COUNTER...: by how much they have moved since $before, together
sum_of()
{
	jq -n --argjson a "$before" --argjson b "$(snapshot "$B")" \
		'[$ARGS.positional[] | $b.counters[.] - $a.counters[.]] | add' \
		--args "$@"
}

all_counted() { [ "$(sum_of "$@")" = "$sent" ]; }

# check_flood NAME CASE COUNTER...: while this goes on an exchange works, and
# afterwards all packets are in one of these counters, and nothing is left. To I1s,
# those of the exchange are added.
check_flood()
{
	local name=$1 kind=$2 most=0 now honest

	shift 2
	close_assocs
	before=$(snapshot "$B") honest=$(counter "$A" I1Sent)
	mischief_begin "$kind"
	wait_for 30 flood_is_on "$1"
	check "$name: an exchange works meanwhile" ping_ok "$A" "$HIT_B" -W 60
	for _ in 1 2 3 4 5; do
		now=$(gauge "$B" HalfOpen)
		[ "$now" -le "$most" ] || most=$now
	done
	mischief_end
	[ "$1" != R1Sent ] || sent=$((sent + $(moved "$A" I1Sent "$honest")))
	check_ge "$name: none too many are half-open" 20 "$most"
	wait_for 60 idle
	wait_for 10 all_counted "$@"
	check_eq "$name: each of $sent is accounted for" "$(sum_of "$@")" "$sent"
	check "$name: nothing is left" idle
	check "$name: the association has survived" ping_ok "$A" "$HIT_B" -W 10
}

flood_is_on() { [ "$(sum_of "$1")" -ge 20 ]; }

setup_hosts -q || { test_fail "two hosts"; test_end; }
mischief_start "$A" "$OA6" "$OB6" "$HIT_B" ||
	{ test_fail "malformed.py starts" "$(cat "$TMP/mischief.log")"; test_end; }
ip -n "$B" -6 route add $SPOOFED via "$OA6"
tool_b config set puzzle-k 4 puzzle-k-load 0 r1-lifetime $HOURS r1-reuse $HOURS \
	max-half-open 20
log_mark

# equal I1s
before=$(snapshot "$B")
mischief i1-storm
wait_for 5 all_counted I1Received
check_eq "each of $sent equal I1s is accounted for" \
	"$(sum_of R1Sent CtrlI1Duplicate CtrlR1RateLimit)" "$sent"
check_ge "most of them are duplicates" "$(sum_of CtrlI1Duplicate)" $((sent / 2))

# R1s to one address, to one /64, and to many
tool_b config set r1-rate 1000000
check_address_limit()
{
	sleep 1.2	# for the tokens of a second
	before=$(snapshot "$B")
	mischief "$2"
	wait_for 5 all_counted I1Received
	check_eq "each of $sent I1s from $1 is accounted for" \
		"$(sum_of R1Sent CtrlR1RateLimit)" "$sent"
	check_ge "I1s from $1 meet the limit of an address" \
		"$(sum_of CtrlR1RateLimit)" 1
}

check_address_limit "one address" i1-flood
check_address_limit "one /64" i1-flood-one-net
before=$(snapshot "$B")
mischief i1-flood-many-nets
wait_for 5 all_counted I1Received
check_eq "each of $sent I1s from as many networks gets its R1" \
	"$(sum_of R1Sent)" "$sent"

# all at once
tool_b config set r1-rate 0
check_flood "I1s" i1-spoofed-stream R1Sent CtrlI1Duplicate
tool_b config set r1-rate 1000
check_flood "wrong solutions" i2-puzzle-stream PuzzleWrong
# eight solved puzzles, each of which is good for four tries
limits="PuzzleUsed CtrlHalfOpenLimit CtrlBacklogFull CtrlGoingAway"
# shellcheck disable=SC2086
check_flood "wrong MACs" i2-mac-stream MACWrong $limits
check_eq "wrong MACs: so many cost a Diffie-Hellman operation" "$(sum_of MACWrong)" 32
# shellcheck disable=SC2086
check_flood "wrong signatures" i2-signature-stream SignatureWrong $limits
check_eq "wrong signatures: so many were verified" "$(sum_of SignatureWrong)" 32
before=$(snapshot "$B")
mischief i2-solution-again
wait_for 20 all_counted ExchangesAsResponder PuzzleUsed
check_eq "one solution is good for four exchanges" \
	"$(sum_of ExchangesAsResponder) $(sum_of PuzzleUsed)" "4 3"
check_eq "no more R1s are kept than before" "$(gauge "$B" R1Generations)" 1

# the difficulty of puzzles
k_of_r1() { mischief r1-k; echo "$said"; }
k_is() { [ "$(k_of_r1)" = "$1" ]; }
k_is_above() { [ "$(k_of_r1)" -gt "$1" ]; }

# busy: all places of half-open associations are taken for a while
busy()
{
	close_assocs
	kill -STOP "${helper_pid[$B]}"
	mischief i2-half-open-flood
	wait_for 5 gauge_is "$B" HalfOpen 20
	kill -CONT "${helper_pid[$B]}"
	wait_for 30 idle
}

before=$(snapshot "$B")
busy
check "without puzzle-k-load nothing changes" k_is 4
check_eq "and nothing is counted" "$(sum_of PuzzleRaised PuzzleLowered)" 0
tool_b config set puzzle-k 1 puzzle-k-load 7
wait_for 20 k_is 1
busy
check "puzzles get harder" wait_for 30 k_is_above 1
check_ge "which is counted" "$(sum_of PuzzleRaised)" 1
check_ge "and shown" "$(gauge "$B" PuzzleK)" 2
check "an exchange works with them" ping_ok "$A" "$HIT_B" -W 30
check "they get as easy as they were" wait_for 120 k_is 1
check_ge "which is counted, too" "$(sum_of PuzzleLowered)" 1
check_eq "and shown" "$(gauge "$B" PuzzleK)" 1
check_eq "what is configured has not changed" \
	"$(tool_b -j config show | jq -c '[.puzzle_k, .puzzle_k_load]')" "[1,7]"

check_eq "nothing was logged" "$(log_since_mark)" ""
check_eq "malformed.py had no trouble" "$(cat "$TMP/mischief.log")" ""
test_end
