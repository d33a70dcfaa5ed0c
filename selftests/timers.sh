#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The timers of RFC 7401, section 4.4, and RFC 7402, section 6.8, as they are by
# default: minutes and hours, for a machine whose clock skips the time in which it has
# nothing to do (tools/vm/run --time-travel; 'make check' has one).

# shellcheck disable=SC2119,SC2317 # no options; functions called by name
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

[ -n "${HIP_TIME_TRAVEL:-}" ] || skip_all "takes hours: for a clock that skips idle time"
require ip ping jq nft

# drop NAMESPACE [TYPE]: it gets no HIP, or no packets of that type; hears: all again
drop()
{
	ip netns exec "$1" nft -f - <<-RULES
		table inet deaf {
			chain in {
				type filter hook input priority 0;
				meta l4proto 139 ${2:+@th,16,8 $2} counter drop
			}
		}
		RULES
}

hears() { ip netns exec "$1" nft delete table inet deaf; }

# setting NAME: seconds, by default milliseconds
setting() { echo $(($(tool_a -j config show | jq ".\"$1\" // .${1//-/_}") / ${2:-1000})); }

state_of() { assoc "$1" state | grep . || echo none; }
states() { echo "$(state_of "$A") $(state_of "$B")"; }
meets() { ping_ok "$A" "$HIT_B" >/dev/null && wait_for 60 both_established; }

setup_hosts -q || { test_fail "two hosts"; test_end; }
retries=$(setting retries 1) ual=$(setting ual) msl=$(setting msl)
hour=$(setting rekey-time) hold=600
echo "# retries $retries ual $ual msl $msl rekey-time $hour"
# the default is too short to look at; and only one side shall find that it is time
tool_a config set failed-hold $((hold * 1000))
tool_b config set ual $(((ual + 600) * 1000))

# I1-SENT: Table 3
drop "$B"
sent=$(counter "$A" I1Sent)
failed=$(counter "$A" ExchangesFailed)
ping_ok "$A" "$HIT_B" -W 60 >/dev/null 2>&1
check_eq "an I1 that nobody answers is sent so often" "$(moved "$A" I1Sent "$sent")" "$retries"
check_eq "and the exchange fails" "$(moved "$A" ExchangesFailed "$failed") $(states)" \
	"1 E-FAILED none"
hears "$B"
# E-FAILED: Table 9
sleep $((hold / 2))
check_eq "E-FAILED lasts" "$(states)" "E-FAILED none"
sleep $((hold / 2 + 60))
check_eq "as long as configured" "$(states)" "none none"

# I2-SENT and R2-SENT: Tables 4 and 5
drop "$A" 4
sent=$(counter "$A" I2Sent)
repeated=$(counter "$B" I2Retransmitted)
ip netns exec "$A" ping -6 -n -c 1 -W 60 "$HIT_B" >/dev/null 2>&1 &
pinging=$!
wait_for 60 state_is "$B" R2-SENT
check_eq "nobody gets the R2" "$(states)" "I2-SENT R2-SENT"
wait $pinging
check_eq "an I2 is sent so often" "$(moved "$A" I2Sent "$sent")" "$retries"
check_eq "and each time there is an R2" "$(moved "$B" I2Retransmitted "$repeated")" \
	$((retries - 1))
check "the exchange is complete when no more can come" \
	wait_for 120 state_is "$B" ESTABLISHED
check_eq "and has failed for the Initiator" "$(state_of "$A")" E-FAILED
hears "$A"
close_assocs

# ESTABLISHED: Table 6
check "an association" meets
for _ in 1 2 3; do
	sleep $((ual * 3 / 4))
	ping_ok "$A" "$HIT_B" >/dev/null
done
check_eq "what is used, now and then, stays" "$(states)" "ESTABLISHED ESTABLISHED"
expired=$(counter "$A" AssociationsExpired)
sleep $((ual - 60))
check_eq "and a little less than its lifetime" "$(states)" "ESTABLISHED ESTABLISHED"
sleep 120
check_eq "what is not used is closed" "$(states)" "none CLOSED"
check_eq "as it has expired" "$(moved "$A" AssociationsExpired "$expired")" 1
# CLOSED: Table 8
sleep $((ual + 600 + 2 * msl - 180))
check_eq "CLOSED lasts" "$(states)" "none CLOSED"
sleep 180
check_eq "for UAL and two MSL" "$(states)" "none none"

# CLOSING: Table 7
check "another association" meets
drop "$B"
again=$(counter "$A" Retransmissions)
tool_a assoc close "$HIT_B"
sleep $((ual + msl - 60))
check_eq "CLOSING lasts" "$(states)" "CLOSING ESTABLISHED"
check_ge "and a CLOSE that is not answered is repeated" \
	"$(moved "$A" Retransmissions "$again")" "$retries"
sleep 120
check_eq "for UAL and MSL" "$(state_of "$A")" none
hears "$B"
close_assocs

# keys get old: RFC 7402, section 6.8
check "a third association" meets
done_a=$(counter "$A" Rekeys) answered=0
for ((i = 0; i <= hour + 300; i += 60)); do
	ping_ok "$A" "$HIT_B" >/dev/null && answered=$((answered + 1))
	sleep 60
done
check_eq "keys are changed after an hour" "$(moved "$A" Rekeys "$done_a")" 1
check_eq "and no ping was lost" "$answered" $(((hour + 300) / 60 + 1))

test_end
