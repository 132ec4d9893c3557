"""The sandbox's own pages: who sees what, resources, jobs, and the button that lets runs go on."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Request

from hub.sdk.sandbox import Documents, Reply, SandboxApp, pages
from hub.sdk.sandbox.control import menu

if TYPE_CHECKING:
    from connectors.exstream.sandbox.app import ExstreamSandbox


def who_sees_what_page(app: SandboxApp, data: Documents) -> Reply:
    """Which group has which role in which domain."""
    domains = [row["id"] for row in data.find("domains")]
    given = {(row["group"], row["domainId"], row["roleName"]) for row in data.find("group_roles")}
    rows: list[list[Any]] = []
    for group, role in sorted({(group, role) for group, _, role in given}):
        rows.append([group, role, *("yes" if (group, domain, role) in given else "" for domain in domains)])
    body = "<p>Any role in a domain reads everything in it. Groups come from the token.</p>"
    body += pages.rows_table("Groups, roles and domains", ("Group", "Role", *domains), rows)
    return pages.page("Who sees what", body, name=app.name, links=menu(app))


def resources_page(app: SandboxApp, data: Documents) -> Reply:
    """What each domain holds, with state and lock."""
    body = ""
    rows = data.find("versions")
    for domain in data.find("domains"):
        held = [row for row in rows if {"id": domain["id"]} in row["domains"]]
        body += f"<h2>{escape(domain['id'])}</h2>" + pages.rows_table(
            f"{len(held)} versions, workflow {domain['workflow']}",
            ("Name", "Type", "Version", "State", "Locked by", "Hidden", "Changed by"),
            [
                (
                    row["name"],
                    row["type"],
                    row["version"],
                    row["state"],
                    row["lockedBy"],
                    "yes" if row["hidden"] else "",
                    row["lastModifiedBy"],
                )
                for row in held
            ],
        )
    return pages.page("Resources", body, name=app.name, links=menu(app))


def jobs_page(app: SandboxApp, data: Documents) -> Reply:
    """Every job with its flow instances."""
    rows = []
    for job in reversed(data.find("jobs")):
        flows = [f"{row['flowModelName']}: {row['status']}" for row in data.find("instances", jobId=job["id"])]
        rows.append(
            (job["domainId"], job["channel"], job["status"], _at(job["startDate"]), job["triggeredBy"], flows)
        )
    columns = ("Domain", "Channel", "Status", "Started", "Started by", "Flow instances")
    body = pages.rows_table("Jobs, the newest first", columns, rows)
    return pages.page("Jobs", body, name=app.name, links=menu(app))


def advance_page(app: ExstreamSandbox, request: Request) -> Reply:
    """POST moves every run by `steps` steps; GET shows the button."""
    if request.method == "POST":
        asked = request.values.get("steps", "1")
        moved = app.advance(int(asked) if asked.isdigit() else 1)
        if "form" not in request.values:
            return Reply(200, {"moved": moved})
        return Reply(303, None, {"Location": "/_sandbox/job-list"})
    fields = pages.text_field("steps", "Steps", 1, kind="number") + '<input type="hidden" name="form" value="1">'
    body = "<p>Lets every run take its next steps now.</p>" + pages.form("/_sandbox/advance", fields, "Advance")
    return pages.page("Advance", body, name=app.name, links=menu(app))


def _at(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%d %H:%M")
