"""The workflow: what stays within the reach is done at once; for the rest two stages of people are asked first.

Whether it stays within is not decided here: the hub looks before each call (`workflows/engine/border.py`).
"""

from __future__ import annotations

import json
from typing import Any

from workflows.planning.reach import ACROSS
from workflows.templates.delegated_administration.acts import ACTS, Act


def document(parameters: dict[str, Any]) -> dict[str, Any]:
    """Steps and edges for parameters that were checked and stand for themselves."""
    cases = [{"name": name, "if": f"=trigger.act = {json.dumps(name)}"} for name in ACTS]
    steps: list[dict[str, Any]] = [
        {
            "id": "beyond", "kind": "condition", "title": "Is it beyond the border?",
            "settings": {"if": "=trigger.across"},
        },
        {"id": "ask", "kind": "approve", "title": "Ask both sides", "settings": _question(parameters)},
        {
            "id": "refused", "kind": "stop", "title": "It was not approved",
            "settings": {"message": "What was asked for across the border was not approved. Nothing was done."},
        },
        {"id": "go", "kind": "merge", "settings": {"join": "any"}},
        {"id": "which", "kind": "switch", "title": "Which act?", "settings": {"cases": cases}},
        {
            "id": "unknown", "kind": "stop", "title": "No such act",
            "settings": {"message": "There is no such act. Nothing was done."},
        },
        *(_step(each, parameters) for each in ACTS.values()),
    ]  # fmt: skip
    edges = [
        {"from": "beyond", "port": "no", "to": "go"},
        {"from": "beyond", "port": "yes", "to": "ask"},
        {"from": "ask", "port": "approved", "to": "go"},
        {"from": "ask", "port": "rejected", "to": "refused"},
        {"from": "ask", "port": "expired", "to": "refused"},
        {"from": "go", "to": "which"},
        {"from": "which", "port": "else", "to": "unknown"},
        *({"from": "which", "port": name, "to": name} for name in ACTS),
    ]
    return {"triggers": [], "keys": _keys(), "steps": steps, "edges": edges}


def _keys() -> dict[str, str]:
    """What an act is about: who asked, where, and the resource or the job."""
    of = {"template": ("resource", "model"), "job": ("job",)}
    named = {key: [act.name for act in ACTS.values() if act.object in objects] for key, objects in of.items()}
    return {
        "person": "=trigger.by",
        "domain": "=[trigger.domain, trigger.target]",
        **{key: f"=trigger.act in {json.dumps(acts)} ? trigger.object" for key, acts in named.items()},
    }


def _step(act: Act, parameters: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": act.name,
        "kind": "action",
        "title": act.title,
        "action": f"exstream.{act.action}",
        "connection": parameters["exstream"],
        "input": act.input(),
    }


def _question(parameters: dict[str, Any]) -> dict[str, Any]:
    shown = {
        "Act": "=trigger.act",
        "Domain": "=trigger.domain",
        "Object": "=trigger.object",
        "Target": "=trigger.target",
        "Values": "=trigger.values",
        "Reason": "=trigger.reason",
        "Asked by": "=trigger.by",
        ACROSS: "=trigger.beyond",
    }
    made: dict[str, Any] = {
        "title": '=$substring("Across the border: " & trigger.act & " " & trigger.object, 0, 200)',
        "show": [{"label": label, "value": value} for label, value in shown.items()],
        "requester": "=trigger.by",
        "stages": [
            {"name": each["name"], "need": each.get("need", 1), "approvers": _approvers(parameters, each)}
            for each in parameters["stages"]
        ],
        "allow_same_person": False,
    }
    if parameters.get("deadline"):
        made["deadline"] = parameters["deadline"]
    if parameters.get("mail"):
        made["mail"] = {"connection": parameters["mail"]}
    return made


def _approvers(parameters: dict[str, Any], stage: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"people": stage["people"]} if stage.get("people") else {}
    if stage.get("group"):
        made["from"] = {
            "action": "otds.list_group_members",
            "connection": parameters["directory"],
            "input": {"group": stage["group"], "nested": True},
            "usernames": "users",
        }
    return made
