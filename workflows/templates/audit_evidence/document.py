"""The workflow: read who people are, what is so and what happened; tell of gaps; ask about tracing; make packs."""

from __future__ import annotations

import json
from typing import Any

from workflows.templates.audit_evidence import delivering, feeds, tracing

WIPING = '["wipe", "markDeleted"]'


def document(parameters: dict[str, Any]) -> dict[str, Any]:
    """Steps and edges for parameters that were checked and stand for themselves."""
    people, state, acts = feeds.directory(parameters), feeds.state(), feeds.acts(parameters)
    steps = [_record(each, parameters) for each in [*people, *state, *acts]]
    order = ["groups", "people", *(each.id for each in state), "clocks_of", "wipes", *(each.id for each in acts)]
    watched = [each.id for each in acts if "kept_hours" in each.given]
    steps += [*_clocks(parameters), *_gaps(parameters, watched)]
    edges = [{"from": one, "to": other} for one, other in zip(order, [*order[1:], "gaps"], strict=True)]
    edges += [{"from": "gaps", "to": "any_gap"}, {"from": "any_gap", "port": "yes", "to": "tell_gaps"}]
    for part in (tracing.part(parameters), delivering.part(parameters)):
        steps += part["steps"]
        edges += part["edges"]
    keys = {"domain": f"={json.dumps(parameters['domains'], ensure_ascii=False)}"}
    return {"keys": keys, "steps": steps, "edges": edges}


def _record(feed: feeds.Feed, parameters: dict[str, Any]) -> dict[str, Any]:
    return {"id": feed.id, "kind": "record", "title": feed.title, "settings": feed.settings(parameters)}


def _clocks(parameters: dict[str, Any]) -> list[dict[str, Any]]:
    """When Exstream wipes. A clock whose rule cannot be read counts as one that may wipe at any time."""
    found = f"$reduce(steps.clocks_of.items, $append, [])[cronType in {WIPING} and $not(active = false)]"
    rules = (
        '[$map($found, function($c) {{"cron": $c.cronExpression}})]',
        '[$map($found[lastTriggeredDate != null], function($c) {{"at": $c.lastTriggeredDate}})]',
    )
    return [
        {
            "id": "clocks_of", "kind": "each", "title": "Ask when it wipes",
            "settings": {
                "items": parameters["domains"],
                "result": "=[steps.clocks_there.cron_jobs]",
            },
            "body": {
                "steps": [
                    {
                        "id": "clocks_there", "kind": "action", "title": "List its cron jobs",
                        "action": "exstream.list_cron_jobs", "connection": parameters["exstream"],
                        "input": {"domain": "=item"},
                    }
                ],
                "edges": [],
            },
        },
        {
            "id": "wipes", "kind": "transform", "title": "When it wipes",
            "settings": {
                "value": f'=($found := [{found}]; {{"are_known": $count($found[$not($exists(cronExpression))]) = 0, '
                f'"rules": $append({rules[0]}, {rules[1]})}})'
            },
        },
    ]  # fmt: skip


def _gaps(parameters: dict[str, Any], watched: list[str]) -> list[dict[str, Any]]:
    each = ", ".join(
        f'steps.{step}.gap ? $merge([steps.{step}.gap, {{"of": {json.dumps(step)}}}]) : []' for step in watched
    )
    lines = (
        '$join($map(steps.gaps, function($g) {$g.of & ", " & $g.since & " to " & $g.until & ": " & $g.why}), "\\n")'
    )
    return [
        {"id": "gaps", "kind": "transform", "title": "What may be lost", "settings": {"value": f"=[{each}]"}},
        {
            "id": "any_gap", "kind": "condition", "title": "Is anything lost?",
            "settings": {"if": "=$count(steps.gaps) > 0"},
        },
        {
            "id": "tell_gaps", "kind": "notify", "title": "Tell of the gap",
            "settings": {
                "topic": "=\"evidence-gap/\" & run.id",
                "kind": "evidence",
                "subject": "There is a gap in the evidence of Exstream",
                "text": "=\"Exstream may have wiped what ran before it was collected:\\n\\n\" & " + lines +
                " & \"\\n\\nRun the collection more often, or have Exstream keep what ran for longer.\"",
                "mail": parameters["mail"],
                "to": parameters["tell"],
                "must_reach": True,
                "fallback": parameters["tell"],
                "web": parameters.get("web", []),
            },
        },
    ]  # fmt: skip
