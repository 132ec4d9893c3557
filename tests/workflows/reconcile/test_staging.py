"""PostgreSQL finds the same differences as comparing one by one does, however large both sides are."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.sdk import Record
from workflows.reconcile.differences import Difference, Wanted, differences
from workflows.reconcile.staging import staging

KEYS = st.sampled_from(["a", "A", "ä", "b\t\\", "\\N", ""])
BODIES = st.fixed_dictionaries({"value": st.sampled_from([None, 0, 1, 1.0, "1", "\\.", [1], {"x": 1, "y": "ü"}])})
OBJECTS = st.lists(st.tuples(KEYS, BODIES), max_size=8)
ORDER = ["create", "update", "delete"]


def covers(body: dict[str, Any]) -> bool:
    return bool(body["body"]["value"] != "1")


def one_by_one(wanted: list[Any], actual: list[Any], gone: dict[str, Any]) -> list[Difference]:
    should = {key: Wanted({"key": key, "body": body}, {"number": at}) for at, (key, body) in enumerate(wanted)}
    records = (Record(key, {"key": key, "body": body}) for key, body in actual)
    ours = (each for each in records if each.key in should or covers(each.body))
    return sorted(differences(should, ours, gone=gone), key=lambda each: ORDER.index(each.operation))


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(st.lists(st.tuples(OBJECTS, OBJECTS), min_size=1, max_size=2))
def test_the_database_finds_what_comparing_one_by_one_finds(targets: list[tuple[Any, Any]]) -> None:
    with staging() as staged:
        for number, (wanted, actual) in enumerate(targets):
            should = [Wanted({"key": key, "body": body}, {"number": at}) for at, (key, body) in enumerate(wanted)]
            staged.want(number, should, lambda body: str(body["key"]))
            staged.hold(number, (Record(key, {"key": key, "body": body}) for key, body in actual), covers)
        staged.compare()
        counts = staged.counts()
        found = list(staged.differences({0: {"reason": "Gone."}, 1: {"reason": "Away."}}))

    for number, (wanted, actual) in enumerate(targets):
        expected = one_by_one(wanted, actual, {"reason": ["Gone.", "Away."][number]})
        assert [each for target, each in found if target == number] == expected
        counted = {operation: count for target, operation, _, count in counts if target == number}
        for operation in ("create", "delete"):
            assert counted.get(operation, 0) == sum(each.operation == operation for each in expected)


@pytest.mark.django_db
def test_four_times_as_many_objects_need_no_more_memory() -> None:
    # The 30,000 objects more take some 10 MB; other threads of the process take a little now and then.
    assert peak_of(40_000) - peak_of(10_000) < 1_000_000


def peak_of(count: int) -> int:
    """The most that comparing takes, when every object differs."""

    def objects() -> Iterator[tuple[str, dict[str, Any]]]:
        return ((f"object-{number}", {"number": number, "text": "x" * 50}) for number in range(count))

    gc.collect()
    tracemalloc.start()
    try:
        with staging() as staged:
            staged.want(0, (Wanted(body | {"text": "y"}) for _, body in objects()), lambda body: str(body["number"]))
            staged.hold(0, (Record(*each) for each in objects()), lambda body: True)
            staged.compare()
            assert sum(1 for _ in staged.differences({})) == 2 * count
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
