#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
Spoils valid packets at random, for mutate.sh.

    mutate.py --local ADDR --peer ADDR --hit HIT

As states.py, whose cases it has as well. "spoil WHAT SEED N" sends N packets:
control, esp, or signed. Of the first two a third party could have sent each; the
last is spoilt before its MAC and signature are made. The same seed spoils in the
same way; keys and nonces are new each time.
"""

import random
import struct

import hip_wire as w
import hippeer as p
import malformed
import states
from malformed import case, sequel

INTERESTING = (0, 1, 2, 4, 7, 8, 16, 255, 256, 1000, 0x7fff, 0x8000, 0xfff8,
               0xffff)
TYPES = sorted(w.PARAM_NAMES) + [3, 4, 1001, 65535]


# ---- what can be done to octets -------------------------------------------------

def flip_bit(rnd, raw):
    at = rnd.randrange(len(raw))
    return malformed.octet(raw, at, raw[at] ^ 1 << rnd.randrange(8))


def set_octet(rnd, raw):
    return malformed.octet(raw, rnd.randrange(len(raw)), rnd.randrange(256))


def set_word(rnd, raw):
    at = rnd.randrange(len(raw) - 1) & ~1
    return raw[:at] + struct.pack("!H", rnd.choice(INTERESTING)) + raw[at + 2:]


def cut(rnd, raw):
    return raw[:rnd.randrange(1, len(raw))]


def stretch(rnd, raw):
    return raw + rnd.randbytes(rnd.choice((1, 7, 8, 64, 600)))


def fill(rnd, raw):
    at = rnd.randrange(len(raw))
    n = rnd.randrange(1, 64)
    return raw[:at] + rnd.randbytes(n) + raw[at + n:]


OCTETS = (flip_bit, set_octet, set_word, cut, stretch, fill)


# ---- what can be done to parameters ---------------------------------------------

def drop_param(rnd, params):
    at = rnd.randrange(len(params))
    return params[:at] + params[at + 1:]


def repeat_param(rnd, params):
    at = rnd.randrange(len(params))
    return params[:at] + [params[at]] + params[at:]


def swap_params(rnd, params):
    changed = list(params)
    a, b = rnd.randrange(len(params)), rnd.randrange(len(params))
    changed[a], changed[b] = changed[b], changed[a]
    return changed


def retype_param(rnd, params):
    at = rnd.randrange(len(params))
    return params[:at] + [(rnd.choice(TYPES), params[at][1])] + params[at + 1:]


def new_param(rnd, params):
    extra = rnd.choice(TYPES), rnd.randbytes(rnd.choice((0, 1, 2, 4, 12, 40)))
    return sorted(params + [extra], key=lambda q: q[0])


def spoil_contents(rnd, params):
    at = rnd.randrange(len(params))
    kind, contents = params[at]
    if contents:
        contents = rnd.choice(OCTETS)(rnd, contents + b"\0")
    return params[:at] + [(kind, contents)] + params[at + 1:]


PARAMS = (drop_param, repeat_param, swap_params, retype_param, new_param,
          spoil_contents, spoil_contents, spoil_contents)


def spoil_params(rnd, params):
    for _ in range(rnd.choice((1, 1, 1, 2, 3))):
        if params:
            params = rnd.choice(PARAMS)(rnd, params)
    return params


# ---- packets ----------------------------------------------------------------------

def split(raw):
    return [(t, c) for t, c, _ in w.parse_tlvs(raw[40:])]


def fit(raw):
    """The Header Length of what there is, as far as it can tell."""
    if len(raw) < 40:
        return raw
    return malformed.octet(raw, 1, min(len(raw) // 8 - 1, 255))


def spoil_packet(rnd, raw):
    """A packet of somebody who has seen this one."""
    how = rnd.randrange(3)
    if how == 0:
        try:
            return fit(raw[:40] + b"".join(
                w.tlv(t, c) for t, c in spoil_params(rnd, split(raw))))
        except struct.error:
            pass
    for _ in range(rnd.choice((1, 1, 2, 4))):
        raw = rnd.choice(OCTETS)(rnd, raw) if len(raw) > 1 else raw
    return fit(raw) if how == 1 else raw


def samples(t):
    """A valid packet of each type, between the live association's ends."""
    responder = p.Responder(t.link, t.identity)
    return [
        t.i1(), t.live.i2, t.ready.i2_packet(),
        responder.r1_packet(t.hit, b"\7"), responder.r2_packet(t.live),
        t.live.update_packet((w.SEQ, bytes(4)), *t.live.rekey_params()),
        t.live.update_packet((w.SEQ, bytes(4)),
                             *t.live.rekey_params(new_dh=True)),
        t.live.update_packet((w.ACK, bytes(4))),
        t.live.notify_packet(w.NO_DH_PROPOSAL_CHOSEN), t.live.close_packet(),
        t.live.protect(w.CLOSE_ACK, [(w.ECHO_RESPONSE_SIGNED, bytes(16))]),
    ]


