"""The reader of search replies gives, byte for byte, what ldap3 gives, however the bytes arrive."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ldap3.strategy.base import BaseStrategy
from ldap3.utils.asn1 import decode_message_fast

from connectors.ldap.decoding import (
    Attributes,
    CutOff,
    Malformed,
    Names,
    messages,
    read_entry,
    read_head,
    read_result,
)
from connectors.ldap.searching import Search
from hub.sdk import Rejected
from tests.connectors.ldap.ber import Entry, entry_message, result_message
from tests.connectors.ldap.conftest import Connect
from tests.connectors.ldap.slapd import SUFFIX

NAMES = st.builds(
    str.__add__, st.text("abcXYZ09-", min_size=1, max_size=12), st.sampled_from(["", ";lang-de", ";binary"])
)
SIZES = st.integers(0, 300) | st.sampled_from([65_535, 65_536, 70_000])
VALUES = st.lists(st.binary(max_size=40) | st.builds(lambda size: b"\xa5" * size, SIZES), max_size=4)
ENTRIES = st.builds(
    Entry,
    dn=st.text(alphabet=st.characters(codec="utf-8"), max_size=80),
    attributes=st.dictionaries(NAMES, VALUES, max_size=6).filter(
        lambda found: len({name.lower() for name in found}) == len(found)
    ),
)
LONG = st.integers(min_value=0, max_value=4)
"""How many bytes more than needed a length takes: Active Directory always writes four."""


def _ours(raw: bytes) -> tuple[int, bytes, Attributes]:
    [(buffer, at, message_end)] = _all(raw, len(raw) or 1)
    number, tag, begin, end = read_head(buffer, at, message_end)
    assert tag == 0x64
    return number, *read_entry(buffer, begin, end, Names())


def _all(raw: bytes, size: int) -> list[tuple[bytes, int, int]]:
    source = Source(raw, [size])
    found = []
    try:
        for each in messages(source):
            found.append(each)  # noqa: PERF402 - what came before the cut is kept.
    except CutOff:
        pass
    return found


class Source:
    """Gives bytes in pieces of these sizes, over and over, and then nothing."""

    def __init__(self, raw: bytes, sizes: list[int]) -> None:
        self.raw, self.sizes, self.at, self.turn = raw, sizes, 0, 0

    def __call__(self, size: int) -> bytes:
        take = min(size, self.sizes[self.turn % len(self.sizes)])
        self.turn += 1
        piece = self.raw[self.at : self.at + take]
        self.at += len(piece)
        return piece


class _Strategy(BaseStrategy):  # type: ignore[misc]
    """ldap3's decoder without a connection."""

    def __init__(self) -> None:
        class Nobody:
            empty_attributes = True
            server = type("Server", (), {"schema": None, "custom_formatter": None})()
            check_names = False
            auto_range = False

        super().__init__(Nobody())


def _ldap3s(raw: bytes) -> dict[str, Any]:
    found: dict[str, Any] = _Strategy().decode_response_fast(decode_message_fast(raw))
    return found


@settings(max_examples=150, deadline=None)
@given(entry=ENTRIES, number=st.integers(1, 2**31 - 1), longer=LONG)
def test_an_entry_is_what_ldap3_reads(entry: Entry, number: int, longer: int) -> None:
    raw = entry_message(number, entry, longer)

    got, dn, attributes = _ours(raw)

    theirs = _ldap3s(raw)
    assert got == number
    assert dn == bytes(theirs["raw_dn"])
    assert attributes == {
        name.lower(): [bytes(value) for value in values or ()]
        for name, values in (theirs["raw_attributes"] or {}).items()
    }


@settings(max_examples=100, deadline=None)
@given(
    entries=st.lists(ENTRIES, min_size=1, max_size=3),
    sizes=st.lists(st.integers(1, 5000), min_size=1, max_size=5),
    longer=LONG,
)
def test_any_fragmentation_gives_the_same_messages(entries: list[Entry], sizes: list[int], longer: int) -> None:
    raws = [entry_message(7, entry, longer) for entry in entries]
    stream = messages(Source(b"".join(raws), sizes))

    for entry in entries:
        buffer, at, message_end = next(stream)
        _, _, begin, end = read_head(buffer, at, message_end)
        dn, attributes = read_entry(buffer, begin, end, Names())
        assert dn == entry.dn.encode()
        assert attributes == {name.lower(): values for name, values in entry.attributes.items()}
    with pytest.raises(CutOff):
        next(stream)


