"""A plan approved in part: what was left out is not made, and the decision says what it was about."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from openpyxl import load_workbook

from hub.accounts.access import Actor
from hub.api.errors import Conflict, Invalid
from hub.audit.models import AuditEntry
from hub.connections.models import Connection
from tests.shop_connector.service import Shop
from tests.workflows.reconcile.test_plans import shelf
from workflows.models import Change, Plan, PlanState
from workflows.reconcile import applier
from workflows.reconcile.differences import Difference
from workflows.reconcile.planner import Draft, Line, digest_of, store
from workflows.services import plan_changes, plans

__all__ = ["shelf"]
COLOURS = ("red", "green", "blue", "black")


@pytest.fixture
def plan(alice: Actor, shelf: Connection) -> Plan:
    """Four things are put on the shelf: two for the north because of row 1, one for the south, one for nobody."""
    causes: list[dict[str, Any]] = [
        {"rule": 1, "unit": "North", "because": {"in_group": ["Staff > red"]}},
        {"rule": 1, "unit": "North", "because": {"in_group": ["Staff > green"]}},
        {"rule": 2, "unit": "South", "because": {"in_group": ["Staff > blue"]}},
        {"rule": 2, "because": {"in_group": ["Staff > black"]}},
    ]
    lines = [
        Line(shelf, "shop.shelf", f"Thing {colour}", Difference("create", colour, None, _body(colour), cause))
        for colour, cause in zip(COLOURS, causes, strict=True)
    ]
    return store(Draft("Shelves", lines, PlanState.PROPOSED), workspace=alice.workspace)


def _body(colour: str) -> dict[str, Any]:
    return {"name": colour, "count": 1}


def decide(actor: Actor, plan: Plan, *leave_out: dict[str, Any], approve: bool = True) -> Plan:
    return plans.decide(actor, plan.id, approve=approve, digest=plan.digest, leave_out=leave_out)


def left_out(plan: Plan) -> set[str]:
    return set(plan.changes.filter(state="left_out").values_list("key", flat=True))


@pytest.mark.parametrize(
    ("chosen", "left"),
    [
        ([{"positions": [2, 4]}], {"green", "black"}),
        ([{"unit": "North"}], {"red", "green"}),
        ([{"rule": "2"}, {"positions": [1]}], {"blue", "black", "red"}),
        ([{"cause": "Staff > blue"}], {"blue"}),
        ([{"without": "unit"}], {"black"}),
        ([{"unit": "North", "search": "red"}], {"red"}),
    ],
)
def test_rows_and_groups_are_left_out_and_the_rest_is_approved(
    alice: Actor, plan: Plan, chosen: list[dict[str, Any]], left: set[str]
) -> None:
    whole = plan.digest
    assert plan_changes.count_left_out(alice, plan.id, leave_out=chosen) == len(left)
    decided = decide(alice, plan, *chosen)
    assert (decided.state, left_out(plan)) == ("approved", left)
    assert (decided.digest, digest_of(decided)) == (whole, whole), "the plan is what it was"
    assert decided.approved_digest == digest_of(decided, approved_only=True) != whole
    told = AuditEntry.objects.filter(verb="plan.approved").get().detail
    assert (told["left_out"], told["approved_digest"]) == (len(left), decided.approved_digest)


def test_what_was_left_out_is_not_made_and_not_taken_back(alice: Actor, plan: Plan, the_shop: Shop) -> None:
    decide(alice, plan, {"unit": "North"})
    applied = plans.apply_plan(alice, plan.id)
    assert set(the_shop.shelf) == {"ink", "pen", "pad", "blue", "black"}
    assert plans.summary(applied) == {"applied": 2, "left_out": 2}
    undo = plans.undo_plan(alice, plan.id)
    assert set(undo.changes.values_list("key", flat=True)) == {"blue", "black"}


def test_nothing_is_approved_when_nothing_would_be_left(alice: Actor, plan: Plan) -> None:
    with pytest.raises(Conflict, match="Nothing would be left"):
        decide(alice, plan, {"resource": "shop.shelf"})
    with pytest.raises(Conflict, match="as a whole"):
        decide(alice, plan, {"unit": "North"}, approve=False)
    for nothing in ({}, {"unit": "West"}):
        with pytest.raises(Invalid):
            decide(alice, plan, nothing)
    assert (Plan.objects.get().state, left_out(plan)) == ("proposed", set())


def test_nobody_leaves_out_or_brings_back_after_the_decision_not_even_in_the_database(
    alice: Actor, plan: Plan
) -> None:
    decide(alice, plan, {"unit": "North"})
    for was, now in (("left_out", "planned"), ("planned", "left_out")):
        with pytest.raises(DatabaseError), transaction.atomic():
            Change.objects.filter(plan=plan, state=was).update(state=now)
    with pytest.raises(DatabaseError), transaction.atomic():
        Plan.objects.filter(id=plan.id).update(approved_digest="")
    assert applier.begin(plan.id) is not None


def test_changes_are_counted_in_groups_and_sorted(alice: Actor, plan: Plan) -> None:
    def groups(by: str, **wanted: Any) -> list[tuple[str, int]]:
        return [(each["value"], each["count"]) for each in plan_changes.groups_of(alice, plan.id, by=by, **wanted)]

    assert groups("unit") == [("North", 2), ("", 1), ("South", 1)]
    assert groups("rule", unit="North") == [("1", 2)]
    assert groups("kind") == [("shop.shelf", 4)]
    assert groups("state") == [("planned", 4)]
    assert groups("reason") == [("", 4)]
    rows = plan_changes.changes_of(alice, plan.id, sort="-title")
    assert [row.key for row in rows] == ["red", "green", "blue", "black"]


def test_a_plan_leaves_as_a_workbook_whose_cells_are_text(alice: Actor, shelf: Connection, client: Any) -> None:
    line = Line(shelf, "shop.shelf", "=1+1", Difference("create", "x", None, {"name": "\x0b"}, {"rule": 1}))
    made = store(Draft("Shelves", [line], PlanState.PROPOSED), workspace=alice.workspace)
    client.force_login(alice.person)
    answer = client.get(f"/api/v1/plans/{made.id}/changes.xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    head, row = sheet.iter_rows()
    assert [cell.value for cell in head][:4] == ["number", "operation", "kind", "object"]
    assert (row[3].value, row[3].data_type, row[0].value) == ("=1+1", "s", 1)


def test_a_plan_is_printed_with_what_was_decided(alice: Actor, plan: Plan, client: Any) -> None:
    decide(alice, plan, {"unit": "North"})
    client.force_login(alice.person)
    answer = client.get(f"/api/v1/plans/{plan.id}/report.pdf?unit=South")
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")
    assert len(answer.content) > 5000
