#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Races on purpose. In each round some of the actors below run side by side: they
# send, configure, close, kill the helper, take devices away, end namespaces. Then
# they stop, what they did is undone, and all must be as if nothing had been: no
# association left, nothing counted that can't be, an exchange from either side.
# At last the module is removed under the same fire.
#
# A new actor is a function actor_NAME, which does one thing and returns; its
# choices come from $RANDOM. What it may leave behind is undone by calm(), or by
# a function calm_NAME.
#
# HIP_SEED repeats the choice of actors and of what they do, though not, of
# course, in which order two CPUs do it. HIP_RACE_ROUNDS, HIP_RACE_SECONDS (of one
# round), HIP_RACE_RMMOD (rounds that end with rmmod), HIP_RACE_ACTORS (only
# these) and HIP_RACE_LIMIT (seconds after which no round begins).

# shellcheck disable=SC2317,SC2329 # functions called by name
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

require ip ping jq tc nft nc setsid

SEED=${HIP_SEED:-$((RANDOM << 15 | RANDOM))}
ROUNDS=${HIP_RACE_ROUNDS:-8}
ROUND_SECONDS=${HIP_RACE_SECONDS:-5}
RMMOD_ROUNDS=${HIP_RACE_RMMOD:-4}
LIMIT=${HIP_RACE_LIMIT:-$((${KSFT_TIMEOUT:-300} / 2))}
# how long what has no reason to wait may take on the slowest machine
PATIENCE=60

# What no race can bring about between two hosts that both are this module
IMPOSSIBLE="CtrlTruncated CtrlBadLength CtrlBadChecksum CtrlBadVersion
CtrlUnknownType CtrlParamOrder CtrlParamDuplicate CtrlParamUnknownCritical
CtrlParamOverrun CtrlParamBadLength CtrlParamBadValue CtrlParamMissing
CtrlBadSource CtrlBadHIT CtrlR1Anonymous CtrlNoMemory PuzzleWrong PuzzleUsed
HostIdHITMismatch HostIdBad SignatureWrong EncryptedWrong DHPublicValueBad
KeymatIndexBad UpcallBadReply UpcallFailed OutSequenceExhausted OutNoMemory
OutCryptoError InTruncated InIntegrity InCryptoError InPadding InBadNextHeader InNested
InDummy InNoMemory"

# ---- choosing --------------------------------------------------------------

