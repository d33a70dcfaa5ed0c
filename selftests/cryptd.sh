#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A cipher that always completes later: cryptd in front of one. Whatever a packet
# meets after its cipher, it meets in a worker then. It has to be authencesn(), as
# the kernel's own tests of cryptd find it wrong in front of GCM, and warn.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

require ip ping jq tc nc sha256sum
for module in cryptd crypto_user; do modprobe -q $module; done

# crypto_user add|del DRIVER: an instance of a template, by CRYPTO_USER
crypto_user()
{
	python3 - "$@" <<-'PY'
	import errno, os, socket, struct, sys
	NETLINK_CRYPTO, TYPE_AEAD, TYPE_MASK = 21, 3, 15
	kind = {"add": 0x10, "del": 0x11}[sys.argv[1]]
	try:
	    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_CRYPTO)
	except OSError:
	    sys.exit(4)
	alg = struct.pack("64s64s64sIIII", b"", sys.argv[2].encode(), b"",
	                  TYPE_AEAD, TYPE_MASK, 0, 0)
	# a request, to be acknowledged
	sock.send(struct.pack("IHHII", 16 + len(alg), kind, 5, 1, 0) + alg)
	err = -struct.unpack_from("i", sock.recv(65536), 16)[0]
	sys.exit(f"{sys.argv[2]}: {os.strerror(err)}" if err else 0)
	PY
}

driver() { assoc "$1" 'sas[0].driver'; }

# burst NUMBER: UDP as fast as it goes
burst()
{
	in_a python3 - "$HIT_B" "$1" <<-'PY'
	import socket, sys
	sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
	sock.setsockopt(socket.SOL_SOCKET, 32, 1 << 26)     # SO_SNDBUFFORCE
	for _ in range(int(sys.argv[2])):
	    sock.sendto(b"x", (sys.argv[1], 9))
	PY
}

# flight: TCP with so many small segments in its first super-packet that not all
# may be with the cipher
flight()
{
	in_b timeout 60 nc -6 -l -N "$HIT_B" 5001 </dev/null >"$TMP/copy" &
	wait_for 30 listening "$B" 5001
	ip -n "$A" -6 route replace "$HIT_B/128" dev hip0 initcwnd 1000
	in_a sysctl -qw net.ipv4.tcp_min_tso_segs=65535
	in_a timeout 60 python3 - "$HIT_B" <<-'PY'
	import socket, sys
	sock = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
	sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 88)
	sock.connect((sys.argv[1], 5001))
	sock.sendall(bytes(60000))
	sock.shutdown(socket.SHUT_WR)
	sock.recv(1)
	PY
	ip -n "$A" -6 route del "$HIT_B/128" dev hip0
	wait $!
	cmp -n 60000 /dev/zero "$TMP/copy"
}

refused_counted() { [ "$(moved "$B" InIntegrity "$bad")" -gt 0 ]; }

setup_hosts -q || { test_fail "two hosts"; test_end; }
head -c 1000000 /dev/urandom >"$TMP/file"
added=()

# undo: on a real machine others use these ciphers, too
undo()
{
	local name

	for name in "${added[@]}"; do crypto_user del "$name"; done
	cleanup
}
trap undo EXIT

tool_a config set esp-suites 8
tool_b config set esp-suites 8
check "exchange" wait_for 60 ping_ok "$A" "$HIT_B" -W 2
plain=$(driver "$A")
# Those of the processor are handed to cryptd by themselves, when the FPU is busy
if [[ $plain != *aes-generic* ]]; then
	test_skip "cryptd in front of $plain" "async.sh tests that"
	test_end
fi
close_assocs
crypto_user add "cryptd($plain)"
case $? in
0) added+=("cryptd($plain)") ;;
4) skip_all "no CRYPTO_USER in this kernel" ;;
*) test_fail "cryptd in front of $plain"; test_end ;;
esac
check "exchange with cryptd" wait_for 60 ping_ok "$A" "$HIT_B" -W 2
check_eq "it is used" "$(driver "$A")" "cryptd($plain)"

out=$(counter "$A" OutAsync) in=$(counter "$A" InAsync)
check "20 pings" in_a ping -6 -n -q -i 0.02 -c 20 -W 5 "$HIT_B"
check_ge "each was encrypted later" "$(moved "$A" OutAsync "$out")" 20
check_ge "and each answer decrypted" "$(moved "$A" InAsync "$in")" 20
check "a large ping" ping_ok "$A" "$HIT_B" -s 8000
check "TCP A to B" tcp_through "$A" "$B" "$HIT_B"
check "TCP B to A" tcp_through "$B" "$A" "$HIT_A"
check_eq "nothing was damaged" "$(counter "$A" InIntegrity)$(counter "$B" InIntegrity)" 00

bad=$(counter "$B" InIntegrity)
in_a tc qdisc add dev a0 root netem corrupt 100%
burst 50
check "what is damaged is refused later" wait_for 30 refused_counted
in_a tc qdisc del dev a0 root
check "a ping after that" wait_for 30 ping_ok "$A" "$HIT_B" -W 1

# 256 packets of an SA may be with the cipher
check "TCP with more segments than may be with the cipher" flight
check_ge "the others were counted" "$(counter "$A" OutAsyncLimit)" 1
check "and then it goes on" wait_for 30 ping_ok "$A" "$HIT_B" -W 1

# IPv4
close_assocs
map_peers 4
check "exchange over IPv4" wait_for 60 ping_ok "$A" "$HIT_B" -W 2
check "TCP over IPv4" tcp_through "$A" "$B" "$HIT_B"

# the associations end while packets are with the cipher
burst 500
check "an association ends under load" tool_a assoc close all force
burst 500
for ns in "$A" "$B"; do stop_helper "$ns"; done
check "a namespace ends under load" ip netns del "$A"
namespaces=("$B")
check "rmmod" unload_module
load_module
test_end
