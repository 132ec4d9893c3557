from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hub.vault import VaultError, ring, rotation


class Command(BaseCommand):
    help = "The keys that seal secrets: which are in use, adding one, sealing everything with the newest."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("status", help="Say how many secrets each key seals.")
        verbs.add_parser("add-key", help="Add a key to the key file; it seals from now on.")
        verbs.add_parser("rotate", help="Seal everything again that an older key sealed.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            {"status": self.status, "add-key": self.add_key, "rotate": self.rotate}[options["verb"]]()
        except VaultError as trouble:
            raise CommandError(str(trouble)) from None

    def status(self) -> None:
        keys = ring.ring()
        used = rotation.usage()
        for name in sorted({*keys.keys, *(key for counts in used.values() for key in counts)}):
            where = (
                ", ".join(f"{counts[name]} {table}" for table, counts in used.items() if counts[name]) or "nothing"
            )
            note = " (seals now)" if name == keys.sealing else "" if name in keys.keys else " (MISSING)"
            self.stdout.write(f"{name}{note}: {where}")

    def add_key(self) -> None:
        self.stdout.write(
            f"Added the key {ring.add_key()}. It seals from now on; `manage.py vault rotate` brings the rest."
        )

    def rotate(self) -> None:
        done = rotation.rotate(ring.ring())
        self.stdout.write(f"Sealed again: {done.resealed}. Already under the current key: {done.already}.")
        if done.changed_meanwhile:
            self.stdout.write(
                f"Changed while rotating, and so sealed with the current key already: {done.changed_meanwhile}."
            )
        for trouble in done.troubles:
            self.stdout.write(f"  {trouble}")
        if done.troubles:
            raise CommandError(f"{len(done.troubles)} secret(s) could not be opened and were left as they are.")
