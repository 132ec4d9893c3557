"""Who sees what just now, read from the directory and from Exstream, and which rule asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from hub.accounts.access import Actor
from hub.connections import open_connection
from hub.connections.models import Connection
from hub.registry import catalog
from hub.sdk import UnexpectedReply
from workflows.reconcile.contract import Past
from workflows.reconcile.nesting import Nesting, Path
from workflows.reconcile.people import IN_GROUP
from workflows.templates.role_based_access.policy import Grant
from workflows.templates.role_based_access.reconcile import Access

TEMPLATES = ("exstrapplication", "documentdefinition", "versionedtemplate")
"""What people call templates; a role sees every other resource of its domain as well."""
MONITOR = {"MONITOR", "ALL"}


@dataclass(frozen=True)
class Sight:
    """One role of one person, by one group that has it."""

    person: dict[str, Any]
    grant: Grant
    group: str
    way: Path
    """From the group the person is directly in to the one that has the role."""

    @property
    def assignment(self) -> str:
        """The key of the role of the group."""
        return f"{self.grant.domain}|{self.group}|{self.grant.role}"

    @property
    def membership(self) -> str:
        """The key of the person's membership of the first group of the way."""
        return f"{self.way[0]}>{self.person['id']}"


class Seen:
    """One reading, each part once. Raises the five classes of connector errors."""

    def __init__(self, actor: Actor, given: dict[str, Any]) -> None:
        self._access = Access(actor, given, Past())
        self._given = given

    def of(self, person: dict[str, Any]) -> Iterator[Sight]:
        """What somebody sees. Nobody signs in whose account is disabled."""
        if person["disabled"]:
            return
        ways = self._nesting.paths(person["member_of"])
        for group, grant in self._assignments:
            if group in ways:
                yield Sight(person, grant, group, ways[group])

    def people(self) -> Iterator[dict[str, Any]]:
        scope = {"partition": self._given["partition"], "attributes": self._given.get("attributes", {})}
        return self._records(self._access.directory, self._offered("users"), scope)

    def rules_for(self, sight: Sight) -> list[int]:
        """The rows of the table that ask for this now; none when nothing does."""
        policy, access = self._access.policy, self._access.access
        mine = (sight.group, sight.grant)
        rows = [row.number for group, grant, row in policy.group_grants() if (group, grant) == mine]
        if sight.group.partition("@")[0] != access.name(sight.grant):
            return rows
        ways = self._nesting_of_rules.paths(sight.person["member_of"])
        person = sight.person | {IN_GROUP: sorted(policy.asked_groups & ways.keys())}
        try:
            return rows + [row.number for grant, row in policy.grants(person) if grant == sight.grant]
        except ValueError:
            return rows

    def templates(self, domain: str) -> list[dict[str, Any]]:
        """The newest version of each template of a domain."""
        if domain not in self._templates:
            scope = {"domains": [domain], "types": list(TEMPLATES)}
            rows = self._records(self._access.exstream, "exstream.resources", scope)
            names = ("id", "name", "type", "state", "version")
            self._templates[domain] = [{name: row.get(name) for name in names} for row in rows]
        return self._templates[domain]

    def jobs(self, domain: str) -> int:
        """How many output jobs there are in a domain."""
        return sum(1 for _ in self._records(self._access.exstream, "exstream.jobs", {"domains": [domain]}))

    def monitors(self, role: str) -> bool:
        """Whether a role sees output jobs."""
        return not MONITOR.isdisjoint(self._app_rights.get(role, ()))

    def rights(self, role: str) -> Mapping[str, list[str]]:
        """What a role may do, by type of resource, as Exstream says it."""
        return self._rights.get(role, {})

    @property
    def resources(self) -> list[str]:
        """Whose changes say how it came about."""
        return ["exstream.group_roles", self._offered("group_members")]

    @property
    def connections(self) -> list[Connection]:
        """Where these changes were made."""
        return [self._access.exstream, self._access.directory]

    @property
    def domains(self) -> list[str]:
        return list(self._given["domains"])

    # Each read once

    @cached_property
    def _templates(self) -> dict[str, list[dict[str, Any]]]:
        return {}

    @cached_property
    def _groups(self) -> list[dict[str, Any]]:
        return list(self._records(self._access.directory, self._offered("groups"), {}))

    @cached_property
    def _nesting(self) -> Nesting:
        return Nesting(self._groups)

    @cached_property
    def _nesting_of_rules(self) -> Nesting:
        return Nesting(self._groups, counts=lambda group: not self._access.is_access_group(group))

    @cached_property
    def _assignments(self) -> list[tuple[str, Grant]]:
        rows = self._records(self._access.exstream, "exstream.group_roles", {"domains": self.domains}, "resource")
        return [(row["group"], Grant(row["domain"], row["role"])) for row in rows]

    @cached_property
    def _app_rights(self) -> dict[str, set[str]]:
        rows = self._records(self._access.exstream, "exstream.roles", {})
        return {row["name"]: set(row["app_permissions"]) for row in rows}

    @cached_property
    def _rights(self) -> dict[str, dict[str, list[str]]]:
        made: dict[str, dict[str, list[str]]] = {}
        for row in self._records(self._access.exstream, "exstream.role_permissions", {}):
            made.setdefault(row["role"], {})[row["type"]] = row["permissions"]
        return made

    def _offered(self, name: str) -> str:
        return f"{self._access.directory.connector}.{name}"

    def _records(
        self, connection: Connection, name: str, scope: dict[str, Any], kind: str = "stream"
    ) -> Iterator[dict[str, Any]]:
        """A reading to its end; one that is not whole is no ground for a report."""
        find: Callable[[str], Any] = getattr(catalog(), kind)
        held = find(name).implementation
        with open_connection(connection) as opened:
            reading = held.read(held.Input.model_validate(scope), opened.client)
            for _, body in reading.records:
                yield body
        if not reading.proof.complete:
            why = "; ".join(reading.proof.problems) or "its end was not reached"
            raise UnexpectedReply(f"The reading of {name} is not complete: {why}. Ask again.")
