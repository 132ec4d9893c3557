"""What is wrong with what a document says about its runs as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workflows.graph.problem import Catalog, Problem, close_to


def check_options(document: dict[str, Any], catalog: Catalog) -> Iterator[Problem]:
    """The shape is judged elsewhere; what has none is left alone here."""
    failure = document.get("on_failure")
    if isinstance(failure, dict) and isinstance(failure.get("workflow"), str):
        yield from _of_failure(failure["workflow"], catalog)


def _of_failure(slug: str, catalog: Catalog) -> Iterator[Problem]:
    place = "on_failure/workflow"
    if slug == catalog.workflow:
        yield Problem(
            "workflow-in-itself", "A workflow cannot be its own error workflow.", "", place,
            "Choose another workflow.",
        )  # fmt: skip
    elif not catalog.workflows.get(slug):
        said = "has no published version" if slug in catalog.workflows else "is not there"
        yield Problem(
            "unknown-workflow", f'The error workflow "{slug}" {said}.', "", place,
            "Publish it first." if slug in catalog.workflows else close_to(slug, catalog.workflows) or "Choose one.",
        )  # fmt: skip
