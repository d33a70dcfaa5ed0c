#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Every allocation that hip.ko makes fails: when it is loaded, in new namespaces,
# in netlink requests, exchanges, traffic and closes. It may cost a packet or
# fail a request, but nothing crashes, gets stuck or is left over, and the next
# attempt works. What leaks or is locked twice is found by the debug kernels.
#
# Each scenario of faults.py runs once to learn which allocations it makes (see
# net/hip/tests/fault/hip_fault.c), and then twice for each of them: with a
# failure, and without.
#
#   HIP_FAULTS=N     only N failures of each scenario, taken at random by HIP_SEED;
#                    0: all of them, for which only User Mode Linux is quick enough
#   HIP_FAULTS_OF="exchange close"   only these scenarios

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

DEBUGFS=/sys/kernel/debug
KO=${HIP_KO:-$TOP/build/kmod-$(uname -r)/net/hip/hip.ko}
FAULT_KO=$(dirname "$KO")/hip_fault.ko
SEED=${HIP_SEED:-$RANDOM}
case $(uname -r) in
*-uml) sample=${HIP_FAULTS:-0} ;;
*) sample=${HIP_FAULTS:-3} ;;
esac

[ "$(id -u)" = 0 ] || skip_all "must be run as root"
[ -f "$FAULT_KO" ] ||
	skip_all "only on kernels whose allocations can be made to fail (tools/vm/run --kernel uml)"
mountpoint -q $DEBUGFS || mount -t debugfs none $DEBUGFS || skip_all "no debugfs"
unload_module || skip_all "hip.ko is in use"
insmod "$FAULT_KO" || skip_all "hip_fault.ko can't be loaded"
require ip jq python3

setup_hosts -q || { test_fail "two hosts"; test_end; }
# each round may end with an ICMP error
in_a sysctl -qw net.ipv6.icmp.ratelimit=0
in_b sysctl -qw net.ipv6.icmp.ratelimit=0
install -m 600 "$SELFTESTS/data/keys/p384-a.pem" "$TMP/$A/extra.pem"

echo "# HIP_SEED=$SEED"
campaign()
{
	# shellcheck disable=SC2086 # a list
	python3 "$SELFTESTS/faults.py" --uapi "$TOP/include/uapi/linux/hip.h" \
		--fault $DEBUGFS/hip_fault --ko "$KO" --seed "$SEED" \
		--sample "$sample" \
		--host "$A" alice "$HIT_A" "$OA6" "$OA4" \
		--host "$B" bob "$HIT_B" "$OB6" "$OB4" ${HIP_FAULTS_OF:-}
	echo "status $?"
}

status=
while read -r verdict text; do
	case $verdict in
	pass) test_pass "$text" ;;
	fail) test_fail "${text%% | *}" "${text#* | }" ;;
	status) status=$text ;;
	skip) test_skip "${text%% | *}" "${text#* | }" ;;
	*) echo "$verdict $text" ;;
	esac
done < <(campaign)
check_eq "faults.py has come to its end" "$status" 0

for ns in "$A" "$B"; do stop_helper "$ns"; done
check "the module goes when all is over" unload_module
rmmod hip_fault
test_end
