"""Searches that are either read to their end or raise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ldap3 import BASE, LEVEL, SUBTREE

from connectors.ldap.decoding import CutOff, Entry, Malformed, Names, Result
from connectors.ldap.lines import Line, broken
from connectors.ldap.results import SUCCESS, meaning
from hub.sdk import TryLater, UnexpectedReply

__all__ = ["BASE", "LEVEL", "SUBTREE", "Control", "Search", "Seen", "search"]

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
    """How the last page ended; None until it has."""
    cookie: bytes | None = None
    """Of the next page; empty when there is none, None when the server did not say."""
    intermediate: Callable[[bytes], None] = lambda value: None
    """Given the value of each intermediate message."""

    def begin_page(self) -> None:
        self.last = self.cookie = None


PageReader = Callable[[Line, Search, bytes, Names, Seen, list[Entry]], Iterator[Entry]]
"""Asks for the page that a cookie stands for, and gives its entries; those that came in parts are put aside."""


def search(line: Line, asked: Search, seen: Seen | None = None) -> Iterator[Entry]:
    """Each entry, in the server's order but for those that came in parts. Raises when a page does not succeed."""
    seen = Seen() if seen is None else seen
    names, cookie = Names(), b""
    while True:
        in_parts: list[Entry] = []
        yield from _page(line, asked, cookie, names, seen, in_parts)
        for entry in in_parts:
            yield _completed(line, asked, entry)
        if not asked.page_size:
            return
        if seen.cookie is None:
            # The control is critical: a server that does not page has to refuse it (RFC 4511, 4.1.11).
            raise UnexpectedReply(f"{asked.what}: the directory did not say whether there is another page.")
        cookie = seen.cookie
        if not cookie:
            return


def _page(
    line: Line, asked: Search, cookie: bytes, names: Names, seen: Seen, in_parts: list[Entry]
) -> Iterator[Entry]:
    """One page. Whatever goes wrong on the line becomes one of the five classes here."""
    seen.begin_page()
    line.in_step = False
    try:
        yield from line.read_page(line, asked, cookie, names, seen, in_parts)
    except CutOff:
        line.close()
        raise TryLater(f"{asked.what}: {line.name} broke off in the middle. It will be read again.") from None
    except (Malformed, IndexError):
        line.close()
        raise UnexpectedReply(f"{asked.what}: {line.name} answered something that is no LDAP.") from None
    except OSError as trouble:
        line.close()
        raise broken(line.name, asked.what, trouble) from None
    if seen.last is None:
        raise UnexpectedReply(f"{asked.what}: {line.name} did not say how it ended.")
    line.in_step = True
    if seen.last.code != SUCCESS:
        raise meaning(seen.last, asked.what)
    seen.pages += 1


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
    put_aside: list[Entry] = []
    for each in [*_page(line, more, b"", Names(), Seen(), put_aside), *put_aside]:
        for name, values in each.attributes.items():
            if name.startswith(begin):
                return name.partition(";range=")[2], values
    raise UnexpectedReply(f'{asked.what}: the directory gave only some values of "{plain}" and not the rest.')
