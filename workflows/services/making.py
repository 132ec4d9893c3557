"""Ways in which a workflow comes to be: from a name, from another workflow, from an exported document."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from hub.accounts.access import Actor, visible
from hub.api.errors import Invalid
from hub.slugs import slug_of
from workflows.graph.document import FORMAT
from workflows.models import Workflow
from workflows.services.workflows import create_workflow, get_workflow

LONGEST_SLUG = 63


def make_named(actor: Actor, *, name: str) -> Workflow:
    """An empty workflow that somebody starts by hand. The slug is made from the name."""
    said = name.strip()
    if not said:
        raise Invalid("The workflow has no name. Give it one.", code="name-missing")
    document = {
        "format": FORMAT,
        "name": said[:200],
        "triggers": [{"id": "by_hand", "kind": "manual"}],
        "steps": [],
        "edges": [],
    }
    return create_workflow(actor, slug=_free_slug(actor, said), document=document)


def duplicate_workflow(actor: Actor, slug: str) -> Workflow:
    """A new workflow with the draft of this one."""
    held = get_workflow(actor, slug)
    name = f"{held.name[:190]} (copy)"
    return create_workflow(actor, slug=_free_slug(actor, name), document={**held.draft, "name": name})


def import_document(actor: Actor, *, document: Any) -> Workflow:
    """A new workflow from an exported document, which may have problems: its connections may be called otherwise."""
    if not isinstance(document, dict) or "format" not in document or "steps" not in document:
        raise Invalid("The file holds no workflow document. Export one to see its shape.", code="not-a-document")
    name = document.get("name")
    said = name if isinstance(name, str) and name.strip() else "Imported workflow"
    return create_workflow(actor, slug=_free_slug(actor, said), document=document)


def _free_slug(actor: Actor, name: str) -> str:
    """The name as a slug that the workspace has not yet. Of two that ask at once, one is told that it is taken."""
    wanted = slug_of(name, longest=LONGEST_SLUG - 5, otherwise="workflow")
    held: QuerySet[Workflow] = visible(actor, Workflow).filter(slug__startswith=wanted)
    taken = set(held.values_list("slug", flat=True))
    number, made = 1, wanted
    while made in taken:
        number += 1
        made = f"{wanted}-{number}"
    return made
