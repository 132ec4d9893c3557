"""A sandbox: a small stateful stand-in of a service, as a WSGI application."""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

import orjson
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from hub.sdk.sandbox import control
from hub.sdk.sandbox.documents import Documents, Shape
from hub.sdk.sandbox.exchange import BadBody, Exchange, Refusal, Reply
from hub.sdk.sandbox.faults import Faults
from hub.sdk.sandbox.misbehave import after_answering, before_answering
from hub.sdk.sandbox.routes import Route
from hub.sdk.sandbox.store import Store

CONTROL = "/_sandbox"
_log = logging.getLogger("sandbox")


class SandboxApp(ABC):
    """What all sandboxes share: routing, one transaction per request, faults, settings, the control page.

    A service's own paths are declared by `routes()`; whatever is ours lives below `/_sandbox`.
    """

    name: ClassVar[str]
    shape: ClassVar[Shape]
    defaults: ClassVar[Mapping[str, Any]] = {}
    """The settings that can be changed while it runs, with their values at the start."""
    columns: ClassVar[Mapping[str, Sequence[str]]] = {}
    """Collections shown on the control page, each with the fields of its table; a dot reaches into a field."""

    def __init__(self, path: Path | str, **settings: Any) -> None:
        """Open the state in the file `path`, seeding it when it is new. `settings` replace defaults."""
        self._start_settings = {**self.defaults, **_checked(self.defaults, settings)}
        self.store = Store(path, self.shape)
        self.faults = Faults()
        self.requests: deque[dict[str, Any]] = deque(maxlen=200)
        """The last requests: at, method, path, status, faults."""
        self.base_url = ""
        """Where it is served, once it is."""
        self._map = _map(tuple(self.routes()))
        self._settings_lock = threading.Lock()
        with self.store.reading() as data:
            seeded = data.setting("seeded") is not None
        if not seeded:
            self.reset()
        with self.store.reading() as data:
            self._settings = {**self._start_settings, **(data.setting("settings") or {})}

    @abstractmethod
    def routes(self) -> Iterable[Route]:
        """The endpoints of the service."""

    @abstractmethod
    def seed(self, data: Documents) -> None:
        """Fill an empty store."""

    def sign_in(self, exchange: Exchange) -> Any:
        """Who calls; called before the transaction of every route that is not public. Raises `Refusal`."""
        return None

    def rewrite(self, path: str) -> tuple[str, dict[str, Any]]:
        """Another path to match routes with, and notes for the exchange, such as a tenant in the path."""
        return path, {}

    def error(self, status: int, message: str) -> Any:
        """The body of an error in the service's own form."""
        return {"status": status, "error": message}

    def shorten(self, body: dict[str, Any]) -> dict[str, Any]:
        """A list answer with half of its rows left out and everything else as it was."""
        for name, value in body.items():
            if isinstance(value, list):
                return {**body, name: value[: len(value) // 2]}
        return body

    def overview(self, data: Documents) -> Mapping[str, Any]:
        """Names and values at the top of the control page."""
        return {collection: data.count(collection) for collection in self.shape.collections}

    def pages(self) -> Mapping[str, Callable[[Documents, Request], Reply]]:
        """Further pages by their path below `/_sandbox`, such as {"/seats": seats_page}."""
        return {}

    def began(self, base_url: str) -> None:
        """Called when a server begins to serve. A sandbox with work of its own starts it here."""
        self.base_url = base_url

    def ended(self) -> None:
        """Called when the server stopped."""
        self.store.close()

    def setting(self, name: str) -> Any:
        """The value in force. Raises KeyError for a name that `defaults` does not have."""
        return self._settings[name]

    def settings(self) -> dict[str, Any]:
        """All settings in force."""
        return dict(self._settings)

    def change_settings(self, **changes: Any) -> None:
        """Change settings from now on, over restarts. Raises ValueError with a sentence."""
        checked = _checked(self.defaults, changes)
        with self._settings_lock, self.store.writing() as data:
            stored = {**(data.setting("settings") or {}), **checked}
            data.set_setting("settings", stored)
            self._settings = {**self._start_settings, **stored}

    def reset(self) -> None:
        """Back to the seed: state, counters, settings, faults."""
        self._settings = dict(self._start_settings)
        with self.store.writing() as data:
            data.clear()
            data.set_setting("settings", {})
            self.seed(data)
            data.set_setting("seeded", datetime.now(UTC).isoformat(timespec="seconds"))
        self.faults.clear()
        self.requests.clear()

    def writes(self, operation: str = "", target: str = "") -> list[dict[str, Any]]:
        """The write counters, for tests in the same process."""
        with self.store.reading() as data:
            return data.writes(operation=operation, target=target)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        request = Request(environ)
        if request.path == CONTROL or request.path.startswith(CONTROL + "/"):
            return _response(control.answer(self, request))(environ, start_response)
        method, sent_path = request.method, environ.get("REQUEST_URI", request.path).partition("?")[0]
        faults = self.faults.hit(method, sent_path)
        note = {
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "method": method,
            "path": environ.get("REQUEST_URI", request.path),
            "status": 0,
            "faults": [str(fault.kind) for fault in faults],
        }
        self.requests.append(note)
        made = before_answering(self, faults, environ)
        reply = made if isinstance(made, Reply) else self._answer(request, expired=made)
        response = after_answering(self, faults, environ, reply, _response)
        note["status"] = response.status_code
        return response(environ, start_response)

    def _answer(self, request: Request, *, expired: bool) -> Reply:
        path, notes = self.rewrite(request.path)
        exchange = Exchange(self, request, path, expired=expired)
        exchange.notes.update(notes)
        try:
            route, variables = self._map.bind("sandbox").match(path, request.method)
            return self._handle(exchange, route, variables)
        except Refusal as refusal:
            return refusal.reply
        except BadBody as error:
            return Reply(400, self.error(400, str(error)))
        except MethodNotAllowed as error:
            allowed = {"Allow": ", ".join(sorted(error.valid_methods or ()))}
            return Reply(405, self.error(405, f"{request.method} is not allowed here."), allowed)
        except HTTPException as error:
            status = error.code or 500
            return Reply(
                status, self.error(status, "There is nothing at this path." if status == 404 else error.name)
            )
        except Exception:
            _log.exception("%s: %s %s failed.", self.name, request.method, path)
            return Reply(500, self.error(500, "The sandbox failed; its log says why."))

    def _handle(self, exchange: Exchange, route: Route, variables: Mapping[str, Any]) -> Reply:
        exchange.operation = route.operation
        if not route.public:
            exchange.caller = self.sign_in(exchange)
        with self.store.writing() if route.writes else self.store.reading() as data:
            exchange.enter(data)
            try:
                answer = route.handler(exchange, **variables)
            finally:
                exchange.enter(None)
        if isinstance(answer, Reply):
            return answer
        return Reply(204) if answer is None else Reply(200, answer)


def _response(reply: Reply) -> Response:
    body, content_type = reply.body, reply.content_type
    if body is None:
        content = b""
    elif isinstance(body, bytes):
        content, content_type = body, content_type or "application/octet-stream"
    elif isinstance(body, str):
        content, content_type = body.encode(), content_type or "text/plain; charset=utf-8"
    else:
        content, content_type = orjson.dumps(body), content_type or "application/json"
    response = Response(content, reply.status, reply.headers)
    if content_type:
        response.headers["Content-Type"] = content_type
    else:
        response.headers.pop("Content-Type", None)
    return response


@lru_cache(maxsize=8)
def _map(routes: tuple[Route, ...]) -> Map:
    """Compiling the rules takes longer than all else that a new sandbox does."""
    rules = [Rule(route.rule, endpoint=route, methods=[route.method]) for route in routes]
    return Map(rules, strict_slashes=False, merge_slashes=False)


def _checked(defaults: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    checked = {}
    for name, value in changes.items():
        if name not in defaults:
            raise ValueError(f"There is no setting {name}. There are {', '.join(defaults) or 'none'}.")
        checked[name] = _like(name, defaults[name], value)
    return checked


def _like(name: str, default: Any, value: Any) -> Any:
    """The value as the type of the default; forms send every value as text."""
    if isinstance(default, bool):
        if isinstance(value, bool):
            return value
        if str(value).lower() in {"true", "false"}:
            return str(value).lower() == "true"
        raise ValueError(f"{name} is true or false.")
    if isinstance(default, int | float):
        try:
            return type(default)(value)
        except (TypeError, ValueError):
            raise ValueError(f"{name} is a number.") from None
    if isinstance(default, str):
        return str(value)
    if not isinstance(value, type(default)):
        raise ValueError(f"{name} is a {type(default).__name__}.")
    return value
