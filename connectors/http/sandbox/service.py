"""The service: `/echo`, `/items`, `/token`, `/whoami`, and a few awkward answers."""

from __future__ import annotations

import base64
import secrets
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlencode

from hub.sdk.sandbox import Documents, Exchange, Refusal, Reply, Route, Routes, SandboxApp, Shape

USER, PASSWORD = "amara", "sesame-of-amara"
TOKEN, API_KEY = "bearer-of-the-sandbox", "key-of-the-sandbox"
CLIENT, CLIENT_SECRET = "lockgate", "secret-of-the-client"

routes = Routes("/v1")


class Echo(SandboxApp):
    """Accepts every kind of sign-in at once; `anyone` lets callers in without one."""

    name = "Echo"
    shape = Shape({"items": ("number",), "tokens": (), "messages": ()})
    defaults: ClassVar[Mapping[str, Any]] = {"anyone": False, "page_size": 10}
    columns: ClassVar = {"items": ("number", "name"), "messages": ("method", "key")}

    def routes(self) -> Iterable[Route]:
        return routes.all

    def seed(self, data: Documents) -> None:
        for number in range(25):
            data.add("items", f"i{number:03}", {"number": number, "name": f"Item {number}"})

    def sign_in(self, exchange: Exchange) -> Any:
        if self.setting("anyone") and not exchange.expired:
            return "anyone"
        bearer = exchange.bearer()
        if exchange.basic() == (USER, PASSWORD):
            return USER
        if API_KEY in (exchange.request.headers.get("X-Api-Key"), exchange.query.get("api_key")):
            return "the holder of the key"
        if bearer == TOKEN and not exchange.expired:
            return "the bearer"
        with self.store.reading() as data:
            if bearer and not exchange.expired and data.get("tokens", bearer) is not None:
                return CLIENT
        raise Refusal(401, self.error(401, "Sign in first."), {"WWW-Authenticate": "Bearer"})


@routes.on("POST", "/token", public=True)
def _token(exchange: Exchange) -> Any:
    form = exchange.form()
    client = exchange.basic() or (form.get("client_id", ""), form.get("client_secret", ""))
    if client != (CLIENT, CLIENT_SECRET):
        raise Refusal(401, {"error": "invalid_client"})
    if form.get("grant_type") != "client_credentials":
        raise Refusal(400, {"error": "unsupported_grant_type"})
    if form.get("scope", "") not in {"", "items"}:
        raise Refusal(400, {"error": "invalid_scope"})
    token = secrets.token_urlsafe(24)
    exchange.data.add("tokens", token, {"client": CLIENT})
    return {"access_token": token, "token_type": "Bearer", "expires_in": 3600}


@routes.on("GET", "/whoami")
def _whoami(exchange: Exchange) -> Any:
    return {"name": exchange.caller}


def _echo(exchange: Exchange) -> Any:
    request = exchange.request
    if request.method != "GET":
        key = request.headers.get("Idempotency-Key", "")
        exchange.wrote(key or "echo", changed=True)
    files = {}
    for name, file in request.files.items(multi=True):
        content = base64.b64encode(file.read()).decode()
        files[name] = {"name": file.filename, "type": file.content_type, "base64": content}
        file.close()
    return {
        "method": request.method,
        "query": request.args.to_dict(flat=False),
        "headers": {name.lower(): value for name, value in request.headers.items() if name != "Authorization"},
        "form": request.form.to_dict(flat=False),
        "files": files,
        "body": "" if files or request.form else base64.b64encode(request.get_data()).decode(),
    }


for _method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
    routes.on(_method, "/echo")(_echo)


@routes.on("GET", "/items")
def _items(exchange: Exchange) -> Any:
    """Paged by all four ways at once: the client follows the one it was told."""
    size = int(exchange.query.get("size") or exchange.app.setting("page_size"))
    start = int(exchange.query.get("cursor") or exchange.query.get("offset") or 0)
    if exchange.query.get("page"):
        start = (int(exchange.query["page"]) - 1) * size
    rows = exchange.data.find("items")
    shown = rows[start : start + size]
    further = start + size if start + size < len(rows) else None
    link = None if further is None else f"{exchange.base_url}/v1/items?{urlencode({'cursor': further, 'size': size})}"
    body = {"data": {"items": shown}, "next": link, "cursor": None if further is None else str(further)}
    return Reply(200, body, {"Link": f'<{link}>; rel="next"'} if link else {})


@routes.on("GET", "/status/<int:status>")
def _status(exchange: Exchange, status: int) -> Any:
    wait = exchange.query.get("retry_after")
    return Reply(status, {"status": status}, {"Retry-After": wait} if wait else {})


@routes.on("GET", "/bytes/<int:count>")
def _bytes(exchange: Exchange, count: int) -> Any:
    return Reply(200, b"\xff" * count)


@routes.on("GET", "/text")
def _text(exchange: Exchange) -> Any:
    return Reply(200, "Grüße", {"Set-Cookie": "session=s3cret"})


@routes.on("GET", "/broken")
def _broken(exchange: Exchange) -> Any:
    return Reply(200, '{"half": [1, ', content_type="application/json")


def create(options: Mapping[str, Any] | None = None) -> Echo:
    """The sandbox. `data` names the folder of its state; without one it is thrown away."""
    folder = (options or {}).get("data") or tempfile.mkdtemp(prefix="echo-")
    return Echo(Path(folder) / "echo.sqlite")


def connection(app: SandboxApp, base_url: str) -> dict[str, Any]:
    """The settings of a connection that signs in."""
    return {
        "base_url": f"{base_url}/v1",
        "sign_in": "oauth2",
        "token_url": f"{base_url}/v1/token",
        "client_id": CLIENT,
        "client_secret": CLIENT_SECRET,
        "test_path": "/whoami",
    }


def describe(app: SandboxApp, base_url: str) -> dict[str, Any]:
    """What a person needs to try it."""
    return {
        "connection": connection(app, base_url),
        "user": {"username": USER, "password": PASSWORD},
        "token": TOKEN,
        "api_key": {"header": "X-Api-Key", "query": "api_key", "key": API_KEY},
    }
