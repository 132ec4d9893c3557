"""The same promises, asked of OpenLDAP, of 389 Directory Server, and of Active Directory as Samba has it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ldap3
import pytest

from connectors.ldap import naming
from connectors.ldap.actions.explain_membership import ExplainMembership
from connectors.ldap.actions.get_user import GetUser
from connectors.ldap.auth import Auth
from connectors.ldap.client import LdapClient
from connectors.ldap.lines import dial
from connectors.ldap.resources.group_members import GroupMembers
from connectors.ldap.streams.groups import Groups
from connectors.ldap.streams.users import Users
from connectors.ldap.watching.choosing import mark_now
from hub.sdk import Call, Misconfigured, Policy, Record, Rejected, SignInRefused
from hub.sdk.guarded import GuardedEgress
from tests.connectors.ldap import ds389, samba, slapd
from tests.connectors.ldap.conftest import open_client
from tests.connectors.ldap.northwind import top
from tests.connectors.ldap.test_events import Watch, compared

CALL = Call("run-1/step-1")
PEOPLE = ("amara", "soren", "milo", "lena")
GROUPS = {"designers": ["amara", "soren"], "staff": ["designers", "lena"], "everybody": ["staff", "milo"]}


@dataclass
class Directory:
    """One server, filled with the same people and groups in its own way."""

    product: str
    settings: dict[str, Any]
    base: str
    classes: dict[str, list[str]]
    person: Callable[[str], dict[str, Any]]
    disable: tuple[str, str]
    ways: tuple[str, ...]
    """How it can say what changed, the one that is chosen first."""
    admin: ldap3.Connection = field(init=False)

    def open(self, **settings: Any) -> LdapClient:
        return open_client(self.settings | settings)

    def dn(self, name: str, base: str = "") -> str:
        kind = "cn" if name in GROUPS or "cn" in self.person("x") else "uid"
        return f"{kind}={name},{base or self.base}"

    def fill(self) -> None:
        client = self.open()
        self.admin = dial(client.settings, GuardedEgress(Policy(("127.0.0.1",)))).ldap
        self.admin.raise_exceptions = True
        self.admin.add(self.base, ["organizationalUnit"])
        for name in PEOPLE:
            self.add(name)
        for name, members in GROUPS.items():
            self.admin.add(self.dn(name), self.classes["group"], {"member": [self.dn(each) for each in members]})
        self.join("designers", "everybody")

    def add(self, name: str, base: str = "") -> None:
        self.admin.add(self.dn(name, base), self.classes["person"], self.person(name))

    def modify(self, name: str, attribute: str, value: str | None) -> None:
        values = [] if value is None else [value]
        self.admin.modify(self.dn(name), {attribute: [(ldap3.MODIFY_REPLACE, values)]})

    def join(self, group: str, name: str) -> None:
        self.admin.modify(self.dn(group), {"member": [(ldap3.MODIFY_ADD, [self.dn(name)])]})

    def leave(self, group: str, name: str) -> None:
        self.admin.modify(self.dn(group), {"member": [(ldap3.MODIFY_DELETE, [self.dn(name)])]})

    @property
    def enabled(self) -> str | None:
        return "544" if self.disable[0] == "userAccountControl" else None


def _unix_person(name: str) -> dict[str, Any]:
    return {"cn;lang-en": name, "sn": "Åkesson", "displayName": f"{name} Åkesson", "title": "Designer"}


def _windows_person(name: str) -> dict[str, Any]:
    return {"cn": name, "sAMAccountName": name, "sn": "Åkesson", "displayName": f"{name} Åkesson",
            "title": "Designer", "userAccountControl": "544"}  # fmt: skip


@pytest.fixture(scope="module", params=["openldap", "389ds", "samba"])
def directory(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Directory]:
    folder: Path = tmp_path_factory.mktemp(request.param)
    unix = {"person": ["inetOrgPerson", "extensibleObject"], "group": ["groupOfNames"]}
    base = f"ou=northwind,{slapd.SUFFIX}"
    if request.param == "openldap":
        with slapd.running(folder, top()) as server:
            settings = server.settings(base=base)
            yield from _filled(Directory("OpenLDAP", settings, base, unix, _unix_person, ("shadowExpire", "1"),
                                         ("sync", "timestamps")))  # fmt: skip
    elif request.param == "389ds":
        with ds389.running(folder) as settings:
            settings["base"] = base
            yield from _filled(
                Directory(
                    "389 Directory Server",
                    settings,
                    base,
                    unix,
                    _unix_person,
                    ("nsAccountLock", "true"),
                    ("changelog", "timestamps"),
                )
            )
    else:
        with samba.running(folder) as settings:
            windows = {"person": ["user"], "group": ["group"]}
            yield from _filled(
                Directory("Active Directory", settings, settings["base"], windows, _windows_person,
                          ("userAccountControl", "546"), ("dirsync", "usn", "timestamps"))
            )  # fmt: skip


def _filled(made: Directory) -> Iterator[Directory]:
    made.fill()
    yield made
    made.admin.unbind()


@pytest.fixture
def client(directory: Directory) -> Iterator[LdapClient]:
    made = directory.open()
    yield made
    made.close()


def test_it_is_known_by_what_it_says(directory: Directory, client: LdapClient) -> None:
    identity = Auth().who_am_i(client)

    assert f"Taken for {directory.product}." in identity.notes
    assert identity.rights == ("may read people", "may read groups")


@pytest.mark.parametrize("reader", ["own", "ldap3"])
@pytest.mark.parametrize("page_size", [1, 3, 1000])
def test_people_and_groups_are_read_whole(directory: Directory, reader: str, page_size: int) -> None:
    client = directory.open(reader=reader, page_size=page_size)
    users = Users().read(Users.Input(), client)
    people = {body["name"]: body for _, body in users.records}
    listed = Groups().read(Groups.Input(), client)
    groups = {body["name"]: body for _, body in listed.records}
    client.close()

    assert (sorted(people), sorted(groups)) == (sorted(PEOPLE), sorted(GROUPS))
    assert people["soren"]["display_name"] == "soren Åkesson"
    assert people["soren"]["member_of"] == [groups["designers"]["uuid"]]
    assert groups["staff"]["member_of"] == [groups["everybody"]["uuid"]]
    assert groups["everybody"]["member_of"] == [groups["designers"]["uuid"]]
    assert users.proof.complete, users.proof.problems
    assert all(len(body["uuid"]) >= 35 for body in [*people.values(), *groups.values()])
    assert not any(body["disabled"] for body in people.values())


@pytest.mark.parametrize("few", [0, 20])
def test_some_people_are_read_as_among_everybody(
    client: LdapClient, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(naming, "FEW", few)
    some = [f"{name}@Northwind" for name in ("amara", "lena", "nobody")]
    everybody = [record for record in Users().read(Users.Input(), client).records if record.body["id"] in some]
    named = Users().read(Users.Input(only=some), client)

    assert by_key(named.records) == by_key(everybody)
    assert (named.proof.complete, named.proof.count) == (True, 3)
    given = {"partition": "Northwind", "name_prefix": "s"}
    memberships = [each for each in GroupMembers().read(GroupMembers.Input(**given), client).records
                   if each.body["member"] in some]  # fmt: skip
    theirs = GroupMembers().read(GroupMembers.Input(**given, members=some), client)
    assert list(theirs.records) == memberships != []
    assert theirs.proof.complete


def test_nobody_counts_as_gone_for_an_account_that_sees_nobody(directory: Directory) -> None:
    for blind in ({"people_filter": "(sn=nothing)"}, {"must_be_found": ["somebody"]}):
        client = directory.open(**blind)
        reading = Users().read(Users.Input(only=["nobody@Northwind"]), client)
        assert list(reading.records) == []
        assert not reading.proof.complete
        client.close()


def settle(watch: Watch) -> None:
    """Where moments are whole seconds, everybody is compared until the last change of a group is some seconds old."""
    until = time.monotonic() + 10
    while not (watch.cursor or {})["delta"]["mark"].get("settled", True):
        assert time.monotonic() < until
        assert watch.told() == []


def by_key(records: Iterable[Record]) -> list[Record]:
    return sorted(records, key=lambda record: record.key)


def test_a_person_is_found_by_the_stable_id(client: LdapClient) -> None:
    [user] = [body for _, body in Users().read(Users.Input(), client).records if body["name"] == "milo"]

    found = GetUser().run(GetUser.Input(user=user["uuid"]), client, CALL)

    assert found.user is not None
    assert found.user.id == "milo@Northwind"


def test_a_nested_membership_is_explained_in_spite_of_a_cycle(client: LdapClient) -> None:
    asked = ExplainMembership.Input(member="amara", group="everybody")

    assert ExplainMembership().run(asked, client, CALL).path == [
        "designers@Northwind", "staff@Northwind", "everybody@Northwind",
    ]  # fmt: skip


def test_a_membership_is_written_read_back_and_taken_away(client: LdapClient) -> None:
    resource = GroupMembers()
    body = {"group": "designers@Northwind", "member": "milo@Northwind", "kind": "user"}
    key = resource.key_of(body)

    for _ in range(2):
        resource.create(key, body, client, CALL)
        assert resource.read_one(key, client) == body
    for _ in range(2):
        resource.delete(key, body, client, CALL)
        assert resource.read_one(key, client) is None


@pytest.mark.parametrize("place", range(3))
def test_every_way_tells_joiners_movers_and_leavers(directory: Directory, place: int) -> None:
    if place >= len(directory.ways):
        return
    way = directory.ways[place]
    watch = Watch(directory.open(changes=way))
    assert watch.told() == []
    settle(watch)
    began = compared(watch)
    zoe = f"zoe{place}"
    directory.add(zoe)
    directory.modify("milo", "title", f"Clerk {way}")
    directory.modify("lena", *directory.disable)

    (changed, disabled, joined) = sorted(watch.poll().happenings, key=lambda each: str(each.data["kind"]))
    assert (changed.subject, disabled.subject, joined.subject) == (
        "milo@Northwind", "lena@Northwind", f"{zoe}@Northwind",
    )  # fmt: skip
    assert changed.data["before"]["title"] != changed.data["after"]["title"] == f"Clerk {way}"
    assert watch.told() == []

    directory.admin.delete(directory.dn(zoe))
    assert watch.told() == [("deleted", f"{zoe}@Northwind")]
    assert compared(watch) == began, "The way was not taken; everybody was compared."

    directory.leave("designers", "soren")
    assert watch.told() == [("membership_changed", "soren@Northwind")]
    directory.join("designers", "soren")
    directory.modify("lena", directory.disable[0], directory.enabled)


def test_the_best_way_is_chosen_and_shown(directory: Directory, client: LdapClient) -> None:
    assert client.dialect.changes == directory.ways
    assert mark_now(client, "here")["way"] == directory.ways[0]


def test_names_are_names_although_ldap3_asks_for_more_than_names(directory: Directory) -> None:
    if "dirsync" not in directory.ways:
        return
    root = directory.base.partition(",")[2]
    found = directory.admin.extend.microsoft.dir_sync(root, "(sAMAccountName=milo)", attributes=["sAMAccountName"])
    [named] = [each["dn"] for each in found.loop() if each["type"] == "searchResEntry"]
    assert named.startswith("<GUID=")  # An id, a security id and a name in one text.

    client = directory.open(changes="dirsync")
    [milo] = [body for _, body in Users().read(Users.Input(), client).records if body["name"] == "milo"]
    assert milo["location"].lower() == directory.dn("milo").lower()
    client.close()


@pytest.mark.parametrize("place", range(3))
def test_somebody_moved_out_of_the_base_has_gone(directory: Directory, place: int) -> None:
    if place >= len(directory.ways):
        return
    watch = Watch(directory.open(changes=directory.ways[place], people_base=f"ou=inside,{directory.base}"))
    for name in ("inside", "outside"):
        directory.admin.add(f"ou={name},{directory.base}", ["organizationalUnit"])
    here, there = (f"ou={name},{directory.base}" for name in ("inside", "outside"))
    rdn = directory.dn("ines").partition(",")[0]
    for name in ("ines", "otto"):
        directory.add(name, here)
    try:
        assert watch.told() == []
        directory.admin.modify_dn(directory.dn("ines", here), rdn, new_superior=there)

        assert watch.told() == [("deleted", "ines@Northwind")]
    finally:
        for dn in (directory.dn("ines", there), directory.dn("otto", here), here, there):
            directory.admin.delete(dn)


@pytest.mark.parametrize("place", range(3))
def test_a_mark_that_is_of_no_use_leads_to_a_comparison_and_never_to_no_leavers(
    directory: Directory, place: int
) -> None:
    if place >= len(directory.ways):
        return
    directory.add("nils")
    watch = Watch(directory.open(changes=directory.ways[place]))
    assert watch.told() == []
    settle(watch)
    began = compared(watch)
    directory.admin.delete(directory.dn("nils"))
    assert watch.cursor is not None
    mark = watch.cursor["delta"]["mark"]
    for name, value in (("cookie", "Z2FyYmFnZQ=="), ("people", "Z2FyYmFnZQ=="), ("groups", "Z2FyYmFnZQ=="),
                        ("invocation", "00"), ("number", 10**9), ("stamp", "never")):  # fmt: skip
        if name in mark:
            mark[name] = value

    assert watch.told() == [("deleted", "nils@Northwind")]
    assert compared(watch) != began


def test_a_wrong_password_is_refused(directory: Directory) -> None:
    client = directory.open(password="wr0ng")
    with pytest.raises(SignInRefused):
        Auth().who_am_i(client)


def test_a_certificate_that_nobody_knows_is_refused(directory: Directory) -> None:
    with pytest.raises(Misconfigured, match="not trusted"):
        Auth().who_am_i(directory.open(authority=""))


def test_a_base_that_does_not_exist_is_an_error(directory: Directory) -> None:
    client = directory.open(people_base=f"ou=typo,{directory.base}")
    with pytest.raises(Rejected, match="does not exist"):
        list(Users().read(Users.Input(), client).records)
    client.close()
