"""Deliveries and opt-outs by API."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.schema import operation
from hub.api.serializers import PageQuery, paged
from hub.api.views import ApiView
from workflows.api import notice_shapes as shapes
from workflows.engine.bell import ring
from workflows.services import notices


class DeliveriesView(ApiView):
    @operation(
        "List deliveries", id="deliveries_list", gives=paged(shapes.DeliveryOutput), query=shapes.DeliveryQuery
    )
    def get(self, request: Request) -> Response:
        names = ("notice", "state", "person", "reason")
        wanted = {name: str(self.query[name]) for name in names if name in self.query}
        rows = notices.list_deliveries(self.actor, **wanted)
        return self.page(rows, shapes.DeliveryOutput)


class UntoldView(ApiView):
    @operation("List what nobody was told", id="notices_untold", gives=paged(shapes.NoticeOutput), query=PageQuery)
    def get(self, request: Request) -> Response:
        return self.page(notices.untold(self.actor), shapes.NoticeOutput)


class SettleDeliveryView(ApiView):
    @operation(
        "Say whether a delivery arrived", id="deliveries_settle", takes=shapes.SettledDeliveryInput,
        gives=shapes.DeliveryOutput,
    )  # fmt: skip
    def post(self, request: Request, delivery: str) -> Response:
        settled = notices.settle(self.actor, delivery, **self.read(shapes.SettledDeliveryInput))
        ring(task="workflows.tell")
        return self.answer(settled, shapes.DeliveryOutput)


class OptOutsView(ApiView):
    @operation("List opt-outs", id="opt_outs_list", gives=paged(shapes.OptOutOutput), query=PageQuery)
    def get(self, request: Request) -> Response:
        return self.page(notices.list_opt_outs(self.actor), shapes.OptOutOutput)

    @operation(
        "Opt somebody out", id="opt_outs_make", takes=shapes.OptOutInput, gives=shapes.OptOutOutput, status=201
    )
    def post(self, request: Request) -> Response:
        made = notices.opt_out(self.actor, **self.read(shapes.OptOutInput))
        return self.answer(made, shapes.OptOutOutput, status=201)


class OptOutView(ApiView):
    @operation("Take an opt-out back", id="opt_outs_end", status=204)
    def delete(self, request: Request, opt_out: str) -> Response:
        notices.opt_in(self.actor, opt_out)
        return Response(status=204)
