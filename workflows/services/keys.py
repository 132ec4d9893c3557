"""Finding runs by what they are about: their business keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.db.models.functions import Lower
from django.db.models.lookups import Exact, StartsWith

from hub.accounts.access import Actor, allow, visible
from workflows.engine.graphs import graph_of
from workflows.engine.ledger import step_in
from workflows.graph.graph import Graph
from workflows.models import Run, RunKey, RunStep, Version, Workflow
from workflows.planning.states import StepState

MOST_OFFERED = 20
MOST_LOOKED_AT = 500
MOST_SHOWN = 50
ACTING = frozenset({"action", "apply", "approve", "notify", "record", "pack", "workflow"})
"""The kinds of steps that do something to the world: what a timeline tells of."""


@dataclass(frozen=True)
class Declared:
    """A business key, and the published workflows whose runs have it."""

    name: str
    workflows: list[str]


@dataclass(frozen=True)
class Chapter:
    """A run of a timeline, and what it did. `done` holds the first of `done_count`."""

    run: Run
    done: list[dict[str, Any]]
    done_count: int


def keys_like(actor: Actor, *, name: str = "", value: str = "", begins: str = "") -> QuerySet[RunKey]:
    """Business keys of the runs that the actor sees. Small and capital letters are the same."""
    rows = visible(actor, RunKey).order_by()
    if name:
        rows = rows.filter(name=name)
    if value.strip():
        rows = rows.filter(Exact(Lower("value"), value.strip().lower()))
    return rows.filter(StartsWith(Lower("value"), begins.strip().lower())) if begins.strip() else rows


def first_values(run: Run) -> dict[str, list[str]]:
    """The business keys of a run, each with at most so many values."""
    made: dict[str, list[str]] = {}
    for each in run.keys.all():
        if len(held := made.setdefault(each.name, [])) < MOST_OFFERED:
            held.append(each.value)
    return made


def list_keys(actor: Actor) -> list[Declared]:
    """The business keys that published workflows declare, by name."""
    allow(actor, "run.view")
    published = visible(actor, Workflow).filter(published__document__has_key="keys").values("published_id")
    found: dict[str, list[str]] = {}
    rows = Version.objects.filter(id__in=published).order_by("workflow__slug")
    for slug, declared in rows.values_list("workflow__slug", "document__keys"):
        for name in declared if isinstance(declared, dict) else ():
            found.setdefault(name, []).append(slug)
    return [Declared(name, found[name]) for name in sorted(found)]


def offered_values(actor: Actor, name: str, *, search: str = "") -> list[str]:
    """Values of a business key that begin so, in their order; without a beginning the newest."""
    allow(actor, "run.view")
    rows = keys_like(actor, name=name, begins=search)
    if search.strip():
        return list(rows.order_by(Lower("value"), "value").values_list("value", flat=True).distinct()[:MOST_OFFERED])
    newest = rows.order_by("-id").values_list("value", flat=True)[:MOST_LOOKED_AT]
    return list(dict.fromkeys(newest))[:MOST_OFFERED]


def chapters_of(actor: Actor, runs: list[Run]) -> list[Chapter]:
    """What each of these runs did, in the order in which it was done."""
    allow(actor, "run.view")
    return [_chapter(run) for run in runs]


def _chapter(run: Run) -> Chapter:
    graph = graph_of(run.version_id)
    ids = [name for name, kind in _kinds(graph).items() if kind in ACTING]
    rows = run.steps.filter(step__in=ids, taken_from=None).exclude(state__in=[StepState.SKIPPED, StepState.READY])
    steps = list(rows.order_by("created_at", "id")[:MOST_SHOWN])
    return Chapter(
        run, [_told(graph, row) for row in steps], rows.count() if len(steps) == MOST_SHOWN else len(steps)
    )


def _kinds(graph: Graph) -> dict[str, str]:
    made = {name: step.kind for name, step in graph.steps.items()}
    for step in graph.steps.values():
        made |= _kinds(step.inner)
    return made


def _told(graph: Graph, row: RunStep) -> dict[str, Any]:
    step = step_in(graph, row.step)
    return {
        "step": row.step, "title": step.title if step else row.step, "kind": step.kind if step else "",
        "action": step.action if step else "", "item": row.item, "state": row.state, "at": row.ended_at,
        "message": str((row.error or {}).get("message", "")),
    }  # fmt: skip


SOME_KEYS = Prefetch("keys", RunKey.objects.order_by("name", "id"))
