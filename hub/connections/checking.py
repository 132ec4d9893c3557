"""Checking a connection's settings against its connector, field by field, without ever repeating a value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pydantic
from jsonschema import Draft202012Validator

from hub.api.errors import FieldProblem, Invalid
from hub.registry import Connector
from hub.sdk import Misfit
from hub.sdk.schemas import limit_in_words

BASE = "/settings"


def check_settings(connector: Connector, values: dict[str, Any]) -> None:
    """Raise Invalid, with a pointer to each field at fault, unless the connector can work with these values."""
    errors = list(_by_schema(connector, values)) or list(_by_model(connector, values))
    if errors:
        each_once = {(error["pointer"], error["detail"]): error for error in errors}
        raise Invalid(f"The settings do not fit {connector.manifest.name}.", errors=list(each_once.values()))


def split_secrets(connector: Connector, values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The plain values, and those that are sealed. An empty secret counts as none."""
    plain = {name: value for name, value in values.items() if name not in connector.secret_fields}
    secret = {
        name: value for name, value in values.items() if name in connector.secret_fields and value not in (None, "")
    }
    return plain, secret


def hosts_of(connector: Connector, values: dict[str, Any]) -> list[str]:
    """The hosts that a connection with these values talks to, as far as the connector can tell."""
    try:
        return connector.sign_in.hosts(connector.sign_in.Settings.model_validate(values))
    except Exception:  # A third party's code, asked about values that may not fit it.
        return []


def _by_schema(connector: Connector, values: dict[str, Any]) -> Iterator[FieldProblem]:
    for error in sorted(Draft202012Validator(connector.settings_schema).iter_errors(values), key=_order):
        if error.validator == "required":
            for name in error.validator_value:
                if name not in error.instance:
                    yield _problem([*error.absolute_path, name], "required", "This is missing.")
        elif error.validator == "additionalProperties":
            known = error.schema.get("properties", {})
            for name in error.instance:
                if name not in known:
                    yield _problem([*error.absolute_path, name], "unknown-field", "There is no such field.")
        else:
            yield _problem(list(error.absolute_path), _code(error.validator), _sentence(error))


def _by_model(connector: Connector, values: dict[str, Any]) -> Iterator[FieldProblem]:
    """What JSON Schema has no word for, such as two fields that exclude each other."""
    try:
        connector.sign_in.Settings.model_validate(values)
    except pydantic.ValidationError as trouble:
        secrets = [str(values[name]) for name in connector.secret_fields if values.get(name)]
        for error in trouble.errors(include_url=False, include_input=False):
            message = error["msg"].removeprefix("Value error, ").rstrip(".") + "."
            if any(secret in message for secret in secrets):
                message = "This does not fit."
            misfit = error.get("ctx", {}).get("error")
            at: list[list[Any]] = [[name] for name in misfit.fields] if isinstance(misfit, Misfit) else []
            for place in at or [list(error["loc"])]:
                yield _problem(place, error["type"].replace("_", "-"), message)


def _order(error: Any) -> list[str]:
    return [str(part) for part in error.absolute_path]


def _code(validator: object) -> str:
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in str(validator))


def _problem(path: list[Any], code: str, detail: str) -> FieldProblem:
    parts = [str(part).replace("~", "~0").replace("/", "~1") for part in path]
    return {"pointer": "/".join([BASE, *parts]), "code": code, "detail": detail}


def _sentence(error: Any) -> str:
    wanted = error.validator_value
    match error.validator:
        case "type":
            kinds = {"object": "an object", "array": "a list", "string": "text", "integer": "a whole number"}
            kinds |= {"boolean": "true or false", "number": "a number", "null": "nothing"}
            names = [wanted] if isinstance(wanted, str) else list(wanted)
            return f"This should be {' or '.join(kinds.get(name, name) for name in names)}."
        case "enum":
            return f"This should be one of: {', '.join(map(str, wanted))}."
        case "minLength" if wanted == 1:
            return "This is missing."
        case rule:
            words = limit_in_words(str(rule), wanted, error.schema)
            return f"This {words}." if words else "This does not fit any of the forms it may have."
