"""Which licence of a resource is meant."""

from __future__ import annotations

from connectors.otds.client import OtdsClient
from hub.sdk import Misconfigured


def licence_of(client: OtdsClient, resource: str, licence: str) -> str:
    """The id of the licence named by id or name, or of the only one there is."""
    rows = client.licences(resource)
    found = [row for row in rows if not licence or licence in (row["id"], row["name"])]
    if len(found) == 1:
        return str(found[0]["id"])
    if not found:
        raise Misconfigured(f"The resource {resource} has no licence {licence}".rstrip() + ".", field="licence")
    names = ", ".join(str(row["name"]) for row in found)
    raise Misconfigured(f"The resource {resource} has several licences: {names}. Choose one.", field="licence")
