"""The resource `otds.access_groups`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connectors.otds.client import OtdsClient, part
from connectors.otds.listings import absorb, read_groups
from hub.sdk import Call, Fields, Proof, Reading, Record, Rejected, Resource, field


class AccessGroups(Resource[OtdsClient]):
    """Groups that stand for access, with their description. Members are another resource."""

    title = "Access groups"

    class Input(Fields):
        partition: str = field("Partition", choices="partitions")
        name_prefix: str = field("Name begins with", default="")
        names: list[str] = field("Names", default_factory=list, help="Empty: all that the prefix leaves.")

    class Output(Fields):
        name: str
        partition: str
        description: str

    def read(self, input: Any, client: OtdsClient) -> Reading:
        proof, part_proof = Proof(), Proof()
        names = set(input.names)

        def records() -> Iterator[Record]:
            for group in read_groups(client, part_proof, partition=input.partition):
                if group["name"].startswith(input.name_prefix) and (not names or group["name"] in names):
                    proof.count += 1
                    yield Record(group["id"], _body(group["name"], group["partition"], group["description"]))
            absorb(proof, part_proof, "Groups")
            proof.complete = part_proof.complete

        return Reading(records(), proof)

    def key_of(self, body: dict[str, Any]) -> str:
        name = body["name"]
        return name if "@" in name else f"{name}@{body['partition']}"

    def read_one(self, key: str, client: OtdsClient) -> dict[str, Any] | None:
        row = client.group(key)
        if row is None:
            return None
        return _body(str(row["name"]), str(row["userPartitionID"]), str(row.get("description") or ""))

    def create(self, key: str, body: dict[str, Any], client: OtdsClient, call: Call) -> None:
        sent = {"userPartitionID": body["partition"], "name": body["name"], "description": body["description"]}
        try:
            client.write("POST", "/groups", f"Creating the group {body['name']}", sent)
        except Rejected as refusal:
            if not refusal.exists or self.read_one(key, client) != body:
                raise

    def update(self, key: str, before: dict[str, Any], after: dict[str, Any], client: OtdsClient, call: Call) -> None:
        """C: OpenText's own client cannot change a group."""
        sent = {"userPartitionID": after["partition"], "name": after["name"], "description": after["description"]}
        client.write("PUT", f"/groups/{part(key)}", f"Changing the group {key}", sent)

    def delete(self, key: str, before: dict[str, Any], client: OtdsClient, call: Call) -> None:
        """C: OpenText's own client cannot delete a group."""
        try:
            client.write("DELETE", f"/groups/{part(key)}", f"Deleting the group {key}")
        except Rejected as refusal:
            if not refusal.missing:
                raise

    def describe(self, key: str, body: dict[str, Any]) -> str:
        return f"Group {key}"


def _body(name: str, partition: str, description: str) -> dict[str, Any]:
    return {"name": name, "partition": partition, "description": description}
