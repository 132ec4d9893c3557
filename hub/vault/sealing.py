"""Sealing secrets: AES-256-GCM, bound to the place where the secret is kept.

A sealed value is: version (1 byte), length of the key id (1), key id, key check (4), nonce (12), ciphertext and tag.
The place (workspace, owner, purpose) is authenticated with it and not stored: a value copied to another row does
not open there.
"""

from __future__ import annotations

import json
import os
import uuid
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.vault.keys import Key, KeyRing, VaultError

_VERSION = 1


@dataclass(frozen=True)
class Place:
    """Where a secret is kept: it opens nowhere else."""

    workspace: uuid.UUID
    owner: uuid.UUID
    purpose: str

    def bound(self) -> bytes:
        return b"lockgate/1\x00" + self.workspace.bytes + self.owner.bytes + self.purpose.encode()


@dataclass(frozen=True)
class _Sealed:
    key_id: str
    check: bytes
    nonce: bytes
    text: bytes


def seal(ring: KeyRing, secret: dict[str, Any], place: Place) -> bytes:
    """Seal a JSON object with the ring's current key."""
    key = ring.current
    nonce = os.urandom(12)
    name = key.id.encode()
    header = bytes([_VERSION, len(name)]) + name + key.check
    text = json.dumps(secret, ensure_ascii=False, separators=(",", ":")).encode()
    return header + nonce + AESGCM(key.material).encrypt(nonce, text, header + place.bound())


def unseal(ring: KeyRing, sealed: bytes, place: Place) -> dict[str, Any]:
    """Open what `seal` made. Raises VaultError that says whether the key or the row is wrong."""
    parts = _read(sealed)
    key = _key_for(ring, parts)
    header = bytes([_VERSION, len(parts.key_id)]) + parts.key_id.encode() + parts.check
    try:
        text = AESGCM(key.material).decrypt(parts.nonce, parts.text, header + place.bound())
    except InvalidTag:
        raise VaultError(
            f"The {place.purpose} of {place.owner} do not open: they were altered, or moved from another row. "
            "Enter them again, or restore the row from a backup."
        ) from None
    return dict(json.loads(text))


def key_id_of(sealed: bytes) -> str:
    """Which key sealed this. Raises VaultError when it is not a sealed value."""
    return _read(sealed).key_id


def _key_for(ring: KeyRing, parts: _Sealed) -> Key:
    key = ring.keys.get(parts.key_id)
    if key is None:
        held = ", ".join(sorted(ring.keys))
        raise VaultError(
            f'This was sealed with the key "{parts.key_id}", which this hub does not have. It has: {held}.'
        )
    if key.check != parts.check:
        raise VaultError(f'This was sealed with another key named "{parts.key_id}". Put the right one in its place.')
    return key


def _read(sealed: bytes) -> _Sealed:
    sealed = bytes(sealed)
    length = sealed[1] if len(sealed) > 2 else 0
    if len(sealed) < 2 + length + 4 + 12 + 16 or sealed[0] != _VERSION:
        raise VaultError("This is not a sealed secret, or it was cut short.")
    at = 2 + length
    return _Sealed(
        sealed[2:at].decode("ascii", "replace"), sealed[at : at + 4], sealed[at + 4 : at + 16], sealed[at + 16 :]
    )
