#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# R1s and what belongs to them: how long one that was sent is good for an I2, that
# none is forgotten early however often they are renewed, and R1_COUNTER.
# RFC 7401, sections 4.1.2, 4.1.4, 5.3.2 and 6.7.1.

# shellcheck disable=SC2119,SC2317 # no options; functions called by name
# shellcheck source-path=SCRIPTDIR source=wire_lib.bash
. "$(dirname "$0")/wire_lib.bash"

require ip jq
require_python
"$PYTHON" -c "import yaml" 2>/dev/null || skip_all "python3-yaml is not installed"

HOURS=86400000

counter_of()
{
	"$HIPTOOL" -n "$B" -j identity show |
		jq --arg n "$1" '.[] | select(.name == $n) | .r1_counter'
}

is_above() { [ "$(counter_of bob)" -gt "$1" ]; }

# renewed COMMAND...: new R1s are there after it; $r1 is their counter
renewed()
{
	local before

	before=$(counter_of bob)
	"$@" && wait_for 20 is_above "$before" || return
	r1=$(counter_of bob)
}

# renew: an administrator's way to have new R1s; nothing is different in them
renew() { renewed tool_b config set hip-ciphers 2,4; }

# check_answers NAME CASE: this I2 makes an association
check_answers()
{
	local before

	close_assocs
	before=$(counter "$B" ExchangesAsResponder)
	mischief "$2"
	wait_for 10 counter_is "$B" ExchangesAsResponder $((before + 1))
	check_eq "$1 ($said)" "$(moved "$B" ExchangesAsResponder "$before")" 1
}

counter_is() { [ "$(counter "$1" "$2")" = "$3" ]; }

# fill_pool: asks for new R1s, of which some are sent, until there is no room
fill_pool()
{
	local status

	mischief_begin i1-stream
	PYTHONPATH=$SELFTESTS in_b "$PYTHON" - <<-'END'
	import sys, time
	import hip_netlink
	sock = hip_netlink.Socket(hip_netlink.Spec())
	before, end = sock.stats()["R1PoolFull"], time.monotonic() + 240
	while sock.stats()["R1PoolFull"] == before:
	    sock.do("config-set", [("hip-cipher", 2), ("hip-cipher", 4)])
	    if time.monotonic() > end:
	        sys.exit("it is never full")
	END
	status=$?
	mischief_end
	return "$status"
}

setup_hosts -q || { test_fail "two hosts"; test_end; }
mischief_start "$A" "$OA6" "$OB6" "$HIT_B" ||
	{ test_fail "malformed.py starts" "$(cat "$TMP/mischief.log")"; test_end; }
tool_b config set r1-rate 0 puzzle-k 1 r1-lifetime $HOURS r1-reuse $HOURS
renew
log_mark

# an R1 of an earlier generation
mischief i2-fetch
check "R1s are renewed" renew
check "and once more" renew
check_eq "the one that was sent is kept, the one that was not is not" \
	"$(gauge "$B" R1Generations)" 2
check_answers "an I2 to an R1 that was replaced twice" i2-late

# with r1-lifetime below the Lifetime of the puzzle, here 16 seconds
tool_b config set puzzle-lifetime 36
renew
mischief i2-fetch
first=$r1
tool_b config set r1-lifetime 1000
for _ in 1 2 3; do
	renewed mischief good-i1
done
check_ge "R1s have been replaced three times" "$(counter_of bob)" $((first + 3))
check_answers "an R1 outlives r1-lifetime" i2-late
tool_b config set r1-lifetime $HOURS

# more of them than there is room for: the next ones wait
tool_b config set puzzle-lifetime 42
renew
mischief i2-fetch
check "the pool has a bound, which is counted" fill_pool
check_eq "these are kept" "$(gauge "$B" R1Generations)" 32
check_answers "the oldest is good for an I2 none the less" i2-late
close_assocs
tool_b identity del "$HIT_B"
check_eq "none outlives its identity" "$(gauge "$B" R1Generations)" 0
tool_b config set puzzle-lifetime 37
add_identity "$B" bob p256-b >/dev/null
wait_for 20 r1_ready "$B"
check "the pool is full again" fill_pool
r1=$(counter_of bob)
check "when the oldest is over, there are new R1s" wait_for 80 is_above "$r1"
check "and in the end there is one generation" \
	wait_for 80 gauge_is "$B" R1Generations 1

# Diffie-Hellman keys: for each who asks another #I, and none is offered for long
# after an exchange with it
mischief r1-dh-and-i
dh=${sent% *} i=${sent#* }
mischief r1-dh-and-i
check_eq "who asks again gets the same key" "${sent% *}" "$dh"
check "but another #I" test "${sent#* }" != "$i"
tool_b config set r1-reuse 0
mischief i2-fetch
check "an exchange, and new R1s" renewed mischief establish
r1=$(counter_of bob)
mischief r1-dh-and-i
check "they have another key" test "${sent% *}" != "$dh"
check_answers "an I2 to an R1 of before" i2-late
check_eq "which renews nothing, as its key is not offered" "$(counter_of bob)" "$r1"
tool_b config set r1-reuse $HOURS
mischief establish
mischief r1-dh-and-i
check_eq "without r1-reuse, new ones are made later" "$(counter_of bob)" "$r1"

# R1_COUNTER: one for each identity
carol=$(add_identity "$B" carol p384-b)
check "a second identity" wait_for 20 r1_ready "$B"
one=$(counter_of bob) two=$(counter_of carol)
tool_b config set r1-lifetime 1000
check "the R1s of one, which were sent, are renewed" renewed mischief good-i1
check_eq "those of the other are as they were" "$(counter_of carol)" "$two"
tool_b config set r1-lifetime $HOURS
check_ge "the counter of the one has grown" "$(counter_of bob)" $((one + 1))

# it never falls
two=$(counter_of carol)
tool_b identity del "$carol"
add_identity "$B" carol p384-b >/dev/null
wait_for 20 r1_ready "$B"
check_ge "an identity that was deleted and comes again goes on counting" \
	"$(counter_of carol)" $((two + 1))

check_eq "nothing was logged" "$(log_since_mark)" ""
check_eq "malformed.py had no trouble" "$(cat "$TMP/mischief.log")" ""

one=$(counter_of bob)
close_assocs
stop_helper "$A"
stop_helper "$B"
check "the module is unloaded" unload_module
load_module
start_helper "$B"
tool_b config set dh-groups 7
add_identity "$B" bob p256-b >/dev/null
wait_for 20 r1_ready "$B"
check_ge "the counter goes on after the module was loaded again" \
	"$(counter_of bob)" $((one + 1))
test_end
