"""What an installation keeps as it is wanted, so that two that would undo each other's changes are known. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from hub.api.errors import FieldProblem


@dataclass(frozen=True)
class Claim:
    """The objects of one kind in one place, by their names. Where two claims meet, both would write."""

    kind: str
    """Such as "members": who is in a group."""
    place: tuple[str, ...]
    """Where: slugs of connections, and what stands within, such as a partition."""
    pointer: str
    """The parameter that claims it."""
    words: str
    """What it is, in words: 'the members of groups that begin with "exs."'."""
    names: str = "*"
    """The names, with a * for anything."""
    but: frozenset[str] = frozenset()
    """Names that are left alone all the same."""
    adds_only: bool = False
    """Whether nothing is ever taken away. Two that only add do not undo each other's changes."""

    def meets(self, other: Claim) -> bool:
        if (self.kind, self.place) != (other.kind, other.place) or (self.adds_only and other.adds_only):
            return False
        return _overlap(self.names, other.names) and self.names not in other.but and other.names not in self.but


def clashes(claims: Iterable[Claim], others: Mapping[str, Iterable[Claim]]) -> Iterator[FieldProblem]:
    """Each installation that claims the same, named once for each parameter that does."""
    told: set[tuple[str, str]] = set()
    mine = list(claims)
    for slug, theirs in others.items():
        for other in theirs:
            for claim in mine:
                if claim.meets(other) and (claim.pointer, slug) not in told:
                    told.add((claim.pointer, slug))
                    detail = (
                        f'The installation "{slug}" keeps {other.words} already: the two would undo each other\'s '
                        "changes. Choose other ones here, or change or remove that installation."
                    )
                    yield {"pointer": claim.pointer, "code": "clash", "detail": detail}


def _overlap(one: str, other: str) -> bool:
    """Whether some name fits both. Each has one * at most."""
    if "*" not in one or "*" not in other:
        whole, pattern = (one, other) if "*" not in one else (other, one)
        begin, star, end = pattern.partition("*")
        if not star:
            return whole == pattern
        return len(whole) >= len(begin) + len(end) and whole.startswith(begin) and whole.endswith(end)
    (begin, _, end), (their_begin, _, their_end) = one.partition("*"), other.partition("*")
    return (begin.startswith(their_begin) or their_begin.startswith(begin)) and (
        end.endswith(their_end) or their_end.endswith(end)
    )
