"""The only file that talks to the mail server."""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

from connectors.email.settings import Security, Settings
from hub.sdk import ConnectorError, Egress, Misconfigured, Rejected, SignInRefused, TryLater, UnexpectedReply


@dataclass(frozen=True)
class Sent:
    """Who was accepted, and what the server said in the end."""

    accepted: list[str]
    reply: str


class _Smtp(smtplib.SMTP):
    """smtplib over a connection that the guarded way out has made."""

    def __init__(self, made: socket.socket, host: str, own_name: str) -> None:
        super().__init__(local_hostname=own_name or "lockgate.invalid")
        self._host = host  # starttls checks the certificate against it.
        self.sock = made
        self.timeout = made.gettimeout() or 30.0
        try:
            code, said = self.getreply()
            if code != 220:
                raise smtplib.SMTPConnectError(code, said)
        except Exception:
            self.close()
            raise


class _Tls(ssl.SSLContext):
    """What smtplib asks for TLS: the way out answers for it."""

    secured: Callable[[Any, str], Any]

    def wrap_socket(self, sock: Any, *_: Any, server_hostname: Any = None, **__: Any) -> Any:
        return self.secured(sock, server_hostname)


class EmailClient:
    def __init__(self, settings: Settings, egress: Egress) -> None:
        self.settings = settings
        self._egress = egress

    def greet(self) -> dict[str, str]:
        """Sign in and answer what the server offers."""
        with self._session(None) as smtp:
            smtp.noop()
            return dict(smtp.esmtp_features)

    def send(self, message: EmailMessage, sender: str, recipients: list[str], timeout_seconds: float) -> Sent:
        """Hand a message over to all of its recipients, or, when the server refuses one, to nobody."""
        with self._session(timeout_seconds) as smtp:
            content = message.as_bytes()
            options = [f"size={len(content)}"] if smtp.has_extn("size") else []
            if any(not address.isascii() for address in (sender, *recipients)):
                if not smtp.has_extn("smtputf8"):
                    raise Misconfigured("The mail server takes ASCII addresses only.", field="to")
                options.append("SMTPUTF8")
            self._expect(smtp.mail(sender, options), "the sender", field="sender")
            self._announce(smtp, recipients)
            return Sent(recipients, self._hand_over(smtp, content))

    def _announce(self, smtp: smtplib.SMTP, recipients: list[str]) -> None:
        refused: dict[str, str] = {}
        codes = []
        for recipient in recipients:
            code, said = smtp.rcpt(recipient)
            if code == 421:
                raise smtplib.SMTPResponseException(code, said)
            if code not in {250, 251}:
                codes.append(code)
                refused[recipient] = _text(code, said)
        detail: dict[str, object] = {"refused": refused}
        if codes and max(codes) < 500:
            raise TryLater(
                f"{self._name} takes some recipients only later: {_names(refused)}.", sent=False, detail=detail
            )
        if codes:
            raise Rejected(
                f"{self._name} refused recipients, so nobody was sent the message: {_names(refused)}.",
                detail=detail,
                field="to",
            )

    def _hand_over(self, smtp: smtplib.SMTP, content: bytes) -> str:
        """After the first byte of the message nobody knows whether it arrived until the server says so."""
        self._expect(smtp.docmd("data"), "the message", 354)
        try:
            smtp.send(_as_data(content))
            code, said = smtp.getreply()
        except (smtplib.SMTPException, OSError):
            raise TryLater(
                f"{self._name} broke off while the message was handed over; it may have been sent."
            ) from None
        self._expect((code, said), "the message")
        return _text(code, said)

    def _expect(self, answer: tuple[int, bytes], what: str, wanted: int = 250, field: str = "") -> None:
        code, said = answer
        if code == wanted:
            return
        detail: dict[str, object] = {"code": code, "said": _text(code, said)}
        if 400 <= code < 500:
            raise TryLater(f"{self._name} does not take {what} now (code {code}).", sent=False, detail=detail)
        if code == 530:
            raise SignInRefused(
                f"{self._name} wants a sign-in. Give user and password.", detail=detail, field="username"
            )
        if code >= 500:
            raise Rejected(f"{self._name} refused {what}: {_text(code, said)}.", detail=detail, field=field)
        raise UnexpectedReply(f"{self._name} answered {code} to {what}.", detail=detail)

    @property
    def _name(self) -> str:
        return f"{self.settings.host}:{self.settings.port}"

    @contextlib.contextmanager
    def _session(self, timeout_seconds: float | None) -> Iterator[smtplib.SMTP]:
        """A signed-in session. Trouble in it, as far as it is not one of ours already, came before the message."""
        smtp: smtplib.SMTP | None = None
        made = self._egress.connect(self.settings.host, self.settings.port, timeout_seconds=timeout_seconds)
        try:
            if self.settings.security is Security.TLS:
                made = self._secured(made, self.settings.host)
            smtp = _Smtp(made, self.settings.host, self.settings.hello_name)
            self._begin(smtp)
            yield smtp
            with contextlib.suppress(smtplib.SMTPException, OSError):
                smtp.quit()
        except ConnectorError:
            raise
        except (smtplib.SMTPException, OSError) as trouble:
            raise self._meaning(trouble) from None
        finally:
            if smtp is not None:
                smtp.close()
            made.close()

    def _begin(self, smtp: smtplib.SMTP) -> None:
        smtp.ehlo_or_helo_if_needed()
        if self.settings.security is Security.STARTTLS:
            if not smtp.has_extn("starttls"):
                raise Misconfigured(
                    f"{self._name} offers no STARTTLS. Choose TLS, or another port.", field="security"
                )
            tls = _Tls(ssl.PROTOCOL_TLS_CLIENT)
            tls.secured = self._secured
            self._expect_start(smtp.starttls(context=tls))
            smtp.ehlo_or_helo_if_needed()
        if self.settings.username:
            try:
                smtp.login(self.settings.username, self.settings.password)
            except smtplib.SMTPNotSupportedError:
                raise Misconfigured(
                    f"{self._name} offers no sign-in that we know. Leave user and password empty, or use TLS.",
                    field="username",
                ) from None

    def _expect_start(self, answer: tuple[int, Any]) -> None:
        if answer[0] != 220:
            raise TryLater(f"{self._name} does not start TLS now (code {answer[0]}).", sent=False)

    def _secured(self, made: Any, host: str) -> Any:
        try:
            return self._egress.secure(made, host, authorities=self.settings.authority)
        except Misconfigured as trouble:
            raise Misconfigured(trouble.message, field="authority") from None

    def _meaning(self, trouble: Exception) -> ConnectorError:
        if isinstance(trouble, smtplib.SMTPAuthenticationError):
            if 400 <= trouble.smtp_code < 500:
                return TryLater(f"{self._name} cannot check the sign-in now.", sent=False)
            return SignInRefused(
                f"{self._name} refused user or password (code {trouble.smtp_code}). Check the connection.",
                detail={"code": trouble.smtp_code},
                field="password",
            )
        if isinstance(trouble, smtplib.SMTPResponseException):
            detail: dict[str, object] = {"code": trouble.smtp_code}
            if 400 <= trouble.smtp_code < 500:
                return TryLater(f"{self._name} is busy (code {trouble.smtp_code}).", sent=False, detail=detail)
            if trouble.smtp_code >= 500:
                return Rejected(f"{self._name} refused the session (code {trouble.smtp_code}).", detail=detail)
            return UnexpectedReply(f"{self._name} does not answer like a mail server.", detail=detail)
        if isinstance(trouble, ssl.SSLCertVerificationError):
            return Misconfigured(
                f"{self._name} shows a certificate that is not trusted ({trouble.verify_message}).", field="authority"
            )
        if isinstance(trouble, ssl.SSLError):
            return Misconfigured(
                f"{self._name} does not speak TLS from the start here. Check port and security.", field="security"
            )
        return TryLater(f"{self._name} broke off, or did not answer in time.", sent=False)


def _as_data(content: bytes) -> bytes:
    """With SMTP's line ends, dots at the beginning of a line doubled, and the dot that ends it all (RFC 5321)."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", content)
    lines = re.sub(rb"(?m)^\.", b"..", lines)
    return (lines if lines.endswith(b"\r\n") else lines + b"\r\n") + b".\r\n"


def _names(refused: dict[str, str]) -> str:
    return ", ".join(sorted(refused))


def _text(code: int, said: bytes) -> str:
    return f"{code} {said.decode('utf-8', 'replace')[:200]}".replace("\n", " ").strip()
