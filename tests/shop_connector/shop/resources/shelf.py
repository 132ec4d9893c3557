from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hub.sdk import Call, Fields, Proof, Reading, Record, Resource, field
from tests.shop_connector.service import Shop


class Shelf(Resource[Shop]):
    """What lies on the shelf."""

    class Input(Fields):
        prefix: str = field("Prefix", default="")

    class Output(Fields):
        name: str = field("Name")
        count: int = field("Count")

    def read(self, input: Any, client: Shop) -> Reading:
        proof = Proof()

        def records() -> Iterator[Record]:
            for key, body in client.shelf.items():
                if key.startswith(input.prefix):
                    proof.count += 1
                    yield Record(key, body)
            proof.complete = client.complete
            if not client.complete:
                proof.problems.append("the second page is missing")

        return Reading(records(), proof)

    def read_one(self, key: str, client: Shop) -> dict[str, Any] | None:
        return client.shelf.get(key)

    def key_of(self, body: dict[str, Any]) -> str:
        return str(body["name"])

    def create(self, key: str, body: dict[str, Any], client: Shop, call: Call) -> None:
        client.write("create", key, call)
        client.shelf[key] = body

    def update(self, key: str, before: dict[str, Any], after: dict[str, Any], client: Shop, call: Call) -> None:
        client.write("update", key, call)
        client.shelf[key] = after

    def delete(self, key: str, before: dict[str, Any], client: Shop, call: Call) -> None:
        client.write("delete", key, call)
        del client.shelf[key]
