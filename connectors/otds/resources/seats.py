"""The resource `otds.seats`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connectors.otds.client import OtdsClient
from connectors.otds.listings import absorb
from hub.sdk import Call, Fields, Misconfigured, Proof, Reading, Record, Rejected, Resource, field


class Seats(Resource[OtdsClient]):
    """Named seats of licences: who holds which counter."""

    title = "Licence seats"
    operations = ("create", "delete")

    class Input(Fields):
        resource: str = field("Resource", choices="resources")
        counter: str = field("Counter", placeholder="NAMED_DESIGNER")
        users: list[str] = field("Users", default_factory=list, help="By id. Empty: everyone who holds a seat.")

    class Output(Fields):
        licence: str
        counter: str
        user: str
        user_location: str

    def read(self, input: Any, client: OtdsClient) -> Reading:
        proof = Proof()
        users = set(input.users)

        def records() -> Iterator[Record]:
            licences = client.licences(input.resource)
            if not licences:
                raise Misconfigured(f"The resource {input.resource} has no licence.", field="resource")
            for licence in licences:
                part = Proof()
                for rows in client.seat_pages(licence["id"], input.counter, part):
                    for row in rows:
                        if users and row["id"] not in users:
                            continue
                        proof.count += 1
                        body = _body(licence["id"], input.counter, row)
                        yield Record(self.key_of(body), body)
                absorb(proof, part, str(licence["name"]))
            proof.complete = not proof.problems

        return Reading(records(), proof)

    def key_of(self, body: dict[str, Any]) -> str:
        return f"{body['licence']}|{body['counter']}|{body['user']}"

    def read_one(self, key: str, client: OtdsClient) -> dict[str, Any] | None:
        licence, counter, user = _parts(key)
        for rows in client.seat_pages(licence, counter, Proof()):
            for row in rows:
                if row["id"] == user:
                    return _body(licence, counter, row)
        return None

    def create(self, key: str, body: dict[str, Any], client: OtdsClient, call: Call) -> None:
        location = body["user_location"] or str(client.need_user(body["user"])["location"])
        try:
            client.assign_seat(body["licence"], body["counter"], location)
        except Rejected as refusal:
            if not refusal.exists:
                raise

    def delete(self, key: str, before: dict[str, Any], client: OtdsClient, call: Call) -> None:
        try:
            client.free_seat(before["licence"], before["counter"], before["user_location"])
        except Rejected as refusal:
            if not refusal.missing:
                raise

    def describe(self, key: str, body: dict[str, Any]) -> str:
        return f"Seat {body['counter']} of {body['user']}"


def _parts(key: str) -> tuple[str, str, str]:
    parts = key.split("|")
    if len(parts) != 3:
        raise Misconfigured(f'"{key}" is no seat. It is written licence|counter|user.')
    return parts[0], parts[1], parts[2]


def _body(licence: str, counter: str, row: dict[str, Any]) -> dict[str, Any]:
    return {"licence": licence, "counter": counter, "user": row["id"], "user_location": row["location"]}
