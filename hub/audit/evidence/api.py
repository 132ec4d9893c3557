"""Evidence by API."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.paging import Page, limit_of
from hub.api.schema import operation
from hub.api.serializers import PageQuery, paged
from hub.api.views import ApiView
from hub.audit.api import VerdictOutput, VerifyInput
from hub.audit.evidence import holding, services, shapes
from hub.audit.evidence.models import Evidence


class RecordsView(ApiView):
    @operation(
        "List evidence, the newest first",
        id="evidence_list",
        gives=paged(shapes.RecordOutput),
        query=shapes.RecordQuery,
    )
    def get(self, request: Request) -> Response:
        chosen = {name: value for name, value in self.query.items() if name not in {"limit", "cursor"}}
        limit, cursor = limit_of(self.query), self.query.get("cursor")
        rows = services.list_records(self.actor, **chosen)
        if cursor is not None:
            rows = rows.filter(number__lt=cursor)
        found: list[Evidence] = list(rows[: limit + 1])
        more = str(found[limit - 1].number) if len(found) > limit else None
        return self.page(Page(found[:limit], more), shapes.RecordOutput)


class FeedsView(ApiView):
    @operation(
        "List what is collected, and how far", id="evidence_feeds", gives=paged(shapes.FeedOutput), query=PageQuery
    )
    def get(self, request: Request) -> Response:
        return self.page(services.list_feeds(self.actor), shapes.FeedOutput)


class VerifyView(ApiView):
    @operation("Check that the evidence is whole", id="evidence_verify", takes=VerifyInput, gives=VerdictOutput)
    def post(self, request: Request) -> Response:
        return self.answer(services.verify(self.actor, **self.read(VerifyInput)), VerdictOutput)


class SeeingView(ApiView):
    @operation(
        "What somebody could see at a time, and why",
        id="evidence_could_see",
        gives=OpenApiTypes.OBJECT,
        query=shapes.SeeingQuery,
    )
    def get(self, request: Request) -> Response:
        return Response(services.could_see(self.actor, **self.query))


class ActsView(ApiView):
    @operation(
        "Who did what, and with what authority", id="evidence_acts", gives=shapes.ActsOutput, query=shapes.ActsQuery
    )
    def get(self, request: Request) -> Response:
        acts = services.acts_about(self.actor, **self.query)
        return self.answer({"acts": acts}, shapes.ActsOutput)


class PacksView(ApiView):
    @operation("List evidence packs", id="evidence_packs_list", gives=paged(shapes.PackOutput), query=PageQuery)
    def get(self, request: Request) -> Response:
        return self.page(services.list_packs(self.actor), shapes.PackOutput)

    @operation(
        "Make an evidence pack", id="evidence_packs_make", takes=shapes.PackInput, gives=shapes.PackOutput, status=201
    )
    def post(self, request: Request) -> Response:
        given = {"chosen": {}, **self.read(shapes.PackInput)}
        return self.answer(services.create_pack(self.actor, **given), shapes.PackOutput, status=201)


class PackContentView(ApiView):
    @operation("Fetch an evidence pack", id="evidence_packs_fetch", gives=OpenApiTypes.BINARY)
    def get(self, request: Request, pack: str) -> HttpResponse:
        held = services.read_pack(self.actor, pack)
        name = f"evidence-{held.made_at:%Y%m%d-%H%M%S}.zip"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(bytes(held.content), content_type="application/zip", headers=headers)


class HoldsView(ApiView):
    @operation("List legal holds", id="evidence_holds_list", gives=paged(shapes.HoldOutput), query=PageQuery)
    def get(self, request: Request) -> Response:
        return self.page(holding.list_holds(self.actor), shapes.HoldOutput)

    @operation(
        "Place a legal hold", id="evidence_holds_place", takes=shapes.HoldInput, gives=shapes.HoldOutput, status=201
    )
    def post(self, request: Request) -> Response:
        given = {"chosen": {}, **self.read(shapes.HoldInput)}
        return self.answer(holding.place_hold(self.actor, **given), shapes.HoldOutput, status=201)


class HoldView(ApiView):
    @operation("Release a legal hold", id="evidence_holds_release", gives=shapes.HoldOutput)
    def delete(self, request: Request, hold: str) -> Response:
        return self.answer(holding.release_hold(self.actor, hold), shapes.HoldOutput)


class RulesView(ApiView):
    @operation("How long the content of evidence is kept", id="evidence_rules_list", gives=shapes.RulesOutput)
    def get(self, request: Request) -> Response:
        return self.answer({"rules": holding.list_rules(self.actor)}, shapes.RulesOutput)

    @operation("Say how long it is kept", id="evidence_rules_set", takes=shapes.RuleInput, gives=shapes.RulesOutput)
    def put(self, request: Request) -> Response:
        holding.set_rule(self.actor, **self.read(shapes.RuleInput))
        return self.answer({"rules": holding.list_rules(self.actor)}, shapes.RulesOutput)
