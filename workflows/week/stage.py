"""The week's stage: the hub, the insurer, the post, and how everything stands on Sunday evening."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from workflows.services import sample_settings
from workflows.week import cast
from workflows.week.hub import Member, RefusedError, WeekError
from workflows.week.northwind import Northwind
from workflows.week.post import Post
from workflows.week.telling import Telling

PROD = "emea-prod"


@dataclass
class Week:
    url: str
    admin: Member
    password: str
    """Of everybody's account in the hub but the administrator's."""
    northwind: Northwind
    post: Post
    post_port: int
    telling: Telling
    number: int = 1
    """How often it has been played; what is new each time is named by it."""
    kept: dict[str, Any] = field(default_factory=dict)
    """What later days come back to: ids of runs, templates and plans."""
    _people: dict[str, Member] = field(default_factory=dict)

    def member(self, person: str) -> Member:
        """Somebody of the cast, signed in under their own name."""
        if person not in self._people:
            name = self.northwind.whole(person)
            self._people[person] = Member.signed_in(self.url, name, self.password)
        return self._people[person]

    def page(self, path: str) -> str:
        return f"{self.url}/{path}"

    def directory_page(self, person: str = "") -> str:
        return f"{self.northwind.about['otds']['people_url']}" + (f"?name={person}" if person else "")

    def exstream_page(self, name: str) -> str:
        return f"{self.northwind.about['exstream']['base_url']}/_sandbox/{name}"

    def need(self, is_so: bool, otherwise: str) -> None:
        """The week tells only what is so."""
        if not is_so:
            raise WeekError(otherwise)


def set_up(week: Week) -> None:
    """People and groups as they are on Sunday; connections, members, templates and scope in the hub."""
    _directory(week.northwind)
    _exstream(week)
    _connections(week)
    _members(week)
    provisioning = sample_settings.TEMPLATE, sample_settings.parameters()
    for slug, (template, parameters) in {cast.PROVISIONING: provisioning, **cast.INSTALLED}.items():
        week.admin.install(template, slug, parameters)
    if not any(each["name"] == cast.SCOPE["name"] for each in week.admin.every("delegation-scopes")):
        week.admin.call("POST", "delegation-scopes", cast.SCOPE)
    out = {"person": week.northwind.whole(cast.OTTO), "kind": ""}
    if not any(each["person"] == out["person"].lower() for each in week.admin.every("opt-outs")):
        week.admin.call("POST", "opt-outs", out)
    week.admin.run(cast.PROVISIONING)
    for slug in ("week-access", "week-evidence"):
        week.admin.run(slug)


def _directory(northwind: Northwind) -> None:
    northwind.change("DELETE", f"/users/{northwind.whole(cast.NORA)}", expect=(404,))
    northwind.set(cast.UMAR, c="DE")
    northwind.set(cast.KIRA, oTDepartment="Finance")
    northwind.set(cast.ANNA, accountDisabled="false")
    northwind.seat(cast.ANNA)
    for group, people in cast.GROUPS.items():
        northwind.group(group, *people)


def _exstream(week: Week) -> None:
    """What an earlier play left is put away; a service that fails is published, with addresses nobody maintains."""
    northwind = week.northwind
    body = {"domain": {"id": PROD}, "group": f"exs.{PROD}.designer@Northwind", "roleName": "approver"}
    if any(
        row["group"] == body["group"] and row["roleName"] == body["roleName"]
        for row in (northwind.design(cast.TESSA, "GET", f"/group-roles/{PROD}") or {"data": []})["data"]
    ):
        northwind.design(cast.TESSA, "DELETE", "/group-roles", body)
    published = northwind.orchestration(cast.TESSA, "GET", f"/flow-models/{PROD}/published?count=500")
    for model in (published or {"data": []})["data"]:
        if str(model["flowModelName"]).startswith("Storm letters "):
            northwind.orchestration(cast.TESSA, "POST", f"/flow-models/{PROD}/{model['flowModelId']}/unpublish")
    while northwind.named(cast.TESSA, PROD, f"Storm letters {week.number}"):
        week.number += 1
    name = "Storm letters to old addresses"
    if northwind.named(cast.TESSA, PROD, name) is None:
        trouble = "communication!EX001234E The data of customer 17 has no address."
        metadata = {"channel": "storm-old", "plan": ["input", trouble]}
        model_id = northwind.draft(cast.TESSA, PROD, name, "flowmodel", metadata)
        northwind.move(cast.TESSA, PROD, model_id, "REVIEW")
        northwind.move(cast.TESSA, PROD, model_id, "APPROVED")
    else:
        model_id = str(northwind.named(cast.TESSA, PROD, name))
    northwind.orchestration(cast.TESSA, "POST", f"/flow-models/{PROD}/{model_id}/publish")


def _connections(week: Week) -> None:
    about = week.northwind.about
    post = {"host": "127.0.0.1", "port": week.post_port, "security": "none",
            "sender": "Lockgate <lockgate@northwind.example>"}  # fmt: skip
    wanted = {
        "directory": ("otds", sample_settings.directory_settings(about)),
        "exstream": ("exstream", sample_settings.exstream_settings(about)),
        "post": ("email", post),
    }
    for address in (about["otds"]["base_url"], about["exstream"]["design_base"], f"//127.0.0.1:{week.post_port}"):
        target = urlsplit(address).netloc
        try:
            week.admin.call("POST", "egress-rules", {"target": target, "note": "Of the week at Northwind Mutual."})
        except RefusedError as refused:
            if refused.code != "allowed-already":
                raise
    held = {each["slug"]: each for each in week.admin.every("connections")}
    for slug, (connector, settings) in wanted.items():
        body = {"name": slug.title(), "slug": slug, "connector": connector, "settings": settings}
        if slug not in held:
            week.admin.call("POST", "connections", body)
        elif slug == "post":
            changed = {"settings": settings, "revision": held[slug]["revision"]}
            week.admin.call("PATCH", f"connections/{held[slug]['id']}", changed)


def _members(week: Week) -> None:
    held = {each["person"]["username"].lower() for each in week.admin.every("members")}
    for person, roles in cast.MEMBERS.items():
        username = week.northwind.whole(person)
        if username.lower() in held:
            continue
        body = {"username": username, "password": week.password, "name": cast.called(person)}
        try:
            week.admin.call("POST", "people", body | {"email": cast.mail_of(person)})
        except RefusedError as refused:
            if refused.code != "username-taken":
                raise
        week.admin.call("POST", "members", {"username": username, "roles": roles})
