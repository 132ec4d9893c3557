"""Who calls the API: a person with a session, or a program with a token."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from rest_framework import authentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from hub.accounts.access import Actor
from hub.accounts.models import Person
from hub.accounts.tokens import actor_of
from hub.api.errors import NotSignedIn, ProblemError
from hub.api.guessing import note_wrong_secret

SCHEME = "Bearer"


class BearerToken(authentication.BaseAuthentication):
    """`Authorization: Bearer lgt_...`. The actor is that of the token; no session and no CSRF check."""

    def authenticate(self, request: Request) -> tuple[Person, Actor] | None:
        header = request.headers.get("Authorization", "")
        scheme, _, text = header.partition(" ")
        if not header or scheme.lower() != SCHEME.lower():
            return None
        try:
            actor = actor_of(text.strip())
        except NotSignedIn:
            # Throttles come after signing in; whoever cannot sign in would never meet them.
            note_wrong_secret(str(request.META.get("REMOTE_ADDR", "")))
            raise
        if actor.person is None:
            raise NotSignedIn
        return actor.person, actor

    def authenticate_header(self, request: Request) -> str:
        return f'{SCHEME} realm="Lockgate"'


class Session(authentication.SessionAuthentication):
    """The pages' session cookie. Whatever changes something needs the CSRF token in `X-CSRFToken`."""

    def authenticate(self, request: Request) -> tuple[Person, None] | None:
        person: Any = getattr(request._request, "user", None)
        if person is None or isinstance(person, AnonymousUser) or not person.is_active:
            return None
        self.enforce_csrf(request)
        return person, None

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except PermissionDenied:
            raise ProblemError(
                "A request with a session that changes something needs the header X-CSRFToken, with the value of the "
                "csrftoken cookie.",
                code="csrf-refused",
                title="The request was not accepted.",
                status=403,
            ) from None
