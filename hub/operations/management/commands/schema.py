"""The API's schema as a file: written from the code, or checked against it."""

from __future__ import annotations

import difflib
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

FILE = Path("docs") / "reference" / "api" / "openapi.json"
_SHOWN_LINES = 40


def schema_text() -> str:
    """The schema as it is committed."""
    from hub.administration.schema_api import api_schema

    return json.dumps(api_schema(), indent=2, ensure_ascii=False, sort_keys=True, default=str) + "\n"


class Command(BaseCommand):
    help = "Write the API's OpenAPI schema to docs/reference/api/openapi.json."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; fail when the file is not up to date"
        )

    def handle(self, *, check: bool, **options: Any) -> None:
        path = Path(settings.BASE) / FILE
        wanted = schema_text()
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted, "utf-8")
            self.stdout.write(f"Wrote {FILE}.")
            return
        held = path.read_text("utf-8") if path.is_file() else ""
        if held == wanted:
            self.stdout.write(f"{FILE} is up to date.")
            return
        lines = difflib.unified_diff(
            held.splitlines(), wanted.splitlines(), "in the file", "by the code", lineterm="", n=1
        )
        shown = "\n".join(list(lines)[:_SHOWN_LINES])
        raise CommandError(f"{FILE} is not up to date. Run manage.py schema and commit it.\n{shown}")
