from __future__ import annotations

import tempfile
import zipfile
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hub.accounts.models import Workspace
from hub.audit.chains import check_evidence, check_trail
from hub.audit.evidence import verifier
from hub.audit.models import EvidencePack


class Command(BaseCommand):
    help = "Check that nothing in the audit trail or the evidence was altered, removed or moved."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verify = verbs.add_parser("verify", help="Recompute every chain and report each break.")
        verify.add_argument("--workspace", default="", help="Only this workspace (its slug).")
        verify.add_argument("--noted", default="", help="A head (number:digest) noted earlier; needs --workspace.")
        verify.add_argument("--evidence", action="store_true", help="The chain of evidence instead of the trail.")
        pack = verbs.add_parser("verify-pack", help="Check an evidence pack, and that this hub made it.")
        pack.add_argument("file", help="The pack as it was fetched.")
        pack.add_argument("--head", default="", help="A head (number:digest) noted earlier.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] == "verify-pack":
            return self._verify_pack(options["file"], options["head"])
        return self._verify(options)

    def _verify_pack(self, file: str, head: str) -> None:
        with tempfile.TemporaryDirectory() as folder:
            try:
                with zipfile.ZipFile(file) as pack:
                    pack.extractall(folder)
            except (OSError, zipfile.BadZipFile) as wrong:
                raise CommandError(f"{file} cannot be read as a pack: {wrong}.") from None
            problems, told = verifier.check(folder, head)
        for problem in problems:
            self.stdout.write(f"  {problem}")
        made = EvidencePack.objects.defer("content").filter(sha256=told.get("pack", "")).first()
        self.stdout.write(
            f"Made here on {made.made_at:%Y-%m-%d %H:%M} UTC: {made}" if made else "This hub made no such pack."
        )
        if problems or made is None:
            raise CommandError("The pack is not what was made.")
        self.stdout.write(f"WHOLE: {told['records']} records, head {told['head']}")

    def _verify(self, options: dict[str, Any]) -> None:
        workspaces = Workspace.objects.all()
        if options["workspace"]:
            workspaces = workspaces.filter(slug=options["workspace"])
            if not workspaces:
                raise CommandError(f'There is no workspace "{options["workspace"]}".')
        elif options["noted"]:
            raise CommandError("Say with --workspace whose head this is.")
        broken = 0
        for workspace in workspaces:
            check = check_evidence if options["evidence"] else check_trail
            verdict = check(workspace.id, noted=options["noted"])
            broken += not verdict.whole
            word = "records" if options["evidence"] else "entries"
            state = "whole" if verdict.whole else "BROKEN"
            self.stdout.write(f"{workspace.slug}: {state}, {verdict.count} {word}, head {verdict.head}")
            for sentence in verdict.breaks:
                self.stdout.write(f"  {sentence}")
        if broken:
            what = "evidence" if options["evidence"] else "audit trail"
            raise CommandError(f"The {what} of {broken} workspace(s) is not what was written.")
