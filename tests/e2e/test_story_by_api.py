"""The story by API: install, simulate, run, approve, read; and the same by command."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from hub.accounts.access import Actor
from hub.accounts.roles import Role
from hub.audit.models import AuditEntry
from hub.sdk.sandbox import Fault, FaultKind
from tests.e2e.stage import Stage
from tests.people import join, make_person
from tests.workflows.engine.conftest import work
from workflows.models import Plan, Run, Trigger
from workflows.services import sample, templates

Api = Callable[..., APIClient]
V1 = "/api/v1"


@pytest.fixture
def stage(sandboxed: Stage) -> Stage:
    """Without what is installed elsewhere, which manages the same groups."""
    return sandboxed


@pytest.fixture
def admin(stage: Stage, api: Api) -> APIClient:
    return api(join(make_person("ada"), stage.actor.workspace, Role))


@pytest.fixture
def approver(stage: Stage, api: Api) -> APIClient:
    return api(join(make_person("amy"), stage.actor.workspace, [Role.APPROVER]))


def install(client: APIClient, stage: Stage, slug: str = "access", **changed: Any) -> Any:
    body = {"slug": slug, "parameters": sample.parameters() | changed}
    return client.post(f"{V1}/templates/joiner-mover-leaver/install", body)


def test_a_template_says_what_it_reads_writes_and_asks_for(admin: APIClient) -> None:
    listed = [each["name"] for each in admin.get(f"{V1}/templates").json()["items"]]
    assert {"joiner-mover-leaver", "secure-approval"} <= set(listed)
    for name in listed:
        shown = admin.get(f"{V1}/templates/{name}").json()
        assert all(shown[part] for part in ("description", "reads", "writes", "limits"))
        assert "schedule" in shown["parameters"]["properties"]
        assert ("events" in shown["parameters"]["properties"]) == (
            name not in {"routing", "audit-evidence", "delegated-administration"}
        ), name
    assert admin.get(f"{V1}/templates/nothing").json()["code"] == "not-found"


def test_a_plan_that_needs_approval_keeps_the_run_waiting_until_somebody_decides(
    admin: APIClient, approver: APIClient, stage: Stage
) -> None:
    assert install(admin, stage, needs_approval=True).status_code == 201
    started = admin.post(f"{V1}/installations/access/run").json()
    work()

    run = admin.get(f"{V1}/runs/{started['id']}").json()
    made, waiting = run["steps"]
    assert (run["state"], made["state"], waiting["state"]) == ("waiting", "succeeded", "waiting")
    assert waiting["explanation"].startswith("Waits for approval of the plan")
    assert waiting["plan"] == made["plan"] == made["output"]["id"]
    plan = admin.get(f"{V1}/plans/{made['plan']}").json()
    assert (plan["run"], plan["step"], plan["state"]) == (run["id"], "plan", "proposed")
    assert stage.write_counts() == (0, 0)

    decision = {"approve": True, "digest": plan["digest"]}
    refused = admin.post(f"{V1}/plans/{plan['id']}/decide", decision)
    assert refused.json()["code"] == "own-plan"
    assert approver.post(f"{V1}/plans/{plan['id']}/decide", decision).status_code == 200
    work()

    run = admin.get(f"{V1}/runs/{run['id']}").json()
    assert run["state"] == "succeeded"
    assert run["steps"][1]["output"]["applied"] == made["output"]["changes"]
    assert stage.write_counts() == (made["output"]["changes"], 0)


def test_a_rejected_plan_writes_nothing_and_the_run_leaves_by_rejected(
    admin: APIClient, approver: APIClient, stage: Stage
) -> None:
    install(admin, stage, needs_approval=True)
    started = admin.post(f"{V1}/installations/access/run").json()
    work()
    plan = Plan.objects.get(step__run_id=started["id"])

    approver.post(f"{V1}/plans/{plan.id}/decide", {"approve": False, "digest": plan.digest})
    work()

    run = admin.get(f"{V1}/runs/{started['id']}").json()
    assert (run["state"], run["steps"][1]["port"]) == ("succeeded", "rejected")
    assert stage.write_counts() == (0, 0)


def test_simulating_plans_and_nothing_more(admin: APIClient, stage: Stage) -> None:
    install(admin, stage)

    plan = admin.post(f"{V1}/installations/access/simulate")
    work()

    assert plan.status_code == 201
    assert plan.json()["run"] is None
    assert stage.write_counts() == (0, 0)


def test_parameters_decide_what_starts_the_workflow(admin: APIClient, stage: Stage) -> None:
    def live() -> set[str]:
        return set(Trigger.objects.filter(workflow__slug="access", is_live=True).values_list("kind", flat=True))

    install(admin, stage)
    assert live() == {"manual", "event", "schedule"}, "every night everybody is looked at, besides the events"
    nightly = Trigger.objects.get(workflow__slug="access", kind="schedule", is_live=True)
    assert nightly.settings["cron"] == "23 2 * * *"
    assert nightly.due_at is not None
    install(admin, stage, schedule=None)
    assert live() == {"manual", "event"}
    install(admin, stage, events=False, schedule={"cron": "0 5 * * *", "zone": "Europe/Berlin"})
    assert live() == {"manual", "schedule"}

    wrong = install(admin, stage, schedule={"cron": "every morning"})
    assert [each["pointer"] for each in wrong.json()["errors"]] == ["/parameters/schedule/cron"]


def test_installing_again_makes_a_new_version_of_the_same_workflow(admin: APIClient, stage: Stage) -> None:
    first, second = install(admin, stage).json(), install(admin, stage, grace_days=3).json()

    assert (first["id"], first["workflow"]) == (second["id"], second["workflow"])
    assert admin.get(f"{V1}/workflows/access").json()["published"]["number"] == 2
    assert admin.get(f"{V1}/installations/access").json()["parameters"]["grace_days"] == 3


def test_a_removed_installation_starts_and_applies_nothing_and_can_be_installed_again(
    admin: APIClient, stage: Stage
) -> None:
    install(admin, stage, needs_approval=True)
    started = admin.post(f"{V1}/installations/access/run").json()
    work()

    assert admin.delete(f"{V1}/installations/access").status_code == 204
    work()

    assert admin.get(f"{V1}/runs/{started['id']}").json()["steps"][1]["port"] == "rejected"
    assert admin.post(f"{V1}/installations/access/run").status_code == 404
    assert admin.post(f"{V1}/workflows/access/runs", {}).json()["code"] == "not-published"
    assert install(admin, stage).status_code == 201


def test_what_somebody_may_not_do_is_refused(api: Api, approver: APIClient, charlie: Actor, stage: Stage) -> None:
    stage.install()
    assert install(approver, stage).status_code == 403
    assert approver.post(f"{V1}/installations/{sample.SLUG}/run").status_code == 403
    assert api(charlie).get(f"{V1}/installations/{sample.SLUG}").status_code == 404


def test_the_command_does_the_same(stage: Stage, tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    def template(*words: str) -> str:
        call_command("template", "--workspace", "north", *words)
        return capsys.readouterr().out

    with pytest.raises(CommandError, match="Nobody administers"):
        template("list")
    join(make_person("ada"), stage.actor.workspace, Role)

    file = tmp_path / "parameters.json"
    file.write_text(json.dumps(sample.parameters()))
    template("install", "joiner-mover-leaver", "access", str(file))
    assert "installed as access" in template("list")
    assert "approved" in template("simulate", "access")
    template("run", "access")
    work()
    assert Run.objects.get(workflow__slug="access").state == "succeeded"
    plan = Plan.objects.get(step__run__workflow__slug="access")
    assert "Undo" in template("undo", str(plan.id))
    assert "Everything is as it should be" in (said := template("simulate", "access"))
    assert "applied" not in said, "nothing was"
    template("pause", "access")
    assert "installed as access (paused)" in template("list")
    template("resume", "access")
    assert "paused" not in template("list")
    template("remove", "access")
    assert "installed as access" not in template("list")
    with pytest.raises(CommandError, match='no installation "access" in this workspace'):
        template("run", "access")


def test_a_plan_that_a_guard_refused_is_never_told_as_if_all_were_well(
    stage: Stage, tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    join(make_person("ada"), stage.actor.workspace, Role)
    stage.install()
    stage.run()
    stage.otds.app.faults.add(Fault(kind=FaultKind.FEWER_ROWS, path="*/users", times=1))
    with pytest.raises(SystemExit) as ended:
        call_command("template", "--workspace", "north", "simulate", sample.SLUG)
    said = capsys.readouterr().out
    assert ended.value.code == 1
    assert "refused" in said
    assert "is not complete" in said
    assert ".." not in said
    assert "as it should be" not in said


def test_what_a_command_makes_belongs_to_somebody_who_cannot_approve_it(
    api: Api, approver: APIClient, stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    ada = join(make_person("ada"), stage.actor.workspace, Role)
    join(make_person("omar"), stage.actor.workspace, [Role.OPERATOR])
    assert install(api(ada), stage, needs_approval=True).status_code == 201
    templates.run(ada, "access")
    work()
    plan = Plan.objects.get(step__run__workflow__slug="access")
    yes = {"approve": True, "digest": plan.digest}
    assert approver.post(f"{V1}/plans/{plan.id}/decide", yes).status_code == 200
    work()

    def undo(*words: str) -> Plan:
        call_command("template", "--workspace", "north", *words, "undo", str(plan.id))
        return Plan.objects.filter(undoes=plan).latest("id")

    own, other = undo(), undo("--as", "OMAR")
    assert (str(own.created_by), str(other.created_by)) == ("Ada", "Omar")
    said = api(ada).post(f"{V1}/plans/{own.id}/decide", {"approve": True, "digest": own.digest})
    assert (said.status_code, said.json()["code"]) == (409, "own-plan")
    assert (
        api(ada).post(f"{V1}/plans/{other.id}/decide", {"approve": True, "digest": other.digest}).status_code == 200
    )
    trail = AuditEntry.objects.filter(verb="plan.undo-planned").order_by("id")
    assert [each.actor_name for each in trail] == ["Ada", "Omar"]

    with pytest.raises(CommandError, match=r"needs a role you do not have.*operator"):
        call_command("template", "--workspace", "north", "--as", "omar", "remove", "access")
    with pytest.raises(CommandError, match='There is no "nobody" in the workspace "north"'):
        undo("--as", "nobody")


def test_a_removed_sample_is_not_made_again_unless_that_is_asked_for(
    stage: Stage, tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "about.json"
    file.write_text(json.dumps(stage.about))
    sample.ensure(stage.actor, stage.about)
    templates.uninstall(stage.actor, sample.SLUG)

    call_command("first_job", "--workspace", "north", "--about", str(file))
    said = capsys.readouterr().out
    assert f'the sample "{sample.SLUG}" is not there: somebody has removed it' in said
    assert "python3 manage.py first_job --again" in said
    assert not Run.objects.filter(workflow__slug=sample.SLUG).exists()

    sample.ensure(stage.actor, stage.about, again=True)
    assert Trigger.objects.filter(workflow__slug=sample.SLUG, kind="schedule", is_live=True).exists()
