#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
The wire formats of HIPv2 and of ESP as HIP uses it, once more.

Written from the RFCs, and sharing nothing with the kernel module: what the
module sends is checked against this, and what this builds is sent to the
module. Clarity goes before speed.

Section numbers are those of RFC 7401 unless another RFC is named. Where the
RFC leaves a choice, the comment says which one was made.

Needs python3-cryptography.
"""

import hashlib
import hmac
import ipaddress
import os
import secrets
import struct

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, padding, rsa, \
    utils
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESCCM, AESGCM
from cryptography.hazmat.primitives.cmac import CMAC

IPPROTO_HIP = 139
IPPROTO_ESP = 50
IPPROTO_NONE = 59

# ---- numbers (section 5.2, 5.3) --------------------------------------------

I1, R1, I2, R2 = 1, 2, 3, 4
UPDATE, NOTIFY, CLOSE, CLOSE_ACK = 16, 17, 18, 19
PACKET_NAMES = {
    I1: "I1", R1: "R1", I2: "I2", R2: "R2", UPDATE: "UPDATE",
    NOTIFY: "NOTIFY", CLOSE: "CLOSE", CLOSE_ACK: "CLOSE_ACK",
}

ANONYMOUS = 1                           # in Controls, section 5.1.2

ESP_INFO = 65
R1_COUNTER = 129
LOCATOR_SET = 193
PUZZLE = 257
SOLUTION = 321
SEQ = 385
ACK = 449
DH_GROUP_LIST = 511
DIFFIE_HELLMAN = 513
HIP_CIPHER = 579
ENCRYPTED = 641
HOST_ID = 705
HIT_SUITE_LIST = 715
NOTIFICATION = 832
ECHO_REQUEST_SIGNED = 897
ECHO_RESPONSE_SIGNED = 961
TRANSPORT_FORMAT_LIST = 2049
ESP_TRANSFORM = 4095
HIP_MAC = 61505
HIP_MAC_2 = 61569
HIP_SIGNATURE_2 = 61633
HIP_SIGNATURE = 61697
ECHO_RESPONSE_UNSIGNED = 63425
ECHO_REQUEST_UNSIGNED = 63661
PARAM_NAMES = {value: name for name, value in list(globals().items())
               if name.isupper() and isinstance(value, int) and value >= 65
               and name not in ("IPPROTO_HIP", "IPPROTO_ESP")}

# What a packet must carry, section 5.3 and RFC 7402, section 5.2.1. An I2 has
# its HOST_ID either in clear or in ENCRYPTED, which is checked apart.
MANDATORY = {
    I1: (DH_GROUP_LIST,),
    R1: (PUZZLE, DH_GROUP_LIST, DIFFIE_HELLMAN, HIP_CIPHER, HOST_ID,
         HIT_SUITE_LIST, TRANSPORT_FORMAT_LIST, ESP_TRANSFORM,
         HIP_SIGNATURE_2),
    I2: (ESP_INFO, SOLUTION, DIFFIE_HELLMAN, HIP_CIPHER,
         TRANSPORT_FORMAT_LIST, ESP_TRANSFORM, HIP_MAC, HIP_SIGNATURE),
    R2: (ESP_INFO, HIP_MAC_2, HIP_SIGNATURE),
    UPDATE: (HIP_MAC, HIP_SIGNATURE),
    NOTIFY: (NOTIFICATION, HIP_SIGNATURE),
    CLOSE: (ECHO_REQUEST_SIGNED, HIP_MAC, HIP_SIGNATURE),
    CLOSE_ACK: (ECHO_RESPONSE_SIGNED, HIP_MAC, HIP_SIGNATURE),
}

ALG_DSA, ALG_RSA, ALG_ECDSA, ALG_ECDSA_LOW = 3, 5, 7, 9         # section 5.2.9
SUITE_SHA256, SUITE_SHA384, SUITE_SHA1 = 1, 2, 3        # section 5.2.10
DI_NONE = 0

PUZZLE_LIFETIME = 37                    # 2^(37 - 32) seconds

# NOTIFICATION types, section 5.2.19 and RFC 7402, section 5.1.3
NO_DH_PROPOSAL_CHOSEN = 14
NO_HIP_PROPOSAL_CHOSEN = 16
NO_ESP_PROPOSAL_CHOSEN = 18


class Malformed(Exception):
    """The packet breaks a rule of the RFC; the message names the section."""


def rule(condition, message):
    """Raises Malformed with this message unless the condition holds."""
    if not condition:
        raise Malformed(message)


# Reserved fields are "zero when sent, ignored when received". A test may look
# at what others sent who did not care.
CHECK_RESERVED = True


def reserved(contents, message):
    """The rule that reserved octets are zero."""
    rule(not CHECK_RESERVED or not any(contents), message)


def name_of(packet_type):
    return PACKET_NAMES.get(packet_type, f"type {packet_type}")


def param_name(param_type):
    return PARAM_NAMES.get(param_type, f"parameter {param_type}")


# ---- checksum (section 5.1.1) ----------------------------------------------

def address(text_or_bytes):
    """An address as octets; an IPv4-mapped one as IPv4."""
    addr = ipaddress.ip_address(text_or_bytes)
    return (getattr(addr, "ipv4_mapped", None) or addr).packed


def internet_checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def pseudo_header(src, dst, length, proto):
    """Of IPv4 or IPv6, as the addresses are."""
    if len(src) == 4:
        return src + dst + struct.pack("!BBH", 0, proto, length)
    return src + dst + struct.pack("!I3xB", length, proto)


def checksum(raw, src, dst):
    """The checksum that belongs into this packet, between two locators."""
    zeroed = raw[:4] + b"\0\0" + raw[6:]
    return internet_checksum(
        pseudo_header(src, dst, len(raw), IPPROTO_HIP) + zeroed)


def with_checksum(raw, src, dst):
    return raw[:4] + struct.pack("!H", checksum(raw, src, dst)) + raw[6:]


# ---- parameters (section 5.2.1) --------------------------------------------

def tlv(param_type, contents):
    """One parameter, padded with zeros to a multiple of 8."""
    raw = struct.pack("!HH", param_type, len(contents)) + contents
    return raw + bytes(-len(raw) % 8)


def parse_tlvs(raw, base=0):
    """All parameters of raw, as (type, contents, offset) with offsets from
    base. Demands what section 5.2.1 demands of a sender."""
    found = []
    at = 0
    while at < len(raw):
        rule(len(raw) - at >= 4, "5.2.1: parameter header is cut off")
        param_type, length = struct.unpack_from("!HH", raw, at)
        end = at + 4 + length
        padded = (end + 7) & ~7
        what = param_name(param_type)
        rule(padded <= len(raw), f"5.2.1: {what} runs past the end")
        rule(not any(raw[end:padded]), f"5.2.1: padding of {what} is not zero")
        rule(not found or found[-1][0] <= param_type,
             f"5.2.1: {what} is out of order")
        found.append((param_type, raw[at + 4:end], base + at))
        at = padded
    return found


class Packet:
    """A HIP packet that was received. Raises Malformed for anything that a
    correct sender would not send."""

    def __init__(self, raw):
        rule(len(raw) >= 40, "5.1: shorter than a HIP header")
        (self.next_header, header_len, kind, version, self.checksum,
         self.controls, self.sender, self.receiver) = \
            struct.unpack_from("!BBBBHH16s16s", raw)
        self.raw = raw
        self.type = kind & 0x7f
        rule(self.next_header == IPPROTO_NONE, "5.1: Next Header is not 59")
        rule(kind == self.type, "5.1: the fixed bit before the type is set")
        rule(version == 0x21, f"5.1: version octet is {version:#x}, not 0x21")
        rule(header_len >= 4, "5.1: Header Length is below 4")
        rule((header_len + 1) * 8 == len(raw),
             f"5.1: Header Length means {(header_len + 1) * 8} octets, "
             f"there are {len(raw)}")
        rule(self.controls & ~1 == 0, "5.1.2: reserved Controls are set")
        self.params = parse_tlvs(raw[40:], 40)

    @property
    def name(self):
        return name_of(self.type)

    def has(self, param_type):
        return any(t == param_type for t, _, _ in self.params)

    def all(self, param_type):
        return [c for t, c, _ in self.params if t == param_type]

    def get(self, param_type):
        """Contents of the one parameter of this type."""
        found = self.all(param_type)
        rule(len(found) == 1, f"5.3: {self.name} has {len(found)} "
             f"{param_name(param_type)}, not one")
        return found[0]

    def offset(self, param_type):
        return next(o for t, _, o in self.params if t == param_type)

    def tlv(self, param_type):
        """The parameter as it is in the packet, with header and padding."""
        return tlv(param_type, self.get(param_type))

    def check_mandatory(self):
        rule(self.type in MANDATORY, f"5.3: unknown packet type {self.type}")
        for param_type in MANDATORY[self.type]:
            self.get(param_type)
        if self.type == I2:
            rule(self.has(HOST_ID) != self.has(ENCRYPTED),
                 "5.3.3: I2 needs HOST_ID, in clear or encrypted")
        if self.type == UPDATE:
            rule(self.has(SEQ) or self.has(ACK), "5.3.5: neither SEQ nor ACK")


def header(packet_type, sender, receiver, length, controls=0):
    """A HIP header without checksum for a packet of so many octets."""
    return struct.pack("!BBBBHH16s16s", IPPROTO_NONE, length // 8 - 1,
                       packet_type, 0x21, 0, controls, sender, receiver)


def build(packet_type, sender, receiver, params, controls=0):
    """A packet of (type, contents) in the order given, without checksum."""
    body = b"".join(tlv(t, c) for t, c in params)
    return header(packet_type, sender, receiver, 40 + len(body),
                  controls) + body


def covered(raw, end, tail=b""):
    """The octets that a MAC or signature at offset end covers: checksum zero,
    Header Length as if the packet ended there (sections 6.4.1, 6.4.2)."""
    length = end + len(tail)
    return (raw[:1] + bytes([length // 8 - 1]) + raw[2:4] + b"\0\0" +
            raw[6:end] + tail)


# ---- SECP160R1 (SEC 2, section 2.4.2), which python3-cryptography lacks -----

class Secp160r1:
    """The curve, and points on it as (x, y); None is the point at infinity.
    Its order has one bit more than its field."""

    p = 2 ** 160 - 2 ** 31 - 1
    a = p - 3
    b = 0x1c97befc54bd7a8b65acf89f81d4d4adc565fa45
    n = 0x100000000000000000001f4c8f927aed3ca752257
    g = (0x4a96b5688ef573284664698968c38bb913cbfc82,
         0x23a628553168947d59dcc912042351377ac5fb32)
    size = 20                           # octets of a coordinate

    @classmethod
    def add(cls, one, other):
        if not one or not other:
            return one or other
        (x1, y1), (x2, y2) = one, other
        if x1 == x2 and (y1 + y2) % cls.p == 0:
            return None
        if one == other:
            slope = (3 * x1 * x1 + cls.a) * pow(2 * y1, -1, cls.p)
        else:
            slope = (y2 - y1) * pow(x2 - x1, -1, cls.p)
        x = (slope * slope - x1 - x2) % cls.p
        return x, (slope * (x1 - x) - y1) % cls.p

    @classmethod
    def multiply(cls, factor, point):
        result = None
        while factor:
            if factor & 1:
                result = cls.add(result, point)
            point = cls.add(point, point)
            factor >>= 1
        return result

    @classmethod
    def random(cls):
        """A private key, or the like."""
        return 1 + secrets.randbelow(cls.n - 1)

    @classmethod
    def encode(cls, point):
        return b"".join(c.to_bytes(cls.size, "big") for c in point)

    @classmethod
    def decode(cls, octets):
        rule(len(octets) == 2 * cls.size, "SEC 1, 2.3.4: length of a point")
        x, y = (int.from_bytes(c, "big")
                for c in (octets[:cls.size], octets[cls.size:]))
        rule(x < cls.p and y < cls.p and
             (y * y - x ** 3 - cls.a * x - cls.b) % cls.p == 0,
             "SEC 1, 3.2.2.1: not a point of secp160r1")
        return x, y


class LowKey:
    """A private key of ECDSA_LOW."""

    def __init__(self, secret=None):
        self.secret = secret or Secp160r1.random()

    def public_key(self):
        return LowPublicKey(Secp160r1.multiply(self.secret, Secp160r1.g))

    def sign(self, data):
        """r | s, each as long as the order, RFC 4754, section 7."""
        curve, r, s = Secp160r1, 0, 0
        while not r or not s:
            k = curve.random()
            r = curve.multiply(k, curve.g)[0] % curve.n
            s = (LowPublicKey.digest(data) + r * self.secret) * \
                pow(k, -1, curve.n) % curve.n
        return r.to_bytes(21, "big") + s.to_bytes(21, "big")


class LowPublicKey:
    """A public key of ECDSA_LOW."""

    def __init__(self, point):
        self.point = point

    @staticmethod
    def digest(data):
        return int.from_bytes(hashlib.sha1(data).digest(), "big")

    def verify(self, signature, data):
        """Raises InvalidSignature, SEC 1, section 4.1.4."""
        curve = Secp160r1
        r, s = (int.from_bytes(half, "big")
                for half in (signature[:21], signature[21:]))
        if len(signature) == 42 and 0 < r < curve.n and 0 < s < curve.n:
            inverse = pow(s, -1, curve.n)
            point = curve.add(
                curve.multiply(self.digest(data) * inverse % curve.n, curve.g),
                curve.multiply(r * inverse % curve.n, self.point))
            if point and point[0] % curve.n == r:
                return
        raise InvalidSignature


# ---- Host Identities and their tags (sections 3, 5.2.9, RFC 7343) -----------

CONTEXT_ID = bytes.fromhex("F0EFF02FBFF43D0FE7930C3C6E6174EA")
CURVES = {1: ec.SECP256R1, 2: ec.SECP384R1}     # section 5.2.9
RHASH = {SUITE_SHA256: "sha256", SUITE_SHA384: "sha384", SUITE_SHA1: "sha1"}
SUITE_OF_ALG = {ALG_DSA: SUITE_SHA256, ALG_RSA: SUITE_SHA256,
                ALG_ECDSA: SUITE_SHA384, ALG_ECDSA_LOW: SUITE_SHA1}
CURVE_SECP160R1 = 1                             # of ECDSA_LOW


def hit_suite(hit):
    """The ORCHID Generation Algorithm of a HIT, RFC 7343, section 2."""
    rule(hit[:3] == b"\x20\x01\x00" and hit[3] >> 4 == 2,
         "RFC 7343, 2: not an ORCHIDv2 prefix")
    return hit[3] & 15


def rhash_of(hit):
    """Name of the RHASH that goes with a Responder's HIT, section 5.2.10."""
    suite = hit_suite(hit)
    rule(suite in RHASH, f"5.2.10: unknown HIT suite {suite}")
    return RHASH[suite]


