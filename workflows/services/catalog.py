"""What the documents of one workspace may name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.accounts.access import Actor, visible
from hub.connections.models import Connection
from hub.registry import catalog
from workflows.models import Workflow
from workflows.templates.gallery import reconciles


@dataclass(frozen=True)
class WorkspaceCatalog:
    """What this installation offers, and the connections and workflows of one workspace."""

    actions: Mapping[str, Mapping[str, Any]]
    connections: Mapping[str, str]
    sources: Mapping[str, Mapping[str, Any]]
    reconciles: Mapping[str, Mapping[str, Any]]
    workflows: Mapping[str, bool]
    workflow: str = ""


def catalog_of(actor: Actor, workflow: str = "") -> WorkspaceCatalog:
    """Made anew for each check: connections and workflows come and go. `workflow` is the document's own."""
    return WorkspaceCatalog(
        actions={name: entry.input_schema for name, entry in catalog().actions.items()},
        connections=dict(visible(actor, Connection).values_list("slug", "connector")),
        sources={name: entry.input_schema for name, entry in catalog().event_sources.items()},
        reconciles={name: reconcile.parameters for name, reconcile in reconciles().items()},
        workflows={
            slug: published is not None
            for slug, published in visible(actor, Workflow).values_list("slug", "published_id")
        },
        workflow=workflow,
    )
