"""Making a pack: a zip with the records to read, to check and to compute with, and what checks it."""

from __future__ import annotations

import hashlib
import io
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import orjson
from django.utils import timezone

from hub.accounts.models import Workspace
from hub.audit.evidence import verifier
from hub.audit.evidence.facts import CLASSES, FACT
from hub.audit.evidence.selecting import chosen_from
from hub.audit.evidence.writing import Row, Table, rows_of, write_chain, write_seals

MOST_RECORDS = 200_000
USUALLY_SHOWN = (FACT, "identity", "organisation")
_READ_ME = """This is evidence that Lockgate collected.

report.pdf     to read
records.csv    the records as a table
records.jsonl  the records as they are chained: a line each, with the parts that may be shown and their salts
chain.txt      the links between them: number, digest of the record's line (and the digest before, where it begins)
seals.jsonl    entries of the hub's own trail that name a head of this chain
manifest.json  what is in here, with the digest of every file
verify.py      checks all of it with nothing but Python: python3 verify.py

Give verify.py with --pack the digest that was told when this pack was made, and with --head a head that was noted
elsewhere. What a chain proves and what it does not is said at the top of verify.py.
"""


class TooMuch(ValueError):
    """More records than one pack may hold."""


@dataclass(frozen=True)
class Made:
    """A pack, and what is noted about it."""

    content: bytes
    manifest: dict[str, Any]
    digest: str
    """Of the manifest, which holds the digests of all files: what is told to whoever gets the pack."""


@dataclass
class _Told:
    """What the records come to, counted as they pass."""

    kinds: Counter[str] = field(default_factory=Counter)
    hidden: Counter[str] = field(default_factory=Counter)
    emptied: int = 0
    head: str = ""

    def see(self, row: Row) -> None:
        written = orjson.loads(row.written)
        self.kinds[row.values["kind"]] += 1
        self.hidden.update(written["hidden"])
        self.emptied += written["emptied"]
        self.head = f"{row.number}:{row.values['digest']}"


def make_pack(
    workspace: Workspace, title: str, chosen: Mapping[str, Any], *, show: tuple[str, ...] = USUALLY_SHOWN, by: str
) -> Made | None:
    """The pack; None when no record fits. Raises TooMuch."""
    numbers = list(chosen_from(workspace.id, chosen).values_list("number", flat=True)[: MOST_RECORDS + 1])
    if len(numbers) > MOST_RECORDS:
        raise TooMuch(f"More than {MOST_RECORDS} records fit. Ask for a shorter time, or for one kind.")
    if not numbers:
        return None
    told, made_at = _Told(), timezone.now()
    # Every process knows of packs, and hardly one makes one: what draws pages takes 8 MB.
    from hub.audit.evidence.report import Report

    report = Report(workspace, title, chosen, show, made_at=made_at, by=by)
    files: dict[str, dict[str, Any]] = {}
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as pack:

        def put(name: str, write: Callable[[IO[bytes]], object]) -> Any:
            with tempfile.SpooledTemporaryFile(1 << 24) as file:
                answer = write(file)
                file.seek(0)
                digest, size = hashlib.sha256(), 0
                with pack.open(name, "w", force_zip64=True) as member:
                    while block := file.read(1 << 20):
                        digest.update(block)
                        size += len(block)
                        member.write(block)
                files[name] = {"sha256": digest.hexdigest(), "bytes": size}
            return answer

        with tempfile.SpooledTemporaryFile(1 << 24) as table_file:
            table = Table(table_file)

            def records(file: IO[bytes]) -> None:
                for row in rows_of(workspace.id, numbers, show):
                    file.write(row.written + b"\n")
                    table.add(row)
                    told.see(row)
                    report.see(row)
                table.end()

            put("records.jsonl", records)
            table_file.seek(0)
            put("records.csv", lambda file: file.write(table_file.read()))
        continuous = put("chain.txt", lambda file: write_chain(file, workspace.id, numbers))
        seals = put("seals.jsonl", lambda file: write_seals(file, workspace.id, numbers[0], numbers[-1]))
        put("report.pdf", lambda file: file.write(report.written(told.kinds, told.head, seals)))
        put("verify.py", lambda file: file.write(Path(verifier.__file__).read_bytes()))
        put("README.txt", lambda file: file.write(_READ_ME.encode()))
        manifest: dict[str, Any] = {
            "title": title, "workspace": workspace.slug, "made_at": made_at.isoformat(), "made_by": by,
            "chosen": dict(chosen), "records": len(numbers), "first": numbers[0], "last": numbers[-1],
            "head": told.head, "continuous": continuous, "seals": seals, "kinds": dict(told.kinds),
            "shown": sorted(show), "masked": sorted(set(CLASSES) - set(show)), "hidden_parts": dict(told.hidden),
            "emptied": told.emptied, "gaps": report.gaps, "files": files,
        }  # fmt: skip
        text = orjson.dumps(manifest, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS, default=str)
        pack.writestr("manifest.json", text)
    return Made(held.getvalue(), orjson.loads(text), hashlib.sha256(text).hexdigest())
