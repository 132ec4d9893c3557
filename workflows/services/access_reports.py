"""Who sees what in Exstream, and why: what there is now, with what the hub recorded of how it came about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hub.accounts.access import Actor, allow, visible
from hub.api.errors import Conflict, NotFound
from hub.audit import record
from workflows.models import Change, ChangeState, Plan
from workflows.services.templates import get_installation
from workflows.templates.role_based_access.seen import Seen, Sight
from workflows.templates.starting import split

TEMPLATE = "role-based-access"
_BEFORE = {"reason": "It was so before the hub managed it."}


def of_person(actor: Actor, slug: str, person: str) -> dict[str, Any]:
    """What one person sees, by domain. They are called by id, user name or mail address.

    Raises NotFound, Conflict and the connectors' errors.
    """
    allow(actor, "access.view")
    seen, held = _seen(actor, slug)
    found = next((each for each in seen.people() if person in (each["id"], each["name"], each["mail"])), None)
    if found is None:
        raise NotFound(f'The directory has nobody called "{person}".')
    sights = list(seen.of(found))
    recorded = _recorded(actor, seen, sights)
    domains = [_domain(seen, domain, sights, recorded) for domain in sorted({each.grant.domain for each in sights})]
    record(actor, "access.reported", held, {"person": found["id"]})
    return {"person": _named(found), "disabled": found["disabled"], "domains": domains}


def of_template(actor: Actor, slug: str, template: str) -> dict[str, Any]:
    """Who sees one template, which is called by its id or name. Raises NotFound, Conflict and connectors' errors."""
    allow(actor, "access.view")
    seen, held = _seen(actor, slug)
    rows = [(domain, row) for domain in seen.domains for row in seen.templates(domain)]
    ids = {row["id"] for _, row in rows if template in (row["id"], row["name"])}
    if not ids:
        raise NotFound(f'There is no template "{template}" in the managed domains.')
    if len(ids) > 1:
        said = f'{len(ids)} templates are called "{template}". Name one by its id: {", ".join(sorted(ids))}.'
        raise Conflict(said, code="several-templates", title="Several templates have this name.")
    where = {domain for domain, row in rows if row["id"] in ids}
    sights = [each for person in seen.people() for each in seen.of(person) if each.grant.domain in where]
    recorded = _recorded(actor, seen, sights)
    found = next(row for _, row in rows if row["id"] in ids)
    record(actor, "access.reported", held, {"template": found["id"]})
    people = [{"person": _named(each.person), **_why(seen, each, recorded)} for each in sights]
    return {"template": found, "domains": sorted(where), "people": people}


def _seen(actor: Actor, slug: str) -> tuple[Seen, Any]:
    held = get_installation(actor, slug)
    if held.template != TEMPLATE:
        said = f'"{slug}" is an installation of {held.template}, which gives nobody sight of anything by rules.'
        raise Conflict(said, code="nothing-to-report", title="There is nothing to report of this template.")
    return Seen(actor, split(held.parameters)[0]), held


def _domain(seen: Seen, domain: str, sights: list[Sight], recorded: dict[str, dict[str, Any]]) -> dict[str, Any]:
    mine = [each for each in sights if each.grant.domain == domain]
    monitors = any(seen.monitors(each.grant.role) for each in mine)
    return {
        "domain": domain,
        "roles": [_why(seen, each, recorded) for each in mine],
        "templates": seen.templates(domain),
        "jobs": seen.jobs(domain) if monitors else None,
    }


def _why(seen: Seen, sight: Sight, recorded: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        "domain": sight.grant.domain,
        "role": sight.grant.role,
        "rights": seen.rights(sight.grant.role),
        "group": sight.group,
        "way": list(sight.way),
        "rules": seen.rules_for(sight),
        "assigned": recorded.get(sight.assignment, _BEFORE),
        "joined": recorded.get(sight.membership, _BEFORE),
    }


def _recorded(actor: Actor, seen: Seen, sights: Iterable[Sight]) -> dict[str, dict[str, Any]]:
    """The cause, plan and time of the last change that made each role and membership, by its key."""
    keys = {key for each in sights for key in (each.assignment, each.membership)}
    rows = Change.objects.filter(
        plan__in=visible(actor, Plan),
        connection__in=seen.connections,
        resource__in=seen.resources,
        key__in=keys,
        operation="create",
        state__in=[ChangeState.APPLIED, ChangeState.ALREADY],
    ).select_related("plan", "plan__decided_by")
    made = {}
    for change in rows.order_by("id"):
        plan = change.plan
        made[change.key] = {
            **change.cause,
            "plan": str(plan.id),
            "change": change.position,
            "at": change.ended_at,
            "approved_by": str(plan.decided_by) if plan.decided_by else None,
        }
    return made


def _named(person: dict[str, Any]) -> dict[str, str]:
    return {"id": person["id"], "name": person["display_name"], "department": person["department"]}
