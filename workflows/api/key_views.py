"""Business keys by API."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.paging import Page, page_of
from hub.api.schema import operation
from hub.api.serializers import paged
from hub.api.views import ApiView
from workflows.api import key_shapes as shapes
from workflows.services import keys, runs


class KeysView(ApiView):
    @operation("List business keys", id="keys_list", gives=shapes.KeysOutput)
    def get(self, request: Request) -> Response:
        return self.answer({"keys": keys.list_keys(self.actor)}, shapes.KeysOutput)


class ValuesView(ApiView):
    @operation("List values of a business key", id="keys_values", gives=shapes.ValuesOutput, query=shapes.ValuesQuery)
    def get(self, request: Request, key: str) -> Response:
        found = keys.offered_values(self.actor, key, search=self.query.get("search", ""))
        return self.answer({"values": found}, shapes.ValuesOutput)


class TimelineView(ApiView):
    @operation(
        "Show what happened to one person, template or job", id="keys_timeline", gives=paged(shapes.ChapterOutput),
        query=shapes.TimelineQuery,
        description="The runs with this value of the business key, the newest first, each with what it did.",
    )  # fmt: skip
    def get(self, request: Request, key: str) -> Response:
        found = page_of(runs.list_runs(self.actor, key=key, value=self.query["value"]), self.query)
        return self.page(Page(keys.chapters_of(self.actor, found.items), found.next_cursor), shapes.ChapterOutput)
