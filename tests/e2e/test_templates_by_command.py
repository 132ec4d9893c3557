"""Decide, configure and upgrade by command and by API, as in the gallery."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from hub.accounts.access import Actor
from hub.accounts.roles import Role
from tests.e2e.stage import Stage
from tests.people import join, make_person
from tests.workflows.engine.conftest import work
from workflows.models import Installation, Plan, PlanState, Workflow
from workflows.services import sample, templates, workflows

NAME = "joiner-mover-leaver"


@pytest.fixture
def ada(sandboxed: Stage) -> Actor:
    ada = join(make_person("ada"), sandboxed.actor.workspace, Role)
    join(make_person("amy"), sandboxed.actor.workspace, [Role.APPROVER])
    templates.install(ada, NAME, slug="access", parameters=sample.parameters() | {"needs_approval": True})
    return ada


@pytest.fixture
def template(ada: Actor, capsys: pytest.CaptureFixture[str]) -> Any:
    def said(*words: str) -> str:
        call_command("template", "--workspace", "north", *words)
        return capsys.readouterr().out

    return said


def draft() -> dict[str, Any]:
    made: dict[str, Any] = Workflow.objects.get(slug="access").draft
    return made


def change_here(actor: Actor, **changed: Any) -> None:
    """As somebody does in the designer: the first step, and publish it."""
    held = Workflow.objects.get(slug="access")
    document = held.draft | {"steps": [held.draft["steps"][0] | changed, *held.draft["steps"][1:]]}
    saved = workflows.save_draft(actor, "access", document=document, revision=held.revision)
    workflows.publish(actor, "access", revision=saved.revision)


def test_a_plan_is_looked_at_and_decided_by_somebody_else(template: Any) -> None:
    template("run", "access")
    work()
    plan = Plan.objects.get(step__run__workflow__slug="access")
    assert f"digest {plan.digest}" in template("show", str(plan.id))
    with pytest.raises(CommandError, match="not the plan that you looked at"):
        template("approve", str(plan.id), "--digest", "0" * 64, "--as", "amy")
    with pytest.raises(CommandError, match="cannot approve it"):
        template("approve", str(plan.id), "--digest", plan.digest)
    assert "approved" in template(
        "approve", str(plan.id), "--digest", plan.digest, "--as", "amy", "--comment", "Seen"
    )
    work()
    plan.refresh_from_db()
    assert (plan.state, plan.comment, str(plan.decided_by)) == (PlanState.APPLIED, "Seen", "Amy")


def test_a_rejected_plan_writes_nothing(template: Any, sandboxed: Stage) -> None:
    before = sandboxed.write_counts()
    template("run", "access")
    work()
    plan = Plan.objects.get(step__run__workflow__slug="access")
    assert "rejected" in template("reject", str(plan.id), "--digest", plan.digest, "--as", "amy")
    work()
    assert sandboxed.write_counts() == before


def test_one_parameter_is_set_and_the_others_and_what_was_changed_here_stay(template: Any, ada: Actor) -> None:
    before = Installation.objects.get(slug="access").parameters
    change_here(ada, title="Look at everybody")
    assert "grace_days" in template("configure", "access", "--set", "grace_days=9")
    held = Installation.objects.get(slug="access")
    assert held.parameters == before | {"grace_days": 9}
    assert held.workflow is not None
    assert held.workflow.published is not None
    published = held.workflow.published.document
    assert published["steps"][0]["title"] == "Look at everybody"
    assert '"grace_days": 9' in str(published).replace("'", '"')
    with pytest.raises(CommandError, match="/parameters/grace_days: The value"):
        template("configure", "access", "--set", "grace_days=many")
    with pytest.raises(CommandError, match="no NAME=VALUE"):
        template("configure", "access", "--set", "grace_days")
    with pytest.raises(CommandError, match="colour"):
        template("configure", "access", "--set", "colour=green")
    assert Installation.objects.get(slug="access").parameters["grace_days"] == 9


def test_the_same_by_api(ada: Actor, api: Any) -> None:
    client = api(ada)
    changed = client.patch("/api/v1/installations/access", {"parameters": {"grace_days": 8}})
    assert (changed.status_code, changed.json()["parameters"]["grace_days"]) == (200, 8)
    assert changed.json()["parameters"]["needs_approval"] is True
    wrong = client.patch("/api/v1/installations/access", {"parameters": []})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/parameters")
    shown = client.get("/api/v1/installations/access/upgrade").json()
    assert (shown["merged"]["steps"], shown["conflicts"]) == (shown["theirs"]["steps"], [])


def test_an_upgrade_shows_both_sides_and_keeps_what_was_changed_here(template: Any, ada: Actor) -> None:
    held = Installation.objects.get(slug="access")
    assert held.made is not None
    newest, first, last = held.version, draft()["steps"][0], draft()["steps"][-1]
    # As an older version of the template would have made it.
    older = held.made | {"steps": [first, *held.made["steps"][1:-1], last | {"title": "Of old"}]}
    saved = workflows.save_draft(ada, "access", document=older, revision=Workflow.objects.get(slug="access").revision)
    workflows.publish(ada, "access", revision=saved.revision)
    Installation.objects.filter(slug="access").update(version=newest - 1, made=older)
    change_here(ada, title="Look at everybody")

    said = template("upgrade", "access")
    template_changed, here = said.split("What was changed here:")
    assert f"step {last['id']}: title: 'Of old' ->" in template_changed
    assert f"step {first['id']}: title:" in here.split("What changes in this workflow:")[0]
    assert "Nothing was changed." in said
    assert Installation.objects.get(slug="access").version == newest - 1

    with pytest.raises(CommandError, match="Not changed by both: nobody"):
        template("upgrade", "access", "--apply", "--take", "nobody")
    assert f"Upgraded to version {newest}" in template("upgrade", "access", "--apply")
    assert Installation.objects.get(slug="access").version == newest
    assert draft()["steps"][0]["title"] == "Look at everybody"
    assert draft()["steps"][-1] == last


def test_what_both_changed_is_said_and_yours_stays_unless_the_templates_is_taken(template: Any, ada: Actor) -> None:
    held = Installation.objects.get(slug="access")
    assert held.made is not None
    first = draft()["steps"][0]
    older = held.made | {"steps": [first | {"title": "Of old"}, *held.made["steps"][1:]]}
    Installation.objects.filter(slug="access").update(made=older)
    change_here(ada, title="Ours")
    assert "Changed by both; yours is kept" in (said := template("upgrade", "access"))
    assert said.rstrip().split("\n")[-2].strip() == first["id"]
    template("upgrade", "access", "--apply")
    assert draft()["steps"][0]["title"] == "Ours"
    Installation.objects.filter(slug="access").update(made=older)
    template("upgrade", "access", "--apply", "--take", first["id"])
    assert draft()["steps"][0] == first
