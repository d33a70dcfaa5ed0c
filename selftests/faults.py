#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Let each allocation of hip.ko fail, for faults.sh, which has made two hosts.

One process does it all, as to start programs takes longer than what they do.
It prints lines "pass NAME", "skip NAME | WHY", "fail NAME | WHY" and "# TEXT".
"""

import argparse
import collections
import contextlib
import ctypes
import errno
import ipaddress
import os
import random
import re
import socket
import struct
import threading
import time

LIBC = ctypes.CDLL(None, use_errno=True)
SYS_DELETE_MODULE, SYS_FINIT_MODULE = 176, 313      # x86-64
CLONE_NEWNET = 0x40000000
NETLINK_ROUTE, NETLINK_GENERIC = 0, 16
SOL_NETLINK, NETLINK_ADD_MEMBERSHIP = 270, 1
NLM_F_REQUEST, NLM_F_ACK, NLM_F_DUMP = 1, 4, 0x300
NLM_F_CREATE_EXCL, NLA_F_NESTED = 0x600, 0x8000
NLMSG_ERROR, NLMSG_DONE = 2, 3
GENL_ID_CTRL, CTRL_CMD_GETFAMILY = 16, 3
CTRL_ATTR_FAMILY_ID, CTRL_ATTR_FAMILY_NAME, CTRL_ATTR_MCAST_GROUPS = 1, 2, 7
RTM_NEWLINK, RTM_SETLINK, RTM_NEWADDR = 16, 19, 20
IFLA_IFNAME, IFLA_LINKINFO, IFLA_INFO_KIND, IFA_LOCAL = 3, 18, 1, 2

IPV6_RECVERR = 25

PORT = 7
PATIENCE = 20           # seconds for what has to recover from a failure
WRONG_MAX = 8           # what is broken for good costs as much each time
DATAGRAMS = (1, 1200, 9000)
STREAM = 150000
# Where a failed allocation shows, beside *NoMemory
LOSSES = ("CtrlSendError", "ExchangesFailed", "InCryptoError", "OutCryptoError",
          "OutNoRoute", "OutSendError")
# ... and where not: hipd is told by ENOBUFS or looks again, later requests of a
# dead association end by their time-out, smaller pages do as well, netlink sends
# what it can't trim, and the stack does not tell what became of an ICMP error
UNCOUNTED = re.compile(r"hip_netlink_upcall_ready|hip_upcall_accept|"
                       r"hip_upcall_cancel|netlink_broadcast|napi_|icmpv6_ndo_send|icmp6?_send|"
                       r"__local_bh|output|xmit|neigh")
NOWHERE = ipaddress.ip_address("2001:22::dead").packed


def checked(result):
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return result


def uapi(path):
    """The enumerations of the user API"""
    names = {}
    with open(path, encoding="ascii") as header:
        for body in re.findall(r"enum[^{;]*\{([^}]*)\}", header.read()):
            for n, name in enumerate(re.findall(r"^\t(HIP_\w+),", body, re.M)):
                names[name] = n
    return collections.namedtuple("Uapi", names)(**names)


@contextlib.contextmanager
def namespace(name):
    """Sockets belong to the network namespace that they were made in"""
    with open("/proc/self/ns/net", "rb") as old:
        with open(f"/run/netns/{name}", "rb") as new:
            checked(LIBC.setns(new.fileno(), CLONE_NEWNET))
        try:
            yield
        finally:
            checked(LIBC.setns(old.fileno(), CLONE_NEWNET))


def until(what, seconds=PATIENCE, step=0.05):
    """Wait for something that may fail for a while"""
    end = time.monotonic() + seconds
    error = "not in time"
    while time.monotonic() < end:
        try:
            if what():
                return
        except OSError as e:
            error = str(e)
        time.sleep(step)
    raise TimeoutError(f"{getattr(what, '__name__', what)}: {error}")


# ---- netlink ---------------------------------------------------------------

def attr(kind, data):
    head = struct.pack("HH", 4 + len(data), kind)
    return head + data + bytes(-len(data) % 4)


def attrs(data):
    while len(data) >= 4:
        size, kind = struct.unpack_from("HH", data)
        yield kind & 0x3fff, data[4:size]
        data = data[(size + 3) & ~3:]


class Netlink:
    def __init__(self, protocol):
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, protocol)
        self.socket.settimeout(2 * PATIENCE)
        self.seq = 0
        self.lost = 0       # messages, at least

    def close(self):
        self.socket.close()

    def ask(self, kind, flags, body):
        """The answers' bodies, until the acknowledgment"""
        self.seq += 1
        flags |= NLM_F_REQUEST | (0 if flags & NLM_F_DUMP == NLM_F_DUMP else
                                  NLM_F_ACK)
        self.socket.send(struct.pack("IHHII", 16 + len(body), kind, flags,
                                     self.seq, 0) + body)
        answers = []
        while True:
            data = self.socket.recv(65536)
            while data:
                size, kind, _, seq, _ = struct.unpack_from("IHHII", data)
                if seq == self.seq and kind in (NLMSG_ERROR, NLMSG_DONE):
                    error = struct.unpack_from("i", data, 16)[0]
                    if error:
                        raise OSError(-error, os.strerror(-error))
                    return answers
                if seq == self.seq:
                    answers.append(data[16:size])
                data = data[(size + 3) & ~3:]


