"""What event triggers do with what a source reports."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from hub.accounts.access import Actor
from hub.api.errors import Changed, Invalid
from hub.connections.models import Connection
from hub.sdk import SignInRefused, TryLater
from tests.shop_connector.service import Shop
from tests.workflows.engine.conftest import work
from tests.workflows.triggers.conftest import Triggered
from workflows.models import Remembered, Run, Trigger
from workflows.services.rewinding import preview, rewind
from workflows.services.triggers import reset
from workflows.services.uses import uses_of
from workflows.services.workflows import switch
from workflows.triggers import polling
from workflows.triggers.polling import ask, due_sources

SHELF = {"source": "shop.shelf_changes", "connection": "shop"}


def poll(trigger: Trigger) -> int | None:
    """Time passes until the trigger is due; then it is asked."""
    Trigger.objects.filter(id=trigger.id).update(due_at=timezone.now())
    return ask(trigger.id)


def test_what_happens_after_the_first_reading_starts_runs(triggered: Triggered, the_shop: Shop) -> None:
    the_shop.shelf = {"pen": {}}
    trigger = triggered("event", **SHELF)
    assert due_sources() == [trigger.id]
    assert ask(trigger.id) == 0, "what is already so is not reported"
    assert ask(trigger.id) is None, "it is not due"

    the_shop.shelf = {"ink": {}, "nib": {}}
    assert poll(trigger) == 3
    work()
    runs = Run.objects.order_by("id")
    assert [run.payload["type"] for run in runs] == ["shop.put", "shop.put", "shop.taken"]
    assert runs[0].cause == {"kind": "event", "trigger": "t", "event": "shop.put", "subject": "ink"}
    assert {run.state for run in runs} == {"succeeded"}
    assert set(Remembered.objects.values_list("key", flat=True)) == {"ink", "nib"}


def test_one_run_may_take_all_that_a_reading_found(triggered: Triggered, the_shop: Shop) -> None:
    trigger = triggered("event", **SHELF, deliver="together")
    ask(trigger.id)
    the_shop.shelf = {"ink": {}, "nib": {}}
    assert poll(trigger) == 1
    payload = Run.objects.get().payload
    assert payload["count"] == 2
    assert [each["subject"] for each in payload["happenings"]] == ["ink", "nib"]


@pytest.mark.pain(7)
def test_a_reading_that_dies_before_its_commit_is_repeated_and_starts_nothing_twice(
    triggered: Triggered, the_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    trigger = triggered("event", **SHELF)
    ask(trigger.id)
    the_shop.shelf = {"ink": {}}
    real = polling._start

    def dies(*given: object) -> int:
        real(*given)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(polling, "_start", dies)
    with pytest.raises(KeyboardInterrupt):
        poll(trigger)
    assert Run.objects.count() == 0, "runs, memory and cursor are saved together or not at all"
    assert Remembered.objects.count() == 0

    monkeypatch.setattr(polling, "_start", real)
    assert poll(trigger) is None, "the dead reader's lease holds"
    Trigger.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert poll(trigger) == 1
    assert poll(trigger) == 0


def test_a_reading_that_was_overtaken_saves_nothing(
    triggered: Triggered, the_shop: Shop, monkeypatch: pytest.MonkeyPatch, actor: Actor
) -> None:
    trigger = triggered("event", **SHELF)
    ask(trigger.id)
    the_shop.shelf = {"ink": {}}
    real = polling._poll

    def slow(*given: object) -> object:
        made = real(*given)  # type: ignore[arg-type]
        reset(actor, trigger.id)
        return made

    monkeypatch.setattr(polling, "_poll", slow)
    assert poll(trigger) == 0
    assert Run.objects.count() == 0
    assert Trigger.objects.get().cursor is None


def test_a_source_that_fails_says_why_and_is_asked_again_later(triggered: Triggered, the_shop: Shop) -> None:
    trigger = triggered("event", **SHELF)
    ask(trigger.id)
    cursor = Trigger.objects.get().cursor
    the_shop.before = [TryLater("The shop is busy.", after_seconds=300), SignInRefused("The token is old.")]
    for failures, code, least in ((1, "try-later", 300), (2, "sign-in-refused", 20)):
        asked = timezone.now()
        assert poll(trigger) == 0
        row = Trigger.objects.get()
        assert (row.failures, (row.error or {})["code"], row.cursor) == (failures, code, cursor)
        assert row.due_at is not None
        assert row.due_at >= asked + timedelta(seconds=least)
    poll(trigger)
    assert (Trigger.objects.get().failures, Trigger.objects.get().error) == (0, None)


def test_switched_off_nothing_is_asked_and_switching_on_goes_on_where_it_was(
    triggered: Triggered, the_shop: Shop, actor: Actor
) -> None:
    trigger = triggered("event", **SHELF)
    ask(trigger.id)
    switch(actor, "drawn", on=False)
    the_shop.shelf = {"ink": {}}
    assert (due_sources(), ask(trigger.id)) == ([], None)
    switch(actor, "drawn", on=True)
    assert ask(trigger.id) == 1


def test_a_reset_learns_anew_and_so_does_another_question(triggered: Triggered, the_shop: Shop, actor: Actor) -> None:
    trigger = triggered("event", **SHELF)
    ask(trigger.id)
    the_shop.shelf = {"ink": {}}
    reset(actor, trigger.id)
    assert poll(trigger) == 0
    the_shop.shelf = {}
    triggered("event", **SHELF, input={"kinds": ["put"]})
    assert poll(trigger) == 0
    assert Run.objects.count() == 0


def test_a_connection_that_a_trigger_asks_is_in_use(triggered: Triggered, actor: Actor) -> None:
    triggered("event", **SHELF)
    assert [use["type"] for use in uses_of(actor, Connection.objects.get())] == ["workflow"]


@pytest.mark.parametrize(
    ("change", "place", "said"),
    [
        ({"source": "shop.shelf_change"}, "source", 'Did you mean "shop.shelf_changes"?'),
        ({"connection": "shops"}, "connection", 'Did you mean "shop"?'),
        ({"input": {"kind": []}}, "input/kind", 'Did you mean "kinds"?'),
        ({"every_seconds": 1}, "every_seconds", "every_seconds"),
        ({"cron": "* * * * *"}, "cron", 'no setting "cron"'),
    ],
)
def test_a_wrong_event_trigger_is_refused_at_its_place(
    triggered: Triggered, change: dict[str, object], place: str, said: str
) -> None:
    with pytest.raises(Invalid) as refused:
        triggered("event", **(SHELF | change))
    assert refused.value.errors[0]["pointer"] == f"/document/triggers/0/settings/{place}"
    assert said in str(refused.value.errors[0])


def test_what_was_reported_is_seen_again_as_new_runs_of_the_version_of_now(
    triggered: Triggered, the_shop: Shop, actor: Actor
) -> None:
    trigger = triggered("event", **SHELF)
    ask(trigger.id)
    the_shop.shelf = {"ink": {}, "nib": {}}
    poll(trigger)
    began = Run.objects.order_by("id")[0].created_at
    told = preview(actor, trigger.id, since=began)
    assert (told.count, [each["subject"] for each in told.happenings]) == (2, ["nib", "ink"])

    with pytest.raises(Changed):
        rewind(actor, trigger.id, since=began, count=3)
    assert rewind(actor, trigger.id, since=began, count=2) == 2
    work()
    runs = list(Run.objects.order_by("id"))
    assert [run.payload for run in runs[2:]] == [run.payload for run in runs[:2]]
    assert [run.cause["rewound"] for run in runs[2:]] == [str(run.id) for run in runs[:2]]
    assert {run.state for run in runs} == {"succeeded"}
    assert preview(actor, trigger.id, since=began).count == 2, "what is seen again is not seen thrice"
    assert preview(actor, trigger.id, since=timezone.now()).count == 0
    assert poll(trigger) == 0, "the cursor stands where it stood"
