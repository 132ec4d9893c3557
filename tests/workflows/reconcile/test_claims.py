"""Two installations that would undo each other's changes are known before either writes."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.reconcile.claims import Claim, _overlap, clashes

LETTERS = st.text(alphabet="ab.", max_size=4)
PATTERNS = st.builds(lambda begin, star, end: f"{begin}{star}{end}", LETTERS, st.sampled_from(["*", ""]), LETTERS)


def roles(names: str = "*", *, domain: str = "emea", but: frozenset[str] = frozenset(), adds: bool = False) -> Claim:
    return Claim("roles", ("exstream", domain), "/parameters/domains", f"roles of {names}", names, but, adds)


@given(PATTERNS, PATTERNS, LETTERS)
def test_a_name_that_fits_both_is_found(one: str, other: str, name: str) -> None:
    if fnmatchcase(name, one) and fnmatchcase(name, other):
        assert _overlap(one, other)


@given(PATTERNS, PATTERNS)
def test_who_meets_is_met(one: str, other: str) -> None:
    assert roles(one).meets(roles(other)) == roles(other).meets(roles(one))


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        (roles(), roles("a@x"), True),
        (roles(), roles(domain="uk"), False),
        (roles(but=frozenset({"a@x"})), roles("a@x"), False),
        (roles("a@x", adds=True), roles("a@x", adds=True), False),
        (roles("a@x", adds=True), roles("a@x"), True),
        (roles("exs.*"), roles("exs.emea.*"), True),
        (roles("exs.*"), roles("see.emea.*"), False),
        (roles("*.designer"), roles("exs.*"), True),
        (roles("exs.emea.*"), roles("exs.emea-dev.*"), False),
    ],
)
def test_claims_meet_where_both_would_write(one: Claim, other: Claim, meet: bool) -> None:
    assert one.meets(other) is meet
    assert other.meets(one) is meet


def test_each_installation_is_named_once_for_each_parameter() -> None:
    found = list(clashes([roles("a"), roles("b")], {"first": [roles()], "second": [roles(domain="uk")]}))
    assert [each["pointer"] for each in found] == ["/parameters/domains"]
    assert '"first" keeps roles of *' in found[0]["detail"]
