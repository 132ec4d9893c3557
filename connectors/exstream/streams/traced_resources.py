"""Which version of which resource a run used, and who approved it: kept by Exstream only with jobTracing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.scope import domains_of
from hub.sdk import Fields, OpenFields, Proof, Reading, Record, Stream, field


class TracedResources(Stream[ExstreamClient]):
    """Which version of which resource each run used, and who changed and approved it last."""

    title = "Traced resources"

    class Input(Fields):
        domains: list[str] = field("Domains", default=[], choices="domains", help="None means all.")
        ended_since: str = field(
            "Of runs ended since", default="", pattern=r"^(\d{4}-\d{2}-\d{2})?$", form="a day such as 2026-01-31"
        )

    class Output(OpenFields):
        domain: str
        instance: str
        job: str
        traced: bool

    def read(self, input: Any, client: ExstreamClient) -> Reading:
        proof = Proof()

        def records() -> Iterator[Record]:
            for domain in domains_of(client, input.domains):
                listing = client.orchestration.flow_instances(domain, {"endDateStart": input.ended_since})
                for instance in listing.items(lambda row: str(row.get("id"))):
                    for record in _of_instance(client, domain, instance):
                        proof.count += 1
                        yield record
                if trouble := listing.problem():
                    proof.problems.append(f"{domain}: {trouble}")
                else:
                    proof.checks.append(f"{domain}: what {listing.total} flow instances used.")
            proof.complete = not proof.problems

        return Reading(records(), proof)


def _of_instance(client: ExstreamClient, domain: str, instance: dict[str, Any]) -> Iterator[Record]:
    """A record for each resource; one that says so for a run that was not traced."""
    about = {"domain": domain, "instance": instance["id"], "job": instance.get("jobId") or ""}
    about |= {"at": instance.get("endDate") or instance.get("startDate")}
    ids = client.orchestration.collection_resources(domain, str(instance["id"]))
    if not ids:
        yield Record(f"{domain}|{instance['id']}|", {**about, "traced": False})
        return
    for row in client.design.collection_details(ids):
        key = f"{domain}|{instance['id']}|{row.get('id')}|{row.get('version')}"
        body = {name: value for name, value in row.items() if name not in about}
        yield Record(key, {**body, **about, "traced": True})
