#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Access control: what a local identity accepts (all, known, none) times what is
# said of the peer (nothing, allow, deny) times who begins. Who is refused costs
# no request to hipd, is answered as RFC 7401, section 4.1.5, says, is counted,
# and is accepted as soon as the policy is another.

# shellcheck disable=SC2119,SC2317 # no options; functions called by name
# shellcheck source-path=SCRIPTDIR source=wire_lib.bash
. "$(dirname "$0")/wire_lib.bash"

require ip ping jq nft
require_python

# standing_of HIT unknown|known|denied [ADDRESS]: what B is told of a peer
standing_of()
{
	tool_b peer del "$1" >/dev/null 2>&1
	case $2 in
	known) tool_b peer add "$1" via "${3:-$OA6}" ;;
	denied) tool_b peer add "$1" via "${3:-$OA6}" access deny ;;
	esac
}

accept() { tool_b policy set identity bob accept "$1"; }

none_left() { [ "$(n_assocs "$A") $(n_assocs "$B")" = "0 0" ]; }

# from_scratch: no association, no failure that is remembered, and R1s are made
from_scratch()
{
	close_assocs
	wait_for 10 none_left && wait_for 30 r1_ready "$B"
}

# "Name=N ..." of those counters of B that have moved, besides those that say
# what every packet does; Upcalls is among them here
b_moved()
{
	local n

	for n in CtrlI1BlockedByPolicy CtrlI2BlockedByPolicy \
		CtrlR1BlockedByPolicy OutBlockedByPolicy OutNoMapping R1Sent \
		I1Sent Upcalls; do
		echo "$n=$(($(counters "$2" $n) - $(counters "$1" $n)))"
	done | grep -v '=0$' | tr '\n' ' ' | sed 's/ $//'
}

counters() { jq -r --arg n "$2" '.counters[$n] // 0' <<<"$1"; }

# responder NAME yes|no [ping options]: A calls B
responder()
{
	local name=$1 before out

	from_scratch
	before=$(snapshot "$B")
	if [ "$2" = yes ]; then
		check "$name: accepted" ping_ok "$A" "$HIT_B"
		return
	fi
	out=$(ping_ok "$A" "$HIT_B" 2>&1)
	check_eq "$name: refused" "$(grep -o "prohibited" <<<"$out")" prohibited
	# An I1 is sent again once when an ICMP error came
	check_eq "$name: counted, no R1, no request to hipd" \
		"$(b_moved "$before" "$(snapshot "$B")")" "CtrlI1BlockedByPolicy=2"
	check_eq "$name: nothing is left" "$(n_assocs "$B")" 0
}

# initiator NAME yes|no|nowhere: B calls A
initiator()
{
	local name=$1 before out

	from_scratch
	before=$(snapshot "$B")
	case $2 in
	yes)
		check "$name: goes out" ping_ok "$B" "$HIT_A"
		return ;;
	nowhere)
		out=$(ping_ok "$B" "$HIT_A" 2>&1)
		check_eq "$name: allowed, but nobody knows where" \
			"$(grep -o "Address unreachable" <<<"$out") $(b_moved "$before" "$(snapshot "$B")")" \
			"Address unreachable OutNoMapping=1"
		return ;;
	esac
	out=$(ping_ok "$B" "$HIT_A" 2>&1)
	check_eq "$name: prohibited" "$(grep -o "prohibited" <<<"$out")" prohibited
	check_eq "$name: counted, no I1, no request to hipd" \
		"$(b_moved "$before" "$(snapshot "$B")")" "OutBlockedByPolicy=1"
}

connect_errno()
{
	ip netns exec "$1" "$PYTHON" - "$2" <<-'PY'
	import errno, socket, sys
	s = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
	s.settimeout(60)
	try:
	    s.connect((sys.argv[1], 5001))
	    print("connected")
	except socket.timeout:
	    print("timeout")
	except OSError as e:
	    print(errno.errorcode[e.errno])
	PY
}

setup_hosts -q || { test_fail "two hosts"; test_end; }
tool_a config set failed-hold 0 i1-timeout 200
tool_b config set failed-hold 0 notify-rate 1000 r1-lifetime 3600000 puzzle-k 4

# ---- what can be said, and is shown -----------------------------------------

