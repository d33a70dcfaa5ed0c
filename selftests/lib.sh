#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Helpers of the selftests: TAP output, two hosts in network namespaces,
# waiting without sleeping longer than needed, counters.
#
# A test sources this file, calls setup_hosts, runs checks, and ends with
# test_end. What the helpers start is cleaned up at exit, also after a failure.

KSFT_PASS=0
KSFT_FAIL=1
KSFT_SKIP=4

SELFTESTS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TOP=$(dirname "$SELFTESTS")
TOOLS=${HIP_TOOLS_DIR:-$TOP/build/tools}
HIPTOOL=${HIPTOOL:-$(PATH=$TOOLS:$TOOLS/hiptool:$PATH command -v hiptool)}
HIPD=${HIPD:-$(PATH=$TOOLS:$TOOLS/hipd:$PATH:/usr/sbin command -v hipd)}

# Two hosts, A and B. The names carry the process id, so that tests may run
# side by side on one machine.
A=hipA-$$
B=hipB-$$
OA6=fd00:a::1
OB6=fd00:a::2
OA4=192.0.2.1
OB4=192.0.2.2

TMP=$(mktemp -d "${TMPDIR:-/tmp}/hip-selftest.XXXXXX")
tests_run=0
tests_failed=0
namespaces=()
helpers=()

# ---- TAP ------------------------------------------------------------------

test_pass()
{
	tests_run=$((tests_run + 1))
	echo "ok $tests_run $1"
}

