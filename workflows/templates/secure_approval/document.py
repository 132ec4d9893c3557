"""The workflow: find what waits for approval, ask about each, and write the answer back if it still holds."""

from __future__ import annotations

import json
from typing import Any

from workflows.templates.secure_approval import answer

MOST_AT_ONCE = 50


def document(parameters: dict[str, Any]) -> dict[str, Any]:
    """Steps and edges for parameters that were checked and stand for themselves."""
    domains = json.dumps(parameters["domains"], ensure_ascii=False)
    return {
        "keys": {"template": "=steps.resources.id", "domain": "=steps.resources.domain"},
        "steps": [
            {
                "id": "look",
                "kind": "each",
                "title": "Look through the domains, unless one resource started this",
                "settings": {
                    "items": f"=$exists(trigger.data.id) ? [] : {domains}",
                    "result": '=[$map(steps.waiting.resources, function($r) {{"domain": item, "id": $r.id}})]',
                },
                "body": _looking(parameters),
                "at": {"x": 0, "y": 0},
            },
            {
                "id": "resources",
                "kind": "transform",
                "title": "What is to be looked at",
                "settings": {
                    "value": "=$exists(trigger.data.id) ? [{"
                    '"domain": trigger.data.domain, "id": trigger.data.id}] : $reduce(steps.look.items, $append, [])'
                },
                "at": {"x": 280, "y": 0},
            },
            {
                "id": "resolve",
                "kind": "each",
                "title": "Ask people about each, and write back what they say",
                "settings": {"items": "=steps.resources", "concurrency": MOST_AT_ONCE},
                "body": answer.body(parameters),
                "at": {"x": 560, "y": 0},
            },
        ],
        "edges": [{"from": "look", "to": "resources"}, {"from": "resources", "to": "resolve"}],
    }


def _looking(parameters: dict[str, Any]) -> dict[str, Any]:
    wanted = {"domain": "=item", "states": ["REVIEW"], "types": parameters.get("types", []), "at_most": 10_000}
    return {
        "steps": [
            {
                "id": "waiting",
                "kind": "action",
                "title": "List what waits for approval",
                "action": "exstream.list_resources",
                "connection": parameters["exstream"],
                "input": wanted,
            },
            {
                "id": "whole",
                "kind": "condition",
                "title": "Is the list whole?",
                "settings": {"if": "=steps.waiting.complete"},
            },
            {
                "id": "partial",
                "kind": "stop",
                "settings": {"message": "The list of what waits in {{ item }} did not come whole. Run this again."},
            },
        ],
        "edges": [{"from": "waiting", "to": "whole"}, {"from": "whole", "port": "no", "to": "partial"}],
    }