class Hip(Netlink):
    """The family "hip" in the namespace that we are in"""
    def __init__(self, join=None):
        super().__init__(NETLINK_GENERIC)
        self.id = GENL_ID_CTRL
        got, = self.do(CTRL_CMD_GETFAMILY, attr(CTRL_ATTR_FAMILY_NAME, b"hip\0"))
        got = dict(attrs(got))
        self.id, = struct.unpack("H", got[CTRL_ATTR_FAMILY_ID])
        for _, group in attrs(got[CTRL_ATTR_MCAST_GROUPS]):
            group = dict(attrs(group))
            if join and group[1] == join.encode() + b"\0":
                self.socket.setsockopt(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP,
                                       group[2])

    def do(self, command, body=b"", flags=0):
        return [answer[4:] for answer in
                self.ask(self.id, flags, struct.pack("BBH", command, 1, 0) + body)]

    def drain(self):
        """What nobody reads would fill the queue, and then no more is sent"""
        self.socket.setblocking(False)
        while True:
            try:
                self.socket.recv(65536)
            except BlockingIOError:
                return
            except OSError as e:
                if e.errno != errno.ENOBUFS:
                    raise
                self.lost += 1


def link_add():
    """hip0 in the namespace that we are in"""
    kind = attr(IFLA_LINKINFO, attr(IFLA_INFO_KIND, b"hip"))
    name = attr(IFLA_IFNAME, b"hip0\0")
    with contextlib.closing(Netlink(NETLINK_ROUTE)) as route:
        route.ask(RTM_NEWLINK, NLM_F_CREATE_EXCL, bytes(16) + name + kind)
        route.ask(RTM_SETLINK, 0, struct.pack("BxHiII", 0, 0, 0, 1, 1) + name)


def address_add(hit):
    index = socket.if_nametoindex("hip0")
    with contextlib.closing(Netlink(NETLINK_ROUTE)) as route:
        route.ask(RTM_NEWADDR, NLM_F_CREATE_EXCL,
                  struct.pack("BBBBI", socket.AF_INET6, 28, 2, 0, index) +
                  attr(IFA_LOCAL, hit))


# ---- the module ------------------------------------------------------------

def module_loaded():
    return os.path.exists("/sys/module/hip/initstate")


def module_unload():
    """As rmmod does it; somebody may be in the middle of a request"""
    def unloaded():
        if module_loaded():
            checked(LIBC.syscall(SYS_DELETE_MODULE, b"hip", os.O_NONBLOCK))
        return True
    until(unloaded)


def module_load(path):
    if not module_loaded():
        with open(path, "rb") as ko:
            checked(LIBC.syscall(SYS_FINIT_MODULE, ko.fileno(), b"", 0))


# ---- hosts -----------------------------------------------------------------

