#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Bad input from the network. malformed.py sends packets in each of which one
# thing is wrong; each must move exactly its own counter by exactly the number
# sent, leave no association and no log line behind, and harm nobody else.

# shellcheck disable=SC2119,SC2317 # no options; functions called by name
# shellcheck source-path=SCRIPTDIR source=wire_lib.bash
. "$(dirname "$0")/wire_lib.bash"

require ip ping jq
require_python

# expect_initiator CASE CHANGES...: the same, with B as Initiator; only the
# first answer is bad, and then there is none
expect_initiator()
{
	local name=$1 before pid

	shift
	before=$(snapshot "$B")
	(sleep 0.3; ping_ok "$B" "$HIT_M" -W 3) >/dev/null 2>&1 &
	pid=$!
	mischief "$name"
	expect_changes "$name" "$B" "$before" "$sent" Associations=1 \
		HalfOpen=1 "$@"
	tool_b assoc close "$HIT_M" force >/dev/null 2>&1
	kill $pid 2>/dev/null
	wait $pid 2>/dev/null
}

none_left() { [ "$(n_assocs "$B")" = 0 ]; }

# a real exchange, from a host that did nothing wrong
still_works()
{
	close_assocs
	check "$1: a real exchange works" ping_ok "$A" "$HIT_B"
	close_assocs
	wait_for 5 none_left
}

setup_hosts || { test_fail "two hosts"; test_end; }
still_works "before"
mischief_start "$A" "$OA6" "$OB6" "$HIT_B" ||
	{ test_fail "malformed.py starts" "$(cat "$TMP/mischief.log")"; test_end; }
tool_b config set i1-timeout 20000 i2-timeout 20000 notify-rate 1000 \
	r1-rate 1000 puzzle-k 8 r1-lifetime 3600000
log_mark

# header
expect header-cut-off CtrlTruncated=N
expect parameters-cut-off CtrlTruncated=N
expect header-length-beyond-packet CtrlTruncated=N
expect header-length-below-four CtrlBadLength=N
expect version-not-two CtrlBadVersion=N
expect checksum-wrong CtrlBadChecksum=N
expect checksum-of-other-addresses CtrlBadChecksum=N
expect packet-type-unknown CtrlUnknownType=N
expect sender-is-no-hit CtrlBadHIT=N
expect receiver-unknown CtrlUnknownReceiver=N
expect source-is-a-hit CtrlBadSource=N

# parameters
expect parameters-out-of-order CtrlParamOrder=N
expect parameter-twice CtrlParamDuplicate=N
expect critical-parameter-unknown CtrlParamUnknownCritical=N
expect parameter-beyond-packet CtrlParamOverrun=N
expect parameter-header-cut-off CtrlParamOverrun=N
expect parameter-length-wrong CtrlParamBadLength=N
expect parameter-value-wrong CtrlParamBadValue=N
expect mandatory-parameter-missing CtrlParamMissing=N
still_works "after malformed packets"

# what is strange, but right
expect good-i1 I1Received=N R1Sent=N
expect strange-but-good-i1 I1Received=N R1Sent=N

# out of the blue
expect no-association CtrlNoAssociation=6 R1Received=1 R2Received=1 \
	NotifyReceived=1 CloseReceived=1 CloseAckReceived=1 UpdateReceived=1

