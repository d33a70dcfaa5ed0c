#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# hip0 as a device: what it takes and what not, what of an inner header is seen
# outside, unusual super-packets, and what a sender is told when a packet can't
# leave or a device is down.

# shellcheck disable=SC2317 # functions called by name
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

require ip ping jq ethtool nft python3 tc tcpdump

# raw NAMESPACE PROTOCOL HEX: a frame on hip0, by a packet socket
raw()
{
	ip netns exec "$1" python3 - "$2" "$3" <<-'PY'
	import socket, sys
	sock = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM)
	sock.sendto(bytes.fromhex(sys.argv[2]), ("hip0", int(sys.argv[1], 0)))
	PY
}

hit_hex()
{
	python3 -c 'import socket, sys
print(socket.inet_pton(socket.AF_INET6, sys.argv[1]).hex())' "$1"
}

# ipv6 SOURCE DESTINATION: an empty IPv6 packet, as digits
ipv6() { echo "6000000000003b40$(hit_hex "$1")$(hit_hex "$2")"; }

# one NAME COUNTER COMMAND...: the command moves A's counter by one
one()
{
	local name=$1 counter=$2 before

	shift 2
	before=$(counter "$A" "$counter")
	"$@" >/dev/null 2>&1
	wait_for 2 moved_by "$A" "$counter" "$before" 1
	check_eq "$name" "$(moved "$A" "$counter" "$before")" 1
}

moved_by() { [ "$(moved "$1" "$2" "$3")" = "$4" ]; }

# outer FILTER COMMAND...: how the outer packets of a command look on A
outer()
{
	local filter=$1 pid

	shift
	# else that of the last time would tell that tcpdump listens
	: >"$TMP/outer.log"
	in_a tcpdump -n -v -i a0 -Q out -c 1 "$filter" >"$TMP/outer" 2>"$TMP/outer.log" &
	pid=$!
	wait_for 10 grep -q "listening on" "$TMP/outer.log"
	"$@" >/dev/null 2>&1
	wait_for 5 test -s "$TMP/outer"
	kill $pid 2>/dev/null
	wait $pid 2>/dev/null
	cat "$TMP/outer"
}

# udp_gso SIZE COUNT: one send of many datagrams, whether all of them arrived
udp_gso()
{
	in_b timeout 20 python3 - "$HIT_B" "$1" "$2" >"$TMP/gso" <<-'PY' &
	import socket, sys
	sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
	sock.bind((sys.argv[1], 5002))
	print("ready", flush=True)
	got = [sock.recv(65536) for _ in range(int(sys.argv[3]))]
	print(all(d == bytes([i]) * int(sys.argv[2]) for i, d in enumerate(got)))
	PY
	wait_for 10 grep -q ready "$TMP/gso"
	in_a python3 - "$HIT_B" "$1" "$2" <<-'PY'
	import socket, sys
	size, count = int(sys.argv[2]), int(sys.argv[3])
	sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
	sock.setsockopt(socket.IPPROTO_UDP, 103, size)      # UDP_SEGMENT
	sock.sendto(b"".join(bytes([i]) * size for i in range(count)),
	            (sys.argv[1], 5002))
	PY
	wait $!
	grep -q True "$TMP/gso"
}

# tcp OPTIONS: 200 kB from A to B, by a socket with options that make its
# super-packets unusual
tcp()
{
	in_b timeout 30 python3 - "$HIT_B" >"$TMP/tcp" <<-'PY' &
	import socket, sys
	sock = socket.create_server((sys.argv[1], 5003), family=socket.AF_INET6)
	print("ready", flush=True)
	conn, _ = sock.accept()
	got = b""
	while chunk := conn.recv(65536):
	    got += chunk
	print(got == bytes(range(250)) * 800)
	PY
	wait_for 10 grep -q ready "$TMP/tcp"
	in_a timeout 30 python3 - "$HIT_B" "$1" <<-'PY'
	import socket, sys
	sock = socket.create_connection((sys.argv[1], 5003))
	if sys.argv[2] == "timestamps":
	    # SO_TIMESTAMPING: when it is given to the device
	    sock.setsockopt(socket.SOL_SOCKET, 37, 1 << 1 | 1 << 4)
	sock.sendall(bytes(range(250)) * 800)
	sock.shutdown(socket.SHUT_WR)
	sock.recv(1)
	PY
	wait $!
	grep -q True "$TMP/tcp"
}

