"""A directory as the rest of the connector sees it. Threads may share it: each uses a line of its own."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from ldap3 import MODIFY_ADD, MODIFY_DELETE

from connectors.ldap.decoding import Entry
from connectors.ldap.dialects import DOMAIN_SCOPE, ROOT_ATTRIBUTES, WHO_AM_I, Dialect, dialect_of
from connectors.ldap.lines import Line, dial
from connectors.ldap.names import as_domain
from connectors.ldap.paging import READERS
from connectors.ldap.results import SIZE_LIMIT
from connectors.ldap.searching import BASE, SUBTREE, Search, Seen, search
from connectors.ldap.settings import Settings
from hub.sdk import Egress, Misconfigured, Rejected, UnexpectedReply

_IDLE_SECONDS = 30.0
_MOST_IDLE = 4


class LdapClient:
    def __init__(self, settings: Settings, egress: Egress) -> None:
        self.settings = settings
        self._egress = egress
        self._idle: list[tuple[float, Line]] = []
        self._lock = threading.Lock()
        self._dialect: Dialect | None = None

    @contextlib.contextmanager
    def line(self) -> Iterator[Line]:
        """A signed-in line for one thread. It is kept for the next one unless something went wrong with it."""
        line = self._take() or self._dial()
        try:
            yield line
        finally:
            if line.is_usable():
                self._put(line)
            else:
                line.close()

    def _dial(self) -> Line:
        line = dial(self.settings, self._egress)
        line.read_page = READERS[self.settings.reader]
        return line

    def _take(self) -> Line | None:
        with self._lock:
            while self._idle:
                since, line = self._idle.pop()
                if time.monotonic() - since < _IDLE_SECONDS and not line.was_cut():
                    return line
                line.close()
        return None

    def _put(self, line: Line) -> None:
        with self._lock:
            if len(self._idle) < _MOST_IDLE:
                self._idle.append((time.monotonic(), line))
                return
        line.close()

    def close(self) -> None:
        with self._lock:
            for _, line in self._idle:
                line.close()
            self._idle.clear()

    def __del__(self) -> None:
        # A client that nobody uses any more is dropped without a word.
        self.close()

    @property
    def dialect(self) -> Dialect:
        """Asked of the server once."""
        if self._dialect is None:
            with self.line() as line:
                self._dialect = self._read_dialect(line)
        return self._dialect

    def _read_dialect(self, line: Line) -> Dialect:
        asked = Search("Reading what the server is", "", "(objectClass=*)", ROOT_ATTRIBUTES, BASE)
        found = list(search(line, asked))
        if len(found) != 1:
            raise UnexpectedReply("The server does not say what it is: its root entry cannot be read.")
        return dialect_of(found[0].attributes, self.settings)

    @property
    def base(self) -> str:
        if self.settings.base:
            return self.settings.base
        if len(self.dialect.bases) != 1:
            offered = "; ".join(self.dialect.bases) or "none"
            raise Misconfigured(f"Give the base of the directory. The server names: {offered}.", field="base")
        return self.dialect.bases[0]

    @property
    def people_base(self) -> str:
        return self.settings.people_base or self.base

    @property
    def groups_base(self) -> str:
        return self.settings.groups_base or self.base

    @property
    def partition(self) -> str:
        return self.settings.partition or as_domain(self.base)

    def check_partition(self, named: str) -> None:
        """One connection is one partition; the name of another is a mistake, never an empty list."""
        if named and named != self.partition:
            raise Misconfigured(
                f'This connection has the partition "{self.partition}" only, not "{named}".', field="partition"
            )

    def search(self, asked: Search, seen: Seen | None = None) -> Iterator[Entry]:
        """A search on a line of its own."""
        with self.line() as line:
            yield from search(line, asked, seen)

    def pages(
        self, what: str, base: str, filter: str, attributes: list[str], seen: Seen | None = None, most: int = 10_000
    ) -> Iterator[Entry]:
        """Everything below a base that fits the filter."""
        # Asked for by itself, because Samba answers a search in pages below a base that does not exist with success.
        list(self.search(Search(what, base, "(objectClass=*)", ["1.1"], BASE)))
        dialect = self.dialect
        controls = [(DOMAIN_SCOPE, False, None)] if DOMAIN_SCOPE in dialect.controls else []
        page_size = min(self.settings.page_size, most) if dialect.pages else 0
        return self.search(Search(what, base, filter, attributes, page_size=page_size, controls=controls), seen)

    def first(
        self, what: str, base: str, filter: str, attributes: list[str], limit: int, scope: str = SUBTREE
    ) -> list[Entry]:
        """At most so many entries; the rest is left at the server."""
        found: list[Entry] = []
        try:
            for entry in self.search(Search(what, base, filter, attributes, scope, size_limit=limit)):
                found.append(entry)  # noqa: PERF402 - what came before the limit is kept.
        except Rejected as refusal:
            if refusal.detail.get("code") != SIZE_LIMIT:
                raise
        return found

    def who_am_i(self) -> str:
        """The name the server has for us; empty when it does not offer to say it."""
        if WHO_AM_I not in self.dialect.extensions:
            return ""
        answer: list[Any] = []

        def ask(ldap: Any) -> None:
            answer.append(ldap.extend.standard.who_am_i())

        with self.line() as line:
            line.carry_out("Asking who is signed in", ask)
        return str(answer[0] or "")

    def add_value(self, dn: str, attribute: str, value: str, what: str) -> None:
        self._modify(dn, attribute, value, what, MODIFY_ADD)

    def remove_value(self, dn: str, attribute: str, value: str, what: str) -> None:
        self._modify(dn, attribute, value, what, MODIFY_DELETE)

    def _modify(self, dn: str, attribute: str, value: str, what: str, kind: str) -> None:
        change = {attribute: [(kind, [value])]}
        self.write(what, lambda ldap: ldap.modify(dn, change))

    def write(self, what: str, operation: Callable[[Any], object]) -> None:
        with self.line() as line:
            line.carry_out(what, operation)

    def try_dialing(self) -> None:
        """A fresh sign-in, for the test of the connection."""
        self.close()
        self._dialect = None
        with self.line():
            pass
