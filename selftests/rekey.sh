#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# New SAs for a living association (RFC 7402, sections 6.8 to 6.10): with and
# without a new Diffie-Hellman key, begun by either side or by both, or by itself
# when a limit is reached, with each of the UPDATEs lost, and under a TCP stream.
# What a peer can do wrong is in update.sh.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

require ip ping jq nft python3

spis() { "$HIPTOOL" -n "$1" -j assoc show | jq -r '.[0].sas | sort_by(.direction) | map(.spi) | join(" ")'; }

# lose NAMESPACE N: the next N UPDATEs that this host sends
lose()
{
	ip netns exec "$1" nft -f - <<-END
		table inet lose {
			chain out {
				type filter hook output priority 0
				meta l4proto 139 @th,16,8 16 limit rate 1/day burst $2 packets counter drop
			}
		}
	END
}

heal() { ip netns exec "$1" nft delete table inet lose 2>/dev/null; }

# rekeyed NAMESPACE N: it has completed N more than $rekeys says
rekeyed() { [ "$(counter "$1" Rekeys)" = $((${rekeys[$1]} + $2)) ]; }

# moved_by NAMESPACE COUNTER BEFORE N
moved_by() { [ "$(moved "$1" "$2" "$3")" = "$4" ]; }

declare -A rekeys
mark()
{
	rekeys[$A]=$(counter "$A" Rekeys)
	rekeys[$B]=$(counter "$B" Rekeys)
}

# as few SAs as before the first rekey, once data went both ways
settled()
{
	ping_ok "$A" "$HIT_B" -W 1 >/dev/null && gauge_is "$A" SAs 2 && gauge_is "$B" SAs 2
}

# check_rekeyed NAME: both are done once, use new SPIs, and have no others
check_rekeyed()
{
	local now

	check "$1: both are done" wait_for 10 rekeyed "$A" 1
	check "$1: both are done, the other" wait_for 10 rekeyed "$B" 1
	check "$1: data goes on" ping_ok "$A" "$HIT_B" -W 2
	check "$1: the old SAs are gone" wait_for 5 settled
	now=$(spis "$A")
	check_eq "$1: both know the same SPIs" "$now" \
		"$(spis "$B" | awk '{ print $2, $1 }')"
	check "$1: which are new" test "$now" != "$before"
	before=$now
}

setup_hosts -q || { test_fail "two hosts"; test_end; }
# nothing is repeated, however slow the machine, until something is lost on purpose
tool_a config set i2-timeout 30000 r1-lifetime 3600000
tool_b config set i2-timeout 30000 r1-lifetime 3600000
check_fails "there must be an association" 2 "no association" tool_a assoc rekey "$HIT_B"
check "an exchange" ping_ok "$A" "$HIT_B"
check "and back" ping_ok "$B" "$HIT_A"
before=$(spis "$A")

