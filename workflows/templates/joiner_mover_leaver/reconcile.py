"""From the directory's people to access in Exstream.

Everything is worked out anew from what the directory says now; no timer decides about a person. What leaving means:
out of the access groups, the named seat freed, locks released.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from hub.accounts.access import Actor
from hub.api.errors import FieldProblem
from hub.registry import catalog
from hub.sdk.directories import Person
from workflows.reconcile.claims import Claim
from workflows.reconcile.contract import Past, Reconcile
from workflows.reconcile.people import IN_GROUP, named
from workflows.reconcile.planner import Draft
from workflows.templates.joiner_mover_leaver.provisioning import Provisioning

PARAMETERS: dict[str, Any] = json.loads((Path(__file__).parent / "parameters.json").read_text())


class JoinerMoverLeaver(Reconcile):
    name = "joiner-mover-leaver"
    title = "Joiner, mover, leaver provisioning"
    parameters = PARAMETERS

    def check(self, parameters: dict[str, Any], connectors: Mapping[str, str]) -> Iterator[FieldProblem]:
        if IN_GROUP in parameters.get("attributes", {}):
            detail = f'"{IN_GROUP}" is the condition on groups. Choose another name.'
            yield {"pointer": f"/parameters/attributes/{IN_GROUP}", "code": "taken", "detail": detail}
        known = {*Person.model_fields, *parameters.get("attributes", {})}
        directory = connectors.get("directory")
        if parameters.get("seats") and directory and f"{directory}.seats" not in catalog().resources:
            detail = f"{directory} has no named seats. Leave this empty."
            yield {"pointer": "/parameters/seats", "code": "no-seats", "detail": detail}
        yield from _of_rules(parameters, known)
        for name in ("start_field", "end_field"):
            if parameters.get(name) and parameters[name] not in known:
                detail = f'People have no field "{parameters[name]}".'
                yield {"pointer": f"/parameters/{name}", "code": "unknown-field", "detail": detail}

    def claims(self, parameters: dict[str, Any]) -> Iterator[Claim]:
        partition, prefix = parameters["partition"], parameters["group_prefix"]
        yield Claim(
            "members", (parameters["directory"], partition), "/parameters/group_prefix",
            f'the members of groups of {partition} that begin with "{prefix}"', names=f"{prefix}*",
        )  # fmt: skip
        for each in parameters.get("assignments", []):
            yield Claim(
                "roles", (parameters.get("exstream", ""), each["domain"]), "/parameters/assignments",
                f"the roles of {each['group']} in {each['domain']}", names=each["group"], adds_only=True,
            )  # fmt: skip

    def draft(
        self, actor: Actor, parameters: dict[str, Any], *, title: str, past: Past, people: Sequence[str] = ()
    ) -> AbstractContextManager[Draft]:
        return Provisioning(actor, parameters, past, people).draft(title)


RECONCILE = JoinerMoverLeaver()


def _of_rules(parameters: dict[str, Any], known: set[str]) -> Iterator[FieldProblem]:
    for number, rule in enumerate(parameters["rules"]):
        for group in named(rule["when"].get(IN_GROUP, [])):
            if group.startswith(parameters["group_prefix"]):
                detail = f'"{group}" is managed by these rules, so that they cannot ask for it.'
                yield {"pointer": f"/parameters/rules/{number}/when/{IN_GROUP}", "code": "managed", "detail": detail}
        for name in sorted(set(rule["when"]) - known - {IN_GROUP}):
            detail = f'People have no field "{name}". There are: {", ".join(sorted(known))}.'
            yield {"pointer": f"/parameters/rules/{number}/when/{name}", "code": "unknown-field", "detail": detail}
        for place, group in enumerate(rule["groups"]):
            if not group.startswith(parameters["group_prefix"]):
                detail = f'"{group}" does not begin with "{parameters["group_prefix"]}", so it would not be managed.'
                yield {"pointer": f"/parameters/rules/{number}/groups/{place}", "code": "outside", "detail": detail}
