"""`/metrics`: the figures of the whole installation, for Prometheus. Any one web process tells all of them."""

from __future__ import annotations

import hmac
from collections.abc import Iterator

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from hub.watch import tallies

LONGEST_QUESTION = "5s"
log = structlog.get_logger(__name__)


def metrics(request: HttpRequest) -> HttpResponse:
    """Only for those who know the token; without a token there is nothing here."""
    token = settings.METRICS_TOKEN
    if not token:
        return HttpResponse(
            "Set LOCKGATE_METRICS_TOKEN to have figures here.\n", status=404, content_type="text/plain"
        )
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(given.encode(), token.encode()):
        said = "Send the header Authorization: Bearer, with the value of LOCKGATE_METRICS_TOKEN.\n"
        return HttpResponse(said, status=401, content_type="text/plain", headers={"WWW-Authenticate": "Bearer"})
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures())
    return HttpResponse(encode(registry), content_type=content_type)


class _Figures(Collector):
    def collect(self) -> Iterator[Metric]:
        yield from figures()


def figures() -> Iterator[Metric]:
    """Every figure. One that cannot be found out is left out, and `lockgate_figures_missing` says so."""
    missing = 0
    groups = {path: import_string(path) for path in settings.METRICS}  # All, before the counts that they make known.
    for path, group in groups.items():
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = '{LONGEST_QUESTION}'")
                yield from list(group())
        except (DatabaseError, InterfaceError) as trouble:
            missing += 1
            log.warning("metrics.missing", of=path, error=type(trouble).__name__)
    yield GaugeMetricFamily(
        "lockgate_figures_missing", "Groups of figures that could not be found out.", value=missing
    )


def counted() -> Iterator[Metric]:
    """What the processes count themselves."""
    yield from tallies.told()
