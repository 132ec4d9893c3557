"""What `manage.py up` does once the hub answers: provisions the Exstream sandbox from the directory sandbox."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from hub.accounts.access import Actor
from hub.accounts.models import Workspace
from hub.api.errors import ProblemError
from hub.sdk import ConnectorError
from workflows.models import Plan, PlanState
from workflows.services import plans, provisioning, sample


class Command(BaseCommand):
    help = "Run the provisioning template once against the sandboxes, and say what it did."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workspace", default="main")
        parser.add_argument("--about", type=Path, help="what manage.py sandbox wrote")

    def handle(self, *, workspace: str, about: Path | None, **options: Any) -> None:
        file = about or Path(settings.DATA) / "run" / "sandbox.json"
        place = Workspace.objects.order_by("id").filter(slug=workspace).first() or Workspace.objects.first()
        if place is None:
            raise CommandError("There is no workspace yet. Run manage.py prepare first.")
        actor = Actor.system(place)
        try:
            sample.ensure(actor, json.loads(file.read_text()))
            plan = provisioning.simulate(actor, sample.SLUG)
            if plan.state == PlanState.APPROVED and plan.changes.exists():
                plan = plans.apply_plan(actor, plan.id)
        except (ProblemError, ConnectorError, OSError) as trouble:
            # The hub is well without it, and must start.
            self.stdout.write(f"The provisioning template did not run: {trouble}")
            return
        self.stdout.write(_told(plan))


def _told(plan: Plan) -> str:
    people = plan.readings[0]["count"] if plan.readings else 0
    lines = [f"Provisioning          {people} people of the directory were read"]
    if plan.state == PlanState.REFUSED:
        lines += [f"  stopped             {each['message']}" for each in plan.guards if not each["passed"]]
    counted = Counter((each.state, each.resource, each.operation) for each in plan.changes.all())
    for (state, resource, operation), count in sorted(counted.items()):
        lines.append(f"  {state:10} {count:4}     {operation} {resource}")
    if not counted:
        lines.append("  nothing to change   Exstream is as the directory says")
    lines.append(f"  the plan            {settings.PUBLIC_URL}/plans/{plan.id}")
    return "\n".join(lines)
