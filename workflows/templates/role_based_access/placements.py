"""Which templates should be in which further domains: what a role sees stops at the domain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from hub.connections import open_connection
from hub.connections.models import Connection
from hub.registry import catalog
from hub.sdk import Misconfigured
from workflows.reconcile.differences import Wanted

TYPE = "exstrapplication"
Named = tuple[str, str, str]
"""Home, type, name."""


class Placements:
    """What the parameters say of templates and domains."""

    def __init__(self, exstream: Connection, given: Sequence[dict[str, Any]], domains: Sequence[str]) -> None:
        self._exstream, self._domains = exstream, list(domains)
        self.named: dict[Named, list[str]] = {}
        for each in given:
            self.named.setdefault((each["home"], each.get("type", TYPE), each["template"]), []).extend(
                each["domains"]
            )

    @property
    def homes(self) -> list[str]:
        return sorted({home for home, _, _ in self.named})

    def covers(self, body: dict[str, Any]) -> bool:
        """Templates that no parameter names stay where they are."""
        return (body["home"], body["type"], body["name"]) in self.named

    def wanted(self) -> Iterator[Wanted]:
        """Exstream takes only what is approved; the rest waits until it is.

        Raises Misconfigured for a template that is not there at all.
        """
        for home in self.homes:
            approved, there = self._in(home, ["APPROVED"]), self._in(home, [])
            for named, domains in self.named.items():
                if named[0] != home:
                    continue
                if named not in there:
                    raise Misconfigured(f'There is no {named[1]} "{named[2]}" in {home}. Correct the placement.')
                for resource in sorted(approved.get(named, ())):
                    for domain in dict.fromkeys(domains):
                        body = {"home": home, "resource": resource, "name": named[2], "type": named[1]}
                        cause = {"reason": f"Placed in {', '.join(domains)} besides {home}."}
                        yield Wanted({**body, "domain": domain}, cause)

    def _in(self, home: str, states: list[str]) -> dict[Named, set[str]]:
        stream = catalog().stream("exstream.resources").implementation
        given = {"domains": [home], "types": sorted({kind for at, kind, _ in self.named if at == home})}
        found: dict[Named, set[str]] = {}
        with open_connection(self._exstream) as opened:
            reading = stream.read(stream.Input.model_validate(given | {"states": states}), opened.client)
            for _, row in reading.records:
                found.setdefault((home, row["type"], row["name"]), set()).add(str(row["id"]))
        if not reading.proof.complete:
            raise Misconfigured(f"{home} was not read whole: {'; '.join(reading.proof.problems)}.")
        return found
