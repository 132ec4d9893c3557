"""What a person can do with connections: one function each."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings as hub
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from hub.accounts.access import Actor, allow, fetch, visible
from hub.accounts.models import SLUG, new_id
from hub.api.errors import Changed, Conflict, Invalid, NotFound, Taken
from hub.audit import record
from hub.connections import signing_in
from hub.connections.checking import check_settings, hosts_of, split_secrets
from hub.connections.models import Connection, Health
from hub.connections.opening import connector_of
from hub.registry import Connector, UnknownEntry, catalog
from hub.sdk import Choice, ConnectorError, SignInRefused
from hub.slugs import slug_of
from hub.vault import seal, unseal

_UNSET: Any = object()


def list_connections(actor: Actor, *, connector: str = "", health: str = "") -> QuerySet[Connection]:
    allow(actor, "connection.view")
    rows = visible(actor, Connection).select_related("created_by", "updated_by")
    if connector:
        rows = rows.filter(connector=connector)
    return rows.filter(health=health) if health else rows


def find_connection(actor: Actor, *, connection: str | uuid.UUID) -> Connection:
    """One connection by its id. Raises NotFound."""
    allow(actor, "connection.view")
    return fetch(actor, list_connections(actor), id=connection)


def create_connection(
    actor: Actor,
    *,
    name: str,
    connector: str,
    settings: dict[str, Any],
    slug: str = "",
    requests_per_second: float | None = None,
    test: bool = False,
) -> Connection:
    """Save a sign-in. With `test` it is tried first, and saved only when it works.

    Raises Invalid with pointers below /settings, Conflict for a taken slug, or the error of the test.
    """
    allow(actor, "connection.edit")
    kind = _connector(connector)
    check_settings(kind, settings)
    plain, secret = split_secrets(kind, settings)
    made = Connection(
        id=new_id(),
        workspace=actor.workspace,
        name=name,
        slug=slug or slug_of(name, longest=63, otherwise="connection"),
        connector=kind.name,
        settings=plain,
        secrets_set=sorted(secret),
        requests_per_second=requests_per_second,
        created_by=actor.person,
        updated_by=actor.person,
    )
    _check_slug(made.slug)
    made.sealed = seal(secret, made.place) if secret else b""
    identity = _tried(made) if test else None
    try:
        with transaction.atomic():
            made.save(force_insert=True)
            if identity is not None:
                signing_in.note_outcome(made, identity)
            detail = {"connector": kind.name, "settings": plain, "secrets_set": made.secrets_set, "tested": test}
            record(actor, "connection.created", made, detail)
    except IntegrityError:
        raise _slug_taken(made.slug) from None
    return made


def update_connection(
    actor: Actor,
    *,
    connection: str | uuid.UUID,
    revision: int,
    name: str = _UNSET,
    settings: dict[str, Any] = _UNSET,
    requests_per_second: float | None = _UNSET,
    test: bool = False,
) -> Connection:
    """Change a sign-in that is still at `revision`; what is not given stays.

    `settings` are merged by field: null removes one, and so does an empty secret. Kept secrets are not sent to other
    hosts: when those change, the secrets must be given again. Raises Conflict, with the current revision, when
    somebody else changed the connection in the meantime.
    """
    allow(actor, "connection.edit")
    held = fetch(actor, Connection, id=connection)
    _check_revision(held, revision)
    before = {"name": held.name, "settings": held.settings, "requests_per_second": held.requests_per_second}
    changed: list[str] = []
    if settings is not _UNSET:
        changed = _change_settings(held, settings)
    if name is not _UNSET:
        held.name = name
    if requests_per_second is not _UNSET:
        held.requests_per_second = requests_per_second
    after = {"name": held.name, "settings": held.settings, "requests_per_second": held.requests_per_second}
    identity = _tried(held) if test else None
    if before == after and not changed:
        if identity is not None:
            signing_in.note_outcome(held, identity)
        return held
    with transaction.atomic():
        current = fetch(actor, Connection, locked=True, id=held.id)
        _check_revision(current, revision)
        held.revision = revision + 1
        held.updated_by = actor.person
        fields = ["name", "requests_per_second", "revision", "updated_by", "updated_at"]
        if settings is not _UNSET:
            held.health, held.health_code, held.health_message, held.health_field = Health.UNTESTED, "", "", ""
            fields += ["settings", "sealed", "secrets_set", "health", "health_code", "health_message", "health_field"]
        held.save(update_fields=fields)
        if identity is not None:
            signing_in.note_outcome(held, identity)
        differing = [key for key in before if before[key] != after[key]]
        detail = {
            "before": {key: before[key] for key in differing},
            "after": {key: after[key] for key in differing},
            "secrets_changed": changed,
            "revision": held.revision,
        }
        record(actor, "connection.updated", held, detail)
    return held


def delete_connection(actor: Actor, *, connection: str | uuid.UUID) -> None:
    """Remove a sign-in and its secrets. Raises Conflict, naming them, while something uses it."""
    allow(actor, "connection.edit")
    with transaction.atomic():
        held = fetch(actor, Connection, locked=True, id=connection)
        used_by = users_of(actor, held)
        if used_by:
            names = ", ".join(f'{each["type"]} "{each["name"]}"' for each in used_by[:5])
            more = f" and {len(used_by) - 5} more" if len(used_by) > 5 else ""
            raise Conflict(
                f'Connection "{held}" is used by {names}{more}. Let them use another connection first.',
                code="in-use",
                title="This connection is used.",
                extra={"used_by": used_by},
            )
        record(actor, "connection.deleted", held, {"connector": held.connector})
        held.delete()


def users_of(actor: Actor, connection: Connection) -> list[dict[str, str]]:
    """What uses a connection, by `settings.CONNECTION_USERS`: each with "type", "id" and "name"."""
    return [user for path in hub.CONNECTION_USERS for user in import_string(path)(actor, connection)]


def test_connection(actor: Actor, *, connection: str | uuid.UUID) -> Connection:
    """Sign in now, ask who we are, and keep the answer. A sign-in that fails is an answer too."""
    allow(actor, "connection.test")
    held = fetch(actor, list_connections(actor), id=connection)
    try:
        outcome: Any = signing_in.try_sign_in(held)
    except ConnectorError as trouble:
        outcome = trouble
    with transaction.atomic():
        signing_in.note_outcome(held, outcome)
        found = {"health": held.health, "code": held.health_code}
        record(actor, "connection.tested", held, found)
    return held


def list_choices(
    actor: Actor, *, connection: str | uuid.UUID, choices: str, values: dict[str, Any] | None = None
) -> list[Choice]:
    """A live choice list of the service, given the values of the fields it depends on."""
    allow(actor, "connection.choices")
    held = fetch(actor, Connection, id=connection)
    kind = connector_of(held)
    if choices not in kind.sign_in.choices:
        known = ", ".join(sorted(kind.sign_in.choices)) or "none"
        raise NotFound(f'{kind.manifest.name} has no choice list "{choices}". It has: {known}.')
    return signing_in.live_choices(held, choices, values or {})


def _connector(name: str) -> Connector:
    try:
        return catalog().connector(name)
    except UnknownEntry as trouble:
        detail = str(trouble)
        raise Invalid(detail, errors=[{"pointer": "/connector", "code": "unknown", "detail": detail}]) from None


def _change_settings(held: Connection, settings: dict[str, Any]) -> list[str]:
    """Merge settings into an unsaved row. Returns the names of the secrets that differ now."""
    kind = connector_of(held)
    kept = unseal(bytes(held.sealed), held.place) if held.sealed else {}
    merged, given = split_secrets(kind, {**held.settings, **settings})
    plain = {name: value for name, value in merged.items() if value is not None or name not in settings}
    removed = {name for name in kind.secret_fields if name in settings and name not in given}
    secret = {name: value for name, value in kept.items() if name not in removed and name in kind.secret_fields}
    secret |= given
    values = {**plain, **secret}
    check_settings(kind, values)
    reused = sorted(name for name in secret if name not in given)
    _keep_secrets_home(kind, before={**held.settings, **kept}, after=values, reused=reused)
    held.settings, held.secrets_set = plain, sorted(secret)
    held.sealed = seal(secret, held.place) if secret else b""
    return sorted(name for name in {*kept, *secret} if kept.get(name) != secret.get(name))


def _keep_secrets_home(kind: Connector, *, before: dict[str, Any], after: dict[str, Any], reused: list[str]) -> None:
    """Whoever may edit a connection must not learn its secrets by sending them to a host of their own."""
    new = set(hosts_of(kind, after)) - set(hosts_of(kind, before))
    if new and reused:
        where = ", ".join(sorted(new))
        detail = f"Give this again: it is not sent to another host ({where}) than the one it was saved for."
        raise Invalid(
            detail,
            errors=[{"pointer": f"/settings/{name}", "code": "secret-needed", "detail": detail} for name in reused],
        )


def _tried(connection: Connection) -> Any:
    """Who it signs in as. The error of a failed test points at the setting."""
    try:
        return signing_in.try_sign_in(connection)
    except SignInRefused as refused:
        # These are the caller's own values, not those of a service that failed.
        place = f"/settings/{refused.field}".rstrip("/")
        raise Invalid(
            refused.message,
            code=refused.code,
            title="The service refuses this sign-in.",
            errors=[{"pointer": place, "code": refused.code, "detail": refused.message}],
        ) from None
    except ConnectorError as trouble:
        if trouble.field:
            trouble.field = f"settings/{trouble.field}"
        raise


def _check_revision(held: Connection, revision: int) -> None:
    if held.revision != revision:
        raise Changed(
            f'Connection "{held}" was changed in the meantime: it is at revision {held.revision}, not {revision}. '
            "Load it again and repeat your change.",
            extra={"revision": held.revision},
        )


def _check_slug(slug: str) -> None:
    try:
        SLUG(slug)
    except ValidationError as trouble:
        raise Invalid(errors=[{"pointer": "/slug", "code": "slug", "detail": trouble.messages[0]}]) from None


def _slug_taken(slug: str) -> Taken:
    detail = f'There is a connection "{slug}" in this workspace already. Choose another name or slug.'
    return Taken(detail, code="slug-taken", errors=[{"pointer": "/slug", "code": "slug-taken", "detail": detail}])
