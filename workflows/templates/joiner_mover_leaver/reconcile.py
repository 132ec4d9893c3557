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
from hub.sdk import Misconfigured, Proof
from hub.sdk.directories import Person
from workflows.reconcile.contract import Past, Reconcile
from workflows.reconcile.differences import Wanted
from workflows.reconcile.guards import Limits, Source
from workflows.reconcile.nesting import Nesting
from workflows.reconcile.planner import Draft, Target, draft_plan
from workflows.reconcile.rules import Row, Terms, rules_of, standing, value_of

PARAMETERS: dict[str, Any] = json.loads((Path(__file__).parent / "parameters.json").read_text())
IN_GROUP = "in_group"
"""The condition on groups, nested ones too. It stands among the fields of a person."""
LEFT = {"reason": "The person has left, or is no longer in the directory."}


class JoinerMoverLeaver(Reconcile):
    name = "joiner-mover-leaver"
    title = "Joiner, mover, leaver provisioning"
    parameters = PARAMETERS

    def check(self, parameters: dict[str, Any], connectors: Mapping[str, str]) -> Iterator[FieldProblem]:
        if IN_GROUP in parameters.get("attributes", {}):
            detail = f'"{IN_GROUP}" is the condition on groups. Choose another name.'
            yield {"pointer": f"/parameters/attributes/{IN_GROUP}", "code": "taken", "detail": detail}
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
        for group in _named(rule["when"].get(IN_GROUP, [])):
            if group.startswith(parameters["group_prefix"]):
                detail = f'"{group}" is managed by these rules, so that they cannot ask for it.'
                yield {"pointer": f"/parameters/rules/{number}/when/{IN_GROUP}", "code": "managed", "detail": detail}
        for name in sorted(set(rule["when"]) - known - {IN_GROUP}):
            detail = f'People have no field "{name}". There are: {", ".join(sorted(known))}.'
            yield {"pointer": f"/parameters/rules/{number}/when/{name}", "code": "unknown-field", "detail": detail}
        for place, group in enumerate(rule["groups"]):
            if not group.startswith(parameters["group_prefix"]):
                detail = f'"{group}" does not begin with "{parameters["group_prefix"]}", so it would not be managed.'
                yield {"pointer": f"/parameters/rules/{number}/groups/{place}", "code": "outside", "detail": detail}


def _named(groups: str | list[str]) -> list[str]:
    return [groups] if isinstance(groups, str) else groups


class _Provisioning:
    def __init__(self, actor: Actor, given: dict[str, Any], past: Past) -> None:
        self.actor, self.given, self.past = actor, given, past
        self.directory = fetch(actor, Connection, slug=self.given["directory"])
        self.asked_groups = {
            self._whole(group) for rule in given["rules"] for group in _named(rule["when"].get(IN_GROUP, []))
        }
        self.rules = rules_of([self._with_whole_groups(rule) for rule in given["rules"]])
        self.terms = Terms(
            self.given.get("start_field", ""), self.given.get("end_field", ""), self.given.get("grace_days", 0)
        )
        self.today: date = datetime.now(UTC).date()
        self.kept: set[str] = set()
        """Everybody who has a right to something, or will have one."""
        self.left: dict[str, str] = {}
        self.proof = Proof()
        self.groups_proof: Proof | None = None

    @contextmanager
    def draft(self, title: str) -> Iterator[Draft]:
        limits = Limits(
            self.given.get("most_removals", 50),
            self.given.get("most_removals_percent", 20),
            shrunken_percent=self.given.get("most_shrunken_percent", 20),
        )
        with draft_plan(
            title=title,
            sources=self._sources,
            targets=self._targets(),
            limits=limits,
            needs_approval=self.given.get("needs_approval", True),
        ) as made:
            yield replace(made, remembered={"left": self.left})

    def _sources(self) -> list[Source]:
        groups = [Source("The directory's groups", self.groups_proof, None)] if self.groups_proof else []
        return [Source("The directory", self.proof, self.past.last_count), *groups]

    def _whole(self, group: str) -> str:
        return group if "@" in group else f"{group}@{self.given['partition']}"

    def _with_whole_groups(self, rule: dict[str, Any]) -> dict[str, Any]:
        if IN_GROUP not in rule["when"]:
            return rule
        return rule | {"when": rule["when"] | {IN_GROUP: [*map(self._whole, _named(rule["when"][IN_GROUP]))]}}

    def _nesting(self, client: Any) -> Nesting:
        """The groups around groups, when a rule asks for one. What these rules manage leads nowhere: else a person
        would stay in a group because they are in it."""
        if not self.asked_groups:
            return Nesting([])
        stream = catalog().stream(self._offered("groups")).implementation
        reading = stream.read(stream.Input.model_validate({}), client)
        prefix, end = self.given["group_prefix"], f"@{self.given['partition']}"
        made = Nesting(
            (body for _, body in reading.records),
            counts=lambda name: not (name.startswith(prefix) and name.endswith(end)),
        )
        self.groups_proof = reading.proof
        missing = sorted(self.asked_groups - made.ids)
        if missing and reading.proof.complete:  # Of an incomplete reading the guard speaks.
            raise Misconfigured(
                f'The directory has no group "{missing[0]}", for which a rule asks. Correct the rule.'
            )
        return made

    def _memberships(self) -> Iterator[Wanted]:
        stream = catalog().stream(self._offered("users")).implementation
        scope = {"partition": self.given["partition"], "attributes": self.given.get("attributes", {})}
        with open_connection(self.directory) as opened:
            nesting = self._nesting(opened.client)
            reading = stream.read(stream.Input.model_validate(scope), opened.client)
            self.proof = reading.proof
            for uuid, person in reading.records:
                ways = nesting.paths(person["member_of"]) if self.asked_groups else {}
                yield from self._of(uuid, person | {IN_GROUP: sorted(self.asked_groups & ways.keys())}, ways)

    def _of(self, uuid: str, person: dict[str, Any], ways: dict[str, tuple[str, ...]]) -> Iterator[Wanted]:
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
            yield Wanted(body, _cause(row, person, why, ways))

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


def _cause(row: Row, person: dict[str, Any], why: str, ways: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    made: dict[str, Any] = {"rule": row.number, "because": {name: value_of(person, name) for name in row.when}}
    if IN_GROUP in row.when:
        asked = [group for group in person[IN_GROUP] if group in row.when[IN_GROUP]]
        made["because"][IN_GROUP] = [" > ".join(ways[group]) for group in asked]
    return made | ({"note": why} if why else {})
