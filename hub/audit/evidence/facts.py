"""What is kept, and in which class of personal data each part of it is. Pure."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

FACT = "fact"
CLASSES: dict[str, str] = {
    FACT: "Nothing personal",
    "identity": "Who: sign-in names and display names",
    "organisation": "Where somebody belongs: groups, department, manager, title, country",
    "contact": "Addresses and telephone numbers",
    "text": "What people wrote: comments and messages",
}
_OF_FIELD = {
    "identity": (
        "person", "id", "name", "display_name", "triggeredBy", "publishedBy", "unpublishedBy", "importedBy",
        "createdBy", "modifiedBy", "lastModifiedBy", "lockedBy", "approvedBy", "user",
    ),
    "organisation": (
        "title", "department", "country", "manager", "groups", "member_of", "partition", "location", "attributes",
    ),
    "contact": ("mail", "email", "phone"),
    "text": ("auditedComment", "stateComment", "comment", "description"),
}  # fmt: skip
ACTS = {field: name for name, fields in _OF_FIELD.items() for field in fields} | {"id": FACT, "name": FACT}
"""The class of a field of something done to an object: its id and name are the object's."""
PEOPLE = {field: name for name, fields in _OF_FIELD.items() for field in fields}
"""The class of a field of a person."""


@dataclass(frozen=True)
class Fact:
    """One thing to keep. `at` None stands for the time it was seen."""

    kind: str
    key: str
    parts: dict[str, dict[str, Any]]
    at: datetime | None = None
    domain: str = ""
    subject: str = ""
    job: str = ""
    gone: bool = False


def parted(body: Mapping[str, Any], classes: Mapping[str, str], person: str = "") -> dict[str, dict[str, Any]]:
    """The body by class; a field of no known class is a fact. `person` says who acted, or whose state it is."""
    made: dict[str, dict[str, Any]] = {FACT: {}}
    for name, value in body.items():
        made.setdefault(classes.get(name, FACT), {})[name] = value
    if person:
        made.setdefault("identity", {})["person"] = person
    return made


def salts_for(parts: Iterable[str]) -> dict[str, str]:
    """Something to hash with each personal part, so that nobody can find out by guessing what it says."""
    return {name: secrets.token_hex(16) for name in parts if name != FACT}
