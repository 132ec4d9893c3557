"""A plan's changes for a spreadsheet."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from typing import Any

from workflows.models import Change

COLUMNS = ("number", "operation", "kind", "object", "before", "after", "cause", "state", "message")
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


class _Line:
    """Hands back what the writer writes."""

    def write(self, text: str) -> str:
        return text


def csv_of(changes: Iterable[Change]) -> Iterator[str]:
    """Line by line, the names of the columns first. What a spreadsheet would compute is kept as text."""
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow(COLUMNS)
    for each in changes:
        cells = (each.position, each.operation, each.resource, each.title, _text(each.before), _text(each.after),
                 _text(each.cause), each.state, each.message)  # fmt: skip
        yield writer.writerow(map(_plain, cells))


def _text(value: Any) -> str:
    return "" if value in (None, {}) else json.dumps(value, ensure_ascii=False)


def _plain(cell: Any) -> str:
    text = str(cell)
    return f"'{text}" if text.startswith(_FORMULAS) else text
