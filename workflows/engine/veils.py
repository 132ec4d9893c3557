"""What of a run's values is personal or secret: masked where it is stored, sealed beside, seen by the run itself.

A field is classed by the workflow's document, or by the schema of an action. From there on its value is known to the
run, and masked wherever it turns up again in what the run stores: under another name, in a longer text, in an error.
"""

from __future__ import annotations

import copy
import hashlib
import hmac
import re
import uuid
from collections.abc import Iterable
from typing import Any

from django.conf import settings

from hub.vault import Place, seal, unseal
from hub.watch.masks import HIDDEN
from workflows.graph.privacy import Pointer, Rule, found_in

MASKS = {"personal": "[personal]", "secret": HIDDEN}
SHORTEST = 4
"""A shorter text is masked in its own place only: it would be found everywhere."""
LEAST_NUMBER = 10_000
MOST_INSIDE = 2000
"""More known values than this are looked for as whole values only, not inside of texts."""
Sealed = list[tuple[list[str | int], str, Any]]
"""Where, which class, and what stood there."""


class Veil:
    """Of one run."""

    def __init__(self, workspace_id: uuid.UUID, rules: Iterable[Rule] = ()) -> None:
        self._workspace_id, self._rules = workspace_id, tuple(rules)
        self._known: dict[str, str] = {}
        self._finders: dict[str, re.Pattern[str] | None] = {}

    @property
    def is_idle(self) -> bool:
        """Whether nothing would be masked."""
        return not self._rules and not self._known

    def know_of(self, other: Veil) -> None:
        """Remember what another run knows."""
        for text, kind in other._known.items():
            self._add(text, kind)

    def know(self, sealed: Sealed) -> None:
        """Remember what an earlier part of the run has sealed."""
        for _, kind, value in sealed:
            self._learn(value, kind)

    def mask(self, value: Any, of: str, marks: Iterable[tuple[Pointer, str]] = ()) -> tuple[Any, Sealed]:
        """The value with masks, and what they stand for."""
        places = dict(found_in(self._rules, value, of)) | dict(marks)
        for at, kind in places.items():
            self._learn(_at(value, at), kind)
        if not places and not self._known:
            return value, []
        sealed: Sealed = []
        return self._masked(value, (), places, sealed), sealed

    def text(self, value: Any) -> Any:
        """The value for an error or people, where nothing has to be opened again: texts keep what is not classed."""
        match value:
            case _ if not self._known:
                return value
            case dict():
                return {self.text(name): self.text(inner) for name, inner in value.items()}
            case list():
                return [self.text(inner) for inner in value]
            case str():
                for each in ("secret", "personal"):
                    if (finder := self._finder(each)) is not None:
                        value = finder.sub(MASKS[each], value)
                return value
            case _:
                return value if (kind := self._kind(value)) is None else MASKS[kind]

    def key(self, text: str) -> str:
        """A key that tells the same apart as this one, and holds nothing that is classed."""
        if self._kind(text) is None:
            return text
        digest = hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
        return f"sealed:{digest[:48]}"

    def seal_page(
        self, items: list[Any], of: str, content_id: uuid.UUID, marks: Iterable[tuple[Pointer, str]] = ()
    ) -> tuple[list[Any], bytes | None]:
        masked, sealed = self.mask(items, of, marks)
        return masked, self.seal({"items": sealed}, content_id) if sealed else None

    def open_page(self, items: list[Any], sealed: bytes, content_id: uuid.UUID) -> list[Any]:
        made: list[Any] = put_in(items, self.unseal(sealed, content_id)["items"])
        return made

    def seal(self, sealed: dict[str, Sealed], owner: uuid.UUID) -> bytes:
        return seal(sealed, place_of(self._workspace_id, owner))

    def unseal(self, sealed: bytes | memoryview, owner: uuid.UUID) -> dict[str, Sealed]:
        made = unseal(bytes(sealed), place_of(self._workspace_id, owner))
        for each in made.values():
            self.know(each)
        return made

    def _masked(self, value: Any, at: Pointer, places: dict[Pointer, str], sealed: Sealed) -> Any:
        if (kind := places.get(at)) is not None and value is not None and value != "":
            if kind != "secret" and self._holds_secret(value, at, places):
                kind = "secret"  # Who may see what is personal sees nothing that is secret with it.
            sealed.append((list(at), kind, value))
            return MASKS[kind]
        match value:
            case dict():
                if self._known and any(self._kind(name) for name in value):
                    kind = "secret" if self._holds_secret(value, at, places) else "personal"
                    sealed.append((list(at), kind, value))
                    return MASKS[kind]
                return {name: self._masked(inner, (*at, name), places, sealed) for name, inner in value.items()}
            case list():
                return [self._masked(inner, (*at, number), places, sealed) for number, inner in enumerate(value)]
            case str() | int() | float() if (kind := self._kind(value)) is not None:
                sealed.append((list(at), kind, value))
                return MASKS[kind]
            case _:
                return value

    def _kind(self, value: Any) -> str | None:
        """The class of what is known, or holds something that is."""
        if not self._known or value is None or isinstance(value, bool):
            return None
        if not isinstance(value, str):
            return self._known.get(str(value)) if abs(value) >= LEAST_NUMBER else None
        if len(value) < SHORTEST:
            return None
        if (kind := self._known.get(value.casefold())) is not None or len(self._known) > MOST_INSIDE:
            return kind
        for kind in ("secret", "personal"):
            finder = self._finder(kind)
            if finder is not None and finder.search(value):
                return kind
        return None

    def _holds_secret(self, value: Any, at: Pointer, places: dict[Pointer, str]) -> bool:
        if any(kind == "secret" and place[: len(at)] == at for place, kind in places.items()):
            return True
        match value:
            case dict():
                return any(self._holds_secret(each, at, {}) for pair in value.items() for each in pair)
            case list():
                return any(self._holds_secret(each, at, {}) for each in value)
            case _:
                return self._kind(value) == "secret"

    def without_secrets(self, value: Any) -> Any:
        """The value without anything that the run knows to be secret."""
        match value:
            case dict():
                return {self.without_secrets(name): self.without_secrets(inner) for name, inner in value.items()}
            case list():
                return [self.without_secrets(inner) for inner in value]
            case _:
                return MASKS["secret"] if self._kind(value) == "secret" else value

    def _finder(self, kind: str) -> re.Pattern[str] | None:
        """Finds what is known of a class in a text; None when nothing is."""
        if kind not in self._finders:
            among = sorted((text for text, held in self._known.items() if held == kind), key=len, reverse=True)
            self._finders[kind] = re.compile("|".join(map(re.escape, among)), re.IGNORECASE) if among else None
        return self._finders[kind]

    def _learn(self, value: Any, kind: str) -> None:
        match value:
            case dict():
                for inner in value.values():
                    self._learn(inner, kind)
            case list():
                for inner in value:
                    self._learn(inner, kind)
            case str() if len(value.strip()) >= SHORTEST and value not in MASKS.values():
                self._add(value.strip().casefold(), kind)
            case int() | float() if not isinstance(value, bool) and abs(value) >= LEAST_NUMBER:
                self._add(str(value), kind)

    def _add(self, text: str, kind: str) -> None:
        if self._known.get(text) in (None, "personal"):
            self._known[text] = kind
            self._finders.clear()


def place_of(workspace_id: uuid.UUID, owner: uuid.UUID) -> Place:
    return Place(workspace_id, owner, "values of a run")


def put_in(value: Any, sealed: Sealed, kinds: Iterable[str] = tuple(MASKS), *, only_masks: bool = False) -> Any:
    """The value with what stood in the place of its masks, of these classes. The one given is not changed. With
    `only_masks`, places where something else stands by now stay so."""
    chosen = [each for each in sealed if each[1] in kinds]
    if any(not at for at, _, _ in chosen):
        return chosen[0][2]
    value = copy.deepcopy(value) if chosen else value
    for at, kind, real in chosen:
        *way, last = at
        try:
            place = _at(value, tuple(way))
            if not only_masks or place[last] == MASKS[kind]:
                place[last] = real
        except (LookupError, TypeError):
            continue  # Only the beginning of a list stands there.
    return value


def _at(value: Any, at: Pointer) -> Any:
    for name in at:
        value = value[name]
    return value
