"""How to sign in to OTDS, how to ask who we are, and the live choices of form fields."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlsplit

from connectors.otds import settings as fields
from connectors.otds.client import OtdsClient
from connectors.otds.settings import root_of, token_url_of
from hub.sdk import Choice, Identity, Opening, SignIn, UnexpectedReply
from hub.sdk.connectors import MOST_CHOICES


def _partitions(client: OtdsClient, values: dict[str, Any]) -> list[Choice]:
    return [Choice(name, name, words) for name, words in list_partitions(client)]


def list_partitions(client: OtdsClient) -> list[tuple[str, str]]:
    """Names and descriptions. Both names of the list are read: which one is right is disputed."""
    what = "Reading the partitions"
    answer = client.read("/partitions", what, page_size=client.settings.page_size)
    rows = answer.get("partitions", answer.get("_userPartitions"))
    if not isinstance(rows, list):
        raise UnexpectedReply(f"{what}: there is no list of partitions in the answer.")
    return [(str(row["name"]), str(row.get("description") or "")) for row in rows if isinstance(row, dict)]


def _named(path: str, name: str) -> Any:
    def choices(client: OtdsClient, values: dict[str, Any]) -> list[Choice]:
        where = {"where_partition_name": values["partition"]} if values.get("partition") else {}
        rows = client.first_rows(path, name, f"Reading {name}", MOST_CHOICES, **where)
        return [Choice(str(row["id"]), str(row["name"]), str(row.get("description") or "")) for row in rows]

    return choices


def _resources(client: OtdsClient, values: dict[str, Any]) -> list[Choice]:
    rows = client.first_rows("/resources", "resourceConfigList", "Reading resources", MOST_CHOICES)
    return [
        Choice(str(row["resourceName"]), str(row.get("displayName") or row["resourceName"]), str(row["resourceID"]))
        for row in rows
    ]


def _licences(client: OtdsClient, values: dict[str, Any]) -> list[Choice]:
    if not values.get("resource"):
        return []
    rows = client.licences(str(values["resource"]))
    return [Choice(str(row["id"]), str(row["name"]), str(row.get("description") or "")) for row in rows]


class Auth(SignIn[OtdsClient]):
    Settings = fields.Settings
    choices: ClassVar = {
        "partitions": _partitions,
        "groups": _named("/groups", "groups"),
        "roles": _named("/roles", "roles"),
        "resources": _resources,
        "licences": _licences,
    }

    def open(self, settings: Any, opening: Opening) -> OtdsClient:
        return OtdsClient(settings, opening)

    def who_am_i(self, client: OtdsClient) -> Identity:
        answer = client.current_user()
        user = answer.get("user")
        if not isinstance(user, dict) or not user.get("id"):
            raise UnexpectedReply("Asking who is signed in: OTDS did not say.")
        rights = []
        if answer.get("isSysAdmin"):
            rights.append("system administrator")
        elif answer.get("isAdmin"):
            rights.append("tenant administrator")
        notes = () if rights else ("This account may not read other people. Ask for the right to administer.",)
        partition = str(user.get("userPartitionID") or "")
        return Identity(
            name=str(user["id"]),
            tenant=client.settings.tenant or "system",
            rights=tuple(rights) or ("no administration",),
            notes=notes,
            detail={"partition": partition, "uuid": user.get("uuid")},
        )

    def has(self, client: OtdsClient, choices: str, value: str, values: dict[str, Any]) -> bool | None:
        if choices != "groups":
            return None
        name = value if "@" in value else f"{value}@{values.get('partition', '')}"
        return client.group(name) is not None

    def hosts(self, settings: Any) -> list[str]:
        found = [urlsplit(url).netloc for url in (root_of(settings), token_url_of(settings))]
        return list(dict.fromkeys(found))