setup_hosts -q || { test_fail "two hosts"; test_end; }

# the device itself
check_eq "ethtool knows the driver" \
	"$(in_a ethtool -i hip0 | awk '/^(driver|bus-info):/ { print $2 }' | xargs)" "hip hip"
check "it has a link" bash -c "ip netns exec $A ethtool hip0 | grep -q 'Link detected: yes'"
check_eq "no link-local address" "$(ip -n "$A" -6 -o addr show dev hip0 scope link)" ""
check_fails "one for each namespace" 2 "already has a hip device: hip0" \
	ip -n "$A" link add hip1 type hip
check_fails "it stays in its namespace" 2 "." ip -n "$A" link set hip0 netns "$B"
check_fails "an MTU below that of IPv6" 2 "." ip -n "$A" link set hip0 mtu 1279
check_fails "an MTU above what ESP can carry" 2 "." ip -n "$A" link set hip0 mtu 65535
check "a smaller MTU" ip -n "$A" link set hip0 mtu 1400
check "an exchange" ping_ok "$A" "$HIT_B"
check "and a packet larger than it" ping_ok "$A" "$HIT_B" -s 1500
ip -n "$A" link set hip0 mtu 1422

# what it does not take
one "IPv4" OutNotHIT raw "$A" 0x0800 4500001400000000400100000a0000010a000002
one "less than an IPv6 header" OutNotHIT raw "$A" 0x86dd 6000000000003b40
ip -n "$A" -6 route add 2001:db8::/64 dev hip0
ip -n "$A" -6 route add 2001:20::/128 dev hip0
one "a destination that is no HIT" OutNotHIT raw "$A" 0x86dd \
	"$(ipv6 "$HIT_A" 2001:db8::1)"
check_fails "a socket is told so" 1 "unreachable" ping_ok "$A" 2001:db8::1 -I "$HIT_A" -W 5
one "a source that is no HIT" OutNotHIT raw "$A" 0x86dd "$(ipv6 fd00::1 "$HIT_B")"
one "a source that is another's HIT" OutUnknownSource raw "$A" 0x86dd \
	"$(ipv6 2001:22::77 2001:22::78)"
before=$(tool_a -j stats show | jq .counters)
for pair in "fe80::1 ff02::1" ":: ff02::1:ff00:1" "$HIT_A fe80::1" "fe80::1 $HIT_B"; do
	# shellcheck disable=SC2086 # two
	raw "$A" 0x86dd "$(ipv6 $pair)"
done
check_eq "what every device is sent moves no counter" \
	"$(tool_a -j stats show | jq .counters)" "$before"

# what the kernel's own ICMPv6 sends is not answered with ICMPv6
one "a Port Unreachable to somebody with a HIT for an address" OutNotHIT \
	in_b python3 - "$OA6" <<-'PY'
	import socket, struct, sys
	src, dst = (socket.inet_pton(socket.AF_INET6, a) for a in ("2001:22::99", sys.argv[1]))
	udp = struct.pack("!HHHH", 9, 9, 8, 0)
	total = sum(struct.unpack("!20H", src + dst + struct.pack("!HH", 8, 17) + udp[:4]))
	total += 8
	total = (total & 0xffff) + (total >> 16)
	total = (total & 0xffff) + (total >> 16)
	udp = udp[:6] + struct.pack("!H", ~total & 0xffff)
	sock = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW)
	sock.sendto(struct.pack("!IHBB", 6 << 28, 8, 17, 64) + src + dst + udp, (sys.argv[1], 0))
	PY

