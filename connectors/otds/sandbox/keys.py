"""The signing key and the tokens made with it: RS256 JWTs, as OTDS issues them (PX)."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from hub.sdk.sandbox import Documents


def make_key(data: Documents) -> None:
    """Make the key once; it stays over restarts and resets."""
    if data.setting("signing_key") is None:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        data.set_setting(
            "signing_key",
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            ).decode(),
        )


def _key(data: Documents) -> rsa.RSAPrivateKey:
    return _loaded(data.setting("signing_key"))


@lru_cache(maxsize=16)
def _loaded(text: str) -> rsa.RSAPrivateKey:
    """Loading checks the key, which takes far longer than signing with it."""
    key = serialization.load_pem_private_key(text.encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey)  # noqa: S101
    return key


def _encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _number(value: int) -> str:
    return _encode(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def _kid(key: rsa.RSAPrivateKey) -> str:
    return hashlib.sha256(_number(key.public_key().public_numbers().n).encode()).hexdigest()[:16]


def public_keys(data: Documents) -> dict[str, Any]:
    """The JWKS; the PEM in `value` is an extra of OTDS (PX)."""
    key = _key(data)
    public = key.public_key()
    numbers = public.public_numbers()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
    made = {"kty": "RSA", "kid": _kid(key), "use": "sig", "alg": "RS256"}
    return {"keys": [{**made, "n": _number(numbers.n), "e": _number(numbers.e), "value": pem}]}


def sign(data: Documents, claims: dict[str, Any]) -> str:
    """A signed token with these claims."""
    key = _key(data)
    head = _encode(orjson.dumps({"alg": "RS256", "typ": "JWT", "kid": _kid(key)}))
    signed = f"{head}.{_encode(orjson.dumps(claims))}"
    return f"{signed}.{_encode(key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def read(data: Documents, token: str) -> dict[str, Any] | None:
    """The claims of a token that this key signed, else None. Says nothing of its age."""
    try:
        head, claims, signature = token.split(".")
        _key(data).public_key().verify(
            _decode(signature), f"{head}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256()
        )
        read_claims = orjson.loads(_decode(claims))
    except (ValueError, InvalidSignature):
        return None
    return read_claims if isinstance(read_claims, dict) else None