test_fail()
{
	tests_run=$((tests_run + 1))
	tests_failed=$((tests_failed + 1))
	echo "not ok $tests_run $1"
	shift
	[ $# -gt 0 ] && printf '%s\n' "$@" | sed 's/^/#    /'
}

test_skip()
{
	tests_run=$((tests_run + 1))
	echo "ok $tests_run $1 # SKIP ${2:-}"
}

# check NAME COMMAND...: the command succeeds; its output is shown when not
check()
{
	local name=$1 out
	shift
	if out=$("$@" 2>&1); then
		test_pass "$name"
	else
		test_fail "$name" "command: $*" "status: $?" "$out"
	fi
}

# check_fails NAME STATUS PATTERN COMMAND...: it fails, with this status, and
# says what matches the pattern
check_fails()
{
	local name=$1 status=$2 pattern=$3 out rc
	shift 3
	out=$("$@" 2>&1)
	rc=$?
	if [ "$rc" != "$status" ]; then
		test_fail "$name" "command: $*" "status $rc, expected $status" "$out"
	elif ! grep -qE -- "$pattern" <<<"$out"; then
		test_fail "$name" "command: $*" "expected: $pattern" "$out"
	else
		test_pass "$name"
	fi
}

# check_eq NAME ACTUAL EXPECTED
check_eq()
{
	if [ "$2" = "$3" ]; then
		test_pass "$1"
	else
		test_fail "$1" "got: $2" "expected: $3"
	fi
}

# check_ge NAME ACTUAL MINIMUM
check_ge()
{
	if [ -n "$2" ] && [ "$2" -ge "$3" ]; then
		test_pass "$1"
	else
		test_fail "$1" "got: $2" "expected at least: $3"
	fi
}

test_end()
{
	echo "1..$tests_run"
	[ "$tests_run" -gt 0 ] || exit $KSFT_FAIL
	[ "$tests_failed" -eq 0 ] || exit $KSFT_FAIL
	exit $KSFT_PASS
}

skip_all()
{
	echo "1..0 # SKIP $1"
	exit $KSFT_SKIP
}

# ---- waiting --------------------------------------------------------------

# wait_for SECONDS COMMAND...: poll until the command succeeds. The seconds are those
# of a machine with nothing else to do; the limit only ends what hangs, so that four
# times as long is no failure.
wait_for()
{
	local end=$((SECONDS + 4 * $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.1
	done
}

# ---- module and helper ----------------------------------------------------

module_loaded() { grep -q '^hip ' /proc/modules; }

load_module()
{
	local ko

	module_loaded && return 0
	for ko in "${HIP_KO:-}" "$TOP/build/kmod-$(uname -r)/net/hip/hip.ko"; do
		[ -f "$ko" ] || continue
		# what modprobe would have loaded before
		modinfo -F depends "$ko" 2>/dev/null | tr , '\n' |
			while read -r dep; do
				[ -z "$dep" ] || modprobe -q "$dep"
			done
		insmod "$ko" && return 0
	done
	# on a host where it is installed
	modprobe -q hip
}

unload_module() { module_loaded || return 0; rmmod hip; }

require()
{
	local c

	[ "$(id -u)" = 0 ] || skip_all "must be run as root"
	for c in "$@"; do
		command -v "$c" >/dev/null || skip_all "$c is not installed"
	done
	[ -x "$HIPTOOL" ] || skip_all "hiptool not found: run make tools"
	[ -x "$HIPD" ] || skip_all "hipd not found: run make tools"
	load_module || skip_all "hip.ko can't be loaded: run make module"
}

# start_helper NAMESPACE [hipd options]: its pid is in ${helper_pid[NAMESPACE]}
declare -A helper_pid
start_helper()
{
	local ns=$1

	shift
	ip netns exec "$ns" "$HIPD" -d "$TMP/$ns" "$@" >>"$TMP/$ns.hipd.log" 2>&1 &
	helper_pid[$ns]=$!
	helpers+=($!)
	wait_for 15 helper_ready "$ns"
}

helper_ready()
{
	[ "$(gauge "$1" UpcallListeners)" = 1 ]
}

# stop_helper NAMESPACE [SIGNAL]
stop_helper()
{
	kill -"${2:-TERM}" "${helper_pid[$1]}" 2>/dev/null
	wait "${helper_pid[$1]}" 2>/dev/null
}

# ---- hosts ----------------------------------------------------------------

add_namespace()
{
	ip netns add "$1" || return
	namespaces+=("$1")
	ip netns exec "$1" sysctl -qw net.ipv6.conf.all.accept_dad=0 \
		net.ipv6.conf.default.accept_dad=0 \
		net.ipv6.conf.default.router_solicitations=0
	ip -n "$1" link set lo up
	mkdir -m 700 "$TMP/$1"
}

# link_hosts NS1 DEV1 ADDR6 ADDR4 NS2 DEV2 ADDR6 ADDR4: a veth between them
link_hosts()
{
	ip link add "$2" netns "$1" type veth peer name "$6" netns "$5" || return
	ip -n "$1" addr add "$3/64" dev "$2" nodad
	ip -n "$5" addr add "$7/64" dev "$6" nodad
	ip -n "$1" addr add "$4/24" dev "$2"
	ip -n "$5" addr add "$8/24" dev "$6"
	ip -n "$1" link set "$2" up
	ip -n "$5" link set "$6" up
}

# add_identity NAMESPACE NAME KEY: with a key of data/keys, as to make RSA keys
# takes long on slow machines; or "type ecdsa curve p256": with a new one. Prints
# the HIT.
add_identity()
{
	local ns=$1 name=$2

	shift 2
	if [ $# = 1 ]; then
		install -m 600 "$SELFTESTS/data/keys/$1.pem" \
			"$TMP/$ns/$name.pem" || return
	else
		"$HIPTOOL" -n "$ns" identity generate "$name" "$@" \
			dir "$TMP/$ns" >"$TMP/generate" 2>&1 ||
			{ cat "$TMP/generate" >&2; return 1; }
	fi
	"$HIPTOOL" -n "$ns" identity add "$name" >/dev/null && hit_of "$ns" "$name"
}

hit_of()
{
	"$HIPTOOL" -n "$1" -j identity show |
		jq -er --arg n "$2" '.[] | select(.name == $n) | .hit'
}

r1_ready()
{
	"$HIPTOOL" -n "$1" -j identity show |
		jq -e 'all(.[]; .r1_ready == .r1_wanted)'
}

# setup_hosts [-4] [-n] [-q] [KEY_A KEY_B]: two hosts with one identity each (HIT_A,
# HIT_B), a helper each, peers mapped to IPv6 locators, or IPv4 (-4), or not (-n).
# -q: only the DH group that costs least, for tests with many exchanges
setup_hosts()
{
	local family=6 quick=0

	while :; do
		case ${1:-} in
		-4) family=4;;
		-n) family=0;;
		-q) quick=1;;
		*) break;;
		esac
		shift
	done
	add_namespace "$A" && add_namespace "$B" || return
	link_hosts "$A" a0 "$OA6" "$OA4" "$B" b0 "$OB6" "$OB4" || return
	start_helper "$A" && start_helper "$B" || return
	if [ $quick = 1 ]; then
		tool_a config set dh-groups 7 && tool_b config set dh-groups 7 ||
			return
	fi
	# no new R1s in the middle of what counts requests to hipd
	tool_a config set r1-reuse 86400000 && tool_b config set r1-reuse 86400000 ||
		return
	HIT_A=$(add_identity "$A" alice "${1:-p256-a}") || return
	HIT_B=$(add_identity "$B" bob "${2:-p256-b}") || return
	[ $family = 0 ] || map_peers $family || return
	wait_for 60 r1_ready "$A" && wait_for 60 r1_ready "$B"
}

