"""Everything that is wrong with a document, at once, each with its place and a hint."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from hub.sdk.sentence import Sentence
from workflows.graph.document import BODY_KINDS, KINDS, UnknownFormat, migrate
from workflows.graph.edges import check_edges
from workflows.graph.expressions import check_expressions
from workflows.graph.graph import BODIES, Edge, Graph, Step, step_of
from workflows.graph.options import check_options
from workflows.graph.problem import Catalog, Problem
from workflows.graph.shape import check_shape, is_too_deep
from workflows.graph.steps import check_step

DEEPEST_BODY = 3
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
        return [Problem("unknown-format", error.args[0], field="format", hint=error.hint)]
    found, sound = check_shape(document)
    ids = _ids(document)
    found += _of_repeated(ids, sound["triggers"])
    found += _of_level(sound["steps"], sound["edges"], catalog, set(ids))
    found += check_options(document, catalog, set(ids))
    if document.get("steps") == []:
        found.append(Problem("no-steps", "The workflow has no step.", field="steps", hint="Add one."))
    return found


def _of_level(
    held: Sequence[dict[str, Any]], edges: Sequence[dict[str, Any]], catalog: Catalog, ids: set[str],
    outer: set[str] | None = None, depth: int = 0,
) -> list[Problem]:  # fmt: skip
    """Of the steps of the document, or of a body: these may read what is before the step they are in."""
    steps = {step["id"]: step_of(step) for step in held}
    # An edge of a step that cannot be read still says what comes before what.
    graph = Graph(steps, tuple(Edge(each["from"], each.get("port", "ok"), each["to"]) for each in edges))
    found: list[Problem] = []
    for each in held:
        step = step_of(each)
        found += check_expressions(step, graph, ids, outer)
        if step.kind not in KINDS:
            continue
        found += check_step(step, catalog)
        if body := each.get("body"):
            found += _of_body(step, body, catalog, ids, graph.before(step.id) | (outer or set()), depth + 1)
    return found + list(check_edges(steps, edges, set(steps) if depth else ids))


def _of_body(
    step: Step, body: dict[str, Any], catalog: Catalog, ids: set[str], outer: set[str], depth: int
) -> list[Problem]:
    if step.kind not in BODIES:
        return [
            Problem(
                "body", Sentence('Step "{step}" cannot have a body.', step=step.title), step.id, "body", "Remove it."
            )
        ]
    if depth > DEEPEST_BODY:
        said = Sentence("Bodies are in bodies more than {most} deep.", most=DEEPEST_BODY)
        return [Problem("body", said, step.id, "body", "Use the step that starts another workflow.")]
    found = _of_level(body["steps"], body.get("edges", []), catalog, ids, outer, depth)
    found += [
        Problem(
            "body",
            Sentence("A body cannot hold steps of the kind {kind}.", kind=each["kind"]),
            each["id"],
            "kind",
            "Move it.",
        )
        for each in body["steps"]
        if each["kind"] in KINDS and each["kind"] not in BODY_KINDS
    ]
    return [each if each.step else replace(each, step=step.id, field=f"body/{each.field}") for each in found]


def _ids(document: Any) -> list[str]:
    steps = document.get("steps") if isinstance(document, dict) else None
    made: list[str] = []
    for step in steps if isinstance(steps, list) else []:
        if isinstance(step, dict):
            made += [step["id"]] if isinstance(step.get("id"), str) else []
            made += _ids(step.get("body"))
    return made


def _of_repeated(ids: Sequence[str], triggers: Sequence[dict[str, Any]]) -> Iterator[Problem]:
    for step in dict.fromkeys(each for at, each in enumerate(ids) if each in ids[:at]):
        yield Problem(
            "duplicate-step", Sentence('Two steps are called "{step}".', step=step), step, "id", "Rename one of them."
        )
    names = [trigger["id"] for trigger in triggers]
    for number, name in enumerate(names):
        if name in names[:number]:
            yield Problem(
                "duplicate-trigger",
                Sentence('Two triggers are called "{name}".', name=name),
                "",
                f"triggers/{number}/id",
                "Rename one of them.",
            )
