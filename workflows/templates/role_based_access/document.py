"""The workflow: make the plan, and apply it once it may be applied."""

from __future__ import annotations

from typing import Any


def document(parameters: dict[str, Any]) -> dict[str, Any]:
    """Steps and edges for parameters that were checked and stand for themselves."""
    return {
        "steps": [
            {
                "id": "plan",
                "kind": "plan",
                "title": "Plan who sees what",
                "settings": {"reconcile": "role-based-access", "parameters": parameters},
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
