"""Event sources learn first, then tell each happening once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from connectors.exstream.triggers.job_ended import JobEnded
from connectors.exstream.triggers.job_failed import JobFailed
from connectors.exstream.triggers.resource_state_changed import ResourceStateChanged
from connectors.exstream.triggers.resource_submitted import ResourceSubmitted
from hub.sdk import Kept
from tests.connectors.exstream.conftest import AMARA, HENRIK, OPERATOR, Stage


class Remembered:
    """A memory that a test can copy, as a transaction that failed would leave it."""

    def __init__(self, kept: Mapping[str, Kept] | None = None) -> None:
        self.kept = dict(kept or {})

    def get_many(self, keys: Iterable[str]) -> Mapping[str, Kept]:
        return {key: self.kept[key] for key in keys if key in self.kept}

    def keys(self) -> Iterator[str]:
        return iter(list(self.kept))

    def put(self, key: str, kept: Kept) -> None:
        self.kept[key] = kept

    def drop(self, key: str) -> None:
        self.kept.pop(key, None)


def _run_a_batch(stage: Stage) -> str:
    path = "/orchestration/inputs/batch/emea-prod/statements"
    job: str = stage.ask(OPERATOR, "POST", path, data="<c/>").json()["data"][0]["jobId"]
    stage.app.advance(9)
    return job


def _move(stage: Stage, person: str, resource: str, state: str, comment: str) -> None:
    body = {"state": state, "auditedComment": comment}
    assert stage.ask(person, "PUT", f"/design/resources/emea-prod/{resource}/state", json=body).ok


def _poll(source: Any, stage: Stage, cursor: Any, memory: Any, **given: Any) -> Any:
    return source.poll(source.Input(**given), stage.client(), cursor, memory)


def test_a_job_that_ends_is_told_once_and_jobs_ended_before_are_not(stage: Stage) -> None:
    source, memory = JobEnded(), Remembered()
    first = _poll(source, stage, None, memory)
    assert first.happenings == []

    job = _run_a_batch(stage)
    second = _poll(source, stage, first.cursor, memory)

    assert [(each.data["id"], each.data["status"]) for each in second.happenings] == [(job, "complete")]
    assert second.happenings[0].subject == f"emea-prod/{job}"
    source.Output.model_validate(second.happenings[0].data)
    assert _poll(source, stage, second.cursor, memory).happenings == []


def test_the_same_cursor_and_memory_tell_the_same_again(stage: Stage) -> None:
    source, memory = JobEnded(), Remembered()
    first = _poll(source, stage, None, memory)
    _run_a_batch(stage)

    once = _poll(source, stage, first.cursor, Remembered(memory.kept))
    again = _poll(source, stage, first.cursor, Remembered(memory.kept))

    assert [each.id for each in once.happenings] == [each.id for each in again.happenings]


def test_a_job_that_is_run_again_ends_again(stage: Stage) -> None:
    source, memory = JobEnded(), Remembered()
    cursor = _poll(source, stage, None, memory).cursor
    job = _run_a_batch(stage)
    before = _poll(source, stage, cursor, memory)

    assert stage.ask(OPERATOR, "POST", f"/orchestration/runtime/emea-prod/jobs/{job}/reprocessing").ok
    stage.app.advance(9)
    after = _poll(source, stage, before.cursor, memory)

    assert len(after.happenings) == 1
    assert after.happenings[0].id != before.happenings[0].id


def test_a_job_that_failed_says_what_the_engine_said(stage: Stage) -> None:
    with stage.app.store.writing() as data:
        live = next(row for row in data.find("snapshots") if row["flowModelName"] == "Monthly statements")
        data.put("snapshots", live["id"], {**live, "_plan": ["input", "communication!The address is missing."]})
    source, memory = JobFailed(), Remembered()
    first = _poll(source, stage, None, memory, domains=["emea-prod"])

    _run_a_batch(stage)
    told = _poll(source, stage, first.cursor, memory, domains=["emea-prod"]).happenings

    assert told[0].type == "exstream.job.failed"
    assert told[0].data["problems"] == ["The address is missing."]


def test_a_submission_is_told_with_who_submitted_and_why(stage: Stage) -> None:
    draft = stage.resource("emea-prod", "exstrapplication", "Policy schedule")["id"]
    source, memory = ResourceSubmitted(), Remembered()
    first = _poll(source, stage, None, memory)
    assert first.happenings == []

    _move(stage, AMARA, draft, "REVIEW", "ready for legal")
    second = _poll(source, stage, first.cursor, memory)

    (told,) = second.happenings
    assert told.subject == "emea-prod/Policy schedule"
    assert (told.data["by"], told.data["comment"], told.data["state"]) == (AMARA, "ready for legal", "REVIEW")
    source.Output.model_validate(told.data)
    assert _poll(source, stage, second.cursor, memory).happenings == []


def test_every_move_between_two_polls_is_told_in_order(stage: Stage) -> None:
    notice = stage.resource("emea-prod", "exstrdocument", "Policy schedule")["id"]
    source, memory = ResourceStateChanged(), Remembered()
    first = _poll(source, stage, None, memory, domains=["emea-prod"])

    _move(stage, AMARA, notice, "REVIEW", "one")
    _move(stage, HENRIK, notice, "REJECTED", "two")
    _move(stage, AMARA, notice, "DRAFT", "three")
    told = _poll(source, stage, first.cursor, memory, domains=["emea-prod"]).happenings

    assert [(each.data["state_before"], each.data["state"], each.data["by"]) for each in told] == [
        ("DRAFT", "REVIEW", AMARA),
        ("REVIEW", "REJECTED", HENRIK),
        ("REJECTED", "DRAFT", AMARA),
    ]


def test_a_change_that_is_no_move_is_not_told(stage: Stage) -> None:
    notice = stage.resource("emea-prod", "exstrdocument", "Policy schedule")["id"]
    source, memory = ResourceStateChanged(), Remembered()
    first = _poll(source, stage, None, memory)

    body = {"description": "new words"}
    assert stage.ask(AMARA, "PUT", f"/design/resources/emea-prod/{notice}", json=body).ok

    assert _poll(source, stage, first.cursor, memory).happenings == []