class Host:
    def __init__(self, u, name, key, hit, locators):
        self.u, self.name, self.key = u, name, key
        self.hit = ipaddress.ip_address(hit).packed
        self.locators = [ipaddress.ip_address(l).packed for l in locators]
        self.peer = None
        self.hip = self.events = None

    def connect(self):
        for old in (self.hip, self.events):
            if old:
                old.close()
        with namespace(self.name):
            self.hip = Hip()
            self.events = Hip(join="events")

    def do(self, command, *body, flags=0):
        self.events.drain()
        return self.hip.do(getattr(self.u, "HIP_CMD_" + command), b"".join(body),
                           flags)

    def a(self, name, data=b""):
        return attr(getattr(self.u, "HIP_A_" + name), data)

    def stats(self):
        stats = collections.Counter()
        got, = self.do("STATS_GET")
        for kind, counter in attrs(got):
            if kind == self.u.HIP_A_COUNTER:
                counter = dict(attrs(counter))
                value, = struct.unpack("Q", counter[self.u.HIP_A_COUNTER_VALUE])
                name = counter[self.u.HIP_A_COUNTER_NAME].rstrip(b"\0").decode()
                stats[name] = value
        return stats

    def config(self, **values):
        """32-bit values by name; a list of suites or of groups"""
        body = b""
        for name, value in values.items():
            if name == "ESP_SUITE":
                body += b"".join(self.a("CONFIG_" + name, struct.pack("H", v))
                                 for v in value)
            elif name in ("DH_GROUP", "PUZZLE_K", "OPPORTUNISTIC"):
                body += self.a("CONFIG_" + name, struct.pack("B", value))
            else:
                body += self.a("CONFIG_" + name, struct.pack("I", value))
        self.do("CONFIG_SET", body)

    def quiet(self):
        """Little patience, cheap exchanges, no limits"""
        self.config(I1_TIMEOUT=300, I2_TIMEOUT=300, FAILED_HOLD=100, MSL=500,
                    UPCALL_TIMEOUT=3000, NOTIFY_RATE=0, R1_RATE=0, DH_GROUP=7,
                    R1_REUSE=86400000)

    def locator(self, family, name="LOCATOR"):
        address = self.locators[family != 6]
        kind = "LOCATOR_ADDRESS_6" if family == 6 else "LOCATOR_ADDRESS_4"
        return attr(getattr(self.u, "HIP_A_" + name) | NLA_F_NESTED,
                    self.a(kind, address))

    def map_peer(self, family):
        self.do("PEER_ADD", self.a("HIT", self.peer.hit),
                self.peer.locator(family), self.a("REPLACE"))

    def learn_peer(self):
        self.do("PEER_LEARN", self.a("LOCAL_HIT", self.hit),
                self.peer.locator(6, "PEER_LOCATOR"))

    def pair(self):
        return self.a("LOCAL_HIT", self.hit) + self.a("PEER_HIT", self.peer.hit)

    def state(self):
        """Of the association with the peer, or None"""
        try:
            got, = self.do("ASSOC_GET", self.pair())
        except FileNotFoundError:
            return None
        return dict(attrs(got))[self.u.HIP_A_STATE][0]

    def close(self, force=False):
        self.do("ASSOC_CLOSE", self.pair(), self.a("FORCE") if force else b"")

    def rekey(self, new_dh):
        self.do("ASSOC_REKEY", self.pair(), self.a("NEW_DH") if new_dh else b"")

    def r1s_ready(self):
        got, = self.do("IDENTITY_GET", self.a("HIT", self.hit))
        got = dict(attrs(got))
        return got[self.u.HIP_A_R1_READY] == got[self.u.HIP_A_R1_WANTED]

    def start(self):
        """All that a host needs, after insmod"""
        self.connect()
        self.quiet()
        with namespace(self.name):
            link_add()
            address_add(self.hit)
        until(lambda: self.stats()["UpcallListeners"])
        self.do("IDENTITY_ADD", self.a("NAME", self.key.encode() + b"\0"))
        self.map_peer(6)
        until(self.r1s_ready)


class Echo:
    """Answers what comes to a host over UDP and TCP"""
    def __init__(self, host):
        with namespace(host.name):
            self.udp = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
            self.udp.bind(("::", PORT))
            self.tcp = socket.create_server(("::", PORT),
                                            family=socket.AF_INET6)
        threading.Thread(target=self.datagrams, daemon=True).start()
        threading.Thread(target=self.streams, daemon=True).start()

    def datagrams(self):
        while True:
            with contextlib.suppress(OSError):
                self.udp.sendto(*self.udp.recvfrom(65536))

    def streams(self):
        while True:
            conn, _ = self.tcp.accept()
            threading.Thread(target=self.stream, args=(conn,),
                             daemon=True).start()

    @staticmethod
    def stream(conn):
        with conn, contextlib.suppress(OSError):
            conn.settimeout(PATIENCE)
            while data := conn.recv(65536):
                conn.sendall(data)


