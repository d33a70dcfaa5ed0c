#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
Sends packets that no correct host sends, for malformed.sh and replay.sh.

    malformed.py --local ADDR --peer ADDR --hit HIT [--order smaller|greater]

Reads the name of a case from stdin, and words for it, if any; sends its packets to
the peer, and answers "sent N". The case "icmp" sends those of the one that it
names, and answers with the ICMP errors that come back.
Everything but the one thing that a case is about is right: addresses, HITs,
checksums, MACs and signatures.
"""

import argparse
import itertools
import os
import select
import socket
import struct
import sys
import time

import hip_wire as w
import hippeer as p


class Cases(dict):
    """A name that stands for two things is a mistake."""

    def __setitem__(self, name, function):
        if name in self:
            raise KeyError(f"two cases {name}")
        super().__setitem__(name, function)


CASES = Cases()


def case(function):
    """Makes a function available under its name, with hyphens."""
    CASES[function.__name__.replace("_", "-")] = function
    return function


SEQUELS = set()


def sequel(function):
    """A case for which what has arrived since the last one counts."""
    SEQUELS.add(function.__name__.replace("_", "-"))
    return case(function)


class Target:
    """The host under test, and who we are."""

    def __init__(self, local, peer, hit, order=None):
        self.link = p.Link(local)
        self.locator = w.address(peer)
        self.hit = w.address(hit)
        self.identity = self.ordered(order)
        self.other = p.Identity.generate("p256")
        self.live = None                # an Association that works
        self.last = None                # the packet to replay

    def ordered(self, order):
        """An identity whose HIT is smaller or greater than the target's."""
        while True:
            identity = p.Identity.generate("p256")
            if order in (None, "smaller" if identity.hit < self.hit
                         else "greater"):
                return identity

    def flush(self):
        """Forgets what has arrived, and all bends."""
        self.link.bends = p.Bends()
        for raw in (self.link.raw, self.link.esp):
            while raw.receive(0):
                pass

    def bend(self, **bends):
        self.link.bends = p.Bends(**bends)

    def initiator(self, **settings):
        return p.Initiator(self.link, self.identity, self.hit, self.locator,
                           p.Settings(**settings))

    def packet(self, packet_type, params, controls=0):
        """From us to the target, unprotected."""
        return w.build(packet_type, self.identity.hit, self.hit, params,
                       controls)

    def i1(self, *extra):
        params = [(w.DH_GROUP_LIST, bytes([7, 8]))] + list(extra)
        return self.packet(w.I1, sorted(params, key=lambda q: q[0]))

    def send(self, *packets):
        """With the right checksum; returns how many."""
        for raw in packets:
            self.link.send(raw, self.locator)
        return len(packets)

    def send_as_is(self, *packets):
        for raw in packets:
            self.link.raw.send(raw, self.locator)
        return len(packets)


def octet(raw, at, value):
    return raw[:at] + bytes([value]) + raw[at + 1:]


def fake_tail(mac_len=48, sig_len=66):
    """HIP_MAC and HIP_SIGNATURE that are right in form only."""
    return [(w.HIP_MAC, os.urandom(mac_len)),
            (w.HIP_SIGNATURE, struct.pack("!H", w.ALG_ECDSA) +
             os.urandom(sig_len - 2))]


# ---- header (RFC 7401, section 5.1) -----------------------------------------

@case
def header_cut_off(t):
    return t.send_as_is(*(t.i1()[:n] for n in (1, 8, 39)))


@case
def parameters_cut_off(t):
    raw = w.with_checksum(t.i1(), t.link.local, t.locator)
    return t.send_as_is(raw[:40], raw[:44])


@case
def header_length_beyond_packet(t):
    return t.send(*(octet(t.i1(), 1, n) for n in (6, 100, 255)))


@case
def header_length_below_four(t):
    return t.send(*(octet(t.i1(), 1, n) for n in (0, 3)))


@case
def version_not_two(t):
    return t.send(*(octet(t.i1(), 3, n) for n in (0x11, 0x31, 0x01)))


@case
def checksum_wrong(t):
    raw = w.with_checksum(t.i1(), t.link.local, t.locator)
    return t.send_as_is(p.flip(raw, 4), p.flip(raw, 5), p.flip(raw, 46))


@case
def checksum_of_other_addresses(t):
    """As if a NAT had rewritten the source."""
    other = w.address("fd00:a::99" if len(t.locator) == 16 else "192.0.2.99")
    return t.send_as_is(w.with_checksum(t.i1(), other, t.locator))


@case
def packet_type_unknown(t):
    return t.send(*(octet(t.i1(), 2, n) for n in (5, 20, 127)))


@case
def sender_is_no_hit(t):
    raw = t.i1()
    return t.send(*(raw[:8] + w.address(a) + raw[24:] for a in (
        "fd00:a::1", "2001:10::1", "2001:30::1", "ff02::1", "::")))


@case
def receiver_unknown(t):
    raw = t.i1()
    return t.send(raw[:24] + t.other.hit + raw[40:])


@case
def source_is_a_hit(t):
    """A locator is never a HIT, RFC 7343, section 3."""
    sock = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW)
    raw = w.with_checksum(t.i1(), t.identity.hit, t.locator)
    head = struct.pack("!IHBB", 6 << 28, len(raw), w.IPPROTO_HIP, 64)
    sock.sendto(head + t.identity.hit + t.locator + raw,
                (p.text(t.locator), 0))
    return 1


@case
def receiver_is_not_known(t):
    """An Initiator that knows an address only, section 4.1.8."""
    raw = t.i1()
    return t.send(raw[:24] + bytes(16) + raw[40:])


@case
def sender_is_receiver(t):
    raw = t.i1()
    return t.send(raw[:8] + raw[24:40] + raw[24:])


def send_to(t, address, source=None):
    """An I1 to some other address than that of the target."""
    to = w.address(address)
    t.link.raw.sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    raw = w.with_checksum(t.i1(), source or t.link.local, to)
    t.link.raw.sock.sendto(raw, (address, 0))
    return 1


@case
def to_a_group(t):
    """A packet that more than one host gets is not answered."""
    if t.link.raw.v4:
        return send_to(t, "192.0.2.255") + send_to(t, "255.255.255.255")
    device = socket.if_nametoindex("a0")
    t.link.raw.sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF,
                               device)
    return send_to(t, "ff02::1")


