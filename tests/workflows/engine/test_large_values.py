"""Large values are kept apart from the rows of runs, and nobody who reads them notices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from hub.accounts.access import Actor
from tests.workflows.engine.conftest import error_of, states, work
from workflows.engine.contents import Writer, collecting, put_apart
from workflows.engine.contents.reading import Large
from workflows.engine.contents.splitting import put_back
from workflows.engine.contents.writing import Gone, use
from workflows.engine.keeping import opened
from workflows.engine.removing import remove_old
from workflows.engine.veils import Veil
from workflows.models import Content, ContentPage, ContentUse, Run, RunStep
from workflows.services import replays, retention
from workflows.services.runs import start_run

Start = Callable[..., Run]
ROWS = "=[1..3000].{'id': $, 'name': 'a name that takes some room ' & $}"


def transform(value: Any) -> dict[str, Any]:
    return {"kind": "transform", "settings": {"value": value}}


def real(run: Run, step: str) -> Any:
    row = RunStep.objects.get(run=run, step=step, item="")
    return opened(row, "output", Veil(run.workspace_id))


def later(hours: float) -> None:
    Content.objects.update(kept_at=timezone.now() - timedelta(hours=hours))


@pytest.mark.pain(4)
def test_a_large_list_is_kept_apart_and_read_by_the_steps_behind(actor: Actor, started: Start) -> None:
    run = started("rows -> count", rows=transform({"rows": ROWS, "of": "us"}), count=transform(
        "=$count(steps.rows.rows) & ' ' & steps.rows.rows[2999].id & steps.rows.of"
    ))  # fmt: skip
    work()

    assert real(run, "count") == "3000 3000us"
    row = RunStep.objects.get(run=run, step="rows")
    assert row.output["of"] == "us"  # type: ignore[index]
    assert [each["id"] for each in row.output["rows"]] == [1, 2, 3, 4, 5], "the beginning stands in its place"  # type: ignore[index]
    (part,) = row.apart["output"]  # type: ignore[index]
    assert (part["at"], part["kind"], part["count"]) == (["rows"], "list", 3000)
    assert len(real(run, "rows")["rows"]) == 3000


def test_small_values_stay_where_they_are(actor: Actor, started: Start) -> None:
    run = started("rows", rows=transform("=[1..1000]"))
    work()

    assert RunStep.objects.get(run=run).apart is None
    assert not Content.objects.exists()


@pytest.mark.pain(4)
def test_the_same_is_kept_once(actor: Actor, started: Start) -> None:
    started("one -> two", one=transform(ROWS), two=transform("=steps.one"))
    start_run(actor, "drawn", payload={})
    work()

    assert Content.objects.count() == 1
    assert ContentUse.objects.count() == 2


@pytest.mark.parametrize(
    "value",
    [
        ["x" * 300_000, 1],
        "long text " * 20_000,
        {"deep": {"deeper": [{"n": n, "t": "ü" * 50} for n in range(5000)]}, "small": None},
        {f"name{n}": n for n in range(20_000)},
        [[1, 2, "three"] * 10 for _ in range(5000)],
        {"a": list(range(30_000)), "b": "y" * 90_000, "c": 1.5, "d": [], "e": 10**30},
    ],
)
def test_whatever_is_put_apart_comes_back_as_it_was(actor: Actor, value: Any) -> None:
    kept, apart = put_apart(actor.workspace.id, value)

    assert apart
    assert put_back(kept, apart, Large.load) == value


def test_a_page_is_read_from_the_middle(actor: Actor) -> None:
    writer = Writer(actor.workspace.id)
    writer.extend({"n": n, "text": "x" * 200} for n in range(5000))
    large = writer.finish()

    assert ContentPage.objects.count() > 2
    assert next(large.pages(start=3333))[0]["n"] == 3333
    assert sum(len(page) for page in large.pages()) == large.count == 5000


@pytest.mark.pain(4)
def test_what_nobody_refers_to_is_removed_a_day_later(actor: Actor, started: Start) -> None:
    run = started("rows", rows=transform(ROWS))
    work()
    unused = Writer(actor.workspace.id)
    unused.add("nobody wants this")
    unused.finish()

    assert collecting.remove_unused() == 0, "somebody may be about to refer to it"
    later(25)
    assert collecting.remove_unused() == 1
    assert len(real(run, "rows")) == 3000

    retention.set_rule(actor, what="data", days=1)
    remove_old(actor.workspace, now=timezone.now() + timedelta(days=2))
    later(25)
    assert collecting.remove_unused() == 1
    assert not ContentPage.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_nobody_removes_what_somebody_begins_to_refer_to(actor: Actor, started: Start) -> None:
    run = started("one")
    writer = Writer(actor.workspace.id)
    writer.add("wanted")
    large = writer.finish()
    later(25)

    with transaction.atomic():
        use([(run.id, large.content)])
        assert removed_elsewhere() == 0, "whoever refers to it holds it"
    later(25)
    assert removed_elsewhere() == 0
    assert large.load() == ["wanted"]


@pytest.mark.django_db(transaction=True)
def test_whoever_refers_too_late_is_told(actor: Actor, started: Start) -> None:
    run = started("one")
    writer = Writer(actor.workspace.id)
    writer.add("wanted")
    large = writer.finish()
    later(25)
    assert removed_elsewhere() == 1

    with pytest.raises(Gone), transaction.atomic():
        use([(run.id, large.content)])


def removed_elsewhere() -> int:
    """By another process."""
    import threading

    made: list[int] = []

    def remove() -> None:
        try:
            made.append(collecting.remove_unused())
        finally:
            connection.close()

    thread = threading.Thread(target=remove)
    thread.start()
    thread.join()
    return made[0]


def test_pages_are_files_when_a_folder_is_set(actor: Actor, started: Start, settings: Any, tmp_path: Path) -> None:
    settings.CONTENT_FOLDER = str(tmp_path)
    run = started("rows -> count", rows=transform(ROWS), count=transform("=$count(steps.rows)"))
    work()

    assert real(run, "count") == 3000
    assert not ContentPage.objects.exclude(body=None).exists()
    assert [each for each in tmp_path.rglob("*") if each.is_file()]
    ContentUse.objects.all().delete()
    later(25)
    assert collecting.remove_unused() == 1
    assert not [each for each in tmp_path.rglob("*") if each.is_file()]


@pytest.mark.pain(11)
def test_what_does_not_fit_the_memory_of_a_step_is_said(actor: Actor, started: Start, settings: Any) -> None:
    settings.STEP_MEMORY_MB = 0.01
    run = started("rows -> count", rows=transform(ROWS), count=transform("=$count(steps.rows)"))
    work()

    assert states(run)["run"] == "failed"
    assert "does not fit" in error_of(run)["message"]


def test_a_replay_keeps_large_values_of_the_run_it_replays(actor: Actor, started: Start) -> None:
    run = started("rows -> count", rows=transform(ROWS), count=transform("=$count(steps.rows)"))
    work()
    again = replays.replay(actor, run.id, step="count")
    work()

    assert real(again, "count") == 3000
    assert ContentUse.objects.filter(run=again).count() == 1


@pytest.mark.pain(11)
def test_a_for_each_goes_through_a_large_list(actor: Actor, started: Start) -> None:
    body = {"steps": [{"id": "twice", "kind": "transform", "settings": {"value": "=item.id * 2"}}]}
    run = started(
        "rows -> each -> total",
        rows=transform(ROWS),
        each={"kind": "each", "settings": {"items": "=steps.rows"}, "body": body},
        total=transform("=$sum(steps.each.items)"),
    )
    work()
    assert real(run, "total") == 9_003_000
