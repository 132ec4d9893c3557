"""Plans by API."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.schema import operation
from hub.api.serializers import paged
from hub.api.views import ApiView
from workflows.api import serializers as shapes
from workflows.engine.bell import ring
from workflows.services import plans


class PlansView(ApiView):
    @operation("List plans", id="plans_list", gives=paged(shapes.PlanOutput), query=shapes.PlanQuery)
    def get(self, request: Request) -> Response:
        return self.page(plans.list_plans(self.actor, state=self.query.get("state", "")), shapes.PlanOutput)


class PlanView(ApiView):
    @operation("Show a plan", id="plans_get", gives=shapes.PlanOutput)
    def get(self, request: Request, plan: str) -> Response:
        return self.answer(plans.get_plan(self.actor, plan), shapes.PlanOutput)


class ChangesView(ApiView):
    @operation(
        "List a plan's changes", id="plans_changes", gives=paged(shapes.ChangeOutput), query=shapes.ChangeQuery
    )
    def get(self, request: Request, plan: str) -> Response:
        rows = plans.changes_of(self.actor, plan, state=self.query.get("state", ""))
        return self.page(rows, shapes.ChangeOutput, newest_first=False)


class DecideView(ApiView):
    @operation("Approve or reject a plan", id="plans_decide", takes=shapes.DecisionInput, gives=shapes.PlanOutput)
    def post(self, request: Request, plan: str) -> Response:
        decided = plans.decide(self.actor, plan, **self.read(shapes.DecisionInput))
        ring()
        return self.answer(decided, shapes.PlanOutput)


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
