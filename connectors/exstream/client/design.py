"""The Design service: domains, roles, resources and their approval (SPEC)."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client.paging import Listing
from connectors.exstream.client.service import Json, Service, part
from connectors.exstream.client.transport import Transport
from hub.sdk import Rejected, UnexpectedReply


class Design(Service):
    """Calls of `/design/api/v1`."""

    def __init__(self, transport: Transport) -> None:
        settings = transport.settings
        super().__init__(transport, settings.design_base, settings.design_filter_style, "design_base")

    def current_user(self) -> Json:
        return self.one("GET", "/authentication/current-user")

    def domains(self) -> list[Json]:
        return self.several("GET", "/domains", params={"fetchApprovalGroups": "true"})

    def create_domain(self, body: Json) -> Json:
        return self.one("POST", "/domains", json=body)

    def update_domain(self, name: str, body: Json) -> Json:
        return self.one("PUT", f"/domains/{part(name)}", json=body)

    def roles(self) -> list[Json]:
        return self.several("GET", "/roles")

    def create_role(self, body: Json) -> Json:
        return self.one("POST", "/roles", json=body)

    def role_permissions(self, role: str = "") -> list[Json]:
        return self.several("GET", "/role-permissions", params={"roleName": role} if role else None)

    def set_role_permission(self, role: str, kind: str, permissions: Any) -> None:
        body = {"roleName": role, "objectType": kind, "permissions": permissions}
        self.send("POST", "/role-permissions", json=body)

    def group_roles(self, domain: str) -> list[Json]:
        return self.several("GET", f"/group-roles/{part(domain)}")

    def assign_group_role(self, domain: str, group: str, role: str) -> bool:
        """False when the group had the role already."""
        try:
            self.send("POST", "/group-roles", json=self._assignment(domain, group, role))
        except Rejected as refusal:
            if not refusal.exists:
                raise
            return False
        return True

    def remove_group_role(self, domain: str, group: str, role: str) -> bool:
        """False when the group did not have the role. A domain or role that is missing is said as such."""
        try:
            # The DELETE of an assignment carries a body (SPEC).
            self.send("DELETE", "/group-roles", json=self._assignment(domain, group, role))
        except Rejected as refusal:
            if not refusal.missing or any(
                row.get("group") == group and row.get("roleName") == role for row in self.group_roles(domain)
            ):
                raise
            return False
        return True

    def _assignment(self, domain: str, group: str, role: str) -> Json:
        return {"domain": {"id": domain}, "group": group, "roleName": role}

    def effective_permissions(self, domain: str, group: str = "", kind: str = "") -> list[Any]:
        params = {name: value for name, value in (("groupId", group), ("resourceType", kind)) if value}
        return self.several("GET", f"/permissions/{part(domain)}/resources", params=params)

    def resources(self, domain: str, wanted: Json, **flags: bool) -> Listing:
        params = {name: "true" for name, on in flags.items() if on}
        return self.listing("resources", f"/resources/{part(domain)}", wanted=wanted, params=params)

    def resource(self, domain: str, resource: str, *, version: int | None = None) -> Json:
        params: Json = {"fetchApproval": "true", "fetchPermissions": "true"}
        if version is not None:
            params["version"] = version
        return self.one("GET", self._path(domain, resource), params=params)

    def create_from_file(self, domain: str, name: str, kind: str, subtype: str, file: tuple[str, bytes, str]) -> Json:
        params = {"name": name, "type": kind, **({"subtype": subtype} if subtype else {})}
        return self.one("POST", f"/resources/{part(domain)}/content", params=params, files={"file": file})

    def update_metadata(self, domain: str, resource: str, changes: Json) -> Json:
        return self.one("PUT", self._path(domain, resource), json=changes)

    def change_state(self, domain: str, resource: str, state: str, comment: str, *, locked: bool = False) -> Json:
        body = {"state": state, "auditedComment": comment, "locked": locked}
        return self.one("PUT", self._path(domain, resource) + "/state", json=body)

    def lock(self, domain: str, resource: str) -> None:
        self.send("POST", self._path(domain, resource) + "/lock")

    def unlock(self, domain: str, resource: str, *, force: bool = False) -> None:
        self.send("DELETE", self._path(domain, resource) + "/lock", params={"force": "true"} if force else None)

    def promote(self, domain: str, resource: str, target: str) -> None:
        self.send("PUT", self._path(domain, resource) + "/promote", json={"id": target})

    def demote(self, domain: str, resource: str, target: str) -> None:
        self.send("PUT", self._path(domain, resource) + "/demote", json={"id": target})

    def revert(self, domain: str, resource: str, version: int, comment: str) -> Json:
        body = {"auditedComment": comment, "locked": False}
        return self.one("PUT", self._path(domain, resource) + f"/revert/{version}", json=body)

    def set_hidden(self, domain: str, resource: str, *, hidden: bool) -> None:
        self.send("PUT", self._path(domain, resource) + ("/hide" if hidden else "/show"))

    def history(self, domain: str, resource: str, kind: str = "") -> list[Json]:
        params = {"historyType": kind} if kind else {}
        listing = self.listing(
            "history entries", f"/resources/{part(domain)}/history/{part(resource)}", params=params
        )
        return list(
            listing.items(lambda row: f"{row.get('version')}|{row.get('revision')}|{row.get('modifiedDate')}")
        )

    def import_logs(self) -> list[Json]:
        """Who imported what, in the whole tenant."""
        return self.several("GET", "/import/logs")

    def collection_details(self, ids: list[Any]) -> list[Json]:
        """Which version each of these is, who changed it last and who approved it."""

        def ask(count: int, offset: int) -> Json:
            params = {"count": count, "offset": offset}
            return self.call("POST", "/collection-resources/collection-details", params=params, json=ids)

        settings = self._transport.settings
        listing = Listing("traced resources", ask, settings.page_size, settings.paging_style == "pages")
        found = list(listing.items(lambda row: f"{row.get('id')}|{row.get('version')}"))
        if trouble := listing.problem():
            raise UnexpectedReply(trouble)
        return found

    def linked_resources(self, domain: str, resource: str, depth: int, *, users: bool = False) -> list[Json]:
        """What the resource uses; with `users`, what uses it."""
        params = {"linkObjectId" if users else "linkSubjectId": resource, "linkDepth": depth}
        return self.all_of("linked resources", f"/links/{part(domain)}/resources", params=params)

    def manifest(self, domain: str, communication_set: str) -> Json:
        """No envelope (SPEC)."""
        return self.call("GET", f"/manifests/{part(domain)}/communication-set/{part(communication_set)}")

    def _path(self, domain: str, resource: str) -> str:
        return f"/resources/{part(domain)}/{part(resource)}"
