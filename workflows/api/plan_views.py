"""Plans by API."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.errors import InvalidQuery
from hub.api.paging import Page, limit_of
from hub.api.schema import operation
from hub.api.serializers import paged
from hub.api.views import ApiView
from workflows.api import plan_shapes as shapes
from workflows.api.plan_csv import csv_of
from workflows.engine.bell import ring
from workflows.services import plan_changes, plans

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
        sort, wanted = self.query.get("sort", ""), _filter(self.query)
        rows = plan_changes.changes_of(self.actor, plan, sort=sort, **wanted)
        offset = self.query.get("offset")
        if offset is None and not sort:
            return self.page(rows, shapes.ChangeOutput, newest_first=False)
        if offset is None:
            detail = "A list in another order is gone through by offset. Give one, such as 0."
            raise InvalidQuery(errors=[{"pointer": "/offset", "code": "required", "detail": detail}])
        limit = limit_of(self.query)
        if not sort and not wanted:
            # Changes are numbered from 1 without gaps: however far down, the index leads there.
            return self.page(Page(list(rows.filter(position__gt=offset)[:limit]), None), shapes.ChangeOutput)
        return self.page(Page(list(rows[offset : offset + limit]), None), shapes.ChangeOutput)


class ChangeCountView(ApiView):
    @operation("Count a plan's changes", id="plans_count", gives=shapes.ChangeCountOutput, query=shapes.ChangeFilter)
    def get(self, request: Request, plan: str) -> Response:
        rows = plan_changes.changes_of(self.actor, plan, **_filter(self.query))
        return self.answer({"count": rows.count()}, shapes.ChangeCountOutput)


class ChangesCsvView(ApiView):
    @operation(
        "Export a plan's changes as CSV", id="plans_csv", gives=serializers.CharField(), query=shapes.ChangeFilter
    )
    def get(self, request: Request, plan: str) -> StreamingHttpResponse:
        rows = plan_changes.changes_of(self.actor, plan, **_filter(self.query))
        answer = StreamingHttpResponse(csv_of(rows.iterator(1000)), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="plan-{plan}.csv"'
        return answer


class ChangesXlsxView(ApiView):
    @operation(
        "Export a plan's changes as a workbook", id="plans_xlsx", gives=serializers.CharField(),
        query=shapes.ChangeFilter,
    )  # fmt: skip
    def get(self, request: Request, plan: str) -> FileResponse:
        # Hardly a process writes a workbook or a report: what writes them takes time at every start, and memory.
        from workflows.api.plan_xlsx import xlsx_of

        rows = plan_changes.changes_of(self.actor, plan, **_filter(self.query))
        return FileResponse(
            xlsx_of(rows.iterator(1000)), as_attachment=True, filename=f"plan-{plan}.xlsx", content_type=XLSX
        )


class ReportView(ApiView):
    @operation(
        "Print a plan as PDF", id="plans_pdf", gives=serializers.CharField(), query=shapes.ChangeFilter,
        description="What it is, what was decided, and its first 2,000 changes.",
    )  # fmt: skip
    def get(self, request: Request, plan: str) -> HttpResponse:
        from workflows.services.plan_report import report_of

        wanted = _filter(self.query)
        rows = plan_changes.changes_of(self.actor, plan, **wanted)
        chosen = "; ".join(f"{name} {value}" for name, value in wanted.items())
        made = report_of(plans.get_plan(self.actor, plan), rows, rows.count(), chosen=chosen)
        answer = HttpResponse(made, content_type="application/pdf")
        answer["Content-Disposition"] = f'attachment; filename="plan-{plan}.pdf"'
        return answer


class GroupsView(ApiView):
    @operation(
        "Count a plan's changes in groups", id="plans_groups", gives=shapes.GroupsOutput, query=shapes.GroupQuery
    )
    def get(self, request: Request, plan: str) -> Response:
        found = plan_changes.groups_of(self.actor, plan, by=self.query["by"], **_filter(self.query))
        return self.answer({"groups": found}, shapes.GroupsOutput)


FILTERS = tuple(str(name) for name in shapes.ChangeFilter().fields)


def _filter(query: dict[str, Any]) -> dict[str, str]:
    return {name: query[name] for name in FILTERS if name in query}


class LeaveOutPreviewView(ApiView):
    @operation(
        "Count what would be left out of a plan", id="plans_leave_out_preview", takes=shapes.LeaveOutPreviewInput,
        gives=shapes.ChangeCountOutput,
    )  # fmt: skip
    def post(self, request: Request, plan: str) -> Response:
        count = plan_changes.count_left_out(self.actor, plan, **self.read(shapes.LeaveOutPreviewInput))
        return self.answer({"count": count}, shapes.ChangeCountOutput)


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
