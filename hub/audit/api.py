"""The audit trail by API."""

from __future__ import annotations

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.paging import NO_CURSOR, Page, limit_of
from hub.api.schema import operation
from hub.api.serializers import Input, Moment, Output, PageQuery, paged
from hub.api.views import ApiView
from hub.audit.models import AuditEntry
from hub.audit.services import list_entries, verify_trail


class AuditQuery(PageQuery):
    verb = serializers.CharField(
        required=False, help_text='One verb, or the beginning of some, with its dot: "connection.".'
    )
    by = serializers.UUIDField(required=False, help_text="The id of the person who did it.")
    target_type = serializers.CharField(required=False, help_text='Of what it was done to, such as "connection".')
    target = serializers.CharField(required=False, help_text="The id of what it was done to.")
    since = Moment(required=False, help_text="From this time on.")
    until = Moment(required=False, help_text="Before this time.")

    def validate_cursor(self, cursor: str) -> int:
        """The number of the page's last entry."""
        if not (cursor.isascii() and cursor.isdigit() and 0 < int(cursor[:20]) < 2**62):
            raise serializers.ValidationError(NO_CURSOR, code="cursor")
        return int(cursor)


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
    @operation(
        "List the audit trail, the newest first", id="audit_list", gives=paged(AuditEntryOutput), query=AuditQuery
    )
    def get(self, request: Request) -> Response:
        limit, cursor = limit_of(self.query), self.query.get("cursor")
        wanted = {name: value for name, value in self.query.items() if name not in {"limit", "cursor"}}
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
