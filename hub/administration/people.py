"""People: an administrator makes them, and they change their own password."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from hub.accounts.access import Actor, allow
from hub.accounts.models import Person
from hub.api.errors import FieldProblem, Forbidden, Invalid, Taken
from hub.audit import record


def create_person(actor: Actor, *, username: str, password: str, name: str = "", email: str = "") -> Person:
    """Somebody who can sign in, and belongs to no workspace yet. Raises Invalid, or Conflict for a taken name."""
    allow(actor, "member.edit")
    person = Person(username=username, name=name, email=email)
    try:
        person.full_clean(exclude=["password"], validate_unique=False, validate_constraints=False)
    except ValidationError as trouble:
        raise Invalid(
            errors=[
                {"pointer": f"/{field}", "code": "invalid", "detail": message}
                for field, messages in trouble.message_dict.items()
                for message in messages
            ]
        ) from None
    _check_password(password, person, pointer="/password")
    person.set_password(password)
    try:
        with transaction.atomic():
            person.save(force_insert=True)
            record(actor, "person.created", person, {"username": username})
    except IntegrityError:
        raise Taken(
            f'The user name "{username}" is taken. Add the person who has it, or choose another.',
            code="username-taken",
            errors=[{"pointer": "/username", "code": "username-taken", "detail": "This user name is taken."}],
        ) from None
    return person


def change_password(actor: Actor, *, current: str, new: str) -> Person:
    """Change the actor's own password. Every other session of theirs ends. Raises Invalid."""
    if actor.person is None or actor.token is not None:
        raise Forbidden("Only a person who is signed in can change their password.")
    person = actor.person
    if not person.check_password(current):
        wrong: FieldProblem = {"pointer": "/current", "code": "wrong", "detail": "This is not your password."}
        raise Invalid(errors=[wrong])
    _check_password(new, person, pointer="/new")
    person.set_password(new)
    with transaction.atomic():
        person.save(update_fields=["password"])
        record(actor, "person.password-changed", person)
    return person


def _check_password(password: str, person: Person, *, pointer: str) -> None:
    try:
        validate_password(password, person)
    except ValidationError as trouble:
        raise Invalid(
            errors=[
                {"pointer": pointer, "code": each.code or "invalid", "detail": " ".join(each.messages)}
                for each in trouble.error_list
            ]
        ) from None
