"""This hub's own key ring, read once per process and again when the key file changes."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from django.conf import settings

from hub.vault.keys import VARIABLE, KeyRing, VaultError, new_key, parse_keys, read_file, write_file

_lock = threading.Lock()
_kept: tuple[object, KeyRing] | None = None


def key_file() -> Path:
    return Path(settings.DATA) / "secrets" / "vault-keys.json"


def ring() -> KeyRing:
    """The keys. Makes the key file with one key when there is neither a file nor the variable."""
    global _kept
    mark: object
    if text := os.environ.get(VARIABLE, ""):
        mark = text
    else:
        path = key_file()
        if not path.exists():
            _make(path)
        seen = path.stat()
        mark = (str(path), seen.st_mtime_ns, seen.st_ino)
    with _lock:
        if _kept is None or _kept[0] != mark:
            _kept = (mark, parse_keys(text) if text else read_file(key_file()))
        return _kept[1]


def add_key() -> str:
    """Add a key to the file; it seals from now on. Returns its id. Raises VaultError when the environment rules."""
    if os.environ.get(VARIABLE):
        raise VaultError(
            f"{VARIABLE} holds the keys. Put a new one in front (id:base64 of 32 random bytes), restart, then rotate."
        )
    held = ring()
    key = new_key(set(held.keys))
    write_file(key_file(), KeyRing({**held.keys, key.id: key}, key.id), replace=True)
    return key.id


def _make(path: Path) -> None:
    key = new_key(set())
    try:
        write_file(path, KeyRing({key.id: key}, key.id), replace=False)
    except FileExistsError:
        return  # Another process was first.
