"""Forms drawn from a JSON Schema, and back."""

from __future__ import annotations

from enum import StrEnum

import pytest

from hub.sdk import Fields, field, schema_of
from hub.web.schema_forms import fields_of, values_from


class Size(StrEnum):
    SMALL = "small"
    LARGE = "large"


class Form(Fields):
    address: str = field("Address", placeholder="https://example.com")
    size: Size = field("Size", default=Size.SMALL, help="How large.")
    count: int = field("Count", default=3)
    patience: float | None = field("Patience", default=None)
    loud: bool = field("Loud", default=False, advanced=True)
    note: str = field("Note", default="", lines=3)
    headers: dict[str, str] = field("Headers", default_factory=dict)
    password: str = field("Password", default="", secret=True)


SCHEMA = schema_of(Form)


def test_every_kind_of_field_gets_its_control():
    kinds = {each.name: each.kind for each in fields_of(SCHEMA, values={})}

    assert kinds == {
        "address": "text",
        "size": "choice",
        "count": "number",
        "patience": "number",
        "loud": "check",
        "note": "lines",
        "headers": "json",
        "password": "secret",
    }


def test_a_control_knows_its_words_and_choices():
    by_name = {each.name: each for each in fields_of(SCHEMA, values={"size": "large"})}

    assert by_name["address"].required
    assert by_name["address"].placeholder == "https://example.com"
    assert by_name["size"].options == ("small", "large")
    assert by_name["size"].value == "large"
    assert by_name["size"].help == "How large."
    assert by_name["loud"].advanced


def test_a_secret_is_never_shown_only_that_it_is_there():
    secret = fields_of(SCHEMA, values={"password": "sesame"}, secrets_set=["password"])[-1]

    assert secret.is_set
    assert "sesame" not in repr(secret)


def test_errors_stand_at_their_fields():
    errors = [{"pointer": "/settings/headers/X~1Y", "code": "type", "detail": "This should be text."}]

    by_name = {each.name: each for each in fields_of(SCHEMA, values={}, errors=errors)}  # type: ignore[arg-type]

    assert by_name["headers"].errors == ("This should be text.",)
    assert by_name["headers"].described_by == "field-headers-help field-headers-wrong"


def test_what_was_filled_in_becomes_values():
    answers = {
        "settings.address": " https://a.example ",
        "settings.size": "large",
        "settings.count": "7",
        "settings.patience": "1.5",
        "settings.loud": "true",
        "settings.note": "one\r\ntwo",
        "settings.headers": '{"A": "b"}',
        "settings.password": " with spaces ",
    }

    values = values_from(SCHEMA, answers)

    assert values == {
        "address": "https://a.example",
        "size": "large",
        "count": 7,
        "patience": 1.5,
        "loud": True,
        "note": "one\ntwo",
        "headers": {"A": "b"},
        "password": " with spaces ",
    }
    assert Form.model_validate(values).count == 7


def test_what_is_empty_has_no_value_and_a_kept_secret_is_not_mentioned():
    assert values_from(SCHEMA, {"settings.address": "", "settings.password": ""}) == {"loud": False}


def test_a_secret_is_removed_when_asked():
    assert values_from(SCHEMA, {"remove.password": "true"})["password"] == ""


@pytest.mark.parametrize(("name", "text"), [("count", "many"), ("headers", "{")])
def test_a_value_of_the_wrong_kind_is_passed_on_to_be_refused(name, text):
    assert values_from(SCHEMA, {f"settings.{name}": text})[name] == text
