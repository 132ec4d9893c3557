"""The versions of a workflow: what was published, by whom, and how it looked."""

from __future__ import annotations

from django.db.models import QuerySet

from hub.accounts.access import Actor, allow
from hub.api.errors import NotFound
from workflows.models import Version
from workflows.services.workflows import get_workflow


def list_versions(actor: Actor, slug: str) -> QuerySet[Version]:
    """The newest first, without their documents."""
    allow(actor, "workflow.view")
    held = get_workflow(actor, slug)
    return Version.objects.filter(workflow=held).select_related("created_by").defer("document").order_by("-id")


def get_version(actor: Actor, slug: str, number: int) -> Version:
    """With its document. Raises NotFound."""
    allow(actor, "workflow.view")
    held = get_workflow(actor, slug)
    found = Version.objects.filter(workflow=held, number=number).select_related("created_by").first()
    if found is None:
        raise NotFound(f'"{held}" has no version {number}.', code="version-not-found")
    return found
