"""Group commit: everybody gets their own result, whoever wrote it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from workflows.engine.together import Together


def test_items_that_wait_are_written_in_one_go_and_each_gets_its_own_result() -> None:
    written: list[list[int]] = []
    begun, go = Event(), Event()

    def write(items: Sequence[int]) -> list[int]:
        written.append(list(items))
        begun.set()
        assert go.wait(10)
        return [item * 10 for item in items]

    together = Together(write, most=6)
    with ThreadPoolExecutor(9) as pool:
        first = pool.submit(together.submit, 0)
        assert begun.wait(10)
        rest = [pool.submit(together.submit, number) for number in range(1, 9)]
        while len(together._waiting) < 8:
            pass
        go.set()
        assert [each.result(10) for each in [first, *rest]] == [number * 10 for number in range(9)]
    assert [len(items) for items in written] == [1, 6, 2]


def test_an_item_that_cannot_be_stored_harms_no_other() -> None:
    go = Event()

    def write(items: Sequence[int]) -> list[int]:
        go.wait(10)
        if 3 in items:
            raise ValueError("three")
        return list(items)

    together = Together(write, alone_after=(ValueError,))
    with ThreadPoolExecutor(6) as pool:
        asked = [pool.submit(together.submit, number) for number in range(5)]
        while len(together._waiting) < 4:
            pass
        go.set()
        assert [each.result(10) for each in asked if each is not asked[3]] == [0, 1, 2, 4]
        with pytest.raises(ValueError, match="three"):
            asked[3].result(10)
    assert together.submit(7) == 7


def test_another_error_reaches_everybody_whose_item_was_in_it() -> None:
    def write(items: Sequence[int]) -> list[int]:
        raise OSError

    with pytest.raises(OSError):
        Together(write).submit(1)
