"""Bring the database up to date and make what a first start needs. Repeating it changes nothing."""

from __future__ import annotations

import os
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from hub import audit
from hub.accounts.access import Actor
from hub.accounts.models import Membership, Person, Workspace, roles_in_order
from hub.accounts.roles import EVERYONE


class Command(BaseCommand):
    help = "Apply migrations, make the vault's key, and, in an empty hub, a workspace and its administrator."
    requires_system_checks: list[str] = []  # They load every address of the hub; `manage.py test` makes them.

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--administrator", default="admin", help="user name of the first administrator")
        parser.add_argument("--workspace", default="main", help="slug of the first workspace")

    def handle(self, *, administrator: str, workspace: str, verbosity: int, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        from hub.vault.ring import ring

        ring()
        if Person.objects.filter(is_superuser=True).exists():
            return
        password = os.environ.get("LOCKGATE_ADMIN_PASSWORD", "")
        if not password:
            self.stderr.write(
                "There is no administrator yet. Set LOCKGATE_ADMIN_PASSWORD and run this again, "
                "or use manage.py createsuperuser."
            )
            return
        with transaction.atomic():
            person = Person.objects.create_superuser(username=administrator, password=password, name="Administrator")
            place, _ = Workspace.objects.get_or_create(slug=workspace, defaults={"name": workspace.capitalize()})
            Membership.objects.create(workspace=place, person=person, roles=roles_in_order(EVERYONE))
            audit.record(Actor.system(place), "workspace.created", place, {"administrator": administrator})
