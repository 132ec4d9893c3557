"""Who owns templates of Exstream, and when they are to be reviewed. One function a verb."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from hub.accounts.access import Actor, allow, fetch, visible
from hub.audit import record
from hub.connections.models import Connection
from workflows.models import TemplateOwner


def list_owners(actor: Actor, *, domain: str = "", owner: str = "") -> QuerySet[TemplateOwner]:
    allow(actor, "owner.view")
    rows = visible(actor, TemplateOwner)
    if domain:
        rows = rows.filter(domain=domain)
    return rows.filter(owner=owner) if owner else rows


@transaction.atomic
def set_owner(
    actor: Actor, *, exstream: str, domain: str, resource: str, owner: str, review_on: date | None, name: str = ""
) -> TemplateOwner:
    """Raises NotFound for a connection that is not there. An empty owner leaves the template without one."""
    allow(actor, "owner.edit")
    fetch(actor, Connection, slug=exstream, connector="exstream")
    held, _ = TemplateOwner.objects.update_or_create(
        workspace=actor.workspace, exstream=exstream, domain=domain, resource=resource,
        defaults={"owner": owner, "review_on": review_on, "name": name, "set_by": actor.person},
    )  # fmt: skip
    record(actor, "owner.set", held, {"owner": owner, "review_on": review_on, "resource": resource})
    return held