# one_of WORD...: one of them, in $chosen (a subshell would not move RANDOM on)
one_of()
{
	shift $((RANDOM % $#))
	chosen=$1
}

# a_side: ns, dev, hit, peer, locator (of the peer), name
a_side()
{
	one_of A B
	if [ "$chosen" = A ]; then
		ns=$A dev=a0 hit=$HIT_A peer=$HIT_B locator=$OB6 name=alice
	else
		ns=$B dev=b0 hit=$HIT_B peer=$HIT_A locator=$OA6 name=bob
	fi
}

a_moment() { sleep "0.$((RANDOM % 4))$((RANDOM % 10))"; }

# at_once COMMAND...: on both hosts, with the HIT of the other as last argument
at_once()
{
	in_a "$@" "$HIT_B" &
	in_b "$@" "$HIT_A" &
	wait
}

# ---- actors: traffic -------------------------------------------------------

actor_ping_flood() { at_once timeout 2 ping -6 -n -q -f -w 1; }

actor_ping_big()
{
	a_side
	ip netns exec "$ns" timeout 2 ping -6 -n -q -i 0.002 -w 1 \
		-s $((RANDOM % 9000)) "$peer"
}

actor_udp()
{
	in_a timeout 2 bash -c "exec 3>/dev/udp/$HIT_B/9; for ((i = 0; i < 200; i++))
		do echo \$i >&3; done"
	in_b timeout 2 bash -c "exec 3>/dev/udp/$HIT_A/9; for ((i = 0; i < 200; i++))
		do echo \$i >&3; done"
}

actor_tcp()
{
	in_b timeout 3 nc -6 -l -N "$HIT_B" 5001 >/dev/null &
	in_a timeout 2 bash -c "head -c 2000000 /dev/zero >/dev/tcp/$HIT_B/5001"
	wait
}

# ---- actors: exchanges and their end ---------------------------------------

actor_both_start()
{
	close_assocs
	at_once timeout 2 ping -6 -n -q -c 2 -i 0.2
}

actor_rekey()
{
	one_of "" "" new-dh
	# shellcheck disable=SC2086
	{
		tool_a assoc rekey all $chosen &
		tool_b assoc rekey all $chosen
	}
	wait
}

actor_close()
{
	a_side
	one_of force "" ""
	# shellcheck disable=SC2086
	"$HIPTOOL" -n "$ns" assoc close all $chosen
	a_moment
}

# ---- actors: configuration -------------------------------------------------

actor_peer()
{
	a_side
	"$HIPTOOL" -n "$ns" peer del "$peer"
	"$HIPTOOL" -n "$ns" peer add "$peer" via 2001:db8::1 via "$locator"
	# not "esn off", which both must agree on: the ICV covers all 64 bits
	one_of "esn on" "esp 13,8" "esp 9"
	# shellcheck disable=SC2086
	"$HIPTOOL" -n "$ns" peer replace "$peer" via "$locator" $chosen
	# and one that is in nobody's way
	"$HIPTOOL" -n "$ns" peer replace "2001:22::$((RANDOM % 20 + 1))" via fd00::1
}

# who is in the way of it, and what it leaves, is the other actors' affair
actor_learn()
{
	a_side
	"$HIPTOOL" -n "$ns" config set opportunistic $((RANDOM % 4 != 0))
	one_of forget ask
	[ "$chosen" = ask ] || "$HIPTOOL" -n "$ns" peer del "$peer"
	"$HIPTOOL" -n "$ns" peer learn via fd00::1 wait 0
	"$HIPTOOL" -n "$ns" peer learn via "$locator" wait 2
	"$HIPTOOL" -n "$ns" peer replace "$peer" via "$locator"
}

actor_identity()
{
	a_side
	one_of "$name" extra extra
	"$HIPTOOL" -n "$ns" identity del "$chosen"
	a_moment
	"$HIPTOOL" -n "$ns" identity add "$chosen"
}

actor_config()
{
	a_side
	one_of "max-assocs 1" "max-assocs 65536" "max-half-open 1" \
		"max-half-open 1024" "max-peers 1" "max-peers 65536" \
		"max-identities 1" "max-identities 64" \
		"max-ctrl-pending 1" "max-ctrl-pending 256" "max-upcalls 1" \
		"max-upcalls 256" "queue-len 1" "queue-len 1000" "r1-rate 1" \
		"r1-rate 0" "notify-rate 0" "i1-timeout 100 i2-timeout 100" \
		"retries 1" "retries 5" "ual 1000" "ual 900000" "msl 100" \
		"failed-hold 0" "upcall-timeout 100" "upcall-timeout 10000" \
		"r1-lifetime 1000" "rekey-packets 50" "rekey-packets 0" \
		"rekey-time 300" "rekey-time 0" "puzzle-k 5" "puzzle-k 0" \
		"puzzle-lifetime 33" "puzzle-lifetime 37" "dh-groups p384,p256" \
		"dh-groups p256" "hip-ciphers aes256-cbc" \
		"hip-ciphers aes128-cbc,aes256-cbc" "esp-suites 8" \
		"esp-suites 13,8,9" "esp-suites 9,13"
	# shellcheck disable=SC2086
	"$HIPTOOL" -n "$ns" config set $chosen
}

actor_policy()
{
	a_side
	one_of "identity $name accept known" "identity $name accept none" \
		"identity $name accept all" "peer $peer access deny" \
		"peer $peer access allow"
	# shellcheck disable=SC2086
	"$HIPTOOL" -n "$ns" policy set $chosen
	"$HIPTOOL" -n "$ns" -j policy show >/dev/null
}

# identities are made anew
calm_policy()
{
	"$HIPTOOL" -n "$A" policy set peer "$HIT_B" access allow
	"$HIPTOOL" -n "$B" policy set peer "$HIT_A" access allow
}

actor_dump()
{
	a_side
	"$HIPTOOL" -n "$ns" -s -j assoc show >/dev/null
	"$HIPTOOL" -n "$ns" stats show >/dev/null
	"$HIPTOOL" -n "$ns" -s identity show >/dev/null
	"$HIPTOOL" -n "$ns" -j peer show >/dev/null
	"$HIPTOOL" -n "$ns" assoc keys "$peer" >/dev/null
	"$HIPTOOL" -n "$ns" config show >/dev/null
}

actor_monitor()
{
	a_side
	timeout 1 "$HIPTOOL" -n "$ns" -j monitor events >/dev/null
}

# ---- actors: devices and routes --------------------------------------------

actor_hip0()
{
	a_side
	one_of flap flap mtu del addr
	case $chosen in
	flap)
		ip -n "$ns" link set hip0 down
		a_moment
		ip -n "$ns" link set hip0 up
		ip -n "$ns" addr add "$hit/28" dev hip0 nodad ;;
	mtu)
		ip -n "$ns" link set hip0 mtu $((1280 + RANDOM % 8000)) ;;
	del)
		ip -n "$ns" link del hip0
		a_moment
		ip -n "$ns" link add hip0 type hip
		ip -n "$ns" link set hip0 up
		ip -n "$ns" addr add "$hit/28" dev hip0 nodad ;;
	addr)
		ip -n "$ns" addr flush dev hip0
		a_moment
		ip -n "$ns" addr add "$hit/28" dev hip0 nodad ;;
	esac
}

