"""Webhooks as the intake knows them: looked up once, judged again when they are stored."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from jsonschema import Draft202012Validator

from hub.sdk.schemas import closed_validator
from hub.vault import unseal
from workflows.engine.graphs import graph_of
from workflows.graph.privacy import Rule
from workflows.models import Trigger
from workflows.triggers.checks import Check, CheckKind
from workflows.triggers.settings import USUAL_ANSWER_SECONDS, USUAL_BODY_KB

_KEPT_SECONDS = 30.0
_MOST_KEPT = 5000


@dataclass(frozen=True)
class Webhook:
    """What is needed to judge a call. `fence` says which settings these are: a newer one makes them worthless."""

    id: UUID
    name: str
    fence: int
    is_active: bool
    methods: tuple[str, ...]
    limit_bytes: int
    check: Check | None
    """None while a secret is missing."""
    key: str
    shape: Draft202012Validator | None
    answer_seconds: float
    """For how long a call waits for what its run gives; 0 when it does not."""
    workspace_id: UUID
    version_id: UUID | None
    classed: tuple[Rule, ...]
    """Which fields of a call are personal or secret."""

    @classmethod
    def of(cls, row: Trigger) -> Webhook:
        settings = row.settings
        return cls(
            id=row.id,
            name=row.name,
            fence=row.fence,
            is_active=row.workflow.is_active,
            methods=tuple(settings.get("methods") or ["POST"]),
            limit_bytes=settings.get("max_kb", USUAL_BODY_KB) * 1024,
            check=_check(row),
            key=settings.get("key") or "",
            shape=closed_validator(settings["input"]) if settings.get("input") else None,
            answer_seconds=_answer_seconds(settings),
            workspace_id=row.workspace_id,
            version_id=row.workflow.published_id,
            classed=graph_of(row.workflow.published_id).classed if row.workflow.published_id else (),
        )


def _answer_seconds(settings: dict[str, Any]) -> float:
    return float(settings.get("answer_seconds", USUAL_ANSWER_SECONDS)) if settings.get("answer") == "result" else 0.0


def _check(row: Trigger) -> Check | None:
    given: dict[str, Any] = row.settings.get("check") or {"kind": CheckKind.NONE}
    kind = CheckKind(given["kind"])
    if kind is CheckKind.NONE:
        return Check(kind)
    if not row.sealed:
        return None
    secret = unseal(bytes(row.sealed), row.place)["secret"]
    return Check(kind, secret, given.get("user", ""), given.get("header", ""), given.get("prefix", ""))


class Webhooks:
    """By path. What is kept here may be old; storing a call says so, and then it is looked up anew."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, Webhook]] = {}

    def find(self, path: str, *, anew: bool = False) -> Webhook | None:
        """None when no webhook has this address. A webhook that is switched off is never taken from memory."""
        kept = self._kept.get(path)
        if kept and not anew and time.monotonic() - kept[0] < _KEPT_SECONDS:
            return kept[1]
        row = Trigger.objects.select_related("workflow").filter(path=path, is_live=True, kind="webhook").first()
        if row is None:
            self._kept.pop(path, None)
            return None
        found = Webhook.of(row)
        if found.is_active and found.check is not None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[path] = (time.monotonic(), found)
        return found
