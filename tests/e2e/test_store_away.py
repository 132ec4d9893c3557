"""A step that reads a whole stream while the store of large values is away: it waits, says so, and then reads it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.e2e.stage import Stage
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import later, states, work
from workflows.engine.doing import MOST_BROKEN_OFF
from workflows.models import RunStep
from workflows.services.runs import start_run
from workflows.services.workflows import create_workflow, publish


def test_it_waits_however_often_the_store_is_found_away(sandboxed: Stage, settings: Any, tmp_path: Path) -> None:
    away = tmp_path / "away"
    away.write_text("Where the folder should be mounted.")
    settings.CONTENT_FOLDER = str(away)
    read = {"kind": "read", "settings": {"connection": "directory", "stream": "otds.users"}}
    create_workflow(sandboxed.actor, slug="people", document=drawn("people", people=read))
    publish(sandboxed.actor, "people", revision=1)
    run = start_run(sandboxed.actor, "people", payload={})
    for _ in range(MOST_BROKEN_OFF + 2):
        work()
        step = RunStep.objects.get(run=run)
        assert step.state == "waiting"
        assert step.error is not None
        assert step.error["code"] == "store-away"
        assert "Waits for the store of large values" in step.error["message"]
        later(run)

    away.unlink()
    work()
    assert states(run) == {"run": "succeeded", "people": "succeeded"}
