"""Rule tables are checked while they are written, and carried to a spreadsheet and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from hub.accounts.access import Actor

Api = Callable[..., APIClient]
TABLE: dict[str, Any] = {
    "columns": [{"name": "unit"}],
    "rows": [
        {"when": {"unit": "life"}, "give": {"queue": "a"}},
        {"when": {"unit": ["life"]}, "give": {"queue": "b"}},
    ],
}


def test_a_table_is_checked_as_one_types(api: Api, bob: Actor) -> None:
    told = api(bob).post("/api/v1/rule-tables/check", {"table": TABLE}).json()

    assert told["problems"] == []
    assert {each["code"] for each in told["findings"]} == {"unreachable", "gap", "overlap"}


@pytest.mark.parametrize(
    ("table", "place"),
    [
        ([], ""), ("junk", ""), (None, ""), (5, ""), ({"columns": [{"name": 3}], "rows": []}, "columns/0/name"),
        (TABLE | {"rows": [{"when": {"unit": {"near": 3}}, "give": {}}]}, "rows/0/when/unit"),
        (TABLE | {"rows": [{"when": {"age": 3}, "give": {}}]}, "rows/0/when/age"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place_whatever_is_sent(api: Api, bob: Actor, table: Any, place: str) -> None:
    answer = api(bob).post("/api/v1/rule-tables/check", {"table": table})

    if table is None:
        assert answer.status_code == 422
    else:
        assert (answer.status_code, answer.json()["problems"][0]["place"]) == (200, place)


def test_a_table_goes_to_csv_and_back(api: Api, bob: Actor) -> None:
    client = api(bob)
    text = client.post("/api/v1/rule-tables/to-csv", {"table": TABLE}).json()["csv"]
    table = client.post("/api/v1/rule-tables/from-csv", {"csv": text}).json()["table"]

    assert table["rows"][0] == TABLE["rows"][0]


def test_a_csv_with_mistakes_is_refused_with_line_and_column(api: Api, bob: Actor) -> None:
    answer = api(bob).post("/api/v1/rule-tables/from-csv", {"csv": "row,age (number),-> q\n1,old,a\n"})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["detail"].startswith("line 2, column age: ")


def test_nobody_checks_a_table_without_signing_in(client: Any) -> None:
    assert client.post("/api/v1/rule-tables/check", {}).status_code == 401


def test_a_table_goes_to_excel_and_back(api: Api, bob: Actor) -> None:
    client = api(bob)
    file = client.post("/api/v1/rule-tables/to-xlsx", {"table": TABLE}).json()["xlsx"]
    table = client.post("/api/v1/rule-tables/from-xlsx", {"xlsx": file}).json()["table"]

    assert table["rows"][0] == TABLE["rows"][0]
    answer = client.post("/api/v1/rule-tables/from-xlsx", {"xlsx": "cm93LHVuaXQ="})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/xlsx")
    assert client.post("/api/v1/rule-tables/from-xlsx", {"xlsx": "?"}).status_code == 422


def test_a_record_is_tried_and_each_row_says_why(api: Api, bob: Actor) -> None:
    told = api(bob).post("/api/v1/rule-tables/try", {"table": TABLE, "record": {"unit": "life"}}).json()
    assert (told["rows"], told["give"]) == ([1], {"queue": "a"})
    told = api(bob).post("/api/v1/rule-tables/try", {"table": TABLE, "record": {"unit": "motor"}}).json()
    assert told["matched"] is False
    assert told["trace"][0] == {"row": 1, "met": False, "column": "unit", "asks": "life", "has": "motor"}
    number = {"columns": [{"name": "age", "kind": "number"}], "rows": [{"when": {"age": 3}, "give": {}}]}
    answer = api(bob).post("/api/v1/rule-tables/try", {"table": number, "record": {"age": "old"}})
    assert (answer.status_code, answer.json()["code"]) == (422, "record")
