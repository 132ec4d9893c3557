"""No acknowledged call is lost and no write happens twice, whatever dies."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.story import play

pytestmark = [pytest.mark.durability, pytest.mark.timeout(420)]


@pytest.mark.pain(7)
def test_killed_at_random_the_hub_loses_no_call_and_writes_nothing_twice(tmp_path: Path) -> None:
    ledger = play(tmp_path, seconds=25, seed=7)

    assert ledger.is_closed, ledger
    assert ledger.acknowledged > 20
    assert set(ledger.troubles) == {"worker", "web", "postgres", "valkey", "scheduler"}
