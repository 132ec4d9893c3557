"""Who should have what in the directory benchmark: as rules of the template, and as groups of the directory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.ldap_people import TITLES

DESKS = 40


def access_of(values: dict[str, str]) -> Iterator[str]:
    """The access groups of a person as the rules have them."""
    yield f"exs.{values['title'].lower()}"
    yield f"exs.desk-{int(values['departmentNumber'][1:]) // 10}"


def parameters() -> dict[str, Any]:
    rules: list[dict[str, Any]] = [{"when": {"title": title}, "groups": [f"exs.{title.lower()}"]} for title in TITLES]
    rules += [
        {"when": {"department": [f"D{desk * 10 + each:03d}" for each in range(10)]}, "groups": [f"exs.desk-{desk}"]}
        for desk in range(DESKS)
    ]
    return {
        "directory": "directory", "partition": "Northwind", "group_prefix": "exs.", "rules": rules,
        "most_removals": None, "most_removals_percent": None, "needs_approval": True,
    }  # fmt: skip
