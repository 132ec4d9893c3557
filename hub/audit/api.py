"""The audit trail by API."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.paging import Page, limit_of
from hub.api.schema import PAGE, operation
from hub.api.serializers import Input, Output, PageQuery, paged
from hub.api.views import ApiView
from hub.audit.models import AuditEntry
from hub.audit.services import list_entries, verify_trail

_QUERY = (
    *PAGE,
    OpenApiParameter("verb", str, description='One verb, or the beginning of some, with its dot: "connection.".'),
    OpenApiParameter("by", str, description="The id of the person who did it."),
    OpenApiParameter("target_type", str),
    OpenApiParameter("target", str, description="The id of what it was done to."),
    OpenApiParameter("since", str, description="From this time on."),
    OpenApiParameter("until", str, description="Before this time."),
)


class AuditQuery(PageQuery):
    verb = serializers.CharField(required=False)
    by = serializers.UUIDField(required=False)
    target_type = serializers.CharField(required=False)
    target = serializers.CharField(required=False)
    since = serializers.DateTimeField(required=False)
    until = serializers.DateTimeField(required=False)
    cursor = serializers.IntegerField(required=False, min_value=1, max_value=2**62)


class ActorOutput(Output):
    kind = serializers.CharField(source="actor_kind", help_text="person, token or system.")
    id = serializers.UUIDField(source="actor_id", allow_null=True)
    name = serializers.CharField(source="actor_name")


class TargetOutput(Output):
    type = serializers.CharField(source="target_type")
    id = serializers.CharField(source="target_id")
    name = serializers.CharField(source="target_name")


class AuditEntryOutput(Output):
    id = serializers.UUIDField()
    number = serializers.IntegerField()
    at = serializers.DateTimeField()
    actor = ActorOutput(source="*")
    verb = serializers.CharField()
    target = TargetOutput(source="*")
    detail = serializers.DictField()
    digest = serializers.CharField()


class VerifyInput(Input):
    noted = serializers.CharField(
        required=False, allow_blank=True, max_length=100, help_text="A head noted earlier: it must still be there."
    )


class VerdictOutput(Output):
    whole = serializers.BooleanField()
    count = serializers.IntegerField()
    head = serializers.CharField(help_text="Note it elsewhere, and give it as `noted` to a later check.")
    breaks = serializers.ListField(child=serializers.CharField())


class AuditView(ApiView):
    @operation("List the audit trail, the newest first", id="audit_list", gives=paged(AuditEntryOutput), query=_QUERY)
    def get(self, request: Request) -> Response:
        query = self.read_query(AuditQuery)
        limit, cursor = limit_of(query), query.get("cursor")
        wanted = {name: value for name, value in query.items() if name not in {"limit", "cursor"}}
        rows = list_entries(self.actor, **wanted)
        if cursor is not None:
            rows = rows.filter(number__lt=cursor)
        found: list[AuditEntry] = list(rows[: limit + 1])
        more = str(found[limit - 1].number) if len(found) > limit else None
        return self.page(Page(found[:limit], more), AuditEntryOutput)


class AuditVerifyView(ApiView):
    @operation("Check that the audit trail is whole", id="audit_verify", takes=VerifyInput, gives=VerdictOutput)
    def post(self, request: Request) -> Response:
        return self.answer(verify_trail(self.actor, **self.read(VerifyInput)), VerdictOutput)
