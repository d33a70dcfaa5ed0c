#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The same ESP packet on two CPUs at once. Both may pass the first look at the
# replay window, which takes no lock, before either has been decrypted; it is the
# second, under the lock, that lets only one of them through. Each packet of A is
# mirrored to a second link, and B handles each of its links on a CPU of its own.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

require ip ping jq tc
[ "$(nproc)" -ge 2 ] || skip_all "there is only one CPU"

PINGS=${HIP_PINGS:-500}

# twins: b0 and b1 get the same frames
twins()
{
	link_hosts "$A" a1 fd00:b::1 198.51.100.1 "$B" b1 fd00:b::2 198.51.100.2 &&
		ip -n "$B" link set b1 address \
			"$(ip -n "$B" -j link show b0 | jq -r '.[0].address')" &&
		in_a tc qdisc add dev a0 clsact &&
		in_a tc filter add dev a0 egress matchall \
			action mirred egress mirror dev a1 &&
		steer b0 1 && steer b1 2
}

# steer DEVICE MASK: what it receives is handled on these CPUs
steer()
{
	in_b bash -c "mount -t sysfs sysfs /sys 2>/dev/null
		echo $2 >/sys/class/net/$1/queues/rx-0/rps_cpus"
}

# sa NAMESPACE DIRECTION: packets
sa()
{
	"$HIPTOOL" -n "$1" -j -s assoc show | jq --arg d "$2" \
		'.[0].sas[] | select(.direction == $d) | .packets'
}

same_number() { [ "$(sa "$A" out)" = "$(sa "$B" in)" ]; }

setup_hosts -q || { test_fail "two hosts"; test_end; }
# B's answers come back once: they are not mirrored
check "an exchange" ping_ok "$A" "$HIT_B"
twins || skip_all "no mirror, or no RPS, in this kernel"

replays=$(counter "$B" InReplay)
sent=$(sa "$A" out)
received=$(in_b cat /proc/net/dev | awk '/b1:/ { print $3 }')
in_a ping -6 -n -q -i 0.005 -c "$PINGS" -W 5 "$HIT_B" >"$TMP/pings" 2>&1
sent=$(($(sa "$A" out) - sent))
received=$(($(in_b cat /proc/net/dev | awk '/b1:/ { print $3 }') - received))
check_ge "$PINGS packets left" "$sent" "$PINGS"
check_ge "and came a second time" "$received" "$PINGS"
wait_for 10 same_number
check_eq "each was delivered once" "$(sa "$B" in)" "$(sa "$A" out)"
check_eq "the others were replays" "$(moved "$B" InReplay "$replays")" "$sent"
check_eq "no answer came twice" "$(grep -c duplicates "$TMP/pings")" 0
test_end
