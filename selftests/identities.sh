#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Several identities of a host at the same time: which of them a socket speaks as,
# which of them answers, and two associations between the same two hosts.

# shellcheck disable=SC2119,SC2317 # no options; functions called by name
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

require ip ping jq python3

# pairs NAMESPACE: "local>peer" of its established associations, by name
pairs()
{
	"$HIPTOOL" -n "$1" -j assoc show |
		jq -r '.[] | select(.state == "ESTABLISHED" or .state == "R2-SENT") |
			"\(.local_hit)>\(.peer_hit)"' |
		sed "s/$HIT_A/alice/; s/$HIT_A2/alias/; s/$HIT_B/bob/; s/$HIT_B2/bert/" |
		sort | tr '\n' ' '
}
pairs_are() { [ "$(pairs "$1")" = "$2" ]; }

default_of()
{
	"$HIPTOOL" -n "$1" -j identity show | jq -r '[.[] | select(.default) | .name] | join(" ")'
}

# source_for HIT: as whom A would speak to it
source_for()
{
	ip -n "$A" -j -6 route get "$1" | jq -r '.[0].prefsrc' |
		sed "s/$HIT_A/alice/; s/$HIT_A2/alias/"
}

# client SOURCE|- HIT PORT: connects, from a socket that is bound to SOURCE, and tells
# who it is to the other side, and who asked there
client()
{
	in_a timeout 60 python3 - "$@" <<-'PY'
	import socket, sys
	s = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
	if sys.argv[1] != "-":
	    s.bind((sys.argv[1], 0))
	s.connect((sys.argv[2], int(sys.argv[3])))
	print(s.getsockname()[0], s.makefile().readline().strip())
	PY
}

# server PORT [HIT]: answers with the HIT of the client, and its own
server()
{
	in_b python3 - "$@" <<-'PY' &
	import socket, sys
	s = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
	s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
	s.bind((sys.argv[2] if len(sys.argv) > 2 else "::", int(sys.argv[1])))
	s.listen()
	while True:
	    c, peer = s.accept()
	    c.send(f"{peer[0]} {c.getsockname()[0]}\n".encode())
	    c.close()
	PY
	helpers+=($!)
	wait_for 10 listens "$1"
}
listens() { in_b ss -6ltn | grep -q ":$1 "; }

# packets NAMESPACE LOCAL PEER: received by that association
packets()
{
	"$HIPTOOL" -n "$1" -j assoc show peer "$3" local "$2" |
		jq '[.[0].sas[] | select(.direction == "in") | .packets] | add'
}

setup_hosts -q || { test_fail "two hosts"; test_end; }
tool_a config set failed-hold 0
HIT_A2=$(add_identity "$A" alias rsa2048-a) || test_fail "another identity of A"
HIT_B2=$(add_identity "$B" bert p384-b) || test_fail "another identity of B"
tool_a peer add "$HIT_B2" via "$OB6"
wait_for 60 r1_ready "$A" && wait_for 60 r1_ready "$B"

# ---- the default identity -----------------------------------------------------

check_eq "the first identity is the default" "$(default_of "$A")" alice
check "an unbound ping" ping_ok "$A" "$HIT_B"
check_eq "is from the default identity" "$(pairs "$A")" "alice>bob "
# HITs of one suite have four bits more in common, which must not count
others=
for hit in "$HIT_B" "$HIT_B2" 2001:21::1 2001:22::1 2001:23::1; do
	others+=" $(source_for "$hit")"
done
check_eq "and so is what is for HITs of any suite" "$others" \
	" alice alice alice alice alice"
close_assocs
check "another identity becomes the default" tool_a identity default alias
check_eq "it is shown as such" "$(default_of "$A")" alias
check_eq "an unbound socket uses it" "$(source_for "$HIT_B")" alias
check "an unbound ping then" ping_ok "$A" "$HIT_B"
check_eq "is from that one" "$(pairs "$A")" "alias>bob "
check "by HIT" tool_a identity default "$HIT_A"
check_eq "the first one is the default again" "$(default_of "$A")" alice
check_eq "what there is stays as it is" "$(pairs "$A")" "alias>bob "
check_fails "an identity that there is not" 1 "no identity" tool_a identity default nobody
check_fails "nor is one made of its HIT" 2 "no such identity" \
	tool_a identity default 2001:22::1
