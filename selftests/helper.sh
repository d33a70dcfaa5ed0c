#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# hipd may die at any moment: running traffic does not notice, and exchanges
# that wait for it finish when it is back.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

require ip ping jq iperf3

setup_hosts -q || { test_fail "two hosts"; test_end; }
check "an exchange" ping_ok "$A" "$HIT_B"

# no helper at all, traffic goes on
in_b iperf3 -s -1 -B "$HIT_B" >/dev/null 2>&1 &
sleep 1
stop_helper "$A" KILL
stop_helper "$B" KILL
check "a TCP stream does not notice that both helpers are dead" \
	in_a timeout 60 iperf3 -c "$HIT_B" -n 4M
start_helper "$A" && start_helper "$B"
close_assocs
check "an exchange after the restart" wait_for 20 ping_ok "$A" "$HIT_B" -W 2

# killed in the middle of a request: it answers so late that it never gets to
for side in A B; do
	ns=${!side}
	close_assocs
	stop_helper "$ns"
	HIPD_TEST_DELAY_MS=60000 start_helper "$ns"
	before=$(counter "$ns" UpcallRequeued)
	in_a ping -6 -n -c 40 -i 0.5 -W 1 "$HIT_B" >"$TMP/ping" 2>&1 &
	p=$!
	sleep 2
	check_ge "$side: a request is with the helper" \
		"$(gauge "$ns" UpcallsPending)" 1
	stop_helper "$ns" KILL
	start_helper "$ns"
	check "$side: killed in mid-exchange, restarted: it finishes" \
		wait_for 30 state_is "$A" ESTABLISHED
	wait_for 10 grep -q "bytes from" "$TMP/ping"
	kill -INT $p
	wait $p
	check_ge "$side: the request went back to the queue" \
		"$(moved "$ns" UpcallRequeued "$before")" 1
	check "$side: pings came through" grep -q "bytes from" "$TMP/ping"
done

# a helper that never answers is not waited for for ever
close_assocs
stop_helper "$A"
HIPD_TEST_DELAY_MS=60000 start_helper "$A"
tool_a config set upcall-timeout 1000 retries 2 i1-timeout 300
before=$(counter "$A" UpcallTimeout)
check_fails "a helper that does not answer is an error" 1 "unreachable" \
	ping_ok "$A" "$HIT_B" -W 30
check_ge "and counted" "$(moved "$A" UpcallTimeout "$before")" 1
stop_helper "$A" KILL
check "nothing is left waiting" wait_for 15 gauge_is "$A" UpcallsPending 0
start_helper "$A"
tool_a config set upcall-timeout 10000 retries 5 i1-timeout 1000
check "afterwards all is well" wait_for 20 ping_ok "$A" "$HIT_B" -W 2

# wrong keys on disk
check_fails "an identity whose key hipd does not find" 2 "nosuch" \
	tool_a identity add nosuch
chmod 644 "$TMP/$A/alice.pem"
cp "$TMP/$A/alice.pem" "$TMP/$A/open.pem"
chmod 644 "$TMP/$A/open.pem"
tool_a identity add open >/dev/null 2>&1
check "a key that others can read is refused" \
	grep -qiE "open.pem.*(permission|mode|chmod)" "$TMP/$A.hipd.log"

test_end
