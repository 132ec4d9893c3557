"""The API's schema, generated from its views."""

from __future__ import annotations

import difflib
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from drf_spectacular.generators import SchemaGenerator

PLACE = Path("docs") / "reference" / "api" / "openapi.json"


class Command(BaseCommand):
    help = "Write the API's schema (OpenAPI 3.1) to docs/reference/api/openapi.json, or check that it is current."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail when the file is stale")

    def handle(self, *, check: bool, **options: Any) -> None:
        generator: Any = SchemaGenerator
        made = json.dumps(generator().get_schema(request=None, public=True), indent=2, sort_keys=True) + "\n"
        file = Path(settings.BASE) / PLACE
        kept = file.read_text() if file.is_file() else ""
        if not check:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(made)
        elif kept != made:
            changes = list(difflib.unified_diff(kept.splitlines(), made.splitlines(), lineterm="", n=0))[2:22]
            raise CommandError(
                f"{PLACE} is not what the API is now. Run manage.py schema and commit it.\n  " + "\n  ".join(changes)
            )