check_eq "by default all are accepted" \
	"$(tool_b -j policy show | jq -c '[.identities[0].name, .identities[0].accept]')" \
	'["bob","all"]'
check_eq "and a peer that is added has access" \
	"$(tool_b -j policy show | jq -c '[.peers[] | [.hit, .access]]')" \
	"[[\"$HIT_A\",\"allow\"]]"
check_eq "policy, as text" "$(tool_b policy)" \
	"identity $HIT_B name bob accept all
peer $HIT_A access allow"
check "deny a peer" tool_b policy set peer "$HIT_A" access deny
check_eq "all else that is known of it stays" "$(tool_b -j peer show | jq -c .)" \
	"[{\"hit\":\"$HIT_A\",\"locators\":[\"$OA6\"],\"esn\":true,\"esp_suites\":[],\"access\":\"deny\"}]"
check "replace it" tool_b peer replace "$HIT_A" via "$OA4" esn off
check_eq "it stays denied" \
	"$(tool_b -j peer show | jq -r '.[] | .access + .locators[0]')" "deny$OA4"
check "replace it, and allow" tool_b peer replace "$HIT_A" via "$OA6" access allow
check_eq "it is allowed" "$(tool_b -j peer show | jq -r '.[].access')" allow
X=2001:22:1111:2222:3333:4444:5555:6666
check "deny somebody who is nowhere" tool_b policy set peer $X access deny
check_eq "is shown without a locator" "$(tool_b -j peer show $X | jq -c .)" \
	"[{\"hit\":\"$X\",\"locators\":[],\"esn\":true,\"esp_suites\":[],\"access\":\"deny\"}]"
check "forget that" tool_b peer del $X
check "what an identity accepts, by name" accept known
check "by HIT" tool_b policy set identity "$HIT_B" accept none
check_eq "is shown with the identity" "$(tool_b -j identity show bob | jq -r '.[].accept')" none
install -m 600 "$SELFTESTS/data/keys/p384-b.pem" "$TMP/$B/carol.pem"
check "an identity that accepts nobody from the first moment on" \
	tool_b identity add carol accept none
check_eq "is shown as such" \
	"$(tool_b -j policy show | jq -c '[.identities[] | .accept]')" '["none","none"]'
tool_b identity del carol

# what is wrong, and what to do about it
check_fails "an identity that is not there" 1 'no identity "nobody": hiptool identity show' \
	tool_b policy set identity nobody accept all
check_fails "a HIT that is no identity of ours" 2 "no such identity" \
	tool_b policy set identity $X accept all
check_fails "an unknown word" 1 "all, named, known or none, not \"some\"" \
	tool_b policy set identity bob accept some
check_fails "a peer's word for an identity" 1 "all, named, known or none, not \"deny\"" \
	tool_b policy set identity bob accept deny
check_fails "a HIT of a suite that we lack" 2 "mistyped HIT" \
	tool_b policy set peer 2001:2f:1111::1 access deny
tool_b config set max-peers 1
check_fails "more peers than allowed" 2 "raise max-peers" \
	tool_b policy set peer $X access deny
check "but one may be changed" tool_b policy set peer "$HIT_A" access allow
tool_b config set max-peers 65536
check_fails "nobody may not change it" 2 "CAP_NET_ADMIN|[Pp]ermi" \
	in_b setpriv --reuid 65534 --regid 65534 --clear-groups \
	--bounding-set -all --inh-caps -all \
	"$HIPTOOL" policy set peer "$HIT_A" access deny
check_eq "nothing has changed" "$(tool_b policy)" \
	"identity $HIT_B name bob accept none
peer $HIT_A access allow"

# ---- every cell --------------------------------------------------------------

while read -r what standing responds initiates; do
	accept "$what"
	standing_of "$HIT_A" "$standing"
	cell="accept $what, peer $standing"
	responder "Responder, $cell" "$responds"
	initiator "Initiator, $cell" "$initiates"
done <<-CELLS
	all unknown yes nowhere
	all known yes yes
	all denied no no
	known unknown no no
	known known yes yes
	known denied no no
	named unknown yes nowhere
	named known yes yes
	named denied no no
	none unknown no no
	none known no yes
	none denied no no
CELLS

