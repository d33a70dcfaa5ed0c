#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""An hour of the life of hundreds of associations; see tools/soak/run.

Three hosts: A and B have many identities each and talk across a bad link; C has
a few, talks to A, and is now and then torn down without a word, as by a power
failure.  After a warm-up and after the hour all associations end, partly by
CLOSE and partly because nobody uses them, and the two states are compared.
"""
import ctypes
import errno
import json
import os
import random
import select
import signal
import socket
import subprocess
import sys
import threading
import time

HIPTOOL = os.environ["HIPTOOL"]
HIPD = os.environ["HIPD"]
TMP = os.environ["TMP"]
CLONE_NEWNET = 0x40000000
PORT = 4000
WARM_UP = 5             # minutes
MINUTE = 60.0
TICK = 2.0              # seconds between two packets of a pair
# An association in CLOSED lives for UAL + 2 MSL, and may before have been unused
# for UAL and have waited a minute to notice that
DRAIN = (15 + 1 + 15 + 4 + 10) * MINUTE

# What may be more after the hour than after the warm-up, in kB.  Caches of the
# network stack, such as that of neighbours, find their size only later, and debug
# kernels remember the last references to devices (ref_tracker, in kmalloc-32).  A
# single object that each exchange leaves behind is several times as much.
SLAB_BOUND = 256
# SUnreclaim counts pages, for the whole system.  Of the pages that were needed for
# the most associations, one in ten may have an object left that is somebody else's.
SUNRECLAIM_BOUND = 1024
SUNRECLAIM_SHARE = 0.1

# Why a counter may move here; any other one that moves is a finding
EXPECTED = {
    "exchange": """I1Sent I1Received R1Sent R1Received I2Sent I2Received R2Sent
        R2Received ExchangesAsInitiator ExchangesAsResponder R1Generated Upcalls
        OutQueued CtrlSimultaneousYielded PuzzleRaised PuzzleLowered""",
    "end": """CloseSent CloseReceived CloseAckSent CloseAckReceived
        AssociationsClosed AssociationsExpired""",
    "new keys": """UpdateSent UpdateReceived UpdateUnmatched
        UpdateRetransmitted UpdateRetransmittedDropped Rekeys RekeysFailed""",
    # what was lost is sent again; what was late or came twice finds that things
    # have moved on
    "bad link": """Retransmissions I2Retransmitted InReplay
        CtrlUnexpectedInState CtrlNoAssociation EchoMismatch MACWrong
        R1CounterOld PuzzleStale PuzzleExpired CtrlI1Duplicate""",
    # and many CLOSEs and much data at once for associations that the other has
    # lost: ICMP answers only some
    "link down, peer lost": """ExchangesFailed OutUnreachable OutQueueFull
        CtrlSendError OutNoRoute OutSendError CtrlNotifyRateLimit
        InUnknownSPI OutSPIUnknownToPeer""",
    "helper killed": """UpcallNoHelper UpcallTimeout UpcallRequeued
        CtrlNoR1Ready""",
    # the ICMP error for a packet from an address that we have no more is itself
    # a packet, to that address
    "identity removed": """CtrlUnknownReceiver OutUnknownSource
        OutNoMapping""",
    "implementation": """OutHeadExpanded OutCopied InCopied OutAsync InAsync
        OutSuperPackets InPathMTU""",
}
CLASS = {name: why for why, names in EXPECTED.items() for name in names.split()}

libc = ctypes.CDLL(None, use_errno=True)


def run(*words, check=False):
    """Run a command; its output."""
    p = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                       stdin=subprocess.DEVNULL, text=True, check=False)
    if check and p.returncode:
        sys.exit(f"{' '.join(words)}: {p.stdout}")
    return p.stdout


def log(text):
    """A line for whoever watches."""
    print(text, flush=True)


class Host:
    """A network namespace with identities, a helper, and a socket for each."""

    def __init__(self, name, n):
        self.name = f"soak{name}"
        self.dir = f"{TMP}/{self.name}"
        self.names = [f"{name.lower()}{i}" for i in range(n)]
        self.hits = []
        self.counted = {}
        self.socks = []
        self.helper = None
        os.mkdir(self.dir, 0o700)
        for name in self.names:
            run(HIPTOOL, "identity", "generate", name, "type", "ecdsa", "curve",
                "p256", "dir", self.dir, check=True)

    def ip(self, *words, check=True):
        """ip(8) in here."""
        return run("ip", "-n", self.name, *words, check=check)

    def hiptool(self, *words, check=False):
        """hiptool(8) in here."""
        return run(HIPTOOL, "-n", self.name, *words, check=check)

    def show(self, *words):
        """What hiptool says in JSON."""
        return json.loads(self.hiptool("-j", *words, "show", check=True))

    def boot(self):
        """Make the namespace."""
        run("ip", "netns", "add", self.name, check=True)
        run("ip", "netns", "exec", self.name, "sysctl", "-qw",
            "net.ipv6.conf.all.accept_dad=0",
            "net.ipv6.conf.default.accept_dad=0", check=True)
        self.ip("link", "set", "lo", "up")

    def start_helper(self):
        """Start hipd."""
        with open(f"{self.dir}.log", "a", encoding="ascii") as out:
            self.helper = subprocess.Popen(
                ["ip", "netns", "exec", self.name, HIPD, "-d", self.dir],
                stdin=subprocess.DEVNULL, stdout=out, stderr=out)

    def kill_helper(self):
        """End it without notice."""
        if self.helper:
            self.helper.send_signal(signal.SIGKILL)
            self.helper.wait()
            self.helper = None

    def start(self):
        """Helper, identities, sockets."""
        self.start_helper()
        # quick exchanges: what is meant to last here is everything else
        self.hiptool("config", "set", "dh-groups", "7", check=True)
        if not wait_for(lambda: self.gauges()["UpcallListeners"] == 1, 60):
            sys.exit(f"hipd does not come up in {self.name}")
        self.hits = [self.hiptool("identity", "add", n, check=True).strip()
                     for n in self.names]
        self.open_sockets()

    def open_sockets(self):
        """One for each identity."""
        with InNetns(self.name):
            for hit in self.hits:
                s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
                s.bind((hit, PORT))
                s.setblocking(False)
                self.socks.append(s)

    def halt(self):
        """End without a word to anybody."""
        self.keep_counters()
        for s in self.socks:
            s.close()
        self.socks = []
        self.kill_helper()
        run("ip", "netns", "del", self.name)

    def stats(self):
        """Counters and gauges."""
        return self.show("stats")

    def gauges(self):
        """Gauges alone."""
        return self.stats()["gauges"]

    def empty(self):
        """No association, and nothing that belongs to one."""
        now = self.gauges()
        return not any(now[g] for g in ("Associations", "SAs", "HalfOpen",
                                        "CtrlPending", "UpcallsPending"))

    def keep_counters(self):
        """What a namespace has counted ends with it."""
        for name, n in self.stats()["counters"].items():
            self.counted[name] = self.counted.get(name, 0) + n

    def counters(self):
        """All that this host has ever counted."""
        now = self.stats()["counters"]
        return {n: v + self.counted.get(n, 0) for n, v in now.items()}


class InNetns:
    """This thread is in a network namespace for a while."""

    def __init__(self, name):
        self.name = name
        self.old = None

    def __enter__(self):
        # the thread's own, not the process's
        self.old = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        fd = os.open(f"/run/netns/{self.name}", os.O_RDONLY)
        if libc.setns(fd, CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "setns")
        os.close(fd)

    def __exit__(self, *unused):
        libc.setns(self.old, CLONE_NEWNET)
        os.close(self.old)


def wait_for(condition, seconds):
    """Poll; False when it took too long."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        # the clock skips this, but not what the looking costs
        time.sleep(max(0.5, seconds / 100))
    return True


