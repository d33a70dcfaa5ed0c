#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A helper that answers late, twice, wrongly, or never. The kernel believes what
# hipd says of keys and signatures, as it must, but nothing else: each misdeed is
# counted, the exchange ends one way or the other, and with an honest helper the
# next one works.

# shellcheck disable=SC2119 # no options
# shellcheck source-path=SCRIPTDIR source=wire_lib.bash
. "$(dirname "$0")/wire_lib.bash"

require ip ping jq
require_python
"$PYTHON" -c "import yaml" 2>/dev/null || skip_all "python3-yaml is not installed"

hostile_start()
{
	coproc HOSTILE { "$PYTHON" "$SELFTESTS/hostile_hipd.py" \
		--host A "$A" "$TMP/$A" --host B "$B" "$TMP/$B" \
		2>"$TMP/hostile.err"; }
	helper_pid[hostile]=$HOSTILE_PID
	helpers+=("$HOSTILE_PID")
	read -r -t 60 said <&"${HOSTILE[0]}"
}

# hostile COMMAND...: what it says in $said
hostile()
{
	said="no answer"
	echo "$*" >&"${HOSTILE[1]}" && read -r -t 60 said <&"${HOSTILE[0]}"
}

# reported FIELD: of the last report
reported()
{
	local word

	for word in $said "$1=0"; do
		[[ $word != "$1="* ]] || { echo "${word#*=}"; return; }
	done
}

# get HOST:COUNTER: as counter and gauge, but many times as fast
get()
{
	hostile "${1%%:*} get ${1#*:}"
	echo "$said"
}

# attempt: A pings B once, from scratch
attempt()
{
	hostile A forget
	hostile B forget
	if ping_ok "$A" "$HIT_B" -W 5 >/dev/null 2>&1; then
		outcome=works
	else
		outcome=fails
	fi
}

settled()
{
	[ "$(get A:HalfOpen) $(get A:UpcallsPending) $(get B:UpcallsPending)" = \
		"0 0 0" ]
}

# recovers: what happened before is not in the way
recovers()
{
	wait_for 10 settled || { echo "not settled"; tool_a stats show; return 1; }
	attempt
	[ $outcome = works ]
}

