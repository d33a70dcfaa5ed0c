#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Ordinary programs over ordinary sockets: TCP and UDP of all sizes, GSO and
# checksum offload switched on and off, path MTU, several suites, and files
# sent from the page cache, which must stay as they were.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

require ip ping jq iperf3 nc ethtool sha256sum

SIZE=${HIP_TRANSFER_MB:-8}

# transfer NAME FROM TO HIT [sendfile]: a file crosses unharmed, and is
# unharmed afterwards where it came from
transfer()
{
	local name=$1 from=$2 to=$3 hit=$4 want got p

	want=$(sha256sum <"$TMP/file")
	ip netns exec "$to" timeout 120 nc -6 -l -N "$hit" 5001 \
		</dev/null >"$TMP/copy" &
	p=$!
	wait_for 5 listening "$to" 5001
	if [ "${5:-}" = sendfile ]; then
		ip netns exec "$from" timeout 120 python3 -c '
import socket, sys
s = socket.create_connection((sys.argv[1], 5001))
with open(sys.argv[2], "rb") as f:
    s.sendfile(f)
s.shutdown(socket.SHUT_WR)
while s.recv(4096):
    pass' "$hit" "$TMP/file"
	else
		ip netns exec "$from" timeout 120 nc -6 -N "$hit" 5001 <"$TMP/file"
	fi
	wait $p
	got=$(sha256sum <"$TMP/copy")
	check_eq "$name" "$got" "$want"
	check_eq "$name: the source is as it was" \
		"$(sha256sum <"$TMP/file")" "$want"
}

setup_hosts -q || { test_fail "two hosts"; test_end; }
head -c $((SIZE * 1024 * 1024)) /dev/urandom >"$TMP/file"

# NULL and GMAC neither encrypt nor need to touch the payload
for suite in 13 8 9 7 15; do
	close_assocs
	tool_a config set esp-suites $suite
	tool_b config set esp-suites $suite
	sleep 1
	check "exchange for suite $suite" wait_for 20 ping_ok "$A" "$HIT_B" -W 2
	transfer "TCP A to B, suite $suite" "$A" "$B" "$HIT_B"
	transfer "TCP B to A, suite $suite" "$B" "$A" "$HIT_A"
	transfer "sendfile A to B, suite $suite" "$A" "$B" "$HIT_B" sendfile
done
check_ge "super-packets were segmented by us" \
	"$(counter "$A" OutSuperPackets)" 1

# UDP and ICMP of all sizes around the block sizes and the MTU
bad=0
for size in 0 1 2 3 4 5 6 7 8 13 14 15 16 17 31 32 33 500 1000 1300 1400 \
	1410 1420 1430 1440 1450 1500 2000 4000 9000 30000 65000; do
	ping_ok "$A" "$HIT_B" -s $size -W 5 >/dev/null 2>&1 ||
		{ bad=$((bad + 1)); echo "# ping of $size octets failed"; }
done
check_eq "ping of sizes 0 to 65000" "$bad" 0

in_b iperf3 -s -B "$HIT_B" -D -I "$TMP/iperf.pid"
sleep 1
check "UDP" in_a timeout 60 iperf3 -c "$HIT_B" -u -b 5M -l 1200 -t 2
check "TCP, four streams" in_a timeout 60 iperf3 -c "$HIT_B" -P 4 -n 2M
check "TCP, reverse" in_a timeout 60 iperf3 -c "$HIT_B" -R -n 4M

for feature in tso gso gro tx-checksum-ip-generic sg; do
	in_a ethtool -K hip0 $feature off >/dev/null 2>&1 ||
		{ test_skip "ethtool -K hip0 $feature off" "not switchable"; continue; }
	in_b ethtool -K hip0 $feature off >/dev/null 2>&1
	check "TCP with $feature off" in_a timeout 60 iperf3 -c "$HIT_B" -n 1M
	in_a ethtool -K hip0 $feature on >/dev/null 2>&1
	in_b ethtool -K hip0 $feature on >/dev/null 2>&1
done
check "TCP with GRO on the link" bash -c "
	ip netns exec $A ethtool -K a0 gro on; ip netns exec $B ethtool -K b0 gro on
	ip netns exec $A timeout 60 iperf3 -c $HIT_B -n 4M"