# map_peers 4|6: each side knows where the other is
map_peers()
{
	local la=$OA6 lb=$OB6

	[ "$1" = 4 ] && la=$OA4 && lb=$OB4
	"$HIPTOOL" -n "$A" peer replace "$HIT_B" via "$lb" &&
		"$HIPTOOL" -n "$B" peer replace "$HIT_A" via "$la"
}

in_a() { ip netns exec "$A" "$@"; }
in_b() { ip netns exec "$B" "$@"; }
tool_a() { "$HIPTOOL" -n "$A" "$@"; }
tool_b() { "$HIPTOOL" -n "$B" "$@"; }

# ---- looking --------------------------------------------------------------

# counter NAMESPACE NAME: a counter of `hiptool stats`
counter()
{
	"$HIPTOOL" -n "$1" -j stats show | jq -r --arg n "$2" '.counters[$n] // 0'
}

gauge()
{
	"$HIPTOOL" -n "$1" -j stats show | jq -r --arg n "$2" '.gauges[$n] // 0'
}

gauge_is() { [ "$(gauge "$1" "$2")" = "$3" ]; }

# moved NAMESPACE NAME SINCE: by how much a counter grew
moved() { echo $(($(counter "$1" "$2") - $3)); }

# assoc NAMESPACE FIELD: of the only association there, empty when none
assoc()
{
	"$HIPTOOL" -n "$1" -j assoc show |
		jq -r ".[0].$2 | if . == null then empty else . end"
}

n_assocs() { "$HIPTOOL" -n "$1" -j assoc show | jq length; }

state_is() { [ "$(assoc "$1" state)" = "$2" ]; }

both_established()
{
	state_is "$A" ESTABLISHED && state_is "$B" ESTABLISHED
}

# ping_ok FROM HIT [options]: one answered ping is enough
ping_ok()
{
	local ns=$1 hit=$2

	shift 2
	ip netns exec "$ns" ping -6 -n -c 1 -W 10 "$@" "$hit"
}

# listening NAMESPACE PORT: somebody waits for TCP connections
listening() { ip netns exec "$1" ss -Hltn "sport = :$2" | grep -q .; }

# tcp_through FROM TO HIT: $TMP/file crosses unharmed
tcp_through()
{
	local p

	ip netns exec "$2" timeout 60 nc -6 -l -N "$3" 5001 </dev/null >"$TMP/copy" &
	p=$!
	wait_for 30 listening "$2" 5001
	ip netns exec "$1" timeout 60 nc -6 -N "$3" 5001 <"$TMP/file"
	wait "$p"
	cmp "$TMP/file" "$TMP/copy"
}

# close_assocs: ends the association without waiting for the long timers
close_assocs()
{
	tool_a assoc close all force >/dev/null 2>&1
	tool_b assoc close all force >/dev/null 2>&1
	return 0
}

# ---- cleaning up ----------------------------------------------------------

cleanup()
{
	local p ns

	for p in "${helpers[@]}"; do
		kill "$p" 2>/dev/null
	done
	for p in $(jobs -p); do
		kill "$p" 2>/dev/null
	done
	wait 2>/dev/null
	for ns in "${namespaces[@]}"; do
		ip netns pids "$ns" 2>/dev/null | xargs -r kill -9 2>/dev/null
		ip netns del "$ns" 2>/dev/null
	done
	if [ "$tests_failed" -gt 0 ]; then
		for ns in "${namespaces[@]}"; do
			[ -s "$TMP/$ns.hipd.log" ] || continue
			echo "# hipd in $ns said:"
			tail -n 20 "$TMP/$ns.hipd.log" | sed 's/^/#    /'
		done
	fi
	rm -rf "$TMP"
}
trap cleanup EXIT
trap 'exit 130' INT TERM
