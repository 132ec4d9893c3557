"""Alerts by API."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.schema import operation
from hub.api.serializers import PageQuery, paged
from hub.api.views import ApiView
from workflows.api import alert_shapes as shapes
from workflows.services import alerts


class AlertsView(ApiView):
    @operation("List what is not well", id="alerts_list", gives=paged(shapes.AlertRuleOutput), query=PageQuery)
    def get(self, request: Request) -> Response:
        return self.page(alerts.list_alerts(self.actor), shapes.AlertRuleOutput)


class AlertRulesView(ApiView):
    @operation(
        "List a workflow's alert rules", id="alert_rules_list", gives=paged(shapes.AlertRuleOutput), query=PageQuery
    )
    def get(self, request: Request, workflow: str) -> Response:
        return self.page(alerts.list_rules(self.actor, workflow), shapes.AlertRuleOutput)


class AlertRuleView(ApiView):
    @operation(
        "Make or change an alert rule",
        id="alert_rules_set",
        takes=shapes.AlertRuleInput,
        gives=shapes.AlertRuleOutput,
    )
    def put(self, request: Request, workflow: str, kind: str) -> Response:
        made = alerts.set_rule(self.actor, workflow, kind, self.read(shapes.AlertRuleInput))
        return self.answer(made, shapes.AlertRuleOutput)

    @operation("Remove an alert rule", id="alert_rules_remove", status=204)
    def delete(self, request: Request, workflow: str, kind: str) -> Response:
        alerts.remove_rule(self.actor, workflow, kind)
        return Response(status=204)
