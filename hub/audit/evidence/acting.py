"""Who began, changed, approved and published something, who they were then, and with what authority."""

from __future__ import annotations

import uuid
from typing import Any

from hub.audit.evidence.context import Contexts
from hub.audit.evidence.models import Evidence
from hub.audit.evidence.seeing import roles_of

ACTS = ("job", "history", "published", "import", "used-resource")
MOST = 500


def acts_about(
    workspace_id: uuid.UUID, *, job: str = "", subject: str = "", person: str = ""
) -> list[dict[str, Any]]:
    """What people did, the oldest first: to one job or template, or what one person did.

    For a job that includes the versions it used and whoever approved them. A record that a later one replaced is
    left out.
    """
    rows = Evidence.objects.filter(workspace_id=workspace_id, kind__in=ACTS, gone=False)
    for name, value in (("job", job), ("subject", subject), ("person", person)):
        if value:
            rows = rows.filter(**{name: value})
    last = {(each.source, each.kind, each.key): each for each in rows.order_by("number")[: MOST * 4]}
    found = sorted(last.values(), key=lambda each: (each.at, each.number))[:MOST]
    contexts = Contexts(workspace_id)
    return [_act(each, contexts) for each in found]


def _act(row: Evidence, contexts: Contexts) -> dict[str, Any]:
    made: dict[str, Any] = {
        "record": row.number, "at": row.at.isoformat(), "kind": row.kind, "domain": row.domain, "job": row.job,
        "subject": row.subject, "person": row.person, "emptied": row.parts is None,
        "said": {name: value for part in (row.parts or {}).values() for name, value in part.items()},
    }  # fmt: skip
    if not row.person:
        return made
    told = contexts.of(row.person, row.at)
    made["context"] = told
    if told["known"] and row.domain:
        made["authority"] = roles_of(row.workspace_id, told, row.at, domain=row.domain)
    return made
