"""The graphs of versions. A version never changes, so each is read and made once per process."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from workflows.graph.document import migrate
from workflows.graph.graph import Graph
from workflows.models import Version


@lru_cache(maxsize=500)
def graph_of(version_id: UUID) -> Graph:
    return Graph.of(migrate(Version.objects.values_list("document", flat=True).get(id=version_id)))