# ---- scenarios -------------------------------------------------------------

class Scenario:
    """Something that hip.ko does, and that has to work with and without failures

    before() and after() are not to fail, nor is run(strict=True); without strict
    it has the patience that a lost packet takes. A request may fail if a failed
    allocation is the reason (may_fail).
    """
    most = 4            # failures in one group of sites
    may_fail = False
    again = False       # also what an earlier scenario had
    counted = False     # what fails costs a packet, and a counter shows it
    step = ""           # of run(), to be told with an error

    def __init__(self, hosts, ko):
        self.a, self.b = hosts
        self.ko = ko

    def enter(self):
        """Before all rounds"""

    def before(self):
        pass

    def after(self):
        pass

    def leave(self):
        """After all rounds"""

    def clear(self):
        """No association, packet or request is left on either side"""
        def forgotten():
            stats = {}
            for host in (self.a, self.b):
                with contextlib.suppress(FileNotFoundError):
                    host.close(force=True)
                stats = host.stats()
                if any(stats[gauge] for gauge in
                       ("Associations", "HalfOpen", "CtrlPending",
                        "UpcallsPending")):
                    return False
            return True
        until(forgotten)

    def datagram(self, size, patience):
        with namespace(self.a.name):
            s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        with s:
            s.settimeout(patience)
            s.connect((socket.inet_ntop(socket.AF_INET6, self.b.hit), PORT))
            s.send(bytes(size))
            return len(s.recv(65536)) == size

    def everything(self):
        """All counters of both hosts, as far as they can be had"""
        stats = collections.Counter()
        for host in (self.a, self.b):
            with contextlib.suppress(OSError):
                stats.update({f"{host.key}:{k}": v
                              for k, v in host.stats().items()})
        return stats

    def stats(self):
        """What there is to see of failures"""
        if not self.counted:
            return None
        stats = self.a.stats() + self.b.stats()
        stats["Lost"] = self.a.events.lost + self.b.events.lost
        return stats

    def exchange(self, strict=True, size=1):
        if strict:
            self.datagram(size, PATIENCE)
        else:
            until(lambda: self.datagram(size, 0.5))


class Netns(Scenario):
    """A namespace with a device, from its making to its end"""
    may_fail = True
    most = 50

    def run(self, strict):
        with open("/proc/self/ns/net", "rb") as old:
            checked(LIBC.unshare(CLONE_NEWNET))
            try:
                link_add()
            finally:
                checked(LIBC.setns(old.fileno(), CLONE_NEWNET))


class Load(Scenario):
    """insmod and rmmod"""
    may_fail = True
    most = 50

    def before(self):
        module_unload()

    def run(self, strict):
        module_load(self.ko)
        module_unload()

    def leave(self):
        module_load(self.ko)


class Life(Scenario):
    """From insmod to the first packet, and to rmmod with an association there"""
    may_fail = True
    most = 2

    def before(self):
        module_unload()

    def run(self, strict):
        module_load(self.ko)
        self.a.start()
        self.b.start()
        self.exchange(strict)
        module_unload()


class Requests(Scenario):
    """Netlink; new R1s, for which a failure is no excuse"""
    may_fail = True
    most = 8

    def before(self):
        self.exchange(strict=False)

    def run(self, strict):
        a, error = self.a, None
        hit = a.a("HIT", NOWHERE)
        r1s = a.stats()["R1Generated"]
        for request in (
                lambda: a.do("IDENTITY_ADD", a.a("NAME", b"extra\0")),
                lambda: a.do("IDENTITY_GET", flags=NLM_F_DUMP),
                lambda: a.do("IDENTITY_GET", a.a("HIT", a.hit)),
                lambda: a.do("PEER_ADD", hit, self.b.locator(6)),
                lambda: a.do("PEER_ADD", hit, self.b.locator(4), a.a("REPLACE")),
                lambda: a.do("PEER_SET", hit, a.a("ACCESS", b"\1")),
                lambda: a.do("PEER_GET", flags=NLM_F_DUMP),
                lambda: a.do("PEER_GET", hit),
                lambda: a.do("CONFIG_GET"),
                lambda: a.do("ASSOC_GET", flags=NLM_F_DUMP),
                lambda: a.do("ASSOC_GET", a.pair()),
                lambda: a.do("ASSOC_KEYS_GET", a.pair()),
                lambda: a.do("PEER_DEL", hit),
                self.forget_extra,
                lambda: a.config(PUZZLE_K=0)):
            try:
                request()
            except OSError as e:
                error = e
        until(lambda: a.stats()["R1Generated"] > r1s)
        until(a.r1s_ready)
        if error:
            raise error

    def forget_extra(self):
        for got in self.a.do("IDENTITY_GET", flags=NLM_F_DUMP):
            hit = dict(attrs(got))[self.a.u.HIP_A_HIT]
            if hit != self.a.hit:
                self.a.do("IDENTITY_DEL", self.a.a("HIT", hit))

    def after(self):
        self.forget_extra()
        with contextlib.suppress(FileNotFoundError):
            self.a.do("PEER_DEL", self.a.a("HIT", NOWHERE))


