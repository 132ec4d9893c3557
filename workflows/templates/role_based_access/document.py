"""The workflow: make the plan, and apply it once it may be applied."""

from __future__ import annotations

import json
from typing import Any


def document(parameters: dict[str, Any]) -> dict[str, Any]:
    """Steps and edges for parameters that were checked and stand for themselves."""
    return {
        # Who changed in the directory is what a run is about that events started; any other is about everybody.
        "keys": {
            "person": "=[trigger.happenings.data.person.id, trigger.happenings.data.before.id]",
            "domain": f"={json.dumps(parameters['domains'], ensure_ascii=False)}",
        },
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
