"""Group-based distribution lists, over both sandboxes and a real mail server: what they do."""

from __future__ import annotations

import pytest

from connectors.exstream.sandbox.app import ExstreamSandbox
from hub.api.errors import Invalid
from hub.connections.models import Connection
from tests.e2e.news import DOMAIN, PRINT, TROUBLE, News, mail_of
from workflows.models import Notice, Run
from workflows.services.uses import uses_of

EVERYBODY = {mail_of(name): 1 for name in ("priya.nair", "otto.keller", "lena.vogt")}


def test_everybody_in_the_group_and_in_groups_within_is_told_once_with_figures_and_links(news: News) -> None:
    news.install(job_page="https://exstream.example/{domain}/{job}")
    job = news.job()
    news.poll()
    news.send()

    assert news.got() == EVERYBODY
    letter = news.letters(mail_of("lena.vogt"))[0]
    assert f"Job {job} in {DOMAIN} completed" in letter
    assert "Flow instances: 2 complete" in letter
    assert f"https://exstream.example/{DOMAIN}/{job}" in letter
    assert f"/runs/{Run.objects.get().id}" in letter
    assert Notice.objects.get().state == "told"


def test_groups_that_are_members_of_each_other_are_gone_through_once(news: News) -> None:
    news.put("print", "night", kind="group")
    news.install()
    news.job()
    news.poll()
    news.send()
    assert news.got() == EVERYBODY


def test_a_failed_job_is_told_with_its_problem(news: News) -> None:
    news.install()
    news.job(fails=True)
    news.poll()
    news.send()

    assert news.got() == EVERYBODY
    letter = news.letters(mail_of("priya.nair"))[0]
    assert "FAILED" in letter
    assert f"Problem: {TROUBLE}" in letter


def test_a_job_that_does_not_end_is_told_once_to_the_lists_of_late_ones(news: News) -> None:
    late = {"name": "Late", "on": ["late"], "groups": ["print@Northwind"]}
    vendor = {"name": "Vendor", "to": ["desk@printvendor.example"]}
    news.install(lists=[late, vendor], late_after_minutes=30)
    made = news.act("exstream.submit_batch", domain=DOMAIN, service="held-statements", data="<c/>")
    app = news.stage.exstream.app
    assert isinstance(app, ExstreamSandbox)
    news.run()
    news.send()
    assert not any("is late" in letter for letter in news.letters(mail_of("priya.nair")))

    with app.store.writing() as data:
        held = data.get("jobs", made["job"]) or {}
        data.put("jobs", made["job"], {**held, "startDate": held["startDate"] - 3_600_000})
    for _ in range(2):
        assert news.run().state == "succeeded"
        news.send()

    told = [
        letter for letter in news.letters(mail_of("priya.nair")) if f"Job {made['job']} in {DOMAIN} is late" in letter
    ]
    assert len(told) == 1
    assert not any("is late" in letter for letter in news.letters("desk@printvendor.example"))


def test_a_list_says_which_jobs_it_is_about(news: News) -> None:
    news.group("ops", "henrik.olsen")
    only_failed = PRINT | {"on": ["error"]}
    elsewhere = {"name": "Elsewhere", "domains": ["uk-prod"], "groups": ["ops@Northwind"]}
    other = {"name": "Other", "match": {"channel": ["letters"]}, "groups": ["ops@Northwind"]}
    vendor = {"name": "Vendor", "match": {"channel": ["statements"]}, "to": ["desk@printvendor.example"]}
    news.install(lists=[only_failed, elsewhere, other, vendor])
    news.job()
    news.poll()
    news.send()

    assert news.got() == {"desk@printvendor.example": 1}


def test_a_run_by_hand_tells_of_what_ended_lately_and_nobody_twice(news: News) -> None:
    news.install()
    job = news.job()
    assert news.run().state == "succeeded"
    news.send()
    before = news.got()
    assert sum(job in letter for letter in news.letters(mail_of("priya.nair"))) == 1

    news.poll()
    assert news.run().state == "succeeded"
    news.send()
    assert news.got() == before


def test_what_ends_in_the_same_day_goes_out_as_one_message_a_person(news: News) -> None:
    news.install(digest={"at": "07:30", "zone": "Europe/Berlin"})
    jobs = [news.job(), news.job()]
    news.poll()
    assert news.send() == 0
    news.days_pass(1)
    news.send()

    assert news.got() == EVERYBODY
    letter = news.letters(mail_of("otto.keller"))[0]
    assert letter.lstrip().startswith("2 messages: ")
    assert all(job in letter for job in jobs)


def test_many_jobs_found_at_once_are_told_to_those_who_asked(news: News) -> None:
    news.group("ops", "henrik.olsen")
    news.install(many_jobs=2, many_jobs_to=["ops@Northwind"])
    news.job()
    news.poll()
    news.job()
    news.job()
    news.poll()
    news.send()

    assert news.got()[mail_of("henrik.olsen")] == 1
    assert "2 jobs ended at once" in news.letters(mail_of("henrik.olsen"))[0]


def test_a_job_that_is_run_again_is_told_of_again(news: News) -> None:
    news.install()
    job = news.job()
    news.poll()
    news.act("exstream.reprocess_job", domain=DOMAIN, job=job)
    app = news.stage.exstream.app
    assert isinstance(app, ExstreamSandbox)
    app.advance(9)
    news.poll()
    news.send()
    assert news.got() == dict.fromkeys(EVERYBODY, 2)


def test_wrong_parameters_are_named_at_their_place(news: News) -> None:
    with pytest.raises(Invalid) as caught:
        news.install(
            digest={"at": "half past"}, fallback=["nobody"], many_jobs=3,
            lists=[PRINT | {"to": ["a b@example.com"]}],
        )  # fmt: skip
    assert {each["pointer"] for each in caught.value.errors} == {
        "/parameters/digest/at", "/parameters/fallback/0", "/parameters/lists/0/to/0", "/parameters/many_jobs_to",
    }  # fmt: skip


def test_a_connection_that_only_the_parameters_name_is_in_use(news: News) -> None:
    directory = Connection.objects.get(slug="directory")
    news.install()
    assert "news" in {each["name"].rpartition(": ")[2] for each in uses_of(news.actor, directory)}
