#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The flows of one association are received on several CPUs, each in its order. The
# receiving device spreads packets by addresses and flow label (RPS), and all that an
# ESP packet shows of its flow is its flow label.

# shellcheck disable=SC2317 # functions called by name
# shellcheck source-path=SCRIPTDIR source=wire_lib.bash
. "$(dirname "$0")/wire_lib.bash"

require ip ping jq taskset tcpdump
[ "$(nproc)" -ge 2 ] || skip_all "there is only one CPU"

# Less than what may wait for a CPU, net.core.netdev_max_backlog
FLOWS=32 PACKETS=25

# What each CPU took from its backlog
processed()
{
	local first _

	while read -r first _; do
		echo $((16#$first))
	done </proc/net/softnet_stat
}

# spread: all flows at once, from one CPU of the sender; the receiver's words in $TMP/got
spread()
{
	local receiver

	ip netns exec "$B" "$PYTHON" "$SELFTESTS/spread.py" receive "$HIT_B" \
		"$HIT_A" "$FLOWS" "$PACKETS" >"$TMP/got" 2>"$TMP/spread.err" &
	receiver=$!
	wait_for 30 grep -q ready "$TMP/got" &&
		in_a taskset -c 0 "$PYTHON" "$SELFTESTS/spread.py" send "$HIT_A" \
			"$HIT_B" "$FLOWS" "$PACKETS" 2>>"$TMP/spread.err"
	wait "$receiver"
}

got() { sed 1d "$TMP/got" | jq -r ".$1"; }

# Of the ESP packets in a capture; a veth hands the flow's hash over with the packet, so
# RPS here would not notice a wrong label
labels()
{
	tcpdump -n -v -r "$1" "src $OA6 and ip6 proto 50" 2>/dev/null |
		grep -o "flowlabel 0x[0-9a-f]*" | sort -u | wc -l
}

# check_spread NAME
check_spread()
{
	local before after counters cpu

	capture_start "$A" a0 "$TMP/wire"
	mapfile -t before < <(processed)
	counters=$(snapshot "$B")
	check "$1: sent and received" spread
	mapfile -t after < <(processed)
	# it may lack some of a flow's packets, which are sent in turns
	capture_stop "$TMP/wire" >/dev/null
	check_eq "$1: one flow label for each flow" "$(labels "$TMP/wire")" $FLOWS
	check_eq "$1: nothing is lost" "$(got lost)" 0
	check_eq "$1: each flow is in order" "$(got late)" 0
	check_eq "$1: each flow stays on its CPU" "$(got moved)" 0
	check_ge "$1: flows on how many CPUs" "$(got 'flows | length')" 2
	for cpu in 0 1; do
		check_ge "$1: packets on CPU $cpu" \
			$((after[cpu] - before[cpu])) $PACKETS
	done
	check_eq "$1: nothing else happened" \
		"$(changes "$counters" "$(snapshot "$B")")" ""
}

setup_hosts -q || { test_fail "two hosts"; test_end; }
check "an exchange" ping_ok "$A" "$HIT_B"
# Debian's kernels and our debug ones with several CPUs all have it: CONFIG_RPS
in_b bash -c "mount -t sysfs sysfs /sys 2>/dev/null
	echo 3 >/sys/class/net/b0/queues/rx-0/rps_cpus" 2>/dev/null ||
	skip_all "no RPS in this kernel"

check_spread "sockets with flow labels"
in_a sysctl -qw net.ipv6.auto_flowlabels=0
check_spread "sockets without"
test_end
