"""Evidence as tests make it: a small directory, a domain of Exstream, and what people did, without any service."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone

from hub.accounts.models import Workspace
from hub.audit.evidence.collecting import Collection, collect
from hub.audit.models import Evidence
from hub.sdk import Proof, Record

START = datetime(2026, 5, 1, tzinfo=UTC)


def day(number: int) -> datetime:
    return START + timedelta(days=number - 1)


def person(login: str, *groups: str, **more: Any) -> Record:
    uuid = hashlib.sha256(login.encode()).hexdigest()[:32]
    body = {"id": f"{login}@Northwind", "uuid": uuid, "department": "Claims", "title": "Designer", **more}
    return Record(uuid, {**body, "mail": f"{login}@northwind.example", "member_of": list(groups)})


def group(name: str, *within: str) -> Record:
    return Record(name, {"id": f"{name}@Northwind", "uuid": name, "member_of": list(within)})


def assigned(domain: str, to: str, role: str) -> Record:
    return Record(f"{domain}|{to}|{role}", {"domain": domain, "group": f"{to}@Northwind", "role": role})


def resource(domain: str, name: str, **more: Any) -> Record:
    return Record(
        f"{domain}|{name}|1", {"domain": domain, "id": name, "name": name, "type": "image", "version": 1, **more}
    )


def job(number: int, by: str = "amara", **more: Any) -> Record:
    body = {"domain": "emea", "id": f"job{number}", "status": "complete", "triggeredBy": f"{by}@Northwind",
            "endDate": (START + timedelta(minutes=number)).isoformat(), **more}  # fmt: skip
    return Record(f"emea|job{number}", body)


FEEDS: dict[str, dict[str, Any]] = {
    "person": {"fields": {"person": "id"}, "is_state": True, "of_people": True},
    "group": {"fields": {"subject": "id"}, "is_state": True},
    "group-role": {"fields": {"domain": "domain", "subject": "group"}, "is_state": True},
    "role": {"fields": {"subject": "name"}, "is_state": True},
    "role-permission": {"fields": {"subject": "role"}, "is_state": True},
    "resource": {"fields": {"domain": "domain", "subject": "id"}, "is_state": True},
    "job": {"fields": {"person": "triggeredBy", "domain": "domain", "job": "id", "at": "endDate"}},
    "history": {"fields": {"person": "modifiedBy", "domain": "domain", "subject": "resource", "at": "modifiedDate"}},
}


def keep(workspace: Workspace, kind: str, *records: Record, at: datetime | None = None, **more: Any) -> Any:
    """One collection of all there is of a kind."""
    wanted = Collection(name=f"audit/{kind}", source="exstream", stream=f"x.{kind}", scope={}, kind=kind,
                        **FEEDS[kind] | more)  # fmt: skip
    proof = Proof(complete=True, count=len(records))
    return collect(workspace, wanted, records, proof, began=at or timezone.now())


def rows(workspace: Workspace, **chosen: Any) -> list[Evidence]:
    return list(Evidence.objects.filter(workspace=workspace, **chosen).exclude(kind="coverage").order_by("number"))


def tamper(sql: str, *values: Any) -> None:
    """As somebody with the database's own rights would: the triggers are switched off first."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


def unpack(content: bytes, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(content)) as pack:
        pack.extractall(folder)
    return folder


def verdict(folder: Path, *more: str) -> tuple[int, str]:
    """What the verifier in a pack says, with nothing of ours to import."""
    command = [sys.executable, "-I", "-S", str(folder / "verify.py"), *more]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    return ended.returncode, ended.stdout + ended.stderr
