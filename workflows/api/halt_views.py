"""Stopping and going on by API."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.schema import operation
from hub.api.serializers import PageQuery, paged
from hub.api.views import ApiView
from workflows.api import halt_shapes as shapes
from workflows.engine.bell import ring
from workflows.services import halts


class HaltsView(ApiView):
    @operation("List what is stopped", id="halts_list", gives=paged(shapes.HaltOutput), query=PageQuery)
    def get(self, request: Request) -> Response:
        return self.page(halts.list_halts(self.actor), shapes.HaltOutput)

    @operation(
        "Stop a run, a workflow, a connection, or everything", id="halts_make", takes=shapes.HaltInput,
        gives=shapes.HaltOutput, status=201,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        return self.answer(halts.halt(self.actor, **self.read(shapes.HaltInput)), shapes.HaltOutput, status=201)


class LiftView(ApiView):
    @operation("Let go on what was stopped", id="halts_lift", gives=shapes.HaltOutput)
    def post(self, request: Request, halt: str) -> Response:
        lifted = halts.lift(self.actor, halt)
        ring()
        return self.answer(lifted, shapes.HaltOutput)
