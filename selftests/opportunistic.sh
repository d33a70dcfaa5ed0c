#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Peers of which only the address is known (RFC 7401, section 4.1.8), and addresses
# that are not those which one has asked: off unless switched on at either end, who
# answers, what is learnt and when, and what is not believed.

# shellcheck disable=SC2119,SC2317 # no options; functions called by name
# shellcheck source-path=SCRIPTDIR source=wire_lib.bash
. "$(dirname "$0")/wire_lib.bash"

require ip ping jq tcpdump
require_python

ELSEWHERE=fd00:a::11

# learn NAMESPACE ADDRESS [options]: what it tells, without the warning
learn()
{
	local ns=$1 where=$2

	shift 2
	"$HIPTOOL" -n "$ns" peer learn via "$where" "$@" 2>"$TMP/learn.err"
}

# fails_to_learn NAME REASON ADDRESS [options]: A finds nobody there
fails_to_learn()
{
	local name=$1 reason=$2

	shift 2
	check_fails "$name" 2 "$reason" "$HIPTOOL" -n "$A" peer learn via "$@"
}

# peers_of NAMESPACE: "HIT ADDRESS" of each
peers_of()
{
	"$HIPTOOL" -n "$1" -j peer show | jq -r '.[] | "\(.hit) \(.locators[0])"'
}

# from_scratch: nobody knows anybody
from_scratch()
{
	local ns hit

	close_assocs
	for ns in "$A" "$B"; do
		for hit in $("$HIPTOOL" -n "$ns" -j peer show | jq -r '.[].hit'); do
			"$HIPTOOL" -n "$ns" peer del "$hit"
		done
		wait_for 20 gauge_is "$ns" Associations 0
	done
}

# identities_of_b KEY...: those it has now, and no others; HIT[KEY]
declare -A HIT
identities_of_b()
{
	local key

	for key in $(tool_b -j identity show | jq -r '.[].name'); do
		tool_b identity del "$key"
	done
	for key; do
		HIT[$key]=$(add_identity "$B" "$key" "$key-b")
	done
	wait_for 60 r1_ready "$B"
}

# learns_as NAME KEY WHO: hippeer.py, with a key of its own, learns that HIT of B
learns_as()
{
	close_assocs
	peer initiate --key "$TMP/$2.pem" --local "$OA6" --peer "$OB6" --ping 1
	peer_done
	check_eq "$1" "$(sed -n 's/^LEARNT //p' "$TMP/peer.log")" "${HIT[$3]}"
}

# answers [options]: hippeer.py responds at A
answers()
{
	peer respond --key "$TMP/p256.pem" --local "$OA6" "$@"
	peer_says "READY*"
}

# b_learns: B asks hippeer.py
b_learns() { learn "$B" "$OA6" local bob; }

setup_hosts -n -q || { test_fail "two hosts"; test_end; }
tool_a config set i1-timeout 200 i2-timeout 1000 retries 3
tool_b config set i1-timeout 200 i2-timeout 1000 retries 3 notify-rate 1000
# used by those only who ask for it
ip -n "$A" addr add $ELSEWHERE/64 dev a0 nodad preferred_lft 0

# ---- off, unless it is wanted -------------------------------------------------

check_eq "a Responder does not do it by default" \
	"$(tool_b -j config show | jq .opportunistic)" 0
before=$(snapshot "$B")
fails_to_learn "nor does it answer" "no-answer" "$OB6"
expect_changes "each I1 is counted" "$B" "$before" 3 CtrlOpportunisticI1=N
check_eq "nothing is learnt" "$(peers_of "$A")" ""
check_eq "and nothing is left" "$(gauge "$A" Associations)" 0
check "the Responder is willing now" tool_b config set opportunistic 1

# ---- the two of us ----------------------------------------------------------------

tool_a -j monitor >"$TMP/events" &
monitor=$!
before=$(snapshot "$B")
check_eq "the HIT is learnt" "$(learn "$A" "$OB6")" "$HIT_B"
check "with a warning" grep -q "vouches" "$TMP/learn.err"
check_eq "there is an association with it, and no other" \
	"$(tool_a -j assoc show | jq -r '.[] | "\(.local_hit) \(.peer_hit) \(.state)"')" \
	"$HIT_A $HIT_B ESTABLISHED"
