"""How the values of a run reach its rows, and how the run sees them again.

In a row, and in the row's object, stands what may be shown: with masks, and only the beginning of what is large.
Whatever the run itself reads of its rows it reads through here.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from typing import Any

from workflows.engine.contents import Large, put_apart
from workflows.engine.contents.json import dumps
from workflows.engine.contents.splitting import LARGE_BYTES, put_back
from workflows.engine.graphs import graph_of
from workflows.engine.veils import Sealed, Veil, put_in
from workflows.graph.privacy import TRIGGER, Pointer
from workflows.models import Run, RunStep

_SAID = {"approve": ("title", "show", "requester"), "notify": ("subject", "text", "html")}
_KEYS = {"approve": "subject", "notify": "topic"}
Marks = Iterable[tuple[Pointer, str]]


class Keeper:
    """Of one run."""

    def __init__(self, run: Run) -> None:
        self.run = run
        graph = graph_of(run.version_id)
        self.veil = Veil(run.workspace_id, graph.classed)
        self.has_apart = False
        """Whether the run has a large value, which is kept apart."""

    def take_up(self, rows: Collection[RunStep]) -> None:
        """Learn what the run has sealed so far, before anything more of it is stored."""
        self.has_apart = any(row.apart is not None for row in rows)
        if self.run.sealed is not None:
            self.veil.unseal(self.run.sealed, self.run.id)
        if not self.veil.is_idle or any(row.sealed is not None for row in rows):
            sealed = RunStep.objects.filter(run=self.run.id, sealed__isnull=False).order_by()
            for each in sealed.only("id", "sealed"):
                self.veil.unseal(each.sealed or b"", each.id)

    def payload(self) -> Any:
        """What the run was started with, as it sees it."""
        return opened_payload(self.run, self.veil)

    def keep(self, row: RunStep, field: str, value: Any, marks: Marks = ()) -> None:
        """Have the row hold this value as its input or output."""
        text = b"" if value is None else dumps(value)
        is_large = len(text) > LARGE_BYTES or _is_unread(value)
        if b"\\u0000" in text:
            value = _without_nul(value)
        if not (is_large or marks or row.apart or row.sealed) and self.veil.is_idle:
            setattr(row, field, value)
            return
        sealed: Sealed = []
        if marks or not self.veil.is_idle:
            value, sealed = self.veil.mask(value, row.step, marks)
        if sealed or row.sealed is not None:
            self._seal(row, field, sealed)
        apart = None
        if is_large:
            value, apart = put_apart(self.run.workspace_id, value)
        if apart or row.apart:
            self.has_apart = True
            held = {name: parts for name, parts in (row.apart or {}).items() if name != field}
            row.apart = (held | ({field: apart} if apart else {})) or None
        setattr(row, field, value)

    def _seal(self, row: RunStep, field: str, sealed: Sealed) -> None:
        held = self.veil.unseal(row.sealed, row.id) if row.sealed is not None else {}
        held = {name: each for name, each in held.items() if name != field}
        held |= {field: sealed} if sealed else {}
        row.sealed = self.veil.seal(held, row.id) if held else None

    def open(self, row: RunStep, field: str, *, lazily: bool = False) -> Any:
        """The value as the run sees it. With `lazily`, lists kept apart are not read yet. Raises TooLarge."""
        self.has_apart = self.has_apart or row.apart is not None
        return opened(row, field, self.veil, lazily=lazily)

    def told(self, kind: str, values: Any) -> Any:
        """What people are told, in a question or a notice, holds masks."""
        if self.veil.is_idle or kind not in _SAID:
            return values
        made = {name: self.veil.text(each) if name in _SAID[kind] else each for name, each in values.items()}
        key = _KEYS[kind]
        return made | ({key: self.veil.key(str(values[key]))} if key in values else {})

    def error(self, error: dict[str, Any] | None) -> Any:
        """An error as it is stored."""
        return self.veil.text(storable(error))


def opened(row: RunStep, field: str, veil: Veil, *, lazily: bool = False) -> Any:
    """The value of a row as its run sees it."""
    value = getattr(row, field)
    if row.apart is None and row.sealed is None:
        return value
    sealed = veil.unseal(row.sealed, row.id).get(field, []) if row.sealed is not None else []

    def part(large: Large) -> Any:
        return large if lazily and large.is_list and not sealed else large.load(veil)

    value = put_back(value, (row.apart or {}).get(field, []), part)
    return put_in(value, sealed) if sealed else value


def opened_payload(run: Run, veil: Veil | None = None) -> Any:
    if run.sealed is None:
        return run.payload
    held = (veil or Veil(run.workspace_id)).unseal(run.sealed, run.id)
    return put_in(run.payload, held.get("payload", []))


def unmasked(run: Run, payload: Any) -> Any:
    """An edited payload of a run, with what still stands behind a mask as it was."""
    if run.sealed is None:
        return payload
    held = Veil(run.workspace_id).unseal(run.sealed, run.id)
    return put_in(payload, held.get("payload", []), only_masks=True)


def uses_of(rows: Iterable[RunStep]) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """Which runs refer to which large values."""
    return [
        (row.run_id, uuid.UUID(part["content"]))
        for row in rows
        if row.apart
        for parts in row.apart.values()
        for part in parts
    ]


def mask_start(run: Run, veil: Veil | None = None) -> None:
    """Mask what a new run is started with: by its own rules, and by what the run knows that starts it."""
    graph = graph_of(run.version_id)
    if not graph.classed and (veil is None or veil.is_idle):
        return
    own = Veil(run.workspace_id, graph.classed)
    if veil is not None:
        own.know_of(veil)
    run.payload, sealed = own.mask(run.payload, TRIGGER)
    run.sealed = own.seal({"payload": sealed}, run.id) if sealed else None
    run.key, run.cause = None if run.key is None else own.key(run.key), own.text(run.cause)


def copy_values(old: RunStep, new: RunStep) -> None:
    """Have a row of another run hold the same input and output."""
    new.input, new.output, new.apart = old.input, old.output, old.apart
    if old.sealed is not None:
        veil = Veil(new.run.workspace_id)
        new.sealed = veil.seal(veil.unseal(old.sealed, old.id), new.id)


def length_of(row: RunStep, name: str, field: str = "output") -> int:
    """Of a list in an output or input, also when it is kept apart."""
    for part in (row.apart or {}).get(field, []):
        if part["at"] == [name]:
            return int(part["count"])
    held = getattr(row, field)
    return len(held[name]) if isinstance(held, dict) else 0


def storable(value: Any) -> Any:
    """The value as the database can hold it: the character NUL becomes the replacement character."""
    return value if value is None or b"\\u0000" not in dumps(value) else _without_nul(value)


def _without_nul(value: Any) -> Any:
    match value:
        case str():
            return value.replace("\x00", "\ufffd")
        case dict():
            return {_without_nul(name): _without_nul(inner) for name, inner in value.items()}
        case list():
            return [_without_nul(inner) for inner in value]
        case _:
            return value


def _is_unread(value: Any) -> bool:
    """Whether a large value is in it that was not read."""
    if type(value) is dict:
        return Large in map(type, value.values())
    return type(value) is Large
