#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What is on the wire, octet for octet: exchanges of either kind of identity
# over IPv6 and IPv4 with data through each ESP suite, CLOSE and NOTIFY are
# captured, and verified against the RFCs by verify_capture.py and by tshark.

# shellcheck disable=SC2119,SC2317 # no options; functions called by name
# shellcheck source-path=SCRIPTDIR source=wire_lib.bash
. "$(dirname "$0")/wire_lib.bash"

require ip ping jq tcpdump nc
require_python

# exchange NAME ESP_SUITE LOCATOR_FAMILY: with data, CLOSE, and its keys
exchange()
{
	local name=$1 suite=$2

	map_peers "$3"
	close_assocs
	tool_a config set esp-suites "$suite"
	tool_b config set esp-suites "$suite"
	wait_for 30 r1_of "$suite"
	check "$name: ping" ping_ok "$A" "$HIT_B" -c 3 -i 0.2
	check "$name: large ping" ping_ok "$B" "$HIT_A" -s 3000
	check "$name: TCP" transfer
	check "$name: keys" save_keys
	tool_a assoc close "$HIT_B" >/dev/null
	check "$name: CLOSE" wait_for 5 state_is "$B" CLOSED
}

# R1s of the new list are there; the first exchange after it tells
r1_of()
{
	local before after

	before=$(counter "$B" R1Generated)
	sleep 0.3
	after=$(counter "$B" R1Generated)
	[ "$before" = "$after" ] && r1_ready "$B"
}

transfer()
{
	head -c 60000 /dev/urandom >"$TMP/sent"
	in_b timeout 20 nc -6 -l -N "$HIT_B" 5001 </dev/null >"$TMP/got" &
	wait_for 5 listening "$B" 5001
	in_a timeout 20 nc -6 -N -w 5 "$HIT_B" 5001 <"$TMP/sent" || return
	wait $!
	cmp "$TMP/sent" "$TMP/got"
}

save_keys()
{
	tool_a -j assoc keys "$HIT_B" local "$HIT_A" >>"$TMP/keys.json" &&
		tool_a assoc keys "$HIT_B" local "$HIT_A" format wireshark >>"$TMP/esp_sa"
}

# identities KEY_A KEY_B, of data/keys
identities()
{
	close_assocs
	tool_a identity del alice >/dev/null
	tool_b identity del bob >/dev/null
	HIT_A=$(add_identity "$A" alice "$1")
	HIT_B=$(add_identity "$B" bob "$2")
	wait_for 60 r1_ready "$B"
}

setup_hosts || { test_fail "two hosts"; test_end; }
wire=$TMP/wire.pcap
capture_start "$B" b0 "$wire" || skip_all "tcpdump does not start"

exchange "ECDSA, IPv6, suite 13" 13 6
exchange "ECDSA, IPv4, suite 8" 8 4
identities rsa2048-a p384-b
exchange "RSA to ECDSA, IPv6, suite 9" 9 6
identities p384-a rsa2048-b
exchange "ECDSA to RSA, IPv4, suite 13" 13 4
identities secp160r1-a secp160r1-b
exchange "ECDSA_LOW, IPv6, suite 8" 8 6

# a NOTIFY: nothing in common
close_assocs
map_peers 6
tool_a config set esp-suites 8
tool_b config set esp-suites 13
wait_for 30 r1_of 13
ping_ok "$A" "$HIT_B" -W 3 >/dev/null
check_ge "a NOTIFY is sent" "$(counter "$A" NotifySent)" 1

check "capture is complete" capture_stop "$wire"

"$PYTHON" "$SELFTESTS/verify_capture.py" "$wire" --keys "$TMP/keys.json" \
	--want I1,R1,I2,R2,CLOSE,CLOSE_ACK,NOTIFY,ESP >"$TMP/verified"
verified=$?
while read -r line; do
	case $line in
	"ok "*)
		line=${line#ok * }
		if [[ $line = *"# SKIP"* ]]; then
			test_fail "${line%# SKIP*}" "not verified for lack of keys"
		else
			test_pass "$line"
		fi;;
	"not ok "*)
		test_fail "${line#not ok * }" "$(grep -A 5 -F "$line" \
			"$TMP/verified" | sed 1d)";;
	esac
done < <(grep -E '^(not )?ok' "$TMP/verified")
check_eq "verify_capture.py finds nothing wrong" "$verified" 0

# tshark, a dissector by others

if ! command -v tshark >/dev/null; then
	test_skip "tshark" "tshark is not installed"
	test_end
fi

# protocols|packet type|checksum status|what tshark complains about
tshark -r "$wire" -T fields -E separator='|' -e frame.protocols \
	-e hip.packet_type -e hip.checksum.status -e _ws.expert.message \
	-e icmpv6.type >"$TMP/dissected" 2>/dev/null

for kind in 1:I1 2:R1 3:I2 4:R2 17:NOTIFY 18:CLOSE 19:CLOSE_ACK; do
	check_ge "tshark knows ${kind#*:}" \
		"$(cut -d '|' -f 2 "$TMP/dissected" | grep -cx "${kind%:*}")" 1
done
hip=$(grep ':hip' "$TMP/dissected")
check_eq "tshark finds nothing malformed" "$(grep malformed <<<"$hip")" ""
check_eq "tshark finds all checksums right" \
	"$(cut -d '|' -f 3 <<<"$hip" | sort -u)" 1
# tshark 4.0 reads the HOST_ID of HIPv2 as that of HIPv1, whose algorithm was
# the last of four octets, and then warns of this one; see RFC 7401, 5.2.9
check_eq "tshark has no other complaint" "$(cut -d '|' -f 4 <<<"$hip" |
	grep -vx -e "" -e "Unknown algorithm type")" ""
check_eq "nothing but HIP and ESP is on the wire, besides ARP, NDP and MLD" \
	"$(grep -v -e ':hip|' -e ':esp|' -e ':arp|' \
		-e '|1[34][0-9]$' "$TMP/dissected")" ""

# tshark 4.0 can't verify an ICV over 64-bit sequence numbers, but decrypt
decrypt=(-o esp.enable_encryption_decode:TRUE)
while read -r sa; do
	decrypt+=(-o "uat:esp_sa:$sa")
done <"$TMP/esp_sa"
check_eq "tshark decrypts all ESP with the exported keys" \
	"$(tshark -r "$wire" "${decrypt[@]}" -T fields -e frame.protocols \
		-Y esp 2>/dev/null |
		grep -c -e :esp:icmpv6 -e :esp:tcp -e :esp:ipv6.fraghdr)" \
	"$(grep -c ':esp' "$TMP/dissected")"

test_end
