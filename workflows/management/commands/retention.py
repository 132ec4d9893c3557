"""Shows how large the runs of each workflow are and where that goes; removes what the rules let go."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from hub.accounts.access import Actor
from hub.accounts.models import Workspace
from workflows.engine import removing, weighing
from workflows.planning.keeping import DataClass
from workflows.services import retention


class Command(BaseCommand):
    help = "Show how large runs are and how long they are kept; with --remove, remove what the rules let go."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workspace", help="only this one, by its slug")
        parser.add_argument("--remove", action="store_true", help="remove now what the rules let go")
        parser.add_argument("--measure", action="store_true", help="measure the sizes now")

    def handle(self, *, workspace: str | None, remove: bool, measure: bool, **options: Any) -> None:
        rows = Workspace.objects.order_by("id")
        found = list(rows.filter(slug=workspace) if workspace else rows)
        if remove:
            for each in found:
                counts = {data: count for data, count in removing.remove_old(each).items() if count}
                said = ", ".join(f"{data}: {count}" for data, count in counts.items()) or "nothing"
                self.stdout.write(f"{each.slug}: removed {said}")
        if measure or remove:
            weighing.weigh_all()
        for each in found:
            self._show(each)

    def _show(self, workspace: Workspace) -> None:
        seen = retention.overview(Actor.system(workspace))
        self.stdout.write(f"{workspace.slug}: {megabytes(seen.bytes)} of runs, {megabytes(seen.a_month)} a month")
        for line in seen.workflows:
            kept = ", ".join(f"{kept.data} {days(kept.days)}" for kept in line.kept if kept.data != DataClass.BODIES)
            size = f"{line.size.runs} runs, {megabytes(line.size.bytes)}" if line.size else "not measured"
            ahead = f", {megabytes(line.forecast.a_month)} a month" if line.forecast else ""
            self.stdout.write(f"  {line.workflow.slug}: {size}{ahead}; kept: {kept}")


def days(count: int | None) -> str:
    return "for ever" if count is None else f"{count} days"


def megabytes(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB"
