"""Templates and their installations by API."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.schema import operation
from hub.api.serializers import paged
from hub.api.views import ApiView
from workflows.api import serializers as shapes
from workflows.api.plan_shapes import PlanOutput
from workflows.api.template_shapes import (
    ConfigureInput,
    ExplainedOutput,
    InstallationOutput,
    InstallationQuery,
    InstallInput,
    PersonInput,
    TemplateOutput,
    TemplatesOutput,
    UpgradeInput,
    UpgradeOutput,
)
from workflows.engine.bell import ring
from workflows.services import runs, templates, upgrades
from workflows.services.one_person import plan_person


class TemplatesView(ApiView):
    @operation("List templates", id="templates_list", gives=TemplatesOutput)
    def get(self, request: Request) -> Response:
        found = list(templates.list_templates(self.actor).values())
        return self.answer({"items": found}, TemplatesOutput)


class TemplateView(ApiView):
    @operation("Show a template", id="templates_get", gives=TemplateOutput)
    def get(self, request: Request, template: str) -> Response:
        held = templates.get_template(self.actor, template)
        offered = templates.fitting_connections(self.actor, held)
        return Response(TemplateOutput(held, context={"connections": offered}).data)


class InstallView(ApiView):
    @operation(
        "Install a template, or bring an installation up to date", id="templates_install",
        takes=InstallInput, gives=InstallationOutput, status=201,
    )  # fmt: skip
    def post(self, request: Request, template: str) -> Response:
        made = templates.install(self.actor, template, **self.read(InstallInput))
        return self.answer(made, InstallationOutput, status=201)


class InstallationsView(ApiView):
    @operation(
        "List installations", id="installations_list", gives=paged(InstallationOutput), query=InstallationQuery
    )
    def get(self, request: Request) -> Response:
        return self.page(
            templates.list_installations(self.actor, template=self.query.get("template", "")), InstallationOutput
        )


class InstallationView(ApiView):
    @operation("Show an installation", id="installations_get", gives=InstallationOutput)
    def get(self, request: Request, installation: str) -> Response:
        return self.answer(templates.get_installation(self.actor, installation), InstallationOutput)

    @operation(
        "Change some parameters of an installation", id="installations_configure", takes=ConfigureInput,
        gives=InstallationOutput,
    )  # fmt: skip
    def patch(self, request: Request, installation: str) -> Response:
        made = templates.configure(self.actor, installation, **self.read(ConfigureInput))
        return self.answer(made, InstallationOutput)

    @operation("Remove an installation", id="installations_remove")
    def delete(self, request: Request, installation: str) -> Response:
        templates.uninstall(self.actor, installation)
        ring()
        return self.nothing()


class UpgradeView(ApiView):
    @operation("Show what an upgrade would change", id="installations_upgrade_preview", gives=UpgradeOutput)
    def get(self, request: Request, installation: str) -> Response:
        return self.answer(upgrades.preview(self.actor, installation), UpgradeOutput)

    @operation("Upgrade an installation", id="installations_upgrade", takes=UpgradeInput, gives=InstallationOutput)
    def post(self, request: Request, installation: str) -> Response:
        made = upgrades.upgrade(self.actor, installation, **self.read(UpgradeInput))
        return self.answer(made, InstallationOutput)


class SimulateView(ApiView):
    @operation("Plan what a run would change", id="installations_simulate", gives=PlanOutput, status=201)
    def post(self, request: Request, installation: str) -> Response:
        return self.answer(templates.simulate(self.actor, installation), PlanOutput, status=201)


class PlanPersonView(ApiView):
    @operation(
        "Plan for one person, and say why", id="installations_plan_person", takes=PersonInput, gives=ExplainedOutput,
        status=201,
    )  # fmt: skip
    def post(self, request: Request, installation: str) -> Response:
        made = plan_person(self.actor, installation, **self.read(PersonInput))
        return self.answer(made, ExplainedOutput, status=201)


class RunInstallationView(ApiView):
    @operation(
        "Start a run of an installation",
        id="installations_run",
        takes=shapes.StartInput,
        gives=shapes.RunOutput,
        status=202,
    )
    def post(self, request: Request, installation: str) -> Response:
        started = templates.run(self.actor, installation, **self.read(shapes.StartInput))
        ring()
        return self.answer(runs.get_run(self.actor, started.id), shapes.RunOutput, status=202)
