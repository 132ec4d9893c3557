"""Submitting work: compose one communication now, or start a batch (SDK, LIVE)."""

from __future__ import annotations

import base64
from typing import Any

from connectors.exstream.sandbox.envelopes import listed, refuse
from connectors.exstream.sandbox.pdf import make_pdf
from connectors.exstream.sandbox.rights import need_domain
from connectors.exstream.sandbox.running import start
from connectors.exstream.sandbox.store import approved_version
from hub.sdk.sandbox import Exchange, Reply, Routes

routes = Routes()


@routes.on("POST", "/inputs/ondemand/<domain>/generate")
def generate(exchange: Exchange, domain: str) -> Any:
    need_domain(exchange, domain)
    headers = exchange.request.headers
    wanted, source = headers.get("communicationId", ""), headers.get("driverDataSource", "")
    row = approved_version(exchange.data, wanted)
    if row is None or {"id": domain} not in row["domains"] or row["type"] != "exstrapplication":
        raise refuse(exchange, 404, f"There is no approved communication {wanted} in the domain {domain}.")
    data = exchange.request.get_data(as_text=True)
    if not source or not data.strip():
        failed = {"errorMessage": "There is no driver data.", "statusCode": "400", "engineOutputContext": {}}
        return {"status": "error", "data": [failed]}
    exchange.wrote(f"generate/{wanted}")
    return _composed(exchange, row["name"], data)


@routes.on("POST", "/inputs/ondemand/<domain>/<service>")
def run_service(exchange: Exchange, domain: str, service: str) -> Any:
    """The address is LIVE, the form of a successful reply is assumed: that of generate."""
    need_domain(exchange, domain)
    _published(exchange, domain, service)
    exchange.wrote(f"ondemand/{domain}/{service}")
    return _composed(exchange, service, exchange.request.get_data(as_text=True))


@routes.on("POST", "/inputs/batch/<domain>/<service>")
def submit(exchange: Exchange, domain: str, service: str) -> Any:
    """Which right it needs is assumed: any role in the domain."""
    found = need_domain(exchange, domain)
    external_id = exchange.request.headers.get(exchange.app.setting("external_id_header") or "-")
    _job, instances = start(
        exchange.data,
        found,
        service,
        _published(exchange, domain, service),
        by=exchange.caller.name,
        external_id=external_id,
        input=exchange.request.get_data(as_text=True),
    )
    exchange.wrote(f"batch/{domain}/{service}")
    left_out = {"flowModelName", "inputRetrievable", "msg"}
    shown = [{name: value for name, value in each.items() if name not in left_out} for each in instances]
    return listed(exchange, [{**each, "flowModelName": None} for each in shown])


def _published(exchange: Exchange, domain: str, service: str) -> list[dict[str, Any]]:
    found = [
        row
        for row in exchange.data.find("snapshots", domainId=domain)
        if row["channel"] == service and row["unpublishDate"] is None
    ]
    if not found:
        raise refuse(exchange, 404, f"No published flow of the domain {domain} listens to {service}.")
    return found


def _composed(exchange: Exchange, name: str, data: str) -> Any:
    content = make_pdf(name, ["Northwind Mutual", "", *data.splitlines()[:30]])
    if exchange.request.headers.get("Accept", "").startswith("application/pdf"):
        return Reply(200, content, {}, "application/pdf")
    context = {"queueName": "PDF Queue", "fileName": "out1", "customerNumber": "1"}
    made = {
        "content": base64.b64encode(content).decode(),
        "mimeType": "application/pdf",
        "engineOutputContext": context,
    }
    return {"status": "success", "data": [made]}
