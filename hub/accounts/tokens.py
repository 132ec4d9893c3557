"""Making and recognising API tokens."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from hub.accounts.access import Actor
from hub.accounts.models import ApiToken, Membership, roles_in_order
from hub.api.errors import Forbidden, NotSignedIn

PREFIX = "lgt_"
_NOTED_EVERY = timedelta(minutes=1)


def digest_of(token: str, *, key: str | None = None) -> str:
    """The keyed hash that stands for a token in the database."""
    return salted_hmac("lockgate.api-token", token, secret=key, algorithm="sha256").hexdigest()


def make_token(actor: Actor, *, name: str, roles: Iterable[str], expires_at: datetime | None) -> tuple[ApiToken, str]:
    """Store a new token of the actor, and return it with its text, which is never shown again.

    Raises Forbidden for a role that the owner does not have.
    """
    if actor.person is None:
        raise Forbidden("Only a person can own a token.")
    wanted = roles_in_order(roles)
    beyond = [role for role in wanted if role not in actor.roles]
    if beyond:
        raise Forbidden(f"A token cannot have a role that you do not have: {', '.join(beyond)}.")
    text = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        workspace=actor.workspace,
        owner=actor.person,
        name=name,
        digest=digest_of(text),
        ending=text[-4:],
        roles=wanted,
        expires_at=expires_at,
    )
    return token, text


def actor_of(text: str) -> Actor:
    """Who a token acts for. Its roles never exceed those its owner has now. Raises NotSignedIn."""
    refused = NotSignedIn("This token is not valid. It may be mistyped, expired or revoked.", code="token-refused")
    if not text.startswith(PREFIX):
        raise refused
    digests = [digest_of(text)] + [digest_of(text, key=key) for key in settings.SECRET_KEY_FALLBACKS]
    token = ApiToken.objects.select_related("owner", "workspace").filter(digest__in=digests).first()
    now = timezone.now()
    if (
        token is None
        or token.revoked_at
        or (token.expires_at and token.expires_at <= now)
        or not token.owner.is_active
    ):
        raise refused
    membership = Membership.objects.filter(person=token.owner, workspace=token.workspace).first()
    if membership is None:
        raise refused
    if token.last_used_at is None or now - token.last_used_at > _NOTED_EVERY:
        ApiToken.objects.filter(id=token.id).update(last_used_at=now)
    return Actor(
        workspace=token.workspace,
        roles=frozenset(token.roles) & frozenset(membership.roles),
        person=token.owner,
        token=token,
    )
