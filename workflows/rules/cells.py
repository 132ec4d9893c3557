"""What one cell of a rule table asks of one value.

A cell is a set over the column's *atoms*: the smallest kinds of values that the table tells apart. Two values of the
same atom match exactly the same cells of the column, so tables can be analysed without looking at any real value.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import inf
from typing import Any

from hub.sdk.sentence import Sentence

KINDS = ("text", "number", "date", "boolean", "group")
EMPTY = "empty"
_OTHER = ("\0other", "another text")
_LARGEST = 10**300
_BOUNDS = ("min", "above", "max", "below")
_FORMS = {
    "text": {"not", "matches", EMPTY},
    "number": {"not", EMPTY, *_BOUNDS},
    "date": {"not", EMPTY, *_BOUNDS},
    "boolean": {EMPTY},
    "group": {"not", "all", EMPTY},
}


class CellError(ValueError):
    """A cell cannot be read. The message is the end of a sentence that begins with the cell's place."""


@dataclass(frozen=True)
class Cell:
    """One condition. Without any part it is met by every value, also by none."""

    values: frozenset[Any] = frozenset()
    """One of these; for groups: a member of one of these."""
    every: frozenset[Any] = frozenset()
    """For groups: a member of all of these."""
    without: frozenset[Any] = frozenset()
    """None of these."""
    patterns: tuple[str, ...] = ()
    low: float = -inf
    high: float = inf
    has_low: bool = True
    """Whether the lower bound itself is met."""
    has_high: bool = True
    is_empty: bool | None = None
    """Met only by a missing value (True), or only by one that is there (False)."""
    is_any: bool = False
    spoken: str = field(default="", compare=False)


ANY = Cell(is_any=True, spoken="anything")


def read(kind: str, given: Any) -> Cell:
    """Make a cell of its JSON. None and "" stand for anything. Raises CellError."""
    if given is None or given == "":
        return ANY
    if isinstance(given, Mapping):
        return _of_object(kind, given)
    values = given if isinstance(given, list) else [given]
    if not values:
        raise CellError(Sentence("holds an empty list. Leave it out if anything will do"))
    return Cell(values=frozenset(value_of(kind, each) for each in values), spoken=_listed(values))


def _of_object(kind: str, given: Mapping[str, Any]) -> Cell:
    unknown = sorted(set(given) - _FORMS[kind])
    if unknown or not given:
        said = Sentence('has "{name}"', name=unknown[0]) if unknown else Sentence("is an empty object")
        raise CellError(
            Sentence(
                "{said}; for a column of {kind} there are {forms}",
                said=said,
                kind=kind,
                forms=", ".join(sorted(_FORMS[kind])),
            )
        )
    if EMPTY in given:
        if not isinstance(given[EMPTY], bool) or len(given) > 1:
            raise CellError(Sentence('"empty" is true or false, and stands alone'))
        return Cell(is_empty=given[EMPTY], spoken="nothing" if given[EMPTY] else "something")
    low, has_low = _bound(kind, given, "min", "above", -inf)
    high, has_high = _bound(kind, given, "max", "below", inf)
    if low > high or (low == high and not (has_low and has_high)):
        raise CellError(Sentence("holds bounds that no value can meet"))
    patterns = _texts(given.get("matches", []))
    return Cell(
        every=frozenset(_texts(given.get("all", []))),
        without=frozenset(value_of(kind, each) for each in _list(given.get("not", []))),
        patterns=tuple(patterns),
        low=low, high=high, has_low=has_low, has_high=has_high,
        spoken=", ".join(f"{name} {_listed(_list(each))}" for name, each in given.items()),
    )  # fmt: skip


def _bound(kind: str, given: Mapping[str, Any], closed: str, opened: str, otherwise: float) -> tuple[float, bool]:
    if closed in given and opened in given:
        raise CellError(Sentence('has both "{closed}" and "{opened}"; keep one', closed=closed, opened=opened))
    if closed in given:
        return value_of(kind, given[closed]), True
    return (value_of(kind, given[opened]), False) if opened in given else (otherwise, True)


def value_of(kind: str, given: Any) -> Any:
    """A value as cells compare it: dates as day numbers. Raises CellError."""
    match kind:
        case "text" | "group":
            if isinstance(given, str):
                return given
        case "boolean":
            if isinstance(given, bool):
                return given
        case "number":
            if isinstance(given, int | float) and not isinstance(given, bool) and abs(given) < _LARGEST:
                return float(given)
        case "date":
            if isinstance(given, str) and given[10:11] in {"", "T", " "}:
                try:
                    return float(date.fromisoformat(given[:10]).toordinal())
                except ValueError:
                    pass
    raise CellError(
        Sentence(
            "holds {given}, which is no {kind}",
            given=repr(given),
            kind=Sentence(kind if kind != "group" else "name of a group"),
        )
    )


