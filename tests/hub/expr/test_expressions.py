"""What an expression may do, and what it may not."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.expr import ExpressionError, evaluate, expressions_in, problems

SCOPE = {"trigger": {"name": "Amara", "count": 3, "nothing": None, "tags": ["a", "b"]}, "steps": {}}


def test_text_takes_the_value_between_braces() -> None:
    assert evaluate("Dear {{ trigger.name }}, {{trigger.count}} letters", SCOPE) == "Dear Amara, 3 letters"


def test_a_whole_value_keeps_its_type() -> None:
    assert evaluate({"to": "=trigger.tags", "n": "=trigger.count + 1"}, SCOPE) == {"to": ["a", "b"], "n": 4}


def test_two_equal_signs_are_a_plain_one() -> None:
    assert evaluate("==trigger.name", SCOPE) == "=trigger.name"


def test_objects_and_quoted_braces_may_stand_between_braces() -> None:
    assert evaluate('{{ {"a": {"b": "}}"}}.a.b }}', SCOPE) == "}}"


def test_a_missing_value_is_an_error_with_its_place_and_a_way_out() -> None:
    with pytest.raises(ExpressionError, match=r"input/mail: trigger.mail has no value here.*default"):
        evaluate({"mail": "=trigger.mail"}, SCOPE, place="input")


def test_a_default_or_an_explicit_null_is_a_value() -> None:
    assert evaluate('=trigger.mail ?? "none"', SCOPE) == "none"
    assert evaluate("=trigger.nothing", SCOPE) is None


def test_every_expression_that_cannot_be_read_is_named() -> None:
    found = problems({"a": "=1 +", "b": ["fine", "{{ ( }}"], "c": "{{ open"}, "input")

    assert [each.place for each in found] == ["input/a", "input/b/1", "input/c"]


def test_the_expressions_of_a_value_are_listed_with_their_places() -> None:
    assert list(expressions_in({"a": ["x {{ b }}", "=c"]})) == [("a/0", " b "), ("a/1", "c")]


@pytest.mark.parametrize(
    "attack",
    [
        "( $f := function($x) { 1 + $f($x) }; $f(1) )",
        "( $f := function($x) { $f($x) }; $f(1) )",
        '$pad("x", 2000000000)',
        "$sum([1..10000000])",
        '( $d := function($s, $n) { $n = 0 ? $s : $d($s & $s, $n - 1) }; $d("ab", 40) )',
        '$match("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", /^(a+)+$/) ~> $string',
        "(" * 20_000 + "1" + ")" * 20_000,
    ],
)
def test_an_attack_ends_soon_and_says_that_it_failed(attack: str) -> None:
    began = time.process_time()
    with pytest.raises(ExpressionError, match=r"\.$"):
        evaluate(f"={attack}", SCOPE)
    assert time.process_time() - began < 5


@given(st.recursive(st.none() | st.booleans() | st.integers(-99, 99) | st.text("ab =."), st.lists))
def test_a_value_without_expressions_stays_what_it_is(value: object) -> None:
    if not (isinstance(value, str) and value.startswith("=")) and "=" not in str(value):
        assert evaluate(value, {}) == value
