"""The sandboxes that `manage.py up` started beside the hub: what they hold, for whoever tries things out."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.module_loading import import_string

from hub.accounts.access import Actor, allow
from hub.sdk import ConnectorError
from hub.sdk.egress import Egress, Policy

TIMEOUT_SECONDS = 2.0


@dataclass(frozen=True)
class Sandbox:
    """One of them. `counts` says how many of what it holds, `faults` how often it is told to misbehave."""

    name: str
    url: str
    answers: bool = False
    counts: dict[str, int] = field(default_factory=dict)
    faults: int = 0


def list_sandboxes(actor: Actor) -> list[Sandbox]:
    """Empty for a hub without sandboxes."""
    allow(actor, "connection.view")
    try:
        about = json.loads((Path(settings.DATA) / "run" / "sandbox.json").read_text())
        addresses = {str(name): str(each["base_url"]) for name, each in about.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []
    # The file outlives the sandboxes; what this hub was started with does not.
    started = {name: url for name, url in addresses.items() if urlsplit(url).netloc in settings.EGRESS_ALLOW}
    return [_asked(name, url) for name, url in started.items()]


def _asked(name: str, url: str) -> Sandbox:
    shown = f"{url}/_sandbox"
    egress: Egress = import_string("hub.sdk.guarded.GuardedEgress")(Policy(allow=(urlsplit(url).netloc,)))
    try:
        said = egress.request("GET", f"{shown}/api/state", timeout_seconds=TIMEOUT_SECONDS).json()
        counts = {str(of): int(count) for of, count in said["counts"].items() if count}
        return Sandbox(name, shown, True, counts, len(said.get("faults", [])))
    except (ConnectorError, ValueError, KeyError, TypeError, AttributeError):
        return Sandbox(name, shown)