expect_changes "by one exchange" "$B" "$before" 1 I1Received=N R1Sent=N I2Received=N \
	R2Sent=N ExchangesAsResponder=N Associations=N
check_eq "the peer is known now" "$(peers_of "$A")" "$HIT_B $OB6"
check_eq "as if somebody had added it" \
	"$(tool_a -j peer show | jq -c '.[0] | [.esn, .ual, .access]')" '[true,null,"allow"]'
check "and reached" ping_ok "$A" "$HIT_B"
kill $monitor; wait $monitor 2>/dev/null
check_eq "an event tells of it" \
	"$(jq -r 'select(.object == "learnt") | "\(.local_hit) \(.peer_hit) \(.peer_locator)"' "$TMP/events")" \
	"$HIT_A $HIT_B $OB6"
fails_to_learn "who is known need not be learnt" "a peer is configured there" "$OB6"

# the leap is made once
close_assocs
check "what is learnt stays" ping_ok "$A" "$HIT_B"
close_assocs
identities_of_b p384
check_fails "another host at this address is not taken for it" 1 "unreachable" \
	ping_ok "$A" "$HIT_B" -W 5
check_eq "nor does it change what is known" "$(peers_of "$A")" "$HIT_B $OB6"
from_scratch
check_eq "unless the HIT is forgotten: then the other one is learnt" \
	"$(learn "$A" "$OB6")" "${HIT[p384]}"
from_scratch
check_eq "over IPv4" "$(learn "$A" "$OB4")" "${HIT[p384]}"
check_eq "that is where it is" "$(peers_of "$A")" "${HIT[p384]} $OB4"

# what cannot be kept is not learnt
from_scratch
tool_a config set max-peers 1
tool_a peer add "$HIT_B" via $ELSEWHERE
fails_to_learn "there is no room for another peer" "limit" "$OB6"
check_eq "which says so" "$(peers_of "$A")" "$HIT_B $ELSEWHERE"
tool_a config set max-peers 65536
begun=$(counter "$A" ExchangesAsInitiator)
check_eq "with room, it is learnt" "$(learn "$A" "$OB6")" "${HIT[p384]}"
check_eq "from the same association" "$(counter "$A" ExchangesAsInitiator)" "$begun"
tool_a peer del "$HIT_B"

# an association that there is already
from_scratch
tool_b peer add "$HIT_A" via "$OA6"
check "the peer has called us" ping_ok "$B" "$HIT_A"
check_eq "its HIT is learnt from that" "$(learn "$A" "$OB6")" "${HIT[p384]}"
check_eq "and it is the same association" "$(assoc "$A" role)" responder
tool_a assoc close "${HIT[p384]}"
wait_for 10 state_is "$B" CLOSED
tool_a peer del "${HIT[p384]}"
tool_b assoc close all force
ping_ok "$B" "$HIT_A" >/dev/null
tool_b assoc close "$HIT_A"
wait_for 10 state_is "$A" CLOSED
check_eq "it is learnt again after a close" "$(learn "$A" "$OB6")" "${HIT[p384]}"
check_eq "by a new exchange" "$(assoc "$A" role) $(assoc "$A" state)" "initiator ESTABLISHED"

# who has proved to be somewhere else may still be lying about here
from_scratch
tool_b peer add "$HIT_A" via "$OA4"
ping_ok "$B" "$HIT_A" >/dev/null
before=$(counter "$A" CtrlUnexpectedInState)
fails_to_learn "an association by another address proves nothing of this one" \
	no-answer "$OB6"
check_eq "so its R1s are not taken" "$(moved "$A" CtrlUnexpectedInState "$before") $(peers_of "$A")" "3 "

# both at once
tool_a config set opportunistic 1 retries 8
tool_b config set retries 8
for round in 1 2; do
	from_scratch
	learn "$A" "$OB6" >"$TMP/a" &
	one=$!
	"$HIPTOOL" -n "$B" peer learn via "$OA6" >"$TMP/b" 2>"$TMP/b.err" &
	wait $one; wait $!
	cat "$TMP/learn.err" "$TMP/b.err" | grep Error: >>"$TMP/b"
	check_eq "both learn at once, round $round" "$(cat "$TMP/a" "$TMP/b")" \
		"${HIT[p384]}
