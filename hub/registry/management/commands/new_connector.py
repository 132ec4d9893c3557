"""Writes a connector whose sandbox answers and whose tests pass."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from hub.registry.manifest import NAME
from hub.registry.scaffolding import write_connector


class Command(BaseCommand):
    help = "Write the folder of a new connector, with a small sandbox and tests that pass."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="Lower-case letters, digits and underscores, such as acme_crm.")
        parser.add_argument("--title", default="", help="What people read, such as Acme CRM.")
        parser.add_argument("--root", default="", help="Write below another folder than this installation.")

    def handle(self, *args: Any, **options: Any) -> None:
        name: str = options["name"]
        if not NAME.match(name):
            raise CommandError(f'"{name}" cannot name a connector. Use lower-case letters, digits and underscores.')
        root = Path(options["root"] or settings.BASE)
        try:
            written = write_connector(root, name, options["title"] or name.replace("_", " ").title())
        except FileExistsError as trouble:
            raise CommandError(f"{trouble} is there already; nothing was written.") from None
        except ValueError as trouble:
            raise CommandError(str(trouble)) from None
        for path in written:
            self.stdout.write(str(path.relative_to(root)))
        self.stdout.write(f"\nTry it: python3 manage.py test tests/connectors/{name}")
