"""The workflow: find which jobs ended, and for each tell the people of the lists that fit it."""

from __future__ import annotations

import json
from typing import Any

from workflows.templates.distribution_lists import telling

SIDE_BY_SIDE = 10


def document(parameters: dict[str, Any]) -> dict[str, Any]:
    """Steps and edges for parameters that were checked and stand for themselves."""
    domains = json.dumps(parameters["domains"], ensure_ascii=False)
    tell = {"items": "=steps.ended", "concurrency": SIDE_BY_SIDE, "on_error": "collect"}
    steps: list[dict[str, Any]] = [
        {
            "id": "look", "kind": "each", "title": "Look for jobs that ended since yesterday, unless events say",
            "settings": {
                "items": f"=$exists(trigger.happenings) ? [] : {domains}",
                "result": '=[$map(steps.listed.jobs, function($j) { $merge([$j, {"domain": item}]) })]',
            },
            "body": _looking(parameters),
        },
        {
            "id": "ended", "kind": "transform", "title": "The jobs that ended",
            "settings": {
                "value": "=$exists(trigger.happenings) ? [trigger.happenings.data]"
                " : $reduce(steps.look.items, $append, [])"
            },
        },
        {
            "id": "tell", "kind": "each", "title": "Tell the lists of each", "settings": tell,
            "body": telling.body(parameters),
        },
        _condition("all_told", "Was it told of all of them?", "=$count(steps.tell.errors) = 0"),
        {
            "id": "not_told", "kind": "stop", "title": "Not all of them were told of",
            "settings": {
                "message": "{{ $count(steps.tell.errors) }} of {{ $count(steps.ended) }} ended jobs were not told of "
                "as the lists say: {{ $string(steps.tell.errors) }}."
            },
        },
    ]  # fmt: skip
    edges = [
        {"from": "look", "to": "ended"},
        {"from": "ended", "to": "tell"},
        {"from": "tell", "to": "all_told"},
        {"from": "all_told", "port": "no", "to": "not_told"},
    ]
    if parameters.get("many_jobs"):
        many = f"=$count(steps.ended) >= {int(parameters['many_jobs'])}"
        steps += [_condition("many", "Are they many?", many), _of_volume(parameters)]
        edges += [{"from": "ended", "to": "many"}, {"from": "many", "port": "yes", "to": "volume"}]
    return {"steps": steps, "edges": edges}


def _looking(parameters: dict[str, Any]) -> dict[str, Any]:
    since = '=$fromMillis($toMillis($now()) - 86400000, "[Y0001]-[M01]-[D01]")'
    asked = {"domain": "=item", "statuses": ["complete", "error", "canceled"], "ended_since": since}
    return {
        "steps": [
            {
                "id": "listed", "kind": "action", "title": "List them", "action": "exstream.list_jobs",
                "connection": parameters["exstream"], "input": asked,
            },
            _condition("whole", "Is the list whole?", "=steps.listed.complete"),
            {
                "id": "partial", "kind": "stop",
                "settings": {"message": "The list of jobs in {{ item }} did not come whole. Run this again."},
            },
        ],
        "edges": [{"from": "listed", "to": "whole"}, {"from": "whole", "port": "no", "to": "partial"}],
    }  # fmt: skip


def _of_volume(parameters: dict[str, Any]) -> dict[str, Any]:
    topic = f"volume/{parameters['exstream']}/"
    return {
        "id": "volume", "kind": "notify", "title": "Tell of high volume",
        "settings": {
            "topic": f"={json.dumps(topic)} & run.id",
            "kind": "high-volume",
            "subject": "{{ $count(steps.ended) }} jobs ended at once",
            "text": "{{ $count(steps.ended) }} jobs were found to have ended at one time, "
            f"{int(parameters['many_jobs'])} or more count as many.",
            "mail": parameters["mail"],
            "members": [telling.members(parameters["directory"], group) for group in parameters["many_jobs_to"]],
        },
    }  # fmt: skip


def _condition(step: str, title: str, judgement: str) -> dict[str, Any]:
    return {"id": step, "kind": "condition", "title": title, "settings": {"if": judgement}}
