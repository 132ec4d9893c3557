"""The kit that sandboxes are made of: a stateful stand-in of a service, over real HTTP, that can misbehave.

A connector's `sandbox` package offers `create(options) -> SandboxApp` and `describe(app, base_url) -> dict`.
"""

from hub.sdk.sandbox.app import SandboxApp
from hub.sdk.sandbox.documents import Documents, KeyTaken, Row, Shape
from hub.sdk.sandbox.exchange import BadBody, Exchange, Refusal, Reply
from hub.sdk.sandbox.faults import Fault, FaultKind, Faults
from hub.sdk.sandbox.misbehave import ConnectionCut
from hub.sdk.sandbox.routes import Handler, Route, Routes
from hub.sdk.sandbox.server import Server, serve
from hub.sdk.sandbox.store import Store

__all__ = [
    "BadBody",
    "ConnectionCut",
    "Documents",
    "Exchange",
    "Fault",
    "FaultKind",
    "Faults",
    "Handler",
    "KeyTaken",
    "Refusal",
    "Reply",
    "Route",
    "Routes",
    "Row",
    "SandboxApp",
    "Server",
    "Shape",
    "Store",
    "serve",
]
