#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
Numbered datagrams in many flows, for spread.sh.

    spread.py send ADDR PEER FLOWS PACKETS
    spread.py receive ADDR PEER FLOWS PACKETS

The receiver says "ready", and in the end, as JSON, how many packets were lost or
came behind a later one of their flow, how many flows came on more than one CPU, and
how many each CPU has had.
"""

import collections
import json
import select
import socket
import struct
import sys

SO_INCOMING_CPU = 49
PORT = 7100
PATIENCE = 10           # seconds without a packet


def sockets(address, peer, n):
    """Connected, as only then the kernel notes on which CPU packets come."""
    socks = [socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) for _ in range(n)]
    for i, sock in enumerate(socks):
        sock.bind((address, PORT + i))
        sock.connect((peer, PORT + i))
    return socks


def send(socks, packets):
    for number in range(packets):
        for sock in socks:
            sock.send(struct.pack("!I", number))


def receive(socks, packets):
    print("ready", flush=True)
    newest = dict.fromkeys(socks, -1)
    cpus = collections.defaultdict(set)
    got = late = 0
    while got < len(socks) * packets:
        readable = select.select(socks, [], [], PATIENCE)[0]
        if not readable:
            break
        for sock in readable:
            number = struct.unpack("!I", sock.recv(64))[0]
            cpus[sock].add(sock.getsockopt(socket.SOL_SOCKET, SO_INCOMING_CPU))
            late += number < newest[sock]
            newest[sock] = max(newest[sock], number)
            got += 1
    per_cpu = collections.Counter(min(each) for each in cpus.values())
    print(json.dumps({"lost": len(socks) * packets - got, "late": late,
                      "moved": sum(len(each) > 1 for each in cpus.values()),
                      "flows": per_cpu}))


def main():
    role, address, peer, flows, packets = sys.argv[1:]
    {"send": send, "receive": receive}[role](
        sockets(address, peer, int(flows)), int(packets))


if __name__ == "__main__":
    main()
