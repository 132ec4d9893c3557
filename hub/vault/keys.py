"""The key ring: which keys there are, which one seals, and where they are kept.

With LOCKGATE_VAULT_KEYS ("id:base64 of 32 bytes", comma-separated, the first one seals) the environment holds
the keys. Otherwise they are in `secrets/vault-keys.json` of the data folder, made on first use, readable by the
hub's own user only.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

VARIABLE = "LOCKGATE_VAULT_KEYS"
_ID = re.compile(r"[A-Za-z0-9._-]{1,40}\Z")


class VaultError(Exception):
    """A secret cannot be sealed or opened. The message names the key or the row, and never a secret."""


@dataclass(frozen=True)
class Key:
    id: str
    material: bytes

    @property
    def check(self) -> bytes:
        """Four bytes that tell two keys of the same name apart, and nothing about the key."""
        return hashlib.sha256(b"lockgate vault key check\x00" + self.material).digest()[:4]


@dataclass(frozen=True)
class KeyRing:
    """All keys by id. `sealing` names the one that new secrets are sealed with."""

    keys: dict[str, Key]
    sealing: str

    @property
    def current(self) -> Key:
        return self.keys[self.sealing]


def parse_keys(text: str) -> KeyRing:
    """Read the variable's form. Raises VaultError saying which entry is wrong."""
    keys: dict[str, Key] = {}
    for place, entry in enumerate((part.strip() for part in text.split(",") if part.strip()), start=1):
        name, _, encoded = entry.partition(":")
        key = _key(name, encoded, where=f"{VARIABLE}, entry {place}")
        if key.id in keys:
            raise VaultError(f'{VARIABLE} names the key "{key.id}" twice. Give each key its own id.')
        keys[key.id] = key
    if not keys:
        raise VaultError(f"{VARIABLE} is set but holds no key. It should look like id:base64-of-32-bytes.")
    return KeyRing(keys, next(iter(keys)))


def read_file(path: Path) -> KeyRing:
    """Read the key file. Raises VaultError when it is not what `write_file` wrote."""
    try:
        content = json.loads(path.read_text("utf-8"))
        entries, sealing = dict(content["keys"]), str(content["sealing"])
    except (OSError, ValueError, KeyError, TypeError) as trouble:
        raise VaultError(
            f"The key file {path} cannot be read ({type(trouble).__name__}). Restore it from a backup."
        ) from None
    keys = {name: _key(name, str(encoded), where=str(path)) for name, encoded in entries.items()}
    if sealing not in keys:
        raise VaultError(f'The key file {path} says that "{sealing}" seals, but holds no such key.')
    return KeyRing(keys, sealing)


def write_file(path: Path, ring: KeyRing, *, replace: bool) -> None:
    """Write the key file whole or not at all. Raises FileExistsError when it is there and `replace` is False."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    content = {
        "sealing": ring.sealing,
        "keys": {key.id: base64.b64encode(key.material).decode() for key in ring.keys.values()},
    }
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            json.dump(content, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            os.replace(draft, path)
        else:
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def new_key(taken: set[str]) -> Key:
    """A fresh random key, named by today's date."""
    today = datetime.now(UTC).strftime("%Y-%m-%d")
    name, count = today, 1
    while name in taken:
        count += 1
        name = f"{today}.{count}"
    return Key(name, secrets.token_bytes(32))


def _key(name: str, encoded: str, *, where: str) -> Key:
    if not _ID.match(name):
        raise VaultError(
            f"{where}: a key's id is 1 to 40 letters, digits, dots, hyphens or underscores, then a colon."
        )
    try:
        material = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        material = b""
    if len(material) != 32:
        raise VaultError(f'{where}: the key "{name}" is not base64 of 32 bytes.')
    return Key(name, material)
