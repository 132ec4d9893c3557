"""Everything that governance looks at, read whole: a finding from half a list would be a false one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cached_property
from typing import Any

from hub.accounts.access import Actor, fetch
from hub.audit.evidence.context import Contexts
from hub.connections import open_connection
from hub.connections.models import Connection
from hub.registry import catalog
from hub.sdk import Call, Misconfigured, Proof, UnexpectedReply
from workflows.models.owners import TemplateOwner
from workflows.reconcile.nesting import Nesting
from workflows.templates.governance.policy import Grant, Right, allowed, held, rights_of_roles

_TIMEOUT_SECONDS = 60.0
DEPTH = 5
"""How far links are followed from a published flow model."""


class Reading:
    """What the parameters say, and what the two services say. Each is asked once."""

    def __init__(self, actor: Actor, given: dict[str, Any]) -> None:
        self.actor, self.given = actor, given
        self.exstream = fetch(actor, Connection, slug=given["exstream"])
        self.directory = fetch(actor, Connection, slug=given["directory"])
        self.domains: list[str] = list(given["domains"])
        self.exempt = set(given.get("exempt", ()))
        self.proofs: list[tuple[str, Proof]] = []

    @cached_property
    def grants(self) -> list[Grant]:
        rows = self._whole(self.exstream, "group_roles", domains=self.domains)
        return [Grant(each["domain"], each["group"], each["role"]) for each in rows]

    @cached_property
    def roles(self) -> dict[str, set[Right]]:
        return rights_of_roles(self._whole(self.exstream, "role_permissions"))

    @cached_property
    def may(self) -> dict[tuple[str, str], set[Right]]:
        return allowed(self.given["policy"], self.domains, self.given.get("publish_word", "APPROVE"))

    @cached_property
    def can(self) -> dict[tuple[str, str], set[Right]]:
        found = held(self.grants, self.roles)
        return {place: rights for place, rights in found.items() if place[0] not in self.exempt}

    @cached_property
    def people(self) -> list[dict[str, Any]]:
        return self._whole(self.directory, "users", partition=self.given.get("partition", ""))

    @cached_property
    def members(self) -> dict[str, set[str]]:
        """Enabled people with their groups, nested ones too."""
        nesting = Nesting(self._whole(self.directory, "groups"))
        return {each["id"]: set(nesting.paths(each["member_of"])) for each in self.people if not each["disabled"]}

    @cached_property
    def production(self) -> list[str]:
        rows = self._whole(self.exstream, "domains")
        missing = sorted(set(self.domains) - {each["id"] for each in rows})
        if missing:
            raise Misconfigured(f"Exstream has no domain {missing[0]} that the connection can see.", field="domains")
        return [each["id"] for each in rows if each["id"] in self.domains and each.get("production")]

    @cached_property
    def histories(self) -> list[dict[str, Any]]:
        return self._whole(self.exstream, "histories", domains=self.production) if self.production else []

    @cached_property
    def live(self) -> list[dict[str, Any]]:
        """Published flow models in production."""
        rows = self._whole(self.exstream, "snapshots", domains=self.production) if self.production else []
        return [each for each in rows if not each.get("unpublishDate")]

    @cached_property
    def used(self) -> dict[str, list[dict[str, Any]]]:
        action = catalog().action("exstream.get_links").implementation
        made = {}
        with open_connection(self.exstream) as opened:
            for each in self.live:
                asked = {"domain": each["domain"], "resource": each["flowModelId"], "depth": DEPTH}
                call = Call(key=f"links-{each['id']}", timeout_seconds=_TIMEOUT_SECONDS)
                answer = action.run(action.Input.model_validate(asked), opened.client, call)
                found = answer.model_dump(mode="json")["resources"]
                made[f"{each['domain']}|{each['flowModelId']}"] = found
        return made

    @cached_property
    def templates(self) -> list[dict[str, Any]]:
        """Templates in production that are approved: the newest approved version is the one that runs use."""
        if not self.production:
            return []
        types = self.given.get("owned_types") or ["exstrapplication", "documentdefinition", "flowmodel"]
        return self._whole(
            self.exstream, "resources", domains=self.production, types=types, states=["APPROVED"], latest_only=False
        )

    @cached_property
    def owners(self) -> dict[tuple[str, str], dict[str, Any]]:
        rows = TemplateOwner.objects.filter(workspace=self.actor.workspace, exstream=self.exstream.slug)
        return {(each.domain, each.resource): {"owner": each.owner, "review_on": each.review_on} for each in rows}

    def _whole(self, connection: Connection, name: str, **scope: Any) -> list[dict[str, Any]]:
        """Raises UnexpectedReply when it did not come whole."""
        stream = catalog().stream(f"{connection.connector}.{name}").implementation
        with open_connection(connection) as opened:
            reading = stream.read(stream.Input.model_validate(scope), opened.client)
            found = [body for _, body in reading.records]
        self.proofs.append((name, reading.proof))
        if not reading.proof.complete:
            said = " ".join(reading.proof.problems[:3]) or "It is not established that everything came."
            raise UnexpectedReply(f"{name} did not come whole. {said}")
        return found

    def groups_at(self, person: str, at: str) -> Iterable[str]:
        """As the evidence knows it, when the directory was read before that time; else as it is now."""
        told = self._contexts.of(person, datetime.fromisoformat(at))
        if told["known"] and told["before"]:
            return [each["group"] for each in told["groups"]]
        return self.members.get(person, ())

    @cached_property
    def _contexts(self) -> Contexts:
        return Contexts(self.actor.workspace.id)

    def approvers(self) -> dict[str, set[tuple[str, str]]]:
        """In which domains each group may approve which types, by the policy."""
        made: dict[str, set[tuple[str, str]]] = {}
        for (team, domain), rights in self.may.items():
            made.setdefault(team, set()).update((domain, kind) for kind, word in rights if word == "APPROVE")
        return made

    def each_owned_once(self) -> Iterator[dict[str, Any]]:
        seen: set[tuple[str, str]] = set()
        for each in self.templates:
            place = (each["domain"], each["id"])
            if place not in seen:
                seen.add(place)
                yield each
