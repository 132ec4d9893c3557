"""From the policy to the roles that teams have in Exstream, and what else is not as the policy says."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hub.accounts.access import Actor
from hub.api.errors import FieldProblem
from workflows.reconcile.claims import Claim
from workflows.reconcile.contract import Finding, Past, Reconcile
from workflows.reconcile.differences import Wanted
from workflows.reconcile.guards import Limits, Source
from workflows.reconcile.planner import Draft, Target, draft_plan
from workflows.templates.governance import findings
from workflows.templates.governance.policy import KNOWN, in_words, repaired, types_of
from workflows.templates.governance.reading import Reading


class Governance(Reconcile):
    name = "governance"
    title = "Template governance"
    parameters = json.loads((Path(__file__).parent / "parameters.json").read_text())
    finds = True

    def check(self, parameters: dict[str, Any], connectors: Mapping[str, str]) -> Iterator[FieldProblem]:
        for number, row in enumerate(parameters["policy"]):
            place = f"/parameters/policy/{number}"
            for unknown in sorted(types_of(row.get("types", ())) - KNOWN):
                detail = f'Exstream has no type or group of types "{unknown}".'
                yield {"pointer": f"{place}/types", "code": "unknown-type", "detail": detail}
            for domain in row.get("domains", ()):
                if domain not in parameters["domains"]:
                    detail = f'"{domain}" is not among the domains that are governed.'
                    yield {"pointer": f"{place}/domains", "code": "outside", "detail": detail}
            if row["team"] in parameters.get("exempt", ()):
                detail = f"{row['team']} is exempt, so that the policy cannot speak of it."
                yield {"pointer": f"{place}/team", "code": "exempt", "detail": detail}

    def claims(self, parameters: dict[str, Any]) -> Iterator[Claim]:
        """A domain has one policy. The roles of the teams that it names are kept, with `remove_others` of all."""
        exstream, rows = parameters["exstream"], parameters["policy"]
        exempt = frozenset(parameters.get("exempt", []))
        for domain in parameters["domains"]:
            place, pointer = (exstream, domain), "/parameters/domains"
            yield Claim("policy", place, pointer, f"the policy of {domain}")
            if parameters.get("remove_others"):
                yield Claim("roles", place, pointer, f"the roles of all groups in {domain}", but=exempt)
                continue
            for team in sorted({row["team"] for row in rows if domain in row.get("domains", [domain])}):
                yield Claim("roles", place, pointer, f"the roles of {team} in {domain}", names=team)

    def draft(
        self, actor: Actor, parameters: dict[str, Any], *, title: str, past: Past, people: Sequence[str] = ()
    ) -> AbstractContextManager[Draft]:
        read = Reading(actor, parameters)
        roles = repaired(read.grants, read.roles, read.may, parameters.get("roles") or sorted(read.roles))
        wanted = [
            Wanted(
                {"domain": domain, "group": team, "role": role},
                {"policy": f"{team} may in {domain}: {in_words(read.may[team, domain])}."},
            )
            for (team, domain), given in roles.items()
            for role in given
        ]
        others = parameters.get("remove_others", False)

        def covers(body: dict[str, Any]) -> bool:
            """Roles that give no more than reading are no matter of policy, unless nobody else may have any."""
            if body["group"] in read.exempt:
                return False
            return (body["group"], body["domain"]) in read.may or (others and bool(read.roles.get(body["role"])))

        gone = {"reason": "The policy does not give this group what the role lets do."}
        target = Target(read.exstream, "exstream.group_roles", {"domains": read.domains}, wanted, gone, covers=covers)
        limits = Limits(parameters.get("most_removals", 20), parameters.get("most_removals_percent", 30))
        return draft_plan(
            title=title,
            sources=lambda: [Source(f"Exstream: {name}", proof) for name, proof in read.proofs],
            targets=[target],
            limits=limits,
            needs_approval=parameters.get("needs_approval", True),
        )

    def findings(self, actor: Actor, parameters: dict[str, Any]) -> list[Finding]:
        read, today = Reading(actor, parameters), datetime.now(UTC).date()
        known = {each["id"]: not each["disabled"] for each in read.people}
        return [
            *findings.of_rights(read.may, read.can),
            *findings.of_people(read.members, read.can),
            *findings.of_production(read.live, read.histories, read.used),
            *findings.of_histories(read.histories, read.approvers(), read.groups_at),
            *findings.of_owners(read.each_owned_once(), read.owners, known, today),
        ]


RECONCILE = Governance()
