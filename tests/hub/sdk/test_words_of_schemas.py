"""What a schema asks for, in words that need no knowledge of schemas."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from hub.api.errors import Invalid
from hub.connections.checking import check_settings
from hub.registry import catalog
from workflows.graph.problem import complaint

CODE = r"^[A-Z]{2}-\d+$"


@pytest.mark.parametrize(
    ("schema", "value", "said"),
    [
        ({"pattern": CODE, "x-form": "a code such as AB-12"}, "x", "should be a code such as AB-12"),
        ({"pattern": CODE, "examples": ["AB-12"]}, "x", "does not have the right form; an example: AB-12"),
        ({"pattern": CODE}, "x", "does not have the right form"),
        ({"minLength": 1}, "", "should not be empty"),
        ({"maxLength": 2}, "abc", "should have at most 2 characters"),
        ({"minItems": 1}, [], "should not be empty"),
        ({"uniqueItems": True}, [1, 1], "should not have the same entry twice"),
        ({"maximum": 3}, 4, "should be at most 3"),
        ({"exclusiveMinimum": 0}, 0, "should be more than 0"),
        ({"type": "integer"}, "4", "must be a whole number"),
    ],
)
def test_a_complaint_is_words(schema: dict[str, Any], value: Any, said: str) -> None:
    [error] = Draft202012Validator(schema).iter_errors(value)

    assert complaint(error) == said


def test_settings_of_a_connection_are_complained_of_in_words() -> None:
    with pytest.raises(Invalid) as caught:
        check_settings(catalog().connector("otds"), {"base_url": "otds.example.com"})

    assert caught.value.errors[0]["detail"] == "This should be an address that begins with https:// or http://."
