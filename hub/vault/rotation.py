"""Which secrets are sealed with which key, and sealing them again with the current one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from hub.vault.keys import KeyRing, VaultError
from hub.vault.sealing import Place, key_id_of, seal, unseal


@dataclass(frozen=True)
class Holder:
    """A table that keeps sealed values. Apps announce theirs with `hold` when they are ready.

    `replace` writes the new value only if the row still holds the old one, and says whether it did.
    """

    name: str
    rows: Callable[[], Iterator[tuple[Place, bytes]]]
    replace: Callable[[Place, bytes, bytes], bool]


@dataclass
class Rotation:
    """What a rotation did. `troubles` are sentences about rows that do not open; they are left as they are."""

    resealed: int = 0
    already: int = 0
    changed_meanwhile: int = 0
    troubles: list[str] = field(default_factory=list)


_holders: dict[str, Holder] = {}


def hold(holder: Holder) -> None:
    _holders[holder.name] = holder


def usage() -> dict[str, Counter[str]]:
    """How many values each table keeps under each key."""
    return {holder.name: Counter(key_id_of(sealed) for _, sealed in holder.rows()) for holder in _holders.values()}


def all_sealed() -> Iterator[tuple[Place, bytes]]:
    """Every sealed value of this hub, and where it is kept."""
    for holder in _holders.values():
        yield from holder.rows()


def rotate(ring: KeyRing) -> Rotation:
    """Seal everything again that another key sealed. May be interrupted and run again at any time."""
    done = Rotation()
    for holder in _holders.values():
        for place, sealed in holder.rows():
            try:
                if key_id_of(sealed) == ring.sealing:
                    done.already += 1
                elif holder.replace(place, sealed, seal(ring, unseal(ring, sealed, place), place)):
                    done.resealed += 1
                else:
                    done.changed_meanwhile += 1
            except VaultError as trouble:
                done.troubles.append(f"{holder.name} {place.owner}: {trouble}")
    return done
