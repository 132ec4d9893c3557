"""The pages of connections."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from hub.accounts.access import Actor
from hub.api.errors import FieldProblem, NotFound, ProblemError
from hub.api.handling import problem_of
from hub.connections import services
from hub.connections.checking import hosts_of
from hub.connections.models import Connection, Health
from hub.registry import Connector, catalog
from hub.sdk import ConnectorError
from hub.web.pages import page
from hub.web.schema_forms import fields_of, values_from

TONES = {Health.WELL: "good", Health.FAILING: "bad", Health.UNTESTED: ""}
_SHOWN = 200


@page("connection.view")
def connections(request: HttpRequest, actor: Actor) -> HttpResponse:
    rows = [row(each) for each in services.list_connections(actor).order_by("name")[:_SHOWN]]
    shown = {"rows": rows, "may_edit": actor.may("connection.edit"), "may_test": actor.may("connection.test")}
    if shown["may_edit"]:
        shown["connectors"] = list(catalog().connectors.values())
    return render(request, "web/connections.html", shown)


@page("connection.view")
def connection(request: HttpRequest, actor: Actor, connection_id: str) -> HttpResponse:
    held = services.find_connection(actor, connection=connection_id)
    return _show(request, actor, held)


@require_POST
@page("connection.test")
def test(request: HttpRequest, actor: Actor, connection_id: str) -> HttpResponse:
    tested = services.test_connection(actor, connection=connection_id)
    if tested.health == Health.WELL:
        messages.success(request, f"{tested} works.", extra_tags="good")
    else:
        messages.error(request, f"{tested} does not work: {tested.health_message}", extra_tags="bad")
    if request.POST.get("back") == "list":
        return redirect("connections")
    return redirect("connection", connection_id=str(tested.id))


@sensitive_post_parameters()
@page("connection.edit")
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    name = request.POST.get("connector") or request.GET.get("connector", "")
    kind = catalog().connectors.get(name)
    if kind is None:
        raise NotFound("There is no such connector. Choose one on the page of connections.")
    if request.method != "POST":
        return _form(request, kind, {}, name="")
    values, called = values_from(kind.settings_schema, request.POST.dict()), request.POST.get("name", "").strip()
    try:
        if missing := _without_name(called):
            return _form(request, kind, values, name=called, errors=missing, status=422)
        made = services.create_connection(
            actor, name=called, connector=kind.name, settings=values, test=request.POST.get("test") == "true"
        )
    except (ProblemError, ConnectorError) as trouble:
        problem = problem_of(trouble)
        return _form(
            request, kind, values, name=called, problem=problem, errors=problem.errors, status=problem.status
        )
    messages.success(request, f"{made} is saved.", extra_tags="good")
    return redirect("connection", connection_id=str(made.id))


@require_POST
@sensitive_post_parameters()
@page("connection.edit")
def edit(request: HttpRequest, actor: Actor, connection_id: str) -> HttpResponse:
    held = services.find_connection(actor, connection=connection_id)
    kind = catalog().connectors.get(held.connector)
    if kind is None:
        raise NotFound(f'The connector "{held.connector}" is not installed, so its settings cannot be changed.')
    values, called = values_from(kind.settings_schema, request.POST.dict()), request.POST.get("name", "").strip()
    revision = request.POST.get("revision", "")
    try:
        if missing := _without_name(called):
            return _show(request, actor, held, values=values, errors=missing, status=422)
        services.update_connection(
            actor,
            connection=connection_id,
            revision=int(revision) if revision.isdigit() else 0,
            name=called,
            settings=values,
        )
    except (ProblemError, ConnectorError) as trouble:
        problem = problem_of(trouble)
        return _show(
            request, actor, held, values=values, problem=problem, errors=problem.errors, status=problem.status
        )
    messages.success(
        request, "The changes are saved. Test the connection to see whether it works.", extra_tags="good"
    )
    return redirect("connection", connection_id=connection_id)


@require_POST
@page("connection.edit")
def delete(request: HttpRequest, actor: Actor, connection_id: str) -> HttpResponse:
    services.delete_connection(actor, connection=connection_id)
    messages.success(request, "The connection and its secrets are gone.", extra_tags="good")
    return redirect("connections")


def row(held: Connection) -> dict[str, Any]:
    """A connection as a line of a table."""
    known = catalog().connectors.get(held.connector)
    health = Health(held.health)
    return {
        "id": str(held.id),
        "name": held.name,
        "service": known.manifest.name if known else held.connector,
        "state": health.label,
        "tone": TONES[health],
        "message": held.health_message if health is Health.FAILING else "",
        "identity": (held.identity or {}).get("name", ""),
        "tested_at": held.tested_at,
    }


def _show(
    request: HttpRequest,
    actor: Actor,
    held: Connection,
    *,
    values: dict[str, Any] | None = None,
    problem: ProblemError | None = None,
    errors: list[FieldProblem] | None = None,
    status: int = 200,
) -> HttpResponse:
    kind = catalog().connectors.get(held.connector)
    blanks = dict.fromkeys(held.secrets_set, "set")
    schema = kind.settings_schema if kind else {}
    shown = {
        "connection": held,
        "row": row(held),
        "hosts": hosts_of(kind, {**held.settings, **blanks}) if kind else [],
        "settings": _in_words(schema, held),
        "used_by": services.users_of(actor, held),
        "may_test": actor.may("connection.test"),
        "may_edit": actor.may("connection.edit"),
        "problem": problem,
        "wrong": errors or [],
    }
    if kind is not None and shown["may_edit"]:
        shown["fields"] = fields_of(
            schema,
            values=held.settings if values is None else values,
            secrets_set=held.secrets_set,
            errors=errors or (),
        )
        shown["open"] = bool(errors or problem)
    return render(request, "web/connection.html", shown, status=status)


def _form(
    request: HttpRequest,
    kind: Connector,
    values: dict[str, Any],
    *,
    name: str,
    problem: ProblemError | None = None,
    errors: list[FieldProblem] | None = None,
    status: int = 200,
) -> HttpResponse:
    fields = fields_of(kind.settings_schema, values=values, errors=errors or ())
    shown = {"kind": kind, "fields": fields, "name": name, "problem": problem, "wrong": errors or []}
    return render(request, "web/connection_new.html", shown, status=status)


def _in_words(schema: dict[str, Any], held: Connection) -> list[tuple[str, Any]]:
    """The settings as label and value. Of a secret only that it has one."""
    shown: list[tuple[str, Any]] = []
    for name, given in schema.get("properties", {}).items():
        if name in held.secrets_set:
            shown.append((given.get("title", name), "has a value"))
        elif held.settings.get(name) not in (None, "", {}, []):
            value = held.settings[name]
            shown.append(
                (
                    given.get("title", name),
                    {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value,
                )
            )
    return shown


def _without_name(name: str) -> list[FieldProblem]:
    return [] if name else [{"pointer": "/name", "code": "required", "detail": "Give the connection a name."}]
