"""Templates by command: the same services as everybody's."""

from __future__ import annotations

import json
from argparse import SUPPRESS
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError
from django.db.models import Q

from hub.accounts.access import Actor, visible
from hub.accounts.models import Person, Workspace
from hub.accounts.roles import Role
from hub.api.errors import ProblemError
from hub.connections.models import Connection
from hub.sdk import ConnectorError
from workflows.engine.bell import ring
from workflows.models import Installation, Plan, PlanState
from workflows.reconcile.contract import connections_in
from workflows.services import access_lines, access_reports, plans, templates, upgrades, workflows
from workflows.services.one_person import plan_person
from workflows.templates.gallery import Template

_SWITCHED = {
    "pause": "Paused. Only people start it now; what runs already goes on. Again: manage.py template resume {slug}",
    "resume": "Resumed. Its schedule, events and webhooks start it again.",
}


class Command(BaseCommand):
    help = (
        "Templates: list, install, configure and upgrade them, simulate and run them, decide, apply and undo plans."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workspace", default="main")
        who = CommandParser(add_help=False)
        for each, otherwise in ((parser, ""), (who, SUPPRESS)):  # Before the verb, or after it.
            each.add_argument(
                "--as", dest="operator", default=otherwise, metavar="NAME",
                help="who does it, by user name or mail address; otherwise the first administrator",
            )  # fmt: skip
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("list", parents=[who], help="the templates, and what is installed")
        verbs.add_parser(
            "parameters", parents=[who], help="print the JSON Schema of a template's parameters"
        ).add_argument("template")
        verbs.add_parser("sample", parents=[who], help="print parameters that fit the sandboxes").add_argument(
            "template"
        )
        access = verbs.add_parser(
            "access", parents=[who], help="say who sees what in Exstream, and why (role-based access)"
        )
        access.add_argument("slug")
        asked = access.add_mutually_exclusive_group(required=True)
        asked.add_argument("--person", help="id, user name or mail address")
        asked.add_argument("--template", help="id or name of a template in Exstream")
        install = verbs.add_parser(
            "install", parents=[who], help="make a workflow of a template, or bring one up to date"
        )
        install.add_argument("template")
        install.add_argument("slug")
        install.add_argument("parameters", type=Path, help="a JSON file")
        install.add_argument(
            "--unchecked",
            action="store_true",
            help="do not ask the services if what it names is there",
        )
        for verb, words in (
            ("simulate", "make a plan and show it; nothing is written"),
            ("pause", "nothing starts it but people, until it is resumed"),
            ("resume", "let its schedule, events and webhooks start it again"),
            ("remove", "take it out of service; its runs and plans stay"),
        ):
            verbs.add_parser(verb, parents=[who], help=words).add_argument("slug")
        run = verbs.add_parser(
            "run", parents=[who], help="start the workflow: plan, approval where it is needed, apply"
        )
        run.add_argument("slug")
        run.add_argument(
            "--payload", type=Path, metavar="FILE", help="a JSON object that it starts with, such as a request"
        )
        person = verbs.add_parser(
            "person", parents=[who], help="make a plan for one person, and say why; nothing is written"
        )
        person.add_argument("slug")
        person.add_argument("person", help="the id in the directory: amara.diallo@Northwind")
        configure = verbs.add_parser(
            "configure", parents=[who], help="change some parameters of what is installed; the others stay"
        )
        configure.add_argument("slug")
        configure.add_argument(
            "--set", dest="changes", action="append", required=True, metavar="NAME=VALUE",
            help="a parameter and its value, as JSON or as text; can be given several times",
        )  # fmt: skip
        configure.add_argument(
            "--unchecked", action="store_true", help="do not ask the services if what it names is there"
        )
        upgrade = verbs.add_parser(
            "upgrade",
            parents=[who],
            help="show what the template changed and what was changed here; bring it up to date",
        )
        upgrade.add_argument("slug")
        upgrade.add_argument(
            "--take", action="append", default=[], metavar="NAME",
            help="of what both changed: take the template's, not yours; can be given several times",
        )  # fmt: skip
        upgrade.add_argument("--apply", action="store_true", help="do it; otherwise it is only shown")
        for verb, words in (
            ("show", "show a plan, with the digest that a decision names"),
            ("apply", "apply an approved plan"),
            ("undo", "make the plan that takes a plan back"),
        ):
            verbs.add_parser(verb, parents=[who], help=words).add_argument("plan")
        for verb, words in (("approve", "approve exactly the plan with this digest"), ("reject", "reject it")):
            decide = verbs.add_parser(verb, parents=[who], help=f"{words}; needs --as somebody who did not make it")
            decide.add_argument("plan")
            decide.add_argument("--digest", required=True, help='as "show" prints it')
            decide.add_argument("--comment", default="", help="why")

    def handle(self, *, verb: str, workspace: str, operator: str, **options: Any) -> None:
        try:
            self._in(workspace, verb, operator, options)
        except OperationalError:
            raise CommandError(
                f"The database of the hub on {settings.DATA} does not answer. Start the hub: python3 manage.py up; "
                "or say which hub is meant: --data FOLDER."
            ) from None

    def _in(self, workspace: str, verb: str, operator: str, options: dict[str, Any]) -> None:
        place = Workspace.objects.filter(slug=workspace).first()
        if place is None:
            raise CommandError(f'There is no workspace "{workspace}".')
        try:
            self._do(operator_of(place, operator), verb, options)
        except ProblemError as problem:
            lines = [problem.detail, *(f"  {each['pointer']}: {each['detail']}" for each in problem.errors)]
            raise CommandError("\n".join(lines)) from None
        except ConnectorError as trouble:
            raise CommandError(trouble.message) from None

    def _do(self, actor: Actor, verb: str, options: dict[str, Any]) -> None:
        match verb:
            case "list":
                self.stdout.write(_listed(actor))
            case "parameters":
                template = templates.get_template(actor, options["template"])
                self.stdout.write(json.dumps(template.parameters, indent=2))
            case "sample":
                template = templates.get_template(actor, options["template"])
                self.stdout.write(json.dumps(template.sample, indent=2))
                for name in _missing_connections(actor, template):
                    self.stderr.write(f'It names the connection "{name}", which this workspace does not have yet.')
            case "access":
                self.stdout.write(_access(actor, **options))
            case "install":
                given = _json(options["parameters"])
                held = templates.install(
                    actor,
                    options["template"],
                    slug=options["slug"],
                    parameters=given,
                    ask_services=not options["unchecked"],
                )
                makes_plans = templates.get_template(actor, options["template"]).reconcile is not None
                verb = "simulate" if makes_plans else "run"
                self.stdout.write(f'Installed. Next: manage.py template {verb} "{held.slug}"')
            case "simulate":
                self._show(templates.simulate(actor, options["slug"]))
            case "person":
                made = plan_person(actor, options["slug"], options["person"])
                lines = [f"{each['step']:9} {each['said']}" for each in made.steps]
                self.stdout.write("\n".join([f"Plan {made.plan.id}: {made.plan.title}", *lines]))
            case "run":
                started = templates.run(actor, options["slug"], payload=_payload(options["payload"]))
                ring()
                self.stdout.write(f"Started: {settings.PUBLIC_URL}/runs/{started.id}")
            case "pause" | "resume":
                held = templates.ready(actor, options["slug"])
                workflows.switch(actor, held.slug, on=verb == "resume")
                self.stdout.write(_SWITCHED[verb].format(slug=held.slug))
            case "remove":
                templates.uninstall(actor, options["slug"])
                self.stdout.write("Removed. Its workflow, runs and plans can still be read.")
            case "configure":
                template = templates.get_template(actor, templates.get_installation(actor, options["slug"]).template)
                changes = dict(_change(each, template) for each in options["changes"])
                templates.configure(actor, options["slug"], parameters=changes, ask_services=not options["unchecked"])
                self.stdout.write(f"Configured, and published: {', '.join(changes)}.")
            case "upgrade":
                self._upgrade(actor, **options)
            case "show":
                self.stdout.write(told(plan := plans.get_plan(actor, options["plan"])))
                self.stdout.write(f"  digest {plan.digest}")
            case "approve" | "reject":
                decided = plans.decide(
                    actor, options["plan"], approve=verb == "approve", digest=options["digest"],
                    comment=options["comment"],
                )  # fmt: skip
                ring()
                self.stdout.write(f"Plan {decided.id}: {decided.state}")
            case "apply":
                self.stdout.write(told(plans.apply_plan(actor, options["plan"])))
            case "undo":
                self._show(plans.undo_plan(actor, options["plan"]))

    def _upgrade(self, actor: Actor, *, slug: str, take: list[str], apply: bool, **_: Any) -> None:
        asked = upgrades.preview(actor, slug)
        self.stdout.write(upgrades.said(asked, take))
        if unknown := sorted(set(take) - set(asked.together().conflicts)):
            raise CommandError(f"Not changed by both: {', '.join(unknown)}. Nothing was upgraded.")
        if not apply:
            self.stdout.write(f'Nothing was changed. To do it: manage.py template upgrade "{slug}" --apply')
            return
        document = asked.together(take).document
        upgrades.upgrade(actor, slug, document=document, revision=asked.revision, to_version=asked.to_version)
        self.stdout.write(f"Upgraded to version {asked.to_version}, and published.")

    def _show(self, plan: Plan) -> None:
        """A plan that was just made. Scripts notice by the exit code that a guard refused it."""
        self.stdout.write(told(plan))
        if plan.state == PlanState.REFUSED:
            raise SystemExit(1)


def operator_of(workspace: Workspace, name: str) -> Actor:
    """Who runs the command: what it makes is theirs, so that somebody else decides about it. Raises CommandError."""
    members = Person.objects.filter(is_active=True, memberships__workspace=workspace)
    if name:
        found = list(members.filter(Q(username__iexact=name) | Q(email__iexact=name))[:2])
        if len(found) != 1:
            said = "There are several people with that address" if found else f'There is no "{name}"'
            raise CommandError(f'{said} in the workspace "{workspace.slug}". Give a user name: --as NAME')
        return Actor.member(found[0], workspace)
    administrators = members.filter(memberships__roles__contains=[Role.ADMIN])
    first = administrators.order_by("-is_superuser", "id").first()
    if first is None:
        raise CommandError(f'Nobody administers the workspace "{workspace.slug}". Say who does this: --as NAME')
    return Actor.member(first, workspace)


def _access(actor: Actor, slug: str, person: str | None, template: str | None, **_: Any) -> str:
    if person:
        return access_lines.of_person(access_reports.of_person(actor, slug, person))
    return access_lines.of_template(access_reports.of_template(actor, slug, str(template)))


def _change(given: str, template: Template) -> tuple[str, Any]:
    """NAME=VALUE. What its schema knows as text is text, also when it could be read as JSON."""
    name, is_set, value = given.partition("=")
    if not is_set or not name:
        raise CommandError(f'"{given}" is no NAME=VALUE.')
    if template.parameters["properties"].get(name, {}).get("type") == "string":
        return name, value
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _payload(file: Path | None) -> dict[str, Any]:
    given = _json(file) if file else {}
    if not isinstance(given, dict):
        raise CommandError(f"{file} must hold a JSON object.")
    return given


def _json(file: Path) -> Any:
    try:
        return json.loads(file.read_text())
    except (OSError, ValueError) as error:
        raise CommandError(f"{file} cannot be read as JSON: {error}.") from None


def _listed(actor: Actor) -> str:
    lines = []
    for name, template in templates.list_templates(actor).items():
        lines.append(f"{name}: {template.title}, version {template.version}")
        installed = templates.list_installations(actor, template=name)
        lines += [f"  installed as {held.slug}{_condition(held, template.version)}" for held in installed]
    return "\n".join(lines)


def _condition(held: Installation, newest: int) -> str:
    said = [] if held.workflow is None or held.workflow.is_active else ["paused"]
    if held.version < newest:
        said.append(f"of version {held.version}, can be upgraded")
    return f" ({'; '.join(said)})" if said else ""


def _missing_connections(actor: Actor, template: Template) -> list[str]:
    named = {template.sample[name] for name, _ in connections_in(template.parameters) if template.sample.get(name)}
    return sorted(named - set(visible(actor, Connection).values_list("slug", flat=True)))


def told(plan: Plan, *, most: int = 40) -> str:
    """A plan in lines."""
    total = plan.changes.count()
    lines = [f"Plan {plan.id}: {plan.title}"]
    if plan.state == PlanState.REFUSED or total:
        lines.append(f"  {plan.state}: {PlanState(plan.state).label}")
    lines += [f"  {guard['message']}" for guard in plan.guards if not guard["passed"] or guard.get("warning")]
    for change in plan.changes.all()[:most]:
        note = f" ({change.message})" if change.message else ""
        lines.append(f"  {change.state:8} {change.operation:7} {change.title}{note}")
    if total > most:
        lines.append(f"  ... and {total - most} more")
    if not total and plan.state != PlanState.REFUSED:
        lines.append("  Everything is as it should be: there is nothing to change.")
    return "\n".join(lines)
