# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # used by who sources this
#
# Pairs of hosts that talk to each other in one way, for tools/bench/guest. Needs
# selftests/lib.sh.
#
# mode_setup MODE LOCATORS makes the namespaces A-MODE-LOCATORS and B-...; the
# addresses which programs use are in ${addr_a[...]} and ${addr_b[...]}.

declare -A addr_a addr_b

# Keys of the peers without a key exchange; an AES-GCM one ends in its salt
KEY_GCM=0x000102030405060708090a0b0c0d0e0f10111213
KEY_CBC=0x000102030405060708090a0b0c0d0e0f
KEY_CBC256=0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
KEY_MAC=0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
INNER_A=fd00:b::1
INNER_B=fd00:b::2

# What udev loads on a host: without them SAs silently get the generic C ciphers
load_ciphers()
{
	local m

	for m in aesni_intel ghash_clmulni_intel sha256_ssse3 sha512_ssse3 \
		 curve25519_x86_64 veth xfrm_user esp4 esp6; do
		modprobe -q $m || echo "# no $m"
	done
}

# The neighbours of a pair do not have to be asked for
fix_neighbours()
{
	local mac_a mac_b

	mac_a=$(in_a cat /sys/class/net/a0/address)
	mac_b=$(in_b cat /sys/class/net/b0/address)
	ip -n "$A" neigh replace "$OB6" lladdr "$mac_b" dev a0 nud permanent
	ip -n "$A" neigh replace "$OB4" lladdr "$mac_b" dev a0 nud permanent
	ip -n "$B" neigh replace "$OA6" lladdr "$mac_a" dev b0 nud permanent
	ip -n "$B" neigh replace "$OA4" lladdr "$mac_a" dev b0 nud permanent
}

pair_setup()
{
	add_namespace "$A" && add_namespace "$B" &&
		link_hosts "$A" a0 "$OA6" "$OA4" "$B" b0 "$OB6" "$OB4"
}

# Inner addresses on lo, reached by the link. With IPv4 locators there is no such
# route: what xfrm does not take has nowhere to go.
inner_setup()
{
	ip -n "$A" addr add $INNER_A/128 dev lo nodad
	ip -n "$B" addr add $INNER_B/128 dev lo nodad
	ip -n "$A" route add $INNER_B/128 via "$OB6" dev a0 src $INNER_A
	ip -n "$B" route add $INNER_A/128 via "$OA6" dev b0 src $INNER_B
}

# xfrm_setup MODE CIPHER LOCATOR_A LOCATOR_B
xfrm_setup()
{
	local mode=$1 a=$3 b=$4 algo ns seq="replay-window 32"
	local to_b="src $INNER_A/128 dst $INNER_B/128"
	local to_a="src $INNER_B/128 dst $INNER_A/128"
	local tmpl_b="tmpl src $a dst $b proto esp mode $mode"
	local tmpl_a="tmpl src $b dst $a proto esp mode $mode"

	case $2 in
	gcm) algo="aead rfc4106(gcm(aes)) $KEY_GCM 128" ;;
	cbc256) algo="enc cbc(aes) $KEY_CBC256 auth-trunc hmac(sha256) $KEY_MAC 128" ;;
	cbc*) algo="enc cbc(aes) $KEY_CBC auth-trunc hmac(sha256) $KEY_MAC 128" ;;
	esac
	# 64-bit sequence numbers, as HIP has them
	[[ $2 != *-esn ]] || seq="replay-window 64 flag esn"
	# shellcheck disable=SC2086 # words are words
	for ns in "$A" "$B"; do
		ip -n "$ns" xfrm state add src $a dst $b proto esp spi 0x101 \
			mode $mode $seq $algo sel $to_b || return
		ip -n "$ns" xfrm state add src $b dst $a proto esp spi 0x102 \
			mode $mode $seq $algo sel $to_a || return
	done
	# shellcheck disable=SC2086
	ip -n "$A" xfrm policy add $to_b dir out $tmpl_b &&
		ip -n "$A" xfrm policy add $to_a dir in $tmpl_a &&
		ip -n "$B" xfrm policy add $to_a dir out $tmpl_a &&
		ip -n "$B" xfrm policy add $to_b dir in $tmpl_b
}

