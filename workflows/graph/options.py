"""What is wrong with what a document says about its runs as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hub.expr import is_expression
from hub.expr import problems as unreadable
from workflows.graph.privacy import TRIGGER, BadPath, rule_of
from workflows.graph.problem import Catalog, Problem, close_to


def check_options(document: dict[str, Any], catalog: Catalog) -> Iterator[Problem]:
    """The shape is judged elsewhere; what has none is left alone here."""
    failure = document.get("on_failure")
    if isinstance(failure, dict) and isinstance(failure.get("workflow"), str):
        yield from _of_failure(failure["workflow"], catalog)
    limits = document.get("concurrency")
    if isinstance(limits, dict) and isinstance(limits.get("key"), str):
        yield from _of_key(limits["key"])
    classed = document.get("privacy")
    for number, each in enumerate(classed if isinstance(classed, list) else []):
        if isinstance(each, dict) and isinstance(each.get("path"), str):
            yield from _of_classed(each, f"privacy/{number}", _ids(document.get("steps")))


def _of_classed(rule: dict[str, Any], place: str, ids: set[str]) -> Iterator[Problem]:
    try:
        rule_of({"class": "personal", **rule})
    except BadPath as wrong:
        yield Problem("bad-path", str(wrong), "", f"{place}/path", "Names, [*] for every item, ..name at any depth.")
    of = rule.get("of", "")
    if isinstance(of, str) and of not in {"", TRIGGER} | ids:
        said = f'The personal or secret field "{rule["path"]}" is of a step "{of}" that is not there.'
        yield Problem("unknown-step", said, "", f"{place}/of", close_to(of, ids) or "Choose one.")


def _ids(steps: Any) -> set[str]:
    made: set[str] = set()
    for step in steps if isinstance(steps, list) else []:
        if isinstance(step, dict):
            made |= {str(step.get("id"))}
            made |= _ids(step["body"].get("steps")) if isinstance(step.get("body"), dict) else set()
    return made


def _of_key(key: str) -> Iterator[Problem]:
    place = "concurrency/key"
    if not is_expression(key):
        said = "The key by which runs are counted is not an expression: all would have the same."
        yield Problem("setting", said, "", place, "Write one such as =trigger.body.customer.")
        return
    for wrong in unreadable(key, place):
        yield Problem("expression", wrong.message, "", wrong.place, "Mend the expression.")


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
