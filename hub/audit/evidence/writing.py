"""The files of a pack: records, their table, the chain between them, the seals."""

from __future__ import annotations

import csv
import io
import json
import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

import orjson
from django.db import connection

from hub.audit.chains import TRAIL_LINE
from hub.audit.evidence.facts import CLASSES

CONTINUOUS_UP_TO = 2_000_000
"""Between the first and the last record of a pack: beyond it only the records' own links are written."""
COLUMNS = ("number", "at", "seen_at", "source", "kind", "key", "domain", "subject", "job", "gone", "person", "digest")
_RECORDS = """
SELECT number, at, seen_at, source, kind, key, domain, subject, job, gone, person, digest, emptied_at,
    evidence_line(entry), coalesce((SELECT jsonb_object_agg(key, value::text) FROM jsonb_each(parts)), '{}')::text,
    coalesce(salts, '{}')::text, content::text
FROM audit_evidence AS entry WHERE workspace_id = %s AND number = ANY(%s) ORDER BY number
"""
_CHAIN = """
SELECT number, encode(sha256(convert_to(evidence_line(entry), 'UTF8')), 'hex'), previous
FROM audit_evidence AS entry WHERE workspace_id = %s AND {which} ORDER BY number
"""
_SEALS = f"""
SELECT number, digest, {TRAIL_LINE} FROM audit_auditentry AS entry
WHERE workspace_id = %s AND verb = 'evidence.sealed' AND (detail ->> 'number')::bigint >= %s ORDER BY number
"""  # noqa: S608
_AT_ONCE = 5000


@dataclass(frozen=True)
class Row:
    """One record as a pack has it: parts of classes that are not shown are left out."""

    number: int
    at: datetime
    values: dict[str, Any]
    shown: dict[str, Any]
    """Everything that may be seen, by field."""
    written: bytes


def rows_of(workspace_id: uuid.UUID, numbers: list[int], show: Collection[str]) -> Iterator[Row]:
    for begin in range(0, len(numbers), _AT_ONCE):
        with connection.cursor() as cursor:
            cursor.execute(_RECORDS, [workspace_id, numbers[begin : begin + _AT_ONCE]])
            found = cursor.fetchall()
        yield from (_row(each, show) for each in found)


def _row(found: tuple[Any, ...], show: Collection[str]) -> Row:
    values = dict(zip(COLUMNS, found, strict=False))
    line, parts, salts, content = found[13], orjson.loads(found[14]), orjson.loads(found[15]), orjson.loads(found[16])
    kept = {name: text for name, text in parts.items() if name in show}
    written = {
        "number": values["number"], "digest": values["digest"], "line": line, "parts": kept,
        "salts": {name: salt for name, salt in salts.items() if name in kept},
        "hidden": sorted(set(content) - set(kept)), "emptied": found[12] is not None,
    }  # fmt: skip
    shown = {name: value for part in kept.values() for name, value in orjson.loads(part).items()}
    if "identity" not in show:
        values["person"] = None
    return Row(values["number"], values["at"], values, shown, orjson.dumps(written))


class Table:
    """The records as CSV, which Excel opens too: a value that would be a formula is quoted."""

    def __init__(self, file: IO[bytes]) -> None:
        self._text = io.TextIOWrapper(file, "utf-8-sig", newline="", write_through=True)
        self._rows = csv.writer(self._text)
        self._rows.writerow([*COLUMNS, *(name for name in CLASSES)])

    def add(self, row: Row) -> None:
        written = json.loads(row.written)["parts"]
        values = [row.values[name] for name in COLUMNS]
        cells = [each.isoformat() if isinstance(each, datetime) else each for each in values]
        self._rows.writerow([_plain(each) for each in [*cells, *(written.get(name, "") for name in CLASSES)]])

    def end(self) -> None:
        self._text.detach()


def _plain(value: Any) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in "=+-@\t\r" and text[:1] else text


def write_chain(file: IO[bytes], workspace_id: uuid.UUID, numbers: list[int]) -> bool:
    """The links from the first record to the last. False when only those of the records themselves are written."""
    if not numbers:
        return True
    whole = numbers[-1] - numbers[0] < CONTINUOUS_UP_TO
    if whole:
        which = "number BETWEEN %s AND %s"
        given: list[Any] = [workspace_id, numbers[0], numbers[-1]]
    else:
        which, given = "number = ANY(%s)", [workspace_id, numbers]
    before = None
    with connection.chunked_cursor() as cursor:
        cursor.execute(_CHAIN.format(which=which), given)
        while found := cursor.fetchmany(_AT_ONCE):
            for number, line, previous in found:
                begins = "" if before is not None and number == before + 1 else f" {previous or '-'}"
                file.write(f"{number} {line}{begins}\n".encode())
                before = number
    return whole


def write_seals(file: IO[bytes], workspace_id: uuid.UUID, first: int, last: int) -> int:
    """Those within the records, and the first one after them."""
    count = 0
    with connection.cursor() as cursor:
        cursor.execute(_SEALS, [workspace_id, first])
        for number, digest, line in cursor.fetchall():
            count += 1
            file.write(orjson.dumps({"number": number, "digest": digest, "line": line}) + b"\n")
            if orjson.loads(line)[-1]["number"] >= last:
                break
    return count
