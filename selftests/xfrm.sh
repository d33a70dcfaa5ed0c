#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# An independent ESP: the kernel's own IPsec in BEET mode takes over one end of
# an association, with the keys that `hiptool assoc keys` exports; both
# directions, each suite, IPv6 and IPv4 locators. And the kernel's own IPsec
# works beside us, in the same namespace, between other addresses.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

require ip ping jq nc nft

setup_hosts -q || { test_fail "two hosts"; test_end; }
ip -n "$A" xfrm state list >/dev/null 2>&1 || skip_all "no xfrm in this kernel"
head -c 1000000 /dev/urandom >"$TMP/file"

# xfrm_takes_over FAMILY: B's end becomes xfrm's
xfrm_takes_over()
{
	local la=$OA6 lb=$OB6

	[ "$1" = 4 ] && la=$OA4 && lb=$OB4
	# ready-made `ip xfrm state add` commands
	tool_b assoc keys "$HIT_A" format xfrm >"$TMP/xfrm" || return
	tool_b assoc close all force || return
	ip -n "$B" link set hip0 down
	ip -n "$B" addr add "$HIT_B/128" dev lo nodad
	if [ "$1" = 4 ]; then
		ip -n "$B" -6 route add "$HIT_A/128" dev lo src "$HIT_B"
	else
		ip -n "$B" -6 route add "$HIT_A/128" via "$la" dev b0 src "$HIT_B"
	fi
	in_b bash -e "$TMP/xfrm" || return
	ip -n "$B" xfrm policy add src "$HIT_B/128" dst "$HIT_A/128" dir out \
		tmpl src "$lb" dst "$la" proto esp mode beet || return
	ip -n "$B" xfrm policy add src "$HIT_A/128" dst "$HIT_B/128" dir in \
		tmpl src "$la" dst "$lb" proto esp mode beet
}

hip_is_back()
{
	ip -n "$B" xfrm state flush
	ip -n "$B" xfrm policy flush
	ip -n "$B" -6 route del "$HIT_A/128" 2>/dev/null
	ip -n "$B" addr del "$HIT_B/128" dev lo
	ip -n "$B" link set hip0 up
	ip -n "$B" addr replace "$HIT_B/28" dev hip0 nodad
	close_assocs
}

# suites that differ only in the length of the ICV, over IPv6 only
for family in 6 4; do
	map_peers $family
	suites="13 8 9 7 14 15"
	[ $family = 4 ] || suites+=" 1 10 11 12"
	for suite in $suites; do
		close_assocs
		tool_a config set esp-suites "$suite"
		tool_b config set esp-suites "$suite"
		sleep 1
		what="suite $suite, IPv$family locators"
		check "exchange, $what" wait_for 20 ping_ok "$A" "$HIT_B" -W 2
		check "xfrm takes over B's end, $what" xfrm_takes_over $family
		check "ping from hip to xfrm, $what" ping_ok "$A" "$HIT_B" -s 1000
		check "ping from xfrm to hip, $what" ping_ok "$B" "$HIT_A" -s 1000
		check "TCP from hip to xfrm, $what" tcp_through "$A" "$B" "$HIT_B"
		check "TCP from xfrm to hip, $what" tcp_through "$B" "$A" "$HIT_A"
		hip_is_back
	done
done

# with esp6_offload xfrm segments and encrypts below the IP layer
map_peers 6
tool_a config set esp-suites 13
tool_b config set esp-suites 13
if modprobe -q esp6_offload 2>/dev/null; then
	sleep 1
	check "exchange before esp6_offload" wait_for 20 ping_ok "$A" "$HIT_B" -W 2
	check "xfrm takes over with esp6_offload" xfrm_takes_over 6
	check "TCP from xfrm with esp6_offload" tcp_through "$B" "$A" "$HIT_A"
	check "TCP to xfrm with esp6_offload" tcp_through "$A" "$B" "$HIT_B"
	hip_is_back
else
	test_skip "xfrm with esp6_offload" "no such module"
fi

ss_shows_encap() { in_b ss -Hlun "sport = :4500" | grep -q 4500; }

# beside us: an ESP association of the kernel's own between the locators
key=0x000102030405060708090a0b0c0d0e0f10111213
for ns in "$A" "$B"; do
	ip -n "$ns" xfrm state add src $OA6 dst $OB6 proto esp spi 0x777 \
		mode transport replay-window 32 \
		aead 'rfc4106(gcm(aes))' $key 128 sel src $OA6 dst $OB6
	ip -n "$ns" xfrm state add src $OB6 dst $OA6 proto esp spi 0x778 \
		mode transport replay-window 32 \
		aead 'rfc4106(gcm(aes))' $key 128 sel src $OB6 dst $OA6
