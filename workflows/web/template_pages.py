"""Pages of templates and what is installed of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from hub.accounts.access import Actor
from hub.api.errors import FieldProblem, ProblemError
from hub.api.handling import problem_of
from hub.sdk import ConnectorError
from hub.web.pages import page
from hub.web.schema_forms import fields_of, values_from
from workflows.engine.bell import ring
from workflows.services import templates as services
from workflows.templates.gallery import Template


@page("template.view")
def templates(request: HttpRequest, actor: Actor) -> HttpResponse:
    rows = [
        {"template": each, "installed": services.list_installations(actor, template=each.name)}
        for each in services.list_templates(actor).values()
    ]
    return render(request, "workflows/templates.html", {"rows": rows})


@page("template.view")
def template(request: HttpRequest, actor: Actor, name: str) -> HttpResponse:
    """What a template does, what is installed of it, and the form that installs it; of ?slug= to change that one."""
    held = services.get_template(actor, name)
    slug = request.GET.get("slug", "")
    values = services.get_installation(actor, slug).parameters if slug else {}
    return _show(request, actor, held, slug=slug, values=values)


@require_POST
@page("template.install")
def install(request: HttpRequest, actor: Actor, name: str) -> HttpResponse:
    held = services.get_template(actor, name)
    slug, values = request.POST.get("slug", "").strip(), values_from(held.parameters, request.POST.dict())
    try:
        services.install(actor, name, slug=slug, parameters=values)
    except (ProblemError, ConnectorError) as trouble:
        return _show(request, actor, held, slug=slug, values=values, problem=problem_of(trouble))
    then = " Simulate it to see what it would change." if held.reconcile else ""
    messages.success(request, f"{slug} is installed.{then}", extra_tags="good")
    return redirect("template", name=name)


@require_POST
@page("template.view")
def act(request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
    """Simulate, run or remove: the button that was pressed says which."""
    held = services.get_installation(actor, slug)
    match request.POST.get("verb"):
        case "simulate":
            return redirect("plan", plan_id=services.simulate(actor, slug).id)
        case "run":
            started = services.run(actor, slug)
            ring()
            return redirect("run", run_id=started.id)
        case "remove":
            services.uninstall(actor, slug)
            ring()
            messages.success(request, f"{slug} is removed. Its runs and plans can still be read.", extra_tags="good")
        case _:
            messages.error(request, "There is no such button.", "bad")
    return redirect("template", name=held.template)


def _show(
    request: HttpRequest,
    actor: Actor,
    held: Template,
    *,
    slug: str,
    values: dict[str, Any],
    problem: ProblemError | None = None,
) -> HttpResponse:
    errors = problem.errors if problem else []
    shown = {
        "template": held,
        "installed": services.list_installations(actor, template=held.name),
        "slug": slug,
        "fields": fields_of(held.parameters, values=values, errors=[_at_its_control(each) for each in errors]),
        "problem": problem,
        "wrong": errors,
        "open": bool(slug or problem),
        "may_install": actor.may("template.install"),
        "may_simulate": held.reconcile is not None and actor.may("plan.create"),
        "may_run": actor.may("run.start"),
    }
    return render(request, "workflows/template.html", shown, status=problem.status if problem else 200)


def _at_its_control(error: FieldProblem) -> FieldProblem:
    """The form calls settings what the template calls parameters. What is wrong deeper inside says where."""
    first, _, deeper = error["pointer"].removeprefix("/parameters/").partition("/")
    detail = f"{deeper}: {error['detail']}" if deeper else error["detail"]
    return {**error, "pointer": f"/settings/{first}", "detail": detail}
