"""Audit evidence over both sandboxes: what is collected, and what a pack proves."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from hub.accounts.roles import Role
from hub.api.errors import Invalid
from hub.audit.evidence import services
from hub.audit.models import EvidencePack
from tests.e2e.evidence import AUDITOR, DOMAIN, SLUG, Auditing
from tests.e2e.news import News
from tests.hub.audit.kept import unpack, verdict
from tests.people import join, make_person
from tests.workflows.engine.conftest import error_of, later, states, work
from workflows.models import Approval, Run
from workflows.services import approvals, runs

BY_PASSWORD = {"method": "password"}
AMARA = "amara.diallo@Northwind"


@pytest.fixture
def auditing(news: News) -> Auditing:
    return Auditing(news)


def test_a_collection_keeps_what_ran_changed_was_approved_and_published(auditing: Auditing, tmp_path: Path) -> None:
    auditing.install()
    run = auditing.collect()
    assert run.state == "succeeded", run.error

    approved = [each for each in auditing.records(kind="history") if each["state"] == "APPROVED"]
    assert approved[0]["record"].person == "henrik.olsen@Northwind"
    assert {each["status"] for each in auditing.records(kind="job")} >= {"complete", "error"}
    assert auditing.records(kind="published")[0]["publishedBy"] == "tessa.brandt@Northwind"
    used = [each for each in auditing.records(kind="used-resource", domain=DOMAIN) if each["traced"]]
    assert used[0]["approvedBy"]
    assert auditing.is_whole()

    code, told = verdict(auditing.pack(tmp_path))
    assert (code, "WHOLE" in told) == (0, True), told


def test_a_second_collection_keeps_nothing_twice(auditing: Auditing) -> None:
    auditing.install()
    auditing.collect()
    before = auditing.count()
    assert auditing.collect().state == "succeeded"
    assert auditing.count() == before


def test_who_acted_is_told_as_the_directory_knew_them_then(auditing: Auditing) -> None:
    auditing.install()
    auditing.collect()
    before = timezone.now()
    auditing.stage.set_attribute("amara.diallo", "oTDepartment", "Claims")
    auditing.news.group("movers", "amara.diallo")
    auditing.collect()

    resource = auditing.records(kind="history")[0]["resource"]
    act = services.acts_about(auditing.actor, subject=resource)[0]
    assert (act["person"], act["context"]["department"]) == (AMARA, "Communications")
    then = services.could_see(auditing.actor, person=AMARA, at=before)
    now = services.could_see(auditing.actor, person=AMARA, at=timezone.now())
    assert then["context"]["department"] == "Communications"
    assert "movers@Northwind" not in {each["group"] for each in then["context"]["groups"]}
    assert "movers@Northwind" in {each["group"] for each in now["context"]["groups"]}
    assert [each["domain"] for each in now["domains"]] == [DOMAIN]


def test_somebody_who_was_deleted_and_hired_again_is_known_by_the_new_entry(auditing: Auditing) -> None:
    auditing.install()
    auditing.collect()
    auditing.news.act("otds.delete_user", user=AMARA)
    auditing.news.act("otds.create_user", partition="Northwind", name="amara.diallo", first_name="Amara",
                      last_name="Diallo")  # fmt: skip
    auditing.news.put("amara.diallo", f"exs.{DOMAIN}.designer")
    auditing.collect()

    now = services.could_see(auditing.actor, person=AMARA, at=timezone.now())
    assert not now["context"]["gone"]
    assert [each["domain"] for each in now["domains"]] == [DOMAIN]


def test_what_it_says_somebody_can_see_is_what_exstream_lets_them_see(auditing: Auditing) -> None:
    auditing.install(domains=[DOMAIN, "apac-prod"])
    auditing.collect()
    for person in ("amara.diallo", "priya.nair", "otto.keller"):
        told = services.could_see(auditing.actor, person=f"{person}@Northwind", at=timezone.now())
        for domain in (DOMAIN, "apac-prod"):
            claimed = domain in {each["domain"] for each in told["domains"]}
            assert claimed == auditing.stage.sees(person, domain), (person, domain)


def test_a_job_that_exstream_marked_deleted_stays_and_is_said_to_be(auditing: Auditing) -> None:
    auditing.install()
    auditing.collect()
    job = next(each for each in auditing.records(kind="job") if each["status"] == "complete")["id"]
    auditing.news.act("exstream.delete_job", domain=DOMAIN, job=job)
    auditing.collect()

    assert [each["status"] for each in auditing.records(job=job, kind="job")] == ["complete", "deleted"]


def test_yesterdays_pack_is_announced_by_mail_and_is_whole(auditing: Auditing, tmp_path: Path) -> None:
    auditing.install(packs={"every": "day", "to": ["board@northwind.example"]})
    assert auditing.collect().state == "succeeded"
    auditing.news.send()

    pack = EvidencePack.objects.get()
    letter = auditing.news.letters("board@northwind.example")[0]
    assert all(each in letter for each in (pack.sha256, pack.manifest["head"], str(pack.id)))
    today = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    assert pack.asked["chosen"]["until"][:10] == today.date().isoformat()
    assert pack.asked["chosen"]["since"][:10] == (today - timedelta(days=1)).date().isoformat()
    folder = unpack(bytes(pack.content), tmp_path)
    assert verdict(folder, "--pack", pack.sha256, "--head", pack.manifest["head"])[0] == 0

    auditing.collect()
    auditing.news.send()
    assert EvidencePack.objects.count() == auditing.news.got()["board@northwind.example"] == 1


# jobTracing


def tracing(auditing: Auditing, domain: str) -> bool:
    domains = auditing.news.act("exstream.list_domains")["domains"]
    return bool(next(each for each in domains if each["id"] == domain)["jobTracing"])


@pytest.mark.parametrize("approve", [True, False])
def test_job_tracing_is_switched_on_only_after_somebody_who_is_asked_said_so(
    auditing: Auditing, approve: bool
) -> None:
    decider = join(make_person("ada"), auditing.actor.workspace, [Role.ADMIN])
    auditing.install(domains=[DOMAIN, "uk-prod"], tracing_approvers=["admin"])
    run = auditing.collect()
    assert run.state == "waiting"
    assert not tracing(auditing, "uk-prod")

    question = Approval.objects.get()
    assert "uk-prod" in question.title
    assert DOMAIN not in question.title
    approvals.decide(decider, question.id, approve=approve, digest=question.digest, signed_in=BY_PASSWORD)
    work()
    assert runs.get_run(auditing.actor, run.id).state == "succeeded"
    assert tracing(auditing, "uk-prod") is approve


def test_a_run_of_the_schedule_asks_nobody_and_does_not_wait(auditing: Auditing) -> None:
    auditing.install(domains=["uk-prod"], tracing_approvers=["admin"])
    run = runs.start_run(auditing.actor, SLUG, payload={"scheduled_at": "2026-01-01T00:00:00Z"})
    work()
    assert runs.get_run(auditing.actor, run.id).state == "succeeded"
    assert not Approval.objects.exists()


# The wrong input


def test_wrong_parameters_are_named_at_their_place(auditing: Auditing) -> None:
    with pytest.raises(Invalid) as caught:
        auditing.install(tell=["nobody"], packs={"every": "day", "to": ["a b@example.com"]})
    assert [each["pointer"] for each in caught.value.errors] == ["/parameters/tell/0", "/parameters/packs/to/0"]


def test_a_domain_that_is_not_there_is_refused(auditing: Auditing) -> None:
    with pytest.raises(Invalid) as caught:
        auditing.install(domains=["atlantis"])
    assert caught.value.errors[0]["pointer"] == "/parameters/domains/0"


def test_a_domain_that_is_gone_fails_the_run_and_says_which(auditing: Auditing) -> None:
    auditing.news.act("exstream.create_domain", name="atlantis", description="")
    auditing.install(domains=["atlantis"])
    with auditing.exstream.store.writing() as data:
        data.delete("domains", "atlantis")
    run = auditing.collect()
    later(run)
    assert states(run)["run"] == "failed"
    assert "atlantis" in str(error_of(run))
    assert Run.objects.count() == 1
    assert AUDITOR not in auditing.news.got()
