"""Every action, against the sandbox over HTTP."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

from connectors.otds import actions
from connectors.otds.client import OtdsClient
from hub.sdk import Effect, Misconfigured, Rejected
from hub.sdk.sandbox import Server
from tests.connectors.otds.conftest import CALL, Connect

OTTO = "otto.keller@Northwind"
NAMES = sorted(path.stem for path in Path(str(actions.__file__)).parent.glob("[a-z]*.py"))
SEAT = {"resource": "exstream", "counter": "NAMED_DESIGNER", "user": OTTO}
WRITES: dict[str, dict[str, Any]] = {
    "create_user": {"partition": "Northwind", "name": "new.one", "mail": "n@x.example", "attributes": {"c": "DE"}},
    "update_user": {"user": OTTO, "attributes": {"title": "Underwriter", "oTDepartment": "Underwriting"}},
    "disable_user": {"user": OTTO},
    "enable_user": {"user": "marcus.webb@Northwind"},
    "delete_user": {"user": OTTO},
    "create_group": {"partition": "Northwind", "name": "new.group", "description": "New"},
    "add_to_group": {"group": "tenantadmins@Northwind", "member": OTTO},
    "remove_from_group": {"group": "ring.a@Northwind", "member": "ring.b@Northwind", "kind": "group"},
    "assign_role": {"role": "exstream.user", "holder": OTTO},
    "add_to_access_role": {"access_role": "Access to exstream", "member": "all.staff@Northwind"},
    "assign_seat": SEAT,
    "revoke_seat": {**SEAT, "user": "marcus.webb@Northwind"},
    "consolidate_resource": {"resource": "exstream"},
}


def made(name: str) -> Any:
    module = importlib.import_module(f"connectors.otds.actions.{name}")
    return getattr(module, "".join(word.title() for word in name.split("_")))()


def run(name: str, client: OtdsClient, /, **given: Any) -> dict[str, Any]:
    action = made(name)
    answer = action.run(action.Input.model_validate(given), client, CALL)
    return dict(action.Output.model_validate(answer.model_dump()).model_dump())


def test_reading_has_no_effect_and_every_write_may_be_repeated() -> None:
    for name in NAMES:
        assert made(name).effect is (Effect.KEYED if name in WRITES else Effect.NONE)


@pytest.mark.parametrize("name", [name for name in WRITES if name != "consolidate_resource"])
def test_a_repeated_write_changes_nothing_more(connect: Connect, otds: Server, name: str) -> None:
    client = connect(seat_revocation="assumed-delete")

    run(name, client, **WRITES[name])
    run(name, client, **WRITES[name])

    assert sum(row["changes"] for row in otds.app.writes()) == 1


def test_a_user_is_created_changed_disabled_enabled_and_deleted(client: OtdsClient) -> None:
    created = run("create_user", client, partition="Northwind", name="new.one", first_name="New", mail="n@x.example")
    user = created["user"]["id"]
    assert created["created"] is True
    assert run("get_user", client, user=user)["user"]["attributes"]["givenName"] == "New"

    changed = run("update_user", client, user=user, attributes={"title": "Accountant"}, description="Hello")
    assert (changed["user"]["title"], changed["user"]["description"]) == ("Accountant", "Hello")
    assert run("disable_user", client, user=user) == {"id": user, "changed": True}
    assert run("get_user", client, user=user)["user"]["disabled"] is True
    assert run("enable_user", client, user=user) == {"id": user, "changed": True}
    assert run("enable_user", client, user=user) == {"id": user, "changed": False}
    assert run("delete_user", client, user=user) == {"deleted": True}
    assert run("delete_user", client, user=user) == {"deleted": False}
    assert run("get_user", client, user=user) == {"found": False, "user": None}


def test_creating_somebody_else_of_the_same_name_is_refused(client: OtdsClient) -> None:
    with pytest.raises(Rejected, match="another mail") as caught:
        run("create_user", client, partition="Northwind", name="otto.keller", mail="other@x.example")
    assert caught.value.exists
    with pytest.raises(Rejected, match="another description"):
        run("create_group", client, partition="Northwind", name="ring.a", description="Other")


def test_users_are_found_by_name_and_state(client: OtdsClient) -> None:
    found = run("find_users", client, partition="Northwind", filter="keller")["users"]
    assert [user["id"] for user in found] == [OTTO]
    assert len(run("find_users", client, partition="Northwind", limit=5)["users"]) == 5
    assert run("find_users", client, partition="Northwind", state="disabled", filter="otto")["users"] == []


def test_nested_members_are_listed_through_groups_and_cycles(client: OtdsClient) -> None:
    group = "dept.communications@Northwind"
    direct, nested = (run("list_group_members", client, group=group, nested=nested) for nested in (False, True))
    assert direct["groups"] == nested["groups"] == ["comms.emea@Northwind"]
    assert "gwen.parry@Northwind" in direct["users"]
    assert "amara.diallo@Northwind" not in direct["users"]
    assert "amara.diallo@Northwind" in nested["users"]

    ring = run("list_group_members", client, group="ring.b@Northwind", nested=True)
    assert (ring["users"], ring["groups"]) == (["henrik.olsen@Northwind"], ["ring.a@Northwind"])
    assert ring["people"] == [
        {"id": "henrik.olsen@Northwind", "name": "Henrik Olsen", "mail": "henrik.olsen@northwind.example",
         "disabled": False}
    ]  # fmt: skip


def test_groups_are_read_and_missing_ones_are_said(client: OtdsClient) -> None:
    assert run("get_group", client, group="ring.a@Northwind")["group"]["name"] == "ring.a"
    assert run("get_group", client, group="none@Northwind") == {"found": False, "group": None}
    with pytest.raises(Rejected) as caught:
        run("add_to_group", client, group="none@Northwind", member=OTTO)
    assert caught.value.missing


def test_roles_are_listed_and_assigned(client: OtdsClient, admin: Any) -> None:
    assert {role["name"] for role in run("list_roles", client)["roles"]} == {"otds.administrator", "exstream.user"}
    run("assign_role", client, role="exstream.user", holder="ring.a@Northwind", kind="group")
    assert [role["name"] for role in admin("GET", "/groups/ring.a@Northwind/roles").json()["roles"]] == [
        "exstream.user"
    ]
    with pytest.raises(Rejected, match="There is no role") as caught:
        run("assign_role", client, role="nothing", holder=OTTO)
    assert caught.value.field == "role"


def test_access_roles_show_whom_they_let_in(client: OtdsClient) -> None:
    for member, kind in ((OTTO, "user"), ("all.staff@Northwind", "group"), ("Northwind", "partition")):
        run("add_to_access_role", client, access_role="Access to exstream", member=member, kind=kind)

    shown = run("list_access_roles", client)["access_roles"]
    assert shown == run("list_access_roles", client, name="Access to exstream")["access_roles"]
    assert (shown[0]["users"], shown[0]["groups"], shown[0]["partitions"]) == ([OTTO], ["all.staff"], ["Northwind"])


def test_partitions_are_listed(client: OtdsClient) -> None:
    names = [row["name"] for row in run("list_partitions", client)["partitions"]]
    assert names == ["otds.admin", "OAuthClients", "Northwind"]


def test_seats_are_listed_given_and_freed(connect: Connect) -> None:
    client = connect(seat_revocation="assumed-delete")
    where = {"resource": "exstream", "counter": "NAMED_DESIGNER"}

    run("assign_seat", client, **SEAT)
    assert OTTO in {seat["user"] for seat in run("list_seats", client, **where)["seats"]}
    run("revoke_seat", client, **SEAT, licence="EXSTREAM")
    assert OTTO not in {seat["user"] for seat in run("list_seats", client, **where)["seats"]}
    with pytest.raises(Misconfigured):
        run("assign_seat", client, **SEAT, licence="OTHER")
    with pytest.raises(Misconfigured, match="assumed-delete"):
        run("revoke_seat", connect(), **SEAT)


def test_a_resource_is_consolidated(client: OtdsClient, otds: Server) -> None:
    assert run("consolidate_resource", client, resource="exstream") == {"resource": "exstream"}
    assert [row["operation"] for row in otds.app.writes()] == ["POST /otdsws/rest/consolidation"]
    with pytest.raises(Rejected):
        run("consolidate_resource", client, resource="nothing")
