"""Business keys: what a run is about, as far as it is known yet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hub.expr import ExpressionError, evaluate
from workflows.engine.frames import Frame, scope
from workflows.engine.veils import Veil
from workflows.models import Run, RunKey
from workflows.models.keys import LONGEST_VALUE

MOST_VALUES = 1000
"""Of one key of one run; further ones are left out."""


class Keys:
    """The business keys of one run. An expression that has no value yet gives none; the run goes on all the same.

    Of a value that is personal or secret a key is kept that tells the same apart and holds nothing of it.
    """

    def __init__(self, run: Run, root: Frame, veil: Veil) -> None:
        self._run, self._root, self._veil = run, root, veil
        self._declared: dict[str, str] = root.graph.options.get("keys", {})
        self._known: set[tuple[str, str]] = set()

    def news(self) -> list[RunKey]:
        """What is known now and was not when this was asked before."""
        if not self._declared:
            return []
        names = scope(self._run, self._root.outputs())
        found = [(name, value) for name, source in self._declared.items() for value in self._values(source, names)]
        new = [each for each in dict.fromkeys(found) if each not in self._known]
        self._known.update(new)
        owner = {"workspace_id": self._run.workspace_id, "run_id": self._run.id}
        return [RunKey(name=name, value=self._veil.key(value), **owner) for name, value in new]

    def _values(self, source: str, names: dict[str, Any]) -> list[str]:
        try:
            value = evaluate(source, names, now=self._run.created_at, place="keys")
        except ExpressionError:
            return []
        return list(dict.fromkeys(_texts(value)))[:MOST_VALUES]


def _texts(value: Any) -> Iterator[str]:
    """The value, or each of a list, as text. What is empty, or no single value, is left out."""
    match value:
        case list():
            for each in value:
                yield from _texts(each)
        case bool():
            yield "true" if value else "false"
        case str() | int() | float():
            if text := str(value).replace("\x00", "").strip()[:LONGEST_VALUE]:
                yield text
