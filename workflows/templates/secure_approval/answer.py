"""What is done about one resource: `item` is {"domain", "id"}."""

from __future__ import annotations

from typing import Any

_SUBMITTED = """=(
    $all := steps.history.entries^(modifiedDate, revision);
    $filter($all, function($v, $i) { $v.state = "REVIEW" and ($i = 0 or $all[$i - 1].state != "REVIEW") })[-1]
)"""
_SAME = (
    '=steps.again.state = "REVIEW" and steps.again.version = steps.now.version'
    " and steps.again.lastModifiedDate = steps.now.lastModifiedDate"
)
_NOTE = """="Lockgate approval " & steps.ask.id & ": " & $join($map(steps.ask.decisions, function($d) {
    ($d.approve ? "approved by " : "rejected by ") & $d.by
    & ($d.in_place_of ? " in place of " & $d.in_place_of : "")
    & " (" & $d.stage & ", " & $d.at & ")"
    & ($d.comment ? ": " & $substring($d.comment, 0, 300) : "")
}), "; ")"""
_CONFIRMED = """=(
    $said := steps.note; $version := steps.now.version;
    $state := steps.ask.state = "approved" ? "APPROVED" : "REJECTED";
    $count(steps.confirm.entries[auditedComment = $said and version = $version and state = $state]) > 0
)"""
_SHORT = {"user": '$substringBefore({}, "@")', "user@partition": "{}"}


def body(parameters: dict[str, Any]) -> dict[str, Any]:
    """Steps and edges of the for-each."""
    return {
        "steps": [
            _exstream(parameters, "now", "get_resource", "Read the resource"),
            _condition("in_review", "Does it wait for approval?", '=steps.now.state = "REVIEW"'),
            _exstream(parameters, "history", "get_history", "Who submitted it?", kind="STATE"),
            {"id": "submitted", "kind": "transform", "settings": {"value": _SUBMITTED}},
            {"id": "ask", "kind": "approve", "title": "Ask people", "settings": _question(parameters)},
            _condition("late", "Did the deadline pass?", '=steps.ask.state = "expired"'),
            _stop("undecided", "Nobody decided about {{ steps.now.name }} in time. It still waits in Exstream."),
            _exstream(parameters, "again", "get_resource", "Read it again"),
            _condition("same", "Is it still what people saw?", _SAME),
            _stop(
                "changed",
                "{{ steps.now.name }} changed after it was shown: the decision does not hold for it, and nothing was "
                "written. Submit it again.",
            ),
            {"id": "note", "kind": "transform", "title": "Who said what", "settings": {"value": _NOTE}},
            _exstream(
                parameters, "write", "change_state", "Write it back",
                state='=steps.ask.state = "approved" ? "APPROVED" : "REJECTED"', comment="=steps.note",
            ),
            _exstream(parameters, "confirm", "get_history", "Read the history", kind="STATE"),
            _condition("confirmed", "Does it say so?", _CONFIRMED),
            _stop(
                "unconfirmed",
                "The history of {{ steps.now.name }} does not show the decision. In a domain with an approval chain "
                "more levels may be due; otherwise look at the resource in Exstream.",
            ),
        ],
        "edges": [
            {"from": "now", "to": "in_review"},
            {"from": "in_review", "port": "yes", "to": "history"},
            {"from": "history", "to": "submitted"},
            {"from": "submitted", "to": "ask"},
            {"from": "ask", "port": "expired", "to": "late"},
            {"from": "late", "port": "yes", "to": "undecided"},
            {"from": "ask", "port": "approved", "to": "again"},
            {"from": "ask", "port": "rejected", "to": "again"},
            {"from": "again", "to": "same"},
            {"from": "same", "port": "no", "to": "changed"},
            {"from": "same", "port": "yes", "to": "note"},
            {"from": "note", "to": "write"},
            {"from": "write", "to": "confirm"},
            {"from": "confirm", "to": "confirmed"},
            {"from": "confirmed", "port": "no", "to": "unconfirmed"},
        ],
    }  # fmt: skip


def _question(parameters: dict[str, Any]) -> dict[str, Any]:
    name = _SHORT[parameters.get("user_names", "user@partition")].format
    shown = {
        "Resource": "=steps.now.name",
        "Type": "=steps.now.type",
        "Domain": "=item.domain",
        "Version": "=steps.now.version",
        "Last changed": "=steps.now.lastModifiedDate",
        "Last changed by": "=steps.now.last_modified_by",
        "Submitted by": "=steps.submitted.modifiedBy",
        "Submitted": "=steps.submitted.modifiedDate",
        "Comment": "=steps.submitted.auditedComment",
        "Identifier": "=item.id",
    }
    made: dict[str, Any] = {
        "title": '=$substring("Approve " & steps.now.name & " in " & item.domain, 0, 200)',
        "subject": '=item.domain & "/" & item.id',
        "once": True,
        "show": [{"label": label, "value": value} for label, value in shown.items()],
        "requester": f"={name('steps.submitted.modifiedBy')}",
        "stages": [
            {"name": stage["name"], "need": stage.get("need", 1), "approvers": _members(parameters, stage["group"])}
            for stage in parameters["stages"]
        ],
        "parallel": parameters.get("parallel", False),
        "allow_same_person": parameters.get("allow_same_person", False),
    }
    if parameters.get("deadline"):
        made["deadline"] = parameters["deadline"]
    if parameters.get("mail"):
        made["mail"] = {
            "connection": parameters["mail"],
            "every_hours": parameters.get("remind_every_hours", 24),
            "at_most": parameters.get("remind_at_most", 3),
        }
    if parameters.get("escalate_after_hours"):
        beside = _members(parameters, parameters["escalate_to"])
        made["escalation"] = {"after_hours": parameters["escalate_after_hours"], "approvers": beside}
    return made


def _members(parameters: dict[str, Any], group: str) -> dict[str, Any]:
    short = parameters.get("user_names") == "user"
    names = '$map(users, function($u) { $substringBefore($u, "@") })' if short else "users"
    return {
        "from": {
            "action": "otds.list_group_members",
            "connection": parameters["directory"],
            "input": {"group": group, "nested": True},
            "usernames": names,
        }
    }


def _exstream(parameters: dict[str, Any], step: str, action: str, title: str, **more: Any) -> dict[str, Any]:
    return {
        "id": step,
        "kind": "action",
        "title": title,
        "action": f"exstream.{action}",
        "connection": parameters["exstream"],
        "input": {"domain": "=item.domain", "resource": "=item.id", **more},
    }


def _condition(step: str, title: str, judgement: str) -> dict[str, Any]:
    return {"id": step, "kind": "condition", "title": title, "settings": {"if": judgement}}


def _stop(step: str, message: str) -> dict[str, Any]:
    return {"id": step, "kind": "stop", "settings": {"message": message}}
