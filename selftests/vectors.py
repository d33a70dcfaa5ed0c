#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Checks hip_wire.py against published vectors: a line for each, for
verify.sh."""

import struct

import hip_wire as w

HEX = bytes.fromhex


def check(name, right):
    print("ok" if right else "wrong", name)


def checksums():
    """RFC 7401, Appendix C."""
    raw = HEX("3b05012100000000"
              "20010020000000000000000000000001"
              "20010020000000000000000000000002" "01ff000303040800")
    packet = w.build(w.I1, w.address("2001:20::1"), w.address("2001:20::2"),
                     [(w.DH_GROUP_LIST, bytes([3, 4, 8]))])
    check("I1 is built like that of RFC 7401, C.1", packet == raw)
    check("checksum over IPv6, RFC 7401, C.1", 0x1a5e == w.checksum(
        raw, w.address("2001:db8::1"), w.address("2001:db8::2")))
    check("checksum over IPv4, RFC 7401, C.2", 0xf1ce == w.checksum(
        raw, w.address("192.0.2.1"), w.address("192.0.2.2")))
    tcp = HEX("ffdc001600000001000000005002ffff6faa0000")
    check("TCP checksum over HITs, RFC 7401, C.3", w.upper_checksum_ok(
        w.address("2001:20::1"), w.address("2001:20::2"), 6, tcp))


def hkdf():
    """RFC 5869, A.1."""
    out = w.hkdf("sha256", HEX("000102030405060708090a0b0c"), b"\x0b" * 22,
                 HEX("f0f1f2f3f4f5f6f7f8f9"), 42)
    check("HKDF, RFC 5869, A.1", out == HEX(
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
        "34007208d5b887185865"))


def primes():
    """RFC 3526: the ends of the numbers, and that they are safe primes by one
    round of Fermat's test."""
    ends = {3: "CA237327", 11: "8AACAA68", 4: "A93AD2CA"}
    for group, (bits, constant) in w.MODP.items():
        prime = w.modp_prime(bits, constant)
        text = f"{prime:X}"
        check(f"prime of DH group {group}, RFC 3526",
              text.startswith("F" * 16 + "C90FDAA22168C234") and
              text.endswith(ends[group] + "F" * 16) and
              pow(3, prime - 1, prime) == 1 and
              pow(3, (prime - 1) // 2 - 1, (prime - 1) // 2) == 1)


def ecdh():
    """RFC 5903, 8.1."""
    key = w.DHKey(7)
    key.private = w.ec.derive_private_key(int(
        "C88F01F510D9AC3F70A292DAA2316DE544E9AAB8AFE84049C62A9C57862D1433",
        16), w.ec.SECP256R1())
    peer = HEX("D12DFB5289C8D4F81208B70270398C342296970A0BCCB74C736FC7554494BF63"
               "56FBF3CA366CC23E8157854C13C58D6AAC23F046ADA30F8353E74F33039872AB")
    check("ECDH with P-256, RFC 5903, 8.1", key.kij(peer) == HEX(
        "D6840F6B42F6EDAFD13116E0E12565202FEF8E9ECE7DCE03812464D04B9442DE"))


def secp160r1():
    """GEC 2, section 2: ECDSA of "abc", and ECDH."""
    curve = w.Secp160r1
    private = 0xaa374ffc3ce144e6b073307972cb6d57b2a4e982
    public = curve.multiply(private, curve.g)
    check("key pair of secp160r1, GEC 2, 2.1", curve.encode(public) == HEX(
        "51B4496FECC406ED0E75A24A3C03206251419DC0"
        "C28DCB4B73A514B468D793894F381CCC1756AA6C"))
    signature = HEX("00CE2873E5BE449563391FEB47DDCBA2DC16379191"
                    "003480EC1371A091A464B31CE47DF0CB8AA2D98B54")
    for what, text, right in (("right", b"abc", True), ("wrong", b"abd", False)):
        try:
            w.LowPublicKey(public).verify(signature, text)
            verified = True
        except w.InvalidSignature:
            verified = False
        check(f"ECDSA with secp160r1, GEC 2, 2.1, {what}", verified == right)
    key = w.DHKey(w.ECP_160)
    key.private = private
    check("ECDH with secp160r1, GEC 2, 3.1", key.kij(HEX(
        "49B41E0E9C0369C2328739D90F63D56707C6E5BC"
        "26E008B567015ED96D232A03111C3EDC0E9C8F83")) == HEX(
            "CA7C0F8C3FFA87A96E1B74AC8E6AF594347BB40A"))


def orchid():
    """RFC 8002, Appendix A has a key, though the HIT printed there is of HIPv1;
    that of HIPv2 was computed by others, too."""
    modulus = HEX(
        "c9b08594af1f3a7739c9d581a5eed2b56b72915d222c1e59e50629bda219f6accaeb"
        "f788d85455410158d88764d8c8cf6ec23881221aaee9a6802203eef31b7e6811e3f4"
        "7b983328bf40ec4f19e8108a8b0760f79fe482f8a758043d4207c834ca996d11eb73"
        "c1d9969355e5c7ed804f8af21a6f83c815a48fb86afef34f491a5c1f89bb30e698bc"
        "cea3a23785b1791c26e6440cb93ed8378146f4022546a2eada255c46a2a3c5588053"
        "1fc5e511a0dad8f2add698d4ce5535cc0bd35b0948ef576580cb6579fdcb4d5bb38d"
        "1aff2a583e9665103e0481782bd5ca8978ea285cbc024a54cdaaa9998dd639e95ea9"
        "731a5d9355399b721ac2a01fe34cb0419897")
    check("HIT of the RSA key of RFC 8002", w.address(
        "2001:21:d4bf:8284:dae7:d346:68c9:9a15") ==
        w.orchid(w.SUITE_SHA256, b"\x03\x01\x00\x01" + modulus))


def esp():
    """ESP packets around the TCP segment of RFC 7401, C.3, with sequence number
    2^32 + 2: the high half is in the ICV only (RFC 4303, 2.2.1)."""
    payload = HEX("ffdc001600000001000000005002ffff6faa0000")
    seq = (1 << 32) + 2
    aes, aes256, auth = bytes(range(16)), bytes(range(32)), \
        bytes(range(0x40, 0x60))
    vectors = {
        1: (aes, auth[:20],
            "1234567800000002101112131415161718191a1b1c1d1e1f3acae59003b5f561"
            "aaedbdd6bc8e18610be86012d50d239739bf0945a59746adf795689dbb33aeec"
            "48eee4fd"),
        7: (b"", auth,
            "1234567800000002ffdc001600000001000000005002ffff6faa000001020206"
            "77252b40df05c6b5b762231eadc5397b"),
        8: (aes, auth,
            "1234567800000002101112131415161718191a1b1c1d1e1f3acae59003b5f561"
            "aaedbdd6bc8e18610be86012d50d239739bf0945a59746ad86da57169f4d5347"
            "7cc587c0856c5723"),
        9: (aes256, auth,
            "1234567800000002101112131415161718191a1b1c1d1e1fe68c77b885e7b0fc"
            "27c694890d85d70bf6e87a3cc025209756fc4b37ffe9dc022a822b6dbb787403"
            "a70b04db52747fcd"),
        10: (aes + HEX("b0b1b2"), b"",
             "12345678000000020000000100000002ff63fb36f558af8bfb069612e72c28ca"
             "a3912fd1f94dce2eb8f610d1663763c3"),
        11: (aes + HEX("b0b1b2"), b"",
             "12345678000000020000000100000002ff63fb36f558af8bfb069612e72c28ca"
             "a3912fd1f94dce2ec14c70834376e7aa0a2b8a98bc1d4792"),
        12: (aes + HEX("a0a1a2a3"), b"",
             "12345678000000020000000100000002bed651af528ebc306d98094a05537554"
             "867c8e301410ade02c0cdafe56785996"),
        13: (aes + HEX("a0a1a2a3"), b"",
             "12345678000000020000000100000002bed651af528ebc306d98094a05537554"
             "867c8e301410ade02c0cdafe5678599604fd3149af1cbe89"),
        14: (b"", aes,
             "1234567800000002ffdc001600000001000000005002ffff6faa000001020206"
             "dac6ed99936f2f6f23f05962"),
        15: (aes + HEX("a0a1a2a3"), b"",
             "12345678000000020000000100000002ffdc001600000001000000005002ffff"
             "6faa000001020206b1801c6fb2477eac27f2429f366e3e70"),
    }
    for suite, (enc, key, raw) in vectors.items():
        keys = w.EspKeys(suite, enc, key)
        check(f"ESP suite {suite} is opened",
              w.esp_open(keys, HEX(raw), seq) == (payload, 6))
        sealed = w.esp_seal(keys, 0x12345678, seq, payload, 6)
        check(f"ESP suite {suite} is sealed",
              w.esp_open(keys, sealed, seq) == (payload, 6) and
              struct.unpack_from("!II", sealed) == (0x12345678, 2))
        try:
            w.esp_open(keys, HEX(raw), 2)
            check(f"ESP suite {suite}, wrong high half", False)
        except w.EspError:
            check(f"ESP suite {suite}, wrong high half", True)


if __name__ == "__main__":
    for group_of_checks in (checksums, hkdf, primes, ecdh, secp160r1,
                            orchid, esp):
        group_of_checks()
