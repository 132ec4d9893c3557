"""Replays of runs by API."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.schema import operation
from hub.api.views import ApiView
from workflows.api import replay_shapes as shapes
from workflows.api.serializers import RunOutput
from workflows.engine.bell import ring
from workflows.services import replays, runs


class PreviewView(ApiView):
    @operation(
        "Say what a replay would do", id="runs_replay_preview", takes=shapes.ReplayInput, gives=shapes.ReplayOutput,
        description="Changes nothing.",
    )  # fmt: skip
    def post(self, request: Request, run: str) -> Response:
        return self.answer(replays.preview(self.actor, run, **self.read(shapes.ReplayInput)), shapes.ReplayOutput)


class ReplayView(ApiView):
    @operation(
        "Replay an ended run", id="runs_replay", takes=shapes.ReplayInput, gives=RunOutput, status=202,
        description="A new run. What was written is not written again.",
    )  # fmt: skip
    def post(self, request: Request, run: str) -> Response:
        made = replays.replay(self.actor, run, **self.read(shapes.ReplayInput))
        ring()
        return self.answer(runs.get_run(self.actor, made.id), RunOutput, status=202)
