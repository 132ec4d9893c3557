"""The insurer Northwind Mutual outside of the hub: its directory's administrator, people with their tokens."""

from __future__ import annotations

from typing import Any

import requests

from workflows.week.hub import WeekError

Json = dict[str, Any]
SIGN_IN = {"client_id": "exstream-web", "client_secret": "exstream-sandbox-secret"}


class Northwind:
    """Both sandboxes over HTTP, as `manage.py sandbox` says where they are."""

    def __init__(self, about: Json) -> None:
        self.about = about
        self.partition, self.password = str(about["otds"]["partition"]), str(about["otds"]["password"])
        self._rest = f"{about['otds']['base_url']}/otdsws/rest"
        self._ticket = ""
        self._session = requests.Session()
        self._session.trust_env = False

    def whole(self, name: str) -> str:
        return f"{name}@{self.partition}"

    # The directory's administrator

    def change(self, method: str, path: str, body: Json | None = None, *, expect: tuple[int, ...] = ()) -> Any:
        """A call of the directory's administrator; a status of `expect` is as good as success."""
        if not self._ticket:
            given = {"userName": self.about["otds"]["administrator"]["name"], "password": self.password}
            self._ticket = self._session.post(
                f"{self._rest}/authentication/credentials", json=given, timeout=30
            ).json()["ticket"]
        reply = self._session.request(
            method, f"{self._rest}{path}", json=body, headers={"OTDSTicket": self._ticket}, timeout=30
        )
        if not reply.ok and reply.status_code not in expect:
            raise WeekError(f"Directory Services: {method} {path}: {reply.status_code} {reply.text[:300]}")
        return reply.json() if reply.ok and reply.content else None

    def group(self, name: str, *members: str) -> None:
        """There is such a group, with exactly these people in it."""
        self.change("POST", "/groups", {"userPartitionID": self.partition, "name": name}, expect=(400, 409))
        held = self.change("GET", f"/groups/{self.whole(name)}/members") or {}
        there = {str(each["id"]) for each in held.get("users") or ()}
        wanted = {self.whole(member) for member in members}
        for verb, people in (("/deletionset", there - wanted), ("", wanted - there)):
            if people:
                self.change("POST", f"/groups/{self.whole(name)}/members{verb}", {"stringList": sorted(people)})

    def set(self, person: str, **attributes: str) -> None:
        values = [{"name": name, "values": [value]} for name, value in attributes.items()]
        body = {"userPartitionID": self.partition, "values": values}
        self.change("PATCH", f"/users/{self.whole(person)}", body)

    def join(self, person: str, *, title: str, department: str, country: str) -> None:
        """Personnel enters somebody, who has not been there."""
        self.change("DELETE", f"/users/{self.whole(person)}", expect=(404,))
        form = {"do": "join", "login": person, "title": title, "department": department, "country": country}
        self._session.post(self.about["otds"]["people_url"], data=form, timeout=30).raise_for_status()

    def seat(self, person: str) -> None:
        """Somebody holds a named seat."""
        licence = self.about["otds"]["licence"]
        location = self.change("GET", f"/users/{self.whole(person)}")["location"]
        counter = [{"name": "counter", "values": [licence["counter"]]}]
        body = {"_oTLicenseType": "Full", "_oTLicenseProduct": "users", "name": location, "values": counter}
        self.change("POST", f"/licensemanagement/licenses/object/{licence['id']}", body)

    def has_seat(self, person: str) -> bool:
        page = self._session.get(f"{self.about['otds']['people_url']}?name={person}", timeout=30).text
        return str(self.about["otds"]["licence"]["counter"]) in page

    # People with their own tokens

    def token(self, person: str) -> str | None:
        """A fresh one; None when the directory does not let them in."""
        form = {"grant_type": "password", **SIGN_IN, "username": self.whole(person), "password": self.password}
        reply = self._session.post(self.about["otds"]["token_url"], data=form, timeout=30)
        return str(reply.json()["access_token"]) if reply.ok else None

    def design(
        self, person: str, method: str, path: str, body: Json | None = None, *, query: dict[str, str] | None = None
    ) -> Json | None:
        """A call to Exstream's design service as somebody; None when Exstream does not let them."""
        return self._as(person, "design_base", method, path, body, query or {})

    def orchestration(self, person: str, method: str, path: str, body: Json | None = None) -> Json | None:
        return self._as(person, "orchestration_base", method, path, body, {})

    def sees(self, person: str, domain: str) -> int | None:
        """How many templates of a domain Exstream shows them; None when it refuses."""
        wanted = {"filter.types": "exstrapplication", "filter.latestVersion": "true", "count": "100"}
        found = self.design(person, "GET", f"/resources/{domain}", query=wanted)
        return None if found is None else len(found["data"])

    def jobs(self, person: str, domain: str) -> list[Json] | None:
        found = self.orchestration(person, "GET", f"/runtime/{domain}/jobs?count=500")
        return None if found is None else list(found["data"])

    def resource(self, person: str, domain: str, resource: str) -> Json:
        found = self.design(person, "GET", f"/resources/{domain}/{resource}", query={"fetchDomains": "true"})
        if found is None:
            raise WeekError(f"Exstream shows {person} nothing of {resource} in {domain}.")
        return dict(found["data"])

    def history(self, person: str, domain: str, resource: str) -> list[Json]:
        wanted = {"historyType": "STATE", "count": "100"}
        found = self.design(person, "GET", f"/resources/{domain}/history/{resource}", query=wanted)
        rows = list((found or {"data": []})["data"])
        return sorted(rows, key=lambda row: (row["modifiedDate"], row["revision"]))

    def named(self, person: str, domain: str, name: str) -> str | None:
        """The id of a resource of the domain."""
        wanted = {"filter.latestVersion": "true", "filter.name": name, "count": "100"}
        rows = (self.design(person, "GET", f"/resources/{domain}", query=wanted) or {"data": []})["data"]
        return next((str(row["id"]) for row in rows if row["name"] == name), None)

    def draft(self, person: str, domain: str, name: str, kind: str, metadata: Json | None = None) -> str:
        """Somebody writes a new resource."""
        body = {"name": name, "type": kind, "metadata": {"displayName": name, **(metadata or {})}}
        made = self.design(person, "POST", f"/resources/{domain}", body)
        if made is None:
            raise WeekError(f"Exstream does not let {person} make {name} in {domain}.")
        return str(made["data"]["id"])

    def move(self, person: str, domain: str, resource: str, state: str, comment: str = "") -> None:
        body = {"state": state, "auditedComment": comment, "locked": False}
        if self.design(person, "PUT", f"/resources/{domain}/{resource}/state", body) is None:
            raise WeekError(f"Exstream does not let {person} move {resource} to {state}.")

    def _as(
        self, person: str, base: str, method: str, path: str, body: Json | None, query: dict[str, str]
    ) -> Json | None:
        token = self.token(person)
        reply = self._session.request(
            method,
            f"{self.about['exstream'][base]}{path}",
            json=body,
            params=query,
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
        )
        if reply.status_code in {401, 403}:
            return None
        if not reply.ok:
            raise WeekError(f"Exstream, as {person}: {method} {path}: {reply.status_code} {reply.text[:300]}")
        return dict(reply.json()) if reply.content else {}
