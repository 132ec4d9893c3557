"""Memberships that somebody changed at the directory, after a plan had made them as the rules want them."""

from __future__ import annotations

import pytest

from tests.e2e.stage import Stage
from workflows.models import ChangeState

GROUP, PERSON = "exs.emea-prod.designer@Northwind", "otto.keller@Northwind"


@pytest.fixture
def drifted(stage: Stage) -> Stage:
    """Otto was put into a group by a plan, and taken out by hand."""
    stage.apply()
    stage.set_attribute("otto.keller", "title", "Template designer")
    stage.apply()
    stage.change("POST", f"/users/{PERSON}/memberof/deletionset", {"stringList": [GROUP]})
    return stage


@pytest.mark.parametrize(("policy", "state"), [("enforce", "planned"), ("report", "held"), ("adopt", None)])
def test_what_somebody_took_away_goes_by_the_policy(drifted: Stage, policy: str, state: str | None) -> None:
    drifted.install(drift=policy)

    found = drifted.simulate().changes.filter(key=f"{GROUP}>{PERSON}").first()

    assert (found.state if found else None) == state
    if found:
        assert found.cause["drift"] == "It was changed at the target after it was last applied."


def test_a_new_wish_is_no_drift(drifted: Stage) -> None:
    drifted.install(drift="report")
    drifted.set_attribute("gwen.parry", "title", "Clerk")

    found = drifted.simulate().changes.filter(key__contains="gwen.parry")

    assert {each.state for each in found} == {ChangeState.PLANNED}
    assert all("drift" not in each.cause for each in found)
