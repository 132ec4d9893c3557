from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from hub.operations.doctor import examine

_FURTHER = "\nFor support: python3 manage.py diagnostics collects this, versions, state and logs, without secrets."


class Command(BaseCommand):
    help = "Say what is well and what is not, and how to mend it. Ends with 1 when something is not well."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="answer as one JSON document")

    def handle(self, *, json: bool, **options: Any) -> None:
        findings = examine()
        well = all(finding.well for finding in findings)
        self.stdout.write(_document(findings, well) if json else "\n".join(map(str, findings)))
        if not well:
            if not json:
                self.stdout.write(_FURTHER)
            sys.exit(1)


def _document(findings: list[Any], well: bool) -> str:
    lines = [{"name": each.name, "well": each.well, "says": each.says, "mend": each.mend} for each in findings]
    return json.dumps({"well": well, "findings": lines}, indent=2)
