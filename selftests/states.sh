#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The state tables of RFC 7401, section 4.4.3, cell by cell: each packet, right and
# wrong, in each state, from a host in user space that has a smaller HIT or a greater
# one. After each the state and all counters are what the table says, so that nothing
# was sent but what it says.

# shellcheck disable=SC2119,SC2317 # no options; functions called by name
# shellcheck source-path=SCRIPTDIR source=wire_lib.bash
. "$(dirname "$0")/wire_lib.bash"

require ip ping jq
require_python

# ---- states --------------------------------------------------------------------

state_of_b() { assoc "$B" state | grep . || echo UNASSOCIATED; }
in_state() { [ "$(state_of_b)" = "$1" ]; }

# begin: B has data to send
begin() { ip netns exec "$B" ping -6 -n -c 1 -W 20 "$HIT_M" >/dev/null 2>&1 & }

# enter STATE: B gets there, wherever it was
enter()
{
	local stage=${1,,}

	tool_b assoc close all force >/dev/null 2>&1
	case $1 in
	I1-SENT|I2-SENT|E-FAILED)	mischief in-unassociated ;;
	CLOSING)			mischief in-established ;;
	*)				mischief "in-$stage" ;;
	esac
	[ "$sent" = 1 ] || return
	case $1 in
	I1-SENT|I2-SENT)
		begin
		mischief "then-$stage" ;;
	CLOSING)
		tool_b assoc close "$HIT_M" >/dev/null 2>&1
		mischief then-closing ;;
	E-FAILED)
		tool_b config set i1-timeout 50 retries 1
		ping_ok "$B" "$HIT_M" >/dev/null 2>&1
		tool_b config set i1-timeout 60000 retries 5 ;;
	esac
	[ "$sent" = 1 ] && wait_for 5 in_state "$1"
}

# cell STATE EVENT NEXT CHANGES...: after EVENT in STATE, B is in NEXT, and these
# counters have moved, and no others
cell()
{
	if enter "$1"; then
		happens "$2, $1" "${@:2}"
	else
		test_fail "$2, $1$suffix" "not in $1 but $(state_of_b): $said"
	fi
}

# happens NAME EVENT NEXT CHANGES...: the same in whatever state B is
happens()
{
	local name="$1$suffix" event=$2 want before got end

	want=$(printf '%s\n' "${@:4}" | LC_ALL=C sort | tr '\n' ' ')
	want="$3 ${want% }"
	before=$(snapshot "$B")
	if [ "$event" = data-to-send ]; then
		begin
	else
		mischief "$event"
		[ "$sent" = 1 ] || { test_fail "$name" "$said"; return; }
	fi
	end=$((SECONDS + 5))
	while got="$(state_of_b) $(changes "$before" "$(snapshot "$B")")"
	      [ "$got" != "$want" ] && [ $SECONDS -lt $end ]; do
		sleep 0.1
	done
	check_eq "$name" "$got" "$want"
}

# ---- the tables ----------------------------------------------------------------

unassociated()
{
	local stay=UNASSOCIATED

	cell $stay data-to-send I1-SENT Associations=1 HalfOpen=1 I1Sent=1 OutQueued=1
	cell $stay get-i1 $stay I1Received=1 R1Sent=1
	cell $stay get-i2 R2-SENT Associations=1 I2Received=1 R2Sent=1 ExchangesAsResponder=1
	cell $stay bad-i2 $stay I2Received=1 MACWrong=1 NotifySent=1
	cell $stay get-r1 $stay R1Received=1 CtrlNoAssociation=1
	cell $stay get-r2 $stay R2Received=1 CtrlNoAssociation=1
	cell $stay get-update $stay UpdateReceived=1 CtrlNoAssociation=1
	cell $stay get-notify $stay NotifyReceived=1 CtrlNoAssociation=1
	cell $stay get-close $stay CloseReceived=1 CtrlNoAssociation=1
	cell $stay get-close-ack $stay CloseAckReceived=1 CtrlNoAssociation=1
	enter ESTABLISHED
	cell $stay bad-data $stay InUnknownSPI=1
}

i1_sent()
{
	local stay=I1-SENT

	if [ "$1" = smaller ]; then
		cell $stay get-i1 $stay I1Received=1 R1Sent=1
	else
		cell $stay get-i1 $stay I1Received=1 CtrlSimultaneousYielded=1
	fi
	cell $stay get-i2 R2-SENT HalfOpen=-1 I2Received=1 R2Sent=1 ExchangesAsResponder=1
	cell $stay bad-i2 $stay I2Received=1 MACWrong=1 NotifySent=1
	cell $stay get-r1 I2-SENT R1Received=1 I2Sent=1
	cell $stay bad-r1 $stay R1Received=1 SignatureWrong=1
	cell $stay get-r2 $stay R2Received=1 CtrlUnexpectedInState=1
	cell $stay get-update $stay UpdateReceived=1 CtrlUnexpectedInState=1
	cell $stay get-notify $stay NotifyReceived=1
	cell $stay get-close $stay CloseReceived=1 CtrlUnexpectedInState=1
	cell $stay get-close-ack $stay CloseAckReceived=1 CtrlUnexpectedInState=1
	cell $stay data-to-send $stay OutQueued=1
}

