"""The four states and who may move between them. Plain: it knows no store and no request."""

from __future__ import annotations

from typing import Any

STATES = ("DRAFT", "REVIEW", "APPROVED", "REJECTED")
_BACK = {("REVIEW", "DRAFT"), ("REJECTED", "DRAFT"), ("APPROVED", "DRAFT"), ("DRAFT", "DRAFT")}
_STANDARD = _BACK | {("DRAFT", "REVIEW"), ("REVIEW", "APPROVED"), ("REVIEW", "REJECTED")}
_SIMPLE = _BACK | {("DRAFT", "APPROVED"), ("REVIEW", "APPROVED")}
MOVES = {"NORMAL": _STANDARD, "ADVANCED": _STANDARD, "SIMPLE": _SIMPLE}


def is_allowed(workflow: str, before: str, after: str) -> bool:
    """The table of moves (SDK, HELP); SIMPLE has no review, but lets leftovers out of it."""
    return (before, after) in MOVES[workflow]


def word_for(after: str) -> str:
    """The permission that a move needs."""
    return "APPROVE" if after in {"APPROVED", "REJECTED"} else "WRITE"


def chain(approval_groups: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    """The approvals a type needs under ADVANCED, in order of level (order INF)."""
    return [
        {"role": role["role"], "level": role["level"], "approved": False, "pending": False}
        for group in approval_groups
        if kind in group["resourceTypes"] or "all" in group["resourceTypes"]
        for role in sorted(group["approvalRoles"], key=lambda role: int(role["level"]))
    ]


def mark_pending(approvals: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lowest level that has not approved is the one that is waited for."""
    waiting = [int(each["level"]) for each in approvals if not each["approved"]]
    level = min(waiting, default=None)
    return [{**each, "pending": not each["approved"] and each["level"] == level} for each in approvals]
