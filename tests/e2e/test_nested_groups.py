"""Rules ask for groups, and groups in groups count."""

from __future__ import annotations

from typing import Any

import pytest

from hub.accounts.access import fetch
from hub.api.errors import Invalid
from hub.connections import open_connection
from hub.connections.models import Connection
from hub.registry import catalog
from hub.sdk import Call, Misconfigured
from hub.sdk.sandbox import Fault, FaultKind
from tests.e2e.stage import Stage
from workflows.models import PlanState

STAFF = [{"when": {"in_group": "staff"}, "groups": ["exs.emea-prod.designer"]}]


def directory(stage: Stage, action: str, **given: Any) -> None:
    """Something the directory's administrator does."""
    held = catalog().actions[f"otds.{action}"].implementation
    with open_connection(fetch(stage.actor, Connection, slug="directory")) as opened:
        held.run(held.Input.model_validate(given), opened.client, Call(key="k", timeout_seconds=5))


@pytest.fixture
def nested(stage: Stage) -> Stage:
    """otto.keller is in team, which is in staff, which is in team again."""
    for name in ("staff", "team"):
        directory(stage, "create_group", partition="Northwind", name=name)
    directory(stage, "add_to_group", group="staff@Northwind", member="team@Northwind", kind="group")
    directory(stage, "add_to_group", group="team@Northwind", member="staff@Northwind", kind="group")
    directory(stage, "add_to_group", group="team@Northwind", member="otto.keller@Northwind", kind="user")
    stage.install(rules=STAFF, most_removals=None, most_removals_percent=None)
    return stage


def test_a_person_in_a_group_of_a_group_gets_access_and_the_plan_says_by_which_way(nested: Stage) -> None:
    assert not nested.sees("otto.keller", "emea-prod")

    plan = nested.apply()

    given = plan.changes.get(operation="create", resource="otds.group_members")
    assert given.key == "exs.emea-prod.designer@Northwind>otto.keller@Northwind"
    assert given.cause == {"rule": 1, "because": {"in_group": ["team@Northwind > staff@Northwind"]}}
    assert nested.sees("otto.keller", "emea-prod")
    assert nested.simulate().changes.count() == 0


def test_leaving_the_inner_group_takes_the_access_away(nested: Stage) -> None:
    nested.apply()
    directory(nested, "remove_from_group", group="team@Northwind", member="otto.keller@Northwind", kind="user")

    nested.apply()

    assert not nested.sees("otto.keller", "emea-prod")


def test_groups_that_were_not_read_whole_stop_the_plan_before_any_write(nested: Stage) -> None:
    before = nested.write_counts()
    nested.otds.app.faults.add(Fault(kind=FaultKind.FEWER_ROWS, path="*/groups", times=1))

    assert nested.simulate().state == PlanState.REFUSED
    assert nested.write_counts() == before


def test_a_group_that_is_not_there_stops_the_plan_and_is_named(stage: Stage) -> None:
    stage.install(ask_services=False, rules=[{"when": {"in_group": ["stuff"]}, "groups": ["exs.emea-prod.designer"]}])

    with pytest.raises(Misconfigured, match="stuff@Northwind"):
        stage.simulate()


def test_a_rule_cannot_ask_for_what_the_rules_give(stage: Stage) -> None:
    with pytest.raises(Invalid) as caught:
        stage.install(rules=[{"when": {"in_group": "exs.a"}, "groups": ["exs.b"]}])

    assert [each["pointer"] for each in caught.value.errors] == ["/parameters/rules/0/when/in_group"]
