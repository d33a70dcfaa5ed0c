#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Which bad packets are answered with an ICMP error, to which octet it points, and
# which are dropped in silence (RFC 7401, section 5.4 and what section 6 says of
# malformed packets). Over IPv6 and IPv4.

# shellcheck disable=SC2119,SC2317 # no options; functions called by name
# shellcheck source-path=SCRIPTDIR source=wire_lib.bash
. "$(dirname "$0")/wire_lib.bash"

require ip jq
require_python

# answered CASE OCTET...: each of its packets gets a Parameter Problem that points
# there, counted from the HIP header
answered()
{
	local name=$1 octet want=

	shift
	for octet; do
		want+=" $problem@$octet"
	done
	mischief "icmp $name"
	[ "$sent" != 0 ] || sent=$said
	check_eq "$name$suffix" "$sent" "${want# }"
}

# silent CASE: no ICMP error
silent()
{
	mischief "icmp $1"
	[ "$sent" != 0 ] || sent=$said
	check_eq "nothing for $1$suffix" "$sent" none
}

setup_hosts -q || { test_fail "two hosts"; test_end; }
# no limits; ours has a test in corners.sh
tool_b config set notify-rate 0 r1-rate 0 puzzle-k 8
in_b sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0

for family in 6 4; do
	suffix=", IPv$family"
	here=$OA6 there=$OB6 problem=4-0
	[ $family = 6 ] || here=$OA4 there=$OB4 problem=12-0
	mischief_start "$A" "$here" "$there" "$HIT_B" ||
		{ test_fail "malformed.py starts" "$(cat "$TMP/mischief.log")"; test_end; }

	# the header
	answered version-not-two 3 3 3
	silent checksum-wrong
	silent checksum-of-other-addresses

	# parameters
	answered parameters-out-of-order 112 48
	answered critical-parameter-unknown 40 48 48
	answered parameter-beyond-packet 42 42 42 42
	silent r1-malformed

	# #J of the SOLUTION
	answered i2-puzzle-wrong 128

	# the Sender's HIT, for CLOSE; of the others there are R1, R2 and NOTIFY
	answered no-association 8
	silent good-i1

	# the SPI of ESP that nobody knows: somebody may have lost its state
	tool_b peer replace "$HIT_M" via "$here"
	mischief establish
	answered esp-unknown-spi 0
	silent esp-good
	tool_b config set notify-rate 1
	limited=$(counter "$B" CtrlNotifyRateLimit)
	for _ in 1 2 3; do mischief esp-unknown-spi; done
	check_ge "these errors have a limit$suffix" \
		"$(moved "$B" CtrlNotifyRateLimit "$limited")" 1
	tool_b config set notify-rate 0
	tool_b assoc close all force >/dev/null

	kill "$MISCHIEF_PID" 2>/dev/null
	wait "$MISCHIEF_PID" 2>/dev/null
	check_eq "malformed.py had no trouble$suffix" "$(cat "$TMP/mischief.log")" ""
done
test_end
