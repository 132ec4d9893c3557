"""Entries of a directory in the plain shapes that workflows see."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from connectors.ldap.decoding import Attributes, Entry
from connectors.ldap.dialects import Dialect
from connectors.ldap.states import FILE_TIMES, file_time, general_time, iso, may_not_work

_PLAIN_IDENTITY = re.compile(rb"[\x21-\x3d\x3f-\x7e]+\Z")
_GENERAL_TIMES = {"modifytimestamp", "createtimestamp", "whencreated", "whenchanged", "pwdchangedtime"}


def text(value: bytes) -> str:
    """A value as text. One that is no UTF-8, such as a picture, is given in base64."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return base64.b64encode(value).decode("ascii")


def first(attributes: Attributes, name: str) -> str:
    values = attributes.get(name)
    return text(values[0]) if values else ""


def identity(attributes: Attributes, dialect: Dialect) -> str:
    """The id that an object keeps when it is renamed or moved; empty when it was not given."""
    values = attributes.get(dialect.identity.lower())
    if not values:
        return ""
    raw = values[0]
    if dialect.identity.lower() == "objectguid" and len(raw) == 16:
        return str(UUID(bytes_le=raw))
    return raw.decode("ascii").lower() if _PLAIN_IDENTITY.match(raw) else raw.hex()


def value_or_values(attributes: Attributes, name: str) -> str | list[str] | None:
    """What a workflow sees of an attribute: None for nothing, a text, or a list of several. Moments are ISO 8601."""
    lower = name.lower()
    values = attributes.get(lower)
    if not values:
        return None
    if lower in FILE_TIMES:
        found = [iso(file_time(int(value))) for value in values if value.lstrip(b"-").isdigit()]
    elif lower in _GENERAL_TIMES:
        found = [iso(general_time(value)) for value in values]
    else:
        found = [text(value) for value in values]
    if len(found) == 1:
        return found[0] or None
    return found or None


def person_attributes(dialect: Dialect, aliases: Mapping[str, str]) -> list[str]:
    """What has to be asked for to make people."""
    own = (
        dialect.identity, dialect.login, "displayName", "cn", dialect.mail, dialect.title, dialect.department,
        dialect.country, "description", dialect.modified, *dialect.state, *aliases.values(),
    )  # fmt: skip
    return list({name.lower(): name for name in own if name}.values())


def person_maker(
    dialect: Dialect, partition: str, aliases: Mapping[str, str]
) -> Callable[[Entry, list[str]], dict[str, Any]]:
    """A function from an entry and the ids of its groups to the body of a person."""
    now = datetime.now(UTC)
    login, mail, title = dialect.login.lower(), dialect.mail.lower(), dialect.title.lower()
    department, country, modified = dialect.department.lower(), dialect.country.lower(), dialect.modified.lower()
    state = [name.lower() for name in dialect.state]
    wanted = list(aliases.items())

    def person(entry: Entry, groups: list[str]) -> dict[str, Any]:
        dn, attributes, _ = entry
        name = first(attributes, login)
        stamp = first(attributes, modified)
        return {
            "id": f"{name}@{partition}",
            "uuid": identity(attributes, dialect),
            "name": name,
            "partition": partition,
            "location": text(dn),
            "display_name": first(attributes, "displayname") or first(attributes, "cn"),
            "mail": first(attributes, mail),
            "title": first(attributes, title),
            "department": first(attributes, department),
            "country": first(attributes, country),
            "disabled": any(each in attributes for each in state) and may_not_work(attributes, now),
            "description": first(attributes, "description"),
            "modified_at": _moment(stamp),
            "member_of": groups,
            "attributes": {alias: value_or_values(attributes, name) for alias, name in wanted},
        }

    return person


GROUP_ATTRIBUTES = ("cn", "description", "member", "uniqueMember", "objectClass")


def group(entry: Entry, dialect: Dialect, partition: str, groups: list[str], members: int) -> dict[str, Any]:
    name = first(entry.attributes, "cn")
    return {
        "id": f"{name}@{partition}",
        "uuid": identity(entry.attributes, dialect),
        "name": name,
        "partition": partition,
        "location": text(entry.dn),
        "description": first(entry.attributes, "description"),
        "member_of": groups,
        "member_count": members,
    }


def _moment(stamp: str) -> str:
    if len(stamp) == 15 and stamp[14] == "Z" and stamp[:14].isdigit():
        return f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]}T{stamp[8:10]}:{stamp[10:12]}:{stamp[12:14]}Z"
    return iso(general_time(stamp.encode()))
