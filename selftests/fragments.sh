#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Control packets that are larger than the MTU of the link (RFC 7401, section 5.1.3):
# RSA keys and a large DH group over IPv6 with its least MTU, and over IPv4 with the
# least that every host takes.

# shellcheck disable=SC2016,SC2119,SC2317 # no options; awk; functions called by name
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

require ip ping jq

# snmp NAMESPACE NAME: a counter of the kernel's IP
snmp()
{
	ip netns exec "$1" awk -v name="$2" '
		FILENAME ~ /snmp6$/ { if ($1 == name) print $2; next }
		$1 != "Ip:" { next }
		!head { split($0, names); head = 1; next }
		{ for (i = 2; i <= NF; i++) if ("Ip" names[i] == name) print $i }
	' /proc/net/snmp6 /proc/net/snmp
}

setup_hosts -n rsa3072-a rsa3072-b || { test_fail "two hosts"; test_end; }
for side in "$A a0" "$B b0"; do
	read -r ns dev <<<"$side"
	"$HIPTOOL" -n "$ns" config set dh-groups 4
	ip -n "$ns" link set "$dev" mtu 1280
done
wait_for 60 r1_ready "$A" && wait_for 60 r1_ready "$B"

# exchange FAMILY MTU: R1 goes from B to A in fragments, I2 from A to B
exchange()
{
	local family=$1 mtu=$2 name="over IPv$1 with an MTU of $2" prefix=Ip6 ns
	local -A cut whole

	[ "$family" = 6 ] || prefix=Ip
	ip -n "$A" link set a0 mtu "$mtu"
	ip -n "$B" link set b0 mtu "$mtu"
	map_peers "$family"
	close_assocs
	for ns in "$A" "$B"; do
		cut[$ns]=$(snmp "$ns" ${prefix}FragCreates)
		whole[$ns]=$(snmp "$ns" ${prefix}ReasmOKs)
	done
	check "an exchange $name" wait_for 30 ping_ok "$A" "$HIT_B" -W 5
	for ns in "$A" "$B"; do
		check_ge "${ns:3:1} has sent fragments $name" \
			$(($(snmp "$ns" ${prefix}FragCreates) - ${cut[$ns]})) 2
		check_ge "${ns:3:1} has put them together $name" \
			$(($(snmp "$ns" ${prefix}ReasmOKs) - ${whole[$ns]})) 1
	done
}

exchange 6 1280
exchange 4 576
test_end
