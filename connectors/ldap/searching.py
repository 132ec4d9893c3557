"""Searches that are either read to their end or raise."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ldap3 import BASE, DEREF_NEVER, LEVEL, SUBTREE
from ldap3.core.exceptions import LDAPException
from ldap3.operation.search import search_operation
from ldap3.protocol.rfc2696 import paged_search_control

from connectors.ldap.decoding import (
    CutOff,
    Entry,
    Malformed,
    Names,
    Result,
    messages,
    parts,
    read_entry,
    read_head,
    read_result,
    texts,
)
from connectors.ldap.lines import Line, broken
from connectors.ldap.results import SUCCESS, meaning
from hub.sdk import ConnectorError, TryLater, UnexpectedReply

__all__ = ["BASE", "LEVEL", "SUBTREE", "Control", "Search", "Seen", "search"]

PAGED = "1.2.840.113556.1.4.319"
PAGE_SECONDS = 120.0
_ENTRY, _DONE, _REFERENCE, _INTERMEDIATE = 0x64, 0x65, 0x73, 0x79

Control = tuple[str, bool, bytes | None]


@dataclass(frozen=True)
class Search:
    """What is asked for. `what` names it in messages ("Reading the people")."""

    what: str
    base: str
    filter: str
    attributes: Sequence[str]
    scope: str = SUBTREE
    page_size: int = 0
    """0: not in pages."""
    size_limit: int = 0
    controls: Sequence[Control] = ()


@dataclass
class Seen:
    """What became known while a search was read."""

    pages: int = 0
    entries: int = 0
    references: list[str] = field(default_factory=list)
    last: Result | None = None
    intermediate: Callable[[bytes], None] = lambda value: None
    """Given the value of each intermediate message."""


def search(line: Line, asked: Search, seen: Seen | None = None) -> Iterator[Entry]:
    """Each entry, in the server's order but for those that came in parts. Raises when a page does not succeed."""
    seen = Seen() if seen is None else seen
    source = _Source(line)
    stream, names, cookie = messages(source), Names(), b""
    while True:
        line.in_step = False
        source.waited_seconds = 0.0
        number = _send(line, asked, cookie)
        in_parts: list[Entry] = []
        yield from _saying_whose(line, asked, _page(stream, number, names, seen, in_parts))
        done = seen.last
        if done is None or done.code != SUCCESS:
            line.in_step = done is not None
            raise meaning(done or Result(80, "", ""), asked.what)
        line.in_step = True
        seen.pages += 1
        for entry in in_parts:
            yield _completed(line, asked, entry)
        cookie = next_page(asked, done)
        if not cookie:
            return


class _Source:
    """The bytes of a line. A server that only drips does not keep us for ever."""

    def __init__(self, line: Line) -> None:
        self._receive = line.socket.recv
        self.waited_seconds = 0.0

    def __call__(self, size: int) -> bytes:
        begun = time.monotonic()
        piece = self._receive(size)
        self.waited_seconds += time.monotonic() - begun
        if self.waited_seconds > PAGE_SECONDS:
            raise TimeoutError
        return piece


def _send(line: Line, asked: Search, cookie: bytes) -> int:
    controls: list[Any] = list(asked.controls)
    if asked.page_size:
        controls.append(paged_search_control(True, asked.page_size, cookie))
    strategy = line.ldap.strategy
    try:
        request = search_operation(
            asked.base, asked.filter, asked.scope, DEREF_NEVER, list(asked.attributes), asked.size_limit, 0, False,
            False, None, None,
        )  # fmt: skip
        number = strategy.send("searchRequest", request, controls or None)
    except ConnectorError:
        raise
    except (LDAPException, OSError) as trouble:
        line.close()
        raise broken(line.name, asked.what, trouble) from None
    # The reply never goes through ldap3's table of what is outstanding.
    strategy._outstanding.pop(number, None)
    return int(number)


