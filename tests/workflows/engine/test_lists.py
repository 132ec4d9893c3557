"""Lists are put in order, gathered in groups, and rid of what is there twice; nothing is guessed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.expr import evaluate
from tests.workflows.engine.conftest import error_of, states, work
from workflows.engine import lists
from workflows.graph.graph import Step, step_of
from workflows.models import Run, RunStep

Started = Callable[..., Run]
PEOPLE = [
    {"name": "Ada", "unit": "Life", "amount": 5},
    {"name": "Ben", "unit": "Motor", "amount": 1.5},
    {"name": "Cleo", "unit": "Life", "amount": 2},
    {"name": "Dan", "unit": None, "amount": 1},
]


def made(kind: str, items: Any, **settings: Any) -> list[Any]:
    step: Step = step_of({"id": "a", "kind": kind, "settings": settings})
    return lists.work(step, items, lambda source, place, **names: evaluate(source, names, place=place))


def test_a_list_is_put_in_order_by_several_values_and_what_has_none_comes_last() -> None:
    by = [{"value": "=item.unit", "order": "descending"}, {"value": "=item.amount"}]
    assert [each["name"] for each in made("sort", PEOPLE, by=by)] == ["Ben", "Cleo", "Ada", "Dan"]


def test_a_number_and_a_text_are_not_put_in_order() -> None:
    with pytest.raises(ValueError, match="items 1 and 0 cannot be put in order: they have a text and a number"):
        made("sort", [1, "2"], by=[{"value": "=item"}])


@given(st.lists(st.integers(-5, 5) | st.none()))
def test_sorting_loses_nothing_and_keeps_equal_items_as_they_stood(values: list[int | None]) -> None:
    items = [{"at": at, "value": value} for at, value in enumerate(values)]
    found = made("sort", items, by=[{"value": "=item.value"}])
    assert found == sorted(items, key=lambda each: (each["value"] is None, each["value"] or 0))


def test_what_is_there_twice_is_dropped() -> None:
    items = [{"a": 1, "b": 2}, {"b": 2, "a": 1.0}, {"a": 1}]
    assert made("distinct", items) == [items[0], items[2]]
    assert made("distinct", PEOPLE, by="=item.unit", keep="last") == [PEOPLE[1], PEOPLE[2], PEOPLE[3]]


@given(st.lists(st.integers(0, 3)))
def test_groups_hold_every_item_once(values: list[int]) -> None:
    give = [{"name": "n", "of": "count"}, {"name": "sum", "of": "sum", "value": "=item"}]
    groups = made("group", values, by="=item", give=give)
    assert {each["key"]: each["n"] for each in groups} == Counter(values)
    assert sum(each["sum"] for each in groups) == sum(values)


def test_groups_come_in_the_order_of_their_first_items() -> None:
    asked = {"names": ("list", "=item.name"), "most": ("max", "=item.amount"), "mean": ("average", "=item.amount")}
    give = [{"name": name, "of": of, "value": value} for name, (of, value) in asked.items()]
    assert made("group", PEOPLE, by="=item.unit", give=give) == [
        {"key": "Life", "names": ["Ada", "Cleo"], "most": 5, "mean": 3.5},
        {"key": "Motor", "names": ["Ben"], "most": 1.5, "mean": 1.5},
        {"key": None, "names": ["Dan"], "most": 1, "mean": 1.0},
    ]
    assert made("group", [], give=[{"name": "n", "of": "count"}]) == [{"n": 0}]


def test_a_sum_over_what_is_no_number_fails_and_says_which() -> None:
    with pytest.raises(ValueError, match="sum needs numbers, and value 1 of a group is a text"):
        made("group", [1, "2"], give=[{"name": "n", "of": "sum"}])


def test_they_work_in_a_run_and_say_where_an_expression_is_wrong(started: Started, actor: object) -> None:
    sort = {"kind": "sort", "settings": {"items": "=trigger.people", "by": [{"value": "=item.amount"}]}}
    once = {"kind": "distinct", "settings": {"items": "=steps.a", "by": "=item.unit"}}
    group = {"kind": "group", "settings": {"items": "=steps.b", "give": [{"name": "n", "of": "count"}]}}
    run = started("a -> b -> c", {"people": PEOPLE}, a=sort, b=once, c=group)
    work()
    assert states(run) == {"run": "succeeded", "a": "succeeded", "b": "succeeded", "c": "succeeded"}
    assert RunStep.objects.get(run=run, step="c").output == [{"n": 3}]


@pytest.mark.pain(19)
def test_a_value_that_is_missing_names_its_item(started: Started) -> None:
    run = started("a", a={"kind": "sort", "settings": {"items": "=[{}]", "by": [{"value": "=item.x"}]}})
    work()
    assert error_of(run)["field"] == "settings/by/0/value (item 0)"
