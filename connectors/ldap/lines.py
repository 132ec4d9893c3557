"""One signed-in connection to a directory: ldap3's, over a socket that the guarded way out has made."""

from __future__ import annotations

import contextlib
import select
import ssl
import time
from collections.abc import Callable, Iterator
from typing import Any

from ldap3 import ANONYMOUS, NONE, SIMPLE, Connection, Server
from ldap3.core.exceptions import LDAPException, LDAPExceptionError
from ldap3.strategy.sync import SyncStrategy

from connectors.ldap.decoding import Result, messages
from connectors.ldap.results import SUCCESS, meaning
from connectors.ldap.settings import Security, Settings, servers_of
from hub.sdk import ConnectorError, Egress, Misconfigured, TryLater, UnexpectedReply

PAGE_SECONDS = 120.0
OPERATION_SECONDS = 60.0
_START_TLS = "1.3.6.1.4.1.1466.20037"


class _Guarded(SyncStrategy):  # type: ignore[misc]
    """ldap3's synchronous way of talking, which never opens a socket of its own."""

    def open(self, reset_usage: bool = True, read_server_info: bool = True) -> None:
        raise TryLater("The connection to the directory was closed. It will be opened again.", sent=False)

    def use(self, made: Any) -> None:
        self._outstanding: dict[int, object] = {}
        self.connection.socket = made
        self.connection.closed = False
        self.connection.listening = True


class _Source:
    """The bytes of a line. A server that only drips does not keep us for ever."""

    def __init__(self, made: Any) -> None:
        self._receive, self._deadline = made.recv, made.deadline
        self.waited_seconds = 0.0

    def __call__(self, size: int) -> bytes:
        begun = time.monotonic()
        self._deadline.extend(PAGE_SECONDS)
        piece: bytes = self._receive(size)
        self.waited_seconds += time.monotonic() - begun
        if self.waited_seconds > PAGE_SECONDS:
            raise TimeoutError
        return piece


