# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # used by, and from, who sources this
#
# What a base exchange costs, and beside it IKEv2 with strongSwan, for
# tools/bench/guest: one after another, and many that begin together.
#
# With both, a program sends a packet to an address which there is no SA for, and the
# packet waits for the exchange that this begins: HIP's own queue, or that of a policy
# of xfrm. HIP has an identity of B for each exchange. IKEv2 has an IKE_SA for each, and
# all with the same two keys, which cost nothing to look at: they are no certificates,
# but known to both sides.
#
# Keys, signatures and DH have the same curve; the SAs are BEET with AES-GCM-16.

EXCHANGES=8		# one after another
EXCHANGES_AT_ONCE=${HIP_BENCH_AT_ONCE:-100}	# less, to try something out

CHARON=/usr/sbin/charon-systemd
IKE_INNER_B=fd00:c	# ::1 and so on

# exchange_rows MODE TEST CURVE ALL HELPERS
exchange_rows()
{
	[ -n "$5" ] || return
	say row "$1" "$2" "${3#p}" 6 instructions "$4"
	say row "$1" "$2-helper" "${3#p}" 6 instructions "$5"
	say row "$1" "$2-kernel" "${3#p}" 6 instructions $(($4 - $5))
}

# measure_first MODE CURVE FROM ADDRESS...: the first few one after another, the rest
# at once. The very first is not counted: what it takes once is no part of an exchange.
measure_first()
{
	local mode=$1 curve=$2 from=$3 all helpers
	local ends=("$A" "$from" "$B" :: "${helper_pid[$A]}" "${helper_pid[$B]}")

	shift 3
	"$load" first "${ends[@]}" "$1" >/dev/null || return
	read -r all helpers < <("$load" first "${ends[@]}" "${@:2:EXCHANGES}")
	exchange_rows "$mode" handshake "$curve" "$all" "$helpers" || return
	shift $((1 + EXCHANGES))
	read -r all helpers < <("$load" first-at-once "${ends[@]}" "$@")
	exchange_rows "$mode" "handshake-$#" "$curve" "$all" "$helpers"
}

# ---- HIP ------------------------------------------------------------------

# hip_identities CURVE N: B gets them, with R1s; their HITs are in hits
hip_identities()
{
	local i hit

	for ((i = 0; i < $2; i++)); do
		hit=$(add_identity "$B" "bob$i" type ecdsa curve "$1") &&
			tool_a peer replace "$hit" via "$OB6" || return
		hits+=("$hit")
	done
	wait_for 600 r1_ready "$B"
}

# What is limited, of both hosts, and what was sent again therefore
limits_met()
{
	tool_b -j config show | jq -r '"max-half-open \(.max_half_open), r1-rate \(.r1_rate), puzzle-k \(.puzzle_k)"'
	{
		tool_a -j stats show
		tool_b -j stats show
	} | jq -rs '[.[].counters | to_entries[] | select(.value > 0 and (.key | test("Limit|Retrans|Full")))] |
		map("\(.key)=\(.value)") | join(" ")'
}

exchanges_hip()
{
	local hits=()

	mode_select exchange "$1"
	setup_hosts -n "$1-a" "$1-b" && tool_a config set dh-groups "$2" &&
		tool_b config set dh-groups "$2" &&
		tool_b config set max-identities $(($3 + 1)) &&
		hip_identities "$1" "$3" || return
	fix_neighbours
	measure_first hip-gcm16 "$1" "$HIT_A" "${hits[@]}" || return
	say config "HIP, $1: limits" "$(limits_met | paste -sd " ")"
}

# ---- IKEv2 ----------------------------------------------------------------

# strongswan_conf FILE SOCKET: what is needed and no more, nothing that guards against
# floods, and no retransmission of what only waits for the processor
strongswan_conf()
{
	cat >"$1" <<-END
	charon-systemd {
		load = random nonce openssl kdf pem pkcs1 pkcs8 pubkey kernel-netlink socket-default vici
		# without it BEET is not agreed on
		send_vendor_id = yes
		# an IKE_SA for each
		reuse_ikesa = no
		install_routes = no
		install_virtual_ip = no
		dos_protection = no
		retransmit_timeout = 120
		half_open_timeout = 600
		ikesa_table_size = 256
		ikesa_table_segments = 4
		journal {
			default = -1
		}
		plugins {
			vici {
				socket = unix://$2
			}
		}
	}
	swanctl {
		load = random openssl pem pkcs1 pkcs8 pubkey
	}
	END
}

# ike_connection NAME HOST LOCATOR PEER LOCATOR CURVE TS TS [trap]
ike_connection()
{
	cat <<-END
	$1 {
		version = 2
		local_addrs = $3
		remote_addrs = $5
		proposals = aes128gcm16-prfsha384-ec$6
		unique = never
		send_cert = never
		send_certreq = no
		mobike = no
		fragmentation = no
		rekey_time = 0
		reauth_time = 0
		local {
			auth = pubkey
			id = $2
			pubkeys = $2.pem
		}
		remote {
			auth = pubkey
			id = $4
			pubkeys = $4.pem
		}
		children {
			$1 {
				mode = beet
				local_ts = $7
				remote_ts = $8
				esp_proposals = aes128gcm16
				rekey_time = 0
				start_action = ${9:-none}
			}
		}
	}
	END
}

