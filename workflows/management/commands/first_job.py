"""What `manage.py up` does once the hub answers: runs the provisioning workflow against the sandboxes."""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from hub.accounts.access import Actor
from hub.accounts.models import Workspace
from hub.api.errors import ProblemError
from hub.sdk import ConnectorError
from workflows.engine.bell import ring
from workflows.models import Plan, Run
from workflows.planning.states import ENDED_RUNS, RunState
from workflows.services import sample, templates

PATIENCE_SECONDS = 90.0
SANDBOXES_SECONDS = 60.0
_REMOVED = """Provisioning          the sample "{slug}" is not there: somebody has removed it
  to have it again    python3 manage.py first_job --again{data}"""


class Command(BaseCommand):
    help = "Install the provisioning template, run its workflow once against the sandboxes, and say what it did."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workspace", default="main")
        parser.add_argument("--about", type=Path, help="what manage.py sandbox wrote")
        parser.add_argument("--again", action="store_true", help="install the sample again that somebody has removed")

    def handle(self, *, workspace: str, about: Path | None, again: bool, **options: Any) -> None:
        file = about or Path(settings.DATA) / "run" / "sandbox.json"
        place = Workspace.objects.order_by("id").filter(slug=workspace).first() or Workspace.objects.first()
        if place is None:
            raise CommandError("There is no workspace yet. Run manage.py prepare first.")
        actor = Actor.system(place)
        _wait_for(file)
        try:
            sample.ensure(actor, json.loads(file.read_text()), again=again)
            started = templates.run(actor, sample.SLUG)
        except sample.Removed:
            self.stdout.write(_REMOVED.format(slug=sample.SLUG, data=_data_option()))
            return
        except (ProblemError, ConnectorError, OSError) as trouble:
            # The hub is well without it, and must start.
            self.stdout.write(f"Provisioning          did not run: {_in_lines(trouble)}")
            return
        ring()
        self.stdout.write(_told(_waited_for(started)))


def _data_option() -> str:
    return "" if Path(settings.BASE) / "var" == settings.DATA else f" --data {settings.DATA}"


def _wait_for(file: Path) -> None:
    """The sandboxes write it when they are ready."""
    until = time.monotonic() + SANDBOXES_SECONDS
    while not file.exists() and time.monotonic() < until:
        time.sleep(0.05)


def _in_lines(trouble: Exception) -> str:
    errors = trouble.errors if isinstance(trouble, ProblemError) else []
    said = trouble.detail if isinstance(trouble, ProblemError) else str(trouble)
    return "\n".join([said, *(f"  {each['pointer']}: {each['detail']}" for each in errors)])


def _waited_for(run: Run) -> Run:
    """The run once the workers have done what can be done, or when patience ends."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        run.refresh_from_db()
        if run.state in ENDED_RUNS or (run.state == RunState.WAITING and run.due_at is None):
            return run
        time.sleep(0.1)
    return run


def _told(run: Run) -> str:
    plan = Plan.objects.filter(step__run=run).order_by("-id").first()
    if plan is None:
        why = (run.error or {}).get("message") or f"it is {run.state}"
        return f"Provisioning          no plan was made: {why}\n{_address(run)}"
    people = plan.readings[0]["count"] if plan.readings else 0
    lines = [f"Provisioning          {people} people of the directory were read"]
    if run.state == RunState.FAILED:
        lines.append(f"  stopped             {(run.error or {}).get('message', '')}")
    counted = Counter((each.state, each.resource, each.operation) for each in plan.changes.all())
    for (state, resource, operation), count in sorted(counted.items()):
        lines.append(f"  {state:10} {count:4}     {operation} {resource}")
    if not counted and run.state != RunState.FAILED:
        lines.append("  nothing to change   Exstream is as the directory says")
    lines.append(_address(run))
    lines.append(f"  the plan            {settings.PUBLIC_URL}/plans/{plan.id}")
    return "\n".join(lines)


def _address(run: Run) -> str:
    return f"  the run             {settings.PUBLIC_URL}/runs/{run.id}"
