"""What is wrong with what a document says about its runs as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hub.expr import expressions_in, is_expression
from hub.expr import problems as unreadable
from hub.sdk.sentence import Sentence
from workflows.graph.expressions import SCOPE, check_reads
from workflows.graph.graph import Step
from workflows.graph.privacy import TRIGGER, BadPath, rule_of
from workflows.graph.problem import Catalog, Problem, close_to

NO_STEP = Step(id="", kind="", title="", settings={}, input={})


def check_options(document: dict[str, Any], catalog: Catalog, ids: set[str]) -> Iterator[Problem]:
    """`ids` are those of all steps. The shape is judged elsewhere; what has none is left alone here."""
    failure = document.get("on_failure")
    if isinstance(failure, dict) and isinstance(failure.get("workflow"), str):
        yield from _of_failure(failure["workflow"], catalog)
    limits = document.get("concurrency")
    if isinstance(limits, dict) and isinstance(limits.get("key"), str):
        yield from _of_key(limits["key"])
    classed = document.get("privacy")
    for number, each in enumerate(classed if isinstance(classed, list) else []):
        if isinstance(each, dict) and isinstance(each.get("path"), str):
            yield from _of_classed(each, f"privacy/{number}", ids)

    keys = document.get("keys")
    for name, source in keys.items() if isinstance(keys, dict) else ():
        if isinstance(source, str):
            yield from _of_business_key(f"keys/{name}", source, ids)


def _of_classed(rule: dict[str, Any], place: str, ids: set[str]) -> Iterator[Problem]:
    try:
        rule_of({"class": "personal", **rule})
    except BadPath as wrong:
        yield Problem(
            "bad-path", wrong.args[0], "", f"{place}/path", "Names, [*] for every item, ..name at any depth."
        )
    of = rule.get("of", "")
    if isinstance(of, str) and of not in {"", TRIGGER} | ids:
        said = Sentence(
            'The personal or secret field "{path}" is of a step "{of}" that is not there.', path=rule["path"], of=of
        )
        yield Problem("unknown-step", said, "", f"{place}/of", close_to(of, ids) or "Choose one.")


def _of_key(key: str) -> Iterator[Problem]:
    place = "concurrency/key"
    if not is_expression(key):
        said = "The key by which runs are counted is not an expression: all would have the same."
        yield Problem("setting", said, "", place, "Write one such as =trigger.body.customer.")
        return
    for wrong in unreadable(key, place):
        yield Problem("expression", wrong.message, "", wrong.place, "Mend the expression.")


def _of_business_key(place: str, source: str, ids: set[str]) -> Iterator[Problem]:
    if not is_expression(source):
        said = "A business key that is not an expression would be the same for every run."
        yield Problem("setting", said, "", place, "Write one such as =trigger.body.person.")
        return
    for wrong in unreadable(source, place):
        yield Problem("expression", wrong.message, "", wrong.place, "Mend the expression.")
    for _, inner in expressions_in(source, place):
        yield from check_reads(NO_STEP, place, inner, ids, ids, SCOPE)


def _of_failure(slug: str, catalog: Catalog) -> Iterator[Problem]:
    place = "on_failure/workflow"
    if slug == catalog.workflow:
        yield Problem(
            "workflow-in-itself",
            "A workflow cannot be its own error workflow.",
            "",
            place,
            "Choose another workflow.",
        )
    elif not catalog.workflows.get(slug):
        said = Sentence("has no published version") if slug in catalog.workflows else Sentence("is not there")
        yield Problem(
            "unknown-workflow",
            Sentence('The error workflow "{slug}" {said}.', slug=slug, said=said),
            "",
            place,
            "Publish it first." if slug in catalog.workflows else close_to(slug, catalog.workflows) or "Choose one.",
        )
