#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Everything that is created is destroyed: namespaces and the module go away
# under traffic and in mid-exchange, and 200 exchanges leave no memory behind.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

require ip ping jq iperf3

refs() { awk '$1 == "hip" { print $3 }' /proc/modules; }

# slab_kb: what the kernel says of all unreclaimable slabs
slab_kb() { awk '$1 == "SUnreclaim:" { print $2 }' /proc/meminfo; }

# n_percpu: how many areas there are that each processor has its own of, at which
# kmemleak does not look
PERCPU=/sys/kernel/debug/percpu_stats
n_percpu() { sed -n 's/^ *nr_cur_alloc *: *//p' $PERCPU 2>/dev/null; }

settle()
{
	sync
	echo 3 >/proc/sys/vm/drop_caches
	sleep 1
}

flood()
{
	in_b timeout 60 iperf3 -s -B "$HIT_B" >/dev/null 2>&1 &
	sleep 0.5
	in_a timeout 30 iperf3 -c "$HIT_B" -t 20 >/dev/null 2>&1 &
	in_a timeout 30 ping -6 -q -i 0.01 "$HIT_B" >/dev/null 2>&1 &
	wait_for 10 traffic_flows
}

traffic_flows() { [ "$("$HIPTOOL" -n "$A" -j assoc show |
	jq '.[0].sas[] | select(.direction == "out") | .packets')" -gt 100 ]; }

forget_hosts()
{
	local ns

	for ns in "$A" "$B"; do
		kill "${helper_pid[$ns]}" 2>/dev/null
		ip netns pids "$ns" | xargs -r kill -9 2>/dev/null
		ip netns del "$ns" 2>/dev/null
		rm -rf "${TMP:?}/$ns"
	done
	wait 2>/dev/null
	namespaces=()
	helpers=()
}

# 200 exchanges and closes
setup_hosts -q || { test_fail "two hosts"; test_end; }
tool_a config set msl 100 ual 60000
tool_b config set msl 100 ual 60000
rounds=${HIP_CYCLES:-200}
cycle()
{
	ping_ok "$A" "$HIT_B" -W 5 >/dev/null || return
	tool_a assoc close all force >/dev/null
	tool_b assoc close all force >/dev/null
}
for i in 1 2 3 4 5; do cycle; done
settle
slab_before=$(slab_kb)
percpu_before=$(n_percpu)
done_rounds=0
for ((i = 0; i < rounds; i++)); do
	cycle && done_rounds=$((done_rounds + 1))
done
check_eq "$rounds exchanges and closes" "$done_rounds" "$rounds"
settle
slab_after=$(slab_kb)
growth=$((slab_after - slab_before))
name="memory is back: slab grew by $growth kB over $rounds rounds"
# 3 kB a round would be an association; KASAN keeps freed memory back, megabytes
# of it that come and go, and kmemleak looks at the end of the run instead
if grep -q " kasan_report\$" /proc/kallsyms; then
	test_skip "$name" "KASAN has its quarantine, kmemleak looks for leaks"
elif [ "$rounds" -ge 100 ]; then
	check "$name" test "$growth" -lt 320
fi
name="per-CPU areas are as many as before"
if [ -n "$percpu_before" ]; then
	check_eq "$name" "$(n_percpu)" "$percpu_before"
else
	test_skip "$name" "no $PERCPU"
fi
check_eq "no association is left" "$(n_assocs "$A")$(n_assocs "$B")" 00

# a namespace ends under traffic
check "traffic" flood
ip netns pids "$A" | xargs -r kill -9 2>/dev/null
ip netns del "$A"
check "a namespace ends under traffic, the other lives" tool_b stats show
forget_hosts

# hip0 is deleted under traffic
setup_hosts -q || test_fail "two hosts, again"
check "traffic, again" flood
check "hip0 is deleted under traffic" ip -n "$A" link del hip0
check "and the association is still known or gone, but not in the way" \
	tool_a assoc show
forget_hosts

# in mid-exchange: nobody answers, the I1 is being retransmitted
setup_hosts -q || test_fail "two hosts, a third time"
ip -n "$B" link set b0 down
in_a timeout 5 ping -6 -q -c 3 "$HIT_B" >/dev/null 2>&1 &
check "an exchange is under way" wait_for 5 state_is "$A" I1-SENT
forget_hosts
check "both namespaces end in mid-exchange" true

# the module goes away under traffic: namespaces stay
setup_hosts -q || test_fail "two hosts, a fourth time"
check "traffic, a third time" flood
kept=$(find "$TMP/$A" "$TMP/$B" -mindepth 1 -printf "%P " | sort)
for ns in "$A" "$B"; do stop_helper "$ns" KILL; done
check "rmmod under traffic" unload_module
check_eq "hipd has kept keys and nothing else" "$kept" "alice.pem bob.pem "
load_module
check_eq "a new insmod knows of no association" "$(n_assocs "$A")$(n_assocs "$B")" 00
unload_module
check "nothing of it is left in /proc/modules" bash -c "! grep -q '^hip ' /proc/modules"
check_eq "hip0 is gone with it" "$(ip -n "$A" -j link show dev hip0 2>/dev/null)" ""
forget_hosts

# and in mid-exchange, with requests waiting for hipd
load_module
setup_hosts -q || test_fail "two hosts after a new insmod"
stop_helper "$A"
HIPD_TEST_DELAY_MS=60000 start_helper "$A"
in_a timeout 10 ping -6 -q -c 5 "$HIT_B" >/dev/null 2>&1 &
sleep 2
check_ge "a request waits for the helper" "$(gauge "$A" UpcallsPending)" 1
stop_helper "$A" KILL
check "rmmod in mid-exchange" unload_module
forget_hosts

rounds=0
for i in 1 2 3 4 5; do
	load_module || break
	unload_module || break
	rounds=$i
done
check_eq "insmod and rmmod, five times" "$rounds" 5
load_module
test_end
