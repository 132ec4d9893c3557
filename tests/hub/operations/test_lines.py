"""Connections to the database end with the threads that hold them."""

import gc
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, connections

from hub.settings_sources import database


@pytest.fixture
def no_collection() -> Iterator[None]:
    """Python looks for no rings of objects meanwhile: a busy server may not, for as long as it likes."""
    gc.disable()
    yield
    gc.enable()


def _is_open(backend: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [backend])
        return cursor.fetchone() is not None


def _is_gone(backend: int) -> bool:
    until = time.monotonic() + 10
    while _is_open(backend) and time.monotonic() < until:
        threading.Event().wait(0.02)
    return not _is_open(backend)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("no_collection")
def test_a_thread_that_ends_gives_its_connection_back() -> None:
    backends, has_asked, may_end = list[int](), threading.Event(), threading.Event()

    def ask() -> None:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            backends.append(cursor.fetchone()[0])
        has_asked.set()
        may_end.wait(30)

    thread = threading.Thread(target=ask)
    thread.start()
    assert has_asked.wait(30)
    assert _is_open(backends[0])
    may_end.set()
    thread.join()
    assert _is_gone(backends[0])


@pytest.mark.django_db
def test_two_connections_of_a_thread_do_not_end_one_another() -> None:
    """Code that runs in an event loop has a connection of its own in the same thread."""
    another = connections.create_connection("default")
    for each in (connection, another, connection):
        with each.cursor() as cursor:
            cursor.execute("SELECT 1")
    another.close()


@pytest.mark.django_db
def test_postgresql_is_told_which_part_of_the_hub_asks() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW application_name")
        assert cursor.fetchone()[0] == "lockgate command"


def test_a_connection_lost_without_a_word_is_found_and_the_address_may_say_otherwise(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://hub@db/hub?tcp_user_timeout=5000&sslmode=require")
    options = database(tmp_path, role="web")["OPTIONS"]
    assert (options["tcp_user_timeout"], options["sslmode"]) == ("5000", "require")
    assert options["keepalives_idle"] + options["keepalives_interval"] * options["keepalives_count"] <= 60
