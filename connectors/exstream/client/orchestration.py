"""The Orchestration service: composing, runs, publishing (SPEC; submitting SDK, LIVE)."""

from __future__ import annotations

import secrets
from typing import Any

import requests

from connectors.exstream.client.paging import Listing
from connectors.exstream.client.service import Json, Service, part
from connectors.exstream.client.transport import Transport


class Orchestration(Service):
    """Calls of `/orchestration/api/v1`."""

    def __init__(self, transport: Transport) -> None:
        settings = transport.settings
        style = settings.orchestration_filter_style
        super().__init__(transport, settings.orchestration_base, style, "orchestration_base")

    def generate(self, domain: str, communication: str, source: str, data: str, content_type: str) -> Json:
        headers = {"communicationId": communication, "driverDataSource": source, "Content-Type": content_type}
        return self.call(
            "POST",
            f"/inputs/ondemand/{part(domain)}/generate",
            data=data.encode(),
            headers=headers,
            cookies=self._csrf(),
        )

    def submit_batch(
        self, domain: str, service: str, data: str, content_type: str, variables: dict[str, str], external_id: str
    ) -> list[Json]:
        """The flow instances that began, one per published flow model (LIVE)."""
        settings = self._transport.settings
        headers = {settings.flow_variable_header_prefix + name: value for name, value in variables.items()}
        if settings.external_id_header:
            headers[settings.external_id_header] = external_id
        return self.several(
            "POST",
            f"/inputs/batch/{part(domain)}/{part(service)}",
            data=data.encode(),
            headers={**headers, "Content-Type": content_type},
            cookies=self._csrf(),
        )

    def _csrf(self) -> dict[str, str] | None:
        return {"csrfToken": secrets.token_hex(16)} if self._transport.settings.csrf_mode == "cookie" else None

    def jobs(self, domain: str, wanted: Json, *, deleted: bool = False) -> Listing:
        """With `deleted` only those that are marked deleted and not wiped yet (SPEC)."""
        params = {"fetchDeleted": "true"} if deleted else None
        return self.listing("jobs", f"/runtime/{part(domain)}/jobs", wanted=wanted, params=params)

    def job(self, domain: str, job: str) -> Json:
        return self.one("GET", self._at(domain, "jobs", job))

    def stop_job(self, domain: str, job: str) -> None:
        self.send("POST", self._at(domain, "jobs", job) + "/stop")

    def reprocess_job(self, domain: str, job: str, *, current_model: bool, current_context: bool) -> None:
        params = {
            "useCurrentFlowModel": str(current_model).lower(),
            "useCurrentFlowContext": str(current_context).lower(),
        }
        self.send("POST", self._at(domain, "jobs", job) + "/reprocessing", params=params)

    def delete_job(self, domain: str, job: str, *, force: bool) -> None:
        self.send("DELETE", self._at(domain, "jobs", job), params={"force": "true"} if force else None)

    def flow_instances(self, domain: str, wanted: Json) -> Listing:
        return self.listing("flow instances", f"/runtime/{part(domain)}/flow-instances", wanted=wanted)

    def flow_instance(self, domain: str, instance: str) -> Json:
        return self.one("GET", self._at(domain, "flow-instances", instance))

    def collection_resources(self, domain: str, instance: str) -> list[Any]:
        """Ids of what a traced run used; none when the domain had no jobTracing as it began."""
        return self.several("GET", self._at(domain, "flow-instances", instance) + "/collection-resources")

    def stop_instance(self, domain: str, instance: str) -> None:
        self.send("POST", self._at(domain, "flow-instances", instance) + "/stop")

    def release_instance(self, domain: str, instance: str) -> None:
        self.send("POST", self._at(domain, "flow-instances", instance) + "/release")

    def flow_steps(self, domain: str, wanted: Json) -> Listing:
        return self.listing("flow steps", f"/runtime/{part(domain)}/flow-steps", wanted=wanted)

    def step_file(self, domain: str, step: str, name: str) -> requests.Response:
        """`message-file`, `delivery-file` or `artifact/<name>`."""
        path = self._at(domain, "flow-steps", step) + "/" + "/".join(part(each) for each in name.split("/"))
        return self.send("GET", path, headers={"Accept": "*/*"})

    def published(self, domain: str) -> list[Json]:
        return self.all_of("published flow models", f"/flow-models/{part(domain)}/published")

    def snapshots(self, domain: str) -> Listing:
        """Flow models as they were published, also those that are not any more: who did it, and when."""
        return self.listing("flow model snapshots", f"/runtime/{part(domain)}/flow-model-snapshots")

    def publish(self, domain: str, model: str) -> Json:
        return self.call("POST", f"/flow-models/{part(domain)}/{part(model)}/publish")

    def unpublish(self, domain: str, model: str) -> None:
        self.send("POST", f"/flow-models/{part(domain)}/{part(model)}/unpublish")

    def cron_jobs(self, domain: str) -> list[Json]:
        return self.several("GET", f"/cron-jobs/{part(domain)}")

    def create_cron_job(self, domain: str, body: Json) -> Json:
        return self.one("POST", f"/cron-jobs/{part(domain)}", json=body)

    def trigger_cron_job(self, domain: str, cron: str) -> None:
        self.send("POST", f"/cron-jobs/{part(domain)}/{part(cron)}/trigger")

    def _at(self, domain: str, kind: str, name: str) -> str:
        return f"/runtime/{part(domain)}/{kind}/{part(name)}"
