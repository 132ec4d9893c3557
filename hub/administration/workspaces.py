"""Workspaces: making one, and renaming it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from hub.accounts.access import Actor, allow
from hub.accounts.models import SLUG, Membership, Workspace
from hub.accounts.roles import Role
from hub.api.errors import Forbidden, Invalid, Taken
from hub.audit import record


def create_workspace(actor: Actor, *, slug: str, name: str) -> Workspace:
    """A new workspace, with the actor as its administrator. Raises Conflict when the slug is taken."""
    allow(actor, "workspace.create")
    if actor.person is None or actor.token is not None:
        raise Forbidden("Only a person who is signed in can make a workspace: they become its administrator.")
    _check_slug(slug)
    try:
        with transaction.atomic():
            workspace = Workspace.objects.create(slug=slug, name=name)
            Membership.objects.create(workspace=workspace, person=actor.person, roles=[Role.ADMIN.value])
            there = Actor.member(actor.person, workspace)
            record(there, "workspace.created", workspace, {"slug": slug})
    except IntegrityError:
        raise Taken(
            f'There is a workspace "{slug}" already. Choose another slug.',
            code="slug-taken",
            errors=[{"pointer": "/slug", "code": "slug-taken", "detail": "This slug is taken."}],
        ) from None
    return workspace


def rename_workspace(actor: Actor, *, name: str) -> Workspace:
    """Change the name of the actor's workspace. Its slug stays, because programs use it."""
    allow(actor, "workspace.edit")
    with transaction.atomic():
        workspace = Workspace.objects.select_for_update().get(id=actor.workspace.id)
        before = workspace.name
        workspace.name = name
        workspace.save(update_fields=["name"])
        record(actor, "workspace.renamed", workspace, {"before": before, "after": name})
    return workspace


def _check_slug(slug: str) -> None:
    try:
        SLUG(slug)
    except ValidationError as trouble:
        raise Invalid(errors=[{"pointer": "/slug", "code": "slug", "detail": trouble.messages[0]}]) from None
