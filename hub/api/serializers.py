"""Bases of what the API takes and gives."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from rest_framework import serializers


class Input(serializers.Serializer[Any]):
    """What a request's body holds. A field that is not declared is refused, because it may be a misspelt one."""

    def to_internal_value(self, data: Any) -> Any:
        errors: dict[str, list[str]] = {}
        if isinstance(data, Mapping):
            known = ", ".join(name for name, field in self.fields.items() if not field.read_only)
            errors = {
                str(name): [f"There is no such field. The fields are: {known or 'none'}."]
                for name in data
                if name not in self.fields or self.fields[name].read_only
            }
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as trouble:
            if not errors:
                raise
            unknown: Any = serializers.ValidationError(errors, code="unknown-field").detail
            raise serializers.ValidationError({**trouble.detail, **unknown}) from None  # type: ignore[dict-item]
        if errors:
            raise serializers.ValidationError(errors, code="unknown-field")
        return value


class PageQuery(Input):
    """The query of a list that also filters: subclasses add their filters. `ApiView.page` checks the two."""

    limit = serializers.CharField(required=False)
    cursor: serializers.Field[Any, Any, Any, Any] = serializers.CharField(required=False)


class Output(serializers.Serializer[Any]):
    """What an answer holds. Fields are read from attributes or from the keys of a mapping."""


class JsonField(serializers.JSONField):
    """Any JSON that PostgreSQL can keep: a NUL character is refused."""

    default_error_messages = {"nul": "A NUL character cannot be kept."}

    def to_internal_value(self, data: Any) -> Any:
        value = super().to_internal_value(data)
        if _has_nul(value):
            self.fail("nul")
        return value


class ObjectField(JsonField):
    """A JSON object."""

    default_error_messages = {"not-an-object": "This should be a JSON object."}

    def to_internal_value(self, data: Any) -> Any:
        value = super().to_internal_value(data)
        if not isinstance(value, dict):
            self.fail("not-an-object")
        return value


class FieldProblemOutput(Output):
    pointer = serializers.CharField(help_text="JSON pointer into the body, or the name of the query's parameter.")
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemOutput(Output):
    """A problem (RFC 9457). `code` is stable; the sentences are for people."""

    type = serializers.CharField()
    code = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = FieldProblemOutput(many=True, required=False)  # type: ignore[assignment]


@cache
def paged(item: type[serializers.BaseSerializer[Any]]) -> type[Output]:
    """The serializer of a page of these."""
    name = f"{item.__name__.removesuffix('Output').removesuffix('Serializer')}PageOutput"
    fields = {
        "items": item(many=True),
        "next_cursor": serializers.CharField(
            allow_null=True, help_text="Give it as `cursor` to get the next page; null on the last one."
        ),
    }
    return type(name, (Output,), fields)


def _has_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        return any("\x00" in str(name) or _has_nul(inner) for name, inner in value.items())
    return isinstance(value, list) and any(_has_nul(inner) for inner in value)
