"""The embedded servers: data is kept, and nothing is lost when one is killed."""

import os
import signal

import psycopg
import redis

from hub.operations.local.postgres import Postgres
from hub.operations.local.valkey import Valkey


def test_what_was_committed_survives_a_kill_of_the_database(live_postgres: Postgres):
    with psycopg.connect(live_postgres.url) as connection:
        connection.execute("CREATE TABLE kept (value text)")
        connection.execute("INSERT INTO kept VALUES ('acknowledged')")
    assert live_postgres.child is not None
    os.killpg(live_postgres.child.pid, signal.SIGKILL)
    live_postgres.child.wait(10)

    live_postgres.start()

    with psycopg.connect(live_postgres.url) as connection:
        assert connection.execute("SELECT value FROM kept").fetchall() == [("acknowledged",)]


def test_the_broker_answers_again_after_a_kill(live_valkey: Valkey):
    assert live_valkey.child is not None
    live_valkey.child.kill()
    live_valkey.child.wait(10)

    live_valkey.start()

    client = redis.Redis(unix_socket_path=str(live_valkey.socket))
    assert client.ping()
    client.close()
