"""Audit evidence on both sandboxes and a real mail server: what a test does, and what it looks at."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from hub.audit.chains import check_evidence
from hub.audit.evidence import services
from hub.audit.models import Evidence
from tests.e2e.news import News
from tests.workflows.engine.conftest import work
from workflows.models import Run
from workflows.services import runs, templates

SLUG = "evidence"
AUDITOR = "audit@northwind.example"


class Auditing:
    """The template, run by hand, with two domains of Exstream."""

    def __init__(self, news: News) -> None:
        self.news, self.stage, self.actor, self.post = news, news.stage, news.actor, news.post

    def install(self, **changed: Any) -> None:
        given = {"exstream": "exstream", "directory": "directory", "mail": "post", "tell": [AUDITOR],
                 "domains": ["emea-prod", "uk-prod"], "partition": "Northwind", "tracing_approvers": []}  # fmt: skip
        templates.install(self.actor, "audit-evidence", slug=SLUG, parameters=given | changed)

    def collect(self) -> Run:
        started = templates.run(self.actor, SLUG)
        work()
        return runs.get_run(self.actor, started.id)

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


def unpack(content: bytes, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(content)) as pack:
        pack.extractall(folder)
    return folder


def verdict(folder: Path, *more: str) -> tuple[int, str]:
    """What the verifier in a pack says, with nothing of ours to import."""
    command = [sys.executable, "-I", "-S", str(folder / "verify.py"), *more]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    return ended.returncode, ended.stdout + ended.stderr
