"""The steps that work on a list: sort, distinct, group. Nothing is compared by guess."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cmp_to_key
from math import fsum
from typing import Any

from workflows.graph.graph import Step
from workflows.graph.list_kinds import SCHEMAS

KINDS = frozenset(SCHEMAS)
Read = Callable[[Any, str, int], Any]
"""The value of an expression for the item at that index; the text says the place."""


def work(step: Step, items: Any, evaluate: Callable[..., Any]) -> list[Any]:
    """What the step gives. Raises TypeError or ValueError with what is wrong, or ExpressionError with the place."""
    if not isinstance(items, list):
        raise TypeError(f"a {step.kind} needs a list.")

    def read(source: Any, place: str, index: int) -> Any:
        return evaluate(source, f"{place} (item {index})", item=items[index], index=index)

    match step.kind:
        case "sort":
            return _sorted(step.settings["by"], items, read)
        case "distinct":
            return _distinct(step.settings, items, read)
        case _:
            return _grouped(step.settings, items, read)


def _sorted(by: list[dict[str, Any]], items: list[Any], read: Read) -> list[Any]:
    """Equal ones stay as they were; what has no value comes last, in either order."""
    order = list(range(len(items)))
    for number, key in reversed(list(enumerate(by))):
        values = [read(key["value"], f"settings/by/{number}/value", index) for index in range(len(items))]
        sign = -1 if key.get("order") == "descending" else 1
        order.sort(key=cmp_to_key(_comparing(values, sign)))
    return [items[index] for index in order]


def _comparing(values: list[Any], sign: int) -> Callable[[int, int], int]:
    def compare(one: int, other: int) -> int:
        left, right = values[one], values[other]
        if left is None or right is None:
            return int(left is None) - int(right is None)
        check_comparable(left, right, one, other)
        return sign * (int(left > right) - int(left < right))

    return compare


def check_comparable(left: Any, right: Any, one: int, other: int) -> None:
    """Raises ValueError for two values without an order, of the items with these indexes."""
    if not (is_number(left) and is_number(right)) and not (isinstance(left, str) and isinstance(right, str)):
        kinds = f"{kind(left)} and {kind(right)}"
        raise ValueError(f"items {one} and {other} cannot be put in order: they have {kinds}.")


def _distinct(settings: dict[str, Any], items: list[Any], read: Read) -> list[Any]:
    kept: dict[str, int] = {}
    for index, item in enumerate(items):
        same = identity(read(settings["by"], "settings/by", index) if "by" in settings else item)
        if same not in kept or settings.get("keep") == "last":
            kept[same] = index
    return [items[index] for index in sorted(kept.values())]


def _grouped(settings: dict[str, Any], items: list[Any], read: Read) -> list[dict[str, Any]]:
    """Groups in the order in which their first items stand. All in one group is a group also when it is empty."""
    keys: dict[str, Any] = {} if "by" in settings else {"": None}
    members: dict[str, list[int]] = {each: [] for each in keys}
    for index in range(len(items)):
        key = read(settings["by"], "settings/by", index) if "by" in settings else None
        same = identity(key) if "by" in settings else ""
        keys.setdefault(same, key)
        members.setdefault(same, []).append(index)
    gives = settings.get("give") or [{"name": "items", "of": "list"}]
    made = []
    for same, key in keys.items():
        group = {"key": key} if "by" in settings else {}
        for number, give in enumerate(gives):
            place = f"settings/give/{number}/value"
            values = [
                read(give["value"], place, index) if "value" in give else items[index] for index in members[same]
            ]
            group[give["name"]] = _given(give["of"], values)
        made.append(group)
    return made


def _given(function: str, values: list[Any]) -> Any:
    match function:
        case "count":
            return len(values)
        case "list":
            return values
        case "first":
            return values[0] if values else None
        case "last":
            return values[-1] if values else None
        case "min" | "max":
            held = [value for value in values if value is not None]
            for at in range(1, len(held)):
                check_comparable(held[0], held[at], 0, at)
            return (min(held) if function == "min" else max(held)) if held else None
    for at, value in enumerate(values):
        if not is_number(value):
            raise ValueError(f"{function} needs numbers, and value {at} of a group is {kind(value)}.")
    total = sum(values) if all(isinstance(value, int) for value in values) else fsum(values)
    if function == "sum":
        return total
    return total / len(values) if values else None


def is_number(value: Any) -> bool:
    """Whether it is one; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def identity(value: Any) -> str:
    """Equal for equal values: 1 is 1.0, and the order of an object's names does not matter."""
    return json.dumps(_plain(value), sort_keys=True)


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {name: _plain(inner) for name, inner in value.items()}
        case list():
            return [_plain(inner) for inner in value]
        case float() if value.is_integer():
            return int(value)
        case _:
            return value


def kind(value: Any) -> str:
    """In words."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    if is_number(value):
        return "a number"
    return "a text" if isinstance(value, str) else "a list" if isinstance(value, list) else "an object"
