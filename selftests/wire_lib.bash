#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# For the tests that look at packets, on top of lib.sh: captures, all counters
# at once, and a HIP host in user space (hippeer.py, malformed.py).

# shellcheck disable=SC2034 # for those who source this
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# the distribution's, which has python3-cryptography
PYTHON=/usr/bin/python3
export PYTHONDONTWRITEBYTECODE=1

require_python()
{
	"$PYTHON" -c "import cryptography" 2>/dev/null ||
		skip_all "python3-cryptography is not installed"
}

# ---- captures --------------------------------------------------------------

# capture_start NAMESPACE DEVICE FILE: each packet is in the file at once, not when
# a block of them is full or old
capture_start()
{
	ip netns exec "$1" tcpdump -q -n -s 0 -B 8192 --immediate-mode -U \
		-i "$2" -w "$3" 2>"$3.log" &
	capture_pid=$!
	wait_for 10 grep -q "listening on" "$3.log"
}

# capture_stop FILE: what has been sent before is in the file afterwards. It is kept in
# the directory HIP_CAPTURES, if that is set.
capture_stop()
{
	local before=-1 now

	now=$(stat -c %s "$1")
	while [ "$before" != "$now" ]; do
		before=$now
		sleep 0.5
		now=$(stat -c %s "$1")
	done
	kill -TERM "$capture_pid"
	wait "$capture_pid" 2>/dev/null
	# the statistics come last
	wait_for 5 grep -q "dropped by kernel" "$1.log"
	grep -q "^0 packets dropped by kernel" "$1.log" ||
		{ cat "$1.log"; return 1; }
	[ -z "${HIP_CAPTURES:-}" ] || cp "$1" "$HIP_CAPTURES/"
}

# ---- counters --------------------------------------------------------------

# snapshot NAMESPACE: all counters and gauges
snapshot() { "$HIPTOOL" -n "$1" -j stats show; }

# changes BEFORE AFTER: "Name=N Name=N", sorted by name, without what moves by
# itself or depends on the memory that a packet happens to be in, and without what
# the kernel says of ESP that is for a host in user space beside it
changes()
{
	jq -rn --argjson a "$1" --argjson b "$2" '
		def numbers: .counters + .gauges | del(.Upcalls, .R1Generated,
			.UpcallsPending, .UpcallListeners, .SAs,
			.R1Generations,
			.OutHeadExpanded, .OutAsync, .InAsync, .InCopied,
			.OutSPIUnknownToPeer);
		($a | numbers) as $a |
		[$b | numbers | to_entries | sort_by(.key)[] |
		 (.value - ($a[.key] // 0)) as $d | select($d != 0) |
		 "\(.key)=\($d)"] | join(" ")'
}

# expect_changes NAME NAMESPACE BEFORE N CHANGES...: since that snapshot these
# counters have moved so, and nothing else has, the number of associations
# included. In CHANGES, N stands for the number given.
expect_changes()
{
	local name=$1 ns=$2 before=$3 n=$4 want got end=$((SECONDS + 5))

	shift 4
	want=$(printf '%s\n' "${@/%=N/=$n}" | LC_ALL=C sort | tr '\n' ' ')
	want=${want% }
	while got=$(changes "$before" "$(snapshot "$ns")")
	      [ "$got" != "$want" ] && [ $SECONDS -lt $end ]; do
		sleep 0.1
	done
	check_eq "$name ($n)" "$got" "$want"
}

# ---- the kernel's log ------------------------------------------------------

log_mark() { log_start=$(dmesg | wc -l); }

# log_since_mark: what HIP may be to blame for
log_since_mark()
{
	dmesg | tail -n "+$((log_start + 1))" |
		grep -v -e "hrtimer: interrupt took" -e "link becomes ready"
}

# ---- a host in user space --------------------------------------------------

# peer_start NAMESPACE: hippeer.py as a co-process, which takes command lines
peer_start()
{
	coproc PEER { ip netns exec "$1" "$PYTHON" "$SELFTESTS/hippeer.py" \
		script 2>"$TMP/peer.err"; }
	helpers+=("$PEER_PID")
}

# peer COMMAND...: begins something; the output goes to $TMP/peer.log
peer()
{
	: >"$TMP/peer.log"
	echo "$*" >&"${PEER[1]}"
}

# peer_says PATTERN: waits for a line, which may be the last one
peer_says()
{
	local line

	while read -r -t 60 line <&"${PEER[0]}"; do
		echo "$line" >>"$TMP/peer.log"
		# shellcheck disable=SC2053 # a pattern
		[[ $line = $1 ]] && return
		[[ $line = done* ]] && return 1
	done
	return 1
}

peer_done() { peer_says "done 0"; }

# mischief_start NAMESPACE ADDRESS PEER_ADDRESS PEER_HIT [PROGRAM [OPTION...]]:
# malformed.py, or one that is like it, as a co-process; its HIT is in HIT_M
mischief_start()
{
	coproc MISCHIEF { ip netns exec "$1" "$PYTHON" \
		"$SELFTESTS/${5:-malformed.py}" --local "$2" --peer "$3" --hit "$4" \
		"${@:6}" 2>"$TMP/mischief.log"; }
	helpers+=("$MISCHIEF_PID")
	local word
	read -r -t 60 word HIT_M <&"${MISCHIEF[0]}" && [ "$word" = hit ]
}

# mischief CASE: the number of packets sent in $sent, or why not in $said
mischief()
{
	local word

	sent=0 said="no answer"
	echo "$1" >&"${MISCHIEF[1]}" &&
		read -r -t 90 word said <&"${MISCHIEF[0]}" || return
	[ "$word" = sent ] && sent=$said
}

# mischief_begin CASE: one of those that go on until mischief_end, which sets $sent
# and $said
mischief_begin() { echo "$1" >&"${MISCHIEF[1]}"; }
mischief_end() { mischief ""; }

# expect CASE CHANGES...: by its packets these counters of B move, see expect_changes;
# $suffix, if set, ends the name
expect()
{
	local name=$1 before

	shift
	before=$(snapshot "$B")
	mischief "$name"
	if [ "$sent" = 0 ]; then
		test_fail "$name${suffix:-}" "could not be sent: $said"
	else
		expect_changes "$name${suffix:-}" "$B" "$before" "$sent" "$@"
	fi
}
