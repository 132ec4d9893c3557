"""Alice owns the workspace, Bob builds in it, Charlie is not in it. Every test may use the three."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from rest_framework.test import APIClient

from hub.accounts.access import Actor
from hub.accounts.models import Membership, Person, Workspace
from hub.accounts.roles import Role
from hub.accounts.tokens import make_token

PASSWORD = "correct horse battery staple"


def make_person(username: str, name: str = "") -> Person:
    return Person.objects.create(
        username=username, password=make_password(PASSWORD), name=name or username.capitalize()
    )


def join(person: Person, workspace: Workspace, roles: Iterable[str]) -> Actor:
    Membership.objects.create(person=person, workspace=workspace, roles=[str(role) for role in roles])
    return Actor.member(person, workspace)


@pytest.fixture
def team(db: None) -> Workspace:
    return Workspace.objects.create(slug="team", name="Team")


@pytest.fixture
def elsewhere(db: None) -> Workspace:
    """A workspace of somebody else."""
    return Workspace.objects.create(slug="elsewhere", name="Elsewhere")


@pytest.fixture
def alice(team: Workspace) -> Actor:
    """An administrator, who may also do everything else."""
    return join(make_person("alice"), team, Role)


@pytest.fixture
def bob(team: Workspace) -> Actor:
    """A builder."""
    return join(make_person("bob"), team, [Role.BUILDER])


@pytest.fixture
def charlie(elsewhere: Workspace) -> Actor:
    """An administrator of another workspace."""
    return join(make_person("charlie"), elsewhere, Role)


@pytest.fixture
def api() -> Callable[..., APIClient]:
    """Makes a client of the API that acts for somebody, with a token. Without an actor: nobody."""

    def client(actor: Actor | None = None, **headers: Any) -> APIClient:
        made = APIClient(headers=headers)
        if actor is not None:
            _, text = make_token(actor, name="test", roles=actor.roles, expires_at=None)
            made.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
        return made

    return client
