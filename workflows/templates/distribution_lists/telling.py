"""What is done about one job that ended: `item` is the job, with its domain."""

from __future__ import annotations

import json
from typing import Any

# In these, LISTS and LINK stand for what the installation says.
_FITS = """=(
    $job := item;
    $matches := function($l) {
        $count($filter($keys($l.match ?? {}), function($k) {
            $not($string($lookup($job, $k) ?? "") in $lookup($l.match, $k))
        })) = 0
    };
    [$filter(LISTS, function($l) {
        $job.status in ($l.on ?? ["complete", "error", "canceled"])
        and ($count($l.domains ?? []) = 0 or $job.domain in $l.domains)
        and $matches($l)
    })]
)"""
_SUBJECT = """=(
    $said := {"complete": "completed", "error": "FAILED", "canceled": "was canceled", "late": "is late"};
    "Job " & item.id & " in " & item.domain & " " & ($lookup($said, item.status) ?? item.status)
)"""
_TEXT = """=(
    $of := steps.figures.instances ?? [];
    $line := function($label, $value) { $value ? $label & ": " & $string($value) & "\\n" : "" };
    $counted := [$map($distinct($of.status ?? []), function($s) { $count($of[status = $s]) & " " & $s })];
    $said := [item.problems ?? [], item.msg ?? [], $of.msg ?? []];
    steps.subject & ".\\n\\n"
    & $line("Job", item.id)
    & $line("Domain", item.domain)
    & $line("Channel", item.channel ?? "")
    & $line("Submitted by", item.triggeredBy ?? item.triggered_by ?? "")
    & $line("External id", item.externalId ?? item.external_id ?? "")
    & $line("Started", item.startDate ?? "")
    & $line("Ended", item.endDate ?? "")
    & $line("Flow instances", $join($counted, ", "))
    & $join($map($distinct($said[$type($) = "string"]), function($p) { "Problem: " & $p & "\\n" }), "")
    & LINK
)"""


def body(parameters: dict[str, Any]) -> dict[str, Any]:
    """Steps and edges of the for-each."""
    lists = json.dumps(parameters["lists"], ensure_ascii=False)
    return {
        "steps": [
            {"id": "lists", "kind": "transform", "title": "Which lists fit it?",
             "settings": {"value": _FITS.replace("LISTS", lists)}},
            {"id": "anybody", "kind": "condition", "title": "Is anybody to be told?",
             "settings": {"if": '=item.status = "error" or $count(steps.lists) > 0'}},
            {"id": "figures", "kind": "action", "title": "Its figures", "action": "exstream.list_flow_instances",
             "connection": parameters["exstream"], "input": {"domain": "=item.domain", "job": "=item.id"},
             "retry": {"attempts": 2, "first_seconds": 2}},
            # A job is told of also when its figures cannot be read.
            {"id": "go_on", "kind": "merge", "settings": {"join": "any"}},
            {"id": "subject", "kind": "transform", "settings": {"value": _SUBJECT}},
            {"id": "text", "kind": "transform", "title": "What is said",
             "settings": {"value": _TEXT.replace("LINK", _link(parameters))}},
            {"id": "told", "kind": "notify", "title": "Tell the people", "settings": _notice(parameters)},
            {"id": "failed", "kind": "condition", "title": "Is it a failed job?",
             "settings": {"if": '=item.status = "error"'}},
            {"id": "fallback", "kind": "notify", "title": "Tell the fallback", "settings": _last_resort(parameters)},
            {"id": "unreached", "kind": "stop",
             "settings": {"message": "The people of the lists could not be told of the job {{ item.id }}."}},
            {"id": "untold", "kind": "merge", "settings": {"join": "any"}},
        ],
        "edges": [
            {"from": "lists", "to": "anybody"},
            {"from": "anybody", "port": "yes", "to": "figures"},
            {"from": "figures", "to": "go_on"},
            {"from": "figures", "port": "error", "to": "go_on"},
            {"from": "go_on", "to": "subject"},
            {"from": "subject", "to": "text"},
            {"from": "text", "to": "told"},
            {"from": "told", "port": "error", "to": "failed"},
            {"from": "failed", "port": "yes", "to": "fallback"},
            {"from": "fallback", "to": "untold"},
            {"from": "failed", "port": "no", "to": "untold"},
            {"from": "untold", "to": "unreached"},
        ],
    }  # fmt: skip


def members(directory: str, group: str) -> dict[str, Any]:
    """Who is in a group, with those of nested groups."""
    return {
        "action": "otds.list_group_members",
        "connection": directory,
        "input": {"group": group, "nested": True},
        "people": "people",
    }


def _notice(parameters: dict[str, Any]) -> dict[str, Any]:
    source = members(parameters["directory"], "GROUP")
    asked = json.dumps(source, ensure_ascii=False).replace('"GROUP"', "$g")
    made: dict[str, Any] = {
        **_said(parameters),
        "to": "=[$distinct(steps.lists.to)]",
        "members": f"=[$map($distinct(steps.lists.groups), function($g) {{ {asked} }})]",
        "must_reach": '=item.status = "error"',
        "fallback": parameters["fallback"],
    }
    for name in ("digest", "quiet", "web", "chat"):
        if parameters.get(name):
            made[name] = parameters[name]
    return made


def _last_resort(parameters: dict[str, Any]) -> dict[str, Any]:
    """When the directory does not answer, or the connection is not as it should be."""
    made = _said(parameters) | {"to": parameters["fallback"], "must_reach": True}
    made["text"] = '=steps.text & "\\nThe people of its lists could not be found; you are told in their place.\\n"'
    return made


def _said(parameters: dict[str, Any]) -> dict[str, Any]:
    topic = json.dumps(f"job/{parameters['exstream']}/", ensure_ascii=False)
    return {
        "topic": f'={topic} & item.domain & "/" & item.id & "/" & item.endDate',
        "kind": '=$lookup({"error": "failed-jobs", "late": "late-jobs"}, item.status) ?? "ended-jobs"',
        "subject": "=steps.subject",
        "text": "=steps.text",
        "mail": parameters["mail"],
    }


def _link(parameters: dict[str, Any]) -> str:
    """An expression for the address of the job, as the installation gives it."""
    page = parameters.get("job_page", "")
    if not page:
        return '""'
    filled = json.dumps(page, ensure_ascii=False)
    replaced = f'$replace($replace({filled}, "{{domain}}", item.domain), "{{job}}", item.id)'
    return f'"\\n" & {replaced} & "\\n"'
