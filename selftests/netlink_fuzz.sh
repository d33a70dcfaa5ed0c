#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The netlink API against a fuzzer that knows its specification: with
# CAP_NET_ADMIN in a namespace with an association, as root of a user namespace
# of its own, and by somebody who may do nothing. Afterwards exchanges work, the
# gauges are back, the namespaces end and the module can be removed.
#
# HIP_SEED repeats a run; HIP_FUZZ_ROUNDS makes it longer.

# shellcheck disable=SC2119 # no options
# shellcheck source-path=SCRIPTDIR source=wire_lib.bash
. "$(dirname "$0")/wire_lib.bash"

require ip ping jq setpriv unshare
"$PYTHON" -c "import yaml" 2>/dev/null || skip_all "python3-yaml is not installed"

seed=${HIP_SEED:-$RANDOM}
rounds=${HIP_FUZZ_ROUNDS:-1800}
echo "# HIP_SEED=$seed"

# fuzz NAME COMMAND...: each result of the fuzzer is a sub-test
fuzz()
{
	local name=$1 word rest ended=0

	shift
	while IFS=$' ' read -r word rest; do
		case $word in
		ok) test_pass "$name: $rest" ;;
		fail) test_fail "$name: ${rest%%$'\t'*}" "${rest#*$'\t'}" ;;
		'#') echo "# $rest" ;;
		done) ended=1 ;;
		esac
	done < <("$@" 2>"$TMP/fuzz.err")
	check_eq "$name: came to its end" $ended 1
	[ $ended = 1 ] || sed 's/^/#    /' "$TMP/fuzz.err"
}

fuzzer=("$PYTHON" "$SELFTESTS/netlink_fuzz.py" --seed "$seed")
nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all)

setup_hosts -q || { test_fail "two hosts"; test_end; }
log_mark
check "an exchange" ping_ok "$A" "$HIT_B"
secrets=()
for key in $(tool_a -j assoc keys "$HIT_B" |
	jq -r '.. | strings | select(test("^[0-9a-f]{32,}$"))'); do
	secrets+=(--secret "$key")
done
check_ge "there are keys that must not be told" ${#secrets[@]} 4

# nobody, and somebody who has all capabilities, but not here
fuzz "nobody" in_a "${nobody[@]}" --bounding-set=-all "${fuzzer[@]}" \
	--powerless --rounds $((rounds / 10)) --pair "$HIT_A" "$HIT_B" \
	"${secrets[@]}"
if "${nobody[@]}" unshare -Urn true 2>/dev/null; then
	fuzz "root elsewhere" in_a "${nobody[@]}" unshare -Ur "${fuzzer[@]}" \
		--powerless --rounds $((rounds / 10)) \
		--pair "$HIT_A" "$HIT_B" "${secrets[@]}"
	fuzz "root of a user namespace" "${nobody[@]}" unshare -Urn sh -c \
		'ip link set lo up && ip link add hip0 type hip &&
		 ip link set hip0 up && exec "$@"' sh \
		"${fuzzer[@]}" --rounds $((rounds * 2 / 5))
else
	test_skip "root of a user namespace" "user namespaces are not for all"
fi

# The fuzzer takes hipd's place, and hipd must not be quicker
stop_helper "$A"
fuzz "root" in_a "${fuzzer[@]}" --rounds "$rounds" --keep "$HIT_A" \
	--keep "$HIT_B" --pair "$HIT_A" "$HIT_B"
check "the association works as before" ping_ok "$A" "$HIT_B"
tool_a config set upcall-timeout 10000
start_helper "$A"
close_assocs
check "an exchange afterwards" wait_for 20 ping_ok "$A" "$HIT_B" -W 2
check_eq "the peers are as before" "$(tool_a -j peer show | jq -r '.[].hit')" \
	"$HIT_B"
# netlink itself has a word for bad attributes
check_eq "nothing was logged" \
	"$(log_since_mark | grep -v -e "netlink: " -e "callbacks suppressed")" ""

close_assocs
stop_helper "$A"
stop_helper "$B"
check "no association is left" wait_for 10 gauge_is "$A" Associations 0
for ns in "$A" "$B"; do
	check "$ns ends" ip netns del "$ns"
done
namespaces=()
check "rmmod" unload_module
load_module
test_end