for case in "A:" "B:" "A:new-dh" "B:new-dh" "A:"; do
	ns=$A hit=$HIT_B
	[ "${case%:*}" = A ] || { ns=$B; hit=$HIT_A; }
	mark
	name="${case%:*} begins${case#*:}"
	# shellcheck disable=SC2086
	check "$name" "$HIPTOOL" -n "$ns" assoc rekey "$hit" ${case#*:}
	check_rekeyed "$name"
done
updates=$(($(counter "$A" UpdateSent) + $(counter "$B" UpdateSent)))
check_eq "each took three UPDATEs" "$updates" 15

# both at once
for name in "both begin" "both begin new-dh"; do
	words=${name#both begin}
	mark
	# shellcheck disable=SC2086
	tool_a assoc rekey "$HIT_B" $words &
	# shellcheck disable=SC2086
	tool_b assoc rekey "$HIT_A" $words
	wait $!
	wait_for 10 rekeyed "$A" 1
	mark_done=$(($(counter "$A" Rekeys) - ${rekeys[$A]}))
	check "$name: done" test "$mark_done" -ge 1
	check "$name: data goes on" ping_ok "$A" "$HIT_B" -W 2
	check "$name: the old SAs are gone" wait_for 5 settled
	before=$(spis "$A")
done

# each UPDATE lost, once and twice
tool_a config set i2-timeout 300
tool_b config set i2-timeout 300
for case in A:1 B:1 A:2 B:2; do
	ns=$A
	[ "${case%:*}" = A ] || ns=$B
	mark
	lose "$ns" "${case#*:}"
	tool_a assoc rekey "$HIT_B"
	check_rekeyed "${case#*:} UPDATEs of ${case%:*} lost"
	heal "$ns"
done

tool_a config set i2-timeout 2000
tool_b config set i2-timeout 2000

# The old inbound SA goes after a time, if its successor gets no data; rekey-time
# has both look after the association in time, but keys that are not used are kept
tool_a config set msl 1000 rekey-time 3000
tool_b config set msl 1000 rekey-time 3000
mark
check "a rekey and no data" tool_a assoc rekey "$HIT_B"
wait_for 10 rekeyed "$A" 1
check "the old SAs are gone in time" wait_for 30 gauge_is "$A" SAs 2
check "on the other side too" wait_for 30 gauge_is "$B" SAs 2
check "and there is no further rekey" rekeyed "$A" 1
check "data goes on" ping_ok "$A" "$HIT_B"
tool_b config set rekey-time 0

# limits PINGS KEY VALUE...: of A. SAs know their limit of packets from the beginning;
# octets are looked at once a minute
limits()
{
	local pings=$1

	shift
	tool_a config set rekey-packets 0 rekey-bytes 0 rekey-time 0
	tool_a config set "$@"
	mark
	tool_a assoc rekey "$HIT_B"
	wait_for 10 rekeyed "$A" 1
	wait_for 10 rekeyed "$B" 1
	mark
	upcalls=$(counter "$A" Upcalls)
	in_a ping -6 -n -q -i 0.05 -c "$pings" -s 1000 -W 5 "$HIT_B" >/dev/null
}

# by itself; with a new Diffie-Hellman key two requests to hipd more: one to make it,
# one to use it
for case in "60 packets 40 0 3" "60 packets 40 1 5" "60 bytes 40000 0 3" "1 time 4000 1 5"; do
	read -r pings key value dh requests <<<"$case"
	limits "$pings" "rekey-$key" "$value" rekey-new-dh "$dh"
	check "rekey-$key, rekey-new-dh $dh: both are done" wait_for 100 rekeyed "$A" 1
	check "rekey-$key, rekey-new-dh $dh: both are done, the other" wait_for 10 rekeyed "$B" 1
	check_eq "rekey-$key, rekey-new-dh $dh: requests to hipd" \
		"$(moved "$A" Upcalls "$upcalls")" "$requests"
done
limits 60 rekey-packets 70
check "below the limit there is none" rekeyed "$A" 0
limits 1 rekey-packets 0
check "still there" ping_ok "$A" "$HIT_B"

# Without hipd there is no new Diffie-Hellman key, and the SAs stay as they are
failed=$(counter "$A" RekeysFailed)
before=$(spis "$A")
stop_helper "$A"
check "without hipd" tool_a assoc rekey "$HIT_B" new-dh
check "without hipd: counted" wait_for 60 moved_by "$A" RekeysFailed "$failed" 1
check "without hipd: data goes on" ping_ok "$A" "$HIT_B"
# one that wants no new key begins, but nobody signs the UPDATE: no reason to think
# that the peer is gone
tool_a config set upcall-timeout 200 i2-timeout 200 retries 3
failed=$(counter "$A" RekeysFailed)
check "without hipd and without a new key" tool_a assoc rekey "$HIT_B"
check "without hipd: it is given up" wait_for 60 moved_by "$A" RekeysFailed "$failed" 1
check_eq "without hipd: the association stays" "$(assoc "$A" state)" ESTABLISHED
check "without hipd: data goes on then" ping_ok "$A" "$HIT_B"
tool_a config set upcall-timeout 10000 i2-timeout 2000 retries 5
check_eq "without hipd: by the same SAs" "$(spis "$A")" "$before"
start_helper "$A"
check "hipd is back" wait_for 30 helper_ready "$A"
mark
check "hipd is back: a rekey" tool_a assoc rekey "$HIT_B" new-dh
check_rekeyed "hipd is back"

# rekeys under a stream, which ends when they are done
stream='
import hashlib, os, socket, sys, time
sha, size, stop = hashlib.sha256(), 0, sys.argv[3]
if sys.argv[1] == "send":
    with socket.create_connection((sys.argv[2], 5001)) as s:
        while not os.path.exists(stop):
            block = os.urandom(65536)
            s.sendall(block)
            sha.update(block)
            size += len(block)
            time.sleep(0.1)     # something is left for the rekeys
else:
    with socket.create_server((sys.argv[2], 5001), family=socket.AF_INET6) as l:
        s, _ = l.accept()
        pause, last = [0, 0], time.monotonic()
        while block := s.recv(65536):
            sha.update(block)
            size += len(block)
            now, phase = time.monotonic(), os.path.exists(stop + ".rekeys")
            pause[phase], last = max(pause[phase], now - last), now
        print("# longest pause without rekeys, and with them: %.0f ms, %.0f ms" %
              (pause[0] * 1000, pause[1] * 1000), file=sys.stderr)
print(sha.hexdigest(), size)
'
in_b timeout 600 python3 -c "$stream" receive "$HIT_B" "$TMP/stop" >"$TMP/received" &
receiver=$!
wait_for 5 listening "$B" 5001
mark
in_a timeout 600 python3 -c "$stream" send "$HIT_B" "$TMP/stop" >"$TMP/sent" &
sender=$!
sleep 3
touch "$TMP/stop.rekeys"
repeated=$(in_a nstat -a -z -s TcpRetransSegs | awk '/Tcp/ { print $2 }')
# with sanitizers everything takes several times as long
case $(uname -r) in
*-hip-*) n=${HIP_REKEYS:-15} ;;
*) n=${HIP_REKEYS:-50} ;;
esac
done_rekeys=0
for ((i = 1; i <= n; i++)); do
	words=
	[ $((i % 5)) != 0 ] || words=new-dh
	if [ $((i % 2)) = 0 ]; then
		# shellcheck disable=SC2086
		tool_a assoc rekey "$HIT_B" $words
	else
		# shellcheck disable=SC2086
		tool_b assoc rekey "$HIT_A" $words
	fi
	wait_for 20 rekeyed "$A" "$i" || break
	wait_for 20 rekeyed "$B" "$i" || break
	done_rekeys=$i
done
touch "$TMP/stop"
wait $sender $receiver
check_eq "rekeys under a stream" "$done_rekeys" "$n"
check "octets came" test "$(awk '{ print $2 }' "$TMP/received")" -gt 0
check_eq "not an octet of the stream is lost or changed" "$(cat "$TMP/received")" \
	"$(cat "$TMP/sent")"
echo "# the stream: $(cat "$TMP/sent"); segments that TCP repeated: $repeated" \
	"before, $(in_a nstat -a -z -s TcpRetransSegs | awk '/Tcp/ { print $2 }') after"
for name in InIntegrity InReplay; do
	check_eq "no $name" "$(counter "$A" $name) $(counter "$B" $name)" "0 0"
done

test_end
