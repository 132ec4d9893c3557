"""What delegates do: see their domains and what is in them, act there, and ask for what is beyond.

The hub's own credential carries everything out, so that every list and act is held against the delegate's reach
here, and every call once more in the run (`workflows/engine/border.py`). What is beyond is told like what is not
there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from hub.accounts.access import Actor, allow
from hub.accounts.models import Person, Reach
from hub.api.errors import Conflict, Forbidden, Invalid, NotFound
from hub.audit import Ref, record
from hub.connections import open_connection
from hub.connections.models import Connection
from hub.registry import catalog
from hub.sdk import UnexpectedReply
from workflows.engine import border, reach
from workflows.models import Installation, Run
from workflows.services import runs
from workflows.templates.delegated_administration import acts

log = structlog.get_logger(__name__)

TEMPLATE = "delegated-administration"
BELIEVED = timedelta(seconds=60)
"""So long a reach that was asked for is taken for what lists show; acts ask anew."""


@dataclass(frozen=True)
class Domain:
    """One domain within a reach."""

    service: str
    name: str
    acts: list[str]


def domains(actor: Actor) -> list[Domain]:
    """Where the actor administers, and what they may do there."""
    made = []
    for part, given in sorted(_reach(actor).domains.items()):
        service, _, name = part.partition("/")
        made.append(Domain(service, name, given))
    return made


def resources(actor: Actor, domain: str, *, search: str = "", kind: str = "") -> list[dict[str, Any]]:
    """The newest version of each resource that is in the actor's domains and in no other."""
    held, found = _reach(actor), _within(actor, domain)
    scope = {"domains": [found.name], "types": [kind] if kind else []}
    names = ("id", "name", "type", "state", "version", "locked")
    return [
        {name: row.get(name) for name in names}
        for row in _read(actor, found, "resources", scope)
        if search.casefold() in str(row.get("name", "")).casefold() and _all_within(held, found.service, row)
    ]


def jobs(actor: Actor, domain: str) -> list[dict[str, Any]]:
    """The output jobs of one domain."""
    found = _within(actor, domain)
    names = ("id", "status", "channel", "mode", "externalId", "startDate", "endDate", "msg")
    rows = _read(actor, found, "jobs", {"domains": [found.name]})
    return [{name: row.get(name) for name in names} for row in rows if _is_of(found, row)]


def flow_instances(actor: Actor, domain: str) -> list[dict[str, Any]]:
    """The flow instances of one domain: those that hold can be released."""
    found = _within(actor, domain)
    rows = _read(actor, found, "flow_instances", {"domains": [found.name]})
    names = ("id", "jobId", "status", "startDate", "endDate")
    return [{name: row.get(name) for name in names} for row in rows if _is_of(found, row)]


def act(actor: Actor, given: dict[str, Any]) -> Run:
    """Start the run that does it. What is beyond the reach needs `across`, and then people are asked first.

    The caller rings the bell after the commit. Raises NotFound, Forbidden, Invalid, Conflict and connectors' errors.
    """
    allow(actor, "delegation.act")
    if wrong := acts.problems(given):
        raise Invalid("The act does not have the shape that it should.", errors=wrong)
    held = _ask(actor)
    installed = _installed(actor)
    service = str(installed.parameters["exstream"])
    across = bool(given.get("across"))
    home, beyond = _home(held, service, given, across=across)
    if not across and given["act"] not in held.domains[home]:
        raise Forbidden(f'"{given["act"]}" is not among what you may do in {given["domain"]}.', code="act-not-given")
    person = _person(actor)
    payload = acts.payload(given, by=person.username, beyond=beyond)
    verb = "delegation.asked-across" if across else "delegation.asked"
    with transaction.atomic():
        run = runs.start_run(
            Actor.system(actor.workspace),
            installed.slug,
            payload=payload,
            cause={"kind": border.KIND, "by": actor.name, "person": str(person.id)},
            domain=home,
        )
        told = {name: payload[name] for name in ("act", "domain", "object", "target", "reason")}
        record(actor, verb, Ref("run", str(run.id), str(run.workflow)), told)
    return run


def _home(held: Reach, service: str, given: dict[str, Any], *, across: bool) -> tuple[str, list[str]]:
    """Under which domain the run is kept, and the domains beyond the reach that it names."""
    named = [each for each in (given["domain"], given.get("target", "")) if each]
    mine = [each for each in named if reach.part_of(service, each) in held.domains]
    beyond = [each for each in named if each not in mine] + [str(each) for each in given.get("also", [])]
    if not across:
        if beyond:
            raise _no_domain(beyond[0])
        return reach.part_of(service, given["domain"]), []
    if not held.domains:
        raise _no_domain(named[0])
    return reach.part_of(service, mine[0]) if mine else held.names[0], beyond or named


def _installed(actor: Actor) -> Installation:
    rows = Installation.objects.filter(workspace=actor.workspace, template=TEMPLATE, removed_at=None)
    found = rows.order_by("id").first()
    if found is None:
        said = "Nobody has installed the template of delegated administration. Ask an administrator of the workspace."
        raise Conflict(said, code="not-installed", title="The template is not installed.")
    return found


def _reach(actor: Actor) -> Reach:
    """For lists: as it was asked for a moment ago, or asked now."""
    allow(actor, "delegation.act")
    found = Reach.objects.filter(
        workspace=actor.workspace, person=actor.person, read_at__gt=timezone.now() - BELIEVED
    ).first()
    return found or _ask(actor)


def _ask(actor: Actor) -> Reach:
    return reach.ask(actor.workspace, _person(actor))


def _person(actor: Actor) -> Person:
    if actor.person is None:
        raise Forbidden("Only a person is a delegate.")
    return actor.person


def _within(actor: Actor, domain: str) -> Domain:
    for each in domains(actor):
        if each.name == domain:
            return each
    raise _no_domain(domain)


def _no_domain(domain: str) -> NotFound:
    return NotFound(f'There is no domain "{domain}" that you administer.')


def _all_within(held: Reach, service: str, row: dict[str, Any]) -> bool:
    named = row.get("domains")
    if not isinstance(named, list) or not named:
        raise UnexpectedReply("Exstream does not say in which domains a resource is, so nothing is shown.")
    return all(reach.part_of(service, str(each["id"])) in held.domains for each in named)


def _is_of(domain: Domain, row: dict[str, Any]) -> bool:
    """What ran says where it did. A row of elsewhere is not shown, whatever was asked for."""
    said = row.get("domainId")
    if not said:
        raise UnexpectedReply("Exstream does not say in which domain something ran, so nothing is shown.")
    return str(said) == domain.name


def _read(actor: Actor, domain: Domain, stream: str, scope: dict[str, Any]) -> Iterator[dict[str, Any]]:
    connection = Connection.objects.get(workspace=actor.workspace, slug=domain.service)
    find: Callable[[str], Any] = catalog().stream
    held = find(f"{connection.connector}.{stream}").implementation
    with open_connection(connection) as opened:
        reading = held.read(held.Input.model_validate(scope), opened.client)
        for _, body in reading.records:
            yield body
    if not reading.proof.complete:
        # How many rows there are in all says how many are beyond the border.
        log.warning("delegation.list-not-whole", domain=domain.name, problems=reading.proof.problems)
        raise UnexpectedReply("The list did not come whole. Ask again.")
