"""Reads the replies of a search straight from the bytes of the connection (RFC 4511; BER with definite lengths).

ldap3 makes several tuples and two dictionaries of every entry, which costs most of the time of a large reading.
This reader keeps the bytes: an entry is its name, its values by attribute, and the controls that came with it. It
never guesses: every length and every tag must fit, otherwise `Malformed` is raised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

MOST_MESSAGE_BYTES = 256 * 1024 * 1024
_CHUNK = 1 << 16
_BIGGEST_CHUNK = 1 << 20


class Malformed(Exception):
    """What came is no LDAP message."""


class CutOff(Exception):
    """The connection ended where a message was to go on or to begin."""


Attributes = dict[str, list[bytes]]
"""Values by the name of their attribute, which is in lower case, with its options."""


class Entry(NamedTuple):
    dn: bytes
    attributes: Attributes
    controls: bytes
    """What follows the entry in its message, as it came; usually nothing."""


@dataclass(frozen=True)
class Result:
    """How an operation ended."""

    code: int
    matched: str
    said: str
    referrals: tuple[str, ...] = ()
    controls: dict[str, bytes] = field(default_factory=dict)


class Names:
    """Names of attributes as text, each made once. Remembers whether a server cut a list of values."""

    def __init__(self) -> None:
        self.known: dict[bytes, str] = {}
        """By the bytes of a name with its tag, its length and the tag of the set that follows it."""
        self.ranged = False

    def name_of(self, raw: bytes) -> str:
        header = b"\x04%c%b\x31" % (len(raw), raw) if len(raw) < 128 else raw
        name = self.known.get(header)
        if name is None:
            try:
                name = self.known[header] = raw.decode("ascii").lower()
            except UnicodeDecodeError:
                raise Malformed("An attribute has a name that is not ASCII.") from None
            self.ranged = self.ranged or ";range=" in name
        return name


def read_length(buffer: bytes, at: int) -> tuple[int, int]:
    """The length that begins here, and the place after it."""
    first = buffer[at]
    if first < 128:
        return first, at + 1
    size = first & 127
    if not 0 < size <= 8:
        raise Malformed("A length is indefinite or too long.")
    after = at + 1 + size
    if after > len(buffer):
        raise Malformed("A length reaches beyond the message.")
    return int.from_bytes(buffer[at + 1 : after], "big"), after


def parts(buffer: bytes, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The elements between two places: tag, begin and end of each one's content."""
    while at < end:
        tag = buffer[at]
        length, begin = read_length(buffer, at + 1)
        at = begin + length
        if at > end:
            raise Malformed("An element reaches beyond what holds it.")
        yield tag, begin, at


def messages(receive: Callable[[int], bytes]) -> Iterator[tuple[bytes, int, int]]:
    """Each message as buffer, begin and end of its content. Done with one before the next is asked for."""
    buffer, at = b"", 0
    while True:
        have = len(buffer) - at
        need = 2 - have
        if have >= 2:
            if buffer[at] != 0x30:
                raise Malformed("A message does not begin like one.")
            first = buffer[at + 1]
            size = first & 127 if first >= 128 else 0
            need = 2 + size - have
            if need <= 0:
                length, begin = read_length(buffer, at + 1)
                if length > MOST_MESSAGE_BYTES:
                    raise Malformed(f"A message says that it has {length} bytes.")
                end = begin + length
                if end <= len(buffer):
                    yield buffer, begin, end
                    at = end
                    continue
                need = end - len(buffer)
        pieces = [buffer[at:]]
        while need > 0:
            piece = receive(max(_CHUNK, min(need, _BIGGEST_CHUNK)))
            if not piece:
                raise CutOff
            pieces.append(piece)
            need -= len(piece)
        buffer, at = b"".join(pieces), 0


def read_head(buffer: bytes, at: int, end: int) -> tuple[int, int, int, int]:
    """The number of a message, and tag, begin and end of the operation in it."""
    if buffer[at] != 0x02:
        raise Malformed("A message has no number.")
    length, begin = read_length(buffer, at + 1)
    at = begin + length
    number = int.from_bytes(buffer[begin:at], "big")
    tag = buffer[at]
    length, begin = read_length(buffer, at + 1)
    if begin + length > end:
        raise Malformed("An operation reaches beyond its message.")
    return number, tag, begin, begin + length