class Exchange(Scenario):
    """Each packet of the base exchange, with data that waits"""
    most = 8
    again = counted = True

    def before(self):
        self.clear()

    def run(self, strict):
        self.exchange(strict)


class Exchange4(Exchange):
    """The same over IPv4, with the other kind of suite"""
    again = False

    def enter(self):
        self.a.map_peer(4)
        self.a.config(ESP_SUITE=[8])

    def leave(self):
        self.a.map_peer(6)
        self.a.config(ESP_SUITE=[13, 8])


class Learn(Scenario):
    """An exchange with a host of which only the address is known"""
    most = 8

    def enter(self):
        self.b.config(OPPORTUNISTIC=1)

    def forget(self):
        with contextlib.suppress(FileNotFoundError):
            self.a.do("PEER_DEL", self.a.a("HIT", self.b.hit))

    def before(self):
        self.clear()
        self.forget()

    def run(self, strict):
        again = 0

        def learnt():
            nonlocal again
            # what was lost has to be asked for again
            if time.monotonic() > again:
                with contextlib.suppress(OSError):
                    self.a.learn_peer()
                again = time.monotonic() + 2
            return self.a.do("PEER_GET", self.a.a("HIT", self.b.hit))
        until(learnt)

    def leave(self):
        self.b.config(OPPORTUNISTIC=0)
        self.a.map_peer(6)


class Traffic(Scenario):
    """UDP, fragments, TCP, and an ICMP error"""
    counted = True

    def before(self):
        self.exchange(strict=False)

    def run(self, strict):
        for size in DATAGRAMS:
            self.step = f"{size} octets"
            self.exchange(strict, size)
        self.step = "stream"
        self.stream()
        self.step = "ICMP error"
        with namespace(self.a.name):
            s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        with s:
            s.settimeout(PATIENCE if strict else 0.5)
            s.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVERR, 1)
            try:
                s.connect((socket.inet_ntop(socket.AF_INET6, NOWHERE), PORT))
                s.send(b"anybody?")
                s.recv(1)
            except TimeoutError:
                if strict:      # the ICMP error can get lost
                    raise
            except OSError:
                pass

    def stream(self):
        got = 0
        with namespace(self.a.name):
            s = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
        with s:
            s.settimeout(PATIENCE)
            s.connect((socket.inet_ntop(socket.AF_INET6, self.b.hit), PORT))
            sender = threading.Thread(target=s.sendall, args=(bytes(STREAM),))
            sender.start()
            while got < STREAM and (data := s.recv(65536)):
                got += len(data)
            sender.join()
        if got != STREAM:
            raise OSError(f"{got} of {STREAM} octets came back")


class Traffic4(Traffic):
    """The same over IPv4"""
    def enter(self):
        self.a.map_peer(4)
        self.clear()

    def leave(self):
        self.a.map_peer(6)
        self.clear()


class Rekey(Scenario):
    """New SAs, with and without a new Diffie-Hellman key"""
    counted = True

    def before(self):
        self.clear()
        self.exchange()

    def run(self, strict):
        for new_dh in (False, True):
            self.rekey(new_dh)
            self.exchange(strict)

    def rekey(self, new_dh):
        hosts = (self.a, self.b)
        before = [host.stats()["Rekeys"] for host in hosts]
        again = 0

        def done():
            nonlocal again
            now = [host.stats()["Rekeys"] for host in hosts]
            if all(n > b for n, b in zip(now, before)):
                return True
            # the request may have been lost
            if time.monotonic() > again:
                with contextlib.suppress(OSError):
                    self.a.rekey(new_dh)
                again = time.monotonic() + 2
            return False
        until(done)


