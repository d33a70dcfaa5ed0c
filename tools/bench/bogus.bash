# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # load and here: those of who sources this
#
# What a packet of a stranger costs the host that it is sent to, for
# tools/bench/guest. Without what it costs to send it, and to receive the answer.

# What each case counts at the Responder, and how many packets there are of it
# besides the first one, which is not measured
declare -A BOGUS_COUNTER=([i1]=R1Sent [i1-again]=CtrlI1Duplicate
	[i1-limited]=CtrlR1RateLimit [i2-solution]=PuzzleWrong [i2-mac]=MACWrong
	[i2-signature]=SignatureWrong)
declare -A BOGUS_PACKETS=([i2-mac]=8 [i2-signature]=8)

SPOOFED=fd00:f::/32	# as in bogus.py

# No limit but the one that a case is about, and no new R1s in the middle of it. Of
# NOTIFYs and ICMP there is one a second: more is no matter of the packets.
bogus_setup()
{
	mode_select bogus "$1"
	setup_hosts -n "$1-a" "$1-b" &&
		tool_b config set dh-groups "$2" puzzle-k 4 puzzle-k-load 0 r1-rate 0 notify-rate 1 \
			r1-lifetime 86400000 max-half-open 1024 &&
		ip -n "$B" -6 route add $SPOOFED via "$OA6" &&
		fix_neighbours && wait_for 120 r1_ready "$B"
}

# bogus_make CURVE DH-GROUP CASE N FILE
bogus_make()
{
	in_a env PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$here/bogus.py" \
		--selftests "$SELFTESTS" --local "$OA6" --peer "$OB6" \
		--hit "$HIT_B" --key "$1" --dh "$2" --number $(($4 + 1)) "$3" "$5"
}

bogus_send() { "$load" packets "$A" "$OA6" "$B" "$OB6" "$1" "${helper_pid[$B]}"; }

# bogus_cost FILE: prints what a packet costs, what hipd has of that, and its octets
bogus_cost()
{
	local all sending helper size

	read -r all helper size < <(bogus_send "$1")
	drop_on "$B" b0
	read -r sending _ _ < <(bogus_send "$1")
	drop_off "$B" b0
	[ -n "$all" ] && [ -n "$sending" ] &&
		echo "$((all - sending)) $helper $size"
}

# bogus_case CURVE DH-GROUP CASE
bogus_case()
{
	local n=${BOGUS_PACKETS[$3]:-256} kind=$3 name=bogus-$3 before moved cost helper size

	[ "$3" != i1-limited ] || kind=i1
	bogus_make "$1" "$2" "$kind" "$n" "$TMP/bogus" || return
	[ "$3" != i1-limited ] || tool_b config set r1-rate 1
	drop_on "$A" a0
	before=$(counter "$B" "${BOGUS_COUNTER[$3]}")
	read -r cost helper size < <(bogus_cost "$TMP/bogus")
	moved=$(($(counter "$B" "${BOGUS_COUNTER[$3]}") - before))
	drop_off "$A" a0
	[ -n "$size" ] || return
	# the first I1, and the first of the others, may have another fate
	[ $moved -ge $((n - 1)) ] ||
		{ echo "$name: ${BOGUS_COUNTER[$3]} moved by $moved" >&2; return 1; }
	say row hip-gcm16 "$name" "$size" 6 instructions "$cost"
	[ "$helper" = 0 ] ||
		say row hip-gcm16 "$name-helper" "$size" 6 instructions "$helper"
}

# measure_bogus CURVE DH-GROUP
measure_bogus()
{
	local name

	bogus_setup "$1" "$2" || return
	# the one with a limit comes last
	for name in i1-again i2-solution i2-mac i2-signature i1 i1-limited; do
		bogus_case "$1" "$2" $name || return
	done
}
