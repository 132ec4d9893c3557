"""Looks at what rules watch, and has people told when a workflow is not well, and when it is again."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, Min, Q
from django.utils import timezone

from workflows.engine.telling import tell
from workflows.models import AlertRule, Run, Trigger
from workflows.planning.alerts import AlertKind, Seen, trouble
from workflows.planning.states import RunState

USUAL_OF = 50
"""So many runs say how long one usually takes."""
OPEN = (RunState.QUEUED, RunState.RUNNING, RunState.WAITING)
log = structlog.get_logger(__name__)


def look() -> int:
    """Look at every rule; returns how many have changed. Any number of schedulers may look at once."""
    found = list(AlertRule.objects.filter(workflow__published__isnull=False).values_list("id", flat=True))
    return sum(_look_at(each) for each in found)


@transaction.atomic
def _look_at(rule_id: UUID) -> bool:
    held = AlertRule.objects.select_for_update(of=("self",), skip_locked=True).select_related("workflow", "workspace")
    rule = held.filter(id=rule_id).first()
    if rule is None:
        return False
    now = timezone.now()
    said = trouble(AlertKind(rule.kind), rule.limits, seen(rule, now))
    if bool(said) == (rule.began_at is not None):
        return False
    if said:
        rule.began_at, rule.said = now, said
        _tell(rule, "began", f"{rule.workflow.name} is not well", said)
        log.warning("alert.began", workflow=rule.workflow.slug, rule=rule.kind, workspace=str(rule.workspace_id))
    else:
        since = f"{rule.began_at:%Y-%m-%d %H:%M} UTC"
        if rule.workflow.is_active or rule.kind in {AlertKind.FAILURES, AlertKind.LONG}:
            subject, text = "is well again", f"What was wrong since {since} is over: {rule.said}"
        else:
            subject, text = "is switched off", f"It is not watched while it is off. Before that: {rule.said}"
        _tell(rule, "ended", f"{rule.workflow.name} {subject}", text)
        rule.began_at, rule.said = None, ""
        log.info("alert.ended", workflow=rule.workflow.slug, rule=rule.kind, workspace=str(rule.workspace_id))
    rule.save(update_fields=["began_at", "said"])
    return True


def _tell(rule: AlertRule, what: str, subject: str, text: str) -> None:
    if not (rule.mail and rule.to):
        return
    where = f"{settings.PUBLIC_URL}/workflows/{rule.workflow.slug}"
    topic = f"alert/{rule.id}/{rule.began_at:%Y%m%dT%H%M%S%f}/{what}"
    tell(rule.workspace, topic, kind="alert", subject=subject, text=f"{text}\n\n{where}", mail=rule.mail, to=rule.to)


def seen(rule: AlertRule, now: datetime) -> Seen:
    """What the rule's kind asks for, by indexes."""
    workflow, runs = rule.workflow, Run.objects.filter(workflow=rule.workflow).order_by("-id")
    about: dict[str, Any] = {"now": now, "watched_since": rule.changed_at, "is_active": workflow.is_active}
    match AlertKind(rule.kind):
        case AlertKind.FAILURES:
            told = runs.filter(state__in=[RunState.SUCCEEDED, RunState.FAILED])
            return Seen(**about, ended=list(told.values_list("state", flat=True)[: rule.count]))
        case AlertKind.LATE:
            live = Trigger.objects.filter(workflow=workflow, is_live=True, kind__in=["schedule", "event"])
            # Whoever asks just now is not late.
            idle = live.filter(Q(lease_until=None) | Q(lease_until__lt=now), due_at__lte=now, failures=0)
            broken = live.exclude(error=None).first()
            message = str((broken.error or {}).get("message", "no reason is known.")) if broken else ""
            return Seen(**about, due_at=idle.aggregate(due=Min("due_at"))["due"], broken=message)
        case AlertKind.LONG:
            oldest = runs.filter(state__in=OPEN).aggregate(began=Min("created_at"))["began"]
            before = runs.filter(state=RunState.SUCCEEDED, ended_at__isnull=False)
            took = before.annotate(took=F("ended_at") - F("created_at")).values_list("took", flat=True)[:USUAL_OF]
            return Seen(**about, oldest_open=oldest, took=list(took) if rule.seconds is None else ())
        case AlertKind.SILENT:
            return Seen(**about, last_run=runs.values_list("created_at", flat=True).first())
