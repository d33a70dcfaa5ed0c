#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Run selftests one after the other and print TAP in the manner of the kernel's
# kselftest runner: a line for each test program, what it printed before that as
# comments. The sub-tests are the "ok" and "not ok" lines among these.

cd "$(dirname "$(readlink -f "$0")")" || exit 2

usage()
{
	cat <<-END
	Usage: selftests/run_kselftest.sh [TEST]...
	       selftests/run_kselftest.sh --list

	Run the TESTs (names with or without .sh), by default those in TESTS of the
	environment, or all. Each may take as many seconds as 'settings' says, or
	KSFT_TIMEOUT. Exits with 1 if one failed. Ends at once when the kernel has
	warned, oopsed, or turned lockdep off: what comes after that proves nothing.
	END
}

case ${1:-} in
-h|--help) usage; exit 0 ;;
--list) printf '%s\n' *.sh | grep -vxE 'lib.sh|run_kselftest.sh'; exit 0 ;;
-*) usage >&2; exit 2 ;;
esac

timeout=$(sed -n 's/^timeout=//p' settings)
timeout=${KSFT_TIMEOUT:-${timeout:-300}}

# shellcheck disable=SC2086,SC2153 # a list of names, from the environment
[ $# -gt 0 ] || set -- $TESTS
if [ $# = 0 ]; then
	for test in *.sh; do
		case $test in
		lib.sh|run_kselftest.sh) ;;
		*) set -- "$@" "$test" ;;
		esac
	done
fi

tests=()
for test in "$@"; do
	test=${test%.sh}.sh
	if [ ! -e "$test" ] || [ "$test" = lib.sh ]; then
		echo "run_kselftest.sh: no test '${test%.sh}'" >&2
		exit 2
	fi
	tests+=("$test")
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkfifo "$work/output"

# run_test PROGRAM: its status; 124 when it took too long
run_test()
{
	local pid reader status

	# $a\ ends the last line, which a program that was killed may not have done
	# shellcheck disable=SC1003
	sed -u -e 's/^/# /' -e '$a\' <"$work/output" &
	reader=$!
	# A session of its own, so that what it leaves behind can be found
	setsid timeout -k 10 "$timeout" "./$1" </dev/null >"$work/output" 2>&1 &
	pid=$!
	wait $pid
	status=$?
	pkill -KILL -s $pid
	wait $reader
	return $status
}

# Bits of the taint that stand for a complaint (bad page or KASAN, died, warned,
# soft lockup), and whether lockdep still works
kernel_state()
{
	local tainted locks=

	read -r tainted </proc/sys/kernel/tainted
	[ ! -e /proc/lockdep_stats ] ||
		locks=$(sed -n 's/^ *debug_locks: */, debug_locks /p' /proc/lockdep_stats)
	echo "taint $((tainted & (32 | 128 | 512 | 16384)))$locks"
}
kernel_before=$(kernel_state)

echo "TAP version 13"
echo "1..${#tests[@]}"
number=0
failed=0
for test in "${tests[@]}"; do
	number=$((number + 1))
	name="selftests: hip: $test"
	echo "# $name"
	start=$SECONDS
	if [ -x "$test" ]; then
		run_test "$test"
		status=$?
	else
		echo "# $test is not executable"
		status=126
	fi
	echo "# $((SECONDS - start)) s"
	case $status in
	0) echo "ok $number $name" ;;
	4) echo "ok $number $name # SKIP" ;;
	124|137)
		echo "not ok $number $name # TIMEOUT $timeout seconds"
		failed=1 ;;
	*)
		echo "not ok $number $name # exit=$status"
		failed=1 ;;
	esac
	if [ "$(kernel_state)" != "$kernel_before" ]; then
		echo "Bail out! The kernel complained during $test; see its log"
		exit 1
	fi
done
exit $failed
