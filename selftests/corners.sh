#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What hardly any peer does, and what comes instead of an answer: ICMP errors and
# NOTIFYs of each kind, packets of the wrong state, repeated and wrong CLOSEs,
# addresses that are no host's, a Responder without R1s. Over IPv6 and IPv4.

# shellcheck disable=SC2119,SC2317 # no options; functions called by name
# shellcheck source-path=SCRIPTDIR source=wire_lib.bash
. "$(dirname "$0")/wire_lib.bash"

require ip ping jq
require_python

# initiator CASE REASON: B begins an exchange, and this comes instead of an
# answer; the exchange fails for this reason
initiator()
{
	local name=$1 pid

	tool_b assoc close all force >/dev/null 2>&1
	(sleep 0.5; ping_ok "$B" "$HIT_M" -W 10) >"$TMP/ping" 2>&1 &
	pid=$!
	mischief "$name"
	[ "$sent" != 0 ] || test_fail "$name$suffix" "could not be sent: $said"
	wait $pid
	check_eq "$name$suffix" "$(assoc "$B" state) $(assoc "$B" reason)" "E-FAILED $2"
}

# succeeds CASE: B begins an exchange, which leads to an association in spite of this
succeeds()
{
	local name=$1 pid

	tool_b assoc close all force >/dev/null 2>&1
	(sleep 0.5; ping_ok "$B" "$HIT_M" -W 2) >"$TMP/ping" 2>&1 &
	pid=$!
	mischief "$name"
	[ "$sent" != 0 ] || test_fail "$name$suffix" "could not be sent: $said"
	check "$name$suffix" wait_for 5 state_is "$B" ESTABLISHED
	wait $pid
	tool_b assoc close all force >/dev/null 2>&1
}

start()
{
	mischief_start "$A" "$1" "$2" "$HIT_B" ||
		{ test_fail "malformed.py starts" "$(cat "$TMP/mischief.log")"; test_end; }
	tool_b peer replace "$HIT_M" via "$1"
}

stop_mischief()
{
	kill "$MISCHIEF_PID" 2>/dev/null
	wait "$MISCHIEF_PID" 2>/dev/null
	return 0
}

setup_hosts -q || { test_fail "two hosts"; test_end; }
wait_for 60 r1_ready "$B"
tool_b config set puzzle-k 8 notify-rate 1000 i1-timeout 300 i2-timeout 300 retries 3 \
	failed-hold 60000

suffix=
start "$OA6" "$OB6"

# addresses and HITs
expect receiver-is-not-known CtrlOpportunisticI1=N
expect sender-is-receiver CtrlBadHIT=N
expect to-a-group CtrlBadSource=N
expect i2-sender-suite-unknown I1Received=1 R1Sent=1 I2Received=N CtrlBadHIT=N

expect i1-groups-unknown I1Received=N R1Sent=N

# limits: none, and one of each second
tool_b config set r1-rate 0 notify-rate 0
expect good-i1 I1Received=N R1Sent=N
expect i2-mac-wrong I1Received=1 R1Sent=1 I2Received=N MACWrong=N NotifySent=N
expect i2-signature-of-another-kind I1Received=1 R1Sent=1 I2Received=N \
	SignatureWrong=N NotifySent=N
expect i2-old-spi I1Received=1 R1Sent=1 I2Received=N SpiBad=N NotifySent=N
tool_b config set r1-rate 1000 notify-rate 1
rate=$(counter "$B" CtrlNotifyRateLimit)
for _ in 1 2 3; do mischief i2-mac-wrong; done
check_ge "NOTIFYs have a limit" "$(moved "$B" CtrlNotifyRateLimit "$rate")" 1
rate=$(counter "$B" CtrlNotifyRateLimit)
mischief version-not-two
check_ge "and ICMP errors" "$(moved "$B" CtrlNotifyRateLimit "$rate")" 1
tool_b config set notify-rate 1000

# what comes instead of an R1 or R2
initiator wrong-in-i1-sent no-answer
check_eq "none of these was taken" "$(counter "$B" CtrlUnexpectedInState)" 3
initiator notify-of-no-importance no-answer
refused=$(counter "$B" RefusedByPeer)
for how in signed unsigned by-another; do
	initiator notify-blocked-$how refused
	check "a socket is told, $how" grep -qi prohibited "$TMP/ping"
