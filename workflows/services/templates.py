"""What people do to templates and their installations. One function a verb."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from hub.accounts.access import Actor, allow, fetch, visible
from hub.accounts.models import SLUG, Workspace
from hub.api.errors import Conflict, FieldProblem, Invalid, NotFound, Taken
from hub.audit import record
from hub.connections.models import Connection
from hub.expr import literal
from hub.registry import catalog
from workflows.engine import plans
from workflows.graph.document import FORMAT, migrate
from workflows.graph.merging import merged
from workflows.models import Installation, Memory, Plan, Run
from workflows.planning.schedules import ScheduleError, parse_rule
from workflows.reconcile.claims import Claim, clashes
from workflows.reconcile.contract import connections_in, connectors_of, fits, misfits, problems_of
from workflows.services import live, runs, workflows
from workflows.templates.gallery import Template, templates
from workflows.templates.starting import EVENTS, SCHEDULE, split, triggers

_INSTALLED = Installation.objects.filter(removed_at=None).select_related("workflow", "workflow__published")
PLAN_STEP = "plan"
"""The step of every template's document that makes the plan."""


def list_templates(actor: Actor) -> Mapping[str, Template]:
    allow(actor, "template.view")
    return templates()


def get_template(actor: Actor, name: str) -> Template:
    """Raises NotFound."""
    allow(actor, "template.view")
    if name not in templates():
        raise NotFound(f'There is no template "{name}". There are: {", ".join(templates())}.')
    return templates()[name]


def fitting_connections(actor: Actor, template: Template) -> dict[str, list[Connection]]:
    """Of each parameter that names a connection, those of the workspace that it may name."""
    allow(actor, "connection.view")
    held = list(visible(actor, Connection).order_by("name"))
    return {
        name: [each for each in held if fits(each.connector, wanted)]
        for name, wanted in connections_in(template.parameters)
    }


def list_installations(actor: Actor, *, template: str = "") -> QuerySet[Installation]:
    allow(actor, "template.view")
    rows = visible(actor, _INSTALLED)
    return rows.filter(template=template) if template else rows


def get_installation(actor: Actor, slug: str) -> Installation:
    """Raises NotFound, which names those that are there."""
    held = list_installations(actor).filter(slug=slug).first()
    if held is None:
        there = ", ".join(each.slug for each in list_installations(actor).order_by("slug")[:20])
        others = f"There are: {there}." if there else "None is installed."
        raise NotFound(f'There is no installation "{slug}" in this workspace. {others}')
    return held


def install(
    actor: Actor, name: str, *, slug: str, parameters: dict[str, Any], ask_services: bool = True
) -> Installation:
    """Make the template's workflow, published and switched on; of an installation that is there, a new version.

    Asks the services whether what the parameters name is there, unless `ask_services` is False. Raises Invalid with
    the place of each problem, Conflict when something else has the slug, and ProblemError when a service does not
    tell.
    """
    allow(actor, "template.install")
    template = get_template(actor, name)
    _check(actor, template, slug, parameters)
    if ask_services and (missing := live.check(actor, template.parameters, parameters)):
        raise Invalid("The parameters name what is not there.", code="not-there", errors=missing)
    with transaction.atomic():
        _check_claims(actor, template, slug, parameters)
        return _install(actor, template, slug, parameters)


def configure(actor: Actor, slug: str, *, parameters: Any, ask_services: bool = True) -> Installation:
    """Give an installation these parameters; those that are not named stay. Raises as `install` does."""
    held = get_installation(actor, slug)
    if not isinstance(parameters, dict):
        place: FieldProblem = {"pointer": "/parameters", "code": "type", "detail": "Parameters are a JSON object."}
        raise Invalid(errors=[place])
    given = held.parameters | parameters
    return install(actor, held.template, slug=slug, parameters=given, ask_services=ask_services)


@transaction.atomic
def _install(actor: Actor, template: Template, slug: str, parameters: dict[str, Any]) -> Installation:
    name = template.name
    held = visible(actor, Installation.objects.select_for_update()).filter(slug=slug).first()
    if held is not None and held.template != name:
        raise Taken(f'"{slug}" is an installation of {held.template}. Choose another slug.', code="slug-taken")
    held = held or Installation(workspace=actor.workspace, slug=slug, template=name)
    made = document_of(actor, template, slug, parameters)
    document = _with_changes_here(held, made)
    held.made = made
    if held.workflow is None:
        held.workflow = workflows.create_workflow(actor, slug=slug, document=document)
    else:
        held.workflow = workflows.save_draft(
            actor, slug, document=document, revision=workflows.get_workflow(actor, slug).revision
        )
    workflows.publish(
        actor, slug, revision=held.workflow.revision, message=f"{template.title}, version {template.version}"
    )
    workflows.switch(actor, slug, on=True)
    held.parameters, held.version, held.removed_at = parameters, template.version, None
    held.save()
    record(actor, "template.installed", held, {"template": name, "version": template.version})
    return get_installation(actor, slug)


def _with_changes_here(held: Installation, made: dict[str, Any]) -> dict[str, Any]:
    """What was changed in the designer and published stays; where the parameters ask otherwise, they win."""
    published = held.workflow.published if held.workflow else None
    if published is None or held.made is None or held.removed_at is not None:
        return made
    return merged(migrate(held.made), migrate(published.document), made, they_win=True).document


