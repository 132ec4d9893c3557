"""Which domains a reading means, and the proof that it saw all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from connectors.exstream.client import ExstreamClient, Listing
from hub.sdk import Proof, Reading, Record, Rejected

Json = dict[str, Any]


def domains_of(client: ExstreamClient, named: list[str]) -> list[str]:
    """The named domains, or all that the sign-in sees. Raises Rejected for a name that is not there."""
    known = [str(row["id"]) for row in client.design.domains()]
    for name in named:
        if name not in known:
            raise Rejected(f"There is no domain {name} that this sign-in can see.", field="domains", missing=True)
    return list(dict.fromkeys(named)) or known


def read_whole(what: str, rows: Callable[[], list[Record]]) -> Reading:
    """A reading of a list that Exstream gives in one piece."""
    proof = Proof()

    def records() -> Iterator[Record]:
        found = rows()
        _finish(proof, found, [f"The list of {what} came in one piece: {len(found)}."])
        yield from found

    return Reading(records(), proof)


def read_pages(
    domains: Callable[[], list[str]], ask: Callable[[str], Listing], record: Callable[[str, Json], Record | None]
) -> Reading:
    """A reading of one paged list per domain; `record` may leave a row out."""
    proof = Proof()

    def records() -> Iterator[Record]:
        for domain in domains():
            listing = ask(domain)
            for row in listing.items(lambda row: f"{row.get('id')}|{row.get('version')}"):
                made = record(domain, row)
                if made is not None:
                    proof.count += 1
                    yield made
            if trouble := listing.problem():
                proof.problems.append(f"{domain}: {trouble}")
            else:
                proof.checks.append(f"{domain}: {listing.total} {listing.what} in {listing.pages} pages.")
        proof.complete = not proof.problems

    return Reading(records(), proof)


def _finish(proof: Proof, found: list[Record], checks: list[str]) -> None:
    keys = [record.key for record in found]
    proof.count, proof.checks = len(found), checks
    if len(set(keys)) != len(keys):
        proof.problems.append("An object came twice.")
    proof.complete = not proof.problems
