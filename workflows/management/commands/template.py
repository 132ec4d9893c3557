"""Templates by command: install, simulate, apply, undo. The same services as everybody's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hub.accounts.access import Actor
from hub.accounts.models import Workspace
from hub.api.errors import ProblemError
from hub.sdk import ConnectorError
from workflows.models import Plan, PlanState
from workflows.services import plans, provisioning


class Command(BaseCommand):
    help = f"The template {provisioning.NAME}: install it, make a plan, apply a plan, undo one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workspace", default="main")
        verbs = parser.add_subparsers(dest="verb", required=True)
        install = verbs.add_parser("install", help="check the parameters and install")
        install.add_argument("slug")
        install.add_argument("parameters", type=Path, help="a JSON file")
        verbs.add_parser("parameters", help="print the JSON Schema of the parameters")
        verbs.add_parser("simulate", help="make a plan and show it; nothing is written").add_argument("slug")
        for verb, words in (("apply", "apply an approved plan"), ("undo", "make the plan that takes a plan back")):
            verbs.add_parser(verb, help=words).add_argument("plan")

    def handle(self, *, verb: str, workspace: str, **options: Any) -> None:
        place = Workspace.objects.filter(slug=workspace).first()
        if place is None:
            raise CommandError(f'There is no workspace "{workspace}".')
        try:
            self._do(Actor.system(place), verb, options)
        except ProblemError as problem:
            lines = [problem.detail, *(f"  {each['pointer']}: {each['detail']}" for each in problem.errors)]
            raise CommandError("\n".join(lines)) from None
        except ConnectorError as trouble:
            raise CommandError(trouble.message) from None

    def _do(self, actor: Actor, verb: str, options: dict[str, Any]) -> None:
        match verb:
            case "parameters":
                self.stdout.write(json.dumps(provisioning.PARAMETERS, indent=2))
            case "install":
                try:
                    given = json.loads(options["parameters"].read_text())
                except (OSError, ValueError) as error:
                    raise CommandError(f"{options['parameters']} cannot be read as JSON: {error}.") from None
                held = provisioning.install(actor, slug=options["slug"], parameters=given)
                self.stdout.write(f'Installed. Next: manage.py template simulate "{held.slug}"')
            case "simulate":
                self.stdout.write(told(provisioning.simulate(actor, options["slug"])))
            case "apply":
                self.stdout.write(told(plans.apply_plan(actor, options["plan"])))
            case "undo":
                self.stdout.write(told(plans.undo_plan(actor, options["plan"])))


def told(plan: Plan, *, most: int = 40) -> str:
    """A plan in lines."""
    lines = [f"Plan {plan.id}: {plan.title}", f"  {plan.state}: {PlanState(plan.state).label}"]
    lines += [
        f"  {guard['message']}" for guard in plan.guards if plan.state == PlanState.REFUSED and not guard["passed"]
    ]
    total = plan.changes.count()
    for change in plan.changes.all()[:most]:
        note = f" ({change.message})" if change.message else ""
        lines.append(f"  {change.state:8} {change.operation:7} {change.title}{note}")
    if total > most:
        lines.append(f"  ... and {total - most} more")
    if not total:
        lines.append("  Everything is as it should be: there is nothing to change.")
    return "\n".join(lines)