@transaction.atomic
def uninstall(actor: Actor, slug: str) -> None:
    """Remove an installation. Its workflow, runs and plans stay to be read; nothing starts or is applied any more."""
    allow(actor, "template.install")
    held = fetch(actor, _INSTALLED, slug=slug, locked=True)
    subject = plans.subject_of(slug, PLAN_STEP)
    plans.give_way(visible(actor, Plan).filter(subject=subject, state__in=plans.OPEN, undoes=None))
    visible(actor, Memory).filter(subject=subject).delete()
    held.removed_at = timezone.now()
    held.save()
    if held.workflow is not None:
        workflows.retire(actor, slug)
    record(actor, "template.removed", held, {"template": held.template})


def simulate(actor: Actor, slug: str) -> Plan:
    """Make the plan: what would be changed now, and why. Nothing is written to any service."""
    allow(actor, "plan.create")
    held = ready(actor, slug)
    template = get_template(actor, held.template)
    reconcile = template.reconcile
    if reconcile is None:
        writes = "; ".join(template.writes)
        said = (
            f"This template makes no plan that could be simulated, and nothing was written. A run writes: {writes}."
        )
        raise Conflict(said, code="nothing-to-simulate", title="This template makes no plan.")
    given, _ = split(held.parameters)
    if wrong := problems_of(reconcile, actor, given):
        raise Invalid(errors=wrong)
    subject = plans.subject_of(slug, PLAN_STEP)
    title, past = f"{reconcile.title}: {slug}", plans.past_of(actor.workspace, subject)
    with reconcile.draft(actor, given, title=title, past=past) as draft, transaction.atomic():
        plan = plans.keep(draft, workspace=actor.workspace, subject=subject, made_by=actor.person)
        record(actor, "plan.made", plan, {"template": held.template, "installation": slug, "counts": plan.counts})
    return plan


def run(actor: Actor, slug: str, *, payload: dict[str, Any] | None = None, key: str | None = None) -> Run:
    """Start the workflow by hand. The caller rings the bell after the commit."""
    return runs.start_run(actor, ready(actor, slug).slug, payload=payload or {}, key=key)


def ready(actor: Actor, slug: str) -> Installation:
    """The installation with its workflow, which one of the time before templates were workflows gets now.

    Nothing but people started it then, and nothing else starts it before somebody installs it anew.
    """
    held = get_installation(actor, slug)
    if held.workflow is None:
        parameters = held.parameters | {EVENTS: False, SCHEDULE: held.parameters.get(SCHEDULE)}
        system, template = Actor.system(actor.workspace), get_template(actor, held.template)
        _check(system, template, slug, parameters)
        return _install(system, template, slug, parameters)
    return held


def _check(actor: Actor, template: Template, slug: str, parameters: Any) -> None:
    errors: list[FieldProblem] = []
    try:
        SLUG(slug)
    except ValidationError as wrong:
        errors.append({"pointer": "/slug", "code": "slug", "detail": " ".join(wrong.messages)})
    if not isinstance(parameters, dict):
        errors.append({"pointer": "/parameters", "code": "type", "detail": "Parameters are a JSON object."})
        raise Invalid(errors=errors)
    given, when = split(parameters)
    errors += [*_of_starting(template, when), *problems_of(template.given, actor, given)]
    if errors:
        raise Invalid(errors=errors)


def _check_claims(actor: Actor, template: Template, slug: str, parameters: dict[str, Any]) -> None:
    """Two installations that keep the same objects as they are wanted would undo each other's changes."""
    # One installs at a time in a workspace: nobody claims the same while we look.
    Workspace.objects.select_for_update().get(id=actor.workspace.id)
    rows = visible(actor, Installation.objects.filter(removed_at=None)).exclude(slug=slug)
    others = {each.slug: list(_claims_of(each.template, each.parameters)) for each in rows}
    if found := list(clashes(_claims_of(template.name, parameters), others)):
        raise Invalid("Another installation manages the same.", code="clash", errors=found)


def _claims_of(name: str, parameters: dict[str, Any]) -> Iterable[Claim]:
    """Nothing is known of a template that is not there any more."""
    held = templates().get(name)
    return held.given.claims(split(parameters)[0]) if held else ()


def _of_starting(template: Template, when: dict[str, Any]) -> Iterator[FieldProblem]:
    offered = template.parameters["properties"]
    wrong = [each for name, given in when.items() for each in misfits(offered.get(name, False), given, name)]
    yield from wrong
    if when.get(SCHEDULE) and not wrong:
        try:
            parse_rule(when[SCHEDULE])
        except ScheduleError as trouble:
            place = f"/parameters/{SCHEDULE}/{trouble.field}"
            yield {"pointer": place, "code": "schedule", "detail": trouble.message}


def document_of(actor: Actor, template: Template, slug: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """The workflow that the template makes of these parameters, as this Lockgate has it."""
    given, _ = split(parameters)
    connectors, events = connectors_of(template.given.parameters, actor, given), template.events
    if events and f"{connectors[events.connection]}.{events.source}" not in catalog().event_sources:
        events = None
    return {
        "format": FORMAT,
        "name": f"{template.title}: {slug}"[:200],
        "description": template.summary,
        "triggers": list(triggers(parameters, events, connectors, template.nightly)),
        **template.document(literal(given)),
    }
