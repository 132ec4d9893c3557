"""Membership by way of other groups."""

from __future__ import annotations

from typing import Any

from workflows.reconcile.nesting import Nesting


def group(name: str, *above: str) -> dict[str, Any]:
    return {"uuid": name, "id": name.upper(), "member_of": list(above)}


def test_a_member_of_a_group_is_in_every_group_around_it_and_the_way_is_known() -> None:
    nesting = Nesting([group("team", "unit"), group("unit", "company"), group("company"), group("other")])

    assert nesting.paths(["team"]) == {
        "TEAM": ("TEAM",), "UNIT": ("TEAM", "UNIT"), "COMPANY": ("TEAM", "UNIT", "COMPANY"),
    }  # fmt: skip
    assert nesting.paths([]) == {}


def test_groups_that_contain_each_other_do_no_harm() -> None:
    nesting = Nesting([group("a", "b"), group("b", "c"), group("c", "a", "c")])

    assert set(nesting.paths(["a"])) == set(nesting.paths(["c"])) == {"A", "B", "C"}
    assert nesting.paths(["a"])["C"] == ("A", "B", "C")


def test_the_shortest_way_is_told_and_groups_that_are_not_there_lead_nowhere() -> None:
    nesting = Nesting([group("a", "b"), group("b", "c", "gone"), group("c")])

    assert nesting.paths(["a", "b"])["C"] == ("B", "C")
    assert nesting.paths(["gone"]) == {}


def test_no_way_leads_through_a_group_that_does_not_count() -> None:
    nesting = Nesting([group("exs", "staff"), group("staff")], counts=lambda name: name != "EXS")

    assert nesting.paths(["exs"]) == {}
