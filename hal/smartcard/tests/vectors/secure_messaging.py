#!/usr/bin/env python3
"""Second implementation of the channel's cryptography, over PyCryptodome; writes secure_messaging.json beside it.

Written from CWA 14890-1 (8.4, 9) and ISO/IEC 9797-1, not from the Rust code. Run it again after a change:
    pip install pycryptodome && python3 secure_messaging.py
The output depends on the seed alone.
"""
import hashlib
import json
import pathlib
import random

from Crypto.Cipher import DES, DES3
from Crypto.PublicKey import RSA
from Crypto.Util.number import getPrime

RANDOM = random.Random(14890)
HERE = pathlib.Path(__file__).parent


def some(count):
    return bytes(RANDOM.randrange(256) for _ in range(count))


def pad(data):
    return data + b"\x80" + b"\0" * (-(len(data) + 1) % 8)


def des3_key(key):
    return key[:8] + key[8:] + key[:8]


def cbc_encrypt(key, data):
    return DES3.new(des3_key(key), DES3.MODE_CBC, iv=bytes(8)).encrypt(data)


def retail_mac(key, data):
    """ISO/IEC 9797-1 MAC algorithm 3, from its three steps."""
    chained = DES.new(key[:8], DES.MODE_CBC, iv=bytes(8)).encrypt(data)[-8:]
    opened = DES.new(key[8:], DES.MODE_ECB).decrypt(chained)
    return DES.new(key[:8], DES.MODE_ECB).encrypt(opened)


def tlv(tag, value):
    size = len(value)
    length = bytes([size]) if size < 128 else bytes([0x81, size]) if size < 256 else b"\x82" + size.to_bytes(2, "big")
    return bytes([tag]) + length + value


class Channel:
    def __init__(self, enc, mac, ssc, mac_length):
        self.enc, self.mac, self.ssc, self.mac_length = enc, mac, int.from_bytes(ssc, "big"), mac_length

    def checksum(self, data):
        self.ssc = (self.ssc + 1) % 2**64
        return retail_mac(self.mac, pad(self.ssc.to_bytes(8, "big") + data))[: self.mac_length]

    def command(self, header, data, expected):
        header = bytes([header[0] | 0x0C]) + header[1:]
        objects = b""
        if data:
            objects += tlv(0x87, b"\x01" + cbc_encrypt(self.enc, pad(data)))
        elif expected is not None and expected < 256:
            objects += tlv(0x97, bytes([expected]))
        objects += tlv(0x8E, self.checksum(header + b"\x80\0\0\0" + objects))
        return header + bytes([len(objects)]) + objects + b"\0"

    def response(self, data, status, encrypted=True):
        objects = b""
        if data:
            objects += tlv(0x87, b"\x01" + cbc_encrypt(self.enc, pad(data))) if encrypted else tlv(0x81, data)
        objects += tlv(0x99, status)
        objects += tlv(0x8E, self.checksum(objects))
        return objects + status


def dialogue(mac_length, ssc):
    enc, mac = some(16), some(16)
    channel = Channel(enc, mac, ssc, mac_length)
    plan = [
        ("00A40400", b"Master.File", None, some(14), "9000", True),
        ("00A40000", bytes.fromhex("6004"), None, b"", "9000", True),
        ("00B00000", b"", 0xE0, some(0xE0), "9000", True),
        ("00B000E0", b"", 0x08, some(8), "6282", True),
        ("00200000", b"", 256, b"", "63C3", True),
        ("00200000", b"PINDEPRUEBA8", None, b"", "63C2", True),
        ("0022" + "41B6", bytes.fromhex("84020101"), None, b"", "9000", True),
        ("002A9E9A", some(51), None, some(256), "9000", True),
        ("00CA0100", b"", 0x10, some(16), "9000", False),
        ("00D60000", some(231), None, b"", "9000", True),
    ]
    steps = []
    for header, data, expected, answer, status, encrypted in plan:
        protected = channel.command(bytes.fromhex(header), data, expected)
        response = channel.response(answer, bytes.fromhex(status), encrypted)
        steps.append({
            "header": header, "data": data.hex(), "expected": expected, "protected": protected.hex(),
            "response": response.hex(), "answer": answer.hex(), "status": status,
        })
    return {"encryption": enc.hex(), "checksum": mac.hex(), "counter": ssc.hex(), "mac_length": mac_length,
            "steps": steps}


