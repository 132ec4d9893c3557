"""Lists in pages. Identifiers sort by time, so a page begins after the last identifier of the one before."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet

from hub.api.errors import InvalidQuery

Row = TypeVar("Row", bound=Model)
Item = TypeVar("Item")

USUAL_LIMIT = 50
LARGEST_LIMIT = 200
NO_CURSOR = "This should be the next_cursor of an earlier page."


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Part of a list. `next_cursor` is None on the last page."""

    items: list[Item]
    next_cursor: str | None


def page_of(rows: QuerySet[Row], query: Mapping[str, Any], *, newest_first: bool = True) -> Page[Row]:
    """The page that `limit` and `cursor` of the query ask for. The rows need a UUIDv7 as `id`."""
    limit, cursor = limit_of(query), cursor_of(query)
    if cursor is not None:
        rows = rows.filter(id__lt=cursor) if newest_first else rows.filter(id__gt=cursor)
    found = list(rows.order_by("-id" if newest_first else "id")[: limit + 1])
    more = len(found) > limit
    return Page(found[:limit], str(found[limit - 1].pk) if more else None)


def limit_of(query: Mapping[str, Any]) -> int:
    """How many items are wanted. Raises InvalidQuery."""
    text = str(query.get("limit") or USUAL_LIMIT)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:6]) <= LARGEST_LIMIT:
        detail = f"This should be a whole number from 1 to {LARGEST_LIMIT}."
        raise InvalidQuery(errors=[{"pointer": "/limit", "code": "limit", "detail": detail}])
    return int(text)


def cursor_of(query: Mapping[str, Any]) -> uuid.UUID | None:
    """Where to go on, or None at the beginning. Raises InvalidQuery."""
    text = str(query.get("cursor") or "")
    if not text:
        return None
    try:
        return uuid.UUID(text)
    except ValueError:
        raise InvalidQuery(errors=[{"pointer": "/cursor", "code": "cursor", "detail": NO_CURSOR}]) from None
