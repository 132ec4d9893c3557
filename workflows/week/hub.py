"""The hub as people use it: each of them signed in under their own name, over its API."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import requests

Json = dict[str, Any]
PATIENCE_SECONDS = 90.0
_ENDED = {"succeeded", "failed", "canceled"}


class WeekError(Exception):
    """The week cannot go on. The message says what was tried, and what was answered."""


class RefusedError(WeekError):
    """The hub said no: `status`, and its `code`."""

    def __init__(self, what: str, status: int, said: Json) -> None:
        self.status, self.code, self.detail = status, str(said.get("code", "")), str(said.get("detail", ""))
        places = "; ".join(f"{each.get('pointer')}: {each.get('detail')}" for each in said.get("errors") or ())
        super().__init__(f"{what}: {status} {self.code} {self.detail} {places}".strip())


@dataclass
class Member:
    """Somebody who is signed in."""

    url: str
    username: str
    _session: requests.Session = field(repr=False)

    @classmethod
    def signed_in(cls, url: str, username: str, password: str) -> Member:
        session = requests.Session()
        session.trust_env = False
        member = cls(url, username, session)
        member.call("POST", "session", {"username": username, "password": password})
        return member

    def call(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """What the API answers; None when it answers with nothing. Raises RefusedError."""
        headers = {"X-CSRFToken": self._session.cookies.get("csrftoken") or ""}
        asked = f"{self.url}/api/v1/{path}"
        reply = self._session.request(method, asked, json=body, params=query, headers=headers, timeout=60)
        if not reply.ok:
            is_json = "json" in reply.headers.get("Content-Type", "")
            said = reply.json() if is_json else {"detail": reply.text[:300]}
            raise RefusedError(f"{self.username}: {method} {path}", reply.status_code, said)
        return reply.json() if "json" in reply.headers.get("Content-Type", "") else reply.content or None

    def every(self, path: str, **query: Any) -> Iterator[Json]:
        """Every item of a list, page by page."""
        cursor: Any = None
        while True:
            page = self.call("GET", path, **query, limit=200, **({"cursor": cursor} if cursor else {}))
            yield from page["items"]
            cursor = page.get("next_cursor")
            if not cursor:
                return

    def decide(self, approval: str) -> None:
        """Look at what is asked, and approve just that."""
        seen = self.call("GET", f"approvals/{approval}")
        body = {"approve": True, "digest": seen["digest"], "comment": "Read and found right."}
        self.call("POST", f"approvals/{approval}/decide", body)

    def look_at(self, page: str) -> int:
        """Open a page in the browser, as a mail's link does; the status."""
        return self._session.get(f"{self.url}{page}", timeout=30).status_code

    def run_to_rest(self, run: str) -> Json:
        """The run once it has ended, or waits for somebody."""

        def rests() -> Json | None:
            held: Json = self.call("GET", f"runs/{run}")
            waits = held["state"] == "waiting" and not held["due_at"]
            return held if held["state"] in _ENDED or waits else None

        found: Json = wait_for(rests, f"the run {self.url}/runs/{run} to end")
        return found

    def install(self, template: str, slug: str, parameters: Json) -> None:
        """Unless it stands installed so already, in the template's version."""
        held = next((each for each in self.every("installations") if each["slug"] == slug), None)
        wanted = {"parameters": parameters, "version": self.call("GET", f"templates/{template}")["version"]}
        if held is None or any(held[name] != value for name, value in wanted.items()):
            self.call("POST", f"templates/{template}/install", {"slug": slug, "parameters": parameters})

    def run(self, slug: str) -> Json:
        """Start an installation's workflow, and wait until it rests."""
        return self.run_to_rest(self.call("POST", f"installations/{slug}/run")["id"])


def wait_for(look: Callable[[], Any], what: str, *, seconds: float = PATIENCE_SECONDS) -> Any:
    """What `look` finds, once it finds something. Raises WeekError."""
    until = time.monotonic() + seconds
    while (found := look()) is None:
        if time.monotonic() > until:
            raise WeekError(f"Waited {seconds:.0f} s for {what}.")
        time.sleep(0.3)
    return found
