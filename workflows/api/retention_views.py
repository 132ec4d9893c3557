"""Retention by API: rules, sizes, holds."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.schema import operation
from hub.api.serializers import PageQuery, paged
from hub.api.views import ApiView
from workflows.api import retention_shapes as shapes
from workflows.services import retention


class RetentionView(ApiView):
    @operation("Show rules, sizes and forecast", id="retention_get", gives=shapes.OverviewOutput)
    def get(self, request: Request) -> Response:
        return self.answer(retention.overview(self.actor), shapes.OverviewOutput)

    @operation(
        "Set for how long something is kept", id="retention_set_rule", takes=shapes.RuleInput,
        gives=shapes.OverviewOutput,
    )  # fmt: skip
    def put(self, request: Request) -> Response:
        retention.set_rule(self.actor, **self.read(shapes.RuleInput))
        return self.answer(retention.overview(self.actor), shapes.OverviewOutput)


class WorkflowRetentionView(ApiView):
    @operation("Show how long a workflow's runs are kept", id="workflows_retention", gives=shapes.LineOutput)
    def get(self, request: Request, workflow: str) -> Response:
        return self.answer(retention.of_workflow(self.actor, workflow), shapes.LineOutput)


class RunHoldsView(ApiView):
    @operation("List legal holds on runs", id="run_holds_list", gives=paged(shapes.HoldOutput), query=PageQuery)
    def get(self, request: Request) -> Response:
        return self.page(retention.list_holds(self.actor), shapes.HoldOutput)

    @operation(
        "Place a legal hold on runs", id="run_holds_place", takes=shapes.HoldInput, gives=shapes.HoldOutput,
        status=201,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        placed = retention.place_hold(self.actor, **self.read(shapes.HoldInput))
        return self.answer(placed, shapes.HoldOutput, status=201)


class LiftRunHoldView(ApiView):
    @operation("Lift a legal hold on runs", id="run_holds_lift", takes=shapes.LiftInput, gives=shapes.HoldOutput)
    def post(self, request: Request, hold: str) -> Response:
        lifted = retention.lift_hold(self.actor, hold, **self.read(shapes.LiftInput))
        return self.answer(lifted, shapes.HoldOutput)
