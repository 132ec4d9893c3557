"""Keeping secrets: sealed with authenticated encryption, bound to their row, under keys that can be rotated."""

from __future__ import annotations

from typing import Any

from hub.vault.keys import VaultError
from hub.vault.rotation import Holder, hold
from hub.vault.sealing import Place

__all__ = ["Holder", "Place", "VaultError", "hold", "seal", "unseal"]


def seal(secret: dict[str, Any], place: Place) -> bytes:
    """Seal with this hub's current key."""
    from hub.vault import ring, sealing

    return sealing.seal(ring.ring(), secret, place)


def unseal(sealed: bytes, place: Place) -> dict[str, Any]:
    """Open with this hub's keys. Raises VaultError."""
    from hub.vault import ring, sealing

    return sealing.unseal(ring.ring(), sealed, place)
