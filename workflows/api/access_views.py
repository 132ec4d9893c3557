"""Who sees what, and why, by API."""

from __future__ import annotations

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.errors import Invalid
from hub.api.schema import operation
from hub.api.serializers import Output, Query
from hub.api.views import ApiView
from workflows.services import access_reports


class AccessQuery(Query):
    person = serializers.CharField(required=False, help_text="Id, user name or mail address. Or else:")
    template = serializers.CharField(required=False, help_text="Id or name of a template in Exstream.")


class AccessOutput(Output):
    person = serializers.DictField(required=False, help_text="Whose sight this is.")
    disabled = serializers.BooleanField(required=False, help_text="Then they see nothing.")
    template = serializers.DictField(required=False, help_text="What is seen.")
    domains = serializers.JSONField(
        help_text="Of a person: each with roles, templates and the number of jobs. Of a template: their names."
    )
    people = serializers.ListField(
        required=False, child=serializers.DictField(), help_text="Who sees the template, by which role and group."
    )


class AccessView(ApiView):
    @operation(
        "Say who sees what, and why", id="installations_access", gives=AccessOutput, query=AccessQuery,
        description="For an installation of role-based access: what one person sees, or who sees one template.",
    )  # fmt: skip
    def get(self, request: Request, installation: str) -> Response:
        person, template = self.query.get("person"), self.query.get("template")
        if bool(person) == bool(template):
            raise Invalid("Name either a person or a template.")
        if person:
            return Response(access_reports.of_person(self.actor, installation, person))
        return Response(access_reports.of_template(self.actor, installation, str(template)))
