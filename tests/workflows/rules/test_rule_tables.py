"""Rule tables: what matches, what is given, and what is wrong with a table."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.rules import Rules, TableError, analyse, parse
from workflows.rules.analysis import _Search
from workflows.rules.cells import meets
from workflows.rules.evaluation import NoRow, _value

PEOPLE: dict[str, Any] = {
    "columns": [
        {"name": "department"},
        {"name": "age", "kind": "number"},
        {"name": "groups", "kind": "group"},
        {"name": "since", "kind": "date"},
        {"name": "external", "kind": "boolean"},
    ],
    "rows": [
        {"when": {"department": "Claims", "external": True}, "give": {"lane": "guest"}},
        {"when": {"department": ["Claims", "Legal"], "age": {"min": 18, "below": 60}}, "give": {"lane": "a"}},
        {"when": {"department": {"matches": "sales*"}, "groups": "exs.north"}, "give": {"lane": "b"}},
        {"when": {"groups": {"all": ["x", "y"], "not": ["z"]}}, "give": {"lane": "c"}},
        {"when": {"since": {"max": "2020-12-31"}}, "give": {"lane": "d"}},
        {"when": {"department": {"empty": True}}, "give": {"lane": "e"}},
    ],
}


@pytest.mark.parametrize(
    ("record", "lane"),
    [
        ({"department": "Claims", "external": True, "age": 30}, "guest"),
        ({"department": "Legal", "age": 18}, "a"),
        ({"department": "Legal", "age": 60, "since": "2020-12-31"}, "d"),
        ({"department": "Sales South", "groups": ["exs.north", "q"]}, "b"),
        ({"department": "IT", "groups": ["x", "y"]}, "c"),
        ({"department": "IT", "groups": ["x", "y", "z"], "since": "2019-01-01T10:00:00Z"}, "d"),
        ({"department": None}, "e"),
        ({}, "e"),
    ],
)
def test_the_first_row_that_matches_gives(record: dict[str, Any], lane: str) -> None:
    assert Rules(parse(PEOPLE)).decide(record).give == {"lane": lane}


def test_an_unknown_value_never_takes_a_row_by_accident() -> None:
    rules = Rules(parse(PEOPLE))
    with pytest.raises(NoRow, match="department = 'Mars'"):
        rules.decide({"department": "Mars", "age": 30})
    decided = Rules(parse(PEOPLE | {"default": {"lane": "desk"}})).decide({"department": "Mars"})
    assert (decided.give, decided.rows, decided.is_default) == ({"lane": "desk"}, (), True)


def test_a_value_of_another_kind_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="\"age\" is 'old'"):
        Rules(parse(PEOPLE)).decide({"department": "Legal", "age": "old"})


def test_all_matches_give_together_each_value_once() -> None:
    table = {
        "match": "all",
        "columns": [{"name": "job"}],
        "rows": [
            {"when": {"job": "designer"}, "give": {"groups": ["a", "b"]}},
            {"when": {}, "give": {"groups": "b"}},
            {"when": {"job": "clerk"}, "give": {"groups": ["c"]}},
        ],
    }
    decided = Rules(parse(table)).decide({"job": "designer"})
    assert (decided.rows, decided.give) == ((1, 2), {"groups": ["a", "b"]})


def test_an_explanation_names_the_first_column_that_says_no() -> None:
    lines = Rules(parse(PEOPLE)).explain({"department": "Legal", "age": 70})
    assert lines[0] == {"row": 1, "met": False, "column": "department", "asks": "Claims", "has": "Legal"}
    assert lines[1] == {"row": 2, "met": False, "column": "age", "asks": "min 18, below 60", "has": 70}


@pytest.mark.parametrize(
    ("change", "place", "said"),
    [
        ({"rows": [{"when": {"age": "old"}, "give": {}}]}, "rows/0/when/age", "'old', which is no number"),
        ({"rows": [{"when": {"age": {"from": 1}}, "give": {}}]}, "rows/0/when/age", 'has "from"'),
        ({"rows": [{"when": {"age": {"min": 5, "below": 5}}, "give": {}}]}, "rows/0/when/age", "no value can meet"),
        ({"rows": [{"when": {"age": {"min": 5, "above": 5}}, "give": {}}]}, "rows/0/when/age", "both"),
        ({"rows": [{"when": {"job": "x"}, "give": {}}]}, "rows/0/when/job", 'no column "job"'),
        ({"rows": [{"when": {"since": "soon"}, "give": {}}]}, "rows/0/when/since", "no date"),
        ({"rows": [{"when": {"department": []}, "give": {}}]}, "rows/0/when/department", "empty list"),
        ({"columns": [{"name": "a"}, {"name": "a"}], "rows": []}, "columns/1/name", "Two columns"),
    ],
)
def test_a_wrong_table_is_refused_at_each_place(change: dict[str, Any], place: str, said: str) -> None:
    with pytest.raises(TableError) as refused:
        parse(PEOPLE | change)
    assert refused.value.problems[0][0] == place
    assert said in refused.value.problems[0][1]


def findings(*rows: dict[str, Any], **more: Any) -> list[str]:
    columns = [{"name": "job"}, {"name": "age", "kind": "number"}]
    made = [{"when": {k: v for k, v in row.items() if k != "give"}, "give": {"n": n}} for n, row in enumerate(rows)]
    return [
        each.message for each in analyse(parse({"columns": columns, "rows": made} | more)) if each.code != "overlap"
    ]


def test_a_row_below_a_wider_one_is_unreachable() -> None:
    assert findings({"job": ["a", "b"]}, {"job": "a", "age": 5}, {}) == [
        "Row 2 is never reached: rows above it match first."
    ]


def test_a_row_that_several_rows_cover_together_is_unreachable() -> None:
    said = findings({"age": {"min": 10}}, {"age": {"below": 10}}, {"age": {"empty": True}}, {"job": "a"})
    assert said == ["Row 4 is never reached: rows above it match first."]


def test_gaps_are_named_by_their_values() -> None:
    said = findings({"job": "a", "age": {"below": 10}}, {"job": "a", "age": {"above": 10}}, {"job": {"not": ["a"]}})
    assert "No row covers job: a; age: 10." in said
    assert "No row covers job: nothing." in said
    assert findings({"job": "a"}, default={"n": 9}) == []


def test_rows_that_give_different_things_to_the_same_record_are_named() -> None:
    table = {"columns": [{"name": "job"}], "rows": [{"when": {"job": ["a", "b"]}, "give": {"n": 1}},
                                                     {"when": {"job": ["b", "c"]}, "give": {"n": 2}}]}  # fmt: skip
    overlaps = [each for each in analyse(parse(table)) if each.code == "overlap"]
    assert [each.rows for each in overlaps] == [(1, 2)]


_VALUES = st.sampled_from(["a", "b", "ab", "c"])
_NUMBERS = st.integers(0, 4)
_CELLS = {
    "text": st.one_of(
        st.none(), _VALUES, st.lists(_VALUES, min_size=1), st.builds(lambda v: {"not": [v]}, _VALUES),
        st.just({"matches": "a*"}), st.builds(lambda v: {"empty": v}, st.booleans()),
    ),
    "number": st.one_of(
        st.none(), _NUMBERS, st.builds(lambda v: {"min": v}, _NUMBERS), st.builds(lambda v: {"below": v}, _NUMBERS),
        st.builds(lambda a, b: {"above": min(a, b), "below": max(a, b) + 1}, _NUMBERS, _NUMBERS),
    ),
    "group": st.one_of(
        st.none(), _VALUES, st.builds(lambda v: {"all": v}, st.lists(_VALUES, min_size=1)),
        st.builds(lambda v: {"not": v}, st.lists(_VALUES, min_size=1)),
    ),
    "boolean": st.sampled_from([None, True, False]),
}  # fmt: skip
_RECORDS = st.fixed_dictionaries(
    {
        "t": st.one_of(st.none(), _VALUES, st.just("z")),
        "n": st.one_of(st.none(), st.floats(-2, 6, allow_nan=False)),
        "g": st.lists(_VALUES, max_size=3),
        "b": st.sampled_from([None, True, False]),
    }
)
_COLUMNS = [("t", "text"), ("n", "number"), ("g", "group"), ("b", "boolean")]


@st.composite
def tables(draw: Any) -> dict[str, Any]:
    rows = [
        {"when": {name: draw(_CELLS[kind]) for name, kind in _COLUMNS if draw(st.booleans())}, "give": {"n": number}}
        for number in range(draw(st.integers(1, 6)))
    ]
    columns = [{"name": name, "kind": kind} for name, kind in _COLUMNS]
    return {"columns": columns, "rows": rows, "match": draw(st.sampled_from(["first", "all"]))}


@given(tables(), st.lists(_RECORDS, max_size=12))
@settings(max_examples=150, deadline=None)
def test_any_table_decides_as_row_by_row_reading_does(
    given_table: dict[str, Any], records: list[dict[str, Any]]
) -> None:
    table = parse(given_table)
    rules = Rules(table)
    for record in records:
        slow = [
            row.number
            for row in table.rows
            if all(
                meets(cell, _value(column.name, column.kind, record[column.name]))
                for column, cell in zip(table.columns, row.cells, strict=True)
            )
        ]
        assert [row.number for row in rules.matching(record)] == (slow if table.takes_all else slow[:1])
        assert [line["row"] for line in rules.explain(record) if line["met"]] == slow


@given(tables(), st.lists(_RECORDS, max_size=30))
@settings(max_examples=150, deadline=None)
def test_a_gap_is_real_and_what_is_said_to_be_covered_is(
    given_table: dict[str, Any], records: list[dict[str, Any]]
) -> None:
    """Without groups, whose combinations are not all tried, the answer is exact in both directions."""
    for row in given_table["rows"]:
        row["when"].pop("g", None)
    table = parse(given_table | {"match": "first"})
    search = _Search(table)
    search.look((1 << len(table.rows)) - 1, 0, ())
    rules = Rules(table)
    reached = set()
    for record in records:
        matching = [row.number for row in rules.matching(record)]
        if not matching:
            assert search.gaps, f"{record} has no row, but no gap was found"
        reached |= set(matching)
    unreachable = {row.number for row in table.rows if not search.reached >> (row.number - 1) & 1}
    assert not reached & unreachable


def test_a_table_that_is_too_large_to_be_looked_through_says_so() -> None:
    rows = [{"when": {"unit": f"unit {number}"}, "give": {"queue": number}} for number in range(2_001)]
    assert [each.code for each in analyse(parse({"columns": [{"name": "unit"}], "rows": rows}))] == ["not-checked"]


@pytest.mark.parametrize(
    "cells", [["c", {"all": ["a", "b"]}], [{"all": ["a", "b"], "not": ["c"]}], [{"not": ["a"]}, "a"]]
)
def test_a_row_that_some_membership_reaches_is_not_called_unreachable(cells: list[Any]) -> None:
    rows = [{"when": {"g": cell}, "give": {"n": number}} for number, cell in enumerate(cells)]
    found = analyse(parse({"columns": [{"name": "g", "kind": "group"}], "rows": rows}))
    assert [each for each in found if each.code == "unreachable"] == []


def test_numbers_beyond_all_measure_and_dates_with_a_tail_are_refused_at_their_place() -> None:
    for name, cell in (("age", 10**400), ("since", "2026-01-01garbage")):
        with pytest.raises(TableError) as refused:
            parse(PEOPLE | {"rows": [{"when": {name: cell}, "give": {}}]})
        assert refused.value.problems[0][0] == f"rows/0/when/{name}"
