"""Which domains a call touches: those of the object itself, as Exstream says it, not only the one that was named.

A resource may be in many domains, and then a change shows in all of them.
"""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from hub.sdk import Action, Rejected, UnexpectedReply, parts_named


class OnResource(Action[ExstreamClient]):
    """Acts on one resource."""

    resource_field = "resource"

    def touches(self, input: Any, client: ExstreamClient) -> frozenset[str]:
        named = parts_named(input) or frozenset()
        row = client.design.resource(input.domain, getattr(input, self.resource_field))
        found = row.get("domains")
        if not isinstance(found, list):
            raise UnexpectedReply("Exstream does not say in which domains the resource is.")
        if input.domain not in (domains := {str(each["id"]) for each in found}):
            raise _elsewhere(input.domain)
        return named | domains


class OnJob(Action[ExstreamClient]):
    """Acts on one job."""

    def touches(self, input: Any, client: ExstreamClient) -> frozenset[str]:
        return _of_runtime(input, client.orchestration.job(input.domain, input.job))


class OnInstance(Action[ExstreamClient]):
    """Acts on one flow instance."""

    def touches(self, input: Any, client: ExstreamClient) -> frozenset[str]:
        return _of_runtime(input, client.orchestration.flow_instance(input.domain, input.instance))


class OnCronJob(Action[ExstreamClient]):
    """Acts on one scheduled job."""

    def touches(self, input: Any, client: ExstreamClient) -> frozenset[str]:
        if all(str(row.get("id")) != input.cron_job for row in client.orchestration.cron_jobs(input.domain)):
            raise _elsewhere(input.domain)
        return frozenset({input.domain})


class OnWhoKnows(Action[ExstreamClient]):
    """What it acts on does not say in which domain it is, or leads to other domains."""

    def touches(self, input: Any, client: ExstreamClient) -> None:
        return None


def domains_written(fields: dict[str, Any]) -> frozenset[str]:
    """The domains that fields in Exstream's own names would write."""
    found: set[str] = set()
    for name in ("domains", "domain", "domainId"):
        held = fields.get(name)
        for each in held if isinstance(held, list) else [] if held is None else [held]:
            found.add(str(each.get("id") if isinstance(each, dict) else each))
    return frozenset(found)


def _of_runtime(input: Any, row: dict[str, Any]) -> frozenset[str]:
    if row.get("domainId") != input.domain:
        raise _elsewhere(input.domain)
    return frozenset({input.domain})


def _elsewhere(domain: str) -> Rejected:
    return Rejected(f"There is no such object in {domain}.", missing=True)
