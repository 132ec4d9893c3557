"""What administrators do to scopes: who administers which domains."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from hub.accounts.access import Actor, allow, fetch, visible
from hub.accounts.models import Person, Reach
from hub.accounts.roles import Role
from hub.api.errors import FieldProblem, Invalid, NotFound, Taken
from hub.audit import record
from hub.connections.models import Connection
from hub.registry import catalog
from workflows.engine import reach
from workflows.models import DelegationScope
from workflows.planning.reach import ACTS, ScopeError

_ROWS = DelegationScope.objects.select_related("directory", "service")


def list_scopes(actor: Actor) -> QuerySet[DelegationScope]:
    allow(actor, "delegation.view")
    return visible(actor, _ROWS)


def get_scope(actor: Actor, scope: str | uuid.UUID) -> DelegationScope:
    """Raises NotFound."""
    allow(actor, "delegation.view")
    return fetch(actor, _ROWS, id=scope)


def create_scope(actor: Actor, **given: Any) -> DelegationScope:
    """Raises Invalid with the place of each problem, and Conflict for a name that is taken."""
    allow(actor, "delegation.edit")
    return _save(actor, DelegationScope(workspace=actor.workspace), given, "delegation.scope-created")


def update_scope(actor: Actor, scope: str | uuid.UUID, **given: Any) -> DelegationScope:
    """As `create_scope`; what is not given stays. Whoever loses a domain by it loses it with their next act."""
    allow(actor, "delegation.edit")
    return _save(actor, fetch(actor, _ROWS, id=scope), given, "delegation.scope-changed")


@transaction.atomic
def delete_scope(actor: Actor, scope: str | uuid.UUID) -> None:
    allow(actor, "delegation.edit")
    held = fetch(actor, _ROWS, id=scope, locked=True)
    record(actor, "delegation.scope-removed", held, _told(held))
    held.delete()
    _forget(actor)


def who_reaches(actor: Actor, username: str) -> Reach:
    """What a delegate reaches, asked now. Raises NotFound and the connectors' errors."""
    allow(actor, "delegation.view")
    person = Person.objects.filter(
        memberships__workspace=actor.workspace,
        memberships__roles__contains=[Role.DELEGATE],
        username__iexact=username,
    ).first()
    if person is None:
        raise NotFound(f'No delegate of this workspace is called "{username}".')
    return reach.ask(actor.workspace, person)


def _save(actor: Actor, held: DelegationScope, given: dict[str, Any], verb: str) -> DelegationScope:
    errors: list[FieldProblem] = []
    for name, value in given.items():
        if name in ("directory", "service"):
            found = visible(actor, Connection).filter(slug=value).first()
            if found is None or not _offers(found, name):
                detail = f'There is no connection "{value}" that knows {_NEEDED[name][1]} in this workspace.'
                errors.append({"pointer": f"/{name}", "code": "unknown-connection", "detail": detail})
                continue
            setattr(held, name, found)
        else:
            setattr(held, name, value)
    held.acts = held.acts or list(ACTS)
    try:
        reach.as_scope(held).check()
    except ScopeError as wrong:
        errors.append({"pointer": f"/{wrong.field}", "code": "scope", "detail": str(wrong)})
    if errors:
        raise Invalid(errors=errors)
    try:
        with transaction.atomic():
            held.save()
            _forget(actor)
            record(actor, verb, held, _told(held))
    except IntegrityError:
        raise Taken(f'There is already a scope "{held.name}".', code="name-taken") from None
    return held


_NEEDED = {
    "directory": (("actions", "get_user"), "people and groups"),
    "service": (("streams", "domains"), "domains"),
}


def _offers(connection: Connection, name: str) -> bool:
    (kind, entry), _ = _NEEDED[name]
    return f"{connection.connector}.{entry}" in getattr(catalog(), kind)


def _forget(actor: Actor) -> None:
    """What was kept of everybody's reach is asked for anew."""
    Reach.objects.filter(workspace=actor.workspace).delete()


def _told(held: DelegationScope) -> dict[str, Any]:
    names = ("condition", "group_pattern", "domains", "acts")
    connections = {"directory": held.directory.slug, "service": held.service.slug}
    return {name: getattr(held, name) for name in names} | connections
