"""The step *check*: finds what is not as it should be, keeps it as evidence, and says what is new of it."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any

from django.utils import timezone

from hub.accounts.access import Actor
from hub.accounts.models import Workspace
from hub.api.errors import ProblemError
from hub.audit.evidence.collecting import Collection, collect, live_keys
from hub.sdk import ConnectorError, Proof, Record, TryLater, UnexpectedReply
from workflows.engine.calling import Later, error_of
from workflows.engine.journal import Journal
from workflows.models import Attempt, Run, RunStep
from workflows.reconcile.contract import Finding, problems_of
from workflows.templates.gallery import UnknownReconcile, reconcile_called

MOST_SHOWN = 200
KIND = "finding"


def carry_out(journal: Journal, run: Run, row: RunStep, attempt: Attempt, values: dict[str, Any]) -> Later | None:
    """What is found is kept together with the end of the step: nothing new is forgotten to be told."""
    actor, parameters = Actor.system(run.workspace), values.get("parameters", {})
    try:
        reconcile = reconcile_called(str(values.get("reconcile")))
        if not reconcile.finds:
            raise UnknownReconcile(f'"{reconcile.name}" finds nothing; it only plans.')
    except UnknownReconcile as unknown:
        journal.fail(row, attempt, {"code": "unknown-reconcile", "message": str(unknown)})
        return None
    try:
        if wrong := problems_of(reconcile, actor, parameters):
            error = {
                "code": "parameters",
                "message": wrong[0]["detail"],
                "field": f"settings{wrong[0]['pointer']}",
            }
            journal.fail(row, attempt, error | {"detail": wrong})
            return None
        found = reconcile.findings(actor, parameters)
        with journal.together():
            journal.succeed(row, attempt, keep(run.workspace, run.workflow.slug, row.step, found))
    except (TryLater, UnexpectedReply) as trouble:
        return Later(error_of(trouble), getattr(trouble, "after_seconds", None))
    except ConnectorError as trouble:
        journal.fail(row, attempt, error_of(trouble))
    except ProblemError as problem:
        journal.fail(row, attempt, {"code": problem.code, "message": problem.detail})
    return None


def keep(workspace: Workspace, slug: str, step: str, found: list[Finding]) -> dict[str, Any]:
    """What is found now, which of it is new, and how much was found before and is not any more."""
    wanted = Collection(
        name=f"{slug}/{step}", source=slug, stream="lockgate.findings", scope={}, kind=KIND, is_state=True,
        fields={"domain": "domain", "subject": "subject", "person": "person"},
        classes={"message": "identity"},
    )  # fmt: skip
    before = live_keys(workspace, wanted)
    records = {f"{each.code}|{each.key}": each for each in found}
    bodies = [Record(_key(key), _body(each)) for key, each in records.items()]
    made = collect(workspace, wanted, bodies, Proof(complete=True, count=len(bodies)), began=timezone.now())
    new = [_body(each) for key, each in records.items() if _key(key) not in before]
    return {
        "count": len(records),
        "findings": [_body(each) for each in records.values()][:MOST_SHOWN],
        "by_code": dict(Counter(each.code for each in records.values())),
        "new": new[:MOST_SHOWN],
        "new_count": len(new),
        "gone": made.gone,
    }


def _body(each: Finding) -> dict[str, Any]:
    return {
        "code": each.code,
        "message": each.message,
        "domain": each.domain,
        "subject": each.subject,
        "person": each.person,
    }


def _key(text: str) -> str:
    """Keys name nobody."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]
