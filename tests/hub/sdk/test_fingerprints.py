"""What was met before, in little room."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from hub.sdk.fingerprints import Fingerprints


@given(st.lists(st.text(max_size=2)), st.lists(st.text(max_size=2)))
def test_it_answers_as_a_set_does(added: list[str], asked: list[str]) -> None:
    made = Fingerprints()
    for text in added:
        made.add(text)

    assert [text in made for text in asked] == [text in set(added) for text in asked]
    assert made.repeated() == {hash(text) for text, times in Counter(added).items() if times > 1}
