"""Who may call a webhook: the checks, and what each needs.

`signature` follows the Standard Webhooks specification (headers webhook-id, webhook-timestamp, webhook-signature)
unless the trigger names a header of its own: then the header carries the HMAC-SHA256 of the body in hexadecimal,
with an optional prefix such as "sha256=".
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from standardwebhooks import Webhook as StandardWebhook
from standardwebhooks import WebhookVerificationError


class CheckKind(StrEnum):
    NONE = "none"
    TOKEN = "token"  # noqa: S105
    BASIC = "basic"
    SIGNATURE = "signature"


class CallRefused(Exception):
    """The call did not pass the check. The message says which header is expected, never what it should hold."""


@dataclass(frozen=True)
class Check:
    """A trigger's check with its unsealed secret."""

    kind: CheckKind
    secret: str = ""
    user: str = ""
    header: str = ""
    prefix: str = ""

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        """Raise CallRefused unless the call proves that it knows the secret. Header names are in lower case."""
        match self.kind:
            case CheckKind.NONE:
                return
            case CheckKind.TOKEN:
                self._verify_token(headers)
            case CheckKind.BASIC:
                self._verify_basic(headers)
            case CheckKind.SIGNATURE:
                self._verify_signature(headers, body)

    def _verify_token(self, headers: Mapping[str, str]) -> None:
        name = self.header or "authorization"
        given = headers.get(name.lower(), "")
        if name.lower() == "authorization":
            scheme, _, given = given.partition(" ")
            if scheme.lower() != "bearer":
                given = ""
        if not hmac.compare_digest(given.strip().encode(), self.secret.encode()):
            expected = "Authorization: Bearer <token>" if name.lower() == "authorization" else f"{name}: <token>"
            raise CallRefused(f"This webhook expects the header {expected}. It was missing or wrong.")

    def _verify_basic(self, headers: Mapping[str, str]) -> None:
        expected = base64.b64encode(f"{self.user}:{self.secret}".encode())
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic" or not hmac.compare_digest(given.strip().encode(), expected):
            raise CallRefused(
                "This webhook expects HTTP Basic sign-in. The user or the password was missing or wrong."
            )

    def _verify_signature(self, headers: Mapping[str, str], body: bytes) -> None:
        if self.header:
            given = headers.get(self.header.lower(), "").removeprefix(self.prefix).strip().lower()
            expected = hmac.new(self.secret.encode(), body, hashlib.sha256).hexdigest()
            if not hmac.compare_digest(given.encode(), expected.encode()):
                raise CallRefused(
                    f"This webhook expects the HMAC-SHA256 of the body in the header {self.header}. "
                    "It was missing or wrong."
                )
            return
        try:
            StandardWebhook(self.secret).verify(body, dict(headers))
        except (WebhookVerificationError, ValueError):
            raise CallRefused(
                "This webhook expects a signature as in the Standard Webhooks specification: the headers webhook-id, "
                "webhook-timestamp (at most five minutes old) and webhook-signature. They were missing or wrong."
            ) from None


def new_secret(kind: CheckKind, *, own_header: bool = False) -> str:
    """A fresh secret in the form that the check's callers expect."""
    if kind is CheckKind.SIGNATURE and not own_header:
        return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    return secrets.token_urlsafe(32)


def problems_of(check: Any) -> list[tuple[str, str]]:
    """What is wrong with a trigger's `check` setting, as (field, message)."""
    if check is None:
        return []
    if not isinstance(check, dict):
        return [("check", "The check is an object with a kind.")]
    kinds = ", ".join(CheckKind)
    if check.get("kind") not in set(CheckKind):
        return [("check/kind", f"Choose a check: {kinds}.")]
    found = []
    if check["kind"] == CheckKind.BASIC and not check.get("user"):
        found.append(("check/user", "HTTP Basic sign-in needs a user name."))
    unknown = set(check) - {"kind", "user", "header", "prefix"}
    if unknown & {"secret", "password", "token"}:
        found.append(("check", "Leave the secret out of the document. The hub makes one and shows it once."))
    elif unknown:
        found.append(("check", f'A check has no field "{sorted(unknown)[0]}".'))
    return found
