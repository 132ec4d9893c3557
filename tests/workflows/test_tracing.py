"""Traces of runs, as a receiver of OTLP gets them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from hub.connections.models import Connection
from hub.connections.opening import forget_open_connections
from hub.watch import traces
from tests.hub.sdk import servers
from tests.hub.watch.receiver import Collected, attributes, receiving
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import act, actor, started, work
from tests.workflows.triggers.conftest import triggered
from workflows.models import Run
from workflows.services.runs import start_run
from workflows.services.workflows import create_workflow, publish
from workflows.triggers import intake

__all__ = ["actor", "started", "triggered"]
pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]
CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def collected(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Collected]]:
    """What has been sent, once all is sent."""
    with receiving() as (address, found):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
        traces.forget()

        def all_sent() -> Collected:
            traces.forget()
            return found

        yield all_sent
        monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT")
        traces.forget()


@pytest.fixture
def echo() -> Iterator[tuple[int, list[str]]]:
    """A service, and the `traceparent` of each call of it."""
    seen: list[str] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        seen.append(handler.headers.get("traceparent", ""))
        status = 404 if "missing" in handler.path else 200
        servers.reply(handler, status, b"{}", Content_Type="application/json")

    with servers.web(answer) as service:
        yield service.port, seen
    forget_open_connections()


def get(path: str) -> dict[str, Any]:
    return {"kind": "action", "action": "http.get", "connection": "web", "input": {"path": path}}


@pytest.fixture
def web(actor: Any, echo: tuple[int, list[str]], settings: Any) -> list[str]:
    settings.EGRESS_ALLOW = ("127.0.0.1",)
    base = {"base_url": f"http://127.0.0.1:{echo[0]}"}
    Connection.objects.create(workspace=actor.workspace, name="W", slug="web", connector="http", settings=base)
    return echo[1]


def test_a_run_and_each_of_its_steps_is_a_span(collected: Callable[[], Collected], started: Any) -> None:
    run: Run = started("a -> b", b=act("put"))
    work()
    found = collected()
    whole, first, second = found.named("drawn"), found.named("a"), found.named("b")
    assert {each.trace_id for each in found.spans} == {whole.trace_id}
    assert first.parent_span_id == second.parent_span_id == whole.span_id
    assert not whole.parent_span_id
    assert attributes(whole)["lockgate.state"] == "succeeded"
    said = attributes(second)
    assert (said["lockgate.step.kind"], said["lockgate.step.action"]) == ("action", "shop.put")
    assert said["lockgate.run.id"] == str(run.id)
    assert whole.start_time_unix_nano <= first.start_time_unix_nano <= first.end_time_unix_nano
    assert second.end_time_unix_nano <= whole.end_time_unix_nano
    assert found.resources[0]["service.name"] == "lockgate"


def test_a_failure_is_told_by_its_code_and_not_by_its_words(collected: Callable[[], Collected], started: Any) -> None:
    started("a", a={"kind": "stop", "settings": {"message": "Mr Meyer owes 300."}})
    work()
    found = collected()
    assert (found.named("a").status.code, attributes(found.named("a"))["error.type"]) == (2, "stopped")
    assert found.named("drawn").status.code == 2
    assert "Meyer" not in str(found.spans)


def test_a_request_to_a_service_carries_the_trace_on(
    collected: Callable[[], Collected], web: list[str], started: Any
) -> None:
    started("a -> b", a=get("fine"), b=get("missing"))
    work()
    found = collected()
    for step, status, header in zip("ab", (200, 404), web, strict=True):
        [request] = [each for each in found.spans if each.parent_span_id == found.named(step).span_id]
        assert request.name == "GET 127.0.0.1"
        assert attributes(request)["http.response.status_code"] == status
        assert header == f"00-{found.named('drawn').trace_id.hex()}-{request.span_id.hex()}-01"


def test_the_trace_of_whoever_calls_a_webhook_goes_on(
    collected: Callable[[], Collected], triggered: Any, web: list[str]
) -> None:
    triggered("webhook", path="traced")
    intake._known.__init__()  # type: ignore[misc]
    Client()
    answer = called("/hooks/traced", CALLER)
    run = Run.objects.get(id=answer["run"])
    assert run.cause["traceparent"] == CALLER
    work()
    whole = collected().named("drawn")
    assert (whole.trace_id.hex(), whole.parent_span_id.hex()) == (CALLER[3:35], CALLER[36:52])


def called(path: str, traceparent: str) -> dict[str, Any]:
    from io import BytesIO

    body = b"{}"
    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": path, "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": "2",
               "wsgi.input": BytesIO(body), "HTTP_TRACEPARENT": traceparent, "REMOTE_ADDR": "127.0.0.1"}  # fmt: skip
    return dict(json.loads(b"".join(intake.application(environ, lambda *_: None))))


def test_a_caller_who_wants_no_trace_gets_none(collected: Callable[[], Collected], actor: Any) -> None:
    create_workflow(actor, slug="drawn", document=drawn("a"))
    publish(actor, "drawn", revision=1)
    run = start_run(actor, "drawn", payload={})
    Run.objects.filter(id=run.id).update(cause={"kind": "manual", "traceparent": CALLER[:-1] + "0"})
    work()
    assert collected().spans == []


def test_a_share_of_runs_is_traced_whole_or_not_at_all(
    collected: Callable[[], Collected], started: Any, actor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "parentbased_traceidratio")
    monkeypatch.setenv("OTEL_TRACES_SAMPLER_ARG", "0.5")
    started("a -> b")
    for _ in range(19):
        start_run(actor, "drawn", payload={})
    work()
    spans = collected().spans
    by_trace = {each.trace_id: sum(other.trace_id == each.trace_id for other in spans) for each in spans}
    assert set(by_trace.values()) == {3}
    assert 0 < len(by_trace) < 20


def test_without_a_receiver_nothing_is_traced_and_nothing_of_it_is_loaded(web: list[str], started: Any) -> None:
    run: Run = started("a", a=get("fine"))
    work()
    assert web == [""]
    assert "traceparent" not in Run.objects.get(id=run.id).cause
    code = (
        "import django, sys; django.setup(); import workflows.engine.executor, workflows.triggers.intake\n"
        "assert not [name for name in sys.modules if name.startswith('opentelemetry')]"
    )
    env = {"DJANGO_SETTINGS_MODULE": "hub.settings", "PATH": ""}
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, check=True)


@given(st.text(alphabet="0123456789abcdefg-", max_size=60) | st.just(CALLER))
def test_what_is_no_traceparent_is_not_kept(text: str) -> None:
    kept = traces.parent_of(text)
    assert kept in ("", text)
    if kept:
        version, trace, span, _ = kept.split("-")
        assert version != "ff"
        assert int(trace, 16)
        assert int(span, 16)