done
for pair in "$A $OA6 $OB6" "$B $OB6 $OA6"; do
	read -r ns here there <<<"$pair"
	ip -n "$ns" xfrm policy add src "$here" dst "$there" proto ipv6-icmp \
		dir out tmpl src "$here" dst "$there" proto esp mode transport
	ip -n "$ns" xfrm policy add src "$there" dst "$here" proto ipv6-icmp \
		dir in tmpl src "$there" dst "$here" proto esp mode transport
done
check "the kernel's own IPsec works with the module loaded" \
	ping_ok "$A" "$OB6" -s 1000
check "and so does ours" wait_for 20 ping_ok "$A" "$HIT_B" -W 2
used=$(ip -n "$B" -s xfrm state list | grep -c 'spi 0x00000777')
check_eq "both at once" "$used" 1
check_eq "and none of it is unknown to us" \
	"$(counter "$A" InUnknownSPI) $(counter "$B" InUnknownSPI)" "0 0"

# a tunnel of the kernel's IPsec between the locators: what is ESP already goes
# through it as well, RFC 7402, section 3.4
for ns in "$A" "$B"; do
	for sa in "$OA6 $OB6 0x787" "$OB6 $OA6 0x788"; do
		read -r from to spi <<<"$sa"
		ip -n "$ns" xfrm state add src "$from" dst "$to" proto esp \
			spi "$spi" mode tunnel replay-window 32 \
			aead 'rfc4106(gcm(aes))' $key 128
	done
done
for pair in "$A $OA6 $OB6" "$B $OB6 $OA6"; do
	read -r ns here there <<<"$pair"
	ip -n "$ns" xfrm policy add src "$here" dst "$there" proto esp \
		dir out tmpl src "$here" dst "$there" proto esp mode tunnel
done
# state_packets NAMESPACE SPI: of a state of the kernel's IPsec
state_packets()
{
	ip -n "$1" -s xfrm state list | grep -A 30 "spi 0x00000$2" |
		sed -n 's/.*(bytes), \([0-9]*\)(packets).*/\1/p' | head -n 1
}
check "ESP in a tunnel of IPsec" ping_ok "$A" "$HIT_B" -c 3
check_eq "each packet has both, one way" "$(state_packets "$A" 787) $(state_packets "$B" 787)" "3 3"
check_eq "each packet has both, the other way" \
	"$(state_packets "$A" 788) $(state_packets "$B" 788)" "3 3"
for pair in "$A $OA6 $OB6" "$B $OB6 $OA6"; do
	read -r ns here there <<<"$pair"
	ip -n "$ns" xfrm policy del src "$here" dst "$there" proto esp dir out
done
check "and without the tunnel as before" ping_ok "$A" "$HIT_B"

# ESP in UDP comes to us as well, and an ICMP error about ESP that is not ours
for ns in "$A" "$B"; do
	ip -n "$ns" xfrm state add src $OA4 dst $OB4 proto esp spi 0x779 \
		mode transport encap espinudp 4500 4500 0.0.0.0 \
		aead 'rfc4106(gcm(aes))' $key 128 sel src $OA4 dst $OB4
done
ip -n "$A" xfrm policy add src $OA4 dst $OB4 proto udp dport 9 dir out \
	tmpl src $OA4 dst $OB4 proto esp mode transport
in_b python3 - <<-'PY' &
	import socket, time
	sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
	sock.bind(("0.0.0.0", 4500))
	sock.setsockopt(socket.IPPROTO_UDP, 100, 2)         # UDP_ENCAP_ESPINUDP
	time.sleep(60)
	PY
udp_encap=$!
wait_for 5 ss_shows_encap
in_a bash -c "echo >/dev/udp/$OB4/9"
received() { [ "$(state_packets "$B" 779)" = 1 ]; }
check "ESP in UDP is left to the kernel's own IPsec" wait_for 5 received
kill $udp_encap
in_b nft -f - <<-RULES
	table inet refuse {
		chain in {
			type filter hook input priority 0;
			meta l4proto 50 reject with icmpx type admin-prohibited
		}
	}
	RULES
ping_ok "$A" "$OB6" -W 1 >/dev/null 2>&1
in_b nft delete table inet refuse
check "an ICMP error about the kernel's own IPsec is left to it" \
	ping_ok "$A" "$OB6" -s 1000

# The module comes and goes under a flow of the kernel's own. The helpers go with it.
in_a ping -6 -n -q -i 0.05 -w 120 "$OB6" >"$TMP/flow" 2>&1 &
flow=$!
for i in 1 2 3 4 5; do
	check "unloaded, $i" unload_module
	check "the kernel's own IPsec works after rmmod, $i" ping_ok "$A" "$OB6"
	check "loaded, $i" load_module
	check "and works with the module again, $i" ping_ok "$A" "$OB6"
done
kill -INT "$flow"
wait "$flow"
check "its flow has lost nothing" grep -q ", 0% packet loss" "$TMP/flow"

test_end
