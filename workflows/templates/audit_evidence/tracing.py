"""Asking whether Exstream should keep which versions a run used: only when somebody starts the workflow by hand."""

from __future__ import annotations

import json
from typing import Any


def part(parameters: dict[str, Any]) -> dict[str, Any]:
    """A run of the schedule does not wait for an answer: the next collection would be late."""
    asked = parameters.get("tracing_approvers", ["admin"])
    if not asked:
        return {"steps": [], "edges": []}
    domains = json.dumps(parameters["domains"], ensure_ascii=False)
    by_hand = "$not($exists(trigger.scheduled_at))"
    steps = [
        {
            "id": "tenant", "kind": "action", "title": "Look at the domains' settings",
            "action": "exstream.list_domains", "connection": parameters["exstream"], "input": {},
        },
        {
            "id": "untraced", "kind": "transform", "title": "Domains without jobTracing",
            "settings": {"value": f"=[steps.tenant.domains[id in {domains} and jobTracing != true].id]"},
        },
        {
            "id": "to_ask", "kind": "condition", "title": "Is there somebody to ask about any?",
            "settings": {"if": f"={by_hand} and $count(steps.untraced) > 0"},
        },
        {
            "id": "ask_tracing", "kind": "approve", "title": "May jobTracing be switched on?",
            "settings": {
                "title": "Switch jobTracing on in {{ $join(steps.untraced, \", \") }}",
                "subject": "job-tracing",
                "show": [
                    {"label": "Domains", "value": "=steps.untraced"},
                    {
                        "label": "What it does",
                        "value": "Exstream then keeps for each run which version of which resource it used. It "
                        "applies to runs that begin from then on, and takes space in Exstream until they are wiped.",
                    },
                ],
                "stages": [{"name": "Tracing", "approvers": {"roles": asked}}],
                "mail": {"connection": parameters["mail"]},
            },
        },
        {
            "id": "switch_on", "kind": "each", "title": "Switch it on", "settings": {"items": "=steps.untraced"},
            "body": {
                "steps": [
                    {
                        "id": "traced", "kind": "action", "title": "Set jobTracing",
                        "action": "exstream.update_domain", "connection": parameters["exstream"],
                        "input": {"domain": "=item", "changes": {"jobTracing": True}},
                    }
                ],
                "edges": [],
            },
        },
    ]  # fmt: skip
    edges = [
        {"from": "any_gap", "port": "no", "to": "collected"},
        {"from": "tell_gaps", "to": "collected"},
        {"from": "collected", "to": "tenant"},
        {"from": "tenant", "to": "untraced"},
        {"from": "untraced", "to": "to_ask"},
        {"from": "to_ask", "port": "yes", "to": "ask_tracing"},
        {"from": "ask_tracing", "port": "approved", "to": "switch_on"},
    ]
    merged = {"id": "collected", "kind": "merge", "title": "Everything is collected", "settings": {"join": "any"}}
    return {"steps": [merged, *steps], "edges": edges}
