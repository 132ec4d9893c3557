"""When schedules start runs: by the rows, with the clock handed in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from hub.accounts.access import Actor
from hub.accounts.models import Workspace
from hub.api.errors import Invalid
from tests.workflows.engine.conftest import work
from tests.workflows.triggers.conftest import Triggered
from workflows.models import Run, Trigger
from workflows.services.triggers import preview
from workflows.services.workflows import publish, save_draft, switch
from workflows.triggers import firing
from workflows.triggers.firing import fire_due


def due_at(trigger: Trigger) -> datetime:
    at = Trigger.objects.get(id=trigger.id).due_at
    assert at is not None
    return at


def test_a_schedule_starts_one_run_for_each_fire(triggered: Triggered) -> None:
    trigger = triggered("schedule", every_seconds=60, input={"who": "all"})
    first = due_at(trigger)
    assert fire_due(first - timedelta(seconds=1)) == 0
    assert fire_due(first) == 1
    assert fire_due(first) == 0
    assert due_at(trigger) == first + timedelta(seconds=60)
    run = Run.objects.get()
    assert run.payload == {"scheduled_at": first.isoformat(), "fired_at": first.isoformat(), "input": {"who": "all"}}
    assert run.cause["scheduled_at"] == first.isoformat()


def test_a_cron_rule_fires_at_the_wall_clock_of_its_zone(triggered: Triggered) -> None:
    trigger = triggered("schedule", cron="0 7 * * 1-5", zone="Europe/Berlin")
    Trigger.objects.update(due_at=datetime(2026, 10, 23, 5, tzinfo=UTC))
    fire_due(datetime(2026, 10, 23, 5, 0, 1, tzinfo=UTC))
    assert due_at(trigger) == datetime(2026, 10, 26, 6, tzinfo=UTC), "Monday, after the clock went back"


@pytest.mark.pain(5)
@pytest.mark.parametrize(("missed", "runs"), [("skip", 0), ("run_once", 1), ("run_all", 4)])
def test_fires_missed_while_the_hub_was_stopped_follow_the_rule(triggered: Triggered, missed: str, runs: int) -> None:
    trigger = triggered("schedule", every_seconds=3600, missed=missed)
    first = due_at(trigger)
    assert fire_due(first + timedelta(hours=3, minutes=30)) == runs
    assert due_at(trigger) == first + timedelta(hours=4)
    assert Trigger.objects.get().passed_over == 4 - runs


@pytest.mark.pain(5)
def test_while_a_run_is_going_a_fire_is_skipped_or_waits(triggered: Triggered) -> None:
    skips, waits = (triggered("schedule", rule, every_seconds=60, overlap=rule) for rule in ("skip", "wait"))
    assert fire_due(max(due_at(skips), due_at(waits))) == 2
    later = max(due_at(skips), due_at(waits)) + timedelta(minutes=5)
    assert fire_due(later) == 0
    assert due_at(skips) > later
    assert due_at(waits) <= later
    work()
    assert fire_due(later) == 1, "the fire that waited, once"
    assert due_at(waits) > later


def test_switched_off_it_fires_nothing_and_begins_anew_when_switched_on(triggered: Triggered, actor: Actor) -> None:
    trigger = triggered("schedule", every_seconds=60)
    first = due_at(trigger)
    switch(actor, "drawn", on=False)
    assert fire_due(first + timedelta(days=1)) == 0
    switch(actor, "drawn", on=True)
    assert due_at(trigger) >= first
    assert Run.objects.count() == 0


def test_a_schedule_that_is_published_away_fires_no_more(triggered: Triggered, actor: Actor) -> None:
    trigger = triggered("schedule", every_seconds=60)
    document = trigger.workflow.draft | {"triggers": []}
    publish(actor, "drawn", revision=save_draft(actor, "drawn", document=document, revision=1).revision)
    assert fire_due(datetime.now(UTC) + timedelta(days=1)) == 0


def test_publishing_the_same_rule_again_keeps_its_next_fire(triggered: Triggered) -> None:
    Trigger.objects.filter(id=triggered("schedule", every_seconds=60).id).update(
        due_at=datetime(2030, 1, 1, tzinfo=UTC)
    )
    assert triggered("schedule", every_seconds=60, on=False).due_at == datetime(2030, 1, 1, tzinfo=UTC)
    assert triggered("schedule", every_seconds=90, on=False).due_at < datetime(2029, 1, 1, tzinfo=UTC)  # type: ignore[operator]


def test_a_wrong_rule_is_refused_at_its_place(triggered: Triggered, actor: Actor) -> None:
    with pytest.raises(Invalid) as refused:
        triggered("schedule", cron="0 25 * * *")
    assert refused.value.errors[0]["pointer"] == "/document/triggers/0/settings/cron"
    with pytest.raises(Invalid) as refused:
        preview(actor, {"cron": "0 7 * * *", "zone": "Europe/Atlantis"})
    assert refused.value.errors[0]["pointer"] == "/settings/zone"


def test_a_preview_says_the_rule_in_words_with_its_next_fires(actor: Actor) -> None:
    shown = preview(actor, {"cron": "0 7 * * 1-5", "zone": "Europe/Berlin"})
    assert shown.words == "At 07:00 on Monday through Friday (Europe/Berlin)"
    assert len(shown.fires) == 10


@pytest.mark.pain(7)
@pytest.mark.django_db(transaction=True)
def test_schedulers_at_the_same_moment_never_fire_twice(transactional_db: None) -> None:
    from tests.workflows.drawing import drawn
    from workflows.services.workflows import create_workflow

    actor = Actor.system(Workspace.objects.create(slug="north", name="North"))
    for number in range(40):
        document = drawn("a") | {"triggers": [{"id": "t", "kind": "schedule", "settings": {"every_seconds": 60}}]}
        create_workflow(actor, slug=f"w{number}", document=document)
        publish(actor, f"w{number}", revision=1)
        switch(actor, f"w{number}", on=True)
    Trigger.objects.update(due_at=(at := datetime.now(UTC)))
    together, counts = Barrier(4), list[int]()

    def scheduler() -> None:
        try:
            together.wait(10)
            counts.append(fire_due(at))
        finally:
            connection.close()

    threads = [Thread(target=scheduler) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sum(counts) == 40
    assert Run.objects.count() == 40
    assert Run.objects.values("workflow").distinct().count() == 40


def test_a_scheduler_that_dies_before_the_commit_has_started_nothing(
    triggered: Triggered, monkeypatch: pytest.MonkeyPatch
) -> None:
    trigger = triggered("schedule", every_seconds=60)
    first = due_at(trigger)
    with monkeypatch.context() as dying:
        dying.setattr(firing, "_note", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            fire_due(first)
    assert (Run.objects.count(), due_at(trigger)) == (0, first)
    assert fire_due(first) == 1
