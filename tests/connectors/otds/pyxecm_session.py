"""Drives OpenText's own client through every method that reaches a server. Run in a process of its own.

The arguments are the folder that holds pyxecm and the port of the sandbox. Prints one line per method.
pyxecm wants Python 3.12 and a shelf of packages for its other classes; its OTDS class needs neither, so that only
its package is bypassed and the tracing that it decorates methods with is replaced.
"""

from __future__ import annotations

import base64
import contextlib
import sys
import tempfile
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

PASSWORD = "Northwind-2026"


class _Tracer:
    def start_as_current_span(self, *_: Any, **__: Any) -> Callable[[Any], Any]:
        return lambda function: function


def _import_otds(folder: str) -> Any:
    sys.path.insert(0, folder)
    package = types.ModuleType("pyxecm")
    package.__path__ = [str(Path(folder) / "pyxecm")]
    sys.modules["pyxecm"] = package
    telemetry, trace = types.ModuleType("opentelemetry"), types.ModuleType("opentelemetry.trace")
    trace.get_tracer = lambda *_: _Tracer()  # type: ignore[attr-defined]
    trace.get_current_span = lambda *_: contextlib.nullcontext()  # type: ignore[attr-defined]
    telemetry.trace = trace  # type: ignore[attr-defined]
    sys.modules |= {"opentelemetry": telemetry, "opentelemetry.trace": trace}
    from pyxecm import otds

    otds.REQUEST_RETRY_DELAY = 0.05
    return otds.OTDS


def main(folder: str, port: int) -> None:
    otds_class = _import_otds(folder)
    otds = otds_class("http", "127.0.0.1", port, username="otadmin@otds.admin", password=PASSWORD)
    done: list[str] = []

    def expect(method: str, check: Callable[[Any], Any], *args: Any, on: Any = None, **named: Any) -> Any:
        answer = getattr(on or otds, method)(*args, **named)
        if not check(answer):
            raise SystemExit(f"{method} answered {answer!r}")
        done.append(method)
        print(method)
        return answer

    def ok(answer: Any) -> bool:
        return bool(answer)

    work = Path(tempfile.mkdtemp())
    sign_on(otds, otds_class, port, expect, ok)
    directory(expect, ok)
    access(expect, ok, otds, work)
    system(expect, ok, work)
    token_mode(otds_class, port, expect, ok)
    print(f"{len(set(done))} methods")


def sign_on(otds: Any, otds_class: Any, port: int, expect: Any, ok: Any) -> None:
    expect("authenticate", lambda cookie: cookie["OTDSTicket"].startswith("*OTDSSSO*"))
    expect("get_current_user", lambda user: user["isSysAdmin"] and user["user"]["name"] == "otadmin")
    expect("get_access_token_info", ok)
    expect("get_oidc_configuration", lambda found: found["issuer"].endswith("/otdsws"))
    expect("get_jwks", lambda found: found["keys"][0]["alg"] == "RS256")
    expect("impersonate_user", lambda found: found["userId"] == "amara.diallo@Northwind", "amara.diallo", "Northwind")
    resource = otds.get_resource("exstream")["resourceID"]
    expect(
        "get_ticket_for_resource",
        lambda found: found["resourceID"] == resource,
        otds.cookie()["OTDSTicket"],
        resource,
    )
    old = otds_class("http", "127.0.0.1", port, username="otadmin@otds.admin", password="wrong")
    assert old.authenticate() is None


def directory(expect: Any, ok: Any) -> None:
    expect("add_partition", lambda made: made["name"] == "Extra", "Extra", "An extra partition")
    expect("get_partition", lambda found: found["location"], "Extra")
    expect("add_synchronized_partition", ok, "Synced", "From a directory", {"profileName": "Synced"})
    expect("import_synchronized_partition_members", ok, "Synced")
    expect("add_user", lambda made: made["id"] == "jo.do@Extra", "Extra", "jo.do", "A person", "Jo", "Do", "")
    expect("get_user", lambda found: found["name"] == "jo.do", "Extra", "jo.do")
    expect("get_users", lambda found: len(found["users"]) == 10, "Northwind", limit=10)
    expect("get_users", lambda found: found["users"] == [], "Northwind", where_state="enabled", where_filter="marcus")
    iterated = "get_users_iterator"
    expect(iterated, lambda found: len(list(found)) == 64, "Northwind", page_size=9)
    titled = {"name": "title", "values": ["Boss"]}
    expect("update_user", lambda made: titled in made["values"], "Extra", "jo.do", "title", "Boss")
    expect("update_user", lambda made: made["description"] == "New", "Extra", "jo.do", "description", "New")
    expect("reset_user_password", ok, "jo.do@Extra", "Another-2026")
    expect("add_group", lambda made: made["id"] == "A & B@Extra", "Extra", "A & B", "A group")
    expect("add_group", ok, "Extra", "parents", "")
    expect("get_group", lambda found: found["numMembers"] == 0, "A & B@Extra")
    expect("get_groups", lambda found: len(found["groups"]) == 2, "Extra")
    expect("get_groups_iterator", lambda found: len(list(found)) > 20, "Northwind", page_size=5)
    expect("add_user_to_group", ok, "jo.do", "A & B@Extra")
    expect("add_group_to_parent_group", ok, "A & B@Extra", "parents@Extra")
    expect("get_group", lambda found: found["numMembers"] == 1, "parents@Extra")
    expect("add_application_role", lambda made: made["userPartitionID"] == "OAuthClients", "my.role")
    expect("get_application_role", lambda found: found["name"] == "my.role", "my.role")
    expect("assign_user_to_application_role", ok, "jo.do", "Extra", "my.role")
    expect("assign_group_to_application_role", ok, "parents@Extra", "Extra", "my.role")


