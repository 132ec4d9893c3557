"""The designer's page, and the buttons that make workflows."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from hub.accounts.access import Actor
from hub.api.errors import ProblemError
from hub.web.pages import page
from workflows.services import making
from workflows.services import workflows as workflow_services

LARGEST_IMPORT = 2_000_000


@require_POST
@page("workflow.edit")
def make(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A new workflow from a name, or from a file when one was chosen."""
    file = request.FILES.get("document")
    try:
        if file is None:
            made = making.make_named(actor, name=request.POST.get("name", ""))
        else:
            made = making.import_document(actor, document=json.loads(file.read(LARGEST_IMPORT + 1)))
    except ValueError:
        messages.error(request, "The file is not JSON. Choose a workflow that was exported here.", "bad")
        return redirect("workflows")
    except ProblemError as trouble:
        messages.error(request, trouble.detail, "bad")
        return redirect("workflows")
    return redirect("workflow-design", slug=made.slug)


@require_POST
@page("workflow.edit")
def duplicate(request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
    return redirect("workflow-design", slug=making.duplicate_workflow(actor, slug).slug)


@page("workflow.view")
def export(request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
    """The draft as a file. It names connections, and holds nothing of them."""
    held = workflow_services.get_workflow(actor, slug)
    text = json.dumps(held.draft, indent=2, ensure_ascii=False)
    return HttpResponse(
        text, content_type="application/json", headers={"Content-Disposition": f'attachment; filename="{slug}.json"'}
    )