done
check_eq "each refusal is counted" "$(moved "$B" RefusedByPeer "$refused")" 3
initiator notify-after-i2 auth-failed
succeeds responder-busy
initiator responder-busy-always refused
check_eq "each time there is a new I1" "$said" 3
tool_b assoc close all force >/dev/null
(sleep 0.5; ping_ok "$B" "$HIT_M" -W 1) >/dev/null 2>&1 &
mischief r1-counter-missing
check "an R1 without R1_COUNTER is as good ($said)" wait_for 5 state_is "$B" ESTABLISHED
wait $!
initiator r1-no-common-hit-suite negotiation
late=$(counter "$B" PuzzleExpired)
tool_b config set puzzle-k-max 32
initiator r1-puzzle-over puzzle
initiator r1-puzzle-without-end puzzle
tool_b config set puzzle-k-max 20
check_ge "puzzles that are over are counted" "$(moved "$B" PuzzleExpired "$late")" 2
rate=$(counter "$B" CtrlNotifyRateLimit)
tool_b config set notify-rate 1
initiator notify-of-no-importance no-answer
check_ge "too many NOTIFYs are counted" "$(moved "$B" CtrlNotifyRateLimit "$rate")" 1
tool_b config set notify-rate 1000

# ICMPv6: administratively prohibited, policy, no route, Parameter Problem; Time
# Exceeded is no hint, and neither is what is not about a packet of ours
for error in 1-1:refused 1-5:refused 1-0:no-route 1-3:no-route 4-0:refused \
	     3-0:no-answer; do
	initiator "icmp-${error%:*}" "${error#*:}"
done
initiator icmp-of-another no-answer
initiator icmp-cut-off no-answer
initiator icmp-after-i2 no-answer
initiator icmp-6-too-big no-answer
check "ICMPv6 Packet Too Big is for the route" bash -c \
	"ip -n $B -6 route get $OA6 | grep -q 'mtu 1300'"

# what is bad, or anybody may have sent, does not keep a good answer from being
# taken afterwards
tool_b config set i1-timeout 2000 i2-timeout 2000
for bad in icmp-then-r1 notify-then-r1 r1-forged-then-good r1-unsuitable-then-good \
	   r2-forged-then-good r1-second-format; do
	succeeds $bad
done

# the DH groups of an exchange are those of its first I1
tool_b assoc close all force >/dev/null 2>&1
tool_b config set i1-timeout 1000 retries 10
(sleep 0.5; ping_ok "$B" "$HIT_M" -W 2) >"$TMP/ping" 2>&1 &
pinging=$!
mischief i1-keep
tool_b config set dh-groups 8
mischief r1-late
check_eq "an I1 is repeated as it was ($said)" "$sent" 1
check "and its groups count, not those of now" wait_for 5 state_is "$B" ESTABLISHED
wait $pinging
tool_b assoc close all force >/dev/null 2>&1
tool_b config set dh-groups 7 i1-timeout 300 i2-timeout 300 retries 3
wait_for 60 r1_ready "$B"

# closes
mischief establish
check_eq "an association ($said)" "$sent" 1
closed=$(counter "$B" CloseAckSent)
expect close-again CloseReceived=N CloseAckSent=N
check_eq "each CLOSE has got its CLOSE_ACK" "$(moved "$B" CloseAckSent "$closed")" 3
check_eq "and ended the association once" "$(assoc "$B" state)" CLOSED
tool_b assoc close all force >/dev/null
tool_b config set i2-timeout 20000
mischief establish
before=$(snapshot "$B")
(sleep 1; tool_b assoc close "$HIT_M") &
mischief close-ack-echo-wrong
expect_changes "close-ack-echo-wrong" "$B" "$before" "$sent" CloseSent=1 \
	CloseAckReceived=N EchoMismatch=2 MACWrong=1 SignatureWrong=1
check_eq "none of these has ended it" "$(assoc "$B" state)" CLOSING
tool_b config set i2-timeout 300

