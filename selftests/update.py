#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
The other side of a rekey, for update.sh: right, wrong, and halfway.

    update.py --local ADDR --peer ADDR --hit HIT

As malformed.py, whose cases it has as well. The association is the one of
"establish".
"""

import struct
import threading
import time

import hip_wire as w
import hippeer as p
import malformed
from malformed import case

INVALID_SYNTAX = 7               # RFC 7401, section 5.2.19


def word(value):
    return struct.pack("!I", value)


def seq(t, ahead=0):
    """SEQ with our next Update ID, which is then used up, or one ahead."""
    if ahead:
        return w.SEQ, word(next_id(t) + ahead)
    t.live.update_id = next_id(t) + 1
    return w.SEQ, word(t.live.update_id - 1)


def next_id(t):
    return getattr(t.live, "update_id", 0)


def send(t, *params):
    return t.send(t.live.update_packet(*params))


def get(t, *types, timeout=10):
    """The next authentic UPDATE of the target with these parameters."""
    end = time.monotonic() + timeout
    while True:
        got = t.link.receive(end - time.monotonic(),
                             t.live.from_peer(w.UPDATE))
        if not got:
            raise p.Failed("no UPDATE")
        t.live.check(got[0])
        if all(got[0].has(param_type) for param_type in types):
            return got[0]


def acked(packet):
    raw = packet.get(w.ACK)
    return struct.unpack(f"!{len(raw) // 4}I", raw)


def exchange(t, *params):
    """Sends an UPDATE until one comes that acknowledges it."""
    ours = seq(t)
    for _ in range(4):
        send(t, ours, *params)
        try:
            packet = get(t, w.ACK, timeout=3)
        except p.Failed:
            continue
        if struct.unpack("!I", ours[1])[0] in acked(packet):
            return packet
    raise p.Failed("no ACK")


def pong(t):
    """The first replies may go through an SA that we have left."""
    if not any(t.live.ping(n, timeout=2) for n in range(1, 4)):
        raise p.Failed("no reply through the new SAs")
    return 1


def begin(t, **how):
    """A rekey that we begin."""
    return go_on(t, t.live.rekey_params(**how))


def go_on(t, params):
    theirs = exchange(t, *params)
    w.rule(theirs.has(w.SEQ), "RFC 7402, 6.9.1: an UPDATE with ESP_INFO")
    send(t, (w.ACK, theirs.get(w.SEQ)))
    t.live.rekeyed(theirs)
    return theirs


# Where our ACK comes last, data must not overtake it: update_live is for later.

# ---- right ------------------------------------------------------------------

@case
def update_rekey(t):
    begin(t)
    return 1


@case
def update_rekey_new_dh(t):
    theirs = begin(t, new_dh=True)
    w.rule(theirs.has(w.DIFFIE_HELLMAN), "RFC 7402, 4.1: DIFFIE_HELLMAN")
    return 1


@case
def update_rekey_and_icmp(t):
    """Errors about ESP with the SPI which the target is only about to use."""
    pong(t)
    params = t.live.rekey_params()
    esp = struct.pack("!II", t.live.new_spi, 1) + bytes(40)
    over = threading.Event()

    def errors():
        while not over.is_set():
            malformed.icmp_error(t, 4, 0, 0, esp, w.IPPROTO_ESP)

    thread = threading.Thread(target=errors)
    thread.start()
    try:
        go_on(t, params)
    finally:
        over.set()
        thread.join()
    return 1


@case
def update_rekey_keymat_ends(t):
    """So far on that there is no room: the target makes a new key."""
    end = 255 * w.rhash_len(t.live.peer_hit)
    theirs = begin(t, index=end - 8)
    w.rule(theirs.has(w.DIFFIE_HELLMAN), "RFC 7402, 5.1.1: DIFFIE_HELLMAN")
    return 1


@case
def update_rekey_by_data(t):
    """Our ACK is lost: that we use the new SA says as much."""
    theirs = exchange(t, *t.live.rekey_params())
    t.live.rekeyed(theirs)
    return pong(t)


def answer(t, *ack, **how):
    """The target begins, and we answer; ack: further numbers of our ACK."""
    theirs = get(t, w.ESP_INFO, w.SEQ)
    number = struct.unpack("!I", theirs.get(w.SEQ))[0]
    numbers = b"".join(word(n) for n in [number + n for n in ack] + [number])
    reply = exchange(t, (w.ACK, numbers), *t.live.rekey_params(**how))
    w.rule(not reply.has(w.SEQ), "5.3.5: an ACK and no more")
    t.live.rekeyed(theirs)
    return pong(t)


@case
def update_answer(t):
    return answer(t)


@case
def update_answer_new_dh(t):
    """Only we have a new key."""
    return answer(t, new_dh=True)


@case
def update_answer_many_acks(t):
    return answer(t, 7, 1000)


@case
def update_both(t):
    """The target begins, and so do we, before we acknowledge."""
    theirs = get(t, w.ESP_INFO, w.SEQ)
    reply = exchange(t, *t.live.rekey_params())
    w.rule(not reply.has(w.SEQ), "RFC 7402, 6.9: an ACK and no more")
    send(t, (w.ACK, theirs.get(w.SEQ)))
    t.live.rekeyed(theirs)
    return 1


@case
def update_nothing(t):
    """An UPDATE about nothing is acknowledged."""
    reply = exchange(t)
    w.rule(not reply.has(w.SEQ) and not reply.has(w.ESP_INFO),
           "5.3.5: an ACK and no more")
    return 1


@case
def update_out_of_order(t):
    """The second comes first, then the first, and the first again."""
    first, second = seq(t), seq(t)
    for ours in (second, first, first):
        time.sleep(0.1)
        send(t, ours)
        w.rule(acked(get(t, w.ACK)) == struct.unpack("!I", ours[1]),
               "6.12.1: Update ID of the ACK")
    return 3


# ---- halfway ----------------------------------------------------------------

@case
def update_only_ack(t):
    """We acknowledge and say no more."""
    theirs = get(t, w.ESP_INFO, w.SEQ)
    return send(t, (w.ACK, theirs.get(w.SEQ)))


@case
def update_silence(t):
    """We count the copies, until the target gives up."""
    first = get(t, w.ESP_INFO, w.SEQ)
    copies = 1
    while True:
        got = t.link.receive(15, t.live.from_peer(w.UPDATE, w.CLOSE))
        if not got or got[0].type == w.CLOSE:
            break
        w.rule(got[0].get(w.SEQ) == first.get(w.SEQ), "6.11: the same SEQ")
        copies += 1
    t.live.answer_close(got[0])
    return copies


@case
def update_live(t):
    """Data flows with the SAs that there are."""
    return pong(t)


# ---- wrong ------------------------------------------------------------------

@case
def update_again_flood(t):
    """The same UPDATE many times."""
    ours = t.live.update_packet(seq(t))
    raw = w.with_checksum(ours, t.link.local, t.locator)
    return t.send_as_is(*[raw] * 200)


@case
def update_again_old_flood(t):
    """Two UPDATEs in turns, many times."""
    both = [w.with_checksum(t.live.update_packet(seq(t)), t.link.local, t.locator)
            for _ in range(2)]
    n = 0
    for _ in range(40):
        for raw in both:
            n += t.send_as_is(raw)
            time.sleep(0.06)
    return n


@case
def update_without_numbers(t):
    return send(t)


@case
def update_ack_of_nothing(t):
    return send(t, (w.ACK, word(5)))


@case
def update_too_far(t):
    return send(t, seq(t, 64))


@case
def update_before_the_first(t):
    """Below zero, the numbers going around."""
    return send(t, (w.SEQ, word(0xffffffff)))


@case
def update_again_mac_wrong(t):
    """One that was processed, which does not spare the MAC."""
    t.bend(UPDATE__mac=p.flip)
    return send(t, (w.SEQ, word(next_id(t) - 1)))


@case
def update_after_close(t):
    return send(t, seq(t))


@case
def update_signature_wrong(t):
    t.bend(UPDATE__signature=p.flip)
    return send(t, seq(t, 1))


def bend_info(name, **how):
    """One value of ESP_INFO is wrong; the SEQ is not used up."""
    def send_it(t):
        params = dict(t.live.rekey_params(new_dh=how.get("dh", False)))
        index, old, new = w.parse_esp_info(params[w.ESP_INFO])
        params[w.ESP_INFO] = w.esp_info(how.get("index", index),
                                        how.get("old", old),
                                        how.get("new", new))
        if "group" in how:
            params[w.DIFFIE_HELLMAN] = w.dh_contents(
                how["group"], w.DHKey(how["group"]).public)
        sent = send(t, (w.SEQ, word(next_id(t))), *params.items())
        notify = t.link.receive(10, t.live.from_peer(w.NOTIFY))
        if not notify:
            raise p.Failed("no NOTIFY")
        t.live.check(notify[0], mac_type=None)
        kind = struct.unpack_from("!H", notify[0].get(w.NOTIFICATION), 2)[0]
        w.rule(kind == INVALID_SYNTAX, f"5.2.19: NOTIFY {kind}")
        return sent
    malformed.CASES[name] = send_it


bend_info("update-index-used", index=1)
bend_info("update-index-with-dh", dh=True, index=4000)
bend_info("update-group-changed", dh=True, group=3)
bend_info("update-old-spi-wrong", old=4711)
bend_info("update-new-spi-reserved", new=255)


@case
def update_dh_no_point(t):
    """A public value that is on no curve."""
    params = dict(t.live.rekey_params(new_dh=True))
    params[w.DIFFIE_HELLMAN] = p.flip(params[w.DIFFIE_HELLMAN])
    return send(t, (w.SEQ, word(next_id(t))), *params.items())


if __name__ == "__main__":
    malformed.main()
