"""The distribution lists on both sandboxes and a real mail server: what a test does, and what it looks at."""

from __future__ import annotations

import email
import email.policy
import uuid
from collections import Counter
from datetime import timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from connectors.exstream.sandbox.app import ExstreamSandbox
from hub.sdk import Call
from tests.connectors.email.test_email import Catcher
from tests.e2e.stage import Stage
from tests.workflows.engine.conftest import work
from workflows.engine import calling, delivering
from workflows.models import Delivery, Notice, Run, Trigger
from workflows.services import runs, templates
from workflows.triggers import polling

DOMAIN = "emea-prod"
TROUBLE = "EX001234E The data of customer 17 has no address."
FALLBACK = "duty@northwind.example"
PRINT = {"name": "Print", "groups": ["print@Northwind"]}


def mail_of(name: str) -> str:
    return f"{name}@northwind.example"


class News:
    """A group "print" with two people in it and one, Lena, in a group within, and the template for it."""

    def __init__(self, stage: Stage, post: Catcher) -> None:
        self.stage, self.actor, self.post = stage, stage.actor, post
        self.group("print", "priya.nair", "otto.keller")
        self.group("night", "lena.vogt")
        self.put("night", "print", kind="group")

    def group(self, name: str, *members: str) -> None:
        self.act("otds.create_group", partition="Northwind", name=name)
        for member in members:
            self.put(member, name)

    def put(self, member: str, group: str, *, kind: str = "user") -> None:
        self.act("otds.add_to_group", member=f"{member}@Northwind", group=f"{group}@Northwind", kind=kind)

    def act(self, action: str, **given: Any) -> dict[str, Any]:
        connection = "directory" if action.startswith("otds") else "exstream"
        prepared = calling.prepare(self.actor.workspace, action, connection, given)
        call = Call(key=str(uuid.uuid4()), timeout_seconds=10)
        made = prepared.entry.implementation.run(prepared.input, prepared.opened.client, call)
        return dict(made.model_dump(mode="json"))

    def install(self, **changed: Any) -> None:
        given = {"exstream": "exstream", "directory": "directory", "mail": "post", "domains": [DOMAIN],
                 "lists": [PRINT], "fallback": [FALLBACK]}  # fmt: skip
        templates.install(self.actor, "distribution-lists", slug="news", parameters=given | changed)
        self.poll()

    def job(self, *, fails: bool = False, domain: str = DOMAIN) -> str:
        """A job that ran to its end; its id."""
        made = self.act("exstream.submit_batch", domain=domain, service="statements", data="<c/>")
        app = self.stage.exstream.app
        assert isinstance(app, ExstreamSandbox)
        with app.store.writing() as data:
            for instance in data.find("instances", jobId=made["job"]) if fails else []:
                instance["_plan"] = ["input", f"communication!{TROUBLE}"]
                data.put("instances", instance["id"], instance)
        app.advance(9)
        return str(made["job"])

    def poll(self) -> None:
        """The event source is asked, and workers carry out what it started."""
        trigger = Trigger.objects.get(workflow__slug="news", kind="event")
        Trigger.objects.filter(id=trigger.id).update(due_at=timezone.now())
        polling.ask(trigger.id)
        work()

    def run(self) -> Run:
        started = templates.run(self.actor, "news")
        work()
        return runs.get_run(self.actor, started.id)

    def send(self) -> int:
        return delivering.send_due()

    def days_pass(self, days: int) -> None:
        """For what waits to be sent, and for what the directory said."""
        by = timedelta(days=days)
        Delivery.objects.filter(due_at__isnull=False).update(due_at=F("due_at") - by)
        Notice.objects.update(resolved_at=F("resolved_at") - by)

    def got(self) -> Counter[str]:
        """How many messages the mail server took for each address."""
        return Counter(address for envelope in self.post.envelopes for address in envelope.rcpt_tos)

    def letters(self, address: str) -> list[str]:
        made = []
        for envelope in self.post.envelopes:
            if address in envelope.rcpt_tos:
                message = email.message_from_bytes(envelope.content, policy=email.policy.default)
                body = message.get_body(("plain",))
                assert body is not None
                made.append(f"{message['Subject']}\n{body.get_content()}")
        return made

    def reasons(self) -> dict[str, str]:
        """Why whom was not told."""
        return dict(Delivery.objects.filter(state="withheld").values_list("person", "reason"))
