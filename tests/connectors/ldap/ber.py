"""Writes LDAP messages: what a server answers, in every way that BER allows."""

from __future__ import annotations

from dataclasses import dataclass, field

PAGED = "1.2.840.113556.1.4.319"


@dataclass(frozen=True)
class Entry:
    dn: str
    attributes: dict[str, list[bytes]] = field(default_factory=dict)


def element(tag: int, content: bytes, longer: int = 0) -> bytes:
    """One element; its length takes `longer` bytes more than it has to."""
    size = len(content)
    if size < 128 and not longer:
        return bytes((tag, size)) + content
    length = size.to_bytes(max(1, (size.bit_length() + 7) // 8), "big")
    length = b"\0" * min(longer, 8 - len(length)) + length
    return bytes((tag, 0x80 | len(length))) + length + content


def number(value: int, tag: int = 0x02) -> bytes:
    return element(tag, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def entry_message(message: int, entry: Entry, longer: int = 0) -> bytes:
    rows = b""
    for name, values in entry.attributes.items():
        inside = b"".join(element(0x04, value, longer) for value in values)
        rows += element(0x30, element(0x04, name.encode(), longer) + element(0x31, inside, longer), longer)
    operation = element(0x04, entry.dn.encode(), longer) + element(0x30, rows, longer)
    return element(0x30, number(message) + element(0x64, operation, longer), longer)


def result_message(
    message: int,
    code: int,
    matched: str = "",
    said: str = "",
    cookie: bytes | None = None,
    longer: int = 0,
    tag: int = 0x65,
) -> bytes:
    operation = number(code, 0x0A) + element(0x04, matched.encode()) + element(0x04, said.encode(), longer)
    body = number(message) + element(tag, operation, longer)
    if cookie is not None:
        value = element(0x30, number(0) + element(0x04, cookie, longer), longer)
        control = element(0x30, element(0x04, PAGED.encode()) + element(0x04, value, longer), longer)
        body += element(0xA0, control, longer)
    return element(0x30, body, longer)
