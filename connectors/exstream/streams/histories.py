"""What happened to resources, with who and why: the only place that names reviewers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.scope import domains_of
from hub.sdk import Fields, OpenFields, Proof, Reading, Record, Stream, UnexpectedReply, field


class Histories(Stream[ExstreamClient]):
    """What happened to resources, with who and why."""

    title = "Histories of resources"

    class Input(Fields):
        domains: list[str] = field("Domains", default=[], choices="domains", help="None means all.")
        types: list[str] = field("Types", default=[], help="Types or groups such as designer; none means all.")
        since: str = field(
            "Of resources changed since",
            default="",
            pattern=r"^(\d{4}-\d{2}-\d{2})?$",
            form="a day such as 2026-01-31",
        )

    class Output(OpenFields):
        domain: str
        resource: str
        name: str
        type: str

    def read(self, input: Any, client: ExstreamClient) -> Reading:
        proof = Proof()
        wanted = {"types": input.types, "latestVersion": True, "lastModifiedDateStart": input.since}

        def records() -> Iterator[Record]:
            for domain in domains_of(client, input.domains):
                listing = client.design.resources(domain, wanted)
                for row in listing.items(lambda each: f"{each.get('id')}|{each.get('version')}"):
                    for entry in client.design.history(domain, str(row["id"])):
                        proof.count += 1
                        yield _record(domain, row, entry)
                if trouble := listing.problem():
                    proof.problems.append(f"{domain}: {trouble}")
                else:
                    proof.checks.append(f"{domain}: the histories of {listing.total} resources.")
            proof.complete = not proof.problems

        return Reading(records(), proof)


def _record(domain: str, row: dict[str, Any], entry: dict[str, Any]) -> Record:
    about = {"domain": domain, "resource": row["id"], "name": row.get("name"), "type": row.get("type")}
    at = entry.get("modifiedDate")
    if not at:
        raise UnexpectedReply(f"An entry of the history of {row.get('name')} has no date.")
    named = (entry.get("version"), entry.get("historyType"), entry.get("revision"), at)
    key = f"{domain}|{row['id']}|{'|'.join(map(str, named))}"
    return Record(key, {**{name: value for name, value in entry.items() if name not in about}, **about})
