"""The step *pack*: writes evidence out as a pack, which is kept and can be fetched."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from jsonschema import Draft202012Validator

from hub.accounts.access import Actor
from hub.api.errors import ProblemError
from hub.audit.evidence import services
from hub.audit.models import EvidencePack
from workflows.engine.calling import Later
from workflows.engine.journal import Journal
from workflows.engine.starter import starter_of
from workflows.graph.packs import SCHEMA
from workflows.graph.problem import complaint
from workflows.models import Attempt, Run, RunStep


def carry_out(journal: Journal, run: Run, row: RunStep, attempt: Attempt, values: dict[str, Any]) -> Later | None:
    for error in Draft202012Validator(SCHEMA).iter_errors(values):
        path = "/".join(map(str, error.absolute_path))
        wrong = {
            "code": "setting",
            "message": f"{path or 'The pack'} {complaint(error)}.",
            "field": f"settings/{path}",
        }
        journal.fail(row, attempt, wrong)
        return None
    chosen = values.get("chosen", {})
    if values.get("once") and services.is_packed(run.workspace, values["title"], chosen):
        journal.succeed(row, attempt, {"records": 0}, "empty")
        return None
    try:
        made = services.write_pack(
            run.workspace, values["title"], chosen, show=values.get("show"), by=starter_of(run)
        )
        with journal.together():
            held = services.keep_pack(Actor.system(run.workspace), made, by=starter_of(run)) if made else None
            if held is None:
                journal.succeed(row, attempt, {"records": 0}, "empty")
            else:
                journal.succeed(row, attempt, shown(held))
    except ProblemError as problem:
        journal.fail(row, attempt, {"code": problem.code, "message": problem.detail})
    return None


def shown(held: EvidencePack) -> dict[str, Any]:
    about = held.manifest
    return {
        "id": str(held.id),
        "title": held.title,
        "records": about["records"],
        "gaps": about["gaps"],
        "head": about["head"],
        "digest": held.sha256,
        "url": f"{settings.PUBLIC_URL}/api/v1/evidence/packs/{held.id}/content",
    }
