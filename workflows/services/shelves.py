"""Where people keep workflows: folders, tags, and the trash, out of which they can be had back."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from hub.accounts.access import Actor, allow, fetch, visible
from hub.audit import record
from workflows.models import Workflow
from workflows.services.workflows import list_workflows, take_out_of_service

MOST_TAGS = 20


def list_trash(actor: Actor) -> QuerySet[Workflow]:
    allow(actor, "workflow.view")
    return visible(actor, Workflow).exclude(trashed_at=None).select_related("published")


def narrowed(rows: QuerySet[Workflow], *, folder: str = "", tag: str = "") -> QuerySet[Workflow]:
    """Those in a folder or within it, and with a tag."""
    if folder:
        rows = rows.filter(Q(folder=folder) | Q(folder__startswith=f"{folder}/"))
    return rows.filter(tags__contains=[tag]) if tag else rows


def in_use(actor: Actor) -> dict[str, list[str]]:
    """Every folder, those around others too, and every tag."""
    folders: set[str] = set()
    tags: set[str] = set()
    for folder, held in list_workflows(actor).values_list("folder", "tags"):
        parts = folder.split("/") if folder else []
        folders.update("/".join(parts[: at + 1]) for at in range(len(parts)))
        tags.update(held)
    return {"folders": sorted(folders, key=str.casefold), "tags": sorted(tags, key=str.casefold)}


@transaction.atomic
def put_away(actor: Actor, slug: str, *, folder: str | None = None, tags: list[str] | None = None) -> Workflow:
    """Into another folder, with other tags; what is not given stays."""
    allow(actor, "workflow.edit")
    held = fetch(actor, Workflow, slug=slug, locked=True)
    if folder is not None:
        held.folder = "/".join(part for each in folder.split("/") if (part := each.strip()))
    if tags is not None:
        held.tags = list(dict.fromkeys(word for each in tags if (word := each.strip())))
    held.save(update_fields=["folder", "tags", "updated_at"])
    record(actor, "workflow.put-away", held, {"folder": held.folder, "tags": held.tags})
    return held


@transaction.atomic
def trash(actor: Actor, slug: str) -> Workflow:
    """Out of service and out of the list. Its draft, versions and runs stay."""
    allow(actor, "workflow.delete")
    held = fetch(actor, Workflow, slug=slug, locked=True)
    if held.trashed_at is None:
        take_out_of_service(held)
        held.trashed_at = timezone.now()
        held.save(update_fields=["trashed_at"])
        record(actor, "workflow.trashed", held)
    return held


@transaction.atomic
def restore(actor: Actor, slug: str) -> Workflow:
    """Back into the list, as a draft: it runs once somebody publishes it again."""
    allow(actor, "workflow.delete")
    held = fetch(actor, Workflow, slug=slug, locked=True)
    if held.trashed_at is not None:
        held.trashed_at = None
        held.save(update_fields=["trashed_at", "updated_at"])
        record(actor, "workflow.restored", held)
    return held