# what the sockets see
from_scratch
standing_of "$HIT_A" denied
accept all
check_eq "connect() of the one who is refused" "$(connect_errno "$A" "$HIT_B")" EACCES
check_eq "connect() to the one who is denied" "$(connect_errno "$B" "$HIT_A")" EACCES
tool_a peer replace "$HIT_B" via "$OB4"
check_eq "connect() of the one who is refused, IPv4" \
	"$(connect_errno "$A" "$HIT_B")" EACCES
tool_a peer replace "$HIT_B" via "$OB6"

# no failure is held against a peer that is allowed again
tool_b config set failed-hold 600000
check_fails "denied" 1 prohibited ping_ok "$B" "$HIT_A"
check_fails "and held off" 1 prohibited ping_ok "$B" "$HIT_A"
tool_b policy set peer "$HIT_A" access allow
check "until it is allowed" ping_ok "$B" "$HIT_A"
tool_b config set failed-hold 0

# ---- associations that there are -------------------------------------------

# of a host that only calls, RFC 7401, section 6.7.1
from_scratch
standing_of "$HIT_A" known
accept none
check "a host that accepts none calls" ping_ok "$B" "$HIT_A"
tool_a assoc close all force >/dev/null
check "and is called by a peer that has lost its state" ping_ok "$A" "$HIT_B"
check_eq "which was the Initiator" "$(assoc "$B" role)" responder

tool_b policy set peer "$HIT_A" access deny
check "an association goes on when its peer is denied" ping_ok "$A" "$HIT_B"
check "in both directions" ping_ok "$B" "$HIT_A"
tool_b assoc close "$HIT_A"
check "it is closed in order" wait_for 10 state_is "$A" CLOSED
responder "Responder, after the close" no

# a stranger that was let in, and has left its address
accept all
standing_of "$HIT_A" unknown
check "a stranger is let in" ping_ok "$A" "$HIT_B"
tool_a assoc close "$HIT_B" >/dev/null
check "and leaves" wait_for 10 state_is "$B" CLOSED
accept known
before=$(snapshot "$B")
check_fails "data for it does not let it in again" 1 prohibited ping_ok "$B" "$HIT_A"
check_eq "no I1 was sent" "$(b_moved "$before" "$(snapshot "$B")")" \
	"OutBlockedByPolicy=1"
check_eq "and it is as closed as before" "$(assoc "$B" state)" CLOSED

# the peer of an association that is being closed learns of it all the same
from_scratch
accept all
standing_of "$HIT_A" known
check "an association" ping_ok "$B" "$HIT_A"
in_a nft -f - <<-RULES
	table inet deaf {
		chain in {
			type filter hook input priority 0;
			meta l4proto 139 drop
		}
	}
	RULES
tool_b policy set peer "$HIT_A" access deny
tool_b assoc close "$HIT_A"
check "is being closed" wait_for 10 state_is "$B" CLOSING
check_fails "data does not begin another" 1 prohibited ping_ok "$B" "$HIT_A"
check_eq "nor end the closing" "$(assoc "$B" state)" CLOSING
in_a nft delete table inet deaf
check "its peer is told" wait_for 30 state_is "$A" CLOSED

# ---- the policy changes while an exchange is under way -----------------------

from_scratch
accept all
mischief_start "$A" "$OA6" "$OB6" "$HIT_B" ||
	{ test_fail "malformed.py starts" "$(cat "$TMP/mischief.log")"; test_end; }

# expect_free CASE CHANGES...: see expect; and no request to hipd
expect_free()
{
	local upcalls

	wait_for 30 r1_ready "$B"
	upcalls=$(counter "$B" Upcalls)
	expect "$@"
	check_eq "$1: no request to hipd" "$(moved "$B" Upcalls "$upcalls")" 0
}

# before an I2: its puzzle is not even looked at
mischief i2-fetch
check_eq "an R1 is fetched ($said)" "$sent" 1
tool_b policy set peer "$HIT_M" access deny
expect_free i2-late-unsolved I2Received=N CtrlI2BlockedByPolicy=N
expect_free i2-late I2Received=N CtrlI2BlockedByPolicy=N
accept known
tool_b peer del "$HIT_M"
expect_free i2-late I2Received=N CtrlI2BlockedByPolicy=N
accept none
tool_b policy set peer "$HIT_M" access allow
expect_free i2-late I2Received=N CtrlI2BlockedByPolicy=N
accept known
done_before=$(counter "$B" ExchangesAsResponder)
mischief i2-late
exchanged() { [ "$(moved "$B" ExchangesAsResponder "$done_before")" = 1 ]; }
check "allowed again, the same R1 is good" wait_for 10 exchanged
close_assocs

