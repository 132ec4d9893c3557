"""What a delegate may act on, asked of the directory and of Exstream now, and kept for what is only read."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import structlog
from django.utils import timezone

from hub.accounts.models import Membership, Person, Reach, Workspace
from hub.accounts.roles import Role
from hub.connections import open_connection
from hub.connections.models import Connection
from hub.registry import catalog
from hub.sdk import Call, ConnectorError, Misconfigured, UnexpectedReply
from workflows.models import DelegationScope
from workflows.planning.reach import Scope, ScopeError
from workflows.reconcile.nesting import Nesting

log = structlog.get_logger(__name__)

REFRESHED_BEFORE = timedelta(minutes=5)
"""So much before a reach would lapse it is asked for anew."""
_TIMEOUT_SECONDS = 15.0


def ask(workspace: Workspace, person: Person) -> Reach:
    """Ask now, and keep the answer. Whoever is no delegate (any more), or is not enabled, reaches nothing.

    Raises the five classes of connector errors; what was kept stays until it lapses.
    """
    membership = Membership.objects.filter(workspace=workspace, person=person, person__is_active=True).first()
    is_delegate = membership is not None and Role.DELEGATE in membership.roles
    domains = _found(workspace, person) if is_delegate else {}
    made, _ = Reach.objects.update_or_create(
        workspace=workspace, person=person, defaults={"domains": domains, "read_at": timezone.now()}
    )
    return made


def delegates_to_ask() -> Iterator[tuple[Workspace, Person]]:
    """Delegates whose reach lapses soon."""
    late = timezone.now() - Reach.LASTS + REFRESHED_BEFORE
    rows = Membership.objects.filter(roles__contains=[Role.DELEGATE], person__is_active=True)
    fresh = set(Reach.objects.filter(read_at__gt=late).values_list("workspace_id", "person_id"))
    for each in rows.select_related("workspace", "person"):
        if (each.workspace_id, each.person_id) not in fresh:
            yield each.workspace, each.person


def ask_due() -> int:
    """Ask for every reach that lapses soon; returns how many were asked for. One that cannot be known lapses."""
    count = 0
    for workspace, person in delegates_to_ask():
        try:
            ask(workspace, person)
            count += 1
        except ConnectorError as trouble:
            log.warning("reach.not-known", person=str(person.id), code=trouble.code)
    return count


def part_of(service: str, domain: str) -> str:
    """A domain as a reach names it: two connections may have domains of one name."""
    return f"{service}/{domain}"


def as_scope(row: DelegationScope) -> Scope:
    return Scope(row.name, row.condition, row.group_pattern, row.domains, row.acts)


def _found(workspace: Workspace, person: Person) -> dict[str, list[str]]:
    rows = DelegationScope.objects.filter(workspace=workspace).select_related("directory", "service")
    people: dict[uuid.UUID, tuple[dict[str, Any], set[str]] | None] = {}
    known: dict[uuid.UUID, list[str]] = {}
    made: dict[str, set[str]] = {}
    for row in rows:
        if row.directory_id not in people:
            people[row.directory_id] = _person(row.directory, person.username)
        if (found := people[row.directory_id]) is None:
            continue
        if row.service_id not in known:
            known[row.service_id] = domains_of(row.service)
        try:
            for domain in as_scope(row).gives(*found, known[row.service_id]):
                made.setdefault(part_of(row.service.slug, domain), set()).update(row.acts)
        except ScopeError as wrong:
            raise Misconfigured(str(wrong), field=wrong.field) from None
    return {domain: sorted(acts) for domain, acts in sorted(made.items())}


def _person(directory: Connection, username: str) -> tuple[dict[str, Any], set[str]] | None:
    """What the directory says of an enabled person, with all their groups; None for anybody else."""
    entry = catalog().action(f"{directory.connector}.get_user").implementation
    with open_connection(directory) as opened:
        call = Call(key=str(uuid.uuid4()), attempt=1, timeout_seconds=_TIMEOUT_SECONDS)
        answer = entry.run(entry.Input.model_validate({"user": username}), opened.client, call).model_dump(
            mode="json"
        )
        found: dict[str, Any] | None = answer["user"]
        if found is None or found["disabled"]:
            return None
        if username.casefold() not in (found["id"].casefold(), found["name"].casefold()):
            raise UnexpectedReply(f"The directory was asked for {username} and told of somebody else.")
        stream = catalog().stream(f"{directory.connector}.groups").implementation
        reading = stream.read(stream.Input.model_validate({}), opened.client)
        nesting = Nesting(body for _, body in reading.records)
    if not reading.proof.complete:
        raise UnexpectedReply("The directory's groups were not read to their end, so that nobody's reach is known.")
    return found, set(nesting.paths(found["member_of"]))


def domains_of(service: Connection) -> list[str]:
    """The domains that the hub's own credential sees."""
    stream = catalog().stream(f"{service.connector}.domains").implementation
    with open_connection(service) as opened:
        reading = stream.read(stream.Input.model_validate({}), opened.client)
        return [body["id"] for _, body in reading.records]
