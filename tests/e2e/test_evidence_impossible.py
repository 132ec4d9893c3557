"""What must be impossible with evidence: a gap that nobody is told of, and a neighbour or a kill that spoils it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone

from hub.audit.evidence import collecting, services
from hub.audit.evidence.appending import append
from hub.audit.models import Evidence, EvidenceFeed
from hub.sdk.sandbox import Fault, FaultKind
from tests.e2e.evidence import AUDITOR, DOMAIN, SLUG, Auditing
from tests.e2e.news import News
from tests.hub.audit.kept import unpack, verdict
from tests.workflows.engine.conftest import error_of, later, states, work
from tests.workflows.engine.test_durability import Died
from workflows.engine.lateness import tell_late
from workflows.models import Notice, Workflow
from workflows.services import notices, workflows


@pytest.fixture
def auditing(news: News) -> Auditing:
    return Auditing(news)


# A gap in the evidence that nobody is told of


def test_what_exstream_may_have_wiped_before_it_was_collected_is_kept_as_a_gap_and_told(
    auditing: Auditing, tmp_path: Path
) -> None:
    """The sandbox's sweep runs every hour, and here Exstream keeps what ran for one hour."""
    auditing.install(kept_hours=1)
    auditing.collect()
    assert not auditing.records(kind="gap")
    auditing.hours_pass(5)
    assert auditing.collect().state == "succeeded"
    auditing.news.send()

    gap = auditing.records(kind="gap")[0]
    assert {each["of"] for each in auditing.records(kind="gap")} == {"job", "flow-instance", "used-resource"}
    assert "was not asked in time" in gap["why"]
    letter = auditing.news.letters(AUDITOR)[0]
    assert "There is a gap in the evidence" in letter
    assert str(gap["since"])[:16] in letter
    held = services.create_pack(auditing.actor, title="Evidence", chosen={})
    assert [each["of"] for each in held.manifest["gaps"]] == [each["of"] for each in auditing.records(kind="gap")]
    assert verdict(unpack(bytes(held.content), tmp_path))[0] == 0


def test_a_collection_in_time_leaves_no_gap(auditing: Auditing) -> None:
    auditing.install(kept_hours=24)
    auditing.collect()
    auditing.hours_pass(20)
    auditing.collect()
    assert not auditing.records(kind="gap")


def test_a_wipe_that_somebody_started_by_hand_makes_a_gap_too(auditing: Auditing) -> None:
    auditing.install(kept_hours=1)
    with auditing.exstream.store.writing() as data:
        for row in data.find("cron_jobs", domainId=DOMAIN):
            data.put("cron_jobs", row["id"], {**row, "cronExpression": "0 0 29 2 *"})
    auditing.collect()
    auditing.hours_pass(5)
    auditing.collect()
    assert not auditing.records(kind="gap")

    auditing.hours_pass(5)
    cron = auditing.news.act("exstream.list_cron_jobs", domain=DOMAIN)["cron_jobs"][0]
    auditing.news.act("exstream.trigger_cron_job", domain=DOMAIN, cron_job=cron["id"])
    auditing.collect()
    assert auditing.records(kind="gap")


def test_a_clock_that_cannot_be_read_counts_as_one_that_wipes_at_any_time(auditing: Auditing) -> None:
    auditing.install(kept_hours=1)
    with auditing.exstream.store.writing() as data:
        for row in data.find("cron_jobs", domainId=DOMAIN):
            data.put("cron_jobs", row["id"], {name: each for name, each in row.items() if name != "cronExpression"})
    auditing.collect()
    auditing.hours_pass(2)
    auditing.collect()
    assert "not known when it wipes" in auditing.records(kind="gap")[0]["why"]


def test_a_run_in_which_nobody_can_be_told_of_a_gap_fails(auditing: Auditing) -> None:
    auditing.install(kept_hours=1)
    auditing.collect()
    notices.opt_out(auditing.actor, person=AUDITOR, kind="")
    auditing.hours_pass(5)
    run = auditing.collect()

    assert run.state == "failed"
    assert run.error is not None
    assert run.error["code"] == "nobody-told"


@pytest.mark.parametrize("paused", [True, False])
def test_a_collection_that_is_late_is_told_once_also_when_its_workflow_does_not_run(
    auditing: Auditing, paused: bool
) -> None:
    auditing.install()
    auditing.collect()
    assert tell_late() == 0
    if paused:
        workflows.switch(auditing.actor, SLUG, on=False)
    auditing.hours_pass(30)
    made = tell_late()
    assert made == EvidenceFeed.objects.count()
    assert tell_late() == 0
    auditing.news.send()

    letters = auditing.news.letters(AUDITOR)
    assert len(letters) == made
    assert any("exstream.jobs was last collected" in each for each in letters)


