"""Rules that say whom to tell when a workflow is not well."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from hub.accounts.access import Actor, allow, fetch, visible
from hub.api.errors import Invalid, NotFound
from hub.audit import record
from hub.sdk import Misconfigured
from workflows.engine import channels
from workflows.models import AlertRule, Workflow
from workflows.planning.alerts import AlertKind

_NEEDS_SECONDS = (AlertKind.LATE, AlertKind.SILENT)


def list_rules(actor: Actor, slug: str) -> QuerySet[AlertRule]:
    allow(actor, "workflow.view")
    return visible(actor, AlertRule).filter(workflow=fetch(actor, Workflow, slug=slug))


def list_alerts(actor: Actor) -> QuerySet[AlertRule]:
    """What is not well in the workspace, the newest rules first."""
    allow(actor, "workflow.view")
    return visible(actor, AlertRule.objects.select_related("workflow")).filter(began_at__isnull=False).order_by("-id")


@transaction.atomic
def set_rule(actor: Actor, slug: str, kind: str, given: dict[str, Any]) -> AlertRule:
    """Make or change the rule of this kind. Whether it is well is looked at anew."""
    allow(actor, "workflow.edit")
    workflow = fetch(actor, Workflow, slug=slug, locked=True)
    _check(actor, _kind(kind), given)
    rule, is_new = AlertRule.objects.update_or_create(
        workspace=actor.workspace,
        workflow=workflow,
        kind=kind,
        defaults=given,
        create_defaults=given | {"made_by": actor.person},
    )
    record(actor, "alert-rule.made" if is_new else "alert-rule.changed", rule, given)
    return rule


@transaction.atomic
def remove_rule(actor: Actor, slug: str, kind: str) -> None:
    allow(actor, "workflow.edit")
    workflow = fetch(actor, Workflow, slug=slug)
    rule = visible(actor, AlertRule).filter(workflow=workflow, kind=_kind(kind)).first()
    if rule is None:
        raise NotFound(f'The workflow has no rule "{kind}".')
    record(actor, "alert-rule.removed", rule)
    rule.delete()


def _kind(text: str) -> AlertKind:
    try:
        return AlertKind(text)
    except ValueError:
        raise NotFound(f'There is no kind "{text}". There are: {", ".join(AlertKind)}.') from None


def _check(actor: Actor, kind: AlertKind, given: dict[str, Any]) -> None:
    errors = []
    if kind in _NEEDS_SECONDS and not given.get("seconds"):
        errors.append({"pointer": "/seconds", "code": "required", "detail": "Say for how long."})
    if given.get("to") and not given.get("mail"):
        errors.append(
            {"pointer": "/mail", "code": "required", "detail": "People are told by mail: name a connection."}
        )
    if given.get("mail"):
        try:
            channels.check(actor.workspace, given["mail"], "mail")
        except Misconfigured as wrong:
            errors.append({"pointer": "/mail", "code": "misconfigured", "detail": wrong.message})
    if errors:
        raise Invalid("The rule cannot be kept.", errors=errors)  # type: ignore[arg-type]
