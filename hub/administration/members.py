"""Members of a workspace: who belongs to it, and as what."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from hub.accounts.access import Actor, allow
from hub.accounts.models import Membership, Person, Workspace, roles_in_order
from hub.accounts.roles import Role
from hub.api.errors import Conflict, Invalid, NotFound, Taken
from hub.audit import Ref, record


def list_members(actor: Actor) -> QuerySet[Membership]:
    allow(actor, "member.view")
    return _of(actor).select_related("person")


def find_member(actor: Actor, *, member: str | uuid.UUID) -> Membership:
    """One membership by its id."""
    allow(actor, "member.view")
    return _fetch(actor, member)


def add_member(actor: Actor, *, username: str, roles: Iterable[str]) -> Membership:
    """Let somebody who can sign in belong to the workspace. Raises Invalid for an unknown user name."""
    allow(actor, "member.edit")
    held = _some_roles(roles)
    person = Person.objects.filter(username__iexact=username, is_active=True).first()
    if person is None:
        detail = f'Nobody signs in as "{username}". Create the person first.'
        raise Invalid(detail, errors=[{"pointer": "/username", "code": "unknown-person", "detail": detail}])
    try:
        with transaction.atomic():
            made = Membership.objects.create(workspace=actor.workspace, person=person, roles=held)
            record(actor, "member.added", _ref(made), {"roles": held})
    except IntegrityError:
        raise Taken(
            f'"{person}" already belongs to this workspace. Change their roles instead.', code="member-already"
        ) from None
    return made


def change_roles(actor: Actor, *, member: str | uuid.UUID, roles: Iterable[str]) -> Membership:
    """Give a member these roles instead of those they have. Raises Conflict when no administrator would be left."""
    allow(actor, "member.edit")
    held = _some_roles(roles)
    with transaction.atomic():
        _hold_workspace(actor)
        membership = _fetch(actor, member)
        before = list(membership.roles)
        if Role.ADMIN not in held:
            _keep_an_administrator(actor, membership)
        membership.roles = held
        membership.save(update_fields=["roles"])
        record(actor, "member.roles-changed", _ref(membership), {"before": before, "after": held})
    return membership


def remove_member(actor: Actor, *, member: str | uuid.UUID) -> None:
    """End somebody's membership, and with it their tokens' use here. The person stays."""
    allow(actor, "member.edit")
    with transaction.atomic():
        _hold_workspace(actor)
        membership = _fetch(actor, member)
        _keep_an_administrator(actor, membership)
        ref, roles = _ref(membership), list(membership.roles)
        membership.delete()
        record(actor, "member.removed", ref, {"roles": roles})


def _of(actor: Actor) -> QuerySet[Membership]:
    return Membership.objects.filter(workspace_id=actor.workspace.id)


def _fetch(actor: Actor, member: str | uuid.UUID) -> Membership:
    try:
        found = _of(actor).select_related("person").filter(id=uuid.UUID(str(member))).first()
    except ValueError:
        found = None
    if found is None:
        raise NotFound("There is no such member in this workspace.")
    return found


def _hold_workspace(actor: Actor) -> None:
    # Two administrators who remove each other at the same time are settled one after the other.
    Workspace.objects.select_for_update().get(id=actor.workspace.id)


def _keep_an_administrator(actor: Actor, leaving: Membership) -> None:
    others = _of(actor).filter(roles__contains=[Role.ADMIN.value], person__is_active=True).exclude(id=leaving.id)
    if Role.ADMIN in leaving.roles and not others.exists():
        raise Conflict(
            f'"{leaving.person}" is the last administrator of this workspace. Make somebody else one first.',
            code="last-administrator",
            title="A workspace needs an administrator.",
        )


def _some_roles(roles: Iterable[str]) -> list[str]:
    held = roles_in_order(roles)
    if not held:
        raise Invalid(errors=[{"pointer": "/roles", "code": "no-role", "detail": "Give at least one role."}])
    if Role.DELEGATE in held and len(held) > 1:
        detail = "The role delegate stands alone: any other would show more than their own domains."
        raise Invalid(errors=[{"pointer": "/roles", "code": "delegate-alone", "detail": detail}])
    return held


def _ref(membership: Membership) -> Ref:
    return Ref("member", str(membership.id), str(membership.person))
