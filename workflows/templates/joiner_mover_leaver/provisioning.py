"""What a person should have, worked out from what the directory says of everybody, or of some people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from hub.accounts.access import Actor, fetch
from hub.connections.models import Connection
from hub.registry import catalog
from hub.sdk.fingerprints import Fingerprints
from hub.sdk.memberships import DirectoryUsers
from workflows.reconcile.contract import Past
from workflows.reconcile.differences import Unit, Wanted
from workflows.reconcile.drift import WHOLE, Policy
from workflows.reconcile.guards import Limits
from workflows.reconcile.nesting import Path
from workflows.reconcile.people import IN_GROUP, Member, People, named, ways_told
from workflows.reconcile.planner import Draft, Target, draft_plan
from workflows.reconcile.rules import Row, Terms, Unreadable, rules_of, standing, unreadable_days, value_of
from workflows.reconcile.thresholds import Threshold
from workflows.templates.joiner_mover_leaver.explaining import Explanation
from workflows.templates.joiner_mover_leaver.unreadable import UnreadableDays

LEFT = {"reason": "The person has left, or is no longer in the directory."}


class Provisioning:
    def __init__(self, actor: Actor, given: dict[str, Any], past: Past, people: Sequence[str] = ()) -> None:
        self.actor, self.given, self.past = actor, given, past
        self.directory = fetch(actor, Connection, slug=self.given["directory"])
        self.people = frozenset(people) if len(people) <= self._most_looked_at() else frozenset()
        """The ids of those to look at; empty: everybody."""
        self.explanation = Explanation() if len(self.people) == 1 else None
        self.reading = People(
            self.directory,
            given["partition"],
            given.get("attributes", {}),
            only=self.people,
            must_find=given.get("must_be_found", ()),
            asked_groups=(group for rule in given["rules"] for group in named(rule["when"].get(IN_GROUP, []))),
            is_managed=self._is_managed,
        )
        self.rules = rules_of([self._with_whole_groups(rule) for rule in given["rules"]])
        self.terms = Terms(
            self.given.get("start_field", ""),
            self.given.get("end_field", ""),
            self.given.get("grace_days", 0),
            Unreadable(self.given.get("unreadable_dates", Unreadable.NO_ACCESS)),
        )
        self.unreadable = UnreadableDays(self.terms.unreadable)
        self.today: date = datetime.now(UTC).date()
        self.unit_field = self.given.get("unit_field", "department")
        self.by_unit = any(each.get("by_unit") for each in self.given.get("thresholds", ()))
        self.kept = Fingerprints()
        """Everybody who has a right to something, or will or may have one: they keep seat and locks."""
        self.left: dict[str, str] = {}
        self.seen: set[str] = set()
        """The uuids of those who were found, when only some were looked at."""
        self.names = set(self.people)
        """What those to look at are called, also as the directory writes it."""

    @contextmanager
    def draft(self, title: str) -> Iterator[Draft]:
        part = bool(self.people)
        limits = Limits(
            self.given.get("most_removals", 50),
            # A part of everybody says nothing about shares.
            None if part else self.given.get("most_removals_percent", 20),
            shrunken_percent=None if part else self.given.get("most_shrunken_percent", 20),
            thresholds=tuple(Threshold(**each) for each in self.given.get("thresholds", ())),
        )
        with draft_plan(
            title=title,
            sources=lambda: self.reading.sources(None if self.people else self.past.last_count),
            targets=self._targets(),
            limits=limits,
            needs_approval=self.given.get("needs_approval", True),
            part=part,
            findings=self.unreadable.verdicts,
            history=self.past.applied,
            last=self.past.last,
        ) as made:
            steps = self.explanation.steps if self.explanation else []
            yield replace(made, remembered={"left": self._left_on()}, explained=steps)

    def _left_on(self) -> dict[str, str]:
        """Since when everybody who is disabled is so. Of whom was not looked at, what was known stays."""
        known = self.past.remembered.get("left", {}) if self.people else {}
        return {uuid: since for uuid, since in known.items() if uuid not in self.seen} | self.left

    def _most_looked_at(self) -> int:
        """How many people may be worked out by themselves.

        Of more, everybody is looked at: a directory that suddenly returns far fewer people looks like as many who
        left, and only against all of it does a guard see that.
        """
        stream = catalog().stream(self._offered("users")).implementation
        named = stream.most_named if isinstance(stream, DirectoryUsers) else 0
        percent, last = self.given.get("most_shrunken_percent", 20), self.past.last_count
        return named if percent is None or last is None else min(named, max(1, int(last * percent / 100)))

    def _is_managed(self, group: str) -> bool:
        return group.startswith(self.given["group_prefix"]) and group.endswith(f"@{self.given['partition']}")

    def _with_whole_groups(self, rule: dict[str, Any]) -> dict[str, Any]:
        if IN_GROUP not in rule["when"]:
            return rule
        return rule | {"when": rule["when"] | {IN_GROUP: [*map(self.reading.whole, named(rule["when"][IN_GROUP]))]}}

    def _memberships(self) -> Iterator[Wanted | Unit]:
        for member in self.reading.read():
            if self.by_unit:
                yield Unit(member.person["id"], self._unit_of(member.person))
            yield from self._of(member)
        if self.explanation and not self.seen:
            self.explanation.not_found(min(self.people))

    def _unit_of(self, person: dict[str, Any]) -> str:
        """Where a person belongs: a field, or (`location`) the place in the directory without the person."""
        if self.unit_field == "location":
            return parent_of(person["location"])
        return str(value_of(person, self.unit_field) or "")

    def _of(self, member: Member) -> Iterator[Wanted]:
        uuid, person, ways = member
        since = self.past.remembered.get("left", {}).get(uuid)
        if person["disabled"]:
            self.left[uuid] = since or self.today.isoformat()
        left_on = date.fromisoformat(since) if since else None
        stands, why = standing(person, self.terms, today=self.today, left_on=left_on)
        if self.people:
            self.seen.add(uuid)
            self.names.add(person["id"])
        if self.explanation:
            self._explain(self.explanation, person, stands, why, ways)
        wrong = unreadable_days(person, self.terms)
        self.unreadable.note(person["id"], wrong)
        if stands or wrong or why.startswith("Starts"):
            self.kept.add(person["id"])
        if not stands:
            return
        for group, row in self.rules.grants(person):
            body = {"group": f"{group}@{self.given['partition']}", "member": person["id"], "kind": "user"}
            yield Wanted(body, _cause(row, person, why, ways))

    def _explain(
        self, to: Explanation, person: dict[str, Any], stands: bool, why: str, ways: Mapping[str, Path]
    ) -> None:
        to.found(person)
        to.stands(person, self.terms, stands, why)
        for row in self.rules.rows if stands else ():
            to.rule(row, person, ways)

    def _targets(self) -> list[Target]:
        partition, prefix = self.given["partition"], self.given["group_prefix"]
        gone = {"reason": "No rule gives this person the group, or the person has left."}
        scope = {"partition": partition, "name_prefix": prefix}
        scope |= {"members": sorted(self.people)} if self.people else {}
        made = [
            Target(self.directory, self._offered("group_members"), scope, self._memberships(), gone,
                   covers=lambda body: body["kind"] == "user", subject="member",
                   policies={WHOLE: Policy(self.given.get("drift", Policy.ENFORCE))})
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
                    "user",
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
        if assigned and not self.people:
            domains = sorted({each.body["domain"] for each in assigned})
            yield Target(exstream, "exstream.group_roles", {"domains": domains}, assigned, covers=lambda body: False)
        if self.given.get("release_locks", True):
            yield Target(
                exstream, "exstream.locks", {}, [], LEFT, lambda body: self._left(body["locked_by"]), "locked_by"
            )

    def _left(self, person: str) -> bool:
        """Of our partition, and without a right to anything. Deleting a user frees neither seat nor lock."""
        looked_at = person in self.names if self.people else person.endswith(f"@{self.given['partition']}")
        return looked_at and person not in self.kept

    def _assignments(self) -> list[dict[str, str]]:
        return list(self.given.get("assignments", []))


def _cause(row: Row, person: dict[str, Any], why: str, ways: Mapping[str, Path]) -> dict[str, Any]:
    made: dict[str, Any] = {"rule": row.number, "because": {name: value_of(person, name) for name in row.when}}
    if IN_GROUP in row.when:
        asked = [group for group in person[IN_GROUP] if group in row.when[IN_GROUP]]
        made["because"][IN_GROUP] = ways_told(asked, ways)
    return made | ({"note": why} if why else {})


def parent_of(location: str) -> str:
    """A distinguished name without its first part; a comma in that part is written with a backslash."""
    at = 0
    while (at := location.find(",", at + 1)) > 0:
        if location[at - 1] != "\\":
            return location[at + 1 :]
    return ""
