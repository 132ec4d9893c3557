"""Delegated administration by API: scopes for administrators, domains and acts for delegates."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.schema import operation
from hub.api.serializers import PageQuery, paged
from hub.api.views import ApiView
from workflows.api import serializers as shapes
from workflows.api.delegation_shapes import (
    ActInput,
    DomainsOutput,
    ReachOutput,
    ResourcesQuery,
    RowsOutput,
    ScopeInput,
    ScopeOutput,
)
from workflows.engine.bell import ring
from workflows.services import delegation, delegation_scopes, runs


class ScopesView(ApiView):
    @operation("List scopes", id="delegation_scopes_list", gives=paged(ScopeOutput), query=PageQuery)
    def get(self, request: Request) -> Response:
        return self.page(delegation_scopes.list_scopes(self.actor), ScopeOutput)

    @operation("Make a scope", id="delegation_scopes_create", takes=ScopeInput, gives=ScopeOutput, status=201)
    def post(self, request: Request) -> Response:
        made = delegation_scopes.create_scope(self.actor, **self.read(ScopeInput))
        return self.answer(made, ScopeOutput, status=201)


class ScopeView(ApiView):
    @operation("Show a scope", id="delegation_scopes_get", gives=ScopeOutput)
    def get(self, request: Request, scope: str) -> Response:
        return self.answer(delegation_scopes.get_scope(self.actor, scope), ScopeOutput)

    @operation("Change a scope", id="delegation_scopes_update", takes=ScopeInput, gives=ScopeOutput)
    def patch(self, request: Request, scope: str) -> Response:
        given = self.read(ScopeInput, partial=True)
        return self.answer(delegation_scopes.update_scope(self.actor, scope, **given), ScopeOutput)

    @operation("Remove a scope", id="delegation_scopes_remove", status=204)
    def delete(self, request: Request, scope: str) -> Response:
        delegation_scopes.delete_scope(self.actor, scope)
        return self.nothing()


class ReachView(ApiView):
    @operation("Say what a delegate reaches now", id="delegates_reach", gives=ReachOutput)
    def get(self, request: Request, username: str) -> Response:
        return self.answer(delegation_scopes.who_reaches(self.actor, username), ReachOutput)


class DomainsView(ApiView):
    @operation("List the domains one administers", id="delegation_domains", gives=DomainsOutput)
    def get(self, request: Request) -> Response:
        return self.answer({"items": delegation.domains(self.actor)}, DomainsOutput)


class ResourcesView(ApiView):
    @operation("List the resources of a domain", id="delegation_resources", gives=RowsOutput, query=ResourcesQuery)
    def get(self, request: Request, domain: str) -> Any:
        search, kind = str(self.query.get("search", "")), str(self.query.get("type", ""))
        rows = delegation.resources(self.actor, domain, search=search, kind=kind)
        return _as_csv(rows) if self.query.get("as") == "csv" else self.answer({"items": rows}, RowsOutput)


class JobsView(ApiView):
    @operation("List the output jobs of a domain", id="delegation_jobs", gives=RowsOutput)
    def get(self, request: Request, domain: str) -> Response:
        return self.answer({"items": delegation.jobs(self.actor, domain)}, RowsOutput)


class InstancesView(ApiView):
    @operation("List the flow instances of a domain", id="delegation_instances", gives=RowsOutput)
    def get(self, request: Request, domain: str) -> Response:
        return self.answer({"items": delegation.flow_instances(self.actor, domain)}, RowsOutput)


class ActsView(ApiView):
    @operation(
        "Act in a domain, or ask for what is beyond the border", id="delegation_act", takes=ActInput,
        gives=shapes.RunOutput, status=202,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        started = delegation.act(self.actor, self.read(ActInput))
        ring()
        return self.answer(runs.get_run(self.actor, started.id), shapes.RunOutput, status=202)


def _as_csv(rows: list[dict[str, Any]]) -> HttpResponse:
    text = io.StringIO()
    writer = csv.DictWriter(text, ["id", "name", "type", "state", "version", "locked"])
    writer.writeheader()
    writer.writerows({name: _plain(value) for name, value in row.items()} for row in rows)
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="resources.csv"'
    return answer


def _plain(value: Any) -> Any:
    """A cell that begins like a formula is text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
