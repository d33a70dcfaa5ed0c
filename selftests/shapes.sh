#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Inner packets of unusual shape: with IPv6 extension headers, and fragments of such;
# links with a large and with the least MTU; and a device whose features are switched
# while a TCP stream runs.

# shellcheck disable=SC2317 # functions called by name
# shellcheck source-path=SCRIPTDIR source=wire_lib.bash
. "$(dirname "$0")/wire_lib.bash"

require ip ping jq nc ethtool

# A datagram of so many octets with Hop-by-Hop and Destination Options, whether it and
# they arrived
EXTENDED='
import socket, sys
hit, size = sys.argv[2], int(sys.argv[3])
# PadN, and an option for experiments that is skipped by who does not know it
HEADERS = {54: b"\0\0\1\4" + bytes(4), 59: b"\0\1\x1e\x0c" + bytes(range(12))}
data = bytes(i % 251 for i in range(size))
sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
if sys.argv[1] == "send":
    for option, header in HEADERS.items():
        sock.setsockopt(socket.IPPROTO_IPV6, option, header)
    sock.sendto(data, (hit, 5006))
else:
    sock.bind((hit, 5006))
    for option in (53, 58):             # IPV6_RECVHOPOPTS, IPV6_RECVDSTOPTS
        sock.setsockopt(socket.IPPROTO_IPV6, option, 1)
    sock.settimeout(30)
    print("ready", flush=True)
    got, ancillary, _, _ = sock.recvmsg(65536, 1000)
    # the first octet is the Next Header
    found = {kind: header[1:] for _, kind, header in ancillary}
    print(got == data and found == {k: h[1:] for k, h in HEADERS.items()}, found)
'

# extended FROM TO HIT OCTETS
extended()
{
	local reader

	ip netns exec "$2" "$PYTHON" -c "$EXTENDED" receive "$3" "$4" >"$TMP/extended" &
	reader=$!
	wait_for 30 grep -q ready "$TMP/extended" &&
		ip netns exec "$1" "$PYTHON" -c "$EXTENDED" send "$3" "$4"
	wait "$reader"
	grep -q True "$TMP/extended" || { cat "$TMP/extended"; false; }
}

# set_mtu LINK HIP0
set_mtu()
{
	ip -n "$A" link set a0 mtu "$1" && ip -n "$B" link set b0 mtu "$1" &&
		ip -n "$A" link set hip0 mtu "$2" && ip -n "$B" link set hip0 mtu "$2"
}

# switching: features of both ends, on and off, until the file is gone
switching()
{
	local feature state

	while [ -e "$TMP/switching" ]; do
		for feature in tso gso gro sg tx-checksum-ip-generic; do
			for state in off on; do
				in_a ethtool -K hip0 $feature $state
				in_b ethtool -K hip0 $feature $state
			done
		done
		echo >>"$TMP/switched"
	done >/dev/null 2>&1
}

setup_hosts -q || { test_fail "two hosts"; test_end; }
head -c 4000000 /dev/urandom >"$TMP/file"

for family in 6 4; do
	close_assocs
	map_peers $family
	check "an exchange, IPv$family" wait_for 20 ping_ok "$A" "$HIT_B" -W 2
	before_a=$(snapshot "$A") before_b=$(snapshot "$B")
	for size in 1 1000 1500 9000; do
		check "$size octets behind extension headers, IPv$family" \
			extended "$A" "$B" "$HIT_B" $size
		check "and back, IPv$family" extended "$B" "$A" "$HIT_A" $size
	done
	check_eq "nothing was dropped, IPv$family" \
		"$(changes "$before_a" "$(snapshot "$A")")|$(changes "$before_b" "$(snapshot "$B")")" "|"
done
map_peers 6
close_assocs

check "jumbo frames" set_mtu 9000 8900
check "an exchange over jumbo frames" wait_for 20 ping_ok "$A" "$HIT_B" -W 2
check "a packet of 8900 octets, undivided" ping_ok "$A" "$HIT_B" -M "do" -s 8852
check_fails "one more is too long" 1 "too long|too large|local error" \
	ping_ok "$A" "$HIT_B" -M "do" -s 8853
check "TCP over jumbo frames" tcp_through "$A" "$B" "$HIT_B"
check "and back" tcp_through "$B" "$A" "$HIT_A"

check "the least MTU" set_mtu 1500 1280
ip -n "$A" -6 route flush cache
ip -n "$B" -6 route flush cache
check "TCP with the least MTU" tcp_through "$A" "$B" "$HIT_B"
check "and back" tcp_through "$B" "$A" "$HIT_A"
check "ping in many fragments" ping_ok "$A" "$HIT_B" -s 20000
set_mtu 1500 1422

touch "$TMP/switching"
: >"$TMP/switched"
switching &
switcher=$!
before=$(counter "$B" InIntegrity)
for i in 1 2 3; do
	check "TCP while features are switched, $i" tcp_through "$A" "$B" "$HIT_B"
	check "and back, $i" tcp_through "$B" "$A" "$HIT_A"
done
rm "$TMP/switching"
wait "$switcher"
check_ge "they were switched so many times" "$(wc -l <"$TMP/switched")" 1
check_eq "nothing was damaged" "$(moved "$B" InIntegrity "$before")" 0
test_end
