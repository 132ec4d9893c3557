"""What a directory's changes are reported as: the same as those of the other directory."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import ldap3
import pytest
import time_machine

from connectors.ldap.auth import Auth
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


WAYS = pytest.mark.parametrize("way", ["sync", "timestamps", "compare"])


def compared(watch: Watch) -> str:
    """When everybody was compared the last time."""
    assert watch.cursor is not None
    return str(watch.cursor["delta"]["compared_at"])


@WAYS
def test_every_way_tells_the_same(own: Slapd, connect: Connect, admin: ldap3.Connection, way: str) -> None:
    watch = Watch(connect(own, changes=way))
    assert watch.told() == []
    began = compared(watch)
    assert watch.told() == []
    admin.add(f"uid=zoe,{PEOPLE}", ["inetOrgPerson"], {"cn": "Zoe Tan", "sn": "Tan"})
    replace(admin, "milo", title="Underwriter")
    admin.delete(person_dn("lena"))

    assert watch.told() == [
        ("changed", "milo@Northwind"), ("deleted", "lena@Northwind"), ("joined", "zoe@Northwind"),
    ]  # fmt: skip
    assert watch.told() == []
    assert (compared(watch) == began) is (way != "compare")

    admin.modify(group_dn("designers"), {"member": [(ldap3.MODIFY_ADD, [f"uid=zoe,{PEOPLE}"])]})
    assert watch.told() == [("membership_changed", "zoe@Northwind")]
    assert compared(watch) != began
    admin.delete(f"uid=zoe,{PEOPLE}")
    assert watch.told() == [("deleted", "zoe@Northwind")]


def test_the_best_way_is_chosen_and_shown(own: Slapd, connect: Connect) -> None:
    assert connect(own).dialect.changes == ("sync", "timestamps")
    assert (
        "Changes: the server tells them (RFC 4533); everything is compared once an hour."
        in Auth().who_am_i(connect(own)).notes
    )


def test_a_way_that_is_set_and_not_offered_is_said_and_everybody_compared(own: Slapd, connect: Connect) -> None:
    client = connect(own, changes="usn")

    assert (
        "Changes: everything is read and compared each time. This server cannot be asked by usn."
        in Auth().who_am_i(client).notes
    )
    assert Watch(client).told() == []


@pytest.mark.parametrize(
    "cookie", [b"garbage", b"rid=000,csn=20200101000000.000000Z#000000#000#000000",
               b"rid=000,csn=20990101000000.000000Z#000000#000#000000"],
)  # fmt: skip
def test_a_stale_cookie_leads_to_a_comparison_and_never_to_no_leavers(
    watch: Watch, admin: ldap3.Connection, cookie: bytes
) -> None:
    admin.delete(person_dn("lena"))
    assert watch.cursor is not None
    began = compared(watch)
    for part in ("people", "groups"):
        watch.cursor["delta"]["mark"][part] = base64.b64encode(cookie).decode()

    assert watch.told() == [("deleted", "lena@Northwind")]
    assert compared(watch) != began


def test_a_server_that_forgot_its_log_is_compared_with(own: Slapd, watch: Watch, admin: ldap3.Connection) -> None:
    admin.delete(person_dn("lena"))
    own.stop()
    own.start()

    assert watch.told() == [("deleted", "lena@Northwind")]


@WAYS
def test_other_settings_lead_to_a_comparison(own: Slapd, connect: Connect, way: str) -> None:
    watch = Watch(connect(own, changes=way))
    watch.poll()
    found = watch.poll(connect(own, changes=way, must_be_found=["nobody"], people_filter="(title=*)"))

    assert found.happenings == []
    assert "Nobody is reported as deleted until a reading is complete." in found.warnings
    assert watch.told() == []


def test_everything_is_compared_once_an_hour(watch: Watch) -> None:
    began = compared(watch)
    for minutes, again in ((59, False), (61, True)):
        later = datetime.now(UTC) + timedelta(minutes=minutes)
        with time_machine.travel(later):
            watch.poll()
        assert (compared(watch) != began) is again
