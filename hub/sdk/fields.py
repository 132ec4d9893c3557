"""Typed fields of an action, an event source, a resource or a sign-in, and the JSON Schema made from them.

The platform and the browser speak only JSON Schema 2020-12. What JSON Schema has no word for travels in
`x-` keywords: `x-choices` (name of a live choice list), `x-lines` (height of a text field), `x-secret` (sealed,
never shown again), `x-form` (what its pattern asks for, in words), `x-depends-on` (fields whose values the live
choices need), `x-placeholder`, `x-advanced`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import PydanticUndefined


class Fields(BaseModel):
    """Base of every Input, Output, Key and Body. Unknown fields are refused, values are not silently changed."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class OpenFields(BaseModel):
    """For what a service returns: fields we do not know are kept, so that nothing it said is lost."""

    model_config = ConfigDict(extra="allow", frozen=True, populate_by_name=True)


class Misfit(ValueError):
    """Fields that are wrong together, or missing for what others say; for `model_validator`. Names them."""

    def __init__(self, message: str, *fields: str) -> None:
        super().__init__(message)
        self.fields = fields


def field(
    title: str,
    *,
    default: Any = PydanticUndefined,
    default_factory: Any = None,
    help: str = "",
    choices: str = "",
    depends_on: Sequence[str] = (),
    lines: int = 1,
    secret: bool = False,
    placeholder: str = "",
    form: str = "",
    advanced: bool = False,
    part: bool = False,
    **constraints: Any,
) -> Any:
    """Declare a field with the words a person sees. Constraints (`ge`, `max_length`, ...) are pydantic's.

    `form` says in words what a `pattern` asks for: "an address that begins with https://".
    `part` says that the value names a part of the service, such as a domain, to which a delegate may be confined.
    """
    extra: dict[str, Any] = {}
    if choices:
        extra["x-choices"] = choices
    if depends_on:
        extra["x-depends-on"] = list(depends_on)
    if lines > 1:
        extra["x-lines"] = lines
    if secret:
        extra["x-secret"] = True
        extra["writeOnly"] = True
    if form:
        extra["x-form"] = form
    if placeholder:
        extra["x-placeholder"] = placeholder
    if advanced:
        extra["x-advanced"] = True
    if part:
        extra["x-part"] = True
    if default_factory is not None:
        constraints["default_factory"] = default_factory
    else:
        constraints["default"] = default
    return Field(title=title, description=help or None, json_schema_extra=extra or None, **constraints)


def parts_named(input: BaseModel) -> frozenset[str] | None:
    """The parts of the service that the fields marked `part` name; None when there is no such field."""
    marked = [
        name
        for name, held in type(input).model_fields.items()
        if isinstance(held.json_schema_extra, dict) and held.json_schema_extra.get("x-part")
    ]
    if not marked:
        return None
    named = [getattr(input, name) for name in marked]
    return frozenset(str(part) for each in named for part in (each if isinstance(each, list) else [each]))


class _Schema(GenerateJsonSchema):
    schema_dialect = "https://json-schema.org/draft/2020-12/schema"


def schema_of(fields: type[BaseModel], *, mode: str = "validation") -> dict[str, Any]:
    """The JSON Schema 2020-12 of a set of fields."""
    made = fields.model_json_schema(
        schema_generator=_Schema, mode="serialization" if mode == "serialization" else "validation"
    )
    made.setdefault("$schema", _Schema.schema_dialect)
    return made


def secret_names(fields: type[BaseModel]) -> frozenset[str]:
    """The names of the fields that are sealed."""
    return frozenset(
        name
        for name, info in fields.model_fields.items()
        if isinstance(info.json_schema_extra, dict) and info.json_schema_extra.get("x-secret")
    )