# limits
close_assocs
tool_a config set max-assocs 1
tool_a peer add 2001:22::1 via fd00:a::77
in_a ping -6 -n -c 1 -W 5 "$HIT_B" >/dev/null
before=$(counter "$A" OutAssociationLimit)
check_fails "no more associations than allowed" 1 "unreachable" ping_ok "$A" 2001:22::1 -W 5
check_eq "is counted" "$(moved "$A" OutAssociationLimit "$before")" 1
tool_a config set max-assocs 65536
tool_a peer del 2001:22::1

# what is seen outside; on either family of locators
for family in 6 4; do
	close_assocs
	map_peers $family
	check "an exchange, IPv$family" ping_ok "$A" "$HIT_B"
	case $family in
	6) esp="ip6 proto 50" hops="hlim 33" class="class 0xb8" ;;
	4) esp="ip proto 50" hops="ttl 33" class="tos 0xb8" ;;
	esac
	seen=$(outer "$esp" ping_ok "$A" "$HIT_B" -t 33 -Q 0xb8)
	check "the hop limit goes outside, IPv$family" grep -q "$hops" <<<"$seen"
	check "and the traffic class, IPv$family" grep -q "$class" <<<"$seen"
	in_b python3 - "$HIT_B" >"$TMP/tos" <<-'PY' &
	import socket, struct, sys
	sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
	sock.bind((sys.argv[1], 5004))
	sock.setsockopt(socket.IPPROTO_IPV6, 66, 1)         # IPV6_RECVTCLASS
	sock.setsockopt(socket.IPPROTO_IPV6, 51, 1)         # IPV6_RECVHOPLIMIT
	sock.settimeout(20)
	print("ready", flush=True)
	_, ancillary, _, _ = sock.recvmsg(10, 1000)
	print(sorted(struct.unpack("i", data)[0] for _, _, data in ancillary))
	PY
	reader=$!
	wait_for 10 grep -q ready "$TMP/tos"
	in_a python3 - "$HIT_B" <<-'PY'
	import socket, sys
	sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
	sock.setsockopt(socket.IPPROTO_IPV6, 67, 0x2a)      # IPV6_TCLASS: AF11, ECT(0)
	sock.setsockopt(socket.IPPROTO_IPV6, 16, 44)        # IPV6_UNICAST_HOPS
	sock.sendto(b"x", (sys.argv[1], 5004))
	PY
	wait $reader
	check_eq "and both come out again, IPv$family" "$(tail -n 1 "$TMP/tos")" "[42, 44]"
done
seen=$(outer "ip proto 50" ping_ok "$A" "$HIT_B")
check "DF is set" grep -q "DF" <<<"$seen"
map_peers 6

# super-packets that are not plain TCP
close_assocs
check "an exchange before super-packets" ping_ok "$A" "$HIT_B"
before=$(counter "$A" OutSuperPackets)
check "UDP in one super-packet" udp_gso 1000 20
check_ge "which we have cut" "$(moved "$A" OutSuperPackets "$before")" 1
before=$(counter "$A" OutSuperPackets)
check "TCP that wants to know when it was sent" tcp timestamps
check_ge "in super-packets" "$(moved "$A" OutSuperPackets "$before")" 1
for ns in "$A" "$B"; do ip netns exec "$ns" sysctl -qw net.ipv4.tcp_ecn=1; done
in_a tc qdisc add dev a0 root netem ecn loss 3% 2>/dev/null
check "TCP with ECN, on a link that marks packets" tcp ecn
in_a tc qdisc del dev a0 root 2>/dev/null
check_eq "nothing of it was damaged" "$(counter "$B" InIntegrity)" 0

