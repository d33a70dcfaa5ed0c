#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What becomes of associations when packets are lost at the end of their life,
# when nobody uses them, and when an exchange has failed: how long each state
# lasts, and what a socket sees meanwhile.

# shellcheck disable=SC2317 # functions called by name
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

require ip ping jq nft

# deaf NAMESPACE: it gets no HIP; hears NAMESPACE: again
deaf()
{
	ip netns exec "$1" nft -f - <<-RULES
		table inet deaf {
			chain in {
				type filter hook input priority 0;
				meta l4proto 139 counter drop
			}
		}
		RULES
}

hears() { ip netns exec "$1" nft delete table inet deaf; }

is_gone() { [ "$(n_assocs "$1")" = 0 ]; }
grown() { [ "$(moved "$1" "$2" "$3")" -ge "${4:-1}" ]; }
fresh() { wait_for 20 ping_ok "$A" "$HIT_B" -W 2 && wait_for 5 both_established; }

# refused NAME: a ping from A fails, and costs no I1
refused_at_once()
{
	local before

	before=$(counter "$A" I1Sent)
	check_fails "$1" 1 "unreachable|prohibited|[Pp]ermission" \
		ping_ok "$A" "$HIT_B" -W 5
	check_eq "$1, without an I1" "$(moved "$A" I1Sent "$before")" 0
}

setup_hosts -q || { test_fail "two hosts"; test_end; }
for ns in "$A" "$B"; do
	"$HIPTOOL" -n "$ns" config set i1-timeout 300 i2-timeout 300 retries 3
done

# a CLOSE that is lost
check "an exchange" fresh
deaf "$B"
lost=$(counter "$A" Retransmissions)
tool_a assoc close "$HIT_B"
check "a CLOSE is sent again while no answer comes" \
	wait_for 10 grown "$A" Retransmissions "$lost" 2
check_eq "in CLOSING" "$(assoc "$A" state)" CLOSING
check_fails "to close it again makes no difference" 2 "." tool_a assoc close "$HIT_B"
hears "$B"
check "when it arrives the association ends" wait_for 10 is_gone "$A"
check_eq "on the other side as well" "$(assoc "$B" state)" CLOSED

# a CLOSE_ACK that is lost
close_assocs
check "a second exchange" fresh
deaf "$A"
acks=$(counter "$B" CloseAckSent) closes=$(counter "$B" CloseReceived)
tool_a assoc close "$HIT_B"
check "each CLOSE that is repeated gets a CLOSE_ACK" \
	wait_for 10 grown "$B" CloseAckSent "$acks" 2
check_eq "and nothing else" "$(state_is "$A" CLOSING && state_is "$B" CLOSED && echo ok)" ok
check_ge "for each CLOSE one" "$(moved "$B" CloseReceived "$closes")" 2

# data in CLOSED starts an exchange, which fails without leaving CLOSED
check_fails "a ping in CLOSED, and no answer" 1 "unreachable" ping_ok "$B" "$HIT_A" -W 10
check_eq "leaves it in CLOSED" "$(assoc "$B" state)" CLOSED
hears "$A"
check "and with an answer it is established" wait_for 10 ping_ok "$B" "$HIT_A" -W 2

# nobody answers at all: CLOSING ends after UAL + MSL, CLOSED after UAL + 2 MSL
close_assocs
tool_a config set msl 10
tool_b config set ual 0 msl 10
check "a third exchange" fresh
tool_a config set ual 500
ended=$(counter "$A" AssociationsClosed)
deaf "$B"
tool_a assoc close "$HIT_B"
check "CLOSING does not last for ever" wait_for 20 is_gone "$A"
check_eq "and is counted" "$(moved "$A" AssociationsClosed "$ended")" 1
hears "$B"
check_eq "with ual 0 the other side stays" "$(assoc "$B" state)" ESTABLISHED
ended=$(counter "$B" AssociationsClosed)
tool_b assoc close "$HIT_A"
check "it may close what A has forgotten" wait_for 10 is_gone "$B"

