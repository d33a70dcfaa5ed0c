#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# hiptool and the netlink API: permissions, bad input, exit codes, JSON.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

require ip jq

setup_hosts || { test_fail "two hosts"; test_end; }
HIT=2001:22:1111:2222:3333:4444:5555:6666

# usage errors: 1, and the argument is named
check_fails "no object" 1 "[Uu]sage" "$HIPTOOL"
check_fails "unknown object" 1 "frobnicate" "$HIPTOOL" frobnicate
check_fails "unknown verb" 1 "frob" "$HIPTOOL" peer frob
check_fails "missing argument" 1 "via" tool_a peer add $HIT
check_fails "bad HIT" 1 "2001:db8::1" tool_a peer add 2001:db8::1 via fd00::1
check_fails "not an address" 1 "nonsense" tool_a peer add $HIT via nonsense
check_fails "unknown key" 1 "colour" tool_a peer add $HIT via fd00::1 colour red
check_fails "bad switch" 1 "maybe" tool_a peer add $HIT via fd00::1 esn maybe
check_fails "unknown config key" 1 "nokey" tool_a config set nokey 1
check_fails "a key twice" 1 "given twice" tool_a peer add $HIT via fd00::1 ual 1 ual 2
check_fails "two addresses to learn from" 1 "given twice" tool_a peer learn via fd00::1 via fd00::2
check_fails "no such namespace" 1 "nowhere" "$HIPTOOL" -n nowhere peer show

# refusals of the kernel: 2, and a sentence
check_fails "HIT as locator" 2 "HIT" tool_a peer add $HIT via $HIT
check_fails "multicast locator" 2 "unicast|multicast" \
	tool_a peer add $HIT via ff02::1
check_fails "link-local locator" 2 "link-local" tool_a peer add $HIT via fe80::1
check "a peer" tool_a peer add $HIT via fd00::1 via 192.0.2.9 esn off esp aes128-cbc-sha256,aes-gcm-16
check_fails "the same peer again" 2 "exists" tool_a peer add $HIT via fd00::1
check "replace" tool_a peer replace $HIT via fd00::2
check_eq "is what show tells" \
	"$(tool_a -j peer show | jq -r ".[] | select(.hit == \"$HIT\") | .locators[0]")" \
	fd00::2
check "delete" tool_a peer del $HIT
check_fails "delete again" 2 "no such peer|not found|unknown" tool_a peer del $HIT
check_fails "an identity twice" 2 "exists|already" tool_a identity add alice

# a key that was replaced leaves an identity of the same name
mv "$TMP/$A/alice.pem" "$TMP/alice.pem"
install -m 600 "$SELFTESTS/data/keys/p384-b.pem" "$TMP/$A/alice.pem"
check "another key of the same name" tool_a identity add alice
check_fails "which of them is meant?" 1 "2 identities are named" \
	tool_a policy set identity alice accept none
check_fails "which of them is to go?" 1 "give the HIT" tool_a identity del alice
check_eq "nothing has changed" \
	"$(tool_a -j identity show | jq -c '[.[] | [.name, .accept]]')" \
	'[["alice","all"],["alice","all"]]'
other=$(tool_a -j identity show | jq -r ".[] | select(.hit != \"$HIT_A\") | .hit")
check "by its HIT it goes" tool_a identity del "$other"
mv -f "$TMP/alice.pem" "$TMP/$A/alice.pem"
check_eq "the HIT of a key in a directory" \
	"$(cd "$TMP" && echo nonsense >alice && "$HIPTOOL" identity hit alice dir "$TMP/$A")" "$HIT_A"

# who closes all ends exchanges as well
tool_a config set i1-timeout 60000
tool_a peer add $HIT via fd00:a::99
in_a ping -6 -n -c 1 -W 1 -I "$HIT_A" $HIT >/dev/null 2>&1
check_eq "an exchange with nobody" \
	"$(tool_a -j assoc show peer $HIT | jq -r '.[].state')" I1-SENT
check "close all" tool_a assoc close all
check_eq "it has ended" "$(tool_a -j assoc show peer $HIT | jq length)" 0
tool_a peer del $HIT
tool_a config set i1-timeout 500

# what is refused leaves nothing behind
C=hipC-$$
add_namespace "$C"
"$HIPTOOL" -n "$C" config set upcall-timeout 60000
check_fails "an identity without hipd is refused at once" 2 \
	"hipd is not running" timeout 20 "$HIPTOOL" -n "$C" identity add alice
check_fails "there is no hip0 then" 1 "does not exist" \
	ip -n "$C" link show hip0
install -m 600 "$SELFTESTS/data/keys/p256-a.pem" "$TMP/$C/alice.pem"
start_helper "$C"
ip -n "$C" link add hip0 type dummy
check_fails "a hip0 that is something else" 1 "not of type hip" \
	"$HIPTOOL" -n "$C" identity add alice
check_eq "there is no identity then" \
	"$("$HIPTOOL" -n "$C" -j identity show | jq length)" 0

check_fails "close nothing" 2 "no association|no such" tool_a assoc close $HIT
check_fails "config out of range" 2 "between" tool_a config set retries 1000000
check_fails "config with an unknown suite" 2 "suite|support" \
	tool_a config set esp-suites 99
check_eq "a refused config changes nothing" \
	"$(tool_a -j config show | jq -c .esp_suites)" "[13,8,9]"

# every show is valid JSON, also when empty and with an association
check "an association to show" ping_ok "$A" "$HIT_B"
for what in "identity show" "peer show" "assoc show" "config show" \
	"stats show" "assoc keys $HIT_B"; do
	# shellcheck disable=SC2086
	check "-j $what" bash -c "$HIPTOOL -n $A -j $what | jq -e . >/dev/null"
	# shellcheck disable=SC2086
	check "$what" tool_a $what
done
check "version" "$HIPTOOL" -V
check "help" "$HIPTOOL" help

# who may do what; uid 65534 without capabilities
as_nobody()
{
	in_a setpriv --reuid 65534 --regid 65534 --clear-groups \
		--bounding-set -all --inh-caps -all "$HIPTOOL" "$@"
}
check_fails "nobody may not add peers" 2 "CAP_NET_ADMIN|[Pp]ermi" \
	as_nobody peer add $HIT via fd00::1
check_fails "nobody may not see keys" 2 "CAP_NET_ADMIN|[Pp]ermi" \
	as_nobody assoc keys "$HIT_B"
check_fails "nobody may not close" 2 "CAP_NET_ADMIN|[Pp]ermi" \
	as_nobody assoc close "$HIT_B"
check_fails "nobody may not listen to events" 2 "CAP_NET_ADMIN|[Pp]ermi" \
	as_nobody monitor
check "nobody may look at counters" as_nobody stats show
check_eq "nothing changed" "$(assoc "$A" state)" ESTABLISHED

# a dump that needs many messages, while the table changes
for i in $(seq 500); do
	printf 'peer add 2001:22::%x via fd00::%x\n' "$i" "$i"
done >"$TMP/batch"
while read -r line; do
	# shellcheck disable=SC2086
	tool_a $line || break
done <"$TMP/batch"
check_eq "a dump of 501 peers" "$(tool_a -j peer show | jq length)" 501
check_eq "each once" \
	"$(tool_a -j peer show | jq '[.[].hit] | unique | length')" 501

# without the module
unload_module
check_fails "without the module it says so" 1 \
	"Host Identity Protocol kernel module is not loaded: modprobe hip" \
	tool_a peer show
load_module
test_end
