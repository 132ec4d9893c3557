"""Pools of workers: a run is carried out by a worker of its workflow's pool, and says so when none lives."""

from __future__ import annotations

from typing import Any

import pytest

from hub.accounts.access import Actor
from hub.api.errors import Invalid
from hub.operations.doctor import Finding, examine
from hub.operations.heartbeats import pools_served
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import later, work
from tests.workflows.engine.test_side_by_side_releases import Fleet, fleet, succeeded
from tests.workflows.engine.workers import wait_for
from workflows.engine.claiming import claim
from workflows.models import Run
from workflows.services.runs import start_run
from workflows.services.waiting import in_words
from workflows.services.workflows import create_workflow, publish, save_draft, switch

__all__ = ["fleet"]


def published(actor: Actor, slug: str, pool: str | None = None) -> None:
    create_workflow(actor, slug=slug, document=drawn("a -> b") | ({"pool": pool} if pool else {}))
    publish(actor, slug, revision=1)


def pools_of_doctor() -> Finding:
    return next(each for each in examine() if each.name == "Pools")


@pytest.mark.pain(2)
@pytest.mark.django_db(transaction=True)
@pytest.mark.durability
@pytest.mark.timeout(300)
def test_two_workers_carry_out_the_runs_of_their_own_pools_and_one_without_a_worker_says_so(
    actor: Actor, fleet: Fleet
) -> None:
    published(actor, "usual")
    published(actor, "printing", "print")
    published(actor, "archiving", "archive")
    fleet.start("printer", LOCKGATE_POOLS="print")
    usual, archiving = (start_run(actor, slug, payload={}) for slug in ("usual", "archiving"))
    printing = [start_run(actor, "printing", payload={}) for _ in range(5)]
    wait_for(lambda: succeeded(*printing), 60)

    for run in (usual, archiving):
        later(run)
    assert set(Run.objects.exclude(workflow__slug="printing").values_list("state", "fence")) == {("queued", 0)}
    assert in_words(Run.objects.get(id=archiving.id)) == 'Waits for a worker of the pool "archive"; none is running.'
    assert 'pool "archive", for which 1 runs wait; "default", for which 1 runs wait' in pools_of_doctor().says
    assert "--pools archive" in pools_of_doctor().mend

    fleet.start("clerk", "--pools", "default,archive")
    wait_for(lambda: succeeded(usual, archiving), 60)
    assert pools_served() == {"print", "default", "archive"}
    assert pools_of_doctor().well


@pytest.mark.django_db
def test_publishing_with_another_pool_moves_the_runs_that_have_not_ended(actor: Actor, settings: Any) -> None:
    published(actor, "w", "print")
    run = start_run(actor, "w", payload={})
    work()
    assert Run.objects.get(id=run.id).state == "queued"
    save_draft(actor, "w", document=drawn("a -> b"), revision=1)
    publish(actor, "w", revision=2)
    work()
    assert Run.objects.get(id=run.id).state == "succeeded"


@pytest.mark.django_db
def test_a_run_that_another_starts_goes_by_its_own_workflow(actor: Actor, settings: Any) -> None:
    published(actor, "child", "print")
    step = {"kind": "workflow", "settings": {"workflow": "child"}}
    create_workflow(actor, slug="w", document=drawn("a -> b", b=step))
    publish(actor, "w", revision=1)
    run = start_run(actor, "w", payload={})
    work()
    assert list(Run.objects.filter(parent__run=run).values_list("state", "pool")) == [("queued", "print")]
    settings.POOLS = ["print"]
    work()
    settings.POOLS = ["default"]
    work()
    assert Run.objects.get(id=run.id).state == "succeeded"


@pytest.mark.django_db
def test_of_each_pool_so_many_are_claimed_and_what_is_due_elsewhere_keeps_none_waiting(
    actor: Actor, settings: Any
) -> None:
    published(actor, "w", "print")
    published(actor, "usual")
    for _ in range(5):
        start_run(actor, "w", payload={})
    mine = start_run(actor, "usual", payload={})
    assert [each.run_id for each in claim(3)] == [mine.id]
    settings.POOLS = ["default", "print"]
    assert len(claim(3)) == 3
    assert len(claim(3)) == 2


@pytest.mark.django_db
def test_a_pool_that_no_workflow_in_service_names_is_not_missed(actor: Actor) -> None:
    published(actor, "w", "print")
    assert pools_of_doctor().well, "it is out of service, and nothing waits"
    switch(actor, "w", on=True)
    assert "print" in pools_of_doctor().says


@pytest.mark.django_db
def test_a_pool_is_a_word(actor: Actor) -> None:
    create_workflow(actor, slug="w", document=drawn("a") | {"pool": "Not a word"})
    with pytest.raises(Invalid) as caught:
        publish(actor, "w", revision=1)
    assert [each["pointer"] for each in caught.value.errors or []] == ["/document/pool"]