def access(expect: Any, ok: Any, otds: Any, work: Path) -> None:
    made = expect("add_resource", lambda found: found["resourceID"], "cs", "Content", "Content Server")
    resource = made["resourceID"]
    expect("get_resources", lambda found: len(found["resourceConfigList"]) == 2)
    expect("get_resources_iterator", lambda found: len(list(found)) == 2, page_size=1)
    found = expect("get_resource", lambda one: one["resourceName"] == "cs", "cs")
    expect("update_resource", lambda one: one["logoutURL"] == "x", "cs", {**found, "logoutURL": "x"})
    expect("activate_resource", ok, resource)
    expect("get_access_roles", lambda found: len(found["accessRoles"]) == 2)
    role = "Access to cs"
    expect("get_access_role", lambda found: found["name"] == role, role)
    expect("add_partition_to_access_role", ok, role, "Extra")
    expect("add_user_to_access_role", ok, role, "jo.do@Extra")
    expect("add_user_to_access_role", ok, role, "jo.do@Extra")
    expect("add_group_to_access_role", ok, role, "parents@Extra")
    expect("update_access_role_attributes", ok, role, [{"name": "pushAllGroups", "values": ["True"]}])
    expect("add_oauth_clients_to_access_role", ok, role)
    members = otds.get_access_role(role)["accessRoleMembers"]
    assert [len(members[kind]) for kind in ("userPartitions", "users", "groups", "organizationalUnits")] == [1] * 4
    expect("consolidate", ok, "cs")
    expect("impersonate_resource", ok, "cs", True, ["jo.do@Extra"])
    expect("get_resource_impersonation", lambda found: found["impersonateList"] == ["jo.do@Extra"], "cs")
    file = work / "licence.txt"
    file.write_text("A licence", "utf-8")
    product = ("CONTENT", "Content licence", resource)
    expect("add_license_to_resource", ok, str(file), *product, update=False)
    expect("add_license_to_resource", ok, str(file), *product)
    licence = expect("get_license_for_resource", lambda found: len(found) == 1, resource)[0]["id"]
    assert "\u00b9" in licence
    expect("assign_user_to_license", ok, "Extra", "jo.do", resource, "FULL", "CONTENT")
    expect("assign_partition_to_license", ok, "Northwind", resource, "FULL", "CONTENT")
    where = (resource, "FULL", "CONTENT")
    expect("get_licensed_objects", lambda found: len(found["listUsersResults"]["users"]) == 1, *where)
    expect("is_user_licensed", lambda found: found is True, "jo.do", *where)
    expect("is_user_licensed", lambda found: found is False, "otto.keller", *where)
    expect("is_group_licensed", lambda found: found is False, "parents", *where)
    expect("is_partition_licensed", lambda found: found is True, "Northwind", *where)
    expect("delete_license_from_resource", ok, resource, licence)
    expect("deactivate_resource", ok, resource, "a", "b")
    expect("delete_resource", ok, "cs")
    expect("delete_user", ok, "Extra", "jo.do")


def system(expect: Any, ok: Any, work: Path) -> None:
    expect("add_oauth_client", lambda made: made["secret"], "app", "An app", ["https://app.example"])
    expect("get_oauth_client", lambda found: found["id"] == "app", "app")
    expect("get_oauth_clients", lambda found: len(found["clients"]) == 3)
    expect("get_oauth_clients_iterator", lambda found: len(list(found)) == 3, page_size=1)
    expect("update_oauth_client", lambda found: found["description"] == "Other", "app", {"description": "Other"})
    expect("impersonate_oauth_client", ok, "app", True, ["x"])
    expect("get_oauth_client_impersonation", lambda found: found["impersonateList"] == ["x"], "app")
    expect("delete_oauth_client", ok, "app")
    expect("add_system_attribute", ok, "name", "value", "Words")
    expect("add_trusted_site", ok, "https://one.example")
    expect("add_trusted_site", ok, "https://two.example")
    sites = ["https://two.example", "https://one.example"]
    expect("get_trusted_sites", lambda found: found["stringList"] == sites)
    expect("enable_audit", ok)
    expect("update_password_policy", ok, {"passwordMaximumDuration": 12})
    expect("get_password_policy", lambda found: found["passwordMaximumDuration"] == 12)
    expect(
        "add_auth_handler_saml",
        ok,
        name="saml",
        description="",
        scope=None,
        provider_name="p",
        saml_url="https://s",
        otds_sp_endpoint="https://o",
    )
    expect("get_auth_handler", lambda found: found["_name"] == "saml", "saml")
    expect(
        "add_auth_handler_oauth",
        ok,
        name="oauth",
        description="",
        scope=None,
        provider_name="p",
        client_id="c",
        client_secret="s",
    )
    file = work / "certificate.pse"
    file.write_bytes(base64.b64encode(b"certificate"))
    expect("add_auth_handler_sap", ok, "sap", "", None, str(file), "password")


def token_mode(otds_class: Any, port: int, expect: Any, ok: Any) -> None:
    secret = "lockgate-sandbox-secret"
    client = otds_class("http", "127.0.0.1", port, client_id="lockgate", client_secret=secret)
    expect("authenticate", ok, on=client, grant_type="client_credentials")
    expect("get_current_user", lambda user: user["user"]["name"] == "lockgate", on=client)
    expect("get_access_token_info", lambda found: found["tenant"] == "northwind", on=client)
    expect("impersonate_user", lambda found: found["issued_token_type"], "amara.diallo", "Northwind", on=client)
    expect("authenticate_user_token", ok, "tessa.brandt@Northwind", PASSWORD, on=client)
    expect("get_current_user", lambda user: user["user"]["name"] == "tessa.brandt", on=client)
    expect("revoke_access_token", ok, on=client)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
