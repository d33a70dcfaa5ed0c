#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What strangers can fill has a bound, the bound has a counter, and while it is
# reached an honest peer is still served.

# shellcheck disable=SC2119,SC2317 # no options; functions called by name
# shellcheck source-path=SCRIPTDIR source=wire_lib.bash
. "$(dirname "$0")/wire_lib.bash"

require ip ping jq
require_python

setup_hosts || { test_fail "two hosts"; test_end; }
mischief_start "$A" "$OA6" "$OB6" "$HIT_B" ||
	{ test_fail "malformed.py starts" "$(cat "$TMP/mischief.log")"; test_end; }
tool_b config set puzzle-k 8
log_mark

none_half_open() { [ "$(gauge "$B" HalfOpen)" = 0 ]; }
all_counted() { [ "$(moved "$B" PuzzleWrong "$bad")" = "$sent" ]; }

fresh_ping()
{
	close_assocs
	ping_ok "$A" "$HIT_B" -W 15
}

# R1s per second
tool_b config set r1-rate 20
r1=$(counter "$B" R1Sent) limit=$(counter "$B" CtrlR1RateLimit)
i1=$(counter "$B" I1Received)
mischief i1-flood
sleep 0.3
r1=$(moved "$B" R1Sent "$r1")
limit=$(moved "$B" CtrlR1RateLimit "$limit")
i1=$(moved "$B" I1Received "$i1")
check_ge "a flood of I1s meets the limit" "$limit" 1
check_eq "each of $sent I1s is accounted for" "$((r1 + limit))" "$sent"
check "a real exchange works after the flood" fresh_ping
tool_b config set r1-rate 1000

# wrong solutions cost one hash and make no state
bad=$(counter "$B" PuzzleWrong)
mischief i2-puzzle-flood
wait_for 5 all_counted
check_eq "each wrong solution is counted" "$(moved "$B" PuzzleWrong "$bad")" \
	"$sent"
check_eq "and leaves nothing" "$(gauge "$B" HalfOpen)" 0
check "a real exchange works after wrong solutions" fresh_ping

# i2s_beyond KEY GAUGE COUNTER: with this limit at 10, and the helper stopped so
# that none gets on, what the limit is about in $open, and in $limit what was counted
i2s_beyond()
{
	close_assocs
	tool_b config set "$1" 10
	limit=$(counter "$B" "$3")
	kill -STOP "${helper_pid[$B]}"
	mischief i2-half-open-flood
	sleep 0.3
	open=$(gauge "$B" "$2")
	limit=$(moved "$B" "$3" "$limit")
	kill -CONT "${helper_pid[$B]}"
}

i2s_beyond max-half-open HalfOpen CtrlHalfOpenLimit
check_eq "no more half-open associations than allowed" "$open" 10
check_eq "the others are counted" "$limit" $((sent - open))
check "they go away" wait_for 30 none_half_open
check "and a real exchange works" fresh_ping
tool_b config set max-half-open 1024

# an association that is made for a bad I2 goes with it, whatever else came for it
close_assocs
notified=$(counter "$B" NotifyReceived)
kill -STOP "${helper_pid[$B]}"
mischief i2-half-open-notify
check_ge "associations of bad I2s wait for the helper" "$(gauge "$B" HalfOpen)" 5
kill -CONT "${helper_pid[$B]}"
check "they go, though a NOTIFY came for each" wait_for 30 none_half_open
check_ge "which arrived" "$(moved "$B" NotifyReceived "$notified")" 5

# associations of all kinds
i2s_beyond max-assocs Associations CtrlHalfOpenLimit
check_eq "no more associations than allowed" "$open" 10
check_eq "the I2s of others are counted" "$limit" $((sent - open))
check "they go away, too" wait_for 30 none_half_open
tool_b config set max-assocs 65536
check "and a real exchange works again" fresh_ping

# control packets that wait in all of the namespace
i2s_beyond max-ctrl-pending CtrlPending CtrlBacklogFull
check_eq "no more packets wait than allowed" "$open" 10
check_eq "those beyond are counted" "$limit" $((sent - open))
check "they go away as well" wait_for 30 none_half_open
tool_b config set max-ctrl-pending 256
check "and a real exchange works after that" fresh_ping

# control packets that wait for one association
close_assocs
mischief establish
limit=$(counter "$B" CtrlBacklogFull) bad=$(counter "$B" MACWrong)
mischief close-flood
sleep 1
limit=$(moved "$B" CtrlBacklogFull "$limit")
bad=$(moved "$B" MACWrong "$bad")
check_ge "the queue of one association is bounded" "$limit" 1
check_eq "each CLOSE is accounted for" "$((limit + bad))" "$sent"
mischief ping
check_eq "the association has survived" "$sent" 1

# data that waits for an exchange that gets no answer
tool_b config set queue-len 5
tool_a peer replace "$HIT_B" via "$OB6"
full=$(counter "$A" OutQueueFull)
tool_a config set queue-len 5 i1-timeout 2000
close_assocs
ip -n "$B" link set b0 down
in_a ping -6 -n -i 0.02 -c 30 -W 1 "$HIT_B" >/dev/null 2>&1
check_eq "packets beyond the queue are counted" \
	"$(moved "$A" OutQueueFull "$full")" 25
ip -n "$B" link set b0 up
ip -n "$B" addr add "$OB6/64" dev b0 nodad 2>/dev/null
check "and a real exchange works" fresh_ping

check_eq "nothing was logged" "$(log_since_mark)" ""

test_end
