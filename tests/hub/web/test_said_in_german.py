"""What the hub says of a draft, a trigger and a rule table can be said in every language of the pages."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.sdk.sentence import Sentence
from workflows.templates.gallery import Template, templates

ROOT = Path(__file__).parents[3]
GERMAN = "".join(each.read_text() for each in sorted((ROOT / "frontend/src/text/de").glob("*.ts")))
SAYING = [
    *sorted((ROOT / "workflows/graph").glob("*.py")),
    *sorted((ROOT / "workflows/rules").glob("*.py")),
    ROOT / "workflows/triggers/judging.py",
    ROOT / "workflows/triggers/misfits.py",
    ROOT / "workflows/services/runs.py",
    ROOT / "hub/accounts/access.py",
    ROOT / "workflows/planning/schedules.py",
    ROOT / "hub/sdk/schemas.py",
]
MAKERS = {"Problem", "of_step", "Sentence", "ScheduleError", "CellError"}


def sentences() -> Iterator[str]:
    """Every text that is made into a sentence, and every hint."""
    for path in SAYING:
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in MAKERS:
                continue
            is_sentence = node.func.id == "Sentence"
            for each in [
                *node.args[: 1 if is_sentence else None],
                *(one.value for one in node.keywords if one.arg == "hint"),
            ]:
                yield from _texts(each, of_any_kind=is_sentence)


def _texts(node: ast.AST, *, of_any_kind: bool) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)) if of_any_kind or (" " in text and text.endswith(".")):
            yield text
        case ast.BoolOp(values=values):
            for each in values:
                yield from _texts(each, of_any_kind=of_any_kind)
        case ast.IfExp(body=body, orelse=other):
            yield from _texts(body, of_any_kind=of_any_kind)
            yield from _texts(other, of_any_kind=of_any_kind)


def is_translated(text: str) -> bool:
    quoted = text.replace("\\", "\\\\")
    forms = [json.dumps(text, ensure_ascii=False), f"'{quoted}'", f"`{quoted}`", f"  {text}"]
    return any(f"{form}:" in GERMAN for form in forms)


@pytest.mark.parametrize("text", sorted(set(sentences())))
def test_what_the_hub_says_has_german_words(text: str) -> None:
    assert is_translated(text), f"frontend/src/text/de/said.ts has no words for {text!r}."


@pytest.mark.parametrize("template", templates().values(), ids=lambda each: each.name)
def test_each_template_is_called_and_explained_in_german(template: Template) -> None:
    assert is_translated(template.title)
    assert is_translated(template.summary)


def test_a_sentence_remembers_how_it_was_made() -> None:
    made = Sentence('Step "{step}" {said}.', step="Post {it}", said=Sentence("has no connection"))

    assert made == 'Step "Post {it}" has no connection.'
    assert made.parts == {
        "text": 'Step "{step}" {said}.',
        "values": {"step": "Post {it}", "said": {"text": "has no connection", "values": {}}},
    }
