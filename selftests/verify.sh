#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The tests of the tests: hip_wire.py against published vectors, and
# verify_capture.py against exchanges of other implementations (data/), which it
# must find right, and wrong when a bit is flipped. Needs neither the module nor
# root.

cd "$(dirname "$0")" || exit 1

PYTHON=/usr/bin/python3
export PYTHONDONTWRITEBYTECODE=1
n=0
failed=0

ok() { n=$((n + 1)); echo "ok $n $1"; }

not_ok()
{
	n=$((n + 1))
	failed=$((failed + 1))
	echo "not ok $n $1"
	printf '%s\n' "$2" | sed 's/^/#    /'
}

# verifies NAME EXPECTED_STATUS OPTIONS...
verifies()
{
	local name=$1 want=$2 out rc

	shift 2
	out=$("$PYTHON" verify_capture.py "$@" 2>&1)
	rc=$?
	if [ "$rc" = "$want" ]; then ok "$name"; else not_ok "$name" "$out"; fi
}

if ! "$PYTHON" -c "import cryptography" 2>/dev/null; then
	echo "1..0 # SKIP python3-cryptography is not installed"
	exit 4
fi

while read -r result name; do
	if [ "$result" = ok ]; then ok "$name"; else not_ok "$name" "$result"; fi
done < <("$PYTHON" vectors.py 2>&1)

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# neither of them does 64-bit sequence numbers; one fills a reserved octet
verifies "capture of RSA, DH group 3, ENCRYPTED" 0 data/c1.pcap \
	--kij data/c1.kij --no-esn --any-reserved --want I1,R1,I2,R2,ESP
verifies "capture of RSA, DH group 7, UPDATE, CLOSE" 0 data/c2.pcap \
	--kij data/c2.kij --no-esn --want I1,R1,I2,R2,UPDATE,CLOSE,CLOSE_ACK,ESP
verifies "its ICVs fail over 64-bit sequence numbers" 1 data/c2.pcap \
	--kij data/c2.kij
verifies "its reserved octet is noticed" 1 data/c1.pcap --kij data/c1.kij \
	--no-esn
verifies "a missing packet type is noticed" 1 data/c1.pcap \
	--kij data/c1.kij --no-esn --any-reserved --want NOTIFY

# one bit of any packet: this copies the capture, and flips it
flip()
{
	"$PYTHON" - data/c2.pcap "$tmp/flipped.pcap" "$1" <<-'END'
	import struct, sys
	raw = bytearray(open(sys.argv[1], "rb").read())
	at = 24
	for _ in range(int(sys.argv[3]) - 1):
	    at += 16 + struct.unpack_from("<I", raw, at + 8)[0]
	at += 16 + struct.unpack_from("<I", raw, at + 8)[0]
	raw[at - 30] ^= 4
	open(sys.argv[2], "wb").write(raw)
	END
}

for packet in 1 2 3 4 5 6 10 15 16 17 18 19 20 21; do
	flip "$packet"
	verifies "a flipped bit is noticed, in packet $packet" 1 \
		"$tmp/flipped.pcap" --kij data/c2.kij --no-esn
done

echo "1..$n"
[ "$failed" = 0 ]