# the kernel's tools see hip0 as any other device
check_ge "ip -s link counts" \
	"$(ip -n "$A" -s -j link show dev hip0 | jq '.[0].stats64.tx.packets')" 100
check_eq "no errors on hip0" \
	"$(ip -n "$A" -s -j link show dev hip0 | jq '.[0].stats64 | .tx.errors + .rx.errors')" 0

# a smaller path: the socket learns it
for mtu in 1400 1300; do
	ip -n "$A" link set a0 mtu $mtu
	ip -n "$B" link set b0 mtu $mtu
	transfer "TCP over a path of $mtu" "$A" "$B" "$HIT_B"
	transfer "TCP back over a path of $mtu" "$B" "$A" "$HIT_A"
	# the first ones teach both ends the MTU
	check "fragments over a path of $mtu" \
		wait_for 10 ping_ok "$A" "$HIT_B" -s 3000 -W 1
done
ip -n "$A" link set a0 mtu 1280
ip -n "$B" link set b0 mtu 1280
# IPv6 wants 1280 octets of hip0, which with ESP are more than this path carries
transfer "TCP over a path of 1280" "$A" "$B" "$HIT_B"
in_a ping -6 -n -M "do" -s 1400 -c 2 -W 1 "$HIT_B" >"$TMP/out" 2>&1
check "a packet too big for the path is told to the sender" \
	grep -qiE "too long|too big" "$TMP/out"

# packets that somebody else still looks at must not be decrypted in place: here
# a mirror that delays its copies
mirror()
{
	ip -n "$B" link add mirror0 type dummy &&
		ip -n "$B" link set mirror0 up &&
		in_b tc qdisc add dev mirror0 root netem delay 100ms limit 10000 &&
		in_b tc qdisc add dev b0 clsact &&
		in_b tc filter add dev b0 ingress matchall \
			action mirred egress mirror dev mirror0
}
if mirror; then
	before=$(counter "$B" InCopied)
	transfer "TCP beside a mirror" "$A" "$B" "$HIT_B"
	check_ge "what is shared was decrypted in memory of our own" \
		"$(moved "$B" InCopied "$before")" 1
	in_b tc qdisc del dev b0 clsact
	ip -n "$B" link del mirror0
else
	test_skip "TCP beside a mirror" "no tc mirred in this kernel"
fi

# a smaller MTU somewhere else on the path: told by ICMP
ip -n "$A" link set a0 mtu 1500
ip -n "$B" link set b0 mtu 1500
R=hipR-$$
add_namespace "$R"
in_a ip link del a0
link_hosts "$A" a0 fd00:1::1 198.51.100.1 "$R" r1 fd00:1::2 198.51.100.2
link_hosts "$R" r2 fd00:2::1 203.0.113.1 "$B" b0 fd00:2::2 203.0.113.2
ip netns exec "$R" sysctl -qw net.ipv6.conf.all.forwarding=1 \
	net.ipv4.ip_forward=1
ip -n "$A" route add fd00:2::/64 via fd00:1::2
ip -n "$B" route add fd00:1::/64 via fd00:2::1
ip -n "$A" route add 203.0.113.0/24 via 198.51.100.2
ip -n "$B" route add 198.51.100.0/24 via 203.0.113.1
ip -n "$R" link set r2 mtu 1350
ip -n "$B" link set b0 mtu 1350
OA6=fd00:1::1 OB6=fd00:2::2 OA4=198.51.100.1 OB4=203.0.113.2
for family in 6 4; do
	close_assocs
	map_peers $family
	# what was learnt before is forgotten
	ip -n "$A" -6 route flush cache
	ip -n "$B" -6 route flush cache
	before=$(counter "$A" InPathMTU)
	check "exchange across a router, IPv$family" \
		wait_for 20 ping_ok "$A" "$HIT_B" -W 2
	transfer "TCP into a narrower path, IPv$family" "$A" "$B" "$HIT_B"
	check_ge "its MTU was learnt from ICMP, IPv$family" \
		"$(moved "$A" InPathMTU "$before")" 1
done

test_end
