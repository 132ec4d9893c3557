"""Where the pages of large values are: rows of the database, files below a folder, or objects of an S3 store.

New values go where the settings say. What was written elsewhere before is read there, as long as that is set, too.
"""

from __future__ import annotations

import os
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from django.conf import settings

if TYPE_CHECKING:
    from obstore.store import S3Store

AGAIN_SECONDS = 15.0
"""After so long a place that is away is tried again."""
TIMEOUT_SECONDS, MOST_RETRIES, RETRIED_FOR = 20, 3, timedelta(seconds=10)


class StoreAway(OSError):
    """The place does not answer, or has no room. Whoever needs it waits, as for the database."""

    def as_error(self) -> dict[str, str]:
        return {"code": "store-away", "message": f"Waits for the store of large values: {str(self).rstrip('.')}."}


class Place(Protocol):
    """Beside the database."""

    def write(self, content_id: uuid.UUID, number: int, body: bytes) -> None:
        """Durable when it returns. Raises StoreAway."""

    def read(self, content_id: uuid.UUID, number: int) -> bytes:
        """Raises FileNotFoundError when it is not there, and StoreAway when the place does not answer."""

    def remove(self, content_id: uuid.UUID) -> None:
        """Without a word when there is nothing."""

    def older_than(self, seconds: float) -> Iterator[uuid.UUID]:
        """Values of which nothing has been written for so long."""


def new() -> Place | None:
    """Where new values go; None: into the database."""
    return next(iter(_all()), None)


def read(content_id: uuid.UUID, number: int) -> bytes:
    """Raises OSError."""
    for place in _all():
        try:
            return place.read(content_id, number)
        except FileNotFoundError:
            continue
    raise FileNotFoundError(
        "A page of a large value is not there. If LOCKGATE_CONTENT_STORE or LOCKGATE_CONTENT_FOLDER was changed or "
        "taken away, set it as it was: values stay where they were written."
    )


def remove(content_id: uuid.UUID) -> None:
    """From wherever it is."""
    for place in _all():
        place.remove(content_id)


def strays(older_than_seconds: float) -> Iterator[tuple[Place, uuid.UUID]]:
    """What has been lying for so long that its row may be gone, or was never stored."""
    for place in _all():
        for content_id in place.older_than(older_than_seconds):
            yield place, content_id


def _all() -> list[Place]:
    made: list[Place] = [_bucket(settings.CONTENT_STORE)] if settings.CONTENT_STORE else []
    return [*made, Folder(Path(settings.CONTENT_FOLDER))] if settings.CONTENT_FOLDER else made


def _path(content_id: uuid.UUID) -> str:
    return f"{content_id.hex[-2:]}/{content_id.hex}"


class Folder:
    """Files below a folder, which all machines share."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def write(self, content_id: uuid.UUID, number: int, body: bytes) -> None:
        with _as_away():
            self._write(self._root / _path(content_id) / str(number), body, is_new=number == 0)

    def _write(self, place: Path, body: bytes, *, is_new: bool) -> None:
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        _sync(place.parent)
        if is_new:
            _sync(place.parent.parent)
            _sync(self._root)

    def read(self, content_id: uuid.UUID, number: int) -> bytes:
        with _as_away():
            return (self._root / _path(content_id) / str(number)).read_bytes()

    def remove(self, content_id: uuid.UUID) -> None:
        shutil.rmtree(self._root / _path(content_id), ignore_errors=True)

    def older_than(self, seconds: float) -> Iterator[uuid.UUID]:
        before = time.time() - seconds
        for part in self._root.iterdir() if self._root.is_dir() else ():
            old = [each for each in part.iterdir() if each.stat().st_mtime < before] if part.is_dir() else []
            yield from (uuid.UUID(each.name) for each in old)


class Bucket:
    """Objects of a bucket, below a prefix. The client reads its keys from the variables AWS_*."""

    def __init__(self, store: S3Store) -> None:
        self._store = store

    def write(self, content_id: uuid.UUID, number: int, body: bytes) -> None:
        with _as_os_errors():
            self._store.put(f"{_path(content_id)}/{number}", body)

    def read(self, content_id: uuid.UUID, number: int) -> bytes:
        with _as_os_errors():
            return bytes(self._store.get(f"{_path(content_id)}/{number}").bytes())

    def remove(self, content_id: uuid.UUID) -> None:
        with _as_os_errors():
            for some in self._store.list(_path(content_id)):
                self._store.delete([each["path"] for each in some])

    def older_than(self, seconds: float) -> Iterator[uuid.UUID]:
        before, last = time.time() - seconds, ""
        with _as_os_errors():
            for some in self._store.list():
                for each in some:
                    name = each["path"].split("/")[-2]
                    if name != last and each["last_modified"].timestamp() < before:
                        last = name
                        yield uuid.UUID(name)


@contextmanager
def _as_away() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise StoreAway(f"The folder of large values did not do it: {error.strerror or error}") from None


@contextmanager
def _as_os_errors() -> Iterator[None]:
    """What the client raises says where it came from, in many lines; what is raised here says it in one."""
    from obstore.exceptions import BaseError

    try:
        yield
    except FileNotFoundError:
        raise FileNotFoundError("The object is not there.") from None
    except BaseError as error:
        said = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise StoreAway(f"The store of large values did not do it: {said}") from None


@cache
def _bucket(url: str) -> Bucket:
    from obstore.store import S3Store

    parts = urlsplit(url)
    if parts.scheme != "s3" or not parts.netloc:
        raise ValueError(f'LOCKGATE_CONTENT_STORE is "{url}". Write it as s3://BUCKET or s3://BUCKET/PREFIX.')
    is_plain = os.environ.get("AWS_ENDPOINT_URL", "").startswith("http://")
    store = S3Store(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        client_options={"timeout": f"{TIMEOUT_SECONDS}s", "allow_http": is_plain},
        retry_config={"max_retries": MOST_RETRIES, "retry_timeout": RETRIED_FOR},
    )
    return Bucket(store)


def _sync(place: Path) -> None:
    held = os.open(place, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)
