from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hub.operations import diagnostics


class Command(BaseCommand):
    help = "Collect what support needs to see in one archive: versions, settings, state, logs; no secrets."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        name = f"lockgate-diagnostics-{datetime.now(UTC):%Y%m%d-%H%M%S}.zip"
        parser.add_argument("--to", type=Path, default=Path(name), help="where to write it")

    def handle(self, *, to: Path, **options: Any) -> None:
        try:
            names = diagnostics.write(to)
        except OSError as trouble:
            raise CommandError(
                f"{to} cannot be written: {trouble.strerror}. Choose another place with --to."
            ) from None
        self.stdout.write("\n".join(names))
        self.stdout.write(f"\nWritten to {to.resolve()}. Look through it before you send it on.")