# I2s
r1="I1Received=N R1Sent=N I2Received=N"
# shellcheck disable=SC2086
for bad in i2-puzzle-wrong:PuzzleWrong i2-k-lowered:PuzzleWrong \
	   i2-replayed-i:PuzzleWrong i2-r1-counter-old:R1CounterOld \
	   i2-r1-counter-future:R1CounterOld \
	   i2-r1-counter-missing:CtrlParamMissing \
	   i2-dh-unknown-group:R1CounterOld \
	   i2-dh-other-group:PuzzleWrong \
	   i2-dh-not-on-curve:DHPublicValueBad i2-dh-zero:DHPublicValueBad; do
	expect ${bad%:*} $r1 ${bad#*:}=N
done
# these deserve an answer
# shellcheck disable=SC2086
for bad in i2-mac-wrong:MACWrong i2-signature-wrong:SignatureWrong \
	   i2-host-id-of-another:HostIdHITMismatch \
	   i2-host-id-curve-unknown:HostIdBad \
	   i2-encrypted-garbage:EncryptedWrong \
	   i2-encrypted-not-whole-blocks:EncryptedWrong \
	   i2-cipher-unknown:HipCipherNoCommon \
	   i2-cipher-two:HipCipherNoCommon \
	   i2-suite-unknown:EspTransformNoCommon \
	   i2-suite-two:EspTransformNoCommon \
	   i2-format-unknown:TransportFormatNoCommon \
	   i2-spi-zero:SpiBad i2-spi-reserved:SpiBad \
	   i2-keymat-index-wrong:KeymatIndexBad; do
	expect ${bad%:*} $r1 ${bad#*:}=N NotifySent=N
done
check "nothing of them is left" none_left
# and this is as it should be
# shellcheck disable=SC2086
expect i2-reserved-set $r1 R2Sent=N ExchangesAsResponder=N Associations=1
still_works "after bad I2s"

# R1s and R2s
tool_b peer replace "$HIT_M" via "$OA6"
i1="I1Sent=N OutQueued=N"
# shellcheck disable=SC2086
for bad in r1-signature-wrong:SignatureWrong \
	   r1-host-id-of-another:HostIdHITMismatch \
	   r1-no-common-group-forged:SignatureWrong \
	   r1-puzzle-too-hard:PuzzleTooHard r1-group-downgraded:DHDowngrade \
	   r1-dh-not-on-curve:DHPublicValueBad; do
	expect_initiator ${bad%:*} $i1 R1Received=N ${bad#*:}=N
done
# these are authentic, so the peer is told
# shellcheck disable=SC2086
for bad in r1-no-common-group:DHNoCommonGroup \
	   r1-no-common-cipher:HipCipherNoCommon \
	   r1-no-common-suite:EspTransformNoCommon \
	   r1-no-esp:TransportFormatNoCommon; do
	expect_initiator ${bad%:*} $i1 R1Received=N ${bad#*:}=N NotifySent=N
done
# shellcheck disable=SC2086
for bad in r2-mac-wrong:MACWrong r2-signature-wrong:SignatureWrong; do
	expect_initiator ${bad%:*} $i1 R1Received=N I2Sent=N R2Received=N \
		${bad#*:}=N
done
# shellcheck disable=SC2086
for bad in r2-spi-zero:SpiBad r2-keymat-index-wrong:KeymatIndexBad; do
	expect_initiator ${bad%:*} $i1 R1Received=N I2Sent=N R2Received=N \
		${bad#*:}=N NotifySent=N
done
check "nothing of them is left" none_left
still_works "after bad R1s and R2s"

# a live association is attacked
mischief establish
check_eq "an association to attack ($said)" "$sent" 1
expect i2-again I2Received=N I2Retransmitted=N R2Sent=N
expect i1-again I1Received=N R1Sent=N
expect r1-in-established R1Received=N CtrlUnexpectedInState=N
expect close-mac-wrong CloseReceived=N MACWrong=N
expect close-of-another CloseReceived=N MACWrong=N
expect close-signature-wrong CloseReceived=N SignatureWrong=N
expect close-ack-unasked CloseAckReceived=N CtrlUnexpectedInState=N
expect notify-signature-wrong NotifyReceived=N
expect notify-unsigned CtrlParamMissing=N
expect notify-good NotifyReceived=N
expect notify-blocked NotifyReceived=N
# who has to say so much gets few events
tool_b -j monitor >"$TMP/monitor" &
monitor=$!
sleep 1
expect notify-many NotifyReceived=N
wait_for 10 grep -q '"notify"' "$TMP/monitor"
sleep 1
kill $monitor
wait $monitor 2>/dev/null
check_eq "notify-many: events" "$(jq -r 'select(.object == "notify") | .notify_type' "$TMP/monitor" | xargs)" \
	"8192 8193 8194 8195"
expect update-mac-wrong UpdateReceived=N MACWrong=N
mischief ping
check_eq "the association has survived ($said)" "$sent" 1
mischief close
check_eq "and closes ($said)" "$sent" 1
expect i2-after-close I2Received=N I2Retransmitted=N
tool_b assoc close "$HIT_M" force >/dev/null
expect i2-after-close I2Received=N I2Retransmitted=N
still_works "after attacks on an association"

check_eq "nothing was logged" "$(log_since_mark)" ""
check_eq "malformed.py had no trouble" "$(cat "$TMP/mischief.log")" ""

test_end