class Line:
    """A connection to one server. One thread uses it at a time."""

    def __init__(self, host: str, port: int, made: Any, settings: Settings) -> None:
        self.host, self.port = host, port
        self.ldap = Connection(
            Server("guarded", get_info=NONE),
            user=settings.username or None,
            password=settings.password or None,
            authentication=SIMPLE if settings.username else ANONYMOUS,
            auto_referrals=False,
            auto_range=False,
            check_names=False,
            return_empty_attributes=False,
        )
        strategy = _Guarded(self.ldap)
        self.ldap.strategy = strategy
        self.ldap.send, self.ldap.open = strategy.send, strategy.open
        self.ldap.get_response = strategy.get_response
        self.ldap.post_send_single_response = strategy.post_send_single_response
        self.ldap.post_send_search = strategy.post_send_search
        strategy.use(made)
        self.in_step = True
        """Whether nothing that was asked for is still to be read."""
        self.read_page: Any = None
        """How pages of searches are read; set by the client."""
        self._source: _Source | None = None
        self._replies: Iterator[tuple[bytes, int, int]] = iter(())

    @property
    def name(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def socket(self) -> Any:
        return self.ldap.socket

    def replies(self) -> Iterator[tuple[bytes, int, int]]:
        """The messages that come, for a reader that does without ldap3. The time for waiting begins anew."""
        if self._source is None:
            self._source = _Source(self.socket)
            self._replies = messages(self._source)
        self._source.waited_seconds = 0.0
        return self._replies

    def is_usable(self) -> bool:
        return self.in_step and not self.ldap.closed

    def was_cut(self) -> bool:
        """Whether something came that nobody asked for: the end, or the notice of it."""
        waiting = select.poll()
        waiting.register(self.socket, select.POLLIN)
        return bool(waiting.poll(0))

    def close(self) -> None:
        self.in_step = False
        with contextlib.suppress(OSError, LDAPExceptionError):
            self.ldap.strategy.close()

    def carry_out(self, what: str, operation: Callable[[Connection], object], **options: Any) -> Result:
        """Let ldap3 do one operation. Raises unless it succeeded."""
        self.in_step = False
        if self.socket is not None:
            self.socket.deadline.extend(OPERATION_SECONDS)
        try:
            operation(self.ldap)
        except ConnectorError:
            raise
        except (LDAPException, OSError) as trouble:
            self.close()
            raise broken(self.name, what, trouble) from None
        except Exception as trouble:  # What ldap3 raises when bytes make no sense is any Python error.
            self.close()
            raise UnexpectedReply(
                f"{what}: {self.name} answered something that is no LDAP.", detail={"trouble": type(trouble).__name__}
            ) from None
        self.in_step = not self.ldap.closed
        result = result_of(self.ldap.result)
        if result.code != SUCCESS:
            raise meaning(result, what, **options)
        return result


def dial(settings: Settings, egress: Egress) -> Line:
    """A signed-in line to the first server that can be reached."""
    trouble: TryLater | None = None
    for host, port in servers_of(settings):
        try:
            return _sign_in(settings, egress, host, port)
        except TryLater as unreachable:
            trouble = trouble or unreachable
    raise trouble or Misconfigured("The connection names no server.", field="host")


def _sign_in(settings: Settings, egress: Egress, host: str, port: int) -> Line:
    made: Any = egress.connect(host, port)
    name = settings.server_name or host
    try:
        if settings.security is Security.TLS:
            made = _secure(made, settings, name, f"{host}:{port}", egress)
        line = Line(host, port, made, settings)
        if settings.security is Security.STARTTLS:
            line.carry_out("Starting TLS", lambda ldap: ldap.extended(_START_TLS))
            line.ldap.socket = made = _secure(made, settings, name, line.name, egress)
            line.ldap.tls_started = True
        line.carry_out("Signing in", lambda ldap: ldap.bind(read_server_info=False), signing_in=True)
    except BaseException:
        made.close()
        raise
    return line


def _secure(made: Any, settings: Settings, name: str, shown: str, egress: Egress) -> Any:
    """The connection inside TLS; certificate and name are always checked."""
    try:
        return egress.secure(made, name, authorities=settings.authority)
    except Misconfigured as trouble:
        raise Misconfigured(trouble.message, field="authority") from None
    except ssl.SSLCertVerificationError as trouble:
        raise Misconfigured(
            f'{shown} shows a certificate that is not trusted for "{name}" ({trouble.verify_message.rstrip(".")}). '
            "Paste the authority that signed it, or correct the name.",
            field="authority",
        ) from None
    except ssl.SSLError as trouble:
        raise Misconfigured(
            f"{shown} does not speak TLS here. Check port and security.",
            field="security",
            detail={"trouble": trouble.reason or ""},
        ) from None
    except OSError:
        raise TryLater(f"{shown} broke off while TLS was started. It will be tried again.", sent=False) from None


def broken(name: str, what: str, trouble: Exception) -> ConnectorError:
    """What it means that ldap3 or the socket gave up."""
    if isinstance(trouble, LDAPException) and type(trouble).__name__ in _FAULTS_OF_THE_REQUEST:
        return Misconfigured(f"{what}: this cannot be asked of a directory. Check names, filter and values.")
    slow = isinstance(trouble, TimeoutError) or "timed out" in str(trouble)
    how = "did not answer in time" if slow else "broke off"
    return TryLater(f"{what}: {name} {how}. It will be tried again.")


_FAULTS_OF_THE_REQUEST = {
    "LDAPInvalidFilterError", "LDAPInvalidDnError", "LDAPInvalidScopeError", "LDAPObjectClassError",
    "LDAPChangeError", "LDAPInvalidValueError", "LDAPAttributeError", "LDAPControlError",
}  # fmt: skip


def result_of(found: Any) -> Result:
    """ldap3's result as ours."""
    if not isinstance(found, dict) or "result" not in found:
        return Result(80, "", "no result came")
    return Result(
        int(found["result"]),
        str(found.get("dn") or ""),
        str(found.get("message") or ""),
        tuple(found.get("referrals") or ()),
    )
