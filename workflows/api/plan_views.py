"""Plans by API."""

from __future__ import annotations

from typing import Any

from django.http import StreamingHttpResponse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.paging import Page, limit_of
from hub.api.schema import operation
from hub.api.serializers import paged
from hub.api.views import ApiView
from workflows.api import serializers as shapes
from workflows.api.plan_csv import csv_of
from workflows.engine.bell import ring
from workflows.services import plans


class PlansView(ApiView):
    @operation("List plans", id="plans_list", gives=paged(shapes.PlanOutput), query=shapes.PlanQuery)
    def get(self, request: Request) -> Response:
        return self.page(plans.list_plans(self.actor, state=self.query.get("state", "")), shapes.PlanOutput)


class PlanView(ApiView):
    @operation("Show a plan", id="plans_get", gives=shapes.PlanDetailOutput)
    def get(self, request: Request, plan: str) -> Response:
        return self.answer(plans.get_plan(self.actor, plan), shapes.PlanDetailOutput)


class ChangesView(ApiView):
    @operation(
        "List a plan's changes", id="plans_changes", gives=paged(shapes.ChangeOutput), query=shapes.ChangeQuery
    )
    def get(self, request: Request, plan: str) -> Response:
        rows = plans.changes_of(self.actor, plan, **_filter(self.query))
        if (offset := self.query.get("offset")) is None:
            return self.page(rows, shapes.ChangeOutput, newest_first=False)
        return self.page(Page(list(rows[offset : offset + limit_of(self.query)]), None), shapes.ChangeOutput)


class ChangeCountView(ApiView):
    @operation("Count a plan's changes", id="plans_count", gives=shapes.ChangeCountOutput, query=shapes.ChangeFilter)
    def get(self, request: Request, plan: str) -> Response:
        rows = plans.changes_of(self.actor, plan, **_filter(self.query))
        return self.answer({"count": rows.count()}, shapes.ChangeCountOutput)


class ChangesCsvView(ApiView):
    @operation(
        "Export a plan's changes as CSV", id="plans_csv", gives=serializers.CharField(), query=shapes.ChangeFilter
    )
    def get(self, request: Request, plan: str) -> StreamingHttpResponse:
        rows = plans.changes_of(self.actor, plan, **_filter(self.query))
        answer = StreamingHttpResponse(csv_of(rows.iterator(1000)), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="plan-{plan}.csv"'
        return answer


def _filter(query: dict[str, Any]) -> dict[str, str]:
    return {name: query[name] for name in ("state", "operation", "resource", "search") if name in query}


class DecideView(ApiView):
    @operation("Approve or reject a plan", id="plans_decide", takes=shapes.DecisionInput, gives=shapes.PlanOutput)
    def post(self, request: Request, plan: str) -> Response:
        decided = plans.decide(self.actor, plan, **self.read(shapes.DecisionInput))
        ring()
        return self.answer(decided, shapes.PlanOutput)


class ReleaseView(ApiView):
    @operation(
        "Release what a guard holds in a plan", id="plans_release", takes=shapes.ReleaseInput, gives=shapes.PlanOutput
    )
    def post(self, request: Request, plan: str) -> Response:
        return self.answer(plans.release(self.actor, plan, **self.read(shapes.ReleaseInput)), shapes.PlanOutput)


class ApplyView(ApiView):
    @operation("Apply an approved plan", id="plans_apply", gives=shapes.PlanOutput)
    def post(self, request: Request, plan: str) -> Response:
        return self.answer(plans.apply_plan(self.actor, plan), shapes.PlanOutput)


class UndoView(ApiView):
    @operation(
        "Plan to take back what a plan changed", id="plans_undo", gives=shapes.PlanOutput,
        status=201,
    )  # fmt: skip
    def post(self, request: Request, plan: str) -> Response:
        made = plans.undo_plan(self.actor, plan)
        return self.answer(made, shapes.PlanOutput, status=201)
