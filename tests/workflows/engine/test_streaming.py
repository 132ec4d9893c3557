"""A large list goes through the steps page by page, and they give what they give for one in memory."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.accounts.access import Actor
from hub.expr import evaluate
from tests.shop_connector.service import Shop
from tests.workflows.engine.conftest import error_of, states, work
from tests.workflows.engine.test_large_values import ROWS, real, transform
from tests.workflows.engine.test_privacy import dumped
from workflows.engine.contents import Large, Writer, sorting, streaming, writing
from workflows.engine.kinds import decide
from workflows.engine.veils import Veil
from workflows.graph.graph import step_of
from workflows.models import ContentPage, Run, RunStep
from workflows.services.runs import start_run
from workflows.services.workflows import publish, save_draft

Start = Callable[..., Run]
_NUMBER = st.integers(-1000, 1000) | st.floats(-1e6, 1e6, allow_nan=False)
_ITEM = st.fixed_dictionaries({"a": st.sampled_from(["x", "y", "ü", ""]), "n": _NUMBER, "m": st.none() | _NUMBER})
STEPS = [
    {"kind": "filter", "settings": {"where": "=item.n > 0 and index < 20"}},
    {"kind": "transform", "settings": {"value": {"twice": "=item.n * 2", "at": "=index", "of": "{{ item.a }}!"}}},
    {"kind": "distinct", "settings": {"by": "=item.a"}},
    {"kind": "distinct", "settings": {"by": "=item.a", "keep": "last"}},
    {"kind": "distinct", "settings": {}},
    {"kind": "sort", "settings": {"by": [{"value": "=item.a", "order": "descending"}, {"value": "=item.n"}]}},
    {"kind": "sort", "settings": {"by": [{"value": "=item.m", "order": "descending"}]}},
    {"kind": "group", "settings": {"by": "=item.a", "give": [
        {"name": "count", "of": "count"}, {"name": "sum", "of": "sum", "value": "=item.n"},
        {"name": "mean", "of": "average", "value": "=item.n"}, {"name": "least", "of": "min", "value": "=item.m"},
        {"name": "most", "of": "max", "value": "=item.m"}, {"name": "first", "of": "first"},
        {"name": "last", "of": "last", "value": "=item.n"}, {"name": "all", "of": "list", "value": "=item.n"}]}},
    {"kind": "group", "settings": {"give": [{"name": "sum", "of": "sum", "value": "=item.n"}]}},
]  # fmt: skip


def evaluated(source: Any, place: str, **names: Any) -> Any:
    return evaluate(source, names, place=place)


@pytest.mark.parametrize("about", STEPS, ids=lambda about: about["kind"])
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(items=st.lists(_ITEM, max_size=40))
def test_a_large_list_gives_what_a_small_one_gives(
    actor: Actor, monkeypatch: pytest.MonkeyPatch, about: dict[str, Any], items: list[Any]
) -> None:
    monkeypatch.setattr(writing, "PAGE_BYTES", 200)
    monkeypatch.setattr(sorting, "PIECE_BYTES", 900)
    keeper = SimpleNamespace(veil=Veil(actor.workspace.id), run=SimpleNamespace(workspace_id=actor.workspace.id))
    writer = Writer(actor.workspace.id)
    writer.extend(items)
    step = step_of({"id": "step", **about, "settings": {**about["settings"], "items": "=steps.rows"}})

    made = streaming.work(step, writer.finish(), evaluated, keeper=keeper)

    wanted, _ = decide(step, {"items": items}, evaluated)
    assert (made.load() if isinstance(made, Large) else made) == wanted


@pytest.mark.pain(11)
def test_a_million_would_go_through_every_step(actor: Actor, started: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Large, "load", lambda *_: pytest.fail("the list was read whole"))
    items = {"items": "=steps.rows"}
    run = started(
        "rows -> some -> made -> once -> order -> total",
        rows=transform(ROWS),
        some={"kind": "filter", "settings": items | {"where": "=item.id % 2 = 0"}},
        made={"kind": "transform", "settings": {
            "items": "=steps.some", "value": {"id": "=item.id", "unit": "=item.id % 7"}}},
        once={"kind": "distinct", "settings": {"items": "=steps.made", "by": "=item.id"}},
        order={"kind": "sort", "settings": {
            "items": "=steps.once", "by": [{"value": "=item.id", "order": "descending"}]}},
        total={"kind": "group", "settings": {"items": "=steps.order", "by": "=item.unit", "give": [
            {"name": "count", "of": "count"}, {"name": "sum", "of": "sum", "value": "=item.id"}]}},
    )  # fmt: skip
    work()

    assert states(run)["run"] == "succeeded", error_of(run)
    total: Any = RunStep.objects.get(run=run, step="total").output
    assert [each["key"] for each in total][:2] == [4, 2], "the largest first"
    assert sum(each["count"] for each in total) == 1500
    assert sum(each["sum"] for each in total) == sum(range(2, 3001, 2))


def test_an_item_that_is_wrong_is_named(actor: Actor, started: Start) -> None:
    run = started(
        "rows -> some",
        rows=transform(ROWS),
        some={
            "kind": "filter",
            "settings": {"items": "=steps.rows", "where": "=item.id < 2900 ? true : item.nothing"},
        },
    )
    work()
    assert "item 2899" in str(error_of(run))


@pytest.mark.pain(11)
def test_a_stream_is_read_page_by_page_into_a_list(actor: Actor, started: Start, the_shop: Shop) -> None:
    the_shop.shelf |= {f"pen{n}": {"name": f"pen{n}", "count": n} for n in range(3000)}
    run = started(
        "read -> total",
        read={"kind": "read", "settings": {"connection": "shop", "stream": "shop.shelf", "input": {"prefix": "pen"}}},
        total={"kind": "group", "settings": {"items": "=steps.read.records", "give": [
            {"name": "sum", "of": "sum", "value": "=item.count"}]}},
    )  # fmt: skip
    work()

    assert states(run)["run"] == "succeeded", error_of(run)
    assert RunStep.objects.get(run=run, step="total").output == [{"sum": sum(range(3000))}]
    read: Any = RunStep.objects.get(run=run, step="read").output
    assert read["count"] == 3000


def test_a_stream_that_breaks_off_gives_nothing(actor: Actor, started: Start, the_shop: Shop) -> None:
    the_shop.complete = False
    run = started(
        "read",
        read={"kind": "read", "settings": {"connection": "shop", "stream": "shop.shelf"}, "retry": {"attempts": 1}},
    )
    work()
    assert "the second page is missing" in str(error_of(run))


def test_masks_stay_on_every_page(actor: Actor, started: Start) -> None:
    started("rows -> some", rows=transform(ROWS), some={
        "kind": "transform",
        "settings": {"items": "=steps.rows", "value": {"iban": "IBAN-{{ item.id }}-{{ trigger.word }}"}},
    })  # fmt: skip
    from workflows.models import Workflow

    held = Workflow.objects.get(slug="drawn")
    document = held.draft | {"privacy": [{"of": "some", "path": "$[*].iban", "class": "personal"}]}
    save_draft(actor, "drawn", document=document, revision=1)
    publish(actor, "drawn", revision=2)
    Run.objects.all().delete()
    run = start_run(actor, "drawn", payload={"word": "xyz"})
    work()

    assert states(run)["run"] == "succeeded", error_of(run)
    assert "IBAN-17-xyz" not in dumped()
    assert ContentPage.objects.exclude(sealed=None).exists()
    assert real(run, "some")[16] == {"iban": "IBAN-17-xyz"}
    some: Any = RunStep.objects.get(run=run, step="some").output
    assert some[0] == {"iban": "[personal]"}
