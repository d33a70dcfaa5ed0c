#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
A HIPv2 host in user space, for talking to the kernel module.

It shares no code with the module: hip_wire.py is written from the RFCs. It runs
the base exchange in either role over raw sockets, pings through ESP, closes,
and misbehaves on request.

    hippeer.py identity --type p256 --key FILE
    hippeer.py initiate --key FILE --local ADDR --peer ADDR --hit HIT
                        [--ping N] [--close]
                        without --hit: of whom the R1 is (section 4.1.8)
    hippeer.py respond --key FILE --local ADDR [--count N]
                       [--opportunistic]
    hippeer.py script

Each step that went well is a line on stdout; the exit status is 0 when all did.
"script" reads such command lines from stdin, and ends the output of each with
"done 0" or "done 1".
"""

import argparse
import os
import select
import shlex
import socket
import struct
import subprocess
import sys
import time

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa

import hip_wire as w


class Failed(Exception):
    """The exchange did not get where it should."""


# ---- identities -------------------------------------------------------------

def generate_dsa():
    """python3-cryptography would choose a Q of 224 bits."""
    pem = b""
    for arguments_ in (("-genparam", "-algorithm", "DSA",
                        "-pkeyopt", "dsa_paramgen_bits:1024",
                        "-pkeyopt", "dsa_paramgen_q_bits:160"),
                       ("-paramfile", "/dev/stdin")):
        pem = subprocess.run(("openssl", "genpkey", *arguments_), input=pem,
                             check=True, capture_output=True).stdout
    return serialization.load_pem_private_key(pem, None)


KEY_TYPES = {
    "p256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "p384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "rsa2048": lambda: rsa.generate_private_key(65537, 2048),
    "rsa3072": lambda: rsa.generate_private_key(65537, 3072),
    "secp160r1": w.LowKey,
    "dsa1024": generate_dsa,
}


# No PEM: python3-cryptography can't load a key of this curve
LOW_KEY = b"secp160r1 "


class Identity:
    """A Host Identity with its private key."""

    def __init__(self, private_key):
        self.key = private_key
        self.host_id = w.host_id_contents(private_key.public_key())
        self.hit = w.HostId(self.host_id).hit

    @classmethod
    def generate(cls, kind):
        return cls(KEY_TYPES[kind]())

    @classmethod
    def load(cls, path):
        with open(path, "rb") as f:
            text_ = f.read()
        if text_.startswith(LOW_KEY):
            return cls(w.LowKey(int(text_[len(LOW_KEY):], 16)))
        return cls(serialization.load_pem_private_key(text_, None))

    def save(self, path):
        pem = self.pem()
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
                  "wb") as f:
            f.write(pem)

    def pem(self):
        if isinstance(self.key, w.LowKey):
            return LOW_KEY + b"%x" % self.key.secret
        return self.key.private_bytes(serialization.Encoding.PEM,
                                      serialization.PrivateFormat.PKCS8,
                                      serialization.NoEncryption())


def text(hit_or_address):
    size = socket.AF_INET6 if len(hit_or_address) == 16 else socket.AF_INET
    return socket.inet_ntop(size, hit_or_address)


# ---- bending the rules ------------------------------------------------------

class Bends:
    """What to change on the way out. A bend is a function under the name of
    the packet and the place: NAME.params gets the list of parameters before
    they are protected, NAME.mac and NAME.signature the values, NAME.raw the
    packet before the checksum, NAME.wire the packet after it."""

    def __init__(self, **bends):
        self.bends = {name.replace("__", "."): f for name, f in bends.items()}

    def __call__(self, where, value):
        return self.bends[where](value) if where in self.bends else value


def flip(value, at=-1):
    """One bit of an octet string, the other way round."""
    changed = bytearray(value)
    changed[at] ^= 1
    return bytes(changed)


def change(param_type, function):
    """A bend of one parameter: function gets its contents."""
    return lambda params: [(t, function(c) if t == param_type else c)
                           for t, c in params]


def drop(param_type):
    return lambda params: [(t, c) for t, c in params if t != param_type]


def add(param_type, contents):
    return lambda params: sorted(params + [(param_type, contents)],
                                 key=lambda p: p[0])


# What --bend knows.
PRESETS = {
    "i2-mac": {"I2.mac": flip},
    "i2-signature": {"I2.signature": flip},
    "r1-signature": {"R1.signature": flip},
    "r2-mac": {"R2.mac": flip},
    "r2-signature": {"R2.signature": flip},
    # a HIT suite that nobody knows
    "r1-suite": {"R1.raw": lambda raw: raw[:11] + b"\x2f" + raw[12:]},
    "close-mac": {"CLOSE.mac": flip},
    "close-signature": {"CLOSE.signature": flip},
    "close-ack-echo": {"CLOSE_ACK.params": change(w.ECHO_RESPONSE_SIGNED,
                                                  flip)},
}


# ---- sockets ----------------------------------------------------------------

class Raw:
    """A raw socket of one protocol on one local address."""

    def __init__(self, local, proto):
        self.local = w.address(local)
        self.v4 = len(self.local) == 4
        family = socket.AF_INET if self.v4 else socket.AF_INET6
        self.sock = socket.socket(family, socket.SOCK_RAW, proto)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.sock.bind((local, 0))

    def send(self, raw, to):
        self.sock.sendto(raw, (text(to), 0))

    def receive(self, timeout):
        """(octets, source), or None when the time is up."""
        if not select.select([self.sock], [], [], max(timeout, 0))[0]:
            return None
        raw, source = self.sock.recvfrom(65536)
        if self.v4:
            raw = raw[(raw[0] & 15) * 4:]
        return raw, w.address(source[0].split("%")[0])


class Link:
    """HIP packets from and to one local address."""

    def __init__(self, local, bends=None):
        self.raw = Raw(local, w.IPPROTO_HIP)
        self.esp = Raw(local, w.IPPROTO_ESP)
        self.local = self.raw.local
        self.bends = bends or Bends()

    def send(self, raw, to, name=""):
        raw = self.bends(f"{name}.raw", raw)
        raw = w.with_checksum(raw, self.local, to)
        self.raw.send(self.bends(f"{name}.wire", raw), to)

    def receive(self, timeout, wanted=lambda packet: True):
        """(Packet, source) of the first wanted packet; None: time is up. A
        packet that is wrong in itself raises Malformed."""
        end = time.monotonic() + timeout
        while True:
            got = self.raw.receive(end - time.monotonic())
            if not got:
                return None
            raw, source = got
            w.rule(w.checksum(raw, source, self.local) ==
                   struct.unpack_from("!H", raw, 4)[0], "5.1.1: checksum")
            packet = w.Packet(raw)
            if wanted(packet):
                return packet, source

    def ask(self, raw, to, name, wanted, timeout=3, tries=4):
        """Sends until a wanted packet comes."""
        for _ in range(tries):
            self.send(raw, to, name)
            got = self.receive(timeout, wanted)
            if got:
                return got
        raise Failed(f"no answer to {name}")


# ---- associations -----------------------------------------------------------

class Settings:
    """Preferences, as in the lists that the packets carry."""

    def __init__(self, dh=(7, 8, 4), ciphers=(2, 4), suites=(13, 8, 9),
                 clear=False, puzzle_k=2, esn=True, r1_counter=1,
                 force_cipher=None, force_suite=None, anonymous=False):
        self.dh, self.ciphers, self.suites = dh, ciphers, suites
        self.clear, self.puzzle_k, self.esn = clear, puzzle_k, esn
        self.r1_counter = r1_counter
        self.anonymous = anonymous      # the A bit, section 5.1.2
        # whatever the R1 offers
        self.force_cipher, self.force_suite = force_cipher, force_suite


class Association:
    """Two hosts that know of each other, once the exchange is over."""

    def __init__(self, link, identity, peer_hit, peer_locator):
        self.link, self.identity = link, identity
        self.peer_hit, self.peer_locator = peer_hit, peer_locator
        self.host_id = None             # w.HostId of the peer
        self.kij = None
        self.keys = None                # w.Keys
        self.group = None
        self.esn = True
        self.anonymous = self.peer_anonymous = False
        self.spi_in = int.from_bytes(os.urandom(4), "big") | 1 << 16
        self.spi_out = None
        self.seq_out = 0

    # protecting and checking control packets

    def protect(self, packet_type, params, mac_type=w.HIP_MAC, tail=b""):
        """A packet with its MAC and signature, without checksum."""
        name, bend = w.name_of(packet_type), self.link.bends
        ends = (packet_type, self.identity.hit, self.peer_hit)
        controls = w.ANONYMOUS if self.anonymous and packet_type == w.I2 else 0
        params = bend(f"{name}.params", params)
        if mac_type:
            raw = w.build(*ends, params, controls)
            value = w.mac(self.keys.rhash,
                          self.keys.hip_mac[self.identity.hit], raw, len(raw),
                          tail)
            params = params + [(mac_type, bend(f"{name}.mac", value))]
        raw = w.build(*ends, params, controls)
        algorithm, signature = w.sign(self.identity.key,
                                      w.covered(raw, len(raw)))
        signature = bend(f"{name}.signature", signature)
        params = params + [(w.HIP_SIGNATURE,
                            struct.pack("!H", algorithm) + signature)]
        return w.build(*ends, params, controls)

    def check(self, packet, mac_type=w.HIP_MAC, tail=b""):
        """Mandatory parameters, MAC and signature of what the peer sent."""
        packet.check_mandatory()
        if mac_type:
            right = w.mac(self.keys.rhash, self.keys.hip_mac[self.peer_hit],
                          packet.raw, packet.offset(mac_type), tail)
            w.rule(packet.get(mac_type) == right,
                   f"6.4.1: MAC of {packet.name}")
        w.verify(self.host_id, packet.get(w.HIP_SIGNATURE),
                 w.covered(packet.raw, packet.offset(w.HIP_SIGNATURE)),
                 packet.name)

    def derive(self, dh, peer_public, i, j, hit_i, hit_r, cipher, suite):
        self.group = dh.group
        self.own_dh, self.their_public = dh, peer_public
        self.puzzle = i, j
        self.kij = dh.kij(peer_public)
        self.keys = w.Keys.derive(self.kij, i, j, hit_i, hit_r, cipher, suite)

    def from_peer(self, *types):
        """A filter for Link.receive()."""
        return lambda p: (p.sender == self.peer_hit and p.type in types and
                          p.receiver in (self.identity.hit, bytes(16)))

    # ESP

    def esp_keys(self, hit):
        return w.EspKeys(self.keys.esp_suite, self.keys.esp_enc[hit],
                         self.keys.esp_auth[hit], self.esn)

    def esp_packet(self, payload, next_header):
        self.seq_out += 1
        return w.esp_seal(self.esp_keys(self.identity.hit), self.spi_out,
                          self.seq_out, payload, next_header)

    def esp_send(self, payload, next_header):
        self.link.esp.send(self.esp_packet(payload, next_header),
                           self.peer_locator)

    def esp_open(self, raw):
        """(payload, next header), or None when it is not for this SA."""
        spi, seq = struct.unpack_from("!II", raw)
        if spi != self.spi_in:
            return None
        return w.esp_open(self.esp_keys(self.peer_hit), raw, seq)

    def esp_receive(self, timeout):
        end = time.monotonic() + timeout
        while True:
            got = self.link.esp.receive(end - time.monotonic())
            if not got:
                return None
            opened = self.esp_open(got[0])
            if opened:
                return opened

    def icmp(self, kind, ident, seq, data):
        """An ICMPv6 echo request or reply between the HITs."""
        head = struct.pack("!BBHHH", kind, 0, 0, ident, seq)
        sum_ = w.internet_checksum(
            w.pseudo_header(self.identity.hit, self.peer_hit,
                            len(head + data), 58) + head + data)
        return head[:2] + struct.pack("!H", sum_) + head[4:] + data

    def ping(self, seq, size=56, timeout=3):
        """One echo request; True when the right reply comes."""
        data = os.urandom(size)
        self.esp_send(self.icmp(128, 0x4849, seq, data), 58)
        end = time.monotonic() + timeout
        while True:
            got = self.esp_receive(end - time.monotonic())
            if not got:
                return False
            payload, proto = got
            if proto != 58 or payload[0] != 129:
                continue
            w.rule(w.upper_checksum_ok(self.peer_hit, self.identity.hit, proto,
                                       payload), "4.5.1: checksum of reply")
            if payload[4:] == struct.pack("!HH", 0x4849, seq) + data:
                return True

    def answer_ping(self, raw):
        """Replies to an echo request that came through ESP."""
        opened = self.esp_open(raw)
        if not opened or opened[1] != 58 or opened[0][0] != 128:
            return False
        payload = opened[0]
        w.rule(w.upper_checksum_ok(self.peer_hit, self.identity.hit, 58,
                                   payload), "4.5.1: checksum of request")
        ident, seq = struct.unpack_from("!HH", payload, 4)
        self.esp_send(self.icmp(129, ident, seq, payload[8:]), 58)
        return True

    # rekeying (RFC 7402, sections 6.8 to 6.10)

    def update_packet(self, *params):
        return self.protect(w.UPDATE, sorted(params, key=lambda q: q[0]))

    def rekey_params(self, new_dh=False, index=None):
        """What our UPDATE says: a new SPI, and where the keys come from."""
        self.new_spi = int.from_bytes(os.urandom(4), "big") | 1 << 16
        self.new_dh = w.DHKey(self.group) if new_dh else None
        self.new_index = index or self.keys.keymat_next
        if not new_dh:
            return [(w.ESP_INFO, w.esp_info(self.new_index, self.spi_in,
                                            self.new_spi))]
        return [(w.ESP_INFO, w.esp_info(0, self.spi_in, self.new_spi)),
                (w.DIFFIE_HELLMAN, w.dh_contents(self.group,
                                                 self.new_dh.public))]

    def rekeyed(self, packet):
        """Both UPDATEs are known: theirs is this one. The new keys."""
        index, old, new = w.parse_esp_info(packet.get(w.ESP_INFO))
        w.rule(old == self.spi_out and new != old,
               "RFC 7402, 5.1.1: SPIs of UPDATE")
        theirs = packet.has(w.DIFFIE_HELLMAN)
        if theirs:
            group, self.their_public = w.parse_dh(packet.get(w.DIFFIE_HELLMAN))
            w.rule(group == self.group and not index,
                   "RFC 7402, 6.9: group and index of a new key")
        else:
            w.rule(self.new_dh and not index or
                   index >= self.keys.keymat_next,
                   "RFC 7402, 6.9.1: KEYMAT index of UPDATE")
        if self.new_dh:
            self.own_dh = self.new_dh
        start = max(index, self.new_index)
        if theirs or self.new_dh:
            self.kij = self.own_dh.kij(self.their_public)
            start = 0
        self.keys.draw_esp(self.kij, *self.puzzle,
                           (self.identity.hit, self.peer_hit), start)
        self.spi_in, self.spi_out = self.new_spi, new
        self.seq_out = 0

    # the end

    def close_packet(self):
        self.nonce = os.urandom(16)
        return self.protect(w.CLOSE, [(w.ECHO_REQUEST_SIGNED, self.nonce)])

    def close(self):
        """Sends CLOSE and checks the CLOSE_ACK, section 5.3.7."""
        packet, _ = self.link.ask(self.close_packet(), self.peer_locator,
                                  "CLOSE", self.from_peer(w.CLOSE_ACK))
        self.check(packet)
        w.rule(packet.get(w.ECHO_RESPONSE_SIGNED) == self.nonce,
               "5.3.8: CLOSE_ACK does not echo the CLOSE")

    def answer_close(self, packet):
        self.check(packet)
        self.link.send(
            self.protect(w.CLOSE_ACK, [(w.ECHO_RESPONSE_SIGNED,
                                        packet.get(w.ECHO_REQUEST_SIGNED))]),
            self.peer_locator, "CLOSE_ACK")

    def notify(self, notify_type, data=b""):
        self.link.send(self.notify_packet(notify_type, data),
                       self.peer_locator, "NOTIFY")

    def notify_packet(self, notify_type, data=b""):
        return self.protect(
            w.NOTIFY, [(w.NOTIFICATION, w.notification(notify_type, data))],
            mac_type=None)

    def describe(self):
        return (f"dh={self.group} cipher={self.keys.hip_cipher} "
                f"suite={self.keys.esp_suite} rhash={self.keys.rhash}" +
                (" anonymous" if self.peer_anonymous else ""))


# ---- Initiator (sections 4.1, 6.6, 6.8, 6.10) -------------------------------

class Initiator(Association):
    """Step by step, so that a test may stop, repeat or bend each."""

    def __init__(self, link, identity, hit_r, locator, settings=None):
        super().__init__(link, identity, hit_r, locator)
        self.set = settings or Settings()
        self.esn = self.set.esn
        self.anonymous = self.set.anonymous

    def i1_packet(self):
        params = [(w.DH_GROUP_LIST, w.list8(self.set.dh))]
        return w.build(w.I1, self.identity.hit, self.peer_hit,
                       self.link.bends("I1.params", params))

    def get_r1(self):
        wanted = self.from_peer(w.R1)
        if self.peer_hit == bytes(16):
            def wanted(packet):
                return packet.type == w.R1 and \
                    packet.receiver == self.identity.hit
        self.r1, source = self.link.ask(self.i1_packet(), self.peer_locator,
                                        "I1", wanted)
        if self.peer_hit == bytes(16):
            w.rule(source == self.peer_locator, "6.8: source of R1")
            self.peer_hit = self.r1.sender
        self.peer_locator = source
        self.check_r1()

    def check_r1(self):
        r1 = self.r1
        r1.check_mandatory()
        self.peer_anonymous = bool(r1.controls & w.ANONYMOUS)
        self.host_id = w.HostId(r1.get(w.HOST_ID))
        w.rule(self.host_id.hit == self.peer_hit, "3.2: HIT of R1")
        w.verify(self.host_id, r1.get(w.HIP_SIGNATURE_2),
                 w.r1_signed_octets(r1.raw, r1.offset(w.HIP_SIGNATURE_2)),
                 "R1")
        group, self.peer_public = w.parse_dh(r1.get(w.DIFFIE_HELLMAN))
        if group not in self.set.dh:
            raise Failed("no common DH group")
        w.rule(w.hit_suite(self.peer_hit) << 4 in r1.get(w.HIT_SUITE_LIST),
               "5.2.10: HIT_SUITE_LIST lacks the own suite")
        self.dh = w.DHKey(group)

    def choose(self, param_type, ours, skip=0):
        """Section 5.2.8: the first of the Responder's that we like too."""
        offered = w.parse_list16(self.r1.get(param_type)[skip:],
                                 w.param_name(param_type))
        common = [choice for choice in offered if choice in ours]
        if not common:
            raise Failed(f"no common {w.param_name(param_type)}")
        return common[0]

    def i2_packet(self, solve=True):
        r1, hit_i, hit_r = self.r1, self.identity.hit, self.peer_hit
        size = w.rhash_len(hit_r)
        k, _, opaque, i = w.parse_puzzle(r1.get(w.PUZZLE), size)
        j = w.solve_puzzle(w.rhash_of(hit_r), k, i, hit_i, hit_r, solve)
        cipher = self.set.force_cipher or \
            self.choose(w.HIP_CIPHER, self.set.ciphers)
        suite = self.set.force_suite or \
            self.choose(w.ESP_TRANSFORM, self.set.suites, 2)
        self.derive(self.dh, self.peer_public, i, j, hit_i, hit_r, cipher,
                    suite)
        params = [
            (w.ESP_INFO, w.esp_info(self.keys.keymat_index, 0, self.spi_in)),
            *((w.R1_COUNTER, c) for c in r1.all(w.R1_COUNTER)),
            (w.SOLUTION, w.solution(k, opaque, i, j)),
            (w.DIFFIE_HELLMAN, w.dh_contents(self.dh.group, self.dh.public)),
            (w.HIP_CIPHER, w.list16([cipher])),
            self.own_host_id(),
            *((w.ECHO_RESPONSE_SIGNED, c)
              for c in r1.all(w.ECHO_REQUEST_SIGNED)),
            (w.TRANSPORT_FORMAT_LIST, w.list16([w.ESP_TRANSFORM])),
            (w.ESP_TRANSFORM, w.esp_transform([suite])),
        ]
        raw = self.protect(w.I2, params)
        echoes = b"".join(w.tlv(w.ECHO_RESPONSE_UNSIGNED, c)
                          for c in r1.all(w.ECHO_REQUEST_UNSIGNED))
        length = len(raw) + len(echoes)
        return raw[:1] + bytes([length // 8 - 1]) + raw[2:] + echoes

    def own_host_id(self):
        if self.set.clear:
            return w.HOST_ID, self.identity.host_id
        return w.ENCRYPTED, w.encrypt(self.keys.hip_enc[self.identity.hit],
                                      w.tlv(w.HOST_ID, self.identity.host_id))

    def get_r2(self):
        self.i2 = self.i2_packet()
        r2, _ = self.link.ask(self.i2, self.peer_locator, "I2",
                              self.from_peer(w.R2, w.NOTIFY))
        self.check_r2(r2)

    def check_r2(self, r2):
        if r2.type == w.NOTIFY:
            self.check(r2, mac_type=None)
            kind = struct.unpack_from("!H", r2.get(w.NOTIFICATION), 2)[0]
            raise Failed(f"refused with NOTIFY {kind}")
        self.check(r2, w.HIP_MAC_2, self.r1.tlv(w.HOST_ID))
        index, old, self.spi_out = w.parse_esp_info(r2.get(w.ESP_INFO))
        w.rule((index, old) == (self.keys.keymat_index, 0),
               "RFC 7402, 5.1.1: ESP_INFO of R2")

    def run(self):
        self.get_r1()
        self.get_r2()
        return self


# ---- Responder (sections 6.7, 6.9, 6.14) ------------------------------------

class Responder:
    """Answers one association after the other."""

    def __init__(self, link, identity, settings=None):
        self.link, self.identity = link, identity
        self.set = settings or Settings()
        self.dh = {}            # DHKey by group
        self.puzzles = {}       # (K, R1) by (Initiator, #I)
        self.current = None     # Association
        self.opportunistic = False      # answers I1s that name nobody
        self.elsewhere = None   # a Link which answers in place of this one
        self.size = w.rhash_len(identity.hit)

    def counters(self):
        """The R1_COUNTERs of an R1: a Responder may do without, 5.2.3."""
        if not self.set.r1_counter:
            return []
        # Reserved is echoed whatever it is
        return [struct.pack("!IQ", 0x600d600d, self.set.r1_counter)]

    def r1_packet(self, hit_i, groups):
        group = next((g for g in self.set.dh if g in groups), self.set.dh[0])
        dh = self.dh.setdefault(group, None) or w.DHKey(group)
        self.dh[group] = dh
        opaque, i = os.urandom(2), os.urandom(self.size)
        params = [
            *((w.R1_COUNTER, c) for c in self.counters()),
            (w.PUZZLE, w.puzzle(self.set.puzzle_k, opaque, i)),
            (w.DH_GROUP_LIST, w.list8(self.set.dh)),
            (w.DIFFIE_HELLMAN, w.dh_contents(group, dh.public)),
            (w.HIP_CIPHER, w.list16(self.set.ciphers)),
            (w.HOST_ID, self.identity.host_id),
            (w.HIT_SUITE_LIST, bytes([0x10, 0x20, 0x30])),
            (w.ECHO_REQUEST_SIGNED, b"signed echo"),
            (w.TRANSPORT_FORMAT_LIST, w.list16([w.ESP_TRANSFORM])),
            (w.ESP_TRANSFORM, w.esp_transform(self.set.suites)),
        ]
        params = self.link.bends("R1.params", params)
        ends = (w.R1, self.identity.hit, hit_i)
        controls = w.ANONYMOUS if self.set.anonymous else 0
        raw = w.build(*ends, params, controls)
        algorithm, signature = w.sign(self.identity.key,
                                      w.r1_signed_octets(raw, len(raw)))
        signature = self.link.bends("R1.signature", signature)
        params += [
            (w.HIP_SIGNATURE_2, struct.pack("!H", algorithm) + signature),
            (w.ECHO_REQUEST_UNSIGNED, b"one"),
            (w.ECHO_REQUEST_UNSIGNED, b"another"),
        ]
        raw = w.build(*ends, params, controls)
        self.puzzles[hit_i, i] = self.set.puzzle_k, opaque, group
        return raw

    def on_i1(self, i1, source):
        i1.check_mandatory()
        self.link = self.elsewhere or self.link
        self.link.send(self.r1_packet(i1.sender, i1.get(w.DH_GROUP_LIST)),
                       source, "R1")

    def on_i2(self, i2, source):
        self.accept_i2(i2, source)
        self.link.send(self.r2_packet(self.current), source, "R2")

    def accept_i2(self, i2, source):
        """Makes it an Association, which the Initiator is not told of."""
        i2.check_mandatory()
        k, opaque, i, j = w.parse_solution(i2.get(w.SOLUTION), self.size)
        w.rule((i2.sender, i) in self.puzzles, "5.2.5: #I was never sent")
        right_k, right_opaque, group = self.puzzles[i2.sender, i]
        w.rule((k, opaque) == (right_k, right_opaque), "5.2.5: K, Opaque")
        w.rule(w.puzzle_ok(w.rhash_of(self.identity.hit), k, i, j, i2.sender,
                           self.identity.hit), "6.3: puzzle is not solved")
        w.rule(i2.all(w.R1_COUNTER) == self.counters(), "5.2.3")
        w.rule(i2.get(w.ECHO_RESPONSE_SIGNED) == b"signed echo", "5.2.22")
        w.rule(i2.all(w.ECHO_RESPONSE_UNSIGNED) == [b"one", b"another"],
               "5.2.23: an answer to each ECHO_REQUEST_UNSIGNED")
        assoc = Association(self.link, self.identity, i2.sender, source)
        assoc.esn = self.set.esn
        assoc.peer_anonymous = bool(i2.controls & w.ANONYMOUS)
        i2_group, public = w.parse_dh(i2.get(w.DIFFIE_HELLMAN))
        w.rule(i2_group == group, "5.2.7: DH group of I2")
        cipher = self.chosen(i2, w.HIP_CIPHER, self.set.ciphers)
        suite = self.chosen(i2, w.ESP_TRANSFORM, self.set.suites, 2)
        assoc.derive(self.dh[group], public, i, j, i2.sender,
                     self.identity.hit, cipher, suite)
        assoc.host_id = self.host_id_of(i2, assoc.keys)
        w.rule(assoc.host_id.hit == i2.sender, "3.2: HIT of I2")
        assoc.check(i2)
        index, old, assoc.spi_out = w.parse_esp_info(i2.get(w.ESP_INFO))
        w.rule((index, old) == (assoc.keys.keymat_index, 0),
               "RFC 7402, 5.1.1: ESP_INFO of I2")
        self.current = assoc

    def chosen(self, i2, param_type, ours, skip=0):
        choice = w.parse_list16(i2.get(param_type)[skip:],
                                w.param_name(param_type))
        w.rule(len(choice) == 1 and choice[0] in ours,
               f"5.3.3: {w.param_name(param_type)} of I2")
        return choice[0]

    def host_id_of(self, i2, keys):
        if i2.has(w.HOST_ID):
            return w.HostId(i2.get(w.HOST_ID))
        plain = w.decrypt(keys.hip_enc[i2.sender], i2.get(w.ENCRYPTED))
        found = [c for t, c, _ in w.parse_tlvs(plain) if t == w.HOST_ID]
        w.rule(len(found) == 1, "5.3.3: HOST_ID in ENCRYPTED")
        return w.HostId(found[0])

    def r2_packet(self, assoc):
        params = [(w.ESP_INFO, w.esp_info(assoc.keys.keymat_index, 0,
                                          assoc.spi_in))]
        return assoc.protect(w.R2, params, w.HIP_MAC_2,
                             w.tlv(w.HOST_ID, self.identity.host_id))

    def handle(self, packet, source):
        """Name of what was dealt with, or None."""
        unnamed = packet.type == w.I1 and packet.receiver == bytes(16)
        if packet.receiver != self.identity.hit and \
                not (self.opportunistic and unnamed):
            return None
        if packet.type == w.I1:
            if unnamed:
                say("I1 without a HIT")
            self.on_i1(packet, source)
        elif packet.type == w.I2:
            self.on_i2(packet, source)
            return "ESTABLISHED " + self.current.describe()
        elif self.current and packet.sender == self.current.peer_hit:
            if packet.type == w.CLOSE:
                self.current.answer_close(packet)
                return "CLOSED"
            if packet.type == w.NOTIFY:
                self.current.check(packet, mac_type=None)
                return "NOTIFY"
        return None

    def serve(self, closes, timeout):
        """Until so many associations were closed."""
        end = time.monotonic() + timeout
        while closes:
            hip, esp = self.link.raw, self.link.esp
            ready = select.select([hip.sock, esp.sock], [], [],
                                  max(end - time.monotonic(), 0))[0]
            if not ready:
                raise Failed(f"nothing more came in {timeout} seconds")
            if esp.sock in ready:
                raw, _ = esp.receive(0)
                if self.current and self.current.answer_ping(raw):
                    say("PING answered")
            if hip.sock in ready:
                got = self.link.receive(0)
                event = got and self.handle(*got)
                if event:
                    say(event)
                if event == "CLOSED":
                    closes -= 1


# ---- command line -----------------------------------------------------------

def say(line):
    print(line, flush=True)


def numbers(argument):
    return tuple(int(n) for n in argument.split(","))


def make_identity(args):
    identity = Identity.generate(args.type)
    identity.save(args.key)
    say(text(identity.hit))
    return True


def initiate(args):
    assoc = Initiator(link(args), Identity.load(args.key),
                      w.address(args.hit or "::"), w.address(args.peer),
                      settings(args)).run()
    if not args.hit:
        say("LEARNT " + text(assoc.peer_hit))
    say("ESTABLISHED " + assoc.describe())
    if args.kij:
        with open(args.kij, "a", encoding="ascii") as f:
            f.write(assoc.kij.hex() + "\n")
    answered = sum(assoc.ping(n, args.size) for n in range(1, args.ping + 1))
    if args.ping:
        say(f"PING {answered}/{args.ping}")
    if args.close:
        assoc.close()
        say("CLOSED")
    return answered == args.ping


def respond(args):
    responder = Responder(link(args), Identity.load(args.key), settings(args))
    responder.opportunistic = args.opportunistic
    if args.answer_from:
        responder.elsewhere = Link(args.answer_from, responder.link.bends)
    say(f"READY {text(responder.identity.hit)}")
    responder.serve(args.count, args.timeout)
    return True


def link(args):
    bends = Bends()
    bends.bends.update(PRESETS.get(args.bend, {}))
    return Link(args.local, bends)


def settings(args):
    return Settings(args.dh, args.ciphers, args.suites, args.clear,
                    args.puzzle_k, not args.no_esn,
                    force_cipher=args.force_cipher,
                    force_suite=args.force_suite,
                    anonymous=args.anonymous)


def run(args):
    """True when all went well."""
    command = {"identity": make_identity, "initiate": initiate,
               "respond": respond}[args.do]
    try:
        return command(args)
    except (Failed, w.Malformed, w.EspError) as error:
        say(f"FAILED {error}")
        return False


def script(parser):
    for line in sys.stdin:
        say("done 0" if run(parser.parse_args(shlex.split(line)))
            else "done 1")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("do", choices=("identity", "initiate", "respond",
                                       "script"))
    parser.add_argument("--key", help="PEM file")
    parser.add_argument("--type", choices=KEY_TYPES, default="p256")
    parser.add_argument("--local", help="own locator")
    parser.add_argument("--peer", help="locator of the Responder")
    parser.add_argument("--hit", help="HIT of the Responder")
    parser.add_argument("--dh", type=numbers, default=(7, 8, 4))
    parser.add_argument("--ciphers", type=numbers, default=(2, 4))
    parser.add_argument("--suites", type=numbers, default=(13, 8, 9))
    parser.add_argument("--force-cipher", type=int,
                        help="initiate: though the R1 does not offer it")
    parser.add_argument("--force-suite", type=int, help="the same")
    parser.add_argument("--puzzle-k", type=int, default=2)
    parser.add_argument("--clear", action="store_true",
                        help="HOST_ID of I2 unencrypted")
    parser.add_argument("--no-esn", action="store_true")
    parser.add_argument("--anonymous", action="store_true",
                        help="the A bit is set in R1 and I2")
    parser.add_argument("--opportunistic", action="store_true",
                        help="respond: also to an I1 without a HIT")
    parser.add_argument("--answer-from", help="respond: from this locator")
    parser.add_argument("--ping", type=int, default=0)
    parser.add_argument("--size", type=int, default=56)
    parser.add_argument("--close", action="store_true")
    parser.add_argument("--count", type=int, default=1,
                        help="respond: end after so many CLOSEs")
    parser.add_argument("--timeout", type=int, default=30,
                        help="respond: end after so many seconds")
    parser.add_argument("--kij", help="append the shared secret to this file")
    parser.add_argument("--bend", choices=PRESETS, help="break a rule")
    return parser


def main():
    parser = arguments()
    args = parser.parse_args()
    if args.do == "script":
        script(parser)
    else:
        sys.exit(0 if run(args) else 1)


if __name__ == "__main__":
    main()
