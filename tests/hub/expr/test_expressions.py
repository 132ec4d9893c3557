"""What an expression may do, and what it may not."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.expr import ExpressionError, compiled, evaluate, expressions_in, problems

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


def test_quotes_and_braces_in_patterns_and_comments_do_not_close_the_braces() -> None:
    assert evaluate("{{ $replace(trigger.name, /['\"]|m/, '') }}!", SCOPE) == "Aara!"
    assert evaluate("{{ trigger.name /* it's }} */ }}!", SCOPE) == "Amara!"
    assert evaluate('{{ $string({"a": {"b": 1}})}}', SCOPE) == '{"a":{"b":1}}'


def test_a_wrong_expression_does_not_hide_the_next_one() -> None:
    found = problems("{{ 1 + }} and {{ trigger.name }} and {{ 2 * }}")

    assert [each.expression.strip() for each in found] == ["1 +", "2 *"]


def test_values_in_text_are_written_as_the_browser_writes_them() -> None:
    assert (
        evaluate("{{ 0.1 + 0.2 }} {{ 1 = 1 }} {{ [1, null] }} {{ trigger.nothing }}|", SCOPE) == "0.3 true [1,null] |"
    )


def test_a_function_that_was_not_called_is_no_value() -> None:
    with pytest.raises(ExpressionError, match=r"is a function. Call it"):
        evaluate("=$now", SCOPE)


@pytest.mark.parametrize("number", [2**53, -(2**53), 12345678901234567])
def test_a_whole_number_that_would_be_changed_is_refused(number: int) -> None:
    with pytest.raises(ExpressionError, match="Send it as text"):
        evaluate({"id": "=trigger"}, {"trigger": {"ids": [number]}})

    assert evaluate("=trigger.id", {"trigger": {"id": 2**53 - 1}}) == 2**53 - 1


def test_the_same_time_and_seed_give_the_same_values() -> None:
    moment = datetime(2026, 3, 1, 9, tzinfo=UTC)
    value = ["=$now()", "=$random()", "=$shuffle([1..20])"]

    assert evaluate(value, {}, now=moment, seed=7) == evaluate(value, {}, now=moment, seed=7)
    assert evaluate("=$now()", {}, now=moment) == "2026-03-01T09:00:00.000Z"


def test_the_scope_is_never_changed() -> None:
    scope = {"trigger": {"items": [{"price": 1}]}}

    assert evaluate("=trigger ~> |items|{'price': 2}|", scope) == {"items": [{"price": 2}]}
    assert scope == {"trigger": {"items": [{"price": 1}]}}


def test_an_expression_tells_what_it_reads() -> None:
    assert compiled("steps.find.mail & trigger.name").reads.paths == {("steps", "find"), ("trigger", "name")}
    assert compiled("($f := function($n) { $n = 0 ? 1 : $f($n - 1) }; $f(3))").reads.variables == frozenset()
    assert compiled("$uppercse(trigger.name)").reads.variables == {"uppercse"}
    assert compiled("$$").reads.paths == frozenset()


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
