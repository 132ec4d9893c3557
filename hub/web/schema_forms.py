"""Forms drawn from a JSON Schema, and their answers turned back into values. Knows nothing of requests.

Text, numbers, yes or no, choices and secrets get a control of their own; whatever is nested is edited as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from hub.api.errors import FieldProblem

PREFIX = "settings."
REMOVE = "remove."


@dataclass(frozen=True)
class FormField:
    """One control. `kind` is text, lines, number, check, choice, secret or json."""

    name: str
    label: str
    kind: str
    value: Any = ""
    help: str = ""
    placeholder: str = ""
    required: bool = False
    advanced: bool = False
    is_set: bool = False
    """A secret that has a value; the value itself is never here."""
    options: tuple[str, ...] = ()
    lines: int = 4
    errors: tuple[str, ...] = field(default=())

    @property
    def input_name(self) -> str:
        return PREFIX + self.name

    @property
    def remove_name(self) -> str:
        return REMOVE + self.name

    @property
    def id(self) -> str:
        return f"field-{self.name.replace('_', '-')}"

    @property
    def described_by(self) -> str:
        parts = [f"{self.id}-help"] if self.help or self.is_set else []
        return " ".join([*parts, *([f"{self.id}-wrong"] if self.errors else [])])


def fields_of(
    schema: Mapping[str, Any],
    *,
    values: Mapping[str, Any],
    secrets_set: Collection[str] = (),
    errors: Collection[FieldProblem] = (),
) -> list[FormField]:
    """The controls for these values. `errors` are shown at the controls they point to."""
    wrong: dict[str, list[str]] = {}
    for error in errors:
        parts = error["pointer"].split("/")
        if parts[:2] == ["", "settings"] and len(parts) > 2:
            wrong.setdefault(parts[2].replace("~1", "/").replace("~0", "~"), []).append(error["detail"])
    return [
        _field(schema, name, given, values, name in secrets_set, tuple(wrong.get(name, ())))
        for name, given in schema.get("properties", {}).items()
    ]


def values_from(schema: Mapping[str, Any], answers: Mapping[str, str]) -> dict[str, Any]:
    """What was filled in. An empty control gives no value; a value of the wrong kind stays text, to be refused."""
    values: dict[str, Any] = {}
    for name, given in schema.get("properties", {}).items():
        kind = _kind(_resolved(schema, given))
        text = answers.get(PREFIX + name, "")
        if kind == "check":
            values[name] = text == "true"
        elif kind == "secret" and answers.get(REMOVE + name) == "true":
            values[name] = ""
        elif text.strip() or (kind == "secret" and text):
            values[name] = _value(kind, text)
    return values


def _field(
    schema: Mapping[str, Any],
    name: str,
    given: Mapping[str, Any],
    values: Mapping[str, Any],
    is_set: bool,
    errors: tuple[str, ...],
) -> FormField:
    resolved = _resolved(schema, given)
    kind = _kind(resolved)
    value = values.get(name, resolved.get("default", ""))
    if kind == "secret":
        value = ""
    elif kind == "json" and not isinstance(value, str):
        value = json.dumps(value, indent=2, ensure_ascii=False) if value else ""
    return FormField(
        name=name,
        label=str(resolved.get("title", name)),
        kind=kind,
        value="" if value is None else value,
        help=str(resolved.get("description", "") or ("As a JSON document." if kind == "json" else "")),
        placeholder=str(resolved.get("x-placeholder", "")),
        required=name in schema.get("required", ()),
        advanced=bool(resolved.get("x-advanced")),
        is_set=is_set and kind == "secret",
        options=tuple(str(option) for option in resolved.get("enum", ())),
        lines=int(resolved.get("x-lines", 4)),
        errors=errors,
    )


def _resolved(schema: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The field with its reference followed, and "or nothing" taken away."""
    merged = dict(given)
    for _ in range(5):
        if "$ref" in merged:
            place = str(merged.pop("$ref")).removeprefix("#/$defs/")
            found = schema.get("$defs", {}).get(place, {})
            # The words of the field itself win over those of the type it refers to.
            merged = {**found, **merged}
        elif isinstance(merged.get("anyOf"), list):
            some = [option for option in merged["anyOf"] if option.get("type") != "null"]
            if len(some) != 1:
                break
            merged = {**some[0], **{key: value for key, value in merged.items() if key != "anyOf"}}
        else:
            break
    return merged


def _kind(given: Mapping[str, Any]) -> str:
    if given.get("x-secret"):
        return "secret"
    if "enum" in given:
        return "choice"
    match given.get("type"):
        case "boolean":
            return "check"
        case "integer" | "number":
            return "number"
        case "string":
            return "lines" if given.get("x-lines", 1) > 1 else "text"
        case _:
            return "json"


def _value(kind: str, text: str) -> Any:
    if kind == "lines":
        return text.replace("\r\n", "\n")
    if kind in {"number", "json"}:
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text if kind == "secret" else text.strip()
