"""Whom a plan lets in again although the directory says that they have left.

Nothing that happens in the directory tells of it: they were disabled or deleted before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hub.connections import open_connection
from hub.connections.models import Connection
from hub.registry import catalog
from hub.sdk import ConnectorError
from hub.sdk.memberships import DirectoryMembers, DirectoryUsers
from workflows.reconcile.planner import Line

GUARD = "leavers"
MOST_LOOKED_UP = 1000
MOST_NAMED = 10
_LATER = "The next plan of everybody takes it away again; until then they have it."


def warnings_of(lines: Iterable[Line]) -> list[dict[str, object]]:
    """As guards of a plan that warn and hold nothing. Asks the directories; changes nothing."""
    asked: dict[Connection, set[str]] = {}
    for line in lines:
        member = _let_in(line)
        if member:
            asked.setdefault(line.connection, set()).add(member)
    return [
        {"guard": GUARD, "passed": True, "warning": True, "message": said}
        for connection, people in asked.items()
        for said in _said_of(connection, sorted(people))
    ]


def _let_in(line: Line) -> str:
    """The person whom a line makes a member of a group; empty when it does something else."""
    entry, body = catalog().resources.get(line.resource), line.difference.after
    if entry is None or not isinstance(entry.implementation, DirectoryMembers) or body is None:
        return ""
    return str(body.get("member", "")) if body.get("kind", "user") == "user" else ""


def _said_of(connection: Connection, people: list[str]) -> Iterator[str]:
    if len(people) > MOST_LOOKED_UP:
        yield (
            f"{len(people)} people get access by this, too many to ask {connection} one by one whether they are "
            "still there. Look before you apply it."
        )
        return
    try:
        left = dict(_left(connection, people))
    except ConnectorError as trouble:
        yield f"{connection} could not be asked whether the people who get access by this are still there: {trouble}"
        return
    if left:
        named = ", ".join(f"{person} ({why})" for person, why in list(left.items())[:MOST_NAMED])
        more = f" and {len(left) - MOST_NAMED} more" if len(left) > MOST_NAMED else ""
        yield f"This gives access to {len(left)} of {connection} who have left: {named}{more}. {_LATER}"


def _left(connection: Connection, people: list[str]) -> Iterator[tuple[str, str]]:
    entry = catalog().streams.get(f"{connection.connector}.users")
    if entry is None or not isinstance(entry.implementation, DirectoryUsers):
        return
    stream, found = entry.implementation, dict[str, bool]()
    with open_connection(connection) as opened:
        for some in _chunks(people, stream.most_named):
            reading = stream.read(stream.Input.model_validate({"only": some, "groups": False}), opened.client)
            found |= {str(body["id"]).casefold(): bool(body["disabled"]) for _, body in reading.records}
    for person in people:
        disabled = found.get(person.casefold())
        if disabled is None:
            yield person, "no longer in the directory"
        elif disabled:
            yield person, "disabled"


def _chunks(people: list[str], size: int) -> Iterator[list[str]]:
    return (people[at : at + size] for at in range(0, len(people), size))