actor_link()
{
	a_side
	ip -n "$ns" link set "$dev" down
	a_moment
	ip -n "$ns" link set "$dev" up
	a_moment
	one_of 1280 1500 4000
	ip -n "$ns" link set "$dev" mtu "$chosen"
}

# The address goes with the link as well, so it is added again in any case
actor_address()
{
	local own

	a_side
	own=$OA6
	[ "$ns" = "$A" ] || own=$OB6
	ip -n "$ns" addr del "$own/64" dev "$dev"
	a_moment
	ip -n "$ns" addr add "$own/64" dev "$dev" nodad
	ip -n "$ns" -6 route flush cache
}

actor_netem()
{
	a_side
	one_of "delay 5ms 5ms loss 20% duplicate 20% reorder 25%" \
		"loss 30%" "duplicate 50%" "delay 20ms 10ms"
	# shellcheck disable=SC2086
	ip netns exec "$ns" tc qdisc replace dev "$dev" root netem $chosen
	a_moment
	a_moment
	ip netns exec "$ns" tc qdisc del dev "$dev" root
}

actor_firewall()
{
	a_side
	ip netns exec "$ns" nft -f - <<-END
	table inet races {
		chain in {
			type filter hook input priority 0;
			meta l4proto $((RANDOM % 2 ? 139 : 50)) reject
		}
	}
	END
	a_moment
	ip netns exec "$ns" nft delete table inet races
	ip -n "$ns" -6 rule add pref 100 to "$locator" blackhole
	a_moment
	ip -n "$ns" -6 rule del pref 100
}

# ---- actors: the helper, other namespaces ----------------------------------

# The pid is in a file: an actor is a process of its own
actor_helper()
{
	local pid

	a_side
	pid=$(<"$TMP/$ns.hipd.pid")
	one_of KILL TERM STOP STOP HUP
	kill -"$chosen" "$pid"
	a_moment
	case $chosen in
	STOP) kill -CONT "$pid" ;;
	HUP) ;;
	*)	a_moment
		spawn_helper "$ns" ;;
	esac
}

# A third host, which is gone before it can say so
actor_namespace()
{
	local ns=$C

	ip netns add "$ns" || return
	ip link add c0 netns "$ns" type veth peer name ac0 netns "$A"
	ip -n "$A" addr add fd00:c::1/64 dev ac0 nodad
	ip -n "$A" link set ac0 up
	ip -n "$ns" addr add fd00:c::2/64 dev c0 nodad
	ip -n "$ns" link set lo up
	ip -n "$ns" link set c0 up
	spawn_helper "$ns"
	wait_for 10 helper_ready "$ns"
	"$HIPTOOL" -n "$ns" config set dh-groups 7
	"$HIPTOOL" -n "$ns" identity add carol
	"$HIPTOOL" -n "$ns" peer add "$HIT_A" via fd00:c::1
	ip netns exec "$ns" timeout 5 ping -6 -n -q -i 0.002 "$HIT_A" &
	sleep 1
	a_moment
	forget_namespace
	wait
}

forget_namespace()
{
	ip netns pids "$C" 2>/dev/null | xargs -r kill -9
	ip netns del "$C"
	ip -n "$A" link del ac0
} 2>/dev/null

calm_namespace() { ip netns pids "$C" >/dev/null 2>&1 && forget_namespace; }

# ---- the stage -------------------------------------------------------------

spawn_helper()
{
	setsid ip netns exec "$1" "$HIPD" -d "$TMP/$1" </dev/null \
		>>"$TMP/$1.hipd.log" 2>&1 &
	echo $! >"$TMP/$1.hipd.pid"
	# bash would comment on its end
	disown
}

C=hipC-$$
actors=()

