"""Whoever reaches the database with SQL of their own alters no plan that people saw, nor what they decided."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import Error, connection, transaction

from hub.accounts.access import Actor
from hub.connections.models import Connection
from hub.sdk import Proof
from tests.people import make_person
from tests.shop_connector.service import Shop
from tests.workflows.reconcile.test_plans import plan_for, shelf
from workflows.engine import plans
from workflows.models import Plan, PlanState
from workflows.reconcile.guards import Source
from workflows.services.plans import apply_plan

__all__ = ["shelf"]


@pytest.fixture
def plan(alice: Actor, shelf: Connection, the_shop: Shop) -> Plan:
    return plan_for(alice, shelf, {"ink": 1, "pen": 5, "cup": 2})


def _refused(statement: str, *values: Any, match: str) -> None:
    with pytest.raises(Error, match=match), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.parametrize(
    "altered",
    [
        "title = 'Harmless'",
        "subject = 'other/plan'",
        "readings = '[]'",
        'guards = \'[{"guard": "removals", "passed": true, "message": ""}]\'',
        "counts = '{}'",
        "digest = repeat('0', 64)",
        "undoes_id = id",
        "created_at = now()",
        "created_by_id = (SELECT id FROM accounts_person WHERE username = 'mallory')",
        "id = gen_random_uuid()",
    ],
)
def test_a_plan_is_not_altered(plan: Plan, altered: str) -> None:
    make_person("mallory")
    _refused(f"UPDATE workflows_plan SET {altered} WHERE id = %s", plan.id, match="never altered")


@pytest.mark.parametrize("altered", ["title = 'Harmless'", "after = NULL", "position = 99", "cause = '{}'"])
def test_a_line_of_a_plan_is_not_altered(plan: Plan, altered: str) -> None:
    _refused(f"UPDATE workflows_change SET {altered} WHERE plan_id = %s", plan.id, match="never altered")


def test_a_plan_and_its_lines_are_not_removed(plan: Plan) -> None:
    _refused("DELETE FROM workflows_plan WHERE id = %s", plan.id, match="never removed")
    _refused("DELETE FROM workflows_change WHERE plan_id = %s", plan.id, match="never removed")


def test_a_plan_without_lines_is_not_removed(alice: Actor, shelf: Connection, the_shop: Shop) -> None:
    empty = plan_for(alice, shelf, dict.fromkeys(the_shop.shelf, 1))
    assert not empty.changes.exists()

    _refused("DELETE FROM workflows_plan WHERE id = %s", empty.id, match="never removed")


def test_nothing_is_added_to_a_plan(plan: Plan) -> None:
    columns = "connection_id, resource, operation, title, before, after, cause, state, message"
    _refused(
        f"INSERT INTO workflows_change (id, plan_id, position, key, {columns}) "
        f"SELECT gen_random_uuid(), plan_id, 99, 'gun', {columns} FROM workflows_change WHERE plan_id = %s LIMIT 1",
        plan.id,
        match="Nothing is added",
    )


def test_what_a_guard_refused_is_never_approved(alice: Actor, shelf: Connection) -> None:
    refused = plan_for(alice, shelf, {}, source=Source("People", Proof(complete=False)))
    assert refused.state == PlanState.REFUSED

    _refused("UPDATE workflows_plan SET state = 'approved' WHERE id = %s", refused.id, match="stays so")


def test_what_was_decided_is_not_decided_again(plan: Plan) -> None:
    Plan.objects.filter(id=plan.id).update(state=PlanState.PROPOSED)
    assert plans.decide(plan.id, approve=False, comment="Not today.")

    _refused("UPDATE workflows_plan SET state = 'approved' WHERE id = %s", plan.id, match="stays so")
    _refused("UPDATE workflows_plan SET comment = 'Yes!' WHERE id = %s", plan.id, match="decided")
    _refused("UPDATE workflows_plan SET decided_at = NULL WHERE id = %s", plan.id, match="decided")


def test_a_plan_that_stays_as_it_is_can_be_applied(alice: Actor, plan: Plan, the_shop: Shop) -> None:
    apply_plan(alice, plan.id)

    assert Plan.objects.get(id=plan.id).state == PlanState.APPLIED
    assert sorted(the_shop.shelf) == ["cup", "ink", "pen"]
