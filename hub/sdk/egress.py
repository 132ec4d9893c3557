"""The one way out: every request a connector makes passes here.

A policy says which addresses may be reached. Names are resolved once, every address is checked, and the
connection goes to the address that was checked, so that a name cannot change its mind in between. Private,
loopback, link-local and other special ranges are refused unless an administrator allows the host. Each redirect
is checked again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol, Self

import requests

from hub.sdk.deadlines import Guarded


@dataclass(frozen=True)
class Policy:
    """Which special addresses an administrator allows, as host names, `host:port`, or CIDR ranges."""

    allow: tuple[str, ...] = ()


class Egress(Protocol):
    """The guarded network of one connection. Timeouts and the connection's rate limit are built in."""

    def request(
        self,
        method: str,
        url: str,
        *,
        params: Any = None,
        headers: dict[str, str] | None = None,
        cookies: dict[str, str] | None = None,
        json: Any = None,
        data: Any = None,
        files: Any = None,
        auth: Any = None,
        timeout_seconds: float | None = None,
        stream: bool = False,
        follow_redirects: bool = True,
        max_bytes: int | None = None,
    ) -> requests.Response:
        """Send one request. Any HTTP status is returned, not raised.

        Raises Misconfigured for a refused or unknown address, a bad URL or an untrusted certificate, and
        TryLater (with `sent` as far as it is known) when the service cannot be reached or is too slow.
        """

    def trusting(self, authorities: str) -> Self:
        """The same way out, which also trusts these certificate authorities (PEM text) of a private service."""

    def connect(self, host: str, port: int, *, timeout_seconds: float | None = None) -> Guarded:
        """A TCP connection under the same policy, for SMTP and LDAP. Raises like `request`.

        The whole conversation must end within the timeout; `made.deadline.extend(seconds)` gives it more time.
        """

    def secure(self, made: Guarded, host: str, *, authorities: str = "") -> Guarded:
        """TLS inside such a connection, to `host`, by the authorities that `request` trusts and these (PEM text).

        Raises Misconfigured for authorities that cannot be read, and ssl.SSLError or OSError as they come.
        """

    def resolve(self, host: str, port: int) -> str:
        """The checked IP address to use for this host, for libraries that open their own sockets."""
