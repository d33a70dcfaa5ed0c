#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Anonymous identities: the A bit of R1 and I2 (RFC 7401, section 5.1.2), as an
# independent implementation (hippeer.py) sees and sets it, and what a host does
# that does not want to talk to strangers who hide.

# shellcheck disable=SC2119,SC2317 # no options; functions called by name
# shellcheck source-path=SCRIPTDIR source=wire_lib.bash
. "$(dirname "$0")/wire_lib.bash"

require ip ping jq
require_python

# what the two have agreed upon, as far as it matters here
said() { grep -oE "FAILED.*|ESTABLISHED|anonymous" "$TMP/peer.log" | tr '\n' ' '; }

forget()
{
	tool_b assoc close all force >/dev/null 2>&1
	wait_for 10 gauge_is "$B" Associations 0
}

# called HIT [hippeer options]: hippeer.py calls B
called()
{
	local hit=$1

	shift
	forget
	peer initiate --key "$TMP/p256.pem" --local "$OA6" --peer "$OB6" \
		--hit "$hit" "$@"
	peer_done
}

# calls HIT [hippeer options]: B calls hippeer.py as that identity
calls()
{
	local hit=$1 out

	shift
	forget
	peer respond --key "$TMP/p256.pem" --local "$OA6" "$@"
	peer_says "READY*"
	out=$(ping_ok "$B" "$HIT_P" -I "$hit" 2>&1) ||
		test_fail "ping from $hit" "$out" "$(tool_b stats show nonzero)"
	# who is anonymous is seen while there is an association
	shown=$(anonymous)
	tool_b assoc close "$HIT_P" >/dev/null
	peer_done
}

# is the peer of B's only association?
anonymous() { tool_b -j assoc show | jq -r '.[0].anonymous'; }

accept() { tool_b policy set identity bob accept "$1"; }

# all that B knows, besides what moves by itself
known_to_b()
{
	local what

	for what in identity peer policy assoc; do
		tool_b -j "$what" show |
			jq -c 'del(.[]?.r1_counter?, .[]?.r1_ready?)'
	done
	find "$TMP/$B" -type f -exec sha256sum {} + | sort
}

setup_hosts -q -n || { test_fail "two hosts"; test_end; }
"$HIPTOOL" -n "$B" identity generate ghost type ecdsa dir "$TMP/$B" >/dev/null 2>&1
check "an anonymous identity" tool_b identity add ghost anonymous
HIT_G=$(hit_of "$B" ghost)
check_eq "is shown as such" \
	"$(tool_b -j identity show | jq -c '[.[] | [.name, .anonymous, .default]]')" \
	'[["bob",false,true],["ghost",true,false]]'
wait_for 60 r1_ready "$B"
peer_start "$A"
peer identity --key "$TMP/p256.pem" --type p256
peer_done
HIT_P=$(head -n 1 "$TMP/peer.log")
tool_b peer add "$HIT_P" via "$OA6"

# ---- what it sends ------------------------------------------------------------

called "$HIT_G" --ping 1
check_eq "its R1 has the A bit" "$(said)" "ESTABLISHED anonymous "
called "$HIT_B" --ping 1
check_eq "that of another identity has not" "$(said)" "ESTABLISHED "
calls "$HIT_G"
check_eq "its I2 has the A bit" "$(said)" "ESTABLISHED anonymous "
calls "$HIT_B"
check_eq "that of another has not" "$(said)" "ESTABLISHED "
check_eq "a peer without it is not anonymous" "$shown" false
check_eq "a socket that does not ask for it does not use it" \
	"$(ip -n "$B" -j -6 route get "$HIT_P" | jq -r '.[0].prefsrc')" "$HIT_B"
check "the other identity goes" tool_b identity del bob
check_eq "and an anonymous one is no default" \
	"$(tool_b -j identity show | jq -c '[.[] | [.name, .default]]')" \
	'[["ghost",false]]'
check "it is there again" tool_b identity add bob
check_eq "and the default" \
	"$(tool_b -j identity show | jq -c '[.[] | select(.default) | .name]')" '["bob"]'
wait_for 60 r1_ready "$B"

# ---- peers that are anonymous ---------------------------------------------------

tool_b peer del "$HIT_P"
forget
before=$(known_to_b)
called "$HIT_B" --anonymous --ping 1
check_eq "an anonymous Initiator is let in" "$(said)" "ESTABLISHED "
check_eq "and is shown as anonymous" "$(anonymous)" true
check "as text" bash -c "$HIPTOOL -n $B assoc show | grep -q 'the peer is anonymous'"
forget
check_eq "nothing is left of it" "$(known_to_b)" "$before"
check_eq "no SA either" "$(gauge "$B" SAs)" 0

tool_b peer add "$HIT_P" via "$OA6"
calls "$HIT_B" --anonymous
check_eq "so is an anonymous Responder" "$shown $(said)" "true ESTABLISHED "

# ---- who does not want them -----------------------------------------------------

tool_b peer del "$HIT_P"
check "only those with a name" accept named
check_eq "is shown" "$(tool_b -j policy show | jq -r '.identities[] | select(.name == "bob").accept')" named
forget
before=$(snapshot "$B") upcalls=$(counter "$B" Upcalls)
called "$HIT_B" --anonymous
check_eq "an anonymous Initiator gets no R2" "$(said)" "FAILED no answer to I2 "
expect_changes "it is counted, and nothing is made of its I2" "$B" "$before" 4 \
	I1Received=1 R1Sent=1 I2Received=N CtrlI2Anonymous=N
check_eq "nor asked of hipd" "$(moved "$B" Upcalls "$upcalls")" 0
called "$HIT_B" --ping 1
check_eq "one with a name is let in" "$(said)" "ESTABLISHED "
tool_b peer add "$HIT_P" via "$OA6"
called "$HIT_B" --anonymous --ping 1
check_eq "and an anonymous one who is known" "$(said)" "ESTABLISHED "
calls "$HIT_B" --anonymous
check_eq "who may be called as well" "$(said)" "ESTABLISHED "
tool_b policy set peer "$HIT_P" access deny
forget
before=$(snapshot "$B")
called "$HIT_B" --anonymous
expect_changes "unless it is denied" "$B" "$before" 4 \
	I1Received=N CtrlI1BlockedByPolicy=N
tool_b peer del "$HIT_P"
called "$HIT_G" --anonymous --ping 1
check_eq "another identity may think otherwise" "$(said)" "ESTABLISHED anonymous "

test_end
