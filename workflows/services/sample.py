"""The sample: connections to the two sandboxes, and the provisioning template on them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from hub.accounts.access import Actor, visible
from hub.connections import egress_rules
from hub.connections import services as connections
from hub.connections.models import Connection, EgressRule
from workflows.models import Installation
from workflows.services import templates
from workflows.services.sample_settings import SLUG, TEMPLATE, directory_settings, exstream_settings, parameters

__all__ = ["SLUG", "TEMPLATE", "connect", "ensure", "parameters"]


class Removed(Exception):
    """Somebody has removed the sample."""


def ensure(actor: Actor, about: dict[str, Any], *, again: bool = False) -> Installation:
    """Make the connections and the installation, when they are not there yet, and allow the sandboxes' addresses.

    What somebody has removed is made only `again` when that is asked for. Raises Removed.
    """
    held = visible(actor, Installation).filter(slug=SLUG).exclude(workflow=None, removed_at=None).first()
    if held is not None and held.removed_at is not None and not again:
        raise Removed
    connect(actor, about)
    if held is not None and held.removed_at is None:
        return held
    return templates.install(actor, TEMPLATE, slug=SLUG, parameters=parameters())


def connect(actor: Actor, about: dict[str, Any]) -> None:
    """Make the connections, when they are not there yet, and allow the sandboxes' addresses."""
    for address in (about["otds"]["base_url"], about["exstream"]["design_base"]):
        _allow(actor, urlsplit(address).netloc)
    _connection(actor, "Directory", "otds", directory_settings(about))
    _connection(actor, "Exstream", "exstream", exstream_settings(about))


def _allow(actor: Actor, host: str) -> None:
    if not visible(actor, EgressRule).filter(target=host).exists():
        egress_rules.add_rule(actor, target=host, note="A sandbox on this machine.")


def _connection(actor: Actor, name: str, connector: str, settings: dict[str, Any]) -> None:
    slug = name.lower()
    if not visible(actor, Connection).filter(slug=slug).exists():
        connections.create_connection(actor, name=name, slug=slug, connector=connector, settings=settings)