def rhash_len(hit):
    return hashlib.new(rhash_of(hit)).digest_size


def orchid(suite, hi):
    """HIT of a Host Identity: the middle 96 bits, RFC 7343, section 2."""
    digest = hashlib.new(RHASH[suite], CONTEXT_ID + hi).digest()
    cut = (len(digest) - 12) // 2
    return bytes([0x20, 0x01, 0x00, 0x20 | suite]) + digest[cut:cut + 12]


def encode_hi(public_key):
    """(algorithm, HI field) of a public key. Points are sent as SEC1
    uncompressed, 04 | x | y, which section 5.2.9 leaves open."""
    if isinstance(public_key, rsa.RSAPublicKey):
        numbers = public_key.public_numbers()
        e = numbers.e.to_bytes((numbers.e.bit_length() + 7) // 8, "big")
        n = numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big")
        e_len = bytes([len(e)]) if len(e) < 256 else struct.pack("!xH", len(e))
        return ALG_RSA, e_len + e + n           # RFC 3110, section 2
    if isinstance(public_key, dsa.DSAPublicKey):
        return ALG_DSA, encode_dsa(public_key.public_numbers())
    if isinstance(public_key, LowPublicKey):
        return ALG_ECDSA_LOW, struct.pack("!HB", CURVE_SECP160R1, 4) + \
            Secp160r1.encode(public_key.point)
    curve = next(i for i, c in CURVES.items()
                 if isinstance(public_key.curve, c))
    return ALG_ECDSA, struct.pack("!H", curve) + public_key.public_bytes(
        serialization.Encoding.X962,
        serialization.PublicFormat.UncompressedPoint)


def encode_dsa(numbers):
    """T | Q | P | G | Y, RFC 2536, section 2, with the smallest T."""
    group = numbers.parameter_numbers
    t = max(0, -(-(group.p.bit_length() - 512) // 64))
    return bytes([t]) + group.q.to_bytes(20, "big") + b"".join(
        n.to_bytes(64 + 8 * t, "big") for n in (group.p, group.g, numbers.y))


def decode_dsa(hi):
    size = 64 + 8 * hi[0]
    rule(hi[0] <= 8 and len(hi) == 21 + 3 * size, "RFC 2536, 2: length of HI")
    q, p, g, y = (int.from_bytes(n, "big") for n in (
        hi[1:21], *(hi[at:at + size] for at in range(21, len(hi), size))))
    public = dsa.DSAPublicNumbers(y, dsa.DSAParameterNumbers(p, q, g))
    rule(encode_dsa(public) == hi, "3.2: T is not the smallest")
    return public.public_key()


def decode_hi(algorithm, hi):
    """The public key in a HI field."""
    if algorithm == ALG_RSA:
        e_len, at = hi[0], 1
        if e_len == 0:
            e_len, at = struct.unpack_from("!H", hi, 1)[0], 3
        e, n = hi[at:at + e_len], hi[at + e_len:]
        rule(e and n and e[0] and n[0], "RFC 3110, 2: leading zeros in HI")
        return rsa.RSAPublicNumbers(int.from_bytes(e, "big"),
                                    int.from_bytes(n, "big")).public_key()
    if algorithm == ALG_DSA:
        return decode_dsa(hi)
    curve = struct.unpack_from("!H", hi)[0]
    if algorithm == ALG_ECDSA_LOW:
        rule(curve == CURVE_SECP160R1, f"5.2.9: unknown curve {curve}")
        return LowPublicKey(Secp160r1.decode(hi[3 if len(hi) % 2 else 2:]))
    rule(algorithm == ALG_ECDSA, f"5.2.9: unknown algorithm {algorithm}")
    rule(curve in CURVES, f"5.2.9: unknown curve {curve}")
    point = hi[2:] if len(hi) % 2 else b"\4" + hi[2:]
    return ec.EllipticCurvePublicKey.from_encoded_point(CURVES[curve](), point)


class HostId:
    """A HOST_ID parameter, section 5.2.9."""

    def __init__(self, contents):
        rule(len(contents) >= 6, "5.2.9: HOST_ID too short")
        hi_len, di, self.algorithm = struct.unpack_from("!HHH", contents)
        rule(6 + hi_len + (di & 0xfff) == len(contents),
             "5.2.9: HI Length and DI Length do not fill HOST_ID")
        rule(di >> 12 != DI_NONE or di == 0, "5.2.9: DI Length without DI")
        self.hi = contents[6:6 + hi_len]
        self.tlv = tlv(HOST_ID, contents)
        self.key = decode_hi(self.algorithm, self.hi)
        self.hit = orchid(SUITE_OF_ALG[self.algorithm], self.hi)


def host_id_contents(public_key):
    algorithm, hi = encode_hi(public_key)
    return struct.pack("!HHH", len(hi), 0, algorithm) + hi


# Signatures: RSASSA-PSS with SHA-256 and a salt of 32 octets; ECDSA with
# SHA-384, the RHASH of its suite, for either curve, as r | s; ECDSA_LOW with
# SHA-1, likewise; DSA with SHA-256, as T | r | s (RFC 2536, section 3). The RFC
# names neither the salt nor the hash for P-256 and DSA.

PSS = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=32)


def sign(private_key, data):
    """(algorithm, signature) as HIP_SIGNATURE carries them, section 5.2.14."""
    if isinstance(private_key, rsa.RSAPrivateKey):
        return ALG_RSA, private_key.sign(data, PSS, hashes.SHA256())
    if isinstance(private_key, LowKey):
        return ALG_ECDSA_LOW, private_key.sign(data)
    if isinstance(private_key, dsa.DSAPrivateKey):
        r, s = utils.decode_dss_signature(
            private_key.sign(data, hashes.SHA256()))
        t = encode_hi(private_key.public_key())[1][:1]
        return ALG_DSA, t + r.to_bytes(20, "big") + s.to_bytes(20, "big")
    size = (private_key.curve.key_size + 7) // 8
    r, s = utils.decode_dss_signature(
        private_key.sign(data, ec.ECDSA(hashes.SHA384())))
    return ALG_ECDSA, r.to_bytes(size, "big") + s.to_bytes(size, "big")


def verify(host_id, contents, data, what):
    """Checks the contents of a HIP_SIGNATURE(_2)."""
    algorithm = struct.unpack_from("!H", contents)[0]
    signature = contents[2:]
    rule(algorithm == host_id.algorithm,
         f"5.2.14: algorithm {algorithm} of the signature of {what} is not "
         f"that of HOST_ID")
    try:
        if algorithm == ALG_RSA:
            host_id.key.verify(signature, data, PSS, hashes.SHA256())
            return
        if algorithm == ALG_ECDSA_LOW:
            host_id.key.verify(signature, data)
            return
        if algorithm == ALG_DSA:
            rule(len(signature) == 41 and signature[:1] == host_id.hi[:1],
                 f"RFC 2536, 3: length or T of the signature of {what}")
            host_id.key.verify(
                utils.encode_dss_signature(
                    int.from_bytes(signature[1:21], "big"),
                    int.from_bytes(signature[21:], "big")),
                data, hashes.SHA256())
            return
        size = (host_id.key.curve.key_size + 7) // 8
        rule(len(signature) == 2 * size,
             f"RFC 4754, 7: signature of {what} has {len(signature)} octets")
        host_id.key.verify(
            utils.encode_dss_signature(
                int.from_bytes(signature[:size], "big"),
                int.from_bytes(signature[size:], "big")),
            data, ec.ECDSA(hashes.SHA384()))
    except InvalidSignature:
        raise Malformed(f"6.4.2: signature of {what} does not verify") \
            from None


def r1_signed_octets(raw, end):
    """What HIP_SIGNATURE_2 covers: Receiver HIT, Opaque and #I zero
    (section 5.2.15)."""
    data = bytearray(covered(raw, end))
    data[24:40] = bytes(16)
    for param_type, contents, at in parse_tlvs(raw[40:end], 40):
        if param_type == PUZZLE:
            data[at + 6:at + 4 + len(contents)] = bytes(len(contents) - 2)
    return bytes(data)


# ---- puzzle (sections 4.1.2, 5.2.4, 6.3) ------------------------------------

def puzzle_ok(rhash, k, i, j, hit_i, hit_r):
    digest = hashlib.new(rhash, i + hit_i + hit_r + j).digest()
    return int.from_bytes(digest, "big") & ((1 << k) - 1) == 0


def solve_puzzle(rhash, k, i, hit_i, hit_r, right=True):
    """A #J that solves the puzzle, or one that does not."""
    size = len(i)
    start = int.from_bytes(os.urandom(size - 1), "big")
    while puzzle_ok(rhash, k, i, start.to_bytes(size, "big"), hit_i,
                    hit_r) != right:
        start += 1
    return start.to_bytes(size, "big")


# ---- Diffie-Hellman (section 5.2.7, RFC 3526, RFC 5903) ---------------------

def scaled_pi(bits):
    """floor(2^bits * pi), by Machin's formula."""
    def arctan_inverse(x, unity):
        term, total, n, sign_ = unity // x, 0, 1, 1
        while term:
            total += sign_ * (term // n)
            term //= x * x
            n, sign_ = n + 2, -sign_
        return total
    unity = 1 << (bits + 64)
    return (16 * arctan_inverse(5, unity) -
            4 * arctan_inverse(239, unity)) >> 64


def modp_prime(bits, constant):
    """The primes of RFC 3526 are given by this formula."""
    return (2 ** bits - 2 ** (bits - 64) - 1 +
            2 ** 64 * (scaled_pi(bits - 130) + constant))


MODP = {3: (1536, 741804), 4: (3072, 1690314), 11: (2048, 124476)}
ECP = {7: ec.SECP256R1, 8: ec.SECP384R1, 9: ec.SECP521R1}
ECP_160 = 10


class DHKey:
    """An ephemeral key. Public values and Kij always have the full length of
    the group, with leading zeros."""

    def __init__(self, group):
        self.group = group
        if group in ECP:
            self.private = ec.generate_private_key(ECP[group]())
            self.public = self.private.public_key().public_bytes(
                serialization.Encoding.X962,
                serialization.PublicFormat.UncompressedPoint)[1:]
            return
        if group == ECP_160:
            self.private = Secp160r1.random()
            self.public = Secp160r1.encode(
                Secp160r1.multiply(self.private, Secp160r1.g))
            return
        bits, constant = MODP[group]
        self.prime, self.size = modp_prime(bits, constant), bits // 8
        self.private = int.from_bytes(os.urandom(40), "big") | 1 << 319
        self.public = pow(2, self.private, self.prime).to_bytes(
            self.size, "big")

    def kij(self, peer_public):
        if self.group in ECP:
            point = ec.EllipticCurvePublicKey.from_encoded_point(
                ECP[self.group](), b"\4" + peer_public)
            return self.private.exchange(ec.ECDH(), point)
        if self.group == ECP_160:
            shared = Secp160r1.multiply(self.private,
                                        Secp160r1.decode(peer_public))
            return shared[0].to_bytes(Secp160r1.size, "big")
        y = int.from_bytes(peer_public, "big")
        rule(1 < y < self.prime - 1, "5.3.2: public value out of range")
        return pow(y, self.private, self.prime).to_bytes(self.size, "big")


def dh_public_len(group):
    if group in ECP:
        return (ECP[group]().key_size + 7) // 8 * 2
    if group == ECP_160:
        return 2 * Secp160r1.size
    return MODP[group][0] // 8


def dh_contents(group, public):
    return struct.pack("!BH", group, len(public)) + public


def parse_dh(contents):
    """(group, public value)"""
    group, length = struct.unpack_from("!BH", contents)
    rule(3 + length == len(contents), "5.2.7: Public Value Length")
    rule(group in (*MODP, *ECP, ECP_160), f"5.2.7: unknown DH group {group}")
    rule(length == dh_public_len(group),
         f"5.2.7: group {group} with a public value of {length} octets")
    return group, contents[3:]


# ---- KEYMAT (section 6.5, RFC 7402 section 7, RFC 5869) ---------------------

HIP_CIPHER_KEY = {1: 0, 2: 16, 4: 32}                 # section 5.2.8
# encryption key with salt, authentication key; RFC 7402, section 5.1.2
ESP_KEYS = {1: (16, 20), 7: (0, 32), 8: (16, 32), 9: (32, 32), 10: (19, 0),
            11: (19, 0), 12: (20, 0), 13: (20, 0), 14: (0, 16), 15: (20, 0)}


def hkdf(rhash, salt, ikm, info, length):
    prk = hmac.new(salt, ikm, rhash).digest()
    block, out, counter = b"", b"", 1
    while len(out) < length:
        block = hmac.new(prk, block + info + bytes([counter]), rhash).digest()
        out += block
        counter += 1
    return out[:length]


class Keys:
    """The keys of an association, by the HIT of who sends with them."""

    def __init__(self, hit_r, hip_cipher, esp_suite):
        self.rhash = rhash_of(hit_r)
        self.hip_cipher = hip_cipher
        self.esp_suite = esp_suite
        self.hip_enc, self.hip_mac = {}, {}
        self.esp_enc, self.esp_auth = {}, {}
        self.keymat_index = 2 * (HIP_CIPHER_KEY[hip_cipher] + rhash_len(hit_r))

    @classmethod
    def derive(cls, kij, i, j, hit_i, hit_r, hip_cipher, esp_suite):
        """Draws all keys in the order of section 6.5 and RFC 7402, 7."""
        keys = cls(hit_r, hip_cipher, esp_suite)
        lower, greater = sorted((hit_i, hit_r))
        material = hkdf(keys.rhash, i + j, kij, lower + greater,
                        keys.keymat_index)

        def draw(length):
            nonlocal material
            taken, material = material[:length], material[length:]
            return taken

        for hit in (greater, lower):
            keys.hip_enc[hit] = draw(HIP_CIPHER_KEY[hip_cipher])
            keys.hip_mac[hit] = draw(rhash_len(hit_r))
        keys.draw_esp(kij, i, j, (hit_i, hit_r), keys.keymat_index)
        return keys

    def draw_esp(self, kij, i, j, hits, index):
        """The keys of ESP start here: RFC 7402, sections 6.10 and 7."""
        lower, greater = sorted(hits)
        enc_len, auth_len = ESP_KEYS[self.esp_suite]
        self.keymat_next = index + 2 * (enc_len + auth_len)
        material = hkdf(self.rhash, i + j, kij, lower + greater,
                        self.keymat_next)
        for hit in (greater, lower):
            self.esp_enc[hit] = material[index:index + enc_len]
            index += enc_len
            self.esp_auth[hit] = material[index:index + auth_len]
            index += auth_len


def mac(rhash, key, raw, end, tail=b""):
    """HIP_MAC of what is before offset end; for HIP_MAC_2 the tail is the
    HOST_ID of the R1 (sections 5.2.12, 5.2.13, 6.4.1)."""
    return hmac.new(key, covered(raw, end, tail), rhash).digest()


# ---- ENCRYPTED (section 5.2.18) ---------------------------------------------

def aes_cbc(key, iv):
    return Cipher(algorithms.AES(key), modes.CBC(iv))


def encrypt(key, plain):
    """Contents of an ENCRYPTED with these inner parameters."""
    if not key:
        return bytes(4) + plain
    pad = 16 - len(plain) % 16
    iv = os.urandom(16)
    enc = aes_cbc(key, iv).encryptor()
    return (bytes(4) + iv + enc.update(plain + bytes([pad]) * pad) +
            enc.finalize())


def decrypt(key, contents):
    """The inner parameters of an ENCRYPTED."""
    if not key:
        reserved(contents[:4], "5.2.18: Reserved is not zero")
        return contents[4:]
    rule(len(contents) >= 36 and (len(contents) - 20) % 16 == 0,
         "5.2.18: ENCRYPTED is not whole blocks")
    reserved(contents[:4], "5.2.18: Reserved is not zero")
    dec = aes_cbc(key, contents[4:20]).decryptor()
    plain = dec.update(contents[20:]) + dec.finalize()
    pad = plain[-1]
    rule(1 <= pad <= 16 and plain.endswith(bytes([pad]) * pad),
         "5.2.18: PKCS#5 padding")
    return plain[:-pad]


# ---- ESP (RFC 4303, RFC 7402) -----------------------------------------------

# IV, ICV, alignment of the padded payload; RFC 7402, 5.1.2: with CBC and
# HMAC, with CCM and GCM, and what does not encrypt: NULL, CMAC and GMAC
ESP_FORM = {1: (16, 12, 16), 7: (0, 16, 4), 8: (16, 16, 16), 9: (16, 16, 16),
            10: (8, 8, 4), 11: (8, 16, 4), 12: (8, 8, 4), 13: (8, 16, 4),
            14: (0, 12, 4), 15: (8, 16, 4)}
ESP_CCM, ESP_GCM, ESP_CMAC, ESP_GMAC = (10, 11), (12, 13), 14, 15


class EspError(Exception):
    """An ESP packet breaks a rule; the message names the RFC."""


def esp_rule(condition, message):
    if not condition:
        raise EspError(message)


class EspKeys:
    """One direction of a pair of SAs."""

    def __init__(self, suite, enc, auth, esn=True):
        self.suite, self.enc, self.auth, self.esn = suite, enc, auth, esn

    def high(self, seq):
        """The half of the sequence number that is not sent."""
        return struct.pack("!I", seq >> 32) if self.esn else b""

    def icv(self, data, seq):
        """Of the suites which have a key for it."""
        size = ESP_FORM[self.suite][1]
        if self.suite == ESP_CMAC:
            mac_ = CMAC(algorithms.AES(self.auth))
            mac_.update(data + self.high(seq))
            return mac_.finalize()[:size]           # RFC 4494, 2
        return hmac.new(self.auth, data + self.high(seq),
                        "sha1" if self.suite == 1 else "sha256").digest()[:size]

    def aad(self, spi, seq):
        return (struct.pack("!I", spi) + self.high(seq) +
                struct.pack("!I", seq & 0xffffffff))

    # of the suites that do both in one; all have AES-128 here

    def aead_seal(self, iv, plain, aad):
        """Ciphertext and ICV."""
        key, nonce, size = self.enc[:16], self.enc[16:] + iv, \
            ESP_FORM[self.suite][1]
        if self.suite == ESP_GMAC:                  # RFC 4543, 3.3
            return plain + AESGCM(key).encrypt(nonce, b"", aad + iv + plain)
        if self.suite in ESP_CCM:
            return AESCCM(key, size).encrypt(nonce, plain, aad)
        return AESGCM(key).encrypt(nonce, plain, aad)[:len(plain) + size]

    def aead_open(self, iv, sealed, aad):
        key, nonce, size = self.enc[:16], self.enc[16:] + iv, \
            ESP_FORM[self.suite][1]
        if self.suite == ESP_GMAC:
            AESGCM(key).decrypt(nonce, sealed[-size:],
                                aad + iv + sealed[:-size])
            return sealed[:-size]
        if self.suite in ESP_CCM:
            return AESCCM(key, size).decrypt(nonce, sealed, aad)
        gcm = Cipher(algorithms.AES(key), modes.GCM(
            nonce, sealed[-size:], min_tag_length=size)).decryptor()
        gcm.authenticate_additional_data(aad)
        return gcm.update(sealed[:-size]) + gcm.finalize()


def esp_seal(keys, spi, seq, payload, next_header):
    """An ESP packet, RFC 4303, section 2."""
    iv_len, _, align = ESP_FORM[keys.suite]
    pad = -(len(payload) + 2) % align
    plain = payload + bytes(range(1, pad + 1)) + bytes([pad, next_header])
    head = struct.pack("!II", spi, seq & 0xffffffff)
    if not keys.auth:
        iv = struct.pack("!Q", seq)
        return head + iv + keys.aead_seal(iv, plain, keys.aad(spi, seq))
    iv = os.urandom(iv_len)
    if keys.enc:
        enc = aes_cbc(keys.enc, iv).encryptor()
        plain = enc.update(plain) + enc.finalize()
    data = head + iv + plain
    return data + keys.icv(data, seq)


def esp_open(keys, raw, seq):
    """(payload, next header) of an ESP packet whose 64-bit sequence number is
    known. Raises EspError for anything that a correct sender would not do."""
    iv_len, icv_len, align = ESP_FORM[keys.suite]
    body = len(raw) - 8 - iv_len - icv_len
    esp_rule(body >= 2 and body % align == 0,
             f"RFC 4303, 2.4: {body} octets of ciphertext, alignment {align}")
    spi, low = struct.unpack_from("!II", raw)
    esp_rule(low == seq & 0xffffffff, "RFC 4303, 2.2.1: sequence number")
    iv = raw[8:8 + iv_len]
    plain = raw[8 + iv_len:-icv_len]
    if not keys.auth:
        try:
            plain = keys.aead_open(iv, raw[8 + iv_len:], keys.aad(spi, seq))
        except InvalidTag:
            raise EspError("RFC 4106, 5: ICV does not verify") from None
    else:
        esp_rule(hmac.compare_digest(keys.icv(raw[:-icv_len], seq),
                                     raw[-icv_len:]),
                 "RFC 4868, 2.1: ICV does not verify")
        if keys.enc:
            dec = aes_cbc(keys.enc, iv).decryptor()
            plain = dec.update(plain) + dec.finalize()
    pad, next_header = plain[-2], plain[-1]
    esp_rule(pad + 2 <= len(plain), "RFC 4303, 2.5: Pad Length")
    payload = plain[:len(plain) - 2 - pad]
    esp_rule(plain[len(payload):-2] == bytes(range(1, pad + 1)),
             "RFC 4303, 2.4: padding is not 1, 2, 3, ...")
    esp_rule(pad == -(len(payload) + 2) % align,
             f"RFC 4303, 2.4: {pad} octets of padding are not the fewest")
    return payload, next_header


def upper_checksum_ok(src, dst, proto, segment):
    """TCP, UDP and ICMPv6 checksums count over the HITs, section 4.5.1. None
    for other protocols."""
    if proto == 17 and segment[6:8] == b"\0\0":
        return False                    # RFC 8200, section 8.1
    if proto not in (6, 17, 58):
        return None
    return internet_checksum(
        pseudo_header(src, dst, len(segment), proto) + segment) == 0


# ---- the contents of the smaller parameters ---------------------------------

def list8(ids):
    return bytes(ids)


def list16(ids):
    return struct.pack(f"!{len(ids)}H", *ids)


def parse_list16(contents, what):
    rule(contents and len(contents) % 2 == 0, f"5.2: length of {what}")
    return list(struct.unpack(f"!{len(contents) // 2}H", contents))


def esp_transform(suites):
    return bytes(2) + list16(suites)


def esp_info(index, old_spi, new_spi):
    return struct.pack("!HHII", 0, index, old_spi, new_spi)


def parse_esp_info(contents):
    """(KEYMAT Index, OLD SPI, NEW SPI), RFC 7402, section 5.1.1"""
    rule(len(contents) == 12, "RFC 7402, 5.1.1: length of ESP_INFO")
    reserved(contents[:2], "RFC 7402, 5.1.1: Reserved is not zero")
    index, old, new = struct.unpack_from("!HII", contents, 2)
    return index, old, new


def puzzle(k, opaque, i, lifetime=PUZZLE_LIFETIME):
    return bytes([k, lifetime]) + opaque + i


def parse_puzzle(contents, size):
    """(K, Lifetime, Opaque, #I)"""
    rule(len(contents) == 4 + size, "5.2.4: length of PUZZLE")
    return contents[0], contents[1], contents[2:4], contents[4:]


def solution(k, opaque, i, j):
    return bytes([k, 0]) + opaque + i + j


def parse_solution(contents, size):
    """(K, Opaque, #I, #J)"""
    rule(len(contents) == 4 + 2 * size, "5.2.5: length of SOLUTION")
    reserved(contents[1:2], "5.2.5: Reserved is not zero")
    return contents[0], contents[2:4], contents[4:4 + size], \
        contents[4 + size:]


def notification(notify_type, data=b""):
    return struct.pack("!HH", 0, notify_type) + data
