"""The event source `otds.directory_changes`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Literal
from uuid import uuid4

import orjson

from connectors.otds.client import OtdsClient
from connectors.otds.listings import read_groups, read_users
from connectors.otds.outputs import Person
from hub.sdk import Cursor, EventSource, Fields, Happening, Kept, Memory, Poll, Proof, field

Kind = Literal["joined", "changed", "disabled", "enabled", "deleted", "membership_changed"]
KINDS: list[Kind] = ["joined", "changed", "disabled", "enabled", "deleted", "membership_changed"]
_APART = {"disabled", "member_of", "modified_at"}
_CHUNK = 500
Body = dict[str, Any]


class DirectoryChanges(EventSource[OtdsClient]):
    """People who joined, changed, were disabled, enabled or deleted, or whose direct groups changed.

    OTDS has no change feed: every poll reads all users and compares. What a poll reports is numbered with the
    reading, so that the same poll gives the same ids and the same change a week later gives another.
    """

    title = "Directory changes"
    every_seconds = 60

    class Input(Fields):
        partition: str = field("Partition", default="", choices="partitions", help="Empty: all partitions.")
        kinds: list[Kind] = field("Report", default_factory=lambda: list(KINDS))
        attributes: dict[str, str] = field(
            "Further attributes", default_factory=dict, help="A name of yours for each OTDS attribute to watch."
        )

    class Output(Fields):
        kind: Kind
        person: Person
        before: Person | None
        after: Person | None
        changed: list[str]
        groups_added: list[str]
        groups_removed: list[str]

    def poll(self, input: Any, client: OtdsClient, cursor: Cursor | None, memory: Memory) -> Poll:
        state = cursor or {"since": uuid4().hex, "reading": 0, "learned": False}
        proof, groups_proof = Proof(), Proof()
        group_ids = {body["uuid"]: body["id"] for body in read_groups(client, groups_proof)}
        at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        found: list[Happening] = []
        seen: set[str] = set()

        def report(kind: Kind, before: Body | None, after: Body | None, **more: list[str]) -> None:
            if kind in input.kinds:
                found.append(_happening(kind, before, after, at, state, group_ids, more.get("changed", [])))

        people = read_users(client, proof, partition=input.partition, aliases=dict(input.attributes))
        while chunk := list(islice(people, _CHUNK)):
            kept = memory.get_many([body["uuid"] for body in chunk])
            for after in chunk:
                key, digest = after["uuid"], _digest(after)
                seen.add(key)
                known = kept.get(key)
                if known is not None and known.digest == digest:
                    continue
                memory.put(key, Kept(digest, after))
                if not state["learned"]:
                    continue
                if known is None:
                    report("joined", None, after)
                    continue
                before = known.document or {}
                for kind, changed in _differences(before, after):
                    report(kind, before, after, changed=changed)
        warnings = [
            f"The reading of {name} is incomplete: {part.problems[0]}"
            for name, part in (("users", proof), ("groups", groups_proof))
            if part.problems
        ]
        if proof.complete:
            for key in [key for key in memory.keys() if key not in seen]:  # noqa: SIM118 - no mapping  # noqa: SIM118 - it is no dict.
                gone = memory.get_many([key]).get(key)
                memory.drop(key)
                if state["learned"] and gone is not None and gone.document:
                    report("deleted", gone.document, None)
        elif state["learned"]:
            warnings.append("Nobody is reported as deleted until a reading is complete.")
        else:
            warnings.append("The first reading is repeated, and nothing is reported until it is complete.")
        learned = bool(state["learned"] or proof.complete)
        after_cursor = {**state, "reading": state["reading"] + 1, "learned": learned}
        return Poll(found, after_cursor, warnings=tuple(warnings))


def _differences(before: Body, after: Body) -> Iterator[tuple[Kind, list[str]]]:
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


def _happening(
    kind: Kind,
    before: Body | None,
    after: Body | None,
    at: str,
    state: Cursor,
    group_ids: dict[str, str],
    changed: list[str],
) -> Happening:
    person = after or before or {}
    had, has = set((before or {}).get("member_of") or ()), set((after or {}).get("member_of") or ())
    data = {
        "kind": kind,
        "person": person,
        "before": before,
        "after": after,
        "changed": changed,
        "groups_added": sorted(group_ids.get(key, key) for key in has - had),
        "groups_removed": sorted(group_ids.get(key, key) for key in had - has),
    }
    return Happening(
        id=f"{kind}:{person['uuid']}:{state['since'][:12]}:{state['reading']}",
        type=f"otds.person.{kind}",
        subject=person["id"],
        at=at if kind in {"deleted", "membership_changed"} else (person["modified_at"] or at),
        data=data,
    )
