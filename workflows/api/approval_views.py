"""Approvals and deputies by API. Reading changes nothing; a decision is a POST of somebody who signed in."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from hub.administration.signed_in import how_signed_in
from hub.api.schema import operation
from hub.api.serializers import PageQuery, paged
from hub.api.views import ApiView
from workflows.api import approval_shapes as shapes
from workflows.engine.bell import ring
from workflows.models import Approval
from workflows.services import approvals, deputies


class _ApprovalView(ApiView):
    def shown(self, approval: Approval, *, status: int = 200) -> Response:
        return Response(shapes.ApprovalOutput(approval, context={"actor": self.actor}).data, status=status)


class ApprovalsView(_ApprovalView):
    @operation("List approvals", id="approvals_list", gives=paged(shapes.ApprovalSummary), query=shapes.ApprovalQuery)
    def get(self, request: Request) -> Response:
        state, run, search = (self.query.get(name) for name in ("state", "run", "search"))
        if self.query.get("mine"):
            rows = approvals.inbox(self.actor, search=search or "")
        else:
            rows = approvals.list_approvals(self.actor, state=state or "", run=run, search=search or "")
        return self.page(rows, shapes.ApprovalSummary)

    @operation("Ask people", id="approvals_ask", takes=shapes.QuestionInput, gives=shapes.ApprovalOutput, status=201)
    def post(self, request: Request) -> Response:
        return self.shown(approvals.ask(self.actor, self.read(shapes.QuestionInput)["question"]), status=201)


class ApprovalView(_ApprovalView):
    @operation("Show an approval", id="approvals_get", gives=shapes.ApprovalOutput)
    def get(self, request: Request, approval: str) -> Response:
        return self.shown(approvals.get_approval(self.actor, approval))

    @operation(
        "Show something else in a question of yours", id="approvals_revise", takes=shapes.RevisionInput,
        gives=shapes.ApprovalOutput,
    )  # fmt: skip
    def put(self, request: Request, approval: str) -> Response:
        return self.shown(approvals.revise(self.actor, approval, **self.read(shapes.RevisionInput)))


class DecideApprovalView(_ApprovalView):
    @operation("Decide", id="approvals_decide", takes=shapes.ApprovalDecisionInput, gives=shapes.ApprovalOutput)
    def post(self, request: Request, approval: str) -> Response:
        how = how_signed_in(request._request, self.actor)
        made = approvals.decide(self.actor, approval, signed_in=how, **self.read(shapes.ApprovalDecisionInput))
        ring()
        return self.shown(made)


class WithdrawView(_ApprovalView):
    @operation("Take back a question of yours", id="approvals_withdraw", gives=shapes.ApprovalOutput)
    def post(self, request: Request, approval: str) -> Response:
        return self.shown(approvals.withdraw(self.actor, approval))


class DeputiesView(ApiView):
    @operation("List deputies", id="deputies_list", gives=paged(shapes.DeputyOutput), query=PageQuery)
    def get(self, request: Request) -> Response:
        return self.page(deputies.list_deputies(self.actor), shapes.DeputyOutput)

    @operation("Name a deputy", id="deputies_make", takes=shapes.DeputyInput, gives=shapes.DeputyOutput, status=201)
    def post(self, request: Request) -> Response:
        made = deputies.make_deputy(self.actor, **self.read(shapes.DeputyInput))
        return self.answer(made, shapes.DeputyOutput, status=201)


class DeputyView(ApiView):
    @operation("Take a deputy back", id="deputies_end", status=204)
    def delete(self, request: Request, deputy: str) -> Response:
        deputies.end_deputy(self.actor, deputy)
        return Response(status=204)
