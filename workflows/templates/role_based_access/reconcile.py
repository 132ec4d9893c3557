"""From the directory's people and groups to who sees what in Exstream.

A rule on groups becomes an assignment of a role to the group; a rule on people needs an access group, which gets the
role, and whose members are kept in step. Both are worked out anew each time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from hub.accounts.access import Actor, fetch
from hub.api.errors import FieldProblem
from hub.connections import open_connection
from hub.connections.models import Connection
from hub.registry import catalog
from hub.sdk import Misconfigured
from workflows.reconcile.claims import Claim
from workflows.reconcile.contract import Past, Reconcile
from workflows.reconcile.differences import Wanted
from workflows.reconcile.guards import Limits
from workflows.reconcile.people import IN_GROUP, Member, People, ways_told
from workflows.reconcile.planner import Draft, Target, draft_plan
from workflows.rules import Row
from workflows.templates.role_based_access.checks import problems
from workflows.templates.role_based_access.placements import Placements
from workflows.templates.role_based_access.policy import AccessGroups, Grant, Policy, policy_of

PARAMETERS: dict[str, Any] = json.loads((Path(__file__).parent / "parameters.json").read_text())
USUAL_ACCESS_GROUP = PARAMETERS["properties"]["access_group"]["default"]
USUALLY_KEPT = PARAMETERS["properties"]["kept_groups"]["default"]
GONE_MEMBER = {"reason": "No rule gives this member the group, or the person has left."}
GONE_ROLE = {"reason": "No rule gives this group the role there, or the directory has no such group any more."}
GONE_PLACE = {"reason": "The template is not placed in this domain."}


class RoleBasedAccess(Reconcile):
    name = "role-based-access"
    title = "Role-based template access"
    parameters = PARAMETERS

    def check(self, parameters: dict[str, Any], connectors: Mapping[str, str]) -> Iterator[FieldProblem]:
        return problems(parameters)

    def claims(self, parameters: dict[str, Any]) -> Iterator[Claim]:
        directory, exstream, partition = (parameters[name] for name in ("directory", "exstream", "partition"))
        pattern = parameters.get("access_group", USUAL_ACCESS_GROUP)
        kept = parameters.get("kept_groups", USUALLY_KEPT)
        but = frozenset(each if "@" in each else f"{each}@{partition}" for each in kept)
        for number, domain in enumerate(parameters["domains"]):
            pointer = f"/parameters/domains/{number}"
            yield Claim("roles", (exstream, domain), pointer, f"the roles of all groups in {domain}", but=but)
            names = pattern.replace("{domain}", domain).replace("{role}", "*")
            words = f'the members of groups of {partition} such as "{names}"'
            yield Claim("members", (directory, partition), pointer, words, names=names)

    def draft(
        self, actor: Actor, parameters: dict[str, Any], *, title: str, past: Past, people: Sequence[str] = ()
    ) -> AbstractContextManager[Draft]:
        """Always of everybody: who has a role by a group is not the person's affair alone."""
        return Access(actor, parameters, past).draft(title)


RECONCILE = RoleBasedAccess()


