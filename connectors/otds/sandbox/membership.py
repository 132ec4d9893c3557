"""Who is directly in which group. Every change is counted by the pair, whichever of the endpoints made it."""

from __future__ import annotations

from typing import Any

from connectors.otds.sandbox.directory import MEMBER, wrong
from connectors.otds.sandbox.sessions import need_admin
from hub.sdk.sandbox import Exchange


def strings(exchange: Exchange) -> list[str]:
    """The `stringList` of a bulk body (P, C)."""
    listed = exchange.json().get("stringList")
    if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
        raise wrong(400, "stringList is a list of ids or locations.")
    return listed


def join(exchange: Exchange, child: dict[str, Any], group: dict[str, Any]) -> None:
    """Put a user or group into a group; being there already is no error (assumed)."""
    need_admin(exchange, group["partition"])
    changed = exchange.data.link(MEMBER, child["uuid"], group["uuid"])
    exchange.wrote(f"members/{group['id']}/{child['id']}", changed=changed)


def leave(exchange: Exchange, child: dict[str, Any], group: dict[str, Any]) -> None:
    """Take a user or group out of a group; not being there is no error (assumed)."""
    need_admin(exchange, group["partition"])
    changed = exchange.data.unlink(MEMBER, child["uuid"], group["uuid"])
    exchange.wrote(f"members/{group['id']}/{child['id']}", changed=changed)
