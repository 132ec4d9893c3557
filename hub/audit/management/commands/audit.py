from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hub.accounts.models import Workspace
from hub.audit.chains import check_trail


class Command(BaseCommand):
    help = "Check that no entry of the audit trail was altered, removed or moved."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verify = verbs.add_parser("verify", help="Recompute every chain and report each break.")
        verify.add_argument("--workspace", default="", help="Only this workspace (its slug).")
        verify.add_argument("--noted", default="", help="A head (number:digest) noted earlier; needs --workspace.")

    def handle(self, *args: Any, **options: Any) -> None:
        workspaces = Workspace.objects.all()
        if options["workspace"]:
            workspaces = workspaces.filter(slug=options["workspace"])
            if not workspaces:
                raise CommandError(f'There is no workspace "{options["workspace"]}".')
        elif options["noted"]:
            raise CommandError("Say with --workspace whose head this is.")
        broken = 0
        for workspace in workspaces:
            verdict = check_trail(workspace.id, noted=options["noted"])
            broken += not verdict.whole
            state = "whole" if verdict.whole else "BROKEN"
            self.stdout.write(f"{workspace.slug}: {state}, {verdict.count} entries, head {verdict.head}")
            for sentence in verdict.breaks:
                self.stdout.write(f"  {sentence}")
        if broken:
            raise CommandError(f"The audit trail of {broken} workspace(s) is not what was written.")
