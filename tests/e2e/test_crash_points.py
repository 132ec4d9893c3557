"""Steps that need people, plans or evidence: wherever their worker dies, nothing is lost, and nothing written twice.

The sandboxes and a mail server are the counterparts, over HTTP and SMTP. The kinds that the engine carries out by
itself are in `tests/workflows/engine/test_every_kind.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

import pytest

from hub.accounts.access import Actor, fetch
from hub.audit.models import Evidence, EvidencePack
from hub.connections.models import Connection
from hub.sdk import Proof
from tests.e2e.crash_points import Story
from tests.e2e.news import News, mail_of
from tests.people import join, make_person
from tests.workflows.engine.conftest import states, work
from workflows.engine import delivering
from workflows.models import Delivery, Notice, Plan, Run
from workflows.reconcile.contract import Finding, Past, Reconcile
from workflows.reconcile.differences import Wanted
from workflows.reconcile.guards import Limits, Source
from workflows.reconcile.planner import Draft, Target, draft_plan
from workflows.services import approvals
from workflows.templates import gallery

pytestmark = pytest.mark.timeout(480)
DOMAIN = "emea-prod"
PERSON = "priya.nair"
FROM_PRINT = {"action": "otds.list_group_members", "connection": "directory", "input": {"group": "print@Northwind"}}


class Crew(Reconcile):
    """Who is in the group "crew" is as the parameters say. Others find themselves in what is found."""

    name, title, finds = "crew", "Crew", True
    parameters = {
        "type": "object",
        "required": ["directory", "members"],
        "properties": {
            "directory": {"type": "string", "x-connection": "otds"},
            "members": {"type": "array", "items": {"type": "string"}},
            "round": {"type": "number"},
        },
    }

    def draft(
        self, actor: Actor, parameters: dict[str, Any], *, title: str, past: Past, people: Sequence[str] = ()
    ) -> AbstractContextManager[Draft]:
        wanted = [
            Wanted({"group": "crew@Northwind", "member": f"{name}@Northwind", "kind": "user"})
            for name in parameters["members"]
        ]
        scope = {"partition": "Northwind", "name_prefix": "crew"}
        directory = fetch(actor, Connection, slug=parameters["directory"])
        return draft_plan(
            title=title,
            sources=lambda: [Source("The list", Proof(complete=True, count=len(wanted)), past.last_count)],
            targets=[Target(directory, "otds.group_members", scope, wanted)],
            limits=Limits(removals=5, removals_percent=None),
            needs_approval=False,
        )

    def findings(self, actor: Actor, parameters: dict[str, Any]) -> list[Finding]:
        with self.draft(actor, parameters, title=self.title, past=Past()) as draft:
            return [
                Finding("drift", f"{line.title} in round {parameters['round']}", line.title) for line in draft.lines
            ]


class Plans(Story):
    kinds, picture, least = ("plan", "apply"), "plan -> apply", 20

    def prepare(self) -> None:
        self.news.group("crew", "otto.keller", "gwen.parry")

    def steps(self) -> dict[str, dict[str, Any]]:
        # Odd rounds replace one person, even ones put them back.
        given = {
            "directory": "directory",
            "members": '=["otto.keller", trigger.n % 2 = 1 ? "lena.vogt" : "gwen.parry"]',
        }
        return {
            "plan": {"kind": "plan", "settings": {"reconcile": "crew", "parameters": given}},
            "apply": {"kind": "apply", "settings": {"plan": "=steps.plan.id"}},
        }

    def before(self, number: int) -> None:
        self.counted = self.stage.write_counts()

    def check(self, run: Run, number: int) -> None:
        changes, repeats = self.stage.write_counts()
        assert (changes - self.counted[0], repeats - self.counted[1]) == (2, 0)
        plan = Plan.objects.get(step__run=run)
        assert sorted(plan.changes.values_list("operation", "state")) in (
            [("create", each), ("delete", other)]
            for each in ("applied", "already")
            for other in ("applied", "already")
        )
        assert plan.state == "applied"


class Asks(Story):
    """People of a group of the directory are asked by mail, and decide."""

    kinds, picture, least = ("approve",), "ask -approved-> done", 20

    def prepare(self) -> None:
        person = make_person(f"{PERSON}@Northwind")
        person.email = mail_of(PERSON)
        person.save()
        self.person = join(person, self.actor.workspace, ["approver"])

    def steps(self) -> dict[str, dict[str, Any]]:
        settings = {
            "title": "Letter {{ trigger.n }}",
            "mail": {"connection": "post"},
            "stages": [{"name": "Print", "approvers": {"from": FROM_PRINT | {"usernames": "users"}}}],
        }
        return {"ask": {"kind": "approve", "settings": settings}}

    def carry_out(self, run: Run) -> None:
        work()
        delivering.send_due()
        for asked in approvals.inbox(self.person):
            signed_in = {"by": "password", "since": None}
            approvals.decide(self.person, asked.id, approve=True, digest=asked.digest, signed_in=signed_in)
        work()

    def check(self, run: Run, number: int) -> None:
        assert [each["approve"] for each in _output(run, "ask")["decisions"]] == [True]
        sent = _letters(self.news, f"Your decision: Letter {number}")
        mail = Delivery.objects.get(notice__approval__step__run=run)
        assert (len(sent), mail.state) in {(1, "sent"), (1, "unknown"), (0, "unknown"), (0, "withheld")}
        assert mail.state != "withheld" or mail.reason == "ended", "It was decided before."


class Tells(Story):
    kinds, picture, least = ("notify",), "tell", 14

    def steps(self) -> dict[str, dict[str, Any]]:
        settings = {
            "topic": "round/{{ trigger.n }}", "subject": "Round {{ trigger.n }}", "text": "It went well.",
            "mail": "post", "to": [mail_of("audit")], "members": [FROM_PRINT | {"people": "people"}],
        }  # fmt: skip
        return {"tell": {"kind": "notify", "settings": settings}}

    def carry_out(self, run: Run) -> None:
        work()
        delivering.send_due()

    def check(self, run: Run, number: int) -> None:
        notice = Notice.objects.get(topic=f"round/{number}")
        rows = Delivery.objects.filter(notice=notice, address__gt="")
        assert rows.count() == 3, "two people of the group, and one more"
        sent = _letters(self.news, f"Round {number}")
        for row in rows:
            assert (sent.count(row.address), row.state) in {(1, "sent"), (1, "unknown"), (0, "unknown")}, row


class Reads(Story):
    kinds, picture, least = ("read",), "jobs -> count", 7

    def prepare(self) -> None:
        for _ in range(3):
            self.news.job()

    def steps(self) -> dict[str, dict[str, Any]]:
        settings = {"connection": "exstream", "stream": "exstream.jobs", "input": {"domains": [DOMAIN]}}
        counted = {"kind": "transform", "settings": {"value": "=$count($distinct(steps.jobs.records.id))"}}
        return {"jobs": {"kind": "read", "settings": settings}, "count": counted}

    def check(self, run: Run, number: int) -> None:
        found = self.news.act("exstream.list_jobs", domain=DOMAIN)["jobs"]
        assert len(found) >= 3
        assert _output(run, "count") == len(found)


class Records(Story):
    kinds, picture, least = ("record",), "jobs", 8

    def steps(self) -> dict[str, dict[str, Any]]:
        return {"jobs": {"kind": "record", "settings": _jobs()}}

    def before(self, number: int) -> None:
        self.job = self.news.job()

    def check(self, run: Run, number: int) -> None:
        kept = list(Evidence.objects.exclude(kind="coverage").values_list("kind", "key"))
        assert len(kept) == len(set(kept))
        assert ("job", f"{DOMAIN}|{self.job}") in kept


class Checks(Story):
    kinds, picture, least = ("check",), "check", 10

    def prepare(self) -> None:
        self.news.group("crew", "otto.keller", "gwen.parry")

    def steps(self) -> dict[str, dict[str, Any]]:
        given = {"directory": "directory", "members": ["otto.keller"], "round": "=trigger.n"}
        return {"check": {"kind": "check", "settings": {"reconcile": "crew", "parameters": given}}}

    def check(self, run: Run, number: int) -> None:
        said = _output(run, "check")
        gone = 1 if number > 1 else 0
        assert (said["count"], said["new_count"], said["gone"]) == (1, 1, gone), "what is new is said once"
        assert Evidence.objects.filter(kind="finding", gone=False).count() == number


class Packs(Story):
    kinds, picture, least = ("pack",), "jobs -> pack", 12

    def prepare(self) -> None:
        self.news.job()

    def steps(self) -> dict[str, dict[str, Any]]:
        settings = {"title": "Round {{ trigger.n }}", "chosen": {"kind": "job"}, "once": True}
        return {"jobs": {"kind": "record", "settings": _jobs()}, "pack": {"kind": "pack", "settings": settings}}

    def check(self, run: Run, number: int) -> None:
        held = EvidencePack.objects.get(title=f"Round {number}")
        assert _output(run, "pack")["id"] == str(held.id)
        assert held.manifest["records"] >= 1


class Submits(Story):
    """An action that would be another job if it was repeated."""

    kinds, picture, least = ("action",), "submit -> after", 4
    ends_as = frozenset({"succeeded", "waiting"})

    def steps(self) -> dict[str, dict[str, Any]]:
        given = {"domain": DOMAIN, "service": "statements", "data": "<c/>"}
        call = {"action": "exstream.submit_batch", "connection": "exstream", "input": given}
        return {"submit": {"kind": "action", **call}}

    def before(self, number: int) -> None:
        self.jobs = self._count()

    def _count(self) -> int:
        return len(self.news.act("exstream.list_jobs", domain=DOMAIN)["jobs"])

    def check(self, run: Run, number: int) -> None:
        made, found = self._count() - self.jobs, states(run)
        assert (made, found["submit"]) in {(1, "succeeded"), (1, "in_doubt"), (0, "in_doubt")}


STORIES: tuple[type[Story], ...] = (Plans, Asks, Tells, Reads, Records, Checks, Packs, Submits)
KINDS = {kind for story in STORIES for kind in story.kinds}


def _jobs() -> dict[str, Any]:
    fields = {"domain": "domain", "job": "id", "at": "endDate", "person": "triggeredBy"}
    return {"connection": "exstream", "stream": "exstream.jobs", "kind": "job", "fields": fields,
            "input": {"domains": [DOMAIN]}}  # fmt: skip


def _output(run: Run, step: str) -> Any:
    return run.steps.get(step=step).output


def _letters(news: News, subject: str) -> list[str]:
    """To whom a letter of this subject was taken, as often as it was."""
    return [
        address
        for envelope in news.post.envelopes
        for address in envelope.rcpt_tos
        if f"Subject: {subject}\r\n".encode() in envelope.content
    ]


@pytest.fixture
def crew(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Crew()
    monkeypatch.setattr(gallery, "reconciles", lambda: {made.name: made})
    monkeypatch.setattr("workflows.services.catalog.reconciles", lambda: {made.name: made})


@pytest.mark.pain(7)
@pytest.mark.usefixtures("crew")
@pytest.mark.parametrize("story", STORIES, ids=lambda story: "+".join(story.kinds))
def test_wherever_its_worker_dies_nothing_is_lost_and_nothing_is_written_twice(
    news: News, story: type[Story]
) -> None:
    told = story(news)
    for before in (True, False):
        assert told.tell(before=before) >= story.least