def test_an_installation_that_was_removed_is_not_late(auditing: Auditing) -> None:
    auditing.install()
    auditing.collect()
    auditing.hours_pass(30)
    workflows.retire(auditing.actor, SLUG)
    assert Workflow.objects.get(slug=SLUG).published is None
    assert tell_late() == 0
    assert not Notice.objects.exists()


# The misbehaving neighbour


@pytest.mark.parametrize(
    "fault",
    [
        Fault(kind=FaultKind.STATUS, status=429, retry_after=1, path="*/jobs*", times=2),
        Fault(kind=FaultKind.STATUS, status=503, path="*/history/*", times=2),
        Fault(kind=FaultKind.EXPIRED, path="*/flow-instances*", times=1),
        Fault(kind=FaultKind.CUT_BODY, path="*/resources/*", times=1),
        Fault(kind=FaultKind.DROP_BEFORE, path="*/group-roles/*", times=1),
        Fault(kind=FaultKind.FEWER_ROWS, path="*/runtime/*/jobs", times=1),
    ],
    ids=lambda fault: str(fault.kind),
)
def test_a_neighbour_that_misbehaves_for_a_while_costs_nothing_but_time(auditing: Auditing, fault: Fault) -> None:
    auditing.install()
    auditing.exstream.faults.add(fault)
    run = auditing.start()
    work()
    for _ in range(6):
        later(run)
        work()

    assert states(run)["run"] == "succeeded", error_of(run)
    auditing.exstream.faults.clear()
    before = auditing.count()
    auditing.collect()
    assert auditing.count() == before
    assert auditing.is_whole()


def test_a_list_that_never_comes_whole_fails_the_run_and_moves_no_cursor(auditing: Auditing) -> None:
    auditing.install()
    auditing.collect()
    feed = EvidenceFeed.objects.get(name=f"{SLUG}/jobs")
    auditing.exstream.faults.add(Fault(kind=FaultKind.FEWER_ROWS, path="*/runtime/*/jobs"))
    run = auditing.start()
    work()
    for _ in range(6):
        later(run)
        work()

    assert states(run)["run"] == "failed"
    assert "did not come whole" in error_of(run)["message"]
    assert EvidenceFeed.objects.get(name=feed.name).collected_until == feed.collected_until
    assert not Evidence.objects.filter(gone=True).exists()


def test_an_empty_answer_is_no_reason_to_believe_that_everybody_has_gone(auditing: Auditing) -> None:
    auditing.install()
    auditing.collect()
    auditing.stage.otds.app.faults.add(Fault(kind=FaultKind.FEWER_ROWS, path="*/users", times=20))
    run = auditing.start()
    work()
    later(run)
    work()
    assert not Evidence.objects.filter(kind="person", gone=True).exists()


# The kill in the middle


def test_a_collection_that_is_killed_again_and_again_keeps_everything_once(
    auditing: Auditing, monkeypatch: pytest.MonkeyPatch
) -> None:
    auditing.install()
    count = 0
    deaths = {("before", 2), ("after", 5), ("before", 12), ("after", 20), ("after", 31)}

    def killed(*args: object, **more: object) -> int:
        nonlocal count
        count += 1
        if ("before", count) in deaths:
            raise Died
        made = append(*args, **more)  # type: ignore[arg-type]
        if ("after", count) in deaths:
            raise Died
        return made

    monkeypatch.setattr(collecting, "append", killed)
    run, died = auditing.start(), 0
    for _ in range(3 * len(deaths)):
        try:
            work()
        except Died:
            died += 1
        later(run)

    assert died == len(deaths)
    assert states(run)["run"] == "succeeded"
    keys = list(Evidence.objects.exclude(kind="coverage").values_list("source", "kind", "key"))
    assert len(keys) == len(set(keys))
    assert auditing.is_whole()
    before = auditing.count()
    auditing.collect()
    assert auditing.count() == before


def test_what_is_collected_now_is_as_of_now(auditing: Auditing) -> None:
    began = timezone.now()
    auditing.install()
    auditing.collect()
    assert min(Evidence.objects.values_list("seen_at", flat=True)) >= began