# misdeed NAME "MISDEED [TYPE]..." works|fails [HOST:COUNTER]... [=ERROR]...: the
# counters move, the kernel refuses answers with these errors, and then it works
misdeed()
{
	local name=$1 what=$2 want=$3 bad='' item
	local -A was

	shift 3
	kill -0 "${helper_pid[hostile]}" 2>/dev/null || {
		test_fail "hostile_hipd.py is alive" "$(cat "$TMP/hostile.err")"
		test_end
	}
	for item in "$@"; do
		[[ $item != ?:* ]] || was[$item]=$(get "$item")
	done
	hostile A report
	hostile "A $what"
	# what fails need not take long
	[ "$want" = works ] || hostile A set retries 1
	attempt
	[ $outcome = "$want" ] || bad+="the exchange $outcome; "
	# an answer that is late on purpose comes now
	for item in "$@"; do
		[[ $item != ?:* ]] || wait_for 3 grown "$item" "${was[$item]}" ||
			bad+="$item has not moved; "
	done
	hostile A honest
	hostile A report
	[ "$(reported misdeeds)" -gt 0 ] || bad+="nothing was done wrong; "
	[ "$(reported speechless)" = 0 ] || bad+="a refusal without a reason; "
	for item in "$@"; do
		[[ $item != =* ]] || [ "$(reported "${item#=}")" -gt 0 ] ||
			bad+="no ${item#=}; "
	done
	if [ -n "$bad" ]; then
		test_fail "$name" "$bad" "$said" "$(tool_a stats show nonzero)"
	else
		test_pass "$name: the exchange $outcome"
	fi
	[ "$want" != works ] || return
	hostile A set retries 5
	recovers >"$TMP/recovers" 2>&1 || test_fail "$name: an exchange afterwards" \
		"$(cat "$TMP/recovers")"
}

grown() { [ "$(get "$1")" -gt "$2" ]; }
pending() { [ "$(get A:UpcallsPending)" -gt 0 ]; }

setup_hosts -q || { test_fail "two hosts"; test_end; }
stop_helper "$A"
tool_a config set upcall-timeout 500 i1-timeout 700 i2-timeout 700 failed-hold 0
hostile_start || { test_fail "hostile_hipd.py" "$(cat "$TMP/hostile.err")"; test_end; }
hostile A open
check "with an honest helper an exchange works" recovers

# ---- time, and whose request it is
for type in verify dh-generate sign; do
	misdeed "no answer to $type" "never $type" fails A:UpcallTimeout
done
misdeed "late answers" "late verify" fails A:UpcallTimeout A:UpcallLateReply \
	=ENOENT
misdeed "every answer twice" twice works A:UpcallLateReply =ENOENT
misdeed "answers to nothing" wrongid works A:UpcallLateReply =ENOENT
misdeed "answers from another socket" wrongsocket works =EPERM
misdeed "answers from another namespace" wrongnamespace works =ENOENT
misdeed "a helper that dies with each request" die works A:UpcallRequeued

# ---- sizes and contents
for what in size-0:dh-generate size-less:dh-generate size-more:dh-generate \
	size-64k:dh-generate size-more:dh-derive \
	size-0:sign size-over:sign othertype:dh-generate \
	noresult:dh-derive; do
	misdeed "$what" "${what%%:*} ${what#*:}" fails A:UpcallBadReply =EINVAL
done
misdeed "no status" nostatus works =EINVAL
misdeed "a status that there is not" status-7 works =ERANGE
misdeed "another one" status-255 works =ERANGE
misdeed "more than is asked" "othertype verify" works
for what in 1:sign 4:verify 5:dh-generate 6:sign; do
	misdeed "status ${what%:*} for ${what#*:}" \
		"status-${what%:*} ${what#*:}" fails A:UpcallFailed
done
misdeed "status 2 for verify" "status-2 verify" fails A:SignatureWrong
misdeed "status 3 for dh-derive" "status-3 dh-derive" fails A:DHPublicValueBad

for what in status-2 noresult othertype; do
	hostile A $what identity
	check_fails "a new identity, $what" 2 "hipd could not read the key" \
		tool_a identity add alice
done
hostile A honest

# ---- arithmetic: the peer notices
misdeed "a public value that is not on the curve" "point-off dh-generate" fails \
	B:DHPublicValueBad
misdeed "a public value of zeros" "point-zero dh-generate" fails \
	B:DHPublicValueBad
misdeed "a shared secret of zeros" "zeros dh-derive" fails B:MACWrong
misdeed "a signature of garbage" "garbage sign" fails B:SignatureWrong
misdeed "the longest signature" "size-max sign" fails B:SignatureWrong

# ---- who trusts whom: the kernel believes its helper, so signatures are worth
# as much as the helper is
stop_helper "$B"
hostile B open
hostile B garbage sign
before=$(counter "$A" SignatureWrong)
attempt
check_eq "an honest helper finds the peer's bad signature" \
	"$outcome $(($(moved "$A" SignatureWrong "$before") > 0))" "fails 1"
hostile A yes verify
attempt
check_eq "one that says yes to everything is believed" "$outcome" works
hostile A honest
hostile B honest
check "then all is well" recovers
hostile B close
start_helper "$B"

# ---- quantity
before=$(counter "$A" UpcallLateReply)
hostile A report
hostile A flood 1000
check_eq "1000 answers to nothing" "$(moved "$A" UpcallLateReply "$before")" 1000
hostile A report
check_eq "are all refused" "$(reported ENOENT) $(reported ok)" "1000 0"
check "then all is well" recovers

# ---- more than one helper
start_helper "$A"
for i in 1 2 3; do
	attempt
	check_eq "two helpers, exchange $i" "$outcome" works
done
hostile A never
check "one of two does nothing: the other one does it" \
	wait_for 30 ping_ok "$A" "$HIT_B" -W 2
stop_helper "$A"

# ---- it goes away while exchanges wait
tool_a config set upcall-timeout 20000
close_assocs
before=$(counter "$A" UpcallRequeued)
in_a ping -6 -n -c 60 -i 0.5 -W 1 "$HIT_B" >"$TMP/ping" 2>&1 &
ping_pid=$!
check "an exchange waits" wait_for 10 pending
hostile A close
start_helper "$A"
check "hipd takes over" wait_for 20 both_established
check_ge "what was requested before" "$(moved "$A" UpcallRequeued "$before")" 1
wait_for 10 grep -q "bytes from" "$TMP/ping"
kill -INT $ping_pid
wait $ping_pid
check "pings came through" grep -q "bytes from" "$TMP/ping"
check "with hipd all is well" recovers

# ---- and so does all the rest
stop_helper "$A"
hostile A open
hostile A never
close_assocs
in_a ping -6 -n -c 20 -W 1 "$HIT_B" >/dev/null 2>&1 &
check "an exchange waits again" wait_for 10 pending
stop_helper hostile KILL
stop_helper "$B" KILL
for ns in "$A" "$B"; do
	ip netns pids "$ns" | xargs -r kill -9
	check "$ns ends" ip netns del "$ns"
done
namespaces=()
check "rmmod" unload_module
load_module
test_end
