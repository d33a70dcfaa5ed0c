#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The configuration of a namespace: each value within its range and at its ends,
# lists, and that what is refused changes nothing.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

require ip jq openssl

# shown KEY: its value
shown() { tool_a -j config show | jq -c ".${1//-/_}"; }

# name, least, most; as in Documentation/netlink/specs/hip.yaml
ranges='max-assocs 1 1048576
max-half-open 1 65536
max-peers 1 1048576
max-identities 1 1024
max-ctrl-pending 1 65536
max-upcalls 1 65536
queue-len 1 1024
r1-rate 0 1000000
notify-rate 0 1000000
i1-timeout 50 60000
i2-timeout 50 60000
retries 1 16
ual 0 604800000
msl 10 3600000
failed-hold 0 3600000
upcall-timeout 100 60000
r1-lifetime 1000 86400000
r1-reuse 0 86400000
puzzle-k 0 32
puzzle-k-load 0 32
puzzle-k-max 0 32
puzzle-lifetime 32 44
rekey-packets 0 9007199254740991
rekey-bytes 0 9007199254740991
rekey-time 0 604800000
rekey-new-dh 0 1
null-encrypt 0 1
opportunistic 0 1'

# check_refused NAME PATTERN KEY VALUE...: and nothing has changed
check_refused()
{
	local name=$1 pattern=$2 before

	shift 2
	before=$(tool_a -j config show)
	check_fails "$name" 2 "$pattern" tool_a config set "$@"
	check_eq "$name: nothing has changed" "$(tool_a -j config show)" "$before"
}

add_namespace "$A" || { test_fail "a namespace"; test_end; }
start_helper "$A"
before=$(tool_a -j config show)

# RFC 7402, section 3.3.5
check_eq "all that is sent is encrypted by default" "$(jq -c .esp_suites <<<"$before")" \
	"[13,8,9]"
# RFC 7401, sections 7 and 4.1.2
check_eq "puzzles cost nothing by default" "$(jq .puzzle_k <<<"$before")" 0
check_eq "they and R1s are renewed every five minutes by default" \
	"$(jq .r1_lifetime <<<"$before")" 300000

while read -r key least most; do
	wrong=
	tool_a config set "$key" "$most" && [ "$(shown "$key")" = "$most" ] ||
		wrong+=" not $most"
	tool_a config set "$key" "$least" && [ "$(shown "$key")" = "$least" ] ||
		wrong+=" not $least"
	! tool_a config set "$key" $((most + 1)) 2>/dev/null ||
		wrong+=" but $((most + 1))"
	[ "$least" = 0 ] || ! tool_a config set "$key" $((least - 1)) 2>/dev/null ||
		wrong+=" but $((least - 1))"
	[ "$(shown "$key")" = "$least" ] || wrong+=" changed by what it refused"
	check_eq "$key from $least to $most" "$wrong" ""
done <<<"$ranges"
check_eq "these are all" "$(jq -r '[to_entries[] | select(.value | type == "number")] | length' \
	<<<"$before")" "$(wc -l <<<"$ranges")"
check_refused "the range is told" "retries must be between 1 and 16" retries 17
check_refused "all or nothing" "between" queue-len 7 retries 17

check "lists" tool_a config set dh-groups 3,4,7,8,9 hip-ciphers 4,2 esp-suites 8,13,9
check_eq "in the order that is given" "$(shown dh-groups)$(shown hip-ciphers)$(shown esp-suites)" \
	"[3,4,7,8,9][4,2][8,13,9]"
check_refused "a DH group that we lack" "not supported: 3, 4, or 7 to 11" dh-groups 7,12
check_refused "one that has no number in HIPv2" "not supported" dh-groups 6
check_refused "a DH group twice" "twice" dh-groups 7,8,7
check_refused "a HIP cipher that we lack" "not supported" hip-ciphers 2,3
check_refused "the NULL cipher" "is for tests" hip-ciphers 2,1
check "the NULL cipher for tests" tool_a config set null-encrypt 1 hip-ciphers 1,2
check_refused "no end of the tests with the NULL cipher still there" "is for tests" \
	null-encrypt 0
check "the end of the tests" tool_a config set null-encrypt 0 hip-ciphers 4,2
check_refused "a HIP cipher twice" "twice" hip-ciphers 2,2
check_refused "an ESP suite that we lack" "not supported" esp-suites 13,6
check_refused "an ESP suite twice" "twice" esp-suites 13,13
check_refused "more ESP suites than fit" "more than 6" esp-suites 1,8,9,10,11,12,13
for suite in 1 7 10 11 12 14 15; do
	check "ESP suite $suite" tool_a config set esp-suites 13,$suite
done
check "all there are" tool_a config set dh-groups 3,4,7,8,9,10,11
check "one is enough" tool_a config set dh-groups 8 hip-ciphers 2 esp-suites 13
check_eq "one is left" "$(shown dh-groups)$(shown hip-ciphers)$(shown esp-suites)" "[8][2][13]"

# limits on what is configured
tool_a config set upcall-timeout 60000 max-upcalls 256 max-identities 1 max-peers 2
add_identity "$A" alice p256-a >/dev/null
check_fails "one identity more than allowed" 2 "." add_identity "$A" carol p384-a
check_eq "is not there" "$(tool_a -j identity show | jq length)" 1
tool_a peer add 2001:22::1 via fd00::1
tool_a peer add 2001:22::2 via fd00::2
check_fails "one peer more than allowed" 2 "." tool_a peer add 2001:22::3 via fd00::3
check "but one may be replaced" tool_a peer replace 2001:22::2 via fd00::4 esp aes128-cbc-sha256
check_eq "two are there" "$(tool_a -j peer show | jq length)" 2

# keys that are no identities
key() { openssl genpkey -algorithm "$@" -out "$TMP/$A/bad.pem" 2>/dev/null &&
	chmod 600 "$TMP/$A/bad.pem"; }
tool_a config set max-identities 64
key RSA -pkeyopt rsa_keygen_bits:1024
check_fails "an RSA key that is too short" 2 "hipd has no key" tool_a identity add bad
key EC -pkeyopt ec_paramgen_curve:P-521
check_fails "a curve that HIP does not have" 2 "hipd has no key" tool_a identity add bad
key ED25519
check_fails "an algorithm that we lack" 2 "hipd has no key" tool_a identity add bad
check_fails "a name with a blank" 1 "is not a name" tool_a identity add "bl ank"
check "a name of all that is allowed" bash -c "
	cp $TMP/$A/alice.pem $TMP/$A/a-Z_0.9.pem && $HIPTOOL -n $A identity del alice &&
	$HIPTOOL -n $A identity add a-Z_0.9"
check_fails "a name that is too long" 1 "is not a name" tool_a identity add "$(printf 'x%.0s' {1..64})"
check_fails "an identity that is not there" 1 "no identity" tool_a identity del nobody
check_eq "none of them is there" "$(tool_a -j identity show | jq length)" 1

# another namespace has its own
add_namespace "$B"
check_eq "a new namespace has the defaults" "$(tool_b -j config show)" "$before"
test_end
