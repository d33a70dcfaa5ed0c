#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
Sends the kernel what the specification of the netlink API allows, and then what
it does not: a fuzzer that knows the structure of the messages.

    netlink_fuzz.py [--seed N] [--rounds N] [--keep HIT]... [--pair HIT HIT]...
    netlink_fuzz.py --powerless [--pair HIT HIT]... [--secret HEX]...

The first is for whoever has CAP_NET_ADMIN over the network namespace; whatever
there is in it, except what is to be kept, is gone at the end. The second is for
those who have not, and must neither do nor see anything of value.

Each line of the output is "ok NAME", "fail NAME<tab>WHY", or "# COMMENT"; the last
one is "done". What the kernel does to itself is for its sanitizers to find.
"""

import argparse
import errno
import ipaddress
import os
import random
import socket
import struct
import subprocess
import sys
import time

import hip_netlink as nl

# What a command may answer; anything else is a surprise
ALLOWED = {getattr(errno, name) for name in (
    "EPERM ENOENT ESRCH EINTR EIO E2BIG EAGAIN EEXIST EINVAL EBUSY ERANGE "
    "ENOSPC EMSGSIZE EOPNOTSUPP EPROTO EALREADY ENOTCONN EINPROGRESS "
    "ETIMEDOUT ENOKEY EKEYREJECTED ECANCELED").split()}
# What says enough by itself
SPEAKING = {errno.EPERM, errno.EOPNOTSUPP, errno.EMSGSIZE, errno.EBUSY,
            errno.EINTR, errno.ECANCELED}
DH_PUBLIC = {3: 192, 4: 384, 7: 64, 8: 96, 9: 132}
DH_SECRET = {3: 192, 4: 384, 7: 32, 8: 48, 9: 66}
UPCALL_TIMEOUT = 300            # ms; identity-add may wait as long
UDP_DISCARD = 9


class Node:
    """An attribute that need not be right."""

    def __init__(self, number, body):
        self.number, self.body = number, body   # octets, or a list of Node
        self.lie = 0                            # what its length is off by

    def raw(self):
        body = self.body
        if isinstance(body, list):
            body = b"".join(node.raw() for node in body)
        out = bytearray(nl.tlv(self.number, body))
        length = struct.unpack_from("=H", out)[0]
        struct.pack_into("=H", out, 0, (length + self.lie) & 0xffff)
        return bytes(out)


def flatten(nodes):
    for node in nodes:
        yield node
        if isinstance(node.body, list):
            yield from flatten(node.body)


# ---- what there is to talk about --------------------------------------------

class World:
    """Names, tags and numbers: of things that exist, that do not, and that
    cannot."""

    def __init__(self, rng, keep, pairs):
        self.rng = rng
        self.keep = {ipaddress.ip_address(h).packed for h in keep}
        self.pairs = [tuple(ipaddress.ip_address(h).packed for h in pair)
                      for pair in pairs]
        self.identities, self.peers, self.assocs = [], [], []
        self.requests = []              # (socket, decoded upcall-accept)

    def bytes(self, n):
        return self.rng.randbytes(n)

    def new_hit(self):
        return b"\x20\x01\x00" + bytes([0x20 | self.rng.choice((1, 2))]) + \
            self.bytes(12)

    def hit(self, known, destructive=False):
        known = [h for h in known if not destructive or h not in self.keep]
        if known and self.rng.random() < 0.8:
            return self.rng.choice(known)
        return self.new_hit()

    def strange_hit(self):
        return self.rng.choice((
            bytes(16), b"\xff" * 16, b"\x20\x01\x0d\xb8" + self.bytes(12),
            b"\x20\x01\x00\x20" + self.bytes(12),
            b"\x20\x01\x00\x2f" + self.bytes(12),
            bytes(10) + b"\xff\xff\xc0\0\2\1", self.bytes(16)))

    def pair(self, destructive):
        known = self.assocs
        if not destructive and self.rng.random() < 0.5:
            known = self.pairs
        if known and self.rng.random() < 0.8:
            return self.rng.choice(known)
        return self.hit(self.identities), self.new_hit()

    def name(self):
        return "".join(self.rng.choices(
            "abcXYZ019._-", k=self.rng.choice((1, 8, 62, 63)))).lstrip(".") \
            or "x"

    def host_identity(self):
        """(algorithm, HI) that looks like one."""
        kind = self.rng.choice(("p256", "p256", "p384", "rsa"))
        if kind == "rsa":
            size = self.rng.choice((256, 384, 512))
            return 5, b"\3\1\0\1" + b"\xc1" + self.bytes(size - 2) + b"\x01"
        size, curve = (64, 1) if kind == "p256" else (96, 2)
        return 7, struct.pack("!H", curve) + b"\4" + self.bytes(size)

    def locator(self):
        return self.rng.choice((
            ("address-6", ipaddress.ip_address("fd00:a::2").packed),
            ("address-6", b"\x20\x01\x0d\xb8" + self.bytes(12)),
            ("address-4", 0xc0000200 | self.rng.randint(2, 250)),
            ("address-4", 0xc6336401)))

    def learn(self, op, found, sock):
        for pairs in found:
            if op.name == "upcall-accept":
                self.requests.append((sock, pairs))
                del self.requests[:-50]
            elif op.name == "assoc-get":
                pair = (pairs.get("local-hit"), pairs.get("peer-hit"))
                if None not in pair and \
                        pair not in self.assocs and pair not in self.pairs:
                    self.assocs.append(pair)
                    del self.assocs[:-100]
            elif op.name in ("identity-add", "identity-get"):
                hit = pairs.get("hit")
                if hit not in self.identities:
                    self.identities.append(hit)


# ---- valid messages ---------------------------------------------------------

class Generator:
    """Messages that the kernel should accept, or refuse for good reasons."""

    def __init__(self, spec, world):
        self.spec, self.world, self.rng = spec, world, world.rng

    def some(self, values, most):
        return self.rng.sample(values, self.rng.randint(1, most))

    def pairs(self, op):
        """(name, value) of each attribute."""
        made = getattr(self, op.name.replace("-", "_"), None)
        if made:
            return made()
        if not op.request:
            return []
        return [("hit", self.world.hit(
            self.world.identities if "identity" in op.name
            else self.world.peers, op.name.endswith("del")))]

    def identity_add(self):
        algorithm, hi = self.world.host_identity()
        pairs = [("name", self.world.name())]
        if self.rng.random() < 0.97:
            pairs += [("hi-algorithm", algorithm), ("hi", hi)]
        if self.rng.random() < 0.2:
            pairs.append(("anonymous", True))
        if self.rng.random() < 0.3:
            pairs.append(("accept", self.rng.randint(0, 3)))
        return pairs

    def identity_set(self):
        # not what would end the association that is to be kept
        return [("hit", self.world.hit(self.world.identities, True)),
                ("accept", self.rng.randint(0, 3))]

    def peer_set(self):
        return [("hit", self.world.hit(self.world.peers, True)),
                ("access", self.rng.randint(0, 1))]

    def peer_add(self):
        known = self.world.peers
        hit = self.rng.choice(known) if known and self.rng.random() < 0.2 \
            else self.world.new_hit()
        pairs = [("hit", hit)]
        for _ in range(self.rng.randint(1, 4)):
            pairs.append(("locator", [self.world.locator()]))
        if self.rng.random() < 0.3:
            pairs.append(("esn", self.rng.randint(0, 1)))
        if self.rng.random() < 0.3:
            pairs += [("esp-suite", s) for s in self.some([1, *range(7, 16)], 3)]
        if self.rng.random() < 0.2:
            pairs.append(("access", self.rng.randint(0, 1)))
        if self.rng.random() < 0.2:
            pairs.append(("ual", self.rng.choice((0, 1, 604800000))))
        if self.rng.random() < 0.5:
            pairs.append(("replace", True))
        return pairs

    def peer_learn(self):
        return [("local-hit", self.world.hit(self.world.identities)),
                ("peer-locator", [self.world.locator()])]

    def assoc_get(self):
        local, peer = self.world.pair(False)
        return [("local-hit", local), ("peer-hit", peer)]

    assoc_keys_get = assoc_get

    def assoc_close(self):
        local, peer = self.world.pair(True)
        pairs = [("local-hit", local), ("peer-hit", peer)]
        if self.rng.random() < 0.2:
            pairs[1] = ("peer-locator", [self.world.locator()])
        if self.rng.random() < 0.3:
            del pairs[0]
        if self.rng.random() < 0.7:
            pairs.append(("force", True))
        return pairs

    def assoc_rekey(self):
        # not the established one, which is to be kept
        local, peer = self.world.pair(True)
        pairs = [("local-hit", local), ("peer-hit", peer)]
        if self.rng.random() < 0.3:
            del pairs[0]
        if self.rng.random() < 0.5:
            pairs.append(("new-dh", True))
        return pairs

    def config_set(self):
        pairs = []
        attrs = self.spec.sets["config"]
        # not what would end the association that is to be kept
        names = [n for n in self.spec.ops["config-set"].request if n != "ual"]
        for name in self.some(names, 5):
            attr = attrs[name]
            if attr.multi:
                known = {"dh-group": list(DH_PUBLIC), "hip-cipher": [2, 4],
                         "esp-suite": [1, *range(7, 16)][:6]}[name]
                pairs += [(name, v) for v in self.some(known, len(known))]
            else:
                low, high = attr.told
                pairs.append((name, self.rng.choice(
                    (low, high, self.rng.randint(low, high)))))
        return pairs

    def upcall_done(self):
        requests = self.world.requests
        if not requests or self.rng.random() < 0.1:
            return [("upcall-id", self.rng.choice(
                        (0, 1, 1 << 63, self.rng.getrandbits(64)))),
                    ("upcall-status", 0)]
        _, request = requests[-1]
        pairs = [("upcall-id", request.get("upcall-id"))]
        status = self.rng.choice((0, 0, 0, 1, 2, 3, 4, 5, 6))
        pairs.append(("upcall-status", status))
        if status:
            return pairs
        return pairs + self.answer(request)

    def answer(self, request):
        kind, group = request.get("upcall-type"), request.get("dh-group")
        kinds = self.spec.enums["upcall-type"]
        world = self.world
        if kind == kinds["sign"]:
            return [("signature", world.bytes(self.rng.choice(
                (1, 64, 511, 512))))]
        if kind == kinds["dh-generate"]:
            return [("dh-public", world.bytes(DH_PUBLIC[group])),
                    ("dh-private", world.bytes(self.rng.choice((1, 32, 384))))]
        if kind == kinds["dh-derive"]:
            return [("dh-secret", world.bytes(DH_SECRET[group]))]
        if kind == kinds["puzzle"]:
            return [("puzzle-j", world.bytes(len(request.get("puzzle-i"))))]
        if kind == kinds["identity"]:
            algorithm, hi = world.host_identity()
            return [("hi-algorithm", algorithm), ("hi", hi)]
        return []

    def nodes(self, set_name, pairs):
        """The same as attributes that can be spoilt."""
        made = []
        for name, value in pairs:
            attr = self.spec.sets[set_name][name]
            if attr.type == "nest":
                made.append(Node(attr.number | nl.NLA_F_NESTED,
                                 self.nodes(attr.nested, value)))
            else:
                made.append(Node(attr.number, attr.encode(value)))
        return made


# ---- invalid ones -----------------------------------------------------------

class Mutator:
    """Spoils a message."""

    def __init__(self, spec, world):
        self.spec, self.world, self.rng = spec, world, world.rng
        self.ways = [getattr(self, name) for name in dir(self)
                     if name.startswith("way_")]

    def spoil(self, op, nodes):
        for _ in range(self.rng.choice((1, 1, 1, 2, 3))):
            self.rng.choice(self.ways)(op, nodes)

    def one(self, nodes):
        """Some attribute, at any depth."""
        every = list(flatten(nodes))
        return self.rng.choice(every) if every else Node(0, b"")

    def leaf(self, nodes):
        leaves = [n for n in flatten(nodes) if isinstance(n.body, bytes)]
        return self.rng.choice(leaves) if leaves else Node(0, b"")

    def way_missing(self, _op, nodes):
        if nodes:
            nodes.remove(self.rng.choice(nodes))

    def way_twice(self, _op, nodes):
        if nodes:
            node = self.rng.choice(nodes)
            for _ in range(self.rng.choice((1, 1, 2, 40))):
                nodes.insert(self.rng.randint(0, len(nodes)), node)

    def way_unknown(self, op, nodes):
        most = max((a.number for a in self.spec.sets[op.set].values()),
                   default=0)
        number = self.rng.choice((0, 1, most, most + 1, 255, 0x3fff,
                                  self.rng.randint(0, 0xffff)))
        nodes.insert(self.rng.randint(0, len(nodes)),
                     Node(number, self.world.bytes(self.rng.choice(
                         (0, 1, 2, 4, 8, 16, 17)))))

    def way_foreign(self, op, nodes):
        """One that another operation knows."""
        attr = self.rng.choice(list(self.spec.sets[op.set].values()))
        nodes.append(Node(attr.number, self.world.bytes(
            getattr(attr, "size", None) or attr.exact_len or 5)))

    def way_size(self, _op, nodes):
        node = self.leaf(nodes)
        size = len(node.body)
        want = self.rng.choice((0, 1, max(size - 1, 0), size + 1, 2 * size,
                                3, 5, 7, 255, 1000))
        node.body = (node.body + self.world.bytes(want))[:want]

    def way_integer(self, _op, nodes):
        node = self.leaf(nodes)
        if len(node.body) in (1, 2, 4, 8):
            bits = 8 * len(node.body)
            value = self.rng.choice((0, 1, 2, 255 % (1 << bits),
                                     (1 << bits) - 1, 1 << (bits - 1),
                                     (1 << (bits - 1)) - 1))
            node.body = value.to_bytes(len(node.body), sys.byteorder)

    def way_reference(self, _op, nodes):
        node = self.leaf(nodes)
        if len(node.body) == 16:
            node.body = self.world.strange_hit()

    def way_flags(self, _op, nodes):
        self.one(nodes).number ^= self.rng.choice(
            (nl.NLA_F_NESTED, nl.NLA_F_NET_BYTEORDER, 0xc000))

    def way_nesting(self, _op, nodes):
        node = self.one(nodes)
        inner = Node(node.number, node.body)
        for _ in range(self.rng.choice((1, 2, 12, 200))):
            inner = Node(node.number | nl.NLA_F_NESTED, [inner])
        node.body = [inner]

    def way_flat(self, _op, nodes):
        """A nest whose contents are no attributes, or are cut off."""
        for node in nodes:
            if isinstance(node.body, list):
                raw = b"".join(n.raw() for n in node.body)
                node.body = raw[:self.rng.randint(0, len(raw))]
                return

    def way_lie(self, _op, nodes):
        node = self.one(nodes)
        node.lie = self.rng.choice((-4, -3, -1, 1, 3, 4, 16, 1000, 0x7fff))

    def way_string(self, op, nodes):
        for node in nodes:
            attr = self.spec.attr(op.set, node.number)
            if attr and attr.type == "string":
                node.body = self.rng.choice((
                    b"", b"\0", b"x", b"x" * 64, b"x" * 64 + b"\0",
                    b"x" * 60000 + b"\0", b"a\0b\0", b"../../etc/shadow\0",
                    b"%s%n\0", b"\xff\xfe\0", b".\0", b"\n\0"))

    def way_huge(self, _op, nodes):
        node = self.leaf(nodes)
        node.body = self.world.bytes(self.rng.choice((4096, 30000, 60000)))

    def header(self, op, body):
        """The octets of the message, and the flags, with a bad header."""
        cmd, version, reserved = struct.unpack_from("=BBH", body)
        flags, length = nl.NLM_F_REQUEST | nl.NLM_F_ACK, None
        way = self.rng.randrange(7)
        if way == 0:
            cmd = self.rng.choice((0, max(self.spec.by_number) + 1, 255,
                                   self.rng.randint(0, 255)))
        elif way == 1:
            version = self.rng.randint(0, 255)
        elif way == 2:
            reserved = self.rng.randint(1, 0xffff)
        elif way == 3:
            flags = self.rng.getrandbits(16)
        elif way == 4:
            length = self.rng.choice((0, 8, 16, 17, 19, 20, 21,
                                      16 + len(body) - 1, 16 + len(body) + 1,
                                      0xffffffff))
        elif way == 5:
            body = body[:self.rng.randint(0, len(body))]
        if len(body) >= 4 and way != 5:
            body = struct.pack("=BBH", cmd, version, reserved) + body[4:]
        if way == 6 and len(body) > 4:
            body = bytearray(body)
            for _ in range(self.rng.choice((1, 1, 2, 8))):
                body[self.rng.randrange(4, len(body))] ^= \
                    1 << self.rng.randrange(8)
        return flags, length, bytes(body)


# ---- sending and judging ----------------------------------------------------

class Fuzzer:
    def __init__(self, args):
        self.spec = nl.Spec()
        self.rng = random.Random(args.seed)
        self.world = World(self.rng, args.keep, args.pair)
        self.generator = Generator(self.spec, self.world)
        self.mutator = Mutator(self.spec, self.world)
        self.sockets = [nl.Socket(self.spec) for _ in range(3)]
        self.counts = {op.name: [0, 0, 0, 0] for op in self.spec.requests()}
        self.sent = 0
        self.complaints = {}
        self.base = None
        self.config = []
        self.secrets = [bytes.fromhex(s) for s in args.secret]

    def complain(self, what, raw):
        """Once for each kind, with the message that did it."""
        self.complaints.setdefault(what, raw.hex()[:400])

    def deliver(self, sock, op, flags, length, body):
        """Sends one message, and a second one that is answered for sure.
        Return: what came back, or None if the socket itself refused."""
        sock.seq += 1
        seq = sock.seq
        raw = nl.nlmsg(sock.family, flags, seq, body, length)
        self.sent += 1
        try:
            sock.sock.send(raw)
        except OSError as e:
            if e.errno not in (errno.EMSGSIZE, errno.ENOBUFS):
                self.complain(f"send: {e}", raw)
            return None
        try:
            reply = sock.collect(seq, nl.Reply(),
                                 until=sock.send(nl.NLMSG_NOOP, b""))
            if reply.error:
                self.judge_error(reply.error, raw, flags, op is None)
            elif op:
                dump = flags & nl.NLM_F_DUMP == nl.NLM_F_DUMP
                self.judge_reply(sock, op, reply, dump)
        except (nl.BadReply, UnicodeDecodeError) as e:
            self.complain(f"{op.name if op else 'bad header'}: {e}", raw)
            return None
        except OSError as e:
            # an answer that quotes too much pushes out the next one
            if e.errno != errno.ENOBUFS:
                raise
            self.replace_socket(self.sockets.index(sock))
            return None
        for _, data in reply.messages:
            if any(secret in data for secret in self.secrets):
                self.complain("a secret was told", raw)
        return reply

    def judge_error(self, error, raw, flags, bad_header):
        name = errno.errorcode.get(error.errno, str(error.errno))
        if error.errno not in ALLOWED:
            self.complain(f"answered by {name}", raw)
        elif not bad_header and error.errno not in SPEAKING and \
                not (error.msg or error.offset or error.missing):
            cmd = self.spec.by_number.get(raw[16])
            self.complain(f"{cmd and cmd.name}: {name} without a reason", raw)
        if error.offset and not nl.HEADERS <= error.offset < len(raw):
            self.complain(f"{name} points at octet {error.offset}", raw)

    def judge_reply(self, sock, op, reply, dump):
        """BadReply when it is not as the specification says."""
        dump = dump and op.dump is not None
        nl.rule(dump or len(reply.messages) == bool(op.do),
                f"{len(reply.messages)} replies")
        self.world.learn(op, sock.check(op, reply, dump), sock)

    def message(self, op, spoilt):
        """One message of this kind, and what it came to."""
        sock = self.rng.choice(self.sockets)
        if op.name == "upcall-done":
            self.fetch(sock)
            if self.world.requests and self.rng.random() < 0.8:
                sock = self.world.requests[-1][0]
        pairs = self.generator.pairs(op)
        nodes = self.generator.nodes(op.set, pairs)
        flags = nl.NLM_F_REQUEST | nl.NLM_F_ACK
        if op.dump is not None and self.rng.random() < 0.4:
            flags |= nl.NLM_F_DUMP
            if op.name != "assoc-get" or self.rng.random() < 0.5:
                nodes = []
        bad_header = spoilt and self.rng.random() < 0.2
        if spoilt and not bad_header:
            self.mutator.spoil(op, nodes)
        body = struct.pack("=BBH", op.number, self.spec.version, 0) + \
            b"".join(node.raw() for node in nodes)
        length = None
        if bad_header:
            flags, length, body = self.mutator.header(op, body)
        reply = self.deliver(sock, None if bad_header else op, flags, length,
                             body)
        if bad_header or reply is None:
            return None
        accepted = reply.acked and not reply.error
        self.counts[op.name][2 * spoilt + (not accepted)] += 1
        if accepted and not flags & nl.NLM_F_DUMP:
            self.remember(op, pairs, spoilt)
        return reply

    def remember(self, op, pairs, spoilt):
        """What an accepted message has changed."""
        world, pairs = self.world, nl.Pairs(pairs)
        if op.name in ("peer-add", "peer-set") and not spoilt:
            if pairs.get("hit") not in world.peers:
                world.peers.append(pairs.get("hit"))
        elif op.name == "peer-del" and pairs.get("hit") in world.peers:
            world.peers.remove(pairs.get("hit"))
        elif op.name == "identity-del" and pairs.get("hit") in \
                world.identities:
            world.identities.remove(pairs.get("hit"))
        elif op.name == "assoc-close" and pairs.get("force"):
            world.assocs = [p for p in world.assocs
                            if p[1] != pairs.get("peer-hit")]
        elif op.name == "config-set" and (
                spoilt or pairs.get("upcall-timeout", 0) > UPCALL_TIMEOUT):
            self.restore_config()
        elif op.name == "upcall-done" and world.requests:
            world.requests.pop()

    def fetch(self, sock):
        """A request to answer, if there is one."""
        op = self.spec.ops["upcall-accept"]
        self.deliver(sock, op, nl.NLM_F_REQUEST | nl.NLM_F_ACK, None,
                     sock.body(op, []))

    # -- the scenery

    def prepare(self):
        sock = self.sockets[0]
        self.config = [(n, v) for n, v in sock.do("config-get")
                       if n != "upcall-timeout"] + \
            [("upcall-timeout", UPCALL_TIMEOUT)]
        self.restore_config()
        hi = self.world.host_identity()
        self.base = sock.do("identity-add", [
            ("name", "base"), ("hi-algorithm", hi[0]), ("hi", hi[1])]) \
            .get("hit")
        self.world.keep.add(self.base)
        self.world.identities.append(self.base)
        text = self.base_address("add", "nodad")
        self.udp = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        self.udp.setblocking(False)
        self.udp.bind((text, 0))

    def base_address(self, *verb):
        """Adds or removes the HIT to send data from. Return: the HIT."""
        text = str(ipaddress.ip_address(self.base))
        subprocess.run(["ip", "-6", "address", verb[0], text + "/28", "dev",
                        "hip0", *verb[1:]], check=True)
        return text

    def restore_config(self):
        self.sockets[0].do("config-set", self.config)

    def poke(self, hit):
        """Data for a peer: an association comes into being, if it may."""
        try:
            self.udp.sendto(b"x", (str(ipaddress.ip_address(hit)),
                                   UDP_DISCARD))
        except OSError:
            return
        if (self.base, hit) not in self.world.assocs:
            self.world.assocs.append((self.base, hit))
            del self.world.assocs[:-100]

    def replace_socket(self, at):
        """What it had accepted goes to somebody else."""
        old, self.sockets[at] = self.sockets[at], nl.Socket(self.spec)
        old.close()
        self.world.requests = [r for r in self.world.requests
                               if r[0] is not old]

    def thin_out(self):
        """Room for new ones."""
        sock, world = self.sockets[0], self.world
        for known, op, most in ((world.peers, "peer-del", 200),
                                (world.identities, "identity-del", 30)):
            for hit in [h for h in known if h not in world.keep][most:]:
                known.remove(hit)
                try:
                    sock.do(op, [("hit", hit)])
                except nl.Refused as e:
                    if e.errno != errno.ENOENT:
                        raise

    def warm_up(self):
        """Each operation does what it is for at least once, so that there is
        something of everything."""
        for op in self.spec.requests():
            for _ in range(50):
                if self.counts[op.name][0]:
                    break
                self.message(op, False)
                if self.world.peers:
                    self.poke(self.world.peers[-1])

    def fuzz(self, rounds):
        ops = self.spec.requests()
        for i in range(rounds):
            op = self.rng.choice(ops)
            self.message(op, self.rng.random() < 0.5)
            if i % 8 == 0 and self.world.peers:
                self.poke(self.rng.choice(self.world.peers))
            if i % 25 == 0:
                self.restore_config()
                self.thin_out()
            if i % 40 == 0:
                self.replace_socket(self.rng.randrange(len(self.sockets)))
        self.restore_config()

    def both(self, rounds):
        """Two at once, who get in each other's way: handlers of this family
        run in parallel."""
        other = os.fork()
        self.rng.seed(self.rng.random() + (other == 0))
        self.sockets = [nl.Socket(self.spec) for _ in range(3)]
        self.world.requests.clear()
        self.complaints.clear()
        try:
            self.fuzz(rounds)
        except Exception as e:
            self.complaints[repr(e)] = ""
        if not other:
            print(*(f"# {w} ({r})" for w, r in self.complaints.items()),
                  sep="\n", end="", flush=True)
            os._exit(1 if self.complaints else 0)
        _, status = os.waitpid(other, 0)
        self.result("two at once", "; ".join(
            f"{w} ({r})" for w, r in self.complaints.items()) or
            ("see above" if status else None))

    # -- results

    def result(self, name, complaint=None):
        if complaint:
            print(f"fail {name}\t{complaint}", flush=True)
        else:
            print(f"ok {name}", flush=True)

    def report(self, least=True):
        for name, (good, bad, spoilt_good, spoilt_bad) in self.counts.items():
            print(f"# {name}: valid {good} accepted, {bad} refused; "
                  f"spoilt {spoilt_good} accepted, {spoilt_bad} refused")
        print(f"# {self.sent} messages")
        self.result("what came back was as specified", "; ".join(
            f"{what} ({raw})" for what, raw in self.complaints.items()))
        if not least:
            return
        # A fuzzer that is always refused tests little
        for name, (good, bad, _, _) in self.counts.items():
            if name == "assoc-keys-get" and not self.world.pairs:
                continue        # nobody here to be associated with
            if name == "assoc-rekey":
                continue        # only what is established; see rekey.sh
            part = 20 * good >= good + bad and good
            self.result(f"{name}: enough was accepted",
                        None if part else f"{good} of {good + bad}")
        for name, op in self.spec.ops.items():
            _, _, spoilt_good, spoilt_bad = self.counts.get(name, [0] * 4)
            if op.request and spoilt_good + spoilt_bad >= 20:
                self.result(f"{name}: spoilt messages were refused",
                            None if spoilt_bad else "none")


# ---- what is not left to chance ---------------------------------------------

def refused(sock, op, pairs, want):
    """None, or how a message was not refused."""
    try:
        sock.do(op, pairs)
    except nl.Refused as e:
        return None if e.errno in want else str(e)
    return "it was accepted"


def boundaries(fuzzer):
    """Each number at the ends of its range, and beyond."""
    sock, wrong = fuzzer.sockets[0], []
    for attr in fuzzer.spec.sets["config"].values():
        if not attr.code or not attr.told:
            continue
        low, high = attr.told
        for value in (low, high):
            try:
                sock.do("config-set", [(attr.name, value)])
            except nl.Refused as e:
                wrong.append(f"{attr.name} {value}: {e}")
            if sock.do("config-get").get(attr.name) != value:
                wrong.append(f"{attr.name} {value} does not last")
        for value in (low - 1, high + 1, (1 << 8 * attr.size) - 1):
            if 0 <= value < 1 << 8 * attr.size:
                why = refused(sock, "config-set", [(attr.name, value)],
                              [errno.ERANGE])
                if why:
                    wrong.append(f"{attr.name} {value}: {why}")
        fuzzer.restore_config()
    peer = [("hit", fuzzer.world.new_hit()),
            ("locator", [("address-4", 0xc0000209)])]
    for op, pairs in (("peer-add", peer + [("esn", 2)]),
                      ("upcall-done", [("upcall-id", 1),
                                       ("upcall-status", 7)])):
        why = refused(sock, op, pairs, [errno.ERANGE, errno.EINVAL])
        if why:
            wrong.append(f"{op}: {why}")
    fuzzer.result("numbers at the ends of their ranges", "; ".join(wrong))


def sizes(fuzzer):
    """Every attribute of a fixed size with one octet more or less, in messages
    that are right otherwise. Return: how many."""
    sock, wrong, count = fuzzer.sockets[0], set(), 0
    for op in fuzzer.spec.requests():
        attrs = fuzzer.spec.sets[op.set]
        for name in op.request:
            attr = attrs[name]
            size = getattr(attr, "size", attr.exact_len)
            if attr.type == "flag":
                size = 0
            if size is None:
                continue
            for bad in {0, size - 1, size + 1, 2 * size} - {-1, size}:
                pairs = nl.Pairs(fuzzer.generator.pairs(op))
                nodes = fuzzer.generator.nodes(
                    op.set, [p for p in pairs if p[0] != name])
                # what is there is right, so that nothing else is wrong
                right = attr.encode(pairs.get(name)) if name in pairs else b""
                nodes.append(Node(attr.number, (right + bytes(bad))[:bad]))
                reply = sock.exchange(
                    sock.family, struct.pack("=BBH", op.number,
                                             fuzzer.spec.version, 0) +
                    b"".join(node.raw() for node in nodes))
                count += 1
                error = reply.error and reply.error.errno
                # the size, and not what the attribute refers to
                if error not in (errno.EINVAL, errno.ERANGE) or \
                        not reply.error.offset:
                    wrong.add(f"{op.name} {name}: {bad} octets: "
                              f"{reply.error or 'accepted'}")
    fuzzer.result("attributes of a wrong size are refused",
                  "; ".join(sorted(wrong)))
    return count


def add_peers(fuzzer, n):
    """Until the kernel has enough. Return: the HITs, and what stopped it."""
    made = []
    for _ in range(n):
        hit = fuzzer.world.new_hit()
        try:
            fuzzer.sockets[0].do("peer-add", [
                ("hit", hit), ("locator", [("address-4", 0xc0000263)])])
        except nl.Refused as e:
            return made, e
        made.append(hit)
        fuzzer.world.peers.append(hit)
    return made, None


def limits(fuzzer):
    """Each of them can be reached, and not be passed."""
    sock, world = fuzzer.sockets[0], fuzzer.world
    clear(fuzzer)
    there = sock.stats()

    most = there["Peers"] + 20
    sock.do("config-set", [("max-peers", most)])
    made, stopped = add_peers(fuzzer, 30)
    fuzzer.result("max-peers", None if len(made) == 20 and stopped and
                  stopped.errno == errno.ENOSPC and stopped.msg and
                  sock.stats()["Peers"] == most
                  else f"{len(made)} more, then {stopped}")

    most = there["Identities"] + 10
    sock.do("config-set", [("max-identities", most), ("max-upcalls", 5)])
    count, stopped = 0, None
    while not stopped and count < 30:
        hi = world.host_identity()
        try:
            world.identities.append(sock.do("identity-add", [
                ("name", "more"), ("hi-algorithm", hi[0]), ("hi", hi[1])])
                .get("hit"))
            count += 1
        except nl.Refused as e:
            stopped = e
    fuzzer.result("max-identities", None if count == 10 and stopped and
                  stopped.errno == errno.ENOSPC and stopped.msg
                  else f"{count} more, then {stopped}")

    # each new identity wants its R1s made, and nobody answers
    worker = nl.Socket(fuzzer.spec)
    worker.do("config-set", [("puzzle-k", 1)])
    end = time.monotonic() + 10
    highest, stats = 0, {}
    while time.monotonic() < end and (not stats.get("UpcallLimit") or
                                      stats["UpcallLimit"] ==
                                      there["UpcallLimit"]):
        stats = sock.stats()
        highest = max(highest, stats["UpcallsPending"])
    worker.close()
    fuzzer.result("max-upcalls", None if highest <= 5 and stats[
        "UpcallLimit"] > there["UpcallLimit"]
        else f"{highest} pending, {stats['UpcallLimit']} refused")

    # a worker must be there, or no exchange begins
    worker = nl.Socket(fuzzer.spec)
    try:
        worker.do("upcall-accept")
    except nl.Refused:
        pass
    sock.do("config-set", [("max-assocs", there["Associations"] + 6),
                           ("failed-hold", 60000)])
    for hit in made:
        fuzzer.poke(hit)
    stats = sock.stats()
    fuzzer.result("max-assocs", None if stats["Associations"] ==
                  there["Associations"] + 6 and
                  stats["OutAssociationLimit"] >= len(made) - 6
                  else f"{stats['Associations']} associations, "
                  f"{stats['OutAssociationLimit']} refused")
    worker.close()
    fuzzer.restore_config()


class Dump:
    """A dump that is read in small pieces, if at all."""

    def __init__(self, fuzzer, op):
        self.sock = nl.Socket(fuzzer.spec)
        self.op = fuzzer.spec.ops[op]
        self.reply = nl.Reply()
        self.seq = self.sock.send(self.sock.family,
                                  self.sock.body(self.op, []), nl.NLM_F_DUMP)

    def some(self):
        """One piece."""
        data = self.sock.sock.recv(4096)
        while data:
            length, kind, flags, _, _ = struct.unpack_from("=IHHII", data)
            body, data = data[16:length], data[(length + 3) & ~3:]
            nl.Socket.take(self.reply, kind, flags, body)

    def rest(self):
        while not self.reply.acked:
            self.some()
        if self.reply.error:
            raise self.reply.error
        return self.sock.check(self.op, self.reply, dump=True)


def dumps(fuzzer):
    """Many that are not read to their end, while what they show goes away."""
    clear(fuzzer)
    sock = fuzzer.sockets[0]
    sock.do("config-set", [("failed-hold", 60000), ("i1-timeout", 60000)])
    try:
        sock.do("upcall-accept")        # so that exchanges begin
    except nl.Refused:
        pass
    made, stopped = add_peers(fuzzer, 150)
    for hit in made:
        fuzzer.poke(hit)
    n = sock.stats()["Associations"]
    shown = {p.get("hit") for p in sock.dump("peer-get")}
    fuzzer.result("a long dump is complete",
                  stopped or None if set(made) <= shown else "peers are lost")
    fuzzer.result("associations for the dump",
                  None if n >= 100 else f"only {n}")

    names = [op.name for op in fuzzer.spec.ops.values() if op.dump]
    running = [Dump(fuzzer, names[i % len(names)]) for i in range(60)]
    for i, dump in enumerate(running):
        if i % 3:
            dump.some()
    for dump in running[::2]:
        dump.sock.close()
    for hit in made[:100]:
        sock.do("peer-del", [("hit", hit)])
        sock.do("assoc-close", [("peer-hit", hit), ("force", True)])
    wrong, interrupted = None, 0
    for dump in running[1::4]:
        try:
            dump.rest()
            interrupted += dump.reply.interrupted
        except (nl.BadReply, nl.Refused) as e:
            wrong = f"{dump.op.name}: {e}"
        dump.sock.close()
    fuzzer.result("unfinished dumps go on", wrong)
    fuzzer.result("and say that there were changes",
                  None if interrupted else "none did")
    # those that are left end with this process, or here
    for dump in running[3::4]:
        dump.sock.close()
    fuzzer.restore_config()


def clear(fuzzer):
    """Nothing is left but what is to be kept."""
    sock, world = fuzzer.sockets[0], fuzzer.world
    fuzzer.restore_config()
    for assoc in sock.dump("assoc-get"):
        pair = (assoc.get("local-hit"), assoc.get("peer-hit"))
        if pair in world.pairs:
            continue
        # who is not known yet is somewhere
        peer = ("peer-hit", pair[1]) if pair[1] else \
            ("peer-locator", assoc.get("peer-locator"))
        try:
            sock.do("assoc-close", [("local-hit", pair[0]), peer,
                                    ("force", True)])
        except nl.Refused as e:
            if e.errno != errno.ENOENT:
                raise
    for get, delete in (("peer-get", "peer-del"),
                        ("identity-get", "identity-del")):
        for found in sock.dump(get):
            if found.get("hit") not in world.keep:
                sock.do(delete, [("hit", found.get("hit"))])
    world.peers.clear()
    world.assocs.clear()
    world.identities = [h for h in world.identities if h in world.keep]


def gone(fuzzer):
    """After the end the gauges are where they were."""
    world = fuzzer.world
    world.keep.discard(fuzzer.base)
    clear(fuzzer)
    fuzzer.base_address("del")
    for sock in fuzzer.sockets[1:]:
        sock.close()
    fuzzer.sockets[0].close()
    fuzzer.sockets = [nl.Socket(fuzzer.spec)]
    want = {"Associations": len(world.pairs), "HalfOpen": 0,
            "CtrlPending": 0, "UpcallsPending": 0, "UpcallListeners": 0}
    end = time.monotonic() + 20
    while True:
        stats = fuzzer.sockets[0].stats()
        wrong = {n: stats[n] for n, v in want.items() if stats[n] != v}
        if not wrong or time.monotonic() > end:
            break
        time.sleep(0.1)
    fuzzer.result("gauges are back", str(wrong) if wrong else None)


# ---- without a capability ---------------------------------------------------

def powerless(fuzzer, rounds):
    """Who has no capability may look at what everybody may, and no more."""
    sock, wrong = nl.Socket(fuzzer.spec), []
    for get in ("identity-get", "peer-get"):
        for found in sock.dump(get):
            (fuzzer.world.identities if get == "identity-get"
             else fuzzer.world.peers).append(found.get("hit"))
    before = (sock.do("config-get"), sorted(map(str, sock.dump("peer-get"))))
    privileged = [op for op in fuzzer.spec.requests() if op.privileged]
    public = [op for op in fuzzer.spec.requests() if not op.privileged]
    fuzzer.result("there is something to protect", None
                  if privileged and public else "nothing is privileged")
    for _ in range(rounds):
        op = fuzzer.rng.choice(privileged)
        reply = fuzzer.message(op, fuzzer.rng.random() < 0.5)
        if reply and not (reply.error and reply.error.errno == errno.EPERM):
            wrong.append(f"{op.name}: {reply.error or 'accepted'}")
        fuzzer.message(fuzzer.rng.choice(public), fuzzer.rng.random() < 0.5)
    fuzzer.result("all that is privileged answers EPERM",
                  "; ".join(sorted(set(wrong))))
    after = (sock.do("config-get"), sorted(map(str, sock.dump("peer-get"))))
    fuzzer.result("nothing has changed", None if before == after else "it has")
    for group in fuzzer.spec.groups:
        try:
            sock.join(group)
            why = "joined it"
        except PermissionError:
            why = None
        fuzzer.result(f"multicast group {group} is closed", why)
    for op in public:
        good = fuzzer.counts[op.name][0]
        fuzzer.result(f"{op.name} is open", None if good else "never")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=2000)
    parser.add_argument("--powerless", action="store_true")
    parser.add_argument("--keep", action="append", default=[])
    parser.add_argument("--pair", action="append", nargs=2, default=[])
    parser.add_argument("--secret", action="append", default=[])
    args = parser.parse_args()

    fuzzer = Fuzzer(args)
    began = time.monotonic()
    if args.powerless:
        powerless(fuzzer, args.rounds)
        fuzzer.report(least=False)
    else:
        fuzzer.prepare()
        boundaries(fuzzer)
        print(f"# {sizes(fuzzer)} attributes of a wrong size")
        fuzzer.warm_up()
        fuzzer.fuzz(args.rounds)
        fuzzer.report()
        fuzzer.both(args.rounds // 5)
        dumps(fuzzer)
        limits(fuzzer)
        gone(fuzzer)
    print(f"# {time.monotonic() - began:.0f} s", file=sys.stderr)
    print("done", flush=True)


if __name__ == "__main__":
    sys.setrecursionlimit(10000)        # for deep nests
    main()
