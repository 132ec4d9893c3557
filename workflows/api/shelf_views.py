"""Where workflows are kept, who has one open, and the trash."""

from __future__ import annotations

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.schema import operation
from hub.api.serializers import Input, Output
from hub.api.views import ApiView
from workflows.api import serializers as shapes
from workflows.services import presence, shelves


class ShelfInput(Input):
    folder = serializers.CharField(max_length=200, required=False, allow_blank=True, help_text='"a/b" is within "a".')
    tags = serializers.ListField(
        child=serializers.CharField(max_length=60), max_length=shelves.MOST_TAGS, required=False
    )


class ShelvesOutput(Output):
    folders = serializers.ListField(child=serializers.CharField())
    tags = serializers.ListField(child=serializers.CharField())


class PresenceInput(Input):
    leaves = serializers.BooleanField(required=False, default=False)


class PresenceOutput(Output):
    others = serializers.ListField(child=serializers.CharField(), help_text="Who else has it open.")
    revision = serializers.IntegerField(help_text="Of the draft as it is now.")


class ShelvesView(ApiView):
    @operation("List folders and tags in use", id="workflows_shelves", gives=ShelvesOutput)
    def get(self, request: Request) -> Response:
        return self.answer(shelves.in_use(self.actor), ShelvesOutput)


class ShelfView(ApiView):
    @operation("Put a workflow into a folder, or tag it", id="workflows_put_away", takes=ShelfInput,
               gives=shapes.WorkflowSummary)  # fmt: skip
    def put(self, request: Request, workflow: str) -> Response:
        made = shelves.put_away(self.actor, workflow, **self.read(ShelfInput))
        return self.answer(made, shapes.WorkflowSummary)


class TrashView(ApiView):
    @operation("Move a workflow to the trash", id="workflows_trash", gives=shapes.WorkflowSummary,
               description="It goes out of service; its draft, versions and runs stay.")  # fmt: skip
    def post(self, request: Request, workflow: str) -> Response:
        return self.answer(shelves.trash(self.actor, workflow), shapes.WorkflowSummary)


class RestoreView(ApiView):
    @operation("Take a workflow out of the trash", id="workflows_restore", gives=shapes.WorkflowSummary)
    def post(self, request: Request, workflow: str) -> Response:
        return self.answer(shelves.restore(self.actor, workflow), shapes.WorkflowSummary)


class PresenceView(ApiView):
    @operation("Say that one has the draft open, and hear who else has", id="workflows_presence",
               takes=PresenceInput, gives=PresenceOutput)  # fmt: skip
    def post(self, request: Request, workflow: str) -> Response:
        return self.answer(presence.be_present(self.actor, workflow, **self.read(PresenceInput)), PresenceOutput)
