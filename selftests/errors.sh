#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What a socket sees when there is no way to the peer: a fitting error,
# promptly; a counter moves; and `hiptool monitor` says why.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

require ip ping jq

NOBODY=2001:22:1111:2222:3333:4444:5555:6666

setup_hosts -q || { test_fail "two hosts"; test_end; }

"$HIPTOOL" -n "$A" -j monitor >"$TMP/events" 2>"$TMP/events.err" &
monitor=$!
sleep 1

# connect_errno HIT: what connect() of a TCP socket in A says
connect_errno()
{
	in_a python3 - "$1" <<-'PY'
	import errno, socket, sys
	s = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
	s.settimeout(30)
	try:
	    s.connect((sys.argv[1], 5001))
	    print("connected")
	except socket.timeout:
	    print("timeout")
	except OSError as e:
	    print(errno.errorcode[e.errno])
	PY
}

event_says()
{
	jq -es --arg r "$1" 'any(.[]; .reason == $r)' "$TMP/events"
}

before=$(counter "$A" OutNoMapping)
check_eq "connect() to an unknown peer" "$(connect_errno $NOBODY)" EHOSTUNREACH
check_ge "is counted" "$(moved "$A" OutNoMapping "$before")" 1
check "and the monitor says why" wait_for 5 event_says no-mapping
check "no association is left behind" \
	wait_for 10 gauge_is "$A" Associations 0
check_fails "ping to an unknown peer" 1 "Address unreachable" \
	ping_ok "$A" $NOBODY

# the peer is not there
tool_a peer add $NOBODY via fd00:a::99
tool_a config set i1-timeout 200 retries 3
check_eq "connect() to a peer that does not answer" \
	"$(connect_errno $NOBODY)" EHOSTUNREACH
check "the monitor says why" wait_for 5 event_says no-answer
tool_a peer del $NOBODY
tool_a config set i1-timeout 1000 retries 5

# the peer is somebody else
close_assocs
tool_a peer add $NOBODY via "$OB6"
tool_a config set i1-timeout 200 retries 3
check_eq "connect() to a peer that is not that one" \
	"$(connect_errno $NOBODY)" EHOSTUNREACH
check_ge "the other side counts it" "$(counter "$B" CtrlUnknownReceiver)" 1
tool_a peer del $NOBODY
tool_a config set i1-timeout 1000 retries 5

# no helper
stop_helper "$A"
before=$(counter "$A" UpcallNoHelper)
check_eq "connect() without a helper" "$(connect_errno "$HIT_B")" EHOSTUNREACH
check "the monitor says why" wait_for 5 event_says no-helper
check_ge "no helper is counted" "$(moved "$A" UpcallNoHelper "$before")" 1
start_helper "$A"
check "with the helper back it works" wait_for 20 ping_ok "$A" "$HIT_B" -W 2
close_assocs

# a firewall that refuses HIP
in_b nft -f - <<-RULES
	table inet refuse {
		chain in {
			type filter hook input priority 0;
			meta l4proto 139 reject with icmpx type admin-prohibited
		}
	}
	RULES
tool_a config set i1-timeout 200 retries 3
check_eq "connect() to a peer that refuses" "$(connect_errno "$HIT_B")" EACCES
check "the monitor says why" wait_for 5 event_says refused
in_b nft delete table inet refuse
tool_a config set i1-timeout 1000 retries 5
check "and without the firewall it works" wait_for 20 ping_ok "$A" "$HIT_B" -W 2

# unanswered N HIT: how many of N datagrams, each after the error of the one before,
# got none
unanswered()
{
	in_a python3 - "$@" <<-'PY'
	import socket, sys
	IPV6_RECVERR = 25
	missed = 0
	for _ in range(int(sys.argv[1])):
	    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as s:
	        s.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVERR, 1)
	        s.settimeout(1)
	        s.connect((sys.argv[2], 5001))
	        s.send(b"anybody?")
	        try:
	            s.recv(1)
	        except socket.timeout:
	            missed += 1
	        except OSError:
	            pass
	print(missed)
	PY
}

# the end of an association meets data for it; somebody else keeps the CPU, so that
# workers are late
tool_a config set failed-hold 10
before=$(counter "$A" ExchangesFailed)
(while :; do :; done) &
busy=$!
# The kernel has a limit of its own for ICMP; what is lost with associations is ten
# times as much
sysctl -qw net.ipv4.icmp_msgs_per_sec=1000000 net.ipv4.icmp_msgs_burst=10000
check_ge "datagrams get their errors" 5 "$(unanswered 3000 $NOBODY)"
sysctl -qw net.ipv4.icmp_msgs_per_sec=1000 net.ipv4.icmp_msgs_burst=50
kill $busy
echo "# $(moved "$A" ExchangesFailed "$before") associations came and went"
tool_a config set failed-hold 2000

# a source that is no identity of ours
ip -n "$A" addr add 2001:22:dead::1/128 dev hip0 nodad
before=$(counter "$A" OutUnknownSource)
check_fails "a source that is no identity" 1 "unreachable|prohibited|denied" \
	ping_ok "$A" "$HIT_B" -I 2001:22:dead::1 -W 2
check_ge "is counted" "$(moved "$A" OutUnknownSource "$before")" 1

kill $monitor 2>/dev/null
check_eq "the monitor had no complaints" "$(cat "$TMP/events.err")" ""
test_end
