"""Notices that resources changed state, and says who did it: the history is the only place that names them."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.scope import domains_of
from hub.sdk import Cursor, Fields, Happening, Kept, Memory, OpenFields, Poll, field


class WatchedResources(Fields):
    """Which resources a workflow hears of."""

    domains: list[str] = field("Domains", default=[], choices="domains", help="None means all.")
    types: list[str] = field("Types", default=[], help="Types or groups such as designer; none means all.")


class MovedResource(OpenFields):
    """The resource after the move, with who moved it and what they said."""

    domain: str
    id: str
    version: int
    name: str
    type: str
    state: str
    state_before: str
    by: str
    comment: str


def poll_moves(
    input: WatchedResources,
    client: ExstreamClient,
    cursor: Cursor | None,
    memory: Memory,
    kind: str,
    states: set[str],
) -> Poll:
    """Moves into one of the states since the last poll.

    The first poll looks at everything, later ones only at what changed since the day of the newest change seen.
    Each changed resource's history tells its moves one by one, so none is lost between two polls.
    """
    since, began = (str(cursor["since"]), str(cursor["began"])) if cursor else ("", "")
    happenings, warnings, newest = [], [], since
    for domain in domains_of(client, input.domains):
        wanted = {"types": input.types, "latestVersion": True, "lastModifiedDateStart": since[:10]}
        listing = client.design.resources(domain, wanted)
        rows = list(listing.items(lambda row: f"{row.get('id')}|{row.get('version')}"))
        if trouble := listing.problem():
            warnings.append(f"{domain}: {trouble}")
        kept = memory.get_many([f"{domain}|{row['id']}" for row in rows])
        for row in rows:
            key, at = f"{domain}|{row['id']}", str(row.get("lastModifiedDate") or "")
            newest = max(newest, at)
            known = kept.get(key)
            if known is not None and known.digest == at:
                continue
            memory.put(key, Kept(at))
            if cursor is not None:
                seen = known.digest if known else began
                happenings += _moves(client, domain, row, seen, kind, states)
    happenings.sort(key=lambda each: (each.at, each.id))
    after = since if warnings and cursor else newest
    return Poll(happenings, {"since": after, "began": began if cursor else newest}, warnings=tuple(warnings))


def _moves(
    client: ExstreamClient, domain: str, row: dict[str, Any], seen: str, kind: str, states: set[str]
) -> list[Happening]:
    before, made = "", []
    entries = client.design.history(domain, str(row["id"]), "STATE")
    for entry in sorted(entries, key=lambda each: (str(each.get("modifiedDate")), each.get("revision") or 0)):
        state, at = str(entry.get("state") or ""), str(entry.get("modifiedDate") or "")
        # A step of an approval chain leaves the state as it is: that is no move.
        if at > seen and state != before and state in states and entry.get("operation") != "DELETE":
            data = {
                **row,
                "domain": domain,
                "version": entry.get("version"),
                "state": state,
                "state_before": before or "DRAFT",
                "by": str(entry.get("modifiedBy") or ""),
                "comment": str(entry.get("auditedComment") or ""),
            }
            name = f"{domain}|{row['id']}|{entry.get('version')}|{state}|{at}"
            made.append(Happening(name, kind, f"{domain}/{row['name']}", at, data))
        before = state
    return made
