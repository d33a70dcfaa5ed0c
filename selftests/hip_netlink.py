#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
A client of the generic-netlink family "hip" that knows nothing by itself: names,
numbers, types, nests and checks are those of the specification, hip.yaml.

Made for tests, so it can also send what no client should, and it believes
nothing: what the kernel sends is checked against the specification.

Needs python3-yaml.
"""

import ipaddress
import os
import re
import socket
import struct

import yaml

SPEC = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                    "../Documentation/netlink/specs/hip.yaml")

# include/uapi/linux/netlink.h, genetlink.h
NETLINK_GENERIC, SOL_NETLINK = 16, 270
NETLINK_ADD_MEMBERSHIP, NETLINK_EXT_ACK = 1, 11
NLM_F_REQUEST, NLM_F_MULTI, NLM_F_ACK, NLM_F_DUMP_INTR = 1, 2, 4, 16
NLM_F_DUMP, NLM_F_CAPPED, NLM_F_ACK_TLVS = 0x300, 0x100, 0x200
NLMSG_NOOP, NLMSG_ERROR, NLMSG_DONE = 1, 2, 3
NLMSGERR_ATTR_MSG, NLMSGERR_ATTR_OFFS, NLMSGERR_ATTR_MISS_TYPE = 1, 2, 5
NLA_F_NESTED, NLA_F_NET_BYTEORDER, NLA_TYPE_MASK = 0x8000, 0x4000, 0x3fff
GENL_ID_CTRL, CTRL_CMD_GETFAMILY = 16, 3
CTRL_ATTR_FAMILY_ID, CTRL_ATTR_FAMILY_NAME, CTRL_ATTR_MCAST_GROUPS = 1, 2, 7
HEADERS = 16 + 4

INTEGERS = {"u8": "B", "u16": "H", "u32": "I", "u64": "Q"}


class BadReply(Exception):
    """The kernel sent what the specification does not allow."""


class Refused(OSError):
    """An error, and what its extended acknowledgment says."""

    def __init__(self, error, msg=None, offset=None, missing=None):
        super().__init__(error, os.strerror(error))
        self.msg, self.offset, self.missing = msg, offset, missing

    def __str__(self):
        return f"{os.strerror(self.errno)}: {self.msg}"


def rule(condition, message):
    if not condition:
        raise BadReply(message)


# ---- the specification ------------------------------------------------------

class Attr:
    """One attribute of a set."""

    def __init__(self, number, raw, enums):
        self.number, self.name, self.type = number, raw["name"], raw["type"]
        self.doc = raw.get("doc", "")
        self.nested = raw.get("nested-attributes")
        self.multi = raw.get("multi-attr", False)
        self.hint = raw.get("display-hint")
        checks = raw.get("checks", {})
        self.exact_len = checks.get("exact-len")
        self.code = None
        self.enum = enums.get(raw.get("enum"))
        if self.type in INTEGERS:
            order = ">" if raw.get("byte-order") == "big-endian" else "="
            self.code = order + INTEGERS[self.type]
            self.size = struct.calcsize(self.code)
            self.min = checks.get("min", 0)
            self.max = checks.get("max", (1 << 8 * self.size) - 1)
            if self.enum:
                self.max = min(self.max, max(self.enum.values()))
            self.told = self._told()

    def _told(self):
        """A range that the specification tells only in words, see there."""
        match = re.search(r";\s(\d+)\sto\s(\d+)$", self.doc.strip())
        return match and (int(match[1]), int(match[2]))

    def encode(self, value):
        if self.code:
            return struct.pack(self.code, value)
        if self.type == "string":
            return value.encode() + b"\0"
        if self.type == "flag":
            return b""
        if self.hint == "ipv6" and isinstance(value, str):
            return ipaddress.ip_address(value).packed
        return bytes(value)

    def decode(self, data):
        if self.code:
            rule(len(data) == self.size, f"{self.name}: {len(data)} octets")
            return struct.unpack(self.code, data)[0]
        if self.type == "string":
            rule(data[-1:] == b"\0" and b"\0" not in data[:-1],
                 f"{self.name}: not a string: {data!r}")
            return data[:-1].decode()
        if self.type == "flag":
            rule(not data, f"{self.name}: a flag with {len(data)} octets")
            return True
        rule(self.type in ("binary", "pad"), f"{self.name} in a reply")
        rule(self.exact_len in (None, len(data)),
             f"{self.name}: {len(data)} octets, not {self.exact_len}")
        return data


class Op:
    """One operation; do and dump are lists of the attributes that a reply may
    have, or None when there is no such thing."""

    def __init__(self, number, raw):
        self.number, self.name = number, raw["name"]
        self.set = raw.get("attribute-set")
        self.privileged = "uns-admin-perm" in raw.get("flags", [])
        do, dump = raw.get("do", {}), raw.get("dump", {})
        # "pad" stands for none
        self.listed = do.get("request", {}).get("attributes", [])
        self.request = [name for name in self.listed if name != "pad"]
        self.do = do.get("reply", {}).get("attributes", []) \
            if "do" in raw else None
        self.dump = dump.get("reply", {}).get("attributes", []) \
            if "dump" in raw else None
        self.event = raw.get("event", {}).get("attributes", []) \
            if "event" in raw else None


class Spec:
    def __init__(self, path=SPEC):
        with open(path, encoding="utf-8") as f:
            raw = yaml.safe_load(f)
        self.family, self.version = raw["name"], raw["version"]
        self.enums = {}
        self.groups = []
        for d in raw["definitions"]:
            if d["type"] == "enum":
                start = d.get("value-start", 0)
                self.enums[d["name"]] = {
                    e["name"]: start + i for i, e in enumerate(d["entries"])}
            elif d["name"].startswith("mcgrp-"):
                self.groups.append(d["value"])
        self.sets, self.ops, self.docs = {}, {}, {}
        for s in raw["attribute-sets"]:
            number, attrs = 0, {}
            for a in s["attributes"]:
                number = a.get("value", number + 1)
                attrs[a["name"]] = Attr(number, a, self.enums)
            self.sets[s["name"]] = attrs
        number = -1
        for o in raw["operations"]["list"]:
            number = o.get("value", number + 1)
            self.ops[o["name"]] = Op(number, o)
            self.docs[o["name"]] = o.get("doc", "")
        self.by_number = {op.number: op for op in self.ops.values()}

    def attr(self, set_name, number):
        for attr in self.sets[set_name].values():
            if attr.number == number and attr.type != "unused":
                return attr
        return None

    def requests(self):
        return [op for op in self.ops.values() if op.do is not None]

    def encode(self, set_name, pairs):
        """Attributes from (name, value); of a nest, value is such a list."""
        out = b""
        for name, value in pairs:
            attr = self.sets[set_name][name]
            if attr.type == "nest":
                out += tlv(attr.number | NLA_F_NESTED,
                           self.encode(attr.nested, value))
            else:
                out += tlv(attr.number, attr.encode(value))
        return out

    def decode(self, set_name, data, allowed=None):
        """(name, value) of each attribute; BadReply if the specification
        does not know one, or not here, or not so."""
        pairs = Pairs()
        for number, payload in parse_tlvs(data):
            attr = self.attr(set_name, number & NLA_TYPE_MASK)
            rule(attr, f"unknown attribute {number:#x} in {set_name}")
            rule(allowed is None or attr.name in allowed or
                 attr.type == "pad", f"attribute {attr.name} is not told here")
            if attr.type == "pad":
                rule(not payload, "padding is not empty")
                continue
            rule(attr.multi or attr.name not in pairs,
                 f"attribute {attr.name} comes twice")
            if attr.type == "nest":
                value = self.decode(attr.nested, payload)
            else:
                value = attr.decode(payload)
            pairs.append((attr.name, value))
        return pairs


class Pairs(list):
    """The attributes of a message, in their order."""

    def __contains__(self, name):
        return any(n == name for n, _ in self)

    def all(self, name):
        return [v for n, v in self if n == name]

    def get(self, name, default=None):
        return next(iter(self.all(name)), default)


# ---- octets -----------------------------------------------------------------

def tlv(number, data):
    raw = struct.pack("=HH", (4 + len(data)) & 0xffff, number) + data
    return raw + bytes(-len(raw) % 4)


def parse_tlvs(data):
    while data:
        rule(len(data) >= 4, "an attribute is cut off")
        length, number = struct.unpack_from("=HH", data)
        rule(4 <= length <= len(data), "an attribute runs past the end")
        yield number, data[4:length]
        data = data[(length + 3) & ~3:]


def nlmsg(kind, flags, seq, body, length=None):
    return struct.pack("=IHHII", length or 16 + len(body), kind, flags, seq,
                       0) + body


def parse_error(flags, body):
    """A Refused from an NLMSG_ERROR, or None from an acknowledgment."""
    rule(len(body) >= 20, "an error is cut off")
    error, inner = struct.unpack_from("=iI", body)
    rule(error <= 0, f"error {error}")
    at = 4 + (16 if flags & NLM_F_CAPPED or not error else (inner + 3) & ~3)
    found = dict(parse_tlvs(body[at:])) if flags & NLM_F_ACK_TLVS else {}
    if not error:
        return None
    msg = found.get(NLMSGERR_ATTR_MSG)
    offset = found.get(NLMSGERR_ATTR_OFFS)
    missing = found.get(NLMSGERR_ATTR_MISS_TYPE)
    return Refused(-error, msg and msg.rstrip(b"\0").decode(),
                   offset and struct.unpack("=I", offset)[0],
                   missing and struct.unpack("=I", missing)[0])


class Reply:
    """What came back for one message."""

    def __init__(self):
        self.messages = []      # (command, octets of the attributes)
        self.error = None       # Refused
        self.acked = False      # an error, or an acknowledgment, or the end
        self.multi = self.interrupted = False


# ---- sockets ----------------------------------------------------------------

class Socket:
    """A socket of the family; of the network namespace that the process is in
    when it is made."""

    known = {}                  # family id and groups are the same everywhere

    def __init__(self, spec, timeout=60, rcvbuf=None):
        self.spec, self.seq = spec, 0
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW,
                                  NETLINK_GENERIC)
        self.sock.setsockopt(SOL_NETLINK, NETLINK_EXT_ACK, 1)
        if rcvbuf:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, rcvbuf)
        self.sock.settimeout(timeout)
        self.sock.bind((0, 0))
        if not self.known:
            self._resolve()
        self.family, self.groups = self.known["family"], self.known["groups"]

    def _resolve(self):
        body = struct.pack("=BBH", CTRL_CMD_GETFAMILY, 1, 0) + \
            tlv(CTRL_ATTR_FAMILY_NAME, self.spec.family.encode() + b"\0")
        reply = self.exchange(GENL_ID_CTRL, body)
        if reply.error:
            raise reply.error
        found = dict(parse_tlvs(reply.messages[0][1]))
        groups = {}
        for _, group in parse_tlvs(found[CTRL_ATTR_MCAST_GROUPS]):
            group = dict(parse_tlvs(group))
            groups[group[1].rstrip(b"\0").decode()] = \
                struct.unpack("=I", group[2])[0]
        self.known["family"] = struct.unpack(
            "=H", found[CTRL_ATTR_FAMILY_ID])[0]
        self.known["groups"] = groups

    def close(self):
        self.sock.close()

    def join(self, group):
        self.sock.setsockopt(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP,
                             self.groups[group])

    def send(self, kind, body, flags=NLM_F_ACK):
        """Sends one message. Return: its sequence number."""
        self.seq += 1
        self.sock.send(nlmsg(kind, NLM_F_REQUEST | flags, self.seq, body))
        return self.seq

    def collect(self, seq, reply, until=None):
        """Adds what comes for message seq to reply, until its end; with
        until, also what comes before that message was acknowledged."""
        synced = until is None
        while not synced or not (reply.acked or
                                 (until and not reply.multi)):
            data = self.sock.recv(1 << 18)     # an error quotes its cause
            while data:
                length, kind, flags, got, _ = struct.unpack_from("=IHHII",
                                                                 data)
                rule(16 <= length <= len(data), "a message runs past the end")
                body, data = data[16:length], data[(length + 3) & ~3:]
                if got == until:
                    synced = True
                elif got == seq:
                    self.take(reply, kind, flags, body)
        return reply

    @staticmethod
    def take(reply, kind, flags, body):
        """Adds one message to a reply."""
        if kind == NLMSG_ERROR:
            reply.error = parse_error(flags, body)
            reply.acked = True
        elif kind == NLMSG_DONE:
            rule(len(body) >= 4, "the end of a dump is cut off")
            error = struct.unpack_from("=i", body)[0]
            rule(error <= 0, f"a dump ends with {error}")
            if error:
                found = dict(parse_tlvs(body[4:]))
                msg = found.get(NLMSGERR_ATTR_MSG, b"").rstrip(b"\0").decode()
                offset = found.get(NLMSGERR_ATTR_OFFS)
                reply.error = Refused(
                    -error, msg, offset and struct.unpack("=I", offset)[0])
            reply.multi = reply.acked = True
            reply.interrupted |= bool(flags & NLM_F_DUMP_INTR)
        else:
            rule(len(body) >= 4, "a genetlink header is cut off")
            reply.multi |= bool(flags & NLM_F_MULTI)
            reply.interrupted |= bool(flags & NLM_F_DUMP_INTR)
            reply.messages.append((body[0], body[4:]))

    def exchange(self, kind, body, flags=NLM_F_ACK):
        return self.collect(self.send(kind, body, flags), Reply())

    def body(self, op, pairs):
        return struct.pack("=BBH", op.number, self.spec.version, 0) + \
            self.spec.encode(op.set, pairs)

    def check(self, op, reply, dump=False):
        """The messages of a reply, decoded; BadReply when they are not what
        the specification tells."""
        allowed = op.dump if dump else op.do
        found = []
        for cmd, data in reply.messages:
            rule(cmd == op.number, f"{op.name} is answered by command {cmd}")
            found.append(self.spec.decode(op.set, data, allowed))
        return found

    def do(self, name, pairs=(), flags=NLM_F_ACK):
        """Asks, and returns the decoded reply or None; Refused on error."""
        op = self.spec.ops[name]
        reply = self.exchange(self.family, self.body(op, pairs), flags)
        if reply.error:
            raise reply.error
        found = self.check(op, reply)
        return found[0] if found else None

    def dump(self, name, pairs=()):
        op = self.spec.ops[name]
        reply = self.exchange(self.family, self.body(op, pairs), NLM_F_DUMP)
        if reply.error:
            raise reply.error
        return self.check(op, reply, dump=True)

    def stats(self):
        return {c.get("name"): c.get("value")
                for c in self.do("stats-get").all("counter")}
