"""From the directory's people to access in Exstream.

Everything is worked out anew from what the directory says now; no timer decides about a person. What leaving means:
out of the access groups, the named seat freed, locks released.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from hub.accounts.access import Actor, fetch
from hub.api.errors import FieldProblem
from hub.connections import open_connection
from hub.connections.models import Connection
from hub.registry import catalog
from hub.sdk import Proof
from hub.sdk.directories import Person
from workflows.reconcile.contract import Past, Reconcile
from workflows.reconcile.differences import Wanted
from workflows.reconcile.guards import Limits, Source
from workflows.reconcile.planner import Draft, Target, draft_plan
from workflows.reconcile.rules import Row, Terms, rules_of, standing, value_of

PARAMETERS: dict[str, Any] = json.loads((Path(__file__).parent / "parameters.json").read_text())
LEFT = {"reason": "The person has left, or is no longer in the directory."}


class JoinerMoverLeaver(Reconcile):
    name = "joiner-mover-leaver"
    title = "Joiner, mover, leaver provisioning"
    parameters = PARAMETERS

    def check(self, parameters: dict[str, Any], connectors: Mapping[str, str]) -> Iterator[FieldProblem]:
        known = {*Person.model_fields, *parameters.get("attributes", {})}
        directory = connectors.get("directory")
        if parameters.get("seats") and directory and f"{directory}.seats" not in catalog().resources:
            detail = f"{directory} has no named seats. Leave this empty."
            yield {"pointer": "/parameters/seats", "code": "no-seats", "detail": detail}
        yield from _of_rules(parameters, known)
        for name in ("start_field", "end_field"):
            if parameters.get(name) and parameters[name] not in known:
                detail = f'People have no field "{parameters[name]}".'
                yield {"pointer": f"/parameters/{name}", "code": "unknown-field", "detail": detail}

    def draft(
        self, actor: Actor, parameters: dict[str, Any], *, title: str, past: Past
    ) -> AbstractContextManager[Draft]:
        return _Provisioning(actor, parameters, past).draft(title)


RECONCILE = JoinerMoverLeaver()


def _of_rules(parameters: dict[str, Any], known: set[str]) -> Iterator[FieldProblem]:
    for number, rule in enumerate(parameters["rules"]):
        for name in sorted(set(rule["when"]) - known):
            detail = f'People have no field "{name}". There are: {", ".join(sorted(known))}.'
            yield {"pointer": f"/parameters/rules/{number}/when/{name}", "code": "unknown-field", "detail": detail}
        for place, group in enumerate(rule["groups"]):
            if not group.startswith(parameters["group_prefix"]):
                detail = f'"{group}" does not begin with "{parameters["group_prefix"]}", so it would not be managed.'
                yield {"pointer": f"/parameters/rules/{number}/groups/{place}", "code": "outside", "detail": detail}


class _Provisioning:
    def __init__(self, actor: Actor, given: dict[str, Any], past: Past) -> None:
        self.actor, self.given, self.past = actor, given, past
        self.directory = fetch(actor, Connection, slug=self.given["directory"])
        self.rules = rules_of(self.given["rules"])
        self.terms = Terms(
            self.given.get("start_field", ""), self.given.get("end_field", ""), self.given.get("grace_days", 0)
        )
        self.today: date = datetime.now(UTC).date()
        self.kept: set[str] = set()
        """Everybody who has a right to something, or will have one."""
        self.left: dict[str, str] = {}
        self.proof = Proof()

    @contextmanager
    def draft(self, title: str) -> Iterator[Draft]:
        limits = Limits(
            self.given.get("most_removals", 50),
            self.given.get("most_removals_percent", 20),
            shrunken_percent=self.given.get("most_shrunken_percent", 20),
        )
        with draft_plan(
            title=title,
            sources=lambda: [Source("The directory", self.proof, self.past.last_count)],
            targets=self._targets(),
            limits=limits,
            needs_approval=self.given.get("needs_approval", True),
        ) as made:
            yield replace(made, remembered={"left": self.left})

    def _memberships(self) -> Iterator[Wanted]:
        stream = catalog().stream(self._offered("users")).implementation
        scope = {"partition": self.given["partition"], "attributes": self.given.get("attributes", {})}
        with open_connection(self.directory) as opened:
            reading = stream.read(stream.Input.model_validate(scope), opened.client)
            self.proof = reading.proof
            for uuid, person in reading.records:
                yield from self._of(uuid, person)

    def _of(self, uuid: str, person: dict[str, Any]) -> Iterator[Wanted]:
        since = self.past.remembered.get("left", {}).get(uuid)
        if person["disabled"]:
            self.left[uuid] = since or self.today.isoformat()
        left_on = date.fromisoformat(since) if since else None
        stands, why = standing(person, self.terms, today=self.today, left_on=left_on)
        if stands or why.startswith("Starts"):
            self.kept.add(person["id"])
        if not stands:
            return
        for group, row in self.rules.grants(person):
            body = {"group": f"{group}@{self.given['partition']}", "member": person["id"], "kind": "user"}
            yield Wanted(body, _cause(row, person, why))

    def _targets(self) -> list[Target]:
        partition, prefix = self.given["partition"], self.given["group_prefix"]
        gone = {"reason": "No rule gives this person the group, or the person has left."}
        made = [
            Target(self.directory, self._offered("group_members"), {"partition": partition, "name_prefix": prefix},
                   self._memberships(), gone, covers=lambda body: body["kind"] == "user")
        ]  # fmt: skip
        if self.given.get("seats"):
            made.append(
                Target(
                    self.directory,
                    f"{self.directory.connector}.seats",
                    self.given["seats"],
                    [],
                    LEFT,
                    lambda body: self._left(body["user"]),
                )
            )
        if self.given.get("exstream"):
            made += self._exstream_targets(fetch(self.actor, Connection, slug=self.given["exstream"]))
        return made

    def _offered(self, name: str) -> str:
        """Of the directory, whichever way it is read."""
        return f"{self.directory.connector}.{name}"

    def _exstream_targets(self, exstream: Connection) -> Iterator[Target]:
        assigned = [Wanted(dict(each), {"reason": "Asked for by the template."}) for each in self._assignments()]
        if assigned:
            domains = sorted({each.body["domain"] for each in assigned})
            yield Target(exstream, "exstream.group_roles", {"domains": domains}, assigned, covers=lambda body: False)
        if self.given.get("release_locks", True):
            yield Target(exstream, "exstream.locks", {}, [], LEFT, lambda body: self._left(body["locked_by"]))

    def _left(self, person: str) -> bool:
        """Of our partition, and without a right to anything. Deleting a user frees neither seat nor lock."""
        return person.endswith(f"@{self.given['partition']}") and person not in self.kept

    def _assignments(self) -> list[dict[str, str]]:
        return list(self.given.get("assignments", []))


def _cause(row: Row, person: dict[str, Any], why: str) -> dict[str, Any]:
    made: dict[str, Any] = {"rule": row.number, "because": {name: value_of(person, name) for name in row.when}}
    return made | ({"note": why} if why else {})
