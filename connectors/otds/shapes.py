"""Records of OTDS in the plain shapes that workflows see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from connectors.otds.settings import Settings
from hub.sdk import UnexpectedReply

_GROUP = "otgroup="


def attributes_of(row: dict[str, Any]) -> dict[str, Any]:
    """The attributes of an object, whether they came as a map or as pairs (PX)."""
    found = row.get("attributes")
    if isinstance(found, dict):
        return found
    return {pair["name"]: pair.get("values") for pair in row.get("values") or [] if isinstance(pair, dict)}


def group_keys(attributes: dict[str, Any]) -> list[str]:
    """The uuids in `oTMemberOf` (PX). A DN without one, as older releases have, is left as it is."""
    return [
        dn[8 : dn.find(",")] if dn[:8].lower() == _GROUP and "," in dn else dn
        for dn in attributes.get("oTMemberOf") or ()
    ]


def value(attributes: dict[str, Any], name: str) -> str:
    """The first value, or an empty text."""
    values = attributes.get(name)
    return (values[0] or "") if values else ""


def value_or_values(attributes: dict[str, Any], name: str) -> str | list[str] | None:
    """None when there is no value, a list when there are several."""
    values = attributes.get(name)
    if not values:
        return None
    one = values[0] if len(values) == 1 else list(values)
    return one if one != "" else None


def person_maker(
    settings: Settings, aliases: dict[str, str] | None = None
) -> Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]:
    """A function from a row and its attributes to the body of a person."""
    wanted = list((aliases or {}).items())
    title, department = settings.title_attribute, settings.department_attribute
    country, mail = settings.country_attribute, settings.mail_attribute

    def person(row: dict[str, Any], attributes: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": row["id"],
            "uuid": row["uuid"],
            "name": row["name"],
            "partition": row["userPartitionID"],
            "location": row["location"],
            "display_name": value(attributes, "displayName"),
            "mail": value(attributes, mail),
            "title": value(attributes, title),
            "department": value(attributes, department),
            "country": value(attributes, country),
            "disabled": value(attributes, "accountDisabled").lower() == "true",
            "description": row.get("description") or "",
            "modified_at": value(attributes, "modifyTimestamp"),
            "member_of": group_keys(attributes),
            "attributes": {alias: value_or_values(attributes, name) for alias, name in wanted},
        }

    return person


def person(row: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """One person, read alone. Every attribute comes along under its own name."""
    attributes = attributes_of(row)
    own = {name: name for name in attributes if name != "oTMemberOf"}
    try:
        return person_maker(settings, own)(row, attributes)
    except KeyError as missing:
        raise UnexpectedReply(f"A user of OTDS came without {missing}.") from None


def group(row: dict[str, Any], attributes: dict[str, Any]) -> dict[str, Any]:
    """The body of a group. `numMembers` counts in a way that is not established; it is passed on."""
    try:
        return {
            "id": row["id"],
            "uuid": row["uuid"],
            "name": row["name"],
            "partition": row["userPartitionID"],
            "location": row["location"],
            "description": row.get("description") or "",
            "member_of": group_keys(attributes),
            "member_count": int(row.get("numMembers") or 0),
        }
    except KeyError as missing:
        raise UnexpectedReply(f"A group of OTDS came without {missing}.") from None