# ---- memory ----------------------------------------------------------------

def meminfo(name):
    """A line of /proc/meminfo, kB."""
    with open("/proc/meminfo", encoding="ascii") as f:
        for line in f:
            if line.startswith(name + ":"):
                return int(line.split()[1])
    return 0


def slabs():
    """Bytes in use by cache, of the caches that the module allocates from."""
    use = {}
    with open("/proc/slabinfo", encoding="ascii") as f:
        for line in f:
            word = line.split()
            if word[0].startswith(("kmalloc", "skbuff", "hip", "ip6_dst", "dst")):
                use[word[0]] = int(word[1]) * int(word[3])
    return use


def settle():
    """Give back all that is only kept for reuse, KASAN's quarantine included."""
    run("sync")
    for _ in range(2):
        with open("/proc/sys/vm/drop_caches", "w", encoding="ascii") as f:
            f.write("3")
        # RCU and the work that frees SAs
        time.sleep(5)
        try:
            for cache in os.listdir("/sys/kernel/slab"):
                with open(f"/sys/kernel/slab/{cache}/shrink", "w",
                          encoding="ascii") as f:
                    f.write("1")
        except OSError:
            pass


# ---- the hour --------------------------------------------------------------

class Soak:
    """The three hosts and what happens to them."""

    def __init__(self, n, rng):
        self.rng = rng
        self.a = Host("A", n)
        self.b = Host("B", n)
        self.c = Host("C", max(2, n // 4))
        self.hosts = [self.a, self.b, self.c]
        self.later = []         # (when, what)
        self.down = set()
        self.events = {}
        self.sent = self.echoed = self.refused = 0
        self.transfers = self.transfers_done = 0
        self.threads = []
        self.pairs = []

    def setup(self):
        """Namespaces, links, identities, peers."""
        for host in self.hosts:
            host.boot()
        self.link(self.a, "ab", "fd00:ab::1", self.b, "ba", "fd00:ab::2")
        self.link_c()
        for host in self.hosts:
            host.start()
        # for C
        self.a.hiptool("config", "set", "opportunistic", "1", check=True)
        self.map(self.a, self.b, "fd00:ab::2")
        self.map(self.b, self.a, "fd00:ab::1")
        self.map(self.a, self.c, "fd00:ac::2")
        self.map(self.c, self.a, "fd00:ac::1")
        for host in self.hosts:
            wait_for(lambda h=host: all(i["r1_ready"] == i["r1_wanted"]
                                        for i in h.show("identity")), 300)
        self.pairs = [(x, i, y, j)
                      for x, y in ((self.a, self.b), (self.b, self.a))
                      for i in range(len(x.hits)) for j in range(len(y.hits))]
        self.pairs += [(self.c, i, self.a, j) for i in range(len(self.c.hits))
                       for j in range(len(self.a.hits))]

    def link(self, x, xdev, xaddr, y, ydev, yaddr):
        """A veth between two hosts."""
        run("ip", "link", "add", xdev, "netns", x.name, "type", "veth", "peer",
            "name", ydev, "netns", y.name, check=True)
        for host, dev, addr in ((x, xdev, xaddr), (y, ydev, yaddr)):
            host.ip("addr", "add", f"{addr}/64", "dev", dev, "nodad")
            host.ip("link", "set", dev, "up")

    def link_c(self):
        """C's link goes with it."""
        self.link(self.a, "ac", "fd00:ac::1", self.c, "ca", "fd00:ac::2")

    def map(self, x, y, locator):
        """X knows where all of Y's identities are."""
        for hit in y.hits:
            x.hiptool("peer", "replace", hit, "via", locator, check=True)

    # -- things that happen --

    def happened(self, what):
        """Count it."""
        self.events[what] = self.events.get(what, 0) + 1

    def some_assocs(self):
        """A few of them, and the hosts that have them."""
        for _ in range(self.rng.randrange(8)):
            host = self.rng.choice(self.hosts)
            assocs = host.show("assoc")
            if assocs:
                yield host, self.rng.choice(assocs)

    def close_some(self):
        """Associations end, politely or not."""
        for host, x in self.some_assocs():
            force = ["force"] if self.rng.random() < 0.2 else []
            host.hiptool("assoc", "close", x["peer_hit"], "local",
                         x["local_hit"], *force)
            self.happened("forced closes" if force else "closes")

    def rekey_some(self):
        """New keys, for those that are established."""
        for host, x in self.some_assocs():
            if x["state"] != "ESTABLISHED":
                continue
            new_dh = ["new-dh"] if self.rng.random() < 0.5 else []
            host.hiptool("assoc", "rekey", x["peer_hit"], "local",
                         x["local_hit"], *new_dh)
            self.happened("rekeys with new DH" if new_dh else "rekeys")

    def restart_helper(self):
        """hipd dies, and comes back after a while."""
        host = self.rng.choice(self.hosts)
        delay = self.rng.choice([0, 1, 5, 20])
        host.kill_helper()
        self.at(delay, lambda: host.helper or host.start_helper())
        self.happened("helper restarts")

    def link_down(self):
        """Some minutes of silence."""
        dev = self.rng.choice(["ab", "ac"])
        self.a.ip("link", "set", dev, "down")
        self.down.add(dev)
        self.at(self.rng.randrange(30, 180), lambda: self.link_up(dev))
        self.happened("links down")

    def link_up(self, dev):
        """The address has gone with the link."""
        self.down.discard(dev)
        self.a.ip("link", "set", dev, "up", check=False)
        self.a.ip("addr", "add", f"fd00:{dev}::1/64", "dev", dev, "nodad",
                  check=False)

    def netem(self):
        """Another kind of bad weather."""
        host, dev = self.rng.choice([(self.a, "ab"), (self.b, "ba"),
                                     (self.a, "ac"), (self.c, "ca")])
        kind = self.rng.choice([
            [], ["loss", "10%"], ["loss", "30%"],
            ["delay", "20ms", "20ms", "reorder", "25%", "duplicate", "10%"],
            ["loss", "5%", "duplicate", "5%", "delay", "5ms"]])
        run("tc", "-n", host.name, "qdisc", "replace", "dev", dev, "root",
            "netem", "limit", "10000", *kind)
        self.happened("changes of the link")

    def reboot(self):
        """C loses power."""
        self.c.halt()
        self.a.ip("link", "del", "ac", check=False)
        self.c.boot()
        self.link_c()
        self.c.start()
        self.learn()
        self.map(self.c, self.a, "fd00:ac::1")
        self.happened("reboots")

    def learn(self):
        """C has forgotten who is there, and asks."""
        said = self.c.hiptool("peer", "learn", "via", "fd00:ac::1", "local",
                              self.rng.choice(self.c.hits), "wait", "30")
        self.happened("peers learnt" if set(said.split()) & set(self.a.hits)
                      else "peers not learnt")

    def identity(self):
        """An identity goes, with all its associations, and comes back."""
        host = self.rng.choice([self.a, self.b])
        name = self.rng.choice(host.names)
        host.hiptool("identity", "del", name)
        self.at(10, lambda: host.hiptool("identity", "add", name))
        self.happened("identities removed")

    def transfer(self):
        """256 KiB of TCP from A to B."""
        i = self.rng.randrange(len(self.a.hits))
        j = self.rng.randrange(len(self.b.hits))
        t = threading.Thread(target=self.tcp, daemon=True,
                             args=(self.a.hits[i], self.b.hits[j]))
        t.start()
        self.threads.append(t)
        self.transfers += 1

    def tcp(self, source, destination):
        """The thread of a transfer."""
        size = 1 << 18
        try:
            with InNetns(self.b.name):
                listener = socket.create_server((destination, 0), backlog=1,
                                                family=socket.AF_INET6)
            with InNetns(self.a.name):
                out = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
            with listener, out:
                out.bind((source, 0))
                listener.settimeout(60)
                out.settimeout(60)
                out.connect(listener.getsockname()[:2])
                into, _ = listener.accept()
                with into:
                    into.settimeout(60)
                    sender = threading.Thread(target=push, args=(out, size))
                    sender.start()
                    while size > 0:
                        data = into.recv(65536)
                        if not data:
                            break
                        size -= len(data)
                    sender.join()
            self.transfers_done += size == 0
        except OSError:
            pass

    def at(self, seconds, what):
        """Do it later."""
        self.later.append((time.monotonic() + seconds, what))

    def do_later(self, everything=False):
        """Do what is due."""
        now = time.monotonic()
        due = [x for x in self.later if everything or x[0] <= now]
        self.later = [x for x in self.later if x not in due]
        for _, what in due:
            what()

    def happen(self):
        """What happens in a minute."""
        self.close_some()
        self.rekey_some()
        for chance, what in ((0.25, self.restart_helper), (0.1, self.link_down),
                             (0.4, self.netem), (0.1, self.reboot),
                             (0.1, self.identity), (0.5, self.transfer)):
            if self.rng.random() < chance:
                what()

    # -- traffic --

    def send(self, pair):
        """One packet of a pair."""
        x, i, y, j = pair
        if not x.socks or not y.hits:
            return
        try:
            x.socks[i].sendto(b"?" + bytes(self.rng.randrange(1200)),
                              (y.hits[j], PORT))
            self.sent += 1
        except OSError as e:
            if e.errno not in (errno.EHOSTUNREACH, errno.EACCES, errno.EAGAIN,
                               errno.ENETUNREACH, errno.EADDRNOTAVAIL,
                               errno.ENOBUFS, errno.EMSGSIZE, errno.EINVAL):
                raise
            self.refused += 1

    def receive(self, until):
        """Answer what comes until then."""
        socks = [s for h in self.hosts for s in h.socks]
        poll = select.poll()
        for s in socks:
            poll.register(s, select.POLLIN)
        by_fd = {s.fileno(): s for s in socks}
        while (left := until - time.monotonic()) > 0:
            for fd, _ in poll.poll(left * 1000):
                self.answer(by_fd[fd])

    def answer(self, sock):
        """Echo a question, count an answer."""
        try:
            while True:
                data, source = sock.recvfrom(2048)
                if data[:1] == b"?":
                    sock.sendto(b"!" + data[1:], source)
                else:
                    self.echoed += 1
        except OSError:
            pass

    def minute(self, eventful):
        """A random subset of the pairs talks."""
        active = self.rng.sample(self.pairs, max(4, len(self.pairs) // 20))
        if eventful:
            self.happen()
        end = time.monotonic() + MINUTE
        while (now := time.monotonic()) < end:
            for pair in active:
                self.send(pair)
            self.do_later()
            self.receive(min(now + TICK, end))

    # -- the end --

    def drain(self):
        """All associations end: A's by CLOSE, the rest when unused."""
        self.do_later(everything=True)
        for dev in list(self.down):
            self.link_up(dev)
        for host, dev in ((self.a, "ab"), (self.b, "ba"), (self.a, "ac"),
                          (self.c, "ca")):
            run("tc", "-n", host.name, "qdisc", "del", "dev", dev, "root")
        for t in self.threads:
            t.join(120)
        for assoc in self.a.show("assoc")[::2]:
            self.a.hiptool("assoc", "close", assoc["peer_hit"], "local",
                           assoc["local_hit"])
        return wait_for(lambda: all(h.empty() for h in self.hosts), DRAIN)

    def state(self):
        """What is to be the same again."""
        settle()
        return {"gauges": {h.name: h.gauges() for h in self.hosts},
                "slabs": slabs(), "SUnreclaim": meminfo("SUnreclaim"),
                "Percpu": meminfo("Percpu")}

    def line(self, began, before):
        """Where we are."""
        now = {h.name: h.counters() for h in self.hosts}
        moved = sum(1 for h in now for n in now[h]
                    if now[h][n] != before.get(h, {}).get(n, 0))
        gauges = [h.gauges() for h in self.hosts]
        row = {"minute": round((time.monotonic() - began) / MINUTE),
               "associations": sum(g["Associations"] for g in gauges),
               "sas": sum(g["SAs"] for g in gauges),
               "SUnreclaim": meminfo("SUnreclaim"),
               "slabs": sum(slabs().values()) // 1024, "moved": moved}
        log("{minute:6} {associations:12} {sas:6} {SUnreclaim:13} {slabs:9} "
            "{moved:14}".format(**row))
        return row, now


def push(sock, size):
    """The sending half of a transfer."""
    try:
        sock.sendall(bytes(size))
        sock.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def judge(first, last, rows):
    """What is wrong, of the comparison of two states."""
    wrong = []
    peak = max(row["SUnreclaim"] for row in rows) - first["SUnreclaim"]
    bound = max(SUNRECLAIM_BOUND, round(SUNRECLAIM_SHARE * peak))
    if first["gauges"] != last["gauges"]:
        wrong.append(f"gauges: {first['gauges']} became {last['gauges']}")
    grown = sum(last["slabs"].values()) - sum(first["slabs"].values())
    if grown > SLAB_BOUND * 1024:
        wrong.append(f"the slabs grew by {grown // 1024} kB, {SLAB_BOUND} allowed")
    grown = last["SUnreclaim"] - first["SUnreclaim"]
    if grown > bound:
        wrong.append(f"SUnreclaim grew by {grown} kB, {bound} allowed")
    return wrong


def explain(soak):
    """The table of counters; those without a reason."""
    counters = [host.counters() for host in soak.hosts]
    log(f"\n{'counter':24} {'A':>8} {'B':>8} {'C':>8}  why")
    bad = []
    for name in counters[0]:
        row = [c[name] for c in counters]
        if any(row):
            why = CLASS.get(name, "*** UNEXPLAINED ***")
            log(f"{name:24} {row[0]:8} {row[1]:8} {row[2]:8}  {why}")
            if name not in CLASS:
                bad.append(name)
    return {h.name: c for h, c in zip(soak.hosts, counters)}, bad


def show_memory(first, last):
    """Before and after."""
    log(f"\n{'kB':24} {'after warm-up':>14} {'after the hour':>15}")
    for name in ("SUnreclaim", "Percpu"):
        log(f"{name:24} {first[name]:14} {last[name]:15}")
    for name in sorted(set(first["slabs"]) | set(last["slabs"])):
        x, y = first["slabs"].get(name, 0), last["slabs"].get(name, 0)
        if x != y:
            log(f"{name:24} {x / 1024:14.1f} {y / 1024:15.1f}")
    x, y = sum(first["slabs"].values()), sum(last["slabs"].values())
    log(f"{'all slabs looked at':24} {x / 1024:14.1f} {y / 1024:15.1f}")


def main():
    """Everything in order."""
    minutes, n = int(sys.argv[1]), int(sys.argv[2])
    seed = int(os.environ.get("HIP_SEED") or random.randrange(1 << 30))
    log(f"HIP_SEED={seed}: {minutes} minutes, {n} x {n} pairs and a few more")
    soak = Soak(n, random.Random(seed))
    soak.setup()
    log(f"{len(soak.pairs)} pairs, half of them in the other direction")
    wrong = []

    for _ in range(WARM_UP):
        soak.minute(False)
    if not soak.drain():
        wrong.append("associations are left after the warm-up")
    first = soak.state()

    log(f"{'minute':>6} {'associations':>12} {'SAs':>6} {'SUnreclaim/kB':>13} "
        f"{'slabs/kB':>9} {'counters moved':>14}")
    began = time.monotonic()
    row, counted = soak.line(began, {})
    rows = [row]
    for i in range(minutes):
        soak.minute(True)
        if (i + 1) % 10 == 0:
            row, counted = soak.line(began, counted)
            rows.append(row)
    if not soak.drain():
        wrong.append("associations are left at the end")
        for host in soak.hosts:
            log(host.hiptool("-s", "assoc", "show")[:4000])
    last = soak.state()
    row, counted = soak.line(began, counted)
    rows.append(row)

    show_memory(first, last)
    totals, unexplained = explain(soak)
    log("\n" + ", ".join(f"{n} {what}" for what, n in soak.events.items()))
    log(f"{soak.sent} packets sent, {soak.echoed} answered, {soak.refused} "
        f"refused; {soak.transfers_done} of {soak.transfers} transfers complete")
    wrong += judge(first, last, rows)
    wrong += [f"{name} moved, and nothing explains it" for name in unexplained]
    if not soak.echoed:
        wrong.append("nothing was answered")
    with open(sys.argv[3], "w", encoding="ascii") as f:
        json.dump({"seed": seed, "minutes": minutes, "pairs": n, "rows": rows,
                   "first": first, "last": last, "counters": totals,
                   "events": soak.events, "sent": soak.sent,
                   "echoed": soak.echoed, "refused": soak.refused,
                   "transfers": [soak.transfers_done, soak.transfers],
                   "wrong": wrong}, f, indent=1)
    for host in soak.hosts:
        host.halt()
    for text in wrong:
        log(f"WRONG: {text}")
    log(f"soak: {'FAILED' if wrong else 'passed'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
