"""What a directory's changes are reported as: the same as those of the other directory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import ldap3
import pytest

from connectors.ldap.client import LdapClient
from connectors.ldap.triggers.directory_changes import DirectoryChanges
from hub.registry import catalog
from hub.sdk import Cursor, Kept, Poll
from tests.connectors.ldap.conftest import Connect
from tests.connectors.ldap.northwind import PEOPLE, group_dn, person_dn
from tests.connectors.ldap.slapd import ADMIN, PASSWORD, Slapd


class Remembered:
    def __init__(self) -> None:
        self.kept: dict[str, Kept] = {}

    def get_many(self, keys: Iterable[str]) -> Mapping[str, Kept]:
        return {key: self.kept[key] for key in keys if key in self.kept}

    def keys(self) -> Iterator[str]:
        return iter(list(self.kept))

    def put(self, key: str, kept: Kept) -> None:
        self.kept[key] = kept

    def drop(self, key: str) -> None:
        self.kept.pop(key, None)


class Watch:
    """Polls as the platform does, keeping cursor and memory."""

    def __init__(self, client: LdapClient, **given: Any) -> None:
        self.client, self.source = client, DirectoryChanges()
        self.input = DirectoryChanges.Input(partition="Northwind", **given)
        self.memory = Remembered()
        self.cursor: Cursor | None = None

    def poll(self, client: LdapClient | None = None) -> Poll:
        made = self.source.poll(self.input, client or self.client, self.cursor, self.memory)
        self.cursor = made.cursor
        for happening in made.happenings:
            DirectoryChanges.Output.model_validate(happening.data)
        return made

    def told(self) -> list[tuple[str, str]]:
        return sorted((happening.data["kind"], happening.subject) for happening in self.poll().happenings)


@pytest.fixture
def admin(own: Slapd) -> Iterator[ldap3.Connection]:
    server = ldap3.Server("127.0.0.1", port=own.port, get_info=ldap3.NONE)
    with ldap3.Connection(server, ADMIN, PASSWORD, raise_exceptions=True) as connection:
        yield connection


@pytest.fixture
def watch(own: Slapd, connect: Connect) -> Watch:
    watch = Watch(connect(own))
    assert watch.told() == []
    return watch


def replace(admin: ldap3.Connection, login: str, **values: str) -> None:
    admin.modify(person_dn(login), {name: [(ldap3.MODIFY_REPLACE, [value])] for name, value in values.items()})


def test_nothing_happened_reports_nothing(watch: Watch) -> None:
    assert watch.told() == []


def test_joiners_movers_and_leavers_are_reported(watch: Watch, admin: ldap3.Connection) -> None:
    admin.add(f"uid=zoe,{PEOPLE}", ["inetOrgPerson"], {"cn": "Zoe Tan", "sn": "Tan"})
    replace(admin, "milo", title="Underwriter")
    replace(admin, "soren", shadowExpire="1")
    admin.delete(person_dn("lena"))

    assert watch.told() == [
        ("changed", "milo@Northwind"),
        ("deleted", "lena@Northwind"),
        ("disabled", "soren@Northwind"),
        ("joined", "zoe@Northwind"),
    ]
    assert watch.told() == []


def test_a_change_of_groups_names_them(watch: Watch, admin: ldap3.Connection) -> None:
    admin.modify(group_dn("designers"), {"member": [(ldap3.MODIFY_ADD, [person_dn("milo")])]})

    (happening,) = watch.poll().happenings

    assert happening.type == "ldap.person.membership_changed"
    assert happening.data["groups_added"] == ["designers@Northwind"]
    assert happening.data["groups_removed"] == []


def test_a_new_name_and_a_new_place_are_changes_of_the_same_person(watch: Watch, admin: ldap3.Connection) -> None:
    admin.modify_dn(person_dn("milo"), "uid=milo.petit", new_superior="ou=empty,dc=northwind,dc=example")

    happenings = watch.poll().happenings

    assert {happening.data["kind"] for happening in happenings} <= {"changed", "membership_changed"}
    (changed,) = [each for each in happenings if each.data["kind"] == "changed"]
    assert {"name", "id", "location"} <= set(changed.data["changed"])


def test_an_incomplete_reading_reports_no_leavers(own: Slapd, watch: Watch, connect: Connect) -> None:
    blind = connect(own, must_be_found=["nobody"], people_filter="(title=*)")

    found = watch.poll(blind)

    assert found.happenings == []
    assert "Nobody is reported as deleted until a reading is complete." in found.warnings
    assert watch.told() == []


def test_groups_that_cannot_be_read_take_nobody_out_of_them(own: Slapd, watch: Watch, connect: Connect) -> None:
    found = watch.poll(connect(own, groups_base="ou=empty,dc=northwind,dc=example"))

    assert found.happenings == []
    assert "Nothing was compared" in found.warnings[0]
    assert watch.told() == []


def test_a_poll_that_is_repeated_gives_the_same_ids(watch: Watch, admin: ldap3.Connection) -> None:
    replace(admin, "milo", title="Underwriter")
    before, kept = watch.cursor, dict(watch.memory.kept)
    first = [happening.id for happening in watch.poll().happenings]
    watch.cursor, watch.memory.kept = before, kept

    assert [happening.id for happening in watch.poll().happenings] == first


def test_events_have_the_shape_of_the_other_directory() -> None:
    ours, other = (catalog().event_source(f"{name}.directory_changes") for name in ("ldap", "otds"))

    assert ours.output_schema["properties"] == other.output_schema["properties"]