def rsa_key(bits=1024):
    return RSA.generate(bits, randfunc=some)


def message(padding, secret, challenge, serial):
    digest = hashlib.sha1(padding + secret + challenge + serial).digest()
    return b"\x6A" + padding + secret + digest + b"\xBC"


def fixed(number):
    return number.to_bytes(128, "big")


def authentication(ifd, icc, internal_is_signature, external_is_signature):
    """One agreement; random bytes are drawn until SIGMIN is the wanted one of SIG and n - SIG in both directions."""
    serial_ifd, serial_icc = some(8), b"\0" + some(7)
    random_ifd, random_icc = some(8), some(8)

    def token(signer, other, challenge, serial, is_signature):
        while True:
            padding, secret = some(74), some(32)
            signature = pow(int.from_bytes(message(padding, secret, challenge, serial), "big"), signer.d, signer.n)
            smallest = min(signature, signer.n - signature)
            if (smallest == signature) == is_signature and smallest < other.n:
                return padding, secret, pow(smallest, other.e, other.n)

    _, secret_icc, internal = token(icc, ifd, random_ifd, serial_ifd, internal_is_signature)
    padding, secret_ifd, external = token(ifd, icc, random_icc, serial_icc, external_is_signature)
    mixed = bytes(a ^ b for a, b in zip(secret_icc, secret_ifd))
    return {
        "serial_ifd": serial_ifd.hex(), "serial_icc": serial_icc.hex(),
        "random_ifd": random_ifd.hex(), "random_icc": random_icc.hex(),
        "internal": fixed(internal).hex(), "secret_icc": secret_icc.hex(),
        "padding": padding.hex(), "secret_ifd": secret_ifd.hex(), "external": fixed(external).hex(),
        "encryption": hashlib.sha1(mixed + bytes.fromhex("00000001")).digest()[:16].hex(),
        "checksum": hashlib.sha1(mixed + bytes.fromhex("00000002")).digest()[:16].hex(),
        "counter": (random_icc[4:] + random_ifd[4:]).hex(),
        "internal_is_signature": internal_is_signature, "external_is_signature": external_is_signature,
    }


def does_not_fit(ifd):
    """A card key of 1016 bits: most signatures of the terminal do not fit under it."""
    modulus = getPrime(508, some) * getPrime(508, some)
    serial_icc, random_icc = b"\0" + some(7), some(8)
    while True:
        padding, secret = some(74), some(32)
        signature = pow(int.from_bytes(message(padding, secret, random_icc, serial_icc), "big"), ifd.d, ifd.n)
        if min(signature, ifd.n - signature) >= modulus:
            return {"modulus": fixed(modulus).hex(), "serial_icc": serial_icc.hex(), "random_icc": random_icc.hex(),
                    "padding": padding.hex(), "secret_ifd": secret.hex()}


def main():
    ifd, icc = rsa_key(), rsa_key()
    macs = []
    for blocks in (1, 2, 7):
        key, data = some(16), some(8 * blocks)
        macs.append({"key": key.hex(), "data": data.hex(), "mac": retail_mac(key, data).hex()})
    vectors = {
        "retail_mac": macs,
        "dialogues": [dialogue(4, some(8)), dialogue(8, some(8)), dialogue(8, bytes.fromhex("FFFFFFFFFFFFFFFD"))],
        "keys": {
            "ifd_modulus": fixed(ifd.n).hex(), "ifd_private_exponent": fixed(ifd.d).hex(),
            "icc_modulus": fixed(icc.n).hex(), "icc_exponent": "010001",
        },
        "authentications": [authentication(ifd, icc, a, b) for a in (True, False) for b in (True, False)],
        "does_not_fit": does_not_fit(ifd),
    }
    (HERE / "secure_messaging.json").write_text(json.dumps(vectors, indent=1) + "\n")


if __name__ == "__main__":
    main()
