"""What people do to workflows. One function a verb; each checks the role, changes, and writes the audit line."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet

from hub.accounts.access import Actor, allow, fetch, visible
from hub.accounts.models import SLUG
from hub.api.errors import Changed, Conflict, FieldProblem, Invalid, Taken
from hub.audit import record
from hub.operations.pools import DEFAULT
from workflows.engine import generations
from workflows.engine.queueing import move_to_pool
from workflows.graph.document import migrate
from workflows.graph.problems import Problem, problems
from workflows.graph.shape import is_too_deep
from workflows.models import Version, Workflow
from workflows.planning.slots import HEAD_STARTS
from workflows.services.catalog import catalog_of
from workflows.triggers import rows
from workflows.triggers.judging import trigger_problems

LARGEST_DOCUMENT = 2_000_000


class Stale(Changed):
    """Somebody else saved in the meantime. `extra` holds the current revision and draft."""

    title = "Somebody else saved this workflow in the meantime."


def list_workflows(actor: Actor) -> QuerySet[Workflow]:
    allow(actor, "workflow.view")
    return visible(actor, Workflow).filter(trashed_at=None).select_related("published")


def exists(actor: Actor, slug: str) -> bool:
    """Whether there is such a workflow here, also for somebody who may see nothing else of it."""
    return visible(actor, Workflow).filter(slug=slug).exists()


def get_workflow(actor: Actor, slug: str) -> Workflow:
    """Raises NotFound."""
    allow(actor, "workflow.view")
    return fetch(actor, Workflow.objects.select_related("published"), slug=slug)


@transaction.atomic
def create_workflow(actor: Actor, *, slug: str, document: dict[str, Any]) -> Workflow:
    """A new workflow with this draft, which may still have problems. Raises Invalid, or Conflict for a taken slug."""
    allow(actor, "workflow.edit")
    SLUG(slug)
    _check(document)
    try:
        with transaction.atomic():
            made = Workflow.objects.create(
                workspace=actor.workspace, slug=slug, name=_name(document, slug), draft=document
            )
    except IntegrityError:
        raise Taken(f'There is a workflow "{slug}" already. Choose another slug.', code="slug-taken") from None
    record(actor, "workflow.created", made)
    return made


@transaction.atomic
def save_draft(actor: Actor, slug: str, *, document: dict[str, Any], revision: int) -> Workflow:
    """Save the whole document, made from that revision of it. Raises Stale when it is not the current one."""
    allow(actor, "workflow.edit")
    _check(document)
    held = fetch(actor, Workflow, slug=slug, locked=True)
    _not_in_the_trash(held)
    if held.revision != revision:
        raise Stale(
            f"You edited revision {revision}; the current one is {held.revision}. Load it, then save again.",
            extra={"revision": held.revision, "draft": held.draft},
        )
    held.draft, held.revision, held.name = document, revision + 1, _name(document, held.name)
    held.save(update_fields=["draft", "revision", "name", "updated_at"])
    record(actor, "workflow.saved", held, {"revision": held.revision})
    return held


def find_problems(actor: Actor, slug: str) -> list[Problem]:
    """Everything wrong with the draft."""
    return _problems(actor, get_workflow(actor, slug).draft, slug)


@transaction.atomic
def publish(actor: Actor, slug: str, *, revision: int, message: str = "") -> Version:
    """Make the draft a version that runs. Raises Stale, or Invalid with every problem and its place."""
    allow(actor, "workflow.publish")
    held = fetch(actor, Workflow, slug=slug, locked=True)
    _not_in_the_trash(held)
    if held.revision != revision:
        raise Stale(
            f"You saw revision {revision}; the current one is {held.revision}. Look at it before you publish it.",
            extra={"revision": held.revision},
        )
    wrong = _problems(actor, held.draft, held.slug)
    if wrong:
        count = "a problem. Mend it" if len(wrong) == 1 else f"{len(wrong)} problems. Mend them"
        raise Invalid(
            f"The draft has {count}, then publish.",
            code="draft-has-problems",
            errors=[_pointed(each) for each in wrong],
        )
    number = (held.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    version = Version.objects.create(
        workflow=held, number=number, document=held.draft, message=message, created_by=actor.person
    )
    held.published = version
    document = migrate(held.draft)
    held.head_start_seconds = HEAD_STARTS[document.get("priority", "normal")]
    held.pool, held.generation = document.get("pool", DEFAULT), generations.OURS
    held.save(update_fields=["published", "head_start_seconds", "pool", "generation", "updated_at"])
    move_to_pool(held)
    _bring_up_to_date(held)
    record(actor, "workflow.published", held, {"version": number, "message": message})
    return version


@transaction.atomic
def switch(actor: Actor, slug: str, *, on: bool) -> Workflow:
    """Let the triggers start runs, or not. Raises Conflict when nothing is published."""
    allow(actor, "workflow.pause")
    held = fetch(actor, Workflow.objects.select_related("published"), slug=slug, locked=True)
    if on and held.published is None:
        detail = f'"{held}" has no published version. Publish it first.'
        raise Conflict(detail, code="not-published", title="This workflow is not published.")
    if held.is_active != on:
        held.is_active = on
        held.save(update_fields=["is_active", "updated_at"])
        _bring_up_to_date(held, switched=True)
        record(actor, "workflow.switched-on" if on else "workflow.switched-off", held)
    return held


@transaction.atomic
def retire(actor: Actor, slug: str) -> Workflow:
    """Take the published version back: nothing and nobody starts it any more. Versions and runs stay."""
    allow(actor, "workflow.delete")
    held = fetch(actor, Workflow, slug=slug, locked=True)
    take_out_of_service(held)
    record(actor, "workflow.retired", held)
    return held


def take_out_of_service(held: Workflow) -> None:
    held.published, held.is_active = None, False
    held.save(update_fields=["published", "is_active", "updated_at"])
    _bring_up_to_date(held, switched=True)


def _not_in_the_trash(held: Workflow) -> None:
    if held.trashed_at is not None:
        raise Conflict(
            f'"{held}" is in the trash. Restore it first.',
            code="in-the-trash",
            title="This workflow is in the trash.",
        )


def _bring_up_to_date(held: Workflow, *, switched: bool = False) -> None:
    try:
        if switched:
            rows.switch(held, on=held.is_active)
        else:
            rows.bring_up_to_date(held)
    except rows.PathTaken as taken:
        raise Taken(
            f'Another webhook has the address "{taken}" already. Choose another path.', code="path-taken"
        ) from None


def _problems(actor: Actor, document: Any, slug: str) -> list[Problem]:
    offered = catalog_of(actor, slug)
    return problems(document, offered) + trigger_problems(document, offered)


def _check(document: Any) -> None:
    import orjson

    if not isinstance(document, dict):
        raise Invalid(errors=[{"pointer": "/document", "code": "type", "detail": "A document is a JSON object."}])
    if is_too_deep(document):
        raise Invalid("Lists and objects in the document are nested too deeply. Nest them less.", code="too-deep")
    if len(orjson.dumps(document)) > LARGEST_DOCUMENT:
        raise Invalid(
            f"The document is larger than {LARGEST_DOCUMENT // 1000} kB. Split the workflow.", code="too-large"
        )


def _name(document: dict[str, Any], otherwise: str) -> str:
    name = document.get("name")
    return name.strip()[:200] if isinstance(name, str) and name.strip() else otherwise


def _pointed(problem: Problem) -> FieldProblem:
    pointer = "/document" + (f"/steps/{problem.step}" if problem.step else "")
    detail = f"{problem.message} {problem.hint}".strip()
    return {
        "pointer": pointer + (f"/{problem.field}" if problem.field else ""),
        "code": problem.code,
        "detail": detail,
    }