def drain(t):
    """Whatever the target answers is of no interest."""
    while t.link.raw.receive(0):
        pass


def spoil_control(t, rnd, n):
    packets = samples(t)
    for i in range(n):
        raw = spoil_packet(rnd, rnd.choice(packets))
        if len(raw) >= 6 and rnd.randrange(50):
            raw = w.with_checksum(raw, t.link.local, t.locator)
        t.send_as_is(raw)
        if not i % 100:
            drain(t)
    return n


def spoil_esp(t, rnd, n):
    for _ in range(n):
        raw = malformed.echo(t)
        for _ in range(rnd.choice((0, 1, 1, 2))):
            raw = rnd.choice(OCTETS)(rnd, raw) if len(raw) > 1 else raw
        # without an SPI and a number it is not ESP
        malformed.send_esp(t, raw.ljust(8, b"\0"))
    return n


def spoil_signed(t, rnd, n):
    """By the peer itself, which is out of its mind."""
    make = (
        lambda: t.live.update_packet((w.SEQ, rnd.randbytes(4)),
                                     *t.live.rekey_params(rnd.randrange(2))),
        lambda: t.live.update_packet((w.ACK, rnd.randbytes(4))),
        lambda: t.live.notify_packet(rnd.randrange(65536)),
        lambda: t.live.protect(w.CLOSE, [(w.ECHO_REQUEST_SIGNED,
                                          rnd.randbytes(rnd.randrange(60)))]),
        lambda: t.live.protect(w.CLOSE_ACK, [(w.ECHO_RESPONSE_SIGNED,
                                              rnd.randbytes(16))]),
    )
    spoil = p.Bends(**{f"{name}__params": lambda q: spoil_params(rnd, q)
                       for name in ("UPDATE", "NOTIFY", "CLOSE", "CLOSE_ACK")})
    done = 0
    while done < n:
        t.link.bends = spoil
        try:
            raw = rnd.choice(make)()
        except struct.error:            # longer than a packet can say
            continue
        t.send(raw)
        drain(t)
        done += 1
    return done


SPOIL = {"control": spoil_control, "esp": spoil_esp, "signed": spoil_signed}


@case
def spoil(t, what, seed, n):
    return SPOIL[what](t, random.Random(int(seed)), int(n))


# ---- answers to a target that begins ----------------------------------------------

def accepted(t, responder):
    """The I2 that answers the last R1: what is not signed in an R1 may have been
    spoilt in the one before, so that there may be others."""
    while True:
        i2 = states.await_packet(t, w.I2)
        try:
            responder.accept_i2(*i2)
            return
        except w.Malformed:
            pass


@sequel
def spoil_answers(t, what, seed, n):
    """Spoilt R1s or R2s, and in the end the right one."""
    rnd = random.Random(int(seed))
    responder = p.Responder(t.link, t.identity)
    groups = states.await_packet(t, w.I1)[0].get(w.DH_GROUP_LIST)
    right = responder.r1_packet(t.hit, groups)
    if what == "r2":
        t.send(right)
        accepted(t, responder)
        right = responder.r2_packet(responder.current)
    for _ in range(int(n)):
        raw = spoil_packet(rnd, right)
        if raw != right and len(raw) >= 6:
            t.send(raw)
    if what == "r1":
        responder.set.r1_counter = 2
        t.send(responder.r1_packet(t.hit, groups))
        accepted(t, responder)
        right = responder.r2_packet(responder.current)
    t.live = responder.current
    return t.send(right)


if __name__ == "__main__":
    malformed.main()