# a queue on hip0 itself, which takes TCP's packets out of its accounts
in_a tc qdisc add dev hip0 root netem delay 5ms
check "TCP that is delayed on hip0" tcp ecn
in_a tc qdisc del dev hip0 root
check "TCP on hip0 without delay" tcp ecn

# frames of a ring, which belong to somebody else until they are sent
in_b python3 - >"$TMP/frames" <<-'PY' &
	import socket
	sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
	sock.bind(("::", 5006))
	sock.settimeout(10)
	print("ready", flush=True)
	got = 0
	try:
	    while got < 300:
	        data = sock.recv(2000)
	        got += data == data[:4] * (len(data) // 4)
	except socket.timeout:
	    pass
	print(got)
	PY
reader=$!
wait_for 10 grep -q ready "$TMP/frames"
check_eq "all frames of a ring come back" \
	"$(in_a "$SELFTESTS/tx_ring.py" "$HIT_A" "$HIT_B" 5006 300)" 300
wait $reader
check_eq "and what was in them arrives" "$(tail -n 1 "$TMP/frames")" 300

# what the network below says
in_a tc qdisc add dev a0 root netem limit 1 delay 20s
before=$(counter "$A" OutSendError)
in_a ping -6 -n -c 3 -i 0.01 -W 1 "$HIT_B" >/dev/null 2>&1
check_ge "a queue that is full" "$(moved "$A" OutSendError "$before")" 1
in_a tc qdisc del dev a0 root
for family in 6 4; do
	close_assocs
	map_peers $family
	check "an exchange before ICMP, IPv$family" wait_for 5 ping_ok "$A" "$HIT_B" -W 1
	in_b nft -f - <<-RULES
		table inet refuse {
			chain in {
				type filter hook input priority 0;
				meta l4proto 50 reject with icmpx type admin-prohibited
			}
		}
		RULES
	before=$(counter "$A" InPathMTU)
	ping_ok "$A" "$HIT_B" -W 1 >/dev/null 2>&1
	in_b nft delete table inet refuse
	check "an ICMP error that anybody may send changes nothing, IPv$family" \
		ping_ok "$A" "$HIT_B"
	check_eq "but for the path MTU, which this is not about, IPv$family" \
		"$(moved "$A" InPathMTU "$before")" 0
done
map_peers 6
close_assocs
check "an exchange once more" ping_ok "$A" "$HIT_B"

# no way out
ip -n "$A" -6 route add unreachable $OB6/128
before=$(counter "$A" OutNoRoute)
check_fails "no route to the locator" 1 "unreachable" ping_ok "$A" "$HIT_B" -W 5
check_ge "is counted" "$(moved "$A" OutNoRoute "$before")" 1
ip -n "$A" -6 route del unreachable $OB6/128
ip -n "$A" -6 route add $OB6/128 dev hip0
before=$(counter "$A" OutRouteLoop)
ping_ok "$A" "$HIT_B" -W 1 >/dev/null 2>&1
check_ge "a route into hip0 itself" "$(moved "$A" OutRouteLoop "$before")" 1
ip -n "$A" -6 route del $OB6/128 dev hip0
check "and with a route it works" wait_for 5 ping_ok "$A" "$HIT_B" -W 1

# no way in
ip -n "$B" link set hip0 down
before=$(counter "$B" InDeviceDown)
ping_ok "$A" "$HIT_B" -W 1 >/dev/null 2>&1
check_eq "a device that is down" "$(moved "$B" InDeviceDown "$before")" 1
ip -n "$B" link del hip0
before=$(counter "$B" InDeviceDown)
ping_ok "$A" "$HIT_B" -W 1 >/dev/null 2>&1
check_eq "or not there" "$(moved "$B" InDeviceDown "$before")" 1
check "it can be made anew" ip -n "$B" link add hip0 type hip
ip -n "$B" link set hip0 up
ip -n "$B" addr add "$HIT_B/28" dev hip0 nodad
check "and receives" wait_for 5 ping_ok "$A" "$HIT_B" -W 1

test_end