def _page(
    stream: Iterator[tuple[bytes, int, int]], number: int, names: Names, seen: Seen, in_parts: list[Entry]
) -> Iterator[Entry]:
    """The entries until the result, which is kept. Those with only some values of an attribute are put aside."""
    seen.last = None
    count = 0
    for buffer, at, message_end in stream:
        got, tag, begin, end = read_head(buffer, at, message_end)
        if got != number:
            raise Malformed if got else CutOff  # 0: the server says that it closes the connection.
        if tag == _ENTRY:
            dn, attributes = read_entry(buffer, begin, end, names)
            entry = Entry(dn, attributes, buffer[end:message_end])
            count += 1
            if names.ranged and any(";range=" in name for name in attributes):
                in_parts.append(entry)
            else:
                yield entry
        elif tag == _DONE:
            seen.last = read_result(buffer, begin, end, message_end)
            seen.entries += count
            return
        elif tag == _REFERENCE:
            seen.references += texts(buffer, begin, end)
        elif tag == _INTERMEDIATE:
            for kind, start, stop in parts(buffer, begin, end):
                if kind == 0x81:
                    seen.intermediate(buffer[start:stop])
        else:
            raise Malformed


def _saying_whose(line: Line, asked: Search, entries: Iterator[Entry]) -> Iterator[Entry]:
    try:
        yield from entries
    except CutOff:
        line.close()
        raise TryLater(f"{asked.what}: {line.name} broke off in the middle. It will be read again.") from None
    except (Malformed, IndexError):
        line.close()
        raise UnexpectedReply(f"{asked.what}: {line.name} answered something that is no LDAP.") from None
    except OSError as trouble:
        line.close()
        raise broken(line.name, asked.what, trouble) from None


def next_page(asked: Search, done: Result) -> bytes:
    """The cookie of the next page; empty when there is none."""
    if not asked.page_size:
        return b""
    value = done.controls.get(PAGED)
    if value is None:
        # The control is critical: a server that does not page has to refuse it (RFC 4511, 4.1.11).
        raise UnexpectedReply(f"{asked.what}: the directory did not say whether there is another page.")
    try:
        [(_, begin, end)] = parts(value, 0, len(value))
        [_, (_, start, stop)] = parts(value, begin, end)
    except (Malformed, IndexError, ValueError):
        raise UnexpectedReply(f"{asked.what}: what the directory said of the next page cannot be read.") from None
    return value[start:stop]


def _completed(line: Line, asked: Search, entry: Entry) -> Entry:
    """The entry with every value of the attributes that came in parts (MS-ADTS 3.1.1.3.1.3.3)."""
    whole: dict[str, list[bytes]] = {}
    for name, values in entry.attributes.items():
        plain, mark, span = name.partition(";range=")
        have = whole.setdefault(plain, [])
        have += values
        while mark and not span.endswith("*"):
            span, values = _following(line, asked, entry, plain, span)
            have += values
    return Entry(entry.dn, whole, entry.controls)


def _following(line: Line, asked: Search, entry: Entry, plain: str, span: str) -> tuple[str, list[bytes]]:
    """The part of the values after one, and its span ("1500-2999", or "3000-*" for the last)."""
    start = span.partition("-")[2]
    begin = f"{plain};range={int(start) + 1 if start.isdigit() else 0}-"
    more = replace(
        asked, base=entry.dn.decode("utf-8"), filter="(objectClass=*)", scope=BASE, attributes=[f"{begin}*"],
        page_size=0, controls=(),
    )  # fmt: skip
    line.in_step = False
    number = _send(line, more, b"")
    seen, put_aside = Seen(), list[Entry]()
    found = [*_saying_whose(line, more, _page(messages(_Source(line)), number, Names(), seen, put_aside)), *put_aside]
    if seen.last is None or seen.last.code != SUCCESS:
        raise meaning(seen.last or Result(80, "", ""), asked.what)
    line.in_step = True
    for each in found:
        for name, values in each.attributes.items():
            if name.startswith(begin):
                return name.partition(";range=")[2], values
    raise UnexpectedReply(f'{asked.what}: the directory gave only some values of "{plain}" and not the rest.')
