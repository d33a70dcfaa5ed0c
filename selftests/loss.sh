#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The exchange survives the loss of any of its packets, duplication and
# reordering; and gives up, with an error, when nothing comes back.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

require ip ping jq nft tc

# The first N packets of one type are those of the first N times its size: all of
# a type are alike in an exchange between two hosts. TYPE is the third octet of
# the HIP header.
declare -A size
measure()
{
	local ns=$1 type

	shift
	ip netns exec "$ns" nft add table inet lose
	ip netns exec "$ns" nft add chain inet lose out \
		'{ type filter hook output priority 0; }'
	for type in "$@"; do
		ip netns exec "$ns" nft add rule inet lose out \
			meta l4proto 139 @th,16,8 "$type" counter
	done
}

measured()
{
	local ns=$1 type i=0

	shift
	for type in "$@"; do
		size[$type]=$(ip netns exec "$ns" nft -j list table inet lose |
			jq "[.. | .counter? | objects] | .[$i] | .bytes / .packets")
		i=$((i + 1))
	done
	heal "$ns"
}

# lose NS TYPE N: the next N packets of one type that leave NS are lost
lose()
{
	ip netns exec "$1" nft add table inet lose
	ip netns exec "$1" nft add chain inet lose out \
		'{ type filter hook output priority 0; }'
	ip netns exec "$1" nft add rule inet lose out meta l4proto 139 \
		@th,16,8 "$2" quota until $((size[$2] * $3 + 1)) bytes \
		counter drop
}

lost()
{
	ip netns exec "$1" nft -j list table inet lose |
		jq '[.. | .counter? | objects | .packets // 0] | add'
}

heal() { ip netns exec "$1" nft delete table inet lose 2>/dev/null; }

setup_hosts -q || { test_fail "two hosts"; test_end; }
tool_a config set i1-timeout 300 i2-timeout 300
tool_b config set i1-timeout 300 i2-timeout 300

measure "$A" 1 3
measure "$B" 2 4
check "an exchange to see the sizes of the packets" ping_ok "$A" "$HIT_B"
measured "$A" 1 3
measured "$B" 2 4

for case in "$A:1:I1" "$B:2:R1" "$A:3:I2" "$B:4:R2"; do
	IFS=: read -r ns type name <<<"$case"
	for n in 1 2; do
		close_assocs
		lose "$ns" "$type" "$n"
		before=$(counter "$A" Retransmissions)
		check "exchange with the first $n $name lost" ping_ok "$A" "$HIT_B"
		check_eq "$n $name were lost indeed" "$(lost "$ns")" "$n"
		check_ge "and made up for by retransmission" \
			"$(moved "$A" Retransmissions "$before")" "$n"
		heal "$ns"
		check "both established after lost $name" wait_for 5 both_established
	done
done

# a retransmitted I2 does not make a second association or other keys
check_ge "a retransmitted I2 was answered again" \
	"$(counter "$B" I2Retransmitted)" 1

# a bad link: loss, duplicates, reordering
ip netns exec "$A" tc qdisc add dev a0 root netem delay 20ms 15ms \
	loss 20% duplicate 20% reorder 25%
ip netns exec "$B" tc qdisc add dev b0 root netem delay 20ms 15ms \
	loss 20% duplicate 20% reorder 25%
failed=0
for i in 1 2 3 4; do
	close_assocs
	in_a ping -6 -n -c 10 -i 0.5 -W 5 "$HIT_B" >/dev/null 2>&1 &&
		state_is "$A" ESTABLISHED || failed=$((failed + 1))
done
check_eq "exchanges over a lossy, reordering link" "$failed" 0
check_ge "duplicated ESP packets are seen as replays" \
	"$(($(counter "$A" InReplay) + $(counter "$B" InReplay)))" 1
in_a tc qdisc del dev a0 root
in_b tc qdisc del dev b0 root

# nothing comes back at all
close_assocs
# long enough for whoever looks afterwards
tool_a config set retries 3 failed-hold 10000
lose "$B" 2 10
before=$(counter "$A" ExchangesFailed)
check_fails "no answer is an error of the socket" 1 "unreachable" \
	ping_ok "$A" "$HIT_B" -W 20
check_eq "no answer is counted" "$(moved "$A" ExchangesFailed "$before")" 1
check_eq "and the state says so" "$(assoc "$A" state)" E-FAILED
heal "$B"
check "a new try succeeds later" wait_for 20 ping_ok "$A" "$HIT_B" -W 2

test_end