$HIT_A"
done
tool_a config set opportunistic 0 retries 3
tool_b config set retries 3

# ---- who answers ---------------------------------------------------------------------

peer_start "$A"
for key in p256 rsa2048 secp160r1; do
	peer identity --key "$TMP/$key.pem" --type $key
	peer_done
done
from_scratch
"$HIPTOOL" -n "$B" identity generate ghost type ecdsa curve p256 dir "$TMP/$B" >/dev/null 2>&1
tool_b identity del p384
tool_b identity add ghost anonymous >/dev/null
wait_for 60 r1_ready "$B"
peer initiate --key "$TMP/p256.pem" --local "$OA6" --peer "$OB6"
peer_done
check_eq "an anonymous identity does not answer" "$(cat "$TMP/peer.log")" \
	"FAILED no answer to I1
done 1"
for key in p384 rsa2048 rsa3072; do
	HIT[$key]=$(add_identity "$B" $key $key-b)
done
wait_for 60 r1_ready "$B"
learns_as "to ECDSA that of the same suite answers" p256 p384
learns_as "to RSA likewise" rsa2048 rsa2048
learns_as "to another suite the required one" secp160r1 rsa2048
identities_of_b p384
learns_as "or what there is" secp160r1 p384
tool_b policy set identity p384 accept known
blocked=$(counter "$B" CtrlI1BlockedByPolicy)
fails_to_learn "not to a stranger, if those are not accepted" "refused" "$OB6"
fails_to_learn "also over IPv4" "refused" "$OB4"
check_ge "that is counted" "$(moved "$B" CtrlI1BlockedByPolicy "$blocked")" 2

# ---- what we believe -------------------------------------------------------------------

identities_of_b
HIT_B=$(add_identity "$B" bob p256-b)
from_scratch
answers --opportunistic
HIT_P=$(sed -n 's/^READY //p' "$TMP/peer.log")
check_eq "another implementation is learnt" "$(b_learns)" "$HIT_P"
check "an exchange with it" ping_ok "$B" "$HIT_P"
tool_b assoc close "$HIT_P"
peer_done
check_eq "its I1 had no HIT" "$(grep -c "I1 without" "$TMP/peer.log")" 1

# nothing is learnt from an R1 that is not good; the next may be
not_believed()
{
	local name=$1 counter=$2 reason=$3 before

	shift 3
	from_scratch
	before=$(counter "$B" "$counter")
	answers --opportunistic --timeout 4 "$@"
	check_fails "$name" 2 "$reason" "$HIPTOOL" -n "$B" peer learn via "$OA6" local bob
	peer_done
	check_ge "$name: counted" "$(moved "$B" "$counter" "$before")" 1
	check_eq "$name: nothing is learnt, nothing is left" \
		"$(peers_of "$B")$(n_assocs "$B")" 0
}
not_believed "an R1 with a wrong signature" SignatureWrong "auth-failed|no-answer" \
	--bend r1-signature
not_believed "an R1 of an unknown HIT suite" CtrlBadHIT no-answer --bend r1-suite
not_believed "an R1 from another address" CtrlNoAssociation no-answer \
	--answer-from $ELSEWHERE
not_believed "an anonymous Responder" CtrlR1Anonymous no-answer --anonymous
not_believed "no common cipher" HipCipherNoCommon negotiation --ciphers 1
from_scratch
tool_b config set failed-hold 0
answers --opportunistic --timeout 4 --bend r2-signature
check_fails "who does not prove its HIT" 2 "." "$HIPTOOL" -n "$B" peer learn via "$OA6" local bob
peer_done
check_eq "is not learnt" "$(peers_of "$B")" ""
tool_b policy set peer "$HIT_P" access deny
answers --opportunistic --timeout 4
check_fails "nor is who is denied" 2 "policy" "$HIPTOOL" -n "$B" peer learn via "$OA6" local bob
peer_done
check_ge "which is counted" "$(counter "$B" CtrlR1BlockedByPolicy)" 1
check_eq "it stays denied" "$(tool_b -j peer show | jq -r '.[].access')" deny
from_scratch
sent=$(counter "$B" I1Sent)
tool_b policy set identity bob accept known
check_fails "an identity for known peers takes no leap" 2 "policy" \
	"$HIPTOOL" -n "$B" peer learn via "$OA6" local bob
