"""What every directory offers in one shape: people, groups, memberships, and what happens to people.

Templates read any connector with the streams `users` and `groups` and the resource `group_members`; these are the
bodies of their records.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Literal
from uuid import uuid4

import orjson

from hub.sdk.events import Cursor, Happening, Kept, Memory, Poll
from hub.sdk.fields import Fields
from hub.sdk.resources import Proof

ChangeKind = Literal["joined", "changed", "disabled", "enabled", "deleted", "membership_changed"]
CHANGE_KINDS: list[ChangeKind] = ["joined", "changed", "disabled", "enabled", "deleted", "membership_changed"]
Body = dict[str, Any]
_APART = {"disabled", "member_of", "modified_at"}
_CHUNK = 500


class Person(Fields):
    id: str
    uuid: str
    name: str
    partition: str
    location: str
    display_name: str
    mail: str
    title: str
    department: str
    country: str
    disabled: bool
    description: str
    modified_at: str
    member_of: list[str]
    """The uuids of the groups that the person is directly in."""
    attributes: dict[str, str | list[str] | None]


class Group(Fields):
    id: str
    uuid: str
    name: str
    partition: str
    location: str
    description: str
    member_of: list[str]
    member_count: int


class Membership(Fields):
    group: str
    group_id: str
    member: str
    member_id: str
    kind: Literal["user", "group"]


class GroupMember(Fields):
    group: str
    member: str
    kind: Literal["user", "group"]


class DirectoryChange(Fields):
    kind: ChangeKind
    person: Person
    before: Person | None
    after: Person | None
    changed: list[str]
    groups_added: list[str]
    groups_removed: list[str]


class DirectoryWatch:
    """One poll of a directory: compares people with what was kept of them.

    What a poll reports is numbered with the reading, so that the same poll gives the same ids and the same change a
    week later gives another.
    """

    def __init__(
        self,
        connector: str,
        kinds: Iterable[ChangeKind],
        group_ids: Mapping[str, str],
        cursor: Cursor | None,
        memory: Memory,
    ) -> None:
        self._connector, self._kinds, self._group_ids, self._memory = connector, set(kinds), group_ids, memory
        self._state = cursor or {"since": uuid4().hex, "reading": 0, "learned": False}
        self._at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        self._found: list[Happening] = []
        self._seen: set[str] = set()
        self.warnings: list[str] = []

    @property
    def learned(self) -> bool:
        """Whether an earlier reading was complete. Until then nothing is reported."""
        return bool(self._state["learned"])

    def see(self, people: Iterable[Body]) -> None:
        """Compare people with what was kept of them, and keep them as they are now."""
        people = iter(people)
        while chunk := list(islice(people, _CHUNK)):
            kept = self._memory.get_many([body["uuid"] for body in chunk])
            for after in chunk:
                key, digest = after["uuid"], _digest(after)
                self._seen.add(key)
                known = kept.get(key)
                if known is not None and known.digest == digest:
                    continue
                self._memory.put(key, Kept(digest, after))
                if not self.learned:
                    continue
                if known is None:
                    self._report("joined", None, after)
                    continue
                before = known.document or {}
                for kind, changed in _differences(before, after):
                    self._report(kind, before, after, changed)

    def part_with(self, keys: Iterable[str]) -> None:
        """These people are no longer there; the reading that says so has to be complete. Strangers do no harm."""
        keys = iter(keys)
        while chunk := list(islice(keys, _CHUNK)):
            for key, gone in sorted(self._memory.get_many(chunk).items()):
                self._memory.drop(key)
                if self.learned and gone.document:
                    self._report("deleted", gone.document, None)

    def conclude(self, people: Proof, groups: Proof, **further: Any) -> Poll:
        """After a reading of everybody: who was kept and is not seen has gone, if the reading is complete."""
        for name, part in (("users", people), ("groups", groups)):
            if part.problems:
                self.warnings.append(f"The reading of {name} is incomplete: {part.problems[0]}")
        if people.complete:
            self.part_with([key for key in self._memory.keys() if key not in self._seen])  # noqa: SIM118 - no mapping
        elif self.learned:
            self.warnings.append("Nobody is reported as deleted until a reading is complete.")
        else:
            self.warnings.append("The first reading is repeated, and nothing is reported until it is complete.")
        return self.poll(learned=people.complete, **further)

    def poll(self, *, learned: bool, **further: Any) -> Poll:
        """The answer, with a cursor that also holds what is given further."""
        reading = self._state["reading"] + 1
        after = {**self._state, "reading": reading, "learned": self.learned or learned, **further}
        return Poll(self._found, after, warnings=tuple(self.warnings))

    def _report(
        self, kind: ChangeKind, before: Body | None, after: Body | None, changed: list[str] | None = None
    ) -> None:
        if kind not in self._kinds:
            return
        person = after or before or {}
        had, has = set((before or {}).get("member_of") or ()), set((after or {}).get("member_of") or ())
        ids = self._group_ids
        data = {
            "kind": kind,
            "person": person,
            "before": before,
            "after": after,
            "changed": changed or [],
            "groups_added": sorted(ids.get(key, key) for key in has - had),
            "groups_removed": sorted(ids.get(key, key) for key in had - has),
        }
        at = self._at if kind in {"deleted", "membership_changed"} else (person["modified_at"] or self._at)
        number = f"{self._state['since'][:12]}:{self._state['reading']}"
        self._found.append(
            Happening(f"{kind}:{person['uuid']}:{number}", f"{self._connector}.person.{kind}", person["id"], at, data)
        )


def _differences(before: Body, after: Body) -> Iterator[tuple[ChangeKind, list[str]]]:
    """What happened to a person between two readings. A field that was not watched before did not change."""
    changed = [name for name in after if name not in _APART | {"attributes"} and before.get(name) != after[name]]
    old, new = before.get("attributes") or {}, after["attributes"]
    changed += [f"attributes.{name}" for name in new if name in old and old[name] != new[name]]
    if changed:
        yield "changed", changed
    if before.get("disabled") != after["disabled"]:
        yield ("disabled" if after["disabled"] else "enabled"), ["disabled"]
    if set(before.get("member_of") or ()) != set(after["member_of"]):
        yield "membership_changed", ["member_of"]


def _digest(body: Body) -> str:
    watched = {name: value for name, value in body.items() if name != "modified_at"}
    watched["member_of"] = sorted(body["member_of"])
    return hashlib.sha256(orjson.dumps(watched, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]
