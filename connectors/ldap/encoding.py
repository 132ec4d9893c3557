"""The few values of controls that we write ourselves (BER with definite lengths)."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.ldap.decoding import Malformed, parts


def octets(content: bytes) -> bytes:
    return b"\x04" + sized(content)


def number(value: int) -> bytes:
    return b"\x02" + sized(value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def sequence(*elements: bytes) -> bytes:
    return b"\x30" + sized(b"".join(elements))


def sized(content: bytes) -> bytes:
    size = len(content)
    if size < 128:
        return bytes((size,)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((0x80 | len(length),)) + length + content


def inside(value: bytes, tag: int = 0x30) -> list[tuple[int, bytes]]:
    """The elements of the one element that a value is; of a primitive one, that one itself."""
    [(kind, begin, end)] = parts(value, 0, len(value))
    if kind != tag:
        raise Malformed
    return list(elements(value[begin:end])) if tag != 0x80 else [(kind, value[begin:end])]


def elements(value: bytes) -> Iterator[tuple[int, bytes]]:
    return ((tag, value[begin:end]) for tag, begin, end in parts(value, 0, len(value)))