# puzzles and R1s get old: an R1 that was given to somebody is replaced, and in
# the end the secret of its puzzle is forgotten
counter_of() { "$HIPTOOL" -n "$B" -j identity show | jq '.[0].r1_counter'; }
renewed() { [ "$(counter_of)" -gt "$r1" ]; }
tool_b assoc close all force >/dev/null
tool_b config set puzzle-lifetime 32 r1-lifetime 1000
r1=$(counter_of)
mischief i2-fetch
check_eq "an R1 ($said)" "$sent" 1
check "the R1 that was given away is replaced" wait_for 20 renewed
r1=$(counter_of)
sleep 6
check_eq "its successor, which nobody has seen, is not" "$(counter_of)" "$r1"
expect i2-late I2Received=N PuzzleStale=N
check "an exchange while R1s and puzzles change" bash -c "
	for _ in 1 2 3 4; do
		$HIPTOOL -n $A assoc close all force; $HIPTOOL -n $B assoc close all force
		ip netns exec $A ping -6 -c 1 -W 10 $HIT_B || exit
		sleep 0.7
	done >$TMP/rotation"
tool_b config set r1-lifetime 3600000 puzzle-lifetime 37
stop_mischief

# the same over IPv4, as far as it is different there
suffix=", IPv4"
start "$OA4" "$OB4"
expect to-a-group CtrlBadSource=N
expect version-not-two CtrlBadVersion=N
expect header-cut-off CtrlTruncated=N
expect checksum-wrong CtrlBadChecksum=N
expect parameters-out-of-order CtrlParamOrder=N
expect good-i1 I1Received=N R1Sent=N
expect i2-puzzle-wrong I1Received=N R1Sent=N I2Received=N PuzzleWrong=N
# prohibited in three ways, no such protocol, Parameter Problem; unreachable
for error in 3-9:refused 3-10:refused 3-13:refused 3-2:refused 12-0:refused \
	     3-0:no-route 3-1:no-route 11-0:no-answer; do
	initiator "icmp-${error%:*}" "${error#*:}"
done
initiator icmp-of-another no-answer
succeeds icmp-then-r1
initiator icmp-4-too-big no-answer
check "ICMPv4 Fragmentation Needed is for the route" bash -c \
	"ip -n $B route get $OA4 | grep -q 'mtu 600'"
mischief establish
check_eq "and after all this an association ($said)" "$sent" 1
mischief close
check_eq "which closes ($said)" "$sent" 1
stop_mischief

# a Responder that can't sign says so: hipd dies before it has signed the first
# R1, and does not find the key again
suffix=
close_assocs
tool_a config set i1-timeout 300 retries 3 failed-hold 0
stop_helper "$B"
HIPD_TEST_DELAY_MS=3000 start_helper "$B"
gone=$(add_identity "$B" gone p384-b)
stop_helper "$B" KILL
rm "$TMP/$B/gone.pem"
before=$(counter "$B" CtrlNoR1Ready)
tool_a peer add "$gone" via "$OB6"
ping_ok "$A" "$gone" -W 1 >/dev/null 2>&1
check_ge "an I1 while no R1 is ready" "$(moved "$B" CtrlNoR1Ready "$before")" 1
start_helper "$B"
prohibited() { ping_ok "$A" "$gone" -W 10 2>&1 | grep -qi prohibited; }
check "when none can be made the peer is told" wait_for 30 prohibited
tool_a peer replace "$gone" via "$OB4"
check "also over IPv4" wait_for 20 prohibited

# and an Initiator that can't
map_peers 6
close_assocs
wait_for 30 ping_ok "$A" "$HIT_B" -W 2
close_assocs
rm "$TMP/$A/alice.pem"
kill -HUP "${helper_pid[$A]}"
wait_for 10 grep -q "read again" "$TMP/$A.hipd.log"
tool_a config set failed-hold 60000
check_fails "an Initiator without its key" 1 "unreachable" ping_ok "$A" "$HIT_B" -W 10
check_eq "knows why" "$(assoc "$A" reason)" no-key

check_eq "malformed.py had no trouble" "$(cat "$TMP/mischief.log")" ""
test_end
