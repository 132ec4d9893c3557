"""One list of what waits for somebody: questions they are asked, and plans they may approve."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from hub.accounts.access import Actor
from hub.accounts.models import Workspace
from tests.workflows.approvals.conftest import question, stage
from workflows.engine import plan_questions, questions
from workflows.models import Plan, PlanState
from workflows.services import approvals

Api = Callable[..., APIClient]
People = dict[str, Actor]
pytestmark = pytest.mark.django_db


def proposed(workspace: Workspace, title: str, **more: Any) -> Plan:
    values: dict[str, Any] = {"state": PlanState.PROPOSED, "counts": {"shop.shelf create": 1}, "digest": "d" * 64}
    return Plan.objects.create(workspace=workspace, title=title, **(values | more))


def waits_for(api: Api, actor: Actor, query: str = "") -> list[tuple[str, str]]:
    answer = api(actor).get(f"/api/v1/inbox{query}").json()
    return [(each["kind"], each["title"]) for each in answer["items"]]


def test_plans_and_questions_wait_in_one_list_the_newest_first(api: Api, team: Workspace, people: People) -> None:
    proposed(team, "First")
    approvals.ask(Actor.system(team), question(stage("legal", "ada"), title="Second"))
    proposed(team, "Third", created_by=people["ada"].person)
    proposed(team, "Fourth", state=PlanState.APPROVED)

    answer = api(people["ada"]).get("/api/v1/inbox").json()

    assert [(each["kind"], each["title"]) for each in answer["items"]] == [("approval", "Second"), ("plan", "First")]
    assert (answer["waiting"], answer["next_cursor"]) == (2, None)
    assert answer["items"][1]["counts"] == {"shop.shelf create": 1}
    assert waits_for(api, people["ben"]) == [("plan", "Third"), ("plan", "First")]
    assert waits_for(api, people["eve"]) == []


def test_a_plan_that_is_asked_about_in_stages_waits_once_and_only_for_whom_is_asked(
    api: Api, team: Workspace, people: People
) -> None:
    plan = proposed(team, "Staged")
    approval = questions.drafted(team, {"title": "", "stages": [stage("legal", "ada")]})
    plan_questions.ask(Actor.system(team), plan_questions.Prepared(approval, questions.ready(approval)), plan)

    assert waits_for(api, people["ada"]) == [("approval", "Staged")]
    assert waits_for(api, people["ben"]) == []


def test_the_list_comes_in_pages(api: Api, team: Workspace, people: People) -> None:
    for number in range(5):
        proposed(team, f"Plan {number}")
        approvals.ask(Actor.system(team), question(stage("legal", "ada"), title=f"Question {number}"))
    seen: list[str] = []
    cursor = ""
    while True:
        answer = api(people["ada"]).get(f"/api/v1/inbox?limit=3&cursor={cursor}").json()
        seen += [each["title"] for each in answer["items"]]
        assert answer["waiting"] == 10
        if not (cursor := answer["next_cursor"]):
            break

    assert seen == [f"{kind} {number}" for number in reversed(range(5)) for kind in ("Question", "Plan")]


def test_words_in_any_order_find_questions_and_plans(api: Api, team: Workspace, people: People) -> None:
    approvals.ask(Actor.system(team), question(stage("legal", "ada"), title="Approve the Storm letter"))
    approvals.ask(Actor.system(team), question(stage("legal", "ada"), title="Approve the renewal"))
    proposed(team, "A letter for the storm")

    assert [title for _, title in waits_for(api, people["ada"], "?search=STORM letter")] == [
        "A letter for the storm", "Approve the Storm letter",
    ]  # fmt: skip
    assert waits_for(api, people["ada"], "?search=storm renewal") == []
    found = api(people["ada"]).get("/api/v1/approvals?mine=true&search=renewal").json()["items"]
    assert [each["title"] for each in found] == ["Approve the renewal"]


def test_nothing_of_another_workspace_waits(api: Api, elsewhere: Workspace, people: People) -> None:
    proposed(elsewhere, "Theirs")

    assert waits_for(api, people["ada"]) == []
