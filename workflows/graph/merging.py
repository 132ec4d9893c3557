"""Two documents that came of one, brought together step by step, and what differs between two documents."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workflows.graph.document import OPTIONS

_ABOUT = ("name", "description", *OPTIONS)
_NOTHING: Any = object()
Document = Mapping[str, Any]


@dataclass(frozen=True)
class Merged:
    document: dict[str, Any]
    conflicts: tuple[str, ...]
    """Ids of steps and names of parts that both changed, each otherwise; mine was taken unless it was said."""


def merged(
    base: Document, mine: Document, theirs: Document, take: Collection[str] = (), *, they_win: bool = False
) -> Merged:
    """`base` is what both began with; of what both changed, mine stays, and theirs of what `take` names.

    When they win, mine stays in the fields of a step that they did not change.
    """
    conflicts: list[str] = []
    made = {**theirs, **mine}
    for part in ("steps", "triggers", "edges"):
        was, own, other = (_by_id(part, each) for each in (base, mine, theirs))
        found = {
            name: _chosen(name, was, own, other, take, conflicts if part != "edges" else [], they_win)
            for name in dict.fromkeys([*own, *other])
        }
        made[part] = [value for value in found.values() if value is not _NOTHING]
    ids = {step["id"] for step in made["steps"]}
    made["edges"] = [edge for edge in made["edges"] if edge["from"] in ids and edge["to"] in ids]
    for name in _ABOUT:
        value = _chosen(name, base, mine, theirs, take, conflicts, they_win)
        made.pop(name, None)
        if value is not _NOTHING:
            made[name] = value
    return Merged(made, tuple(conflicts))


def differences(before: Document, after: Document) -> list[str]:
    """A line for each: steps and edges added and removed, and the smallest fields that changed."""
    lines = []
    for part, word in (("steps", "step"), ("triggers", "trigger"), ("edges", "edge")):
        was, now = _by_id(part, before), _by_id(part, after)
        lines += [f"{word} {name}: added" for name in now if name not in was]
        lines += [f"{word} {name}: removed" for name in was if name not in now]
        for name in now:
            if name in was:
                lines += [f"{word} {name}: {said}" for said in _changes(_shown(was[name]), _shown(now[name]))]
    was, now = ({name: each[name] for name in _ABOUT if name in each} for each in (before, after))
    return lines + list(_changes(was, now))


def _by_id(part: str, document: Document) -> dict[str, Any]:
    held = document.get(part, [])
    return {_edge(each): each for each in held} if part == "edges" else {each["id"]: each for each in held}


def _edge(edge: Mapping[str, Any]) -> str:
    return f"{edge['from']} -{edge.get('port', 'ok')}-> {edge['to']}"


def _shown(value: dict[str, Any]) -> dict[str, Any]:
    """Without its place in the drawing, which means nothing."""
    return {name: held for name, held in value.items() if name != "at"}


def _chosen(
    name: str, was: Document, own: Document, other: Document, take: Collection[str], conflicts: list[str],
    they_win: bool,
) -> Any:  # fmt: skip
    base, mine, theirs = (each.get(name, _NOTHING) for each in (was, own, other))
    if mine == base or name in take:
        return theirs
    if theirs not in (base, mine):
        conflicts.append(name)
        # A step that was removed here comes back when the other side changed it: nothing is lost in silence.
        return _over(base, mine, theirs) if they_win else theirs if mine is _NOTHING else mine
    return mine


def _over(base: Any, mine: Any, theirs: Any) -> Any:
    """Theirs, with what I alone changed."""
    if theirs == base:
        return mine
    if mine == base or not all(isinstance(each, dict) for each in (base, mine, theirs)):
        return theirs
    sides = (base, mine, theirs)
    found = {name: _over(*(each.get(name, _NOTHING) for each in sides)) for name in {**mine, **theirs}}
    return {name: value for name, value in found.items() if value is not _NOTHING}


def _changes(before: Any, after: Any, field: str = "") -> Iterator[str]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for name in dict.fromkeys([*before, *after]):
            inner = f"{field}/{name}" if field else name
            yield from _changes(before.get(name, _NOTHING), after.get(name, _NOTHING), inner)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from _changes(old, new, f"{field}/{number}")
    else:
        yield f"{field}: {_said(before)} -> {_said(after)}"


def _said(value: Any) -> str:
    text = "nothing" if value is _NOTHING else repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 200 else text[:199] + "…"
