"""What must be impossible with distribution lists: telling whoever left, telling twice, telling nobody."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from hub.accounts.models import new_id
from hub.audit.models import AuditEntry
from hub.sdk.sandbox import Fault, FaultKind
from tests.e2e.news import FALLBACK, PRINT, News, mail_of
from tests.workflows.engine.conftest import later, work
from workflows.models import Delivery, Notice, Run
from workflows.services import notices

OTTO = mail_of("otto.keller")
EVERYBODY = {mail_of(name): 1 for name in ("priya.nair", "otto.keller", "lena.vogt")}
SILENT = Fault(kind=FaultKind.STATUS, status=500, path="*/groups*")

# A message to someone who left or opted out


def test_a_disabled_person_is_not_told(news: News) -> None:
    news.install()
    news.act("otds.disable_user", user="otto.keller@Northwind")
    news.job()
    news.poll()
    news.send()

    assert OTTO not in news.got()
    assert news.reasons() == {"otto.keller@northwind": "disabled"}


@pytest.mark.parametrize(("leaves", "reason"), [("group", "left"), ("disabled", "disabled"), ("deleted", "left")])
def test_whoever_leaves_between_the_planning_and_the_sending_is_not_told(
    news: News, leaves: str, reason: str
) -> None:
    news.install(digest={"at": "07:30"})
    news.job()
    news.poll()
    assert news.send() == 0
    match leaves:
        case "group":
            news.act("otds.remove_from_group", member="otto.keller@Northwind", group="print@Northwind")
        case "disabled":
            news.act("otds.disable_user", user="otto.keller@Northwind")
        case "deleted":
            news.act("otds.delete_user", user="otto.keller@Northwind")
    news.days_pass(1)
    news.send()

    assert sorted(news.got()) == sorted(set(EVERYBODY) - {OTTO})
    assert news.reasons() == {"otto.keller@northwind": reason}


@pytest.mark.parametrize(
    ("named", "kind", "is_early"),
    [
        ("otto.keller@Northwind", "", True),
        ("otto.keller@Northwind", "ended-jobs", False),
        ("Otto.Keller@northwind.example", "", False),
        ("otto.keller@northwind.example", "ended-jobs", True),
    ],
)
def test_whoever_opted_out_is_not_told_also_when_they_do_so_late(
    news: News, named: str, kind: str, *, is_early: bool
) -> None:
    news.install()
    if is_early:
        notices.opt_out(news.actor, person=named, kind=kind)
    news.job()
    news.poll()
    if not is_early:
        notices.opt_out(news.actor, person=named, kind=kind)
    news.send()

    assert OTTO not in news.got()
    assert news.reasons() == {"otto.keller@northwind": "opted-out"}


def test_a_person_who_left_is_not_told_as_an_external_contact_either(news: News) -> None:
    news.act("otds.disable_user", user="otto.keller@Northwind")
    news.install(lists=[PRINT | {"to": [OTTO, "desk@printvendor.example"]}])
    news.job()
    news.poll()
    news.send()

    assert sorted(news.got()) == ["desk@printvendor.example", mail_of("lena.vogt"), mail_of("priya.nair")]


def test_a_directory_that_cannot_be_asked_when_a_message_is_due_holds_it_back(news: News) -> None:
    news.install(digest={"at": "07:30"})
    news.job()
    news.poll()
    news.days_pass(1)
    news.stage.otds.app.faults.add(SILENT)
    news.send()
    assert not news.got()

    news.stage.otds.app.faults.clear()
    news.days_pass(1)
    news.send()
    assert news.got() == EVERYBODY


# Two messages for one job


def test_two_runs_and_two_lists_about_one_job_send_one_message_to_a_person(news: News) -> None:
    news.group("ops", "priya.nair", "henrik.olsen")
    twice = {"name": "Ops", "groups": ["ops@Northwind"], "to": [mail_of("priya.nair").upper()]}
    news.install(lists=[PRINT, twice])
    job = news.job()
    news.poll()
    assert news.run().state == "succeeded"
    news.send()

    for address in (*EVERYBODY, mail_of("henrik.olsen")):
        assert sum(f"Job {job}" in letter.partition("\n")[0] for letter in news.letters(address)) == 1
    assert mail_of("priya.nair").upper() not in news.got()


def test_the_database_itself_refuses_a_second_delivery(news: News) -> None:
    news.install()
    news.job()
    news.poll()
    for name, value in (("address", "else@northwind.example"), ("person", "somebody.else")):
        again = Delivery.objects.get(person="otto.keller@northwind")
        again.id, again._state.adding = new_id(), True
        setattr(again, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            again.save()


# A failed run nobody is told of


def test_a_failed_job_that_no_list_is_about_is_told_to_the_fallback(news: News) -> None:
    news.install(lists=[PRINT | {"domains": ["uk-prod"]}])
    news.job()
    news.job(fails=True)
    news.poll()
    news.send()
    assert news.got() == {FALLBACK: 1}


def test_a_failed_job_whose_list_has_nobody_is_told_to_the_fallback(news: News) -> None:
    news.group("nobody")
    news.install(lists=[{"name": "Nobody", "groups": ["nobody@Northwind"]}])
    news.job(fails=True)
    news.poll()
    news.send()
    assert news.got() == {FALLBACK: 1}


def test_a_failed_job_is_told_to_the_fallback_when_the_directory_does_not_answer(news: News) -> None:
    news.install()
    news.stage.otds.app.faults.add(SILENT)
    news.job(fails=True)
    news.poll()
    run = Run.objects.get()
    for _ in range(6):
        later(run)
        work()
    news.send()

    assert news.got() == {FALLBACK: 1}
    assert Run.objects.get().state == "failed"


def test_a_failed_job_is_told_to_the_fallback_when_the_mail_server_refuses_everybody_else(news: News) -> None:
    for name in ("otto.keller", "priya.nair", "lena.vogt"):
        news.stage.set_attribute(name, "mail", f"no.{name}@northwind.example")
    news.install()
    news.job(fails=True)
    news.poll()
    news.send()
    assert news.got() == {FALLBACK: 1}
    assert Notice.objects.get().state == "told"


def test_a_failed_job_waits_neither_for_the_digest_nor_for_quiet_hours(news: News) -> None:
    quiet = {"from": "00:00", "to": "23:59", "zone": "UTC", "weekends": True}
    news.install(digest={"at": "07:30"}, quiet=quiet)
    news.job()
    news.job(fails=True)
    news.poll()
    news.send()
    assert news.got() == EVERYBODY
    assert "FAILED" in news.letters(OTTO)[0]


def test_when_not_even_the_fallback_can_be_told_the_run_fails_and_says_so(news: News) -> None:
    notices.opt_out(news.actor, person=FALLBACK)
    news.install(lists=[PRINT | {"domains": ["uk-prod"]}])
    news.job(fails=True)
    news.poll()
    assert Run.objects.get().state == "failed"
    assert [each.state for each in notices.untold(news.actor)] == ["nobody"]
    assert AuditEntry.objects.filter(verb="notice.nobody-told").exists()
