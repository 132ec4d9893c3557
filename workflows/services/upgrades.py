"""Bringing an installed template up to date without losing what was changed here: three documents are laid side by
side, and a person decides what comes of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from hub.accounts.access import Actor, allow, fetch
from hub.api.errors import Conflict, Invalid
from hub.audit import record
from workflows.graph.document import migrate
from workflows.graph.merging import Merged, differences, merged
from workflows.models import Installation, Version
from workflows.services import workflows
from workflows.services.templates import document_of, get_installation, get_template


@dataclass(frozen=True)
class Upgrade:
    """What the template made, what became of it here, and what the template makes now."""

    installation: Installation
    to_version: int
    revision: int
    base: dict[str, Any] | None
    """None when it is not known any more what the template made."""
    mine: dict[str, Any]
    theirs: dict[str, Any]

    def together(self, take: Collection[str] = ()) -> Merged:
        """The template's changes with those made here; of what both changed, ours stays unless `take` names it."""
        return merged(self.base or self.theirs, self.mine, self.theirs, take)


def preview(actor: Actor, slug: str) -> Upgrade:
    """The three documents. Raises NotFound, and Conflict for an installation that has no workflow."""
    allow(actor, "template.view")
    held = get_installation(actor, slug)
    if held.workflow is None:
        raise Conflict("This installation has no workflow yet. Configure it first.", code="no-workflow")
    template = get_template(actor, held.template)
    theirs = document_of(actor, template, slug, held.parameters)
    base = held.made or _published_by(held, template.title)
    mine = migrate(held.workflow.draft)
    return Upgrade(held, template.version, held.workflow.revision, migrate(base) if base else None, mine, theirs)


@transaction.atomic
def upgrade(actor: Actor, slug: str, *, document: Any, revision: int, to_version: int) -> Installation:
    """Publish what a person made of the three, as the template's version that they looked at.

    Raises Conflict when the draft or the template is another one by now, and Invalid with each problem.
    """
    allow(actor, "template.install")
    held = fetch(actor, Installation.objects.filter(removed_at=None), slug=slug, locked=True)
    asked = preview(actor, slug)
    if asked.to_version != to_version:
        raise Conflict("The template has changed since you looked. Look again.", code="template-differs")
    if not isinstance(document, dict):
        raise Invalid(errors=[{"pointer": "/document", "code": "type", "detail": "A document is a JSON object."}])
    saved = workflows.save_draft(actor, slug, document=document, revision=revision)
    title = get_template(actor, held.template).title
    workflows.publish(actor, slug, revision=saved.revision, message=f"{title}, upgraded to version {to_version}")
    held.version, held.made = to_version, asked.theirs
    held.save(update_fields=["version", "made", "updated_at"])
    record(actor, "template.upgraded", held, {"template": held.template, "version": to_version})
    return get_installation(actor, slug)


def said(asked: Upgrade, take: Collection[str] = ()) -> str:
    """What each side changed, and what would come of it, in lines."""
    held, base, result = asked.installation, asked.base or asked.theirs, asked.together(take)
    lines = [f"{held.slug}: version {held.version} is installed, the template is at version {asked.to_version}."]
    if asked.base is None:
        lines.append("What the template made first is not known any more: every difference counts as made here.")
    for title, one, other in (
        ("What the template changed", base, asked.theirs),
        ("What was changed here", base, asked.mine),
        ("What changes in this workflow", asked.mine, result.document),
    ):
        lines += [f"{title}:", *(f"  {each}" for each in differences(one, other) or ["nothing"])]
    if result.conflicts:
        lines += ["Changed by both; yours is kept unless you take the template's (--take NAME):"]
        lines += [f"  {each}" for each in result.conflicts]
    return "\n".join(lines)


def _published_by(held: Installation, title: str) -> dict[str, Any] | None:
    """What installing published last, as its message tells."""
    rows = Version.objects.filter(workflow=held.workflow, message__startswith=f"{title}, version ")
    found = rows.order_by("-number").values_list("document", flat=True).first()
    return dict(found) if isinstance(found, dict) else None
