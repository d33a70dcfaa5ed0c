#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
Verifies a packet capture against RFC 7401 and RFC 7402, octet for octet.

    verify_capture.py PCAP [--keys KEYS.json] [--kij FILE] [--want I1,R1,...]

KEYS.json is what `hiptool -j assoc keys` prints, or several of these one after
the other. A --kij file has Diffie-Hellman shared secrets in hex, one a line:
then the whole KEYMAT is derived here. Either opens what is protected; without
them only the public part of an exchange is verified.

Prints one TAP line for each kind of check, and exits with 1 if one failed.
"""

import argparse
import json
import struct
import sys
from collections import OrderedDict

import hip_wire as w

# ---- reading the file -------------------------------------------------------

ETHERTYPES = {0x0800: 4, 0x86dd: 6}


def read_pcap(path):
    """(link type, octets) of each frame of a classic pcap file."""
    with open(path, "rb") as f:
        head = f.read(24)
        magic = head[:4]
        if magic in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1"):
            order = "<"
        elif magic in (b"\xa1\xb2\xc3\xd4", b"\xa1\xb2\x3c\x4d"):
            order = ">"
        else:
            raise SystemExit(f"{path}: not a pcap file (tcpdump -w writes one)")
        link = struct.unpack(order + "I", head[20:24])[0] & 0xffff
        while True:
            head = f.read(16)
            if len(head) < 16:
                return
            _, _, kept, length = struct.unpack(order + "IIII", head)
            frame = f.read(kept)
            if kept != length:
                raise SystemExit(f"{path}: cut frames; capture with -s 0")
            if len(frame) == kept:
                yield link, frame


def ip_of_frame(link, frame):
    """The IP packet in a frame, or None."""
    if link == 1:                               # Ethernet
        kind, at = struct.unpack_from("!H", frame, 12)[0], 14
    elif link == 113:                           # LINUX_SLL
        kind, at = struct.unpack_from("!H", frame, 14)[0], 16
    elif link == 276:                           # LINUX_SLL2
        kind, at = struct.unpack_from("!H", frame, 0)[0], 20
    elif link in (12, 101):                     # raw IP
        return frame
    else:
        raise SystemExit(f"link type {link} is not supported")
    return frame[at:] if kind in ETHERTYPES else None


class Reassembly:
    """Puts fragments together again."""

    def __init__(self):
        self.parts = {}

    def add(self, key, offset, more, data):
        """The whole payload when this was the last missing fragment."""
        parts, end = self.parts.setdefault(key, ({}, [None]))
        parts[offset] = data
        if not more:
            end[0] = offset + len(data)
        whole = b""
        while len(whole) in parts:
            whole += parts[len(whole)]
        if whole and len(whole) == end[0]:
            del self.parts[key]
            return whole
        return None


def add_ip6_fragment(fragments, key, data):
    """(next header, payload or None) of an IPv6 fragment header and what
    follows it."""
    proto, _, offset, ident = struct.unpack_from("!BBHI", data)
    return proto, fragments.add(key + (ident,), offset & ~7, offset & 1,
                                data[8:])


def parse_ip(packet, fragments):
    """(source, destination, protocol, payload); payload None: a fragment of
    something that is not complete yet."""
    if packet[0] >> 4 == 4:
        header_len, length, ident, offset = \
            (packet[0] & 15) * 4, *struct.unpack_from("!HHH", packet, 2)
        src, dst, proto = packet[12:16], packet[16:20], packet[9]
        payload = packet[header_len:length]
        if offset & 0x3fff:
            payload = fragments.add((src, dst, proto, ident),
                                    (offset & 0x1fff) * 8, offset & 0x2000,
                                    payload)
        return src, dst, proto, payload
    length, proto = struct.unpack_from("!HB", packet, 4)
    src, dst, payload = packet[8:24], packet[24:40], packet[40:40 + length]
    if proto == 0:                              # hop-by-hop: MLD
        proto, payload = payload[0], payload[(payload[1] + 1) * 8:]
    if proto == 44:
        proto, payload = add_ip6_fragment(fragments, (src, dst), payload)
    return src, dst, proto, payload


# ---- counting ---------------------------------------------------------------

class Tally:
    """The results, by kind of check."""

    def __init__(self):
        self.passed = OrderedDict()
        self.failures = {}
        self.skipped = OrderedDict()

    def check(self, name, function, *args):
        """Runs a check; its result, or None when it failed."""
        self.passed.setdefault(name, 0)
        try:
            result = function(*args)
        except (w.Malformed, w.EspError, IndexError, struct.error,
                ValueError) as error:
            self.fail(name, f"{type(error).__name__}: {error}"
                      if not isinstance(error, (w.Malformed, w.EspError))
                      else str(error))
            return None
        self.passed[name] += 1
        return True if result is None else result

    def fail(self, name, message):
        self.passed.setdefault(name, 0)
        self.failures.setdefault(name, []).append(f"{self.where}: {message}")

    def skip(self, name):
        self.skipped[name] = self.skipped.get(name, 0) + 1

    def report(self):
        """Prints TAP; True when all is well."""
        number = 0
        for name, count in self.passed.items():
            number += 1
            bad = self.failures.get(name, [])
            print(f"{'not ok' if bad else 'ok'} {number} {name}: "
                  f"{count} verified" + (f", {len(bad)} not" if bad else ""))
            for line in bad[:5]:
                print(f"#    {line}")
        for name, count in self.skipped.items():
            number += 1
            print(f"ok {number} {name}: {count} # SKIP no keys")
        print(f"1..{number}")
        return not self.failures and any(self.passed.values())


# ---- keys -------------------------------------------------------------------

def json_documents(path):
    """All JSON values of a file, one after the other."""
    with open(path, encoding="ascii") as f:
        text = f.read()
    decoder, at = json.JSONDecoder(), 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        value, at = decoder.raw_decode(text, at)
        yield value


HIP_CIPHER_OF_LENGTH = {0: 1, 16: 2, 32: 4}


class ExportedKeys:
    """Keys of one association as hiptool exports them: two SAs."""

    def __init__(self, pair):
        self.sas = {w.address(sa["inner_source"]): sa for sa in pair}
        self.spis = {int(sa["spi"], 0) for sa in pair}

    def match(self, i2, esp_spi):
        """w.Keys, if these are the keys of the exchange of this I2."""
        if set(self.sas) == {i2.sender, i2.receiver} and esp_spi in self.spis:
            return self.keys(i2.receiver)
        return None

    def keys(self, hit_r):
        first = next(iter(self.sas.values()))
        keys = w.Keys(hit_r,
                      HIP_CIPHER_OF_LENGTH[
                          len(first.get("hip_encryption_key", "")) // 2],
                      first["esp_suite"])
        keys.esn = first["esn"]
        for hit, sa in self.sas.items():
            keys.hip_enc[hit] = bytes.fromhex(
                sa.get("hip_encryption_key", ""))
            keys.hip_mac[hit] = bytes.fromhex(sa["hip_integrity_key"])
            keys.esp_enc[hit] = bytes.fromhex(sa.get("encryption_key", ""))
            keys.esp_auth[hit] = bytes.fromhex(
                sa.get("authentication_key", ""))
        return keys


class SharedSecret:
    """A Diffie-Hellman secret: the keys are derived from it."""

    def __init__(self, kij, esn):
        self.kij, self.esn = kij, esn

    def match(self, i2, _):
        size = w.rhash_len(i2.receiver)
        _, _, i, j = w.parse_solution(i2.get(w.SOLUTION), size)
        keys = w.Keys.derive(self.kij, i, j, i2.sender, i2.receiver,
                             w.parse_list16(i2.get(w.HIP_CIPHER), "")[0],
                             w.parse_list16(i2.get(w.ESP_TRANSFORM)[2:], "")[0])
        keys.esn = self.esn
        end = i2.offset(w.HIP_MAC)
        right = w.mac(keys.rhash, keys.hip_mac[i2.sender], i2.raw, end)
        return keys if right == i2.get(w.HIP_MAC) else None


# ---- HIP --------------------------------------------------------------------

class Sa:
    """What is known of one SPI."""

    def __init__(self, keys, sender, receiver):
        self.sender, self.receiver = sender, receiver
        self.keys = keys and w.EspKeys(keys.esp_suite, keys.esp_enc[sender],
                                       keys.esp_auth[sender], keys.esn)
        self.seq = 0            # of the last packet
        self.top = 0            # the greatest so far
        self.seen = set()
        self.ivs = set()
        self.fragments = Reassembly()


class Exchange:
    """What the packets between two HITs have shown so far."""

    def __init__(self):
        self.i1 = {}            # DH_GROUP_LIST by Initiator
        self.r1 = {}            # R1 by (Responder, #I)
        self.i2 = None
        self.host_r = None      # HOST_ID of the R1 that the I2 answered
        self.keys = None
        self.echo = set()       # of CLOSE


class Verifier:
    """Follows a capture packet by packet."""

    def __init__(self, tally, secrets):
        self.t = tally
        self.secrets = secrets
        self.exchanges = {}
        self.host_ids = {}      # HostId by HIT
        self.sas = {}           # Sa by SPI
        self.seen = OrderedDict()

    def count(self, what):
        self.seen[what] = self.seen.get(what, 0) + 1

    # each packet

    def hip(self, src, dst, raw):
        t = self.t
        t.check("checksum (RFC 7401, 5.1.1)", self.check_checksum, raw, src,
                dst)
        packet = t.check("header, order, lengths and padding (5.1, 5.2.1)",
                         w.Packet, raw)
        if not packet:
            return
        self.count(packet.name)
        t.where += f" {packet.name}"
        if not t.check("mandatory parameters (5.3)", self.check_mandatory,
                       packet):
            return
        pair = frozenset((packet.sender, packet.receiver))
        exchange = self.exchanges.setdefault(pair, Exchange())
        handler = getattr(self, "on_" + packet.name.lower(), None)
        if handler:
            handler(exchange, packet)

    def check_checksum(self, raw, src, dst):
        w.rule(w.checksum(raw, src, dst) == struct.unpack_from("!H", raw, 4)[0],
               "5.1.1: wrong checksum")

    def check_mandatory(self, packet):
        packet.check_mandatory()
        w.hit_suite(packet.sender)
        if any(packet.receiver):
            w.hit_suite(packet.receiver)

    # helpers for the checks

    def check_host_id(self, contents, hit):
        host_id = w.HostId(contents)
        w.rule(host_id.hit == hit, "3.2: HIT is not the ORCHID of HOST_ID")
        self.host_ids[hit] = host_id
        return host_id

    def check_signature(self, packet, host_id):
        w.verify(host_id, packet.get(w.HIP_SIGNATURE),
                 w.covered(packet.raw, packet.offset(w.HIP_SIGNATURE)),
                 packet.name)

    def check_mac(self, packet, keys):
        right = w.mac(keys.rhash, keys.hip_mac[packet.sender], packet.raw,
                      packet.offset(w.HIP_MAC))
        w.rule(right == packet.get(w.HIP_MAC),
               f"6.4.1: HIP_MAC of {packet.name} is wrong")

    def mac_and_signature(self, exchange, packet):
        """Of I2, UPDATE, CLOSE and CLOSE_ACK."""
        if exchange.keys:
            self.t.check(f"HIP_MAC of {packet.name} (6.4.1)", self.check_mac,
                         packet, exchange.keys)
        else:
            self.t.skip(f"HIP_MAC of {packet.name} (6.4.1)")
        self.signature(packet)

    def signature(self, packet):
        name = f"HIP_SIGNATURE of {packet.name} (6.4.2)"
        host_id = self.host_ids.get(packet.sender)
        if host_id:
            self.t.check(name, self.check_signature, packet, host_id)
        else:
            self.t.skip(name)

    # packet by packet

    def on_i1(self, exchange, packet):
        groups = packet.get(w.DH_GROUP_LIST)
        exchange.i1[packet.sender] = groups

    def on_r1(self, exchange, packet):
        t = self.t
        host_id = t.check("HIT of R1 is the ORCHID of HOST_ID (3.2)",
                          self.check_host_id, packet.get(w.HOST_ID),
                          packet.sender)
        if not host_id:
            return
        t.check("HIP_SIGNATURE_2 of R1 (5.2.15)", self.check_signature_2,
                packet, host_id)
        t.check("DH group of R1 (5.2.6, 5.2.7)", self.check_r1_group,
                exchange, packet)
        t.check("lists of R1 (5.2.8, 5.2.10, 5.2.11)", self.check_r1_lists,
                packet)
        i = w.parse_puzzle(packet.get(w.PUZZLE), w.rhash_len(packet.sender))[3]
        exchange.r1[packet.sender, i] = packet

    def check_signature_2(self, packet, host_id):
        w.verify(host_id, packet.get(w.HIP_SIGNATURE_2),
                 w.r1_signed_octets(packet.raw,
                                    packet.offset(w.HIP_SIGNATURE_2)), "R1")

    def check_r1_group(self, exchange, packet):
        group, _ = w.parse_dh(packet.get(w.DIFFIE_HELLMAN))
        ours = packet.get(w.DH_GROUP_LIST)
        theirs = exchange.i1.get(packet.receiver, b"")
        w.rule(group in ours, "5.2.6: group of R1 is not in its list")
        common = [g for g in ours if g in theirs]
        w.rule(not common or group == common[0],
               f"5.2.6: group {group}, but the first common one is "
               f"{common and common[0]}")

    def check_r1_lists(self, packet):
        suites = packet.get(w.HIT_SUITE_LIST)
        w.rule(suites and not any(s & 15 for s in suites),
               "5.2.10: low bits in HIT_SUITE_LIST")
        w.rule(w.hit_suite(packet.sender) << 4 in suites,
               "5.2.10: HIT_SUITE_LIST lacks the suite of its own HIT")
        formats = w.parse_list16(packet.get(w.TRANSPORT_FORMAT_LIST), "formats")
        w.rule(w.ESP_TRANSFORM in formats, "RFC 7402, 5.1.2: ESP not offered")
        w.rule(len(w.parse_list16(packet.get(w.HIP_CIPHER), "HIP_CIPHER")) <= 6,
               "5.2.8: more than six HIP ciphers")
        w.rule(w.parse_list16(packet.get(w.ESP_TRANSFORM)[2:], "ESP_TRANSFORM"),
               "RFC 7402, 5.1.2: empty ESP_TRANSFORM")

    def on_i2(self, exchange, packet):
        t = self.t
        r1 = t.check("SOLUTION of I2 answers the PUZZLE (5.2.5, 6.3)",
                     self.check_solution, exchange, packet)
        if not r1:
            return
        t.check("choices of I2 (5.2.7, 5.2.8, 5.3.3)", self.check_choices, r1,
                packet)
        spi = t.check("ESP_INFO of I2 (RFC 7402, 5.1.1)", self.check_esp_info,
                      packet)
        exchange.i2 = packet
        exchange.host_r = r1.tlv(w.HOST_ID)
        exchange.keys = self.find_keys(packet, spi)
        host_id = self.initiator_host_id(exchange, packet)
        if host_id:
            t.check("HIT of I2 is the ORCHID of HOST_ID (3.2)",
                    self.check_host_id, host_id, packet.sender)
        self.mac_and_signature(exchange, packet)
        if spi:
            self.sas[spi] = Sa(exchange.keys, packet.receiver, packet.sender)

    def find_keys(self, i2, spi):
        for secret in self.secrets:
            keys = secret.match(i2, spi)
            if keys:
                return keys
        return None

    def check_solution(self, exchange, packet):
        size = w.rhash_len(packet.receiver)
        k, opaque, i, j = w.parse_solution(packet.get(w.SOLUTION), size)
        r1 = exchange.r1.get((packet.receiver, i))
        w.rule(r1, "5.2.5: #I is of no R1 that was sent")
        r1_k, _, r1_opaque, _ = w.parse_puzzle(r1.get(w.PUZZLE), size)
        w.rule((k, opaque) == (r1_k, r1_opaque),
               "5.2.5: K and Opaque are not those of the PUZZLE")
        w.rule(w.puzzle_ok(w.rhash_of(packet.receiver), k, i, j,
                           packet.sender, packet.receiver),
               "6.3: #J does not solve the puzzle")
        return r1

    def check_choices(self, r1, packet):
        w.rule(packet.all(w.R1_COUNTER) == r1.all(w.R1_COUNTER),
               "5.2.3: R1_COUNTER is not that of the R1")
        w.rule(packet.all(w.ECHO_RESPONSE_SIGNED) ==
               r1.all(w.ECHO_REQUEST_SIGNED), "5.2.22: echo response")
        w.rule(packet.all(w.ECHO_RESPONSE_UNSIGNED) ==
               r1.all(w.ECHO_REQUEST_UNSIGNED), "5.2.23: echo response")
        group, _ = w.parse_dh(packet.get(w.DIFFIE_HELLMAN))
        w.rule(group == w.parse_dh(r1.get(w.DIFFIE_HELLMAN))[0],
               "5.2.7: DH group of I2 is not that of the R1")
        for param_type, skip in ((w.HIP_CIPHER, 0), (w.ESP_TRANSFORM, 2),
                                 (w.TRANSPORT_FORMAT_LIST, 0)):
            name = w.param_name(param_type)
            chosen = w.parse_list16(packet.get(param_type)[skip:], name)
            offered = w.parse_list16(r1.get(param_type)[skip:], name)
            w.rule(len(chosen) == 1, f"5.3.3: {name} of I2 is not one choice")
            w.rule(chosen[0] in offered, f"5.3.3: {name} was not offered")

    def check_esp_info(self, packet):
        index, old, new = w.parse_esp_info(packet.get(w.ESP_INFO))
        w.rule(old == 0, "RFC 7402, 5.2.1: OLD SPI is not zero")
        w.rule(new > 255, "RFC 4303, 2.1: reserved SPI")
        if packet.type == w.I2:
            cipher = w.parse_list16(packet.get(w.HIP_CIPHER), "HIP_CIPHER")[0]
            self.index = 2 * (w.HIP_CIPHER_KEY[cipher] +
                              w.rhash_len(packet.receiver))
        w.rule(index == self.index, f"RFC 7402, 5.1.1: KEYMAT Index is "
               f"{index}, the ESP keys start at {self.index}")
        return new

    def initiator_host_id(self, exchange, packet):
        """Contents of the HOST_ID of an I2, or None when it is unreadable."""
        if packet.has(w.HOST_ID):
            self.count("HOST_ID in clear")
            return packet.get(w.HOST_ID)
        self.count("HOST_ID encrypted")
        name = "ENCRYPTED of I2 (5.2.18)"
        if not exchange.keys:
            self.t.skip(name)
            return None
        return self.t.check(name, self.decrypt_host_id, exchange.keys, packet)

    def decrypt_host_id(self, keys, packet):
        plain = w.decrypt(keys.hip_enc[packet.sender], packet.get(w.ENCRYPTED))
        inner = w.parse_tlvs(plain)
        found = [c for t, c, _ in inner if t == w.HOST_ID]
        w.rule(len(found) == 1, "5.3.3: no HOST_ID in ENCRYPTED")
        return found[0]

    def on_r2(self, exchange, packet):
        t = self.t
        if not exchange.i2 or exchange.i2.sender != packet.receiver:
            t.fail("R2 answers an I2 (4.4)", "there was no I2")
            return
        spi = t.check("ESP_INFO of R2 (RFC 7402, 5.1.1)", self.check_esp_info,
                      packet)
        if exchange.keys:
            t.check("HIP_MAC_2 of R2 (5.2.13)", self.check_mac_2, exchange,
                    packet)
        else:
            t.skip("HIP_MAC_2 of R2 (5.2.13)")
        self.signature(packet)
        if spi:
            self.sas[spi] = Sa(exchange.keys, packet.receiver, packet.sender)

    def check_mac_2(self, exchange, packet):
        keys = exchange.keys
        right = w.mac(keys.rhash, keys.hip_mac[packet.sender], packet.raw,
                      packet.offset(w.HIP_MAC_2), exchange.host_r)
        w.rule(right == packet.get(w.HIP_MAC_2),
               "5.2.13: HIP_MAC_2 of R2 is wrong")

    def on_update(self, exchange, packet):
        self.mac_and_signature(exchange, packet)

    def on_notify(self, exchange, packet):
        for contents in packet.all(w.HOST_ID):
            self.t.check("HIT of NOTIFY is the ORCHID of HOST_ID (3.2)",
                         self.check_host_id, contents, packet.sender)
        self.signature(packet)

    def on_close(self, exchange, packet):
        self.mac_and_signature(exchange, packet)
        exchange.echo.add(packet.get(w.ECHO_REQUEST_SIGNED))

    def on_close_ack(self, exchange, packet):
        self.mac_and_signature(exchange, packet)
        self.t.check("CLOSE_ACK echoes the CLOSE (5.3.8)", self.check_echo,
                     exchange, packet)

    def check_echo(self, exchange, packet):
        w.rule(packet.get(w.ECHO_RESPONSE_SIGNED) in exchange.echo,
               "5.3.8: the echo response answers no CLOSE")

    # ESP

    def esp(self, raw):
        t = self.t
        self.count("ESP")
        spi, low = struct.unpack_from("!II", raw)
        sa = self.sas.get(spi)
        t.where += f" ESP {spi:#x}/{low}"
        if not t.check("SPI of ESP was agreed on (RFC 7402, 5.1.1)",
                       self.check_spi, sa):
            return
        t.check("ESP sequence numbers (RFC 4303, 3.3.3)", self.check_seq, sa,
                low)
        if not sa.keys:
            t.skip("ICV, padding and inner packet of ESP")
            return
        result = t.check(
            f"ICV, padding and trailer of ESP suite {sa.keys.suite}"
            f"{' with ESN' if sa.keys.esn else ''} (RFC 4303, RFC 7402, 5.1.2)",
            w.esp_open, sa.keys, raw, sa.seq)
        t.check("ESP IVs do not repeat (RFC 4106, 3.1; RFC 3602, 3)",
                self.check_iv, sa, raw)
        if result:
            self.inner(sa, *result)

    def check_spi(self, sa):
        w.esp_rule(sa, "no SA has this SPI")

    def check_seq(self, sa, low):
        """Two processors may overtake each other between the count and the
        wire, by less than the smallest window."""
        seq = sa.top & ~0xffffffff | low
        if seq + (1 << 31) < sa.top:
            seq += 1 << 32
        sa.seq = seq
        w.esp_rule(seq and seq not in sa.seen, f"{seq} comes twice")
        w.esp_rule(sa.top - 32 < seq < sa.top + 32, f"{seq} after {sa.top}")
        sa.seen.add(seq)
        sa.top = max(sa.top, seq)

    def check_iv(self, sa, raw):
        iv = raw[8:8 + w.ESP_FORM[sa.keys.suite][0]]
        w.esp_rule(not iv or iv not in sa.ivs, "IV was used before")
        sa.ivs.add(iv)

    def inner(self, sa, payload, proto):
        if proto == 44:
            proto, payload = add_ip6_fragment(sa.fragments, (), payload)
            self.count("inner fragment")
            if payload is None:
                return
        self.t.check("inner checksums over the HITs (4.5.1)",
                     self.check_inner, sa, payload, proto)

    def check_inner(self, sa, payload, proto):
        w.rule(proto in (6, 17, 58), f"inner protocol {proto} is not expected")
        w.rule(w.upper_checksum_ok(sa.sender, sa.receiver, proto, payload),
               f"4.5.1: checksum of inner protocol {proto}")


# ---- the whole file ---------------------------------------------------------

NDP_AND_MLD = set(range(130, 138)) | {143}


def check_protocol(proto, payload):
    w.rule(proto == 58 and payload[0] in NDP_AND_MLD,
           f"protocol {proto} is on the wire" +
           (f", ICMPv6 type {payload[0]}" if proto == 58 else ""))


def verify_file(path, secrets, want):
    tally = Tally()
    verifier = Verifier(tally, secrets)
    fragments = Reassembly()
    for number, (link, frame) in enumerate(read_pcap(path), 1):
        packet = ip_of_frame(link, frame)
        if packet is None:
            continue
        src, dst, proto, payload = parse_ip(packet, fragments)
        if payload is None:
            continue
        tally.where = f"frame {number}"
        if proto == w.IPPROTO_HIP:
            verifier.hip(src, dst, payload)
        elif proto == w.IPPROTO_ESP:
            verifier.esp(payload)
        else:
            tally.check("only HIP and ESP, besides ARP, NDP and MLD",
                        check_protocol, proto, payload)
    tally.where = "end"
    for name in want:
        if name not in verifier.seen:
            tally.fail("all wanted packets are there", f"no {name}")
        else:
            tally.check("all wanted packets are there", bool)
    print("# " + ", ".join(f"{n} {w_}" for w_, n in verifier.seen.items()))
    return tally.report()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("pcap")
    parser.add_argument("--keys", action="append", default=[])
    parser.add_argument("--kij", action="append", default=[])
    parser.add_argument("--no-esn", action="store_true",
                        help="with --kij: ICVs leave out the high half")
    parser.add_argument("--any-reserved", action="store_true",
                        help="let reserved fields be other than zero")
    parser.add_argument("--want", default="",
                        help="names that must occur, separated by commas")
    args = parser.parse_args()
    w.CHECK_RESERVED = not args.any_reserved
    secrets = [ExportedKeys(e) for f in args.keys for e in json_documents(f)]
    for path in args.kij:
        with open(path, encoding="ascii") as f:
            secrets += [SharedSecret(bytes.fromhex(line), not args.no_esn)
                        for line in f if line.strip()]
    want = [name for name in args.want.split(",") if name]
    sys.exit(0 if verify_file(args.pcap, secrets, want) else 1)


if __name__ == "__main__":
    main()
