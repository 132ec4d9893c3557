"""The main job as one story, while processes are killed in every phase of it.

Install, simulate, apply; a joiner, a mover, a leaver; a run with nothing to do; a shrunken and an empty directory;
undo. `make chaos-story MINUTES=30` lets people come, move and leave for so long, with kills at random moments.
"""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from tests.chaos.hub import HubUnderFire
from tests.chaos.killing import Killer, Moment
from tests.e2e.sandboxes import Sandboxes, served
from workflows.services import sample_settings

HR: dict[str, Any] = {
    "format": 1,
    "name": "What personnel says",
    "triggers": [{"id": "hr", "kind": "webhook", "settings": {"path": "personnel", "key": "=trigger.body.id"}}],
    "steps": [
        {"id": "change", "kind": "action", "action": "otds.update_user", "connection": "directory",
         "input": {"user": "=trigger.body.user", "attributes": {"title": "=trigger.body.title"}},
         "retry": {"attempts": 8, "first_seconds": 0.2, "longest_seconds": 2}},
    ],
    "edges": [],
}  # fmt: skip
DOMAINS = ("emea-prod", "uk-prod", "apac-prod")
BEFORE = {"otto.keller": (False, False, False), "gwen.parry": (False, True, False),
          "amara.diallo": (True, False, False), "priya.nair": (False, False, True)}  # fmt: skip
AFTER = BEFORE | {"otto.keller": (True, False, False), "gwen.parry": (False, False, True),
                  "amara.diallo": (False, False, False)}  # fmt: skip
PEOPLE = ("PATCH /otdsws/rest/users/<name>", "DELETE /otdsws/rest/users/<name>")
"""Writes of the directory's own administrators and of personnel, not of plans."""


