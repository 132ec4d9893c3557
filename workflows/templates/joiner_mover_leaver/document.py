"""The workflow: make the plan, and apply it once it may be applied."""

from __future__ import annotations

from typing import Any

CHANGED = "=[trigger.happenings.data.person.id, trigger.happenings.data.before.id]"
"""Whom the events that started a run are about, with the ids they had; nobody when something else started it."""


def document(parameters: dict[str, Any]) -> dict[str, Any]:
    """Steps and edges for parameters that were checked and stand for themselves."""
    return {
        "keys": {"person": CHANGED},
        "steps": [
            {
                "id": "plan",
                "kind": "plan",
                "title": "Plan who gets and who loses access",
                "settings": {"reconcile": "joiner-mover-leaver", "parameters": parameters, "people": CHANGED},
                "at": {"x": 0, "y": 0},
            },
            {
                "id": "apply",
                "kind": "apply",
                "title": "Apply exactly that plan",
                "settings": {"plan": "=steps.plan.id"},
                "at": {"x": 320, "y": 0},
            },
        ],
        "edges": [{"from": "plan", "to": "apply"}],
    }
