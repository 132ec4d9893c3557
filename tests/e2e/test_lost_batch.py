"""A batch whose answer was lost is found again by the id that the connection of the sample sets: it runs once."""

from __future__ import annotations

from hub.sdk.sandbox import FaultKind
from tests.e2e.stage import Stage
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import work
from workflows.services import runs
from workflows.services.workflows import create_workflow, publish


def test_a_batch_whose_answer_was_lost_is_found_and_not_sent_again(stage: Stage) -> None:
    given = {"domain": "emea-prod", "service": "statements", "data": "<c/>"}
    step = {"kind": "action", "action": "exstream.submit_batch", "connection": "exstream", "input": given}
    create_workflow(stage.actor, slug="batch", document=drawn("send", send=step))
    publish(stage.actor, "batch", revision=1)
    stage.exstream.app.faults.add(FaultKind.DROP_AFTER, path="*/inputs/batch/*", times=1)
    before = stage.exstream.app.writes()

    started = runs.start_run(stage.actor, "batch", payload={})
    work()

    run = runs.get_run(stage.actor, started.id)
    [step_run] = run.steps.all()
    assert run.state == "succeeded"
    assert step_run.output
    assert step_run.output["external_id"]
    sent = [each for each in stage.exstream.app.writes() if each not in before and "/inputs/batch/" in str(each)]
    assert sum(each["changes"] for each in sent) == 1
