"""Whether a text was met before, in eight bytes for each: for as many people as a directory may have.

Two texts that are taken for one are as likely as two equal random numbers of 64 bits.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from itertools import pairwise

_PARTS = 1024


class Fingerprints:
    """A set of texts that can only grow, and cannot be listed."""

    def __init__(self) -> None:
        self._parts = [array("q") for _ in range(_PARTS)]
        self._sorted = [True] * _PARTS

    def add(self, text: str) -> None:
        number = hash(text)
        part = number % _PARTS
        self._parts[part].append(number)
        self._sorted[part] = False

    def __contains__(self, text: str) -> bool:
        number = hash(text)
        part = self._in_order(number % _PARTS)
        at = bisect_left(part, number)
        return at < len(part) and part[at] == number

    def repeated(self) -> set[int]:
        """The numbers of texts that were added more than once; `hash` of a text is its number."""
        found: set[int] = set()
        for number in range(_PARTS):
            part = self._in_order(number)
            found.update(one for one, other in pairwise(part) if one == other)
        return found

    def _in_order(self, number: int) -> array[int]:
        if not self._sorted[number]:
            self._parts[number] = array("q", sorted(self._parts[number]))
            self._sorted[number] = True
        return self._parts[number]
