"""Keeping secrets: sealed with authenticated encryption, bound to their row, under keys that can be rotated."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from hub.vault.keys import VaultError
from hub.vault.rotation import Holder, all_sealed, hold
from hub.vault.sealing import Place
from hub.watch.masks import hide

__all__ = ["Holder", "Place", "VaultError", "hold", "open_all", "seal", "unseal"]


def seal(secret: dict[str, Any], place: Place) -> bytes:
    """Seal with this hub's current key."""
    from hub.vault import ring, sealing

    hide(secret)
    return sealing.seal(ring.ring(), secret, place)


def unseal(sealed: bytes, place: Place) -> dict[str, Any]:
    """Open with this hub's keys. What is in it is written to no log of this process. Raises VaultError."""
    from hub.vault import ring, sealing

    opened = sealing.unseal(ring.ring(), sealed, place)
    hide(opened)
    return opened


def open_all() -> int:
    """Open whatever this hub's keys open, so that this process writes none of it; returns how many that is."""
    count = 0
    for place, sealed in all_sealed():
        with suppress(VaultError):
            unseal(sealed, place)
            count += 1
    return count
