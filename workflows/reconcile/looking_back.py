"""What became of writes that were under way when their plan was broken off, and that a newer plan overtook.

Nobody guesses: they are in doubt until the object is read back, which the newer plan does before it writes anything.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import orjson
import structlog
from django.utils import timezone

from hub.connections import open_connection
from hub.registry import UnknownEntry, catalog
from hub.sdk import ConnectorError
from workflows.models import Change, ChangeState, Plan, PlanState

log = structlog.get_logger(__name__)

LONGEST_SHOWN = 500
_OVERTAKEN = (
    "It was being written when its plan was broken off, and a newer plan took its place. Whether it was written was "
    "not read back yet."
)


def leave_in_doubt(plan_ids: Sequence[uuid.UUID]) -> None:
    """These plans are applied no further: what was being written in them is in doubt now."""
    rows = Change.objects.filter(plan__in=plan_ids, state=ChangeState.WRITING)
    rows.update(state=ChangeState.IN_DOUBT, message=_OVERTAKEN, ended_at=timezone.now())


def look_back(plan: Plan) -> None:
    """Read back what earlier plans of the same subject left in doubt. What cannot be read stays so."""
    if not plan.subject:
        return
    rows = Change.objects.filter(
        plan__workspace=plan.workspace_id, plan__subject=plan.subject, plan__state=PlanState.SUPERSEDED,
        state=ChangeState.IN_DOUBT,
    )  # fmt: skip
    for change in rows.select_related("connection"):
        try:
            resource = catalog().resource(change.resource).implementation
            with open_connection(change.connection) as opened:
                now = resource.read_one(change.key, opened.client)
        except (ConnectorError, UnknownEntry) as trouble:
            log.warning("plan.not-read-back", change=str(change.id), error=type(trouble).__name__)
            continue
        state, message = ChangeState.IN_DOUBT, ""
        if now == change.after:
            state, message = ChangeState.APPLIED, "Read back when the next plan was applied: it was written."
        elif now == change.before:
            state, message = ChangeState.PARKED, "Read back when the next plan was applied: it was not written."
        else:
            shown = "it is not there" if now is None else f"it is {orjson.dumps(now).decode()[:LONGEST_SHOWN]}"
            message = f"{_OVERTAKEN.partition('. ')[0]}. Read back since: {shown}, neither as before nor as wanted."
        Change.objects.filter(id=change.id, state=ChangeState.IN_DOUBT).update(
            state=state, message=message, ended_at=timezone.now()
        )
