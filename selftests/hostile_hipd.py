#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
A helper in the place of hipd that can do the arithmetic, and does wrong what it
is told to do wrong.

    hostile_hipd.py --host NAME NETNS DIR [--host NAME NETNS DIR]

Each host is a network namespace (by name) with the private keys DIR/*.pem. It
reads commands from stdin and answers each with one line:

    NAME open | close           begin to take requests, or stop it
    NAME honest                 do everything right
    NAME MISDEED [TYPE]...      do requests of these types (or all) wrong
    NAME flood N                answer N requests that nobody has made
    NAME report                 "requests=N misdeeds=N ok=N EINVAL=N ...": what
                                there was since the last report, and how the
                                kernel took the answers
    NAME get COUNTER            a counter or gauge of the host
    NAME set KEY VALUE...       its configuration
    NAME forget                 end its associations

The misdeeds are the methods called do_... below; in their names on the command
line, a hyphen and what follows it is their argument.
"""

import argparse
import collections
import ctypes
import errno
import glob
import heapq
import os
import select
import sys
import time

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

import hip_netlink as nl
import hip_wire as w

CLONE_NEWNET = 0x40000000
LATE = 0.3                      # s after nobody waits any more
DEATHS = 3                      # for the sake of one request


def in_namespace(name, function):
    """Calls it in another network namespace."""
    libc = ctypes.CDLL(None, use_errno=True)

    def enter(path):
        with open(path, "rb") as f:
            if libc.setns(f.fileno(), CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), path)

    with open("/proc/self/ns/net", "rb") as home:
        enter("/run/netns/" + name)
        try:
            return function()
        finally:
            libc.setns(home.fileno(), CLONE_NEWNET)


# ---- the arithmetic ---------------------------------------------------------

class Keys:
    """Private keys by name and by HIT."""

    def __init__(self, directory):
        self.by_name, self.by_hit = {}, {}
        for path in glob.glob(directory + "/*.pem"):
            with open(path, "rb") as f:
                key = serialization.load_pem_private_key(f.read(), None)
            name = os.path.basename(path)[:-len(".pem")]
            self.by_name[name] = key
            host_id = w.HostId(w.host_id_contents(key.public_key()))
            self.by_hit[host_id.hit] = key


def dh_generate(group):
    """(public, private) as octets."""
    key = w.DHKey(group)
    if group in w.ECP:
        number = key.private.private_numbers().private_value
        return key.public, number.to_bytes(len(key.public) // 2, "big")
    return key.public, key.private.to_bytes(40, "big")


def dh_derive(group, private, public):
    number = int.from_bytes(private, "big")
    key = w.DHKey.__new__(w.DHKey)
    key.group = group
    if group in w.ECP:
        key.private = ec.derive_private_key(number, w.ECP[group]())
    else:
        bits, constant = w.MODP[group]
        key.prime, key.size = w.modp_prime(bits, constant), bits // 8
        key.private = number
    return key.kij(public)


def verify(request):
    """Is the signature good?"""
    hi, algorithm = request.get("hi"), request.get("hi-algorithm")
    signer = w.HostId.__new__(w.HostId)
    signer.algorithm, signer.key = algorithm, w.decode_hi(algorithm, hi)
    try:
        w.verify(signer, algorithm.to_bytes(2, "big") +
                 request.get("signature"), request.get("data"), "a packet")
    except w.Malformed:
        return False
    return True


# ---- a helper ---------------------------------------------------------------

class Helper:
    def __init__(self, spec, namespace, directory):
        self.spec, self.namespace = spec, namespace
        self.keys = Keys(directory)
        self.types = {v: k for k, v in spec.enums["upcall-type"].items()}
        self.status = spec.enums["upcall-status"]
        self.misdeed, self.victims = None, ()
        self.tally = collections.Counter()
        self.deaths = collections.Counter()
        self.late = []                  # (when, answer)
        self.listen = self.ask = self.second = None
        self.neighbour = None           # another Helper
        self.control = self.socket()    # not for requests

    def socket(self):
        return in_namespace(self.namespace, lambda: nl.Socket(self.spec))

    def open(self):
        self.listen, self.ask = self.socket(), self.socket()
        self.second = self.socket()
        self.listen.join("upcall")
        self.serve()

    def close(self):
        for sock in (self.listen, self.ask, self.second):
            if sock:
                sock.close()
        self.listen = self.ask = self.second = None

    def serve(self):
        """Takes requests until there are none."""
        while True:
            try:
                request = self.ask.do("upcall-accept")
            except nl.Refused as e:
                if e.errno != errno.EAGAIN:
                    raise
                return
            self.tally["requests"] += 1
            kind = self.types[request.get("upcall-type")]
            if self.misdeed and (not self.victims or kind in self.victims):
                self.tally["misdeeds"] += 1
                self.misdeed(request)
            else:
                self.answer(self.honest(request))

    def answer(self, pairs, sock=None):
        """Sends an answer, and counts how it is taken."""
        try:
            (sock or self.ask).do("upcall-done", pairs)
            self.tally["ok"] += 1
        except nl.Refused as e:
            self.tally[errno.errorcode[e.errno]] += 1
            if not e.msg:
                self.tally["speechless"] += 1

    def honest(self, request):
        """The right answer."""
        kind = self.types[request.get("upcall-type")]
        status, results = getattr(self, kind.replace("-", "_"))(request)
        return [("upcall-id", request.get("upcall-id")),
                ("upcall-status", self.status[status])] + results

    def sign(self, request):
        key = self.keys.by_hit.get(request.get("hit"))
        if not key:
            return "unknown-key", []
        return "ok", [("signature", w.sign(key, request.get("data"))[1])]

    def verify(self, request):
        return ("ok" if verify(request) else "bad-signature"), []

    def dh_generate(self, request):
        public, private = dh_generate(request.get("dh-group"))
        return "ok", [("dh-public", public), ("dh-private", private)]

    def dh_derive(self, request):
        try:
            secret = dh_derive(request.get("dh-group"),
                               request.get("dh-private"),
                               request.get("dh-public"))
        except (ValueError, w.Malformed):
            return "bad-public-value", []
        return "ok", [("dh-secret", secret)]

    def puzzle(self, request):
        suite = w.RHASH[request.get("hit-suite")]
        return "ok", [("puzzle-j", w.solve_puzzle(
            suite, request.get("puzzle-k"), request.get("puzzle-i"),
            request.get("initiator-hit"), request.get("responder-hit")))]

    def identity(self, request):
        key = self.keys.by_name.get(request.get("name"))
        if not key:
            return "unknown-key", []
        algorithm, hi = w.encode_hi(key.public_key())
        return "ok", [("hi-algorithm", algorithm), ("hi", hi)]

    # -- misdeeds; each gets a request that it may answer as it likes

    def do_never(self, request):
        """No answer."""

    def do_late(self, request):
        """An answer when nobody waits any more."""
        when = time.monotonic() + request.get("timeout-ms") / 1000 + LATE
        heapq.heappush(self.late, (when, self.honest(request)))

    def do_twice(self, request):
        pairs = self.honest(request)
        self.answer(pairs)
        self.answer(pairs)

    def do_wrongid(self, request):
        """Answers to what was not asked, and the right one at the end."""
        pairs = self.honest(request)
        right = pairs[0]
        for number in (0, right[1] + 1000000, (1 << 64) - 1):
            pairs[0] = ("upcall-id", number)
            self.answer(pairs)
        pairs[0] = right
        self.answer(pairs)

    def do_wrongsocket(self, request):
        """From who has not taken the request, then from who has."""
        pairs = self.honest(request)
        self.answer(pairs, self.second)
        self.answer(pairs)

    def do_wrongnamespace(self, request):
        pairs = self.honest(request)
        self.answer(pairs, self.neighbour.control)
        self.answer(pairs)

    def do_die(self, request):
        """The socket is closed; another one does the same, but not for
        ever."""
        self.deaths[request.get("upcall-id")] += 1
        if self.deaths[request.get("upcall-id")] > DEATHS:
            self.answer(self.honest(request))
            return
        self.ask.close()
        self.ask = self.socket()

    def do_size(self, request, size):
        """Results of another length."""
        pairs = []
        for name, value in self.honest(request):
            if isinstance(value, bytes):
                want = {"less": len(value) - 1, "more": len(value) + 1,
                        "max": 512, "over": 513, "64k": 65531}.get(size)
                want = int(size) if want is None else want
                value = (value + bytes(65536))[:want]
            pairs.append((name, value))
        self.answer(pairs)

    def do_othertype(self, request):
        """The result of something else."""
        pairs = self.honest(request)[:2]
        results = {"puzzle-j": bytes(48), "dh-secret": bytes(32),
                   "signature": bytes(64), "hi": bytes(67)}
        wanted = {"sign": "signature", "dh-derive": "dh-secret",
                  "puzzle": "puzzle-j", "identity": "hi"}
        results.pop(wanted.get(self.types[request.get("upcall-type")]), None)
        self.answer(pairs + list(results.items()))

    def do_noresult(self, request):
        self.answer(self.honest(request)[:2])

    def do_nostatus(self, request):
        """No answer at all, then the right one."""
        pairs = self.honest(request)
        self.answer(pairs[:1] + pairs[2:])
        self.answer(pairs)

    def do_status(self, request, status):
        """An error, perhaps one that there is not; then the right answer,
        which comes too late for the others."""
        number = int(status)
        pairs = self.honest(request)
        self.answer([pairs[0], ("upcall-status", number)])
        if number > max(self.status.values()):
            self.answer(pairs)

    def do_point(self, request, how):
        """A Diffie-Hellman public value that is none."""
        pairs = []
        for name, value in self.honest(request):
            if name == "dh-public":
                value = bytes(len(value)) if how == "zero" else \
                    value[:-1] + bytes([value[-1] ^ 1])
            pairs.append((name, value))
        self.answer(pairs)

    def do_zeros(self, request):
        """A result of the right length that is all zeros."""
        self.answer([(n, bytes(len(v)) if isinstance(v, bytes) else v)
                     for n, v in self.honest(request)])

    def do_garbage(self, request):
        """A result of the right length."""
        self.answer([(n, os.urandom(len(v)) if isinstance(v, bytes) else v)
                     for n, v in self.honest(request)])

    def do_yes(self, request):
        """Every signature is good."""
        self.answer([("upcall-id", request.get("upcall-id")),
                     ("upcall-status", self.status["ok"])])

    # -- commands

    def command(self, word, args):
        if word == "open":
            self.open()
        elif word == "close":
            self.close()
        elif word == "honest":
            self.misdeed = None
        elif word == "flood":
            for i in range(int(args[0])):
                self.answer([("upcall-id", 1 << 62 | i), ("upcall-status", 0),
                             ("signature", bytes(64))], self.control)
        elif word == "report":
            said = " ".join(f"{k}={v}" for k, v in self.tally.items())
            self.tally.clear()
            return said or "nothing"
        elif word == "get":
            return str(self.control.stats()[args[0]])
        elif word == "set":
            self.control.do("config-set", [
                (name, int(value)) for name, value in
                zip(args[::2], args[1::2])])
        elif word == "forget":
            self.forget()
        else:
            name, _, arg = word.partition("-")
            misdeed = getattr(self, "do_" + name)
            self.misdeed = (lambda r: misdeed(r, arg)) if arg else misdeed
            self.victims = args
        return "done"

    def forget(self):
        for assoc in self.control.dump("assoc-get"):
            try:
                self.control.do("assoc-close", [
                    ("local-hit", assoc.get("local-hit")),
                    ("peer-hit", assoc.get("peer-hit")), ("force", True)])
            except nl.Refused as e:
                if e.errno != errno.ENOENT:
                    raise

    def due(self):
        """Sends what is late enough. Return: seconds until the next one."""
        while self.late and self.late[0][0] <= time.monotonic():
            self.answer(heapq.heappop(self.late)[1])
        return self.late[0][0] - time.monotonic() if self.late else 3600

    def heard(self):
        try:
            self.listen.sock.recv(65536)
        except OSError as e:
            if e.errno != errno.ENOBUFS:
                raise
        self.serve()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", action="append", nargs=3, required=True)
    spec = nl.Spec()
    hosts = {name: Helper(spec, namespace, directory)
             for name, namespace, directory in parser.parse_args().host}
    for name, helper in hosts.items():
        helper.neighbour = next((h for n, h in hosts.items() if n != name),
                                helper)
    stdin = os.fdopen(0, "rb", buffering=0)
    print("done", flush=True)
    while True:
        wait = min(max(h.due(), 0) for h in hosts.values())
        listening = {h.listen.sock: h for h in hosts.values() if h.listen}
        ready, _, _ = select.select([stdin, *listening], [], [], wait)
        for source in ready:
            if source is not stdin:
                if listening[source].listen:
                    listening[source].heard()
                continue
            line = stdin.readline().decode().split()
            if not line:
                return
            print(hosts[line[0]].command(line[1], line[2:]), flush=True)


if __name__ == "__main__":
    sys.exit(main())