class Access:
    """One reading, and what the rules make of it."""

    def __init__(self, actor: Actor, given: dict[str, Any], past: Past) -> None:
        self.given, self.past = given, past
        self.directory = fetch(actor, Connection, slug=given["directory"])
        self.exstream = fetch(actor, Connection, slug=given["exstream"])
        self.access = AccessGroups(given.get("access_group", USUAL_ACCESS_GROUP), given["domains"])
        self.policy: Policy = policy_of(given["table"], self._whole)
        self.people = People(
            self.directory,
            given["partition"],
            given.get("attributes", {}),
            asked_groups=self.policy.asked_groups,
            is_managed=self.is_access_group,
            known_groups=past.remembered.get("groups", []),
        )
        self.placements = Placements(self.exstream, given.get("placements", []), given["domains"])

    @contextmanager
    def draft(self, title: str) -> Iterator[Draft]:
        limits = Limits(
            self.given.get("most_removals", 50),
            self.given.get("most_removals_percent", 20),
            shrunken_percent=self.given.get("most_shrunken_percent", 20),
        )
        with draft_plan(
            title=title,
            sources=lambda: self.people.sources(self.past.last_count),
            targets=list(self._targets()),
            limits=limits,
            needs_approval=self.given.get("needs_approval", True),
            history=self.past.applied,
            last=self.past.last,
        ) as made:
            yield replace(made, remembered={"groups": self._groups_seen()})

    def _targets(self) -> Iterator[Target]:
        partition, domains = self.given["partition"], self.given["domains"]
        scope = {"partition": partition, "names": [self.access.name(each) for each in self.policy.kept_in_step()]}
        if scope["names"]:
            yield Target(self.directory, self._offered("access_groups"), scope, self._groups_to_make(),
                         covers=lambda body: False)  # fmt: skip
        yield Target(
            self.directory,
            self._offered("group_members"),
            {"partition": partition, "name_prefix": self.access.prefix},
            self._memberships(),
            GONE_MEMBER,
            covers=lambda body: self.is_access_group(body["group"]),
        )
        kept = {self._whole(group) for group in self.given.get("kept_groups", USUALLY_KEPT)}
        yield Target(
            self.exstream,
            "exstream.group_roles",
            {"domains": domains},
            self._assignments(),
            GONE_ROLE,
            covers=lambda body: body["group"] not in kept,
        )
        if self.placements.named:
            yield Target(
                self.exstream,
                "exstream.placements",
                {"homes": self.placements.homes, "domains": domains},
                self.placements.wanted(),
                GONE_PLACE,
                covers=self.placements.covers,
            )

    # What is wanted

    def _groups_to_make(self) -> Iterator[Wanted]:
        """Those that are not there. One that is there keeps its description."""
        self.people.read_groups()
        for grant, rows in self.policy.kept_in_step().items():
            name = self.access.name(grant)
            if self._whole(name) not in self.people.groups:
                description = f"Exstream: {grant.role} in {grant.domain}"
                body = {"name": name, "partition": self.given["partition"], "description": description}
                yield Wanted(body, {"rules": rows, "reason": "Rules on people need a group."})

    def _memberships(self) -> Iterator[Wanted]:
        self.people.read_groups()
        return (wanted for member in self.people.read() for wanted in self._of(member))

    def _of(self, member: Member) -> Iterator[Wanted]:
        if member.person["disabled"]:
            return
        try:
            granted = list(self.policy.grants(member.person))
        except ValueError as wrong:
            raise Misconfigured(f"{member.person['id']}: {wrong}") from None
        for grant, row in granted:
            group = self._whole(self.access.name(grant))
            body = {"group": group, "member": member.person["id"], "kind": "user"}
            yield Wanted(body, self._cause(row, member))

    def _assignments(self) -> Iterator[Wanted]:
        self._need_roles()
        for group, grant, row in self.policy.group_grants():
            if group in self.people.groups:
                yield _assigned(grant, group, {"rule": row.number, "because": {IN_GROUP: [group]}})
        for grant, rows in self.policy.kept_in_step().items():
            cause = {"rules": rows, "reason": "The access group of rules on people."}
            yield _assigned(grant, self._whole(self.access.name(grant)), cause)

    def _cause(self, row: Row, member: Member) -> dict[str, Any]:
        because = self.policy.compared(row, member.person)
        if IN_GROUP in because:
            because[IN_GROUP] = ways_told(because[IN_GROUP], member.ways)
        return {"rule": row.number, "because": because}

    # What there is

    def _need_roles(self) -> None:
        """Raises Misconfigured for a role that Exstream does not have."""
        stream = catalog().stream("exstream.roles").implementation
        with open_connection(self.exstream) as opened:
            reading = stream.read(stream.Input.model_validate({}), opened.client)
            there = {body["name"] for _, body in reading.records}
        asked = {grant.role for _, grant, _ in self.policy.group_grants()}
        asked |= {grant.role for grant in self.policy.kept_in_step()}
        if missing := sorted(asked - there):
            raise Misconfigured(f'Exstream has no role "{missing[0]}", which a rule gives. Correct the rule.')

    def _groups_seen(self) -> list[str]:
        """A group that was there and is gone takes its access along; one that never was is a mistake in a rule."""
        seen = self.people.asked_groups & (self.people.groups | set(self.past.remembered.get("groups", [])))
        return sorted(seen)

    def is_access_group(self, group: str) -> bool:
        name, _, partition = group.rpartition("@")
        return partition == self.given["partition"] and self.access.is_ours(name)

    def _whole(self, group: str) -> str:
        return group if "@" in group else f"{group}@{self.given['partition']}"

    def _offered(self, name: str) -> str:
        return f"{self.directory.connector}.{name}"


def _assigned(grant: Grant, group: str, cause: dict[str, Any]) -> Wanted:
    return Wanted({"domain": grant.domain, "group": group, "role": grant.role}, cause)
