"""Signing in and out, for the page and the API alike."""

from __future__ import annotations

from django.contrib.auth import authenticate, login
from django.http import HttpRequest

from hub.accounts.access import Actor, actor_for
from hub.accounts.models import Person
from hub.administration import refusals
from hub.api.counting import count
from hub.api.errors import NotFound, NotSignedIn, ProblemError
from hub.audit import record

_PER_ADDRESS = 30
_WINDOW_SECONDS = 60
_LOCKED_SECONDS = 15 * 60


class SignInRefused(NotSignedIn):
    code = "sign-in-refused"
    title = "The sign-in was refused."


class TooManySignIns(ProblemError):
    code = "too-many-sign-ins"
    title = "Too many sign-ins."
    status = 429


def sign_in(request: HttpRequest, *, username: str, password: str) -> Person:
    """Start a session. Says the same whether the name or the password is wrong.

    Raises SignInRefused, or TooManySignIns after repeated failures for one name from one address, or too many
    tries from one address.
    """
    _count(request)
    person = authenticate(request, username=username, password=password)
    if getattr(request, "axes_locked_out", False):
        request.axes_locked_out = False  # type: ignore[attr-defined]
        refusals.note(request, refusals.LOCKED, username=username)
        raise TooManySignIns(
            "There were too many failed sign-ins. Wait a quarter of an hour, then try again.",
            retry_after_seconds=_LOCKED_SECONDS,
        )
    if not isinstance(person, Person):
        refusals.note(request, refusals.REFUSED, username=username)
        raise SignInRefused("The user name or the password is not right.")
    login(request, person)
    if actor := _actor(person):
        record(actor, "session.started", person)
    return person


def sign_out(request: HttpRequest) -> None:
    """Note that the person leaves; the caller ends the session."""
    if isinstance(request.user, Person) and (actor := _actor(request.user)):
        record(actor, "session.ended", request.user)


def _actor(person: Person) -> Actor | None:
    try:
        return actor_for(person)
    except NotFound:
        return None


def _count(request: HttpRequest) -> None:
    tries, left = count(f"sign-in:{request.META.get('REMOTE_ADDR', '')}", window_seconds=_WINDOW_SECONDS)
    if tries > _PER_ADDRESS:
        if tries == _PER_ADDRESS + 1:
            refusals.note(request, refusals.SLOWED)
        raise TooManySignIns(
            "There were too many sign-ins from your address. Wait a minute, then try again.",
            retry_after_seconds=left,
        )
