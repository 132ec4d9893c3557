#!/usr/bin/env python3
"""Checks an evidence pack with nothing but Python 3.8 or later:

    python3 verify.py [--pack DIGEST] [--head NUMBER:DIGEST] [FOLDER]

FOLDER is the unpacked pack; without it, the one this file is in. It needs no network and no hub. It exits with 0
when the pack is whole, with 1 when something was changed, removed or added, and says what.

What it establishes: no record in the pack was altered; between the first and the last record none was removed,
inserted or moved; what was left out of the pack (other records, masked personal data) is bound by its digest all the
same. Whoever has the pack could make another one out of a part of it: give --pack with the digest that was told when
it was made (in the mail, in the hub). Whoever can write the hub's database could compute a whole chain anew: give
--head with a head that was noted elsewhere at the time, such as that of an older pack.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import sys
from datetime import datetime, timezone
from typing import Any

FILES = ("manifest.json", "records.jsonl", "records.csv", "chain.txt", "seals.jsonl")


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def digest_of_file(path: str) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def read_chain(folder: str, problems: list[str]) -> tuple[dict[int, str], dict[int, str]]:
    """The digest of each record's line, and of each record, by number."""
    lines: dict[int, str] = {}
    digests: dict[int, str] = {}
    previous, last = "", None
    with open(os.path.join(folder, "chain.txt"), encoding="ascii") as file:
        for row in file:
            written, line, *begins = row.split()
            number = int(written)
            if begins:
                previous = begins[0] if begins[0] != "-" else ""
            elif last is None or number != last + 1:
                problems.append(f"chain.txt: record {number} does not follow record {last}.")
            previous = sha256(previous + line)
            lines[number], digests[number], last = line, previous, number
    return lines, digests


def check_record(record: dict[str, Any], lines: dict[int, str], digests: dict[int, str], problems: list[str]) -> None:
    number = record["number"]
    named = f"Record {number}"
    if lines.get(number) != sha256(record["line"]):
        problems.append(f"{named} was altered, or is not in the chain.")
        return
    if digests[number] != record["digest"]:
        problems.append(f"{named} does not follow the record before it.")
    line = json.loads(record["line"])
    if line[0] != number:
        problems.append(f"{named} has another number in the chain: {line[0]}.")
    content = line[-1]
    for name, text in record["parts"].items():
        salt = record.get("salts", {}).get(name, "")
        if content.get(name) != sha256(salt + text):
            problems.append(f'The part "{name}" of record {number} was altered.')
    hidden = sorted(set(content) - set(record["parts"]))
    if hidden != sorted(record["hidden"]):
        problems.append(f"{named} lacks parts that it should have.")


def cell(value: Any) -> str:
    """As the table has it: what would be a formula is quoted."""
    text = "" if value is None else str(value)
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def microseconds(text: str) -> int:
    passed = datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=timezone.utc)  # noqa: UP017 - older Pythons
    return (passed.days * 86400 + passed.seconds) * 1000000 + passed.microseconds


def check_row(row: dict[str, str], record: dict[str, Any]) -> bool:
    """Whether a row of the table says what the record does."""
    _, _, at, seen_at, source, kind, key, domain, subject, job, gone, _ = json.loads(record["line"])
    wanted = {"source": source, "kind": kind, "key": key, "domain": domain, "subject": subject, "job": job}
    wanted.update({"gone": gone, "number": record["number"], "digest": record["digest"]})
    identity = json.loads(record["parts"].get("identity", "{}"))
    wanted["person"] = identity.get("person")
    for name in row:
        if name not in wanted and name not in ("at", "seen_at"):
            wanted[name] = record["parts"].get(name, "")
    times = microseconds(row["at"]) == at and microseconds(row["seen_at"]) == seen_at
    return times and all(row.get(name) == cell(value) for name, value in wanted.items())


