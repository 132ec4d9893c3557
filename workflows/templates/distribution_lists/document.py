"""The workflow: find which jobs ended, and for each tell the people of the lists that fit it."""

from __future__ import annotations

import json
from typing import Any

from workflows.templates.distribution_lists import telling

SIDE_BY_SIDE = 10


def document(parameters: dict[str, Any]) -> dict[str, Any]:
    """Steps and edges for parameters that were checked and stand for themselves."""
    domains = json.dumps(parameters["domains"], ensure_ascii=False)
    late = parameters.get("late_after_minutes")
    told = "$append(steps.ended, $reduce(steps.late.items, $append, []))" if late else "steps.ended"
    tell = {"items": f"={told}", "concurrency": SIDE_BY_SIDE, "on_error": "collect"}
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
        *([_looking_for_late(parameters, domains)] if late else []),
        {
            "id": "tell", "kind": "each", "title": "Tell the lists of each", "settings": tell,
            "body": telling.body(parameters),
        },
        _condition("all_told", "Was it told of all of them?", "=$count(steps.tell.errors) = 0"),
        {
            "id": "not_told", "kind": "stop", "title": "Not all of them were told of",
            "settings": {
                "message": f"{{{{ $count(steps.tell.errors) }}}} of {{{{ $count({told}) }}}} jobs were not told of "
                "as the lists say: {{ $string(steps.tell.errors) }}."
            },
        },
    ]  # fmt: skip
    edges = [
        {"from": "look", "to": "ended"},
        *([{"from": "ended", "to": "late"}] if late else []),
        {"from": "late" if late else "ended", "to": "tell"},
        {"from": "tell", "to": "all_told"},
        {"from": "all_told", "port": "no", "to": "not_told"},
    ]
    if parameters.get("many_jobs"):
        many = f"=$count(steps.ended) >= {int(parameters['many_jobs'])}"
        steps += [_condition("many", "Are they many?", many), _of_volume(parameters)]
        edges += [{"from": "ended", "to": "many"}, {"from": "many", "port": "yes", "to": "volume"}]
    keys = {"job": f"={told}.id", "domain": f"={told}.domain"}
    return {"keys": keys, "steps": steps, "edges": edges}


def _looking_for_late(parameters: dict[str, Any], domains: str) -> dict[str, Any]:
    """Jobs that began so long ago and have not ended. Events tell of ends only, so these are looked for by the clock
    and by hand."""
    minutes = float(parameters["late_after_minutes"])
    result = (
        "=[$map($filter(steps.unended.jobs, function($j) {"
        " $exists($j.startDate) and $toMillis($j.startDate) < BEFORE }), "
        'function($j) { $merge([$j, {"domain": item, "status": "late", "endDate": ""}]) })]'
    )
    return {
        "id": "late", "kind": "each", "title": "Look for jobs that are late, unless events say",
        "settings": {
            "items": f"=$exists(trigger.happenings) ? [] : {domains}",
            "result": result.replace("BEFORE", f"$millis() - {minutes * 60_000:.0f}"),
        },
        "body": _listing(parameters, "unended", {"statuses": ["started", "waiting", "holding"]}),
    }  # fmt: skip


def _looking(parameters: dict[str, Any]) -> dict[str, Any]:
    since = '=$fromMillis($toMillis($now()) - 86400000, "[Y0001]-[M01]-[D01]")'
    return _listing(parameters, "listed", {"statuses": ["complete", "error", "canceled"], "ended_since": since})


def _listing(parameters: dict[str, Any], step: str, asked: dict[str, Any]) -> dict[str, Any]:
    """The body of a for-each over domains."""
    whole, partial = f"{step}_whole", f"{step}_partial"
    return {
        "steps": [
            {
                "id": step, "kind": "action", "title": "List them", "action": "exstream.list_jobs",
                "connection": parameters["exstream"], "input": {"domain": "=item", **asked},
            },
            _condition(whole, "Is the list whole?", f"=steps.{step}.complete"),
            {
                "id": partial, "kind": "stop",
                "settings": {"message": "The list of jobs in {{ item }} did not come whole. Run this again."},
            },
        ],
        "edges": [{"from": step, "to": whole}, {"from": whole, "port": "no", "to": partial}],
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
