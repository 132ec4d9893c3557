"""What an expression sees when outputs before it are large: those that it reads are read, the others are not."""

from __future__ import annotations

import re
from typing import Any

from hub.expr import ExpressionError
from hub.expr.language import compiled
from hub.expr.values import expressions_in
from workflows.engine.contents.reading import Large

_MAY_READ = re.compile(r"\bsteps\b|\$(?!\w)|\*\*|^\s*\*")
"""In an expression of which nobody can say what it reads, such as one with %: names the steps, or everything."""


class Unread:
    """The large values among the outputs that a step may read."""

    def __init__(self, names: dict[str, Any], veil: Any) -> None:
        self._names, self._veil = names, veil
        self._steps = {name for name, output in names.get("steps", {}).items() if _is_unread(output)}
        self._read: dict[str, Any] = {}
        self._seen: dict[int, tuple[Any, dict[str, Any]]] = {}

    def names_for(self, source: Any) -> dict[str, Any]:
        """What the expressions in a value may see. Raises TooLarge."""
        if not self._steps:
            return self._names
        known = self._seen.get(id(source))
        if known is not None and known[0] is source:
            return known[1]
        wanted = self._steps & _steps_read(source, self._steps)
        for name in wanted - self._read.keys():
            self._read[name] = _loaded(self._names["steps"][name], self._veil)
        steps = {name: each for name, each in self._names["steps"].items() if name not in self._steps}
        made = self._names | {"steps": steps | {name: self._read[name] for name in wanted}}
        self._seen[id(source)] = source, made
        return made


def _steps_read(source: Any, among: set[str]) -> set[str]:
    made: set[str] = set()
    for _, text in expressions_in(source):
        try:
            paths = compiled(text).reads.paths
        except ExpressionError:
            continue  # Evaluating it says so.
        if ("steps",) in paths or (not paths and _MAY_READ.search(text)):
            return among
        made |= {path[1] for path in paths if path[0] == "steps"}
    return made


def _is_unread(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_is_unread(inner) for inner in value.values())
    return isinstance(value, Large)


def _loaded(value: Any, veil: Any) -> Any:
    if isinstance(value, dict):
        return {name: _loaded(inner, veil) for name, inner in value.items()}
    return value.load(veil) if isinstance(value, Large) else value
