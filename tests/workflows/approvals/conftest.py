"""A workflow that asks people, and the people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hub.accounts.access import Actor
from hub.accounts.models import Workspace
from hub.accounts.roles import Role
from tests.people import join, make_person
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import work
from workflows.models import Approval, Run
from workflows.services import approvals
from workflows.services.runs import start_run
from workflows.services.workflows import create_workflow, publish

BY_PASSWORD = {"by": "password", "since": "2026-11-25T09:00:00+00:00"}
PICTURE = """
    ask -approved-> yes
    ask -rejected-> no
    ask -expired-> late
"""


@pytest.fixture
def people(team: Workspace) -> dict[str, Actor]:
    """Ada and Ben approve, Cleo and Dan operate, Eve only looks."""
    roles = {"ada": Role.APPROVER, "ben": Role.APPROVER, "cleo": Role.OPERATOR, "dan": Role.OPERATOR,
             "eve": Role.AUDITOR}  # fmt: skip
    made = {name: join(make_person(name), team, [role]) for name, role in roles.items()}
    for name, actor in made.items():
        assert actor.person is not None
        actor.person.email = f"{name}@example.com"
        actor.person.save()
    return made


def stage(name: str, *people: str, need: int = 1, **more: Any) -> dict[str, Any]:
    return {"name": name, "need": need, "approvers": {"people": list(people)} | more}


def question(*stages: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "title": "Publish the notice",
        "show": [{"label": "Template", "value": "Premium notice"}, {"label": "Version", "value": 4}],
        "stages": list(stages) or [stage("legal", "ada", "ben")],
    } | more


@pytest.fixture
def asked(team: Workspace, people: dict[str, Actor]) -> Callable[..., tuple[Run, Approval]]:
    """Run a workflow that asks: the run, and what is asked."""

    def start(*stages: dict[str, Any], by: Actor | None = None, **more: Any) -> tuple[Run, Approval]:
        actor = Actor.system(team)
        document = drawn(PICTURE, ask={"kind": "approve", "settings": question(*stages, **more)})
        create_workflow(actor, slug="asking", document=document)
        publish(actor, "asking", revision=1)
        run = start_run(by or actor, "asking", payload={})
        work()
        return run, Approval.objects.get(step__run=run)

    return start


def decide(actor: Actor, approval: Approval, *, approve: bool = True, **more: Any) -> Approval:
    given = {"digest": approval.digest, "signed_in": BY_PASSWORD} | more
    made = approvals.decide(actor, approval.id, approve=approve, **given)
    work()
    return made