# a peer that has lost its state, and begins nothing: ICMP says so, and an UPDATE
# that is not answered confirms it
close_assocs
tool_a config set msl 120000
tool_b config set ual 900000 msl 120000
tool_a config set ual 900000
check "an exchange, and the peer forgets" fresh
tool_b assoc close all force
unknown=$(counter "$A" OutSPIUnknownToPeer)
updates=$(counter "$A" UpdateSent)
exchanges=$(counter "$A" ExchangesAsInitiator)
check "whoever sends to it gets through again" wait_for 60 ping_ok "$A" "$HIT_B" -W 1
check_ge "because ICMP tells" "$(moved "$A" OutSPIUnknownToPeer "$unknown")" 1
check_ge "and no UPDATE is answered" "$(moved "$A" UpdateSent "$updates")" 3
check_eq "by a new exchange" "$(moved "$A" ExchangesAsInitiator "$exchanges")" 1
tool_a config set msl 10
tool_b config set ual 0 msl 10

# unused associations
close_assocs
tool_a peer replace "$HIT_B" via "$OB6" ual 8000
tool_a config set ual 604800000
tool_b config set ual 604800000
expired=$(counter "$A" AssociationsExpired)
closed=$(counter "$B" CloseReceived)
check "a fourth exchange" fresh
check "an unused association expires" \
	wait_for 40 grown "$A" AssociationsExpired "$expired"
check "and the peer is told" wait_for 10 grown "$B" CloseReceived "$closed"
check_eq "the lifetime was that of the peer" "$(tool_a -j peer show | jq '.[0].ual')" 8000
close_assocs
tool_a peer replace "$HIT_B" via "$OB6"
check_fails "no more than a week" 1 "604800000" \
	tool_a peer replace "$HIT_B" via "$OB6" ual 604800001
check_eq "which may be that of all" "$(tool_a -j peer show | jq '.[0].ual')" null
check "a fifth exchange" fresh
tool_b config set ual 500
tool_a assoc close "$HIT_B"
check "CLOSED does not last for ever" wait_for 15 is_gone "$B"
tool_b config set ual 604800000

# closed before it began
close_assocs
deaf "$B"
tool_a config set i1-timeout 10000
in_a ping -6 -n -c 1 -W 20 "$HIT_B" >"$TMP/ping" 2>&1 &
pinging=$!
check "an exchange is under way" wait_for 5 state_is "$A" I1-SENT
check "it can be closed" tool_a assoc close "$HIT_B"
wait $pinging
check "whoever waited is told" grep -q unreachable "$TMP/ping"
check "and nothing is left" wait_for 5 is_gone "$A"

# failure is remembered
tool_a config set i1-timeout 300 failed-hold 60000
check_fails "no answer" 1 "unreachable" ping_ok "$A" "$HIT_B" -W 10
check_eq "the state tells" "$(assoc "$A" state)" E-FAILED
refused_at_once "while it is remembered a ping fails at once"
hears "$B"
refused_at_once "also when there would be an answer"
check "to close it is to forget it" tool_a assoc close "$HIT_B"
check "until it is forgotten" fresh
close_assocs
tool_a config set failed-hold 0
deaf "$B"
check_fails "no answer, and no memory" 1 "unreachable" ping_ok "$A" "$HIT_B" -W 10
check "no association stays behind" wait_for 5 is_gone "$A"
hears "$B"

# what was our own fault may be mended
tool_a config set failed-hold 60000
tool_a peer del "$HIT_B"
check_fails "no mapping" 1 "unreachable" ping_ok "$A" "$HIT_B" -W 5
refused_at_once "no mapping still"
map_peers 6
check "with a mapping it works at once" ping_ok "$A" "$HIT_B" -W 10
close_assocs
stop_helper "$A"
check_fails "no helper" 1 "unreachable" ping_ok "$A" "$HIT_B" -W 5
refused_at_once "no helper still"
start_helper "$A"
check "with a helper it works at once" ping_ok "$A" "$HIT_B" -W 10

