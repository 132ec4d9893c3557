"""Triggers by API."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.schema import operation
from hub.api.views import ApiView
from workflows.api import trigger_shapes as shapes
from workflows.engine.bell import ring
from workflows.services import rewinding, triggers


class TriggersView(ApiView):
    @operation("List a workflow's triggers", id="triggers_list", gives=shapes.TriggersOutput)
    def get(self, request: Request, workflow: str) -> Response:
        return self.answer({"items": triggers.list_triggers(self.actor, workflow)}, shapes.TriggersOutput)


class SecretView(ApiView):
    @operation(
        "Make a new secret for a webhook", id="triggers_secret", takes=None, gives=shapes.SecretOutput, status=201
    )
    def post(self, request: Request, trigger: str) -> Response:
        return self.answer({"secret": triggers.make_secret(self.actor, trigger)}, shapes.SecretOutput, status=201)


class ResetView(ApiView):
    @operation("Forget how far an event source was read", id="triggers_reset", gives=shapes.TriggerOutput)
    def post(self, request: Request, trigger: str) -> Response:
        return self.answer(triggers.reset(self.actor, trigger), shapes.TriggerOutput)


class RewindPreviewView(ApiView):
    @operation(
        "Show what an event trigger would report again", id="triggers_rewind_preview",
        gives=shapes.RewindPreviewOutput, query=shapes.RewindQuery,
    )  # fmt: skip
    def get(self, request: Request, trigger: str) -> Response:
        found = rewinding.preview(self.actor, trigger, since=self.query["since"])
        return self.answer(found, shapes.RewindPreviewOutput)


class RewindView(ApiView):
    @operation(
        "Report again what an event trigger has reported", id="triggers_rewind", takes=shapes.RewindInput,
        gives=shapes.RewindOutput, status=202,
        description="Each delivery since then starts a new run of the published version, with the same input.",
    )  # fmt: skip
    def post(self, request: Request, trigger: str) -> Response:
        count = rewinding.rewind(self.actor, trigger, **self.read(shapes.RewindInput))
        ring()
        return self.answer({"count": count}, shapes.RewindOutput, status=202)


class PreviewView(ApiView):
    @operation("Preview a schedule", id="schedules_preview", takes=shapes.PreviewInput, gives=shapes.PreviewOutput)
    def post(self, request: Request) -> Response:
        given = self.read(shapes.PreviewInput)
        return self.answer(triggers.preview(self.actor, given["settings"]), shapes.PreviewOutput)
