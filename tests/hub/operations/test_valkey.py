"""The embedded Valkey comes back whatever became of its files: it carries bells, not truth."""

from __future__ import annotations

import redis

from hub.operations.local.valkey import Valkey


def test_files_that_cannot_be_read_are_put_aside(live_valkey: Valkey) -> None:
    live_valkey.stop()
    for file in live_valkey.data.rglob("*.aof"):
        file.unlink()
    assert any(live_valkey.data.rglob("*.manifest")), "it remembers files that are gone"

    live_valkey.start()

    with redis.Redis(unix_socket_path=str(live_valkey.socket)) as asked:
        assert asked.ping()
    assert any(live_valkey.data.with_name("vk.unreadable").rglob("*.manifest"))
    assert "put aside" in live_valkey.log.read_text()
