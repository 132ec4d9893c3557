"""Both sandboxes over HTTP: what Exstream shows whom, and what the directory's administrator does."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import requests

from connectors.exstream import sandbox as exstream_sandbox
from connectors.otds import sandbox as otds_sandbox
from hub.sdk.sandbox import Server, serve

PASSWORD = "Northwind-2026"


@dataclass
class Sandboxes:
    """Directory Services, and the Exstream that trusts its tokens."""

    otds: Server
    exstream: Server
    about: dict[str, Any]
    """What `manage.py sandbox --json` says of them."""

    def token(self, person: str) -> str | None:
        form = {"grant_type": "password", "client_id": "exstream-web", "client_secret": "exstream-sandbox-secret",
                "username": f"{person}@Northwind", "password": PASSWORD}  # fmt: skip
        answer = requests.post(self.about["otds"]["token_url"], data=form, timeout=10)
        return str(answer.json()["access_token"]) if answer.ok else None

    def sees(self, person: str, domain: str) -> bool:
        """What Exstream says when the person asks for the domain's resources, with their own fresh token."""
        token = self.token(person)
        address = f"{self.about['exstream']['design_base']}/resources/{domain}"
        answer = requests.get(address, headers={"Authorization": f"Bearer {token}"}, timeout=10)
        assert answer.status_code in {200, 401, 403}
        return answer.status_code == 200

    def change(self, method: str, path: str, body: dict[str, Any] | None = None) -> None:
        """Something the directory's administrator does."""
        given = {"userName": "otadmin@otds.admin", "password": PASSWORD}
        root = f"{self.otds.base_url}/otdsws/rest"
        ticket = requests.post(f"{root}/authentication/credentials", json=given, timeout=10).json()["ticket"]
        answer = requests.request(method, f"{root}{path}", json=body, headers={"OTDSTicket": ticket}, timeout=10)
        assert answer.ok, answer.text

    def set_attribute(self, person: str, name: str, value: str) -> None:
        body = {"userPartitionID": "Northwind", "values": [{"name": name, "values": [value]}]}
        self.change("PATCH", f"/users/{person}@Northwind", body)

    def writes(self) -> list[dict[str, Any]]:
        """Every write by operation and object, with how often it changed something and how often nothing."""
        return [*self.otds.app.writes(), *self.exstream.app.writes()]

    def write_counts(self) -> tuple[int, int]:
        """Writes the two services carried out, and those that found everything so already."""
        rows = self.writes()
        return sum(row["changes"] for row in rows), sum(row["repeats"] for row in rows)


@cache
def _seeded() -> Path:
    """A folder with what both begin with: made once by a test process, and copied for each test."""
    folder = Path(tempfile.mkdtemp(prefix="lgs-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for module in (otds_sandbox, exstream_sandbox):
        module.create({"data": str(folder)}).store.close()
    return folder


@contextmanager
def served(folder: Path) -> Iterator[Sandboxes]:
    """Both on ports of their own, for the length of a block."""
    shutil.copytree(_seeded(), folder, dirs_exist_ok=True)
    with serve(otds_sandbox.create({"data": str(folder)})) as otds:
        base = otds.base_url
        trust = {"jwks_url": f"{base}/otdsws/oauth2/jwks", "issuer": f"{base}/otdsws",
                 "token_url": f"{base}/otdsws/oauth2/token"}  # fmt: skip
        with serve(exstream_sandbox.create({"data": str(folder), **trust})) as exstream:
            about = {"otds": {"base_url": base, **otds_sandbox.describe(otds.app, base)},
                     "exstream": {"base_url": exstream.base_url,
                                  **exstream_sandbox.describe(exstream.app, exstream.base_url)}}  # fmt: skip
            yield Sandboxes(otds, exstream, about)