check_eq "and sends nothing" "$(moved "$B" I1Sent "$sent")" 0
tool_b policy set identity bob accept all

# ---- addresses, when the HIT is known ----------------------------------------------------

tool_b peer add "$HIT_P" via "$OA6"
answers --answer-from $ELSEWHERE
check "an R1 from elsewhere, of the HIT that was called" ping_ok "$B" "$HIT_P"
check_eq "is where the I2 goes, and all after it" "$(assoc "$B" peer_locator)" $ELSEWHERE
tool_b assoc close "$HIT_P"
peer_done
check_eq "which the peer has seen" "$(grep -oE "ESTABLISHED|CLOSED" "$TMP/peer.log" | tr '\n' ' ')" \
	"ESTABLISHED CLOSED "
from_scratch

# one I1 for each time-out, to one of the addresses
X=2001:22:1111:2222:3333:4444:5555:6666
tool_b config set retries 6
tool_b peer add $X via "$OA6" via $ELSEWHERE via "$OA4"
capture_start "$A" a0 "$TMP/i1.pcap"
before=$(snapshot "$B")
ping_ok "$B" $X -W 1 >/dev/null 2>&1
wait_for 60 gauge_is "$B" Associations 0
check "six I1s" capture_stop "$TMP/i1.pcap"
check_eq "each to the next address" \
	"$(tcpdump -nr "$TMP/i1.pcap" 'proto 139 or ip6 proto 139' 2>/dev/null |
		sed -n 's/.* > \([^ :]*[^ ]*\): .*/\1/p' | tr '\n' ' ')" \
	"$OA6 $ELSEWHERE $OA4 $OA6 $ELSEWHERE $OA4 "
check_eq "one for each time-out" "$(moved "$B" Retransmissions "$(jq '.counters.Retransmissions // 0' <<<"$before")")" 5
tool_b config set retries 3
from_scratch

# ---- while it lasts, and other ends ---------------------------------------------------------

tool_a config set i1-timeout 60000
check_fails "who does not wait is told so" 1 "no end of it in time" \
	"$HIPTOOL" -n "$A" peer learn via fd00:a::99 wait 0
check_eq "it goes on" \
	"$(tool_a -j assoc show | jq -r '.[] | "\(.peer_hit) \(.peer_locator) \(.state)"')" \
	"null fd00:a::99 I1-SENT"
check "and is shown" bash -c "$HIPTOOL -n $A assoc show | grep -q 'not known yet'"
check "more than one at a time" bash -c "! $HIPTOOL -n $A peer learn via 192.0.2.99 wait 0 2>/dev/null"
check_eq "are two" "$(n_assocs "$A")" 2
"$HIPTOOL" -n "$A" peer learn via fd00:a::99 >"$TMP/given.up" 2>&1 &
pid=$!
sleep 1
check "they end when they are closed" tool_a assoc close all force
wait $pid
check_eq "and who waits is told" "$? $(grep -o "Error: admin" "$TMP/given.up")" "2 Error: admin"
check_eq "nothing is left of them" "$(n_assocs "$A")" 0
tool_a config set i1-timeout 200
stop_helper "$A"
fails_to_learn "without hipd it does not begin" "no-helper" "$OB6"
start_helper "$A"
fails_to_learn "an address that is none" "unicast" ff02::1
fails_to_learn "a HIT is no address" "locator is a HIT" "$HIT_B"
check_fails "an identity that is not there" 2 "no such identity" \
	"$HIPTOOL" -n "$A" peer learn via "$OB6" local 2001:22::1
check_fails "nobody may not do it" 2 "CAP_NET_ADMIN|[Pp]ermi" \
	in_a setpriv --reuid 65534 --regid 65534 --clear-groups \
	--bounding-set -all --inh-caps -all "$HIPTOOL" peer learn via "$OB6"

test_end