setup()
{
	add_namespace "$A" && add_namespace "$B" || return
	link_hosts "$A" a0 "$OA6" "$OA4" "$B" b0 "$OB6" "$OB4" || return
	mkdir -m 700 "$TMP/$C" || return
	install -m 600 "$SELFTESTS/data/keys/p384-a.pem" "$TMP/$A/extra.pem" &&
		install -m 600 "$SELFTESTS/data/keys/p384-b.pem" \
			"$TMP/$B/extra.pem" &&
		install -m 600 "$TMP/carol.pem" "$TMP/$C/" || return
	spawn_helper "$A"
	spawn_helper "$B"
	wait_for $PATIENCE helper_ready "$A" &&
		wait_for $PATIENCE helper_ready "$B" || return
	config=$(config_of "$A")
	tool_a config set dh-groups 7 && tool_b config set dh-groups 7 || return
	HIT_A=$(add_identity "$A" alice p256-a) || return
	HIT_B=$(add_identity "$B" bob p256-b) || return
	map_peers 6 || return
	wait_for $PATIENCE r1_ready "$A" && wait_for $PATIENCE r1_ready "$B"
}

config_of()
{
	"$HIPTOOL" -n "$1" -j config show | jq -r 'to_entries[] |
		"\(.key | gsub("_"; "-")) \(.value | if type == "array" then
		map(tostring) | join(",") else . end)"'
}

# run_actor NAME SEED: until the round is over
run_actor()
{
	local n

	RANDOM=$2
	for ((n = 0; n < 1000; n++)); do
		[ -e "$TMP/go" ] || break
		"actor_$1"
	done >"$TMP/$1.out" 2>&1
	echo "$1 $n" >>"$TMP/done"
}

