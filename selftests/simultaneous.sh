#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Both hosts start at once, so that their I1s cross on a slow link (RFC 7401,
# 4.4.3 and 6.7): the host with the smaller HIT does not answer the other's I1, so
# that one exchange is left. There is one association, and it works in both
# directions.

# shellcheck disable=SC2119,SC2317 # no options; functions called by name
# shellcheck source-path=SCRIPTDIR source=wire_lib.bash
. "$(dirname "$0")/wire_lib.bash"

require ip ping jq tc

ROUNDS=${ROUNDS:-2}

# cross NAME: one round; the I1s pass each other within the delay of the link
cross()
{
	local name=$1 ya yb i1a i1b pa pb

	close_assocs
	wait_for 10 no_assocs || { test_fail "$name: a clean start"; return; }
	ya=$(counter "$A" CtrlSimultaneousYielded)
	yb=$(counter "$B" CtrlSimultaneousYielded)
	i1a=$(counter "$A" I1Received)
	i1b=$(counter "$B" I1Received)

	rm -f "$TMP/go"
	ping_at_go "$A" "$HIT_B" &
	pa=$!
	ping_at_go "$B" "$HIT_A" &
	pb=$!
	sleep 1
	touch "$TMP/go"
	wait $pa; pa=$?
	wait $pb; pb=$?
	check_eq "$name: the first packet of each gets through" "$pa $pb" "0 0"
	if ! wait_for 30 both_established; then
		test_fail "$name: ESTABLISHED" "A: $(tool_a assoc show)" \
			"B: $(tool_b assoc show)"
	fi
	check_eq "$name: one association on each side" \
		"$(n_assocs "$A") $(n_assocs "$B")" "1 1"
	check_eq "$name: the I1s have crossed" \
		"$(moved "$A" I1Received "$i1a") $(moved "$B" I1Received "$i1b")" \
		"1 1"
	ya=$(moved "$A" CtrlSimultaneousYielded "$ya")
	yb=$(moved "$B" CtrlSimultaneousYielded "$yb")
	check_eq "$name: one side has yielded" "$((ya + yb))" 1
	check_eq "$name: one is Initiator, one Responder" \
		"$(printf '%s\n' "$(assoc "$A" role)" "$(assoc "$B" role)" |
			sort | tr '\n' ' ')" "initiator responder "
	check "$name: ping from A" ping_ok "$A" "$HIT_B"
	check "$name: ping from B" ping_ok "$B" "$HIT_A"
}

# the less there is to do then, the less they miss each other
ping_at_go()
{
	ip netns exec "$1" bash -c "until [ -e $TMP/go ]; do sleep 0.01; done
		exec ping -6 -n -c 1 -W 40 $2" >/dev/null 2>&1
}

no_assocs() { [ "$(n_assocs "$A")$(n_assocs "$B")" = 00 ]; }

setup_hosts -q || { test_fail "two hosts"; test_end; }
for pair in "$A a0" "$B b0"; do
	# shellcheck disable=SC2086
	set -- $pair
	tc -n "$1" qdisc add dev "$2" root netem delay 1500ms ||
		skip_all "netem is not available"
done
# no retransmission while a packet is under way
tool_a config set i1-timeout 20000 i2-timeout 20000
tool_b config set i1-timeout 20000 i2-timeout 20000
# neighbours know each other, so that only I1s are delayed
ip netns exec "$A" ping -6 -c 1 -W 5 "$OB6" >/dev/null

greater()
{
	[ "$(printf '%s\n' "$(full "$HIT_A")" "$(full "$HIT_B")" | sort |
		tail -n 1)" = "$(full "$HIT_A")" ]
}

full() { "$PYTHON" -c "import ipaddress as i; print(i.ip_address('$1').exploded)"; }

for round in $(seq "$ROUNDS"); do
	cross "round $round"
done

# the other order of HITs: A gets the greater one if it had the smaller one
if greater; then was=greater; else was=smaller; fi
for _ in $(seq 20); do
	close_assocs
	tool_a identity del alice >/dev/null
	rm -f "$TMP/$A"/*.pem
	HIT_A=$(add_identity "$A" alice type ecdsa curve p256)
	if greater; then now=greater; else now=smaller; fi
	[ "$now" = "$was" ] || break
done
map_peers 6
wait_for 30 r1_ready "$A"
check_eq "the HITs are the other way round" "$([ "$now" != "$was" ] && echo yes)" yes
for round in $(seq "$ROUNDS"); do
	cross "HITs the other way round, round $round"
done

test_end
