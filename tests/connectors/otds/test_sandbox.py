"""The sandbox: its seed, its tokens, its rights, and that it keeps what it was told."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import requests

from connectors.otds import sandbox
from connectors.otds.sandbox import keys
from connectors.otds.sandbox.northwind import COUNTRIES, JOBS, REGIONS, manager_of, people
from connectors.otds.sandbox.sessions import PASSWORD
from hub.sdk.sandbox import Server, serve
from tests.connectors.otds.conftest import Rest

SECRETS = {"lockgate": "lockgate-sandbox-secret", "exstream-web": "exstream-sandbox-secret"}


def token(
    otds: Server, path: str = "/otdsws/oauth2/token", client: str = "lockgate", **form: str
) -> requests.Response:
    sent = {"grant_type": "client_credentials", "client_id": client, "client_secret": SECRETS[client], **form}
    return requests.post(otds.base_url + path, data=sent, timeout=5)


def claims(otds: Server, reply: requests.Response) -> dict[str, Any]:
    reply.raise_for_status()
    with otds.app.store.reading() as data:
        read = keys.read(data, reply.json()["access_token"])
    assert read is not None
    return read


def person_token(otds: Server, login: str) -> requests.Response:
    who = {"grant_type": "password", "username": f"{login}@Northwind", "password": PASSWORD}
    return token(otds, client="exstream-web", **who)


def attributes(admin: Rest, login: str) -> dict[str, str]:
    read = admin("GET", f"/users/{login}@Northwind?attrsAsKeys=True").json()
    return {name: values[0] for name, values in read["attributes"].items()}


# The seed


@pytest.mark.parametrize(
    ("login", "title", "department", "country", "disabled"),
    [
        ("tessa.brandt", "Tenant administrator", "IT", "DE", "false"),
        ("amara.diallo", "Template designer", "Communications", "DE", "false"),
        ("henrik.olsen", "Compliance reviewer", "Compliance", "DE", "false"),
        ("priya.nair", "Print operator", "Operations", "SG", "false"),
        ("otto.keller", "Claims handler", "Claims", "DE", "false"),
        ("gwen.parry", "Template designer", "Communications", "GB", "false"),
        ("marcus.webb", "Template designer", "Communications", "GB", "true"),
        ("lena.vogt", "Claims handler", "Claims", "DE", "false"),
    ],
)
def test_the_named_people_are_who_they_are_said_to_be(
    admin: Rest, login: str, title: str, department: str, country: str, disabled: str
) -> None:
    read = attributes(admin, login)

    assert (read["title"], read["oTDepartment"], read["c"]) == (title, department, country)
    assert read["accountDisabled"] == disabled
    assert read["mail"] == f"{login}@northwind.example"
    assert read["oTExtraAttr1"].startswith("NW-")
    assert read["oTExtraAttr2"].startswith("CC-")
    assert len(read["oTExtraAttr4"]) == 10
    assert read["oTExtraAttr5"] == ""


def test_every_region_has_designers_reviewers_and_operators() -> None:
    everyone = list(people(64))

    assert len({person.login for person in everyone}) == len(everyone)
    assert {person.country for person in everyone} == set(COUNTRIES)
    enabled = {(REGIONS[person.country], person.role) for person in everyone if not person.disabled}
    assert {(region, role) for region in REGIONS.values() for role in JOBS.values()} <= enabled
    logins = {person.login for person in everyone}
    assert {manager_of(person).partition("@")[0] for person in everyone} - {""} <= logins
    assert any(person.contractor for person in everyone)


def test_the_groups_are_those_of_the_insurer(admin: Rest) -> None:
    names = {row["name"] for row in admin("GET", "/groups?where_partition_name=Northwind").json()["groups"]}

    domains = ("emea-dev", "emea-prod", "uk-prod", "apac-prod", "americas-prod")
    assert {f"exs.{domain}.{role}" for domain in domains for role in JOBS.values()} <= names
    assert {"all.staff", "comms.emea", "ring.a", "ring.b", "tenantadmins", "dept.claims", "dept.hr"} <= names


def test_about_half_of_the_rightful_members_are_in_their_access_groups(otds: Server) -> None:
    described = sandbox.describe(otds.app, otds.base_url)
    admin = Rest(otds, user=described["administrator"]["name"])
    right = [person for person in described["people"] if person["rightful_groups"]]
    inside = [
        person
        for person in right
        if set(person["rightful_groups"])
        <= {group["id"] for group in admin("GET", f"/users/{person['id']}/memberof").json()["groups"]}
    ]

    assert 0.4 < len(inside) / len(right) < 0.6


@pytest.mark.parametrize(
    ("login", "group", "is_in"),
    [
        ("marcus.webb", "exs.uk-prod.designer@Northwind", True),
        ("lena.vogt", "exs.emea-prod.designer@Northwind", True),
        ("tessa.brandt", "tenantadmins@Northwind", True),
        ("otto.keller", "exs.emea-prod.designer@Northwind", False),
    ],
)
def test_the_told_memberships_are_there(admin: Rest, login: str, group: str, is_in: bool) -> None:
    groups = {row["id"] for row in admin("GET", f"/users/{login}@Northwind/memberof").json()["groups"]}

    assert (group in groups) is is_in


# Tokens


@pytest.mark.parametrize(
    "path",
    [
        "/otdsws/oauth2/token",
        "/otdstenant/northwind/otdsws/oauth2/token",
        "/otdsws/otdstenant/northwind/oauth2/token",
    ],
)
def test_tokens_come_from_three_addresses(otds: Server, path: str) -> None:
    read = claims(otds, token(otds, path))

    assert read["sub"] == read["preferred_username"] == "lockgate@OAuthClients"
    assert read["iss"] == f"{otds.base_url}/otdsws"
    assert read["aud"] == "lockgate"
    assert read["tenant"] == "northwind"
    assert read["groups"] == ["tenantadmins@Northwind"]
    assert read["exp"] - read["iat"] == 900


def test_a_token_names_nested_groups_and_survives_a_cycle(otds: Server) -> None:
    assert claims(otds, person_token(otds, "amara.diallo"))["groups"] == [
        "all.staff@Northwind",
        "comms.emea@Northwind",
        "dept.communications@Northwind",
        "exs.emea-dev.designer@Northwind",
        "exs.emea-prod.designer@Northwind",
    ]
    assert {"ring.a@Northwind", "ring.b@Northwind"} <= set(claims(otds, person_token(otds, "henrik.olsen"))["groups"])


def test_a_change_of_groups_shows_only_in_a_new_token(otds: Server, admin: Rest) -> None:
    before = person_token(otds, "otto.keller")
    admin("POST", "/users/otto.keller@Northwind/memberof", {"stringList": ["ring.a@Northwind"]})

    assert "ring.b@Northwind" not in claims(otds, before)["groups"]
    assert "ring.b@Northwind" in claims(otds, person_token(otds, "otto.keller"))["groups"]


def test_the_disabled_and_the_wrong_get_no_token(otds: Server) -> None:
    assert person_token(otds, "marcus.webb").json()["error"] == "invalid_grant"
    assert token(otds, client_secret="wrong").status_code == 401
    assert token(otds, grant_type="magic").json()["error"] == "unsupported_grant_type"
    assert token(otds, "/otdstenant/southwind/otdsws/oauth2/token").status_code == 404


def test_tokens_end_when_their_time_is_over_or_they_are_revoked(otds: Server) -> None:
    url = f"{otds.base_url}/otdsws/rest/currentuser"
    made = token(otds).json()["access_token"]
    carried = {"Authorization": f"Bearer {made}"}
    assert requests.get(url, headers=carried, timeout=5).ok

    requests.delete(f"{otds.base_url}/otdsws/rest/authentication/oauth/{made}", headers=carried, timeout=5)
    assert requests.get(url, headers=carried, timeout=5).status_code == 401

    otds.app.change_settings(token_lifetime_seconds=0)
    late = token(otds).json()["access_token"]
    assert requests.get(url, headers={"Authorization": f"Bearer {late}"}, timeout=5).status_code == 401


@pytest.mark.parametrize("status", [400, 401])
def test_a_ticket_that_ran_out_says_so(otds: Server, status: int) -> None:
    otds.app.change_settings(ticket_lifetime_seconds=0.0, expired_ticket_status=status)
    reply = Rest(otds, "otadmin@otds.admin")("GET", "/currentuser")

    assert reply.status_code == status
    assert reply.json() == {"status": 1034, "error": "Expired OTDS SSO ticket", "errorDetails": None}


def test_a_good_ticket_goes_before_a_stale_token(admin: Rest) -> None:
    assert admin("GET", "/currentuser", Authorization="Bearer stale").json()["user"]["name"] == "otadmin"


# Rights


@pytest.mark.parametrize("who", ["otto.keller", "amara.diallo"])
def test_people_may_read_themselves_and_nothing_else(otds: Server, who: str) -> None:
    person = Rest(otds, f"{who}@Northwind")

    assert person("GET", "/currentuser").json()["isAdmin"] is False
    assert person("GET", f"/users/{who}@Northwind").ok
    assert person("GET", f"/users/{who}@Northwind/memberof").ok
    for method, path, body in (
        ("GET", "/users", None),
        ("GET", "/groups", None),
        ("GET", "/users/tessa.brandt@Northwind", None),
        ("PATCH", f"/users/{who}@Northwind", {"values": []}),
        ("POST", f"/users/{who}@Northwind/memberof", {"stringList": ["tenantadmins@Northwind"]}),
        ("POST", "/users", {"name": "x", "userPartitionID": "Northwind"}),
        ("DELETE", "/groups/ring.a@Northwind", None),
        ("GET", "/oauthclients", None),
        ("PUT", "/systemconfig/audit", {}),
    ):
        assert person(method, path, body).status_code == 403, path
    assert otds.app.writes() == []


def test_a_tenant_administrator_may_not_touch_the_system(otds: Server) -> None:
    tessa = Rest(otds, "tessa.brandt@Northwind")

    assert tessa("GET", "/currentuser").json() | {"user": None} == {
        "isAdmin": True,
        "isSysAdmin": False,
        "user": None,
    }
    assert tessa("PATCH", "/users/otto.keller@Northwind", {"description": "x"}).ok
    group = {"stringList": ["otdsadmins@otds.admin"]}
    assert tessa("POST", "/users/tessa.brandt@Northwind/memberof", group).status_code == 403
    assert tessa("PUT", "/systemconfig/audit", {}).status_code == 403


def test_without_a_sign_in_nothing_is_answered(otds: Server) -> None:
    assert requests.get(f"{otds.base_url}/otdsws/rest/users", timeout=5).status_code == 401


# Addressing


def test_users_are_found_by_every_form_of_their_name(admin: Rest) -> None:
    location = admin("GET", "/users/otto.keller@Northwind").json()["location"]

    assert location.startswith("oTPerson=")
    for name in ("otto.keller", "OTTO.KELLER@northwind", location):
        assert admin("GET", f"/users/{name}").json()["id"] == "otto.keller@Northwind"


def test_a_login_that_is_an_address_is_its_own_id(admin: Rest) -> None:
    made = admin("POST", "/users", {"name": "a@b.example", "userPartitionID": "Northwind"}).json()

    assert made["id"] == "a@b.example"
    assert admin("GET", "/users/a@b.example").ok
    assert admin("GET", "/users/a@b.example@Northwind").ok


def test_doubles_and_unknown_things_are_refused_in_the_form_of_otds(admin: Rest) -> None:
    double = admin("POST", "/users", {"name": "otto.keller", "userPartitionID": "Northwind"})
    unknown = admin("GET", "/users/nobody@Northwind")

    assert double.status_code == 409
    assert (unknown.status_code, unknown.json()["status"]) == (404, 3007)
    assert admin("GET", "/users?where_partition_name=None").status_code == 404


@pytest.mark.parametrize("last_cookie", [False, True])
def test_pages_follow_their_cookies(otds: Server, admin: Rest, last_cookie: bool) -> None:
    otds.app.change_settings(cookie_on_last_page=last_cookie)
    rows, cookie, empty = [], "", False
    while not empty:
        page = admin("GET", f"/users?page_size=10&where_partition_name=Northwind&next_page_cookie={cookie}").json()
        rows += page["users"]
        cookie, empty = page["nextPageCookie"], not page["users"]
        if cookie is None:
            break

    assert len(rows) == len({row["id"] for row in rows}) == 64
    assert empty is last_cookie


# Keeping state


def test_it_keeps_its_state_and_its_key_over_a_restart(tmp_path: Path) -> None:
    with serve(sandbox.create({"data": str(tmp_path)})) as otds:
        admin = Rest(otds, "otadmin@otds.admin")
        admin("DELETE", "/users/otto.keller@Northwind")
        first = requests.get(f"{otds.base_url}/otdsws/oauth2/jwks", timeout=5).json()
    with serve(sandbox.create({"data": str(tmp_path)})) as otds:
        admin.base = f"{otds.base_url}/otdsws/rest"
        assert admin("GET", "/users/otto.keller@Northwind").status_code == 404
        assert requests.get(f"{otds.base_url}/otdsws/oauth2/jwks", timeout=5).json() == first
        otds.app.reset()
        assert Rest(otds, "otadmin@otds.admin")("GET", "/users/otto.keller@Northwind").ok
        assert requests.get(f"{otds.base_url}/otdsws/oauth2/jwks", timeout=5).json() == first


def test_an_analyst_can_play_joiner_mover_and_leaver_in_the_browser(otds: Server, admin: Rest) -> None:
    url = f"{otds.base_url}/_sandbox/people"

    def act(**form: str) -> str:
        reply = requests.post(url, data=form, timeout=5)
        assert reply.ok
        return reply.text

    assert "new.one joined." in act(
        do="join", login="new.one", title="Print operator", department="Operations", country="SG"
    )
    assert attributes(admin, "new.one")["c"] == "SG"
    assert "already" in act(do="join", login="new.one")
    act(do="move", login="new.one", title="Claims handler", department="Claims")
    assert attributes(admin, "new.one")["title"] == "Claims handler"
    act(do="disable", login="new.one")
    assert attributes(admin, "new.one")["accountDisabled"] == "true"
    act(do="enable", login="new.one")
    assert person_token(otds, "new.one").ok
    assert "was deleted" in act(do="delete", login="new.one")
    assert sum(row["changes"] for row in otds.app.writes(target="users/new.one@Northwind")) == 5

    page = requests.get(url, params={"name": "amara"}, timeout=5).text
    assert "exs.emea-dev.designer" in page
    assert "NAMED_DESIGNER" in page


def test_a_hundred_thousand_people_are_seeded_quickly(tmp_path: Path) -> None:
    began = time.process_time()
    app = sandbox.create({"data": str(tmp_path), "size": "large"})
    seconds = time.process_time() - began
    with serve(app) as otds, app.store.reading() as data:
        assert data.count("users", partition="Northwind") == 100_000
        assert data.count("groups") == 2_000
        assert claims(otds, person_token(otds, "otto.keller"))["groups"]
    assert seconds < 60, "It should take less than 20 seconds on a machine that does nothing else."
