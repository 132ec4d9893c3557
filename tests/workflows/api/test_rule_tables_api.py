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
