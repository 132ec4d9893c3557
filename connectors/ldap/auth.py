"""How to sign in to a directory, how to ask who we are, and the live choices of form fields."""

from __future__ import annotations

from typing import Any, ClassVar

from connectors.ldap import settings as fields
from connectors.ldap.client import LdapClient
from connectors.ldap.finding import find_group
from connectors.ldap.settings import Security, servers_of
from connectors.ldap.watching.choosing import way_in_words
from hub.sdk import Choice, Identity, Opening, SignIn
from hub.sdk.connectors import MOST_CHOICES


def _partitions(client: LdapClient, values: dict[str, Any]) -> list[Choice]:
    return [Choice(client.partition, client.partition, client.base)]


def _groups(client: LdapClient, values: dict[str, Any]) -> list[Choice]:
    found = client.first(
        "Reading groups", client.groups_base, client.dialect.groups_filter, ["cn", "description"], MOST_CHOICES
    )
    made = []
    for entry in found:
        [name, *_] = entry.attributes.get("cn") or [entry.dn]
        [words, *_] = entry.attributes.get("description") or [b""]
        text = name.decode("utf-8", "replace")
        made.append(Choice(f"{text}@{client.partition}", text, words.decode("utf-8", "replace")))
    return sorted(made, key=lambda choice: choice.label.casefold())


class Auth(SignIn[LdapClient]):
    Settings = fields.Settings
    choices: ClassVar = {"partitions": _partitions, "groups": _groups}

    def open(self, settings: Any, opening: Opening) -> LdapClient:
        return LdapClient(settings, opening.egress)

    def who_am_i(self, client: LdapClient) -> Identity:
        client.try_dialing()
        settings, dialect = client.settings, client.dialect
        said = client.who_am_i()
        people = client.first(
            "Reading people", client.people_base, dialect.people_filter, [dialect.login, dialect.identity], 1
        )
        groups = client.first("Reading groups", client.groups_base, dialect.groups_filter, [dialect.identity], 1)
        rights = [f"may read {name}" for name, found in (("people", people), ("groups", groups)) if found]
        notes = [*dialect.ways(), way_in_words(client)]
        for name, found in (("people", people), ("groups", groups)):
            if not found:
                notes.append(f"No {name} are found. Check base, filter and rights.")
            elif dialect.identity.lower() not in found[0].attributes:
                notes.append(f'This account may not read "{dialect.identity}" of {name}, by which they are known.')
        if settings.security is Security.NONE:
            notes.append("The connection is not encrypted.")
        name = said.removeprefix("dn:").removeprefix("u:") or settings.username or "nobody (anonymous)"
        return Identity(
            name=name,
            tenant=client.partition,
            rights=tuple(rights) or ("may read nothing",),
            notes=tuple(notes),
            detail={"base": client.base, "product": dialect.product},
        )

    def has(self, client: LdapClient, choices: str, value: str, values: dict[str, Any]) -> bool | None:
        return find_group(client, value) is not None if choices == "groups" else None

    def hosts(self, settings: Any) -> list[str]:
        return [f"{host}:{port}" for host, port in servers_of(settings)]
