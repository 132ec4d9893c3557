"""Looking at the values of a run: large ones page by page, personal ones by whoever may, with a line in the trail."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from hub.accounts.access import Actor, allow, fetch
from hub.api.errors import Conflict, NotFound
from hub.audit import Ref, record
from workflows.engine.contents.json import dumps
from workflows.engine.contents.reading import Large
from workflows.engine.veils import Veil, put_in
from workflows.models import Run, RunStep

MOST_BYTES = 1_000_000
"""Of one page that is shown."""
PERSONAL = ("personal",)


@dataclass(frozen=True)
class Part:
    """A part of a large value. Of a list its items; of anything else the beginning of its JSON."""

    kind: str
    count: int
    bytes: int
    items: list[Any]
    text: str
    next_offset: int | None


def large_of(step: RunStep) -> list[dict[str, Any]]:
    """What of a step's values is kept apart."""
    return [
        {"field": field, "at": part["at"], "kind": part["kind"], "bytes": part["bytes"], "count": part["count"]}
        for field, parts in (step.apart or {}).items()
        for part in parts
    ]


def read_large(
    actor: Actor, run: str, step: str, *, item: str = "", field: str = "output", at: list[str] | None = None,
    offset: int = 0, limit: int = 50,
) -> Part:  # fmt: skip
    """Some of a large value, with masks where it has any. Raises NotFound."""
    allow(actor, "run.view")
    held = fetch(actor, Run, id=run)
    row = RunStep.objects.filter(run=held, step=step, item=item).first()
    parts = (row.apart or {}).get(field, []) if row is not None else []
    about = next((part for part in parts if part["at"] == (at or [])), None)
    if about is None:
        raise NotFound("There is no large value at this place. It may have been removed, as retention says.")
    large = Large.from_json(about)
    if not large.is_list:
        return Part("json", 0, large.bytes, [], large.text(MOST_BYTES), None)
    items = _some(large, offset, limit)
    after = offset + len(items)
    return Part("list", large.count, large.bytes, items, "", after if after < large.count and items else None)


def _some(large: Large, offset: int, limit: int) -> list[Any]:
    made: list[Any] = []
    size = 0
    for page in large.pages(start=offset):
        for item in page:
            size += len(dumps(item))
            if made and (len(made) >= limit or size > MOST_BYTES):
                return made
            made.append(item)
    return made


@transaction.atomic
def reveal(actor: Actor, run_id: uuid.UUID | str, *, reason: str) -> dict[str, Any]:
    """The personal values of a run, as its payload and steps have them. What is secret is shown to nobody. Who looked
    and why is in the audit trail. Raises Conflict when nothing of it is masked."""
    allow(actor, "run.reveal")
    run = fetch(actor, Run.objects.select_related("workflow"), id=run_id)
    veil = Veil(run.workspace_id)
    rows = list(run.steps.filter(sealed__isnull=False).order_by("id"))
    if run.sealed is None and not rows:
        raise Conflict("Nothing in this run is masked.", code="nothing-masked", title="Nothing is masked.")
    if run.sealed is not None:
        veil.unseal(run.sealed, run.id)
    for row in rows:
        veil.unseal(row.sealed or b"", row.id)
    record(actor, "run.revealed", Ref("run", str(run.id), str(run.workflow)), {"reason": reason})
    return {
        "payload": _shown(veil, run.payload, run.sealed, run.id, "payload"),
        "steps": [
            {
                "step": row.step,
                "item": row.item,
                "input": _shown(veil, row.input, row.sealed, row.id, "input"),
                "output": _shown(veil, row.output, row.sealed, row.id, "output"),
            }
            for row in rows
        ],
    }


def _shown(veil: Veil, value: Any, sealed: bytes | memoryview | None, owner: uuid.UUID, field: str) -> Any:
    if sealed is None:
        return value
    return veil.without_secrets(put_in(value, veil.unseal(sealed, owner).get(field, []), PERSONAL))
