"""Who somebody is, and what they may do: what the browser is told first."""

from __future__ import annotations

from typing import Any

from hub.accounts.access import Actor
from hub.accounts.models import Membership, Person
from hub.accounts.roles import verbs_of


def about(person: Person, actor: Actor | None) -> dict[str, Any]:
    memberships = Membership.objects.select_related("workspace").filter(person=person).order_by("workspace_id")
    if actor is not None and actor.token is not None:
        memberships = memberships.filter(workspace=actor.workspace)
    return {
        "person": person,
        "workspace": actor.workspace if actor else None,
        "roles": sorted(actor.roles) if actor else [],
        "verbs": verbs_of(actor.roles) if actor else [],
        "workspaces": [
            {"id": each.workspace.id, "slug": each.workspace.slug, "name": each.workspace.name, "roles": each.roles}
            for each in memberships
        ],
        "token": actor.token.id if actor and actor.token else None,
    }