@settings(max_examples=150, deadline=None)
@given(entry=ENTRIES, cut=st.floats(0, 1, exclude_max=True))
def test_a_message_that_is_cut_is_never_an_entry(entry: Entry, cut: float) -> None:
    raw = entry_message(7, entry)

    with pytest.raises(CutOff):
        next(messages(Source(raw[: int(len(raw) * cut)], [4096])))


@settings(max_examples=300, deadline=None)
@given(raw=st.binary(max_size=400))
def test_garbage_is_malformed_or_unfinished_and_nothing_else(raw: bytes) -> None:
    try:
        for buffer, at, message_end in messages(Source(raw, [7])):
            _, _, begin, end = read_head(buffer, at, message_end)
            read_entry(buffer, begin, end, Names())
            return
    except (Malformed, CutOff, IndexError):
        pass


@settings(max_examples=300, deadline=None)
@given(entry=ENTRIES, where=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_one_wrong_byte_never_makes_an_entry_of_another_length(entry: Entry, where: float, flip: int) -> None:
    raw = bytearray(entry_message(7, entry))
    raw[int(len(raw) * where)] ^= flip
    try:
        _, dn, attributes = _ours(bytes(raw))
    except (Malformed, CutOff, IndexError, ValueError, AssertionError):
        return
    # What still reads as an entry used all of the bytes: nothing is dropped silently.
    size = len(dn) + sum(len(name) + sum(map(len, values)) for name, values in attributes.items())
    assert size <= len(raw)


@settings(max_examples=100, deadline=None)
@given(
    code=st.integers(0, 4096),
    said=st.text(alphabet=st.characters(codec="utf-8"), max_size=60),
    cookie=st.binary(max_size=60),
    longer=LONG,
)
def test_a_result_is_what_ldap3_reads(code: int, said: str, cookie: bytes, longer: int) -> None:
    raw = result_message(9, code, "dc=example", said, cookie, longer)
    [(buffer, at, message_end)] = _all(raw, len(raw))
    _, tag, begin, end = read_head(buffer, at, message_end)

    result = read_result(buffer, begin, end, message_end)

    theirs = decode_message_fast(raw)
    assert tag == 0x65
    assert result.code == int(theirs["payload"][0][3] if isinstance(theirs["payload"][0][3], int) else code)
    assert (result.code, result.matched, result.said) == (code, "dc=example", said)
    assert cookie in result.controls["1.2.840.113556.1.4.319"]


@pytest.mark.parametrize(
    "raw",
    [
        b"0\x80\x02\x01\x01\x00\x00",  # An indefinite length.
        b"\x31\x03\x02\x01\x01",  # No sequence.
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"0\x89\x01\x01\x01\x01\x01\x01\x01\x01\x01",  # A length of nine bytes.
        b"0\x84\x7f\xff\xff\xff\x02\x01\x01",  # Two gigabytes.
    ],
)
def test_what_is_no_message_is_malformed(raw: bytes) -> None:
    with pytest.raises(Malformed):
        next(messages(Source(raw, [4096])))


def test_both_decoders_read_the_same_directory(connect: Connect) -> None:
    wanted = ["*", "+"]
    asked = Search("Reading", SUFFIX, "(objectClass=*)", wanted, page_size=3)

    ours, theirs = (list(connect(reader=reader).search(asked)) for reader in ("own", "ldap3"))

    assert ours == theirs
    assert len(ours) > 10


@pytest.mark.parametrize("base", ["ou=typo,dc=northwind,dc=example", "no name"])
def test_both_decoders_raise_the_same(connect: Connect, base: str) -> None:
    said = []
    for reader in ("own", "ldap3"):
        with pytest.raises(Rejected) as caught:
            list(connect(reader=reader).search(Search("Reading", base, "(objectClass=*)", ["cn"])))
        said.append(caught.value.message)

    assert said[0] == said[1]