def meets(cell: Cell, value: Any) -> bool:
    """Whether a value (as `value_of` gives it; for groups a set of names; None when missing) meets the cell."""
    if cell.is_any:
        return True
    is_missing = value is None or value == frozenset()
    if cell.is_empty is not None:
        return cell.is_empty == is_missing
    if isinstance(value, frozenset):
        if cell.values and not cell.values & value:
            return False
        return cell.every <= value and not cell.without & value
    if is_missing:
        return False
    if cell.values and value not in cell.values:
        return False
    if cell.without and value in cell.without:
        return False
    if cell.patterns and not any(_compiled(pattern).match(value) for pattern in cell.patterns):
        return False
    if isinstance(value, float):
        above = value > cell.low or (cell.has_low and value == cell.low)
        return above and (value < cell.high or (cell.has_high and value == cell.high))
    return True


def atoms(kind: str, cells: Iterable[Cell]) -> list[tuple[Any, str]]:
    """One value of each kind that these cells tell apart, with words for it; the missing value comes first.

    Not every combination of groups and patterns is tried: no group, each alone, all of them; a text for each pattern.
    """
    held = list(cells)
    named: set[Any] = set().union(*(cell.values | cell.every | cell.without for cell in held)) if held else set()
    match kind:
        case "boolean":
            return [(None, "nothing"), (True, "true"), (False, "false")]
        case "group":
            some = sorted(named)
            found = [(frozenset[Any](), "no group")] + [(frozenset({each}), each) for each in some]
            whole = [(frozenset(some), "all of " + ", ".join(some))] if len(some) > 1 else []
            for cell in held:
                # The least and the most that a member of these groups may be in to meet the cell.
                least = [cell.every | {each} for each in cell.values] or [cell.every]
                found += [
                    (each, " and ".join(sorted(each))) for each in [*least, named - cell.without] if len(each) > 1
                ]
            return [*found, *whole, (frozenset({"\0other"}), "another group")]
        case "text":
            patterns = {pattern for cell in held for pattern in cell.patterns}
            fitting = [(_example(pattern, named), f"like {pattern}") for pattern in sorted(patterns)]
            return [
                (None, "nothing"),
                *((each, each) for each in sorted(named)),
                *fitting,
                ("\0other", "another text"),
            ]
        case _:
            return [(None, "nothing"), *_points(kind, held, named)]


def _points(kind: str, cells: list[Cell], named: set[Any]) -> Iterator[tuple[float, str]]:
    bounds = {bound for cell in cells for bound in (cell.low, cell.high) if abs(bound) != inf} | named
    ordered = sorted(bounds)
    if not ordered:
        yield 0.0, "any"
        return
    yield ordered[0] - 1, f"below {_spoken(kind, ordered[0])}"
    for at, bound in enumerate(ordered):
        yield bound, _spoken(kind, bound)
        following = ordered[at + 1] if at + 1 < len(ordered) else inf
        if following == inf:
            yield bound + 1, f"above {_spoken(kind, bound)}"
        elif kind == "number" or following - bound > 1:
            middle = (bound + following) / 2 if kind == "number" else float(int((bound + following) // 2))
            yield middle, f"between {_spoken(kind, bound)} and {_spoken(kind, following)}"


def _spoken(kind: str, value: float) -> str:
    return date.fromordinal(int(value)).isoformat() if kind == "date" else f"{value:g}"


def _example(pattern: str, named: set[Any]) -> str:
    made = pattern.replace("*", "\0").replace("?", "\1")
    while made in named:
        made += "\0"
    return made


_known: dict[str, re.Pattern[str]] = {}


def _compiled(pattern: str) -> re.Pattern[str]:
    if pattern not in _known:
        _known[pattern] = re.compile(fnmatch.translate(pattern), re.IGNORECASE)
    return _known[pattern]


def _list(given: Any) -> list[Any]:
    return given if isinstance(given, list) else [given]


def _texts(given: Any) -> list[str]:
    values = _list(given)
    for each in values:
        if not isinstance(each, str) or not each:
            raise CellError(Sentence("holds {given}, which is no text", given=repr(each)))
    return values


def _listed(values: list[Any]) -> str:
    return " or ".join(str(each) for each in values)
