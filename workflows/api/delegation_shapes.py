"""What the API of delegated administration reads and answers."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from hub.api.serializers import Input, Output, Query
from workflows.models import DelegationScope
from workflows.planning.reach import ACTS
from workflows.templates.delegated_administration import acts


class ScopeInput(Input):
    name = serializers.CharField(max_length=100)
    directory = serializers.CharField(max_length=63, help_text="Slug of the connection to the directory.")
    service = serializers.CharField(max_length=63, help_text="Slug of the connection to Exstream.")
    condition = serializers.CharField(
        required=False, allow_blank=True, max_length=2000, help_text='Such as department = "IT"; empty: anybody.'
    )
    group_pattern = serializers.CharField(
        required=False, allow_blank=True, max_length=200, help_text="Such as admins.{region}@Northwind."
    )
    domains = serializers.ListField(
        child=serializers.CharField(max_length=255), min_length=1, help_text="Names, with * and {region}."
    )
    acts = serializers.ListField(
        child=serializers.ChoiceField(ACTS), required=False, help_text="What may be done there. Usually all."
    )


class ScopeOutput(serializers.ModelSerializer[DelegationScope]):
    directory = serializers.CharField(source="directory.slug")
    service = serializers.CharField(source="service.slug")

    class Meta:
        model = DelegationScope
        fields = ["id", "name", "directory", "service", "condition", "group_pattern", "domains", "acts", "created_at",
                  "updated_at"]  # fmt: skip


class ReachOutput(Output):
    domains = serializers.DictField(help_text="By connection and name, each with the acts.")
    read_at = serializers.DateTimeField()


class DomainOutput(Output):
    service = serializers.CharField()
    name = serializers.CharField()
    acts = serializers.ListField(child=serializers.CharField())


class DomainsOutput(Output):
    items = DomainOutput(many=True)


class ResourcesQuery(Query):
    search = serializers.CharField(required=False, help_text="A part of the name.")
    type = serializers.CharField(required=False, help_text="A type, or a group of types such as designer.")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        # "as" is a word of Python's.
        form = serializers.ChoiceField(["json", "csv"], required=False, help_text="csv: the same as a file.")
        return {**super().get_fields(), "as": form}


class RowsOutput(Output):
    items = serializers.ListField(child=serializers.DictField())


class ActInput(Input):
    act = serializers.CharField(help_text=f"One of {', '.join(acts.ACTS)}.")
    domain = serializers.CharField(max_length=400)
    object = serializers.CharField(required=False, max_length=400, help_text="Id of the resource, job and so on.")
    target = serializers.CharField(required=False, max_length=400, help_text="Of promote: the other domain.")
    values = serializers.DictField(required=False, help_text="Further fields of the act.")
    reason = serializers.CharField(required=False, allow_blank=True, max_length=1000)
    across = serializers.BooleanField(required=False, help_text="Ask people first, because it is beyond the border.")
    also = serializers.ListField(
        child=serializers.CharField(max_length=400), required=False, help_text="Further domains that are touched."
    )
