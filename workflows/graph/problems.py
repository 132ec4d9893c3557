"""Everything that is wrong with a document, at once, each with its place and a hint."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from workflows.graph.document import UnknownFormat, migrate
from workflows.graph.edges import check_edges
from workflows.graph.expressions import check_expressions
from workflows.graph.graph import Edge, Graph, step_of
from workflows.graph.problem import Catalog, Problem
from workflows.graph.shape import check_shape, is_too_deep
from workflows.graph.steps import check_step

__all__ = ["Catalog", "Problem", "problems"]


def problems(document: Any, catalog: Catalog) -> list[Problem]:
    """Every problem of the document. An empty list means that it can be published.

    What has no proper shape is said, and left out of what is looked at next, so that it hides nothing else.
    """
    if not isinstance(document, dict):
        return [
            Problem("not-a-document", "A workflow document is a JSON object.", hint="Export one to see its shape.")
        ]
    if is_too_deep(document):
        return [Problem("too-deep", "Lists and objects are nested too deeply.", hint="Nest them less.")]
    try:
        document = migrate(document)
    except UnknownFormat as error:
        return [Problem("unknown-format", str(error), field="format", hint="Set it to the format of the document.")]
    found, sound = check_shape(document)
    ids = _ids(document)
    found += _of_repeated(ids, sound["triggers"])
    steps = {step["id"]: step_of(step) for step in sound["steps"]}
    edges = [Edge(each["from"], each.get("port", "ok"), each["to"]) for each in sound["edges"]]
    # An edge of a step that cannot be read still says what comes before what.
    graph = Graph(steps, tuple(edges))
    for held in sound["steps"]:
        step = step_of(held)
        found += check_expressions(step, graph, set(ids))
        found += check_step(step, catalog)
    if document.get("steps") == []:
        found.append(Problem("no-steps", "The workflow has no step.", field="steps", hint="Add one."))
    found += check_edges(steps, sound["edges"], set(ids))
    return found


def _ids(document: dict[str, Any]) -> list[str]:
    steps = document.get("steps")
    held = [step.get("id") for step in steps if isinstance(step, dict)] if isinstance(steps, list) else []
    return [each for each in held if isinstance(each, str)]


def _of_repeated(ids: Sequence[str], triggers: Sequence[dict[str, Any]]) -> Iterator[Problem]:
    for step in dict.fromkeys(each for at, each in enumerate(ids) if each in ids[:at]):
        yield Problem("duplicate-step", f'Two steps are called "{step}".', step, "id", "Rename one of them.")
    names = [trigger["id"] for trigger in triggers]
    for number, name in enumerate(names):
        if name in names[:number]:
            yield Problem(
                "duplicate-trigger", f'Two triggers are called "{name}".', "", f"triggers/{number}/id",
                "Rename one of them.",
            )  # fmt: skip