@dataclass
class Story:
    """One hub, both sandboxes, and what happened so far."""

    hub: HubUnderFire
    sandboxes: Sandboxes
    killer: Killer = field(init=False)
    acknowledged: list[str] = field(default_factory=list)
    of_people: int = 0
    """Changes of people that were asked for."""

    def __post_init__(self) -> None:
        self.killer = Killer(self.hub, lambda: self.written()[0])

    def written(self) -> tuple[int, int]:
        """Changes and repeats that the sandboxes counted, but for those of people."""
        rows = [row for row in self.sandboxes.writes() if row["operation"] not in PEOPLE]
        return sum(row["changes"] for row in rows), sum(row["repeats"] for row in rows)

    def prepare(self) -> None:
        """Connections, and the workflow that takes what personnel says."""
        about, call = self.sandboxes.about, self.hub.call
        settings = {"directory": ("otds", sample_settings.directory_settings(about)),
                    "exstream": ("exstream", sample_settings.exstream_settings(about))}  # fmt: skip
        for slug, (connector, given) in settings.items():
            body = {"connector": connector, "name": slug.title(), "slug": slug, "settings": given}
            call("POST", "connections", body)
        call("POST", "workflows", {"slug": "personnel", "document": HR})
        call("POST", "workflows/personnel/publish", {"revision": 1})
        call("POST", "workflows/personnel/switch", {"on": True})

    def install(self, moments: Sequence[Moment] = ()) -> None:
        body = {"slug": "access", "parameters": sample_settings.parameters()}
        with self.killer.during(moments):
            self.hub.call("POST", "templates/joiner-mover-leaver/install", body)
            # The event source has looked once: what comes from now on is news.
            self.hub.wait_for(lambda: bool(self._event_trigger()["asked_at"]), seconds=90)

    def simulate(self, moments: Sequence[Moment] = ()) -> dict[str, Any]:
        with self.killer.during(moments):
            return dict(self.hub.call("POST", "installations/access/simulate"))

    def run(self, moments: Sequence[Moment] = ()) -> None:
        with self.killer.during(moments):
            self.hub.call("POST", "installations/access/run")
            self.rest()

    def people_change(self, *, back: bool = False, moments: Sequence[Moment] = ()) -> None:
        """A joiner by personnel's webhook, a mover and a leaver by the directory; or everything as it was."""
        self.hub.sql("UPDATE workflows_trigger SET due_at = now() + interval '1 hour' WHERE kind = 'event'")
        with self.killer.during(moments):
            self._tell("otto.keller", "Claims handler" if back else "Template designer")
            self._set("gwen.parry", "c", "GB" if back else "SG")
            self._set("amara.diallo", "accountDisabled", "false" if back else "true")
            self.rest("personnel")
            self.look()

    def look(self) -> None:
        """The minute is over, and the event source looks for what changed."""
        before = self._event_trigger()["asked_at"]
        self.hub.sql("UPDATE workflows_trigger SET due_at = now() WHERE kind = 'event'")
        self.hub.wait_for(lambda: bool(self._event_trigger()["asked_at"] != before), seconds=60)
        self.rest()

    def leave(self, people: Iterable[str], moments: Sequence[Moment] = ()) -> None:
        """The directory has these people no more."""
        with self.killer.during(moments):
            for person in people:
                self.sandboxes.change("DELETE", f"/users/{person}")
                self.of_people += 1
            self.look()

    def undo(self, plan: str, moments: Sequence[Moment] = ()) -> None:
        """Nothing starts by itself any more; then what the plan changed is taken back."""
        self.hub.call("POST", "workflows/access/switch", {"on": False})
        with self.killer.during(moments):
            back = self.hub.call("POST", f"plans/{plan}/undo")["id"]
            self.hub.wait_for(lambda: self._is_applied(back), seconds=120)

    def sees(self) -> dict[str, tuple[bool, ...]]:
        """Who sees what, each asked with their own token."""
        return {person: tuple(self.sandboxes.sees(person, domain) for domain in DOMAINS) for person in BEFORE}

    def plans(self) -> list[dict[str, Any]]:
        return list(self.hub.every("plans?"))

    def runs(self, workflow: str = "access") -> list[dict[str, Any]]:
        return list(self.hub.every(f"runs?workflow={workflow}"))

    def said_applied(self) -> tuple[int, int]:
        """Changes that plans say were applied, and those whose outcome they do not know because a newer plan took the
        place of a broken-off one."""
        changes = [change for plan in self.plans() for change in self.hub.every(f"plans/{plan['id']}/changes?")]
        counted = Counter(change["state"] for change in changes)
        return counted["applied"], counted["writing"]

    def unheard(self) -> list[str]:
        """What was acknowledged to personnel, and did not end well exactly once."""
        heard = Counter(
            self.hub.call("GET", f"runs/{run['id']}")["payload"]["body"]["id"]
            for run in self.runs("personnel")
            if run["state"] == "succeeded"
        )
        return [each for each in self.acknowledged if heard[each] != 1]

    def rest(self, workflow: str = "access") -> None:
        """Wait until every run has ended."""

        def ended() -> bool:
            return all(run["ended_at"] for run in self.runs(workflow))

        self.hub.wait_for(ended, seconds=120)

    def _event_trigger(self) -> dict[str, Any]:
        found = self.hub.call("GET", "workflows/access/triggers")["items"]
        return next(each for each in found if each["kind"] == "event")

    def _set(self, person: str, name: str, value: str) -> None:
        self.sandboxes.set_attribute(person, name, value)
        self.of_people += 1

    def _tell(self, person: str, title: str) -> None:
        """Personnel tells the hub, and tells again until it is acknowledged."""
        told = f"{person}: {title} {len(self.acknowledged)}"
        body = {"id": told, "user": f"{person}@Northwind", "title": title}
        self.of_people += 1
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with contextlib.suppress(requests.RequestException):
                if requests.post(f"{self.hub.url}/hooks/personnel", json=body, timeout=10).status_code == 202:
                    self.acknowledged.append(told)
                    return
            time.sleep(0.1)
        raise AssertionError("The webhook was not acknowledged within a minute.")

    def _is_applied(self, plan: str) -> bool:
        with contextlib.suppress(AssertionError):
            # Refused as long as whoever was killed while applying it counts as alive.
            return bool(self.hub.call("POST", f"plans/{plan}/apply")["state"] == "applied")
        return False


@contextlib.contextmanager
def told(folder: Path) -> Any:
    """A story with its hub and sandboxes, at the very beginning."""
    (folder / "sandboxes").mkdir()
    with served(folder / "sandboxes") as sandboxes:
        hub = HubUnderFire(folder, may_reach=[sandboxes.otds.port, sandboxes.exstream.port])
        try:
            story = Story(hub, sandboxes)
            story.prepare()
            yield story
        finally:
            hub.stop()