check_eq "none has changed" "$(default_of "$A")" alice
close_assocs

# ---- sockets that are bound -----------------------------------------------------

server 5001
server 5002 "$HIT_B2"
check_eq "a socket bound to the default identity" \
	"$(client "$HIT_A" "$HIT_B" 5001)" "$HIT_A $HIT_A $HIT_B"
check_eq "has an association of this identity" "$(pairs "$A")" "alice>bob "
check_eq "a socket bound to another identity" \
	"$(client "$HIT_A2" "$HIT_B" 5001)" "$HIT_A2 $HIT_A2 $HIT_B"
check_eq "has one of its own" "$(pairs "$A" | tr ' ' '\n' | grep alias)" "alias>bob"
check_eq "the Responder has both" "$(pairs "$B")" "bob>alias bob>alice "
check "a ping bound to another identity" ping_ok "$A" "$HIT_B" -I "$HIT_A2"
close_assocs

# ---- the Responder answers as the one who was called ------------------------------

check "the second identity is called" ping_ok "$A" "$HIT_B2"
check_eq "and answers" "$(pairs "$B")" "bert>alice "
check_eq "a socket bound to it is reached" \
	"$(client - "$HIT_B2" 5002)" "$HIT_A $HIT_A $HIT_B2"
check_fails "and not by another HIT" 1 "refused" client - "$HIT_B" 5002
check_eq "each HIT has its own association" "$(pairs "$B")" "bert>alice bob>alice "

# ---- two associations between two hosts -------------------------------------------

close_assocs
check "alice calls bob" ping_ok "$A" "$HIT_B" -I "$HIT_A"
check "while alias calls bert" ping_ok "$A" "$HIT_B2" -I "$HIT_A2"
check_eq "both are there" "$(pairs "$A") $(pairs "$B")" \
	"alias>bert alice>bob  bert>alias bob>alice "
check_eq "with four SPIs" "$(tool_a -j assoc show | jq '[.[].sas[].spi] | unique | length')" 4
one=$(packets "$B" "$HIT_B" "$HIT_A") two=$(packets "$B" "$HIT_B2" "$HIT_A2")
check "data of the one" ping_ok "$A" "$HIT_B" -I "$HIT_A" -c 5 -i 0.1
check "data of the other" ping_ok "$A" "$HIT_B2" -I "$HIT_A2" -c 3 -i 0.1
check_eq "each goes its own way" \
	"$(($(packets "$B" "$HIT_B" "$HIT_A") - one)) $(($(packets "$B" "$HIT_B2" "$HIT_A2") - two))" \
	"5 3"
# at once, and from the other side
tool_a assoc close all force; tool_b assoc close all force
ping_ok "$A" "$HIT_B" -I "$HIT_A" >"$TMP/one" 2>&1 &
first=$!
ping_ok "$A" "$HIT_B2" -I "$HIT_A2" >"$TMP/two" 2>&1 &
second=$!
wait $first && wait $second
check_eq "both exchanges at once" $? 0
check "the peer uses the one" ping_ok "$B" "$HIT_A" -I "$HIT_B"
check "and the other, bound" ping_ok "$B" "$HIT_A2" -I "$HIT_B2"
check_eq "nothing is mixed up" "$(pairs "$A") $(pairs "$B")" \
	"alias>bert alice>bob  bert>alias bob>alice "

check "one of them is closed" tool_a assoc close "$HIT_B2" local alias
check "the other is not" wait_for 10 pairs_are "$B" "bob>alice "
check "and works" ping_ok "$A" "$HIT_B" -I "$HIT_A"

# ---- an identity goes ---------------------------------------------------------------

check "the other again" ping_ok "$A" "$HIT_B2" -I "$HIT_A2"
check "the default identity is removed" tool_a identity del alice
check_eq "its association goes with it, and no other" "$(pairs "$A")" "alias>bert "
check_eq "the next identity is the default" "$(default_of "$A")" alias
check_eq "of unbound sockets" "$(source_for "$HIT_B")" alias
check "which work" ping_ok "$A" "$HIT_B"
check_fails "and nobody is alice any more" 2 "." ping_ok "$A" "$HIT_B" -I "$HIT_A"

test_end