def check_csv(folder: str, problems: list[str]) -> None:
    with open(os.path.join(folder, "records.csv"), encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        with open(os.path.join(folder, "records.jsonl"), encoding="utf-8") as records:
            for text in records:
                row, record = next(rows, None), json.loads(text)
                if row is None:
                    problems.append("records.csv lacks record {}.".format(record["number"]))
                    return
                if not check_row(row, record):
                    problems.append("records.csv says something else of record {}.".format(record["number"]))
        if next(rows, None) is not None:
            problems.append("records.csv has more rows than there are records.")


def check_seals(folder: str, digests: dict[int, str], problems: list[str]) -> int:
    """A seal is an entry of the hub's own trail that names a head of the chain."""
    count = 0
    with open(os.path.join(folder, "seals.jsonl"), encoding="utf-8") as file:
        for row in file:
            seal = json.loads(row)
            if sha256(seal["line"]) != seal["digest"]:
                problems.append("The seal {} was altered.".format(seal["number"]))
                continue
            sealed = json.loads(seal["line"])[-1]
            if digests.get(sealed["number"], sealed["digest"]) != sealed["digest"]:
                problems.append("Record {} is not the one that was sealed.".format(sealed["number"]))
            count += sealed["number"] in digests
    return count


def check(folder: str, head: str = "", pack: str = "") -> tuple[list[str], dict[str, Any]]:
    """Everything wrong with the pack, and what it holds."""
    problems: list[str] = []
    missing = [name for name in FILES if not os.path.exists(os.path.join(folder, name))]
    if missing:
        return ["The pack lacks {}.".format(", ".join(missing))], {}
    with open(os.path.join(folder, "manifest.json"), encoding="utf-8") as file:
        manifest = json.load(file)
    made = digest_of_file(os.path.join(folder, "manifest.json"))
    if pack and made != pack:
        problems.append(f"The pack has the digest {made}, and not the one that was told.")
    for name, wanted in sorted(manifest["files"].items()):
        path = os.path.join(folder, name)
        if not os.path.exists(path):
            problems.append(f"The pack lacks {name}.")
        elif digest_of_file(path) != wanted["sha256"]:
            problems.append(f"{name} is not the file that was packed.")
    lines, digests = read_chain(folder, problems)
    count = last = 0
    with open(os.path.join(folder, "records.jsonl"), encoding="utf-8") as file:
        for row in file:
            record = json.loads(row)
            if record["number"] <= last:
                problems.append("Record {} comes twice, or out of order.".format(record["number"]))
            check_record(record, lines, digests, problems)
            count += 1
            last = record["number"]
    if count != manifest["records"]:
        problems.append(f"The pack should have {manifest['records']} records, but has {count}.")
    check_csv(folder, problems)
    sealed = check_seals(folder, digests, problems)
    for noted in [head] if head else []:
        number, _, digest = noted.partition(":")
        if not number.isdigit() or int(number) not in digests:
            problems.append("Record %s of the noted head is not in this pack." % (number or noted))
        elif digests[int(number)] != digest:
            problems.append(f"The noted head {number} is no part of this chain: it was written anew.")
    last = max(digests, default=0)
    found = f"{last}:{digests.get(last, '')}"
    return problems, {"records": count, "chain": len(digests), "seals": sealed, "head": found, "pack": made}


def main(arguments: list[str]) -> int:
    given = {"--head": "", "--pack": ""}
    for name in given:
        if name in arguments[:-1]:
            place = arguments.index(name)
            given[name], arguments = arguments[place + 1], arguments[:place] + arguments[place + 2 :]
    folder = arguments[0] if arguments else os.path.dirname(os.path.abspath(__file__))
    problems, told = check(folder, given["--head"], given["--pack"])
    if told:
        print("{records} records, {chain} links of the chain, {seals} seals".format(**told))
        print("head {head}\npack {pack}".format(**told))
    for problem in problems[:50]:
        print("  " + problem)
    if len(problems) > 50:
        print(f"  And {len(problems) - 50} more.")
    print("BROKEN: this is not what was packed." if problems else "WHOLE: nothing was altered, removed or added.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
