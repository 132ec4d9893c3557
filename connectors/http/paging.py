"""Going through the pages of a list."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any
from urllib.parse import urljoin

import requests

from connectors.http.client import HttpClient
from connectors.http.replies import read_json
from connectors.http.shapes import Asking
from hub.sdk import Call, UnexpectedReply, field


class Paging(StrEnum):
    NEXT_LINK = "next-link"
    CURSOR = "cursor"
    PAGE = "page"
    OFFSET = "offset"


class PagedAsking(Asking):
    paging: Paging = field("Paging", default=Paging.NEXT_LINK)
    items_at: str = field("Items at", default="", help="Where the list is, such as data.items; empty for the whole.")
    next_at: str = field(
        "Next at", default="next", help="Where the next link or cursor is. The Link header is looked at as well."
    )
    parameter: str = field("Parameter", default="", help="Carries the cursor, page or offset; usually named so.")
    first_page: int = field("First page", default=1, ge=0, advanced=True)
    size_parameter: str = field("Parameter of the size", default="", advanced=True)
    page_size: int = field("Items of a page", default=100, ge=1, le=10_000)
    limit: int = field("At most", default=1000, ge=1, le=100_000)


def pages(asking: PagedAsking, client: HttpClient, call: Call) -> Iterator[tuple[list[Any], bool]]:
    """The items of each page, and whether the service says that there are more."""
    path, query = asking.path, dict(asking.query)
    parameter = asking.parameter or str(asking.paging)
    if asking.size_parameter:
        query[asking.size_parameter] = str(asking.page_size)
    position = asking.first_page if asking.paging is Paging.PAGE else 0
    if asking.paging in {Paging.PAGE, Paging.OFFSET}:
        query[parameter] = str(position)
    seen: set[str] = set()
    while True:
        what = f"GET {path.partition('?')[0]}"
        reply = client.call(
            "GET",
            path,
            query=query,
            headers=asking.headers,
            expected=asking.expected_statuses,
            max_bytes=asking.max_bytes,
            timeout_seconds=call.timeout_seconds,
        )
        document = read_json(reply, what)
        items = find(document, asking.items_at)
        if not isinstance(items, list):
            raise UnexpectedReply(f'{what} was answered without a list at "{asking.items_at or "the top"}".')
        if asking.paging in {Paging.PAGE, Paging.OFFSET}:
            position += 1 if asking.paging is Paging.PAGE else len(items)
            query[parameter] = str(position)
            # A short page is taken for the last one only when the size was asked for.
            full = len(items) >= asking.page_size if asking.size_parameter else bool(items)
            yield items, full
            if not full:
                return
            continue
        further = _next(document, reply, asking)
        yield items, bool(further)
        if not further:
            return
        if further in seen:
            raise UnexpectedReply(f"{what} names a page as the next one that was read already.")
        seen.add(further)
        if asking.paging is Paging.NEXT_LINK:
            path, query = urljoin(reply.url, further), {}
        else:
            query[parameter] = further


def find(document: Any, place: str) -> Any:
    """What is at a place like `data.items`; None when there is nothing."""
    for name in filter(None, place.split(".")):
        if isinstance(document, dict):
            document = document.get(name)
        elif isinstance(document, list) and name.isdigit() and int(name) < len(document):
            document = document[int(name)]
        else:
            return None
    return document


def _next(document: Any, reply: requests.Response, asking: PagedAsking) -> str:
    found = find(document, asking.next_at)
    if not found and asking.paging is Paging.NEXT_LINK:
        found = reply.links.get("next", {}).get("url")
    if found is None or found is False or found == "":
        return ""
    if isinstance(found, str | int):
        return str(found)
    raise UnexpectedReply(f'The next page at "{asking.next_at}" is neither text nor a number.')
