"""What of a value is put apart: lists and texts that are large, wherever in its objects they stand."""

from __future__ import annotations

import uuid
from typing import Any

from workflows.engine.contents.json import dumps
from workflows.engine.contents.reading import Large
from workflows.engine.contents.writing import MOST_SHOWN, Writer, write_json

LARGE_BYTES = 64 * 1024
"""A value whose JSON is longer is looked through for what to put apart."""
_PART_BYTES = 8 * 1024
_SHOWN_TEXT = 500
_SHOWN_BYTES = 4 * 1024
Apart = list[dict[str, Any]]


def put_apart(workspace_id: uuid.UUID, value: Any) -> tuple[Any, Apart]:
    """What stays, with the beginning of each large part in its place, and where the parts are."""
    apart: Apart = []
    kept = _kept(workspace_id, value, [], apart)
    if len(dumps(kept)) > LARGE_BYTES:
        # Many small things: none is worth a place of its own, all together are.
        return {}, [write_json(workspace_id, dumps(value)).as_json([])]
    return kept, apart


def _kept(workspace_id: uuid.UUID, value: Any, at: list[str], apart: Apart) -> Any:
    if isinstance(value, Large):
        apart.append(value.as_json(at))
        return shown(list(value.first))
    if isinstance(value, dict):
        return {
            name: _kept(workspace_id, inner, [*at, name], apart) if _is_large(inner) else inner
            for name, inner in value.items()
        }
    if isinstance(value, list):
        writer = Writer(workspace_id)
        writer.extend(value)
        apart.append(writer.finish().as_json(at))
        return shown(writer.first)
    if isinstance(value, str):
        apart.append(write_json(workspace_id, dumps(value)).as_json(at))
        return value[:_SHOWN_TEXT] + "…"
    return value


def shown(first: list[Any]) -> list[Any]:
    """The first items that are shown in place of a list."""
    made = first[:MOST_SHOWN]
    while made and len(dumps(made)) > _SHOWN_BYTES:
        made.pop()
    return made


def _is_large(value: Any) -> bool:
    if isinstance(value, Large):
        return True
    return isinstance(value, dict | list | str) and len(dumps(value)) > _PART_BYTES


def put_back(value: Any, apart: Apart, large: Any) -> Any:
    """The value with `large(part)` in the place of each part that is kept apart."""
    for about in apart:
        part = large(Large.from_json(about))
        if not about["at"]:
            return part
        value = _with(value, about["at"], part)
    return value


def _with(value: Any, at: list[str], part: Any) -> Any:
    name, *further = at
    return {**value, name: _with(value[name], further, part) if further else part}