# ---- parameters (section 5.2.1) ---------------------------------------------

@case
def parameters_out_of_order(t):
    return t.send(t.packet(w.CLOSE, fake_tail()[::-1] +
                           [(w.ECHO_REQUEST_SIGNED, b"12345678")]),
                  t.packet(w.I1, [(w.ECHO_REQUEST_SIGNED, b"1"),
                                  (w.DH_GROUP_LIST, b"\7")]))


@case
def parameter_twice(t):
    return t.send(t.i1((w.DH_GROUP_LIST, b"\7")),
                  t.packet(w.CLOSE, [(w.ECHO_REQUEST_SIGNED, b"1")] * 2 +
                           fake_tail()))


@case
def critical_parameter_unknown(t):
    return t.send(t.i1((3, b"what?")), t.i1((1001, b"")),
                  t.i1((65533, bytes(100))))


@case
def parameter_beyond_packet(t):
    raw = t.i1()
    return t.send(*(raw[:42] + struct.pack("!H", n) + raw[44:]
                    for n in (5, 12, 2000, 65535)))


@case
def parameter_header_cut_off(t):
    """The last parameter leaves no room for its own padding."""
    raw = t.packet(w.I1, [(w.DH_GROUP_LIST, bytes([7, 8, 4, 3, 9]))])
    return t.send(octet(raw, 1, len(raw) // 8 - 2)[:-8])


def bad_r1s(t):
    """R1s in each of which the length of one parameter is wrong."""
    r1 = [(w.PUZZLE, bytes(52)), (w.DH_GROUP_LIST, b"\7"),
          (w.DIFFIE_HELLMAN, w.dh_contents(7, bytes(64))),
          (w.HIP_CIPHER, b"\0\2"), (w.HOST_ID, t.identity.host_id),
          (w.HIT_SUITE_LIST, b"\x20"), (w.TRANSPORT_FORMAT_LIST, b"\x0f\xff"),
          (w.ESP_TRANSFORM, b"\0\0\0\x0d"), (w.HIP_SIGNATURE_2, bytes(66))]
    wrong = [
        (w.PUZZLE, bytes(36)), (w.PUZZLE, bytes(51)), (w.DH_GROUP_LIST, b""),
        (w.DIFFIE_HELLMAN, w.dh_contents(7, bytes(65))),
        (w.DIFFIE_HELLMAN, b"\7\0\x40" + bytes(63)),
        (w.DIFFIE_HELLMAN, w.dh_contents(4, bytes(385))),
        (w.HIP_CIPHER, b"\0\2\0"), (w.HIP_CIPHER, b""),
        (w.HOST_ID, t.identity.host_id[:-1]), (w.HOST_ID, b"\0\0\0\0\0\7"),
        (w.HIT_SUITE_LIST, b""), (w.TRANSPORT_FORMAT_LIST, b"\x0f"),
        (w.ESP_TRANSFORM, b"\0\0"), (w.HIP_SIGNATURE_2, b"\0\7"),
    ]
    return [t.packet(w.R1, [q if q[0] != bad[0] else bad for q in r1])
            for bad in wrong]


@case
def r1_malformed(t):
    return t.send(*bad_r1s(t))


@case
def parameter_length_wrong(t):
    tail = fake_tail()
    packets = bad_r1s(t) + [
        t.packet(w.I1, [(w.DH_GROUP_LIST, b"")]),
        t.packet(w.R2, [(w.ESP_INFO, bytes(8)), (w.HIP_MAC_2, bytes(48)),
                        tail[1]]),
        t.packet(w.R2, [(w.ESP_INFO, bytes(12)), (w.HIP_MAC_2, bytes(32)),
                        tail[1]]),
        t.packet(w.CLOSE, [(w.ECHO_REQUEST_SIGNED, b"1"),
                           (w.HIP_MAC, bytes(16)), tail[1]]),
        t.packet(w.UPDATE, [(w.SEQ, bytes(3))] + tail),
        t.packet(w.UPDATE, [(w.ACK, bytes(6))] + tail),
        t.packet(w.NOTIFY, [(w.NOTIFICATION, bytes(3)), tail[1]]),
    ]
    return t.send(*packets)


@case
def parameter_value_wrong(t):
    """Low bits in HIT_SUITE_LIST; a DI Length without a DI."""
    di = t.identity.host_id[:2] + b"\0\4" + t.identity.host_id[4:] + b"abcd"
    return t.send(
        t.packet(w.NOTIFY, [(w.HIT_SUITE_LIST, b"\x21"),
                            (w.NOTIFICATION, bytes(4)), fake_tail()[1]]),
        t.packet(w.NOTIFY, [(w.HOST_ID, di), (w.NOTIFICATION, bytes(4)),
                            fake_tail()[1]]))


@case
def mandatory_parameter_missing(t):
    """Each packet type without each of its parameters."""
    have = {
        w.PUZZLE: bytes(52), w.DH_GROUP_LIST: b"\7",
        w.DIFFIE_HELLMAN: w.dh_contents(7, bytes(64)), w.HIP_CIPHER: b"\0\2",
        w.HOST_ID: t.identity.host_id, w.HIT_SUITE_LIST: b"\x20",
        w.TRANSPORT_FORMAT_LIST: b"\x0f\xff", w.ESP_TRANSFORM: b"\0\0\0\x0d",
        w.ESP_INFO: bytes(12), w.SOLUTION: bytes(100),
        w.HIP_MAC: bytes(48), w.HIP_MAC_2: bytes(48),
        w.HIP_SIGNATURE_2: bytes(66), w.HIP_SIGNATURE: bytes(66),
        w.NOTIFICATION: bytes(4), w.ECHO_REQUEST_SIGNED: b"1",
        w.ECHO_RESPONSE_SIGNED: b"1", w.SEQ: bytes(4),
    }
    extra = {w.I2: (w.HOST_ID,), w.UPDATE: (w.SEQ,)}
    packets = []
    for packet_type, mandatory in w.MANDATORY.items():
        all_of_them = sorted(mandatory + extra.get(packet_type, ()))
        for missing in all_of_them:
            packets.append(t.packet(packet_type, [
                (q, have[q]) for q in all_of_them if q != missing]))
    return t.send(*packets)


# ---- what a receiver must put up with ---------------------------------------

@case
def good_i1(t):
    return t.send(t.i1())


@case
def strange_but_good_i1(t):
    """Unknown parameters that are not critical, reserved bits, trailing
    octets behind Next Header 17: each gets an R1."""
    raw = t.i1()
    trailing = w.with_checksum(octet(raw, 0, 17), t.link.local, t.locator)
    t.send_as_is(trailing + bytes(24))
    return 1 + t.send(
        t.i1((4, b"")), t.i1((65532, bytes(1000))), octet(raw, 2, 0x81),
        octet(raw, 3, 0x2f), octet(raw, 7, 0xfe),
        raw[:-2] + b"\xff\xff", t.i1((100, b"a"), (100, b"b")))


# ---- nobody asked for these -------------------------------------------------

@case
def no_association(t):
    """R1, R2, UPDATE, NOTIFY, CLOSE and CLOSE_ACK out of the blue."""
    responder = p.Responder(t.link, t.identity)
    assoc = stranger(t)
    return t.send(
        responder.r1_packet(t.hit, b"\7"),
        t.packet(w.R2, [(w.ESP_INFO, w.esp_info(128, 0, 4096)),
                        (w.HIP_MAC_2, os.urandom(48)), fake_tail()[1]]),
        t.packet(w.UPDATE, [(w.SEQ, bytes(4))] + fake_tail()),
        assoc.notify_packet(w.NO_DH_PROPOSAL_CHOSEN),
        assoc.close_packet(),
        assoc.protect(w.CLOSE_ACK, [(w.ECHO_RESPONSE_SIGNED, b"1")]))


def stranger(t):
    """An association that the target knows nothing of."""
    assoc = p.Association(t.link, t.identity, t.hit, t.locator)
    i = os.urandom(48)
    assoc.keys = w.Keys.derive(os.urandom(32), i, i, t.identity.hit, t.hit, 2,
                               13)
    return assoc


# ---- I2 (section 6.9) -------------------------------------------------------

def bent_i2(t, solve=True, **bends):
    """One I2 whose R1 was fetched properly."""
    initiator = t.initiator()
    initiator.get_r1()
    t.bend(**bends)
    return t.send(initiator.i2_packet(solve))


def bend_i2(name, param_type, function):
    """A case that changes one parameter before MAC and signature."""
    CASES[name] = lambda t: bent_i2(t, I2__params=p.change(param_type,
                                                           function))


@case
def i2_puzzle_wrong(t):
    return bent_i2(t, solve=False)


@case
def i2_mac_wrong(t):
    return bent_i2(t, I2__mac=p.flip)


@case
def i2_signature_wrong(t):
    return bent_i2(t, I2__signature=p.flip)


@case
def i2_signature_of_another_kind(t):
    """Says RSA, with a HOST_ID that is ECDSA; the MAC does not cover that."""
    initiator = t.initiator()
    initiator.get_r1()
    raw = initiator.i2_packet()
    at = w.Packet(raw).offset(w.HIP_SIGNATURE) + 4
    return t.send(raw[:at] + struct.pack("!H", w.ALG_RSA) + raw[at + 2:])


@case
def i2_host_id_of_another(t):
    """HOST_ID in clear, of a key that the Sender's HIT does not belong to."""
    return bent_i2(t, I2__params=lambda params: sorted(
        [q for q in params if q[0] != w.ENCRYPTED] +
        [(w.HOST_ID, t.other.host_id)], key=lambda q: q[0]))


@case
def i2_host_id_curve_unknown(t):
    """A HIT that fits a HOST_ID that is nonsense."""
    hi = b"\0\x63" + os.urandom(65)
    host_id = struct.pack("!HHH", len(hi), 0, w.ALG_ECDSA) + hi
    real, t.identity.hit = t.identity.hit, w.orchid(w.SUITE_SHA384, hi)
    try:
        return bent_i2(t, I2__params=lambda params: sorted(
            [q for q in params if q[0] != w.ENCRYPTED] +
            [(w.HOST_ID, host_id)], key=lambda q: q[0]))
    finally:
        t.identity.hit = real


@case
def i2_replayed_i(t):
    """An #I that we made up."""
    initiator = t.initiator()
    initiator.get_r1()
    for at, (kind, contents, offset) in enumerate(initiator.r1.params):
        if kind == w.PUZZLE:
            initiator.r1.params[at] = (
                kind, contents[:4] + os.urandom(len(contents) - 4), offset)
    return t.send(initiator.i2_packet())


@case
def i1_groups_unknown(t):
    """Nothing in common: the Responder answers with what it has."""
    return t.send(t.packet(w.I1, [(w.DH_GROUP_LIST, bytes([99, 1]))]))


@case
def i2_fetch(t):
    """Not a fault: an R1, for an I2 that comes later."""
    t.late = t.initiator()
    t.late.get_r1()
    return 1


@case
def r1_dh_and_i(t):
    """Not a fault: the Responder's public value and #I, as the answer."""
    initiator = t.initiator()
    initiator.get_r1()
    size = w.rhash_len(t.hit)
    i = w.parse_puzzle(initiator.r1.get(w.PUZZLE), size)[3]
    return f"{initiator.peer_public[:8].hex()} {i[:8].hex()}"


@case
def r1_k(t):
    """Not a fault: the difficulty of the puzzle, as the answer."""
    initiator = t.initiator()
    initiator.get_r1()
    return w.parse_puzzle(initiator.r1.get(w.PUZZLE),
                          w.rhash_len(t.hit))[0]


@case
def i2_late(t):
    """The right solution of a puzzle that is not asked any more."""
    return t.send(t.late.i2_packet())


@case
def i2_late_unsolved(t):
    return t.send(t.late.i2_packet(solve=False))


@case
def i2_late_mac_wrong(t):
    t.bend(I2__mac=p.flip)
    return t.send(t.late.i2_packet())


@case
def i2_sender_suite_unknown(t):
    """A HIT of a suite that we can't verify: R1s cost nothing, I2s do."""
    t.identity.hit = b"\x20\x01\x00\x24" + os.urandom(12)
    return bent_i2(t)


bend_i2("i2-encrypted-garbage", w.ENCRYPTED,
        lambda c: c[:20] + os.urandom(len(c) - 20))
bend_i2("i2-reserved-set", w.ENCRYPTED, lambda c: b"\xff" * 4 + c[4:])
bend_i2("i2-encrypted-not-whole-blocks", w.ENCRYPTED, lambda c: c[:-3])
bend_i2("i2-dh-not-on-curve", w.DIFFIE_HELLMAN, p.flip)
bend_i2("i2-dh-zero", w.DIFFIE_HELLMAN, lambda c: c[:3] + bytes(len(c) - 3))
bend_i2("i2-dh-other-group", w.DIFFIE_HELLMAN,
        lambda c: w.dh_contents(15 - c[0], w.DHKey(15 - c[0]).public))
bend_i2("i2-dh-unknown-group", w.DIFFIE_HELLMAN, lambda c: b"\x63" + c[1:])
bend_i2("i2-cipher-unknown", w.HIP_CIPHER, lambda c: w.list16([99]))
bend_i2("i2-cipher-two", w.HIP_CIPHER, lambda c: w.list16([2, 4]))
bend_i2("i2-suite-unknown", w.ESP_TRANSFORM, lambda c: w.esp_transform([99]))
bend_i2("i2-suite-two", w.ESP_TRANSFORM, lambda c: w.esp_transform([8, 13]))
bend_i2("i2-format-unknown", w.TRANSPORT_FORMAT_LIST,
        lambda c: w.list16([2051]))
bend_i2("i2-spi-zero", w.ESP_INFO, lambda c: c[:8] + bytes(4))
bend_i2("i2-spi-reserved", w.ESP_INFO, lambda c: c[:8] + b"\0\0\0\xff")
bend_i2("i2-old-spi", w.ESP_INFO, lambda c: c[:4] + bytes([0, 0, 16, 0]) + c[8:])
bend_i2("i2-keymat-index-wrong", w.ESP_INFO, lambda c: p.flip(c, 3))
bend_i2("i2-k-lowered", w.SOLUTION, lambda c: b"\0" + c[1:])
bend_i2("i2-r1-counter-old", w.R1_COUNTER,
        lambda c: struct.pack("!4xQ", 0))
bend_i2("i2-r1-counter-future", w.R1_COUNTER,
        lambda c: struct.pack("!4xQ", (1 << 63) + 5))


@case
def i2_r1_counter_missing(t):
    return bent_i2(t, I2__params=p.drop(w.R1_COUNTER))


# ---- the target as Initiator: R1 and R2 (sections 6.8, 6.10) ----------------

def respond(t, stop, settings=None, **bends):
    """Answers the target's I1, and its I2, until a packet of type stop was
    sent: one packet that is wrong. The shell makes the target start."""
    t.bend(**bends)
    responder = p.Responder(t.link, t.identity, settings)
    end = time.monotonic() + 20
    while time.monotonic() < end:
        got = t.link.receive(1, lambda q: q.receiver == t.identity.hit)
        if not got:
            continue
        responder.handle(*got)
        if got[0].type == {w.R1: w.I1, w.R2: w.I2}[stop]:
            t.live = responder.current
            return 1
    raise p.Failed("the target did not start")


def bend_r1(name, param_type, function):
    CASES[name] = lambda t: respond(t, w.R1, R1__params=p.change(param_type,
                                                                 function))


@case
def r1_signature_wrong(t):
    return respond(t, w.R1, R1__signature=p.flip)


@case
def r1_host_id_of_another(t):
    return respond(t, w.R1, R1__params=p.change(w.HOST_ID,
                                                lambda c: t.other.host_id))


@case
def r1_puzzle_too_hard(t):
    return respond(t, w.R1, p.Settings(puzzle_k=60))


@case
def r1_puzzle_over(t):
    """A puzzle whose time is over when it comes: 2^-32 seconds."""
    return respond(t, w.R1, p.Settings(puzzle_k=32), R1__params=p.change(
        w.PUZZLE, lambda c: c[:1] + b"\0" + c[2:]))


@case
def r1_puzzle_without_end(t):
    """One that nobody solves in its second."""
    return respond(t, w.R1, p.Settings(puzzle_k=32), R1__params=p.change(
        w.PUZZLE, lambda c: c[:1] + b"\x20" + c[2:]))


@case
def r1_no_common_group(t):
    """The R1 of a host whose groups we lack altogether."""
    return respond(t, w.R1, p.Settings(dh=(11,)))


@case
def r1_group_downgraded(t):
    """Its list promises a better group than the one it took: somebody has
    changed our I1, section 4.1.7."""
    def params(original):
        return [(kind, bytes([8, 7]) if kind == w.DH_GROUP_LIST else c)
                for kind, c in original]
    return respond(t, w.R1, p.Settings(dh=(7,)), R1__params=params)


@case
def r1_no_common_group_forged(t):
    """The same by somebody else: what it says is not looked at."""
    return respond(t, w.R1, p.Settings(dh=(11,)), R1__signature=p.flip)


bend_r1("r1-no-common-cipher", w.HIP_CIPHER, lambda c: w.list16([99]))
bend_r1("r1-no-common-suite", w.ESP_TRANSFORM, lambda c: w.esp_transform([7]))
bend_r1("r1-no-esp", w.TRANSPORT_FORMAT_LIST, lambda c: w.list16([2051]))
bend_r1("r1-no-common-hit-suite", w.HIT_SUITE_LIST, lambda c: b"\x30")
bend_r1("r1-dh-not-on-curve", w.DIFFIE_HELLMAN, p.flip)


@case
def r2_mac_wrong(t):
    return respond(t, w.R2, R2__mac=p.flip)


@case
def r2_signature_wrong(t):
    return respond(t, w.R2, R2__signature=p.flip)


@case
def r2_spi_zero(t):
    return respond(t, w.R2, R2__params=p.change(w.ESP_INFO,
                                                lambda c: c[:8] + bytes(4)))


@case
def r2_keymat_index_wrong(t):
    return respond(t, w.R2, R2__params=p.change(w.ESP_INFO,
                                                lambda c: p.flip(c, 3)))


@case
def r2_good(t):
    return respond(t, w.R2)


@case
def r1_counter_missing(t):
    """Not a fault: it is optional in an R1."""
    return respond(t, w.R2, p.Settings(r1_counter=None))


@case
def r2_again(t):
    """A second R2, after the association is established."""
    responder = p.Responder(t.link, t.identity)
    return t.send(responder.r2_packet(t.live))


# ---- what comes instead of an answer ----------------------------------------

def instead(t, wanted, packets, settings=None):
    """Answers what comes before a packet of type wanted, and that one with
    the packets that the function returns: it gets the association, if there is
    one by then, and the packet."""
    responder = p.Responder(t.link, t.identity, settings)
    end = time.monotonic() + 20
    while time.monotonic() < end:
        got = t.link.receive(1, lambda q: q.receiver == t.identity.hit)
        if got and got[0].type == wanted:
            return t.send(*packets(responder, got[0]))
        if got:
            responder.handle(*got)
    raise p.Failed("the target did not start")


@case
def i1_await(t):
    """Not a fault: the target's I1, for an R1 that comes later."""
    t.late_responder = p.Responder(t.link, t.identity)
    end = time.monotonic() + 20
    while time.monotonic() < end:
        t.late_i1 = t.link.receive(1, lambda q: q.type == w.I1 and
                                   q.receiver == t.identity.hit)
        if t.late_i1:
            return 1
    raise p.Failed("the target did not start")


@case
def r1_for_the_i1(t):
    t.late_responder.handle(*t.late_i1)
    return 1


def notify_with_key(t, notify_type, host_id=True, data=b""):
    """A NOTIFY to somebody who does not know our key yet."""
    assoc = p.Association(t.link, t.identity, t.hit, t.locator)
    params = [(w.NOTIFICATION, w.notification(notify_type, data))]
    if host_id:
        params.insert(0, (w.HOST_ID, t.identity.host_id))
    return assoc.protect(w.NOTIFY, params, mac_type=None)


@case
def notify_blocked_signed(t):
    """RFC 7401, 5.2.19: BLOCKED_BY_POLICY, by who he says he is."""
    return instead(t, w.I1, lambda *_: [notify_with_key(t, 42)])


@case
def notify_blocked_unsigned(t):
    """By who may be anybody."""
    return instead(t, w.I1, lambda *_: [notify_with_key(t, 42, False)])


@case
def notify_blocked_by_another(t):
    """With the key of somebody else."""
    def packets(*_):
        mine, t.identity = t.identity, t.other
        try:
            raw = notify_with_key(t, 42)
        finally:
            t.identity = mine
        return [raw[:8] + t.identity.hit + raw[24:]]
    return instead(t, w.I1, packets)


@case
def notify_after_i2(t):
    """AUTHENTICATION_FAILED, from a host whose R1 was genuine."""
    return instead(t, w.I2, lambda *_: [notify_with_key(t, 24, False)])


def busy(t, patience):
    """RESPONDER_BUSY_PLEASE_RETRY for the first I2s, all of which must have
    different solutions; returns how many there were."""
    responder = p.Responder(t.link, t.identity)
    solutions = set()
    while True:
        got = t.link.receive(20 if not solutions else 5,
                             lambda q: q.receiver == t.identity.hit)
        if not got:
            return len(solutions)
        if got[0].type != w.I2:
            responder.handle(*got)
            continue
        solution = got[0].get(w.SOLUTION)
        if solution in solutions:
            raise p.Failed("the same solution again")
        solutions.add(solution)
        if len(solutions) > patience:
            responder.handle(*got)
            t.live = responder.current
            return len(solutions)
        t.send(notify_with_key(t, 44, False))


CASES["responder-busy"] = lambda t: busy(t, 2)
CASES["responder-busy-always"] = lambda t: busy(t, 100)


@case
def notify_of_no_importance(t):
    """A status, and an error and a status that nobody knows."""
    return instead(t, w.I1, lambda *_: [notify_with_key(t, 16384),
                                        notify_with_key(t, 8000),
                                        notify_with_key(t, 20000, data=bytes(
                                            range(100)))])


@case
def wrong_in_i1_sent(t):
    """R2, CLOSE and CLOSE_ACK, of which none has been earned."""
    assoc = stranger(t)
    return instead(t, w.I1, lambda *_: [
        t.packet(w.R2, [(w.ESP_INFO, w.esp_info(128, 0, 4096)),
                        (w.HIP_MAC_2, os.urandom(48)), fake_tail()[1]]),
        assoc.close_packet(),
        assoc.protect(w.CLOSE_ACK, [(w.ECHO_RESPONSE_SIGNED, b"1")])])


def icmp_error(t, kind, code, rest, quote, proto=w.IPPROTO_HIP):
    """An ICMP error that quotes a packet of the target."""
    if proto == w.IPPROTO_HIP:
        quote = w.with_checksum(quote, t.locator, t.link.local)
    if t.link.raw.v4:
        quote = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(quote), 0, 0, 64,
                            proto, 0) + t.locator + t.link.local + quote
        body = struct.pack("!BBHI", kind, code, 0, rest) + quote
        body = (body[:2] + struct.pack("!H", w.internet_checksum(body)) +
                body[4:])
        icmp_proto, family = socket.IPPROTO_ICMP, socket.AF_INET
    else:
        # the kernel fills in the checksum
        quote = struct.pack("!IHBB", 6 << 28, len(quote), proto,
                            64) + t.locator + t.link.local + quote
        body = struct.pack("!BBHI", kind, code, 0, rest) + quote
        icmp_proto, family = socket.IPPROTO_ICMPV6, socket.AF_INET6
    with socket.socket(family, socket.SOCK_RAW, icmp_proto) as sock:
        sock.sendto(body, (p.text(t.locator), 0))


def icmp_case(kind, code, rest=0, cut=None, about=w.I1):
    def answer(t):
        def packets(_, packet):
            icmp_error(t, kind, code, rest, packet.raw[:cut])
            return []
        instead(t, about, packets)
        return 1
    return answer


for _kind in range(256):
    for _code in range(20):
        CASES[f"icmp-{_kind}-{_code}"] = icmp_case(_kind, _code)
CASES["icmp-6-too-big"] = icmp_case(2, 0, 1300)
CASES["icmp-4-too-big"] = icmp_case(3, 4, 600)
CASES["icmp-cut-off"] = icmp_case(1, 1, 0, 8)
CASES["icmp-after-i2"] = icmp_case(1, 1, about=w.I2)


@case
def icmp_of_another(t):
    """About a packet that the target has not sent."""
    def packets(_, i1):
        icmp_error(t, *((3, 13) if t.link.raw.v4 else (1, 1)), 0,
                   i1.raw[:8] + t.other.hit + i1.raw[24:])
        return []
    instead(t, w.I1, packets)
    return 1


@case
def icmp_spi_unknown(t):
    """Parameter Problems about ESP of a target that has just heard of us."""
    ping(t)
    esp = struct.pack("!II", t.live.spi_in, 1) + os.urandom(40)
    for _ in range(3):
        icmp_error(t, *((12, 0) if t.link.raw.v4 else (4, 0)), 0, esp,
                   w.IPPROTO_ESP)
    return 3


# ---- a bad answer, and then a good one --------------------------------------

def then_good(t, wanted, first=None, settings=None, **bends):
    """Answers the target's I1 and I2, that of type wanted twice: before the
    right answer there is one with a bend, or what the function sends."""
    responder = p.Responder(t.link, t.identity, settings)
    end = time.monotonic() + 20
    while time.monotonic() < end:
        got = t.link.receive(1, lambda q: q.receiver == t.identity.hit)
        if not got:
            continue
        if got[0].type == wanted:
            if first:
                first(got[0])
            else:
                t.bend(**bends)
                responder.handle(*got)
                t.bend()
        responder.handle(*got)
        if got[0].type == w.I2:
            t.live = responder.current
            return 1
    raise p.Failed("the target did not start")


CASES["r1-forged-then-good"] = lambda t: then_good(
    t, w.I1, R1__signature=p.flip)
CASES["r1-unsuitable-then-good"] = lambda t: then_good(
    t, w.I1, R1__params=p.change(w.HIP_CIPHER, lambda c: w.list16([99])))
CASES["r2-forged-then-good"] = lambda t: then_good(t, w.I2, R2__mac=p.flip)
CASES["notify-then-r1"] = lambda t: then_good(
    t, w.I1, lambda i1: t.send(notify_with_key(t, 42)))
CASES["icmp-then-r1"] = lambda t: then_good(
    t, w.I1, lambda i1: icmp_error(
        t, *((3, 2) if t.link.raw.v4 else (1, 1)), 0, i1.raw))


@case
def r1_second_format(t):
    """An R1 that lists a transport format whose parameter it lacks."""
    def params(original):
        return [(kind, w.list16([2051, w.ESP_TRANSFORM])
                 if kind == w.TRANSPORT_FORMAT_LIST else c)
                for kind, c in original]
    t.bend(R1__params=params)
    return then_good(t, None)


@case
def i1_keep(t):
    """Takes an I1, and answers nothing."""
    got = t.link.receive(20, lambda q: q.type == w.I1)
    if not got:
        raise p.Failed("the target did not start")
    t.kept = got[0].get(w.DH_GROUP_LIST)
    return 1


@case
def r1_late(t):
    """Answers an I1 that repeats the one that was kept. The R1 prefers a group
    that is not in it."""
    def same(i1):
        if i1.get(w.DH_GROUP_LIST) != t.kept:
            raise p.Failed(f"other groups: {i1.get(w.DH_GROUP_LIST).hex()}")
    return then_good(t, w.I1, same, p.Settings(dh=(8, 7)))


# ---- with an association that works -----------------------------------------

@case
def establish(t):
    """Not a fault: the association that the next cases attack."""
    t.live = t.initiator().run()
    t.live.esn = True
    return 1


@case
def ping(t):
    """Not a fault: the live association still works."""
    if not t.live.ping(1):
        raise p.Failed("no answer to a ping through ESP")
    return 1


@case
def i2_again(t):
    """The I2 of the live association once more: R2 comes again."""
    return t.send(t.live.i2)


@case
def i1_again(t):
    return t.send(t.live.i1_packet())


@case
def r1_in_established(t):
    return t.send(p.Responder(t.link, t.identity).r1_packet(t.hit, b"\7"))


@case
def close_mac_wrong(t):
    t.bend(CLOSE__mac=p.flip)
    return t.send(t.live.close_packet())


@case
def close_signature_wrong(t):
    t.bend(CLOSE__signature=p.flip)
    return t.send(t.live.close_packet())


@case
def close_of_another(t):
    """Right HITs, but keys of another exchange."""
    return t.send(stranger(t).close_packet())


@case
def close_ack_unasked(t):
    return t.send(t.live.protect(w.CLOSE_ACK, [(w.ECHO_RESPONSE_SIGNED,
                                                b"12345678")]))


@case
def close_again(t):
    """One CLOSE three times: each time there is a CLOSE_ACK."""
    raw = t.live.close_packet()
    return t.send(raw, raw, raw)


@case
def close_ack_echo_wrong(t):
    """To the target's CLOSE: signed, but not what it has asked for; too
    short; and only then the right one."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        got = t.link.receive(1, t.live.from_peer(w.CLOSE))
        if got:
            echo = got[0].get(w.ECHO_REQUEST_SIGNED)
            return t.send(*(t.live.protect(
                w.CLOSE_ACK, [(w.ECHO_RESPONSE_SIGNED, e)])
                for e in (p.flip(echo), echo[:-1]))) + close_acks_bad(t, echo)
    raise p.Failed("no CLOSE")


def close_acks_bad(t, echo):
    """The right echo, but a wrong MAC, a wrong signature."""
    params = [(w.ECHO_RESPONSE_SIGNED, echo)]
    t.bend(CLOSE_ACK__mac=p.flip)
    mac = t.live.protect(w.CLOSE_ACK, params)
    t.bend(CLOSE_ACK__signature=p.flip)
    signature = t.live.protect(w.CLOSE_ACK, params)
    t.flush()
    return t.send(mac, signature)


@case
def notify_signature_wrong(t):
    t.bend(NOTIFY__signature=p.flip)
    return t.send(t.live.notify_packet(w.NO_ESP_PROPOSAL_CHOSEN))


@case
def notify_unsigned(t):
    return t.send(t.packet(w.NOTIFY, [(w.NOTIFICATION, w.notification(18))]))


@case
def notify_good(t):
    """An error type that we made up: logged and no more."""
    return t.send(t.live.notify_packet(8191))


@case
def notify_many(t):
    """One NOTIFY with fifty NOTIFICATIONs."""
    return t.send(t.live.protect(
        w.NOTIFY, [(w.NOTIFICATION, w.notification(8192 + n)) for n in range(50)],
        mac_type=None))


@case
def notify_blocked(t):
    """BLOCKED_BY_POLICY, right in all, when there is nothing to block."""
    return t.send(t.live.notify_packet(42))


@case
def update_mac_wrong(t):
    t.bend(UPDATE__mac=p.flip)
    return t.send(t.live.protect(w.UPDATE, [(w.SEQ, bytes(4))]))


@case
def close(t):
    """Not a fault: ends the live association."""
    t.live.close()
    return 1


@case
def i2_after_close(t):
    """The I2 of an association that is over."""
    return t.send(t.live.i2)


# ---- floods -----------------------------------------------------------------

def random_hit():
    """Of nobody: it takes as much of the target as a real one."""
    return b"\x20\x01\x00\x22" + os.urandom(12)


def i1_of(t, hit):
    raw = t.i1()
    return raw[:8] + hit + raw[24:]


@case
def i1_flood(t):
    """All different, as equal ones would count as one."""
    return t.send(*(i1_of(t, random_hit()) for _ in range(500)))


@case
def i1_storm(t):
    """One I1 again and again."""
    raw = w.with_checksum(t.i1(), t.link.local, t.locator)
    return t.send_as_is(*[raw] * 500)


def until_told(t, burst):
    """Sends what the function does, up to a hundred times each second, until
    the shell sends a line."""
    sent = 0
    while not select.select([sys.stdin], [], [], 0.01)[0]:
        sent += burst()
        while t.link.raw.receive(0):
            pass
    sys.stdin.readline()
    return sent


@case
def i1_stream(t):
    return until_told(t, lambda: t.send(i1_of(t, random_hit())))


class Forger:
    """Sends with sources that are not ours; the target has a route to them."""

    def __init__(self, t):
        self.t = t
        self.sock = socket.socket(socket.AF_INET6, socket.SOCK_RAW,
                                  socket.IPPROTO_RAW)

    def send(self, net, host):
        source = b"\xfd\0\0\x0f" + struct.pack("!IQ", net, host)
        raw = w.with_checksum(i1_of(self.t, random_hit()), source,
                              self.t.locator)
        head = struct.pack("!IHBB", 6 << 28, len(raw), w.IPPROTO_HIP, 64)
        self.sock.sendto(head + source + self.t.locator + raw,
                         (p.text(self.t.locator), 0))
        return 1


@case
def i1_flood_one_net(t):
    forger = Forger(t)
    return sum(forger.send(1, host) for host in range(1, 501))


@case
def i1_flood_many_nets(t):
    forger = Forger(t)
    return sum(forger.send(net, 1) for net in range(2, 202))


@case
def i1_spoofed_stream(t):
    forger = Forger(t)
    return until_told(t, lambda: sum(
        forger.send(int.from_bytes(os.urandom(4), "big"), 1) for _ in range(10)))


@case
def i2_puzzle_flood(t):
    """Wrong solutions to a puzzle that the target has posed."""
    initiator = t.initiator()
    initiator.get_r1()
    raw = initiator.i2_packet(solve=False)
    raw = w.with_checksum(raw, t.link.local, t.locator)
    return t.send_as_is(*[raw] * 300)


@case
def i2_puzzle_stream(t):
    initiator = t.initiator()
    initiator.get_r1()
    raw = initiator.i2_packet(solve=False)
    return until_told(t, lambda: t.send(*[raw] * 5))


def solved_stream(t, who, **bends):
    """Eight solved puzzles of eight hosts, spoilt, again and again."""
    packets = []
    for _ in range(8):
        who()
        initiator = t.initiator()
        initiator.get_r1()
        t.bend(**bends)
        packets.append(initiator.i2_packet())
    packets = itertools.cycle(packets)
    return until_told(t, lambda: t.send(next(packets)))


@case
def i2_mac_stream(t):
    """A Diffie-Hellman operation for nothing."""
    def who():
        t.identity.hit = random_hit()
    return solved_stream(t, who, I2__mac=p.flip)


@case
def i2_signature_stream(t):
    """The same, and a verification."""
    def who():
        t.identity = p.Identity.generate("p256")
    return solved_stream(t, who, I2__signature=p.flip)


@case
def i2_half_open_flood(t):
    """Solved puzzles of many Initiators, all else being wrong. No signature
    and no key is made here: the target can't know before it has worked."""
    packets = []
    for _ in range(30):
        t.identity.hit = random_hit()
        initiator = t.initiator()
        initiator.get_r1()
        t.bend(I2__mac=p.flip)
        packets.append(initiator.i2_packet())
    return t.send(*packets)


@case
def i2_half_open_notify(t):
    """The same, and to each of the associations that it makes something that
    its worker finds when it has done with the I2."""
    sent = 0
    for _ in range(10):
        t.identity.hit = random_hit()
        initiator = t.initiator()
        initiator.get_r1()
        t.bend(I2__mac=p.flip)
        sent += t.send(initiator.i2_packet())
        t.bend()
        t.send(t.packet(w.NOTIFY, [
            (w.NOTIFICATION, w.notification(18)),
            (w.HIP_SIGNATURE, struct.pack("!H", 7) + bytes(96))]))
    return sent


@case
def i2_solution_again(t):
    """Good I2s, no two of which are equal, with one solution."""
    t.identity = p.Identity.generate("p256")
    initiator = t.initiator()
    initiator.get_r1()
    solve, solutions = w.solve_puzzle, []

    def once(*args):
        if not solutions:
            solutions.append(solve(*args))
        return solutions[0]
    w.solve_puzzle = once
    try:
        return t.send(*(initiator.i2_packet() for _ in range(7)))
    finally:
        w.solve_puzzle = solve


@case
def close_flood(t):
    """CLOSEs with wrong MACs to one association, faster than it works."""
    t.bend(CLOSE__mac=p.flip)
    raw = w.with_checksum(t.live.close_packet(), t.link.local, t.locator)
    return t.send_as_is(*[raw] * 400)


# ---- ESP (RFC 4303) ---------------------------------------------------------

def echo(t, seq=None, next_header=58, bend=lambda raw: raw):
    """An ESP packet with an echo request; seq None: the next one."""
    assoc = t.live
    if seq is not None:
        assoc.seq_out = seq - 1
    raw = assoc.esp_packet(assoc.icmp(128, 1, 1, bytes(56)), next_header)
    t.last = raw
    return bend(raw)


def send_esp(t, *packets):
    for raw in packets:
        t.link.esp.send(raw, t.locator)
    return len(packets)


def straight(t):
    """Goes on after the highest number used."""
    t.live.seq_out = t.top = max(getattr(t, "top", 0), t.live.seq_out)


@case
def esp_good(t):
    straight(t)
    return send_esp(t, echo(t), echo(t), echo(t))


@case
def esp_replayed(t):
    return send_esp(t, t.last, t.last)


@case
def esp_too_old(t):
    """A leap, then what the window has left behind."""
    straight(t)
    first = echo(t)
    top = t.live.seq_out + 100000
    sent = send_esp(t, echo(t, seq=top), first)
    straight(t)
    return sent - 1


@case
def esp_bit_flipped(t):
    straight(t)
    raw = echo(t)
    return send_esp(t, *(p.flip(raw, at) for at in (8, 17, 30, -17, -1)))


@case
def esp_wrong_high_half(t):
    """Right for a sequence number 2^32 away."""
    straight(t)
    seq = t.live.seq_out
    sent = send_esp(t, echo(t, seq=seq + (1 << 32)))
    t.live.seq_out = seq
    return sent


@case
def esp_sequence_zero(t):
    seq = t.live.seq_out
    sent = send_esp(t, echo(t, seq=0))
    t.live.seq_out = seq
    return sent


@case
def esp_cut_off(t):
    straight(t)
    raw = echo(t)
    return send_esp(t, *(raw[:n] for n in (8, 16, 33)))


@case
def esp_not_aligned(t):
    straight(t)
    raw = echo(t)
    return send_esp(t, raw + b"x", raw[:-1])


@case
def esp_padding_beyond_packet(t):
    """Authentic, but Pad Length is more than there is."""
    return send_esp(t, sealed_raw(t, bytes(10) + bytes([200, 58])))


def sealed_raw(t, plain):
    """An ESP packet around this plaintext, trailer included."""
    straight(t)
    assoc = t.live
    assoc.seq_out += 1
    keys = assoc.esp_keys(assoc.identity.hit)
    head = struct.pack("!IIQ", assoc.spi_out, assoc.seq_out, assoc.seq_out)
    return head + w.AESGCM(keys.enc[:16]).encrypt(
        keys.enc[16:] + head[8:], plain, keys.aad(assoc.spi_out,
                                                  assoc.seq_out))


@case
def esp_dummy(t):
    """Traffic-flow confidentiality, RFC 4303, section 2.6."""
    straight(t)
    return send_esp(t, echo(t, next_header=59), echo(t, next_header=59))


@case
def esp_nested(t):
    """ESP within ESP, each for the same SA, as deep as a packet of 64 KB and one
    of the link's have room for."""
    straight(t)
    sent = 0
    for size in 60000, 1400:
        inner, next_header = t.live.icmp(128, 1, 1, bytes(56)), 58
        while len(inner) < size:
            inner = t.live.esp_packet(inner, next_header)
            next_header = socket.IPPROTO_ESP
        sent += send_esp(t, inner)
    return sent


@case
def esp_inner_hip(t):
    """HIP control inside of ESP, RFC 7402, section 6."""
    straight(t)
    return send_esp(t, echo(t, next_header=w.IPPROTO_HIP))


@case
def esp_inner_options(t):
    """IPv4 options in the form of RFC 7402, B.1.7: our inner packets are never
    IPv4."""
    straight(t)
    return send_esp(t, echo(t, next_header=94))


@case
def esp_unknown_spi(t):
    real, t.live.spi_out = t.live.spi_out, t.live.spi_out ^ 0x5555
    sent = send_esp(t, echo(t))
    t.live.spi_out = real
    return sent


# ---- ICMP errors that come back ----------------------------------------------

def icmp_quote(v4, message):
    """("TYPE-CODE", or with "@OCTET of the HIP packet" that a Parameter Problem
    points to; the HIP packet) of an ICMP error; None for other messages."""
    problem = 12 if v4 else 4
    if len(message) < 48 or message[0] not in (3 if v4 else 1, problem):
        return None
    ip, ip_len = message[8:], 40
    pointer = struct.unpack_from("!I", message, 4)[0]
    if v4:
        ip_len, pointer = (ip[0] & 15) * 4, pointer >> 24
    what = f"{message[0]}-{message[1]}"
    if message[0] == problem:
        what += f"@{pointer - ip_len}"
    return what, ip[ip_len:]


@case
def icmp(t, name):
    """The ICMP errors that the packets of a case are answered with. The answer
    to one more packet ends the wait: they come in order."""
    v4 = t.link.raw.v4
    raw = p.Raw(p.text(t.link.local),
                socket.IPPROTO_ICMP if v4 else socket.IPPROTO_ICMPV6)
    CASES[name](t)
    t.bend()
    hit = random_hit()
    last = octet(t.i1(), 3, 0x11)
    t.send(last[:8] + hit + last[24:])
    errors = []
    end = time.monotonic() + 20
    while time.monotonic() < end:
        got = raw.receive(end - time.monotonic())
        quote = got and icmp_quote(v4, got[0])
        if not quote:
            continue
        if quote[1][8:24] == hit:
            return " ".join(errors) or "none"
        errors.append(quote[0])
    raise p.Failed("no answer to the last packet")


# ---- the loop ---------------------------------------------------------------

def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--local", required=True)
    parser.add_argument("--peer", required=True)
    parser.add_argument("--hit", required=True)
    parser.add_argument("--order", choices=("smaller", "greater"),
                        help="of the own HIT, compared with the target's")
    args = parser.parse_args()
    target = Target(args.local, args.peer, args.hit, args.order)
    print(f"hit {p.text(target.identity.hit)}", flush=True)
    hit = target.identity.hit
    for line in sys.stdin:
        name, *words = line.split() or [""]
        time.sleep(0.05)        # an I1 as before is no duplicate any more
        try:
            if name not in SEQUELS:
                target.flush()
            answer = f"sent {CASES[name](target, *words)}"
        except Exception as error:      # the shell wants one line, always
            answer = f"error {type(error).__name__}: {error}"
        target.identity.hit = hit
        print(answer, flush=True)


if __name__ == "__main__":
    main()
