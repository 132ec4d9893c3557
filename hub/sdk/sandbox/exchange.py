"""A request being answered, and what it is answered with."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Request

from hub.sdk.sandbox.documents import Documents

if TYPE_CHECKING:
    from hub.sdk.sandbox.app import SandboxApp


@dataclass
class Reply:
    """An answer. `body` is sent as JSON unless it is text or bytes; None is an empty body."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = ""


class Refusal(Exception):
    """A request is answered with an error, and nothing that it did is kept."""

    def __init__(self, status: int, body: Any = None, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"HTTP {status}")
        self.reply = Reply(status, body, dict(headers or {}))


class BadBody(Exception):
    """The body is not what the endpoint reads. The message is a sentence."""


class Exchange:
    """One request with the transaction it works in. What a sandbox knows of the caller goes into `caller`."""

    def __init__(self, app: SandboxApp, request: Request, path: str, *, expired: bool = False) -> None:
        self.app = app
        self.request = request
        self.path = path
        """The path the routes were matched with, after the sandbox rewrote it."""
        self.expired = expired
        """True when a fault says that the caller's ticket or token has just run out."""
        self.operation = ""
        """Method and route, such as "POST /users/<id>/memberof"; the name of the write counters."""
        self.caller: Any = None
        self.notes: dict[str, Any] = {}
        self._data: Documents | None = None

    @property
    def data(self) -> Documents:
        """The documents, in the transaction of this request."""
        if self._data is None:
            raise RuntimeError("There is no transaction before the handler is called.")
        return self._data

    def enter(self, data: Documents | None) -> None:
        """Called by the app when the transaction begins and ends."""
        self._data = data

    @property
    def query(self) -> Mapping[str, str]:
        """The query parameters; of a repeated one, the first."""
        return self.request.args

    @property
    def base_url(self) -> str:
        """Scheme, host and port as the client wrote them, without a slash at the end."""
        return self.request.host_url.rstrip("/")

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; an empty body is an empty object. Raises `BadBody`."""
        text = self.request.get_data()
        if not text.strip():
            return {}
        try:
            read = orjson.loads(text)
        except ValueError:
            raise BadBody("The body is not JSON.") from None
        if not isinstance(read, dict):
            raise BadBody("The body is not a JSON object.")
        return read

    def json_value(self) -> Any:
        """The body as any JSON value. Raises `BadBody`."""
        try:
            return orjson.loads(self.request.get_data())
        except ValueError:
            raise BadBody("The body is not JSON.") from None

    def form(self) -> Mapping[str, str]:
        """The fields of a form body, urlencoded or multipart."""
        return self.request.form

    def files(self) -> Mapping[str, FileStorage]:
        """The files of a multipart body."""
        return self.request.files

    def basic(self) -> tuple[str, str] | None:
        """Name and password of an Authorization: Basic header, or None."""
        scheme, _, rest = self.request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            name, _, password = base64.b64decode(rest, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        return name, password

    def bearer(self) -> str:
        """The token of an Authorization: Bearer header, or an empty text."""
        scheme, _, rest = self.request.headers.get("Authorization", "").partition(" ")
        return rest.strip() if scheme.lower() == "bearer" else ""

    def wrote(self, target: str, *, changed: bool = True) -> None:
        """Count a write of this operation on the object `target`, such as "users/amy@north"."""
        self.data.wrote(self.operation, target, changed=changed)
