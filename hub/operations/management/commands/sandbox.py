"""The two sandboxes, alone: Directory Services and Exstream as stateful stand-ins over real HTTP."""

from __future__ import annotations

import importlib
import json
import signal
import threading
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from hub.sdk.sandbox import SandboxApp, Server


class Command(BaseCommand):
    help = "Serve the Directory Services and Exstream sandboxes until stopped. They keep their state."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--otds-port", type=int, default=8101, help="0 takes a free port")
        parser.add_argument("--exstream-port", type=int, default=8102, help="0 takes a free port")
        parser.add_argument("--data", type=Path, help="folder that keeps the state")
        parser.add_argument("--size", choices=("sample", "large"), default="sample", help="of the directory's seed")
        parser.add_argument("--json", action="store_true", help="print a line of JSON about what runs, first")
        parser.add_argument("--about", type=Path, help="write that JSON into a file once the sandboxes answer")

    def handle(self, *, host: str, data: Path | None, size: str, json: bool, **options: Any) -> None:
        folder = (data or Path(settings.DATA) / "sandboxes").resolve()
        folder.mkdir(parents=True, exist_ok=True)
        directory = self._serve("otds", host, options["otds_port"], {"data": str(folder), "size": size})
        about = {"otds": _described("otds", directory)}
        trusted = {
            "jwks_url": f"{directory.base_url}/otdsws/oauth2/jwks",
            "issuer": f"{directory.base_url}/otdsws",
            "token_url": f"{directory.base_url}/otdsws/oauth2/token",
        }
        exstream = self._serve("exstream", host, options["exstream_port"], {"data": str(folder), **trusted})
        about["exstream"] = _described("exstream", exstream)
        self._tell(about, as_json=json, file=options["about"])
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.wait(3600):
            pass
        exstream.stop()
        directory.stop()

    def _serve(self, name: str, host: str, port: int, options: dict[str, Any]) -> Server:
        app: SandboxApp = _package(name).create(options)
        try:
            return Server(app, host, port).start()
        except OSError as error:
            raise CommandError(
                f"The {name} sandbox cannot listen on {host}:{port}: {error.strerror}. "
                f"Free the port, or choose another with --{name}-port."
            ) from None

    def _tell(self, about: dict[str, Any], *, as_json: bool, file: Path | None) -> None:
        line = json.dumps(about)
        if file is not None:
            making = file.with_suffix(".making")
            making.write_text(line)
            making.rename(file)
        if as_json:
            self.stdout.write(line)
        else:
            for name, each in about.items():
                self.stdout.write(f"{name:9} {each['base_url']}   look and play: {each['base_url']}/_sandbox")
        self.stdout.flush()


def _package(name: str) -> Any:
    return importlib.import_module(f"connectors.{name}.sandbox")


def _described(name: str, server: Server) -> dict[str, Any]:
    return {"base_url": server.base_url, **_package(name).describe(server.app, server.base_url)}