i2_sent()
{
	local stay=I2-SENT

	cell $stay get-i1 $stay I1Received=1 R1Sent=1
	if [ "$1" = smaller ]; then
		cell $stay get-i2 R2-SENT HalfOpen=-1 I2Received=1 R2Sent=1 \
			ExchangesAsResponder=1
		cell $stay bad-i2 $stay I2Received=1 MACWrong=1 NotifySent=1
	else
		cell $stay get-i2 $stay I2Received=1 CtrlSimultaneousYielded=1
		cell $stay bad-i2 $stay I2Received=1 CtrlSimultaneousYielded=1
	fi
	cell $stay get-r1 $stay R1Received=1 CtrlUnexpectedInState=1
	cell $stay get-r1-fresher $stay R1Received=1 I2Sent=1
	cell $stay bad-r1 $stay R1Received=1 SignatureWrong=1
	cell $stay get-r2 ESTABLISHED HalfOpen=-1 R2Received=1 ExchangesAsInitiator=1
	cell $stay bad-r2 $stay R2Received=1 MACWrong=1
	cell $stay get-update $stay UpdateReceived=1 CtrlUnexpectedInState=1
	cell $stay get-notify $stay NotifyReceived=1
	# with what waited, Table 8
	cell $stay get-close CLOSED HalfOpen=-1 CloseReceived=1 CloseAckSent=1 I1Sent=1
	cell $stay bad-close $stay CloseReceived=1 MACWrong=1
	cell $stay get-close-ack $stay CloseAckReceived=1 CtrlUnexpectedInState=1
	cell $stay data-to-send $stay OutQueued=1
}

r2_sent()
{
	local stay=R2-SENT

	cell $stay get-i1 $stay I1Received=1 R1Sent=1
	cell $stay get-i2 $stay I2Received=1 R2Sent=1 ExchangesAsResponder=1
	cell $stay get-i2-again $stay I2Received=1 R2Sent=1 I2Retransmitted=1
	cell $stay bad-i2 $stay I2Received=1 MACWrong=1 NotifySent=1
	cell $stay get-r1 $stay R1Received=1 CtrlUnexpectedInState=1
	cell $stay get-r2 $stay R2Received=1 CtrlUnexpectedInState=1
	cell $stay get-data ESTABLISHED
	cell $stay get-update ESTABLISHED UpdateReceived=1 UpdateSent=1
	cell $stay bad-update $stay UpdateReceived=1 MACWrong=1
	cell $stay get-close CLOSED CloseReceived=1 CloseAckSent=1
	cell $stay bad-close $stay CloseReceived=1 MACWrong=1
	cell $stay get-close-ack $stay CloseAckReceived=1 CtrlUnexpectedInState=1
	cell $stay get-notify $stay NotifyReceived=1
	cell $stay data-to-send $stay
}

established()
{
	local stay=ESTABLISHED

	cell $stay get-i1 $stay I1Received=1 R1Sent=1
	cell $stay get-i2 R2-SENT I2Received=1 R2Sent=1 ExchangesAsResponder=1
	cell $stay get-i2-again $stay I2Received=1 R2Sent=1 I2Retransmitted=1
	cell $stay bad-i2 $stay I2Received=1 MACWrong=1 NotifySent=1
	cell $stay get-r1 $stay R1Received=1 CtrlUnexpectedInState=1
	cell $stay get-r2 $stay R2Received=1 CtrlUnexpectedInState=1
	cell $stay get-data $stay
	cell $stay get-update $stay UpdateReceived=1 UpdateSent=1
	cell $stay bad-update $stay UpdateReceived=1 MACWrong=1
	cell $stay get-close CLOSED CloseReceived=1 CloseAckSent=1
	cell $stay bad-close $stay CloseReceived=1 MACWrong=1
	cell $stay get-close-ack $stay CloseAckReceived=1 CtrlUnexpectedInState=1
	cell $stay get-notify $stay NotifyReceived=1
	cell $stay data-to-send $stay
}

