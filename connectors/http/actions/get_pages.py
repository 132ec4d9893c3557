"""Reading a list to its end."""

from __future__ import annotations

from typing import Any

from connectors.http.client import HttpClient
from connectors.http.paging import PagedAsking, pages
from connectors.http.replies import check_schema
from hub.sdk import Action, Call, Effect, Fields, field


class GetPages(Action[HttpClient]):
    """Read a list page by page, by next link, cursor, page number or offset."""

    title = "Get all pages"
    effect = Effect.NONE

    class Input(PagedAsking):
        pass

    class Output(Fields):
        items: list[Any] = field("Items")
        count: int = field("Count")
        pages: int = field("Pages read")
        complete: bool = field("Read to the end", help="False when the limit came first.")

    def run(self, input: Input, client: HttpClient, call: Call) -> Output:
        found: list[Any] = []
        complete = True
        number = 0
        for items, more in pages(input, client, call):
            number += 1
            check_schema(items, input.response_schema, f"Page {number}")
            found.extend(items)
            if len(found) > input.limit or (more and len(found) == input.limit):
                complete = False
                break
        found = found[: input.limit]
        return self.Output(items=found, count=len(found), pages=number, complete=complete)
