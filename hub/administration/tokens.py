"""API tokens: making one, seeing which there are, revoking."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from hub.accounts.access import Actor, allow, fetch, visible
from hub.accounts.models import ApiToken
from hub.accounts.tokens import make_token
from hub.api.errors import Forbidden, Invalid
from hub.audit import record


def list_tokens(actor: Actor) -> QuerySet[ApiToken]:
    """The actor's own tokens; with "token.manage" everybody's. Revoked ones too."""
    allow(actor, "token.own")
    rows = visible(actor, ApiToken).select_related("owner")
    return rows if actor.may("token.manage") else rows.filter(owner=actor.person)


def create_token(
    actor: Actor, *, name: str, roles: Iterable[str] = (), expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """A token with these roles (without any, all of the actor's), and its text, which is never shown again."""
    allow(actor, "token.own")
    if actor.token is not None:
        raise Forbidden("A token cannot make tokens. Sign in to make one.")
    if expires_at is not None and expires_at <= timezone.now():
        detail = "This time has passed. Choose one in the future."
        raise Invalid(errors=[{"pointer": "/expires_at", "code": "passed", "detail": detail}])
    with transaction.atomic():
        token, text = make_token(actor, name=name, roles=list(roles) or actor.roles, expires_at=expires_at)
        record(actor, "token.created", token, {"roles": token.roles, "expires_at": expires_at})
    return token, text


def revoke_token(actor: Actor, *, token: str | uuid.UUID) -> ApiToken:
    """The token stops working at once. Revoking it again changes nothing."""
    allow(actor, "token.own")
    with transaction.atomic():
        found = fetch(actor, list_tokens(actor), locked=True, id=token)
        if found.revoked_at is None:
            found.revoked_at = timezone.now()
            found.save(update_fields=["revoked_at"])
            record(actor, "token.revoked", found, {"owner": str(found.owner)})
    return found
