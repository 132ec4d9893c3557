"""The template *Joiner, mover, leaver provisioning*: from the directory's people to access in Exstream.

Everything is worked out anew from what the directory says now; no timer decides about a person. What leaving means:
out of the access groups, the named seat freed, locks released.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction
from jsonschema import Draft202012Validator

from hub.accounts.access import Actor, allow, fetch, visible
from hub.api.errors import FieldProblem, Invalid
from hub.audit import record
from hub.connections import open_connection
from hub.connections.models import Connection
from hub.registry import catalog
from hub.sdk import Proof
from workflows.models import Installation, Plan, PlanState
from workflows.reconcile.differences import Wanted
from workflows.reconcile.guards import Limits, Source
from workflows.reconcile.planner import Target, make_plan
from workflows.reconcile.rules import Row, Terms, rules_of, standing, value_of

NAME = "joiner-mover-leaver"
LEFT = {"reason": "The person has left, or is no longer in the directory."}
_NUMBER = {"type": ["number", "null"], "minimum": 0}
_WORDS = {"type": "array", "items": {"type": "string", "minLength": 1}}
PARAMETERS: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Joiner, mover, leaver provisioning",
    "type": "object",
    "additionalProperties": False,
    "required": ["directory", "partition", "group_prefix", "rules"],
    "properties": {
        "directory": {"type": "string", "title": "Connection to Directory Services"},
        "exstream": {"type": "string", "title": "Connection to Exstream", "default": ""},
        "partition": {"type": "string", "minLength": 1, "title": "Partition of people and access groups"},
        "group_prefix": {
            "type": "string", "minLength": 1, "title": "Access groups begin with",
            "description": "Memberships of these groups are managed: whoever no rule puts there is taken out.",
        },
        "attributes": {"type": "object", "additionalProperties": {"type": "string"}, "default": {},
                       "title": "Further attributes, by a name of yours"},
        "rules": {
            "type": "array", "minItems": 1, "title": "Who gets which groups",
            "items": {
                "type": "object", "additionalProperties": False, "required": ["when", "groups"],
                "properties": {
                    "when": {"type": "object", "minProperties": 1,
                             "additionalProperties": {"anyOf": [{"type": "string"}, _WORDS]}},
                    "groups": _WORDS | {"minItems": 1},
                },
            },
        },
        "assignments": {
            "type": "array", "default": [], "title": "Exstream roles that groups should have",
            "items": {
                "type": "object", "additionalProperties": False, "required": ["domain", "group", "role"],
                "properties": {name: {"type": "string", "minLength": 1} for name in ("domain", "group", "role")},
            },
        },
        "start_field": {"type": "string", "default": "", "title": "Field with the first day"},
        "end_field": {"type": "string", "default": "", "title": "Field with the last day"},
        "grace_days": {"type": "integer", "minimum": 0, "maximum": 365, "default": 0},
        "seats": {
            "type": "object", "additionalProperties": False, "required": ["resource", "counter"],
            "title": "Named seats that leavers give back",
            "properties": {"resource": {"type": "string"}, "counter": {"type": "string"}},
        },
        "release_locks": {"type": "boolean", "default": True, "title": "Release the locks of leavers"},
        "needs_approval": {"type": "boolean", "default": True},
        "most_removals": _NUMBER | {"default": 50},
        "most_removals_percent": _NUMBER | {"default": 20, "description": "Of each kind of object by itself."},
        "most_shrunken_percent": _NUMBER | {"default": 20},
    },
}  # fmt: skip


@transaction.atomic
def install(actor: Actor, *, slug: str, parameters: dict[str, Any]) -> Installation:
    """Install the template, or give an installation new parameters. Raises Invalid with the place of each problem."""
    allow(actor, "template.install")
    check(actor, parameters)
    made, _ = Installation.objects.update_or_create(
        workspace=actor.workspace, slug=slug, defaults={"template": NAME, "parameters": parameters}
    )
    record(actor, "template.installed", made, {"template": NAME})
    return made


def check(actor: Actor, parameters: Any) -> None:
    """Raise Invalid unless the parameters can work."""
    errors: list[FieldProblem] = [
        {"pointer": "/" + "/".join(["parameters", *map(str, each.absolute_path)]), "code": "parameter",
         "detail": f"{each.message[:300]}."}
        for each in Draft202012Validator(PARAMETERS).iter_errors(parameters)
    ]  # fmt: skip
    if not errors:
        for name, connector in (("directory", "otds"), ("exstream", "exstream")):
            slug = parameters.get(name)
            held = visible(actor, Connection).filter(slug=slug or "").first()
            if slug and (held is None or held.connector != connector):
                detail = f'There is no connection "{slug}" of {connector} in this workspace.'
                errors.append({"pointer": f"/parameters/{name}", "code": "unknown-connection", "detail": detail})
        errors += _of_rules(parameters)
    if errors:
        raise Invalid(errors=errors)


def _of_rules(parameters: dict[str, Any]) -> Iterator[FieldProblem]:
    known = {*catalog().stream("otds.users").output_schema["properties"], *parameters.get("attributes", {})}
    for number, rule in enumerate(parameters["rules"]):
        for name in sorted(set(rule["when"]) - known):
            detail = f'People have no field "{name}". There are: {", ".join(sorted(known))}.'
            yield {"pointer": f"/parameters/rules/{number}/when/{name}", "code": "unknown-field", "detail": detail}
        for place, group in enumerate(rule["groups"]):
            if not group.startswith(parameters["group_prefix"]):
                detail = f'"{group}" does not begin with "{parameters["group_prefix"]}", so it would not be managed.'
                yield {"pointer": f"/parameters/rules/{number}/groups/{place}", "code": "outside", "detail": detail}
    for name in ("start_field", "end_field"):
        if parameters.get(name) and parameters[name] not in known:
            detail = f'People have no field "{parameters[name]}".'
            yield {"pointer": f"/parameters/{name}", "code": "unknown-field", "detail": detail}


def simulate(actor: Actor, slug: str) -> Plan:
    """Make the plan: what would be changed now, and why. Nothing is written to any service."""
    allow(actor, "plan.create")
    held = fetch(actor, Installation, slug=slug)
    check(actor, held.parameters)
    plan = _Provisioning(actor, held).plan()
    record(actor, "plan.made", plan, {"template": NAME, "installation": slug, "counts": plan.counts})
    return plan


class _Provisioning:
    def __init__(self, actor: Actor, held: Installation) -> None:
        self.actor, self.held, self.given = actor, held, held.parameters
        self.title = f"Provisioning: {held.slug}"
        self.directory = fetch(actor, Connection, slug=self.given["directory"])
        self.rules = rules_of(self.given["rules"])
        self.terms = Terms(
            self.given.get("start_field", ""), self.given.get("end_field", ""), self.given.get("grace_days", 0)
        )
        self.today: date = datetime.now(UTC).date()
        self.kept: set[str] = set()
        """Everybody who has a right to something, or will have one."""
        self.left: dict[str, str] = {}
        self.proof = Proof()

    def plan(self) -> Plan:
        limits = Limits(
            self.given.get("most_removals", 50),
            self.given.get("most_removals_percent", 20),
            shrunken_percent=self.given.get("most_shrunken_percent", 20),
        )
        made = make_plan(
            self.actor,
            title=self.title,
            sources=lambda: [Source("The directory", self.proof, self._last_count())],
            targets=self._targets(),
            limits=limits,
            needs_approval=self.given.get("needs_approval", True),
        )
        if made.state != PlanState.REFUSED:
            self.held.remembered = {"left": self.left}
            self.held.save(update_fields=["remembered", "updated_at"])
        return made

    def _memberships(self) -> Iterator[Wanted]:
        stream = catalog().stream("otds.users").implementation
        scope = {"partition": self.given["partition"], "attributes": self.given.get("attributes", {})}
        with open_connection(self.directory) as opened:
            reading = stream.read(stream.Input.model_validate(scope), opened.client)
            self.proof = reading.proof
            for uuid, person in reading.records:
                yield from self._of(uuid, person)

    def _of(self, uuid: str, person: dict[str, Any]) -> Iterator[Wanted]:
        since = self.held.remembered.get("left", {}).get(uuid)
        if person["disabled"]:
            self.left[uuid] = since or self.today.isoformat()
        left_on = date.fromisoformat(since) if since else None
        stands, why = standing(person, self.terms, today=self.today, left_on=left_on)
        if stands or why.startswith("Starts"):
            self.kept.add(person["id"])
        if not stands:
            return
        for group, row in self.rules.grants(person):
            body = {"group": f"{group}@{self.given['partition']}", "member": person["id"], "kind": "user"}
            yield Wanted(body, _cause(row, person, why))

    def _targets(self) -> list[Target]:
        partition, prefix = self.given["partition"], self.given["group_prefix"]
        gone = {"reason": "No rule gives this person the group, or the person has left."}
        made = [
            Target(self.directory, "otds.group_members", {"partition": partition, "name_prefix": prefix},
                   self._memberships(), gone, covers=lambda body: body["kind"] == "user")
        ]  # fmt: skip
        if self.given.get("seats"):
            made.append(
                Target(
                    self.directory, "otds.seats", self.given["seats"], [], LEFT, lambda body: self._left(body["user"])
                )
            )
        if self.given.get("exstream"):
            made += self._exstream_targets(fetch(self.actor, Connection, slug=self.given["exstream"]))
        return made

    def _exstream_targets(self, exstream: Connection) -> Iterator[Target]:
        assigned = [Wanted(dict(each), {"reason": "Asked for by the template."}) for each in self._assignments()]
        if assigned:
            domains = sorted({each.body["domain"] for each in assigned})
            yield Target(exstream, "exstream.group_roles", {"domains": domains}, assigned, covers=lambda body: False)
        if self.given.get("release_locks", True):
            yield Target(exstream, "exstream.locks", {}, [], LEFT, lambda body: self._left(body["locked_by"]))

    def _left(self, person: str) -> bool:
        """Of our partition, and without a right to anything. Deleting a user frees neither seat nor lock."""
        return person.endswith(f"@{self.given['partition']}") and person not in self.kept

    def _last_count(self) -> int | None:
        """How many people the directory had when a plan of this installation was last applied."""
        last = visible(self.actor, Plan).filter(title=self.title, state=PlanState.APPLIED, undoes=None)
        readings = last.order_by("-applied_at").values_list("readings", flat=True).first()
        return readings[0]["count"] if readings else None

    def _assignments(self) -> list[dict[str, str]]:
        return list(self.given.get("assignments", []))


def _cause(row: Row, person: dict[str, Any], why: str) -> dict[str, Any]:
    made: dict[str, Any] = {"rule": row.number, "because": {name: value_of(person, name) for name in row.when}}
    return made | ({"note": why} if why else {})
