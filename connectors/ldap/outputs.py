"""The shapes of people and groups as workflows see them: those of every directory."""

from __future__ import annotations

from hub.sdk import Fields


class Person(Fields):
    id: str
    uuid: str
    name: str
    partition: str
    location: str
    display_name: str
    mail: str
    title: str
    department: str
    country: str
    disabled: bool
    description: str
    modified_at: str
    member_of: list[str]
    attributes: dict[str, str | list[str] | None]


class Group(Fields):
    id: str
    uuid: str
    name: str
    partition: str
    location: str
    description: str
    member_of: list[str]
    member_count: int
