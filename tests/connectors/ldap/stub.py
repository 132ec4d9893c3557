"""Answers like Active Directory where no server of Debian's does: parts of long lists, referrals, notices."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from connectors.ldap.decoding import parts
from tests.connectors.ldap.ber import Entry, element, entry_message, number, result_message

ROOT = {
    "supportedCapabilities": [b"1.2.840.113556.1.4.800"],
    "supportedControl": [b"1.2.840.113556.1.4.319"],
    "defaultNamingContext": [b"dc=ad,dc=example"],
}


@dataclass
class Stub:
    """`groups` and `people` are what a search for either finds, whatever else its filter says."""

    people: list[Entry] = field(default_factory=list)
    groups: list[Entry] = field(default_factory=list)
    root: dict[str, list[bytes]] = field(default_factory=lambda: dict(ROOT))
    most_values: int = 1500
    references: list[str] = field(default_factory=list)
    forgets_the_rest: bool = False
    """Answers a request for further values with nothing."""
    longer: int = 4
    code: int = 0
    """How a search of a whole tree ends."""

    def __post_init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._server.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def settings(self, **given: Any) -> dict[str, Any]:
        made = {"host": "127.0.0.1", "port": self.port, "security": "none", "username": "u", "password": "p"}
        return made | {"partition": "AD"} | given

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._server.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError), client:
            while data := client.recv(65536):
                for answer in self._answers(data):
                    client.sendall(answer)

    def _answers(self, data: bytes) -> Iterator[bytes]:
        [(_, begin, end)] = parts(data, 0, len(data))
        (_, a, z), (tag, begin, end), *_ = parts(data, begin, end)
        message = int.from_bytes(data[a:z], "big")
        if tag == 0x60:
            yield result_message(message, 0, tag=0x61)
        elif tag == 0x63:
            fields = [data[a:z] for _, a, z in parts(data, begin, end)]
            base, scope, conditions = fields[0].decode(), fields[1][0], fields[6]
            wanted = [fields[7][a:z].decode().lower() for _, a, z in parts(fields[7], 0, len(fields[7]))]
            for entry in self._found(base, scope, conditions):
                yield entry_message(message, self._cut(entry, wanted), self.longer)
            if scope == 2:
                for each in self.references:
                    yield element(0x30, number(message) + element(0x73, element(0x04, each.encode())))
            yield result_message(message, self.code if scope == 2 else 0, cookie=b"", longer=self.longer)

    def _found(self, base: str, scope: int, conditions: bytes) -> list[Entry]:
        if not base:
            return [Entry("", self.root)]
        everything = [*self.people, *self.groups]
        if scope == 0:
            return [entry for entry in everything if entry.dn == base]
        return self.people if b"person" in conditions else self.groups

    def _cut(self, entry: Entry, wanted: list[str]) -> Entry:
        shown: dict[str, list[bytes]] = {}
        for name, values in entry.attributes.items():
            spans = [each.partition(";range=")[2] for each in wanted if each.startswith(f"{name.lower()};range=")]
            if spans and self.forgets_the_rest:
                continue
            start = int(spans[0].partition("-")[0]) if spans else 0
            some = values[start : start + self.most_values]
            last = start + self.most_values >= len(values)
            if last and not spans:
                shown[name] = some
            else:
                shown[f"{name};range={start}-{'*' if last else start + len(some) - 1}"] = some
        return Entry(entry.dn, shown)
