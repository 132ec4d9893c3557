"""The acts of delegates: what each is given, and the action of Exstream that carries it out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from jsonschema import Draft202012Validator

from hub.api.errors import FieldProblem
from workflows.graph.problem import complaint

_TEXT: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": 400}
_FLAG: dict[str, Any] = {"type": "boolean"}


@dataclass(frozen=True)
class Act:
    """`object` is the action's field that names what is acted on; `values` are further fields of the action."""

    name: str
    title: str
    action: str
    object: str = "resource"
    target: bool = False
    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    needed: tuple[str, ...] = ()

    def input(self) -> dict[str, Any]:
        """The action's input, out of the run's payload."""
        made: dict[str, Any] = {"domain": "=trigger.domain"}
        if self.object:
            made[self.object] = "=trigger.object"
        if self.target:
            made["target"] = "=trigger.target"
        for name in self.values:
            made[name] = f"=trigger.values.{name}"
        return made

    def schema(self) -> dict[str, Any]:
        """Of what a delegate gives."""
        values = {"type": "object", "additionalProperties": False, "properties": self.values,
                  "required": list(self.needed)}  # fmt: skip
        properties: dict[str, Any] = {
            "act": {"const": self.name},
            "domain": _TEXT,
            "reason": {"type": "string", "maxLength": 1000},
            "across": _FLAG,
            "also": {"type": "array", "maxItems": 20, "items": _TEXT},
            "values": values,
        }
        properties |= {"object": _TEXT} if self.object else {}
        properties |= {"target": _TEXT} if self.target else {}
        required = ["act", "domain"] + [name for name in ("object", "target") if name in properties]
        needs_values = ["values"] if self.needed else []
        return {"type": "object", "additionalProperties": False, "properties": properties,
                "required": required + needs_values}  # fmt: skip


_CHANGES = {
    "type": "object",
    "minProperties": 1,
    "additionalProperties": False,
    "properties": {
        "name": _TEXT,
        "description": {"type": "string", "maxLength": 2000},
        "categories": {"type": "array"},
        "metadata": {"type": "object"},
    },
}
_KINDS = ("markDeleted", "wipe", "startJob", "updateExpirationTime", "wipeSortingAssets", "expireSortingAssets",
          "sortingAndBundling")  # fmt: skip
ACTS = {
    each.name: each
    for each in (
        Act("edit", "Change the metadata", "update_metadata", values={"changes": _CHANGES}, needed=("changes",)),
        Act("lock", "Lock", "lock_resource"),
        Act("unlock", "Unlock", "unlock_resource", values={"force": _FLAG}),
        Act("promote", "Associate with another domain", "promote_resource", target=True),
        Act("publish", "Publish the flow model", "publish_flow_model", "model"),
        Act("unpublish", "Unpublish the flow model", "unpublish_flow_model", "model"),
        Act("stop", "Stop the job", "stop_job", "job"),
        Act("release", "Release the flow instance", "release_instance", "instance"),
        Act(
            "reprocess", "Run the job again", "reprocess_job", "job",
            values={"current_model": _FLAG, "current_context": _FLAG},
        ),
        Act(
            "schedule", "Schedule a job", "create_cron_job", "",
            values={"name": _TEXT, "type": {"enum": list(_KINDS)}, "schedule": _TEXT, "details": {"type": "object"}},
            needed=("name", "type", "schedule"),
        ),
        Act("trigger", "Start the scheduled job now", "trigger_cron_job", "cron_job"),
    )
}  # fmt: skip


def problems(given: Any) -> list[FieldProblem]:
    """What is wrong with the shape of an act."""
    name = given.get("act") if isinstance(given, dict) else None
    if name not in ACTS:
        detail = f"Name one of the acts: {', '.join(ACTS)}."
        return [{"pointer": "/act", "code": "act", "detail": detail}]
    return [
        {"pointer": "/" + "/".join(map(str, error.absolute_path)), "code": str(error.validator),
         "detail": f"The value {complaint(error)}."}
        for error in Draft202012Validator(ACTS[name].schema()).iter_errors(given)
    ]  # fmt: skip


def payload(given: dict[str, Any], *, by: str, beyond: list[str]) -> dict[str, Any]:
    """What the run is started with; `beyond` are the domains that people are asked about first."""
    values: dict[str, Any] = {"force": False, "current_model": False, "current_context": False, "details": {}}
    known = ACTS[given["act"]].values
    return {
        "act": given["act"],
        "domain": given["domain"],
        "object": given.get("object", ""),
        "target": given.get("target", ""),
        "reason": given.get("reason", ""),
        "values": {name: each for name, each in values.items() if name in known} | given.get("values", {}),
        "by": by,
        "across": bool(given.get("across")),
        "beyond": beyond,
    }
