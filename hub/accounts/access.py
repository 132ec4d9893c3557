"""Who is asking, what they may do, and what they can see.

Every service takes an `Actor`, calls `allow` for its verb, and reads rows through `visible`. What is in another
workspace is not found; it is never forbidden, because that would say that it exists.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Manager, QuerySet
from django.utils import timezone

from hub.accounts.models import ApiToken, Membership, Person, Reach, Workspace, WorkspaceOwned
from hub.accounts.roles import Role, permitted
from hub.api.errors import Forbidden, NotFound
from hub.sdk.sentence import Sentence

Owned = TypeVar("Owned", bound=WorkspaceOwned)


@dataclass(frozen=True)
class Actor:
    """Who is asking, in which workspace, with which roles there.

    `person` is None for the system itself; `token` is set when a program acts for the person.
    """

    workspace: Workspace
    roles: frozenset[str]
    person: Person | None = None
    token: ApiToken | None = None
    is_system: bool = False

    @classmethod
    def system(cls, workspace: Workspace) -> Actor:
        """The hub at work in a workspace: a schedule, a sweeper, a command."""
        return cls(workspace=workspace, roles=frozenset(Role), is_system=True)

    @classmethod
    def member(cls, person: Person, workspace: Workspace) -> Actor:
        """A person in a workspace. Raises NotFound when they do not belong to it."""
        membership = Membership.objects.filter(person=person, workspace=workspace, person__is_active=True).first()
        if membership is None:
            raise NotFound(f'There is no workspace "{workspace.slug}" that you belong to.')
        return cls(workspace=workspace, roles=frozenset(membership.roles), person=person)

    @property
    def is_delegate(self) -> bool:
        """Whether they see and reach only what their reach says."""
        return not self.is_system and Role.DELEGATE in self.roles and Role.ADMIN not in self.roles

    @cached_property
    def reach(self) -> Reach:
        """Of a delegate, as it was when the directory was last asked; empty when that is too long ago."""
        since = timezone.now() - Reach.LASTS
        found = Reach.objects.filter(workspace=self.workspace, person=self.person, read_at__gt=since).first()
        return found or Reach(workspace=self.workspace, person=self.person, domains={})

    @property
    def kind(self) -> str:
        if self.is_system:
            return "system"
        return "token" if self.token else "person"

    @property
    def id(self) -> uuid.UUID | None:
        """Of the person, also when a token acts for them."""
        return self.person.id if self.person else None

    @property
    def name(self) -> str:
        if self.person is None:
            return "Lockgate"
        return f"{self.person} (token {self.token.name})" if self.token else str(self.person)

    def may(self, verb: str) -> bool:
        """Whether the roles include this verb. The system may do everything."""
        return self.is_system or permitted(self.roles, verb)


def workspaces_of(person: Person) -> QuerySet[Workspace]:
    """The workspaces a person belongs to, the oldest first."""
    return Workspace.objects.filter(memberships__person=person).order_by("id")


def actor_for(person: Person, slug: str = "", *, preferred: str = "") -> Actor:
    """A person at work in the workspace they named; without a name in the preferred or their first one.

    Raises NotFound when they do not belong to the one named, or to none at all.
    """
    memberships = Membership.objects.select_related("workspace").filter(person=person).order_by("workspace_id")
    if slug:
        memberships = memberships.filter(workspace__slug=slug)
    found = list(memberships)
    if not found:
        what = f'There is no workspace "{slug}" that you belong to.' if slug else "You belong to no workspace yet."
        raise NotFound(what, code="workspace-not-found")
    chosen = next((each for each in found if each.workspace.slug == preferred), found[0])
    return Actor(workspace=chosen.workspace, roles=frozenset(chosen.roles), person=person)


def allow(actor: Actor, verb: str) -> None:
    """Raise Forbidden unless the actor may do this."""
    if not actor.may(verb):
        held = ", ".join(sorted(actor.roles)) or "none"
        raise Forbidden(f'"{verb}" needs a role you do not have in "{actor.workspace}". Your roles: {held}.')


def visible(actor: Actor, rows: type[Owned] | Manager[Owned] | QuerySet[Owned]) -> QuerySet[Owned]:
    """The rows of the actor's workspace, of a delegate those within their reach. The only way to read rows that a
    workspace owns."""
    queryset = (
        rows if isinstance(rows, QuerySet) else (rows if isinstance(rows, Manager) else rows._default_manager).all()
    )
    queryset = queryset.filter(workspace_id=actor.workspace.id)
    return queryset.filter(queryset.model.within(actor.reach)) if actor.is_delegate else queryset


def fetch(
    actor: Actor, rows: type[Owned] | Manager[Owned] | QuerySet[Owned], *, locked: bool = False, **lookup: Any
) -> Owned:
    """One visible row, or NotFound. `locked` holds it until the transaction ends."""
    queryset = visible(actor, rows)
    if locked:
        queryset = queryset.select_for_update(of=("self",))
    try:
        found = queryset.filter(**lookup).first()
    except (ValidationError, ValueError):  # Not even the shape of an identifier.
        found = None
    if found is None:
        what = queryset.model._meta.verbose_name
        raise NotFound(Sentence("There is no such {what} in this workspace.", what=Sentence(str(what))))
    return found
