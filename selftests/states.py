#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
Each packet in each state of RFC 7401, section 4.4.3, for states.sh.

    states.py --local ADDR --peer ADDR --hit HIT [--order smaller|greater]

As malformed.py, whose cases it has as well. The cases in- and then- bring the
target into a state, get- and bad- send it something there.
"""

import os

import hip_wire as w
import hippeer as p
import malformed
from malformed import case, sequel


# R1_COUNTER of an R1 that is nothing special
COUNTER = 10


def associated(t):
    """What the target is in, or believes to be in, with us."""
    return t.live or malformed.stranger(t)


def await_packet(t, wanted):
    """The next packet of this type from the target to us, and its source."""
    got = t.link.receive(20, lambda q: q.type == wanted and
                         q.sender == t.hit and q.receiver == t.identity.hit)
    if not got:
        raise p.Failed(f"no {w.name_of(wanted)}")
    return got


# ---- the states --------------------------------------------------------------

@case
def in_unassociated(t):
    """Fetches the R1 of the I2 that may come, as each of these does."""
    t.gone, t.live, t.echo, t.responder = t.live, None, None, None
    t.ready = t.initiator()
    t.ready.get_r1()
    return 1


@sequel
def then_i1_sent(t):
    """The shell has made the target begin."""
    t.responder = p.Responder(t.link, t.identity, p.Settings(r1_counter=COUNTER))
    t.their_i1 = await_packet(t, w.I1)
    return 1


@sequel
def then_i2_sent(t):
    """The same, and its I1 is answered."""
    then_i1_sent(t)
    t.responder.handle(*t.their_i1)
    t.responder.accept_i2(*await_packet(t, w.I2))
    t.live = t.responder.current
    return 1


@case
def in_r2_sent(t):
    in_unassociated(t)
    t.live = t.initiator().run()
    return 1


@case
def in_established(t):
    in_r2_sent(t)
    if not t.live.ping(1):
        raise p.Failed("no answer to a ping through ESP")
    return 1


@sequel
def then_closing(t):
    """The shell has told the target to close."""
    close, _ = await_packet(t, w.CLOSE)
    t.echo = close.get(w.ECHO_REQUEST_SIGNED)
    return 1


@case
def in_closed(t):
    in_established(t)
    t.live.close()
    return 1


# ---- what comes ----------------------------------------------------------------

@case
def get_i1(t):
    return t.send(t.i1())


@case
def get_i2(t):
    return t.send(t.ready.i2_packet())


@case
def bad_i2(t):
    t.bend(I2__mac=p.flip)
    return t.send(t.ready.i2_packet())


@case
def get_i2_again(t):
    return t.send(t.live.i2)


def r1(t, counter):
    """An R1 that is right, but perhaps not asked for."""
    responder = t.responder or p.Responder(t.link, t.identity)
    responder.set.r1_counter = counter
    return responder.r1_packet(t.hit, bytes([7, 8]))


@case
def get_r1(t):
    return t.send(r1(t, COUNTER))


@case
def get_r1_fresher(t):
    return t.send(r1(t, COUNTER + 1))


@case
def get_r1_older(t):
    return t.send(r1(t, COUNTER - 1))


@case
def then_established(t):
    """A fresher R1, whose I2 is answered."""
    get_r1_fresher(t)
    t.responder.handle(*await_packet(t, w.I2))
    t.live = t.responder.current
    return 1


@case
def bad_r1(t):
    raw = r1(t, COUNTER + 2)
    return t.send(p.flip(raw, w.Packet(raw).offset(w.HIP_SIGNATURE_2) + 20))


def r2(t):
    """For our association, whoever was its Initiator."""
    responder = p.Responder(t.link, t.identity)
    return responder.r2_packet(associated(t))


@case
def get_r2(t):
    return t.send(r2(t))


@case
def bad_r2(t):
    t.bend(R2__mac=p.flip)
    return t.send(r2(t))


def update(t):
    return associated(t).protect(w.UPDATE, [(w.SEQ, bytes(4))])


@case
def get_update(t):
    return t.send(update(t))


@case
def bad_update(t):
    t.bend(UPDATE__mac=p.flip)
    return t.send(update(t))


@case
def get_close(t):
    return t.send(associated(t).close_packet())


@case
def bad_close(t):
    return t.send(malformed.stranger(t).close_packet())


@case
def get_close_ack(t):
    return t.send(associated(t).protect(
        w.CLOSE_ACK, [(w.ECHO_RESPONSE_SIGNED, t.echo or os.urandom(16))]))


@case
def bad_close_ack(t):
    return t.send(associated(t).protect(w.CLOSE_ACK,
                                        [(w.ECHO_RESPONSE_SIGNED, b"what?")]))


@case
def get_notify(t):
    return t.send(associated(t).notify_packet(8191))


@case
def get_data(t):
    """One packet through ESP, and its answer."""
    if not t.live.ping(1):
        raise p.Failed("no answer to a ping through ESP")
    return 1


@case
def bad_data(t):
    """For an SPI that the target has forgotten."""
    t.live = t.gone
    sent = malformed.send_esp(t, malformed.echo(t))
    t.live = None
    return sent


if __name__ == "__main__":
    malformed.main()
