"""The only file that calls OTDS. Where a call rests on less than OpenText's own code, its source tag is said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import orjson

from connectors.otds.replies import check, is_expired, read_object, said
from connectors.otds.settings import SeatRevocation, Settings, root_of
from connectors.otds.tickets import Tickets
from hub.sdk import Egress, Misconfigured, Opening, Proof, Rejected, UnexpectedReply

_PAGE_SECONDS = 120.0
# Kept as they are in a path: OpenText's own client leaves them alone (W).
_SAFE = "@,=&()"


class OtdsClient:
    """One connection to one tenant of OTDS. Threads may share it."""

    def __init__(self, settings: Settings, opening: Opening) -> None:
        self.settings = settings
        self._root = root_of(settings)
        self._egress: Egress = opening.egress
        self._tickets = Tickets(settings, opening.egress, opening.tokens)

    def call(
        self,
        method: str,
        path: str,
        what: str,
        *,
        query: dict[str, Any] | None = None,
        body: dict[str, Any] | None = None,
        timeout_seconds: float | None = None,
    ) -> Any:
        """Send one call below `/rest`, renewing the sign-in once when it has run out."""
        headers = {"Accept": "application/json"}
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = orjson.dumps(body)
        for last in (False, True):
            ticket = self._tickets.get()
            carried = self._tickets.present(ticket)
            reply = self._egress.request(
                method,
                f"{self._root}/rest{path}",
                params=query or None,
                headers=headers | carried.get("headers", {}),
                cookies=carried.get("cookies"),
                data=data,
                timeout_seconds=timeout_seconds,
            )
            if last or not is_expired(reply):
                break
            self._tickets.drop(ticket)
        check(reply, what)
        return reply

    def read(self, path: str, what: str, **query: Any) -> dict[str, Any]:
        """A JSON object."""
        return read_object(self.call("GET", path, what, query=query), what)

    def find(self, path: str, what: str, **query: Any) -> dict[str, Any] | None:
        """A JSON object, or None when OTDS says that there is none."""
        try:
            return self.read(path, what, **query)
        except Rejected as refusal:
            if refusal.missing:
                return None
            raise

    def write(self, method: str, path: str, what: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Change something. The answer's object, or an empty one."""
        return said(self.call(method, path, what, body=body))

    def pages(
        self, path: str, name: str, what: str, proof: Proof, *, query: dict[str, Any] | None = None
    ) -> Iterator[list[dict[str, Any]]]:
        """The rows of a list, page by page, to an empty page or a null cookie. Fills the proof.

        Some servers give a cookie on the last page too (PX), so a cookie alone does not promise another row.
        """
        asked = {**(query or {}), "page_size": self.settings.page_size}
        seen: set[str] = set()
        cookies: set[str] = set()
        number, short = 0, ""
        while True:
            reply = self.call("GET", path, what, query=asked, timeout_seconds=_PAGE_SECONDS)
            answer = read_object(reply, what)
            rows = answer.get(name)
            if not isinstance(rows, list):
                raise UnexpectedReply(f'{what}: there is no list "{name}" in the answer.')
            number += 1
            told = answer.get("actualPageSize")
            if isinstance(told, int) and told != len(rows):
                proof.problems.append(f"Page {number} says it has {told} rows, and has {len(rows)}.")
            if rows and short:
                proof.problems.append(short)
                short = ""
            if not rows:
                proof.checks.append(f"{_pages(number)}, the last one empty")
                break
            for row in rows:
                identity = row.get("uuid") or row.get("id") or row.get("location") if isinstance(row, dict) else None
                if not isinstance(identity, str):
                    raise UnexpectedReply(f"{what}: a row of page {number} has no identity.")
                if identity in seen:
                    proof.problems.append(f"{row.get('id') or identity} came twice, again on page {number}.")
                seen.add(identity)
            proof.count += len(rows)
            yield rows
            cookie = answer.get("nextPageCookie")
            if not cookie:
                proof.checks.append(f"{_pages(number)}, the last cookie empty")
                break
            if cookie in cookies:
                proof.problems.append(f"Page {number} leads back to an earlier page.")
                break
            cookies.add(cookie)
            wanted = answer.get("requestedPageSize")
            if isinstance(wanted, int) and len(rows) < wanted:
                short = f"Page {number} has {len(rows)} of {wanted} rows, although more follow."
            asked["next_page_cookie"] = cookie
        proof.complete = not proof.problems

    def all_rows(self, path: str, name: str, what: str, **query: Any) -> list[dict[str, Any]]:
        """A short list whole. Raises UnexpectedReply when it was not read to its end."""
        proof = Proof()
        rows = [row for page in self.pages(path, name, what, proof, query=query) for row in page]
        if not proof.complete:
            raise UnexpectedReply(f"{what}: {proof.problems[0]} Try again.")
        return rows

    def first_rows(self, path: str, name: str, what: str, limit: int, **query: Any) -> list[dict[str, Any]]:
        """The first rows of a list, for form fields and searches."""
        found: list[dict[str, Any]] = []
        for page in self.pages(path, name, what, Proof(), query=query):
            found += page
            if len(found) >= limit:
                break
        return found[:limit]

    def current_user(self) -> dict[str, Any]:
        """Who we are (O, C)."""
        return self.read("/currentuser", "Asking who is signed in")

    # Users

    def user(self, name: str) -> dict[str, Any] | None:
        return self.find(f"/users/{part(name)}", f"Reading {name}")

    def need_user(self, name: str) -> dict[str, Any]:
        return self.read(f"/users/{part(name)}", f"Reading {name}")

    def groups_of(self, kind: str, name: str) -> list[dict[str, Any]]:
        """The direct groups of a user (O, C) or a group (C)."""
        what = f"Reading the groups of {name}"
        return self.all_rows(f"/{kind}s/{part(name)}/memberof", "groups", what)

    def change_user(self, name: str, partition: str, values: dict[str, list[str]], description: str | None) -> Any:
        """Change several attributes at once; PATCH with one pair is P, with more C."""
        body: dict[str, Any] = {"userPartitionID": partition}
        if values:
            body["values"] = pairs(values)
        if description is not None:
            body["description"] = description
        return self.write("PATCH", f"/users/{part(name)}", f"Changing {name}", body)

    # Groups and membership, always by what changes, never as a whole list

    def group(self, name: str) -> dict[str, Any] | None:
        return self.find(f"/groups/{part(name)}", f"Reading the group {name}")

    def need_group(self, name: str) -> dict[str, Any]:
        return self.read(f"/groups/{part(name)}", f"Reading the group {name}")

    def add_member(self, group: str, kind: str, member: str) -> None:
        """P: by the member's `memberof`."""
        what = f"Adding {member} to {group}"
        self.write("POST", f"/{kind}s/{part(member)}/memberof", what, {"stringList": [group]})

    def remove_member(self, group: str, member: str) -> None:
        """C: by the group's `members/deletionset`; OpenText's client has no call for it."""
        what = f"Removing {member} from {group}"
        self.write("POST", f"/groups/{part(group)}/members/deletionset", what, {"stringList": [member]})

    # Licences

    def resource(self, name: str) -> dict[str, Any]:
        return self.read(f"/resources/{part(name)}", f"Reading the resource {name}")

    def licences(self, resource: str) -> list[dict[str, Any]]:
        """The licences of a resource, named by its name or id."""
        key = str(self.resource(resource).get("resourceID") or resource)
        what = f"Reading the licences of {resource}"
        answer = self.read("/licensemanagement/licenses/assignedlicenses", what, resourceID=key, validOnly="false")
        listed = answer.get("licenseObjects", {}).get("_licenses")
        if not isinstance(listed, list):
            raise UnexpectedReply(f"{what}: there is no list of licences in the answer.")
        return listed

    def seat_pages(self, licence: str, counter: str, proof: Proof) -> Iterator[list[dict[str, Any]]]:
        """The users who hold a seat. Following the page cookie of the inner list is assumed."""
        what = f"Reading the seats of {counter}"
        query: dict[str, Any] = {"counter": counter, "page_size": self.settings.page_size}
        number, cookies = 0, set[str]()
        seen: set[str] = set()
        while True:
            reply = self.call("GET", f"/licensemanagement/licenses/object/{part(licence)}", what, query=query)
            inner = read_object(reply, what).get("listUsersResults")
            rows = inner.get("users") if isinstance(inner, dict) else None
            if not isinstance(inner, dict) or not isinstance(rows, list):
                raise UnexpectedReply(f'{what}: there is no list "users" in the answer.')
            number += 1
            told = inner.get("actualPageSize")
            if isinstance(told, int) and told != len(rows):
                proof.problems.append(f"Page {number} says it has {told} rows, and has {len(rows)}.")
            identities = {str(row.get("uuid") or row.get("id")) for row in rows}
            if seen & identities or len(identities) < len(rows):
                proof.problems.append(f"A holder came twice, again on page {number}.")
            seen |= identities
            proof.count += len(rows)
            yield rows
            cookie = inner.get("nextPageCookie")
            if not cookie or not rows:
                break
            if cookie in cookies:
                proof.problems.append(f"Page {number} leads back to an earlier page.")
                break
            cookies.add(cookie)
            query["next_page_cookie"] = cookie
        proof.checks.append(f"{_pages(number)} of seats")
        proof.complete = not proof.problems

    def assign_seat(self, licence: str, counter: str, location: str) -> None:
        """P."""
        path = f"/licensemanagement/licenses/object/{part(licence)}"
        self.write("POST", path, f"Assigning a seat of {counter}", _seat(counter, location))

    def free_seat(self, licence: str, counter: str, location: str) -> None:
        """Assumed, and only when the connection says so: no public source shows this call."""
        if self.settings.seat_revocation is not SeatRevocation.ASSUMED_DELETE:
            raise Misconfigured(
                'Freeing a seat is switched off, because the call is not documented. Set "How a seat is freed" '
                "of the connection to assumed-delete once it is tried.",
                field="seat_revocation",
            )
        path = f"/licensemanagement/licenses/object/{part(licence)}"
        self.write("DELETE", path, f"Freeing a seat of {counter}", _seat(counter, location))


def part(name: str) -> str:
    """A name or location as one part of a path."""
    if not name.strip() or name in {".", ".."}:
        raise Rejected("The name is empty.", missing=True)
    return quote(name, safe=_SAFE)


def pairs(values: dict[str, list[str]]) -> list[dict[str, Any]]:
    """Attributes as name and values (P)."""
    return [{"name": name, "values": listed} for name, listed in values.items()]


def _seat(counter: str, location: str) -> dict[str, Any]:
    """The body that assigns a seat to a user (P)."""
    return {
        "_oTLicenseType": "Full",
        "_oTLicenseProduct": "users",
        "name": location,
        "values": [{"name": "counter", "values": [counter]}],
    }


def _pages(number: int) -> str:
    return "1 page" if number == 1 else f"{number} pages"
