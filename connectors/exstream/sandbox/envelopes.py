"""Exstream's envelopes, pages, dates and errors (SPEC; epoch milliseconds LIVE)."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from hub.sdk.sandbox import Exchange, Refusal

Json = dict[str, Any]


def now_ms() -> int:
    return int(time.time() * 1000)


def shown(exchange: Exchange, value: Any) -> Any:
    """As a client sees it: without what is the sandbox's own, dates as the setting says."""
    if isinstance(value, list):
        return [shown(exchange, item) for item in value]
    if not isinstance(value, dict):
        return value
    iso = exchange.app.setting("date_style") == "iso"
    made: Json = {}
    for name, item in value.items():
        if name.startswith("_"):
            continue
        if iso and isinstance(item, int) and not isinstance(item, bool) and name.endswith("Date"):
            made[name] = datetime.fromtimestamp(item / 1000, UTC).isoformat(timespec="milliseconds")
        else:
            made[name] = shown(exchange, item)
    return made


def single(exchange: Exchange, data: Any) -> Json:
    return {"status": "success", "data": shown(exchange, data)}


def listed(exchange: Exchange, items: Sequence[Any]) -> Json:
    return {"status": "success", "data": [shown(exchange, item) for item in items]}


def done(message: str = "") -> Json:
    """The plain result."""
    return {"status": "success", **({"message": message} if message else {})}


def paged(exchange: Exchange, items: Sequence[Any]) -> Json:
    """One page. `offset` counts items (SPEC) or pages (SDK), as the setting says."""
    count, offset = _whole(exchange, "count", 20), _whole(exchange, "offset", 0)
    by_pages = exchange.app.setting("paging_style") == "pages"
    start = offset * count if by_pages else offset
    page = {
        "pageSize": count,
        "pageOffset": offset,
        "totalElements": len(items),
        "totalPages": -(-len(items) // count),
        "currentPageNumber": offset if by_pages else offset // count,
    }
    return {**listed(exchange, items[start : start + count]), "page": page}


def sort(exchange: Exchange, items: list[Json]) -> list[Json]:
    """By `sort=asc_name,desc_lastModifiedDate` (SPEC)."""
    for term in reversed([term for term in exchange.query.get("sort", "").split(",") if term]):
        direction, _, name = term.partition("_")
        items.sort(key=lambda item: (item.get(name) is None, item.get(name) or 0), reverse=direction == "desc")
    return items


def error_body(status: int, message: str, *, code: int | None = None, path: str = "", details: Any = None) -> Json:
    """The error of the SDK's notes: here `status` is a number."""
    return {
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "status": status,
        "error": HTTPStatus(status).phrase,
        "message": message,
        "details": details,
        "errorCode": code,
        "path": path,
    }


def refuse(exchange: Exchange, status: int, message: str, *, code: int | None = None, details: Any = None) -> Refusal:
    return Refusal(status, error_body(status, message, code=code, path=exchange.path, details=details))


def _whole(exchange: Exchange, name: str, default: int) -> int:
    text = exchange.query.get(name, "")
    if not text:
        return default
    if not text.isdigit() or (name == "count" and int(text) == 0):
        raise refuse(exchange, 400, f"{name} is not a number.")
    return int(text)
