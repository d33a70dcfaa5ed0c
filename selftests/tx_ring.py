#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Send UDP through hip0 from a ring of a packet socket, for device.sh.

Prints how many of the frames the kernel has given back, after each was sent.
"""
import ipaddress
import mmap
import socket
import struct
import sys
import time

SOL_PACKET, PACKET_VERSION, PACKET_TX_RING = 263, 10, 13
TPACKET_V2, SEND_REQUEST, AVAILABLE = 1, 1, 0
ETH_P_IPV6, FRAME, FRAMES, HEADER = 0x86dd, 2048, 32, 32


def checksum(data):
    data += bytes(len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return 0xffff - total or 0xffff


def udp(src, dst, port, payload):
    length = 8 + len(payload)
    pseudo = src + dst + struct.pack("!IxxxB", length, socket.IPPROTO_UDP)
    head = struct.pack("!HHHH", port, port, length, 0)
    sum_ = checksum(pseudo + head + payload)
    return (struct.pack("!IHBB", 6 << 28, length, socket.IPPROTO_UDP, 64) + src +
            dst + head[:6] + struct.pack("!H", sum_) + payload)


def main():
    src, dst = (ipaddress.ip_address(a).packed for a in sys.argv[1:3])
    port, rounds = int(sys.argv[3]), int(sys.argv[4])
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_IPV6))
    sock.setsockopt(SOL_PACKET, PACKET_VERSION, TPACKET_V2)
    sock.setsockopt(SOL_PACKET, PACKET_TX_RING,
                    struct.pack("IIII", 2 * FRAME, FRAMES // 2, FRAME, FRAMES))
    ring = mmap.mmap(sock.fileno(), FRAME * FRAMES)
    sock.bind(("hip0", ETH_P_IPV6))
    back = 0
    for n in range(rounds):
        at = n % FRAMES * FRAME
        packet = udp(src, dst, port, n.to_bytes(4, "big") * 50 * (1 + n % 5))
        ring[at + HEADER:at + HEADER + len(packet)] = packet
        ring[at + 4:at + 8] = struct.pack("I", len(packet))
        ring[at:at + 4] = struct.pack("I", SEND_REQUEST)
        sock.send(b"")
        for _ in range(200):
            if struct.unpack_from("I", ring, at)[0] == AVAILABLE:
                back += 1
                break
            time.sleep(0.01)
    print(back)


if __name__ == "__main__":
    main()
