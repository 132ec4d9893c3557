"""Who is meant by a stage's approvers, just now: members of the workspace by name, by role, or by a directory."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.db.models.functions import Lower

from hub.accounts.models import Membership, Person, Workspace
from hub.accounts.roles import Role
from hub.expr import ExpressionError, evaluate
from hub.sdk import Call, Effect, Misconfigured
from hub.watch import clock
from workflows.engine import calling
from workflows.models import Deputy

_TIMEOUT_SECONDS = 15.0


def people_meant(workspace: Workspace, approvers: Mapping[str, Any], *, strict: bool = False) -> frozenset[str]:
    """The ids of the active members that are meant. With `strict`, a user name or role that is nobody's is an error.

    Asks the directory where one is named. Raises the connectors' errors.
    """
    named = [str(each) for each in approvers.get("people", [])]
    found = _members(workspace, named)
    if strict and (unknown := [name for name in named if name.lower() not in found]):
        raise Misconfigured(f'Nobody in this workspace is called "{unknown[0]}".', field="people")
    roles = [str(each) for each in approvers.get("roles", [])]
    if strict and (wrong := [role for role in roles if role not in set(Role)]):
        raise Misconfigured(f'There is no role "{wrong[0]}". There are: {", ".join(Role)}.', field="roles")
    ids = set(found.values())
    if roles:
        active = Membership.objects.filter(workspace=workspace, person__is_active=True, roles__overlap=roles)
        ids |= set(active.values_list("person_id", flat=True))
    if asked := approvers.get("from"):
        ids |= set(_members(workspace, _told(workspace, asked)).values())
    return frozenset(map(str, ids))


def person_called(workspace: Workspace, username: str) -> Person | None:
    """The member of this user name, however it is written."""
    found = _members(workspace, [username])
    return Person.objects.filter(id__in=found.values()).first()


def stands_in_for(workspace: Workspace, people: Iterable[uuid.UUID]) -> dict[str, list[str]]:
    """Whose deputies these people are today, by their id. A day lasts until it has ended everywhere."""
    now = clock.now()
    today, yesterday = (now + timedelta(hours=14)).date(), (now - timedelta(hours=12)).date()
    rows = Deputy.objects.filter(
        workspace=workspace, deputy__in=list(people), ended_at=None, first_day__lte=today, last_day__gte=yesterday
    )
    made: dict[str, list[str]] = {}
    for person, deputy in rows.values_list("person_id", "deputy_id"):
        made.setdefault(str(deputy), []).append(str(person))
    return made


def deputies_of(workspace: Workspace, people: Iterable[str]) -> set[str]:
    """Everybody who is a deputy of one of these people today."""
    wanted = set(people)
    everybody = Deputy.objects.filter(workspace=workspace, person_id__in=list(wanted), ended_at=None)
    held = stands_in_for(workspace, everybody.values_list("deputy_id", flat=True))
    return {deputy for deputy, persons in held.items() if not wanted.isdisjoint(persons)}


def _members(workspace: Workspace, usernames: Iterable[str]) -> dict[str, uuid.UUID]:
    wanted = {name.lower() for name in usernames}
    if not wanted:
        return {}
    rows = Person.objects.annotate(low=Lower("username")).filter(
        Q(memberships__workspace=workspace), low__in=wanted, is_active=True
    )
    return dict(rows.values_list("low", "id"))


def _told(workspace: Workspace, asked: Mapping[str, Any]) -> list[str]:
    """The user names that a directory tells."""
    prepared = calling.prepare(workspace, asked["action"], asked["connection"], dict(asked.get("input", {})))
    if prepared.entry.effect is not Effect.NONE:
        raise Misconfigured(f'"{asked["action"]}" changes something. Approvers come from an action that only reads.')
    call = Call(key=str(uuid.uuid4()), attempt=1, timeout_seconds=_TIMEOUT_SECONDS)
    output = prepared.entry.implementation.run(prepared.input, prepared.opened.client, call).model_dump(mode="json")
    try:
        names = evaluate(f"={asked['usernames']}", output, place="usernames")
    except ExpressionError as wrong:
        raise Misconfigured(f"The user names cannot be read from what was told: {wrong}", field="usernames") from None
    held = names if isinstance(names, list) else [names]
    return [name for name in held if isinstance(name, str) and name]
