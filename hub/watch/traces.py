"""Traces by OpenTelemetry: a span for each run, step and request. Off unless the standard variables name a receiver.

While they are off nothing of OpenTelemetry is loaded, and all that they cost is asking `is_on()`.

A run may be carried out by several processes, one after the other. All find the same trace: its ids are made of the
run's, or come from whoever called its webhook.
"""

from __future__ import annotations

import hashlib
import os
import re
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from copy import copy
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span, SpanContext

HEADER = "traceparent"
SERVICE = "lockgate"
_PARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})")
_provider: TracerProvider | None = None
_wanted: bool | None = None
_preset: ContextVar[tuple[int, int] | None] = ContextVar("preset", default=None)
current: ContextVar[RunTrace | None] = ContextVar("trace", default=None)
"""Of the run, or of the step of it, that is being carried out."""


def is_on() -> bool:
    """Whether the environment names a receiver of traces."""
    global _wanted
    if _wanted is None:
        named = os.environ.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") or os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT")
        refused = os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true"
        _wanted = bool(named) and not refused and os.environ.get("OTEL_TRACES_EXPORTER", "otlp") == "otlp"
    return _wanted


def forget() -> None:
    """Send what is left, and look at the environment anew: for tests."""
    global _provider, _wanted
    if _provider is not None:
        _provider.shutdown()
    _provider, _wanted = None, None


def parent_of(header: str) -> str:
    """A `traceparent` as it may be kept; empty when it is none."""
    return header if _PARENT.fullmatch(header) else ""


class RunTrace:
    """The trace of one run, as far as one process carries it out."""

    def __init__(self, run_id: uuid.UUID, traceparent: str, attributes: dict[str, str]) -> None:
        from opentelemetry.trace import SpanContext, TraceFlags

        self._attributes = attributes
        self._caller: SpanContext | None = None
        # Not the run's id itself: who takes a share of the traces looks at the end of theirs, which has to be random.
        made = hashlib.sha256(run_id.bytes).digest()
        trace_id, span_id = int.from_bytes(made[:16], "big"), int.from_bytes(made[16:24], "big") or 1
        if found := _PARENT.fullmatch(traceparent):
            trace_id, flags = int(found[1], 16), TraceFlags(int(found[3], 16) & 1)
            self._caller = SpanContext(trace_id, int(found[2], 16), is_remote=True, trace_flags=flags)
        else:
            flags = TraceFlags(TraceFlags.SAMPLED if _is_sampled(trace_id) else 0)
        self._run = SpanContext(trace_id, span_id, is_remote=True, trace_flags=flags)
        self._step: Span | None = None

    @property
    def id(self) -> str:
        return f"{self._run.trace_id:032x}"

    @property
    def parent(self) -> str:
        """The `traceparent` for what the step that is carried out starts, or the run when there is none."""
        return _header(self._step.get_span_context() if self._step is not None else self._run)

    def begin(self, name: str, attributes: dict[str, Any]) -> RunTrace:
        """A step begins; answers the trace as that step sees it. Several may be under way."""
        made = copy(self)
        made._step = _tracer().start_span(name, _under(self._run), attributes=self._attributes | attributes)
        return made

    def end(self, state: str, error: str = "") -> None:
        """The step that has begun ends, or waits."""
        if self._step is not None:
            _close(self._step, state, error)
            self._step = None

    def ended(self, name: str, began_at: datetime, state: str, error: str) -> None:
        """The run ends."""
        token = _preset.set((self._run.trace_id, self._run.span_id))
        try:
            span = _tracer().start_span(
                name, _under(self._caller), attributes=self._attributes, start_time=int(began_at.timestamp() * 1e9)
            )
        finally:
            _preset.reset(token)
        _close(span, state, error)

    def request(self, method: str, host: str) -> tuple[str, Callable[[int | None], None]]:
        """A request leaves: its `traceparent`, and what is to be called with the status of the answer."""
        from opentelemetry.trace import SpanKind, StatusCode

        above = self._step.get_span_context() if self._step is not None else self._run
        about = {"http.request.method": method, "server.address": host}
        span = _tracer().start_span(f"{method} {host}", _under(above), kind=SpanKind.CLIENT, attributes=about)

        def answered(status: int | None) -> None:
            if status is not None:
                span.set_attribute("http.response.status_code", status)
            if status is None or status >= 400:
                span.set_status(StatusCode.ERROR)
            span.end()

        return _header(span.get_span_context()), answered


def _close(span: Span, state: str, error: str) -> None:
    from opentelemetry.trace import StatusCode

    span.set_attribute("lockgate.state", state)
    if error:
        span.set_attribute("error.type", error)
        span.set_status(StatusCode.ERROR, error)
    span.end()


def _header(context: SpanContext) -> str:
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{int(context.trace_flags) & 1:02x}"


def _under(context: SpanContext | None) -> Any:
    from opentelemetry.context import Context
    from opentelemetry.trace import NonRecordingSpan, set_span_in_context

    return Context() if context is None else set_span_in_context(NonRecordingSpan(context), Context())


def _is_sampled(trace_id: int) -> bool:
    """As the standard variables say; the same in every process."""
    from opentelemetry.sdk.trace.sampling import Decision

    found = _started().sampler.should_sample(None, trace_id, "run")
    return found.decision is Decision.RECORD_AND_SAMPLE


def _tracer() -> Any:
    return _started().get_tracer(SERVICE)


def _started() -> TracerProvider:
    global _provider
    if _provider is None:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
        from opentelemetry.sdk.trace.id_generator import RandomIdGenerator

        class Ids(RandomIdGenerator):
            """Random ones, except for the span of a run."""

            def generate_span_id(self) -> int:
                preset = _preset.get()
                return preset[1] if preset is not None else super().generate_span_id()

            def generate_trace_id(self) -> int:
                preset = _preset.get()
                return preset[0] if preset is not None else super().generate_trace_id()

        is_named = "OTEL_SERVICE_NAME" in os.environ or "service.name" in os.environ.get(
            "OTEL_RESOURCE_ATTRIBUTES", ""
        )
        about = {"lockgate.role": os.environ.get("LOCKGATE_ROLE", "command")}
        made = TracerProvider(
            resource=Resource.create(about if is_named else about | {"service.name": SERVICE}), id_generator=Ids()
        )
        made.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        _provider = made
    return _provider
