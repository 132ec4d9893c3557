"""What uses what: links run from a version of the subject to the object (SPEC, SDK)."""

from __future__ import annotations

from typing import Any

from connectors.exstream.sandbox.envelopes import done, paged, refuse
from connectors.exstream.sandbox.filters import dotted
from connectors.exstream.sandbox.kinds import selects
from connectors.exstream.sandbox.rights import need, need_domain
from connectors.exstream.sandbox.store import add_link, versions_of
from hub.sdk.sandbox import Exchange, Routes

routes = Routes()
Json = dict[str, Any]


def _walk(exchange: Exchange, domain: str) -> list[Json]:
    need_domain(exchange, domain)
    subject, target = exchange.query.get("linkSubjectId", ""), exchange.query.get("linkObjectId", "")
    depth = exchange.query.get("linkDepth", "1")
    if not subject and not target:
        return exchange.data.find("resource_links")
    found: list[Json] = []
    edge, seen = {subject or target}, {subject or target}
    for _ in range(int(depth) if depth.isdigit() else 1):
        where = {"subjectId" if subject else "objectId": sorted(edge)}
        step = exchange.data.find("resource_links", **where)
        found += step
        edge = {link["objectId" if subject else "subjectId"] for link in step} - seen
        seen |= edge
    return found


@routes.on("GET", "/links/<domain>")
def links(exchange: Exchange, domain: str) -> Any:
    return paged(exchange, _walk(exchange, domain))


@routes.on("GET", "/links/<domain>/resources")
def linked_resources(exchange: Exchange, domain: str) -> Any:
    """The linked resources themselves, those of the domain."""
    side = "objectId" if exchange.query.get("linkSubjectId") else "subjectId"
    ids = list(dict.fromkeys(link[side] for link in _walk(exchange, domain)))
    rows = [rows[-1] for each in ids if (rows := versions_of(exchange.data, each))]
    types = dotted(exchange).get("types", [])
    return paged(exchange, [row for row in rows if {"id": domain} in row["domains"] and selects(types, row["type"])])


@routes.on("POST", "/links/<domain>")
def add(exchange: Exchange, domain: str) -> Any:
    body = exchange.json()
    rows = versions_of(exchange.data, str(body.get("subjectId", "")))
    if not rows or not versions_of(exchange.data, str(body.get("objectId", ""))):
        raise refuse(exchange, 404, "Subject or object does not exist.")
    need(exchange, domain, rows[-1]["type"], "WRITE")
    changed = add_link(exchange.data, rows[-1]["id"], rows[-1]["version"], body["objectId"])
    exchange.wrote(f"links/{rows[-1]['id']}|{body['objectId']}", changed=changed)
    return done()


@routes.on("DELETE", "/links/<domain>")
def remove(exchange: Exchange, domain: str) -> Any:
    body = exchange.json()
    rows = versions_of(exchange.data, str(body.get("subjectId", "")))
    if not rows:
        raise refuse(exchange, 404, "The subject does not exist.")
    need(exchange, domain, rows[-1]["type"], "WRITE")
    key = f"{rows[-1]['id']}|{rows[-1]['version']}|{body.get('objectId')}"
    exchange.wrote(f"links/{key}", changed=exchange.data.delete("resource_links", key))
    return done()
