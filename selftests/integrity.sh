#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# ESP suites that only protect against changes (NULL, AES-CMAC-96, AES-GMAC): in
# either role they are refused unless they are named for the namespace or for the
# peer, and then nothing is sent (RFC 7402, section 3.3.5). Where they are named,
# they are used, and what is sent can be read.

# shellcheck disable=SC2119,SC2317 # no options; functions called by name
# shellcheck source-path=SCRIPTDIR source=wire_lib.bash
. "$(dirname "$0")/wire_lib.bash"

require ip ping jq nft tcpdump
require_python

PATTERN=68697073656c6674657374	# "hipselftest", for ping -p

# configure NAMESPACE SUITES: its R1s have them, too
configure()
{
	local before

	before=$(r1_counter "$1")
	"$HIPTOOL" -n "$1" config set esp-suites "$2"
	wait_for 30 r1_newer "$1" "$before"
}

r1_counter() { "$HIPTOOL" -n "$1" -j identity show | jq '.[0].r1_counter'; }
r1_newer() { [ "$(r1_counter "$1")" -gt "$2" ] && r1_ready "$1"; }

# esp_seen: packets of ESP on the wire so far
esp_seen()
{
	in_b nft -j list table inet watch |
		jq '[.. | objects | .counter? // empty | .packets] | add'
}

# refused NAME FROM HIT WHO: no exchange, WHO counts why, nothing is sent
refused()
{
	local name=$1 none esp

	close_assocs
	none=$(counter "$4" EspTransformNoCommon)
	esp=$(esp_seen)
	check_fails "$name: ping" 1 "100% packet loss" ping_ok "$2" "$3" -W 5 -p $PATTERN
	check_ge "$name: counted" "$(moved "$4" EspTransformNoCommon "$none")" 1
	check_eq "$name: nothing is sent" "$(($(esp_seen) - esp))" 0
	check_eq "$name: no SA" "$(gauge "$A" SAs) $(gauge "$B" SAs)" "0 0"
}

# agreed NAME FROM HIT SUITE
agreed()
{
	close_assocs
	check "$1: ping" wait_for 20 ping_ok "$2" "$3" -W 2 -p $PATTERN
	check_eq "$1: suite" "$(assoc "$A" esp_suite) $(assoc "$B" esp_suite)" "$4 $4"
}

setup_hosts -q || { test_fail "two hosts"; test_end; }
in_b nft -f - <<-RULES || { test_fail "nft counts"; test_end; }
	table inet watch {
		chain in { type filter hook prerouting priority -300; meta l4proto 50 counter; }
		chain out { type filter hook output priority -300; meta l4proto 50 counter; }
	}
	RULES
for ns in "$A" "$B"; do
	"$HIPTOOL" -n "$ns" config set retries 2 failed-hold 0
done

# without a word of policy at B
for suites in 7 14 15 7,14,15; do
	configure "$A" "$suites"
	refused "suites $suites, Initiator has no policy" "$B" "$HIT_A" "$B"
	refused "suites $suites, Responder has no policy" "$A" "$HIT_B" "$A"
done
# a peer that chooses what was not offered
peer_start "$A"
peer identity --key "$TMP/m.pem" --type p256
peer_done
for suite in 7 14 15; do
	esp=$(esp_seen) none=$(counter "$B" EspTransformNoCommon)
	peer initiate --key "$TMP/m.pem" --local "$OA6" --peer "$OB6" \
		--hit "$HIT_B" --force-suite $suite
	! peer_done
	check_eq "suite $suite was chosen though not offered: NOTIFY, and nothing sent" \
		"$(grep FAILED "$TMP/peer.log") $(moved "$B" EspTransformNoCommon "$none") $(($(esp_seen) - esp))" \
		"FAILED refused with NOTIFY 19 1 0"
done
# what encrypts is taken, if there is any
configure "$A" 7,14,15,8
agreed "a peer that would rather not encrypt" "$B" "$HIT_A" 8

# named for the namespace
for suite in 7 14 15; do
	configure "$A" $suite
	configure "$B" $suite,13
	agreed "suite $suite, both namespaces, A to B" "$A" "$HIT_B" $suite
	agreed "suite $suite, both namespaces, B to A" "$B" "$HIT_A" $suite
	capture_start "$B" b0 "$TMP/$suite.pcap"
	ping_ok "$A" "$HIT_B" -p $PATTERN >/dev/null
	check "suite $suite: captured" capture_stop "$TMP/$suite.pcap"
	check "suite $suite: it can be read" grep -q hipselftest "$TMP/$suite.pcap"
done
configure "$B" 13,8,9
refused "the policy is withdrawn" "$B" "$HIT_A" "$B"

# named for the peer only, at either host
configure "$A" 13,8,9
capture_start "$B" b0 "$TMP/encrypted.pcap"
agreed "no policy again" "$A" "$HIT_B" 13
check "suite 13: captured" capture_stop "$TMP/encrypted.pcap"
check_fails "suite 13: it can't be read" 1 "^$" grep -q hipselftest "$TMP/encrypted.pcap"
before_a=$(r1_counter "$A") before_b=$(r1_counter "$B")
tool_a peer replace "$HIT_B" via "$OB6" esp null-sha256
tool_b peer replace "$HIT_A" via "$OA6" esp null-sha256
check "R1s are made anew for the peer's sake" wait_for 30 r1_newer "$B" "$before_b"
check "on either host" wait_for 30 r1_newer "$A" "$before_a"
agreed "suite 7, for the peer, A to B" "$A" "$HIT_B" 7
agreed "suite 7, for the peer, B to A" "$B" "$HIT_A" 7
# the R1s have it now, but not for others
none=$(counter "$B" EspTransformNoCommon)
peer initiate --key "$TMP/m.pem" --local "$OA6" --peer "$OB6" --hit "$HIT_B" --suites 7
! peer_done
check_eq "another peer is refused what is for one" \
	"$(grep FAILED "$TMP/peer.log") $(moved "$B" EspTransformNoCommon "$none")" \
	"FAILED refused with NOTIFY 19 1"
peer initiate --key "$TMP/m.pem" --local "$OA6" --peer "$OB6" --hit "$HIT_B" \
	--ping 1 --close
check "and gets what encrypts" peer_done
check_eq "which is first in the R1" "$(sed -n 's/.* suite=\([0-9]*\) .*/\1/p' "$TMP/peer.log")" 13
before_b=$(r1_counter "$B")
tool_b peer del "$HIT_A"
check "R1s are made anew without it" wait_for 30 r1_newer "$B" "$before_b"
refused "the peer is forgotten" "$A" "$HIT_B" "$A"

test_end
