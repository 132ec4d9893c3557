"""The sandbox as a whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar

from werkzeug.wrappers import Request

from connectors.otds.sandbox import (
    access,
    groups,
    licences,
    oauth,
    partitions,
    people,
    signing_in,
    system,
    users,
)
from connectors.otds.sandbox.directory import SHAPE, TENANT
from connectors.otds.sandbox.keys import make_key
from connectors.otds.sandbox.seed import seed
from connectors.otds.sandbox.sessions import sign_in
from hub.sdk.sandbox import Documents, Exchange, Reply, Route, SandboxApp

MODULES = (signing_in, oauth, users, groups, partitions, access, licences, system)
_TENANT = re.compile(r"^(?:/otdstenant/(?P<a>[^/]+)/otdsws|/otdsws/otdstenant/(?P<b>[^/]+))(?P<rest>/.*)?$")


class OtdsSandbox(SandboxApp):
    name = "Directory Services"
    shape = SHAPE
    defaults: ClassVar = {
        "ticket_lifetime_seconds": 3600.0,
        "token_lifetime_seconds": 900,
        "expired_ticket_status": 400,
        "page_size": 250,
        "largest_page_size": 5000,
        "cookie_on_last_page": False,
        "partition_list_name": "partitions",
    }
    columns: ClassVar = {
        "users": ("id", "attributes.title", "attributes.oTDepartment", "attributes.c", "disabled"),
        "groups": ("id", "description"),
        "roles": ("id", "description"),
        "partitions": ("name", "description"),
        "resources": ("resourceName", "resourceState"),
        "access_roles": ("name", "description"),
        "licences": ("product", "resource"),
        "seats": ("counter", "kind", "object"),
    }

    def __init__(self, path: Path | str, *, size: str = "sample", **settings: Any) -> None:
        if size not in {"sample", "large"}:
            raise ValueError("size is sample or large.")
        self.size = size
        super().__init__(path, **settings)

    def routes(self) -> Iterable[Route]:
        return [route for module in MODULES for route in module.routes.all]

    def seed(self, data: Documents) -> None:
        make_key(data)
        seed(data, large=self.size == "large")

    def sign_in(self, exchange: Exchange) -> Any:
        return sign_in(exchange)

    def rewrite(self, path: str) -> tuple[str, dict[str, Any]]:
        """Both tenant prefixes lead to the same; another tenant is not there."""
        match = _TENANT.match(path)
        if match is None:
            return path, {}
        if (tenant := match["a"] or match["b"]) != TENANT:
            return "/no-such-tenant", {}
        return "/otdsws" + (match["rest"] or ""), {"tenant": tenant}

    def error(self, status: int, message: str) -> Any:
        return {"status": status, "error": message, "errorDetails": None}

    def shorten(self, body: dict[str, Any]) -> dict[str, Any]:
        """The lists of seats are one level deeper than all others."""
        if isinstance(inner := body.get("listUsersResults"), dict):
            return {**body, "listUsersResults": super().shorten(inner)}
        return super().shorten(body)

    def pages(self) -> Mapping[str, Callable[[Documents, Request], Reply]]:
        return {"/people": lambda data, request: people.page(self, data, request)}
