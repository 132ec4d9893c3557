"""A real mail server for the length of the week. What it takes it keeps as files that a mail reader opens."""

from __future__ import annotations

import email
import email.policy
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller


@dataclass(frozen=True)
class Letter:
    to: str
    subject: str
    text: str


class Post:
    """Every letter that was taken, in the order of arrival."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.letters: list[Letter] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        (self.folder / f"{len(self.letters) + 1:03}.eml").write_bytes(envelope.content)
        self.letters += [_read(envelope.content, address) for address in envelope.rcpt_tos]
        return "250 Taken"

    def to(self, address: str) -> list[Letter]:
        return [each for each in self.letters if each.to == address]

    def about(self, words: str) -> Counter[str]:
        """How many letters of such a subject or text each address got."""
        return Counter(each.to for each in self.letters if words in each.subject or words in each.text)


@contextmanager
def opened(folder: Path, port: int) -> Iterator[Post]:
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.eml"):
        old.unlink()
    post = Post(folder)
    server = Controller(post, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield post
    finally:
        server.stop()


def _read(content: bytes, address: str) -> Letter:
    message = email.message_from_bytes(content, policy=email.policy.default)
    body = message.get_body(("plain",))
    return Letter(address, str(message["Subject"]), str(body.get_content()) if body is not None else "")