# fire SEED: some actors for the time of a round
fire()
{
	local pool name n

	RANDOM=$1
	rm -f "$TMP/done"
	touch "$TMP/go"
	pool=("${all[@]}")
	actors=()
	n=$((4 + RANDOM % 3))
	while [ $n -gt 0 ] && [ ${#pool[@]} -gt 0 ]; do
		one_of "${!pool[@]}"
		actors+=("${pool[chosen]}")
		unset "pool[$chosen]"
		n=$((n - 1))
	done
	# There is traffic in any case
	[[ " ${actors[*]} " =~ \ (ping_|udp|tcp|both_) ]] ||
		[ -n "${HIP_RACE_ACTORS:-}" ] || actors+=(ping_flood)
	running=()
	for name in "${actors[@]}"; do
		run_actor "$name" $((RANDOM)) &
		running+=($!)
	done
}

cease()
{
	rm -f "$TMP/go"
	wait "${running[@]}"
}

# calm: what the actors may have left is undone
calm()
{
	local ns dev name words=() key value

	for name in "${actors[@]}"; do
		[ "$(type -t "calm_$name")" != function ] || "calm_$name"
	done
	while read -r key value; do
		[ "$key" != dh-groups ] || value=7
		words+=("$key" "$value")
	done <<<"$config"
	for ns in "$A" "$B"; do
		dev=a0 name=alice
		[ "$ns" = "$A" ] || dev=b0 name=bob
		kill -CONT "$(<"$TMP/$ns.hipd.pid")"
		helper_ready "$ns" || spawn_helper "$ns"
		ip netns exec "$ns" tc qdisc del dev "$dev" root
		ip netns exec "$ns" nft delete table inet races
		ip -n "$ns" -6 rule del pref 100
		ip -n "$ns" link set "$dev" mtu 1500 up
		ip -n "$ns" link del hip0
		"$HIPTOOL" -n "$ns" config set "${words[@]}"
		wait_for $PATIENCE helper_ready "$ns"
		"$HIPTOOL" -n "$ns" identity del extra
		"$HIPTOOL" -n "$ns" identity del $name
		"$HIPTOOL" -n "$ns" identity add $name
	done
	ip -n "$A" addr add "$OA6/64" dev a0 nodad
	ip -n "$B" addr add "$OB6/64" dev b0 nodad
	map_peers 6
	close_assocs
	wait_for $PATIENCE r1_ready "$A"
	wait_for $PATIENCE r1_ready "$B"
} >"$TMP/calm.out" 2>&1

at_rest()
{
	"$HIPTOOL" -n "$1" -j stats show | jq -e '.gauges |
		.Associations + .HalfOpen + .CtrlPending + .UpcallsPending +
		.SAs == 0'
}

# what can't happen, of what was counted
impossible()
{
	"$HIPTOOL" -n "$1" -j stats show | jq -r --arg list "$IMPOSSIBLE" \
		'.counters | to_entries[] | select(.value != 0) |
		 select(.key | IN($list | splits("[ \n]+"))) |
		 "\(.key)=\(.value)"'
}

works()
{
	ping_ok "$A" "$HIT_B" && close_assocs && ping_ok "$B" "$HIT_A"
}

# diagnose: for a round that went wrong
diagnose()
{
	local ns f

	for ns in "$A" "$B"; do
		"$HIPTOOL" -n "$ns" -s assoc show
		"$HIPTOOL" -n "$ns" stats show nonzero
		"$HIPTOOL" -n "$ns" identity show
		"$HIPTOOL" -n "$ns" peer show
		ip -n "$ns" addr show
	done
	cat "$TMP/calm.out"
	for f in "${actors[@]}"; do
		echo "$f:"
		tail -n 3 "$TMP/$f.out"
	done
}

# a_round NUMBER
a_round()
{
	local ok=1 why="" ns

	fire $((SEED + $1))
	sleep "$ROUND_SECONDS"
	cease
	calm
	for ns in "$A" "$B"; do
		wait_for $PATIENCE at_rest "$ns" || why+="$ns is not at rest; "
	done
	works >"$TMP/works" 2>&1 || why+="no exchange: $(<"$TMP/works"); "
	for ns in "$A" "$B"; do
		[ -z "$(impossible "$ns")" ] ||
			why+="can't be: $(impossible "$ns" | tr '\n' ' '); "
	done
	[ -z "$why" ] || ok=0
	if [ $ok = 1 ]; then
		test_pass "round $1: $(sort "$TMP/done" | tr '\n' ' ')"
	else
		test_fail "round $1: $(sort "$TMP/done" | tr '\n' ' ')" \
			"$why" "$(diagnose 2>&1)"
	fi
	close_assocs
}

# Somebody may be in the middle of a netlink request, which holds the module
rmmod_soon() { wait_for $PATIENCE unload_module; }

forget_hosts()
{
	local ns

	for ns in "$A" "$B" "$C"; do
		ip netns pids "$ns" 2>/dev/null | xargs -r kill -9 2>/dev/null
		ip netns del "$ns" 2>/dev/null
		rm -rf "${TMP:?}/$ns"
	done
	namespaces=()
}

# The actors go on while the module goes; every other time with requests that wait
# for a helper which does not answer
rmmod_round()
{
	local ok=1

	fire $((SEED + 1000 + $1))
	sleep "$((RANDOM % 3)).$((RANDOM % 10))"
	if [ $(($1 % 2)) = 1 ]; then
		kill -STOP "$(<"$TMP/$A.hipd.pid")" "$(<"$TMP/$B.hipd.pid")"
		close_assocs
		sleep 1
	fi
	rmmod_soon || ok=0
	# whatever they try now
	a_moment
	cease
	if [ $ok = 1 ] && ! module_loaded; then
		test_pass "rmmod $1 beside ${actors[*]}"
	else
		test_fail "rmmod $1 beside ${actors[*]}" "$(lsmod)"
	fi
}

cleanup_races()
{
	rm -f "$TMP/go"
	namespaces+=("$C")
	cleanup
}
trap cleanup_races EXIT

echo "# HIP_SEED=$SEED"
mapfile -t all < <(compgen -A function actor_ | sed s/^actor_//)
# shellcheck disable=SC2086 # a list
[ -z "${HIP_RACE_ACTORS:-}" ] || mapfile -t all < <(printf '%s\n' $HIP_RACE_ACTORS)
"$HIPTOOL" identity generate carol type ecdsa curve p256 dir "$TMP" >/dev/null 2>&1
setup >"$TMP/setup" 2>&1 || { test_fail "two hosts" "$(<"$TMP/setup")"; test_end; }
check "an exchange before all" works

for ((i = 1; i <= ROUNDS; i++)); do
	if [ $i -gt 1 ] && [ $SECONDS -gt "$LIMIT" ]; then
		echo "# round $i and what follows is left out after $SECONDS s"
		break
	fi
	a_round $i
done
forget_hosts

for ((i = 1; i <= RMMOD_ROUNDS; i++)); do
	if [ $i -gt 1 ] && [ $SECONDS -gt $((LIMIT + 60)) ]; then
		echo "# rmmod $i and what follows is left out after $SECONDS s"
		break
	fi
	if ! load_module || ! setup >"$TMP/setup" 2>&1; then
		test_fail "two hosts for rmmod $i" "$(<"$TMP/setup")"
		break
	fi
	rmmod_round $i
	forget_hosts
done
load_module
test_end
