#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The base exchange: identities of either kind against each other, each DH
# group, HIP cipher and ESP suite, over IPv6 and IPv4 locators. For every
# combination: one ping starts it, both ends agree on the parameters, each of
# I1, R1, I2, R2 was sent once, and CLOSE ends it.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

require ip ping jq

# seen: what both ends have counted so far, in one line
seen()
{
	{ tool_a -j stats show; tool_b -j stats show; } | jq -rs '.[0].counters.I1Sent,
		.[1].counters.R1Sent, .[0].counters.I2Sent, .[1].counters.R2Sent' | xargs
}

# exchange NAME FIELD=VALUE...: A pings B from scratch
exchange()
{
	local name=$1 fields out i
	local -a were are

	shift
	close_assocs
	read -ra were <<<"$(seen)"
	if ! out=$(ping_ok "$A" "$HIT_B" 2>&1); then
		test_fail "$name" "$out" "$(tool_a assoc show)" \
			"$(tool_a stats show nonzero)" "B:" "$(tool_b stats show nonzero)"
		return
	fi
	if ! wait_for 5 both_established; then
		test_fail "$name" "not ESTABLISHED on both sides" \
			"A: $(tool_a assoc show)" "B: $(tool_b assoc show)"
		return
	fi
	read -ra are <<<"$(seen)"
	for i in 0 1 2 3; do
		are[i]=$((are[i] - were[i]))
	done
	# one of each packet, and what was agreed upon on either side
	fields=$({ tool_a -j assoc show; tool_b -j assoc show; } |
		jq -rs --args '.[] | .[0] as $assoc | $ARGS.positional[] |
			split("=")[0] | . + "=" + ($assoc[.] | tostring)' "$@")
	check_eq "$name" "$(xargs <<<"${are[*]} $fields")" \
		"$(xargs <<<"1 1 1 1 $* $*")"
}

# configure KEY VALUE...: both ends; new R1s come with the new lists
configure()
{
	local a b

	a=$(r1_counter "$A") b=$(r1_counter "$B")
	tool_a config set "$@" && tool_b config set "$@" || return
	# no old R1 may answer
	wait_for 60 r1_renewed "$A" "$a" && wait_for 60 r1_renewed "$B" "$b"
}

r1_counter() { "$HIPTOOL" -n "$1" -j identity show | jq '.[0].r1_counter'; }
r1_renewed() { [ "$(r1_counter "$1")" -gt "$2" ] && r1_ready "$1"; }

setup_hosts || { test_fail "two hosts"; test_end; }
# a slow machine must not count as a lost packet
tool_a config set i1-timeout 20000 i2-timeout 20000
tool_b config set i1-timeout 20000 i2-timeout 20000

check_eq "HITs have the prefix and suite" \
	"${HIT_A%%:*}:$(cut -d: -f2 <<<"$HIT_A")" "2001:22"

exchange "defaults over IPv6" dh_group=8 esp_suite=13 esn=true \
	hip_cipher=2 rhash_suite=2
check_eq "A is the Initiator" "$(assoc "$A" role) $(assoc "$B" role)" \
	"initiator responder"
echo hello >"$TMP/file"
check "TCP connects through it" tcp_through "$A" "$B" "$HIT_B"

a_closed=$(counter "$B" CloseReceived)
check "hiptool assoc close" tool_a assoc close "$HIT_B"
check "the peer has seen it and has let go" wait_for 5 state_is "$B" CLOSED
check_eq "by one CLOSE" "$(moved "$B" CloseReceived "$a_closed")" 1
check "data after CLOSE starts a new exchange" ping_ok "$A" "$HIT_B"

# numbers as in the RFCs: P-256, P-384, P-521, MODP-3072, MODP-1536, MODP-2048,
# SECP160R1
for group in 7 8 9 4 3 11 10; do
	configure dh-groups $group
	exchange "DH group $group" dh_group=$group
done
# the one that costs least: each configure makes new R1s
configure dh-groups 7

# AES-128-CBC and AES-256-CBC
for cipher in 2 4; do
	configure hip-ciphers $cipher
	exchange "HIP cipher $cipher" hip_cipher=$cipher
done
configure hip-ciphers 2,4

# AES-128-CBC and AES-256-CBC with HMAC-SHA-256, AES-GCM-16; then AES-128-CBC with
# HMAC-SHA-1, AES-CCM-8, AES-CCM-16, AES-GCM-8; NULL, AES-CMAC-96, AES-GMAC
for family in 6 4; do
	map_peers $family
	for suite in 8 9 13 1 10 11 12 7 14 15; do
		what="ESP suite $suite, IPv$family locators"
		configure esp-suites $suite
		exchange "$what" esp_suite=$suite
		check "$what: large packets" ping_ok "$A" "$HIT_B" -s 8000
	done
	check_eq "the locators are IPv$family" "$(assoc "$A" peer_locator)" \
		"$([ $family = 4 ] && echo $OB4 || echo $OB6)"
done
configure esp-suites 13,8,9
map_peers 6

# every kind of identity on either side, against each other
for pair in rsa2048:rsa3072 rsa3072:p384 p256:rsa2048 p384:p256 \
	secp160r1:p256 rsa2048:secp160r1 secp160r1:secp160r1 dsa1024:p256 rsa2048:dsa1024; do
	IFS=: read -r ka kb <<<"$pair"
	close_assocs
	tool_a identity del alice >/dev/null
	tool_b identity del bob >/dev/null
	HIT_A=$(add_identity "$A" alice "$ka-a")
	HIT_B=$(add_identity "$B" bob "$kb-b")
	map_peers 6
	wait_for 60 r1_ready "$B"
	exchange "$ka to $kb"
done

# ESN off for a peer that lacks it, on both sides
close_assocs
tool_a peer replace "$HIT_B" via "$OB6" esn off
tool_b peer replace "$HIT_A" via "$OA6" esn off
exchange "without 64-bit sequence numbers" esn=false
map_peers 6

# SPIs are chosen at random for each exchange, RFC 7402, section 3.2
spis=
for _ in 1 2 3 4; do
	close_assocs
	wait_for 10 ping_ok "$A" "$HIT_B" -W 2
	spis+=$(assoc "$A" "sas[].spi" | tr "\n" " ")
done
different=$(tr ' ' '\n' <<<"${spis% }" | grep -v '^0x000000..$' | sort -u | wc -l)
check_eq "SPIs of four exchanges differ" "$different of $spis" "8 of $spis"

# no suite in common: a NOTIFY says so, and the socket gets an error
close_assocs
tool_a config set i1-timeout 500 i2-timeout 500
tool_a config set esp-suites 8
tool_b config set esp-suites 13
wait_for 60 r1_ready "$B"
before=$(counter "$A" EspTransformNoCommon)
check_fails "no ESP suite in common is an error at once" 1 \
	"Destination unreachable|No route|unreachable" ping_ok "$A" "$HIT_B" -W 5
check_ge "which is counted" "$(moved "$A" EspTransformNoCommon "$before")" 1
check_ge "and told to the peer" "$(counter "$B" NotifyReceived)" 1

test_end
