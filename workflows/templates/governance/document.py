"""The workflow: find what is not as the policy says, tell what is new of it, and plan the repair."""

from __future__ import annotations

import json
from typing import Any

LINES = '$join($map(steps.find.new, function($f) {"- " & $f.message}), "\\n")'


def document(parameters: dict[str, Any]) -> dict[str, Any]:
    """Steps and edges for parameters that were checked and stand for themselves.

    No step waits until the plan is applied: while a run waits, the clock would start no other, and nobody would look.
    """
    asked = {"reconcile": "governance", "parameters": parameters}
    return {
        # What was found anew is what a run is about.
        "keys": {
            "template": "=steps.find.new.subject",
            "person": "=steps.find.new.person",
            "domain": f"={json.dumps(parameters['domains'], ensure_ascii=False)}",
        },
        "steps": [
            {"id": "find", "kind": "check", "title": "Find what is not as the policy says", "settings": asked},
            {
                "id": "any_new", "kind": "condition", "title": "Is anything new?",
                "settings": {"if": "=steps.find.new_count > 0"},
            },
            {
                "id": "tell", "kind": "notify", "title": "Tell what is new",
                "settings": {
                    "topic": '="governance/" & run.id',
                    "kind": "governance",
                    "subject": "{{ steps.find.new_count }} new findings about templates in Exstream",
                    "text": f'={LINES} & (steps.find.new_count > $count(steps.find.new) ? "\\n- And more." : "") & '
                    '"\\n\\n" & steps.find.count & " findings are open."',
                    "mail": parameters["mail"],
                    "to": parameters["tell"],
                    "must_reach": True,
                    "fallback": parameters["tell"],
                },
            },
            {"id": "plan", "kind": "plan", "title": "Plan the roles as the policy says", "settings": asked},
        ],
        "edges": [
            {"from": "find", "to": "any_new"},
            {"from": "any_new", "port": "yes", "to": "tell"},
            {"from": "find", "to": "plan"},
        ],
    }  # fmt: skip
