"""What uses a connection: asked by the platform before one is removed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from hub.accounts.access import Actor, visible
from hub.connections.models import Connection
from workflows.models import Change, DelegationScope, Installation, Workflow
from workflows.reconcile.contract import connections_in
from workflows.templates.gallery import reconciles, templates


def uses_of(actor: Actor, connection: Connection) -> list[dict[str, Any]]:
    """Workflows whose draft or published version names it, plans that hold changes of it, and scopes."""
    found: list[dict[str, Any]] = []
    installed = _installed(actor)
    for held in visible(actor, Workflow.objects.select_related("published")):
        documents = [held.draft, held.published.document if held.published else {}]
        if any(connection.slug in names for names in (installed.get(held.id, ()), *map(_connections, documents))):
            found.append({"type": "workflow", "id": str(held.id), "name": held.name, "slug": held.slug})
    change = Change.objects.select_related("plan").filter(connection=connection).first()
    if change is not None:
        found.append({"type": "plan", "id": str(change.plan_id), "name": change.plan.title})
    scopes = visible(actor, DelegationScope).filter(Q(directory=connection) | Q(service=connection))
    found += [{"type": "delegation scope", "id": str(each.id), "name": each.name} for each in scopes]
    return found


def _connections(document: Any) -> set[str]:
    """Those that the steps and the triggers name, also of a draft that is no proper document."""
    if not isinstance(document, dict):
        return set()
    steps = list(_steps(document))
    settings = _objects([each.get("settings") for each in _objects(document.get("triggers"))])
    named = [each.get("connection") for each in [*steps, *settings]]
    for each in steps:
        held = each.get("settings")
        if isinstance(held, dict):
            asks = each.get("kind") in ("approve", "notify", "read", "record")
            named += [*_of_plan(held), *_within(held if asks else held.get("ask"))]
    return {slug for slug in named if isinstance(slug, str)}


def _installed(actor: Actor) -> dict[Any, set[Any]]:
    """What the parameters of installations name, by workflow: the document may name it in an expression only."""
    made: dict[Any, set[Any]] = {}
    for held in visible(actor, Installation.objects.filter(removed_at=None, template__in=templates())):
        schema, given = templates()[held.template].given.parameters, held.parameters
        made[held.workflow_id] = {given.get(name) for name, _ in connections_in(schema)}
    return made


def _steps(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Also those in the bodies of others."""
    for each in _objects(document.get("steps")):
        yield each
        if isinstance(each.get("body"), dict):
            yield from _steps(each["body"])


def _of_plan(settings: dict[str, Any]) -> Iterator[Any]:
    """The connections that the parameters of a plan step name."""
    reconcile, parameters = reconciles().get(str(settings.get("reconcile"))), settings.get("parameters")
    if reconcile is not None and isinstance(parameters, dict):
        yield from (parameters.get(name) for name, _ in connections_in(reconcile.parameters))


def _within(question: Any) -> Iterator[Any]:
    """The connections that a question names: for its notices, and to find who is asked."""
    if isinstance(question, dict):
        yield from (question.get(name) for name in ("connection", "mail"))
        for name in ("web", "chat"):
            yield from question[name] if isinstance(question.get(name), list) else ()
        for held in question.values():
            yield from _within(held)
    elif isinstance(question, list):
        for held in question:
            yield from _within(held)


def _objects(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
