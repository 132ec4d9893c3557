"""Carries out the faults that a request meets."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Response

from hub.sdk.sandbox.exchange import Reply
from hub.sdk.sandbox.faults import Fault, FaultKind

if TYPE_CHECKING:
    from hub.sdk.sandbox.app import SandboxApp


class ConnectionCut(ConnectionError):
    """The connection was cut on purpose. A test that mounts the sandbox in process sees this error."""


def before_answering(app: SandboxApp, faults: Sequence[Fault], environ: dict[str, Any]) -> Reply | bool:
    """Wait, cut or refuse. Otherwise answers whether the caller's sign-in counts as expired."""
    expired = False
    for fault in faults:
        if fault.kind is FaultKind.LATENCY:
            _wait(environ, fault.seconds, for_client=False)
        elif fault.kind is FaultKind.HANG:
            _wait(environ, fault.seconds, for_client=True)
            cut(environ)
        elif fault.kind is FaultKind.DROP_BEFORE:
            cut(environ)
        elif fault.kind is FaultKind.STATUS:
            headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
            return Reply(fault.status, app.error(fault.status, "The sandbox was told to answer so."), headers)
        elif fault.kind is FaultKind.EXPIRED:
            expired = True
    return expired


def after_answering(
    app: SandboxApp,
    faults: Sequence[Fault],
    environ: dict[str, Any],
    reply: Reply,
    respond: Callable[[Reply], Response],
) -> Response:
    """Spoil the answer, or cut the connection now that everything is done and kept."""
    kinds = {fault.kind for fault in faults}
    if FaultKind.DROP_AFTER in kinds:
        cut(environ)
    if FaultKind.FEWER_ROWS in kinds and isinstance(reply.body, dict):
        reply = Reply(reply.status, app.shorten(reply.body), reply.headers, reply.content_type)
    response = respond(reply)
    if FaultKind.GARBAGE in kinds:
        response.data = b'<html><body>{"half": [1, 2,'
    if FaultKind.CUT_BODY in kinds:
        whole = response.get_data()
        response.data = whole[: len(whole) // 2]
        response.headers["Content-Length"] = str(max(len(whole), 1))
    return response


def cut(environ: dict[str, Any]) -> None:
    """End the connection without another byte."""
    connection: socket.socket | None = environ.get("werkzeug.socket")
    if connection is not None:
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionCut("The sandbox was told to cut the connection.")


def _wait(environ: dict[str, Any], seconds: float, *, for_client: bool) -> None:
    """Wait, but no longer than the server runs or, for a hang, than the client is there."""
    stopping: threading.Event = environ.get("sandbox.stopping") or threading.Event()
    connection: socket.socket | None = environ.get("werkzeug.socket") if for_client else None
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0 and not stopping.wait(min(left, 0.05)):
        if connection is not None and _is_gone(connection):
            return


def _is_gone(connection: socket.socket) -> bool:
    try:
        readable, _, _ = select.select([connection], [], [], 0)
        return bool(readable) and not connection.recv(1, socket.MSG_PEEK)
    except OSError:
        return True
