"""Audit evidence on both sandboxes and a real mail server: what a test does, and what it looks at."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from connectors.exstream.sandbox.app import ExstreamSandbox
from hub.audit.chains import check_evidence
from hub.audit.evidence import services
from hub.audit.models import Evidence, EvidenceFeed
from tests.e2e.news import News
from tests.hub.audit.kept import unpack
from tests.workflows.engine.conftest import work
from workflows.models import Run
from workflows.services import runs, templates

SLUG, DOMAIN = "evidence", "emea-prod"
AUDITOR = "audit@northwind.example"


class Auditing:
    """The template, run by hand, on one domain of Exstream whose jobs stand still."""

    def __init__(self, news: News) -> None:
        self.news, self.stage, self.actor, self.post = news, news.stage, news.actor, news.post
        self.exstream.advance(9)

    @property
    def exstream(self) -> ExstreamSandbox:
        app = self.stage.exstream.app
        assert isinstance(app, ExstreamSandbox)
        return app

    def install(self, **changed: Any) -> None:
        given = {"exstream": "exstream", "directory": "directory", "mail": "post", "tell": [AUDITOR],
                 "domains": [DOMAIN], "partition": "Northwind", "tracing_approvers": []}  # fmt: skip
        templates.install(self.actor, "audit-evidence", slug=SLUG, parameters=given | changed)

    def collect(self) -> Run:
        run = self.start()
        work()
        return runs.get_run(self.actor, run.id)

    def start(self) -> Run:
        return templates.run(self.actor, SLUG)

    def hours_pass(self, hours: float) -> None:
        """Since the last collection."""
        before = timezone.now() - timedelta(hours=hours)
        late = before + timedelta(hours=26)
        EvidenceFeed.objects.filter(workspace=self.actor.workspace).update(collected_until=before, late_at=late)

    def records(self, **chosen: Any) -> list[dict[str, Any]]:
        """What records say, the oldest first, with all parts together."""
        rows = services.list_records(self.actor, **chosen).order_by("number")
        return [{"record": row, **said(row)} for row in rows]

    def count(self) -> int:
        return Evidence.objects.filter(workspace=self.actor.workspace).exclude(kind="coverage").count()

    def is_whole(self) -> bool:
        return check_evidence(self.actor.workspace.id).whole

    def pack(self, folder: Path, **asked: Any) -> Path:
        """A pack of it, unpacked."""
        held = services.create_pack(self.actor, **{"title": "Evidence", "chosen": {}} | asked)
        return unpack(bytes(services.read_pack(self.actor, str(held.id)).content), folder)


def said(row: Evidence) -> dict[str, Any]:
    return {name: value for part in (row.parts or {}).values() for name, value in part.items()}
