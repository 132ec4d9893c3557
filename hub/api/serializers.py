"""Bases of what the API takes and gives."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NoReturn

from rest_framework import serializers

from hub.api.paging import LARGEST_LIMIT, USUAL_LIMIT
from hub.sdk.sentence import Sentence


class Input(serializers.Serializer[Any]):
    """What a request's body holds. A field that is not declared is refused, because it may be a misspelt one."""

    called = "field"

    def to_internal_value(self, data: Any) -> Any:
        errors: dict[str, list[str]] = {}
        if isinstance(data, Mapping):
            known = ", ".join(name for name, field in self.fields.items() if not field.read_only)
            errors = {
                str(name): [f"There is no such {self.called}. The {self.called}s are: {known or 'none'}."]
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


class Choice(serializers.ChoiceField):
    """One of some words; whoever gives another one is told which there are."""

    def fail(self, key: str, **given: Any) -> NoReturn:
        if key != "invalid_choice":
            super().fail(key, **given)
        detail = f"This should be one of: {', '.join(map(str, self.choices))}."
        raise serializers.ValidationError(detail, code=key)


class Moment(serializers.DateTimeField):
    """A time with its zone; a day alone is its beginning in UTC."""

    default_error_messages = {
        "invalid": "This should be a time, such as 2026-03-31T09:00:00Z, or a day, such as 2026-03-31."
    }

    def __init__(self, **given: Any) -> None:
        super().__init__(input_formats=["iso-8601", "%Y-%m-%d"], **given)


def known(name: str, offered: Iterable[str], kind: str) -> str:
    """The name, when there is such a thing. Raises ValidationError, with names that look like it."""
    among = list(offered)
    if name in among:
        return name
    close = difflib.get_close_matches(name, among, n=1)
    hint = f' Did you mean "{close[0]}"?' if close else ""
    raise serializers.ValidationError(f'There is no {kind} "{name}" here.{hint}', code="unknown")


class Query(Input):
    """The parameters of an address. The view finds their values in `self.query`; an empty one counts as not given."""

    called = "parameter"


_LIMIT = f"This should be a whole number from 1 to {LARGEST_LIMIT}."


class PageQuery(Query):
    """The parameters of a list; subclasses add their filters. `ApiView.page` follows these two."""

    limit = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=LARGEST_LIMIT,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value", "max_string_length"), _LIMIT),
        help_text=f"How many at most, from 1 to {LARGEST_LIMIT}. Usually {USUAL_LIMIT}.",
    )
    cursor: serializers.Field[Any, Any, Any, Any] = serializers.CharField(
        required=False, help_text="The `next_cursor` of the page before."
    )


class Output(serializers.Serializer[Any]):
    """What an answer holds. Fields are read from attributes or from the keys of a mapping."""


class PartsField(serializers.Field[Any, Any, Any, Any]):
    """How a sentence was made, so that it can be said in another language; null when it is said as it is."""

    def __init__(self, **given: Any) -> None:
        super().__init__(read_only=True, **given)

    def to_representation(self, value: Any) -> dict[str, Any] | None:
        return value.parts if isinstance(value, Sentence) else None


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


_PARTS = "Where the sentence can be said in another language: its `text`, and the `values` that are filled in."


class FieldProblemOutput(Output):
    pointer = serializers.CharField(help_text="JSON pointer into the body, or the name of the query's parameter.")
    code = serializers.CharField()
    detail = serializers.CharField()
    detail_parts = serializers.DictField(required=False, help_text=_PARTS)


class ProblemOutput(Output):
    """A problem (RFC 9457). `code` is stable; the sentences are for people."""

    type = serializers.CharField()
    code = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    detail_parts = serializers.DictField(required=False, help_text=_PARTS)
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
