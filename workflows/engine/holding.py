"""Which runs a legal hold keeps, as a condition of SQL. Whoever places one and whoever removes come one by one."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.db import connection

from workflows.models import RunHold

_HELD_BY_KEY = """(run.key = %({name})s OR run.key LIKE %({name}_end)s OR run.domain = %({name})s
OR jsonb_path_exists(run.payload, '$.** ? (@ == $key)', %({name}_json)s::jsonb)
OR EXISTS (SELECT FROM workflows_runstep step WHERE step.run_id = run.id AND (
    jsonb_path_exists(step.input, '$.** ? (@ == $key)', %({name}_json)s::jsonb)
    OR jsonb_path_exists(step.output, '$.** ? (@ == $key)', %({name}_json)s::jsonb))))"""


def alone(workspace_id: uuid.UUID, *, placing: bool) -> None:
    """Until the transaction ends nobody places a hold while somebody removes, nor the other way round."""
    lock = "pg_advisory_xact_lock" if placing else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {lock}(hashtextextended(%s, 11))", [f"hold/{workspace_id}"])


def condition(workspace_id: uuid.UUID) -> tuple[str, dict[str, Any]]:
    """What is held of `run`. Names are ours; values are given apart."""
    terms, given = ["false"], dict[str, Any]()
    for number, hold in enumerate(RunHold.objects.filter(workspace=workspace_id, lifted_at=None)):
        parts = ["true"]
        if hold.workflow_id:
            given[f"workflow_{number}"] = hold.workflow_id
            parts.append(f"run.workflow_id = %(workflow_{number})s")
        if hold.key:
            name = f"key_{number}"
            given |= {name: hold.key, f"{name}_end": f"%:{_literal(hold.key)}", f"{name}_json": _json(hold.key)}
            parts.append(_HELD_BY_KEY.format(name=name))
        if hold.since is not None:
            given[f"since_{number}"] = hold.since
            parts.append(f"(run.ended_at IS NULL OR run.ended_at >= %(since_{number})s)")
        if hold.until is not None:
            given[f"until_{number}"] = hold.until
            parts.append(f"run.created_at < %(until_{number})s")
        terms.append(f"coalesce({' AND '.join(parts)}, false)")
    return " OR ".join(terms), given


def holds_all(workspace_id: uuid.UUID) -> bool:
    """Whether something is held in which messages and notices may have a part: any hold keeps them all."""
    return RunHold.objects.filter(workspace=workspace_id, lifted_at=None).exists()


def _json(key: str) -> str:
    return json.dumps({"key": key})


def _literal(key: str) -> str:
    return key.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
