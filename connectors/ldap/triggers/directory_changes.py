"""The event source `ldap.directory_changes`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.ldap.client import LdapClient
from connectors.ldap.decoding import Entry
from connectors.ldap.grouping import Grouping, read_grouping
from connectors.ldap.listings import people_in
from connectors.ldap.naming import groups_by_name
from connectors.ldap.shapes import first, identity, person_maker, text
from connectors.ldap.watching.choosing import changes_after, mark_now
from connectors.ldap.watching.marks import Changed
from hub.sdk import Cursor, EventSource, Fields, Memory, Poll, Proof, field
from hub.sdk.directories import CHANGE_KINDS, ChangeKind, DirectoryChange, DirectoryWatch

_COMPARE_EVERY = timedelta(hours=1)


class DirectoryChanges(EventSource[LdapClient]):
    """People who joined, changed, were disabled, enabled or deleted, or whose direct groups changed.

    Between two comparisons with everybody only what changed is read, where the server can say it.
    """

    title = "Directory changes"
    every_seconds = 60

    class Input(Fields):
        partition: str = field("Partition", default="", choices="partitions", help="Empty: the connection's.")
        kinds: list[ChangeKind] = field("Report", default_factory=lambda: list(CHANGE_KINDS))
        attributes: dict[str, str] = field(
            "Further attributes", default_factory=dict, help="A name of yours for each LDAP attribute to watch."
        )

    class Output(DirectoryChange):
        pass

    def poll(self, input: Any, client: LdapClient, cursor: Cursor | None, memory: Memory) -> Poll:
        client.check_partition(input.partition)
        aliases, now = dict(input.attributes), datetime.now(UTC)
        with client.line() as line:
            server = line.name
        asked = _digest(client, aliases)
        kept = (cursor or {}).get("delta") or {}
        if cursor and cursor["learned"] and kept.get("asked") == asked and now < _due(kept):
            changed = changes_after(client, server, kept["mark"], aliases)
            if changed is not None and _is_known(changed, client, memory):
                return _of_changed(input, client, cursor, memory, changed)
        mark = mark_now(client, server, kept.get("mark"))
        compared = {"asked": asked, "mark": mark, "compared_at": now.isoformat()}
        return _of_everybody(input, client, cursor, memory, compared)


def _of_everybody(
    input: Any, client: LdapClient, cursor: Cursor | None, memory: Memory, compared: dict[str, Any]
) -> Poll:
    proof, groups_proof = Proof(), Proof()
    grouping = read_grouping(client, groups_proof)
    watch = DirectoryWatch("ldap", input.kinds, _ids(client, grouping), cursor, memory)
    if groups_proof.problems:
        # Memberships that were not read must not look like memberships that were taken away.
        watch.warnings.append(f"Nothing was compared, for the groups are incomplete: {groups_proof.problems[0]}")
        return watch.poll(learned=False, delta=None)
    watch.see(people_in(client, grouping, proof, aliases=dict(input.attributes)))
    return watch.conclude(proof, groups_proof, delta=compared if proof.complete else None)


def _of_changed(input: Any, client: LdapClient, cursor: Cursor, memory: Memory, changed: Changed) -> Poll:
    names = _group_names(client) if changed.people or changed.gone else {}
    watch = DirectoryWatch("ldap", input.kinds, names, cursor, memory)
    make = person_maker(client.dialect, client.partition, dict(input.attributes))
    groups_of = _groups_of_changed(client, changed, memory)
    if groups_of is None:
        return _of_everybody(input, client, cursor, memory, {})
    watch.see(make(entry, groups_of(entry)) for entry in changed.people)
    watch.part_with(sorted(changed.gone))
    return watch.poll(learned=True, delta={**cursor["delta"], "mark": changed.mark})


def _groups_of_changed(client: LdapClient, changed: Changed, memory: Memory) -> Callable[[Entry], list[str]] | None:
    """No group changed, so whoever is where they were is in the groups in which they were. Others are asked for."""
    dialect = client.dialect
    kept = memory.get_many([identity(entry.attributes, dialect) for entry in changed.people])
    stayed: dict[bytes, list[str]] = {}
    for entry in changed.people:
        known = kept.get(identity(entry.attributes, dialect))
        if known is not None and known.document and known.document["location"] == text(entry.dn):
            stayed[entry.dn] = known.document["member_of"]
    proof = Proof()
    found = groups_by_name(client, proof, [entry.dn for entry in changed.people if entry.dn not in stayed])
    if proof.problems:
        return None

    def groups_of(entry: Entry) -> list[str]:
        if entry.dn in stayed:
            return stayed[entry.dn]
        return [identity(group.attributes, dialect) for group in found(entry.dn)]

    return groups_of


def _group_names(client: LdapClient) -> dict[str, str]:
    """The ids of all groups by their uuids; members are not read."""
    dialect = client.dialect
    entries = client.pages("Reading groups", client.groups_base, dialect.groups_filter, [dialect.identity, "cn"])
    return {
        identity(entry.attributes, dialect): f"{first(entry.attributes, 'cn')}@{client.partition}"
        for entry in entries
    }


def _is_known(changed: Changed, client: LdapClient, memory: Memory) -> bool:
    """Whether these changes explain all there is. Somebody of whom we know nothing came another way."""
    login = client.dialect.login.lower()
    ids = {identity(entry.attributes, client.dialect) for entry in changed.people}
    if "" in ids or any(login not in entry.attributes for entry in changed.people):
        return False
    if changed.everybody is None:
        return True
    known = set(memory.keys())
    changed.gone |= known - changed.everybody
    return changed.everybody <= known | ids


def _ids(client: LdapClient, grouping: Grouping) -> dict[str, str]:
    return {uuid: grouping.body(number, client)["id"] for number, uuid in enumerate(grouping.ids)}


def _digest(client: LdapClient, aliases: Mapping[str, str]) -> str:
    """The same as long as the same is asked for in the same way."""
    asked = client.settings.model_dump(exclude={"password", "page_size", "reader"}, mode="json")
    return hashlib.sha256(repr((asked, sorted(aliases.items()))).encode()).hexdigest()[:32]


def _due(kept: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(kept["compared_at"]) + _COMPARE_EVERY