# wireguard_setup LOCATOR_A LOCATOR_B
wireguard_setup()
{
	local ns

	for ns in "$A" "$B"; do
		ip -n "$ns" link add wg0 type wireguard || return
		(umask 077; wg genkey >"$TMP/$ns/wg")
	done
	in_a wg set wg0 private-key "$TMP/$A/wg" listen-port 51820 \
		peer "$(wg pubkey <"$TMP/$B/wg")" allowed-ips $INNER_B/128 \
		endpoint "[$2]:51820" || return
	in_b wg set wg0 private-key "$TMP/$B/wg" listen-port 51820 \
		peer "$(wg pubkey <"$TMP/$A/wg")" allowed-ips $INNER_A/128 \
		endpoint "[$1]:51820" || return
	ip -n "$A" addr add $INNER_A/128 dev wg0 nodad
	ip -n "$B" addr add $INNER_B/128 dev wg0 nodad
	ip -n "$A" link set wg0 up
	ip -n "$B" link set wg0 up
	ip -n "$A" route add $INNER_B/128 dev wg0
	ip -n "$B" route add $INNER_A/128 dev wg0
}

# hip_mode SUITE FAMILY: by the exchange, as anybody would
hip_mode()
{
	setup_hosts -n || return
	tool_a config set esp-suites "$1" && tool_b config set esp-suites "$1" &&
		map_peers "$2" && wait_for 60 r1_ready "$A" &&
		wait_for 60 r1_ready "$B"
}

# The kernel's own segmentation and merging of ESP, which is off by default
offload_setup()
{
	modprobe esp6_offload && modprobe esp4_offload &&
		in_a ethtool -K a0 gro on && in_b ethtool -K b0 gro on
}

# mode_setup MODE LOCATORS: sets A and B
mode_setup()
{
	local mode=$1 pair=$1-$2 la=$OA6 lb=$OB6 inner_a=$INNER_A inner_b=$INNER_B

	[ "$2" = 6 ] || { la=$OA4; lb=$OB4; }
	mode_select "$mode" "$2"
	case $mode in
	hip-*) ;;
	*) pair_setup || return ;;
	esac
	case $mode in
	plain) inner_setup ;;
	xfrm-beet-gcm) inner_setup; xfrm_setup beet gcm "$la" "$lb" ;;
	xfrm-beet-cbc) inner_setup; xfrm_setup beet cbc "$la" "$lb" ;;
	xfrm-beet-cbc-esn) inner_setup; xfrm_setup beet cbc-esn "$la" "$lb" ;;
	xfrm-beet-cbc256) inner_setup; xfrm_setup beet cbc256 "$la" "$lb" ;;
	xfrm-tunnel-gcm) inner_setup; xfrm_setup tunnel gcm "$la" "$lb" ;;
	xfrm-beet-gcm-offload)
		offload_setup && inner_setup && xfrm_setup beet gcm "$la" "$lb" ;;
	xfrm-beet-cbc-offload)
		offload_setup && inner_setup && xfrm_setup beet cbc "$la" "$lb" ;;
	wireguard) wireguard_setup "$la" "$lb" ;;
	hip-gcm16) hip_mode 13 "$2" ;;
	hip-cbc-sha256) hip_mode 8 "$2" ;;
	hip-cbc256-sha256) hip_mode 9 "$2" ;;
	*) echo "unknown mode $mode" >&2; false ;;
	esac || return
	case $mode in
	hip-*) inner_a=$HIT_A; inner_b=$HIT_B ;;
	esac
	fix_neighbours
	addr_a[$pair]=$inner_a
	addr_b[$pair]=$inner_b
	wait_for 60 ping_ok "$A" "$inner_b" -I "$inner_a"
}

# mode_select MODE LOCATORS: A and B are the hosts of this mode
mode_select()
{
	A=A-$1-$2
	B=B-$1-$2
}
