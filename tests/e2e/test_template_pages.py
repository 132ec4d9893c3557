"""The pages of templates, as a person clicks through them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from hub.accounts.roles import Role
from tests.e2e.stage import Stage
from tests.people import join, make_person
from tests.workflows.engine.conftest import work
from workflows.models import Installation, Plan
from workflows.services import sample, templates

PAGE = "/templates/joiner-mover-leaver"


@pytest.fixture(autouse=True)
def nothing_installed(stage: Stage) -> None:
    """What manages the same groups would be in the way."""
    templates.uninstall(stage.actor, sample.SLUG)


def browser(stage: Stage, *roles: Role) -> Client:
    client = Client()
    person = join(make_person("ada"), stage.actor.workspace, roles).person
    assert person is not None
    client.force_login(person)
    return client


def filled(stage: Stage, slug: str = "access", **changed: Any) -> dict[str, str]:
    """The form as somebody fills it in."""
    given = sample.parameters(stage.about) | changed
    boxes = {name: "true" for name, value in given.items() if value is True}
    texts = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in given.items()
        if not isinstance(value, bool)
    }
    return {"slug": slug} | {f"settings.{name}": value for name, value in (boxes | texts).items()}


def test_a_person_installs_simulates_and_runs_a_template(stage: Stage) -> None:
    client = browser(stage, *Role)
    assert "Joiner, mover, leaver provisioning" in client.get("/templates").content.decode()
    assert "What it writes" in client.get(PAGE).content.decode()

    made = client.post(f"{PAGE}/install", filled(stage), follow=True)
    assert "access is installed" in made.content.decode()
    assert Installation.objects.get(slug="access").parameters["rules"] == sample.parameters(stage.about)["rules"]

    plan = client.post("/installations/access/act", {"verb": "simulate"}, follow=True)
    assert "Changes" in plan.content.decode()
    assert stage.write_counts() == (0, 0)

    run = client.post("/installations/access/act", {"verb": "run"}, follow=True)
    work()
    address = run.redirect_chain[-1][0]
    plan_made = Plan.objects.get(step__run__workflow__slug="access")
    steps = client.get(f"/api/v1{address}").json()["steps"]
    assert str(plan_made.id) in [step["plan"] for step in steps]
    assert address in client.get(f"/plans/{plan_made.id}").content.decode()


def test_what_is_wrong_is_shown_at_its_field_and_nothing_typed_is_lost(stage: Stage) -> None:
    client = browser(stage, Role.BUILDER)

    answer = client.post(f"{PAGE}/install", filled(stage, partition="", directory="nowhere", group_prefix="mine."))
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="field-partition-wrong"' in shown
    assert 'value="mine."' in shown
    assert not Installation.objects.filter(slug="access").exists()

    answer = client.post(f"{PAGE}/install", filled(stage, directory="nowhere"))
    assert 'id="field-directory-wrong"' in answer.content.decode()


def test_an_installation_can_be_changed_and_removed(stage: Stage) -> None:
    client = browser(stage, *Role)
    client.post(f"{PAGE}/install", filled(stage))

    assert "exs.emea-prod.designer" in client.get(f"{PAGE}?slug=access").content.decode()
    client.post(f"{PAGE}/install", filled(stage, grace_days=4))
    assert Installation.objects.get(slug="access").parameters["grace_days"] == 4

    gone = client.post("/installations/access/act", {"verb": "remove"}, follow=True).content.decode()
    assert "access is removed" in gone
    assert 'aria-label="Run access"' not in gone


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.APPROVER])
def test_whoever_may_only_look_sees_no_buttons(stage: Stage, role: Role) -> None:
    shown = browser(stage, role).get(PAGE).content.decode()

    assert 'value="run"' not in shown
    assert "Short name" not in shown