closing()
{
	local stay=CLOSING

	cell $stay data-to-send I1-SENT HalfOpen=1 I1Sent=1 OutQueued=1
	cell $stay get-i1 $stay I1Received=1 R1Sent=1
	cell $stay get-i2 R2-SENT I2Received=1 R2Sent=1 ExchangesAsResponder=1
	cell $stay bad-i2 $stay I2Received=1 MACWrong=1 NotifySent=1
	cell $stay get-r1 $stay R1Received=1 CtrlUnexpectedInState=1
	cell $stay get-r2 $stay R2Received=1 CtrlUnexpectedInState=1
	cell $stay get-update $stay UpdateReceived=1 CtrlUnexpectedInState=1
	cell $stay get-close CLOSED CloseReceived=1 CloseAckSent=1
	cell $stay bad-close $stay CloseReceived=1 MACWrong=1
	cell $stay get-close-ack UNASSOCIATED Associations=-1 CloseAckReceived=1 \
		AssociationsClosed=1
	cell $stay bad-close-ack $stay CloseAckReceived=1 EchoMismatch=1
	cell $stay get-notify $stay NotifyReceived=1
}

closed()
{
	local stay=CLOSED

	cell $stay data-to-send $stay I1Sent=1 OutQueued=1
	cell $stay get-i1 $stay I1Received=1 R1Sent=1
	cell $stay get-i2 R2-SENT I2Received=1 R2Sent=1 ExchangesAsResponder=1
	cell $stay bad-i2 $stay I2Received=1 MACWrong=1 NotifySent=1
	cell $stay get-i2-again $stay I2Received=1 I2Retransmitted=1
	cell $stay get-r1 $stay R1Received=1 CtrlUnexpectedInState=1
	cell $stay get-r2 $stay R2Received=1 CtrlUnexpectedInState=1
	cell $stay get-update $stay UpdateReceived=1 CtrlUnexpectedInState=1
	cell $stay get-close $stay CloseReceived=1 CloseAckSent=1
	cell $stay bad-close $stay CloseReceived=1 MACWrong=1
	cell $stay get-close-ack $stay CloseAckReceived=1 CtrlUnexpectedInState=1
	cell $stay get-notify $stay NotifyReceived=1
}

e_failed()
{
	local stay=E-FAILED

	cell $stay data-to-send $stay OutQueued=1 OutUnreachable=1
	cell $stay get-i1 $stay I1Received=1 R1Sent=1
	cell $stay get-i2 R2-SENT I2Received=1 R2Sent=1 ExchangesAsResponder=1
	cell $stay bad-i2 $stay I2Received=1 MACWrong=1 NotifySent=1
	cell $stay get-r1 $stay R1Received=1 CtrlUnexpectedInState=1
	cell $stay get-r2 $stay R2Received=1 CtrlUnexpectedInState=1
	cell $stay get-close $stay CloseReceived=1 CtrlUnexpectedInState=1
}

# start ORDER: a peer whose HIT is smaller than B's, or greater
start()
{
	mischief_start "$A" "$OA6" "$OB6" "$HIT_B" states.py --order "$1" ||
		{ test_fail "states.py starts" "$(cat "$TMP/mischief.log")"; test_end; }
	suffix=", from a $1 HIT"
	tool_b peer replace "$HIT_M" via "$OA6"
}

setup_hosts -q || { test_fail "two hosts"; test_end; }
tool_b config set puzzle-k 0 notify-rate 0 r1-rate 0 i1-timeout 60000 i2-timeout 60000 \
	failed-hold 60000 dh-groups 7

start smaller
unassociated
i1_sent smaller
i2_sent smaller
r2_sent
established
closing
closed
e_failed

# R1_COUNTER, sections 4.1.4, 6.8 and 6.16: a fresher R1 begins the exchange anew,
# the greatest counter is remembered with the association, and with it forgotten
enter I2-SENT
happens "an earlier R1" get-r1-older I2-SENT R1Received=1 CtrlUnexpectedInState=1
happens "and a fresher one, whose I2 is answered" then-established ESTABLISHED \
	HalfOpen=-1 R1Received=1 I2Sent=1 R2Received=1 ExchangesAsInitiator=1
happens "which ends" get-close CLOSED CloseReceived=1 CloseAckSent=1
happens "and is renewed" data-to-send CLOSED I1Sent=1 OutQueued=1
happens "with an R1 of an earlier generation" get-r1 CLOSED R1Received=1 R1CounterOld=1
happens "or of the last one" get-r1-fresher I2-SENT R1Received=1 I2Sent=1 HalfOpen=1
enter I1-SENT
happens "what is forgotten, is forgotten with its counter" get-r1-older I2-SENT \
	R1Received=1 I2Sent=1
kill "$MISCHIEF_PID"
wait "$MISCHIEF_PID" 2>/dev/null

# the tables that compare HITs
start greater
i1_sent greater
i2_sent greater
check_eq "states.py had no trouble" "$(cat "$TMP/mischief.log")" ""
test_end