# where to send the I1
close_assocs
tool_a config set failed-hold 0
tool_a peer replace "$HIT_B" via fd00:dead::1 via "$OB6"
check "a locator without a route is passed over" ping_ok "$A" "$HIT_B" -W 10
close_assocs
tool_a peer replace "$HIT_B" via fd00:a::77 via "$OB4"
check "one that does not answer, too" ping_ok "$A" "$HIT_B" -W 10
check_eq "the other was taken" "$(assoc "$A" peer_locator)" $OB4
close_assocs
ip -n "$A" -6 route add fd00:ee::/64 dev hip0
ip -n "$A" -6 route add prohibit fd00:ef::/64
ip -n "$A" route add 198.51.100.0/24 dev hip0
for locator in fd00:dead::1 203.0.113.7 fd00:ee::1 198.51.100.1 fd00:ef::1 192.0.2.255; do
	tool_a peer replace "$HIT_B" via $locator
	before=$(counter "$A" CtrlSendError)
	check_fails "$locator is no way" 1 "unreachable" ping_ok "$A" "$HIT_B" -W 5
	check_ge "$locator: is counted" "$(moved "$A" CtrlSendError "$before")" 1
done
# what is configured of a peer counts more than what is of all
tool_a peer replace "$HIT_B" via "$OB6" esp aes256-cbc-sha256
check "an exchange with a suite of its own" wait_for 10 ping_ok "$A" "$HIT_B" -W 2
check_eq "that suite is used" "$(assoc "$A" esp_suite)" 9
close_assocs

# nor is one that only the HIT can be the source for
ip -n "$A" -6 addr del $OA6/64 dev a0
ip -n "$A" -6 route add fd00:a::/64 dev a0
tool_a peer replace "$HIT_B" via "$OB6"
before=$(counter "$A" CtrlSendError)
check_fails "a HIT is no source" 1 "unreachable" ping_ok "$A" "$HIT_B" -W 5
check_ge "a HIT is no source: is counted" "$(moved "$A" CtrlSendError "$before")" 1
ip -n "$A" -6 route del fd00:a::/64 dev a0
ip -n "$A" -6 addr add $OA6/64 dev a0 nodad
map_peers 6

# an address that is gone when the CLOSE is sent
check "an exchange from an address" fresh
ip -n "$A" -6 addr add fd00:a::5/64 dev a0 nodad
ip -n "$A" -6 addr del $OA6/64 dev a0
before=$(counter "$A" CtrlSendError)
tool_a assoc close "$HIT_B"
check "a CLOSE from an address that is gone" \
	wait_for 10 grown "$A" CtrlSendError "$before"
ip -n "$A" -6 addr add $OA6/64 dev a0 nodad
check "is sent when it is back" wait_for 10 is_gone "$A"

# associations that go while hipd works for them, in each phase of an exchange
for ns in "$A" "$B"; do
	stop_helper "$ns"
	HIPD_TEST_DELAY_MS=400 start_helper "$ns"
	for n in 1 2 3 4; do
		close_assocs
		wait_for 10 gauge_is "$ns" UpcallsPending 0
		before=$(counter "$ns" Upcalls)
		in_a ping -6 -n -c 1 -W 1 "$HIT_B" >/dev/null 2>&1 &
		pinging=$!
		wait_for 10 grown "$ns" Upcalls "$before" $n
		close_assocs
		check "an association goes at request $n of ${ns%-*}" \
			wait_for 10 gauge_is "$ns" UpcallsPending 0
		kill $pinging 2>/dev/null
		wait $pinging 2>/dev/null
	done
	stop_helper "$ns"
	start_helper "$ns"
done
close_assocs

# an identity that goes takes its associations with it
check "a last exchange" fresh
check "the identity goes" tool_a identity del alice
check "and with it the association" wait_for 5 is_gone "$A"
test_end
