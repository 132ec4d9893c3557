"""A published workflow that is switched on, with the triggers of the test."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hub.accounts.access import Actor
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import actor
from workflows.models import Trigger
from workflows.services.workflows import create_workflow, publish, save_draft, switch

__all__ = ["Triggered", "actor", "triggered"]
Triggered = Callable[..., Trigger]


@pytest.fixture
def triggered(actor: Actor) -> Triggered:
    """Publish `a` with one trigger of this kind and switch it on. The same slug again publishes a newer version."""

    def make(kind: str, slug: str = "drawn", *, on: bool = True, **settings: Any) -> Trigger:
        document = drawn("a") | {"triggers": [{"id": "t", "kind": kind, "settings": settings}]}
        held = Trigger.objects.filter(workflow__slug=slug).select_related("workflow").first()
        if held is None:
            revision = create_workflow(actor, slug=slug, document=document).revision
        else:
            revision = save_draft(actor, slug, document=document, revision=held.workflow.revision).revision
        publish(actor, slug, revision=revision)
        if on:
            switch(actor, slug, on=True)
        return Trigger.objects.get(workflow__slug=slug)

    return make