# ike_connections N CURVE: of A, one for each address of B, and the one of B
ike_connections()
{
	local i

	{
		echo "connections {"
		for ((i = 1; i <= $1; i++)); do
			ike_connection "c$i" a "$OA6" b "$OB6" "$2" \
				"$INNER_A/128" "$IKE_INNER_B::$(printf %x "$i")/128" trap
		done
		echo "}"
	} >"$TMP/$A/swanctl/swanctl.conf"
	{
		echo "connections {"
		ike_connection c b "$OB6" a "$OA6" "$2" $IKE_INNER_B::/64 "$INNER_A/128"
		echo "}"
	} >"$TMP/$B/swanctl/swanctl.conf"
}

# ike_keys CURVE: each has its own, and both have both public ones
ike_keys()
{
	local name host
	local -A host_of=([a]=$TMP/$A/swanctl [b]=$TMP/$B/swanctl)

	mkdir -p "$TMP/$A"/swanctl/{private,pubkey} "$TMP/$B"/swanctl/{private,pubkey}
	for name in a b; do
		host=${host_of[$name]}
		openssl genpkey -quiet -algorithm EC -pkeyopt "ec_paramgen_curve:P-${1#p}" \
			-out "$host/private/$name.pem" || return
		openssl pkey -pubout -in "$host/private/$name.pem" |
			tee "${host_of[a]}/pubkey/$name.pem" >"${host_of[b]}/pubkey/$name.pem"
	done
}

# start_charon NAMESPACE: its pid is where hipd's is with HIP
start_charon()
{
	local ns=$1

	strongswan_conf "$TMP/$ns/strongswan.conf" "$TMP/$ns/vici"
	STRONGSWAN_CONF=$TMP/$ns/strongswan.conf \
		ip netns exec "$ns" $CHARON >"$TMP/$ns/charon.log" 2>&1 &
	helper_pid["$ns"]=$!
	helpers+=($!)
	wait_for 30 test -S "$TMP/$ns/vici" || return
	STRONGSWAN_CONF=$TMP/$ns/strongswan.conf SWANCTL_DIR=$TMP/$ns/swanctl \
		swanctl --load-all --uri "unix://$TMP/$ns/vici" >"$TMP/$ns/swanctl.log" 2>&1 ||
		{ cat "$TMP/$ns/swanctl.log" "$TMP/$ns/charon.log" >&2; return 1; }
}

# ike_agreed N: so many pairs of SAs are there, and they are what was asked for
ike_agreed()
{
	local sas

	sas=$(ip -n "$A" xfrm state)
	[ "$(grep -c 'aead rfc4106(gcm(aes))' <<<"$sas")" = $((2 * $1)) ] &&
		[ "$(grep -c 'mode beet' <<<"$sas")" = $((2 * $1)) ]
}

exchanges_ike()
{
	local i addrs=()

	for ((i = 1; i <= $2; i++)); do
		addrs+=("$IKE_INNER_B::$(printf %x "$i")")
	done
	mode_select ike "$1"
	pair_setup && ike_keys "$1" && ike_connections "$2" "$1" || return
	ip -n "$A" addr add "$INNER_A/128" dev lo nodad
	ip -n "$A" route add $IKE_INNER_B::/64 via "$OB6" dev a0 src "$INNER_A"
	ip -n "$B" route add local $IKE_INNER_B::/64 dev lo
	ip -n "$B" route add "$INNER_A/128" via "$OA6" dev b0
	fix_neighbours
	# what has no SA yet waits, and is not lost
	in_a sysctl -qw net.core.xfrm_larval_drop=0
	start_charon "$B" && start_charon "$A" &&
		measure_first ikev2 "$1" "$INNER_A" "${addrs[@]}" || return
	ike_agreed "$2" || { echo "# not the SAs that were wanted" >&2; return 1; }
}

# ---- both, and libcrypto --------------------------------------------------

# measure_exchanges CURVE DH-GROUP
measure_exchanges()
{
	local n=$((1 + EXCHANGES + EXCHANGES_AT_ONCE)) i sums
	local names=(generate derive sign verify handshake handshake-ikev2)

	exchanges_hip "$1" "$2" $n || return
	if [ -x $CHARON ]; then
		exchanges_ike "$1" $n || return
	else
		say config "IKEv2" "not measured: no charon-systemd"
	fi
	read -r -a sums < <("$here/floor" "$1")
	[ ${#sums[@]} = ${#names[@]} ] || return
	for i in "${!names[@]}"; do
		say row libcrypto "${names[i]}" "${1#p}" 6 instructions "${sums[i]}"
	done
}
