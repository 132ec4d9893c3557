"""Owners of templates by API."""

from __future__ import annotations

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.schema import operation
from hub.api.serializers import Input, PageQuery, paged
from hub.api.views import ApiView
from workflows.models import TemplateOwner
from workflows.services import owners


class OwnerQuery(PageQuery):
    domain = serializers.CharField(required=False)
    owner = serializers.CharField(required=False, help_text="The directory's id of a person.")


class OwnerInput(Input):
    exstream = serializers.CharField(max_length=63, help_text="The slug of a connection.")
    domain = serializers.CharField(max_length=255)
    resource = serializers.CharField(max_length=100)
    owner = serializers.CharField(max_length=320, allow_blank=True, help_text="The directory's id of a person.")
    review_on = serializers.DateField(required=False, allow_null=True, default=None)
    name = serializers.CharField(required=False, max_length=255, allow_blank=True, default="")


class OwnerOutput(serializers.ModelSerializer[TemplateOwner]):
    class Meta:
        model = TemplateOwner
        fields = ["id", "exstream", "domain", "resource", "name", "owner", "review_on", "set_at"]


class OwnersView(ApiView):
    @operation("List who owns which template", id="owners_list", gives=paged(OwnerOutput), query=OwnerQuery)
    def get(self, request: Request) -> Response:
        wanted = {name: str(self.query[name]) for name in ("domain", "owner") if name in self.query}
        return self.page(owners.list_owners(self.actor, **wanted), OwnerOutput)

    @operation("Say who owns a template", id="owners_set", takes=OwnerInput, gives=OwnerOutput)
    def put(self, request: Request) -> Response:
        return self.answer(owners.set_owner(self.actor, **self.read(OwnerInput)), OwnerOutput)
