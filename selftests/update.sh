#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# UPDATE between this host and update.py, which shares no code with us: rekeys
# begun by either side, the peer that answers by halves or not at all, and UPDATEs
# in which one thing is wrong (RFC 7401, sections 6.11 and 6.12; RFC 7402,
# sections 6.8 to 6.10).

# shellcheck disable=SC2119,SC2317 # no options; functions called by name
# shellcheck source-path=SCRIPTDIR source=wire_lib.bash
. "$(dirname "$0")/wire_lib.bash"

require ip ping jq
require_python

# expect CASE CHANGES...: the case is good, and B's counters move like this. ESP in
# both directions is not among them.
expect()
{
	local name=$1 before

	shift
	before=$(without_data)
	mischief "$name"
	check_eq "$name: update.py is content" "${sent/#0/$said}" "$sent"
	check_changes "$name" "$before" "$@"
}

# expect_begun CASE CHANGES...: the same, for a rekey that B begins
expect_begun()
{
	local name=$1 words=$2 before pid

	shift 2
	before=$(without_data)
	# shellcheck disable=SC2086
	(sleep 0.3; tool_b assoc rekey "$HIT_M" $words) 2>&1 &
	pid=$!
	mischief "$name"
	wait $pid
	check_eq "$name: update.py is content" "${sent/#0/$said}" "$sent"
	check_changes "$name" "$before" "$@"
}

without_data()
{
	snapshot "$B" | jq '.counters |= with_entries(select(.key |
		test("^(In|Out)[A-Z]") | not))'
}

# check_changes NAME BEFORE CHANGES...
check_changes()
{
	local name=$1 before=$2 want got end=$((SECONDS + 10))

	shift 2
	want=$(printf '%s\n' "$@" | LC_ALL=C sort | tr '\n' ' ')
	want=${want% }
	while got=$(changes "$before" "$(without_data)")
	      [ "$got" != "$want" ] && [ $SECONDS -lt $end ]; do
		sleep 0.1
	done
	check_eq "$name: counters" "$got" "$want"
}

# alive NAME: data goes to and fro, by two SAs
alive()
{
	mischief update-live
	check_eq "$1: data flows ($said)" "$sent" 1
	check "$1: by two SAs" wait_for 5 gauge_is "$B" SAs 2
}

none_left() { [ "$(n_assocs "$B")" = 0 ]; }
established() { [ "$(assoc "$B" state)" = ESTABLISHED ]; }

setup_hosts || { test_fail "two hosts"; test_end; }
mischief_start "$A" "$OA6" "$OB6" "$HIT_B" update.py
check "a peer in user space ($HIT_M)" test -n "$HIT_M"
tool_b peer add "$HIT_M" via "$OA6"
tool_b config set puzzle-k 4 i2-timeout 1000 retries 4 failed-hold 0 r1-lifetime 3600000 \
	notify-rate 1000
log_mark

mischief establish
check_eq "an association ($said)" "$sent" 1
alive "an association"

# Update IDs begin with zero
expect update-before-the-first UpdateReceived=1 UpdateWindow=1
expect update-too-far UpdateReceived=1 UpdateWindow=1
expect update-nothing UpdateReceived=1 UpdateSent=1

# what the peer begins takes three
for name in update-rekey update-rekey-new-dh update-rekey-keymat-ends update-rekey; do
	expect $name UpdateReceived=2 UpdateSent=1 Rekeys=1
	alive "$name"
done
expect update-rekey-by-data UpdateReceived=1 UpdateSent=1 Rekeys=1
for _ in 1 2 3 4 5; do
	expect update-rekey-and-icmp UpdateReceived=2 UpdateSent=1 Rekeys=1
done
alive "update-rekey-and-icmp"

# and what we begin
# shellcheck disable=SC2086
for name in update-answer update-answer-new-dh update-answer-many-acks; do
	expect_begun $name "" UpdateReceived=1 UpdateSent=2 Rekeys=1
done
expect_begun update-answer new-dh UpdateReceived=1 UpdateSent=2 Rekeys=1
expect_begun update-both "" UpdateReceived=2 UpdateSent=2 Rekeys=1
alive "update-both"
expect_begun update-both new-dh UpdateReceived=2 UpdateSent=2 Rekeys=1
alive "update-both new-dh"

expect update-out-of-order UpdateReceived=3 UpdateRetransmitted=1 UpdateSent=3

# one thing is wrong; nothing of it comes to be
expect update-without-numbers CtrlParamMissing=1
expect update-ack-of-nothing UpdateReceived=1 UpdateUnmatched=1
expect update-mac-wrong UpdateReceived=1 MACWrong=1
expect update-again-mac-wrong UpdateReceived=1 MACWrong=1
expect update-signature-wrong UpdateReceived=1 SignatureWrong=1
expect update-index-used UpdateReceived=1 KeymatIndexBad=1 NotifySent=1
expect update-index-with-dh UpdateReceived=1 KeymatIndexBad=1 NotifySent=1
expect update-group-changed UpdateReceived=1 DHNoCommonGroup=1 NotifySent=1
expect update-dh-no-point UpdateReceived=1 DHPublicValueBad=1
expect update-old-spi-wrong UpdateReceived=1 SpiBad=1 NotifySent=1
expect update-new-spi-reserved UpdateReceived=1 SpiBad=1 NotifySent=1
alive "after all that"
expect update-rekey UpdateReceived=2 UpdateSent=1 Rekeys=1

# a replay costs us no signature, and few packets
made=$(counter "$B" Upcalls)
sent_before=$(counter "$B" UpdateSent)
mischief update-again-flood
check_eq "an UPDATE 200 times ($said)" "$sent" 200
mischief update-live
wait_for 10 gauge_is "$B" CtrlPending 0
check "few of its copies are answered" \
	test $(($(counter "$B" UpdateSent) - sent_before)) -lt 100
check "and the others are counted" test "$(counter "$B" UpdateRetransmittedDropped)" -gt 0
check_eq "with one signature made and one verified" \
	$(($(counter "$B" Upcalls) - made)) 2

# nor do several, of which we keep the last answer only
made=$(counter "$B" Upcalls)
mischief update-again-old-flood
check_eq "two UPDATEs in turns 40 times ($said)" "$sent" 80
wait_for 10 gauge_is "$B" CtrlPending 0
check "an older one gets few signatures" test $(($(counter "$B" Upcalls) - made)) -le 10
echo "# requests to hipd: $(($(counter "$B" Upcalls) - made))"

# the peer acknowledges and says no more, RFC 7402, section 6.8 step 5
tool_b config set i2-timeout 200 retries 3
expect_begun update-only-ack "" UpdateReceived=1 UpdateSent=1 RekeysFailed=1
check "it is given up, and the association is not" established
alive "given up"
expect update-rekey UpdateReceived=2 UpdateSent=1 Rekeys=1

# the peer is gone, RFC 7401, section 6.11
(sleep 0.3; tool_b assoc rekey "$HIT_M") &
mischief update-silence
wait $!
check_eq "so many copies before it is given up ($said)" "$sent" 3
check "and the association is closed" wait_for 10 none_left

# there is no rekey of what is closed
mischief establish
mischief close
check "closed" wait_for 10 state_is "$B" CLOSED
expect update-after-close UpdateReceived=1 CtrlUnexpectedInState=1

check_eq "nothing was logged" "$(log_since_mark)" ""
check_eq "update.py had no trouble" "$(cat "$TMP/mischief.log")" ""

test_end