class Close(Scenario):
    """CLOSE and CLOSE_ACK"""
    most = 8
    again = counted = True

    def before(self):
        self.clear()
        self.exchange()

    def run(self, strict):
        def closed():
            if self.a.state() is None:
                return self.b.state() == self.b.u.HIP_STATE_CLOSED
            self.a.close()
            return False
        until(closed)


class Notify(Scenario):
    """R1s which do not suit the Initiator are answered by a NOTIFY"""
    counted = True

    def enter(self):
        self.a.config(ESP_SUITE=[8])
        self.b.config(ESP_SUITE=[13])
        until(self.b.r1s_ready)

    def before(self):
        self.clear()

    def run(self, strict):
        sent = self.a.stats()["NotifySent"]

        def notified():
            with contextlib.suppress(OSError):
                self.datagram(1, 0.5)
            return self.a.stats()["NotifySent"] > sent
        until(notified)

    def leave(self):
        self.a.config(ESP_SUITE=[13, 8])
        self.b.config(ESP_SUITE=[13, 8])
        until(self.b.r1s_ready)
        self.clear()


class Unknown(Scenario):
    """A CLOSE for what is not known any more is answered by ICMP"""
    def before(self):
        self.clear()
        self.exchange()
        self.b.close(force=True)

    def run(self, strict):
        refused = self.b.stats()["CtrlNoAssociation"]

        def told():
            with contextlib.suppress(OSError):
                self.a.close()
            return self.b.stats()["CtrlNoAssociation"] > refused
        until(told)


SCENARIOS = {
    "netlink": Requests, "exchange": Exchange, "traffic": Traffic,
    "rekey": Rekey, "close": Close, "notify": Notify, "unknown": Unknown,
    "exchange4": Exchange4, "traffic4": Traffic4, "learn": Learn,
    "netns": Netns, "load": Load, "life": Life,
}


# ---- failing ---------------------------------------------------------------

class Fault:
    """hip_fault.ko"""
    def __init__(self, path):
        self.path = path

    def write(self, name, text):
        with open(f"{self.path}/{name}", "w", encoding="ascii") as f:
            f.write(text)

    def forget(self):
        self.write("sites", "0")

    def reached(self):
        """(site, hits, names of functions) since forget()"""
        with open(f"{self.path}/sites", encoding="ascii") as f:
            for line in f:
                if line.startswith("#"):
                    raise OverflowError(f"{self.path}/sites: {line}")
                site, hits, _, names = line.split()
                if int(hits):
                    yield int(site), int(hits), names.split(">")

    @contextlib.contextmanager
    def armed(self, site, skip, times):
        self.write("arm", f"{site} {skip} {times}")
        try:
            yield
        finally:
            with open(f"{self.path}/arm", encoding="ascii") as f:
                self.failed = int(f.read())
            self.write("arm", "off")


def group_of(names):
    """The functions of hip.ko, and the first one that they called"""
    for n, name in enumerate(names):
        if not re.match(r"hip_|init_module|cleanup_module", name):
            return ">".join(names[:n + 1])
    return ">".join(names)


