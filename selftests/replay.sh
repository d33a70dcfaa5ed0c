#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Bad ESP to a live SPI: replayed, too old, damaged, cut off, of another
# generation of sequence numbers, authentic but nonsense. Each is counted under
# its own name, and the association does not mind.

# shellcheck disable=SC2119,SC2317 # no options; functions called by name
# shellcheck source-path=SCRIPTDIR source=wire_lib.bash
. "$(dirname "$0")/wire_lib.bash"

require ip ping jq
require_python

setup_hosts -q || { test_fail "two hosts"; test_end; }
mischief_start "$A" "$OA6" "$OB6" "$HIT_B" ||
	{ test_fail "malformed.py starts" "$(cat "$TMP/mischief.log")"; test_end; }
tool_b peer replace "$HIT_M" via "$OA6"
mischief establish
check_eq "an association" "$sent" 1
log_mark

hip0_packets() { ip -n "$B" -j -s link show hip0 | jq '.[0].stats64.rx.packets'; }
arrived=$(hip0_packets)
expect esp-good
check_eq "good packets arrive at hip0" "$(($(hip0_packets) - arrived))" "$sent"

expect esp-replayed InReplay=N
expect esp-sequence-zero InReplay=N
# the receiver takes it for one of the next 2^32 numbers, RFC 4303, A2.2
expect esp-too-old InIntegrity=N
expect esp-bit-flipped InIntegrity=N
expect esp-wrong-high-half InIntegrity=N
expect esp-cut-off InTruncated=N
expect esp-not-aligned InTruncated=N
expect esp-padding-beyond-packet InPadding=N
expect esp-dummy InDummy=N
# HIP comes through the ordinary input, which takes none from hip0
expect esp-inner-hip CtrlBadSource=N
expect esp-inner-options InBadNextHeader=N
expect esp-nested InNested=N
arrived=$(hip0_packets)
expect esp-unknown-spi InUnknownSPI=N
check_eq "nothing of it arrives at hip0" "$(hip0_packets)" "$arrived"

mischief ping
check_eq "the association still works" "$sent" 1

# nor does it mind somebody who says that the peer does not know of it
told=$(counter "$B" OutSPIUnknownToPeer)
expect icmp-spi-unknown
check_ge "though it was told" "$(moved "$B" OutSPIUnknownToPeer "$told")" 3

# ESP in ESP comes from another device and to another address
ip -n "$B" link add vrf0 type vrf table 10
ip -n "$B" link set vrf0 up
ip -n "$B" link set hip0 master vrf0
ip -n "$B" addr add "$HIT_B/28" dev hip0 nodad 2>/dev/null
in_b nft -f - <<-RULES
	table ip6 elsewhere {
		chain in {
			type nat hook prerouting priority dstnat;
			iifname { "hip0", "vrf0" } meta l4proto esp counter dnat to $OB6
		}
	}
	RULES
told=$(counter "$B" InNested)
mischief esp-nested
elsewhere() { in_b nft list table ip6 elsewhere | grep -q "packets [1-9]"; }
check "nested ESP is sent elsewhere" wait_for 5 elsewhere
in_b nft delete table ip6 elsewhere
ip -n "$B" link set hip0 nomaster
ip -n "$B" link del vrf0
ip -n "$B" addr add "$HIT_B/28" dev hip0 nodad 2>/dev/null
echo "# $(moved "$B" InNested "$told") were told by their device or address"
mischief ping
check_eq "which the association does not mind ($said)" "$sent" 1

# its SAs end with it, RFC 7402, section 3.3
check "it has two SAs" gauge_is "$B" SAs 2
mischief close
check_eq "it closes ($said)" "$sent" 1
check "and its SAs go" wait_for 10 gauge_is "$B" SAs 0
arrived=$(hip0_packets)
expect esp-good InUnknownSPI=N
check_eq "what is sent to them does not arrive" "$(hip0_packets)" "$arrived"
tool_b assoc close "$HIT_M" force
check "as little when it is forgotten" wait_for 5 gauge_is "$B" Associations 0
expect esp-good InUnknownSPI=N
check_eq "nothing was logged" "$(log_since_mark)" ""

test_end
