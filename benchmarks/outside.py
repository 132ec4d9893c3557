"""The outside service of the benchmarks, in a process of its own: cheap, so that it measures not itself."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

SLOW_SECONDS = 2.0
_END = b"\r\n\r\n"
_ANSWER = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{"ok":true}'


class _Line(asyncio.Protocol):
    """Answers what it is asked without a body: at once, or after a while below /slow."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport, self._got = transport, b""

    def data_received(self, data: bytes) -> None:
        self._got += data
        while (end := self._got.find(_END)) >= 0:
            asked, self._got = self._got[:end], self._got[end + len(_END) :]
            if asked.startswith(b"GET /slow"):
                asyncio.get_running_loop().call_later(SLOW_SECONDS, self._transport.write, _ANSWER)
            else:
                self._transport.write(_ANSWER)


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(_Line, "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def answering() -> Iterator[int]:
    """The port of a running one."""
    child = subprocess.Popen([sys.executable, "-m", "benchmarks.outside"], stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        yield int(child.stdout.readline())
    finally:
        child.kill()
        child.wait()


if __name__ == "__main__":
    asyncio.run(_serve())
