#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""bogus: packets of strangers, to be sent by "load packets".

    bogus.py --selftests DIR --local ADDR --peer ADDR --hit HIT --key KIND \\
             --dh GROUP --number N CASE FILE

To FILE go N IPv6 packets from ADDR to the host ADDR whose HIT is given, each
behind its length in two octets. What is not wrong on purpose is right.
"""
import argparse
import os
import struct
import sys


def options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    for name in ("selftests", "local", "peer", "hit", "key"):
        parser.add_argument(f"--{name}", required=True)
    for name in ("dh", "number"):
        parser.add_argument(f"--{name}", required=True, type=int)
    parser.add_argument("case", choices=("i1", "i1-again", "i2-solution", "i2-mac",
                                         "i2-signature"))
    parser.add_argument("file", type=argparse.FileType("wb"))
    return parser.parse_args()


def make_packets(args):
    """(source, HIP packet without checksum) of each"""
    import hippeer as p
    import malformed as m

    t = m.Target(args.local, args.peer, args.hit)
    i1 = t.i1()
    if args.case == "i1":
        # no two from one network: the limits of an address are not the matter
        for net in range(args.number):
            yield (b"\xfd\0\0\x0f" + struct.pack("!IQ", net, 1),
                   i1[:8] + m.random_hit() + i1[24:])
        return
    if args.case == "i1-again":
        yield from [(t.link.local, i1)] * args.number
        return
    for at in range(args.number):
        if args.case == "i2-signature":
            t.identity = p.Identity.generate(args.key)
            t.bend(I2__signature=p.flip)
        elif args.case == "i2-mac":
            # nobody looks at the HIT before the MAC
            t.identity.hit = m.random_hit()
            t.bend(I2__mac=p.flip)
        elif at:
            yield t.link.local, raw
            continue
        initiator = t.initiator(dh=(args.dh,))
        initiator.get_r1()
        raw = initiator.i2_packet(solve=args.case != "i2-solution")
        yield t.link.local, raw


def main():
    args = options()
    sys.path.insert(0, args.selftests)
    import hip_wire as w

    peer = w.address(args.peer)
    for source, raw in make_packets(args):
        raw = w.with_checksum(raw, source, peer)
        head = struct.pack("!IHBB", 6 << 28, len(raw), w.IPPROTO_HIP, 64)
        packet = head + source + peer + raw
        args.file.write(struct.pack("!H", len(packet)) + packet)


if __name__ == "__main__":
    main()
