"""What can go wrong when a connector talks to its service.

The class says what happens next; nobody parses a message. Each message is a sentence for the person who reads
the run: what happened, to which thing, what to do. It never holds a secret or a whole reply.
"""

from __future__ import annotations


class ConnectorError(Exception):
    """Anything a connector reports. Raise one of the five classes below, never this one."""

    code = "connector-error"

    def __init__(self, message: str, *, detail: dict[str, object] | None = None, field: str = "") -> None:
        """`detail` is stored with the attempt as evidence (status, vendor code, shortened text; no secrets).

        `field` names the input or connection field at fault, when one is.
        """
        super().__init__(message)
        self.message = message
        self.detail = detail or {}
        self.field = field


class Misconfigured(ConnectorError):
    """The settings cannot work. The run stops and shows the field."""

    code = "misconfigured"


class SignInRefused(ConnectorError):
    """The service refused the credentials. The run stops and asks to reconnect."""

    code = "sign-in-refused"


class Rejected(ConnectorError):
    """The service understood the request and said no. The run stops and shows what it said."""

    code = "rejected"

    def __init__(
        self,
        message: str,
        *,
        detail: dict[str, object] | None = None,
        field: str = "",
        missing: bool = False,
        exists: bool = False,
    ) -> None:
        """`missing`: the object asked for does not exist. `exists`: the object to create is already there."""
        super().__init__(message, detail=detail, field=field)
        self.missing = missing
        self.exists = exists


class TryLater(ConnectorError):
    """The service is busy, slow or unreachable. The step is tried again, no sooner than `after_seconds`.

    `sent` is False only when the request certainly did not reach the service (the connection was refused, the
    name did not resolve, the service answered 429). When it may have arrived, an action of `Effect.ONCE`
    becomes *in doubt*.
    """

    code = "try-later"

    def __init__(
        self,
        message: str,
        *,
        after_seconds: float | None = None,
        sent: bool = True,
        detail: dict[str, object] | None = None,
    ) -> None:
        super().__init__(message, detail=detail)
        self.after_seconds = after_seconds
        self.sent = sent


class UnexpectedReply(ConnectorError):
    """The service answered in a shape we do not know. The run stops and tells the maintainers."""

    code = "unexpected-reply"
