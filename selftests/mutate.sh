#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Valid packets of every type, spoilt at random, to a host that is in the midst of
# it: with an association that they are about, and as Initiator. No packet gets lost
# uncounted, nothing is left of them, and a real exchange works. What the debug kernel
# thinks of it is the main thing.

# shellcheck disable=SC2119,SC2317 # no options; functions called by name
# shellcheck source-path=SCRIPTDIR source=wire_lib.bash
. "$(dirname "$0")/wire_lib.bash"

require ip ping jq
require_python

SEED=${HIP_SEED:-$((RANDOM << 15 | RANDOM))}
PACKETS=${HIP_MUTATIONS:-20000}
BATCH=500
echo "# HIP_SEED=$SEED HIP_MUTATIONS=$PACKETS"

# What each control packet that arrives is counted as: of these one at least
FATES="I1Received R1Received I2Received R2Received UpdateReceived NotifyReceived
CloseReceived CloseAckReceived CtrlTruncated CtrlBadLength CtrlBadChecksum CtrlBadVersion
CtrlUnknownType CtrlParamOrder CtrlParamDuplicate CtrlParamUnknownCritical
CtrlParamOverrun CtrlParamBadLength CtrlParamBadValue CtrlParamMissing CtrlBadSource
CtrlBadHIT CtrlUnknownReceiver CtrlOpportunisticI1"
# and of these exactly one, if it does not get to hip0
ESP_FATES="InTruncated InReplay InIntegrity InPadding InBadNextHeader InNested InDummy
InUnknownSPI"

# fates NAME...: the sum of these counters of B
fates()
{
	snapshot "$B" | jq --arg names "$*" \
		'[.counters[$names | splits("\\s+")] // 0] | add'
}

hip0_packets() { ip -n "$B" -j -s link show hip0 | jq '.[0].stats64.rx.packets'; }

# live: there is an association, whatever has become of the one before
live()
{
	mischief ping
	[ "$sent" = 1 ] && return
	tool_b assoc close all force >/dev/null 2>&1
	mischief in-established
	[ "$sent" = 1 ]
}

# spoil WHAT PACKETS: in batches, each of which has a seed and an association
spoil()
{
	local what=$1 left=$2 n

	total=0
	while [ "$left" -gt 0 ]; do
		n=$((left < BATCH ? left : BATCH))
		live || { test_fail "an association for $what" "$said"; return 1; }
		seed=$((seed + 1))
		mischief "spoil $what $seed $n"
		[ "$sent" = "$n" ] || { test_fail "batch $seed of $what" "$said"; return 1; }
		total=$((total + n)) left=$((left - n))
	done
}

# answers r1|r2 PACKETS: B begins, and gets these before the right one
answers()
{
	tool_b assoc close all force >/dev/null 2>&1
	seed=$((seed + 1))
	ip netns exec "$B" ping -6 -n -c 1 -W 60 "$HIT_M" >/dev/null 2>&1 &
	mischief "spoil-answers $1 $seed $2"
	[ "$sent" = 1 ] || { test_fail "spoilt ${1^^}s" "$said"; return; }
	check "$2 spoilt ${1^^}s, and the right one works" \
		wait_for 10 state_is "$B" ESTABLISHED
}

setup_hosts -q || { test_fail "two hosts"; test_end; }
tool_b config set puzzle-k 0 r1-rate 0 notify-rate 100 i1-timeout 60000 i2-timeout 60000
mischief_start "$A" "$OA6" "$OB6" "$HIT_B" mutate.py ||
	{ test_fail "mutate.py starts" "$(cat "$TMP/mischief.log")"; test_end; }
tool_b peer replace "$HIT_M" via "$OA6"
log_mark
seed=$SEED

# shellcheck disable=SC2086 # lists
before=$(fates $FATES)
# shellcheck disable=SC2086
spoil control $((PACKETS * 3 / 4)) &&
	check_ge "$total spoilt control packets are all counted" \
		$(($(fates $FATES) - before)) "$total"

live
# shellcheck disable=SC2086
before=$(($(fates $ESP_FATES) + $(hip0_packets)))
if mischief "spoil esp $seed $((PACKETS / 4))"; [ "$sent" = $((PACKETS / 4)) ]; then
	# shellcheck disable=SC2086
	check_eq "$sent spoilt ESP packets have one fate each" \
		$(($(fates $ESP_FATES) + $(hip0_packets) - before)) "$sent"
else
	test_fail "spoilt ESP packets" "$said"
fi

# shellcheck disable=SC2086
before=$(fates $FATES)
# shellcheck disable=SC2086
spoil signed $((PACKETS / 40)) &&
	check_ge "$total packets of a mad peer are all counted" \
		$(($(fates $FATES) - before)) "$total"

answers r1 $((PACKETS / 40))
answers r2 $((PACKETS / 40))
tool_b config set i1-timeout 500 i2-timeout 1000
close_assocs
check "a real exchange works" wait_for 30 ping_ok "$A" "$HIT_B" -W 5
close_assocs
check "no request to hipd is left" wait_for 10 gauge_is "$B" UpcallsPending 0
check "no association" wait_for 10 gauge_is "$B" Associations 0
check "no SA" wait_for 10 gauge_is "$B" SAs 0
check_eq "nothing was logged" "$(log_since_mark)" ""
check_eq "mutate.py had no trouble" "$(cat "$TMP/mischief.log")" ""
test_end
