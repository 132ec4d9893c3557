"""Which groups somebody is in by way of other groups. Pure; groups that contain each other do no harm."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Path = tuple[str, ...]


class Nesting:
    """The groups of a directory: bodies with `uuid`, `id` and `member_of` (uuids)."""

    def __init__(
        self, groups: Iterable[Mapping[str, Any]], *, counts: Callable[[str], bool] = lambda _: True
    ) -> None:
        """A group whose id does not count is left out, with every way that leads through it."""
        self._above = {each["uuid"]: (each["id"], tuple(each["member_of"])) for each in groups if counts(each["id"])}
        self.ids = {name for name, _ in self._above.values()}
        self._known: dict[str, dict[str, Path]] = {}

    def paths(self, direct: Iterable[str]) -> dict[str, Path]:
        """For each group that somebody is in, a shortest way there: from the group they are directly in."""
        found: dict[str, Path] = {}
        for uuid in direct:
            for name, path in self._from(uuid).items():
                if name not in found or len(path) < len(found[name]):
                    found[name] = path
        return found

    def _from(self, start: str) -> dict[str, Path]:
        if start not in self._known:
            found: dict[str, Path] = {}
            waiting = deque([(start, Path())])
            while waiting:
                uuid, way = waiting.popleft()
                name, above = self._above.get(uuid, ("", ()))
                if name and name not in found:
                    found[name] = (*way, name)
                    waiting.extend((each, found[name]) for each in above)
            self._known[start] = found
        return self._known[start]
