"""Rule tables go to a spreadsheet and come back as they were."""

from __future__ import annotations

import pytest

from workflows.rules.csv_form import from_csv, to_csv
from workflows.rules.lines import SheetError

TABLE = {
    "match": "all",
    "columns": [
        {"name": "unit (old)", "kind": "text"}, {"name": "amount", "kind": "number"},
        {"name": "vip", "kind": "boolean"}, {"name": "since", "kind": "date"}, {"name": "groups", "kind": "group"},
    ],
    "rows": [
        {"when": {"unit (old)": ["life", "=1+1"], "amount": {"above": 3, "max": 9}, "vip": True},
         "give": {"queue": "4711", "copies": 2, "groups": ["a", "b"]}, "note": "Says \"so\", and\nmore"},
        {"when": {"since": {"min": "2026-01-01"}, "groups": {"all": ["x", "y"]}, "unit (old)": "a|b"},
         "give": {"queue": "=cmd|' /C calc'!A0", "extra": {"deep": [1, ""]}}},
        {"when": {"amount": [-1, 2.5]}, "give": {"mixed": "text"}},
        {"when": {}, "give": {"mixed": 5, "urgent": False}},
    ],
    "default": {"queue": "by-hand"},
}  # fmt: skip


def test_a_table_comes_back_from_csv_as_it_was() -> None:
    assert from_csv(to_csv(TABLE)) == TABLE
    assert from_csv("\ufeff" + to_csv(TABLE)) == TABLE


def test_no_cell_begins_like_a_formula() -> None:
    assert ",=" not in to_csv(TABLE)
    assert "'=cmd" in to_csv(TABLE)


def test_a_hand_made_table_is_read() -> None:
    text = 'row,unit,amount (number),-> queue,-> copies (number)\n1,life | health,"{""min"": 3}",large,2\n'
    text += "default,,,by-hand,1\n"
    assert from_csv(text) == {
        "match": "first",
        "columns": [{"name": "unit", "kind": "text"}, {"name": "amount", "kind": "number"}],
        "rows": [
            {"when": {"unit": ["life", "health"], "amount": {"min": 3}}, "give": {"queue": "large", "copies": 2}}
        ],
        "default": {"queue": "by-hand", "copies": 1},
    }


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("row,amount (number),-> q\n1,many,a\n", "line 2, column amount"),
        ("row,amount (number),-> q\n1,{broken,a\n", "line 2, column amount"),
        ("row,unit,-> copies (number)\n1,a,\n2,b,two\n", "line 3, column copies"),
        ("row,unit (colour),-> q\n", "line 1, column unit (colour)"),
        ("row,unit,unit,-> q\n", "line 1, column unit"),
        ("unit,-> q\na,b\n", "line 1, column unit"),
        ("row,unit,-> q\ndefault,life,a\n", "line 2, column row"),
        ("row,unit,-> q\n1,a,b,c,d\n", "line 2, column 5"),
        ("", ""),
    ],
)
def test_a_mistake_is_named_by_line_and_column(text: str, place: str) -> None:
    with pytest.raises(SheetError) as caught:
        from_csv(text)
    assert place in [each[0] for each in caught.value.problems]