def read_entry(buffer: bytes, at: int, end: int, names: Names) -> tuple[bytes, Attributes]:
    """The entry whose content stands between two places."""
    known = names.known
    if buffer[at] != 0x04:
        raise Malformed("An entry has no name.")
    length = buffer[at + 1]
    if length < 128:
        begin = at + 2
    else:
        length, begin = read_length(buffer, at + 1)
    at = begin + length
    dn = buffer[begin:at]
    if buffer[at] != 0x30:
        raise Malformed("An entry has no attributes.")
    length, at = read_length(buffer, at + 1)
    if at + length != end:
        raise Malformed("The attributes of an entry do not end with it.")
    attributes: Attributes = {}
    while at < end:
        # Nearly all attributes are short, of a known name, with one value: one look at each length is enough.
        length = buffer[at + 1]
        stop = at + 4 + buffer[at + 3]
        if (
            length < 128
            and buffer[at] == 0x30
            and (name := known.get(buffer[at + 2 : stop + 1]))
            and (size := buffer[stop + 1])
            and stop + size == at + length
            and buffer[stop + 2] == 0x04
            and buffer[stop + 3] == size - 2
        ):
            at += 2 + length
            values = [buffer[stop + 4 : at]]
        else:
            name, values, at = _read_attribute(buffer, at, names)
        if name in attributes:
            values = attributes[name] + values
        attributes[name] = values
    if at != end:
        raise Malformed("An attribute reaches beyond its entry.")
    return dn, attributes


def _read_attribute(buffer: bytes, at: int, names: Names) -> tuple[str, list[bytes], int]:
    """An attribute of any length: its name, its values, and the place after it."""
    length, begin = read_length(buffer, at + 1)
    last = begin + length
    if buffer[at] != 0x30 or buffer[begin] != 0x04:
        raise Malformed("An attribute does not begin like one.")
    length, begin = read_length(buffer, begin + 1)
    at = begin + length
    raw = buffer[begin:at]
    if buffer[at] != 0x31:
        raise Malformed("The values of an attribute are no set.")
    length, at = read_length(buffer, at + 1)
    if at + length != last:
        raise Malformed("The values of an attribute do not end with it.")
    values: list[bytes] = []
    while at < last:
        length = buffer[at + 1]
        if buffer[at] != 0x04:
            raise Malformed("A value does not begin like one.")
        if length < 128:
            begin = at + 2
        else:
            length, begin = read_length(buffer, at + 1)
        at = begin + length
        values.append(buffer[begin:at])
    if at != last:
        raise Malformed("A value reaches beyond its attribute.")
    return names.name_of(raw), values, last


def read_result(buffer: bytes, at: int, end: int, message_end: int) -> Result:
    """The result whose content stands between two places, with the controls that follow it."""
    found = list(parts(buffer, at, end))
    if len(found) < 3 or [tag for tag, _, _ in found[:3]] != [0x0A, 0x04, 0x04]:
        raise Malformed("A result has no code.")
    code, matched, said = (buffer[begin:stop] for _, begin, stop in found[:3])
    referrals = [texts(buffer, begin, stop) for tag, begin, stop in found[3:] if tag == 0xA3]
    return Result(
        int.from_bytes(code, "big", signed=True),
        matched.decode("utf-8", "replace"),
        said.decode("utf-8", "replace"),
        tuple(referrals[0]) if referrals else (),
        read_controls(buffer, end, message_end),
    )


def texts(buffer: bytes, at: int, end: int) -> list[str]:
    return [buffer[begin:stop].decode("utf-8", "replace") for _, begin, stop in parts(buffer, at, end)]


def read_controls(buffer: bytes, at: int, end: int) -> dict[str, bytes]:
    """The values of the controls that stand between two places, by their identifier."""
    found: dict[str, bytes] = {}
    for tag, begin, stop in parts(buffer, at, end):
        if tag != 0xA0:
            continue
        for _, inner, inner_stop in parts(buffer, begin, stop):
            fields = [(kind, buffer[a:z]) for kind, a, z in parts(buffer, inner, inner_stop)]
            strings = [content for kind, content in fields if kind == 0x04]
            if not strings:
                raise Malformed("A control has no identifier.")
            found[strings[0].decode("ascii", "replace")] = strings[1] if len(strings) > 1 else b""
    return found
