"""One week in the life of an insurer: all eight templates, played against the sandboxes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import requests
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from hub.operations.data_folder import DataFolder
from workflows.week import cast
from workflows.week.hub import Member, WeekError, wait_for
from workflows.week.northwind import Northwind
from workflows.week.play import play
from workflows.week.post import opened
from workflows.week.stage import Week
from workflows.week.telling import Telling

PORTS = ("port", "otds_port", "exstream_port")


class Command(BaseCommand):
    help = "Play a week in the life of the insurer: all eight templates at work, and what happened where."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", type=Path, help="data folder of the hub (also LOCKGATE_DATA)")
        for name in PORTS:
            words = "of the hub that is started when none runs, as of manage.py up"
            parser.add_argument(f"--{name.replace('_', '-')}", type=int, help=words)
        parser.add_argument("--post-port", type=int, default=8125, help="port of the week's mail server")

    def handle(self, *, data: Path | None, post_port: int, **options: Any) -> None:
        folder = DataFolder((data or Path(settings.DATA)).resolve())
        started = None
        if (url := _running(folder)) is None:
            self.stdout.write("No hub runs on this data folder; starting one.")
            ports = [f"--{name.replace('_', '-')}={options[name]}" for name in PORTS if options[name]]
            started, url = _start(folder, ports)
        try:
            self._play(folder, url, post_port)
        except WeekError as trouble:
            raise CommandError(str(trouble)) from None
        except requests.RequestException as trouble:
            address = trouble.request.url if trouble.request is not None else url
            raise CommandError(f"{address} does not answer. Is the hub still up, with its sandboxes?") from None
        finally:
            if started is not None:
                self._leave_running(started)

    def _play(self, folder: DataFolder, url: str, port: int) -> None:
        about = folder.path / "run" / "sandbox.json"
        if not about.exists():
            raise WeekError("This hub runs without the sandboxes. The week is played on no other system.")
        known = os.environ.get("LOCKGATE_ADMIN_PASSWORD") or folder.secret("admin-password")
        admin = Member.signed_in(url, "admin", known)
        wait_for(lambda: _is_installed(admin) or _was_removed(admin), "the provisioning that every start installs")
        password = folder.secret("week-password", length=12)
        began = time.monotonic()
        with opened(folder.path / "week" / "letters", port) as post:
            telling = Telling(self._say)
            week = Week(url, admin, password, Northwind(json.loads(about.read_text())), post, port, telling)
            play(week)
        self.stdout.write(
            f"\nThe week took {time.monotonic() - began:.0f} s. Look around: {url}\n"
            f"Sign in as admin, or as one of the people, such as lena.vogt@Northwind, with {password}\n"
            f"The letters are in {folder.path / 'week' / 'letters'}. The post office that took them has\n"
            'closed, so that the connection "Post" does not work any more.'
        )

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _leave_running(self, hub: subprocess.Popen[bytes]) -> None:
        if hub.poll() is None:
            self.stdout.write("Press Ctrl-C to stop the hub.")
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            hub.wait()


def _running(folder: DataFolder) -> str | None:
    """The address of the hub that runs on this folder, once it answers there."""
    used = folder.user()
    return str(used["url"]) if used and "url" in used else None


def _is_installed(admin: Member) -> bool | None:
    """A hub installs it once it answers; before, two would do so at once."""
    return any(each["slug"] == cast.PROVISIONING for each in admin.every("installations")) or None


def _was_removed(admin: Member) -> bool | None:
    """Then no start installs it, and the week does."""
    removed = admin.every("audit", verb="template.removed", target_type="installation")
    return any(each["target"]["name"] == cast.PROVISIONING for each in removed) or None


def _start(folder: DataFolder, ports: list[str]) -> tuple[subprocess.Popen[bytes], str]:
    hub = subprocess.Popen([sys.executable, "manage.py", "up", "--data", str(folder.path), *ports])
    while hub.poll() is None:
        if (url := _running(folder)) is not None:
            return hub, url
        time.sleep(0.5)
    raise CommandError("The hub did not start.")
