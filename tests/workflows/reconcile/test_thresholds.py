"""What is too much of one kind, in a plan, in a unit, and over time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from workflows.reconcile.thresholds import Count, Held, Threshold, exceeded

CLAIMS = Count(0, "members", "delete", "Claims", 4)
SALES = Count(0, "members", "delete", "Sales", 2)
JOINS = Count(0, "members", "create", "Claims", 90)
SEATS = Count(1, "seats", "delete", "Claims", 1)
ALL = [CLAIMS, SALES, JOINS, SEATS]


def test_only_the_operation_that_goes_beyond_is_held() -> None:
    [(held, said)] = exceeded([Threshold("delete", 5), Threshold("create", 100)], ALL)

    assert held == Held(0, "delete")
    assert said == "members: 6 removals now; the limit is 5."
    assert [held.covers(*each) for each in ((0, "delete", "Sales"), (0, "create", "Sales"), (1, "delete", ""))] == [
        True, False, False,
    ]  # fmt: skip


def test_only_the_unit_that_goes_beyond_is_held() -> None:
    [(held, said)] = exceeded([Threshold("delete", 3, by_unit=True)], ALL)

    assert held == Held(0, "delete", "Claims")
    assert said == "members: 4 removals in Claims now; the limit is 3."
    assert not held.covers(0, "delete", "Sales")


def test_what_was_applied_in_the_window_counts() -> None:
    def history(resource: str, operation: str, window: timedelta) -> Mapping[str, int]:
        assert (resource, operation) in {("members", "delete"), ("seats", "delete")}
        return {"Claims": 3, "": 10} if window == timedelta(days=7) and resource == "members" else {}

    week, day = Threshold("delete", 18, per="7d"), Threshold("delete", 18, per="24h")
    assert [said for _, said in exceeded([week, day], ALL, history)] == [
        "members: 6 removals now and 13 in the last 7d; the limit is 18."
    ]
    by_unit = Threshold("delete", 6, per="7d", by_unit=True, resource="members")
    assert [held.unit for held, _ in exceeded([by_unit], ALL, history)] == ["Claims"]
