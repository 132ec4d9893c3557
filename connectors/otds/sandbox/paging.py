"""Lists, a page at a time. The cookie is opaque to clients: the position behind which the next page begins."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import orjson

from connectors.otds.sandbox.directory import wrong
from hub.sdk.sandbox import Exchange


def asked(exchange: Exchange) -> tuple[int, int]:
    """Where the page begins, and how many rows were asked for (250 unless told, P)."""
    size = exchange.query.get("page_size", "")
    try:
        wanted = int(size) if size else int(exchange.app.setting("page_size"))
        cookie = exchange.query.get("next_page_cookie", "")
        after = int(base64.b64decode(cookie, validate=True).decode().removeprefix("after:")) if cookie else 0
    except (ValueError, binascii.Error, UnicodeDecodeError):
        raise wrong(400, "page_size or next_page_cookie cannot be read.") from None
    return after, max(1, min(wanted, int(exchange.app.setting("largest_page_size"))))


def page(exchange: Exchange, name: str, rows: list[Any], *, last: int, more: bool) -> dict[str, Any]:
    """The answer. Some servers give a cookie on the last page too (PX); the setting `cookie_on_last_page` does so."""
    cookie = None
    if more or (rows and exchange.app.setting("cookie_on_last_page")):
        cookie = base64.b64encode(f"after:{last}".encode()).decode()
    return {
        name: rows,
        "actualPageSize": len(rows),
        "requestedPageSize": asked(exchange)[1],
        "nextPageCookie": cookie,
        "requestedFilter": exchange.query.get("where_filter") or None,
    }


def page_of(exchange: Exchange, name: str, rows: list[Any]) -> dict[str, Any]:
    """A page of a list that is short enough to be made whole first."""
    after, size = asked(exchange)
    part = rows[after : after + size]
    return page(exchange, name, part, last=after + len(part), more=after + size < len(rows))


def found(exchange: Exchange, collection: str, **where: Any) -> tuple[list[dict[str, Any]], int, bool]:
    """Documents of one page by partition, state and a part of the name; last position; whether there are more.

    The rule of `where_filter` is not established; here it is a part of the name in any case (assumed).
    """
    after, size = asked(exchange)
    clauses = "position > ?"
    values: list[Any] = [after]
    for field, value in where.items():
        clauses += f' AND "{field}" = ?'
        values.append(value)
    wanted = exchange.query.get("where_filter", "").strip("*")
    if wanted:
        clauses += ' AND instr(lower("name"), lower(?)) > 0'
        values.append(wanted)
    rows = list(
        exchange.data.query(
            f'SELECT position, body FROM "of_{collection}" WHERE {clauses} ORDER BY position LIMIT ?',  # noqa: S608 - names are ours, values are bound.
            *values,
            size + 1,
        )
    )
    some = rows[:size]
    return [orjson.loads(row[1]) for row in some], (some[-1][0] if some else after), len(rows) > size
