from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from workflows.planning.retry import RetryPolicy
from workflows.planning.states import RUN_MOVES, RUN_SENTENCES, STEP_MOVES, STEP_SENTENCES, RunState, StepState, page

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "states.md"


def test_the_page_of_states_is_what_the_tables_say() -> None:
    assert PAGE.read_text() == page()


def test_every_state_has_a_sentence_and_its_moves() -> None:
    assert set(RUN_SENTENCES) == set(RUN_MOVES) == set(RunState)
    assert set(STEP_SENTENCES) == set(STEP_MOVES) == set(StepState)


@given(st.integers(1, 200), st.none() | st.floats(0, 10_000))
def test_pauses_grow_up_to_the_longest_and_never_undercut_the_service(attempt: int, asked: float | None) -> None:
    policy = RetryPolicy(attempts=150)
    pause = policy.pause_after(attempt, at_least=asked)

    if attempt >= 150:
        assert pause is None
    else:
        assert pause is not None
        assert max(2, asked or 0) <= pause <= max(300, asked or 0)
