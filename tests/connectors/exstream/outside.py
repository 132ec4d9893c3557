"""What surrounds Exstream in these tests: a token service with keys of its own, and a plain way out."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterable
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from hub.sdk.sandbox import Documents, Exchange, Refusal, Route, Routes, SandboxApp, Shape

PEOPLE: dict[str, list[str]] = {
    "tessa.brandt@Northwind": ["tenantadmins@Northwind"],
    "lockgate@OAuthClients": ["tenantadmins@Northwind"],
    "amara.diallo@Northwind": ["exs.emea-prod.designer@Northwind", "exs.emea-dev.designer@Northwind"],
    "gwen.parry@Northwind": ["exs.uk-prod.designer@Northwind", "exs.uk-prod.approver@Northwind"],
    "henrik.olsen@Northwind": ["exs.emea-prod.approver@Northwind", "exs.uk-prod.approver@Northwind"],
    "olga.operator@Northwind": ["exs.emea-prod.operator@Northwind"],
    "otto.keller@Northwind": ["dept.claims@Northwind"],
}
_routes = Routes()


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _number(value: int) -> str:
    return _text(value.to_bytes((value.bit_length() + 7) // 8, "big"))


class TokenService(SandboxApp):
    """Signs tokens for whoever asks; `groups` can be changed, which only a new token shows."""

    name = "Tokens"
    shape = Shape({})

    def __init__(self, path: Any) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.groups = {name: list(groups) for name, groups in PEOPLE.items()}
        self.issued = 0
        super().__init__(path)

    def routes(self) -> Iterable[Route]:
        return _routes.all

    def seed(self, data: Documents) -> None:
        pass

    def token(self, person: str, *, lives: float = 900, kid: str = "k1", **claims: Any) -> str:
        head = _text(orjson.dumps({"alg": "RS256", "kid": kid}))
        body = _text(
            orjson.dumps(
                {
                    "sub": person,
                    "tenant": "northwind",
                    "groups": self.groups[person],
                    "exp": time.time() + lives,
                    **claims,
                }
            )
        )
        signature = self.key.sign(f"{head}.{body}".encode(), padding.PKCS1v15(), SHA256())
        return f"{head}.{body}.{_text(signature)}"


@_routes.on("GET", "/jwks", public=True)
def _jwks(exchange: Exchange) -> Any:
    numbers = exchange.app.key.public_key().public_numbers()  # type: ignore[attr-defined]
    return {"keys": [{"kty": "RSA", "kid": "k1", "n": _number(numbers.n), "e": _number(numbers.e)}]}


@_routes.on("POST", "/token", public=True)
def _token(exchange: Exchange) -> Any:
    form, app = exchange.form(), exchange.app
    assert isinstance(app, TokenService)
    client, secret = exchange.basic() or ("", "")
    person = form.get("username") or f"{client}@OAuthClients"
    if secret != "sandbox-secret":
        raise Refusal(401, {"error": "invalid_client"})
    if person not in app.groups or form.get("password", "right") != "right":
        raise Refusal(400, {"error": "invalid_grant"})
    app.issued += 1
    return {"access_token": app.token(person), "expires_in": 900, "token_type": "Bearer"}
