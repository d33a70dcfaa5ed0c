#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The module against an independent implementation (hippeer.py), which checks
# every packet that it gets: the module as Responder and as Initiator, with each
# kind of identity, DH group, HIP cipher and ESP suite, over IPv6 and IPv4, data
# through ESP, and CLOSE from either side.

# shellcheck disable=SC2119,SC2317 # no options; functions called by name
# shellcheck source-path=SCRIPTDIR source=wire_lib.bash
. "$(dirname "$0")/wire_lib.bash"

require ip ping jq openssl
require_python

# responder NAME KEY LOCAL PEER [hippeer options]: the module, B, responds
responder()
{
	local name=$1 key=$2 la=$3 lb=$4

	shift 4
	tool_b assoc close all force >/dev/null 2>&1
	peer initiate --key "$TMP/$key.pem" --local "$la" --peer "$lb" \
		--hit "$HIT_B" --ping 3 --close "$@"
	if peer_done; then
		test_pass "$name: $(agreed)"
	else
		test_fail "$name" "$(cat "$TMP/peer.log" "$TMP/peer.err")" \
			"$(tool_b stats show nonzero)"
	fi
	wait_for 5 state_is "$B" CLOSED ||
		test_fail "$name: B has let go after CLOSE" \
			"$(tool_b assoc show)"
}

# initiator NAME KEY LOCAL PEER [hippeer options]: the module, B, initiates
initiator()
{
	local name=$1 key=$2 la=$3 hit acks out

	hit=${hits[$key]}
	shift 4
	tool_b assoc close all force >/dev/null 2>&1
	tool_b peer replace "$hit" via "$la"
	acks=$(counter "$B" CloseAckReceived)
	peer respond --key "$TMP/$key.pem" --local "$la" "$@"
	peer_says "READY*"
	out=$(ping_ok "$B" "$hit" -c 3 -i 0.2 2>&1) ||
		test_fail "$name: ping" "$out" "$(tool_b stats show nonzero)"
	out=$(tool_b assoc close "$hit" 2>&1) ||
		test_fail "$name: close" "$out"
	if peer_done && wait_for 5 grown "$acks"; then
		test_pass "$name: $(agreed)"
	else
		test_fail "$name" "$(cat "$TMP/peer.log" "$TMP/peer.err")" \
			"$(tool_b stats show nonzero)"
	fi
}

# what the two have agreed upon
agreed() { sed -n 's/^ESTABLISHED //p' "$TMP/peer.log"; }

r1s_are() { [ "$(tool_b -j identity show | jq '.[0].r1_ready')" = "$1" ]; }

r1_counter() { tool_b -j identity show | jq '.[0].r1_counter'; }
r1_newer() { [ "$(r1_counter)" -gt "$1" ] && r1_ready "$B"; }

grown() { [ "$(moved "$B" CloseAckReceived "$1")" = 1 ]; }

setup_hosts -n || { test_fail "two hosts"; test_end; }
declare -A hits
peer_start "$A"
kinds="p256 p384 rsa2048 secp160r1 dsa1024"
for key in $kinds; do
	peer identity --key "$TMP/$key.pem" --type "$key"
	peer_done
	hits[$key]=$(head -n 1 "$TMP/peer.log")
done

for key in $kinds; do
	responder "Responder to $key" "$key" "$OA6" "$OB6"
	initiator "Initiator to $key" "$key" "$OA6" "$OB6"
done
# those that are not in the default list are named for once
tool_b config set dh-groups 8,7,9,4,3,11,10
wait_for 60 r1s_are 7 || test_fail "R1s of all DH groups" "$(tool_b identity show)"
for group in 7 8 9 4 3 11 10; do
	responder "Responder, DH group $group" p256 "$OA6" "$OB6" --dh "$group"
	initiator "Initiator, DH group $group" p256 "$OA6" "$OB6" --dh "$group"
done
tool_b config set dh-groups 8,7,9,4,3
for cipher in 2 4; do
	responder "Responder, HIP cipher $cipher" p256 "$OA6" "$OB6" \
		--ciphers "$cipher"
	initiator "Initiator, HIP cipher $cipher" p256 "$OA6" "$OB6" \
		--ciphers "$cipher"
done
# NULL-ENCRYPT: only where it is switched on for tests
responder_refuses()
{
	local refused

	refused=$(counter "$B" HipCipherNoCommon)
	peer initiate --key "$TMP/p256.pem" --local "$OA6" --peer "$OB6" \
		--hit "$HIT_B" --force-cipher 1
	! peer_done
	check_eq "Responder, HIP cipher 1 unasked: refused" \
		"$(grep FAILED "$TMP/peer.log") $(moved "$B" HipCipherNoCommon "$refused")" \
		"FAILED refused with NOTIFY 17 1"
}
responder_refuses
before=$(r1_counter)
tool_b config set null-encrypt 1 hip-ciphers 2,1
wait_for 60 r1_newer "$before"
responder "Responder, HIP cipher 1" p256 "$OA6" "$OB6" --ciphers 1
initiator "Initiator, HIP cipher 1" p256 "$OA6" "$OB6" --ciphers 1
tool_b config set null-encrypt 0 hip-ciphers 2,4
for suite in 8 9 13; do
	responder "Responder, ESP suite $suite" p256 "$OA6" "$OB6" \
		--suites "$suite"
	initiator "Initiator, ESP suite $suite" p256 "$OA6" "$OB6" \
		--suites "$suite"
	responder "Responder, IPv4, ESP suite $suite" p256 "$OA4" "$OB4" \
		--suites "$suite"
	initiator "Initiator, IPv4, ESP suite $suite" p256 "$OA4" "$OB4" \
		--suites "$suite"
done
# those that are not in the default list, which encrypt, and which don't
for suites in 12,11,10,1 15,14,7; do
	before=$(r1_counter)
	tool_b config set esp-suites $suites
	wait_for 60 r1_newer "$before" ||
		test_fail "R1s of ESP suites $suites" "$(tool_b identity show)"
	for suite in ${suites//,/ }; do
		responder "Responder, ESP suite $suite" p256 "$OA6" "$OB6" \
			--suites "$suite"
		initiator "Initiator, ESP suite $suite" p256 "$OA6" "$OB6" \
			--suites "$suite"
		responder "Responder, IPv4, ESP suite $suite, large packets" p256 \
			"$OA4" "$OB4" --suites "$suite" --size 1300
	done
done
tool_b config set esp-suites 13,8,9
responder "Responder, HOST_ID in clear" p256 "$OA6" "$OB6" --clear
initiator "Initiator, puzzle of 12 bits" p256 "$OA6" "$OB6" --puzzle-k 12
responder "Responder, large packets" p256 "$OA6" "$OB6" --size 1300

# an identity of another kind at the module's end
for kind in RSA:rsa2048 ECDSA_LOW:secp160r1 DSA:dsa1024; do
	tool_b identity del bob >/dev/null
	HIT_B=$(add_identity "$B" bob "${kind#*:}-b")
	wait_for 60 r1_ready "$B"
	for key in p256 "${kind#*:}"; do
		responder "${kind%:*} Responder to $key" "$key" "$OA6" "$OB6"
		initiator "${kind%:*} Initiator to $key" "$key" "$OA6" "$OB6"
	done
done

test_end
