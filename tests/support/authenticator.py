"""A phone that keeps passkeys, without a browser: it makes and signs what a browser would send (WebAuthn level 2)."""

import hashlib
import json
import secrets
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class Phone:
    """``phone.create(options)`` and ``phone.get(options)`` answer what the page puts into the field ``credential``."""

    def __init__(self, origin: str = "http://localhost:5000") -> None:
        self.origin = origin
        self.flags = PRESENT | VERIFIED
        self.attachment = "platform"
        self.count = 0
        self.id = secrets.token_bytes(32)
        self.handle = ""
        self._key = ec.generate_private_key(ec.SECP256R1())

    def create(self, options: dict[str, Any]) -> str:
        self.handle = options["user"]["id"]
        point = self._key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        told = len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(cose)
        data = self._data(options["rp"]["id"], self.flags | ATTESTED) + bytes(16) + told
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(
            {
                "clientDataJSON": self._client("webauthn.create", options["challenge"]),
                "attestationObject": bytes_to_base64url(attested),
            }
        )

    def get(self, options: dict[str, Any]) -> str:
        self.count += 1
        client = self._client("webauthn.get", options["challenge"])
        data = self._data(options["rpId"], self.flags)
        signed = data + hashlib.sha256(self._said).digest()
        return self._answer(
            {
                "clientDataJSON": client,
                "authenticatorData": bytes_to_base64url(data),
                "signature": bytes_to_base64url(self._key.sign(signed, ec.ECDSA(hashes.SHA256()))),
                "userHandle": self.handle,
            }
        )

    def _client(self, kind: str, challenge: str) -> str:
        self._said = json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()
        return bytes_to_base64url(self._said)

    def _data(self, name: str, flags: int) -> bytes:
        return hashlib.sha256(name.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _answer(self, response: dict[str, str]) -> str:
        known = bytes_to_base64url(self.id)
        told = {"id": known, "rawId": known, "type": "public-key", "response": response, "clientExtensionResults": {}}
        return json.dumps({**told, "authenticatorAttachment": self.attachment})
