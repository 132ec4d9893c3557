"""Where the pages of large values are: rows of the database, or files below a folder."""

from __future__ import annotations

import os
import shutil
import uuid
from pathlib import Path

from django.conf import settings


def folder() -> Path | None:
    """The folder for new values; None: they go into the database."""
    return Path(settings.CONTENT_FOLDER) if settings.CONTENT_FOLDER else None


def file_of(root: Path, content_id: uuid.UUID, number: int) -> Path:
    name = content_id.hex
    return root / name[-2:] / name / str(number)


def write(root: Path, content_id: uuid.UUID, number: int, body: bytes) -> None:
    """Durable when it returns."""
    place = file_of(root, content_id, number)
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    _sync(place.parent)
    if number == 0:
        _sync(place.parent.parent)
        _sync(root)


def read(content_id: uuid.UUID, number: int) -> bytes:
    """Raises OSError."""
    root = folder()
    if root is None:
        raise FileNotFoundError("LOCKGATE_CONTENT_FOLDER is not set any more, and large values are there.")
    return file_of(root, content_id, number).read_bytes()


def remove(content_id: uuid.UUID) -> None:
    """Without a word when there is nothing."""
    if (root := folder()) is not None:
        shutil.rmtree(file_of(root, content_id, 0).parent, ignore_errors=True)


def _sync(place: Path) -> None:
    held = os.open(place, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)