# I1s, many: each counted, few answered
tool_b policy set peer "$HIT_M" access deny
tool_b config set notify-rate 1
limit=$(counter "$B" CtrlNotifyRateLimit)
before=$(snapshot "$B")
mischief i1-flood
blocked()
{
	[ "$(moved "$B" CtrlI1BlockedByPolicy \
		"$(counters "$before" CtrlI1BlockedByPolicy)")" = "$sent" ]
}
wait_for 5 blocked
check_eq "a flood is refused, one by one" "$(b_moved "$before" "$(snapshot "$B")")" \
	"CtrlI1BlockedByPolicy=$sent"
check_ge "and hardly answered" "$(moved "$B" CtrlNotifyRateLimit "$limit")" \
	$((sent / 2))
tool_b config set notify-rate 1000

# while an I2 waits behind another one for hipd: its puzzle was right, so that
# a NOTIFY is due
"$HIPTOOL" -n "$B" -j monitor >"$TMP/events" 2>"$TMP/events.err" &
monitor=$!
helpers+=("$monitor")
tool_b policy set peer "$HIT_M" access allow
mischief i2-fetch
tool_b config set upcall-timeout 60000
wait_for 30 r1_ready "$B"
kill -STOP "${helper_pid[$B]}"
before=$(snapshot "$B")
mischief i2-late-mac-wrong
waiting() { [ "$(gauge "$B" UpcallsPending)" = 1 ]; }
wait_for 10 waiting
mischief i2-late
tool_b policy set peer "$HIT_M" access deny
kill -CONT "${helper_pid[$B]}"
expect_changes "an I2 that waited" "$B" "$before" 1 I2Received=2 MACWrong=1 \
	CtrlI2BlockedByPolicy=N NotifySent=2
check_eq "cost one signature, after a Diffie-Hellman and a signature for the first" \
	"$(moved "$B" Upcalls "$(counters "$before" Upcalls)")" 3
told()
{
	jq -es 'any(.[]; .notify_type == 42 and .direction == "sent")' "$TMP/events"
}
check "that of BLOCKED_BY_POLICY" wait_for 5 told

# between I1 and R1
begun()
{
	standing_of "$HIT_M" known
	tool_b assoc close all force >/dev/null 2>&1
	wait_for 10 gauge_is "$B" Associations 0
	before=$(snapshot "$B")
	(sleep 0.3; ping_ok "$B" "$HIT_M" -W 60) >"$TMP/ping" 2>&1 &
	pinging=$!
	mischief i1-await
}

accept all
tool_b config set i1-timeout 60000
begun
check_eq "an I1 is sent ($said)" "$sent" 1
tool_b policy set peer "$HIT_M" access deny
mischief r1-for-the-i1
wait $pinging
expect_changes "an R1 of a peer that is denied meanwhile" "$B" "$before" "$sent" \
	I1Sent=N R1Received=N CtrlR1BlockedByPolicy=N ExchangesFailed=N \
	OutQueued=N OutUnreachable=N
check_eq "costs no request to hipd" \
	"$(moved "$B" Upcalls "$(counters "$before" Upcalls)")" 0
check_eq "who waits is told at once" "$(grep -o prohibited "$TMP/ping")" prohibited

# between I1 and I1
tool_b config set i1-timeout 4000
begun
tool_b policy set peer "$HIT_M" access deny
wait $pinging
expect_changes "no I1 is repeated for a peer that is denied meanwhile" "$B" \
	"$before" 1 I1Sent=N OutBlockedByPolicy=N ExchangesFailed=N OutQueued=N \
	OutUnreachable=N
check "the monitor says why" \
	jq -es 'any(.[]; .object == "failure" and .reason == "policy")' "$TMP/events"
check "and that an identity has changed" \
	jq -es 'any(.[]; .object == "identity" and .event == "changed")' "$TMP/events"

check_eq "the monitor had no complaints" "$(cat "$TMP/events.err")" ""
check_eq "malformed.py had no trouble" "$(cat "$TMP/mischief.log")" ""
test_end
