"""Checks the access tokens of OTDS: signature by its published keys, expiry, issuer."""

from __future__ import annotations

import base64
import binascii
import threading
import time
import urllib.request
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256


class BadToken(Exception):
    """The token is not accepted. The message is a sentence."""


class TokenCheck:
    """Keeps the keys of one issuer; an unknown key id makes it ask again."""

    def __init__(self) -> None:
        self._keys: dict[str, rsa.RSAPublicKey] = {}
        self._url = ""
        self._lock = threading.Lock()

    def claims(self, token: str, *, jwks_url: str, issuer: str) -> dict[str, Any]:
        """The claims of a token that is good now. Raises `BadToken`."""
        try:
            head, body, signature = token.split(".")
            header, claims = _part(head), _part(body)
            signed = _bytes(signature)
        except (ValueError, binascii.Error):
            raise BadToken("The bearer token is not a JSON web token.") from None
        if header.get("alg") != "RS256":
            raise BadToken("The bearer token is not signed with RS256.")
        key = self._key(str(header.get("kid", "")), jwks_url)
        try:
            key.verify(signed, f"{head}.{body}".encode(), padding.PKCS1v15(), SHA256())
        except InvalidSignature:
            raise BadToken("The signature of the bearer token is wrong.") from None
        if float(claims.get("exp", 0)) <= time.time():
            raise BadToken("The bearer token has expired.")
        if issuer and claims.get("iss") != issuer:
            raise BadToken("The bearer token comes from another issuer.")
        return claims

    def _key(self, kid: str, url: str) -> rsa.RSAPublicKey:
        with self._lock:
            if url != self._url or kid not in self._keys:
                self._keys, self._url = _fetch(url), url
            key = self._keys.get(kid)
        if key is None:
            raise BadToken("The bearer token is signed with a key that is not published.")
        return key


def _fetch(url: str) -> dict[str, rsa.RSAPublicKey]:
    if not url.startswith(("http://", "https://")):
        raise BadToken("The sandbox does not know where the keys of OTDS are: its setting jwks_url is empty.")
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - the scheme was checked.
            published = orjson.loads(answer.read())
        return {
            key["kid"]: rsa.RSAPublicNumbers(_number(key["e"]), _number(key["n"])).public_key()
            for key in published["keys"]
            if key.get("kty") == "RSA"
        }
    except (OSError, ValueError, KeyError, TypeError):
        raise BadToken("The keys of OTDS could not be fetched.") from None


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _number(text: str) -> int:
    return int.from_bytes(_bytes(text), "big")


def _part(text: str) -> dict[str, Any]:
    read = orjson.loads(_bytes(text))
    if not isinstance(read, dict):
        raise ValueError
    return read
