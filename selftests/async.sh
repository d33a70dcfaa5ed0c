#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Ciphers that complete later. The vector implementations do, when a packet
# arrives while another user of the FPU was interrupted: here a process that
# encrypts through AF_ALG on each CPU, and packets that a timer (netem) delivers.
# Nothing may be lost, nothing stay behind, and with the load gone the fast way
# is taken again.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

require ip ping jq tc taskset nc sha256sum
grep -qE '^driver *: .*(aesni|vaes)' /proc/crypto ||
	skip_all "this kernel has no cipher that uses the FPU"

setup_hosts -q || { test_fail "two hosts"; test_end; }
ip netns exec "$A" tc qdisc add dev a0 root netem delay 300us limit 10000
ip netns exec "$B" tc qdisc add dev b0 root netem delay 300us limit 10000

# busy: kernel FPU use on every CPU, by the processes in $users, as long as $TMP/busy
# is there
busy()
{
	local cpu

	users=()
	touch "$TMP/busy"
	for cpu in $(seq 0 $(($(nproc) - 1))); do
		rm -f "$TMP/user.$cpu"
		timeout 200 taskset -c "$cpu" python3 - "$TMP" "$cpu" <<-'PY' &
		import os, socket, sys
		alg = socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET)
		alg.bind(("skcipher", "cbc(aes)"))
		alg.setsockopt(socket.SOL_ALG, socket.ALG_SET_KEY, bytes(16))
		open(f"{sys.argv[1]}/user.{sys.argv[2]}", "w").close()
		while os.path.exists(f"{sys.argv[1]}/busy"):
		    op, _ = alg.accept()
		    with op:
		        for _ in range(50):
		            op.sendmsg_afalg([bytes(32768)], op=socket.ALG_OP_ENCRYPT,
		                             iv=bytes(16))
		            op.recv(32768)
		PY
		users+=($!)
		wait_for 15 test -e "$TMP/user.$cpu"
	done
}

asyncs() { echo $(($(counter "$1" InAsync) + $(counter "$1" OutAsync))); }

lost() { sed -n 's/.* \([0-9.]*\)% packet loss.*/\1/p' "$1"; }

for suite in 13 8; do
	close_assocs
	tool_a config set esp-suites $suite
	tool_b config set esp-suites $suite
	check "exchange, suite $suite" wait_for 20 ping_ok "$A" "$HIT_B" -W 2
	before=$(($(asyncs "$A") + $(asyncs "$B")))
	busy
	# A packet has to come just then: in 300 some do, on most machines
	lost=0
	for _ in 1 2 3 4 5 6 7 8; do
		in_a ping -6 -n -q -i 0.01 -c 300 -W 5 "$HIT_B" >"$TMP/pings" 2>&1
		[ "$(lost "$TMP/pings")" = 0 ] || lost=1
		later=$(($(asyncs "$A") + $(asyncs "$B") - before))
		[ $later = 0 ] || break
	done
	rm "$TMP/busy"
	check_eq "no ping is lost beside AF_ALG, suite $suite" $lost 0
	check_ge "some of them completed later, suite $suite" "$later" 1
	check_eq "none was wrong, suite $suite" \
		"$(counter "$A" InIntegrity)$(counter "$B" InIntegrity)" 00
	wait "${users[@]}"
done

check "everything goes away that completed later" bash -c "
	ip netns exec $A ping -6 -q -i 0.01 -c 50 $HIT_B"
stop_helper "$A" KILL
stop_helper "$B" KILL
ip netns del "$A"
ip netns del "$B"
namespaces=()
check "rmmod" unload_module
load_module
test_end
