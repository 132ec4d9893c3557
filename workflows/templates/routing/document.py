"""The workflow: for each request, look its owner up, decide, submit, tell of the default lane, follow the job."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

from workflows.templates.routing.parameters import TARGET

_REQUESTS = "=($b := trigger.body ?? trigger; $append([], $exists($b.requests) ? $b.requests : $b))"
_OWNED = '=$exists(item.owner) and item.owner != null and item.owner != ""'
_OWNER = (
    "=($asked := item.owner; "
    "$filter(steps.found.users ?? [], function($p) {$asked in [$p.id, $p.name, $p.mail]})[0] ?? {})"
)
_RESULT = (
    '={"lane": steps.lane, "rows": steps.decide.rows, "give": steps.decide.give, "record": steps.decide.record, '
    '"job": steps.submit.job, "status": steps.follow.status}'
)


def document(parameters: dict[str, Any]) -> dict[str, Any]:
    """Steps and edges for parameters that were checked and stand for themselves."""
    return {
        "keys": {
            "person": "=steps.requests.owner",
            "job": "=steps.route.items.job",
            "domain": "=steps.route.items.give.domain",
        },
        "triggers": [
            {"id": "by_hand", "kind": "manual"},
            {"id": "on_call", "kind": "webhook", "settings": {"check": {"kind": "token"}}},
        ],
        "steps": [
            {"id": "requests", "kind": "transform", "title": "The requests", "settings": {"value": _REQUESTS}},
            {
                "id": "route", "kind": "each", "title": "Route each request",
                "settings": {
                    "items": "=steps.requests", "concurrency": parameters.get("side_by_side", 5),
                    "on_error": "collect", "result": _RESULT,
                },
                "body": {"steps": list(_body(parameters)), "edges": _edges(parameters)},
            },
            {
                "id": "all_routed", "kind": "condition", "title": "All of them arrived?",
                "settings": {"if": "=$count(steps.route.errors) = 0"},
            },
            {
                "id": "told", "kind": "stop", "title": "Not all of them arrived",
                "settings": {
                    "message": "{{ $count(steps.route.errors) }} of {{ $count(steps.requests) }} requests were not "
                    "routed to the end: {{ $string(steps.route.errors) }}."
                },
            },
        ],
        "edges": [
            {"from": "requests", "to": "route"},
            {"from": "route", "to": "all_routed"},
            {"from": "all_routed", "port": "no", "to": "told"},
        ],
    }  # fmt: skip


def _body(given: dict[str, Any]) -> list[dict[str, Any]]:
    lane = given["default_lane"]
    table = given["table"] | {"default": lane["give"]}
    named = f'=steps.decide.is_default ? {json.dumps(lane["name"])} : "row " & steps.decide.rows[0]'
    record = {column["name"]: _value(column["name"]) for column in table["columns"]}
    submit = {
        "domain": "=steps.decide.give.domain",
        "service": "=steps.decide.give.service",
        "data": "=item.data",
        "content_type": '=item.content_type ?? "application/xml"',
        "variables": f"=$sift(steps.decide.give, function($v, $k) {{$not($k in {json.dumps(TARGET)})}}) ?? {{}}",
    }
    steps = [
        {"id": "owned", "kind": "condition", "title": "Has it an owner?", "settings": {"if": _OWNED}},
        {
            "id": "found", "kind": "action", "action": "otds.find_users", "connection": given["directory"],
            "title": "Look the owner up",
            "input": {"partition": given.get("partition", ""), "filter": "=item.owner", "limit": 1000},
        },
        {"id": "owner", "kind": "transform", "title": "The owner", "settings": {"value": _OWNER}},
        {"id": "decide", "kind": "rules", "title": "Decide", "settings": {"table": table, "record": record}},
        {
            "id": "lane", "kind": "transform", "title": "Name the lane",
            "settings": {"value": named},
        },
        {
            "id": "submit", "kind": "action", "action": "exstream.submit_batch", "connection": given["exstream"],
            "title": "Submit to Exstream", "input": submit,
        },
        {
            "id": "follow", "kind": "action", "action": "exstream.await_job", "connection": given["exstream"],
            "title": "Follow the job", "input": {"domain": "=steps.decide.give.domain", "job": "=steps.submit.job"},
            "retry": {"attempts": 50, "first_seconds": 2, "factor": 1.3, "longest_seconds": 600},
        },
        {
            "id": "complete", "kind": "condition", "title": "Complete?",
            "settings": {"if": '=steps.follow.status = "complete"'},
        },
        {
            "id": "ended_badly", "kind": "stop", "title": "The job did not end well",
            "settings": {"message": "The job {{ steps.submit.job }} ended as {{ steps.follow.status }}."},
        },
    ]  # fmt: skip
    return steps + (_alert(given) if given.get("mail") else [])


def _alert(given: dict[str, Any]) -> list[dict[str, Any]]:
    subject = f"A request went to {given['default_lane']['name']}"
    text = (
        '="No row of the rule table knows " & $string(steps.decide.record) & ". The job is " & steps.submit.job & "."'
    )
    return [
        {
            "id": "by_default", "kind": "condition", "title": "By default?",
            "settings": {"if": "=steps.decide.is_default"},
        },
        {
            "id": "alert", "kind": "action", "action": "email.send", "connection": given["mail"],
            "title": "Tell of the default lane",
            "input": {"to": given["alert_to"], "subject": subject, "text": text},
        },
    ]  # fmt: skip


def _edges(given: dict[str, Any]) -> list[dict[str, Any]]:
    way = ["found", "owner", "decide", "lane", "submit"]
    made = [{"from": "owned", "port": "yes", "to": "found"}, {"from": "owned", "port": "no", "to": "owner"}]
    made += [{"from": one, "to": other} for one, other in pairwise(way)]
    if given.get("mail"):
        made += [
            {"from": "submit", "to": "by_default"},
            {"from": "by_default", "port": "yes", "to": "alert"},
            {"from": "by_default", "port": "no", "to": "follow"},
            {"from": "alert", "to": "follow"},
        ]
    else:
        made.append({"from": "submit", "to": "follow"})
    return [*made, {"from": "follow", "to": "complete"}, {"from": "complete", "port": "no", "to": "ended_badly"}]


def _value(column: str) -> str:
    """What the directory or the request says; nothing when it says nothing."""
    source, _, field = column.partition(".")
    held = "steps.owner" if source == "owner" else "item"
    return f"=$lookup({held}, {json.dumps(field)}) ?? null"
