"""The Exstream sandbox: both services, sign-in by OTDS tokens, and runs that go on by themselves."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from werkzeug.wrappers import Request

from connectors.exstream.sandbox import access, catalog, flows, inputs, links, moves, runtime, tenancy, transfer
from connectors.exstream.sandbox.advancing import advance, is_anything_moving
from connectors.exstream.sandbox.envelopes import error_body, refuse
from connectors.exstream.sandbox.own_pages import advance_page, jobs_page, resources_page, who_sees_what_page
from connectors.exstream.sandbox.rights import Caller
from connectors.exstream.sandbox.seed import fill
from connectors.exstream.sandbox.tokens import BadToken, TokenCheck
from hub.sdk.sandbox import Documents, Exchange, Reply, Route, SandboxApp, Shape

DESIGN = "/design/api/v1"
ORCHESTRATION = "/orchestration/api/v1"


class ExstreamSandbox(SandboxApp):
    """One tenant of Exstream. `step_seconds` 0 stands still until it is told to advance."""

    name = "Exstream"
    shape = Shape(
        {
            "domains": ["id"],
            "roles": ["id", "name"],
            "role_permissions": ["roleName"],
            "group_roles": ["domainId", "roleName"],
            "versions": ["id", "name", "type"],
            "contents": [],
            "history": ["id"],
            "resource_links": ["subjectId", "objectId"],
            "jobs": ["domainId"],
            "instances": ["jobId", "domainId"],
            "steps": ["flowInstanceId", "domainId"],
            "snapshots": ["domainId", "flowModelId"],
            "cron_jobs": ["domainId"],
            "import_logs": [],
        }
    )
    defaults = {
        "jwks_url": "",
        "issuer": "",
        "token_url": "",
        "tenant": "northwind",
        "admin_group": "tenantadmins@Northwind",
        "design_filter_style": "dotted",
        "orchestration_filter_style": "packed",
        "paging_style": "items",
        "date_style": "epoch",
        "permission_style": "text",
        "external_id_header": "externalId",
        "step_seconds": 1.0,
    }
    columns = {
        "domains": ["workflow", "restrictApproval", "jobTracing", "production"],
        "roles": ["name", "appPermissions"],
        "group_roles": ["domainId", "group", "roleName"],
        "versions": ["name", "type", "version", "state", "lockedBy"],
        "jobs": ["domainId", "channel", "status", "triggeredBy"],
        "instances": ["jobId", "flowModelName", "status"],
    }

    def __init__(self, path: Path | str, **settings: Any) -> None:
        self._tokens = TokenCheck()
        self._stopping = threading.Event()
        self._worker: threading.Thread | None = None
        super().__init__(path, **settings)

    def routes(self) -> Iterable[Route]:
        for prefix, modules in (
            (DESIGN, (tenancy, access, catalog, moves, links, transfer)),
            (ORCHESTRATION, (inputs, flows, runtime)),
        ):
            for module in modules:
                for route in module.routes.all:
                    yield Route(route.method, prefix + route.rule, route.handler, route.writes, route.public)

    def seed(self, data: Documents) -> None:
        fill(data)

    def sign_in(self, exchange: Exchange) -> Caller:
        token = exchange.bearer()
        if not token:
            raise refuse(exchange, 401, "There is no bearer token.")
        if exchange.expired:
            raise refuse(exchange, 401, "The bearer token has expired.")
        try:
            claims = self._tokens.claims(token, jwks_url=self.setting("jwks_url"), issuer=self.setting("issuer"))
        except BadToken as trouble:
            raise refuse(exchange, 401, str(trouble)) from None
        tenant = str(claims.get("tenant", ""))
        if tenant != self.setting("tenant"):
            raise refuse(exchange, 403, f"There is no tenant {tenant or 'in the token'} here.")
        groups = claims.get("groups")
        return Caller(str(claims.get("sub", "")), tenant, frozenset(groups if isinstance(groups, list) else ()))

    def error(self, status: int, message: str) -> Any:
        return error_body(status, message)

    def pages(self) -> Mapping[str, Callable[[Documents, Request], Reply]]:
        return {
            "/who-sees-what": lambda data, request: who_sees_what_page(self, data),
            "/resources": lambda data, request: resources_page(self, data),
            "/job-list": lambda data, request: jobs_page(self, data),
            "/advance": lambda data, request: advance_page(self, request),
        }

    def advance(self, steps: int = 1) -> int:
        """Let every run take so many steps at once. Answers how many objects moved."""
        moved = 0
        for _ in range(steps):
            with self.store.writing() as data:
                moved += advance(data)
        return moved

    def began(self, base_url: str) -> None:
        super().began(base_url)
        self._stopping.clear()
        self._worker = threading.Thread(target=self._work, name="exstream-sandbox", daemon=True)
        self._worker.start()

    def ended(self) -> None:
        self._stopping.set()
        if self._worker is not None:
            self._worker.join()
            self._worker = None
        super().ended()

    def _work(self) -> None:
        while not self._stopping.wait(self.setting("step_seconds") or 0.2):
            if not self.setting("step_seconds"):
                continue
            with self.store.reading() as data:
                moving = is_anything_moving(data)
            if moving:
                self.advance()
