"""What is said of a step with a rule table before it is published."""

from __future__ import annotations

from typing import Any

from tests.workflows.drawing import drawn
from tests.workflows.graph.test_problems import Offered
from workflows.graph.problems import problems

TABLE: dict[str, Any] = {"columns": [{"name": "unit"}], "rows": [{"when": {"unit": "life"}, "give": {"queue": "a"}}]}


def said(**settings: Any) -> list[tuple[str, str]]:
    document = drawn("ask", ask={"kind": "rules", "settings": settings})
    return [(each.code, each.field) for each in problems(document, Offered())]


def test_a_table_with_a_record_for_its_columns_has_no_problem() -> None:
    assert said(table=TABLE, record={"unit": "=trigger.unit"}) == []
    assert said(table=TABLE, items="=trigger.jobs", record={"unit": "=item.unit"}) == []
    assert said(table=TABLE, record="=trigger") == []


def test_a_mistake_in_a_table_is_named_with_its_cell() -> None:
    wrong = {"columns": [{"name": "age", "kind": "number"}], "rows": [{"when": {"age": "old"}, "give": {}}]}
    assert said(table=wrong, record={"age": 1}) == [("table", "settings/table/rows/0/when/age")]
    assert said(table={"columns": [], "rows": {}}, record={}) == [
        ("table", "settings/table/columns"), ("table", "settings/table/rows"),
    ]  # fmt: skip
    assert said(record={}) == [("setting-missing", "settings/table")]


def test_a_row_that_is_never_reached_is_a_problem() -> None:
    hidden = TABLE | {"rows": [{"give": {"queue": "all"}}, *TABLE["rows"]]}
    assert said(table=hidden, record={"unit": "x"}) == [("row-unreachable", "settings/table/rows/1")]


def test_a_record_has_a_value_for_each_column_and_no_other() -> None:
    assert said(table=TABLE, record={"units": 1}) == [
        ("record-missing", "settings/record/unit"), ("record-unknown", "settings/record/units"),
    ]  # fmt: skip


def test_a_table_holds_values_and_no_expressions() -> None:
    table = TABLE | {"rows": [{"give": {"queue": "=trigger.queue"}}]}
    assert ("table", "settings/table/rows/0/give/queue") in said(table=table, record={"unit": "x"})


def test_a_record_reads_an_item_only_where_there_are_items() -> None:
    assert said(table=TABLE, record={"unit": "=item.unit"}) == [("unknown-name", "settings/record/unit")]
