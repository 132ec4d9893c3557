"""The self-check of a directory by command: the same service as everybody's."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hub.accounts.access import Actor, fetch
from hub.accounts.models import Workspace
from hub.api.errors import ProblemError
from hub.connections.models import Connection
from hub.connections.self_check import check_directory
from hub.sdk import ConnectorError


class Command(BaseCommand):
    help = "Look for what makes directories go wrong: cycles, empty groups, members that are gone, values used twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workspace", default="main")
        parser.add_argument("connection", help="by its short name")

    def handle(self, *, workspace: str, connection: str, **options: Any) -> None:
        place = Workspace.objects.filter(slug=workspace).first()
        if place is None:
            raise CommandError(f'There is no workspace "{workspace}".')
        actor = Actor.system(place)
        try:
            held = fetch(actor, Connection, slug=connection)
            found = check_directory(actor, connection=held.id)
        except ProblemError as problem:
            raise CommandError(problem.detail) from None
        except ConnectorError as trouble:
            raise CommandError(trouble.message) from None
        self.stdout.write(json.dumps(found, indent=2, ensure_ascii=False))
