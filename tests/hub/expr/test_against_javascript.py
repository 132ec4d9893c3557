"""Expressions mean here what they mean to JSONata's own implementation, which analysts know and can try anywhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hub.expr.yardstick import PACKAGES, Outcome, Yardstick, ours

pytestmark = pytest.mark.skipif(
    not (PACKAGES / "jsonata").is_dir(), reason="needs the front end's packages: npm ci in frontend/"
)
HERE = Path(__file__).parent
CORPUS = [
    line
    for line in (HERE / "corpus.txt").read_text().splitlines()
    if line and not (line.startswith("#") and line != "#")
]
DATA = json.loads((HERE / "corpus.json").read_text())
REFUSED = {
    "1/0": "Infinity, which JSON cannot hold",
    "9007199254740993": "a whole number that is not exact any more",
    "123456789012345678": "a whole number that is not exact any more",
}
"""What JavaScript gives although it is not what was written; `docs/reference/expressions.md` says so."""


@pytest.fixture(scope="module")
def yardstick() -> Iterator[Yardstick]:
    started = Yardstick()
    yield started
    started.stop()


def _said(outcome: Outcome) -> str:
    """Written out, so that true is not 1 and 1.0 is not a surprise."""
    return json.dumps([outcome.kind, outcome.code, _plain(outcome.value)], sort_keys=True)


def _plain(value: Any) -> Any:
    """Numbers as JavaScript has them: one kind of number."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return value


def test_every_expression_of_the_corpus_gives_what_javascript_gives(yardstick: Yardstick) -> None:
    different = {
        source: (theirs, own)
        for source in CORPUS
        if source not in REFUSED
        for theirs, own in [(yardstick.evaluate(source, DATA), ours(source, DATA))]
        if _said(theirs) != _said(own)
    }

    assert len(CORPUS) > 400
    assert not different


@pytest.mark.parametrize("source", REFUSED)
def test_what_javascript_would_change_in_silence_is_refused(source: str) -> None:
    assert ours(source, DATA).kind != "value"


NAMES = st.sampled_from(["a", "b", "c", "list"])
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-1000, 1000)
    | st.floats(-1e6, 1e6, allow_nan=False).map(lambda number: round(number, 3))
    | st.text(st.characters(codec="utf-8", exclude_characters="\r\n\u2028\u2029"), max_size=6)
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=12
)
DOCUMENTS = st.dictionaries(NAMES, VALUES, max_size=4)

LITERALS = st.sampled_from(["1", "0", "-2", "2.5", '"a"', '""', "true", "false", "null", "[]", "[1,2]", '{"a":1}'])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map(".".join)
BINARY = st.sampled_from(["+", "-", "*", "&", "=", "!=", "<", ">=", "in", "and", "or", "??", "?:", "~>"])
ONE = ["sum", "count", "max", "average", "string", "number", "boolean", "not", "exists", "keys", "length", "type",
       "uppercase", "trim", "reverse", "distinct", "sort", "abs", "floor", "spread", "merge"]  # fmt: skip
FOLD = "$reduce({0}, function($x, $y) {{ $string($x) & $string($y) }})"
SHAPES = ["({0} {op} {1})", "({0})[{1}]", "({0}).({1})", "[{0}, {1}]", '{{"k": {0}, "l": {1}}}', "({0} ? {1})",
          "({0} ? {1} : {0})", "${one}({0})", "$append({0}, {1})", "$map({0}, function($v, $i) {{ [$v, $i] }})",
          "$filter({0}, function($v) {{ $v = {1} }})", "({0})[]", "({0}).*", "({0})^($string($))",
          "({0}){{$string($): {1}}}", "($v := {0}; [$v, {1}])", "({0})#$i.[$i]", "$lookup({0}, \"a\")",
          "$join({0}, \"-\")", "$zip({0}, {1})", FOLD]  # fmt: skip


@st.composite
def combined(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    shape = draw(st.sampled_from(SHAPES))
    return shape.format(draw(inner), draw(inner), op=draw(BINARY), one=draw(st.sampled_from(ONE)))


def _either_side(outcome: Outcome) -> Outcome:
    """Where both sides of an operator are wrong, either may be named: T2001 is the left one, T2002 the right, T0412
    what the right one itself complains of."""
    return replace(outcome, code="T2001") if outcome.code in {"T2002", "T0412"} else outcome


SIMPLE = LITERALS | PATHS
SMALL = SIMPLE | combined(SIMPLE)
EXPRESSIONS = combined(SMALL) | combined(combined(SIMPLE))


@settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))
@given(source=EXPRESSIONS, data=DOCUMENTS)
def test_an_expression_that_nobody_thought_of_gives_what_javascript_gives(
    yardstick: Yardstick, source: str, data: Any
) -> None:
    own, theirs = ours(source, data), yardstick.evaluate(source, data)

    assert _said(_either_side(own)) == _said(_either_side(theirs)), f"{source} of {data}"