class Campaign:
    def __init__(self, options, fault):
        self.options, self.fault = options, fault
        self.random = random.Random(options.seed)
        self.seen = set()
        self.sites = self.failures = self.wrong = 0

    def plan(self, scenario):
        """{group: [(site, skip, times)]} of what is to fail"""
        ways = collections.defaultdict(list)
        for site, hits, names in self.fault.reached():
            self.sites += 1
            group = group_of(names)
            if group in self.seen and not scenario.again:
                continue
            # requests, by which we only look at something
            if (not isinstance(scenario, Requests) and
                    re.match(r"hip_nl_(?!upcall)", group)):
                continue
            for skip in range(min(hits, scenario.most)):
                ways[group].append((skip, site))
        plan = []
        for group, some in ways.items():
            self.seen.add(group)
            for skip, site in sorted(some)[:scenario.most]:
                plan.append((group, site, skip, 1))
                # it falls back to vmalloc(), which fails as well
                if "kvmalloc" in group:
                    plan.append((group, site, skip, 2))
        if self.options.sample:
            plan = self.random.sample(plan, min(len(plan), self.options.sample))
        grouped = collections.defaultdict(list)
        for group, *way in plan:
            grouped[group].append(way)
        return grouped

    @staticmethod
    def judge(group, moved):
        """Is what failed to be seen in the counters?"""
        if "hip_event_new" in group:
            if not moved["Lost"]:
                raise OSError("no listener was told")
        elif not UNCOUNTED.search(group):
            if not any(name.endswith("NoMemory") or name in LOSSES
                       for name in moved):
                raise OSError("nothing was counted")
        if moved["UpcallTimeout"] and "hip_upcall_cancel" not in group:
            raise OSError("hipd did not hear of a request")

    def one(self, scenario, group, way):
        """A failure and what comes after it; false if it did not happen"""
        where = f"site {way[0]}, hit {way[1]}: before"
        everything = scenario.everything()
        scenario.step = ""
        try:
            scenario.before()
            where += ", run"
            error = None
            stats = scenario.stats()
            with self.fault.armed(*way):
                try:
                    scenario.run(strict=False)
                except OSError as e:
                    error = e
            if error and (not self.fault.failed or not scenario.may_fail or
                          isinstance(error, TimeoutError)):
                raise error
            if self.fault.failed and scenario.counted:
                self.judge(group, scenario.stats() - stats)
            where += ", after"
            scenario.after()
            if not self.fault.failed:
                return False
            self.failures += 1
            where += ", once more"
            scenario.before()
            scenario.run(strict=True)
            scenario.after()
        except OSError as e:
            moved = scenario.everything()
            moved.subtract(everything)
            raise OSError(f"{where} {scenario.step}: {e} " + " ".join(
                f"{k}={v}" for k, v in moved.items() if v)) from e
        return True

    def group(self, name, group, scenario, ways):
        happened, wrong = 0, []
        for way in ways:
            if self.wrong == WRONG_MAX:
                break
            try:
                happened += self.one(scenario, group, way)
            except OSError as e:
                wrong.append(str(e))
                self.wrong += 1
        if wrong:
            print(f"fail {name}: {group} | {'; '.join(wrong)}", flush=True)
        elif happened:
            print(f"pass {name}: {group}", flush=True)
        else:
            why = "given up" if self.wrong == WRONG_MAX else "not reached again"
            print(f"skip {name}: {group} | {why}", flush=True)
        return happened

    def scenario(self, name, scenario):
        start = time.monotonic()
        try:
            scenario.enter()
            scenario.before()
            self.fault.forget()
            scenario.run(strict=True)
            plan = self.plan(scenario)
            scenario.after()
        except OSError as e:
            print(f"fail {name} works | {e}", flush=True)
            return
        planned = sum(len(ways) for ways in plan.values())
        happened = sum(self.group(name, group, scenario, ways)
                       for group, ways in plan.items())
        scenario.leave()
        print(f"# {name}: {happened} of {planned} failures happened, "
              f"{time.monotonic() - start:.0f} s", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--host", action="append", nargs=5, required=True,
                        metavar=("NAMESPACE", "KEY", "HIT", "ADDRESS6", "ADDRESS4"))
    parser.add_argument("--uapi", required=True, help="include/uapi/linux/hip.h")
    parser.add_argument("--fault", required=True, help="directory of hip_fault.ko")
    parser.add_argument("--ko", required=True, help="hip.ko")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--sample", type=int, default=0,
                        help="failures of each scenario")
    parser.add_argument("scenarios", nargs="*", default=SCENARIOS)
    options = parser.parse_args()

    u = uapi(options.uapi)
    a, b = (Host(u, *host[:3], host[3:]) for host in options.host)
    a.peer, b.peer = b, a
    for host in (a, b):
        host.connect()
        host.quiet()
    Echo(b)
    campaign = Campaign(options, Fault(options.fault))
    for name in options.scenarios:
        campaign.scenario(name, SCENARIOS[name]((a, b), options.ko))
    print(f"# {campaign.sites} allocation sites reached, "
          f"{campaign.failures} failures")


if __name__ == "__main__":
    main()
