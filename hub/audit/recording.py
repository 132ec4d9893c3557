"""Writing to the audit trail."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils import timezone

from hub.accounts.access import Actor
from hub.audit.models import AuditEntry
from hub.watch.masks import HIDDEN, sounds_secret


@dataclass(frozen=True)
class Ref:
    """Names what was acted on, when it is not (or no longer) a row."""

    type: str
    id: str
    name: str = ""


def record(
    actor: Actor, verb: str, target: models.Model | Ref | None = None, detail: dict[str, Any] | None = None
) -> None:
    """Say that the actor did this, as part of the caller's transaction.

    Other entries of the workspace wait until that transaction ends, so record last and commit soon. Values
    whose names sound secret are hidden, whatever they are.
    """
    ref = _ref(target)
    AuditEntry.objects.create(
        workspace_id=actor.workspace.id,
        at=timezone.now(),
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name[:450],
        verb=verb,
        target_type=ref.type,
        target_id=ref.id[:200],
        target_name=ref.name[:400],
        detail=without_secrets(detail or {}),
    )


def _ref(target: models.Model | Ref | None) -> Ref:
    if target is None:
        return Ref("", "")
    if isinstance(target, Ref):
        return target
    return Ref(target._meta.model_name or "", str(target.pk), str(target))


def without_secrets(value: Any) -> Any:
    """The value as plain JSON, with everything hidden whose name says that it is secret."""
    if isinstance(value, dict):
        return {str(name): _shown(str(name), inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [without_secrets(inner) for inner in value]
    if isinstance(value, str):
        return value.replace("\x00", "")
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, uuid.UUID):
        return str(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _shown(name: str, value: Any) -> Any:
    if sounds_secret(name) and not isinstance(value, bool) and value is not None:
        return HIDDEN
    return without_secrets(value)
