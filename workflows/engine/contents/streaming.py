"""The steps that take a large list page by page: filter, transform, sort, distinct, group.

They give what they give for a list in memory. What they hold meanwhile is one page, and for each group or identity a
little; sort writes sorted pieces into a file and merges them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import blake2b
from typing import Any

from workflows.engine import lists
from workflows.engine.contents.grouping import Groups
from workflows.engine.contents.reading import Large
from workflows.engine.contents.sorting import in_order
from workflows.engine.contents.writing import Writer
from workflows.graph.graph import Step

KINDS = frozenset({"filter", "transform", "sort", "distinct", "group"})
_PATH = re.compile(r"=\s*steps\.([a-z][a-z0-9_]*)((?:\.[A-Za-z_]\w*)*)\s*")
Evaluate = Callable[..., Any]


def large_items(step: Step, outputs: dict[str, Any]) -> Large | None:
    """The large list that a step goes through, when its items are exactly that: `=steps.find.people`."""
    source = step.settings.get("items") if step.kind in KINDS else None
    found = _PATH.fullmatch(source) if isinstance(source, str) else None
    if found is None:
        return None
    value: Any = outputs.get(found[1])
    for name in filter(None, found[2].split(".")):
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, Large) and value.is_list else None


def work(step: Step, large: Large, evaluate: Evaluate, *, keeper: Any) -> Any:
    """What the step gives. Raises what it raises for a list in memory, and TooLarge."""
    veil = keeper.veil

    def items() -> Iterator[tuple[int, Any]]:
        index = 0
        for page in large.pages(veil):
            for item in page:
                yield index, item
                index += 1

    def read(source: Any, place: str, index: int, item: Any) -> Any:
        return evaluate(source, f"{place} (item {index})", item=item, index=index)

    match step.kind:
        case "group":
            groups = Groups(step.settings)
            for index, item in items():
                groups.add(item, partial(read, index=index, item=item))
            return groups.give()
        case "sort":
            made = in_order(step.settings["by"], items(), read, may_use_files=veil.is_idle)
        case "distinct":
            made = _distinct(step.settings, items, read)
        case "filter":
            where = step.settings["where"]
            made = (item for index, item in items() if read(where, "settings/where", index, item))
        case _:
            value = step.settings["value"]
            made = (read(value, "settings/value", index, item) for index, item in items())
    writer = Writer(keeper.run.workspace_id, veil=None if veil.is_idle else veil, of=step.id)
    writer.extend(made)
    return writer.finish()


def _distinct(
    settings: dict[str, Any], items: Callable[[], Iterator[tuple[int, Any]]], read: Callable[..., Any]
) -> Iterator[Any]:
    def same(index: int, item: Any) -> bytes:
        value = read(settings["by"], "settings/by", index, item) if "by" in settings else item
        return blake2b(lists.identity(value).encode(), digest_size=16).digest()

    if settings.get("keep") == "last":
        last = {same(index, item): index for index, item in items()}
        kept = set(last.values())
        yield from (item for index, item in items() if index in kept)
        return
    seen: set[bytes] = set()
    for index, item in items():
        mark = same(index, item)
        if mark not in seen:
            seen.add(mark)
            yield item
