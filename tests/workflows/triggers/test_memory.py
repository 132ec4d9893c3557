"""What an event source remembers is what it put, however much that is, and whatever of it was stored before."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.sdk import Kept
from tests.workflows.triggers.conftest import Triggered
from workflows.models import Remembered, Trigger
from workflows.triggers import memory
from workflows.triggers.memory import StoredMemory

KEYS = st.sampled_from(["a", "b\t\\N", "ü", "d\n", "e"])
KEPT = st.builds(
    Kept, st.text("xy", min_size=1, max_size=2), st.none() | st.fixed_dictionaries({"n": st.integers(0, 3)})
)
CHANGES = st.lists(st.tuples(KEYS, KEPT | st.none()), max_size=12)


@pytest.fixture
def trigger(triggered: Triggered) -> Trigger:
    return triggered("event", source="shop.shelf_changes", connection="shop")


def stored() -> dict[str, Kept]:
    return {each.key: Kept(each.digest, each.document) for each in Remembered.objects.all()}


@pytest.mark.parametrize("most_held", [1, 3, 2000])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(polls=st.lists(CHANGES, min_size=1, max_size=3))
def test_it_remembers_what_a_dictionary_would(
    trigger: Trigger, monkeypatch: pytest.MonkeyPatch, most_held: int, polls: list[list[tuple[str, Kept | None]]]
) -> None:
    monkeypatch.setattr(memory, "_MOST_HELD", most_held)
    Remembered.objects.all().delete()
    known: dict[str, Kept] = {}
    for changes in polls:
        held = StoredMemory(trigger)
        for key, kept in changes:
            if kept is None:
                known.pop(key, None)
                held.drop(key)
            else:
                known[key] = kept
                held.put(key, kept)
        assert held.get_many(["a", "b\t\\N", "ü", "d\n", "e", "never"]) == known
        assert sorted(held.keys()) == sorted(known)
        with transaction.atomic():
            held.save()
        assert stored() == known


def test_what_is_not_saved_is_forgotten(trigger: Trigger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_MOST_HELD", 1)
    StoredMemory(trigger).put("a", Kept("1"))
    later = StoredMemory(trigger)
    later.put("b", Kept("2"))
    later.save()
    assert stored() == {"b": Kept("2")}


def test_keys_can_be_dropped_while_they_are_looked_through(trigger: Trigger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_MOST_HELD", 2)
    first = StoredMemory(trigger)
    for number in range(5):
        first.put(f"old-{number}", Kept("1"))
    first.save()
    held = StoredMemory(trigger)
    for number in range(3):
        held.put(f"new-{number}", Kept("2"))
    looked_at = []
    names = held.keys()
    for key in names:
        looked_at.append(key)
        if key.startswith("old"):
            held.drop(key)
    held.save()
    assert sorted(looked_at) == sorted([f"old-{number}" for number in range(5)] + [f"new-{n}" for n in range(3)])
    assert sorted(stored()) == [f"new-{number}" for number in range(3)]


def test_four_times_as_many_need_no_more_memory(trigger: Trigger) -> None:
    assert peak_of(trigger, 24_000) < 1.3 * peak_of(trigger, 6_000)


def peak_of(trigger: Trigger, count: int) -> int:
    def documents() -> Iterator[tuple[str, dict[str, Any]]]:
        return ((f"person-{number}", {"name": "x" * 200}) for number in range(count))

    tracemalloc.start()
    try:
        held = StoredMemory(trigger)
        for key, document in documents():
            held.put(key, Kept("1", document))
        names = held.keys()
        assert sum(1 for _ in names) == count
        held.save()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        Remembered.objects.all().delete()
